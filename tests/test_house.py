"""The rules of the house: libraries in their homes, files of a readable length, no import cycle."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

BUILDER = Path(__file__).parents[1] / "builder"
FILES = sorted(path for path in BUILDER.rglob("*.py") if "theme" not in path.parts)

LONGEST = 400
"""Lines. What wants to be longer is two files."""

EVERYWHERE = {"msgspec", "builder"}
HOME = {
    "click": ("cli/",),
    "spacy": ("nlp/",),
    "catalogue": ("nlp/loading",),
    "thinc": ("nlp/loading",),
    "markdown_it": ("prose/", "render/weave/"),
    "mdit_py_plugins": ("prose/",),
    "nh3": ("prose/", "render/syndication"),
    "markdownify": ("render/downmark",),
    "jinja2": ("render/templates",),
    "markupsafe": ("render/",),
    "babel": ("render/",),
    "PIL": ("pictures/", "render/"),
    "css_inline": ("newsletter/",),
    "rcssmin": ("render/assets",),
    "rjsmin": ("render/assets",),
    "slugify": ("routes",),
    "livereload": ("serve/",),
    "tornado": ("serve/",),
    "watchfiles": ("serve/",),
    "sqlite3": ("store",),
    "yaml": ("written",),
    "tomlkit": ("review/",),
    "numpy": ("nlp/", "nearest", "related", "terms"),
    "distributed": ("nlp/cluster",),
    "jax": ("nlp/learn",),
    "optax": ("nlp/learn",),
    "scipy": ("nlp/train",),
    "sklearn": ("nlp/train",),
    "pagefind": ("searching",),
    "ctypes": ("output/",),
    "fcntl": ("output/",),
}
"""Where each library may be imported; the rest of the house does not know of it."""


def room(path: Path) -> str:
    return path.relative_to(BUILDER).with_suffix("").as_posix()


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", FILES, ids=room)
def test_every_library_is_imported_from_its_home(path):
    used = {name.partition(".")[0] for name in imports(path)}

    strays = {
        library
        for library in used & HOME.keys()
        if not any(
            room(path) == home or f"{room(path)}/".startswith(home) for home in HOME[library]
        )
    }

    assert strays == set()


@pytest.mark.parametrize("path", FILES, ids=room)
def test_no_library_comes_in_without_a_home(path):
    used = {name.partition(".")[0] for name in imports(path)}

    assert used - HOME.keys() - EVERYWHERE - sys.stdlib_module_names == set()


@pytest.mark.parametrize("path", FILES, ids=room)
def test_no_file_is_too_long(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", FILES, ids=room)
def test_every_module_says_on_its_door_what_it_is(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_rooms_do_not_import_each_other_in_a_circle():
    """A room is a file of the package, or a folder of it: inside a folder files may differ."""
    graph: dict[str, set[str]] = {}
    for path in FILES:
        here = room(path).partition("/")[0]
        graph.setdefault(here, set())
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ImportFrom) or not node.module:
                continue
            parts = node.module.split(".")
            if parts[0] != "builder":
                continue
            named = [parts[1]] if len(parts) > 1 else [alias.name for alias in node.names]
            graph[here] |= {name for name in named if name != here}
    done: list[str] = []
    open_ = dict(graph)
    while free := [name for name, needs in open_.items() if not needs & open_.keys()]:
        done += free
        open_ = {name: needs for name, needs in open_.items() if name not in free}

    assert open_ == {}
