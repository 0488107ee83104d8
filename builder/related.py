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

import numpy as np
from msgspec import Struct

from builder.memory import Memory
from builder.model import ArticleId, Edited, Related, Shared, Site
from builder.settings import RelatedSettings, Settings
from builder.terms import WORD, Breathe, Terms, terms_of

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
    """How like each other the reports of a site are, whatever its settings."""

    terms: Terms
    alike: list[dict[int, float]]
    """For each article those most like it, best first, by their place in `Site.articles`."""


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
    alike = []
    for at in range(len(articles)):
        breathe()
        alike.append(_alike(articles, terms, at, stories))
    return Likeness(terms, alike)


class Ranked(Struct, frozen=True):
    """A related report, by its place in `Site.articles`."""

    at: int
    score: float
    shown: bool


def ranked(
    site: Site, settings: RelatedSettings, found: Likeness, breathe: Breathe = _on
) -> list[list[Ranked]]:
    """For each report the ten that belong with it most, best first, and which are sure enough."""
    best = _best(site.articles, found.alike, settings, breathe)
    sure = [
        {near.at for near in nearest if near.same_story or near.belongs >= settings.sure}
        for nearest in best
    ]
    # Whom each is surely linked with, whichever of the two says so.
    either = [set(each) for each in sure]
    for at, others in enumerate(sure):
        for other in others:
            either[other].add(at)
    result = []
    for at, nearest in enumerate(best):
        shown = _shown(nearest, at, sure, either, settings)
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
        )
    return result


class _Near(Struct, frozen=True):
    at: int
    score: float
    alike: float
    """The likeness of the words, from 0 to 1."""
    belongs: float
    """The same, with the group around the other one."""
    same_story: bool


def _alike(
    articles: Sequence[Edited], terms: Terms, at: int, stories: dict[str, list[int]]
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
    articles: Sequence[Edited],
    alike: list[dict[int, float]],
    settings: RelatedSettings,
    breathe: Breathe,
) -> list[list[_Near]]:
    """For each article those that belong with it, best first."""
    least = SUPPORTED * settings.sure
    kin = [[n for n, likeness in near.items() if likeness >= least][: KIN + 1] for near in alike]
    best = []
    for at, edited in enumerate(articles):
        breathe()
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
    nearest: list[_Near],
    at: int,
    sure: list[set[int]],
    either: list[set[int]],
    settings: RelatedSettings,
) -> set[int]:
    shown = [
        near.at
        for near in nearest[:BEST]
        if near.at in sure[at]
        or (near.alike >= SUPPORTED * settings.sure and not sure[at].isdisjoint(either[near.at]))
    ]
    return set(shown[: settings.most])


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
        self._weights, self._one = np.zeros(len(terms.codes)), 0

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
            code = int(terms.codes[terms.columns[right.start + at]])
            word = terms.words[code] if code < len(terms.words) else ""
            if word.isalpha() and len(word) > 3 and word not in self.silent:
                found.append(word)
                if len(found) == _REASONS:
                    break
        return tuple(found)

    def _entries(self, article: int) -> slice:
        return slice(int(self.terms.starts[article]), int(self.terms.starts[article + 1]))
