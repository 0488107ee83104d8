"""The records that templates receive: the theme author's manual.

Every template gets the fields of one page record (`ArticlePage`, `EntityPage`, …) as its variables
and nothing else: `{{ headline }}`, `{% for note in notes %}`. Links are ready to use on the page
they stand on. An empty text or tuple means that there is nothing to show; a missing record is None.
Fields typed `Html` are finished HTML and are written with `| safe`; everything else is escaped.
"""

from __future__ import annotations

from typing import NewType

from msgspec import Struct

Html = NewType("Html", str)
"""Finished HTML, made by the Markdown renderer under the site's policy for raw HTML."""


class LinkView(Struct, frozen=True):
    """Some words and where they lead."""

    text: str
    href: str = ""
    """Empty: plain words, no link."""
    attrs: tuple[tuple[str, str], ...] = ()
    """Further attributes of the `<a>` (`{{ link.attrs | attributes }}`): those that let a note
    open."""


class DayView(Struct, frozen=True):
    """A day, for machines and for readers."""

    iso: str
    """`2026-11-20T14:05:00+01:00`, for `<time datetime>`."""
    text: str
    """Written out in the site's language: `20 November 2026`."""


class ImageView(Struct, frozen=True, kw_only=True):
    """A picture that belongs to an article as a whole."""

    src: str
    alt: str = ""
    credit: str = ""
    width: int = 0
    """In pixels; 0 if it could not be read."""
    height: int = 0


class FrameView(Struct, frozen=True, kw_only=True):
    """What surrounds every page: head, masthead and footer."""

    language: str
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
    notes_script: str
    """Opens notes in browsers that cannot by themselves."""
    marks_script: str
    """The reader's switch; before the text is shown, so that nothing flickers."""
    panel_script: str
    """Opens the table of sources beside the text, follows one of them, and shares a statement."""
    feed: str = ""
    """Link to the Atom feed; empty unless the site's address is set."""


class SourcingView(Struct, frozen=True, kw_only=True):
    """How well sourced an article is, counted over the statements that are shown."""

    text: str
    """`19 statements, 9 named sources, 2 unnamed, 1 document`; empty where nothing was found."""
    checked: str = ""
    """Who answers for them: `16 found automatically, 3 checked by an editor`."""
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


class DisputeView(Struct, frozen=True, kw_only=True):
    """The other side of a disputed statement."""

    lead: str
    """`Disputed by` or `Disputes`."""
    link: LinkView
    """The other side's name, linked to the very passage."""
    where: str = ""
    """The other report's headline, if it is another report."""
    note: str = ""
    """What the editor says about it."""
    own: str = ""
    """What this statement says, and…"""
    words: str = ""
    """… what the other one says, to stand side by side. Both are empty where there is no room for
    them: in ledgers, and in notes that show another dispute so already."""


class StatementView(Struct, frozen=True, kw_only=True):
    """What a note says about one statement, in the order in which it says it."""

    anchor: str = ""
    """Id to put here: a second statement in the same words has no mark of its own."""
    source: LinkView
    """Its name as articles have it, linked to its page if it has one."""
    role: str = ""
    """What the source was at the time."""
    naming: str = ""
    """`Named source`, `Unnamed source`, `Document` or `Document or poll`; empty if not clear."""
    why_unnamed: str = ""
    form: str = ""
    """`Direct quote`, `Partial quote` or `Reported speech`."""
    how: str = ""
    """How and when it was said: `Told the Courier, on Saturday`."""
    document: LinkView | None = None
    """The document itself."""
    disputes: tuple[DisputeView, ...] = ()
    others: LinkView | None = None
    """How many other statements of this source there are, linked to its page."""
    checked: str = ""
    """`Found automatically`, or who checked it and when."""
    notes: tuple[Html, ...] = ()
    """The editors' own notes."""


