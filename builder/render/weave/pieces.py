"""Which pieces a mark comes to, so that tags nest and no link lies in a link.

Within one block everything is counted in items: text tokens cut wherever a mark begins or ends,
and all other tokens as they are. A piece is a range of items that holds an element of the Markdown
whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heappush
from itertools import accumulate

from markdown_it.token import Token
from msgspec import Struct

from builder.model import Run, Span
from builder.prose.projection import is_whole
from builder.prose.raw_html import tag


class Item(Struct, frozen=True):
    """A token of a block, or a part of a text token."""

    token: Token
    span: Span | None = None
    """Of the clean text, if it has any."""
    is_blank: bool = True
    """Whether nothing of it can be read, or only white space."""


class Piece(Struct, frozen=True, order=True):
    """A range of items that one mark covers. In the order in which pieces open."""

    first: int
    minus_last: int
    """Minus the index of the last item that belongs to it: longer ones open first."""
    mark: int
    """Index of the mark."""

    @property
    def last(self) -> int:
        """Index of the last item that belongs to it."""
        return -self.minus_last


class Elements(Struct, frozen=True):
    """How the Markdown's own elements nest in a block."""

    partner: tuple[int, ...]
    """For each item that opens or closes an element the other end; else -1."""
    is_wall: tuple[bool, ...]
    """True for tags of raw HTML without a partner: no piece goes over them."""
    links: tuple[tuple[int, int], ...]
    """First and last item of everything that is a link, in order."""


def items(
    children: Sequence[Token], runs: Sequence[Run], text: str, spans: Sequence[Span]
) -> list[Item]:
    """The items of a block, cut at both ends of the given spans."""
    cuts = sorted({edge for span in spans for edge in (span.start, span.end)})
    run_of = {run.leaf: run.span for run in runs}
    found: list[Item] = []
    at = 0
    for index, child in enumerate(children):
        whole = run_of.get(index)
        if whole is None:
            found.append(Item(child))
            continue
        while at < len(cuts) and cuts[at] <= whole.start:
            at += 1
        start = whole.start
        while not is_whole(child) and at < len(cuts) and cuts[at] < whole.end:
            found.append(_part(child, whole, Span(start, cuts[at]), text))
            start = cuts[at]
            at += 1
        found.append(_part(child, whole, Span(start, whole.end), text))
    return found


def elements(found: Sequence[Item]) -> Elements:
    """How the elements of a block nest."""
    partner = [-1] * len(found)
    opened: list[tuple[int, str]] = []
    links: list[tuple[int, int]] = []
    for index, item in enumerate(found):
        name, nesting = _element(item.token)
        if nesting == 1:
            opened.append((index, name))
        elif nesting == -1:
            is_html = name.startswith("<")
            while opened and not is_html and opened[-1][1] != name:
                opened.pop()
            if opened and opened[-1][1] == name:
                start = opened.pop()[0]
                partner[start], partner[index] = index, start
                if name in ("link", "<a"):
                    links.append((start, index))
        elif item.token.type == "footnote_ref":
            links.append((index, index))
    is_wall = [_element(i.token)[1] != 0 and p < 0 for i, p in zip(found, partner, strict=True)]
    for index, item in enumerate(found):
        if is_wall[index] and _element(item.token) == ("<a", 1):
            links.append((index, len(found) - 1))
    return Elements(tuple(partner), tuple(is_wall), tuple(sorted(links)))


def settled(span: Span, text: str, wholes: Sequence[Span]) -> Span | None:
    """A span without white space at its edges and without parts of what is marked whole.

    Args:
        span: Within one block.
        text: The clean text.
        wholes: Code spans, and headlines that links stand for, of the same block.

    Returns:
        The span to mark, or None if nothing is left.
    """
    start, end = span.start, span.end
    while True:
        words = text[start:end].strip()
        if not words:
            return None
        start = text.index(words, start)
        end = start + len(words)
        first = next((w for w in wholes if w.start <= start < w.end), None)
        if first and text[first.start : start].strip():
            start = min(first.end, end)
            continue
        last = next((w for w in wholes if w.start < end <= w.end), None)
        if last and text[end : last.end].strip():
            end = max(last.start, start)
            continue
        return Span(first.start if first else start, last.end if last else end)


def pieces(
    found: Sequence[Item], shape: Elements, asked: Sequence[tuple[int, Span]]
) -> list[Piece]:
    """The pieces of a block in the order in which they open; they nest, and none is blank.

    Args:
        found: The block's items.
        shape: How its elements nest.
        asked: Index of a mark and a settled span.
    """
    starts = {item.span.start: i for i, item in enumerate(found) if item.span}
    ends = {item.span.end: i for i, item in enumerate(found) if item.span}
    readable = [0, *accumulate(not item.is_blank for item in found)]
    waiting = [
        Piece(first, -last, mark)
        for mark, span in asked
        for first, last in _balanced(starts[span.start], ends[span.end], shape)
    ]
    heapify(waiting)
    nested: list[Piece] = []
    around: list[Piece] = []
    while waiting:
        piece = heappop(waiting)
        if readable[piece.last + 1] == readable[piece.first]:
            continue
        while around and around[-1].last < piece.first:
            around.pop()
        if around and around[-1].last < piece.last:
            border = around[-1].last
            heappush(waiting, Piece(piece.first, -border, piece.mark))
            heappush(waiting, Piece(border + 1, -piece.last, piece.mark))
            continue
        nested.append(piece)
        around.append(piece)
    return nested


def _part(token: Token, whole: Span, span: Span, text: str) -> Item:
    if span != whole:
        part = token.content[span.start - whole.start : span.end - whole.start]
        token = token.copy(content=part)
    is_blank = not text[span.start : span.end].strip()
    return Item(token, span, is_blank)


def _element(token: Token) -> tuple[str, int]:
    if token.type == "html_inline":
        name, nesting = tag(token)
        return f"<{name}", nesting
    return token.type.removesuffix("_open").removesuffix("_close"), token.nesting


def _balanced(first: int, last: int, shape: Elements) -> Iterator[tuple[int, int]]:
    """The range, grown round elements that it covers whole, cut where it covers one in part."""
    partner = shape.partner
    grew = True
    while grew:
        grew = False
        if first > 0 and first <= partner[first - 1] <= last + 1:
            last = max(last, partner[first - 1])
            first, grew = first - 1, True
        if last + 1 < len(partner) and first <= partner[last + 1] <= last:
            last, grew = last + 1, True
    start = first
    for index in range(first, last + 1):
        crosses = partner[index] >= 0 and not first <= partner[index] <= last
        if crosses or shape.is_wall[index]:
            if start < index:
                yield start, index - 1
            start = index + 1
    if start <= last:
        yield start, last
