"""A record with tables, for tests of what is looked up in it."""

from __future__ import annotations

from msgspec import Struct

from builder.tracing import Afresh


class Inner(Struct, frozen=True):
    towns: dict[str, str]
    rivers: tuple[str, ...] = ()


class Whole(Struct, frozen=True):
    people: dict[str, object]
    inner: Inner
    title: str = "Tide"
    language: str = "en"
    trace: Afresh = Afresh()
