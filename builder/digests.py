"""Values to hashes: what is equal has the same one in every process, and else it has another."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import PurePath
from typing import Any

import msgspec

_SIZE = 12
"""Bytes. Of a billion values two have the same hash with a chance of one in 10^11."""


class Digests:
    """Hashes of values, each made once for an object that is asked of again and again.

    Moments are told apart by how they are written, too: they are published so.
    """

    def __init__(self) -> None:
        # With the object itself, so that no other one gets its place.
        self._known: dict[int, tuple[object, bytes]] = {}

    def of(self, value: object) -> bytes:
        """The hash of a record, or of a list, a table or a set of records.

        Raises:
            TypeError: It holds something of which no hash can be made.
        """
        known = self._known.get(id(value))
        if known is None:
            known = self._known[id(value)] = (value, digest(value))
        return known[1]

    def take(self, value: object, mark: bytes) -> None:
        """Have a hash stand for a value from now on, such as that of all that it was made of.

        Args:
            value: An object that is asked of again, and of which there is only one like it.
            mark: What no other value has.
        """
        self._known.setdefault(id(value), (value, mark))

    def of_all(self, values: tuple[object, ...]) -> bytes:
        """The hash of several values in their order; see `of`."""
        return of_bytes(*map(self.of, values))


def of_bytes(*parts: bytes) -> bytes:
    """The hash of some bytes, of which all but the last are as long as ever."""
    return blake2b(b"".join(parts), digest_size=_SIZE).digest()


def digest(value: object) -> bytes:
    """The hash of a value; see `Digests.of`."""
    data = value if isinstance(value, bytes) else encoded(value)
    kind = b"bytes" if isinstance(value, bytes) else b""
    return blake2b(data, digest_size=_SIZE, person=kind).digest()


def encoded(value: object) -> bytes:
    """A value as JSON, the same for what is equal.

    Raises:
        TypeError: It holds something that cannot be written down.
    """
    try:
        return msgspec.json.encode(value, enc_hook=_written, order="deterministic")
    except (UnicodeEncodeError, ValueError) as error:
        raise TypeError(str(error)) from error


def _written(value: Any) -> object:
    if isinstance(value, PurePath):
        return str(value)
    message = f"no hash can be made of {type(value).__name__}"
    raise TypeError(message)
