"""Answers of the last build, on disk, each with the hash of what it was made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import msgspec
from msgspec import Struct

from builder.digests import Digests
from builder.store import Store

_LENGTH = 12
"""Bytes of the hash that stands before each answer."""


def _as_it_is(answer: Any, made_of: tuple[Any, ...]) -> Any:
    del made_of
    return answer


class Shelved(Struct, frozen=True, kw_only=True):
    """How answers of one kind are kept."""

    type: Any
    """What is written down."""
    pack: Callable[[Any, tuple[Any, ...]], Any] = _as_it_is
    """From an answer and what it was made of: without what is in both."""
    unpack: Callable[[Any, tuple[Any, ...]], Any] = _as_it_is
    """The other way round."""


class Shelf:
    """The last answer for each kind and key, in a store that the next build opens, too.

    What cannot be written down so that it comes back as it was, is not kept: it is made again.
    """

    def __init__(self, store: Store, kinds: Mapping[str, Shelved], salt: str) -> None:
        """Set up; nothing is read before it is asked for.

        Args:
            store: Where the answers are.
            kinds: What is kept.
            salt: Stands for the program that makes the answers: those of another one are unknown.
        """
        self._store, self._kinds, self._salt = store, kinds, salt.encode()
        self._digests = Digests()
        self._there: dict[str, dict[str, bytes]] = {}
        self._asked: dict[str, set[str]] = {}
        self._new: dict[str, dict[str, bytes]] = {}
        self._decoders = {kind: msgspec.json.Decoder(kept.type) for kind, kept in kinds.items()}

    def recall(self, kind: str, key: str, make: Callable[[], Any], made_of: tuple[Any, ...]) -> Any:
        """An answer as it was kept, if it was made of the same; else it is made, and kept."""
        kept = self._kinds.get(kind)
        if kept is None:
            return make()
        try:
            mark = self._digests.of_all((self._salt, *made_of))
        except TypeError:
            return make()
        self._asked.setdefault(kind, set()).add(key)
        if kind not in self._there:
            self._there[kind] = self._store.get_all(_row(kind))
        row = self._there[kind].get(key, b"")
        if row.startswith(mark):
            with suppress(msgspec.DecodeError, UnicodeDecodeError):
                return kept.unpack(self._decoders[kind].decode(row[_LENGTH:]), made_of)
        answer = make()
        try:
            packed = kept.pack(answer, made_of)
            data = msgspec.json.encode(packed)
            if self._decoders[kind].decode(data) == packed:
                self._new.setdefault(kind, {})[key] = mark + data
        except (TypeError, ValueError, msgspec.MsgspecError):
            pass
        return answer

    def save(self) -> None:
        """Keep what is new, and forget of each kind that was asked for what was not."""
        for kind, asked in self._asked.items():
            there = self._there[kind]
            if fresh := self._new.pop(kind, None):
                self._store.put_many(_row(kind), fresh)
                there.update(fresh)
            if gone := there.keys() - asked:
                self._store.prune(_row(kind), asked)
                for key in gone:
                    del there[key]
        self._asked = {}


def _row(kind: str) -> str:
    return f"last {kind}"
