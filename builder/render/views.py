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


class AlternateView(Struct, frozen=True):
    """What a page offers to programs, for `<link rel="alternate">`."""

    type: str
    """Its media type."""
    title: str
    href: str


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
    ledger_stylesheet: str
    """What ledgers, stories and the audit need besides; no other page fetches it."""
    marks_script: str
    """The reader's switch; before the text is shown, so that nothing flickers."""
    article_script: str
    """Opens notes in browsers that cannot by themselves, and the table of sources beside the text;
    follows one of the sources, and shares a statement."""
    feed: str = ""
    """Link to the Atom feed; empty unless the site's address is set."""
    alternates: tuple[AlternateView, ...] = ()
    """The same for programs: feeds, Markdown, annotations."""


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
    role: str = ""
    """What the other side was, where several have its name."""
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
    role: str = ""
    """What the source was, where several have its name."""
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
    data: Html = Html("")
    """What the report is, as JSON-LD; empty unless the site's address is set."""
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
    role: str = ""
    """What the source was, where it is not what it was in the statement before."""
    form: str = ""
    """`Direct quote`, `Partial quote` or `Reported speech`."""
    how: str = ""
    """How, to whom and when it was said: `Told the Courier, on Saturday`."""
    direct: bool = False
    """Whether it is quoted, in full or in part."""
    disputes: tuple[DisputeView, ...] = ()
    checked: str = ""
    """`Found automatically`, or who checked it and when."""


class LedgerReportView(Struct, frozen=True, kw_only=True):
    """What a source said in one report."""

    article: LinkView
    day: DayView
    role: str = ""
    """What the source was at the time."""
    notices: tuple[DayView, ...] = ()
    """When the report was corrected in print."""
    entries: tuple[LedgerView, ...] = ()


class CompanyView(Struct, frozen=True, kw_only=True):
    """A source that is quoted in the same reports."""

    link: LinkView
    count: str
    """`3 reports`"""


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
    """`12 statements; named in 5 reports`"""
    tally: tuple[str, ...] = ()
    """Of a source: `8 direct quotes`, `4 reported`, `2 disputed`, `16 July to 11 November 2026`."""
    aliases: tuple[str, ...] = ()
    roles: tuple[RoleView, ...] = ()
    links: tuple[LinkView, ...] = ()
    """Its own site, and the same entity elsewhere."""
    called: tuple[CalledView, ...] = ()
    ledger: tuple[LedgerReportView, ...] = ()
    """Newest report first, the statements of each as they stand in it."""
    ledger_part: str = ""
    """`51 to 100 of 120`; empty where all are on this page."""
    reports: tuple[TeaserView, ...] = ()
    reports_part: str = ""
    """The same of the reports."""
    quoted_beside: tuple[CompanyView, ...] = ()
    """Of a source: who else is quoted where it is."""
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
    """`list.html`: the reports of a topic, author or month."""

    frame: FrameView
    label: str
    """`Topic`, `Author` or `Month`."""
    heading: str
    counts: str = ""
    teasers: tuple[TeaserView, ...] = ()
    pager: PagerView | None = None


class SayingView(Struct, frozen=True, kw_only=True):
    """A statement on a story's page."""

    text: str
    """At most thirty words of it."""
    passage: str
    """Link to the very passage."""
    direct: bool = False
    """Whether it is quoted, in full or in part."""
    disputes: tuple[DisputeView, ...] = ()


class VoiceView(Struct, frozen=True, kw_only=True):
    """A source in one report of a story."""

    source: LinkView
    role: str = ""
    """What it was at the time."""
    sayings: tuple[SayingView, ...] = ()
    """What is disputed, else the longest quote, else the longest of the rest."""
    more: str = ""
    """`3 more statements`"""


class MomentView(Struct, frozen=True, kw_only=True):
    """A report in a story's timeline."""

    day: DayView
    article: LinkView
    summary: str = ""
    sourcing: str = ""
    voices: tuple[VoiceView, ...] = ()
    """Sources with a page, in the order in which they speak."""
    others: str = ""
    """`2 unnamed sources, 1 document`: only counted here."""


class SideView(Struct, frozen=True, kw_only=True):
    """One of two accounts that differ."""

    source: LinkView
    role: str = ""
    text: str
    passage: str
    """Link to the very passage."""
    direct: bool = False
    """Whether it is quoted, in full or in part."""
    article: LinkView
    day: DayView


class ContrastView(Struct, frozen=True, kw_only=True):
    """Two statements of which one disputes the other."""

    disputed: SideView
    by: SideView
    note: str = ""
    """What the editor says about it."""


