"""Every record that passes between rooms: frozen, compared by value, safe to store and to send."""

from __future__ import annotations

import datetime as dt
from typing import Literal, NewType

from msgspec import Struct, field

from builder.errors import Place, Problem

ArticleId = NewType("ArticleId", str)
"""Path under `content/` without suffix: `2026/port-strike`."""
EntityKey = NewType("EntityKey", str)
"""Register key, or the slug of the full name: `ana-ruiz`."""
Anchor = NewType("Anchor", str)
"""A statement's fragment, made from its words and not counted: `s-3f9a1c20`."""

Kind = Literal["person", "organisation", "place", "event", "work", "law", "date"]
MentionForm = Literal["name", "nominal", "pronoun"]
Form = Literal["direct", "mixed", "indirect"]
Act = Literal["speech", "attitude", "unsaid"]
Origin = Literal["editor", "model"]
HeldBack = Literal["draft", "future", "expired"]
BlockKind = Literal["paragraph", "heading", "quote", "item", "cell", "footnote"]


class Span(Struct, frozen=True, order=True):
    """A half-open range of characters of `Prose.text`."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Whether the other lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end


Spans = tuple[Span, ...]
"""In text order, not overlapping; empty where there is nothing."""


# --- what people write by hand ------------------------------------------------------------------


class Record(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Base of what editors write: a misspelt key is an error."""


class Role(Record, frozen=True, kw_only=True):
    """What somebody was, and when."""

    title: str
    """`finance minister`"""
    organisation: str = ""
    """Register key or name of the organisation, if any."""
    since: dt.date | None = None
    until: dt.date | None = None


class Known(Record, frozen=True, kw_only=True, cache_hash=True):
    """One entry of `content/register.toml`."""

    key: str
    name: str
    """The full name, as pages show it."""
    kind: Kind
    aliases: tuple[str, ...] = ()
    """Other names that mean this entity on the whole site."""
    roles: tuple[Role, ...] = ()
    description: str = ""
    link: str = ""
    same_as: tuple[str, ...] = ()
    """Addresses of the same entity elsewhere (Wikidata, Wikipedia)."""
    lat: float | None = None
    lon: float | None = None
    page: bool = True
    """False keeps the name off every page of its own, list, feed and search."""
    distinct: bool = False
    """True: mentions join this entry only through its aliases or an editor's correction, never
    because the full name is the same. For namesakes."""


class SourceDocument(Record, frozen=True, kw_only=True):
    """A document as a source, from the front matter of an article."""

    id: str
    title: str
    """As the article names it, too: `Board minutes`."""
    aliases: tuple[str, ...] = ()
    """Other words by which the article refers to it: `the minutes`."""
    link: str = ""
    published: dt.date | None = None
    page: str = ""


class Notice(Record, frozen=True, kw_only=True):
    """A published correction: what a newspaper prints when it was wrong."""

    date: dt.date
    text: str
    """Markdown, one paragraph."""


class Passage(Record, frozen=True, kw_only=True):
    """Words of the article that a correction is anchored to (the idea of W3C TextQuoteSelector)."""

    exact: str
    before: str = ""
    """Words directly before, to tell repeats apart."""
    after: str = ""


class Names(Record, frozen=True, kw_only=True, tag_field="do", tag="names"):
    """These words name this entity."""

    passage: Passage
    entity: str
    """A register key or a full name."""
    kind: Kind | None = None
    """Needed where the entity is not in the register and was not found otherwise."""
    every: bool = False
    """Whether the same words mean the same wherever they stand in the article."""


class Ignore(Record, frozen=True, kw_only=True, tag_field="do", tag="ignore"):
    """What the model found in these words is not so."""

    passage: Passage
    what: Literal["all", "entity", "statement"] = "all"


class SaidBy(Record, frozen=True, kw_only=True, tag_field="do", tag="said-by"):
    """These words are a statement, and this is its source."""

    passage: Passage
    speaker: str = ""
    """A register key, an entity's key or a full name."""
    document: str = ""
    """The id of a document in the front matter, instead of a speaker."""
    unnamed: str = ""
    """What the article calls an unnamed source (`a senior official`), instead of a speaker."""
    why: str = ""
    """Why the source is unnamed."""
    form: Form | None = None
    act: Act | None = None


class Note(Record, frozen=True, kw_only=True, tag_field="do", tag="note"):
    """An editor's own note on these words."""

    passage: Passage
    text: str
    """Markdown."""


class Confirm(Record, frozen=True, kw_only=True, tag_field="do", tag="confirm"):
    """An editor has checked what was found in these words."""

    passage: Passage
    by: str = ""
    on: dt.date | None = None


