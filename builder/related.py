"""Which reports belong together, how sure that is, and why.

Likeness is the cosine of two weighted lists: words and word pairs (six tenths), and the words of
names and numbers (four tenths), with sublinear term frequency and inverse document frequency. A
report belongs with another one so much as it is like it (a quarter) and like the reports that are
most like that one (three quarters): to resemble one of a group by chance is not enough. A link is
sure when that is high enough, or when the likeness is fairly high and a third report is surely
between the two. So a report that stands alone gets no links just because something must be nearest.

The numbers below were chosen by the figures that `bench/related.py` gives on ECB+, for the order of
the best and for what is shown, and never by looking at single texts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from sys import intern

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from builder.memory import Memory
from builder.model import ArticleId, Edited, Related, Shared, Site
from builder.settings import RelatedSettings, Settings

BEST = 10
"""How many related reports are listed for each, shown or not."""
KIN = 5
"""How many reports most like another one stand for its group, if they are at least supported."""
GROUP = 0.75
"""How much the group around another report counts, beside that report itself."""
SUPPORTED = 0.6
"""With a third report's support, this part of the sure score is enough."""
NAMES = 0.4
"""How much names and numbers count, beside all words."""
WORDS_ALONE, NAMES_ALONE = 1.0, 2.0
"""How much words and names that no other article has count in an article's length."""
STORY = 0.5
"""How far the same story takes a score towards 1."""
NEAR = 0.1
"""How much more a report of the same day counts; half of it after ten days."""
_COMMON, _MANY = 0.1, 250
"""Terms in more than this part of the articles, or in so many, say little and are left out."""
_WORD = re.compile(r"[^\W_]{2,}")
_INSIDE = re.compile(r"(?<=[\w,;] )[^\W_]+")
"""Words that follow another word or a comma: not the first of a sentence."""
_NAME = 1 << 62
"""Added to the code of a word where it stands in a name."""
_KEPT = 50
"""How many neighbours of each article are remembered while links are weighed."""
_REASONS = 3
"""How many entities and words are given as reasons at the most."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


Breathe = Callable[[], None]


def _on() -> None:
    """Go on."""


class _Terms(Struct, frozen=True):
    """The articles' terms as one sparse matrix: by article, and by term."""

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


class Likeness(Struct, frozen=True):
    """How like each other the reports of a site are, whatever its settings."""

    names: frozenset[str]
    """Words that are parts of names."""
    terms: _Terms
    alike: list[dict[int, float]]
    """For each article those most like it, best first, by their place in `Site.articles`."""


def likeness(
    site: Site, breathe: Breathe = _on, *, memory: Memory | None = None
) -> Likeness | None:
    """What takes long about related reports; None for a site without any."""
    articles = site.articles
    if not articles:
        return None
    memory = memory or Memory()
    tokens = []
    for edited in articles:
        breathe()
        title, text = edited.article.meta.title, edited.prose.text
        make = partial(_tokens, title, text)
        tokens.append(memory.recall("tokens", edited.article.id, make, title, text))
    memory.prune("tokens", {edited.article.id for edited in articles})
    numbers: dict[str, int] = {}
    numbered = [
        np.array([numbers.setdefault(word, len(numbers)) for word in each.words], dtype=np.int64)
        for each in tokens
    ]
    words = list(numbers)
    is_name = _capitalised(tokens, numbered, words)
    names = frozenset(words[number] for number in np.flatnonzero(is_name).tolist())
    breathe()
    terms = _terms(tokens, numbered, words, is_name, breathe)
    stories: dict[str, list[int]] = defaultdict(list)
    for at, edited in enumerate(articles):
        if edited.article.meta.story:
            stories[edited.article.meta.story].append(at)
    alike = []
    for at in range(len(articles)):
        breathe()
        alike.append(_alike(articles, terms, at, stories))
    return Likeness(names, terms, alike)


class Ranked(Struct, frozen=True):
    """A related report, by its place in `Site.articles`."""

    at: int
    score: float
    shown: bool


