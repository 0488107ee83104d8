"""The front page, and the lists of stories, topics, authors and months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import partial

from msgspec.structs import replace

from builder import routes
from builder.model import ArticleId, Output, Page, Story
from builder.render.edition import Edition, teaser
from builder.render.entities import pager
from builder.render.frame import frame
from builder.render.views import (
    DirectoryPage,
    EntryView,
    FrontPage,
    LetterView,
    LinkView,
    ListPage,
    StoryView,
    TeaserView,
)

RUNNING = 6
"""Running stories that the front page names at the most."""


def front(edition: Edition) -> Iterator[Output]:
    """The front page, and on the pages behind it a register of the older reports."""
    newest = [edited.article.id for edited in edition.site.articles]
    for number, total, path, part in _paged(edition, "", newest):
        given = (number, total, path, tuple(part))
        yield from edition.trace.outputs("front", path, partial(_front, edition, *given), *given)


def _front(
    edition: Edition, number: int, total: int, path: str, part: Sequence[ArticleId]
) -> Iterator[Output]:
    first = number == 1
    lead, rest = (part[:1], part[1:]) if first else ((), part)
    yield Page(
        routes.file_of(path),
        "front.html",
        FrontPage(
            frame=frame(edition, path, number=number),
            lead=teaser(edition, lead[0], path, lead=True) if lead else None,
            teasers=tuple(
                view if first else replace(view, summary="")
                for view in (teaser(edition, each, path) for each in rest)
            ),
            stories=_running(edition, path) if first else (),
            pager=pager("", path, number, total),
        ),
    )


def lists(edition: Edition) -> Iterator[Output]:
    """The pages of every topic, author and month, and the lists of these and of stories."""
    site = edition.site
    words = edition.words
    months = tuple(replace(each, name=_month(edition, each)) for each in site.months)
    for section, label, heading, found in (
        ("stories", words("label.story"), words("section.stories"), site.stories),
        ("topics", words("label.topic"), words("section.topics"), site.topics),
        ("authors", words("label.author"), words("section.authors"), site.authors),
        ("archive", words("label.month"), words("section.months"), months),
    ):
        folder = "" if section == "archive" else section
        for each in found if section != "stories" else ():
            make = partial(_list, edition, folder, label, each)
            key = (folder, each.slug)
            yield from edition.trace.outputs("list", key, make, folder, label, each)
        if found:
            yield _index(edition, section, folder, heading, found)


def _month(edition: Edition, month: Story) -> str:
    return edition.words.month(dt.date.fromisoformat(f"{month.name}-01"))


def _list(edition: Edition, folder: str, label: str, each: Story) -> Iterator[Output]:
    base = routes.list_path(folder, each.slug).rstrip("/")
    reports = edition.words("count.reports", len(each.articles))
    for number, total, path, part in _paged(edition, base, each.articles):
        yield Page(
            routes.file_of(path),
            "list.html",
            ListPage(
                frame=frame(
                    edition,
                    path,
                    each.name,
                    edition.words("page.about", name=each.name, facts=reports),
                    number,
                    feeds=f"{base}/" if folder == "topics" else "",
                ),
                label=label,
                heading=each.name,
                counts=reports,
                teasers=tuple(
                    _teaser(edition, article, path, each, folder, number) for article in part
                ),
                pager=pager(base, path, number, total),
            ),
        )


def _teaser(  # noqa: PLR0913, PLR0917 - what a list is takes so many words
    edition: Edition, article: ArticleId, path: str, of: Story, folder: str, number: int
) -> TeaserView:
    """An article in a list, without what the list's own heading says.

    A month is a register, and so are the pages behind the first of any list: headline, author, day
    and sourcing. What a report is about is told where it is new.
    """
    view = teaser(edition, article, path)
    section = routes.relative(routes.list_path(folder, of.slug), path)
    is_here = view.kicker is not None and view.kicker.href == section
    return replace(
        view,
        kicker=None if is_here else view.kicker,
        byline="" if view.byline == of.name and folder == "authors" else view.byline,
        summary=view.summary if folder and number == 1 else "",
    )


def _index(
    edition: Edition, section: str, folder: str, heading: str, found: Sequence[Story]
) -> Page:
    path = f"{section}/"
    entries = tuple(
        EntryView(
            link=LinkView(each.name, routes.relative(routes.list_path(folder, each.slug), path)),
            counts=edition.words("count.reports", len(each.articles)),
        )
        for each in found
    )
    return Page(
        routes.file_of(path),
        "directory.html",
        DirectoryPage(
            frame=frame(edition, path, heading),
            heading=heading,
            letters=(LetterView(letter="", id="all", entries=entries),),
        ),
    )


def _running(edition: Edition, path: str) -> tuple[StoryView, ...]:
    several = [story for story in edition.site.stories if len(story.articles) > 1]
    newest_first = sorted(
        several,
        key=lambda s: edition.articles[s.articles[0]].article.meta.published.timestamp(),
        reverse=True,
    )
    return tuple(
        StoryView(
            link=LinkView(
                story.name, routes.relative(routes.list_path("stories", story.slug), path)
            ),
            count=edition.words("count.reports", len(story.articles)),
            day=edition.day(edition.articles[story.articles[0]].article.meta.published),
            latest=edition.report(story.articles[0], path),
        )
        for story in newest_first[:RUNNING]
    )


def _paged(
    edition: Edition, base: str, articles: Sequence[ArticleId]
) -> Iterator[tuple[int, int, str, Sequence[ArticleId]]]:
    size = edition.settings.site.page_size
    total = max(1, -(-len(articles) // size))
    for number in range(1, total + 1):
        path = routes.list_path("", base, number)
        yield number, total, path, articles[(number - 1) * size : number * size]
