"""What many pages have: links, days, pictures, the frame."""

from __future__ import annotations

from typing import NewType

from msgspec import Struct

Html = NewType("Html", str)
"""Finished HTML, made by the Markdown renderer under the site's policy for raw HTML."""


Attributes = tuple[tuple[str, str], ...]
"""Names and values of an element's attributes, for the filter `attributes`."""


class LinkView(Struct, frozen=True):
    """Some words and where they lead."""

    text: str
    href: str = ""
    """Empty: plain words, no link."""
    attrs: Attributes = ()
    """Further attributes of the `<a>` (`{{ link.attrs | attributes }}`): those that let a note
    open, and `lang` and `dir` where the words are in another language than those around them."""


class DayView(Struct, frozen=True):
    """A day, for machines and for readers."""

    iso: str
    """`2026-11-20T14:05:00+01:00`, for `<time datetime>`."""
    text: str
    """Written out in the page's language: `20 November 2026`."""


class FormatView(Struct, frozen=True, kw_only=True):
    """A picture in another format, for a `<source>`."""

    type: str
    """Its media type: `image/avif`."""
    srcset: str
    """Links to its sizes, each with its width in pixels."""


class ImageView(Struct, frozen=True, kw_only=True):
    """A picture that belongs to an article as a whole."""

    src: str
    alt: str = ""
    credit: str = ""
    width: int = 0
    """In pixels; 0 if it is not known, as of a drawing in SVG."""
    height: int = 0
    formats: tuple[FormatView, ...] = ()
    """The same in other formats and sizes, the best first."""


class AlternateView(Struct, frozen=True):
    """What a page offers to programs, for `<link rel="alternate">`."""

    type: str
    """Its media type."""
    title: str
    """Empty if the page's own says it all."""
    href: str


class TranslationView(Struct, frozen=True):
    """The same page in a language, for `<link rel="alternate" hreflang>`."""

    language: str
    href: str
    """Its full address."""


class FrameView(Struct, frozen=True, kw_only=True):
    """What surrounds every page: head, masthead and footer."""

    language: str
    direction: str = "ltr"
    """Which way the site's language is written: `ltr` or `rtl`."""
    site: str
    """The site's title."""
    title: str
    """For `<title>`: the page's title and the site's."""
    heading: str
    """The page's own title, for OpenGraph."""
    description: str = ""
    canonical: str = ""
    """The page's full address; empty unless the site's address is set."""
    og_type: str = "website"
    """`website`, `article` or `profile`."""
    og_image: str = ""
    """Full address of a picture for cards."""
    robots: str = ""
    """For `<meta name="robots">`: `noindex` on pages that only redirect or say that nothing is
    here."""
    home: str
    """Link to the front page."""
    menu: tuple[LinkView, ...] = ()
    sections: tuple[LinkView, ...] = ()
    """All that the site can be looked through by: stories, topics, people …, months."""
    notice: Html = Html("")
    """`[site] notice`."""
    tagline: str = ""
    """`[site] description`, under the title on the front page."""
    publisher: str = ""
    licence: str = ""
    stylesheet: str
    ledger_stylesheet: str
    """What ledgers, stories and the audit need besides; no other page fetches it."""
    marks_script: str
    """Makes the reader's switch and the way to the share menu; before the text is shown, so that
    nothing flickers. Like the next one it speaks the language of the interface."""
    article_script: str
    """Opens notes in browsers that cannot by themselves, and the table of sources beside the text;
    and follows one of the sources."""
    search_script: str = ""
    """What makes the search page work; no other page fetches it."""
    feed: str = ""
    """Link to the Atom feed; empty unless the site's address is set."""
    alternates: tuple[AlternateView, ...] = ()
    """The same for programs: feeds, Markdown, annotations."""
    translations: tuple[TranslationView, ...] = ()
    """The same page in each of its languages, this one among them; empty where there is but one, or
    where the site's address is not set."""


class SourcingView(Struct, frozen=True, kw_only=True):
    """How well sourced an article is, counted over the statements that are shown."""

    text: str
    """`19 statements, 9 named sources, 2 unnamed, 1 document`; empty where nothing was found."""
    checked: str = ""
    """Who answers for them: `16 found automatically, 3 checked or attributed by an editor`."""
    statements: int = 0
    named: int = 0
    unnamed: int = 0
    documents: int = 0


class TeaserView(Struct, frozen=True, kw_only=True):
    """An article in a list."""

    link: LinkView
    day: DayView
    summary: str = ""
    byline: str = ""
    sourcing: str = ""
    kicker: LinkView | None = None
    """The running story or first topic."""
    image: ImageView | None = None
    """Only for the lead of the front page."""


class PagerView(Struct, frozen=True, kw_only=True):
    """Where a list of several pages goes on."""

    number: int
    total: int
    newer: str = ""
    older: str = ""
