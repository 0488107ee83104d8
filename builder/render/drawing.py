"""Who speaks when in a running story, as places and sizes for a drawing.

Across, places are shares of the drawing's width, so that its words stay as large as the page's on
every screen; down, they are pixels.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import sqrt

from builder.model import Anchor, ArticleId, Entity, Quoted
from builder.render.catalogue import Words
from builder.render.dates import local
from builder.render.edition import Edition, distinct_name
from builder.render.views import DotView, DrawingView, LaneView, ThreadView, TickView

LANES = 12
"""Sources with a row at the most: those in dispute, then those who say most."""
TOP, STEP, FOOT = 34, 44, 8
"""Pixels above the first row's line, between rows, and below the last."""
MARGIN = 3.5
"""Per cent of the width at either side, so that dots at the ends are whole."""
ROOM = 18
"""Per cent of the width that the name of a month needs."""
LETTERS = 44
"""Of a name beside a row, at the most."""
SMALLEST, LARGEST = 4.0, 11.0
"""Radius of a dot, in pixels: its area grows with the number of statements."""

Spoken = tuple[Entity, tuple[Quoted, ...]]


def drawing(
    edition: Edition, articles: Sequence[ArticleId], sources: Iterable[Spoken]
) -> DrawingView | None:
    """The drawing of a story, or none if fewer than two reports quote anybody.

    Args:
        edition: The site.
        articles: Of the story, the oldest first.
        sources: Those with a page, in the order in which they appear, and all that each says.
    """
    everybody = list(sources)
    most = sorted(everybody, key=_weight)[:LANES]
    shown = [each for each in everybody if each in most]
    if len({quoted.article for _, said in shown for quoted in said}) < 2:
        return None
    days = {
        article: local(edition.articles[article].article.meta.published, edition.settings)
        for article in articles
    }
    scale = _Scale(min(days.values()), max(days.values()))
    rows = {entity.key: TOP + number * STEP for number, (entity, _) in enumerate(shown)}
    at = {
        (quoted.article, quoted.said.anchor): rows[entity.key]
        for entity, said in shown
        for quoted in said
    }
    words = edition.words
    facts = (words("count.sources", len(shown)), words("count.reports", len(articles)))
    return DrawingView(
        height=TOP + (len(shown) - 1) * STEP + FOOT + round(LARGEST),
        about=words.commas((*facts, words.days(scale.first.date(), scale.last.date()))),
        lanes=tuple(_lane(edition, each, rows[each[0].key], days, scale) for each in shown),
        threads=tuple(dict.fromkeys(_threads(shown, at, days, scale))),
        reports=tuple(TickView(x=scale.x(day)) for day in sorted(set(days.values()))),
        ticks=tuple(scale.ticks(words)),
        left_out=(
            words("story.left-out", len(everybody) - len(shown))
            if len(everybody) > len(shown)
            else ""
        ),
    )


class _Scale:
    """From days to places across."""

    def __init__(self, first: dt.datetime, last: dt.datetime) -> None:
        self.first, self.last = first, last
        self.seconds = (last - first).total_seconds()

    def share(self, when: dt.datetime) -> float:
        """Per cent of the width."""
        if not self.seconds:
            return 50.0
        part = (when - self.first).total_seconds() / self.seconds
        return MARGIN + part * (100 - 2 * MARGIN)

    def x(self, when: dt.datetime) -> str:
        """The place as an attribute."""
        return f"{self.share(when):.2f}%"

    def ticks(self, words: Words) -> Iterator[TickView]:
        """The first day, the last one, and the months or years between that have room."""
        ends = (
            [(self.first, "start"), (self.last, "end")]
            if self.seconds
            else [(self.first, "middle")]
        )
        for when, anchor in ends:
            x = {"start": "0%", "end": "100%"}.get(anchor, "50%")
            yield TickView(x=x, text=words.short_day(when.date()), anchor=anchor)
        taken = 2.0 * ROOM
        for month in self._months():
            share = self.share(month)
            if taken <= share <= 100 - 2 * ROOM:
                name = words.short_month(month.date(), year=False)
                yield TickView(x=f"{share:.2f}%", text=name)
                taken = share + ROOM

    def _months(self) -> Iterator[dt.datetime]:
        year, month = self.first.year, self.first.month
        while True:
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
            start = self.first.replace(year=year, month=month, day=1, hour=0, minute=0, second=0)
            if start >= self.last:
                return
            yield start


def shorten(name: str) -> str:
    """A name that fits a narrow screen on one line."""
    return name if len(name) <= LETTERS else f"{name[: LETTERS - 1].rstrip()}…"


def _weight(spoken: Spoken) -> tuple[bool, int]:
    """Sources that are in dispute come first, then those who say most."""
    _, said = spoken
    return (not any(quoted.said.disputes for quoted in said), -len(said))


def _lane(
    edition: Edition,
    spoken: Spoken,
    y: int,
    days: Mapping[ArticleId, dt.datetime],
    scale: _Scale,
) -> LaneView:
    words = edition.words
    entity, said = spoken
    name = shorten(distinct_name(edition, entity))
    by_day: dict[dt.date, list[Quoted]] = defaultdict(list)
    for quoted in said:
        by_day[days[quoted.article].date()].append(quoted)
    when = {date: days[group[0].article] for date, group in by_day.items()}
    dots = tuple(
        DotView(
            x=scale.x(when[date]),
            size=f"{min(LARGEST, SMALLEST * sqrt(len(group))):.1f}",
            hollow=all(quoted.said.statement.form == "indirect" for quoted in group),
            disputed=any(quoted.said.disputes for quoted in group),
            title=words(
                "story.dot",
                name=name,
                day=words.day(date),
                statements=words("count.statements", len(group)),
            ),
        )
        for date, group in sorted(by_day.items())
    )
    return LaneView(name=name, y=y, first=dots[0].x, last=dots[-1].x, dots=dots)


def _threads(
    shown: Sequence[Spoken],
    at: Mapping[tuple[ArticleId, Anchor], int],
    days: Mapping[ArticleId, dt.datetime],
    scale: _Scale,
) -> Iterator[ThreadView]:
    """A line for each dispute between two rows."""
    for _, said in shown:
        for quoted in said:
            for dispute in quoted.said.disputes:
                other = (dispute.article, dispute.anchor)
                here = (quoted.article, quoted.said.anchor)
                if not dispute.disputes and other in at and at[other] != at[here]:
                    yield ThreadView(
                        x=scale.x(days[quoted.article]),
                        y=at[here],
                        to_x=scale.x(days[dispute.article]),
                        to_y=at[other],
                    )
