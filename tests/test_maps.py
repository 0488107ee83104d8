"""Maps of places: only where it is certain where they are, and true and small."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from findings import findings
from newsroom import Newsroom, article, reader

from builder.render.atlas import Country, Line, packed, unpacked, world
from builder.render.atlas.geometry import Window, path, rings


def page(root: Path, name: str, register: str = "", toml: str = "") -> str:
    """The page of a place that a report names."""
    room = Newsroom.from_files(
        root,
        {
            "site.toml": f'[site]\ntitle = "Tide"\nurl = "https://tide.example/"\n{toml}',
            "content/rain.md": article("Rain", f"It rained in {name} today."),
            **({"content/register.toml": register} if register else {}),
        },
        analyse=reader(lambda text: findings(text, [f"place {name}: {name}"])),
    )
    room.build()
    (found,) = (room.output / "places").glob("*/index.html")
    return found.read_text(encoding="utf-8")


def entry(name: str, *lines: str) -> str:
    return "\n".join(["[it]", f'name = "{name}"', 'kind = "place"', *lines, ""])


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Aberdeen", ["lat = 57.15", "lon = -2.1"]),
        ("Lyon", ['same-as = ["https://www.geonames.org/2996944/lyon.html"]']),
    ],
)
def test_what_an_editor_pinned_has_a_map_with_cities_and_their_credit(tmp_path, name, lines):
    text = page(tmp_path, name, entry(name, *lines))

    svg = re.search(r"<svg.*?</svg>", text, re.DOTALL)
    assert svg
    assert f'<title id="map-title">Where {name} is</title>' in svg[0]
    assert re.search(
        rf'<g class="here"><circle cx="208" cy="140" r="5"/><text [^>]+>{name}</text></g>', svg[0]
    )
    assert svg[0].count("<circle") > 1
    assert "style=" not in svg[0]
    assert len(svg[0].encode()) <= 6_000
    assert "CC BY 4.0" in text


@pytest.mark.parametrize("name", ["Berlin", "Iraq", "Russia", "Fiji"])
def test_a_name_that_can_mean_nothing_else_has_a_map(tmp_path, name):
    svg = re.search(r"<svg.*?</svg>", page(tmp_path, name), re.DOTALL)

    assert svg
    assert (' class="shape"' in svg[0]) == (name != "Berlin")
    assert len(svg[0].encode()) <= 6_000


@pytest.mark.parametrize(
    "name", ["Springfield", "Georgia", "Perth", "Paris", "Norrhavn", "Birmingham"]
)
def test_a_name_that_may_mean_two_places_or_none_has_no_map(tmp_path, name):
    assert "<svg" not in page(tmp_path, name)


def test_a_site_may_do_without_maps(tmp_path):
    assert "<svg" not in page(tmp_path, "Berlin", toml="[pictures]\nmaps = false\n")


def test_what_is_certain_is_alone_with_its_name():
    names = [city.name.casefold() for city in world().cities]

    assert {"moscow", "tokyo", "france", "jordan"} <= world().certain.keys()
    assert not {"london", "georgia", "birmingham", "santiago"} & world().certain.keys()
    for name, found in world().certain.items():
        assert names.count(name) <= 1 or isinstance(found, Country)


def test_a_ring_across_the_date_line_has_no_jump():
    for ring in (*world().land, *map(world().ring, world().countries["FJ"].rings)):
        steps = [abs(a[0] - b[0]) for a, b in pairwise(ring.points) if abs(a[1]) < 89]
        assert max(steps, default=0) < 180


def test_lines_come_back_from_their_bytes():
    found = [[(-18000, 9000), (18000, -9000), (1, -1)], [(0, 0)], []]

    assert list(unpacked(packed(found))) == [[(x / 100, y / 100) for x, y in one] for one in found]


def test_an_area_is_cut_at_the_edge_of_its_window():
    window = Window(lon=0, lat=0, high=10, width=100, height=100)

    def drawn(*points: tuple[float, float]) -> str:
        return path(rings(window, [Line.of(list(points))]), 0.5, areas=True)

    whole = drawn((-90, -80), (-90, 80), (90, 80), (90, -80))
    corners = re.match(r"M(-?\d+) (-?\d+)l", whole)
    assert corners
    assert {*corners.groups()} <= {"-4", "104"}
    assert len(re.findall(r"-?\d+", whole)) == 8
    assert drawn((50, 50), (51, 50), (51, 51)) == ""
    assert drawn((-2, -2), (-2, 2), (2, 2), (2, -2)) == "M30 70l0-40 40 0 0 40z"
