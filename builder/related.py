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

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from msgspec import Struct

from builder.memory import Memory
from builder.model import ArticleId, Edited, Related, Shared, Site
from builder.settings import RelatedSettings, Settings
from builder.terms import WORD, Bools, Breathe, Floats, Ints, Terms, terms_of

BEST = 10
"""How many related reports are listed for each, shown or not."""
KIN = 5
"""How many reports most like another one stand for its group, if they are at least supported."""
GROUP = 0.75
"""How much the group around another report counts, beside that report itself."""
SUPPORTED = 0.6
"""With a third report's support, this part of the sure score is enough."""
STORY = 0.5
"""How far the same story takes a score towards 1."""
NEAR = 0.1
"""How much more a report of the same day counts; half of it after ten days."""
_KEPT = 50
"""How many neighbours of each article are remembered while links are weighed."""
_REASONS = 3
"""How many entities and words are given as reasons at the most."""


def _on() -> None:
    """Go on."""


class Likeness(Struct, frozen=True):
    """How like each other the reports of a site are, whatever its settings.

    Articles are numbered as in `Site.articles`.
    """

    terms: Terms
    starts: list[int]
    """Where in the two lists below the entries of each article begin; one more at the end."""
    others: Ints
    """For each article those most like it, best first, and all of its story."""
    values: Floats
    """How like they are, from 0 to 1."""


def likeness(
    site: Site, breathe: Breathe = _on, *, memory: Memory | None = None
) -> Likeness | None:
    """What takes long about related reports; None for a site without any."""
    articles = site.articles
    if not articles:
        return None
    terms = terms_of(articles, breathe, memory or Memory())
    stories: dict[str, list[int]] = defaultdict(list)
    for at, edited in enumerate(articles):
        if edited.article.meta.story:
            stories[edited.article.meta.story].append(at)
    starts, others, values = [0], [], []
    for at, edited in enumerate(articles):
        breathe()
        near, value = _alike(terms, at, len(articles), stories.get(edited.article.meta.story, ()))
        starts.append(starts[-1] + len(near))
        others.append(near)
        values.append(value)
    return Likeness(terms, starts, np.concatenate(others), np.concatenate(values))


class Ranked(Struct, frozen=True):
    """A related report, by its place in `Site.articles`."""

    at: int
    score: float
    shown: bool


def ranked(
    site: Site, settings: RelatedSettings, found: Likeness, breathe: Breathe = _on
) -> list[list[Ranked]]:
    """For each report the ten that belong with it most, best first, and which are sure enough."""
    best = _best(site.articles, found, settings, breathe)
    bounds = list(pairwise(found.starts))
    others = best.others.tolist()
    is_sure = best.same_story | (best.belongs >= settings.sure)
    is_supported = (best.alike >= SUPPORTED * settings.sure).tolist()
    sure: list[set[int]] = [set() for _ in bounds]
    # Whom each is surely linked with, whichever of the two says so.
    either: list[set[int]] = [set() for _ in bounds]
    owners = _owners(found)
    for at, other in zip(owners[is_sure].tolist(), best.others[is_sure].tolist(), strict=True):
        sure[at].add(other)
        either[at].add(other)
        either[other].add(at)
    scores = best.scores.tolist()
    result = []
    for at, (start, end) in enumerate(bounds):
        shown = [
            others[near]
            for near in range(start, min(end, start + BEST))
            if others[near] in sure[at]
            or (is_supported[near] and not sure[at].isdisjoint(either[others[near]]))
        ][: settings.most]
        result.append(
            [
                Ranked(others[near], scores[near], others[near] in shown)
                for near in range(start, min(end, start + BEST))
            ]
        )
    return result


def related(
    site: Site,
    settings: Settings,
    breathe: Breathe = _on,
    *,
    memory: Memory | None = None,
    only_shown: bool = False,
) -> dict[ArticleId, tuple[Related, ...]]:
    """The ten reports most like each one, best first, with the reasons a reader may see.

    `shown` ones are sure enough, at most `[related] most` of them; that may be none.

    Args:
        site: Whose reports.
        settings: Of the site.
        breathe: Called again and again meanwhile: whatever it raises ends the work.
        memory: Of the last time.
        only_shown: Whether the others of the ten are left out.
    """
    found = likeness(site, breathe, memory=memory)
    if found is None:
        return {}
    reasons = _Reasons(site, found.terms)
    names = [edited.article.id for edited in site.articles]
    result = {}
    for at, nearest in enumerate(ranked(site, settings.related, found, breathe)):
        breathe()
        result[names[at]] = tuple(
            Related(
                article=names[near.at],
                score=round(near.score, 4),
                shared=reasons.shared(at, near.at),
                shown=near.shown,
            )
            for near in nearest
            if near.shown or not only_shown
        )
    return result


