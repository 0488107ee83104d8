"""The pages for reporters say what the records say: every key, setting and correction."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from builder.model import Correction, FrontMatter, Known, Notice, Role, SourceDocument
from builder.settings import Settings

ROOT = Path(__file__).parents[1]
SECTIONS = {
    section.encode_name: section.type
    for section in msgspec.inspect.type_info(Settings).fields
    if isinstance(section.type, msgspec.inspect.StructType)
}


def keys(kind: type[msgspec.Struct]) -> set[str]:
    return {field.encode_name for field in msgspec.structs.fields(kind)}


def section(page: str, heading: str) -> str:
    """The part of a page below a heading, up to the next one of the same depth or higher."""
    text = (ROOT / "docs" / page).read_text()
    depth = heading.split(" ", maxsplit=1)[0]
    start = text.index(f"\n{heading}\n") + len(heading) + 2
    end = re.search(rf"^#{{1,{len(depth)}}} ", text[start:], re.MULTILINE)
    return text[start : start + end.start() if end else None]


def first_cells(text: str) -> list[str]:
    """The keys in the first column of the tables: `| `title` | …`."""
    rows = re.findall(r"^\| (`[^|]+`) \|", text, re.MULTILINE)
    return [key for row in rows for key in re.findall(r"`([^`]+)`", row)]


@pytest.mark.parametrize("name", sorted(SECTIONS))
def test_every_setting_is_described(name: str) -> None:
    described = first_cells(section("settings.md", f"## `[{name}]`"))

    assert sorted(described) == sorted(keys(SECTIONS[name].cls))


@pytest.mark.parametrize("name", sorted(SECTIONS))
def test_the_defaults_that_are_described_are_those_of_the_settings(name: str) -> None:
    table = section("settings.md", f"## `[{name}]`")
    shown = dict(re.findall(r"^\| `([a-z-]+)` \| (?:`([^`]*)`|needed) \|", table, re.MULTILINE))

    for field in msgspec.structs.fields(SECTIONS[name].cls):
        written = shown[field.encode_name]
        if field.default is msgspec.NODEFAULT:
            assert written == ""
        else:
            default = list(field.default) if isinstance(field.default, tuple) else field.default
            assert tomllib.loads(f"value = {written}")["value"] == default


def test_every_section_of_the_settings_is_described() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()

    assert re.findall(r"^## `\[+([a-z]+)\]+`$", page, re.MULTILINE) == list(
        msgspec.inspect.type_info(Settings).cls.__struct_fields__
    )


@pytest.mark.parametrize("name", sorted(SECTIONS))
def test_the_demo_is_the_example_of_every_setting(name: str) -> None:
    lines = (ROOT / "site.toml").read_text().splitlines()
    bare = "\n".join(re.sub(r"^# (?=[a-z-]+ = )", "", line) for line in lines)

    assert set(tomllib.loads(bare)[name]) == keys(SECTIONS[name].cls)


@pytest.mark.parametrize("name", sorted(SECTIONS))
def test_settings_that_the_demo_leaves_alone_are_shown_with_their_defaults(name: str) -> None:
    text = (ROOT / "site.toml").read_text()
    body = text.split(f"\n[{name}]\n")[1].split("\n[")[0]
    shown = tomllib.loads("\n".join(re.findall(r"^# ([a-z-]+ = .*)$", body, re.MULTILINE)))
    defaults = {
        field.encode_name: field.default for field in msgspec.structs.fields(SECTIONS[name].cls)
    }

    for key, value in shown.items():
        default = defaults[key]
        assert value == (list(default) if isinstance(default, tuple) else default)


def test_every_key_of_the_front_matter_is_described() -> None:
    described = first_cells(section("articles.md", "## The front matter").split("###")[0])

    assert sorted(described) == sorted(keys(FrontMatter) | {"corrections"})


def test_every_key_of_a_document_and_a_notice_is_described() -> None:
    documents = first_cells(section("articles.md", "## Documents as sources"))
    notices = section("articles.md", "## Notices: when the paper was wrong")

    assert sorted(documents) == sorted(keys(SourceDocument))
    assert set(re.findall(r"^([a-z]+) = ", notices, re.MULTILINE)) == keys(Notice)


def test_every_key_of_the_register_is_described() -> None:
    register = section("corrections.md", "## The register")

    assert sorted(first_cells(register)) == sorted(keys(Known) - {"key"})
    assert all(f"`{key}`" in register for key in keys(Role))


@pytest.mark.parametrize("kind", get_args(Correction), ids=lambda kind: kind.__name__)
def test_every_correction_and_its_keys_are_described(kind: type[msgspec.Struct]) -> None:
    tag = kind.__struct_config__.tag
    described = section("corrections.md", f"### {tag}")

    assert f'do = "{tag}"' in described
    assert [key for key in sorted(keys(kind)) if not re.search(rf"\b{key}\b", described)] == []
