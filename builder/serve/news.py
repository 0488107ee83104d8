"""What is said between the server and the process that builds."""

from __future__ import annotations

from msgspec import Struct

from builder.errors import Problem


class Task(Struct, frozen=True):
    """A wish to build."""

    changes: frozenset[str]
    """Files that changed, relative to the site's folder; empty for the first build."""
    open: frozenset[str]
    """Pages that are looked at, as paths of files: these are made first."""


class Fresh(Struct, frozen=True):
    """The pages that are looked at are there; the others follow."""

    changes: frozenset[str]
    made: frozenset[str]
    """Those of the open pages that were made already."""
    news: News


class Done(Struct, frozen=True):
    """All is there, or what is wrong is known."""

    changes: frozenset[str]
    """That no `Fresh` told of."""
    changed: frozenset[str]
    """Files that are not what they were, without those that `Fresh` told of."""
    news: News


class News(Struct, frozen=True, kw_only=True):
    """What browsers are told besides."""

    problems: tuple[Problem, ...] = ()
    is_stopped: bool = False
    """Whether there is an error, so that older pages are shown."""
    is_empty: bool = False
    """Whether there are no older pages either."""
    drafts: tuple[str, ...] = ()
    """Paths of the pages of drafts, below the base."""
    held_back: int = 0
    base: str | None = None
    """The path under which the site will be published, with a slash at both ends; None if it is
    not known."""
    seconds: float = 0.0
    notice: str = ""
