"""What a build was made from and what came of it, so that the next one sees that nothing changed.

A receipt stands for a whole build: if all files that went in, and all that came out, are as it says
there is nothing to do, and nothing is imported to do it. What is not certain counts as changed.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Self

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from builder import keeping
from builder.errors import Problem
from builder.folders import Source, stamp
from builder.output import ground, manifest
from builder.wishes import Wishes

FOLDER = "receipts"
"""Under the cache: one for each output folder."""
_ANY = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_INPUTS = ("content", "static", "templates")


class Stamps(Struct, frozen=True):
    """All files that a build is made from, as they are at one moment."""

    digest: str
    """Of the paths, sizes and times of those that have not changed lately."""
    young: dict[str, str]
    """Path and hash of the bytes of those whose next change could look the same."""


class Outcome(Struct, frozen=True, kw_only=True):
    """What there is to say of a build that need not be done again."""

    problems: tuple[Problem, ...]
    """Warnings and hints."""
    held_back: dict[str, int]
    """How many articles are not published, for each reason."""
    outputs: int
    """How many files the site has."""
    until: dt.datetime | None
    """When the next article is due, or expires, if nothing else happens; with an offset."""


class Receipt(Struct, frozen=True, kw_only=True):
    """What went in, and what came out."""

    program: str
    wishes: str
    since: dt.datetime
    """The build's `now`; with an offset."""
    stamps: Stamps
    manifest: str
    """Hash of what is known of the output folder's files."""
    outcome: Outcome


class Receipts(Struct, frozen=True):
    """Where the receipt of one build is asked for and given."""

    root: Path
    """The site's folder."""
    folder: Path
    """The output folder."""
    cache: Path
    wishes: Wishes

    @classmethod
    def of(cls, root: Path, folder: Path, wishes: Wishes) -> Self:
        """For what a command asks for."""
        return cls(root, folder.resolve(), wishes.cache or root / keeping.CACHE, wishes)

    def outcome(self) -> Outcome | None:
        """What came of the last build, if this one would do the same and all of it still stands."""
        if self.wishes.now.tzinfo is None:
            return None
        try:
            found = msgspec.json.decode(self._file.read_bytes(), type=Receipt)
            if not self._is_same(found):
                return None
            files = _files(self.root)
            if not _is_unchanged(files, found.stamps) or not self._stands(found.manifest):
                return None
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return None
        young = {path: one for path, one in found.stamps.young.items() if not files[path].stamp}
        if young != found.stamps.young:
            self._save(replace(found, stamps=Stamps(_digest(files, young), young)))
        return found.outcome

    def stamps(self) -> Stamps | None:
        """What a build is going to be made from; None if that cannot be said with certainty.

        To be taken before anything is read: what changes while it is read has changed since.
        The last receipt is torn up, so that a build that is killed leaves none.
        """
        self.forget()
        try:
            files = _files(self.root)
            young = {path: _hash(one.file) for path, one in files.items() if not one.stamp}
        except OSError:
            return None
        return Stamps(_digest(files, young), young)

    def forget(self) -> None:
        """Tear up the receipt of the last build, if there is one."""
        with suppress(OSError):
            self._file.unlink(missing_ok=True)

    def give(self, stamps: Stamps | None, now: dt.datetime, made: str, outcome: Outcome) -> None:
        """Remember a build that went well.

        Args:
            stamps: What it was made from, taken before.
            now: The build's time, with an offset.
            made: Hash of what is known of the files that it wrote.
            outcome: What came of it.
        """
        if stamps is not None and made:
            self._save(
                Receipt(
                    program=program(),
                    wishes=_wished(self.wishes),
                    since=now,
                    stamps=stamps,
                    manifest=made,
                    outcome=outcome,
                )
            )

    def _is_same(self, found: Receipt) -> bool:
        until, now = found.outcome.until, self.wishes.now
        return (
            found.program == program()
            and found.wishes == _wished(self.wishes)
            and found.since <= now
            and (until is None or now < until)
        )

    def _stands(self, made: str) -> bool:
        """Whether all that was written lies there as it was left."""
        if manifest.digest(self.cache, self.folder) != made:
            return False
        (self.folder / ground.LISTING).lstat()
        files = manifest.load(self.cache, self.folder)
        return bool(files) and all(
            one.stands(os.lstat(f"{self.folder}/{path}")) for path, one in files.items()
        )

    @property
    def _file(self) -> Path:
        return self.cache / FOLDER / manifest.name(self.folder)

    def _save(self, receipt: Receipt) -> None:
        """Put it there; without one the next build takes longer and nothing else."""
        with suppress(OSError):
            keeping.keep(self._file, msgspec.json.encode(receipt))


def _files(root: Path) -> dict[str, Source]:
    """All files that a build may read, by path, more than it does rather than fewer.

    Raises:
        OSError: One cannot be looked at, or a link to a folder could lead anywhere.
    """
    settings = root / "site.toml"
    found = {"site.toml": Source("site.toml", os.fspath(settings), stamp(settings.stat()))}
    waiting = [(name, os.fspath(root / name)) for name in _INPUTS if (root / name).is_dir()]
    while waiting:
        above, folder = waiting.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                path = f"{above}/{entry.name}"
                if not entry.is_dir():
                    found[path] = Source(path, entry.path, stamp(entry.stat()))
                elif entry.is_symlink():
                    raise OSError(path)
                else:
                    waiting.append((path, entry.path))
    return found


def _is_unchanged(files: Mapping[str, Source], before: Stamps) -> bool:
    return (
        before.young.keys() <= files.keys()
        and _digest(files, before.young) == before.digest
        and all(_hash(files[path].file) == one for path, one in before.young.items())
    )


def _digest(files: Mapping[str, Source], young: Mapping[str, str]) -> str:
    """The hash of what the file system says of all files but the young ones."""
    digest = blake2b(digest_size=16)
    for path in sorted(files.keys() - young.keys()):
        digest.update(f"{path}\0{files[path].stamp}\n".encode(errors="surrogateescape"))
    return digest.hexdigest()


def _hash(file: str) -> str:
    with open(file, "rb") as data:  # noqa: PTH123 - one of many thousands
        return blake2b(data.read(), digest_size=16).hexdigest()


def _wished(wishes: Wishes) -> str:
    """What of the wishes decides what comes out."""
    told = replace(wishes, now=_ANY, cache=None, workers=None)
    return msgspec.json.encode(told).decode()


@cache
def program() -> str:
    """What stands for all code that makes a site: ours, by its files, that of others by version."""
    digest = blake2b(sys.version.encode(), digest_size=16)
    package = Path(__file__).parent
    folders = [package, package.parent / "templates"]
    while folders:
        with suppress(OSError), os.scandir(folders.pop()) as entries:
            for entry in sorted(entries, key=lambda one: one.name):
                if entry.is_dir(follow_symlinks=False):
                    folders.append(Path(entry.path))
                elif not entry.name.endswith(".pyc"):
                    seen = entry.stat()
                    digest.update(f"{entry.path}\0{seen.st_size}\0{seen.st_mtime_ns}\n".encode())
    # Where our own dependencies lie, so do those that can be added, such as language models.
    others = os.listdir(Path(msgspec.__file__).parents[1])  # noqa: PTH208 - names are enough
    digest.update("\n".join(sorted(one for one in others if "-info" in one)).encode())
    return digest.hexdigest()
