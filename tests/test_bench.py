"""The made-up newspaper: the same on every machine, and what it says is in its texts is there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from newsroom import Newsroom

from builder import nlp
from builder.nlp import workers

BENCH = Path(__file__).parents[1] / "bench"
# One worker makes the newspaper.
pytestmark = pytest.mark.xdist_group("bench")


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of twelve articles, with what is in them in its cache."""
    root = tmp_path_factory.mktemp("paper") / "site"
    command = [sys.executable, str(BENCH / "corpus.py"), str(root), "--articles=12", "--analysed"]
    subprocess.run(command, check=True, env={"PYTHONPATH": str(BENCH.parent)})
    return root


def test_a_site_is_built_of_what_the_corpus_put_into_the_cache(paper, monkeypatch):
    monkeypatch.setattr(workers, "read", lambda *_, **__: pytest.fail("a text was read"))
    room = Newsroom(paper, analyse=nlp.analyse).build()

    assert room.built is not None
    site = room.built.site
    assert len(site.articles) == 12
    named = 0
    for edited in site.articles:
        for said in edited.statements:
            words = "".join(edited.prose.text[s.start : s.end] for s in said.statement.source)
            cue = "".join(edited.prose.text[s.start : s.end] for s in said.statement.cue)
            assert cue == cue.strip()
            if said.named:
                named += 1
                assert said.speaker_name.split()[-1] in words
    assert named > 50
    assert len(list((paper / "output").rglob("index.html"))) > 12


def test_an_article_does_not_depend_on_how_many_there_are(paper, tmp_path):
    more = tmp_path / "more"
    command = [sys.executable, str(BENCH / "corpus.py"), str(more), "--articles=15"]
    subprocess.run(command, check=True)

    first = {path.name: path.read_text() for path in (paper / "content").rglob("*.md")}
    second = {path.name: path.read_text() for path in (more / "content").rglob("*.md")}
    assert len(second) == 15
    assert first.items() <= second.items()
