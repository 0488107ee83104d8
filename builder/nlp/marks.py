"""Text that lost its quotation marks and apostrophes: recognise it, and restore what is certain."""

from __future__ import annotations

import re
from bisect import bisect_left

from msgspec import Struct

from builder.model import Span
from builder.nlp.lexicon import DEMONYMS, NATIONS, WORDS

APOSTROPHE = "’"
_MARK = re.compile(r"[\"'“”„‟‘’‚‛«»‹›`´＂＇「」『』]")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")

_NEGATED = (
    "ai|are|could|did|do|does|had|has|have|is|might|must|need|should|was|were|would|ca|wo|sha"
)
_LONG = 400
"""Words. Of 840 news reports of any length, four have no mark at all."""
_WE = "I|[Yy]ou|[Ww]e|[Tt]hey|[Hh]e|[Ss]he|[Ii]t|[Tt]hat|[Tt]here|[Ww]ho"
_BLANK = re.compile(
    r"(?<=[^\W\d_]) s(?![\w.])|"
    rf"\b(?:{_NEGATED}|{_NEGATED.title()})n t(?!\w)|"
    r"\b[Cc]an t(?!\w)|"
    r"\bI m(?!\w)|"
    rf"\b(?:{_WE}) (?:ll|ve|re|d)(?![\w-])"
)
"""An apostrophe replaced by a blank: a lone `s`, `t`, `m`, `ll`, `ve`, `re` or `d` is no word."""
_GLUED = re.compile(
    r"\b(?:"
    r"(?:[Aa]i|[Aa]re|[Cc]ould|[Dd]id|[Dd]o|[Dd]oes|[Hh]ad|[Hh]as|[Hh]ave|[Ii]s|[Mm]ight|[Mm]ust"
    r"|[Nn]eed|[Ss]hould|[Ww]as|[Ww]ere|[Ww]ould|[Cc]a|[Ww]o)n(?P<t>t)"
    r"|(?:[Tt]hat|[Tt]here|[Ww]hat|[Hh]e|[Ss]he|[Ww]ho|[Hh]ere|[Ww]here"
    r"|[Ww]omen|[Mm]en|[Cc]hildren)(?P<s>s)"
    r"|[a-z]+[bcdfghjklmnpqrstvwxz]y(?P<ys>s)"
    r"|[Ii]t(?P<is>s)(?= (?:a|an|the|not|been|going|because|about|really|so|what|how|why|where"
    r"|my|your|our|their|her|his|this|these|there|unclear|possible|impossible|true)\b)"
    r"|I(?P<m>m|ve)|(?:[Yy]ou|[Tt]hey)(?P<re>re|ve|ll|d)|[Hh]e(?P<d>d)|[Ww]e(?P<ve>ve)"
    r")\b"
)
"""An apostrophe deleted from what is no word without it: `dont`, `theyre`, `partys`, `its a`."""
_POSSESSED = re.compile(r"\b([A-Z][^\W\d_]+(?:-[^\W\d_]+)*)s(?= [^\W\d_])")
_INSIDE = re.compile(r"(?<=[\w,;:] )([A-Z][^\W\d_]+(?:-[^\W\d_]+)*)")
"""A capital inside a sentence."""
_ORPHAN = re.compile(r"(?<=\w) [,.](?=\s|$)")
"""The blank before a comma or full stop that a closing mark left behind."""
_ARTICLE = re.compile(
    r"\b(?:[Aa]|[Aa]n|[Ee]very|[Ee]ach|[Aa]nother|[Oo]ne|[Ff]ellow) +([A-Z][^\W\d_]+)"
    r"(?=[.,;:)]| (?:who|and|or|in|from|of|for|has|is|was|said|had|with|to|on)\b)"
)
"""A name that is one of many."""
_PLURAL_BEFORE = re.compile(
    r"\b(?:the|both|many|most|some|all|these|those|two|three|other|few|several)$", re.IGNORECASE
)


