"""Whom the register keeps off: people who may be named in their report and nowhere else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from html import unescape

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
        any capitals, however hyphens, apostrophes and accents are written; in a report that names
        them, the surname alone. Too much withheld does less harm than too little.
        """
        if not self.names:
            return []
        found = [m.span for m in edited.mentions if m.form == "name" and m.entity in self.keys]
        full, alone = _spelled(self.names, edited.prose.text)
        if not found and not full:
            return []
        apart = [m.span for m in edited.mentions if m.form == "name" and m.entity not in self.keys]
        taken: list[Span] = []
        for span in (*found, *full, *alone):
            if not any(map(span.overlaps, (*taken, *apart))):
                taken.append(span)
        return sorted(taken)

    def words(self, edited: Edited, spans: Spans) -> str:
        """The words of some spans as they may be shown away from their report.

        As readers see them there (see `words_shown`), but for what is `hidden`.
        """
        names = self.hidden(edited)
        if not names:
            return words_shown(edited, spans)
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
        for name in self.hidden(edited):
            if span.overlaps(name):
                text += edited.prose.text[at : max(at, name.start)] + self.stand_in
                at = name.end
        return text + edited.prose.text[at : span.end]

    def named_in(self, text: str, edited: Edited | None = None) -> bool:
        """Whether a text that is not the report's own body names one of them.

        Args:
            text: Plain words, or HTML.
            edited: The report that it is about: if that names them, so does the surname alone.
        """
        if not self.names:
            return False
        # In a tag's attributes there may be a name, and a tag may part one.
        forms = {text, unescape(_TAG.sub("", text))}
        spelled = [_spelled(self.names, form) for form in forms]
        if any(full for full, _ in spelled):
            return True
        return any(alone for _, alone in spelled) and bool(edited and self.hidden(edited))

    def cleared(self, text: str) -> str:
        """Plain words with the stand-in for each full name."""
        for span in reversed(_spelled(self.names, text)[0]):
            text = text[: span.start] + self.stand_in + text[span.end :]
        return text

    def forms(self, text: str) -> frozenset[str]:
        """Their full names as a text writes them."""
        return frozenset(text[span.start : span.end] for span in _spelled(self.names, text)[0])


_TAG = re.compile(r"<[^>]*>")
_APOSTROPHES = "'\u2019\u2018\u02bc\u00b4`"
_TEXTS = 64
"""Texts of which it is remembered where they name somebody: one report is asked about often."""


@lru_cache(_TEXTS)
def _spelled(names: tuple[str, ...], text: str) -> tuple[list[Span], list[Span]]:
    """Where a text has one of the names in full, and where only a surname with a capital."""
    if not names:
        return [], []
    whole, last = _patterns(names)
    full = [Span(*m.span()) for m in whole.finditer(text)]
    alone = [Span(*m.span()) for m in last.finditer(text) if m.group()[0].isupper()]
    return full, alone


@lru_cache(8)
def _patterns(names: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """All names, and all surnames, as they may be written; the longest first."""
    surnames = {name.split()[-1] for name in names}
    known = sorted((s for s in surnames if len(s) >= _SURNAME), key=lambda s: (-len(s), s))
    return _pattern(names), _pattern(known)


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    between = r"[\s\u00ad-]+"
    each = (between.join(map(_word, name.split())) for name in names)
    # No `\b`: an accent that stands apart is no part of a word to it.
    return re.compile(rf"(?<!\w)(?:{'|'.join(each) or '(?!)'})(?:e?s)?(?!\w)", re.IGNORECASE)


def _word(word: str) -> str:
    """A word as it may be written: accents joined, apart or lost, as apostrophes; soft hyphens."""
    return "\u00ad?".join(map(_letter, unicodedata.normalize("NFC", word)))


def _letter(letter: str) -> str:
    if letter in _APOSTROPHES:
        return rf"[{_APOSTROPHES}\s]?"
    apart = unicodedata.normalize("NFD", letter)
    if letter == "ß":
        return "(?:ß|ss)"
    return re.escape(letter) if apart == letter else f"(?:{apart}|{letter}|{apart[0]})"


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
