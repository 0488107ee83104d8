"""Which reports an issue brings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from builder import routes
from builder.errors import BuildError, Place, Problem
from builder.model import ArticleId, Edited, Site, Story
from builder.schema import near

PLACE = Place("postil newsletter")


def chosen(
    site: Site,
    *,
    articles: Iterable[str] = (),
    topics: Iterable[str] = (),
    stories: Iterable[str] = (),
    since: dt.datetime | None = None,
) -> tuple[ArticleId, ...]:
    """The reports that are asked for, each once: those by name in their order, then newest first.

    Args:
        site: The whole of it.
        articles: By id or file name: `2026/port-strike`, `content/2026/port-strike.md`.
        topics: By name, in any capitals, or by the slug of its page.
        stories: The same.
        since: All that were published at this time or later.

    Raises:
        BuildError: `unknown-choice`, `empty-issue`.
    """
    ids = {edited.article.id: edited for edited in site.articles}
    named = [_article(name, ids, site) for name in articles]
    listed = {
        article
        for kind, names, found in (("topic", topics, site.topics), ("story", stories, site.stories))
        for name in names
        for article in _list(kind, name, found)
    }
    fresh = {
        edited.article.id
        for edited in site.articles
        if since is not None and edited.article.meta.published >= since
    }
    both = listed & fresh if listed and since is not None else listed | fresh
    rest = [edited.article.id for edited in site.articles if edited.article.id in both]
    found = tuple(dict.fromkeys([*named, *rest]))
    if not found:
        asked = bool(listed or since is not None)
        message = "no report is so new" if asked else "no report is chosen"
        hint = "name some, or say --topic, --story or --since"
        raise BuildError((Problem(place=PLACE, code="empty-issue", message=message, hint=hint),))
    return found


def _article(name: str, ids: dict[ArticleId, Edited], site: Site) -> ArticleId:
    bare = name.strip("/").removeprefix("content/").removesuffix(".md")
    for candidate in (bare, name):
        found = site.links.get(candidate, ArticleId(candidate))
        if found in ids:
            return found
    place = next((each.article.id for each in ids.values() if name in _files(each)), None)
    if place is not None:
        return place
    raise _unknown("report", name, ids)


def _files(edited: Edited) -> tuple[str, str]:
    path = edited.article.place.path
    return path, path.rpartition("/")[2]


def _list(kind: str, name: str, found: Iterable[Story]) -> tuple[ArticleId, ...]:
    lists = list(found)
    for each in lists:
        if name.casefold() == each.name.casefold() or routes.slug(name) == each.slug:
            return each.articles
    raise _unknown(kind, name, [each.name for each in lists])


def _unknown(kind: str, name: str, known: Iterable[str]) -> BuildError:
    problem = Problem(
        place=PLACE,
        code="unknown-choice",
        message=f"there is no {kind} called {name}",
        hint=near(name, known),
    )
    return BuildError((problem,))
