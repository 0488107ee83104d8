"""What programs read: feeds, sitemaps, Markdown."""

from __future__ import annotations

from msgspec import Struct

from builder.render.views.parts import Html, LinkView
from builder.render.views.report import NoticeView


class FeedEntryView(Struct, frozen=True, kw_only=True):
    """One entry of a feed; addresses are full ones."""

    id: str
    """Its permalink, which is never anything else's."""
    title: str
    url: str
    published: str
    updated: str
    authors: tuple[str, ...]
    language: str = ""
    """Where it is not the site's."""
    summary: str = ""
    topics: tuple[str, ...] = ()
    image: str = ""
    """The picture at the top of the report, which is in the content, too."""
    content: Html = Html("")
    """The whole of it, with full addresses and without anything that needs scripts or styles."""


class FeedPage(Struct, frozen=True, kw_only=True):
    """`feed.xml`: the newest reports of the site, a topic, a story or a source as an Atom feed."""

    title: str
    subtitle: str = ""
    language: str
    url: str
    """The feed's own address."""
    home: str
    """The page that shows the same to readers."""
    archive: str
    """Where everything is that the feed does not hold."""
    author: str
    updated: str
    """Of the newest report, never the clock's."""
    rights: str = ""
    entries: tuple[FeedEntryView, ...] = ()


class SitemapEntryView(Struct, frozen=True, kw_only=True):
    """One address of the sitemap."""

    url: str
    updated: str = ""


class SitemapPage(Struct, frozen=True, kw_only=True):
    """`sitemap.xml`, or one part of it."""

    entries: tuple[SitemapEntryView, ...] = ()


class SitemapIndexPage(Struct, frozen=True, kw_only=True):
    """The index of `sitemap.xml`: the parts of a sitemap that is too long for one file."""

    parts: tuple[str, ...] = ()
    """Their addresses."""


class PlainNoteView(Struct, frozen=True, kw_only=True):
    """A footnote of a report as Markdown."""

    label: str
    """A letter, or a number for a note on sources."""
    text: Html


class MarkdownPage(Struct, frozen=True, kw_only=True):
    """`article.md`: a report as Markdown, with its notes as footnotes."""

    words: str = ""
    """The language of the interface in it, as a tag."""
    headline: str
    dek: str = ""
    byline: str = ""
    """`By Ines Okafor · Reuters · 20 November 2026`"""
    url: str = ""
    """The page's full address; empty unless the site's address is set."""
    dateline: str = ""
    notices: tuple[NoticeView, ...] = ()
    image: Html = Html("")
    """The picture at the top with its credit, as plain HTML."""
    body: Html
    """Plain HTML; the filter `markdown` makes Markdown of it."""
    footnotes: tuple[PlainNoteView, ...] = ()
    """The writer's own footnotes, then the notes on sources."""
    documents: tuple[LinkView, ...] = ()