class Disputes(Record, frozen=True, kw_only=True, tag_field="do", tag="disputes"):
    """The statement in `passage` is disputed by another one; shown on both."""

    passage: Passage
    by: Passage
    """A passage of the disputing statement."""
    article: str = ""
    """Id of the article that carries the disputing statement; empty: this one."""
    note: str = ""


class Merge(Record, frozen=True, kw_only=True, tag_field="do", tag="merge"):
    """In this article, the first name is the second entity."""

    entity: str
    """A name as it stands in the article, or a key."""
    into: str
    """A register key or a full name."""


class Distinct(Record, frozen=True, kw_only=True, tag_field="do", tag="distinct"):
    """In this article, this name is another person than the site's entity of the same name."""

    entity: str
    """The name as it stands in the article."""
    key: str
    """The key the other one gets (a register key, or a new one)."""


Correction = Names | Ignore | SaidBy | Note | Confirm | Disputes | Merge | Distinct


class Placed(Struct, frozen=True):
    """A correction and the line an editor wrote it at."""

    correction: Correction
    place: Place


class FrontMatter(Record, frozen=True, kw_only=True):
    """What stands above an article."""

    title: str
    published: dt.datetime
    """With an offset; the site's time zone and midnight have filled what was missing."""
    updated: dt.datetime | None = None
    expires: dt.datetime | None = None
    """From then on the article is taken down."""
    authors: tuple[str, ...] = ()
    summary: str = ""
    topics: tuple[str, ...] = ()
    story: str = ""
    """The running story this report belongs to, as readers see it: `The port strike`."""
    slug: str = ""
    aliases: tuple[str, ...] = ()
    """Old URLs that lead here."""
    draft: bool = False
    lang: str = ""
    outlet: str = ""
    """Who reported it first, if not this site: `Reuters`."""
    dateline: str = ""
    image: str = ""
    image_alt: str = ""
    image_credit: str = ""
    documents: tuple[SourceDocument, ...] = ()
    notices: tuple[Notice, ...] = ()


class Remark(Struct, frozen=True):
    """An editor's Markdown outside the body: of a notice, a note or a dispute."""

    text: str
    place: Place


class Article(Struct, frozen=True):
    """One report as it was written."""

    id: ArticleId
    place: Place
    """The file, for problems."""
    meta: FrontMatter
    body: str
    """Markdown; the front matter is replaced by as many empty lines, so that lines are the
    file's."""
    corrections: tuple[Placed, ...] = ()
    """Front matter first, then the sidecar file."""
    is_lacking: bool = False
    """Whether a correction could not be read, so that others may miss what it would have made."""
    remarks: tuple[Remark, ...] = ()
    """What its notices and corrections tell readers."""


class Asset(Struct, frozen=True):
    """A picture or attachment beside an article, or a file of `static/`."""

    path: str
    """Where it is published, relative to the site's root: `2026/port-strike/crane.jpg`."""
    source: str
    """Where it lies, relative to the site's folder: `content/2026/crane.jpg`."""
    digest: str
    """BLAKE2b of its bytes, in hexadecimal."""


class Content(Struct, frozen=True):
    """All that `content/` and `static/` hold."""

    articles: tuple[Article, ...]
    """Published ones (and drafts if asked for), newest first, then by id."""
    register: tuple[Known, ...]
    assets: tuple[Asset, ...]
    held_back: tuple[Article, ...] = ()
    """Drafts, dated in the future, or expired: not published, but links to them are explained."""
    why_held_back: tuple[HeldBack, ...] = ()
    """Why, one for each of `held_back`."""


# --- prose → nlp ----------------------------------------------------------------------------------


class Run(Struct, frozen=True):
    """A stretch of clean text that came from one text token."""

    span: Span
    block: int
    """Index of the inline token among the article's tokens."""
    leaf: int
    """Index of the text token among the children of that one."""
    line: int
    """Of the file, from 1."""


class Block(Struct, frozen=True):
    """A paragraph, heading, list item, table cell …: what a reader sees as one piece."""

    span: Span
    kind: BlockKind = "paragraph"


class Prose(Struct, frozen=True):
    """The clean text that the language model reads, and where it came from."""

    text: str
    """Blocks are parted by a blank line."""
    blocks: tuple[Block, ...]
    """In text order; together they cover all of the text but what parts them."""
    runs: tuple[Run, ...] = ()
    """Empty for text that is no article."""


# --- nlp → editing --------------------------------------------------------------------------------


