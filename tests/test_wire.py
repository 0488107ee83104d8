from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from builder import content, dateline, plain, settings, wire
from builder.errors import BuildError, Problems

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin)
NOW = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)

SPACES = ["\t", "\xa0", "\u200b", "\ufeff", "\x0b", "\x0c", "\x85", "\u2028", "    ", "\n"]
MARKS = [
    "\\",
    "`",
    "*",
    "_",
    "[",
    "]",
    "<",
    ">",
    "&",
    "~",
    "|",
    "#",
    "+",
    "-",
    "=",
    ":",
    ".",
    ")",
    "(",
    "!",
    '"',
    "'",
    "1",
    "9",
    "^",
    "&amp;",
    "&#35;",
    "[^1]",
    "[^1]:",
    "[[x]]",
    "http://a.b",
    "```",
    "~~~",
    "---",
    "***",
    "===",
    "<http://a.b>",
    "<b>",
    "-",
    "1.",
    "a",
    "é",
    "“",
]
SIGNS = st.sampled_from([*SPACES, *MARKS, "- ", "1. ", "# ", "| - |", "  \n"])
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")


@given(st.lists(SIGNS | CHARACTERS, max_size=30).map("".join))
def test_text_comes_out_to_the_letter(text: str) -> None:
    tokens = MARKDOWN.parse(plain.markdown(text))

    blocks = [
        "".join(leaf.content for leaf in t.children or []) for t in tokens if t.type == "inline"
    ]
    kinds = {leaf.type for t in tokens if t.type == "inline" for leaf in t.children or []}
    assert blocks == plain.paragraphs(text)
    assert kinds <= {"text"}
    assert {t.type for t in tokens} <= {"inline", "paragraph_open", "paragraph_close"}


@pytest.mark.parametrize(
    ("lines", "name", "expected"),
    [
        (["PORT VELD, Oct. 14, 2017 (Wire) - A crane fell."], "", "2017-10-14"),
        (["Crane falls", "Friday, July 21, 2017", "It fell."], "", "2017-07-21"),
        (
            ["Crane falls", "Published: 3 March 2018 at 10:30 a.m. GMT", "It fell."],
            "",
            "2018-03-03",
        ),
        (["It fell on May 1, 1999."], "x_2016-09-12_y.txt", "2016-09-12"),
        (
            ["It fell.", "It was new.", "Corrected.", "So it was.", "Indeed.", "2020-02-03"],
            "",
            "2020-02-03",
        ),
        (["It fell on 2 Jan 2019."], "x_2016-13-12.txt", "2019-01-02"),
        (["It fell on Oct. 12."], "", None),
    ],
)
def test_the_date_is_found(lines: list[str], name: str, expected: str | None) -> None:
    found = dateline.date(lines, name)

    assert (str(found.date) if found else None) == expected


@pytest.mark.parametrize(
    ("lines", "headline", "sentence"),
    [
        (["Crane falls at port", "It fell."], "Crane falls at port", "Crane falls at port"),
        (["The crane fell.", "It fell."], "", "The crane fell"),
        (
            ["PORT VELD (Wire) - The crane of Col. Brandt fell. Nobody was hurt."],
            "",
            "The crane of Col. Brandt fell",
        ),
        (["NATO crane falls", "It fell."], "NATO crane falls", "NATO crane falls"),
        (["word " * 30], "", "word " * 15 + "word…"),
    ],
)
def test_the_title_is_found(lines: list[str], headline: str, sentence: str) -> None:
    assert dateline.headline(lines) == headline
    assert dateline.first_sentence(lines) == sentence


LEAD = (
    "The harbour master of Port Veld said on Monday that the crane, which fell in the night, would"
    " be taken apart where it lies."
)


@pytest.mark.parametrize(
    "line",
    [
        "Crane Falls On Empty Quay In Port Veld.",
        "Crane falls on empty quay.",
        "Crane falls on empty quay;",
        "Harbour master: Crane stays on quay.",
        "Brandt Calls Crane ‘A Danger To Everyone.’",
        "Did the Crane Have To Fall? Brandt Has An Answer.",
    ],
)
def test_a_headline_may_end_like_a_sentence(line: str) -> None:
    assert dateline.headline([line, LEAD]) == line


@pytest.mark.parametrize(
    "line",
    [
        "The crane of Port Veld fell on Monday.",
        "A crane fell on the empty quay.",
        "She saw it fall.",
        "Crane number 4 was built by her father.",
        "“Nobody is hurt.”",
        "Ada Brandt owns the crane. Nobody else does.",
        "Update.",
        "Ada Brandt met Col. Ben Cy at Port Veld on Monday.",
        LEAD,
    ],
)
def test_the_first_sentence_of_a_text_is_no_headline(line: str) -> None:
    assert dateline.headline([line, LEAD]) == ""


