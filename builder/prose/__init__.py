"""Markdown ⇄ clean text: what an article says, and where each word of it stands."""

from __future__ import annotations

from builder.prose.passage import PassageAmbiguous, PassageGone, find, passage
from builder.prose.projection import line_of, plain
from builder.prose.reading import Heading, Link, Parsed, as_written, letters, parse, reader, remarks

__all__ = [
    "Heading",
    "Link",
    "Parsed",
    "PassageAmbiguous",
    "PassageGone",
    "as_written",
    "find",
    "letters",
    "line_of",
    "parse",
    "passage",
    "plain",
    "reader",
    "remarks",
]