class TickView(Struct, frozen=True, kw_only=True):
    """A day on the scale of a drawing."""

    x: str
    """`12.5%` of its width."""
    text: str = ""
    """Empty for a report's line without words."""
    anchor: str = "middle"
    """`start`, `middle` or `end`: how the words stand to the place."""


class DotView(Struct, frozen=True, kw_only=True):
    """A source's statements of one day in a drawing."""

    x: str
    size: str
    """Its radius in pixels."""
    hollow: bool = False
    """Whether all of them are reported speech."""
    disputed: bool = False
    title: str
    """`Mara Lindqvist, 20 November 2026: 3 statements`"""


class LaneView(Struct, frozen=True, kw_only=True):
    """A source's row in a drawing."""

    name: str
    y: int
    """Of its line, in pixels from the top."""
    first: str
    """Where its line begins, and where it ends."""
    last: str
    dots: tuple[DotView, ...] = ()


class ThreadView(Struct, frozen=True, kw_only=True):
    """A line in a drawing that joins two rows whose statements differ."""

    x: str
    y: int
    to_x: str
    to_y: int


class DrawingView(Struct, frozen=True, kw_only=True):
    """Who speaks when in a story: for an `<svg>` as wide as its column, without a `viewBox`."""

    height: int
    """In pixels."""
    about: str
    """What it shows, for those who do not see it."""
    lanes: tuple[LaneView, ...] = ()
    threads: tuple[ThreadView, ...] = ()
    reports: tuple[TickView, ...] = ()
    """Where the reports stand."""
    ticks: tuple[TickView, ...] = ()
    """The scale."""
    left_out: str = ""
    """`4 more sources`: those who say least have no row."""


class StoryPage(Struct, frozen=True, kw_only=True):
    """`story.html`: a running story as a timeline, the first report first."""

    frame: FrameView
    heading: str
    counts: str = ""
    """`6 reports, 41 statements`"""
    span: str = ""
    """`12 September to 14 November 2026`"""
    newest: LinkView | None = None
    """The newest report; only on the first page."""
    moments: tuple[MomentView, ...] = ()
    start: int = 1
    """Number of the first report on this page."""
    contrasts: tuple[ContrastView, ...] = ()
    """Where accounts differ; only on the first page."""
    drawing: DrawingView | None = None
    """Only on the first page, and where there is something to draw."""
    pager: PagerView | None = None
    """Its `newer` leads to earlier reports here, its `older` to later ones."""


class ShareView(Struct, frozen=True, kw_only=True):
    """A line of the sourcing audit: how much of all that is said comes from there."""

    link: LinkView
    statements: str
    share: str
    """Per cent of all statements: `12.5`"""
    reports: str = ""
    last: DayView | None = None
    """When it was last quoted."""


class AuditedView(Struct, frozen=True, kw_only=True):
    """A report in the sourcing audit."""

    link: LinkView
    day: DayView
    statements: int = 0
    named: int = 0
    """Sources, not statements, as `unnamed` and `documents`."""
    unnamed: int = 0
    documents: int = 0
    single: bool = False
    """Whether all that it says comes from one source."""


class AuditPage(Struct, frozen=True, kw_only=True):
    """`audit.html`: how the site is sourced."""

    frame: FrameView
    heading: str
    counts: str = ""
    """`17 reports, 204 statements`"""
    kinds: tuple[ShareView, ...] = ()
    """Statements by named and unnamed sources, documents, and nobody clear; only on the first
    page, as `sources`."""
    sources: tuple[ShareView, ...] = ()
    """Sources with a page, those who say most first."""
    rest: tuple[ShareView, ...] = ()
    """All others, counted together."""
    single: str = ""
    """`2 of 17 reports rest on a single source`"""
    reports: tuple[AuditedView, ...] = ()
    """Newest first."""
    reports_part: str = ""
    sources_file: LinkView
    """The same as a table to download."""
    reports_file: LinkView
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

    headline: str
    dek: str = ""
    byline: str = ""
    """`By Ines Okafor · Reuters · 20 November 2026`"""
    url: str = ""
    """The page's full address; empty unless the site's address is set."""
    dateline: str = ""
    notices: tuple[NoticeView, ...] = ()
    body: Html
    """Plain HTML; the filter `markdown` makes Markdown of it."""
    footnotes: tuple[PlainNoteView, ...] = ()
    """The writer's own footnotes, then the notes on sources."""
    documents: tuple[LinkView, ...] = ()
