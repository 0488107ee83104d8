"""A parsed text as plain lists, for the finders to walk quickly: one entry a token."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from spacy.tokens import Doc

from builder.model import Block, Span
from builder.nlp.quotes import Quote, outermost, quotes

_COLUMNS: list[int | str] = [
    "LOWER",
    "LEMMA",
    "POS",
    "TAG",
    "DEP",
    "ENT_TYPE",
    "HEAD",
    "SENT_START",
    "LENGTH",
]


class Tree(NamedTuple):
    """The parse of a text; every list but `sentences` and `quotes` has one entry a token."""

    text: str
    words: list[str]
    """In lower case."""
    lemma: list[str]
    pos: list[str]
    tag: list[str]
    dep: list[str]
    entity: list[str]
    """The model's label of the name that the token is part of, or nothing."""
    head: list[int]
    """A root is its own head."""
    children: list[list[int]]
    left: list[int]
    """First token of the subtree."""
    right: list[int]
    """Last token of the subtree."""
    start: list[int]
    """Character offset."""
    end: list[int]
    sentence: list[int]
    """Index into `sentences`."""
    block: list[int]
    """Index into `blocks`, -1 for the blank between two."""
    quote: list[int]
    """Index into `quotes` of the quotation whose marks or words the token is part of, or -1."""
    sentences: list[tuple[int, int]]
    """First token and the one after the last."""
    quotes: list[Quote]
    """The outermost ones."""
    blocks: Sequence[Block]

    def span(self, first: int, last: int) -> Span:
        """Return the characters from one token to another, both included."""
        return Span(self.start[first], self.end[last])

    def capital(self, token: int) -> bool:
        """Return whether a token begins with a capital."""
        return self.text[self.start[token]].isupper()

    def spoken(self, token: int) -> bool:
        """Return whether a token is a word, and no mark or blank."""
        return self.pos[token] not in {"PUNCT", "SPACE"}

    def within(self, span: Span) -> range:
        """Return the tokens that begin inside a stretch of characters."""
        return range(bisect_left(self.start, span.start), bisect_left(self.start, span.end))

    def speeches(self) -> list[list[Quote]]:
        """Return the outermost quotations; one that goes on in later blocks with all its parts.

        It is left open, and the next block goes on without a mark or opens with one again, as print
        does it.
        """
        found: list[list[Quote]] = []
        left_open: int | None = None
        for quote in self.quotes:
            within = self.within(quote.outer)
            if not within:
                continue
            first = self.block[within[0]]
            opens = within[0] == 0 or self.block[within[0] - 1] != first
            if left_open == first - 1 and (quote.carried or opens):
                found[-1].append(quote)
            else:
                found.append([quote])
            left_open = None if quote.closed else self.block[within[-1]]
        return found


def tree(doc: Doc, blocks: Sequence[Block]) -> Tree:
    """Return a parsed text as lists, with its outermost quotations."""
    strings = doc.vocab.strings
    columns = doc.to_array(_COLUMNS)
    known: dict[int, str] = {}

    def text_of(column: int) -> list[str]:
        found = []
        for key in columns[:, column].tolist():
            if key not in known:
                known[key] = strings[key]
            found.append(known[key])
        return found

    size = len(doc)
    offsets = columns[:, 6].astype("int32").tolist() if size else []
    head = [at + offset for at, offset in enumerate(offsets)]
    begins = columns[:, 7].astype("int8").tolist() if size else []
    start = [token.idx for token in doc]
    lengths = columns[:, 8].tolist() if size else []
    children: list[list[int]] = [[] for _ in range(size)]
    for at, above in enumerate(head):
        if above != at:
            children[above].append(at)
    firsts = [at for at in range(size) if at == 0 or begins[at] == 1]
    sentences = list(zip(firsts, [*firsts[1:], size][: len(firsts)], strict=True))
    sentence = [number for number, (first, end) in enumerate(sentences) for _ in range(first, end)]
    left, right = _edges(head, sentences)
    text = doc.text
    found = outermost(quotes(text, blocks))
    return Tree(
        text=text,
        words=text_of(0) if size else [],
        lemma=text_of(1) if size else [],
        pos=text_of(2) if size else [],
        tag=text_of(3) if size else [],
        dep=text_of(4) if size else [],
        entity=text_of(5) if size else [],
        head=head,
        children=children,
        left=left,
        right=right,
        start=start,
        end=[at + length for at, length in zip(start, lengths, strict=True)],
        sentence=sentence,
        block=_places(start, [block.span for block in blocks]),
        quote=_places(start, [quote.outer for quote in found]),
        sentences=sentences,
        quotes=found,
        blocks=blocks,
    )


def _edges(head: list[int], sentences: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    left, right = list(range(len(head))), list(range(len(head)))
    for first, end in sentences:
        changed = True
        while changed:
            changed = False
            for at in range(first, end):
                above = head[at]
                if left[at] < left[above]:
                    left[above], changed = left[at], True
                if right[at] > right[above]:
                    right[above], changed = right[at], True
    return left, right


def _places(starts: list[int], spans: Sequence[Span]) -> list[int]:
    """For every token the stretch it begins in, or -1; the stretches do not overlap."""
    firsts = [span.start for span in spans]
    found = []
    for start in starts:
        number = bisect_right(firsts, start) - 1
        found.append(number if number >= 0 and start < spans[number].end else -1)
    return found
