"""The world in a quarter of a megabyte: coasts and borders, countries, and large cities.

Coasts and borders are Natural Earth's at 1:50 million, in the public domain; cities are from
GeoNames, CC BY 4.0. `bench/atlas.py` makes the file.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Self

import msgspec
from msgspec import Struct

STEPS = 100
"""Coordinates are kept in such parts of a degree: about a kilometre."""

Point = tuple[float, float]
"""Degrees east and north."""
Box = tuple[float, float, float, float]
"""West, south, east and north."""
Ring = tuple[int, ...]
"""Lines, one after the other; `~n` is the line n from its end."""


class Country(Struct, frozen=True, kw_only=True, array_like=True):
    """A country as Natural Earth draws it: by who governs where, not by who claims what."""

    name: str
    """In English."""
    code: str
    """ISO 3166-1, two letters; empty if it has none."""
    rings: tuple[Ring, ...]
    certain: bool
    """Whether its name can mean nothing else."""


class City(Struct, frozen=True, kw_only=True, array_like=True):
    """A city of 100,000 people or more."""

    id: int
    """GeoNames' number for it."""
    name: str
    lat: float
    lon: float
    country: str
    """The country's code."""
    certain: bool
    """Whether it has a million inhabitants, and no place of its name a hundredth of that."""


class Atlas(Struct, frozen=True, kw_only=True, array_like=True):
    """All of it."""

    arcs: bytes
    """Every line, packed."""
    land: tuple[Ring, ...]
    borders: tuple[int, ...]
    """The lines between two countries."""
    countries: tuple[Country, ...]
    cities: tuple[City, ...]
    """The largest first."""


class Line(Struct, frozen=True):
    """A line or the edge of an area."""

    points: list[Point]
    box: Box
    """What it lies in."""

    @classmethod
    def of(cls, points: list[Point]) -> Self:
        """The line through these points."""
        east, north = zip(*points, strict=True)
        return cls(points, (min(east), min(north), max(east), max(north)))


class World:
    """The atlas; its lines are unpacked when the first map is drawn."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        self.cities = atlas.cities
        self.countries = {country.code: country for country in atlas.countries if country.code}
        self.by_id = {city.id: city for city in atlas.cities}
        places: list[City | Country] = [*atlas.cities, *atlas.countries]
        self.certain = {each.name.casefold(): each for each in places if each.certain}

    @cached_property
    def land(self) -> list[Line]:
        """The coasts."""
        return [self.ring(ring) for ring in self._atlas.land]

    @cached_property
    def borders(self) -> list[Line]:
        """The lines between two countries."""
        return [Line.of(self._lines[index]) for index in self._atlas.borders]

    @cached_property
    def _lines(self) -> list[list[Point]]:
        return list(unpacked(self._atlas.arcs))

    def ring(self, ring: Ring) -> Line:
        """The points of a ring, the first of them once.

        One that crosses the 180th meridian goes on beyond 180 degrees; one round a pole has the
        pole added.
        """
        points: list[Point] = []
        turn = 0
        for index in ring:
            for point in self._line(index):
                if points:
                    turn += 360 * round((points[-1][0] - point[0] - turn) / 360)
                points.append((point[0] + turn, point[1]))
        (first, _), (last, north) = points[0], points[-1]
        if round((first - last) / 360):
            pole = 90 if north > 0 else -90
            points += [(last, pole), (first, pole)]
        return Line.of(points)

    def _line(self, index: int) -> list[Point]:
        """A line without its last point, with which the next one begins."""
        return self._lines[index][:-1] if index >= 0 else self._lines[~index][:0:-1]


@lru_cache(maxsize=1)
def world() -> World:
    """The world, read once."""
    data = zlib.decompress((Path(__file__).parent / "world.bin").read_bytes())
    return World(msgspec.msgpack.decode(data, type=Atlas))


def packed(lines: Sequence[Sequence[tuple[int, int]]]) -> bytes:
    """Lines in steps as bytes: how many points, then the way from each to the next."""
    out = bytearray()
    for line in lines:
        _put(out, len(line))
        x = y = 0
        for at_x, at_y in line:
            for step in (at_x - x, at_y - y):
                _put(out, step << 1 if step >= 0 else (-step << 1) - 1)
            x, y = at_x, at_y
    return bytes(out)


def unpacked(data: bytes) -> Iterator[list[Point]]:
    """The lines that `packed` was given, in degrees."""
    numbers = _numbers(data)
    for length in numbers:
        x = y = 0
        line: list[Point] = []
        for _ in range(length):
            x += _signed(next(numbers))
            y += _signed(next(numbers))
            line.append((x / STEPS, y / STEPS))
        yield line


def _put(out: bytearray, number: int) -> None:
    """A number in as many bytes as it needs, seven bits in each."""
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)


def _numbers(data: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in data:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield number
            number = shift = 0


def _signed(number: int) -> int:
    return -(number + 1 >> 1) if number & 1 else number >> 1