class Restored(Struct, frozen=True):
    """A text as the model should read it, and the way back to the text as written."""

    text: str
    """With the apostrophes that were certainly lost; else exactly the text as written."""
    unmarked: bool = False
    """Whether the text seems to have lost its quotation marks and apostrophes."""
    repairs: tuple[tuple[Span, str], ...] = ()
    """In offsets of the text as written: what should stand there instead."""
    inserted: tuple[int, ...] = ()
    """Offsets in `text` of apostrophes that have no character in the text as written."""
    replaced: tuple[int, ...] = ()
    """Offsets in `text` of apostrophes that were a blank in the text as written."""

    def to_original(self, start: int, end: int) -> Span:
        """The range of the text as written for a range of `text`; never backwards, never outside.

        A range that begins at a restored apostrophe begins after the blank that stood for it.
        """
        if start in self.replaced and end > start:
            start += 1
        first = start - bisect_left(self.inserted, start)
        last = end - bisect_left(self.inserted, end)
        return Span(first, max(first, last))


def restored(text: str) -> Restored:
    """Restore the apostrophes that were certainly lost, if the text shows that it lost its marks.

    A text with a single quotation mark or apostrophe in it is left as it is. One without is taken
    for damaged only on evidence: a lone `s` after a word, `don t`, `dont`, `Chinas` beside
    `China`, or a blank before a comma where a closing mark stood.
    """
    if _MARK.search(text):
        return Restored(text)
    joined = _contractions(text)
    blanks = [
        match.start() + match[0].index(" ")
        for match in _BLANK.finditer(text)
        if match[0] != " s" or _word_before(text, match.start()) not in WORDS.small
    ]
    owners = [] if blanks and not joined else _possessives(text)
    if not _damaged(text, len(blanks) + len(joined), len(owners)):
        return Restored(text)
    return _mended(text, blanks, sorted({*joined, *owners}))


def _word_before(text: str, end: int) -> str:
    return text[max(0, end - 20) : end].rsplit(maxsplit=1)[-1].lower()


def _damaged(text: str, sure: int, glued: int) -> bool:
    """Whether traces prove that marks were lost; a glued possessive wants a second witness.

    So does a report so long that some mark would have to stand in it.
    """
    traces = len(_ORPHAN.findall(text))
    long = len(_WORD.findall(text)) >= _LONG
    return sure > 0 or traces > 1 or traces + glued > 1 or long


def _contractions(text: str) -> list[int]:
    """Where an apostrophe was deleted from a contraction: the offsets it belongs at."""
    return [
        next(match.start(group) for group, found in match.groupdict().items() if found)
        for match in _GLUED.finditer(text)
    ]


def _possessives(text: str) -> list[int]:
    """Where `Chinas` lost its apostrophe: the name stands elsewhere, and something is owned.

    Names that take an article (`a Democrat`) have plurals; so have names after `the` or `many`.
    """
    names = {match[1] for match in _INSIDE.finditer(text)}
    common = {match[1] for match in _ARTICLE.finditer(text)}
    common |= {match[0].title() for match in _WORD.finditer(text) if match[0].islower()}
    found = []
    for match in _POSSESSED.finditer(text):
        name = match[1]
        if name in WORDS.never_owners or name in DEMONYMS or len(name) < 3:
            continue
        if name not in NATIONS and (name not in names or name in common):
            continue
        owned = _WORD.match(text, match.end() + 1)
        if owned is None or owned[0].lower() in WORDS.never_owned:
            continue
        if _PLURAL_BEFORE.search(text[max(0, match.start() - 10) : match.start()].rstrip()):
            continue
        found.append(match.end(1))
    return found


def _mended(text: str, blanks: list[int], glued: list[int]) -> Restored:
    """Put an apostrophe in place of each blank and before each glued ending."""
    pieces: list[str] = []
    repairs: list[tuple[Span, str]] = []
    inserted: list[int] = []
    replaced: list[int] = []
    at = 0
    size = 0
    for place in sorted({*blanks, *glued}):
        pieces.append(text[at:place])
        size += place - at
        blank = text[place] == " "
        end = _ending(text, place + blank)
        repairs.append((Span(place, end), APOSTROPHE + text[place + blank : end]))
        (replaced if blank else inserted).append(size)
        pieces.append(APOSTROPHE)
        size += 1
        at = place + blank
    pieces.append(text[at:])
    return Restored(
        "".join(pieces),
        unmarked=True,
        repairs=tuple(repairs),
        inserted=tuple(inserted),
        replaced=tuple(replaced),
    )


def _ending(text: str, start: int) -> int:
    """Where the letters after a lost apostrophe end."""
    match = _WORD.match(text, start)
    return match.end() if match else start
