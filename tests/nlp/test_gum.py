"""Free data is read as the trained decisions want it."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from builder.nlp import gum, train

TEXT = "Rain, warned Ilse Aumann, who runs the dam, is near. Locals think it is not."


def at(words: str) -> list[int]:
    start = TEXT.index(words)
    return [start, start + len(words)]


def written(folder: Path, *attributions: dict[str, object]) -> Path:
    path = folder / "stories.jsonl"
    path.write_text(json.dumps({"id": "a", "text": TEXT, "attributions": attributions}) + "\n\n")
    return path


def words(spans: object) -> list[str]:
    return [TEXT[each.start : each.end] for each in spans]  # type: ignore[attr-defined]


def test_the_source_is_taken_out_of_the_cue_and_the_cue_out_of_what_is_said(tmp_path: Path):
    cue = at(", warned Ilse Aumann, who runs the dam,")
    said = at("Rain, warned Ilse Aumann, who runs the dam, is near.")
    path = written(tmp_path, {"cue": cue, "source": at("Ilse Aumann"), "said": said})

    (report,) = gum.read(path)

    (found,) = report.attributions
    assert words(found.content) == ["Rain", " is near."]
    assert words(found.cue) == [", warned ", ", who runs the dam,"]
    assert words(found.source) == ["Ilse Aumann"]


def test_a_source_may_be_missing(tmp_path: Path):
    path = written(tmp_path, {"cue": at("Locals think"), "source": None, "said": at("it is not.")})

    (report,) = gum.read(path)

    assert report.attributions[0].source == ()
    assert words(report.attributions[0].cue) == ["Locals think"]


def test_what_is_said_within_something_said_does_not_count(tmp_path: Path):
    outer = {"cue": at("warned Ilse Aumann"), "said": at("Locals think it is not.")}
    inner = {"cue": at("Locals think"), "said": at("it is not.")}

    (report,) = gum.read(written(tmp_path, inner, outer))

    assert [words(each.cue) for each in report.attributions] == [["warned Ilse Aumann"]]


def test_a_line_that_is_no_story_is_not_passed_over(tmp_path: Path):
    (tmp_path / "stories.jsonl").write_text('{"id": "a"}\n')

    with pytest.raises(msgspec.ValidationError):
        list(gum.read(tmp_path / "stories.jsonl"))


def test_weights_from_free_data_do_not_go_over_the_shipped_ones(tmp_path: Path):
    with pytest.raises(SystemExit, match="2"):
        train.main(["--gum", str(tmp_path / "stories.jsonl")])


def test_a_corpus_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(SystemExit, match=r"stories\.jsonl is missing"):
        train.main(["--gum", str(tmp_path / "stories.jsonl"), "--into", str(tmp_path)])
