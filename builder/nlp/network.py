"""The small network that sees cues, and what of a text is a cue's content and who its source is.

It looks at words (the model's vectors, never of names), tags, marks, and over several rounds at
neighbours in the text and in the tree; then at pairs of a cue and a token near it. numpy runs it;
`builder.nlp.learn` trains it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

import numpy as np

from builder.nlp.columns import FLAGS, Columns, Numbers, Reals, Signs, between, columns, unnamed
from builder.nlp.tree import Tree

BACK, WINDOW = 128, 320
"""Tokens before a cue, and in all, among which its content and source are looked for."""
REACHES = (1, 2, 4, 8, 1)
"""For each round, how far away in the text the neighbours are that a token looks at."""
VECTOR = 300
"""Numbers in a word vector of the model."""
_LENGTH = 3.0
"""All word vectors are brought to this length."""

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

    def around(self, cue: int) -> Around:
        """Return what is seen of the tokens around a cue."""
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

    def around(self, cue: int) -> Around:
        """Return what is seen of the tokens around a cue."""
        size = len(self.cue)
        first, end = max(0, cue - BACK), min(size, cue - BACK + WINDOW)
        lies = between(self._text, cue, first, end, self._deps)
        arrays, own = self._arrays, self._hidden[cue]
        mixed = _linear(arrays, "asking", own) + self._tokens[first:end]
        mixed = mixed + arrays["path"][lies.path] + arrays["distance"][lies.distance]
        mixed = np.maximum(mixed + arrays["length"][lies.length], 0)
        pairs = _linear(arrays, "pair", mixed)
        content, source = (
            pairs[:, number] + self._paired[number][first:end] @ (own @ weights)
            for number, weights in enumerate(arrays["pair.cue"])
        )
        return Around(first, _chance(content), _chance(source))


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
    columns_ = [arrays[kind][getattr(text, kind)] for kind in Signs._fields]
    seen = [*columns_, _linear(arrays, "vector", words), text.flags[:, :FLAGS]]
    hidden = np.maximum(_linear(arrays, "in", np.concatenate(seen, axis=1)), 0)
    below = np.flatnonzero(text.head != np.arange(size))
    order = below[np.argsort(text.head[below], kind="stable")]
    heads, starts = np.unique(text.head[order], return_index=True)
    count = np.diff(np.append(starts, len(order)))[:, None].astype(np.float32)
    for number, reach in enumerate(REACHES):
        each = _even(hidden)
        nothing = np.zeros((min(reach, size), each.shape[1]), np.float32)
        down = np.zeros_like(each)
        if len(order):
            down[heads] = np.add.reduceat(each[order], starts, axis=0) / count
        looked = [
            each,
            np.concatenate([nothing, each])[:size],
            np.concatenate([each, nothing])[-size:],
            each[text.head],
            down,
            each[text.sibling],
        ]
        mixed = _linear(arrays, f"look.{number}", np.concatenate(looked, axis=1))
        hidden = hidden + _linear(arrays, f"keep.{number}", np.maximum(mixed, 0))
    return _even(hidden)


def _even(values: Reals) -> Reals:
    """Bring each row to mean 0 and variance 1 (layer normalisation)."""
    apart = values - values.mean(axis=1, keepdims=True)
    spread = np.sqrt((apart * apart).mean(axis=1, keepdims=True) + 1e-5)
    found: Reals = (apart / spread).astype(np.float32)
    return found


def _linear(arrays: Arrays, name: str, values: Reals) -> Reals:
    found: Reals = values @ arrays[f"{name}.weights"] + arrays[f"{name}.bias"]
    return found


def _chance(values: Reals) -> Reals:
    likely = 1 / (1 + np.exp(-np.clip(values, -30, 30)))
    return likely.astype(np.float32)
