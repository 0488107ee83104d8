"""The page of an article."""

from __future__ import annotations

from msgspec import Struct

from builder.render.views.parts import (
    Attributes,
    DayView,
    FrameView,
    Html,
    ImageView,
    LinkView,
    SourcingView,
    TeaserView,
)


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
    """`Named source`, `Unnamed source`, `Document` or `Document, post or poll`; empty where it is
    not clear."""
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
    kind: str = ""
    """The same for the style sheet, in every language: `named`, `unnamed`, `document` or `poll`;
    empty if not clear."""
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
    words: str = ""
    """The language of the interface within the article, as a tag: the article's, if it has a
    catalogue, else the site's."""
    attrs: Attributes = ()
    """`lang` and `dir` of the article as a whole, where `words` is not the site's language."""
    text_attrs: Attributes = ()
    """The same of its headline and text, where their language is not that of `words`."""
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
    translations: tuple[LinkView, ...] = ()
    """The same report in other languages, each in the words of its own: `Auf Deutsch lesen`."""
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
