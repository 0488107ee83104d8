"""Ids, kinds, and stretches of a text."""

from __future__ import annotations

from typing import Literal, NewType

from msgspec import Struct

ArticleId = NewType("ArticleId", str)
"""Path under `content/` without suffix: `2026/port-strike`."""
EntityKey = NewType("EntityKey", str)
"""Register key, or the slug of the full name: `ana-ruiz`."""
Anchor = NewType("Anchor", str)
"""A statement's fragment, made from its words and not counted: `s-3f9a1c20`."""

Kind = Literal["person", "organisation", "place", "event", "work", "law", "date"]
MentionForm = Literal["name", "nominal", "pronoun"]
Form = Literal["direct", "mixed", "indirect"]
Act = Literal["speech", "attitude", "unsaid"]
Origin = Literal["editor", "model"]
HeldBack = Literal["draft", "future", "expired"]
BlockKind = Literal["paragraph", "heading", "quote", "item", "cell", "footnote"]


class Span(Struct, frozen=True, order=True):
    """A half-open range of characters of `Prose.text`."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Whether the other lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end


Spans = tuple[Span, ...]
"""In text order, not overlapping; empty where there is nothing."""
