"""Whoever the register keeps off is named in the report and in no other file, however it is written."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

import pytest
from findings import findings
from newsroom import Newsroom, article, reader

from builder.index.protection import protected
from builder.model import Known

SITE = (
    '[site]\ntitle = "The Tide"\nurl = "https://tide.example/"\n[people]\npages = 1\n'
    "[related]\nsure = 0.0\n"
)
REGISTER = '[kept]\nname = "{name}"\nkind = "person"\npage = false\n'
BODY = (
    "{form}, 41, left the harbour on Monday.\n\n"
    "The pier was closed.\n\n"
    "“{form} hid the keys,” said Mara Lindqvist, {last}’s lawyer.\n\n"
    "“Nobody hid anything,” said Dee Other.\n\n"
    "She said that {last} had gone.\n"
)
META = {"story": "Pier", "topics": "Harbour"}
CORRECTIONS = """
[[corrections]]
do = "disputes"
passage = {{ exact = "“{form} hid the keys,”" }}
by = {{ exact = "“Nobody hid anything,”" }}
note = "{form} agrees"

[[corrections]]
do = "note"
passage = {{ exact = "The pier was closed" }}
text = "As **{first}** {last} had asked."

[[corrections]]
do = "note"
passage = {{ exact = "Nobody hid anything" }}
text = "Said to {last}."
"""
LINES = [
    "person Mara Lindqvist: Mara Lindqvist",
    "person Dee Other: Dee Other",
]


def letters(text: str) -> str:
    """A text without accents, capitals, apostrophes and hyphens."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in plain if c.isalnum() or c.isspace())


def is_named(name: str, data: bytes) -> bool:
    """Whether a file has a name, in its tags or without them."""
    text = data.decode()
    return any(
        letters(name) in letters(each) for each in (text, unescape(re.sub("<[^>]*>", "", text)))
    )


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Ana Quorn", "Ana Quorn"),
        ("Ana Quorn", "ANA QUORN"),
        ("Ana Quorn", "Ana\u00a0Quorn"),
        ("Siobhan O'Neil", "Siobhan O’Neil"),
        ("Siobhan O’Neil", "SIOBHAN O'NEIL"),
        ("José Farías", unicodedata.normalize("NFD", "José Farías")),
        ("José Farías", "Jose Farias"),
    ],
)
def test_only_the_report_itself_names_them(tmp_path, name, form):
    first, last = form.split(None, 1)
    given = {"form": form, "first": first, "last": last}

    def find(text):
        lines = [*LINES]
        if "hid the keys" in text:
            lines[0] += f"; = {last}’s lawyer"
            lines += [
                f"says Mara Lindqvist | “{form} hid the keys,” | 0.9",
                "says Dee Other | “Nobody hid anything,” | 0.9",
                f"says  | that {last} had gone | 0.9",
            ]
            return findings(text, lines)
        return findings(text, [*lines[:1], "says Mara Lindqvist | “It reopens,” | 0.9"])

    room = Newsroom.from_files(
        tmp_path,
        {
            "site.toml": SITE,
            "content/register.toml": REGISTER.format(name=name),
            "content/pier.md": article("The pier", BODY.format(**given), **META),
            "content/pier.corrections.toml": CORRECTIONS.format(**given),
            "content/later.md": article("Later", "“It reopens,” said Mara Lindqvist.", **META),
        },
        analyse=reader(find),
    ).build()

    named = {
        path
        for path, data in room.tree().items()
        if not path.endswith((".png", "/", ".woff2")) and is_named(last, data)
    }
    assert named == {"pier/index.html", "pier/index.md"}
    assert "people/mara-lindqvist/index.html" in room.tree()


def test_many_who_are_kept_off_are_looked_for_at_once():
    names = [f"Ana {letter}ell" for letter in "BCDFGHKLMNPRSTVWZ"]
    hidden = protected(
        [Known(key=str(n), name=name, kind="person", page=False) for n, name in enumerate(names)]
    )

    assert (
        hidden.cleared("Ana Dell met ANA-ZELL’s dog") == "[name withheld] met [name withheld]’s dog"
    )
    assert not hidden.named_in("Ana Xell met Zell")
    assert hidden.named_in("<b>Ana</b>&nbsp;Kell")
