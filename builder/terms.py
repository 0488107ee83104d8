"""The words of all articles as one sparse matrix: what likeness is counted from."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain, count, pairwise
from sys import intern

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from builder.digests import digest
from builder.memory import Memory
from builder.model import Edited

NAMES = 0.4
"""How much names and numbers count, beside all words."""
WORDS_ALONE, NAMES_ALONE = 1.0, 2.0
"""How much words and names that no other article has count in an article's length."""
WORD = re.compile(r"[^\W_]{2,}")
_COMMON, _MANY = 0.1, 250
"""Terms in more than this part of the articles, or in so many, say little and are left out."""
_STEP = 0.1
"""How finely rarities differ, in natural logarithms; what is shown on ECB+ is as good as without.
One article more changes how many articles have a term; while it does not change the step, it
changes no weight of another article."""
_FINE = 2.0**20
"""Weights are multiples of 1 / this: products and sums of them are exact in 53 bits."""
_MOST = 2**64
"""Numbers that numpy can tell apart."""
_INSIDE = re.compile(r"(?<=[\w,;] )[^\W_]+")
"""Words that follow another word or a comma: not the first of a sentence."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Breathe = Callable[[], None]


class Terms(Struct, frozen=True):
    """The articles' terms as one sparse matrix: by article, and by term."""

    names: frozenset[str]
    """Words that are parts of names."""
    words: list[str]
    """What the first columns stand for; those behind them are names and pairs of words."""
    starts: Ints
    """Where each article's entries begin; one more at the end."""
    columns: Ints
    weights: Floats
    column_starts: Ints
    rows: Ints
    row_weights: Floats
    """`rows` and `row_weights` are the same entries in the order of columns."""
    marks: list[bytes]
    """For each article a hash of its terms and their weights, the same in every build."""


class Tokens(Struct, frozen=True):
    """The words of one article, counted."""

    words: list[str]
    """Each once, in small letters, in the order in which they come first."""
    often: NDArray[np.int32]
    """Five rows: how often each of them is there; how often with a capital; the same where it is no
    first word of a sentence, and how often without a capital there, the title apart; whether it is
    a number."""
    pairs: NDArray[np.int32]
    """Three rows: two words that follow each other, by their numbers, and how often they do."""


class Packed(Struct, frozen=True, array_like=True):
    """The same, written down."""

    words: list[str]
    often: bytes
    pairs: bytes


def packed(tokens: Tokens) -> Packed:
    """Words as they can be kept."""
    return Packed(tokens.words, tokens.often.tobytes(), tokens.pairs.tobytes())


def unpacked(kept: Packed) -> Tokens:
    """The other way round."""
    return Tokens(
        kept.words,
        np.frombuffer(kept.often, dtype=np.int32).reshape(5, -1),
        np.frombuffer(kept.pairs, dtype=np.int32).reshape(3, -1),
    )


def terms_of(articles: Sequence[Edited], breathe: Breathe, memory: Memory) -> Terms:
    """Words, word pairs, names and numbers of some articles, weighted and of length 1 each.

    Args:
        articles: At least one.
        breathe: Called again and again; whatever it raises ends the work.
        memory: Of the last time.
    """
    tokens = []
    for edited in articles:
        breathe()
        title, text = edited.article.meta.title, edited.prose.text
        make = partial(_tokens, title, text)
        tokens.append(memory.recall("tokens", edited.article.id, make, title, text))
    memory.forget_unasked()
    # Each new word gets the next number, and no line of Python is run for it.
    known = defaultdict[str, int](count().__next__)
    every = chain.from_iterable(each.words for each in tokens)
    numbers = np.fromiter(map(known.__getitem__, every), dtype=np.int64)
    words = list(known)
    breathe()
    often = np.concatenate([each.often for each in tokens], axis=1)
    is_name = _capitalised(numbers, often, words)
    breathe()
    total, large, _, _, is_number = often
    sizes = [len(each.words) for each in tokens]
    owners = np.repeat(np.arange(len(tokens)), sizes)
    # Of a name it counts how often it stands with a capital, of a number how often it is there.
    named = np.where(is_number, total, large * is_name[numbers])
    of_name = np.flatnonzero(named)
    ends, pair_owners, pair_counts = _pairs(tokens, sizes, numbers)
    pairs, of_pair = _numbered(ends[0] * len(words) + ends[1], len(words) ** 2)
    breathe()
    return _weighted(
        words,
        is_name,
        pairs,
        len(tokens),
        _Entries(
            np.concatenate([owners, owners[of_name], pair_owners]),
            np.concatenate(
                [numbers, numbers[of_name] + len(words), of_pair + 2 * len(words)],
            ),
            np.concatenate([total, named[of_name], pair_counts]),
        ),
    )


