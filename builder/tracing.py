"""What was looked up while something was made: while none of it changes, it is not made again.

Whoever makes an output need not say what it depends on. He is given a record of which the tables
note what is asked of them, so nothing can be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from itertools import chain
from typing import Any, Generic, TypeVar, cast

import msgspec
from msgspec import Struct

from builder import watching
from builder.footprint import WHOLE, Footprint, Made, Marks, Numbers
from builder.model import Edited, Emitted, Kept, Output, Standing

Answer = TypeVar("Answer")
Key = TypeVar("Key", bound=Hashable)

_MISSING = object()


class Afresh:
    """Makes everything when it is asked for; a value once."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, Hashable], Any] = {}

    def outputs(
        self, kind: str, key: Hashable, make: Callable[[], Iterable[Output]], *given: object
    ) -> Iterable[Output]:
        """Some outputs; see `Trace`."""
        del self, kind, key, given
        return make()

    def all_outputs(
        self,
        kind: str,
        keys: Iterable[Key],
        make: Callable[[Key], Iterable[Output]],
        given: Mapping[Key, object] | None = None,
    ) -> Iterable[Emitted]:
        """The outputs of many keys; see `Trace`."""
        del self, kind, given
        return chain.from_iterable(map(make, keys))

    def value(self, kind: str, key: Hashable, make: Callable[[], Answer], *given: object) -> Answer:
        """Something that outputs are made of; see `Trace`."""
        del given
        if (kind, key) not in self._values:
            self._values[kind, key] = make()
        return cast("Answer", self._values[kind, key])


class _Entry(Struct):
    """Something that was made."""

    build: int
    """The build in which it was made, or last found to be as it was."""
    read: Sequence[int]
    """The lookups, by number."""
    given: tuple[object, ...] | bytes
    """Itself, or its hash."""
    made: Any
    is_output: bool
    """Whether it is paths and hashes of outputs."""


