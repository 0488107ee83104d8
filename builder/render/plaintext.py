"""Plain HTML → plain text, for the other half of a mail."""

from __future__ import annotations

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
        self._lists: list[int | None] = []
        """Of each open list the next number; None for one without numbers."""
        self._margins: list[str] = []
        """What each line begins with: for each open item and quotation its part."""
        self._bullet = ("", 0)
        """That of an item nothing of which has been told yet, and which of the margins it is."""
        self._is_note = False
        """Whether what is read is the number of a note, which is a link without words."""
        self._link = ("", 0)
        """Where the open link leads, and where its words begin."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS or tag in _HEADINGS or tag in {"li", "ul", "ol", "blockquote", "pre"}:
            self.end()
        match tag:
            case "ul":
                self._lists.append(None)
            case "ol":
                start = given.get("start", "")
                self._lists.append(int(start) if start.isdecimal() else 1)
            case "li" if self._lists:
                number = self._lists[-1]
                bullet = "- " if number is None else f"{number}. "
                if number is not None:
                    self._lists[-1] = number + 1
                self._empty_item()
                self._bullet = (bullet, len(self._margins))
                self._margins.append(" " * len(bullet))
            case "sup":
                self._is_note = True
            case "blockquote":
                self._margins.append("> ")
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
            if words != href and not self._is_note:
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
            case "li" if self._margins:
                self._empty_item()
                self._margins.pop()
            case "blockquote" if self._margins:
                self._margins.pop()
            case "sup":
                self._is_note = False
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
        first, rest = self._first(), "".join(self._margins)
        if self._literal:
            told = text.strip("\n").split("\n")
            lines = [f"{rest if n else first}    {line}" for n, line in enumerate(told)]
        else:
            pieces = [piece for piece in text.split(_BREAK) if piece.strip()]
            lines = [
                _wrapped(piece, first if not n else rest, rest) for n, piece in enumerate(pieces)
            ]
        self.blocks.append("\n".join(lines))

    def _first(self) -> str:
        """What the first line of a block begins with: that of an item has its bullet."""
        bullet, at = self._bullet
        self._bullet = ("", 0)
        margins = [*self._margins[:at], bullet, *self._margins[at + 1 :]] if bullet else None
        return "".join(margins or self._margins)

    def _empty_item(self) -> None:
        """An item without words is one all the same; else its bullet would go to the next text."""
        if self._bullet[0]:
            self.blocks.append(self._first().rstrip())