def _tokens(title: str, text: str) -> Tokens:
    found = WORD.findall(f"{title}\n\n{text}")
    places: dict[str, int] = {}
    # Interned: the words of thousands of articles are the same few.
    at = [places.setdefault(intern(word.lower()), len(places)) for word in found]
    often = np.zeros((5, len(places)), dtype=np.int32)
    for place, word in zip(at, found, strict=True):
        often[0, place] += 1
        often[1, place] += word[0].isupper()
    for word in _INSIDE.findall(text):
        # One letter is no word, but may be the whole of what `_INSIDE` finds.
        place = places.get(word.lower(), -1)
        if place >= 0:
            often[2 if word[0].isupper() else 3, place] += 1
    often[4] = [word.isdigit() for word in places]
    pairs = sorted(Counter(pairwise(at)).items())
    return Tokens(
        words=list(places),
        often=often,
        pairs=np.array([(*pair, times) for pair, times in pairs], dtype=np.int32).reshape(-1, 3).T,
    )


def _capitalised(numbers: Ints, often: NDArray[np.int32], words: list[str]) -> Bools:
    """Words that stand mostly with a capital where no sentence begins: parts of names."""
    large, small = (np.bincount(numbers, row, minlength=len(words)) for row in often[2:4])
    long = np.array([len(word) > 2 for word in words], dtype=bool)
    found: Bools = (large > 2 * small) & long
    return found


def _pairs(
    tokens: Sequence[Tokens], sizes: Sequence[int], numbers: Ints
) -> tuple[Ints, Ints, Ints]:
    """All pairs: the numbers of both words, whose they are, and how often they are there."""
    found = np.concatenate([each.pairs for each in tokens], axis=1)
    owners = np.repeat(np.arange(len(tokens)), [each.pairs.shape[1] for each in tokens])
    before = np.cumsum(sizes) - sizes
    ends: Ints = numbers[found[:2] + before[owners]]
    return ends, owners, found[2].astype(np.int64)


def _numbered(keys: Ints, limit: int) -> tuple[Ints, Ints]:
    """The keys there are, in order, and for each of many keys which of them it is.

    As `numpy.unique`, but numpy sorts numbers much faster than it finds out their order: where
    there is room, each key takes its place along.

    Args:
        keys: From 0 to below `limit`.
        limit: More than all of them.
    """
    size = len(keys)
    bits = np.uint64(size.bit_length())
    if not size or limit << int(bits) > _MOST:
        found, numbers = np.unique(keys, return_inverse=True)
        return found, numbers
    packed = keys.astype(np.uint64) << bits
    packed += np.arange(size, dtype=np.uint64)
    packed.sort()
    places = packed & np.uint64((1 << int(bits)) - 1)
    packed >>= bits
    is_first = np.ones(size, dtype=bool)
    is_first[1:] = packed[1:] != packed[:-1]
    numbers = np.empty(size, dtype=np.int64)
    numbers[places.astype(np.int64)] = np.cumsum(is_first) - 1
    return packed[is_first].astype(np.int64), numbers


