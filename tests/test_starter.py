from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from builder import content, settings, starter
from builder.errors import BuildError, Problems

NOW = dt.datetime(2026, 11, 24, 10, 3, 5, tzinfo=dt.UTC)


def test_the_first_site_has_no_problem(tmp_path: Path) -> None:
    folder = tmp_path / "gazette"
    starter.init(folder)
    problems = Problems()

    found = content.read(folder, settings.load(folder / "site.toml"), problems, now=NOW)

    assert problems.found == []
    assert len(found.articles) == 1
    assert ".cache/" in (folder / ".gitignore").read_text("utf-8")


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", "utf-8")

    with pytest.raises(BuildError) as error:
        starter.init(tmp_path)

    assert [problem.code for problem in error.value.problems] == ["not-empty"]
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_new_article_is_a_draft_and_never_overwrites(tmp_path: Path) -> None:
    headline = 'The “fog” \\ lifts: </script> "at last"'
    starter.init(tmp_path)
    path = starter.new(headline, tmp_path, NOW)
    problems = Problems()
    found = content.read(tmp_path, settings.load(tmp_path / "site.toml"), problems, now=NOW)

    assert problems.found == []
    assert [article.meta.title for article in found.held_back] == [headline]
    assert path.parent == tmp_path / "content/2026"
    with pytest.raises(BuildError) as error:
        starter.new(headline, tmp_path, NOW)
    assert [problem.code for problem in error.value.problems] == ["already-there"]
