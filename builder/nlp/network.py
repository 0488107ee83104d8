"""The small network that sees cues, and what of a text is a cue's content and who its source is.

It looks at words (the model's vectors, never of names), tags, marks, and over several rounds at
neighbours in the text and in the tree; then at pairs of a cue and a token near it. numpy runs it;
`builder.nlp.learn` trains it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from builder.nlp.columns import (
    FLAGS,
    LENGTHS,
    Columns,
    Numbers,
    Reals,
    Signs,
    columns,
    pairs,
    unnamed,
)
from builder.nlp.tree import Tree

BACK, WINDOW = 128, 320
"""Tokens before a cue, and in all, among which its content and source are looked for."""
REACHES = (1, 2, 4, 8, 1)
"""For each round, how far away in the text the neighbours are that a token looks at."""
VECTOR = 300
"""Numbers in a word vector of the model."""
_MANY = 8
"""Children of a token, beyond which they are added up otherwise."""
_LENGTH = 3.0
"""All word vectors are brought to this length."""

Places = NDArray[np.integer]
Arrays = Mapping[str, Reals]
"""Weights by name; `learn.begin` lists them with their shapes."""


class Network(NamedTuple):
    """Trained weights, and the signs they were trained with."""

    signs: Signs
    arrays: Arrays


class Around(NamedTuple):
    """Chances for the tokens from `first` on: to be a cue's content, and its source."""

    first: int
    content: Reals
    source: Reals


class Sight(Protocol):
    """What is seen in one text."""

    @property
    def cue(self) -> Reals:
        """For every token how likely it is the head of a cue."""
        ...

    @property
    def said(self) -> Reals:
        """For every token how likely somebody's words are there, whoever's."""
        ...

    def around(self, cues: Sequence[int]) -> list[Around]:
        """Return what is seen of the tokens around each of some cues."""
        ...


class Seen:
    """What a network sees in a text."""

    def __init__(self, network: Network, tree: Tree, vectors: Numbers, table: Reals) -> None:
        """Look at a text.

        Args:
            network: What was trained.
            tree: The text.
            vectors: `columns.rows` of it.
            table: The word vectors of the model, `VECTOR` wide; else none is looked at.
        """
        self._arrays = network.arrays
        self._deps = len(network.signs.dep) + 1
        self._text = columns(tree, network.signs)
        words = vectors_of(table, unnamed(tree, vectors))
        hidden = _hidden(self._arrays, self._text, words)
        over = np.concatenate([hidden, hidden[self._text.head]], axis=1)
        self._hidden = hidden
        self._tokens = _linear(self._arrays, "token", hidden)
        # Pairs are compared in a small space, twice: for content and for source.
        self._paired = [hidden @ each for each in self._arrays["pair.token"]]
        self.cue: Reals = _chance(_linear(self._arrays, "cue", over)[:, 0])
        self.said: Reals = _chance(_linear(self._arrays, "tags", hidden)[:, 0])

    def around(self, cues: Sequence[int]) -> list[Around]:
        """Return what is seen of the tokens around each of some cues."""
        if not cues:
            return []
        size, arrays = len(self.cue), self._arrays
        firsts = [max(0, cue - BACK) for cue in cues]
        ends = [min(size, cue - BACK + WINDOW) for cue in cues]
        lies = pairs(self._text, cues, firsts, ends, self._deps)
        asking = np.stack([_linear(arrays, "asking", self._hidden[cue]) for cue in cues])
        mixed = self._tokens.take(lies.token, axis=0)
        mixed += asking.take(lies.number, axis=0)
        # The same is added to all that does not stand in its cue's sentence.
        near = mixed[lies.near] + arrays["path"][lies.path]
        mixed += arrays["path"][0]
        mixed[lies.near] = near
        mixed += arrays["distance"].take(lies.distance, axis=0)
        near = mixed[lies.near] + arrays["length"][lies.length]
        mixed += arrays["length"][LENGTHS - 1]
        mixed[lies.near] = near
        chances = _linear(arrays, "pair", np.maximum(mixed, 0, out=mixed))
        at = 0
        reaches: list[slice] = []
        for cue, first, end in zip(cues, firsts, ends, strict=True):
            reaches.append(slice(at, at := at + end - first))
            for number, weights in enumerate(arrays["pair.cue"]):
                meant = self._hidden[cue] @ weights
                chances[reaches[-1], number] += self._paired[number][first:end] @ meant
        chances = _chance(chances)
        return [
            Around(first, chances[reach, 0], chances[reach, 1])
            for first, reach in zip(firsts, reaches, strict=True)
        ]


