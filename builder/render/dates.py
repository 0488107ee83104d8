"""Days and times as readers see them: on the site's clock, in its language."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from builder.render.views import DayView
from builder.settings import Settings


def day(when: dt.datetime | dt.date, settings: Settings) -> DayView:
    """A day in the site's time zone and language."""
    if isinstance(when, dt.datetime):
        when = local(when, settings)
        return DayView(when.isoformat(), written(when.date(), settings.site.language))
    return DayView(when.isoformat(), written(when, settings.site.language))


def local(when: dt.datetime, settings: Settings) -> dt.datetime:
    """A time on the site's clock."""
    return when.astimezone(ZoneInfo(settings.site.time_zone)) if when.tzinfo else when


@lru_cache(maxsize=4096)
def written(date: dt.date, language: str) -> str:
    """A date in words: `20 November 2026`."""
    try:
        locale = Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        locale = Locale.parse("en")
    return format_date(date, format="long", locale=locale)
