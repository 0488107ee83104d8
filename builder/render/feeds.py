"""The Atom feed and the sitemap: both need the site's address."""

from __future__ import annotations

from collections.abc import Iterator

from builder import routes
from builder.model import Output, Page
from builder.render.edition import Edition, summary
from builder.render.views import FeedEntryView, FeedPage, SitemapEntryView, SitemapPage

ENTRIES = 30
"""Reports that the feed holds at the most."""


def feed(edition: Edition) -> Iterator[Output]:
    """`feed.xml`: the newest reports. Its date is the newest report's, never the clock's."""
    site = edition.settings.site
    newest = edition.site.articles[:ENTRIES]
    if not site.url or not newest:
        return
    entries = tuple(
        FeedEntryView(
            id=edition.address(edition.paths[edited.article.id]),
            title=edited.article.meta.title,
            url=edition.address(edition.paths[edited.article.id]),
            published=edited.article.meta.published.isoformat(),
            updated=(edited.article.meta.updated or edited.article.meta.published).isoformat(),
            authors=edited.article.meta.authors,
            summary=summary(edition, edited),
            topics=edited.article.meta.topics,
        )
        for edited in newest
    )
    latest = max(e.article.meta.updated or e.article.meta.published for e in newest)
    yield Page(
        "feed.xml",
        "feed.xml",
        FeedPage(
            title=site.title,
            subtitle=site.description,
            language=site.language,
            url=edition.address("feed.xml"),
            home=edition.address(""),
            author=site.author or site.publisher or site.title,
            updated=latest.isoformat(),
            rights=site.licence,
            entries=entries,
        ),
    )


def sitemap(edition: Edition) -> Iterator[Output]:
    """`sitemap.xml`: every report, every entity with a page, every story, and the audit."""
    if not edition.settings.site.url:
        return
    reports = [
        SitemapEntryView(
            url=edition.address(edition.paths[edited.article.id]),
            updated=(edited.article.meta.updated or edited.article.meta.published).isoformat(),
        )
        for edited in edition.site.articles
    ]
    entities = [
        SitemapEntryView(url=edition.address(entity.path))
        for _, entity in sorted(edition.site.entities.items())
        if entity.path
    ]
    stories = [
        SitemapEntryView(url=edition.address(routes.list_path("stories", story.slug)))
        for story in edition.site.stories
    ]
    audits = [
        SitemapEntryView(url=edition.address(path))
        for _, path in edition.sections
        if path == routes.AUDIT_PATH
    ]
    front = SitemapEntryView(url=edition.address(""))
    yield Page(
        "sitemap.xml",
        "sitemap.xml",
        SitemapPage(entries=(front, *reports, *entities, *stories, *audits)),
    )
