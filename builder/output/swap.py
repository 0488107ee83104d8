"""The new site takes the old one's place: in one step where the system can, else by a journal.

The new site is made in a workshop beside the output folder: of the site before the last one, if that
is still there (see `twin`), or of links to all files that stay and those of others. Then the two
folders change places (Linux's `renameat2`). Where that cannot be done
(another system, a mounted folder, files that must not be linked), a journal says which files are
to be moved and removed; if the process dies in between, the next command finishes it.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from builder.output import ground, moves, twin
from builder.output.ground import LISTING, Ground
from builder.output.moves import Moves
from builder.output.twin import FOLDER_MODE, Left, Shape, link, opened

FILE_MODE = 0o644
SITE = "site"
"""In the workshop: new and changed files."""
_WHOLE = "whole"
"""In the workshop: all files of the new site; when the folders have changed places, the old one."""
_JOURNAL = "journal"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


class Plan(Struct, frozen=True):
    """What is to become of every file; paths are relative to the output folder."""

    folder: Path
    work: Path
    twin: Path
    """Where the old site is kept for the next build; see `twin`."""
    left: Left | None
    """What the last build left, if all in the folder is still as it says."""
    staged: list[str]
    """New and changed files, which lie in the workshop."""
    wanted: Set[str]
    """All files of ours."""
    removed: list[str]
    foreign: list[str]
    foreign_folders: list[str]

    @property
    def kept(self) -> list[str]:
        """Files of ours that stay as they are."""
        return sorted(self.wanted - {*self.staged})


class Exchange(Struct, frozen=True, tag=True):
    """The folders change places."""

    site: tuple[int, int]
    """Device and inode of the new site."""
    ours: list[str] | None
    """Files that are Postil's, in the old site or in the new one; None if those in the old one are
    those that its listing names."""
    carried: list[int]
    """Inodes of the files of others that were linked into the new site."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Wait until no other process writes this output folder, and keep others out."""
    try:
        import fcntl  # noqa: PLC0415 - Windows has none; two builds at once are then up to the user
    except ImportError:
        yield
        return
    handle = os.open(folder.parent, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def workshop(folder: Path) -> Path:
    """Where the new site is made: beside the output folder, or inside if that is not possible."""
    beside, inside = _workshops(folder)
    same = not folder.exists() or folder.stat().st_dev == folder.parent.stat().st_dev
    return beside if same and os.access(folder.parent, os.W_OK) else inside


def put(work: Path, path: str, data: bytes) -> os.stat_result:
    """Write one file of the new site."""
    file = work / SITE / path
    moves.make_folder(file.parent)
    with file.open("xb") as stream:
        stream.write(data)
    file.chmod(FILE_MODE)
    return file.stat()


def publish(plan: Plan, before: Ground) -> Left | None:
    """Let the new site take the old one's place.

    Returns:
        What is left for the next build; None if nothing is.
    """
    moves.make_folder(plan.work / SITE)
    if plan.folder.exists() and not os.access(plan.folder, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    if not plan.folder.exists():
        left = _first(plan)
        (plan.work / SITE).rename(plan.folder)
        # Most sites are changed soon after they were made.
        return left and replace(left, twin=twin.copied(plan.folder, plan.staged, plan.twin))
    if left := _exchanged(plan, before):
        return left
    moves.check(plan.folder, plan.staged, plan.removed)
    _note(plan.work, Moves(plan.staged, plan.removed))
    moves.move(plan.folder, plan.work / SITE, Moves(plan.staged, plan.removed))
    return None


def finish(folder: Path) -> None:
    """Finish what a killed process had begun, if it had come far enough; else take it back."""
    for work in _workshops(folder):
        if not os.path.lexists(work):
            continue
        try:
            data = (work / _JOURNAL).read_bytes()
            journal = msgspec.json.decode(data, type=Exchange | Moves)
        except FileNotFoundError:
            journal = None
        match journal:
            case Exchange() if _identity(work / _WHOLE) not in (None, journal.site):
                _save(work / _WHOLE, folder, journal)
                # What is left of the old site is nobody's now, whatever of it is there.
                (work / _JOURNAL).unlink()
            case Moves():
                moves.move(folder, work / SITE, journal)
        _delete(work)


def clear(work: Path) -> None:
    """Take the workshop away once all of it is published."""
    with suppress(OSError):
        _delete(work)


def abandon(work: Path) -> None:
    """Take the workshop away, unless a journal in it says that the next command must finish it."""
    if not (work / _JOURNAL).exists():
        clear(work)


# --- in one step ----------------------------------------------------------------------------------


def _first(plan: Plan) -> Left | None:
    """What the first site leaves."""
    site = plan.work / SITE
    if not _can_exchange():
        return None
    try:
        shape = Shape.of(site, twin.marked(site, sorted(ground.above(plan.staged))))
        return replace(_left(plan, site, shape), apart=[])
    except OSError:
        return None


def _left(plan: Plan, site: Path, shape: Shape) -> Left:
    return Left(
        manifest="",
        site=shape,
        listing=twin.listing_of(site),
        foreign=plan.foreign,
        foreign_folders=plan.foreign_folders,
        twin=None,
        apart=sorted({*plan.staged, *plan.removed}),
    )


def _exchanged(plan: Plan, before: Ground) -> Left | None:
    """What is left if it could be done by letting the folders change places; else None."""
    whole = plan.work / _WHOLE
    inside = plan.work.parent == plan.folder
    if inside or not _can_exchange():
        return None
    shape = _of_twin(plan, whole) or _of_links(plan, before, whole)
    identity = _identity(whole)
    if shape is None or identity is None:
        return None
    left = _left(plan, whole, shape)
    journal = Exchange(
        site=identity,
        ours=None if plan.left else sorted({*plan.wanted, *plan.removed}),
        carried=sorted(before.files[path].st_ino for path in plan.foreign),
    )
    _note(plan.work, journal)
    if not _exchange(whole, plan.folder):
        (plan.work / _JOURNAL).unlink()
        return None
    old = _untouched(whole, plan, before)
    if old is None:
        _save(whole, plan.folder, journal)
    (plan.work / _JOURNAL).unlink()
    if old and twin.keep(whole, plan.twin):
        left = replace(left, twin=old)
    return left


def _of_twin(plan: Plan, whole: Path) -> Shape | None:
    """Make the whole site of the last but one; its shape, if that could be done."""
    if plan.left is None:
        return None
    source: dict[str, Path | None] = dict.fromkeys(plan.removed)
    for path in plan.left.apart:
        source[path] = plan.folder if path in plan.wanted else None
    source |= dict.fromkeys(plan.staged, plan.work / SITE)
    shape = twin.revive(plan.twin, plan.left, source, whole)
    if shape:
        shutil.copystat(plan.folder, whole)
    return shape


def _of_links(plan: Plan, before: Ground, whole: Path) -> Shape | None:
    """Make the whole site of links to all its files; its shape, if that could be done."""
    if not _can_link(plan, before):
        return None
    kept = plan.kept
    ours = ground.above((*plan.staged, *kept, *plan.foreign)) - {*plan.foreign_folders}
    try:
        if whole.exists():
            _delete_site(whole)
        twin.make(whole)
        for path in sorted(ours | {*plan.foreign_folders}):
            twin.make(whole / path)
        link(plan.work / SITE, plan.staged, whole)
        link(plan.folder, (*kept, *plan.foreign), whole)
        for path in reversed(plan.foreign_folders):
            shutil.copystat(plan.folder / path, whole / path)
        shutil.copystat(plan.folder, whole)
        of_others = twin.stamps(whole, plan.foreign_folders)
        return Shape.of(whole, {**twin.marked(whole, sorted(ours)), **of_others})
    except OSError:
        return None


def _untouched(old: Path, plan: Plan, before: Ground) -> Shape | None:
    """The shape of the old site, if nobody has changed something there since it was looked at."""
    try:
        if plan.left:
            shape = Shape.of(old, twin.stamps(old, plan.left.site.folders))
            return shape if shape == plan.left.site else None
        found = ground.survey(old)
        is_same = found.folders.keys() == before.folders.keys() and all(
            path in before.files and before.files[path].st_ino == each.st_ino
            for path, each in found.files.items()
        )
        return Shape.of(old, twin.stamps(old, found.folders)) if is_same else None
    except OSError:
        return None


def _save(old: Path, folder: Path, journal: Exchange) -> None:
    """Save out of the old folder what others put there while the new one was made."""
    ours, carried = journal.ours, set(journal.carried)
    known = {*((ground.listed(old) or ()) if ours is None else ours), LISTING}
    for path, inode in sorted(ground.inodes(old).items()):
        if path not in known and inode not in carried:
            target, found = folder / path, (old / path).lstat()
            if not os.path.lexists(target) or target.lstat().st_mtime_ns < found.st_mtime_ns:
                target.parent.mkdir(parents=True, exist_ok=True)
                (old / path).replace(target)


def _can_exchange() -> bool:
    return sys.platform == "linux" and hasattr(_libc(), "renameat2")


def _can_link(plan: Plan, before: Ground) -> bool:
    """Whether all that stays lies on one file system and can be taken away from its old place."""
    with opened(plan.folder) as here:
        device = os.fstat(here).st_dev
        return all(found.st_dev == device for found in before.folders.values()) and all(
            os.access(path, os.W_OK | os.X_OK, dir_fd=here) for path in before.folders
        )


def _exchange(one: Path, other: Path) -> bool:
    result = _libc().renameat2(
        _AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE
    )
    return bool(result == 0)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _note(work: Path, journal: Exchange | Moves) -> None:
    fresh = work / f"{_JOURNAL}.new"
    fresh.write_bytes(msgspec.json.encode(journal))
    fresh.rename(work / _JOURNAL)


# --- folders --------------------------------------------------------------------------------------


def _workshops(folder: Path) -> Sequence[Path]:
    return folder.parent / f".{folder.name}.postil", folder / ground.WORK


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _delete(work: Path) -> None:
    """Remove the workshop, read-only folders in it too; the journal goes last."""
    for site in (work / SITE, work / _WHOLE):
        if site.is_dir():
            _delete_site(site)
    if os.path.lexists(work):
        shutil.rmtree(work)


def _delete_site(site: Path) -> None:
    for path, found in ground.survey(site).folders.items():
        if not found.st_mode & stat.S_IWUSR:
            (site / path).chmod(FOLDER_MODE)
    shutil.rmtree(site)