class NoteView(Struct, frozen=True, kw_only=True):
    """A numbered note of an article: a list item at the end that is also what pops up."""

    id: str
    """`n2`"""
    number: int
    back: str
    """Id of the numbered control in the text that leads here: `r2`."""
    permalink: str
    """Link to the passage, by its own name: good for as long as its words stand."""
    statements: tuple[StatementView, ...] = ()
    """Usually one; several where the very same words are several statements."""
    quote: str = ""
    """The words it is about, for notes that are about no statement."""
    notes: tuple[Html, ...] = ()
    """Editors' notes on words that are no statement."""


class EntityNoteView(Struct, frozen=True, kw_only=True):
    """The note that an entity's first mention opens."""

    id: str
    kind: str
    """`Person`, `Organisation` …"""
    link: LinkView
    """Name and page."""
    line: str = ""
    """What reports call it."""
    counts: str = ""
    """`12 statements in 5 reports`"""


class PassageView(Struct, frozen=True, kw_only=True):
    """What somebody said, in few words, and where it stands."""

    number: int
    """Of its note."""
    link: LinkView
    """The words, linked to the very passage."""


class SourceView(Struct, frozen=True, kw_only=True):
    """One row of the table *who says what*: a source of the article and all that it said."""

    source: LinkView
    """Its name, linked to its page if it has one."""
    role: str = ""
    naming: str = ""
    """As in `StatementView`."""
    said: tuple[PassageView, ...]


class AccountView(Struct, frozen=True, kw_only=True):
    """One of two accounts that differ."""

    source: LinkView
    link: LinkView
    """Its words, linked to the very passage."""
    where: str = ""
    """The other report's headline, if it stands in another report."""


class DifferenceView(Struct, frozen=True, kw_only=True):
    """Two statements of which an editor says that one disputes the other."""

    disputed: AccountView
    disputing: AccountView
    note: str = ""
    """What the editor says about it."""


class DocumentView(Struct, frozen=True, kw_only=True):
    """A document that an article rests on."""

    link: LinkView
    day: DayView | None = None
    page: str = ""


class NoticeView(Struct, frozen=True, kw_only=True):
    """A published correction."""

    day: DayView
    text: Html


class RelatedView(Struct, frozen=True, kw_only=True):
    """A related report, and why it is."""

    link: LinkView
    day: DayView
    why: str = ""
    """`Both name Norrhavn and the Harbour Authority`"""


class StoryLinksView(Struct, frozen=True, kw_only=True):
    """Where an article stands in its running story."""

    link: LinkView
    number: int
    """Of this report, the oldest being 1."""
    total: int
    earlier: LinkView | None = None
    later: LinkView | None = None


class ArticlePage(Struct, frozen=True, kw_only=True):
    """`article.html`: one report."""

    frame: FrameView
    language: str = ""
    """Of the text, where it is not the site's."""
    headline: str
    kicker: LinkView | None = None
    """The running story or first topic."""
    dek: str = ""
    """The article's summary."""
    authors: tuple[LinkView, ...] = ()
    outlet: str = ""
    dateline: str = ""
    day: DayView
    updated: DayView | None = None
    minutes: int = 1
    """Reading time."""
    sourcing: SourcingView
    notices: tuple[NoticeView, ...] = ()
    image: ImageView | None = None
    contents: tuple[LinkView, ...] = ()
    """Headings of a long read."""
    mail: str = ""
    """A `mailto:` link that tells somebody of the report."""
    body: Html
    """The text, with its marks."""
    repaired: bool = False
    """Whether lost apostrophes were restored in the text."""
    sources: tuple[SourceView, ...] = ()
    """Who says what, in the order in which they first speak."""
    differences: tuple[DifferenceView, ...] = ()
    notes: tuple[NoteView, ...] = ()
    entities: tuple[EntityNoteView, ...] = ()
    documents: tuple[DocumentView, ...] = ()
    topics: tuple[LinkView, ...] = ()
    story: StoryLinksView | None = None
    related: tuple[RelatedView, ...] = ()
    backlinks: tuple[TeaserView, ...] = ()


class RoleView(Struct, frozen=True, kw_only=True):
    """What somebody was, and when."""

    title: str
    organisation: LinkView | None = None
    years: str = ""
    """`since May 2024`, `2019–2024`"""


