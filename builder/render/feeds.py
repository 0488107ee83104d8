"""The feeds of the site, of each topic, story and source, as Atom and as JSON Feed.

Atom is RFC 4287, JSON Feed is version 1.1 (jsonfeed.org). A feed holds the newest reports; its link
`archives` (a registered relation) leads to the page that lists all. An id is a permalink: that of
the feed for the feed, that of the report for an entry. In a source's feed an entry is what the
source said in one report, which is another thing than the report, so its id is the source's page
with the report's id as fragment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from html import escape
from itertools import groupby, islice

import msgspec
from msgspec import Struct

from builder import routes
from builder.model import (
    ArticleId,
    Edited,
    Emitted,
    Entity,
    EntityKey,
    File,
    Output,
    Page,
    Quoted,
    Story,
)
from builder.render.edition import Edition, summary
from builder.render.entities import space
from builder.render.syndication import figure, lead, plain
from builder.render.views import FeedEntryView, FeedPage, Html
from builder.render.wording import clipped, printable

JSON_FEED = "https://jsonfeed.org/version/1.1"


class _Feed(Struct, frozen=True, kw_only=True):
    """One feed, whatever its format."""

    folder: str
    title: str
    about: str
    home: str
    """Path of the page that shows the same."""
    archive: str
    """Path of the page that lists all."""
    entries: tuple[FeedEntryView, ...]


def feeds(edition: Edition) -> Iterator[Emitted]:
    """`feed.xml` and `feed.json` of everything that has one. They need the site's address."""
    if not edition.settings.site.url or not edition.site.articles:
        return
    outputs = edition.trace.outputs
    found = edition.site.articles[: edition.settings.feeds.entries]
    newest = tuple(edited.article.id for edited in found)
    yield from outputs("feed", "", partial(_both, edition, partial(_site, edition, newest)), newest)
    for section, lists in (("topics", edition.site.topics), ("stories", edition.site.stories)):
        for each in lists:
            path = routes.list_path(section, each.slug)
            make = partial(_both, edition, partial(_list, edition, each, path))
            yield from outputs("feed", path, make, each)
    sources = {e.path: key for key, e in sorted(edition.site.entities.items()) if has_feed(e)}

    def of_source(path: str) -> Iterator[Output]:
        return _both(edition, partial(_source, edition, sources[path]))

    yield from edition.trace.all_outputs("feed", sources, of_source)


def _both(edition: Edition, make: Callable[[], _Feed]) -> Iterator[Output]:
    feed = make()
    yield _atom(edition, feed)
    yield _json(edition, feed)


def _site(edition: Edition, newest: Sequence[ArticleId]) -> _Feed:
    site = edition.settings.site
    return _Feed(
        folder="",
        title=site.title,
        about=site.description,
        home="",
        archive="archive/" if edition.site.months else "",
        entries=_entries(edition, newest),
    )


def _list(edition: Edition, each: Story, path: str) -> _Feed:
    return _Feed(
        folder=path,
        title=f"{each.name} · {edition.settings.site.title}",
        about="",
        home=path,
        archive=path,
        entries=_entries(edition, each.articles[: edition.settings.feeds.list_entries]),
    )


def _source(edition: Edition, key: EntityKey) -> _Feed:
    entity = edition.site.entities[key]
    return _Feed(
        folder=entity.path,
        title=f"{clipped(entity.name, 30)} · {edition.settings.site.title}",
        about=edition.words("entity.feed", name=clipped(entity.name, 30)),
        home=entity.path,
        archive=entity.path,
        entries=tuple(_ledger(edition, entity)),
    )


def has_feed(entity: Entity) -> bool:
    """Whether an entity is a source with a page."""
    return bool(entity.path and entity.statements)


def _entries(edition: Edition, articles: Sequence[ArticleId]) -> tuple[FeedEntryView, ...]:
    value = edition.trace.value
    return tuple(value("feed entry", id_, partial(_entry, edition, id_)) for id_ in articles)


