"""Where quoted stretches begin and end, in every convention of marks that a newspaper uses."""

from __future__ import annotations

import itertools
import re
from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from builder.model import Block, Span
from builder.nlp import dialogue

_MARK = re.compile(r"``|´´|''|‘‘|’’|[“”„‟\"«»‹›‘’‚']")
_ENDS: dict[str, frozenset[str]] = {
    "«": frozenset("»"),
    "»": frozenset("«»"),
    "‹": frozenset("›"),
    "›": frozenset("‹›"),
    "``": frozenset({"''", '"', "”"}),
    "´´": frozenset({"''", "´´"}),
    "‘‘": frozenset({"’’", "''", '"', "”"}),
    "”": frozenset("”"),
}
"""What ends a quotation that the mark began; others are ended by any mark of their kind."""
_DOUBLE = {"“", "”", "„", "‟", '"', "«", "»", "``", "''", "´´", "‘‘", "’’"}
_SINGLE = {"‘", "’", "‚", "'", "‹", "›"}
_CLIPPED = re.compile(r"(?:\d\ds?|tis|twas|em|til|cause|bout|n)\b")
_YEAR = re.compile(r"\d\ds?(?![\w’'])")
_FEET = re.compile(r"\s?\d{1,2}(?:\s?[\"”]|\b)| (?:tall|long|high|wide|deep|by|x|×)\b")
_INCHES = re.compile(r"\d['’]\s?\d{1,2}$")
_SMALL = re.compile(
    r" (?:an?|and|are|as|at|be|but|by|can|could|for|from|had|has|have|he|if|in|is|it|may|not|of|on|"
    r"or|said|says|she|should|than|that|the|they|to|until|was|we|were|when|which|while|who|will|"
    r"with|would)\b"
)
"""A word that nobody owns, after a blank."""
_THEN = re.compile(rf"[.,;:!?)—–]|\s*$|{_SMALL.pattern}")
_BEFORE_OPENING = set("([{—–-/:;,.!?…“”„\"'‘«‹")
_BEGINS = set("’'‘“„‚‹›\"([…¿¡")
_CARRIED = 6
"""Blocks after the first over which a quotation may run that no block takes up with a mark."""
_ENDS_SPEECH = set(".,!?…;:—–-")


class Quote(NamedTuple):
    """A stretch of text between quotation marks."""

    outer: Span
    """With its marks."""
    inner: Span
    """Without them."""
    depth: int
    """0 for an outermost quotation, 1 for one inside it."""
    closed: bool
    """False: no closing mark, the quotation ends with its block (and often goes on in the next)."""
    carried: bool = False
    """Whether it goes on with the quotation of the block before, without a mark that says so."""


class _Mark(NamedTuple):
    start: int
    end: int
    sign: str


def quotes(text: str, blocks: Sequence[Block]) -> list[Quote]:
    """Return the quoted stretches of a text in text order, an outer one before those inside it.

    A mark that is left open ends with its block, so a slip costs one paragraph and no more; where
    `, said Ruiz.` comes first, it ends there, for its closing mark was forgotten. Only where a
    later block closes it before any mark opens, the quotation goes on to there, block by block, as
    in copy whose lines were made paragraphs.
    Apostrophes are told from single marks by their neighbours. Dialogue behind dashes is quoted,
    too; its dash belongs to the outer span.
    """
    spoken = dialogue.speeches(text, blocks)
    found: list[Quote] = []
    for number, block in enumerate(blocks):
        marked = list(_in_block(text, block.span))
        if number in spoken:
            marked = _within_dashes(text, spoken[number], marked)
        found.extend(marked)
    for carried in list(_carried(text, blocks, found, spoken)):
        within = carried.outer
        found = [
            each._replace(depth=1) if within.contains(each.outer) else each
            for each in found
            if within.contains(each.outer) or not within.overlaps(each.outer)
        ]
        found.append(carried)
    found = list(_where_told(text, blocks, found))
    return sorted(found, key=lambda each: (each.outer.start, -each.outer.end))


def _where_told(text: str, blocks: Sequence[Block], found: Sequence[Quote]) -> Iterator[Quote]:
    """The quotations, an open one only up to where it says who speaks.

    Where the next block begins with a mark, the open one may go on there, as print does it, and
    only a speaker at its very end is the writer's.
    """
    begun = {each.outer.start: each for each in found}
    following = {
        block.span.start + len(text[block.span.start : block.span.end].rstrip()): begun.get(
            later.span.start
        )
        for block, later in itertools.pairwise(blocks)
    }
    for each in found:
        after = following.get(each.outer.end)
        if not (each.closed or each.carried or (after and after.carried)):
            told = dialogue.REPORTED.search(text, each.inner.start, each.inner.end)
            if told and (after is None or _ends_at(text, told.end(), each.outer.end)):
                outer = Span(each.outer.start, told.start())
                inner = Span(each.inner.start, told.start())
                yield each._replace(outer=outer, inner=inner, closed=True)
                continue
        yield each