class Trace(Afresh):
    """Remembers, of what is made of one record again and again, which of its values were read.

    Tables (mappings) count key by key, and so do those of records in it; everything else that the
    record holds counts for all that is made.
    """

    def __init__(
        self,
        told: Callable[[Output], str],
        *,
        known: Collection[str] = (),
        footprint: Footprint | None = None,
    ) -> None:
        """Set up.

        Args:
            told: Gives the hash of all that an output is made of.
            known: Fields of the record that change only if what is `given` to `begin` does.
            footprint: What another process remembered; takes what this one does.
        """
        super().__init__()
        self._footprint = footprint
        self._marks: Marks | None = None
        self._told, self._known = told, frozenset(known)
        self._numbers: Numbers = {}
        self._next, self._kept = 0, 0
        self._changed: dict[int, int] = {}
        self._entries: dict[str, dict[Hashable, _Entry]] = {}
        self._before: dict[str, Any] = {}
        self._build = 0
        self._reading: list[set[int]] = []
        self._since: dict[int, set[int]] = {}

    def begin(self, record: Answer, *given: object) -> Answer:
        """The same record for one more build, with tables that note what is asked of them.

        Args:
            record: A msgspec record; of what it holds, records with mappings are watched, too, and
                this takes the place of an `Afresh`.
            given: What else everything depends on.
        """
        self._build += 1
        self._since = {}
        self._reading = []
        found: dict[str, Any] = {}
        common: list[object] = [*given]
        watched = self._watched("", record, found, common)
        if self._footprint and not self._before:
            self._take_up(self._footprint, found, common)
            self._before = {"": common, **found}
            return cast("Answer", watched)
        # What was begun and never ended is of another state of the record.
        self._marks = None
        for name, value in found.items():
            before = self._before.get(name, _MISSING)
            if not isinstance(value, Mapping):
                if not _is_same(before, value):
                    self._mark(name, WHOLE)
            elif isinstance(before, Mapping):
                self._compare(name, before, value)
        if self._before.get("") != common:
            self._entries = {}
        self._before = {"": common, **found}
        return cast("Answer", watched)

    def end(self) -> None:
        """Forget what nobody asked for in this build, and what it was made of."""
        self._entries = {
            kind: {key: entry for key, entry in known.items() if entry.build == self._build}
            for kind, known in self._entries.items()
        }
        if self._footprint and self._marks:
            kept = [
                Made(kind, key, entry.read, entry.given, entry.made)
                for kind, known in self._entries.items()
                for key, entry in known.items()
                if entry.is_output or kind in self._footprint.kinds
            ]
            self._footprint.leave(self._marks, self._numbers, kept)
            self._marks = None
        # All that is left is as of this build: no earlier change counts for it any more.
        self._changed = {}
        # To look through all that was read takes long, so that waits until there is much to forget.
        size = sum(map(len, self._numbers.values()))
        if not self._kept:
            self._kept = size
        elif size > 2 * self._kept:
            entries = chain.from_iterable(known.values() for known in self._entries.values())
            read = set[int]().union(*(entry.read for entry in entries))
            self._numbers = {
                table: {key: number for key, number in known.items() if number in read}
                for table, known in self._numbers.items()
            }
            self._kept = sum(map(len, self._numbers.values()))

    def _take_up(
        self, footprint: Footprint, found: Mapping[str, object], common: Sequence[object]
    ) -> None:
        """Go on where another process ended."""
        self._marks = footprint.marks(found, common)
        known = footprint.found(self._marks)
        self._numbers = known.numbers
        self._next = 1 + max(
            map(max, filter(None, map(dict.values, self._numbers.values()))), default=-1
        )
        self._changed = dict.fromkeys(known.changed, self._build)
        self._entries = {}
        for each in known.made:
            is_output = each.kind not in footprint.kinds
            entry = _Entry(0, each.read, each.given, each.made, is_output)
            self._entries.setdefault(each.kind, {})[each.key] = entry

    def outputs(
        self, kind: str, key: Hashable, make: Callable[[], Iterable[Output]], *given: object
    ) -> Iterable[Output]:
        """Some outputs, made only if something changed that was looked up when they were.

        Args:
            kind: What they are.
            key: Of what: an article's id.
            make: Makes them of the record that `begin` gave.
            given: What else they depend on; compared by value.
        """
        made: dict[str, Output] = {}

        def given_or_again(path: str) -> Output:
            return made.get(path) or next(each for each in make() if each.path == path)

        def told() -> tuple[tuple[str, str], ...]:
            made.update({each.path: each for each in make()})
            return tuple((path, self._told(each)) for path, each in made.items())

        for path, digest in self._made(kind, key, told, given, is_output=True):
            yield Kept(path, digest, partial(given_or_again, path))

    def all_outputs(
        self,
        kind: str,
        keys: Iterable[Key],
        make: Callable[[Key], Iterable[Output]],
        given: Mapping[Key, object] | None = None,
    ) -> Iterable[Emitted]:
        """The outputs of many keys, those that need not be made together and at the end.

        Args:
            kind: What they are.
            keys: Of what: articles' ids.
            make: Makes those of one key of the record that `begin` gave.
            given: By key, what else its outputs depend on; compared by value.
        """
        known = self._entries.get(kind, {})
        standing: dict[Key, Iterable[tuple[str, str]]] = {}
        for key in keys:
            parts = () if given is None else (given.get(key),)
            entry = known.get(key)
            if entry is None or self._reading or not self._stands(entry, parts):
                yield from self.outputs(kind, key, partial(make, key), *parts)
            else:
                entry.build = self._build
                standing[key] = entry.made
        if standing:
            digests = dict(chain.from_iterable(standing.values()))
            yield Standing(digests, _Again(standing, make))

    def value(self, kind: str, key: Hashable, make: Callable[[], Answer], *given: object) -> Answer:
        """Something that others are made of; what is read for it is read for these, too."""
        return self._made(kind, key, make, given, is_output=False)

    def _made(
        self,
        kind: str,
        key: Hashable,
        make: Callable[[], Answer],
        given: tuple[object, ...],
        *,
        is_output: bool,
    ) -> Answer:
        known = self._entries.setdefault(kind, {})
        entry = known.get(key)
        if entry is None or not self._stands(entry, given):
            self._reading.append(set())
            try:
                answer = make()
            finally:
                read = self._reading.pop()
            entry = _Entry(self._build, tuple(read), given, answer, is_output)
            known[key] = entry
        entry.build = self._build
        if self._reading:
            self._reading[-1].update(entry.read)
        return cast("Answer", entry.made)

    def note(self, table: str, key: Hashable) -> None:
        """Take down that something was looked up."""
        if self._reading:
            numbers = self._numbers.setdefault(table, {})
            number = numbers.get(key)
            if number is None:
                number = numbers[key] = self._next
                self._next += 1
            self._reading[-1].add(number)

    def _stands(self, entry: _Entry, given: tuple[object, ...]) -> bool:
        since = entry.build
        if since not in self._since:
            self._since[since] = {at for at, build in self._changed.items() if build > since}
        if not self._since[since].isdisjoint(entry.read):
            return False
        if isinstance(entry.given, bytes) and self._footprint:
            return self._footprint.is_of(entry.given, given)
        return entry.given == given

    def _watched(
        self, prefix: str, record: Any, found: dict[str, Any], common: list[object]
    ) -> Any:
        """The record with watched tables; `found` gets what is watched, `common` the rest."""
        fields: dict[str, Any] = {}
        for field in record.__struct_fields__:
            name, value = f"{prefix}{field}", getattr(record, field)
            if name in self._known:
                continue
            if isinstance(value, Afresh):
                fields[field] = self
                continue
            if isinstance(value, Mapping):
                found[name] = value
                fields[field] = watching.table(self.note, name, value)
            elif prefix:
                found[name] = value
            elif isinstance(value, Struct) and watching.has_tables(value):
                fields[field] = self._watched(f"{name}.", value, found, common)
            else:
                common.append(value)
        if prefix:
            return watching.record(self.note, prefix, record, fields)
        return msgspec.structs.replace(record, **fields)

    def _compare(
        self, name: str, before: Mapping[Hashable, Any], now: Mapping[Hashable, Any]
    ) -> None:
        changed = [k for k, value in now.items() if not _is_same(before.get(k, _MISSING), value)]
        changed += [key for key in before if key not in now]
        for key in changed:
            self._mark(name, key)
        if changed or list(before) != list(now):
            self._mark(name, WHOLE)

    def _mark(self, name: str, key: Hashable) -> None:
        number = self._numbers.get(name, {}).get(key)
        if number is not None:
            self._changed[number] = self._build


class _Again(Generic[Key]):
    """Makes outputs that stand all the same, one at a time."""

    def __init__(
        self,
        standing: Mapping[Key, Iterable[tuple[str, str]]],
        make: Callable[[Key], Iterable[Output]],
    ) -> None:
        self._standing, self._make = standing, make
        self._made: dict[str, Output] = {}

    @cached_property
    def _key_of(self) -> dict[str, Key]:
        return {path: key for key, made in self._standing.items() for path, _ in made}

    def __call__(self, path: str) -> Output:
        # Those of one key are asked for one after the other.
        if path not in self._made:
            self._made = {each.path: each for each in self._make(self._key_of[path])}
        return self._made[path]


def _is_same(before: object, now: object) -> bool:
    """Whether a value is what it was.

    Of articles only the very same is: times are equal that are written with other offsets, and are
    published as they are written.
    """
    if before is now:
        return True
    if isinstance(now, Edited):
        return False
    if isinstance(now, tuple) and now and isinstance(now[0], Edited):
        return (
            isinstance(before, tuple)
            and len(before) == len(now)
            and all(one is other for one, other in zip(before, now, strict=True))
        )
    return type(before) is type(now) and before == now