def _entry(edition: Edition, id_: ArticleId) -> FeedEntryView:
    edited = edition.articles[id_]
    meta = edited.article.meta
    url = edition.address(edition.paths[edited.article.id])
    image = lead(edition, edited, away=True)
    return FeedEntryView(
        id=url,
        title=meta.title,
        url=url,
        published=meta.published.isoformat(),
        updated=(meta.updated or meta.published).isoformat(),
        authors=meta.authors,
        language=meta.lang,
        summary=summary(edition, edited),
        topics=meta.topics,
        image=image.src if image else "",
        content=_content(edition, edited, figure(image)),
    )


def _content(edition: Edition, edited: Edited, image: Html) -> Html:
    """The whole report below its picture.

    Empty if it names one who is kept off where names cannot be taken out.
    """
    return Html(edition.tellable(image + plain(edition, edited, away=True).whole()))


def _ledger(edition: Edition, entity: Entity) -> Iterator[FeedEntryView]:
    by_report = groupby(entity.statements, key=lambda quoted: quoted.article)
    for article, group in islice(by_report, edition.settings.feeds.list_entries):
        quoted = tuple(group)
        meta = edition.articles[article].article.meta
        url = edition.address(edition.paths[article])
        yield FeedEntryView(
            id=f"{edition.address(entity.path)}#{article}",
            title=meta.title,
            url=f"{url}#{quoted[0].said.anchor}",
            published=meta.published.isoformat(),
            updated=(meta.updated or meta.published).isoformat(),
            authors=meta.authors,
            language=meta.lang,
            content=Html("".join(_said(each, url) for each in quoted)),
        )


def _said(quoted: Quoted, url: str) -> str:
    """A statement in its sentence, linked to where it stands."""
    words = f'<a href="{escape(url)}#{quoted.said.anchor}">{escape(quoted.text)}</a>'
    before = escape(quoted.before + space(quoted.before, quoted.text))
    after = escape(space(quoted.text, quoted.after) + quoted.after)
    return f"<p>{before}{words}{after}</p>\n"


def _atom(edition: Edition, feed: _Feed) -> Page:
    site = edition.settings.site
    return Page(
        f"{feed.folder}feed.xml",
        "feed.xml",
        FeedPage(
            title=feed.title,
            subtitle=feed.about,
            language=site.language,
            url=edition.address(f"{feed.folder}feed.xml"),
            home=edition.address(feed.home),
            archive=edition.address(feed.archive),
            author=site.author or site.publisher or site.title,
            updated=max((each.updated for each in feed.entries), key=dt.datetime.fromisoformat),
            rights=site.licence,
            entries=feed.entries,
        ),
    )


def _json(edition: Edition, feed: _Feed) -> File:
    site = edition.settings.site
    found: dict[str, object] = {
        "version": JSON_FEED,
        "title": feed.title,
        "description": feed.about,
        "home_page_url": edition.address(feed.home),
        "feed_url": edition.address(f"{feed.folder}feed.json"),
        "language": site.language,
        "authors": [{"name": site.author or site.publisher or site.title}],
        "_postil": {"archives": edition.address(feed.archive)},
        "items": [_filled(_item(entry)) for entry in feed.entries],
    }
    data = msgspec.json.encode(_filled(found)).decode()
    return File(f"{feed.folder}feed.json", printable(data).encode())


def _item(entry: FeedEntryView) -> dict[str, object]:
    return {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.content or escape(entry.summary),
        "summary": entry.summary,
        "image": entry.image,
        "date_published": entry.published,
        "date_modified": entry.updated if entry.updated != entry.published else "",
        "authors": [{"name": name} for name in entry.authors],
        "tags": entry.topics,
        "language": entry.language,
    }


def _filled(found: dict[str, object]) -> dict[str, object]:
    """Without what is empty: an optional field of JSON Feed is left out rather than empty."""
    return {key: value for key, value in found.items() if value or key == "content_html"}
