"""What a `[[link]]` means: an article's id, its slug, or the last part of its id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct

from builder import routes
from builder.editing import near
from builder.errors import Place, Problem
from builder.model import Article, ArticleId, Content, HeldBack

_WHY_HELD: dict[HeldBack, str] = {
    "draft": "it is a draft",
    "future": "its date is still to come",
    "expired": "it has expired",
}


class Targets(Struct, frozen=True):
    """What articles can be called in links."""

    ids: frozenset[ArticleId]
    names: dict[str, tuple[ArticleId, ...]]
    """Slug, last part of the id, or URL path → the articles."""
    held: dict[ArticleId, HeldBack]
    held_names: dict[str, tuple[ArticleId, ...]]


def targets(content: Content) -> Targets:
    """What links can mean on this site."""
    return Targets(
        frozenset(article.id for article in content.articles),
        _names(content.articles),
        dict(
            zip((article.id for article in content.held_back), content.why_held_back, strict=True)
        ),
        _names(content.held_back),
    )


def named(target: str) -> str:
    """The part of a link's target that names an article: without a fragment."""
    return target.removeprefix("article:").partition("#")[0]


def resolve(target: str, known: Targets, place: Place) -> ArticleId | Problem:
    """The article that a link means, or the problem with it.

    Args:
        target: As written between the brackets; a fragment after `#` does not matter.
        known: The site's articles.
        place: Where the link stands, for the problem.
    """
    wanted = named(target).strip().strip("/")
    if wanted in known.ids:
        return ArticleId(wanted)
    found = known.names.get(wanted, ())
    if len(found) == 1:
        return found[0]
    if found:
        return Problem(
            place=place,
            code="ambiguous-link",
            message=f"[[{wanted}]] can mean {len(found)} articles",
            hint=f"write {' or '.join(f'[[{each}]]' for each in found)}",
        )
    if why := withheld(target, known):
        return Problem(
            place=place,
            code="held-back-link",
            message=f"[[{wanted}]] is not published: {_WHY_HELD[why]}",
            level="warning",
            hint="readers see its words without a link; take it out, or publish the article",
        )
    hint = near(wanted, [*known.ids, *known.names])
    return Problem(
        place=place,
        code="unknown-article",
        message=f"there is no article {wanted}",
        hint=hint or "a link names an article by its path under content/, without .md",
    )


def withheld(target: str, known: Targets) -> HeldBack | None:
    """Why the article that a link names is not published; None if no such article is there."""
    wanted = named(target).strip().strip("/")
    held = [ArticleId(wanted)] if wanted in known.held else known.held_names.get(wanted, ())
    return known.held[held[0]] if held else None


def _names(articles: Iterable[Article]) -> dict[str, tuple[ArticleId, ...]]:
    found: dict[str, set[ArticleId]] = defaultdict(set)
    for article in articles:
        last = article.id.rpartition("/")[2]
        for name in (article.meta.slug, last, routes.article_path(article).rstrip("/")):
            if name:
                found[name].add(article.id)
    return {name: tuple(sorted(ids)) for name, ids in sorted(found.items())}
