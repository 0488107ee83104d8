"""What people write by hand: articles, the register, corrections."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct

from builder.errors import Place
from builder.model.spans import Act, ArticleId, Form, HeldBack, Kind


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
    translation_of: str = ""
    """The report that this one translates, named as in a `[[link]]`."""
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


class Article(Struct, frozen=True, weakref=True):
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
    image_place: Place | None = None
    """Where its picture is named, if it has one."""


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
