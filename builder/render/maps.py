"""A map of where a place is, if that is certain.

Certain is what an editor pinned in the register, and a name that can mean nothing else. Everything
else has no map: one that shows the wrong Springfield is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from builder.model import Entity
from builder.render.atlas import City, Country, Point, Ring, World, world
from builder.render.atlas.geometry import Window, lines, path, rings
from builder.render.edition import Edition
from builder.render.views import MapView, SpotView

WIDTH, HEIGHT = 416, 280
"""Pixels; letters are as large as the page's where the map is as wide."""
HEIGHTS = (4.0, 6.5, 10.0, 16.0, 26.0, 40.0)
"""Degrees from foot to top that are tried until the map shows something to go by."""
ENOUGH = 3
"""Cities that are something to go by."""
MOST = 4
"""Cities that a map names."""
LETTER, LINE = 7.6, 17
"""How wide a letter is and how high a line, in pixels, more or less."""
LARGEST = 4_500
"""Bytes of the lines of a map."""
TOLERANCES = (0.5, 0.8, 1.3, 2.0, 3.2, 5.0)
"""Pixels that they may be off, tried until they are few enough."""
PART = 0.1
"""How large a part of a country is that its map must show, compared with its largest."""
_GEONAMES = re.compile(r"https?://(?:www\.|sws\.)?geonames\.org/(\d+)")
_KILOMETRES = 111.2
"""Of a degree of latitude."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in pixels."""


def map_of(edition: Edition, entity: Entity) -> MapView | None:
    """The map of a place; None if it is not certain where it is, or the site wants none.

    Where there is no land to be seen there is none either.
    """
    if entity.kind != "place" or not edition.settings.pictures.maps:
        return None
    atlas = world()
    found = _pinned(entity, atlas) or _certain(edition, entity, atlas)
    if found is None:
        return None
    return (
        _of_country(edition, entity, found)
        if isinstance(found, Country)
        else _of_spot(edition, entity, found)
    )


def _pinned(entity: Entity, atlas: World) -> Point | None:
    """Where the register says that it is: by its position, or by its number at GeoNames."""
    known = entity.known
    if known is None:
        return None
    if known.lat is not None and known.lon is not None:
        return known.lon, known.lat
    for address in (known.link, *known.same_as):
        match = _GEONAMES.match(address)
        city = atlas.by_id.get(int(match[1])) if match else None
        if city:
            return city.lon, city.lat
    return None


def _certain(edition: Edition, entity: Entity, atlas: World) -> Point | Country | None:
    """What its name means, if it can mean nothing else here or anywhere."""
    name = entity.name.casefold()
    if name in edition.namesakes:
        return None
    found = atlas.certain.get(name)
    return (found.lon, found.lat) if isinstance(found, City) else found


def _of_spot(edition: Edition, entity: Entity, spot: Point) -> MapView | None:
    atlas = world()
    for high in HEIGHTS:
        window = Window(lon=spot[0], lat=spot[1], high=high, width=WIDTH, height=HEIGHT)
        near = [each for each in _in_window(window, atlas.cities) if _apart(each, spot)]
        if len(near) >= ENOUGH:
            break
    here = _spot(entity.name, window.nearest(spot), window)
    around = tuple(_named(window, near, [_box(here)]))
    return _view(edition, entity, window, around, here=here)


def _of_country(edition: Edition, entity: Entity, country: Country) -> MapView | None:
    atlas = world()
    parts = [atlas.ring(ring) for ring in country.rings]
    boxes = sorted((part.box for part in parts), key=_area, reverse=True)
    left, bottom, right, top = boxes[0]
    for box in boxes[1:]:
        if _area(box) >= PART * _area(boxes[0]) and _near(box, (left, bottom, right, top)):
            left, bottom = min(left, box[0]), min(bottom, box[1])
            right, top = max(right, box[2]), max(top, box[3])
    middle = Window(
        lon=(left + right) / 2, lat=(top + bottom) / 2, high=1.0, width=WIDTH, height=HEIGHT
    )
    wide = (right - left) * middle.squeeze * HEIGHT / WIDTH
    window = Window(
        lon=middle.lon,
        lat=middle.lat,
        high=min(150.0, max(3.0, 1.3 * max(top - bottom, wide))),
        width=WIDTH,
        height=HEIGHT,
    )
    inside = [city for city in _in_window(window, atlas.cities) if city.country == country.code]
    return _view(edition, entity, window, tuple(_named(window, inside, [])), country.rings)


