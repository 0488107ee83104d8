"""What the network reads of a text: numbers for every token, and for every token beside a cue."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from builder.nlp.tree import Tree

Numbers = NDArray[np.int32]
Reals = NDArray[np.float32]

FLAGS = 24
"""How many yes-or-no signs and shares stand beside each token."""
DISTANCES = 60
LENGTHS = 10
"""How many kinds of distance, and of length of path, there are between a cue and a token."""

_KINDS = ("pos", "tag", "dep", "entity", "lemma")
_FEWEST = 8
"""A lemma that is rarer in the marked reports is not learnt."""
_MOST = 3000
_STEEP = 4
"""Edges that are followed upwards from a cue."""
_DEEP = 60
_APART = 5
"""Sentences between a token and a cue that are told from more."""
_FARTHER: Numbers = np.array(
    [
        (20 if apart < 0 else 40) + abs(apart) * 3 + blocks
        for apart in range(-_APART, _APART + 1)
        for blocks in range(3)
    ],
    np.int32,
)
"""Distances between a token and a cue in another sentence, by sentences and blocks between them."""
_FAR = 80
"""Tokens beyond which a distance within a sentence is the same."""
_NEARER: Numbers = np.array(
    [
        (10 if offset >= 0 else 0) + min(int(math.log2(max(abs(offset), 1)) * 1.5), 9)
        for offset in range(-_FAR, _FAR + 1)
    ],
    np.int32,
)
"""Distances within the cue's sentence, by the offset from it."""


class Signs(NamedTuple):
    """Which number stands for which tag, label or lemma; 0 stands for all others."""

    pos: Mapping[str, int]
    tag: Mapping[str, int]
    dep: Mapping[str, int]
    entity: Mapping[str, int]
    lemma: Mapping[str, int]
    """Never a name: those stand here by their kind (`<PERSON>`)."""

    @property
    def paths(self) -> int:
        """How many kinds of path there are from a cue: see `between`."""
        return 3 * (len(self.dep) + 1) + 2


class Columns(NamedTuple):
    """A text as arrays with one entry a token."""

    pos: Numbers
    tag: Numbers
    dep: Numbers
    entity: Numbers
    lemma: Numbers
    flags: Reals
    head: Numbers
    sibling: Numbers
    """The nearest token before it that hangs on the same head, or the token itself."""
    sentence: Numbers
    block: Numbers


class Between(NamedTuple):
    """How tokens lie to a cue: one number each."""

    path: Numbers
    """The first edge from the cue towards the token; for one above it, how it is reached."""
    distance: Numbers
    length: Numbers
    """Edges, `LENGTHS - 1` in another sentence."""


class Pairs(NamedTuple):
    """How tokens lie to several cues: one entry a pair of a cue and a token, cue by cue."""

    number: Numbers
    """Which of the cues it is."""
    token: NDArray[np.integer]
    distance: Numbers
    near: NDArray[np.integer]
    """Which pairs stand in one sentence."""
    path: list[int]
    """Of those; others have path 0."""
    length: list[int]
    """Of those; others have `LENGTHS - 1`."""


def signs(trees: Iterable[Tree]) -> Signs:
    """Return the signs of texts, the most frequent first."""
    count: dict[str, Counter[str]] = {kind: Counter() for kind in _KINDS}
    for tree in trees:
        count["pos"].update(tree.pos)
        count["tag"].update(tree.tag)
        count["dep"].update(tree.dep)
        count["entity"].update(tree.entity)
        count["lemma"].update(tree.shown)
    frequent = Counter({name: n for name, n in count["lemma"].items() if n >= _FEWEST})
    count["lemma"] = frequent
    return Signs(*(numbered(_by_count(count[kind])) for kind in _KINDS))


def numbered(names: Sequence[str]) -> dict[str, int]:
    """Return names with their numbers, from 1."""
    return {name: number for number, name in enumerate(names, 1)}


def rows(doc: Doc) -> Numbers:
    """Return for every token the row of the model's table of word vectors, or -1.

    The word in lower case is looked up first, then as it stands.
    """
    vectors = doc.vocab.vectors
    if not len(doc) or not vectors.shape[0]:
        return np.full(len(doc), -1, np.int32)
    found = np.asarray(vectors.find(keys=doc.to_array("LOWER")), np.int32)
    missing = np.flatnonzero(found < 0)
    if len(missing):
        found[missing] = vectors.find(keys=doc.to_array("ORTH")[missing])
    return found


def columns(tree: Tree, known: Signs) -> Columns:
    """Return what the network reads of each token."""

    def numbers(names: Sequence[str], of: Mapping[str, int]) -> Numbers:
        return np.array(list(map(of.get, names, repeat(0))), np.int32)

    return Columns(
        numbers(tree.pos, known.pos),
        numbers(tree.tag, known.tag),
        numbers(tree.dep, known.dep),
        numbers(tree.entity, known.entity),
        numbers(tree.shown, known.lemma),
        _flags(tree),
        np.array(tree.head, np.int32),
        _siblings(tree.head),
        np.array(tree.sentence, np.int32),
        np.array(tree.block, np.int32),
    )


def unnamed(tree: Tree, vectors: Numbers) -> Numbers:
    """Return rows of word vectors without those of names: nobody's name is to be learnt."""
    named = [shown[:1] == "<" for shown in tree.shown]
    return np.where(np.array(named, bool), -1, vectors).astype(np.int32)


