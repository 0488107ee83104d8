"""Whose words are most like whose: what the last build knew of it, and only what is new anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from builder.memory import Memory
from builder.terms import Bools, Breathe, Floats, Ints, Terms

KEPT = 50
"""How many neighbours of each article are known."""
_FEW = 4
"""If more than one article in so many has new terms, all are looked at."""


class Nearest(Struct, frozen=True):
    """For each article those most like it, best first.

    Of two that are as like it, the one that comes first is better.
    """

    starts: Ints
    """Where in the two lists below the entries of each article begin; one more at the end."""
    others: Ints
    values: Floats
    """How like they are, above 0, at most 1."""

    def of(self, article: int) -> tuple[Ints, Floats]:
        """The entries of one."""
        entries = slice(self.starts[article], self.starts[article + 1])
        return self.others[entries], self.values[entries]


class Left(Struct, frozen=True, array_like=True):
    """What was found of some articles, for the next time."""

    ids: list[str]
    marks: list[bytes]
    """`Terms.marks`."""
    starts: bytes
    others: bytes
    values: bytes


def nearest(
    terms: Terms,
    ids: Sequence[str],
    memory: Memory,
    breathe: Breathe,
    *,
    most: int = KEPT,
) -> Nearest:
    """For each article those most like it.

    Likenesses are sums of numbers that are exact, so they are the same in whatever order they were
    added up, from either side, in this build or an earlier one.

    Args:
        terms: Of the articles.
        ids: Of the articles.
        memory: Of the last time; takes what is found for the next one.
        breathe: Called again and again; whatever it raises ends the work.
        most: How many there are for each article at the most.
    """
    rows = _Rows(terms, len(ids), most)
    left = memory.left("nearest", Left)
    known = _known(left, ids, terms.marks, most) if left else None
    if known is None:
        found = _gathered(len(ids), {at: rows.best(at, breathe) for at in range(len(ids))})
    else:
        found = _went_on(known, rows, breathe)
    memory.leave(
        "nearest",
        Left(
            ids=list(ids),
            marks=terms.marks,
            starts=found.starts.tobytes(),
            others=found.others.astype(np.int32).tobytes(),
            values=found.values.tobytes(),
        ),
    )
    return found


def likenesses(terms: Terms, one: int, others: Sequence[int]) -> Floats:
    """How like one article some others are, as `nearest` says it of those that are near."""
    entries = slice(terms.starts[one], terms.starts[one + 1])
    columns, weights = terms.columns[entries], terms.weights[entries]
    found = []
    for other in others:
        right = slice(terms.starts[other], terms.starts[other + 1])
        _, here, there = np.intersect1d(
            columns, terms.columns[right], assume_unique=True, return_indices=True
        )
        found.append(weights[here] @ terms.weights[right][there])
    return np.array(found, dtype=np.float64)


class _Rows:
    """How like one article all others are."""

    def __init__(self, terms: Terms, size: int, most: int) -> None:
        self.terms, self.size, self.most = terms, size, most

    def all(self, at: int) -> Floats:
        """For every article how like it is; 0 for itself."""
        terms = self.terms
        entries = slice(terms.starts[at], terms.starts[at + 1])
        columns = terms.columns[entries]
        first = terms.column_starts[columns]
        often = terms.column_starts[columns + 1] - first
        # Where the articles of the first term stand, then those of the second, and so on.
        before = often.cumsum() - often
        postings = np.arange(often.sum()) + (first - before).repeat(often)
        shares = terms.weights[entries].repeat(often) * terms.row_weights[postings]
        counted = np.bincount(terms.rows[postings], shares, minlength=self.size)
        found: Floats = np.asarray(counted, dtype=np.float64)
        found[at] = 0
        return found

    def best(self, at: int, breathe: Breathe) -> tuple[Ints, Floats]:
        """Those most like it."""
        breathe()
        return self.best_of(self.all(at))

    def best_of(self, likeness: Floats) -> tuple[Ints, Floats]:
        """Those most like it, of all."""
        there = likeness.nonzero()[0]
        values = likeness[there]
        if len(there) > self.most:
            enough = values >= np.partition(values, -self.most)[-self.most]
            there, values = there[enough], values[enough]
        order = (-values).argsort(kind="stable")[: self.most]
        return there[order], values[order]


class _Known(Struct, frozen=True):
    """What the last build found between articles that are as they were."""

    is_new: Bools
    """Which articles have other terms than they had, or were not there."""
    owners: Ints
    others: Ints
    values: Floats
    least: Floats
    """For each article: whoever is not among its entries and is as it was, is no more like it than
    this; less than 0 if there is nobody else."""


def _known(left: Left, ids: Sequence[str], marks: Sequence[bytes], most: int) -> _Known | None:
    """What can be gone on from; None if too much is new for that."""
    size = len(ids)
    starts = np.frombuffer(left.starts, np.int64)
    others = np.frombuffer(left.others, np.int32).astype(np.int64)
    values = np.frombuffer(left.values, np.float64)
    marked = zip(ids, marks, strict=True)
    places = {article: at for at, article in enumerate(marked)}
    before = zip(left.ids, left.marks, strict=True)
    now = np.array([places.get(article, -1) for article in before], dtype=np.int64)
    is_same = now >= 0
    kept = now[is_same]
    # What is as like as something else comes before it or after it as the articles do.
    if (size - len(kept)) * _FEW > size or (np.diff(kept) <= 0).any():
        return None
    is_new = np.ones(size, dtype=bool)
    is_new[kept] = False
    counts = np.diff(starts)
    least = np.full(size, -1.0)
    full = np.flatnonzero(is_same & (counts == most))
    least[now[full]] = values[starts[full + 1] - 1]
    owners = np.repeat(np.arange(len(now)), counts)
    stands = is_same[owners] & is_same[others]
    return _Known(is_new, now[owners[stands]], now[others[stands]], values[stands], least)


def _went_on(known: _Known, rows: _Rows, breathe: Breathe) -> Nearest:
    """All entries, of which only those of new articles and with them are counted."""
    size, most = rows.size, rows.most
    made: dict[int, tuple[Ints, Floats]] = {}
    owners, others, values = [known.owners], [known.others], [known.values]
    for at in np.flatnonzero(known.is_new).tolist():
        breathe()
        likeness = rows.all(at)
        made[at] = rows.best_of(likeness)
        near = np.flatnonzero((likeness > 0) & (likeness >= known.least) & ~known.is_new)
        owners.append(near)
        others.append(np.full(len(near), at))
        values.append(likeness[near])
    owner, other = np.concatenate(owners), np.concatenate(others)
    value = np.concatenate(values)
    # Whoever is not known here comes after all entries that stand, and after those that are better
    # than the worst that there was. If there are too few of these, he may be among the best now.
    is_better = value > known.least[owner]
    is_better[: len(known.owners)] = True
    enough = np.bincount(owner[is_better], minlength=size) >= most
    for at in np.flatnonzero(~enough & (known.least >= 0) & ~known.is_new).tolist():
        made[at] = rows.best(at, breathe)
    order = np.lexsort((other, -value, owner))
    owner, other, value = owner[order], other[order], value[order]
    starts = np.searchsorted(owner, np.arange(size + 1))
    stands = np.arange(len(owner)) - starts[owner] < most
    again = np.zeros(size, dtype=bool)
    again[list(made)] = True
    stands &= ~again[owner]
    return _gathered(size, made, (owner[stands], other[stands], value[stands]))


def _gathered(
    size: int,
    made: Mapping[int, tuple[Ints, Floats]],
    standing: tuple[Ints, Ints, Floats] | None = None,
) -> Nearest:
    """Put together what was made for some articles and what stands, by owner, for the others."""
    owners = [np.full(len(others), at) for at, (others, _) in made.items()]
    others, values = [each for each, _ in made.values()], [each for _, each in made.values()]
    if standing:
        owners.append(standing[0])
        others.append(standing[1])
        values.append(standing[2])
    owner = np.concatenate(owners)
    order = owner.argsort(kind="stable")
    starts = np.searchsorted(owner[order], np.arange(size + 1))
    return Nearest(starts, np.concatenate(others)[order], np.concatenate(values)[order])
