from __future__ import annotations

from pathlib import Path

import pytest

from builder import settings
from builder.errors import BuildError


def problems(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "site.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(BuildError) as error:
        settings.load(path)
    return [f"{p.place}: {p.code}: {p.hint}" for p in error.value.problems]


def test_a_title_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text('[site]\ntitle = "Gazette"\n', "utf-8")

    assert settings.load(path) == settings.Settings(site=settings.SiteSettings(title="Gazette"))


def test_every_mistake_is_shown_at_its_line(tmp_path: Path) -> None:
    text = """[site]
titel = "Gazette"
url = "ftp://example.org"
time-zone = "Europe/Berlinn"
page-size = "many"

[people]
pages = "all"

[statment]
show = 2

[nlp]
workers = true

[[menu]]
name = "Topics"
link = "/topics/"

[[menu]]
name = "Bad"
link = "javascript:alert(1)"
"""

    assert problems(tmp_path, text) == [
        'site.toml:1: missing-title: add a line title = "…"',
        "site.toml:2: unknown-key: did you mean title?",
        "site.toml:3: bad-url: write it whole: https://example.org/news/",
        "site.toml:4: bad-time-zone: did you mean Europe/Berlin?",
        "site.toml:5: wrong-type: ",
        "site.toml:8: wrong-type: ",
        "site.toml:10: unknown-key: did you mean statements?",
        "site.toml:14: wrong-type: ",
        "site.toml:22: bad-link: write the whole address: https://…",
    ]


def test_a_folder_without_a_site(tmp_path: Path) -> None:
    with pytest.raises(BuildError) as error:
        settings.load(tmp_path / "site.toml")

    assert [problem.code for problem in error.value.problems] == ["no-site"]
