"""Lines on a window of the world: placed, cut at its edge, and told in few bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import cos, hypot, radians

from msgspec import Struct

from builder.render.atlas import Line, Point

EDGE = 4
"""Pixels beyond the window at which lines are cut, so that no edge is seen."""


class Window(Struct, frozen=True, kw_only=True):
    """A part of the world as a drawing shows it: as true to shape as it gets in its middle."""

    lon: float
    lat: float
    """Of the middle, in degrees."""
    high: float
    """Degrees from its foot to its top."""
    width: int
    height: int
    """In pixels."""

    @property
    def scale(self) -> float:
        """Pixels of a degree of latitude."""
        return self.height / self.high

    @property
    def squeeze(self) -> float:
        """How much shorter a degree of longitude is than one of latitude."""
        return max(0.1, cos(radians(self.lat)))

    def place(self, point: Point, turn: int = 0) -> Point:
        """Where a point is in pixels, to the right and down; `turn` is degrees round the world."""
        return self.placed((point,), turn)[0]

    def placed(self, points: Iterable[Point], turn: int = 0) -> list[Point]:
        """Where each of many points is: see `place`."""
        width, height, squeeze, scale = self.width / 2, self.height / 2, self.squeeze, self.scale
        return [
            (width + (x + turn - self.lon) * squeeze * scale, height + (self.lat - y) * scale)
            for x, y in points
        ]

    def nearest(self, point: Point) -> Point:
        """The same, on that side of the world which is nearer to the middle."""
        return self.place(point, 360 * round((self.lon - point[0]) / 360))

    def holds(self, at: Point, margin: float = 0) -> bool:
        """Whether a place in pixels is in the window, so far from its edges."""
        return margin <= at[0] <= self.width - margin and margin <= at[1] <= self.height - margin


def rings(window: Window, found: Iterable[Line]) -> list[list[Point]]:
    """What of areas is seen in a window, in pixels; each ends where it began.

    Args:
        window: Where they are seen.
        found: Rings, in degrees.
    """
    cut = (_cut_ring(line, window) for line in _placed(window, found))
    return [[*points, points[0]] for points in cut if len(points) > 2]


def lines(window: Window, found: Iterable[Line]) -> list[list[Point]]:
    """What of lines is seen in a window, in pixels; see `rings`."""
    return [part for line in _placed(window, found) for part in _cut_line(line, window)]


def path(found: Iterable[Sequence[Point]], tolerance: float, *, areas: bool = False) -> str:
    """The data of a path.

    Args:
        found: What `rings` or `lines` gave.
        tolerance: Pixels that a line may be off.
        areas: Whether these are rings: the smallest are left out then.
    """
    if not areas:
        return "".join(_path(_simple(part, tolerance), "") for part in found)
    return "".join(
        _path(_simple(ring, tolerance)[:-1], "z")
        for ring in found
        if _extent(ring) >= 2 * tolerance
    )


def _placed(window: Window, found: Iterable[Line]) -> Iterator[list[Point]]:
    """Those that may be seen, in pixels."""
    half = window.high / 2 + EDGE / window.scale
    wide = (window.width / 2 + EDGE) / (window.scale * window.squeeze)
    for line in found:
        west, south, east, north = line.box
        if north < window.lat - half or south > window.lat + half:
            continue
        for turn in (-360, 0, 360):
            if east + turn >= window.lon - wide and west + turn <= window.lon + wide:
                yield window.placed(line.points, turn)


def _extent(points: Sequence[Point]) -> float:
    return max(max(p[axis] for p in points) - min(p[axis] for p in points) for axis in (0, 1))


def _edges(window: Window) -> list[tuple[int, float, int]]:
    """Each edge: which coordinate, its value, and on which side the window lies."""
    return [
        (0, -EDGE, 1),
        (0, window.width + EDGE, -1),
        (1, -EDGE, 1),
        (1, window.height + EDGE, -1),
    ]


def _cut_ring(points: list[Point], window: Window) -> list[Point]:
    """What of an area is in the window (Sutherland and Hodgman)."""
    for axis, edge, side in _edges(window):
        inside = [(point[axis] - edge) * side >= 0 for point in points]
        if all(inside):
            continue
        kept: list[Point] = []
        before, was = points[-1], inside[-1]
        for here, is_ in zip(points, inside, strict=True):
            if was != is_:
                kept.append(_crossing(before, here, axis, edge))
            if is_:
                kept.append(here)
            before, was = here, is_
        points = kept
        if not points:
            break
    return points


def _cut_line(points: list[Point], window: Window) -> Iterator[list[Point]]:
    """The parts of a line that are in the window; a stretch that only crosses a corner is lost."""
    part: list[Point] = []
    for point in points:
        if window.holds(point, -EDGE):
            part.append(point)
            continue
        if len(part) > 1:
            yield part
        part = []
    if len(part) > 1:
        yield part


def _crossing(one: Point, other: Point, axis: int, edge: float) -> Point:
    share = (edge - one[axis]) / (other[axis] - one[axis])
    across = one[1 - axis] + share * (other[1 - axis] - one[1 - axis])
    return (edge, across) if axis == 0 else (across, edge)


def _simple(points: Sequence[Point], tolerance: float) -> list[Point]:
    """The line with no more points than it needs (Ramer, Douglas and Peucker)."""
    kept = {0, len(points) - 1}
    open_ = [(0, len(points) - 1)]
    while open_:
        first, last = open_.pop()
        if last - first < 2:
            continue
        far, at = _farthest(points, first, last)
        if far > tolerance:
            kept.add(at)
            open_ += [(first, at), (at, last)]
    return [points[i] for i in sorted(kept)]


def _farthest(points: Sequence[Point], first: int, last: int) -> tuple[float, int]:
    """Of the points between two others the one that is farthest from the stretch between these.

    How far that is comes first; of several the last one counts.
    """
    (one_x, one_y), (other_x, other_y) = points[first], points[last]
    dx, dy = other_x - one_x, other_y - one_y
    length = dx * dx + dy * dy
    most, at = -1.0, first
    for index in range(first + 1, last):
        x, y = points[index]
        share = ((x - one_x) * dx + (y - one_y) * dy) / length if length else 0.0
        share = 0.0 if share < 0.0 else min(share, 1.0)
        far = hypot(x - one_x - share * dx, y - one_y - share * dy)
        if far >= most:
            most, at = far, index
    return most, at


def _path(points: Sequence[Point], end: str) -> str:
    """A line as SVG writes it in whole pixels, each from the one before."""
    out: list[str] = []
    last: tuple[int, int] | None = None
    for x, y in points:
        here = (round(x), round(y))
        if last is None:
            out.append(f"M{here[0]} {here[1]}l")
        elif here != last:
            step = (here[0] - last[0], here[1] - last[1])
            if len(out) > 1 and step[0] >= 0:
                out.append(" ")
            out.append(f"{step[0]}{'' if step[1] < 0 else ' '}{step[1]}")
        last = here
    return "".join(out) + end if len(out) > 1 else ""
