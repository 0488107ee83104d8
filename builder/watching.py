"""Records that tell what is looked up in them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import Any, TypeVar, cast

from msgspec import Struct

from builder.footprint import WHOLE

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
Note = Callable[[str, Hashable], None]
"""Takes down a table's name and what was looked up there: a key, or `WHOLE`."""


def table(note: Note, name: str, known: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """A mapping of that name that tells what is asked of it."""
    return _Table(note, name, known)


def record(note: Note, prefix: str, known: Struct, tables: dict[str, Any]) -> Any:
    """A record that tells which of its fields are read.

    Args:
        note: Is told `prefix` and the field's name.
        prefix: Stands before the names of its fields.
        known: The record.
        tables: What takes the place of some of its fields, and is not told.
    """
    return _Record(note, prefix, known, tables)


class _Table(Mapping[Key, Value]):
    """A mapping that notes what is asked of it."""

    __slots__ = ("_known", "_name", "_note")

    def __init__(self, note: Note, name: str, known: Mapping[Key, Value]) -> None:
        self._note, self._name, self._known = note, name, known

    def __getitem__(self, key: Key) -> Value:
        self._note(self._name, key)
        return self._known[key]

    def __contains__(self, key: object) -> bool:
        self._note(self._name, cast("Key", key))
        return key in self._known

    def __iter__(self) -> Iterator[Key]:
        self._note(self._name, WHOLE)
        return iter(self._known)

    def __len__(self) -> int:
        self._note(self._name, WHOLE)
        return len(self._known)

    # Those that `Mapping` has would note every key.

    def get(self, key: Key, default: Any = None) -> Any:
        self._note(self._name, key)
        return self._known.get(key, default)

    def keys(self) -> KeysView[Key]:
        self._note(self._name, WHOLE)
        return self._known.keys()

    def values(self) -> ValuesView[Value]:
        self._note(self._name, WHOLE)
        return self._known.values()

    def items(self) -> ItemsView[Key, Value]:
        self._note(self._name, WHOLE)
        return self._known.items()


class _Record:
    """A record that notes which of its fields are read."""

    def __init__(self, note: Note, prefix: str, record: Struct, tables: dict[str, Any]) -> None:
        self._note, self._prefix, self._record, self._tables = note, prefix, record, tables

    def __getattr__(self, field: str) -> Any:
        if field in self._tables:
            return self._tables[field]
        self._note(f"{self._prefix}{field}", WHOLE)
        return getattr(self._record, field)


def has_tables(record: Struct) -> bool:
    """Whether a field of a record is a table."""
    return any(isinstance(getattr(record, name), Mapping) for name in record.__struct_fields__)
