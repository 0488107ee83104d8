"""What one process looked up while it made something, written down for the next one."""

from __future__ import annotations

import os
from array import array
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, cast

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


Numbers = dict[str, dict[Hashable, int]]
"""Of each lookup, by table and key."""


class Found(Struct, frozen=True):
    """What is known of the last time."""

    numbers: Numbers
    changed: list[int]
    """Lookups that would find something else now."""
    made: list[Made]


class _Row(Struct, frozen=True, array_like=True):
    """The same, written down."""

    key: Any
    read: bytes
    """Four bytes for each."""
    given: bytes
    made: _Outputs | bytes
    """Of what is no output, in JSON."""


class _Trodden(Struct, frozen=True, array_like=True):
    salt: str
    marks: Marks
    numbers: dict[str, dict[str, int]]
    made: dict[str, list[_Row]]
    """By kind."""


class Footprint:
    """What was made, what was looked up for it, and what was found then, as bytes.

    Outputs are kept by path and hash. What else is made is kept only if its kind is named here, and
    is made again when something new is made of it.
    """

    def __init__(
        self, before: bytes, salt: str, kinds: Mapping[str, Any], digests: Digests | None = None
    ) -> None:
        """Set up.

        Args:
            before: What `data` was after the last time; anything else counts as nothing.
            salt: Stands for the program: what another one left counts as nothing.
            kinds: Of what is kept besides outputs, the type, by kind.
            digests: Of values that can be looked up, as far as they are known.
        """
        self.data = b""
        """For the next time; empty until something was left."""
        self.kinds = kinds
        self._salt, self._before, self._digests = salt, before, digests or Digests()
        self._nothing = self._of(())

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
        numbers = cast("Numbers", before.numbers)
        nothing: dict[str, bytes] = {}
        changed: list[int] = []
        for table, known in numbers.items():
            then, now = before.marks.get(table, nothing), marks.get(table, nothing)
            if then != now:
                others = {key for key, _ in then.items() ^ now.items()}
                changed += [known[key] for key in others & known.keys()]
        decoders = {kind: msgspec.json.Decoder(each) for kind, each in self.kinds.items()}
        made = [
            Made(
                kind=kind,
                key=row.key if isinstance(row.key, str) else _hashable(row.key),
                read=array(_NUMBER, row.read),
                given=row.given,
                made=decoders[kind].decode(row.made) if isinstance(row.made, bytes) else row.made,
            )
            for kind, rows in before.made.items()
            for row in rows
        ]
        return Found(numbers, changed, made)

    def is_of(self, mark: bytes, given: tuple[object, ...]) -> bool:
        """Whether a hash is that of what is given."""
        return mark == (self._of(given) if given else self._nothing)

    def leave(self, marks: Marks, numbers: Numbers, made: Sequence[Made]) -> None:
        """Write down for the next time what was made, and how."""
        # While nearly all lookups are still somebody's, their numbers stay as they are.
        used = set[int]().union(*(each.read for each in made))
        size = sum(map(len, numbers.values()))
        new: array[int] | None = None
        if len(used) <= _WORN * size:
            most = max((max(each.values(), default=-1) for each in numbers.values()), default=-1)
            new = array(_NUMBER, bytes(array(_NUMBER).itemsize * (most + 1)))
            for at, number in enumerate(sorted(used)):
                new[number] = at
            numbers = {
                table: {key: new[number] for key, number in known.items() if number in used}
                for table, known in numbers.items()
            }
        rows: dict[str, list[_Row]] = {}
        for each in made:
            read = each.read if new is None else map(new.__getitem__, each.read)
            row = _Row(
                key=each.key,
                read=(read if isinstance(read, array) else array(_NUMBER, read)).tobytes(),
                given=each.given if isinstance(each.given, bytes) else self._of(each.given),
                made=encoded(each.made) if each.kind in self.kinds else each.made,
            )
            rows.setdefault(each.kind, []).append(row)
        trodden = _Trodden(self._salt, marks, cast("dict[str, dict[str, int]]", numbers), rows)
        self.data = msgspec.msgpack.encode(trodden)


def _hashable(key: Any) -> Hashable:
    return tuple(map(_hashable, key)) if isinstance(key, list) else key
