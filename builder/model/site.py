"""The whole site, as its pages need it."""

from __future__ import annotations

from msgspec import Struct, field

from builder.errors import Problem
from builder.model.edited import Edited, Said
from builder.model.spans import ArticleId, EntityKey, HeldBack, Kind
from builder.model.written import Asset, Known


class Quoted(Struct, frozen=True, kw_only=True):
    """A statement in its ledger: enough to show it far from its article."""

    article: ArticleId
    said: Said
    before: str
    """The rest of its sentence before the content."""
    text: str
    """The content's words."""
    after: str


class Identity(Struct, frozen=True, kw_only=True):
    """Who somebody is, or what something is, whatever the reports say of it."""

    key: EntityKey
    name: str
    kind: Kind
    known: Known | None = None
    path: str = ""
    """Its page, relative to the site's root, `people/ana-ruiz/`; empty: it has none."""


class Entity(Identity, frozen=True, kw_only=True):
    """A person, organisation, place … across the whole site."""

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

    @property
    def identity(self) -> Identity:
        """Who it is, without what the reports say of it."""
        return Identity(
            key=self.key, name=self.name, kind=self.kind, known=self.known, path=self.path
        )


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
    """slug `2026/11`, name `2026-11`, newest first."""
    backlinks: dict[ArticleId, tuple[ArticleId, ...]] = field(default_factory=dict)
    """Which articles link to this one with `[[…]]`, newest first."""
    translations: dict[ArticleId, tuple[ArticleId, ...]] = field(default_factory=dict)
    """The same report in other languages, the one it was written in first."""
    links: dict[str, ArticleId] = field(default_factory=dict)
    """Every target of a `[[…]]` as it was written, and the article it means."""
    withheld: dict[str, HeldBack] = field(default_factory=dict)
    """Targets that mean an article which is not published, and why it is not."""
    kept_off: frozenset[EntityKey] = frozenset()
    """People whom the register keeps off, whether a report was found to name them or not."""
    unlisted: tuple[str, ...] = ()
    """Names of people whom the register keeps off, the longest first: never shown away from their
    reports."""
    assets: tuple[Asset, ...] = ()
    problems: tuple[Problem, ...] = ()
    """What does not fit between articles."""