def ranked(site: Site, settings: RelatedSettings, found: Likeness) -> list[list[Ranked]]:
    """For each report the ten that belong with it most, best first, and which are sure enough."""
    best = _best(site.articles, found.alike, settings)
    sure = [
        {near.at for near in nearest if near.same_story or near.belongs >= settings.sure}
        for nearest in best
    ]
    result = []
    for at, nearest in enumerate(best):
        shown = _shown(nearest, at, sure, settings)
        result.append([Ranked(near.at, near.score, near.at in shown) for near in nearest[:BEST]])
    return result


def related(
    site: Site, settings: Settings, breathe: Breathe = _on, *, memory: Memory | None = None
) -> dict[ArticleId, tuple[Related, ...]]:
    """The ten reports most like each one, best first, with the reasons a reader may see.

    `shown` ones are sure enough, at most `[related] most` of them; that may be none.
    `breathe` is called again and again meanwhile: whatever it raises ends the work. `memory` is of
    the last time.
    """
    found = likeness(site, breathe, memory=memory)
    if found is None:
        return {}
    reasons = _Reasons(site, found.terms, found.names)
    names = [edited.article.id for edited in site.articles]
    return {
        names[at]: tuple(
            Related(
                article=names[near.at],
                score=round(near.score, 4),
                shared=reasons.shared(at, near.at),
                shown=near.shown,
            )
            for near in nearest
        )
        for at, nearest in enumerate(ranked(site, settings.related, found))
    }


class _Near(Struct, frozen=True):
    at: int
    score: float
    alike: float
    """The likeness of the words, from 0 to 1."""
    belongs: float
    """The same, with the group around the other one."""
    same_story: bool


def _alike(
    articles: Sequence[Edited], terms: _Terms, at: int, stories: dict[str, list[int]]
) -> dict[int, float]:
    """The articles whose words are most like those of one, best first, and all of its story."""
    entries = slice(terms.starts[at], terms.starts[at + 1])
    columns = terms.columns[entries]
    first = terms.column_starts[columns]
    often = terms.column_starts[columns + 1] - first
    # Where the articles of the first term stand, then those of the second, and so on.
    before = np.cumsum(often) - often
    postings = np.arange(often.sum()) + np.repeat(first - before, often)
    shares = np.repeat(terms.weights[entries], often) * terms.row_weights[postings]
    likeness = np.bincount(terms.rows[postings], shares, minlength=len(articles))
    likeness[at] = 0
    least = np.partition(likeness, -_KEPT)[-_KEPT] if len(likeness) > _KEPT else 0.0
    candidates = np.flatnonzero((likeness > 0) & (likeness >= least))
    order = np.argsort(-likeness[candidates], kind="stable")[:_KEPT]
    nearest = candidates[order].tolist()
    story = stories.get(articles[at].article.meta.story, ())
    return {n: float(likeness[n]) for n in (*nearest, *story) if n != at}


def _best(
    articles: Sequence[Edited], alike: list[dict[int, float]], settings: RelatedSettings
) -> list[list[_Near]]:
    """For each article those that belong with it, best first."""
    least = SUPPORTED * settings.sure
    kin = [[n for n, likeness in near.items() if likeness >= least][: KIN + 1] for near in alike]
    best = []
    for at, edited in enumerate(articles):
        own = edited.article.meta
        found = []
        for other, likeness in alike[at].items():
            meta = articles[other].article.meta
            group = [alike[at].get(n, 0.0) for n in kin[other] if n != at][:KIN]
            around = sum(group) / len(group) if group else likeness
            belongs = (1 - GROUP) * likeness + GROUP * around
            days = abs((own.published - meta.published).total_seconds()) / 86_400
            score = min(1.0, belongs * (1 + NEAR * 0.5 ** (days / 10)))
            same_story = bool(own.story) and own.story == meta.story
            if same_story:
                score += (1 - score) * STORY
            found.append(_Near(other, score, likeness, belongs, same_story))
        best.append(sorted(found, key=lambda near: (-near.score, near.at)))
    return best


def _shown(
    nearest: list[_Near], at: int, sure: list[set[int]], settings: RelatedSettings
) -> set[int]:
    shown = [
        near.at
        for near in nearest[:BEST]
        if near.at in sure[at]
        or (
            near.alike >= SUPPORTED * settings.sure
            and any(near.at in sure[third] or third in sure[near.at] for third in sure[at])
        )
    ]
    return set(shown[: settings.most])


