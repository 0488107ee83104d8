"""What surrounds every page: head, masthead and footer."""

from __future__ import annotations

from collections.abc import Callable

from builder import routes
from builder.render.card_drawing import path as card_path
from builder.render.catalogue import direction
from builder.render.edition import Edition
from builder.render.views import AlternateView, FrameView, LinkView


def frame(  # noqa: PLR0913 - what a head tells has many sources
    edition: Edition,
    path: str | None,
    heading: str = "",
    description: str = "",
    number: int = 1,
    *,
    feeds: str = "",
    beside: tuple[AlternateView, ...] = (),
) -> FrameView:
    """Head, masthead and footer of one page.

    Args:
        edition: The site.
        path: The page's folder; None for a page that is shown at any address, whose links are
            absolute.
        heading: Its title; empty on the front page.
        description: What it is about, for search engines and cards.
        number: Which page of a list this is.
        feeds: The folder of the page's own feeds, if it has any.
        beside: What else programs find of it.
    """
    site = edition.settings.site

    def link(target: str) -> str:
        return edition.rooted(target) if path is None else routes.relative(target, path)

    words = edition.words
    titled = heading
    if number > 1:
        titled = (
            words("page.titled", heading=heading, number=words.number(number))
            if heading
            else words("page.numbered", number=words.number(number))
        )
    return FrameView(
        language=site.language,
        direction=direction(site.language),
        site=site.title,
        title=" · ".join(part for part in (titled, site.title) if part),
        heading=heading or site.title,
        description=" ".join((description or site.description).split()),
        canonical=edition.address(path) if site.url and path is not None else "",
        home=link(""),
        menu=tuple(
            LinkView(name, target if routes.is_address(target) else link(target))
            for name, target in edition.menu
        ),
        sections=tuple(LinkView(name, link(target)) for name, target in edition.sections),
        notice=edition.notice,
        tagline=site.description,
        publisher=site.publisher or site.author,
        licence=site.licence,
        stylesheet=link(edition.assets["site.css"]),
        ledger_stylesheet=link(edition.assets["ledger.css"]),
        marks_script=link(edition.assets["marks.js"]),
        article_script=link(edition.assets["article.js"]),
        og_image=edition.address(card_path(edition.card)) if edition.card else "",
        search_script=link(edition.assets["search.js"]),
        feed=link("feed.xml") if site.url else "",
        alternates=(*(_feeds(heading, feeds, link) if feeds and site.url else ()), *beside),
    )


def _feeds(title: str, folder: str, link: Callable[[str], str]) -> tuple[AlternateView, ...]:
    """The feeds in a folder, for the pages that offer them."""
    kinds = (("application/atom+xml", "feed.xml"), ("application/feed+json", "feed.json"))
    return tuple(AlternateView(kind, title, link(folder + name)) for kind, name in kinds)
