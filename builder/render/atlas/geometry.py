"""Lines on a window of the world: placed, cut at its edge, and told in few bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import cos, hypot, radians

from msgspec import Struct

from builder.render.atlas import Point

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
        return (
            self.width / 2 + (point[0] + turn - self.lon) * self.squeeze * self.scale,
            self.height / 2 + (self.lat - point[1]) * self.scale,
        )

    def nearest(self, point: Point) -> Point:
        """The same, on that side of the world which is nearer to the middle."""
        return self.place(point, 360 * round((self.lon - point[0]) / 360))

    def holds(self, at: Point, margin: float = 0) -> bool:
        """Whether a place in pixels is in the window, so far from its edges."""
        return margin <= at[0] <= self.width - margin and margin <= at[1] <= self.height - margin


def rings(window: Window, found: Iterable[Sequence[Point]], tolerance: float) -> str:
    """The data of a path of areas.

    Args:
        window: Where they are seen.
        found: Rings, in degrees.
        tolerance: Pixels that a line may be off.
    """
    return "".join(
        _path(_simple([*cut, cut[0]], tolerance)[:-1], "z")
        for line in _placed(window, found)
        if len(cut := _cut_ring(line, window)) > 2 and _extent(cut) >= 2 * tolerance
    )


def lines(window: Window, found: Iterable[Sequence[Point]], tolerance: float) -> str:
    """The data of a path of lines; see `rings`."""
    return "".join(
        _path(_simple(part, tolerance), "")
        for line in _placed(window, found)
        for part in _cut_line(line, window)
    )


def _placed(window: Window, found: Iterable[Sequence[Point]]) -> Iterator[list[Point]]:
    """Those that may be seen, in pixels."""
    for points in found:
        wests = [point[0] for point in points]
        norths = [point[1] for point in points]
        half = window.high / 2 + EDGE / window.scale
        if max(norths) < window.lat - half or min(norths) > window.lat + half:
            continue
        wide = (window.width / 2 + EDGE) / (window.scale * window.squeeze)
        for turn in (-360, 0, 360):
            if max(wests) + turn >= window.lon - wide and min(wests) + turn <= window.lon + wide:
                yield [window.place(point, turn) for point in points]


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
        kept: list[Point] = []
        for before, here in zip([points[-1:], *([p] for p in points[:-1])], points, strict=True):
            was, is_ = ((p[axis] - edge) * side >= 0 for p in (before[0], here))
            if was != is_:
                kept.append(_crossing(before[0], here, axis, edge))
            if is_:
                kept.append(here)
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
        far, at = max(
            (_off(points[i], points[first], points[last]), i) for i in range(first + 1, last)
        )
        if far > tolerance:
            kept.add(at)
            open_ += [(first, at), (at, last)]
    return [points[i] for i in sorted(kept)]


def _off(point: Point, one: Point, other: Point) -> float:
    """How far a point is from a stretch between two others."""
    dx, dy = other[0] - one[0], other[1] - one[1]
    length = dx * dx + dy * dy
    share = 0.0
    if length:
        share = ((point[0] - one[0]) * dx + (point[1] - one[1]) * dy) / length
        share = min(1.0, max(0.0, share))
    return hypot(point[0] - one[0] - share * dx, point[1] - one[1] - share * dy)


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
