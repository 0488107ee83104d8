"""What commands say: problems, sums, progress, and that a fault was ours."""

from __future__ import annotations

import json
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from builder import keeping
from builder.errors import Problem

if TYPE_CHECKING:
    from builder.model import Written


def tell(problems: Iterable[Problem], outcome: str = "") -> None:
    """Print problems one by one on the error stream, then how many there are."""
    listed = list(problems)
    for problem in listed:
        click.echo(str(problem), err=True)
    if listed:
        click.echo(f"{counted(listed)}. {outcome}".rstrip(), err=True)


def counted(problems: Iterable[Problem]) -> str:
    """`2 errors and 1 warning`; `2 errors, 1 warning and 1 hint`."""
    levels = Counter(problem.level for problem in problems)
    kinds = [number(levels[each], each) for each in ("error", "warning", "hint") if levels[each]]
    return " and ".join(part for part in (", ".join(kinds[:-1]), *kinds[-1:]) if part)


def done(written: Written) -> str:
    """How many files a build wrote, in one sentence without its end."""
    return (
        f"{number(len(written.new), 'page')} written, {len(written.changed):,} changed,"
        f" {len(written.removed):,} removed ({written.unchanged:,} unchanged)"
    )


def number(count: int, thing: str) -> str:
    """`1 page`, `2 pages`, `12,000 pages`."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def workflow_commands(problems: Iterable[Problem], folder: str) -> Iterator[str]:
    """Problems as GitHub's workflow commands; `folder` leads from the repository to the site."""
    for problem in problems:
        path = f"{folder}/{problem.place.path}" if folder not in ("", ".") else problem.place.path
        properties = {"file": path, "line": problem.place.line, "title": problem.code}
        shown = ",".join(f"{k}={_property(str(v))}" for k, v in properties.items() if v is not None)
        message = f"{problem.message}\n{problem.hint}" if problem.hint else problem.message
        level = "notice" if problem.level == "hint" else problem.level
        yield f"::{level} {shown}::{_data(message)}"


def as_json(problems: Sequence[Problem]) -> str:
    """Problems as a JSON array, one to a line."""
    lines = [
        json.dumps(
            {
                "path": problem.place.path,
                "line": problem.place.line,
                "level": problem.level,
                "code": problem.code,
                "message": problem.message,
                "hint": problem.hint,
            },
            ensure_ascii=False,
        )
        for problem in problems
    ]
    return "[\n" + ",\n".join(lines) + "\n]" if lines else "[]"


@contextmanager
def reading(*, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A progress bar for texts that are read, if it takes longer than a second and one watches."""
    bar = _Bar(shown=not quiet and sys.stderr.isatty())
    try:
        yield bar.update
    finally:
        bar.close()


def confess(error: Exception, meta: Mapping[str, Any]) -> None:
    """Say that a fault is ours, and where its traceback lies; with --debug show it at once."""
    trace = "".join(traceback.format_exception(error))
    if meta.get("builder.debug"):
        click.echo(trace, err=True)
        return
    cache = Path(meta.get("builder.cache") or Path(meta.get("builder.site", ".")) / keeping.CACHE)
    summary = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    kept = keeping.keep_trace(cache, trace)
    click.echo(f"Postil has made a mistake of its own ({summary}).", err=True)
    click.echo(f"The traceback is in {kept}; please report it, or look: --debug", err=True)


class _Bar:
    """How many texts are read, how fast, and how long it will take; of those that must be read."""

    def __init__(self, *, shown: bool) -> None:
        self.shown = shown
        self.start = time.monotonic()
        self.bar: Any = None
        self.known: int | None = None
        self.done = 0

    def update(self, done: int, total: int) -> None:
        if not self.shown:
            return
        if self.known is None:
            # It is told after the first text.
            self.known = done - 1
        took = time.monotonic() - self.start
        if self.bar is None and took > 1 and done < total:
            self.bar = click.progressbar(
                length=total - self.known,
                label="Reading",
                file=sys.stderr,
                show_pos=True,
                show_percent=False,
                show_eta=False,
                item_show_func=str,
            )
            self.bar.__enter__()
        if self.bar is not None:
            read = done - self.known
            self.bar.update(read - self.done, pace(read, total - done, took))
            self.done = read

    def close(self) -> None:
        if self.bar is not None:
            self.bar.__exit__(None, None, None)


def pace(read: int, left: int, seconds: float) -> str:
    """`8.2 articles/s, 1 min 24 s left`, of so many that were read in so many seconds."""
    rate = read / max(seconds, 0.001)
    minutes, rest = divmod(round(left / rate), 60)
    hours, minutes = divmod(minutes, 60)
    # Nobody needs the seconds of an hour.
    time_left = f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"
    return f"{rate:.1f} articles/s, {time_left.removeprefix('0 min ')} left"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
