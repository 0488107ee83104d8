"""Where quoted stretches begin and end, in every convention of marks that a newspaper uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from builder.model import Block, Span

_MARK = re.compile(r"``|´´|''|[“”„‟\"«»‹›‘’‚']")
_PAIRS = {"«": "»", "»": "«", "‹": "›", "›": "‹", "``": "''", "´´": "''"}
_DOUBLE = {"“", "”", "„", "‟", '"', "«", "»", "``", "''", "´´"}
_SINGLE = {"‘", "’", "‚", "'", "‹", "›"}
_BEFORE_OPENING = set("([{—–-/:;,.!?…“”„\"'‘«‹")
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


class _Mark(NamedTuple):
    start: int
    end: int
    sign: str


def quotes(text: str, blocks: Sequence[Block]) -> list[Quote]:
    """Return the quoted stretches of a text in text order, an outer one before those inside it.

    A mark that is left open ends with its block, so a slip costs one paragraph and no more.
    Apostrophes are told from single marks by their neighbours.
    """
    return [quote for block in blocks for quote in _in_block(text, block.span)]


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
    return [
        _Mark(match.start(), match.end(), match.group())
        for match in _MARK.finditer(text, block.start, block.end)
    ]


def _fit(opening: str, closing: str) -> bool:
    """Whether the second mark can end what the first began."""
    if opening in _PAIRS:
        return closing == _PAIRS[opening] or (opening == "``" and closing in {'"', "”"})
    if opening in _DOUBLE:
        return closing in _DOUBLE and closing not in {"«", "»", "``"}
    return closing in _SINGLE and closing not in {"‹", "›"}


def _closes(
    text: str, block: Span, mark: _Mark, open_: Sequence[_Mark], later: Sequence[_Mark]
) -> bool:
    if not any(_fit(each.sign, mark.sign) for each in open_):
        return False
    before, after = _around(text, block, mark)
    sign = mark.sign
    if sign in {"„", "‚", "‘", "``"}:
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


def _possessive(text: str, mark: _Mark, before: str, later: Sequence[_Mark]) -> bool:
    """Whether this is the apostrophe of `the workers’ rights` inside single marks."""
    if before != "s" or text[mark.end : mark.end + 1] != " ":
        return False
    for each in later:
        if each.sign == "‘":
            return False
        if each.sign in {"’", "'"} and not text[each.end : each.end + 1].isalnum():
            return text[each.start - 1] in _ENDS_SPEECH
    return False


def _opens(text: str, block: Span, mark: _Mark, later: Sequence[_Mark]) -> bool:
    before, after = _around(text, block, mark)
    sign = mark.sign
    if sign == "”" or (after.isspace() and sign != "«"):
        return False
    free = before.isspace() or before in _BEFORE_OPENING
    if sign in {"»", "›"}:
        return free and after.isalnum()
    if sign in {"“", "„", "«", "``", "‹", "‟"}:
        return True
    if sign in {'"', "''", "´´"}:
        return free
    if sign in {"‘", "‚"}:
        return free and (not _clipped(text, mark) or _has_end(text, later))
    if sign == "'":
        return free and not _clipped(text, mark) and _has_end(text, later)
    return False


def _clipped(text: str, mark: _Mark) -> bool:
    """Whether the mark stands for left-out letters: `’tis`, `'90s`, `'em`."""
    return bool(re.match(r"(?:\d\ds?|tis|twas|em|til|cause|bout|n)\b", text[mark.end :][:8]))


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
