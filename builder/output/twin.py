"""The last site, kept in the cache as a folder: with what has changed since it is the next one.

Its files are links to those in the output folder, so it takes no room of its own, and to bring it
up to date costs as much as there are changes. It is used only if nobody touched it; whether that
is so, and whether the output folder is as it was left, the system says of their folders: none of
them shows what it showed if something was added to it, taken out, or put in the place of another.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import Self

import msgspec
from msgspec import Struct

from builder import keeping
from builder.output import ground
from builder.output.ground import LISTING, Ground

FOLDER_MODE = 0o755
_MARK = 10_000_000_000
"""Nanoseconds by which a folder seems older than it is: any change shows, also one in the same
tick of a clock of two seconds."""

Stamps = Mapping[str, tuple[int, ...]]
"""What the system says of folders, by path."""


class Shape(Struct, frozen=True):
    """A tree as it was left."""

    folders: list[str]
    """All of it, relative to it."""
    digest: str
    """Hash of what the system says of them."""

    @classmethod
    def of(cls, site: Path, stamps: Stamps) -> Self:
        """The shape of a tree of which the folders are known.

        Raises:
            OSError: It is not there.
        """
        found = site.stat()
        with os.scandir(site) as entries:
            names = sorted((entry.name, entry.inode()) for entry in entries)
        # Its own time changes on some systems when it is moved, so what it holds is listed.
        told = (found.st_mode, found.st_uid, found.st_gid, names, [*stamps.items()])
        digest = blake2b(msgspec.msgpack.encode(told), digest_size=16)
        return cls([*stamps], digest.hexdigest())


class Left(Struct, frozen=True):
    """What the last build left, if it wrote something."""

    manifest: str
    """Hash of what is known of the files."""
    site: Shape
    listing: tuple[int, int]
    """Size and time of `LISTING`."""
    foreign: list[str]
    """Files of others."""
    foreign_folders: list[str]
    twin: Shape | None
    """None if there is none."""
    apart: list[str]
    """What is new, changed or gone in the site, but not in the twin."""


def make(folder: Path) -> None:
    """Make a folder, whatever the process's umask."""
    folder.mkdir()
    folder.chmod(FOLDER_MODE)


def stamps(site: Path, folders: Iterable[str]) -> Stamps:
    """What the system says of folders.

    Raises:
        OSError: One is not there.
    """
    base = os.fspath(site)
    return {path: _stamp(os.lstat(f"{base}/{path}")) for path in folders}


def marked(site: Path, folders: Iterable[str]) -> Stamps:
    """The same of folders that were just written, so that the next change of each will show.

    Raises:
        OSError: One is not there, or is not ours.
    """
    found: dict[str, tuple[int, ...]] = {}
    for path in folders:
        name = f"{os.fspath(site)}/{path}"
        seen = os.lstat(name)
        os.utime(name, ns=(seen.st_atime_ns, seen.st_mtime_ns - _MARK))
        found[path] = _stamp(os.lstat(name))
    return found


def glance(folder: Path, left: Left, ours: Iterable[str]) -> Ground | None:
    """What lies in an output folder, if it is what was left there; files may have been written to.

    Args:
        folder: The output folder.
        left: What the last build left there.
        ours: The files that it made.
    """
    base = os.fspath(folder)
    try:
        folders = {path: os.lstat(f"{base}/{path}") for path in left.site.folders}
        if Shape.of(folder, {path: _stamp(each) for path, each in folders.items()}) != left.site:
            return None
        files = {path: os.lstat(f"{base}/{path}") for path in (*ours, LISTING, *left.foreign)}
    except OSError:
        return None
    if _size_and_time(files[LISTING]) != left.listing:
        return None
    return Ground(files, folders)


