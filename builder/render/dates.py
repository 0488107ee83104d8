"""Days and times as readers see them: on the site's clock, in the language of what they read."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from builder.render.catalogue import Words
from builder.render.views import DayView
from builder.settings import Settings


def day(when: dt.datetime | dt.date, settings: Settings, words: Words) -> DayView:
    """A day in the site's time zone."""
    if isinstance(when, dt.datetime):
        when = local(when, settings)
        return DayView(when.isoformat(), words.day(when.date()))
    return DayView(when.isoformat(), words.day(when))


def local(when: dt.datetime, settings: Settings) -> dt.datetime:
    """A time on the site's clock."""
    return when.astimezone(ZoneInfo(settings.site.time_zone)) if when.tzinfo else when
