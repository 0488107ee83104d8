"""What each file of the output folder was made of, remembered in the cache."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Self

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from builder import __version__, keeping
from builder.model import Copy, File, Kept, Output, Page
from builder.output.twin import Left, drop, remember

_SHORT = 16
"""Digits of the hash of a theme, which stands with every page."""
FOLDER = "output"
"""Under the cache: one manifest for each output folder."""
_SUFFIXES = frozenset({".json", ".left", ".twin"})


class Made(Struct, frozen=True, array_like=True):
    """One file as Postil left it."""

    fingerprint: str
    """Hash of what it was made of."""
    size: int
    changed: int
    """Modification time in nanoseconds."""
    digest: str
    """Hash of its bytes."""

    @classmethod
    def of(cls, fingerprint: str, found: os.stat_result, data: bytes) -> Self:
        """A file of that fingerprint, as it lies there with these bytes."""
        return cls(fingerprint, found.st_size, found.st_mtime_ns, _digest(data))

    def stands(self, found: os.stat_result) -> bool:
        """Whether a file seems to be as Postil left it."""
        return (self.size, self.changed) == (found.st_size, found.st_mtime_ns)

    def holds(self, file: Path) -> bool:
        """Whether a file has the very bytes that Postil wrote."""
        try:
            found = file.lstat()
            is_alike = stat.S_ISREG(found.st_mode) and found.st_size == self.size
            return is_alike and _digest(file.read_bytes()) == self.digest
        except OSError:
            return False


class _Whose(Struct, frozen=True):
    folder: str


class _Manifest(Struct, frozen=True):
    folder: str
    made: dict[str, Made]


def fingerprint(output: Output, templates: str) -> str:
    """The hash of all that an output is made of.

    Args:
        output: For a page, what its template is told.
        templates: The digest of all templates.
    """
    return printed({"": told(output)}, templates)[""]


def printed(digests: Mapping[str, str], templates: str) -> dict[str, str]:
    """The fingerprints of outputs of which is told what they are made of beside the templates."""
    theme = _theme(templates)
    return {
        path: f"{digest} {theme}" if digest.startswith("page") else digest
        for path, digest in digests.items()
    }


@lru_cache(maxsize=4)
def _theme(templates: str) -> str:
    return _hash(__version__, templates)[:_SHORT]


def told(output: Output) -> str:
    """The hash of what an output is made of beside the templates."""
    match output:
        case Page():
            context = msgspec.json.encode(output.context, order="deterministic")
            return f"page {_hash(output.template, context)}"
        case File():
            return f"file {_hash(output.data)}"
        case Copy():
            return f"copy {output.digest}"
        case Kept():
            return output.digest


def _hash(*parts: str | bytes) -> str:
    digest = blake2b(digest_size=16)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8) + data)
    return digest.hexdigest()


def load(cache: Path, folder: Path) -> dict[str, Made]:
    """What is known of the files of an output folder; nothing if that was lost."""
    return read(cache, folder)[0]


def read(cache: Path, folder: Path) -> tuple[dict[str, Made], str]:
    """The same, and its `digest`."""
    try:
        data = _path(cache, folder).read_bytes()
        found = msgspec.json.decode(data, type=_Manifest)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return {}, ""
    return (found.made, _digest(data)) if found.folder == os.fspath(folder) else ({}, "")


def save(cache: Path, folder: Path, made: dict[str, Made]) -> str:
    """Remember it; a cache that cannot be written costs the next build time and nothing else.

    Returns:
        The `digest` of what is remembered; empty if nothing is.
    """
    data = msgspec.json.encode(_Manifest(os.fspath(folder), made))
    try:
        keeping.keep(_path(cache, folder), data)
    except OSError:
        return ""
    return _digest(data)


def digest(cache: Path, folder: Path) -> str:
    """The hash of what is known of an output folder, as it is now.

    Raises:
        OSError: Nothing is.
    """
    return _digest(_path(cache, folder).read_bytes())


def name(folder: Path) -> str:
    """A file's name that stands for a folder."""
    return f"{blake2b(os.fsencode(folder), digest_size=8).hexdigest()}.json"


def twin(cache: Path, folder: Path) -> Path:
    """Where the last site is kept for the next one in an output folder; see `twin`."""
    return _path(cache, folder).with_suffix(".twin")


def left(cache: Path, folder: Path) -> Path:
    """The file that says what the last build left in an output folder."""
    return _path(cache, folder).with_suffix(".left")


def leave(cache: Path, folder: Path, what: Left | None, remembered: str) -> None:
    """Remember what a build left, beside what is known of the files: that has this hash."""
    file = left(cache, folder)
    if what is None or not remembered:
        with suppress(OSError):
            file.unlink(missing_ok=True)
        drop(twin(cache, folder))
    elif what.manifest != remembered:
        remember(file, replace(what, manifest=remembered))


def forget(cache: Path, folder: Path) -> None:
    """Forget what is known of an output folder, and what is kept for the next site in it."""
    for file in (_path(cache, folder), left(cache, folder)):
        file.unlink(missing_ok=True)
    drop(twin(cache, folder))


def sweep(cache: Path, is_over: Callable[[Path], bool]) -> None:
    """Forget what is known of output folders that are over, and what nobody can say whose it is.

    Args:
        cache: Where it is remembered.
        is_over: Whether an output folder need not be remembered.
    """
    with suppress(OSError):
        kept = [file for file in (cache / FOLDER).iterdir() if file.suffix in _SUFFIXES]
        owners = {stem: _owner(cache, stem) for stem in {file.stem for file in kept}}
        for file in kept:
            owner = owners[file.stem]
            if owner is None or is_over(owner):
                drop(file)


def _owner(cache: Path, stem: str) -> Path | None:
    """Of which output folder files in the cache tell."""
    try:
        data = (cache / FOLDER / f"{stem}.json").read_bytes()
        return Path(msgspec.json.decode(data, type=_Whose).folder)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()


def _path(cache: Path, folder: Path) -> Path:
    return cache / FOLDER / name(folder)
