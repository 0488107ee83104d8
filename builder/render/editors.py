"""Markdown that stands in no article: the remarks of editors, and what a site says of itself."""

from __future__ import annotations

import datetime as dt
from functools import partial

from msgspec.structs import replace

from builder import prose, routes
from builder.errors import Place
from builder.model import Article, ArticleId, FrontMatter
from builder.render.edition import Edition, resolver
from builder.render.views import Html
from builder.render.weave import article_html
from builder.settings import Settings


def markdown(text: str, settings: Settings, article: Article, edition: Edition) -> Html:
    """An editor's Markdown as HTML, under the same policy for raw HTML as the articles.

    Links to reports and files are written for that article's page.
    """
    parsed = prose.parse(replace(article, body=text, corrections=()), settings.markdown)
    resolve = resolver(edition, article, edition.paths[article.id])
    return Html(article_html(parsed, (), resolve, edition.headline, words=edition.words).strip())


def notice(edition: Edition, page: str | None) -> Html:
    """`[site] notice` on the page in that folder; None is for one that is served at any depth."""
    if not edition.settings.site.notice:
        return Html("")
    # Pages of one depth share what is written: there are thousands.
    depth = -1 if page is None else page.count("/")
    path = None if page is None else "-/" * depth
    make = partial(sites_markdown, edition, edition.settings.site.notice, path)
    return edition.trace.value("notice", (depth, edition.words.tag), make)


def sites_markdown(edition: Edition, text: str, page: str | None) -> Html:
    """Markdown of the site itself as HTML for the page in that folder.

    Its links are written as in an article that lies in `content/`. Without a page they begin at the
    root of the host.
    """
    nowhere = _nowhere()
    seen = resolver(edition, nowhere, page or "")

    def rooted(href: str) -> str:
        found = seen(href)
        if routes.is_address(found) or found.startswith("#"):
            return found
        return edition.rooted(found.removeprefix("./"))

    parsed = prose.parse(replace(nowhere, body=text), edition.settings.markdown)
    resolve = rooted if page is None else seen
    return Html(article_html(parsed, (), resolve, edition.headline, words=edition.words).strip())


def _nowhere() -> Article:
    meta = FrontMatter(title="", published=dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
    return Article(ArticleId(""), Place("site.toml"), meta, "")
