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
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

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


def likeness(site: Site, breathe: Breathe = _on) -> Likeness | None:
    """What takes long about related reports; None for a site without any."""
    articles = site.articles
    if not articles:
        return None
    names = _capitalised(articles, breathe)
    terms = _terms(articles, names, breathe)
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
    site: Site, settings: Settings, breathe: Breathe = _on
) -> dict[ArticleId, tuple[Related, ...]]:
    """The ten reports most like each one, best first, with the reasons a reader may see.

    `shown` ones are sure enough, at most `[related] most` of them; that may be none.
    `breathe` is called again and again meanwhile: whatever it raises ends the work.
    """
    found = likeness(site, breathe)
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
    likeness = np.zeros(len(articles))
    entries = slice(terms.starts[at], terms.starts[at + 1])
    columns, weights = terms.columns[entries].tolist(), terms.weights[entries].tolist()
    for column, weight in zip(columns, weights, strict=True):
        postings = slice(terms.column_starts[column], terms.column_starts[column + 1])
        likeness[terms.rows[postings]] += weight * terms.row_weights[postings]
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
        unlisted = {word.lower() for name in site.unlisted for word in _WORD.findall(name)}
        self.silent = names | hidden | unlisted

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
        columns, at_left, at_right = np.intersect1d(
            terms.columns[left], terms.columns[right], assume_unique=True, return_indices=True
        )
        weights = terms.weights[left][at_left] * terms.weights[right][at_right]
        found = []
        for index in np.argsort(-weights, kind="stable").tolist():
            code = int(terms.codes[columns[index]])
            word = terms.words[code] if code < len(terms.words) else ""
            if word.isalpha() and len(word) > 3 and word not in self.silent:
                found.append(word)
                if len(found) == _REASONS:
                    break
        return tuple(found)


def _text(edited: Edited) -> str:
    return f"{edited.article.meta.title}\n\n{edited.prose.text}"


def _capitalised(articles: Sequence[Edited], breathe: Breathe) -> frozenset[str]:
    """Words that stand mostly with a capital where no sentence begins: parts of names."""
    large: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for edited in articles:
        breathe()
        for word in _INSIDE.findall(edited.prose.text):
            (large if word[0].isupper() else small)[word.lower()] += 1
    return frozenset(w for w, count in large.items() if count > 2 * small[w] and len(w) > 2)


def _terms(articles: Sequence[Edited], names: frozenset[str], breathe: Breathe) -> _Terms:
    """Words, word pairs, names and numbers of all articles, weighted and of length 1 each."""
    numbers: dict[str, int] = {}
    rows, codes, counts = [], [], []
    for at, edited in enumerate(articles):
        breathe()
        found = _WORD.findall(_text(edited))
        words = np.array(
            [numbers.setdefault(word.lower(), len(numbers)) for word in found], dtype=np.int64
        )
        named = np.array(
            [word.isdigit() or (word[0].isupper() and word.lower() in names) for word in found],
            dtype=bool,
        )
        pairs = ((words[:-1] + 1) << 31) + words[1:]
        own, count = np.unique(
            np.concatenate([words, pairs, words[named] + _NAME]), return_counts=True
        )
        rows.append(np.full(len(own), at))
        codes.append(own)
        counts.append(count)
    return _weighted(
        list(numbers),
        len(articles),
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
