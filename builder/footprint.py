"""What one process looked up while it made something, written down for the next one."""

from __future__ import annotations

import os
from array import array
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from builder.digests import Digests, digest, encoded

WHOLE = "\0whole"
"""Looked up by whoever goes through a table, or asks what is in it."""

Marks = dict[str, dict[str, bytes]]
"""By table and key the hash of what is found there; of values that are no tables under `WHOLE`."""
_COMMON = ""
"""Stands for what everything depends on."""
_Outputs = tuple[tuple[str, str], ...]
_NUMBER = "I"
"""Array's code for numbers of four bytes."""
_SHORT = 60
"""Letters of a text that stands for itself."""
_WORN = 0.8
"""While so many of all lookups are still somebody's, none of them is forgotten."""


class Made(Struct, frozen=True):
    """Something that was made."""

    kind: str
    key: Hashable
    read: Sequence[int]
    """Numbers of lookups."""
    given: tuple[object, ...] | bytes
    """What else it was made of, or the hash of that."""
    made: Any
    """Paths and hashes of outputs, or what is kept of its kind."""


class Found(Struct, frozen=True):
    """What is known of the last time."""

    numbers: dict[tuple[str, Hashable], int]
    """Of each lookup."""
    changed: list[int]
    """Lookups that would find something else now."""
    made: list[Made]


class _Row(Struct, frozen=True, array_like=True):
    """The same, written down."""

    kind: str
    key: bytes
    """In JSON."""
    read: bytes
    """Four bytes for each."""
    given: bytes
    made: bytes
    """In JSON."""


class _Trodden(Struct, frozen=True, array_like=True):
    salt: str
    marks: Marks
    tables: list[str]
    lookups: list[tuple[int, str]]
    """By number: the table's place in `tables`, and the key."""
    made: list[_Row]


class Footprint:
    """What was made, what was looked up for it, and what was found then, as bytes.

    Outputs are kept by path and hash. What else is made is kept only if its kind is named here, and
    is made again when something new is made of it.
    """

    def __init__(self, before: bytes, salt: str, kinds: Mapping[str, Any]) -> None:
        """Set up.

        Args:
            before: What `data` was after the last time; anything else counts as nothing.
            salt: Stands for the program: what another one left counts as nothing.
            kinds: Of what is kept besides outputs, the type, by kind.
        """
        self.data = b""
        """For the next time; empty until something was left."""
        self.kinds = kinds
        self._salt, self._before, self._digests = salt, before, Digests()

    def marks(self, found: Mapping[str, object], common: Sequence[object]) -> Marks:
        """The hashes of all that can be looked up."""
        marks: Marks = {_COMMON: {WHOLE: self._of(tuple(common))}}
        for name, value in found.items():
            if isinstance(value, Mapping):
                table = {key: self._of(each) for key, each in value.items()}
                table[WHOLE] = digest(encoded([*table]) + b"".join(table.values()))
                marks[name] = table
            else:
                marks[name] = {WHOLE: self._of(value)}
        return marks

    def _of(self, value: object) -> bytes:
        if isinstance(value, str) and len(value) <= _SHORT:
            return value.encode(errors="surrogatepass")
        try:
            if isinstance(value, tuple):
                return self._digests.of_all(value)
            return self._digests.of(value)
        except TypeError:
            # Of this nobody can say that it is as it was.
            return os.urandom(16)

    def found(self, marks: Marks) -> Found:
        """What is known of the last time, now that these are the hashes."""
        try:
            before = msgspec.msgpack.decode(self._before, type=_Trodden)
            self._before = b""
            if before.salt == self._salt and before.marks[_COMMON] == marks[_COMMON]:
                return self._compared(before, marks)
        except (msgspec.MsgspecError, LookupError, ValueError):
            pass
        return Found({}, [], [])

    def _compared(self, before: _Trodden, marks: Marks) -> Found:
        lookups = [(before.tables[table], key) for table, key in before.lookups]
        nothing: dict[str, bytes] = {}
        changed = [
            number
            for number, (table, key) in enumerate(lookups)
            if before.marks.get(table, nothing).get(key) != marks.get(table, nothing).get(key)
        ]
        outputs = msgspec.json.Decoder(_Outputs)
        decoders = {kind: msgspec.json.Decoder(each) for kind, each in self.kinds.items()}
        made = []
        for row in before.made:
            read = array(_NUMBER)
            read.frombytes(row.read)
            answer = decoders.get(row.kind, outputs).decode(row.made)
            key = _hashable(msgspec.json.decode(row.key))
            made.append(Made(row.kind, key, read, row.given, answer))
        return Found({lookup: at for at, lookup in enumerate(lookups)}, changed, made)

    def is_of(self, mark: bytes, given: tuple[object, ...]) -> bool:
        """Whether a hash is that of what is given."""
        return mark == self._of(given)

    def leave(
        self, marks: Marks, numbers: Mapping[tuple[str, Hashable], int], made: Sequence[Made]
    ) -> None:
        """Write down for the next time what was made, and how."""
        # While nearly all lookups are still somebody's, their numbers stay as they are.
        used = sorted(set().union(*(each.read for each in made)))
        size = max(numbers.values(), default=-1) + 1
        is_same = size == len(numbers) and len(used) > _WORN * size
        if is_same:
            used = [*range(size)]
        new = array(_NUMBER, bytes(array(_NUMBER).itemsize * size))
        for at, number in enumerate(used):
            new[number] = at
        rows = [
            _Row(
                kind=each.kind,
                key=encoded(each.key),
                read=(
                    each.read
                    if is_same and isinstance(each.read, array)
                    else array(_NUMBER, map(new.__getitem__, each.read))
                ).tobytes(),
                given=each.given if isinstance(each.given, bytes) else self._of(each.given),
                made=encoded(each.made),
            )
            for each in made
        ]
        lookup_of = {number: lookup for lookup, number in numbers.items()}
        tables = {table: at for at, table in enumerate(marks)}
        lookups = [
            (tables.setdefault(table, len(tables)), str(key))
            for table, key in map(lookup_of.__getitem__, used)
        ]
        self.data = msgspec.msgpack.encode(_Trodden(self._salt, marks, [*tables], lookups, rows))


def _hashable(key: Any) -> Hashable:
    return tuple(map(_hashable, key)) if isinstance(key, list) else key
