"""Lists of reports, and the page of a running story."""

from __future__ import annotations

from msgspec import Struct

from builder.render.views.parts import DayView, FrameView, LinkView, PagerView, TeaserView
from builder.render.views.report import DisputeView


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
    """`and 3 more statements`"""


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
    """`4 more sources stand in the list only.`: those who say least have no row."""


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
