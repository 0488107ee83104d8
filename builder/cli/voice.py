"""What commands say: problems, sums, progress, and that a fault was ours."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

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
    summary = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    click.echo(f"Postil has made a mistake of its own ({summary}).", err=True)
    click.echo(
        f"The traceback is in {_kept(trace, meta)}; please report it, or look: --debug", err=True
    )


class _Bar:
    def __init__(self, *, shown: bool) -> None:
        self.shown = shown
        self.start = time.monotonic()
        self.bar: Any = None
        self.done = 0

    def update(self, done: int, total: int) -> None:
        if not self.shown:
            return
        if self.bar is None and time.monotonic() - self.start > 1 and done < total:
            self.bar = click.progressbar(
                length=total, label="Reading", file=sys.stderr, show_pos=True
            )
            self.bar.__enter__()
        if self.bar is not None:
            self.bar.update(done - self.done)
            self.done = done

    def close(self) -> None:
        if self.bar is not None:
            self.bar.__exit__(None, None, None)


def _kept(trace: str, meta: Mapping[str, Any]) -> Path:
    """The file that holds the traceback: in the site's cache, or where temporary files go."""
    folder = Path(meta.get("builder.site", ".")) / ".cache"
    if folder.is_dir():
        file = folder / "traceback.txt"
        try:
            file.write_text(trace, encoding="utf-8")
        except OSError:
            pass
        else:
            return file
    handle, name = tempfile.mkstemp(prefix="postil-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(trace)
    return Path(name)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
