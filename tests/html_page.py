"""What a reader sees of a piece of HTML, and the marks in it, told without the code under test."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from msgspec import Struct, field

VOID = frozenset({"br", "hr", "img", "wbr", "input"})
_TAG = re.compile(r"<(/?)(span|a)\b((?:[^<>\"]|\"[^\"]*\")*)>")
_REF = re.compile(r'<a class="ref".*?</span></a>', re.DOTALL)


class Look(Struct):
    """What there is to see."""

    text: list[str] = field(default_factory=list)
    """All of the text."""
    spoken: list[str] = field(default_factory=list)
    """The text but captions, code blocks, and the letters and arrows of footnotes."""
    pieces: dict[str, list[str]] = field(default_factory=dict)
    """Text of each mark's pieces."""
    anchors: list[str] = field(default_factory=list)
    """Every id."""
    refs: list[str] = field(default_factory=list)
    """Where the numbered links lead."""
    faults: list[str] = field(default_factory=list)
    """Tags that do not nest, links in links."""


def look(html: str) -> Look:
    """Read HTML as a browser would that forgives nothing."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.found.faults += [f"<{tag}> is never closed" for tag, _ in reader.open]
    return reader.found


def without_refs(html: str) -> str:
    """The page without the numbered links."""
    return _REF.sub("", html)


def without_marks(html: str) -> str:
    """The page with all that marks put into it taken out again."""
    is_mark: dict[str, list[bool]] = {"span": [], "a": []}

    def taken(match: re.Match[str]) -> str:
        closes, tag, attrs = match.groups()
        if not closes:
            is_mark[tag].append("data-mark=" in attrs or 'id="s-' in attrs)
            return "" if is_mark[tag][-1] else match[0]
        return "" if is_mark[tag] and is_mark[tag].pop() else match[0]

    return _TAG.sub(taken, without_refs(html))


def words(text: str) -> str:
    """Without any white space."""
    return "".join(text.split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = Look()
        self.open: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.found.anchors.append(str(given["id"]))
        if tag == "a" and any(each == "a" for each, _ in self.open):
            self.found.faults.append("a link in a link")
        if given.get("class") == "ref":
            self.found.refs.append(str(given.get("href")))
        if mark := _mark(given):
            self.found.pieces.setdefault(mark, []).append("")
        if tag not in VOID:
            self.open.append((tag, given))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            self.found.faults.append(f"</{tag}> closes nothing")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.found.text.append(data)
        if any(_is_silent(tag, attrs) for tag, attrs in self.open):
            return
        self.found.spoken.append(data)
        for _, attrs in self.open:
            if mark := _mark(attrs):
                self.found.pieces[mark][-1] += data


def _mark(attrs: dict[str, str | None]) -> str | None:
    """The mark that an element is a piece of: the first piece has its id."""
    name = attrs.get("id") or ""
    return name if name.startswith("s-") else attrs.get("data-mark")


def _is_silent(tag: str, attrs: dict[str, str | None]) -> bool:
    silent = {"ref", "footnote-ref", "footnote-backref"}
    return tag in ("figcaption", "pre") or attrs.get("class") in silent
