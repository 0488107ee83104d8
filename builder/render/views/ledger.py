"""The page of an entity: its ledger."""

from __future__ import annotations

from msgspec import Struct

from builder.render.views.maps import MapView
from builder.render.views.parts import DayView, FrameView, LinkView, PagerView, TeaserView
from builder.render.views.report import DisputeView


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
    """`Direct quote`, `Partial quote` or `Reported speech`, where its own marks do not show it."""
    how: str = ""
    """How, to whom and when it was said: `Told the Courier, on Saturday`."""
    direct: bool = False
    """Whether it is quoted, in full or in part."""
    disputes: tuple[DisputeView, ...] = ()
    checked: str = ""
    """Who checked it and when; empty for what was found automatically."""


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
    map: MapView | None = None
    """Where it is, if it is a place and that is certain."""
    called: tuple[CalledView, ...] = ()
    ledger: tuple[LedgerReportView, ...] = ()
    """Newest report first, the statements of each as they stand in it."""
    ledger_part: str = ""
    """`51 to 100 of 120`; empty where all are on this page."""
    speaks: bool = False
    """Whether it is a source: `reports` are then those in which it is named and says nothing."""
    reports: tuple[TeaserView, ...] = ()
    reports_part: str = ""
    """The same of the reports."""
    quoted_beside: tuple[CompanyView, ...] = ()
    """Of a source: who else is quoted where it is."""
    beside: tuple[LinkView, ...] = ()
    """Entities named in the same reports."""
    pager: PagerView | None = None
