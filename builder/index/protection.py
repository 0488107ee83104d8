"""Whom the register keeps off: people who may be named in their report and nowhere else."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from builder.editing import words_shown
from builder.model import Edited, EntityKey, Known, Span, Spans

WITHHELD = "[name withheld]"
"""What stands for such a name wherever a report's words are shown away from it, unless the site's
language has other words for it."""

_SURNAME = 3
"""Letters of a surname that is withheld where it stands alone."""


class Protected(Struct, frozen=True):
    """People with `page = false`. Ships, shops and web sites without a page need no protection."""

    keys: frozenset[EntityKey] = frozenset()
    names: tuple[str, ...] = ()
    """Full names and aliases, the longest first."""
    stand_in: str = WITHHELD
    """What stands for such a name wherever a report's words are shown away from it."""

    def hidden(self, edited: Edited) -> list[Span]:
        """Where the clean text of a report names one of them, in text order, none overlapping.

        What was found to be the person, and besides, whether it was found or not, their names in
        any capitals, hyphened or with soft hyphens; in a report that names them, the surname alone.
        Too much withheld does less harm than too little.
        """
        found = [m.span for m in edited.mentions if m.form == "name" and m.entity in self.keys]
        apart = [m.span for m in edited.mentions if m.form == "name" and m.entity not in self.keys]
        text = edited.prose.text
        full = [Span(*m.span()) for name in self.names for m in _pattern(name).finditer(text)]
        surnames = {name.split()[-1] for name in self.names} if found or full else set()
        alone = [
            Span(*m.span())
            for name in surnames
            if len(name) >= _SURNAME
            for m in _pattern(name).finditer(text)
            if m.group()[0].isupper()
        ]
        taken: list[Span] = []
        for span in (*found, *full, *alone):
            if not any(map(span.overlaps, (*taken, *apart))):
                taken.append(span)
        return sorted(taken)

    def words(self, edited: Edited, spans: Spans) -> str:
        """The words of some spans as they may be shown away from their report.

        As readers see them there (see `words_shown`), but for the names of protected people,
        wherever the report names them and however.
        """
        if not self.keys:
            return words_shown(edited, spans)
        names = self.hidden(edited)
        repairs = [each for each in edited.repairs if not any(map(each[0].overlaps, names))]
        inside = [
            Span(max(name.start, span.start), min(name.end, span.end))
            for name in names
            for span in spans
            if name.overlaps(span)
        ]
        hidden = sorted([*repairs, *((span, self.stand_in) for span in inside)])
        return words_shown(replace(edited, repairs=tuple(hidden)), spans)

    def passage(self, edited: Edited, span: Span) -> str:
        """One span to the letter, but for the same names."""
        text, at = "", span.start
        for name in self.hidden(edited) if self.keys else ():
            if span.overlaps(name):
                text += edited.prose.text[at : max(at, name.start)] + self.stand_in
                at = name.end
        return text + edited.prose.text[at : span.end]

    def named_in(self, text: str) -> bool:
        """Whether a text that is not the report's own body names one of them in full."""
        return any(_pattern(name).search(text) for name in self.names)


@functools.cache
def _pattern(name: str) -> re.Pattern[str]:
    """A name as it may be written: in any capitals, with hyphens between and soft ones inside."""
    words = ("\u00ad?".join(map(re.escape, word)) for word in name.split())
    between = r"[\s\u00ad-]+"
    return re.compile(rf"\b{between.join(words)}(?:e?s)?\b", re.IGNORECASE)


def protected(register: Iterable[Known], stand_in: str = WITHHELD) -> Protected:
    """The people whom a register keeps off every page, list and feed.

    Args:
        register: Of the site.
        stand_in: What stands for their names, in the site's language.
    """
    hidden = [entry for entry in register if entry.kind == "person" and not entry.page]
    names = {name for entry in hidden for name in (entry.name, *entry.aliases)}
    return Protected(
        frozenset(EntityKey(entry.key) for entry in hidden),
        tuple(sorted(names, key=lambda name: (-len(name), name))),
        stand_in,
    )
