"""Files of the output folder, moved and removed one by one, where folders cannot change places."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from builder.errors import BuildError, Place, Problem
from builder.output import ground, twin


class Moves(Struct, frozen=True, tag=True):
    """Files are moved one by one."""

    staged: list[str]
    removed: list[str]


def check(folder: Path, staged: Sequence[str], removed: Sequence[str]) -> None:
    """See to it that all files can be moved and removed before the first one is.

    Raises:
        BuildError: With every folder that cannot be written.
    """
    folders = {path.rpartition("/")[0] for path in (*staged, *removed)}
    closed = [
        path
        for path in sorted(folders | ground.above((*staged, *removed)))
        if (folder / path).is_dir() and not os.access(folder / path, os.W_OK | os.X_OK)
    ]
    if closed:
        hint = "look at its permissions; the old site is still there"
        raise BuildError(
            tuple(
                Problem(
                    place=Place(f"output/{path}"),
                    code="unwritable-output",
                    message=f"this folder cannot be written: {os.strerror(errno.EACCES)}",
                    hint=hint,
                )
                for path in closed
            )
        )


def move(folder: Path, site: Path, journal: Moves) -> None:
    """Do what the journal says; what is done already is passed over.

    New files first, so that no link leads nowhere, but where a folder must go for them.

    Args:
        folder: The output folder.
        site: Where the new files lie.
        journal: What is to be done.
    """
    later = [path for path in journal.staged if not _moved(site, folder, path)]
    remove(folder, journal.removed)
    for path in later:
        _move_one(site / path, folder / path)


def _moved(site: Path, folder: Path, path: str) -> bool:
    try:
        _move_one(site / path, folder / path)
    except (IsADirectoryError, NotADirectoryError, FileExistsError):
        return False
    return True


def _move_one(source: Path, target: Path) -> None:
    if source.exists():
        make_folder(target.parent)
        source.replace(target)


def remove(folder: Path, paths: Iterable[str]) -> None:
    """Remove files of ours, and the folders that are empty then."""
    gone = list(paths)
    for path in gone:
        with suppress(FileNotFoundError, NotADirectoryError):
            (folder / path).unlink()
    for path in sorted(ground.above(gone), reverse=True):
        with suppress(OSError):
            (folder / path).rmdir()


def make_folder(folder: Path) -> None:
    """Make a folder and those above it."""
    if not folder.is_dir():
        make_folder(folder.parent)
        twin.make(folder)
