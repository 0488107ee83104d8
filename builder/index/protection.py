"""Whom the register keeps off: people who may be named in their report and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from builder.editing import words_shown
from builder.model import Edited, EntityKey, Known, Span, Spans

WITHHELD = "[name withheld]"
"""What stands for such a name wherever a report's words are shown away from it."""


class Protected(Struct, frozen=True):
    """People with `page = false`. Ships, shops and web sites without a page need no protection."""

    keys: frozenset[EntityKey] = frozenset()
    names: tuple[str, ...] = ()
    """Full names and aliases, the longest first."""

    def words(self, edited: Edited, spans: Spans) -> str:
        """The words of some spans as they may be shown away from their report.

        As readers see them there (see `words_shown`), but for the names of protected people,
        wherever the report names them and however.
        """
        if not self.keys:
            return words_shown(edited, spans)
        names = [m.span for m in edited.mentions if m.form == "name" and m.entity in self.keys]
        repairs = [each for each in edited.repairs if not any(map(each[0].overlaps, names))]
        inside = [
            Span(max(name.start, span.start), min(name.end, span.end))
            for name in names
            for span in spans
            if name.overlaps(span)
        ]
        hidden = sorted([*repairs, *((span, WITHHELD) for span in inside)])
        return words_shown(replace(edited, repairs=tuple(hidden)), spans)

    def passage(self, edited: Edited, span: Span) -> str:
        """One span to the letter, but for the same names."""
        text, at = "", span.start
        for mention in edited.mentions:
            hidden = mention.form == "name" and mention.entity in self.keys
            if hidden and span.overlaps(mention.span):
                text += edited.prose.text[at : max(at, mention.span.start)] + WITHHELD
                at = mention.span.end
        return text + edited.prose.text[at : span.end]

    def named_in(self, text: str) -> bool:
        """Whether a text that is not the report's own body names one of them in full."""
        return any(re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) for name in self.names)


def protected(register: Iterable[Known]) -> Protected:
    """The people whom a register keeps off every page, list and feed."""
    hidden = [entry for entry in register if entry.kind == "person" and not entry.page]
    names = {name for entry in hidden for name in (entry.name, *entry.aliases)}
    return Protected(
        frozenset(EntityKey(entry.key) for entry in hidden),
        tuple(sorted(names, key=lambda name: (-len(name), name))),
    )
