"""Plain HTML → Markdown, for the filters of templates: it runs only where a page has changed."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup

_REF = re.compile(r'<sup><a href="[^"]*#(?:n|fn-)(\d+|[a-z]+)">\1</a></sup>')
_NUMBER = re.compile(r"(?<=\w )(\d+)\\([.)])")
"""A number that ends a sentence: only at the start of a line does it begin a list."""
_STYLE: dict[str, Any] = {
    "heading_style": "ATX",
    "bullets": "-",
    "escape_misc": True,
    "newline_style": "backslash",
}
_OPEN, _CLOSE = "\ue000", "\ue001"
"""Stand for `[^` and `]`, which would be escaped as text."""


def as_markdown(html: str) -> Markup:
    """Plain HTML (see `syndication`) as Markdown, its links to notes as references to footnotes."""
    from markdownify import markdownify  # noqa: PLC0415 - most builds change few articles

    marked = _REF.sub(rf"{_OPEN}\1{_CLOSE}", html)
    # A caption is a paragraph of its own.
    marked = marked.replace("<figcaption>", "<p>").replace("</figcaption>", "</p>")
    text = markdownify(marked, **_STYLE).strip()
    text = text.replace(_OPEN, "[^").replace(_CLOSE, "]")
    text = _NUMBER.sub(r"\1\2", text)
    return Markup(text)  # noqa: S704 - Markdown, not HTML


def words(text: str) -> Markup:
    """A text on one line of Markdown, whose signs mean nothing there."""
    return Markup(re.sub(r"([\\`*_\[\]<>])", r"\\\1", " ".join(text.split())))  # noqa: S704