class Mention(Struct, frozen=True):
    """A stretch of text that refers to something."""

    span: Span
    kind: Kind
    form: MentionForm = "name"


class Statement(Struct, frozen=True, kw_only=True):
    """Something somebody said, and the words that say who."""

    content: Spans
    """What is said, with its `that` and its quotation marks; attribution words out (PolNeAR)."""
    cue: Spans = ()
    source: Spans = ()
    """The words in the text that stand for whoever says it, pronoun included."""
    form: Form
    act: Act = "speech"
    named: bool = False
    """Whether the source is named: it carries a name, or refers to one that does."""
    chain: int | None = None
    """Index into `Analysis.chains` of the entity behind the source; None if not sure."""
    also: tuple[int, ...] = ()
    """The same of others who say it together with that one: `Ana Ruiz and the council said`."""
    why_unnamed: Spans = ()
    role: Spans = ()
    addressee: Spans = ()
    medium: Spans = ()
    when: Spans = ()
    rule: str = ""
    """Names the rule or decision that made it: `subject-of-cue`."""
    confidence: float = 1.0
    """0 to 1: how sure that content and source are right."""


class Chain(Struct, frozen=True):
    """Mentions of one entity within an article."""

    mentions: tuple[int, ...]
    """Indexes into `Analysis.mentions`; the fullest name first, then in text order."""
    kind: Kind
    name: str
    """The fullest name, cleaned for readers (`Raqqa's Civil Council` where the text lost the
    apostrophe)."""
    descriptions: Spans = ()
    """What the text calls it: appositions and titles (`a member of the council`)."""


class Analysis(Struct, frozen=True):
    """What the language pipeline found in one text."""

    mentions: tuple[Mention, ...] = ()
    """In text order; names do not overlap each other."""
    statements: tuple[Statement, ...] = ()
    """In text order."""
    chains: tuple[Chain, ...] = ()
    """Every name mention is in exactly one chain."""
    unmarked: bool = False
    """Whether the text seems to have lost its quotation marks and apostrophes."""
    repairs: tuple[tuple[Span, str], ...] = ()
    """Certain repairs for `[text] repair`: these characters should read so (`" s"` → `"’s"`)."""


# --- editing → index ------------------------------------------------------------------------------


class EntityHere(Struct, frozen=True, kw_only=True):
    """An entity as one article knows it."""

    key: EntityKey
    name: str
    kind: Kind
    known: bool = False
    """Whether it stands in the register."""
    local: bool = False
    """True for what cannot be joined across articles (a surname alone): never gets a page."""
    names: tuple[str, ...] = ()
    """The names this article uses, fullest first."""
    descriptions: tuple[str, ...] = ()


class Named(Struct, frozen=True, kw_only=True):
    """A mention, resolved to an entity."""

    span: Span
    entity: EntityKey
    form: MentionForm = "name"
    origin: Origin = "model"


class Dispute(Struct, frozen=True, kw_only=True):
    """The other side of a disputed statement."""

    article: ArticleId
    anchor: Anchor
    note: str = ""
    disputes: bool
    """True: this statement disputes the other; False: it is disputed by it."""


class Said(Struct, frozen=True, kw_only=True):
    """A statement, resolved: the final word on who said it."""

    anchor: Anchor
    statement: Statement
    speaker: EntityKey | None = None
    also: tuple[EntityKey, ...] = ()
    """Others who say it together with the speaker."""
    document: str = ""
    """Id of the document that is the source, if one is."""
    speaker_name: str = ""
    """How notes call the source: an entity's name or the names of several, a document's title, or
    the words of the article (`a militia spokesman`)."""
    named: bool = False
    role: str = ""
    """The source's role at the time, from the register or from the text."""
    why_unnamed: str = ""
    origin: Origin = "model"
    shown: bool = True
    """False: below the site's threshold, or an act that it does not show."""
    checked_by: str | None = None
    """None: nobody checked it; empty: an editor did, without giving a name."""
    checked_on: dt.date | None = None
    disputes: tuple[Dispute, ...] = ()
    notes: tuple[str, ...] = ()
    """Editors' notes on it, in Markdown."""


class Noted(Struct, frozen=True, kw_only=True):
    """An editor's note on words that are no statement."""

    anchor: Anchor
    span: Span
    text: str
    """Markdown."""


Annotation = Named | Said | Noted


class DisputedElsewhere(Struct, frozen=True, kw_only=True):
    """A dispute whose other side stands in another article: joined up once all are known."""

    anchor: Anchor
    """The disputed statement of this article."""
    article: str
    """The other article, as the editor wrote it."""
    by: Passage
    note: str = ""
    place: Place
    """Where the editor wrote it."""


