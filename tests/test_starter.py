from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from prepare import NODE, node

from builder import content, settings, starter
from builder.build import STORE
from builder.errors import BuildError, Problems

NOW = dt.datetime(2026, 11, 24, 10, 3, 5, tzinfo=dt.UTC)


def test_the_first_site_has_no_problem(tmp_path: Path) -> None:
    folder = tmp_path / "gazette"
    starter.init(folder)
    problems = Problems()

    found = content.read(folder, settings.load(folder / "site.toml"), problems, now=NOW)

    assert problems.found == []
    assert len(found.articles) == 1
    ignored = (folder / ".gitignore").read_text("utf-8").split()
    assert ignored == [".cache/", "newsletter/", "output/"]


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


# --- GitHub Pages ---------------------------------------------------------------------------------

ROOT = Path(__file__).parents[1]
WORKFLOW = ".github/workflows/pages.yml"


def lint(text: str) -> list[str]:
    done = subprocess.run(
        [*node(), str(NODE / "workflow.mjs")],
        input=text,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    return [fault["message"] for fault in json.loads(done.stdout)]


def test_a_site_that_is_there_gets_the_workflow_and_keeps_all_else(tmp_path: Path) -> None:
    starter.init(tmp_path)
    (tmp_path / "requirements.txt").write_text("mine\n")

    assert starter.init(tmp_path, github=True) == (WORKFLOW,)
    assert (tmp_path / "requirements.txt").read_text() == "mine\n"
    assert starter.init(tmp_path, github=True) == ()


def test_actionlint_has_nothing_to_say_of_the_workflow(tmp_path: Path) -> None:
    starter.init(tmp_path / "site", github=True)
    text = (tmp_path / "site" / WORKFLOW).read_text("utf-8")

    assert lint(text) == []
    assert lint(text.replace("steps.pages.outputs", "steps.page.outputs")) != []


@pytest.mark.xdist_group("demo")
def test_the_steps_of_the_workflow_make_the_site_that_it_uploads(tmp_path: Path) -> None:
    site = tmp_path / "site"
    starter.init(site, github=True)
    # As with the cache restored: an article that was read before.
    shutil.rmtree(site / "content")
    (site / "content").mkdir()
    shutil.copy(ROOT / "content/2026/winter-ferries.md", site / "content")
    (site / ".cache").mkdir()
    if (store := ROOT / ".cache" / STORE).exists():
        shutil.copy(store, site / ".cache")
    postil = tmp_path / "bin" / "postil"
    postil.parent.mkdir()
    postil.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m builder "$@"\n')
    postil.chmod(0o755)
    steps = yaml.safe_load((site / WORKFLOW).read_text())["jobs"]["build"]["steps"]
    commands = {step["name"]: step["run"] for step in steps if "run" in step}
    assert commands.pop("Install") == "python -m pip install --requirement requirements.txt"
    environment = {
        **os.environ,
        "PATH": f"{postil.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(sys.path),
        # What configure-pages gives, and the slash that the workflow adds.
        "BASE_URL": "https://example.github.io/tern/",
    }

    for command in commands.values():
        subprocess.run(["sh", "-e", "-c", command], cwd=site, env=environment, check=True)

    upload = next(step["with"] for step in steps if "upload-pages" in step.get("uses", ""))
    served = site / upload["path"]
    assert upload["include-hidden-files"]
    assert (served / ".nojekyll").exists()
    assert "https://example.github.io/tern/winter-ferries/" in (served / "feed.xml").read_text()