def revive(
    twin: Path, left: Left, changes: Mapping[str, Path | None], whole: Path
) -> Shape | None:
    """Make the next site of the twin.

    Args:
        twin: Where it is kept; gone then.
        left: What the last build left.
        changes: Each path that is other than in the twin, and the folder in which the new file
            lies at the same path; None if there is to be none.
        whole: Where the site is to lie.

    Returns:
        Its shape; None if somebody touched the twin, or something else went wrong: `whole` may
        be there then, and is worth nothing.
    """
    if left.twin is None:
        return None
    try:
        found = {**stamps(twin, left.twin.folders)}
        if Shape.of(twin, found) != left.twin:
            return None
        twin.rename(whole)
        return Shape.of(whole, _changed(whole, changes, found))
    except OSError:
        return None


def _changed(whole: Path, changes: Mapping[str, Path | None], before: Stamps) -> Stamps:
    """Bring a tree up to date; its folders then."""
    added = [path for path, source in changes.items() if source]
    needed, known = ground.above(added), {**before}
    touched = {path.rpartition("/")[0] for path in changes}
    for path in changes:
        with suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
            (whole / path).unlink()
    for path in sorted(ground.above(changes) - needed, reverse=True):
        with suppress(OSError):
            (whole / path).rmdir()
            known.pop(path, None)
            touched.add(path.rpartition("/")[0])
    for path in sorted(needed - known.keys()):
        make(whole / path)
        touched |= {path, path.rpartition("/")[0]}
    for source in {source for source in changes.values() if source}:
        link(source, [path for path in added if changes[path] == source], whole)
    kept = [path for path in touched if path in known or path in needed]
    return {**known, **marked(whole, kept)}


def copied(site: Path, files: Sequence[str], twin: Path) -> Shape | None:
    """Make a twin of links to all files of a site; its shape, if that could be done."""
    folders = sorted(ground.above(files))
    try:
        twin.parent.mkdir(parents=True, exist_ok=True)
        drop(twin)
        for folder in (twin, *(twin / path for path in folders)):
            make(folder)
        link(site, files, twin)
        return Shape.of(twin, marked(twin, folders))
    except OSError:
        drop(twin)
        return None


def keep(old: Path, twin: Path) -> bool:
    """Keep a site that is over; whether that could be done. What fails costs time, no more."""
    try:
        twin.parent.mkdir(parents=True, exist_ok=True)
        drop(twin)
        old.rename(twin)
    except OSError:
        return False
    return True


def drop(twin: Path) -> None:
    """Keep nothing."""
    with suppress(OSError):
        if twin.is_symlink() or twin.is_file():
            twin.unlink()
        else:
            shutil.rmtree(twin)


def remember(file: Path, left: Left) -> None:
    """Write down what is left; without it the next build takes longer and nothing else."""
    with suppress(OSError):
        keeping.keep(file, keeping.seal(msgspec.msgpack.encode(left)))


def remembered(file: Path, manifest: str) -> Left | None:
    """What was left by the build that also left this manifest."""
    try:
        left = msgspec.msgpack.decode(keeping.unsealed(file.read_bytes()), type=Left)
    except (OSError, ValueError, msgspec.MsgspecError):
        return None
    return left if left.manifest == manifest else None


def listing_of(folder: Path) -> tuple[int, int]:
    """Size and time of the listing in an output folder.

    Raises:
        OSError: There is none.
    """
    return _size_and_time((folder / LISTING).lstat())


def link(source: Path, paths: Iterable[str], target: Path) -> None:
    """Link files of one folder into another; folders in it are there already.

    Raises:
        OSError: One cannot be linked.
    """
    with opened(source) as there, opened(target) as here:
        for path in paths:
            os.link(path, path, src_dir_fd=there, dst_dir_fd=here, follow_symlinks=False)


@contextmanager
def opened(folder: Path) -> Iterator[int]:
    """A folder that paths can be relative to: the system need not go all the way for each."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        yield handle
    finally:
        os.close(handle)


def _stamp(found: os.stat_result) -> tuple[int, ...]:
    return (
        found.st_dev,
        found.st_ino,
        found.st_mtime_ns,
        # Who puts the time of a folder back, as archivers do, cannot put this one back.
        found.st_ctime_ns,
        found.st_mode,
        found.st_uid,
        found.st_gid,
    )


def _size_and_time(found: os.stat_result) -> tuple[int, int]:
    return found.st_size, found.st_mtime_ns
