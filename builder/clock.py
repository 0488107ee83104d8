"""How long each stage of a build took."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar, cast

from msgspec import Struct, field

Item = TypeVar("Item")

STAGES = (
    "content",
    "parse",
    "analyse",
    "pictures",
    "edit",
    "index",
    "related",
    "render",
    "check",
    "write",
)
"""Of a build, in order."""


class Clock(Struct):
    """How long each stage took; nothing that is published depends on it."""

    spent: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STAGES, 0.0))
    """Seconds, by stage; what is a stage of its own does not count for the one around it."""
    _since: float = 0.0
    _inside: list[str] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure what is done inside."""
        self._go_on()
        self._inside.append(name)
        try:
            yield
        finally:
            self._go_on()
            self._inside.pop()

    def each(self, name: str, items: Iterable[Item]) -> Iterator[Item]:
        """The same items; to make them is a stage of its own."""
        iterator, end = iter(items), object()
        while True:
            with self.stage(name):
                item = next(iterator, end)
            if item is end:
                return
            yield cast("Item", item)

    def _go_on(self) -> None:
        now = time.perf_counter()
        if self._inside:
            name = self._inside[-1]
            self.spent[name] += now - self._since
        self._since = now
