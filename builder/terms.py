"""The words of all articles as one sparse matrix: what likeness is counted from."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from sys import intern

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from builder.memory import Memory
from builder.model import Edited

NAMES = 0.4
"""How much names and numbers count, beside all words."""
WORDS_ALONE, NAMES_ALONE = 1.0, 2.0
"""How much words and names that no other article has count in an article's length."""
WORD = re.compile(r"[^\W_]{2,}")
_COMMON, _MANY = 0.1, 250
"""Terms in more than this part of the articles, or in so many, say little and are left out."""
_INSIDE = re.compile(r"(?<=[\w,;] )[^\W_]+")
"""Words that follow another word or a comma: not the first of a sentence."""
_NAME = 1 << 62
"""Added to the code of a word where it stands in a name."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Breathe = Callable[[], None]


class Terms(Struct, frozen=True):
    """The articles' terms as one sparse matrix: by article, and by term."""

    names: frozenset[str]
    """Words that are parts of names."""
    words: list[str]
    """Single words by number; the codes below `len(words)` are theirs."""
    codes: Ints
    """What each column stands for."""
    starts: Ints
    """Where each article's entries begin; one more at the end."""
    columns: Ints
    weights: Floats
    column_starts: Ints
    rows: Ints
    row_weights: Floats
    """`rows` and `row_weights` are the same entries in the order of columns."""


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
    known: dict[str, int] = {}
    numbered = [
        np.array([known.setdefault(word, len(known)) for word in each.words], dtype=np.int64)
        for each in tokens
    ]
    words = list(known)
    is_name = _capitalised(tokens, numbered, words)
    breathe()
    rows, codes, counts = [], [], []
    for at, (each, numbers) in enumerate(zip(tokens, numbered, strict=True)):
        breathe()
        found = numbers[each.at]
        named = each.digits[each.at] | (each.large & is_name[found])
        pairs = ((found[:-1] + 1) << 31) + found[1:]
        own, count = np.unique(
            np.concatenate([found, pairs, found[named] + _NAME]), return_counts=True
        )
        rows.append(np.full(len(own), at))
        codes.append(own)
        counts.append(count)
    return _weighted(
        words,
        is_name,
        len(tokens),
        np.concatenate(rows),
        np.concatenate(codes),
        np.concatenate(counts),
    )


class Tokens(Struct, frozen=True):
    """The words of one article."""

    words: list[str]
    """Each once, in small letters, in the order in which they come first."""
    at: NDArray[np.int32]
    """Of each word of the text: which of `words` it is."""
    large: Bools
    """Of each word of the text: whether it begins with a capital."""
    digits: Bools
    """Of each of `words`: whether it is a number."""
    inside: tuple[Ints, Ints]
    """How often each of `words` stands with a capital, and without one, where no sentence begins;
    the title does not count."""


class Packed(Struct, frozen=True, array_like=True):
    """The same, written down."""

    words: list[str]
    at: bytes
    large: bytes
    digits: bytes
    inside: tuple[bytes, bytes]


def packed(tokens: Tokens) -> Packed:
    """Words as they can be kept."""
    with_capital, without = tokens.inside
    return Packed(
        words=tokens.words,
        at=tokens.at.tobytes(),
        large=tokens.large.tobytes(),
        digits=tokens.digits.tobytes(),
        inside=(with_capital.tobytes(), without.tobytes()),
    )


def unpacked(kept: Packed) -> Tokens:
    """The other way round."""
    with_capital, without = (np.frombuffer(each, dtype=np.int64) for each in kept.inside)
    return Tokens(
        words=kept.words,
        at=np.frombuffer(kept.at, dtype=np.int32),
        large=np.frombuffer(kept.large, dtype=bool),
        digits=np.frombuffer(kept.digits, dtype=bool),
        inside=(with_capital, without),
    )


def _tokens(title: str, text: str) -> Tokens:
    found = WORD.findall(f"{title}\n\n{text}")
    places: dict[str, int] = {}
    # Interned: the words of thousands of articles are the same few.
    at = [places.setdefault(intern(word.lower()), len(places)) for word in found]
    large, small = [0] * len(places), [0] * len(places)
    for word in _INSIDE.findall(text):
        # One letter is no word, but may be the whole of what `_INSIDE` finds.
        place = places.get(word.lower())
        if place is not None:
            (large if word[0].isupper() else small)[place] += 1
    return Tokens(
        words=list(places),
        at=np.array(at, dtype=np.int32),
        large=np.array([word[0].isupper() for word in found], dtype=bool),
        digits=np.array([word.isdigit() for word in places], dtype=bool),
        inside=(np.array(large, dtype=np.int64), np.array(small, dtype=np.int64)),
    )


def _capitalised(tokens: Sequence[Tokens], numbered: Sequence[Ints], words: list[str]) -> Bools:
    """Words that stand mostly with a capital where no sentence begins: parts of names."""
    numbers = np.concatenate(numbered)
    large, small = (
        np.bincount(
            numbers, np.concatenate([each.inside[side] for each in tokens]), minlength=len(words)
        )
        for side in (0, 1)
    )
    long = np.array([len(word) > 2 for word in words], dtype=bool)
    found: Bools = (large > 2 * small) & long
    return found


def _weighted(  # noqa: PLR0913, PLR0917 - the entries of a matrix
    words: list[str], is_name: Bools, size: int, rows: Ints, codes: Ints, counts: Ints
) -> Terms:
    """Weigh the counts of terms in articles.

    Terms of one article only can link nothing, but they count in its length: a report with many
    words and names of its own is less like others.
    """
    all_codes, columns, spread = np.unique(codes, return_inverse=True, return_counts=True)
    often = spread[columns]
    weights = (1 + np.log(counts)) * np.log((1 + size) / (1 + often))
    of_name = codes >= _NAME
    linking = (often >= 2) & (often <= max(10, min(_COMMON * size, _MANY)))
    for part, share, alone in ((~of_name, 1 - NAMES, WORDS_ALONE), (of_name, NAMES, NAMES_ALONE)):
        squares = weights**2 * (linking + alone * (often == 1)) * part
        lengths = np.sqrt(np.bincount(rows, squares, minlength=size))
        weights[part] *= np.sqrt(share) / np.maximum(lengths[rows[part]], 1e-9)
    rows, columns, weights = rows[linking], columns[linking], weights[linking]
    order = np.lexsort((rows, columns))
    return Terms(
        names=frozenset(words[number] for number in np.flatnonzero(is_name).tolist()),
        words=words,
        codes=all_codes,
        starts=np.searchsorted(rows, np.arange(size + 1)),
        columns=columns,
        weights=weights,
        column_starts=np.searchsorted(columns[order], np.arange(len(all_codes) + 1)),
        rows=rows[order],
        row_weights=weights[order],
    )