def between(text: Columns, cue: int, first: int, end: int, deps: int) -> Between:
    """Return how the tokens from `first` to before `end` lie to a cue; `deps` counts labels."""
    lies = pairs(text, [cue], [first], [end], deps)
    path = np.zeros(end - first, np.int32)
    length = np.full(end - first, LENGTHS - 1, np.int32)
    path[lies.near], length[lies.near] = lies.path, lies.length
    return Between(path, lies.distance, length)


def pairs(
    text: Columns, cues: Sequence[int], firsts: Sequence[int], ends: Sequence[int], deps: int
) -> Pairs:
    """Return how tokens lie to several cues: to each those from its first to before its end."""
    first, at = np.array(firsts, np.int32), np.array(cues, np.int32)
    counts = np.array(ends, np.int32) - first
    number = np.repeat(np.arange(len(cues), dtype=np.int32), counts)
    token = np.arange(len(number), dtype=np.int32) - (counts.cumsum() - counts - first)[number]
    cue = at[number]
    apart = text.sentence[token] - text.sentence[cue]
    near = np.flatnonzero(apart == 0)
    blocks = np.minimum(np.abs(text.block[token] - text.block[cue]), 2)
    distance = _FARTHER.take((apart.clip(-_APART, _APART) + _APART) * 3 + blocks)
    distance[near] = _NEARER.take((token - cue)[near] + _FAR, mode="clip")
    head, dep = text.head.tolist(), text.dep.tolist()
    paths: list[int] = []
    lengths: list[int] = []
    inside = np.bincount(number[near], minlength=len(cues)).tolist()
    begins = token[near].tolist()
    done = 0
    for each, count in zip(cues, inside, strict=True):
        if count:
            reach = range(begins[done], begins[done] + count)
            path, length = _paths(head, dep, each, reach, deps)
            paths += path
            lengths += length
            done += count
    return Pairs(number, token, distance, near, paths, lengths)


def _paths(
    head: Sequence[int], dep: Sequence[int], cue: int, reach: range, deps: int
) -> tuple[list[int], list[int]]:
    """Path and length for tokens of the cue's own sentence.

    A path is 0 for the cue; below it 1 + the label of the first edge; `deps` + 1 + the label of
    the first edge upwards for what stands right above; and 2 `deps` + 1 + the label of the edge
    that leads down again for what hangs there.
    """
    known: dict[int, tuple[int, int]] = {cue: (0, 0)}
    above: set[int] = {cue}
    at = cue
    for step in range(1, _STEEP + 1):
        over = head[at]
        if over == at:
            break
        known[over] = (deps + 1 + dep[cue], step)
        above.add(over)
        at = over
    for token in reach:
        if token in known:
            continue
        chain: list[int] = []
        at = token
        while at not in known and len(chain) < _DEEP:
            chain.append(at)
            over = head[at]
            if over == at:
                break
            at = over
        reached = at in known
        for below in reversed(chain):
            if not reached:
                known[below] = (0, LENGTHS - 1)
                continue
            over = head[below]
            path, length = known.get(over, (0, LENGTHS - 1))
            if over in above:
                path = dep[below] + (1 if over == cue else 2 * deps + 1)
            known[below] = (path, min(length + 1, LENGTHS - 2))
    found = [known[token] for token in reach]
    return [path for path, _ in found], [length for _, length in found]


def _siblings(head: Sequence[int]) -> Numbers:
    found = np.arange(len(head), dtype=np.int32)
    last: dict[int, int] = {}
    for at, over in enumerate(head):
        if over != at:
            found[at] = last.get(over, at)
            last[over] = at
    return found


def _flags(tree: Tree) -> Reals:
    """Marks, edges of blocks and sentences, capitals, lengths and the place in the text."""
    size = len(tree.words)
    found = np.zeros((size, FLAGS), np.float32)
    if not size:
        return found
    quote, block, sentence = (
        np.array(each, np.int64) for each in (tree.quote, tree.block, tree.sentence)
    )
    held = quote >= 0
    opens, closes = held & _changes(quote), held & _changes(quote[::-1])[::-1]
    found[:, 0], found[:, 1], found[:, 2] = held, opens, closes
    for step in (1, 2, 3):
        found[step:, 2 + step] = closes[:-step]
        found[:-step, 5 + step] = opens[step:]
    if tree.quotes and held.any():
        length = np.bincount(quote[held], minlength=len(tree.quotes))[quote]
        found[:, 9] = held & np.array([each.closed for each in tree.quotes])[quote]
        found[:, 10] = held & (length <= 4)
        found[:, 11] = held & (length > 12)
    found[:, 12], found[:, 13] = _changes(block), _changes(block[::-1])[::-1]
    found[:, 14], found[:, 15] = _changes(sentence), _changes(sentence[::-1])[::-1]
    found[:, 16], found[:, 17] = block == 0, block < 0
    inside = block >= 0
    if inside.any():
        found[:, 18] = inside & (np.bincount(block[inside])[block] < 15)
        kinds = np.array([each.kind != "paragraph" for each in tree.blocks])
        found[:, 19] = inside & kinds[block]
    text = tree.text
    for at, (start, end) in enumerate(zip(tree.start, tree.end, strict=True)):
        if start < end and text[start].isupper():
            found[at, 20] = 1
            found[at, 21] = end - start > 1 and text[start:end].isupper()
    found[:, 22] = np.minimum(np.bincount(sentence)[sentence], 50) / 50
    found[:, 23] = np.arange(size) / size
    return found


def _changes(values: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Where a value differs from the one before it; the first does."""
    return np.concatenate([[True], values[1:] != values[:-1]])


def _by_count(count: Counter[str]) -> list[str]:
    return sorted(count, key=lambda name: (-count[name], name))[:_MOST]
