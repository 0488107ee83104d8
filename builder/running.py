"""Running stories that nobody has named: found among related reports, and only suggested."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from builder.errors import Problem
from builder.model import ArticleId, Edited, Related, Site

LEAST = 3
"""Reports that a running story has at the least."""
TIES = 2
"""To so many others a report must be tied to be of their story: one likeness may be chance."""

Ties = Mapping[ArticleId, frozenset[ArticleId]]


def suggested(site: Site, related: Mapping[ArticleId, tuple[Related, ...]]) -> Iterator[Problem]:
    """Hints to editors: reports that seem to belong to one story and do not say so.

    Two reports are tied if each is shown as related to the other. A report belongs to a story if it
    is tied to two of its reports; reports without a story are a new one where at least three hang
    together and each is tied to two others.

    Args:
        site: All articles.
        related: For each the related ones, as `related.related` gives them.
    """
    articles = {edited.article.id: edited for edited in site.articles}
    ties = _ties(related)
    left = set()
    for name, edited in articles.items():
        if edited.article.meta.story:
            continue
        told = Counter(
            articles[other].article.meta.story
            for other in ties.get(name, ())
            if articles[other].article.meta.story
        )
        story, count = max(told.items(), key=lambda each: (each[1], each[0]), default=("", 0))
        if count >= TIES and count > sum(told.values()) - count:
            yield _hint(
                edited,
                f"this report seems to belong to the story “{story}”",
                f'if it does, write story = "{story}" into its front matter',
            )
        else:
            left.add(name)
    for group in _groups(left, ties):
        newest, *others = [name for name in articles if name in group]
        yield _hint(
            articles[newest],
            f"this report and {len(others)} others seem to be one running story:"
            f" {', '.join(others)}",
            'if they are, write the same story = "…" into the front matter of each',
        )


def _ties(related: Mapping[ArticleId, tuple[Related, ...]]) -> Ties:
    shown = {
        name: {near.article for near in nearest if near.shown} for name, nearest in related.items()
    }
    return {
        name: frozenset(other for other in others if name in shown.get(other, ()))
        for name, others in shown.items()
    }


def _groups(left: set[ArticleId], ties: Ties) -> Iterator[frozenset[ArticleId]]:
    """What hangs together when all are gone who have too few ties to the rest."""
    near = {name: set(ties.get(name, frozenset()) & left) for name in left}
    thin = sorted(name for name, others in near.items() if len(others) < TIES)
    while thin:
        name = thin.pop()
        for other in near.pop(name, ()):
            near[other].discard(name)
            if len(near[other]) < TIES and other not in thin:
                thin.append(other)
    seen: set[ArticleId] = set()
    for start in sorted(near):
        group, waiting = set(), [start]
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                group.add(name)
                waiting += near[name]
        if len(group) >= LEAST:
            yield frozenset(group)


def _hint(edited: Edited, message: str, hint: str) -> Problem:
    return Problem(
        place=edited.article.place, code="unnamed-story", message=message, level="hint", hint=hint
    )
