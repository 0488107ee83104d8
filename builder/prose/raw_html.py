"""Raw HTML in Markdown, cleaned where the site asks for it (`html = "sanitise"`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser

import nh3
from markdown_it.token import Token
from msgspec import Struct

SCHEMES = {"http", "https", "mailto"}

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)")
_VOID = frozenset({"br", "hr", "img", "wbr"})
_PHRASING = frozenset(
    {
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "i",
        "ins",
        "kbd",
        "mark",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
    }
)
"""Elements that may stand in a paragraph, of those that nh3 allows."""


class Img(Struct, frozen=True):
    """A picture in raw HTML."""

    src: str
    alt: str | None
    """None if nothing is said of what it shows; empty if there is nothing to see."""
    line: int
    """Where its tag begins, from 0 at the HTML's first line."""


def pictures(html: str) -> list[Img]:
    """The pictures that HTML shows with `<img src=…>`, in order; those in comments are none."""
    reader = _Pictures()
    reader.feed(html)
    reader.close()
    return reader.found


class _Pictures(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Img] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # Of two attributes of one name browsers take the first.
        given = {name: value or "" for name, value in reversed(attrs)}
        if tag == "img" and (src := given.get("src", "").strip()):
            alt = given.get("alt")
            blank = alt is not None and alt and not alt.strip()
            self.found.append(Img(src, None if blank else alt, self.getpos()[0] - 1))


def tag(token: Token) -> tuple[str, int]:
    """Name of an inline HTML tag in lower case, and 1 if it opens, -1 if it closes, else 0.

    The name is empty for comments and the like.
    """
    match = _TAG.match(token.content)
    if match is None:
        return "", 0
    name = match[2].lower()
    if match[1]:
        return name, -1
    return name, 0 if name in _VOID else 1


def sanitise_block(html: str) -> str:
    """A block of HTML without what could do harm, its tags balanced."""
    return nh3.clean(html, url_schemes=SCHEMES)


def sanitise_inline(children: Sequence[Token]) -> list[Token]:
    """The children of an inline token with harmless and properly nested HTML tags alone.

    A tag is one token and its end another. A pair stays if it is nested properly with the Markdown
    around it; what has no partner goes.
    """
    kept = [token.type != "html_inline" for token in children]
    opened: list[tuple[int, str]] = []
    for index, token in enumerate(children):
        if token.type != "html_inline":
            if token.nesting == 1:
                opened.append((index, token.type.removesuffix("_open")))
            elif token.nesting == -1:
                while opened.pop()[1] != token.type.removesuffix("_close"):
                    pass
            continue
        name, nesting = tag(token)
        if name in _VOID - {"hr"}:
            kept[index] = True
        elif nesting == 1 and name in _PHRASING and not (name == "a" and _in_link(opened)):
            opened.append((index, f"<{name}"))
        elif nesting == -1 and opened and opened[-1][1] == f"<{name}":
            kept[opened.pop()[0]] = kept[index] = True
    return [_clean(token) for token, keep in zip(children, kept, strict=True) if keep]


def _in_link(opened: Sequence[tuple[int, str]]) -> bool:
    return any(name in ("link", "<a") for _, name in opened)


def _clean(token: Token) -> Token:
    if token.type != "html_inline":
        return token
    name, nesting = tag(token)
    end = f"</{name}>"
    if nesting == -1:
        return token.copy(content=end)
    content = token.content + (end if nesting else "")
    return token.copy(content=nh3.clean(content, url_schemes=SCHEMES).removesuffix(end))