def vectors_of(table: Reals, vectors: Numbers) -> Reals:
    """Return the word vectors of rows, all of one length; zeros where there is none."""
    found = np.zeros((len(vectors), VECTOR), np.float32)
    known = vectors >= 0
    if known.any() and table.shape[1] == VECTOR:
        taken = table[vectors[known]]
        length = np.maximum(np.linalg.norm(taken, axis=1, keepdims=True), 1e-6)
        found[known] = taken / length * _LENGTH
    return found


def shape_of(known: Signs) -> dict[str, int]:
    """Return how wide the table of each kind of sign is, by the name of its array."""
    return {kind: len(getattr(known, kind)) + 1 for kind in Signs._fields}


def _hidden(arrays: Arrays, text: Columns, words: Reals) -> Reals:
    size = len(text.head)
    columns_ = [arrays[kind].take(getattr(text, kind), axis=0) for kind in Signs._fields]
    seen = [*columns_, _linear(arrays, "vector", words), text.flags[:, :FLAGS]]
    hidden = _linear(arrays, "in", np.concatenate(seen, axis=1))
    np.maximum(hidden, 0, out=hidden)
    children = _children(text.head)
    width = hidden.shape[1]
    looked = np.zeros((size, 6, width), np.float32)
    for number, reach in enumerate(REACHES):
        each = _even(hidden)
        looked[:, 0] = each
        looked[:reach, 1] = 0
        looked[reach:, 1] = each[:-reach]
        looked[-reach:, 2] = 0
        looked[:-reach, 2] = each[reach:]
        looked[:, 3] = each.take(text.head, axis=0)
        for heads, ranks, count in children:
            looked[heads, 4] = _sum(each, ranks) / count
        looked[:, 5] = each.take(text.sibling, axis=0)
        mixed = _linear(arrays, f"look.{number}", looked.reshape(size, 6 * width))
        hidden += _linear(arrays, f"keep.{number}", np.maximum(mixed, 0, out=mixed))
    return _even(hidden)


def _children(head: Numbers) -> list[tuple[Places, list[Places], Reals]]:
    """Tokens with what hangs on them, those with many apart: heads, children, how many.

    Children are told by rank, all the first ones, all the second ones; heads with more of them come
    first, so that who has a child of some rank stands at the beginning.
    """
    below = np.flatnonzero(head != np.arange(len(head)))
    order = below[np.argsort(head[below], kind="stable")]
    heads, starts, count = np.unique(head[order], return_index=True, return_counts=True)
    found: list[tuple[Places, list[Places], Reals]] = []
    by_count = np.argsort(-count, kind="stable")
    for some in (by_count[count[by_count] <= _MANY], by_count[count[by_count] > _MANY]):
        if len(some):
            ranks: list[Places] = [
                order[starts[some][count[some] > rank] + rank] for rank in range(count[some[0]])
            ]
            found.append((heads[some], ranks, count[some, None].astype(np.float32)))
    return found


def _sum(values: Reals, ranks: Sequence[Places]) -> Reals:
    """Add up the rows of each rank, as `numpy.add.reduceat` does: the first one last."""
    total: Reals = values.take(ranks[0], axis=0)
    if len(ranks) > _MANY:
        rows = [[rank[at] for rank in ranks if at < len(rank)] for at in range(len(total))]
        starts = np.cumsum([0, *map(len, rows[:-1])])
        more: Reals = np.add.reduceat(values[np.concatenate(rows)], starts, axis=0)
        return more
    if len(ranks) > 1:
        rest = values.take(ranks[1], axis=0)
        for rank in ranks[2:]:
            rest[: len(rank)] += values.take(rank, axis=0)
        total[: len(rest)] += rest
    return total


def _even(values: Reals) -> Reals:
    """Bring each row to mean 0 and variance 1 (layer normalisation)."""
    width = np.float32(values.shape[1])
    apart: Reals = values - _total(values) / width
    apart /= np.sqrt(_total(apart * apart) / width + np.float32(1e-5))
    return apart


def _total(values: Reals) -> Reals:
    total: Reals = np.add.reduce(values, axis=1, keepdims=True)
    return total


def _linear(arrays: Arrays, name: str, values: Reals) -> Reals:
    found: Reals = values @ arrays[f"{name}.weights"]
    found += arrays[f"{name}.bias"]
    return found


def _chance(values: Reals) -> Reals:
    likely = 1 / (1 + np.exp(-np.clip(values, -30, 30)))
    return likely.astype(np.float32)
