"""The files of a folder that count: all but hidden ones, none from outside."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from builder.errors import Place, Problem, ProblemError, Problems

STATIC = "static"
"""In this folder hidden files count, too."""


_SETTLED = 2_000_000_000
"""Nanoseconds after which a file's times tell its next change from this one on any file system."""


class Source(Struct, frozen=True):
    """One file that counts."""

    path: str
    """Relative to the site's folder: `content/2026/crane.jpg`."""
    file: str
    """Its whole path on this machine."""
    stamp: tuple[int, ...] = ()
    """What the file system says of it: while that is the same, so are its bytes. Empty if it was
    changed so lately that its next change could look the same."""


def content_of(source: Source) -> bytes:
    """The bytes of a file, or a ProblemError."""
    try:
        return Path(source.file).read_bytes()
    except OSError as error:
        raise ProblemError(unreadable(source.path, error)) from None


def text_of(file: Path) -> str:
    """The text of a file exactly as it stands, line ends and all.

    Raises:
        ProblemError: If it cannot be read, or is not UTF-8.
    """
    try:
        return file.read_bytes().decode()
    except OSError as error:
        raise ProblemError(unreadable(str(file), error)) from None
    except UnicodeDecodeError as error:
        code, message = "unreadable-bytes", f"byte {error.start + 1} is not UTF-8"
        hint = "save the file as UTF-8"
    raise ProblemError(Problem(place=Place(str(file)), code=code, message=message, hint=hint))


def unreadable(path: str, error: OSError) -> Problem:
    """That a file or folder cannot be read."""
    return Problem(
        place=Place(path),
        code="unreadable-file",
        message=f"the file cannot be read: {error.strerror}",
        hint="look at its name and permissions",
    )


def sources(root: Path, top: str, problems: Problems) -> Iterator[Source]:
    """Every file that counts, by path; links out of the folder are problems."""
    try:
        base = (root / top).resolve(strict=True)
        entries = sorted(os.scandir(base), key=lambda entry: entry.name)
    except OSError:
        hint = f"make a folder {top}/ beside site.toml, or write a first article: postil new"
        message = f"there is no folder {top}"
        problems.add(Problem(place=Place(top), code="no-content", message=message, hint=hint))
        return
    yield from _walk(entries, top, base, problems)


def _walk(
    entries: list[os.DirEntry[str]], folder: str, base: Path, problems: Problems
) -> Iterator[Source]:
    for entry in entries:
        hidden = entry.name.startswith((".", "_")) and not folder.startswith(STATIC)
        if hidden or entry.name.endswith("~") or entry.name.lower() in {"readme.md", ".ds_store"}:
            continue
        path = f"{folder}/{entry.name}"
        try:
            found = _entry(entry, path, base)
        except ProblemError as error:
            problems.add(error.problem)
            continue
        if isinstance(found, Source):
            yield found
        else:
            yield from _walk(found, path, base, problems)


def _entry(entry: os.DirEntry[str], path: str, base: Path) -> Source | list[os.DirEntry[str]]:
    """A file, or what is in a folder; no line more than needed, for there are thousands."""
    if not entry.name.isprintable() or "\\" in entry.name:
        raise ProblemError(_bad_name(path))
    if entry.is_symlink():
        _check_link(Path(entry.path), path, base)
    try:
        if entry.is_dir(follow_symlinks=False):
            return sorted(os.scandir(entry.path), key=lambda one: one.name)
        found = entry.stat()
    except OSError as error:
        raise ProblemError(unreadable(path, error)) from None
    if not stat.S_ISREG(found.st_mode):
        raise ProblemError(_no_file(path))
    return Source(path, entry.path, stamp(found))


def stamp(found: os.stat_result) -> tuple[int, ...]:
    """What the file system says of a file: see `Source.stamp`."""
    if time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) < _SETTLED:
        return ()
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def _check_link(target: Path, path: str, base: Path) -> None:
    try:
        real = target.resolve(strict=True)
    except (OSError, RuntimeError):
        real = None
    if real is None:
        message, hint = "the link leads nowhere", "delete it"
    elif not real.is_relative_to(base):
        message, hint = "the link leads out of the folder", "copy here what it leads to"
    elif real.is_dir():
        message, hint = "the link leads to a folder", "links to single files are followed only"
    else:
        return
    raise ProblemError(Problem(place=Place(path), code="bad-symlink", message=message, hint=hint))


def _bad_name(path: str) -> Problem:
    shown = "".join(c if c.isprintable() else "?" for c in path)
    return Problem(
        place=Place(shown),
        code="bad-file-name",
        message="the file’s name holds characters that cannot be printed, or a backslash",
        hint="rename it",
    )


def _no_file(path: str) -> Problem:
    return Problem(
        place=Place(path),
        code="no-file",
        message="this is neither a file nor a folder",
        hint="take it away",
    )