def _alike(terms: Terms, at: int, size: int, story: Sequence[int]) -> tuple[Ints, Floats]:
    """The articles whose words are most like those of one, best first, and all of its story."""
    entries = slice(terms.starts[at], terms.starts[at + 1])
    columns = terms.columns[entries]
    first = terms.column_starts[columns]
    often = terms.column_starts[columns + 1] - first
    # Where the articles of the first term stand, then those of the second, and so on.
    before = np.cumsum(often) - often
    postings = np.arange(often.sum()) + np.repeat(first - before, often)
    shares = np.repeat(terms.weights[entries], often) * terms.row_weights[postings]
    counted = np.bincount(terms.rows[postings], shares, minlength=size)
    likeness = np.asarray(counted, dtype=np.float64)
    likeness[at] = 0
    nearest = np.flatnonzero(likeness)
    if len(nearest) > _KEPT:
        values = likeness[nearest]
        nearest = nearest[values >= np.partition(values, -_KEPT)[-_KEPT]]
    nearest = nearest[np.argsort(-likeness[nearest], kind="stable")][:_KEPT]
    if len(story) > 1:
        known = {at, *nearest.tolist()}
        more = [other for other in story if other not in known]
        nearest = np.concatenate([nearest, np.array(more, dtype=nearest.dtype)])
    return nearest, likeness[nearest]


class _Best(Struct, frozen=True):
    """What belongs with each article, best first; the entries of each lie where `Likeness` says."""

    others: Ints
    scores: Floats
    alike: Floats
    """The likeness of the words, from 0 to 1."""
    belongs: Floats
    """The same, with the group around the other one."""
    same_story: Bools


def _best(
    articles: Sequence[Edited], found: Likeness, settings: RelatedSettings, breathe: Breathe
) -> _Best:
    owners, others, alike = _owners(found), found.others, found.values
    around = _around(found, SUPPORTED * settings.sure, breathe)
    belongs = (1 - GROUP) * alike + GROUP * around
    metas = [edited.article.meta for edited in articles]
    published = np.array([meta.published.timestamp() for meta in metas])
    days = np.abs(published[owners] - published[others]) / 86_400
    scores = np.minimum(1.0, belongs * (1 + NEAR * 0.5 ** (days / 10)))
    numbers = {"": 0}
    stories = np.array([numbers.setdefault(meta.story, len(numbers)) for meta in metas])
    same_story = (stories[owners] == stories[others]) & (stories[owners] > 0)
    scores += (1 - scores) * STORY * same_story
    order = np.lexsort((others, -scores, owners))
    return _Best(others[order], scores[order], alike[order], belongs[order], same_story[order])


def _around(found: Likeness, least: float, breathe: Breathe) -> Floats:
    """How like an article is on average to those most like another one, for each entry."""
    size = len(found.starts) - 1
    nobody = size
    kin = np.full((size, KIN + 1), nobody)
    for at, (start, end) in enumerate(pairwise(found.starts)):
        near = found.others[start:end][found.values[start:end] >= least][: KIN + 1]
        kin[at, : len(near)] = near
    groups = kin[found.others]
    there = (groups != nobody) & (groups != _owners(found)[:, None])
    there &= np.cumsum(there, axis=1) <= KIN
    alike = np.zeros(groups.shape)
    row = np.zeros(size + 1)
    for start, end in pairwise(found.starts):
        breathe()
        others = found.others[start:end]
        row[others] = found.values[start:end]
        alike[start:end] = row[groups[start:end]]
        row[others] = 0
    count = there.sum(axis=1)
    mean = (alike * there).sum(axis=1) / np.maximum(count, 1)
    around: Floats = np.where(count > 0, mean, found.values)
    return around


def _owners(found: Likeness) -> Ints:
    """Whose entry each one is."""
    return np.repeat(np.arange(len(found.starts) - 1), np.diff(found.starts))


class _Reasons:
    """What two articles share that readers may be told."""

    def __init__(self, site: Site, terms: Terms) -> None:
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
            for word in WORD.findall(name)
        }
        unlisted = {word.lower() for name in site.unlisted for word in WORD.findall(name)}
        self.silent = terms.names | hidden | unlisted
        # The weights of one article's terms by column, so that others are only looked up in it.
        self._weights, self._one = np.zeros(len(terms.column_starts)), 0

    def shared(self, one: int, other: int) -> Shared:
        """The story, the rarest entities and the most telling words that both have."""
        common = sorted(
            self.entities[one] & self.entities[other], key=lambda key: (self.spread[key], key)
        )
        story = self.stories[one] if self.stories[one] == self.stories[other] else ""
        return Shared(story=story, entities=tuple(common[:_REASONS]), words=self._words(one, other))

    def _words(self, one: int, other: int) -> tuple[str, ...]:
        terms = self.terms
        if one != self._one:
            self._weights[terms.columns[self._entries(self._one)]] = 0
            left = self._entries(one)
            self._weights[terms.columns[left]] = terms.weights[left]
            self._one = one
        right = self._entries(other)
        weights = self._weights[terms.columns[right]] * terms.weights[right]
        common = np.flatnonzero(weights)
        found = []
        for at in common[np.argsort(-weights[common], kind="stable")].tolist():
            column = int(terms.columns[right.start + at])
            word = terms.words[column] if column < len(terms.words) else ""
            if word.isalpha() and len(word) > 3 and word not in self.silent:
                found.append(word)
                if len(found) == _REASONS:
                    break
        return tuple(found)

    def _entries(self, article: int) -> slice:
        return slice(int(self.terms.starts[article]), int(self.terms.starts[article + 1]))
