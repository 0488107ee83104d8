"""The empty folders of the last site, kept in the cache for the next one.

To make thousands of folders takes a file system longer than to link all the files into them, and
nearly all of them are there again in the next site.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

from builder.output import ground

FOLDER_MODE = 0o755


def make(folder: Path) -> None:
    """Make a folder, whatever the process's umask."""
    folder.mkdir()
    folder.chmod(FOLDER_MODE)


def fill(site: Path, folders: Iterable[str], frame: Path) -> None:
    """Give a new site its folders, out of the frame as far as they are there.

    Args:
        site: An empty folder that was just made.
        folders: All the folders that it is to have, relative to it.
        frame: Where folders may be kept; it is gone then.

    Raises:
        OSError: A folder could not be made.
    """
    wanted, kept = set(folders), _kept(frame, site)
    # The folder above all of them is a new one, as it would be without a frame.
    for path in sorted(path for path in kept if "/" not in path):
        (frame / path).rename(site / path)
    for path in sorted(kept - wanted, reverse=True):
        (site / path).rmdir()
    drop(frame)
    for path in sorted(wanted - kept):
        make(site / path)


def keep(old: Path, foreign: Collection[str], frame: Path) -> None:
    """Keep the folders of a site that is over for the next one; what fails costs time, no more.

    Args:
        old: A site without files; gone afterwards if its folders could be kept.
        foreign: Those of its folders in which nothing was Postil's.
        frame: Where they are kept.
    """
    with suppress(OSError):
        for path in sorted(foreign, reverse=True):
            (old / path).rmdir()
        frame.parent.mkdir(parents=True, exist_ok=True)
        drop(frame)
        old.rename(frame)


def drop(frame: Path) -> None:
    """Keep nothing."""
    with suppress(OSError):
        if frame.is_symlink() or frame.is_file():
            frame.unlink()
        else:
            shutil.rmtree(frame)


def _kept(frame: Path, site: Path) -> set[str]:
    """The folders of a frame; none if it has files, or folders unlike those that are made now."""
    if frame.is_symlink():
        return set()
    found = ground.survey(frame)
    alike = _likeness(site.stat())
    if found.files or any(_likeness(each) != alike for each in found.folders.values()):
        return set()
    return {*found.folders}


def _likeness(folder: os.stat_result) -> tuple[int, int, int, int]:
    return folder.st_dev, folder.st_uid, folder.st_gid, stat.S_IMODE(folder.st_mode)