class Edited(Struct, frozen=True, kw_only=True):
    """One article with its final annotations."""

    article: Article
    prose: Prose
    entities: tuple[EntityHere, ...] = ()
    """By key."""
    mentions: tuple[Named, ...] = ()
    """In text order; names do not overlap."""
    statements: tuple[Said, ...] = ()
    """In text order, shown or not."""
    notes: tuple[Noted, ...] = ()
    elsewhere: tuple[DisputedElsewhere, ...] = ()
    repairs: tuple[tuple[Span, str], ...] = ()
    """Characters that readers see otherwise; empty unless `[text] repair` asks for it."""
    problems: tuple[Problem, ...] = ()


# --- index → render -------------------------------------------------------------------------------


class Quoted(Struct, frozen=True, kw_only=True):
    """A statement in its ledger: enough to show it far from its article."""

    article: ArticleId
    said: Said
    before: str
    """The rest of its sentence before the content."""
    text: str
    """The content's words."""
    after: str


class Entity(Struct, frozen=True, kw_only=True):
    """A person, organisation, place … across the whole site."""

    key: EntityKey
    name: str
    kind: Kind
    known: Known | None = None
    names: tuple[str, ...] = ()
    """Every name the reports use, most frequent first."""
    descriptions: tuple[tuple[ArticleId, str], ...] = ()
    """What reports call it, newest first."""
    articles: tuple[ArticleId, ...] = ()
    """That mention it, newest first."""
    statements: tuple[Quoted, ...] = ()
    """Shown statements by it, newest article first, text order within."""
    beside: tuple[EntityKey, ...] = ()
    """Entities most often named in the same reports, most often first; only such with a page."""
    quoted_beside: tuple[tuple[EntityKey, int], ...] = ()
    """Sources with a page that are quoted in the same reports, and in how many, most first."""
    path: str = ""
    """Its page, relative to the site's root, `people/ana-ruiz/`; empty: it has none."""


class Shared(Struct, frozen=True, kw_only=True):
    """Why two reports are related."""

    story: str = ""
    entities: tuple[EntityKey, ...] = ()
    """The most telling ones first; only such that may be listed."""
    words: tuple[str, ...] = ()


class Related(Struct, frozen=True, kw_only=True):
    """One related report."""

    article: ArticleId
    score: float
    shared: Shared
    shown: bool
    """Whether it is sure enough to show to readers."""


class Story(Struct, frozen=True, kw_only=True):
    """A list of articles under one heading: a story, topic, author or month."""

    slug: str
    name: str
    articles: tuple[ArticleId, ...]
    """Newest first."""


class Site(Struct, frozen=True, kw_only=True):
    """All articles at once, joined up."""

    articles: tuple[Edited, ...]
    """Newest first, then by id."""
    entities: dict[EntityKey, Entity] = field(default_factory=dict)
    stories: tuple[Story, ...] = ()
    topics: tuple[Story, ...] = ()
    authors: tuple[Story, ...] = ()
    months: tuple[Story, ...] = ()
    """slug `2026/11`, newest first."""
    backlinks: dict[ArticleId, tuple[ArticleId, ...]] = field(default_factory=dict)
    """Which articles link to this one with `[[…]]`, newest first."""
    links: dict[str, ArticleId] = field(default_factory=dict)
    """Every target of a `[[…]]` as it was written, and the article it means."""
    withheld: dict[str, HeldBack] = field(default_factory=dict)
    """Targets that mean an article which is not published, and why it is not."""
    unlisted: tuple[str, ...] = ()
    """Names of people whom the register keeps off, the longest first: never shown away from their
    reports."""
    assets: tuple[Asset, ...] = ()
    problems: tuple[Problem, ...] = ()
    """What does not fit between articles."""


# --- render → output ------------------------------------------------------------------------------


class Page(Struct, frozen=True):
    """A page to be rendered from a template, if its context changed."""

    path: str
    """Under the output folder: `2026/port-strike/index.html`."""
    template: str
    context: Struct
    """A frozen view record: its encoding is the page's fingerprint."""


class File(Struct, frozen=True):
    """A file whose bytes are known."""

    path: str
    data: bytes


class Copy(Struct, frozen=True):
    """A file to be copied as it is."""

    path: str
    source: str
    """Relative to the site's folder."""
    digest: str


Output = Page | File | Copy


class Written(Struct, frozen=True, kw_only=True):
    """What a build did to the output folder."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
