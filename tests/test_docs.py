"""What docs/ tells is what there is: commands, problems, templates, examples, links."""

from __future__ import annotations

import ast
import datetime as dt
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

import click
import msgspec
import pytest
from hand_set import RELATED, SETTINGS, example
from newsroom import NOW
from problem_codes import BUILDER, codes

from builder import front_matter, register, settings, wire
from builder.build import Built
from builder.cli import postil
from builder.errors import Problems
from builder.model import Correction, FrontMatter, Passage
from builder.render import views
from builder.render.catalogue import Catalogue
from builder.report import annotate, export
from builder.settings import Settings

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
GUIDES = sorted([ROOT / "README.md", *DOCS.glob("*.md")])
CODES = codes()
SHARED_OPTIONS = "Options of build, check and export"
EVERY_OPTION = "Options of every command"


def named(path: Path) -> str:
    return path.name


@cache
def sections(page: str) -> dict[str, str]:
    """Headings of the second and third depth, and what stands below each."""
    text = re.sub(
        r"^```.*?^```$", _hidden, (DOCS / page).read_text(), flags=re.MULTILINE | re.DOTALL
    )
    parts = re.split(r"^(#{2,3}) (.+)\n", text, flags=re.MULTILINE)
    return {
        heading: body.replace("\0", "#")
        for heading, body in zip(parts[2::3], parts[3::3], strict=True)
    }


def _hidden(block: re.Match[str]) -> str:
    """A block of code, its number signs made no headings."""
    return block[0].replace("#", "\0")


def blocks(path: Path, language: str) -> list[str]:
    """The blocks of code in that language; indented ones, too."""
    found = re.findall(
        rf"^( *)```{language}\n(.*?)^ *```$", path.read_text(), re.MULTILINE | re.DOTALL
    )
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in found]


# --- commands -------------------------------------------------------------------------------------


