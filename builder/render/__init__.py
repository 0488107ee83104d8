"""Everything the site publishes, made by one small emitter for each kind of output."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from msgspec.structs import replace

from builder.memory import Memory
from builder.model import ArticleId, Emitted, Gallery, Output, Related, Site
from builder.render import (
    articles,
    assets,
    audit,
    cards,
    embeds,
    entities,
    feeds,
    lists,
    markdown,
    pages,
    scripts,
    search,
    sitemaps,
    stories,
    web_annotations,
)
from builder.render.edition import Edition, edition
from builder.settings import Settings

Emitter = Callable[[Edition], Iterator[Emitted]]

EMITTERS: tuple[Emitter, ...] = (
    lists.front,
    articles.articles,
    embeds.embeds,
    entities.entities,
    entities.directories,
    stories.stories,
    lists.lists,
    audit.audit,
    search.search,
    pages.missing,
    pages.redirects,
    pages.files,
    cards.cards,
    markdown.markdown,
    web_annotations.collection,
    feeds.feeds,
    sitemaps.sitemap,
)


def render(  # noqa: PLR0913 - a site, and what a process that builds again knows of it
    site: Site,
    related: Mapping[ArticleId, tuple[Related, ...]],
    settings: Settings,
    root: Path,
    gallery: Gallery | None = None,
    *,
    memory: Memory | None = None,
    begin: Callable[[Edition], Edition] | None = None,
) -> Iterator[Emitted]:
    """All outputs of a site, in the order of EMITTERS; pages are not yet rendered to HTML.

    What stands comes in groups.

    Args:
        site: All articles, joined up.
        related: The best related reports of each; only those marked as shown are.
        settings: The site's settings; its `site.url` is where it will be published.
        root: The site's folder, for its own templates.
        gallery: What was made of its pictures, and where cards are kept.
        memory: Of the last time.
        begin: Lets the edition be watched: see `Trace.begin`.
    """
    whole, files = _begun(site, related, settings, root, gallery or Gallery(), memory)
    yield from files
    if begin:
        whole = begin(whole)
    for emit in EMITTERS:
        yield from emit(whole)


def looked_at(  # noqa: PLR0913 - as render, and what is wanted
    site: Site,
    related: Mapping[ArticleId, tuple[Related, ...]],
    settings: Settings,
    root: Path,
    gallery: Gallery,
    *,
    wanted: Collection[str],
    memory: Memory,
) -> Iterator[Emitted]:
    """Of all outputs those that one who looks at some pages sees: so they can be there first.

    These are the theme's files, pictures, and of the pages of articles and entities those wanted.

    Args:
        site: All articles, joined up.
        related: As for `render`; may be of an earlier state of the site.
        settings: The site's settings.
        root: The site's folder.
        gallery: What was made of its pictures.
        wanted: Paths of pages.
        memory: Of the last time.
    """
    whole, files = _begun(site, related, settings, root, gallery, memory)
    yield from files
    yield from pages.files(whole)
    yield from articles.some(whole, wanted)
    yield from entities.entities(whole, wanted)


def _begun(  # noqa: PLR0913, PLR0917 - as render
    site: Site,
    related: Mapping[ArticleId, tuple[Related, ...]],
    settings: Settings,
    root: Path,
    gallery: Gallery,
    memory: Memory | None,
) -> tuple[Edition, list[Output]]:
    """The edition, and the files of the theme that its pages name."""
    theme = dict(assets.files(root))
    paths = {name: file.path for name, file in theme.items()}
    whole = edition(site, related, settings, root, paths, gallery, memory=memory)
    spoken = dict(scripts.spoken(whole, root))
    paths |= {name: file.path for name, file in spoken.items()}
    return replace(whole, assets=paths), [*theme.values(), *spoken.values()]