def _view(  # noqa: PLR0913, PLR0917 - a map has as many parts
    edition: Edition,
    entity: Entity,
    window: Window,
    around: tuple[SpotView, ...],
    rings_of: tuple[Ring, ...] = (),
    here: SpotView | None = None,
) -> MapView | None:
    land, borders, shape = _drawn(window, rings_of)
    if not land:
        return None
    words = edition.words
    names = words.listed([spot.name for spot in around])
    kilometres, pixels = _bar(window)
    return MapView(
        width=WIDTH,
        height=HEIGHT,
        title=words("map.title", name=entity.name),
        about=words("map.about", name=entity.name, places=names) if names else "",
        land=land,
        borders=borders,
        shape=shape,
        here=here,
        around=around,
        bar=f"{words.number(kilometres)} km",
        bar_width=pixels,
    )


@lru_cache(maxsize=1 << 10)
def _drawn(window: Window, rings_of: tuple[Ring, ...]) -> tuple[str, str, str]:
    """Land, borders and the shape of a country as data of paths; they depend on nothing else."""
    atlas = world()
    land, borders = rings(window, atlas.land), lines(window, atlas.borders)
    shape = rings(window, [atlas.ring(ring) for ring in rings_of])
    drawn = ("", "", "")
    for tolerance in TOLERANCES:
        drawn = (
            path(land, tolerance, areas=True),
            path(borders, tolerance),
            path(shape, tolerance, areas=True),
        )
        if sum(map(len, drawn)) <= LARGEST:
            break
    return drawn


def _in_window(window: Window, cities: Sequence[City]) -> Iterator[City]:
    """The cities that are well inside, the largest first."""
    for city in cities:
        if abs(city.lat - window.lat) < window.high / 2 and window.holds(
            window.nearest((city.lon, city.lat)), 12
        ):
            yield city


def _apart(city: City, spot: Point) -> bool:
    """Whether a city is another place, and not the one that is shown under another name."""
    return abs(city.lat - spot[1]) > 0.12 or abs(city.lon - spot[0]) > 0.2


def _spot(name: str, at: Point, window: Window) -> SpotView:
    """A dot with its name on that side of it where there is room."""
    x, y = round(at[0]), round(at[1])
    is_left = x > window.width / 2 and x + 12 + len(name) * LETTER > window.width
    return SpotView(
        name=name,
        x=x,
        y=y,
        text_x=x - 8 if is_left else x + 8,
        text_y=y + 5,
        anchor="end" if is_left else "start",
    )


def _box(spot: SpotView) -> Box:
    """What a dot and its name cover."""
    width = len(spot.name) * LETTER
    left = spot.text_x - width if spot.anchor == "end" else spot.text_x - 14
    return left, spot.y - LINE / 2, left + width + 14, spot.y + LINE / 2


def _named(window: Window, cities: Sequence[City], taken: list[Box]) -> Iterator[SpotView]:
    """The largest cities whose names do not run into each other or out of the map."""
    boxes, found = [*taken], 0
    for city in cities:
        spot = _spot(city.name, window.nearest((city.lon, city.lat)), window)
        box = _box(spot)
        fits = box[0] >= 4 and box[2] <= WIDTH - 4 and box[1] >= 4 and box[3] <= HEIGHT - 26
        if fits and not any(_overlap(box, other) for other in boxes):
            boxes.append(box)
            yield spot
            found += 1
            if found == MOST:
                return


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _near(box: Box, main: Box) -> bool:
    """Whether a part of a country can be on one map with its largest part."""
    size = max(main[2] - main[0], main[3] - main[1])
    gap_x = max(box[0] - main[2], main[0] - box[2], 0)
    gap_y = max(box[1] - main[3], main[1] - box[3], 0)
    return max(gap_x, gap_y) <= size / 3


def _bar(window: Window) -> tuple[int, int]:
    """A round number of kilometres, and how many pixels it is: a fifth of the width at the most."""
    kilometre = window.scale / _KILOMETRES
    most = window.width / 5 / kilometre
    step = 10 ** (len(str(int(max(1, most)))) - 1)
    rounded = max(n * step for n in (1, 2, 5) if n * step <= max(most, step))
    return rounded, round(rounded * kilometre)