@cache
def commands() -> dict[str, click.Command]:
    context = click.Context(postil)
    found = {name: postil.get_command(context, name) for name in postil.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def options(command: click.Command) -> set[str]:
    params = command.get_params(
        click.Context(command, parent=click.Context(postil, **postil.context_settings))
    )
    return {
        name
        for param in params
        if isinstance(param, click.Option)
        for name in (*param.opts, *param.secondary_opts)
    }


def described(section: str) -> set[str]:
    """The options in the first column of a section's tables."""
    rows = re.findall(r"^\| (.+?) \|", section, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`(--?[a-z-]+)", row)}


def test_every_command_is_described_in_the_order_of_the_help():
    headings = [name for name in sections("commands.md") if name.startswith("postil ")]

    assert headings == [f"postil {name}" for name in commands()]


@pytest.mark.parametrize("name", commands())
def test_every_option_is_described_and_no_other(name: str):
    told = sections("commands.md")
    section = told[f"postil {name}"]
    expected = described(section) | described(told[EVERY_OPTION])
    if "#options-of-build-check-and-export" in section:
        expected |= described(told[SHARED_OPTIONS])

    assert expected == options(commands()[name])


@pytest.mark.parametrize("path", GUIDES, ids=named)
def test_commands_and_options_in_passing_are_real(path: Path):
    code = re.findall(r"`[^`]*`|^(?:\$ )?postil .*$", path.read_text(), re.MULTILINE)
    calls = [call for text in code for call in re.findall(r"\bpostil ([a-z-].*)", text)]
    known = commands()

    for call in calls:
        name = re.match(r"[a-z-]+", call)
        assert name
        if name[0] in {"--help", "--version"}:
            continue
        assert name[0] in known
        used = set(re.findall(r"(?<= )--?[a-z][a-z-]*", call.partition("#")[0]))
        assert used <= options(known[name[0]]), call


def test_every_column_of_wire_copy_is_described():
    rows = re.findall(
        r"^\| (`.+?`) \| ((?:`.+?`)?) ?\| .*\|$",
        sections("commands.md")["postil import"],
        re.MULTILINE,
    )
    told = [tuple(re.findall(r"`(.+?)`", " ".join(row))) for row in rows]

    assert set(wire.COLUMNS.values()) <= set(told)
    assert {names for names in told if not names[0].startswith("-")} == set(wire.COLUMNS.values())


def keys(value: Any, at: str = "") -> set[str]:
    """Every path of keys in a JSON value: `statements[].content`."""
    match value:
        case dict():
            inner = [{f"{at}.{key}"} | keys(each, f"{at}.{key}") for key, each in value.items()]
        case list():
            inner = [keys(each, f"{at}[]") for each in value]
        case _:
            inner = []
    return set().union(*inner)


def test_the_json_of_annotate_and_export_is_as_described():
    site = example()
    built = Built(
        site=site,
        settings=SETTINGS,
        related=RELATED,
        held_back=(),
        outputs=0,
        problems=(),
        notice="",
        timings=(),
        written=None,
        now=NOW,
    )
    printed = [*annotate(site.articles), *export(built)]

    assert _kinds(map(json.loads, printed)) == _kinds(
        map(json.loads, blocks(DOCS / "commands.md", "json"))
    )


def _kinds(values: Iterator[Any]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for value in values:
        found.setdefault(value.get("type", "annotated"), set()).update(keys(value))
    return found


# --- problems -------------------------------------------------------------------------------------


def test_every_problem_is_described_in_alphabetical_order():
    assert list(sections("problems.md")) == sorted(CODES)


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_problem_is_described_with_its_level_and_one_line(code: str):
    levels = CODES[code]
    section = sections("problems.md")[code]
    line = re.search(
        r"^```\n\S.*: (error|warning|hint): .+ \[([a-z-]+)\]\n```$", section, re.MULTILINE
    )

    assert section.strip().startswith(f"**{' or '.join(sorted(levels)).capitalize()}.** ")
    assert re.search(r"\*To\smend:\*\s", section)
    assert line
    assert line[1] in levels
    assert line[2] == code


@cache
def messages() -> tuple[re.Pattern[str], ...]:
    """Every text of the source as a pattern; what is put into it may be anything."""
    found = set()
    for path in BUILDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Constant(value=str(text)) if len(text) > 7:
                    found.add(re.escape(text))
                case ast.JoinedStr(values=parts):
                    words = [p.value if isinstance(p, ast.Constant) else None for p in parts]
                    if sum(len(str(word)) for word in words if word) > 7:
                        found.add(".*".join(re.escape(w) if w else "" for w in _parted(words)))
    return tuple(re.compile(pattern) for pattern in sorted(found))


def _parted(words: list[Any]) -> Iterator[str]:
    """Texts between what is put in: `None` parts them."""
    text = ""
    for word in words:
        if word is None:
            yield text
            text = ""
        else:
            text += word
    yield text


@pytest.mark.parametrize("code", sorted(CODES.keys() - {"template-error"}))
def test_the_line_shown_for_a_problem_is_one_that_postil_writes(code: str):
    """Those of templates are Jinja's."""
    line = re.search(
        r"^\S.*?: (?:error|warning|hint): (.+) \[", sections("problems.md")[code], re.MULTILINE
    )

    assert line
    assert any(pattern.fullmatch(line[1]) for pattern in messages())


def test_the_codes_of_a_source_are_found_however_they_are_given(tmp_path: Path):
    (tmp_path / "room.py").write_text(
        'def _told(place, code):\n    level = "warning"\n'
        '    return Problem(place=place, code=code, level="warning")\n'
        'def _look(bad):\n    if bad:\n        code, message = "one-thing", "it is bad"\n'
        '    else:\n        code = "two-things" if bad is None else "three-things"\n'
        "    return Problem(place=1, code=code)\n"
        '_told(1, "four-things")\n'
    )

    assert codes(tmp_path) == {
        "one-thing": {"error"},
        "two-things": {"error"},
        "three-things": {"error"},
        "four-things": {"warning"},
    }


def test_a_code_that_cannot_be_read_from_the_source_is_not_passed_over(tmp_path: Path):
    (tmp_path / "room.py").write_text('Problem(place=1, code=CODES["odd"])\n')

    with pytest.raises(AssertionError, match="this is no code"):
        codes(tmp_path)


# --- settings and corrections ---------------------------------------------------------------------


@pytest.mark.parametrize("path", [*GUIDES, ROOT / "ARCHITECTURE.md"], ids=named)
def test_settings_in_passing_are_real(path: Path):
    """`[statements] show`; their own page is held to the records elsewhere."""
    fields = {f.encode_name: f.type for f in msgspec.inspect.type_info(Settings).fields}

    for section, key in re.findall(r"`\[([a-z]+)\] ([a-z-]+)", path.read_text()):
        assert key in {f.encode_name for f in msgspec.inspect.type_info(fields[section].cls).fields}


def test_every_kind_of_correction_has_a_section():
    told = list(sections("corrections.md"))
    kinds = told[told.index("Passages") + 1 :]

    assert sorted(kinds) == sorted(kind.__struct_config__.tag for kind in get_args(Correction))


# --- examples -------------------------------------------------------------------------------------


EXAMPLES = [
    pytest.param(path, block, id=f"{path.stem}-{number}")
    for path in GUIDES
    for number, block in enumerate(blocks(path, "toml"), 1)
]
ARTICLES = [
    pytest.param(block, id=f"{path.stem}-{number}")
    for path in GUIDES
    for number, block in enumerate(blocks(path, r"(?:markdown)?"), 1)
    if block.startswith(("+++\n", "---\n"))
]


@pytest.mark.parametrize(("path", "block"), EXAMPLES)
def test_every_example_of_toml_is_one_that_postil_reads(path: Path, block: str, tmp_path: Path):
    passages = re.findall(r"^passage = .*$", block, re.MULTILINE)
    if passages == block.splitlines():
        for line in passages:
            msgspec.convert(tomllib.loads(line)["passage"], Passage)
        return
    found = tomllib.loads(block)
    if found.keys() == {"corrections"}:
        msgspec.convert(found["corrections"], tuple[Correction, ...])
    elif found.keys() <= set(FrontMatter.__struct_fields__):
        assert _faults(f'+++\ntitle = "A"\npublished = 2026-11-24\n{block}\n+++\n\nText.\n') == []
    elif found.keys() <= set(Settings.__struct_fields__):
        text = block if "site" in found else f'{block}\n[site]\ntitle = "A"\n'
        (tmp_path / "site.toml").write_text(text)
        settings.load(tmp_path / "site.toml")
    elif block.startswith("# templates/i18n/"):
        (tmp_path / "templates" / "i18n").mkdir(parents=True)
        (tmp_path / block.partition("\n")[0].removeprefix("# ")).write_text(block)
        assert Catalogue(tmp_path).problems() == ()
    else:
        problems = Problems()
        register.read(block, path.name, problems, zone=dt.UTC)
        assert problems.found == []


@pytest.mark.parametrize("block", ARTICLES)
def test_every_example_of_an_article_is_one_that_postil_reads(block: str):
    assert _faults(block if "\n\n" in block else f"{block}\nText.\n") == []


def test_there_are_examples_of_everything_that_people_write():
    text = "".join(block for path in GUIDES for block in blocks(path, "toml"))

    assert set(re.findall(r'^do = "(.+)"$', text, re.MULTILINE)) == {
        kind.__struct_config__.tag for kind in get_args(Correction)
    }
    assert "[site]" in text
    assert 'kind = "person"' in text
    assert "[[documents]]" in text
    assert {"+++", "---"} == {param.values[0][:3] for param in ARTICLES}


def _faults(article: str) -> list[str]:
    problems = Problems()
    front_matter.read(article, "content/a.md", problems, zone=dt.UTC)
    return [str(problem) for problem in problems.found]


# --- templates ------------------------------------------------------------------------------------


def records() -> Mapping[str, type[msgspec.Struct]]:
    return {
        name: value
        for name, value in vars(views).items()
        if isinstance(value, type)
        and issubclass(value, msgspec.Struct)
        and value.__module__.startswith(views.__name__)
    }


def test_every_record_that_templates_receive_is_described():
    told = {name for name in sections("themes.md") if name.endswith(("Page", "View"))}

    assert told == set(records())


@pytest.mark.parametrize("name", sorted(records()))
def test_every_field_that_templates_receive_is_described(name: str):
    rows = re.findall(r"^\| `([a-z_]+)` \|", sections("themes.md")[name], re.MULTILINE)

    assert rows == list(records()[name].__struct_fields__)


def test_every_file_of_the_theme_is_described():
    folder = ROOT / "templates"
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    table = (DOCS / "themes.md").read_text().partition("\n## ")[0]

    assert set(re.findall(r"`([a-z0-9/]+\.[a-z]+)`(?=[^|]* \|.+\|$)", table, re.MULTILINE)) == files


# --- architecture ---------------------------------------------------------------------------------


def test_the_layers_are_those_that_are_checked():
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contract = config["tool"]["importlinter"]["contracts"][0]
    page = (ROOT / "ARCHITECTURE.md").read_text().partition("## Who may import whom")[2]

    told = re.findall(r"^```\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)[0].splitlines()

    assert told == [
        layer.replace("builder.", "").replace(" | ", " · ") for layer in contract["layers"]
    ]


def test_every_room_is_named():
    page = (ROOT / "ARCHITECTURE.md").read_text().partition("## The rooms")[2].partition("## ")[0]
    rooms = {
        path.stem
        for path in BUILDER.iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    } - {"__init__", "__main__"}

    assert {room for room in rooms if not re.search(rf"\b{room}(?:\.py|/)", page)} == set()


# --- links ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", [*GUIDES, *(ROOT / n for n in ("ARCHITECTURE.md", "CONTRIBUTING.md"))], ids=named
)
def test_every_link_leads_somewhere(path: Path):
    text = re.sub(
        r"^ *```.*?^ *```$|`[^`\n]*`", "", path.read_text(), flags=re.MULTILINE | re.DOTALL
    )

    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        page = path.parent / name if name else path
        assert page.exists(), target
        assert not anchor or anchor in _anchors(page), target


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    text = re.sub(r"^ *```.*?^ *```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
