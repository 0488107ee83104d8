"""The cache: a folder of Postil's own, marked as one, so that no other is taken for it."""

from __future__ import annotations

import os
import tempfile
import zlib
from contextlib import suppress
from pathlib import Path
from threading import get_ident

from builder.errors import BuildError, Place, Problem, ProblemError

CACHE = ".cache"
"""In the site's folder, unless a command says otherwise."""
TAG = "CACHEDIR.TAG"
"""The file that marks a cache, for us and for programs that make backups: bford.info/cachedir."""
TRACE = "traceback.txt"
_SEAL = 4
"""Bytes of a checksum."""
_SIGNATURE = "Signature: 8a477f597d28d172789f06886806bc55\n"
_TEXT = f"{_SIGNATURE}# Postil keeps here what it need not find out again. It may be deleted.\n"


def cache_of(root: Path, named: Path | None) -> Path:
    """The folder that is the cache of a site.

    Args:
        root: The site's folder.
        named: What a command says, if it says something.

    Raises:
        BuildError: `bad-cache`, if it was named and is not ours.
    """
    if named is None or named.resolve() == (root / CACHE).resolve():
        return root / CACHE
    _check(named)
    return named


def _check(cache: Path) -> None:
    """See to it that a folder may be used as the cache: files in it that we do not know, go."""
    if (cache / TAG).is_file() or not cache.exists():
        return
    with suppress(OSError):
        if cache.is_dir() and not any(cache.iterdir()):
            return
    problem = Problem(
        place=Place("--cache"),
        code="bad-cache",
        message=f"{cache} holds other things than a cache of Postil",
        hint="name a folder that is empty, or is not there yet",
    )
    raise BuildError((problem,))


def mark(cache: Path) -> None:
    """Make the folder of a cache, and mark it before anything is in it.

    A folder that cannot be written costs the next build time and nothing else.
    """
    with suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        if not (cache / TAG).exists():
            keep(cache / TAG, _TEXT.encode())


def keep(file: Path, data: bytes) -> None:
    """Put a file into the cache, whole or not at all, also when two builds do so at once.

    Raises:
        OSError: It cannot be written; nothing of it is left.
    """
    # As short as a name can be that no other thread or process takes.
    fresh = file.with_name(f".{os.getpid()}-{get_ident()}")
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        fresh.write_bytes(data)
        fresh.replace(file)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        raise


def must_keep(file: Path, data: bytes) -> None:
    """Put a file into the cache that the site is made of; see `keep`.

    Raises:
        ProblemError: `unwritable-cache`.
    """
    try:
        keep(file, data)
    except OSError as error:
        raise ProblemError(
            Problem(
                place=Place(str(file.parent)),
                code="unwritable-cache",
                message=f"nothing can be kept here: {error.strerror or error}",
                hint="look at its permissions and the space that is left, or delete the cache",
            )
        ) from error


def seal(data: bytes) -> bytes:
    """Bytes with a checksum before them, so that it shows if a disk or a program damaged them."""
    return zlib.crc32(data).to_bytes(_SEAL) + data


def unsealed(sealed: bytes) -> bytes:
    """The bytes that were sealed.

    Raises:
        ValueError: They are not as they were.
    """
    data = sealed[_SEAL:]
    if len(sealed) < _SEAL or zlib.crc32(data).to_bytes(_SEAL) != sealed[:_SEAL]:
        raise ValueError("damaged")
    return data


def keep_trace(cache: Path, trace: str) -> Path:
    """Put the traceback of a mistake of ours where it can be read; where that is.

    In the cache, if there is one and it takes it; else where temporary files go.
    """
    data = trace.encode(errors="backslashreplace")
    if cache.is_dir():
        with suppress(OSError):
            keep(cache / TRACE, data)
            return cache / TRACE
    handle, name = tempfile.mkstemp(prefix="postil-", suffix=".txt")
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
    return Path(name)


def forget(cache: Path) -> None:
    """Take the mark away, and the folder if nothing else is in it."""
    (cache / TAG).unlink(missing_ok=True)
    with suppress(OSError):
        cache.rmdir()
