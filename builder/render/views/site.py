"""Pages of the whole site: audit, directories, and what stands in for a page."""

from __future__ import annotations

from msgspec import Struct

from builder.render.views.parts import DayView, FrameView, LinkView, PagerView


class ShareView(Struct, frozen=True, kw_only=True):
    """A line of the sourcing audit: how much of all that is said comes from there."""

    link: LinkView
    statements: str
    share: str
    """Of all statements: `12.5%`"""
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
    """`17 reports, 204 statements`; reports only on further pages."""
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


class ChoiceView(Struct, frozen=True, kw_only=True):
    """A value that results can be narrowed to."""

    value: str
    label: str
    count: str
    """How many reports have it: `1,204`"""


class FilterView(Struct, frozen=True, kw_only=True):
    """Something that results can be narrowed by."""

    name: str
    """`source`, `organisation`, `place`, `topic` or `month`, as the index knows it."""
    label: str
    choices: tuple[ChoiceView, ...]


class SearchPage(Struct, frozen=True, kw_only=True):
    """`search.html`: the page to search from."""

    frame: FrameView
    heading: str
    index: str
    """Link to the script of the index."""
    filters: tuple[FilterView, ...] = ()
    lists: tuple[LinkView, ...] = ()
    """What there is to look through without scripts: people, places …, from A to Z."""


class MissingPage(Struct, frozen=True, kw_only=True):
    """`404.html`: its links are absolute, since it is served at any depth."""

    frame: FrameView
    latest: tuple[LinkView, ...] = ()


class RedirectPage(Struct, frozen=True, kw_only=True):
    """`redirect.html`: an old address that leads on."""

    frame: FrameView
    target: LinkView
