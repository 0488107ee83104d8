"""A parsed text as plain lists, for the finders to walk quickly: one entry a token."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Sequence
from typing import NamedTuple

import numpy as np
from spacy.strings import StringStore
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
    "IDX",
]
_UNSPOKEN = frozenset({"PUNCT", "SPACE"})
_NAMELIKE = frozenset({"PROPN", "NUM", "X", "SYM", "SPACE"})
_IN_CAPITALS = frozenset({"NOUN", "ADJ", "INTJ"})


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
    voiced: list[bool]
    """Whether the token is a word, and no mark or blank."""
    lexical: list[bool]
    """Whether it is a word that begins with a letter or a digit."""
    shown: list[str]
    """What the decisions see of it: its lemma, or its kind where it names somebody or something."""

    def span(self, first: int, last: int) -> Span:
        """Return the characters from one token to another, both included."""
        return Span(self.start[first], self.end[last])

    def capital(self, token: int) -> bool:
        """Return whether a token begins with a capital."""
        return self.text[self.start[token]].isupper()

    def spoken(self, token: int) -> bool:
        """Return whether a token is a word, and no mark or blank."""
        return self.voiced[token]

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


class _Strings(dict[int, str]):
    """What numbers of spaCy's stand for; each is asked for once."""

    def __init__(self, store: StringStore) -> None:
        super().__init__()
        self._store = store

    def __missing__(self, key: int) -> str:
        found = self[key] = self._store[key]
        return found


def tree(doc: Doc, blocks: Sequence[Block], text: str | None = None) -> Tree:
    """Return a parsed text as lists, with its outermost quotations.

    `text` is that of the doc, if it is at hand: spaCy has to put it together.
    """
    columns = doc.to_array(_COLUMNS)
    known = _Strings(doc.vocab.strings)

    def text_of(column: int) -> list[str]:
        return list(map(known.__getitem__, columns[:, column].tolist()))

    size = len(doc)
    offsets = columns[:, 6].astype("int32").tolist() if size else []
    head = [at + offset for at, offset in enumerate(offsets)]
    begins = columns[:, 7].astype("int8").tolist() if size else []
    lengths = columns[:, 8].tolist() if size else []
    start = columns[:, 9].tolist() if size else []
    children: list[list[int]] = [[] for _ in range(size)]
    for at, above in enumerate(head):
        if above != at:
            children[above].append(at)
    firsts = [at for at in range(size) if at == 0 or begins[at] == 1]
    sentences = list(zip(firsts, [*firsts[1:], size][: len(firsts)], strict=True))
    sentence = [number for number, (first, end) in enumerate(sentences) for _ in range(first, end)]
    left, right = _edges(head)
    text = doc.text if text is None else text
    found = outermost(quotes(text, blocks))
    words, lemma, pos, tag, dep, entity = map(text_of, range(6)) if size else ([] for _ in range(6))
    voiced = [each not in _UNSPOKEN for each in pos]
    return Tree(
        text=text,
        words=words,
        lemma=lemma,
        pos=pos,
        tag=tag,
        dep=dep,
        entity=entity,
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
        voiced=voiced,
        lexical=[each and word[:1].isalnum() for each, word in zip(voiced, words, strict=True)],
        shown=_shown(
            (lemma, pos, entity),
            frozenset(first for first, _ in sentences),
            [text[at : at + 1].isupper() for at in start],
        ),
    )


def _shown(
    columns: tuple[list[str], list[str], list[str]], firsts: Container[int], capitals: list[bool]
) -> list[str]:
    """Lemmas, or kinds: no name may be learnt, nor a noun with a capital inside its sentence.

    `columns` are lemmas, parts of speech and labels of names.
    """
    found = []
    for at, (base, kind, label) in enumerate(zip(*columns, strict=True)):
        if label:
            found.append(f"<{label}>")
        elif kind in _NAMELIKE:
            found.append(f"<{kind}>")
        elif kind != "PRON" and (
            base[:1].isupper() or (kind in _IN_CAPITALS and at not in firsts and capitals[at])
        ):
            found.append("<PROPN>")
        else:
            found.append(base)
    return found


def _edges(head: list[int]) -> tuple[list[int], list[int]]:
    """First and last token below each token: who comes first goes up as far as nobody went."""
    size = len(head)
    left, right = list(range(size)), list(range(size))
    for at in range(size):
        above = head[at]
        while at < left[above]:
            left[above] = at
            above = head[above]
    for at in range(size - 1, -1, -1):
        above = head[at]
        while at > right[above]:
            right[above] = at
            above = head[above]
    return left, right


def _places(starts: list[int], spans: Sequence[Span]) -> list[int]:
    """For every token the stretch it begins in, or -1; the stretches do not overlap."""
    if not spans:
        return [-1] * len(starts)
    firsts, ends = (
        np.array(each) for each in zip(*((span.start, span.end) for span in spans), strict=True)
    )
    number = np.searchsorted(firsts, starts, "right") - 1
    found: list[int] = np.where((number >= 0) & (starts < ends[number]), number, -1).tolist()
    return found
