"""Plain HTML → Markdown, for the filters of templates: it runs only where a page has changed."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast
from warnings import catch_warnings, simplefilter

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
_SPARED = ("html5lib", "lxml", "soupsieve")
"""What Beautiful Soup imports if it is there: other parsers than Python's, and selectors."""
_OPEN, _CLOSE = "\ue000", "\ue001"
"""Stand for `[^` and `]`, which would be escaped as text."""


def as_markdown(html: str) -> Markup:
    """Plain HTML (see `syndication`) as Markdown, its links to notes as references to footnotes."""
    with _without(_SPARED):
        from markdownify import markdownify  # noqa: PLC0415 - most builds change few articles

    marked = _REF.sub(rf"{_OPEN}\1{_CLOSE}", html)
    # A caption is a paragraph of its own.
    marked = marked.replace("<figcaption>", "<p>").replace("</figcaption>", "</p>")
    text = markdownify(marked, **_STYLE).strip()
    text = text.replace(_OPEN, "[^").replace(_CLOSE, "]")
    text = _NUMBER.sub(r"\1\2", text)
    return Markup(text)  # noqa: S704 - Markdown, not HTML


@contextmanager
def _without(names: Iterable[str]) -> Iterator[None]:
    """Meanwhile, let modules that nobody has imported look as if they were not installed.

    An edit of one article is Markdown for one page, and to import them takes longer than all of it.
    """
    aside = [name for name in names if name not in sys.modules]
    modules = cast("dict[str, object]", sys.modules)
    modules.update(dict.fromkeys(aside))
    try:
        with catch_warnings():
            # Without selectors Beautiful Soup warns, and nobody here selects anything.
            simplefilter("ignore", UserWarning)
            yield
    finally:
        for name in aside:
            del sys.modules[name]


def words(text: str) -> Markup:
    """A text on one line of Markdown, whose signs mean nothing there."""
    return Markup(re.sub(r"([\\`*_\[\]<>])", r"\\\1", " ".join(text.split())))  # noqa: S704