class _Entries(Struct, frozen=True):
    """What stands in the matrix."""

    rows: Ints
    columns: Ints
    counts: Ints


def _weighted(words: list[str], is_name: Bools, pairs: Ints, size: int, found: _Entries) -> Terms:
    """Weigh the counts of terms in articles.

    Terms of one article only can link nothing, but they count in its length: a report with many
    words and names of its own is less like others.

    Args:
        words: What the first columns stand for; as many behind them stand for the same as names.
        is_name: Which of the words are parts of names.
        pairs: What the other columns stand for.
        size: How many articles there are.
        found: The counts.
    """
    width = 2 * len(words) + len(pairs)
    often = np.bincount(found.columns, minlength=width)
    linking = (often >= 2) & (often <= max(10, min(_COMMON * size, _MANY)))
    # Most of what stands in articles is common: it links nothing, and counts in no length.
    telling = (linking | (often == 1))[found.columns]
    rows, columns = found.rows[telling], found.columns[telling]
    rarity = _STEP * (_step(1 + size) - _step(1 + often))
    weights = (1 + np.log(found.counts[telling])) * rarity[columns]
    squares = weights**2
    of_name = (columns >= len(words)) & (columns < 2 * len(words))
    links = linking[columns]
    for part, share, alone in ((~of_name, 1 - NAMES, WORDS_ALONE), (of_name, NAMES, NAMES_ALONE)):
        counted = squares * np.where(links, 1, alone) * part
        lengths = np.sqrt(np.bincount(rows, counted, minlength=size))
        weights[part] *= np.sqrt(share) / np.maximum(lengths[rows[part]], 1e-9)
    rows, columns, weights = rows[links], columns[links], np.rint(weights[links] * _FINE) / _FINE
    by_row = np.argsort(rows, kind="stable")
    rows, columns, weights = rows[by_row], columns[by_row], weights[by_row]
    order = np.argsort(columns, kind="stable")
    starts = np.searchsorted(rows, np.arange(size + 1))
    return Terms(
        names=frozenset(words[number] for number in np.flatnonzero(is_name).tolist()),
        words=words,
        starts=starts,
        columns=columns,
        weights=weights,
        column_starts=np.searchsorted(columns[order], np.arange(width + 1)),
        rows=rows[order],
        row_weights=weights[order],
        marks=_marks(words, pairs, linking, starts, (columns, weights)),
    )


def _step(often: Ints | int) -> Floats:
    """The logarithm of a number, or of many, as a whole number of steps."""
    steps: Floats = np.rint(np.log(often) / _STEP)
    return steps


def _marks(
    words: Sequence[str], pairs: Ints, linking: Bools, starts: Ints, entries: tuple[Ints, Floats]
) -> list[bytes]:
    """For each article a hash of its terms and their weights.

    Args:
        words: What the first columns stand for, and as many behind them.
        pairs: What the others stand for.
        linking: Which columns are used.
        starts: Where the entries of each article begin; one more at the end.
        entries: Their columns, and their weights.
    """
    alone, named, paired = np.split(linking, [len(words), 2 * len(words)])
    first, second = np.divmod(pairs[paired], max(1, len(words)))
    used = alone | named
    used[first] = used[second] = True
    # The numbers of words are those of this build, their hashes are the same in all.
    hashes = b"".join(digest(words[at])[:8] for at in np.flatnonzero(used).tolist())
    of_words = np.zeros(len(words), dtype=np.uint64)
    of_words[used] = np.frombuffer(hashes, dtype=np.uint64)
    of_pairs = np.zeros(len(pairs), dtype=np.uint64)
    of_pairs[paired] = 3 * of_words[first] + of_words[second]
    terms = np.concatenate([of_words, ~of_words, of_pairs])
    columns, weights = entries
    data = np.stack([terms[columns], weights.view(np.uint64)], axis=1)
    return [digest(data[at:end].tobytes()) for at, end in pairwise(starts.tolist())]