def _ends_at(text: str, start: int, end: int) -> bool:
    """Whether no more than a stop stands between two places."""
    return len(text[start:end].strip()) <= 1


def _carried(
    text: str, blocks: Sequence[Block], found: Sequence[Quote], spoken: Container[int]
) -> Iterator[Quote]:
    """The later blocks of quotations that were left open, where they have no opening mark."""
    left = {each.outer.end: each for each in found if not each.closed and not each.depth}
    for number, block in enumerate(blocks):
        at = block.span.start + len(text[block.span.start : block.span.end].rstrip())
        if (quote := left.get(at)) is None or number in spoken:
            continue
        sign = text[quote.outer.start : quote.inner.start]
        opening = _Mark(quote.outer.start, quote.inner.start, sign)
        reach = blocks[number + 1 : number + 1 + _CARRIED]
        passed: list[Span] = []
        for later in reach if opening.sign in _DOUBLE else ():
            if later.kind != block.kind:
                break
            marks = [each for each in _joined_marks(text, later.span) if each.sign in _DOUBLE]
            if not marks:
                passed.append(later.span)
            elif not text[later.span.start : marks[0].start][-1:].isspace() and (
                marks[0].start > later.span.start
                and _closes(text, later.span, marks[0], [opening], marks[1:])
            ):
                yield from (Quote(span, span, 0, closed=False, carried=True) for span in passed)
                start, mark = later.span.start, marks[0]
                yield Quote(
                    Span(start, mark.end), Span(start, mark.start), 0, closed=True, carried=True
                )
                break
            else:
                break


def _within_dashes(text: str, spoken: Sequence[Span], marked: Sequence[Quote]) -> list[Quote]:
    """The stretches of a dialogue, and the quotations inside them."""
    found: list[Quote] = []
    for span in spoken:
        words = text[span.start : span.end]
        start = span.end - len(words.lstrip("–—― \u00a0\u202f"))
        found.append(Quote(span, Span(start, span.end), 0, closed=True))
        found.extend(each._replace(depth=1) for each in marked if span.contains(each.outer))
    return found


def outermost(found: Sequence[Quote]) -> list[Quote]:
    """Return the quotations that stand in no other."""
    return [quote for quote in found if quote.depth == 0]


def _in_block(text: str, block: Span) -> Iterator[Quote]:
    marks = _joined_marks(text, block)
    found: list[Quote] = []
    open_: list[_Mark] = []
    for number, mark in enumerate(marks):
        if open_ and _closes(text, block, mark, open_, marks[number + 1 :]):
            while not _fit(open_[-1].sign, mark.sign):
                open_.pop()
            opening = open_.pop()
            found.append(_quote(opening, mark.start, mark.end, closed=True))
        elif _opens(text, block, mark, marks[number + 1 :]):
            open_.append(mark)
    if open_ and (open_[0].sign in _DOUBLE or open_[0].sign == "‘"):
        end = block.start + len(text[block.start : block.end].rstrip())
        if end > open_[0].end:
            found.append(_quote(open_[0], end, end, closed=False))
    reach = block.start
    for quote in sorted(found, key=lambda each: (each.outer.start, -each.outer.end)):
        yield quote._replace(depth=int(quote.outer.start < reach))
        reach = max(reach, quote.outer.end)


def _quote(opening: _Mark, inner_end: int, end: int, *, closed: bool) -> Quote:
    return Quote(Span(opening.start, end), Span(opening.end, inner_end), 0, closed)


def _joined_marks(text: str, block: Span) -> list[_Mark]:
    marks: list[_Mark] = []
    doubled = text.find("‘‘", block.start, block.end) >= 0
    for match in _MARK.finditer(text, block.start, block.end):
        sign = match.group()
        if sign == "’’" and not doubled:
            marks += [_Mark(at, at + 1, "’") for at in range(match.start(), match.end())]
        else:
            marks.append(_Mark(match.start(), match.end(), sign))
    if marks and marks[0].sign == "»" and not text[block.start : marks[0].start].strip():
        # A French quotation that goes on begins each paragraph with its closing mark; Swedish ones
        # have no other. Where « comes next, the marks are German ones, which point inwards.
        following = next((mark.sign for mark in marks[1:] if mark.sign in "«»"), "»")
        if following == "»":
            marks[0] = marks[0]._replace(sign="«")
    return marks


