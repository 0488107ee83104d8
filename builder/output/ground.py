"""What lies in the output folder, and which of it is Postil's."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

LISTING = ".postil"
"""The file in the output folder that names what Postil made; page texts do not change it."""

WORK = ".postil-work"
"""The workshop's name where it must lie inside the output folder."""

_HEAD = "# Postil made these files. It removes and overwrites no others. Do not edit this list.\n"
_LONGEST = 255
"""Bytes that a file system allows in one name."""

_ORDINARY = re.compile(r"[a-z0-9_-][a-z0-9_.-]*(?:/[a-z0-9_-][a-z0-9_.-]*)*")
"""Paths with which nothing can be wrong but their length: nearly all."""


class Ground(Struct, frozen=True):
    """Everything below a folder, by path with forward slashes."""

    files: dict[str, os.stat_result]
    """All that is no folder; links are not followed."""
    folders: dict[str, os.stat_result]


def survey(folder: Path) -> Ground:
    """What lies in a folder; nothing if it is not there."""
    here = Ground({}, {})
    if folder.is_dir():
        _survey(os.fspath(folder), "", here)
    return here


def inodes(folder: Path) -> dict[str, int]:
    """The inode of everything below a folder that is no folder, by path with forward slashes."""
    found: dict[str, int] = {}
    _number(os.fspath(folder), "", found)
    return found


def listing(paths: Iterable[str]) -> bytes:
    """The bytes of `LISTING` for these files."""
    return (_HEAD + "".join(f"{path}\n" for path in sorted(paths))).encode()


def listed(folder: Path) -> frozenset[str] | None:
    """The files that `LISTING` names; None if it is not readable as one."""
    try:
        text = (folder / LISTING).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    if not text.startswith(_HEAD):
        return None
    return frozenset(path for path in text.removeprefix(_HEAD).splitlines() if not fault(path))


def above(paths: Iterable[str]) -> set[str]:
    """Every folder that one of the files lies in, however deep."""
    found: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def foreign_folders(here: Ground, owned: Iterable[str]) -> list[str]:
    """Folders in which nothing lies that is Postil's, the outer ones first."""
    ours = above(path for path in owned if path in here.files)
    return sorted(here.folders.keys() - ours)


def is_other(file: Path, data: bytes) -> bool:
    """Whether there is no regular file with exactly these bytes."""
    try:
        found = file.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size != len(data):
            return True
        return file.read_bytes() != data
    except OSError:
        return True


def folded(path: str) -> str:
    """What two paths share that are one on a file system that knows no capitals."""
    return unicodedata.normalize("NFC", path).casefold()


def fault(path: str) -> str:
    """Why nothing can be published at a path; empty if it can."""
    if len(path) <= _LONGEST and _ORDINARY.fullmatch(path):
        return ""
    parts = path.split("/")
    if not path or path.startswith("/") or any(part in ("", ".", "..") for part in parts):
        return "it is no path below the output folder"
    if not path.isprintable() or "\\" in path:
        return "it holds a backslash or a character that cannot be printed"
    if any(len(part.encode()) > _LONGEST for part in parts):
        return "a part of it is longer than file systems allow"
    # Git leaves such folders out of a branch, and what is in them may be secret.
    own = next((part for part in parts if part.casefold() == ".git"), "")
    if own or parts[0] in (LISTING, WORK):
        return f"{own or parts[0]} is not a page’s name"
    return ""


def _survey(folder: str, base: str, here: Ground) -> None:
    with os.scandir(folder) as entries:
        for entry in entries:
            path = f"{base}{entry.name}"
            found = entry.stat(follow_symlinks=False)
            if not stat.S_ISDIR(found.st_mode):
                here.files[path] = found
            elif path != WORK:
                here.folders[path] = found
                _survey(entry.path, f"{path}/", here)


def _number(folder: str, base: str, found: dict[str, int]) -> None:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                _number(entry.path, f"{base}{entry.name}/", found)
            else:
                found[f"{base}{entry.name}"] = entry.inode()
