"""Plain HTML → plain text, for the other half of a mail."""

from __future__ import annotations

import re
import textwrap
from html.parser import HTMLParser

from markupsafe import Markup

WIDTH = 72
"""Characters of a line: RFC 5322 asks for no more than 78."""

_BLOCKS = frozenset(
    {"p", "div", "section", "table", "dl", "dt", "dd", "hr", "figure", "figcaption"}
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BREAK = "\u2028"
"""A line that ends where it ends."""
_BARE = re.compile(r"\[?(?:\d+|[a-z]+)\]?")
"""The words of a link to a note."""


def as_text(html: str, label: str = "") -> Markup:
    """Plain HTML (see `syndication`) as plain text; links have their address behind them.

    Args:
        html: What is to be told.
        label: Stands before the first line, and further lines are set in by its width: `[3] `.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end()
    blocks = reader.blocks
    if label:
        margin = " " * len(label)
        first = _wrapped(blocks[0] if blocks else "", label, margin)
        blocks = [first, *(textwrap.indent(block, margin) for block in blocks[1:])]
    return Markup("\n\n".join(blocks))  # noqa: S704 - text, not HTML


def wrapped(text: str) -> Markup:
    """A text on lines of 72 characters."""
    return Markup(_wrapped(str(text)))  # noqa: S704 - text, not HTML


def _wrapped(text: str, first: str = "", rest: str = "") -> str:
    return textwrap.fill(
        " ".join(text.split()),
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


class _Reader(HTMLParser):
    """Gathers blocks of text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self._text = ""
        self._literal = False
        self._lists: list[int] = []
        """Of each open list the next number; 0 for one without numbers."""
        self._bullet = ""
        self._quotes = 0
        self._link = ("", 0)
        """Where the open link leads, and where its words begin."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS or tag in _HEADINGS or tag in {"li", "ul", "ol", "blockquote", "pre"}:
            self.end()
        match tag:
            case "ul":
                self._lists.append(0)
            case "ol":
                self._lists.append(int(given.get("start") or 1))
            case "li" if self._lists:
                number = self._lists[-1]
                self._bullet = f"{number}. " if number else "- "
                self._lists[-1] += bool(number)
            case "blockquote":
                self._quotes += 1
            case "pre":
                self._literal = True
            case "tr":
                self.end()
            case "td" | "th":
                self._text += " | " if self._text.strip() else ""
            case "br":
                self._text += _BREAK
            case "hr":
                self.blocks.append("* * *")
            case "img":
                self._text += f"[{given.get('alt') or '…'}]"
            case "a":
                self._link = (given.get("href", ""), len(self._text))
            case _:
                pass

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link[0]:
            href, start = self._link
            words = self._text[start:].strip()
            if words != href and not _BARE.fullmatch(words):
                self._text += f" <{href.removeprefix('mailto:')}>"
            self._link = ("", 0)
        if (
            tag in _BLOCKS
            or tag in _HEADINGS
            or tag in {"li", "ul", "ol", "blockquote", "pre", "tr"}
        ):
            self.end()
        match tag:
            case "ul" | "ol" if self._lists:
                self._lists.pop()
            case "blockquote":
                self._quotes = max(0, self._quotes - 1)
            case "pre":
                self._literal = False
            case _:
                pass

    def handle_data(self, data: str) -> None:
        self._text += data

    def end(self) -> None:
        """End the block that is open."""
        text, self._text = self._text, ""
        if not text.strip():
            return
        margin = "> " * self._quotes + "  " * max(0, len(self._lists) - 1)
        first = margin + self._bullet
        rest = margin + " " * len(self._bullet)
        self._bullet = ""
        if self._literal:
            lines = [f"{margin}    {line}" for line in text.strip("\n").split("\n")]
        else:
            pieces = [piece for piece in text.split(_BREAK) if piece.strip()]
            lines = [
                _wrapped(piece, first if not n else rest, rest) for n, piece in enumerate(pieces)
            ]
        self.blocks.append("\n".join(lines))
