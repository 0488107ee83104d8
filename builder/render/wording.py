"""Texts made shorter, and fit for where they stand."""

from __future__ import annotations

import re

LONG_WORD = 16
"""Letters, with the space after it."""
_DETERMINERS = frozenset({"a", "an", "the", "this", "that", "his", "her", "its", "their"})
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 or HTML do not allow in text, whatever an article holds."""


def clipped(text: str, words: int) -> str:
    """At most so many words of a text, of ordinary length together, on one line."""
    parts = text.split()
    short = " ".join(parts[:words])[: words * LONG_WORD].rstrip(",;: ")
    return short if short == " ".join(parts).rstrip(",;: ") else f"{short} …"


def excerpt(text: str, words: int) -> str:
    """What somebody said, at most so many words of it, for a line that begins with their name.

    A `that` before it goes; a quotation that is cut off is closed again.
    """
    bare = text.removeprefix("that ")
    # `that figure` is no clause.
    short = clipped(bare if len(bare.split()) > 1 else text, words).rstrip(",;: ")
    # Behind a German opening mark it is the closing one.
    opened = short.count("“") - short.count("„")
    return short + "”" * max(0, opened - short.count("”"))


def inside(text: str) -> str:
    """A stretch of text as it reads inside a sentence: `The survey` → `the survey`."""
    first, _, rest = text.partition(" ")
    return f"{first.lower()} {rest}" if rest and first.lower() in _DETERMINERS else text


def capitalised(text: str) -> str:
    """With its first letter in upper case, the rest as it is."""
    return text[:1].upper() + text[1:]


def printable(text: str) -> str:
    """A text without the characters that neither XML nor HTML may hold: what pages show of it."""
    # None of them is printable, and nearly all texts are; what is safe as HTML stays so.
    if text.isprintable() or not _FORBIDDEN.search(text):
        return text
    return type(text)(_FORBIDDEN.sub("", text))
