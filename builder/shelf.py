"""Answers of the last build, on disk, each with the hash of what it was made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import msgspec
from msgspec import Struct

from builder.digests import Digests, of_bytes
from builder.store import Store

_AT_ONCE = 500
"""New answers of a kind after which they are written: those of an archive fill much memory."""
_LEFT = "left"
"""The kind, in the store, of what one build leaves for the next."""
_LENGTH = 12
"""Bytes of the hash that stands before each answer."""


def _as_it_is(answer: Any, made_of: tuple[Any, ...]) -> Any:
    del made_of
    return answer


def _nothing(answer: Any) -> tuple[()]:
    del answer
    return ()


class Shelved(Struct, frozen=True, kw_only=True):
    """How answers of one kind are kept."""

    type: Any
    """What is written down."""
    pack: Callable[[Any, tuple[Any, ...]], Any] = _as_it_is
    """From an answer and what it was made of: without what is in both."""
    unpack: Callable[[Any, tuple[Any, ...]], Any] = _as_it_is
    """The other way round."""
    passed_on: Callable[[Any], tuple[Struct | None, ...]] = _nothing
    """What of an answer others are made of: the hash of what it was made of stands for it, too, so
    that nobody needs to go through it for another."""


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
        self.digests = Digests()
        """For what others are made of stands the hash of what it was made of itself."""
        self._there: dict[str, dict[str, bytes]] = {}
        self._asked: dict[str, set[str]] = {}
        self._new: dict[str, dict[str, bytes]] = {}
        self._decoders = {kind: msgspec.json.Decoder(kept.type) for kind, kept in kinds.items()}

    def stands(self, kind: str, key: str, made_of: tuple[Any, ...]) -> bool:
        """Whether an answer is there that was made of the same."""
        try:
            if kind not in self._kinds:
                return False
            return self._rows(kind).get(key, b"").startswith(self._mark(made_of))
        except TypeError:
            return False

    def recall(self, kind: str, key: str, make: Callable[[], Any], made_of: tuple[Any, ...]) -> Any:
        """An answer as it was kept, if it was made of the same; else it is made, and kept."""
        kept = self._kinds.get(kind)
        if kept is None:
            return make()
        try:
            mark = self._mark(made_of)
        except TypeError:
            return make()
        self._asked.setdefault(kind, set()).add(key)
        # Nobody asks twice, and those of an archive fill much memory.
        row = self._rows(kind).pop(key, b"")
        answer, is_known = self._known(kept, kind, row, mark, made_of)
        if not is_known:
            answer = make()
            self._keep(kept, kind, key, mark, answer, made_of)
        for number, part in enumerate(kept.passed_on(answer)):
            if part is not None:
                self.digests.take(part, of_bytes(mark, f"{kind} {number}".encode()))
        return answer

    def _mark(self, made_of: tuple[Any, ...]) -> bytes:
        return self.digests.of_all((self._salt, *made_of))

    def _rows(self, kind: str) -> dict[str, bytes]:
        """What is there and was not asked for yet."""
        if kind not in self._there:
            self._there[kind] = self._store.get_all(_row(kind))
        return self._there[kind]

    def _known(
        self, kept: Shelved, kind: str, row: bytes, mark: bytes, made_of: tuple[Any, ...]
    ) -> tuple[Any, bool]:
        if row.startswith(mark):
            with suppress(msgspec.DecodeError, UnicodeDecodeError):
                return kept.unpack(self._decoders[kind].decode(row[_LENGTH:]), made_of), True
        return None, False

    def _keep(  # noqa: PLR0913, PLR0917 - what, where, and of what it was made
        self,
        kept: Shelved,
        kind: str,
        key: str,
        mark: bytes,
        answer: Any,
        made_of: tuple[Any, ...],
    ) -> None:
        with suppress(TypeError, ValueError, msgspec.MsgspecError):
            packed = kept.pack(answer, made_of)
            data = msgspec.json.encode(packed)
            if self._decoders[kind].decode(data) == packed:
                new = self._new.setdefault(kind, {})
                new[key] = mark + data
                if len(new) == _AT_ONCE:
                    self._store.put_many(_row(kind), self._new.pop(kind))

    def left(self, kind: str, type_: Any) -> Any:
        """What the last build of the same program left, whatever it was made of; or None."""
        row, mark = self._store.get_many(_LEFT, [kind]).get(kind, b""), self._mark(())
        if row.startswith(mark):
            with suppress(msgspec.DecodeError, UnicodeDecodeError):
                return msgspec.msgpack.decode(row[_LENGTH:], type=type_)
        return None

    def leave(self, kind: str, value: Any) -> None:
        """Leave something for the next build; what cannot be written down is not left."""
        with suppress(TypeError, ValueError):
            data = msgspec.msgpack.encode(value)
            self._store.put_many(_LEFT, {kind: self._mark(()) + data})

    def save(self) -> None:
        """Keep what is new, and forget of each kind that was asked for what was not."""
        for kind, asked in self._asked.items():
            if fresh := self._new.pop(kind, None):
                self._store.put_many(_row(kind), fresh)
            if self._there.pop(kind).keys() - asked:
                self._store.prune(_row(kind), asked)
        self._asked = {}


def _row(kind: str) -> str:
    return f"last {kind}"