def test_a_short_first_sentence_among_short_ones_is_no_headline() -> None:
    assert dateline.headline(["Crane falls on empty quay.", "Nobody sees it.", LEAD[:30]]) == ""


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("Crane falls;", "Crane falls"),
        ("Crane falls.", "Crane falls"),
        ("Crane Falls In The U.S.", "Crane Falls In The U.S."),
        ("Crane falls ...", "Crane falls ..."),
    ],
)
def test_a_title_has_no_stop(line: str, title: str) -> None:
    assert dateline.without_stop(line) == title


def import_(
    tmp_path: Path, name: str, data: str | bytes, **wishes: str
) -> tuple[wire.Imported, Path]:
    source = tmp_path / "in" / name
    source.parent.mkdir(exist_ok=True)
    source.write_bytes(data.encode() if isinstance(data, str) else data)
    root = tmp_path / "site"
    return wire.bring_in([source], root, wire.Wishes(**wishes)), root


def codes(error: pytest.ExceptionInfo[BuildError]) -> list[str]:
    return [f"{p.place.line}: {p.code}" for p in error.value.problems]


def test_an_imported_text_reads_back(tmp_path: Path) -> None:
    text = "Crane *falls*\n\n# 1. Nobody_was hurt.\n\tA & B said &amp; <i>no</i>\n"
    imported, root = import_(tmp_path, "crane.txt", text, published="2026-03-01", outlet="Wire")
    problems = Problems()
    config = settings.Settings(site=settings.SiteSettings(title="Gazette"))

    (article,) = content.read(root, config, problems, now=NOW).articles

    assert problems.found == []
    assert imported.paths == ("content/crane.md",)
    assert (article.meta.title, article.meta.outlet) == ("Crane *falls*", "Wire")
    blocks = [t.content for t in MARKDOWN.parse(article.body) if t.type == "inline"]
    assert len(blocks) == 2


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    _, root = import_(tmp_path, "crane.txt", "Fell.", published="2026-03-01", title="One")
    before = (root / "content/crane.md").read_bytes()

    with pytest.raises(BuildError) as error:
        import_(tmp_path, "crane.txt", "Fell again.", published="2026-03-01", title="Two")

    assert codes(error) == ["1: already-there"]
    assert (root / "content/crane.md").read_bytes() == before


def test_one_mistake_and_nothing_is_imported(tmp_path: Path) -> None:
    rows = '{"title": "One", "text": "Fell.", "date": "2026-03-01"}\n{"text": "No date."}\n[1]\n{"title": 1'

    with pytest.raises(BuildError) as error:
        import_(tmp_path, "rows.jsonl", rows)

    assert codes(error) == ["2: no-date", "3: bad-json", "4: bad-json"]
    assert not (tmp_path / "site").exists()


def test_a_table_gives_a_report_a_row(tmp_path: Path) -> None:
    table = 'ID,Headline,Text,Date,Authors\na-1,One,"Fell.\nHard.",2026-03-01,Ada Brandt; Ben Cy\n,One,Fell.,2026-03-02,\n,One,Fell.,2026-03-03,\n'

    imported, root = import_(tmp_path, "rows.csv", table)

    assert imported.paths == ("content/a-1.md", "content/one.md", "content/one-2.md")
    text = (root / "content/a-1.md").read_text("utf-8")
    assert 'authors = ["Ada Brandt", "Ben Cy"]' in text
    assert text.endswith("Fell.\n\nHard.\n")


@pytest.mark.parametrize(
    ("name", "data", "wishes", "expected"),
    [
        ("a.txt", b"caf\xe9", {"published": "2026-03-01"}, ["1: unreadable-bytes"]),
        ("a.txt", "", {}, ["1: empty-file"]),
        ("a.pdf", "x", {}, ["None: no-copy"]),
        ("a.txt", "Fell.", {"published": "tomorrow"}, ["1: bad-date", "None: bad-date"]),
        (
            "a.txt",
            "Fell.",
            {"published": "2026-03-01", "title": "One", "into": "../x"},
            ["None: bad-folder"],
        ),
        ("a.csv", "title\nOne\n", {}, ["1: no-text"]),
        ("a.txt", "Fell.", {"published": "2026-03-01", "title": "x" * 10_000}, ["1: too-long"]),
    ],
)
def test_mistakes(
    tmp_path: Path, name: str, data: str | bytes, wishes: dict[str, str], expected: list[str]
) -> None:
    with pytest.raises(BuildError) as error:
        import_(tmp_path, name, data, **wishes)

    assert sorted(codes(error)) == expected
