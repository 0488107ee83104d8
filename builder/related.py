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
from collections.abc import Collection, Sequence
from itertools import pairwise

import numpy as np
from msgspec import Struct

from builder.memory import Memory
from builder.model import ArticleId, Edited, Related, Shared, Site
from builder.nearest import likenesses, nearest
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
    memory = memory or Memory()
    terms = terms_of(articles, breathe, memory)
    stories: dict[str, list[int]] = defaultdict(list)
    for at, edited in enumerate(articles):
        if edited.article.meta.story:
            stories[edited.article.meta.story].append(at)
    found = nearest(terms, [edited.article.id for edited in articles], memory, breathe)
    starts, others, values = [0], [], []
    for at, edited in enumerate(articles):
        breathe()
        near, value = found.of(at)
        story = stories.get(edited.article.meta.story, ())
        if len(story) > 1:
            known = {at, *near.tolist()}
            more = [other for other in story if other not in known]
            near = np.concatenate([near, np.array(more, dtype=near.dtype)])
            value = np.concatenate([value, likenesses(terms, at, more)])
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
    for at, best in enumerate(ranked(site, settings.related, found, breathe)):
        breathe()
        result[names[at]] = tuple(
            Related(
                article=names[near.at],
                score=round(near.score, 4),
                shared=reasons.shared(at, near.at),
                shown=near.shown,
            )
            for near in best
            if near.shown or not only_shown
        )
    return result


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
        self._telling = _telling(terms, terms.names | hidden | unlisted)
        # The weights of one article's terms by column, so that others are only looked up in it.
        self._weights, self._one = np.zeros(len(terms.words)), 0

    def shared(self, one: int, other: int) -> Shared:
        """The story, the rarest entities and the most telling words that both have."""
        common = sorted(
            self.entities[one] & self.entities[other], key=lambda key: (self.spread[key], key)
        )
        story = self.stories[one] if self.stories[one] == self.stories[other] else ""
        return Shared(story=story, entities=tuple(common[:_REASONS]), words=self._words(one, other))

    def _words(self, one: int, other: int) -> tuple[str, ...]:
        telling = self._telling
        if one != self._one:
            self._weights[telling.columns[telling.entries(self._one)]] = 0
            left = telling.entries(one)
            self._weights[telling.columns[left]] = telling.weights[left]
            self._one = one
        right = telling.entries(other)
        columns = telling.columns[right]
        weights = self._weights[columns] * telling.weights[right]
        common = weights.nonzero()[0]
        best = common[(-weights[common]).argsort(kind="stable")[:_REASONS]]
        return tuple(self.terms.words[column] for column in columns[best].tolist())


class _Telling(Struct, frozen=True):
    """The words of each article that can be told as reasons."""

    starts: list[int]
    columns: Ints
    weights: Floats

    def entries(self, article: int) -> slice:
        return slice(self.starts[article], self.starts[article + 1])


def _telling(terms: Terms, silent: Collection[str]) -> _Telling:
    """Words of four letters and more that name nobody."""
    can = [word.isalpha() and len(word) > 3 and word not in silent for word in terms.words]
    is_told = np.zeros(len(terms.column_starts), dtype=bool)
    is_told[: len(can)] = can
    there = is_told[terms.columns]
    before = np.concatenate([[0], np.cumsum(there)])
    return _Telling(before[terms.starts].tolist(), terms.columns[there], terms.weights[there])
