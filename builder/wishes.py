"""What a command may ask for beyond site.toml."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from msgspec import Struct


class Wishes(Struct, frozen=True, kw_only=True):
    """What a command may ask for beyond site.toml."""

    now: dt.datetime
    """The only clock there is: articles dated later are held back. Without an offset it is a time
    on the site's clock."""
    cache: Path | None = None
    """Where answers are remembered; None: `.cache` in the site's folder."""
    base_url: str | None = None
    """Instead of `[site] url`."""
    drafts: bool = False
    search: bool | None = None
    """Instead of `[search] on`."""
    workers: int | str | None = None
    """Instead of `[nlp] workers`."""
    strict: bool = False
    """Whether warnings stop the build, too."""
    thorough: bool = False
    """Whether quotations that nobody is found to say are warnings, too, and stories that nobody
    has named are hints."""