class _Reasons:
    """What two articles share that readers may be told."""

    def __init__(self, site: Site, terms: _Terms, names: frozenset[str]) -> None:
        """Remember each article's entities that have a page, and the words that name nobody."""
        self.stories = [edited.article.meta.story for edited in site.articles]
        self.terms = terms
        most = max(2, len(site.articles) // 2)
        self.spread = {
            key: len(entity.articles)
            for key, entity in site.entities.items()
            if entity.path and len(entity.articles) <= most
        }
        self.entities = [
            frozenset(m.entity for m in edited.mentions if m.entity in self.spread)
            for edited in site.articles
        ]
        hidden = {
            word.lower()
            for entity in site.entities.values()
            for name in (entity.name, *entity.names)
            for word in _WORD.findall(name)
        }
        self.silent = names | hidden

    def shared(self, one: int, other: int) -> Shared:
        """The story, the rarest entities and the most telling words that both have."""
        common = sorted(
            self.entities[one] & self.entities[other], key=lambda key: (self.spread[key], key)
        )
        story = self.stories[one] if self.stories[one] == self.stories[other] else ""
        return Shared(story=story, entities=tuple(common[:_REASONS]), words=self._words(one, other))

    def _words(self, one: int, other: int) -> tuple[str, ...]:
        terms = self.terms
        left = slice(terms.starts[one], terms.starts[one + 1])
        right = slice(terms.starts[other], terms.starts[other + 1])
        columns, others = terms.columns[left], terms.columns[right]
        if not len(others):
            return ()
        # Those of each article are in order.
        place = np.minimum(np.searchsorted(others, columns), len(others) - 1)
        common = others[place] == columns
        columns, place = columns[common], place[common]
        weights = terms.weights[left][common] * terms.weights[right][place]
        found = []
        for index in np.argsort(-weights, kind="stable").tolist():
            code = int(terms.codes[columns[index]])
            word = terms.words[code] if code < len(terms.words) else ""
            if word.isalpha() and len(word) > 3 and word not in self.silent:
                found.append(word)
                if len(found) == _REASONS:
                    break
        return tuple(found)


class _Tokens(Struct, frozen=True):
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


def _tokens(title: str, text: str) -> _Tokens:
    found = _WORD.findall(f"{title}\n\n{text}")
    places: dict[str, int] = {}
    # Interned: the words of thousands of articles are the same few.
    at = [places.setdefault(intern(word.lower()), len(places)) for word in found]
    large, small = [0] * len(places), [0] * len(places)
    for word in _INSIDE.findall(text):
        # One letter is no word, but may be the whole of what `_INSIDE` finds.
        place = places.get(word.lower())
        if place is not None:
            (large if word[0].isupper() else small)[place] += 1
    return _Tokens(
        words=list(places),
        at=np.array(at, dtype=np.int32),
        large=np.array([word[0].isupper() for word in found], dtype=bool),
        digits=np.array([word.isdigit() for word in places], dtype=bool),
        inside=(np.array(large, dtype=np.int64), np.array(small, dtype=np.int64)),
    )


def _capitalised(tokens: Sequence[_Tokens], numbered: Sequence[Ints], words: list[str]) -> Bools:
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


def _terms(
    tokens: Sequence[_Tokens],
    numbered: Sequence[Ints],
    words: list[str],
    is_name: Bools,
    breathe: Breathe,
) -> _Terms:
    """Words, word pairs, names and numbers of all articles, weighted and of length 1 each."""
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
        len(tokens),
        np.concatenate(rows),
        np.concatenate(codes),
        np.concatenate(counts),
    )


def _weighted(words: list[str], size: int, rows: Ints, codes: Ints, counts: Ints) -> _Terms:
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
    return _Terms(
        words=words,
        codes=all_codes,
        starts=np.searchsorted(rows, np.arange(size + 1)),
        columns=columns,
        weights=weights,
        column_starts=np.searchsorted(columns[order], np.arange(len(all_codes) + 1)),
        rows=rows[order],
        row_weights=weights[order],
    )
