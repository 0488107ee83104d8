"""The sitemap (sitemaps.org, 0.9), in parts where it is too long for one file."""

from __future__ import annotations

from collections.abc import Iterator

from builder import routes
from builder.model import Output, Page
from builder.render.edition import Edition
from builder.render.views import SitemapEntryView, SitemapIndexPage, SitemapPage

MOST = 50_000
"""Addresses in one file (sitemaps.org). At 200 bytes each that is 10 MB of the 50 MB allowed."""


def sitemap(edition: Edition) -> Iterator[Output]:
    """`sitemap.xml`: every page but the later pages of lists, and the search.

    With more than MOST addresses it is an index of `sitemap-1.xml`, `sitemap-2.xml` …
    """
    if not edition.settings.site.url:
        return
    entries = tuple(_entries(edition))
    if len(entries) <= MOST:
        yield Page("sitemap.xml", "sitemap.xml", SitemapPage(entries=entries))
        return
    parts = [entries[at : at + MOST] for at in range(0, len(entries), MOST)]
    for number, part in enumerate(parts, 1):
        yield Page(f"sitemap-{number}.xml", "sitemap.xml", SitemapPage(entries=part))
    addresses = (edition.address(f"sitemap-{number}.xml") for number in range(1, len(parts) + 1))
    yield Page("sitemap.xml", "sitemaps.xml", SitemapIndexPage(parts=tuple(addresses)))


def _entries(edition: Edition) -> Iterator[SitemapEntryView]:
    yield SitemapEntryView(url=edition.address(""))
    for edited in edition.site.articles:
        meta = edited.article.meta
        yield SitemapEntryView(
            url=edition.address(edition.paths[edited.article.id]),
            updated=(meta.updated or meta.published).isoformat(),
        )
    for _, entity in sorted(edition.site.entities.items()):
        if entity.path:
            yield SitemapEntryView(url=edition.address(entity.path))
    site = edition.site
    for section, lists in (
        ("stories", site.stories),
        ("topics", site.topics),
        ("authors", site.authors),
        ("", site.months),
    ):
        for each in lists:
            yield SitemapEntryView(url=edition.address(routes.list_path(section, each.slug)))
    for _, path in edition.sections:
        if path != routes.SEARCH_PATH:
            yield SitemapEntryView(url=edition.address(path))
