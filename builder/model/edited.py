"""What editing makes of it, article by article."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from builder.errors import Place, Problem
from builder.model.found import Prose, Statement
from builder.model.spans import Anchor, ArticleId, EntityKey, Kind, MentionForm, Origin, Span
from builder.model.written import Article, Passage


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