def _fit(opening: str, closing: str) -> bool:
    """Whether the second mark can end what the first began."""
    if opening in _ENDS:
        return closing in _ENDS[opening]
    if opening in _DOUBLE:
        return closing in _DOUBLE and closing not in {"«", "»", "``", "‘‘", "’’"}
    return closing in _SINGLE and closing not in {"‹", "›"}


def _closes(
    text: str, block: Span, mark: _Mark, open_: Sequence[_Mark], later: Sequence[_Mark]
) -> bool:
    if not any(_fit(each.sign, mark.sign) for each in open_):
        return False
    before, after = _around(text, block, mark)
    sign = mark.sign
    if _is_prime(text, mark, later):
        return False
    if sign in {"»", "›"} and open_[-1].sign == sign:
        return not before.isspace() and not after.isalnum()
    if sign in {"„", "‚", "‘", "``", "‘‘"}:
        # German closing marks look like English opening ones.
        return sign == "‘" and open_[-1].sign == "‚" and not after.isalnum()
    if sign == "“":
        return open_[-1].sign == "„" or (not before.isspace() and not after.isalnum())
    if sign in {'"', "''"}:
        glued = not before.isspace() and before not in "([{"
        return glued or not after.isalnum()
    if sign in {"’", "'"}:
        return (
            not after.isalnum()
            and not before.isspace()
            and not _possessive(text, mark, before, later)
        )
    return True


def _is_prime(text: str, mark: _Mark, later: Sequence[_Mark]) -> bool:
    """Whether a straight mark behind a number measures: `6' 2"`, `a 42" screen`.

    A lone one is told by the mark after it, which could end a quotation and begin none.
    """
    if mark.sign not in {"'", "’", '"'} or not text[mark.start - 1 : mark.start].isdigit():
        return False
    if mark.sign != '"':
        return _FEET.match(text, mark.end) is not None
    if _INCHES.search(text, max(0, mark.start - 8), mark.start):
        return True
    following = next((each for each in later if each.sign == '"'), None)
    return (
        following is not None
        and not text[following.start - 1].isspace()
        and not text[following.end : following.end + 1].isalnum()
        and text[mark.end : mark.end + 1] in {" ", "-"}
    )


def _possessive(text: str, mark: _Mark, before: str, later: Sequence[_Mark]) -> bool:
    """Whether this is the apostrophe of `the workers’ rights` inside single marks.

    Where the quotation ends without a stop (`‘the workers’ rights’ were sold`), the word after the
    apostrophe is what is owned, and what comes after the closing mark is none.
    """
    if before != "s" or text[mark.end : mark.end + 1] != " ":
        return False
    for each in later:
        if each.sign == "‘":
            return False
        if each.sign in {"’", "'"} and not text[each.end : each.end + 1].isalnum():
            return text[each.start - 1] in _ENDS_SPEECH or (
                _SMALL.match(text, mark.end) is None and _THEN.match(text, each.end) is not None
            )
    return False


def _opens(text: str, block: Span, mark: _Mark, later: Sequence[_Mark]) -> bool:
    before, after = _around(text, block, mark)
    sign = mark.sign
    if sign == "”":
        # Swedish and Finnish quotations begin and end with the same mark.
        return (
            before.isspace()
            and not after.isspace()
            and any(each.sign == "”" for each in later)
            and not any(each in text[block.start : block.end] for each in "“„")
        )
    if sign == "’’" or (after.isspace() and sign not in {"«", "‹"}):
        return False
    free = before.isspace() or before in _BEFORE_OPENING
    if sign in {"»", "›"}:
        return free and (after.isalnum() or after in _BEGINS)
    if sign in {"“", "„", "«", "``", "‹", "‟", "‘‘"}:
        return True
    if sign in {'"', "''", "´´"}:
        return free
    if sign in {"‘", "‚"}:
        year = _YEAR.match(text, mark.end) is not None
        return free and not year and (not _clipped(text, mark) or _has_end(text, later))
    if sign == "'":
        return free and not _clipped(text, mark) and _has_end(text, later)
    return False


def _clipped(text: str, mark: _Mark) -> bool:
    """Whether the mark stands for left-out letters: `’tis`, `'90s`, `'em`."""
    return _CLIPPED.match(text, mark.end) is not None


def _has_end(text: str, later: Sequence[_Mark]) -> bool:
    return any(
        each.sign in {"’", "'"}
        and not text[each.end : each.end + 1].isalnum()
        and not text[each.start - 1].isspace()
        for each in later
    )


def _around(text: str, block: Span, mark: _Mark) -> tuple[str, str]:
    """The characters beside a mark; a blank stands for the block's edge."""
    before = text[mark.start - 1] if mark.start > block.start else " "
    after = text[mark.end] if mark.end < block.end else " "
    return before, after