class CalledView(Struct, frozen=True, kw_only=True):
    """What a report calls an entity."""

    text: str
    link: LinkView
    """The report."""


class LedgerView(Struct, frozen=True, kw_only=True):
    """One statement in a source's ledger."""

    before: str = ""
    """The rest of its sentence before it."""
    text: str
    after: str = ""
    passage: str
    """Link to the very passage."""
    article: LinkView
    day: DayView
    role: str = ""
    """What the source was then."""
    form: str = ""
    how: str = ""
    direct: bool = False
    disputes: tuple[DisputeView, ...] = ()
    checked: str = ""


class EntityPage(Struct, frozen=True, kw_only=True):
    """`entity.html`: a person, organisation, place …; for a source also its ledger."""

    frame: FrameView
    name: str
    kind: str
    """`Person`, `Organisation` …"""
    directory: LinkView
    """The A–Z list it stands in."""
    description: str = ""
    counts: str = ""
    """`12 statements in 5 reports`"""
    aliases: tuple[str, ...] = ()
    roles: tuple[RoleView, ...] = ()
    links: tuple[LinkView, ...] = ()
    """Its own site, and the same entity elsewhere."""
    called: tuple[CalledView, ...] = ()
    ledger: tuple[LedgerView, ...] = ()
    reports: tuple[TeaserView, ...] = ()
    beside: tuple[LinkView, ...] = ()
    """Entities named in the same reports."""
    pager: PagerView | None = None


class StoryView(Struct, frozen=True, kw_only=True):
    """A running story or another list, in a list of lists."""

    link: LinkView
    count: str
    """`4 reports`"""
    day: DayView | None = None
    """Of the newest report."""
    latest: LinkView | None = None
    """The newest report."""


class FrontPage(Struct, frozen=True, kw_only=True):
    """`front.html`: the front page, and the older pages behind it."""

    frame: FrameView
    lead: TeaserView | None = None
    """The newest report; only on the first page."""
    teasers: tuple[TeaserView, ...] = ()
    stories: tuple[StoryView, ...] = ()
    """Running stories, the one with the newest report first; only on the first page."""
    pager: PagerView | None = None


class ListPage(Struct, frozen=True, kw_only=True):
    """`list.html`: the reports of a story, topic, author or month."""

    frame: FrameView
    label: str
    """`Story`, `Topic`, `Author` or `Month`."""
    heading: str
    counts: str = ""
    teasers: tuple[TeaserView, ...] = ()
    pager: PagerView | None = None


class EntryView(Struct, frozen=True, kw_only=True):
    """One line of an A–Z list."""

    link: LinkView
    line: str = ""
    counts: str = ""


class LetterView(Struct, frozen=True, kw_only=True):
    """The entries under one letter."""

    letter: str
    """Empty where the list has no letters."""
    id: str
    entries: tuple[EntryView, ...]


class DirectoryPage(Struct, frozen=True, kw_only=True):
    """`directory.html`: all people, places … with a page; all stories, topics or authors."""

    frame: FrameView
    heading: str
    counts: str = ""
    letters: tuple[LetterView, ...] = ()


class MissingPage(Struct, frozen=True, kw_only=True):
    """`404.html`: its links are absolute, since it is served at any depth."""

    frame: FrameView
    latest: tuple[LinkView, ...] = ()


class RedirectPage(Struct, frozen=True, kw_only=True):
    """`redirect.html`: an old address that leads on."""

    frame: FrameView
    target: LinkView


class FeedEntryView(Struct, frozen=True, kw_only=True):
    """One entry of the feed; addresses are full ones."""

    id: str
    title: str
    url: str
    published: str
    updated: str
    authors: tuple[str, ...]
    summary: str = ""
    topics: tuple[str, ...] = ()


class FeedPage(Struct, frozen=True, kw_only=True):
    """`feed.xml`: the newest reports as an Atom feed."""

    title: str
    subtitle: str = ""
    language: str
    url: str
    """The feed's own address."""
    home: str
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
    """`sitemap.xml`."""

    entries: tuple[SitemapEntryView, ...] = ()
