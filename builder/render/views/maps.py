"""A map of where a place is."""

from __future__ import annotations

from msgspec import Struct


class SpotView(Struct, frozen=True, kw_only=True):
    """A dot on a map and its name; all in pixels."""

    name: str
    x: int
    y: int
    text_x: int
    """Where the name begins or ends…"""
    text_y: int
    anchor: str
    """… and which of these, for `text-anchor`: `start` or `end`."""


class MapView(Struct, frozen=True, kw_only=True):
    """What a map shows, for an `<svg>`; all in pixels of its `viewBox`."""

    width: int
    height: int
    title: str
    """`Where Bergen is`"""
    about: str = ""
    """The same in words, for those who cannot see it."""
    land: str
    """Data of a path, to be filled by the rule `evenodd`, as all of them."""
    borders: str = ""
    shape: str = ""
    """The country itself, where the place is one."""
    here: SpotView | None = None
    """The place itself, where it is none."""
    around: tuple[SpotView, ...] = ()
    """Cities to go by."""
    bar: str
    """How long the bar is: `200 km`."""
    bar_width: int
