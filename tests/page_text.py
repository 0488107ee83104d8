"""The text of a page as a browser's `textContent` has it."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


class _Reader(HTMLParser):
    def __init__(self, wanted) -> None:
        super().__init__(convert_charrefs=True)
        self.wanted, self.depth, self.parts = wanted, 0, []

    def handle_starttag(self, tag, attrs):
        if tag in VOID:
            return
        if self.depth or self.wanted(tag, dict(attrs)):
            self.depth += 1

    def handle_endtag(self, tag):
        if self.depth and tag not in VOID:
            self.depth -= 1

    def handle_data(self, data):
        if self.depth:
            self.parts.append(data)


def _text(html: str, wanted) -> str:
    reader = _Reader(wanted)
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)


def page_text(html: str) -> str:
    """Of the whole page: `document.body.textContent`."""
    return _text(html, lambda tag, _: tag == "body")


def body_text(html: str) -> str:
    """Of the report: `document.querySelector(".body").textContent`."""
    return _text(html, lambda _, attrs: "body" in (attrs.get("class") or "").split())


def passage(text: str, start: int, end: int) -> str:
    """What stands between two offsets that count UTF-16 code units."""
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")
