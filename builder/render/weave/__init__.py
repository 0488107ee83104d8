"""Marks into Markdown tokens, and the tokens into an article's HTML.

Marks become tokens of their own, round text tokens that are cut where they begin and end. The
Markdown renderer then writes the HTML and does all the escaping.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from markdown_it.token import Token
from msgspec import Struct

from builder.model import Prose, Run, Span, Spans
from builder.prose import Parsed, letters
from builder.prose.projection import is_whole
from builder.render.catalogue import Words
from builder.render.weave.marks import Mark, Ref
from builder.render.weave.pieces import Elements, Item, Piece, elements, items, pieces, settled
from builder.render.weave.typesetter import typeset

__all__ = ["Mark", "Ref", "article_html", "footnotes_apart", "left_out", "weave"]

Repairs = Sequence[tuple[Span, str]]


def article_html(  # noqa: PLR0913 - what a page needs has many sources
    parsed: Parsed,
    marks: Sequence[Mark],
    resolve: Callable[[str], str],
    label: Callable[[str], str] | None = None,
    *,
    repairs: Repairs = (),
    words: Words | None = None,
) -> str:
    """The HTML of an article's body with its marks.

    Args:
        parsed: The article.
        marks: In any order; of two on exactly the same words the first goes around the second.
        resolve: Turns a link as written (`article:2026/port-strike`, `crane.jpg`, `#h-why`) into
            the one to publish.
        label: The headline of an article, by its name in a link without words (`[[port-strike]]`);
            without it, the name made readable stands there.
        repairs: Stretches of clean text, and what readers see instead.
        words: Of the interface, for what is said of tables and footnotes; English without it.
    """
    return typeset(weave(parsed.tokens, parsed.prose, marks, repairs), resolve, label, words)


def footnotes_apart(  # noqa: PLR0913 - as `article_html`
    parsed: Parsed,
    marks: Sequence[Mark],
    resolve: Callable[[str], str],
    label: Callable[[str], str] | None = None,
    *,
    repairs: Repairs = (),
    words: Words | None = None,
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The HTML of an article's body, and its footnotes: the letter and the HTML of each.

    The footnotes are without their list and the way back to the text. For the arguments see
    `article_html`.
    """
    woven = weave(parsed.tokens, parsed.prose, marks, repairs)
    at = next((i for i, t in enumerate(woven) if t.type == "footnote_block_open"), len(woven))
    notes: list[tuple[str, list[Token]]] = []
    for token in woven[at:]:
        if token.type == "footnote_open":
            notes.append((letters(token.meta["id"]), []))
        elif notes and token.type not in {"footnote_anchor", "footnote_close"}:
            notes[-1][1].append(token)
    if notes:
        notes[-1][1].pop()  # the end of the block
    return (
        typeset(woven[:at], resolve, label, words),
        tuple((letter, typeset(said, resolve, label, words)) for letter, said in notes),
    )


def left_out(parsed: Parsed, marks: Sequence[Mark]) -> tuple[str, ...]:
    """The ids of marks that have no piece: only white space, or part of a code span, is theirs."""
    there = {
        piece.mark for block in _plan(parsed.tokens, parsed.prose, marks) for piece in block.pieces
    }
    return tuple(mark.id for index, mark in enumerate(marks) if index not in there)


def weave(
    tokens: Sequence[Token], prose: Prose, marks: Sequence[Mark], repairs: Repairs = ()
) -> list[Token]:
    """The tokens with marks put in; the tokens that were given stay as they are.

    Pictures are copied, because renderers write into them.

    Args:
        tokens: Of an article.
        prose: Its clean text.
        marks: See `article_html`.
        repairs: See `article_html`.
    """
    plan = {block.token: block for block in _plan(tokens, prose, marks, repairs)}
    last = {piece.mark: (index, piece) for index, block in plan.items() for piece in _by_end(block)}
    woven: list[Token] = []
    begun: set[int] = set()
    for index, token in enumerate(tokens):
        children: list[Token] | None = token.children
        if block := plan.get(index):
            ending = {p for i, p in last.values() if i == index} if block.pieces else set()
            children = list(_written(block, marks, begun, ending))
        if children and (block or any(child.type == "image" for child in children)):
            copied = [c.copy(attrs=dict(c.attrs)) if c.type == "image" else c for c in children]
            token = token.copy(children=copied)  # noqa: PLW2901
        woven.append(token)
    return woven


class _Block(Struct):
    """A block with something to put in."""

    token: int
    """Index of its inline token."""
    items: list[Item]
    shape: Elements
    pieces: list[Piece]


def _plan(
    tokens: Sequence[Token], prose: Prose, marks: Sequence[Mark], repairs: Repairs = ()
) -> Iterator[_Block]:
    """All blocks with a piece or a repair, in text order."""
    starts = [block.span.start for block in prose.blocks]
    asked: dict[int, list[tuple[int, Span]]] = defaultdict(list)
    mended: dict[int, list[tuple[Span, str]]] = defaultdict(list)
    for mark, span in ((i, s) for i, each in enumerate(marks) for s in _merged(each.spans)):
        for at, part in _by_block(prose, starts, span):
            asked[at].append((mark, part))
    for span, words in sorted(repairs):
        for at, _ in _by_block(prose, starts, span):
            mended[at].append((span, words))
    for at in sorted({*asked, *mended}):
        runs = _runs(prose.runs, prose.blocks[at].span)
        children = tokens[runs[0].block].children or []
        wholes = [run.span for run in runs if is_whole(children[run.leaf])]
        wanted = [
            (mark, left)
            for mark, span in asked[at]
            if (left := settled(span, prose.text, wholes)) is not None
        ]
        found = items(children, runs, prose.text, [span for _, span in wanted])
        shape = elements(found)
        planned = pieces(found, shape, wanted)
        found = [_mended(item, mended[at]) for item in found]
        yield _Block(runs[0].block, found, shape, planned)


def _merged(spans: Spans) -> Iterator[Span]:
    """The spans in text order, those that overlap or touch made one."""
    start = end = -1
    for span in sorted(spans):
        if span.start > end:
            if start < end:
                yield Span(start, end)
            start, end = span.start, span.end
        end = max(end, span.end)
    if start < end:
        yield Span(start, end)


def _by_block(prose: Prose, starts: Sequence[int], span: Span) -> Iterator[tuple[int, Span]]:
    """Every block that a span reaches into, by its index, and its part of the span."""
    first = max(bisect_right(starts, span.start) - 1, 0)
    for index in range(first, bisect_left(starts, span.end)):
        block = prose.blocks[index].span
        if block.overlaps(span):
            yield index, Span(max(block.start, span.start), min(block.end, span.end))


def _runs(runs: Sequence[Run], block: Span) -> Sequence[Run]:
    first = bisect_left(runs, block.start, key=lambda run: run.span.start)
    return runs[first : bisect_left(runs, block.end, key=lambda run: run.span.start)]


def _mended(item: Item, repairs: Repairs) -> Item:
    """The item as readers see it; a repair stands in the item in which it begins."""
    if not repairs or item.span is None or item.token.type != "text" or is_whole(item.token):
        return item
    shown: list[str] = []
    at, end = item.span.start, item.span.end
    for span, words in repairs:
        if span.start >= end or span.end <= at:
            continue
        if span.start >= at:
            shown += item.token.content[at - item.span.start : span.start - item.span.start], words
        at = min(span.end, end)
    shown.append(item.token.content[at - item.span.start :])
    return Item(item.token.copy(content="".join(shown)), item.span, item.is_blank)


def _by_end(block: _Block) -> list[Piece]:
    return sorted(block.pieces, key=lambda piece: piece.last)


def _written(
    block: _Block, marks: Sequence[Mark], begun: set[int], ending: set[Piece]
) -> Iterator[Token]:
    """The tokens of a block with its marks.

    Args:
        block: As planned.
        marks: All of the article's.
        begun: Which marks have had their first piece; grows.
        ending: The pieces that are the last of their mark.
    """
    links = _links(block, marks)
    outside = _outside(block.shape)
    after_item: dict[int, list[Token]] = defaultdict(list)
    after_link: dict[Piece, list[Token]] = defaultdict(list)
    opened: list[Piece] = []
    coming = iter(block.pieces)
    piece = next(coming, None)
    for index, item in enumerate(block.items):
        while piece is not None and piece.first == index:
            yield _opening(
                marks[piece.mark], is_link=piece in links, is_first=piece.mark not in begun
            )
            begun.add(piece.mark)
            opened.append(piece)
            piece = next(coming, None)
        yield item.token
        yield from after_item.pop(index, ())
        while opened and opened[-1].last == index:
            closed = opened.pop()
            yield Token("mark_close", "a" if closed in links else "span", -1)
            yield from after_link.pop(closed, ())
            ref = marks[closed.mark].ref if closed in ending else None
            if ref is None:
                continue
            if around := next((each for each in opened if each in links), None):
                after_link[around] += _ref(ref)
            elif index in outside:
                after_item[outside[index]] += _ref(ref)
            else:
                yield from _ref(ref)


def _links(block: _Block, marks: Sequence[Mark]) -> set[Piece]:
    """The pieces that can be links: nothing inside or around them is one."""
    taken = [0] * (len(block.items) + 1)
    for first, last in block.shape.links:
        taken[first] += 1
        taken[last + 1] -= 1
    linked = [0, *accumulate(depth > 0 for depth in accumulate(taken[:-1]))]
    found: set[Piece] = set()
    end = -1
    for piece in block.pieces:
        is_free = piece.first > end and linked[piece.last + 1] == linked[piece.first]
        if marks[piece.mark].href and is_free:
            found.add(piece)
            end = piece.last
    return found


def _outside(shape: Elements) -> dict[int, int]:
    """For every item after which one is still in a link, the item that closes the link."""
    found: dict[int, int] = {}
    for first, last in shape.links:
        for index in range(first, last):
            found[index] = max(last, found.get(index, last))
    return found


def _opening(mark: Mark, *, is_link: bool, is_first: bool) -> Token:
    attrs: dict[str, str | int | float] = {}
    if mark.classes:
        attrs["class"] = mark.classes
    if mark.id:
        attrs["id" if is_first else "data-mark"] = mark.id
    if is_link:
        attrs["href"] = mark.href
    if is_link or not mark.href:
        attrs.update(mark.attrs)
    return Token("mark_open", "a" if is_link else "span", 1, attrs=attrs)


def _ref(ref: Ref) -> tuple[Token, ...]:
    link = {"class": "ref", "href": ref.href, **dict(ref.attrs)}
    return (
        Token("ref_open", "a", 1, attrs=dict(link)),
        Token("text", "", 0, content=str(ref.number)),
        Token("ref_label_open", "span", 1, attrs={"class": "vh"}),
        Token("text", "", 0, content=ref.label),
        Token("ref_label_close", "span", -1),
        Token("ref_close", "a", -1),
    )
