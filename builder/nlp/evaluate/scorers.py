"""Hands what was found to the scorers that lie beside the gold data, and reads their answers."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from builder.model import Analysis, Span, Statement
from builder.nlp.evaluate.figures import FORMS, Score, Statements, Tenth

_LABELS = {"person": "PER", "organisation": "ORG", "place": "LOC"}

_LINE = re.compile(
    r"^(?P<name>\w[\w ]*?) +gold +\d+ +(?:exact +)?"
    r"P (?P<p>[\d.]+) +R (?P<r>[\d.]+) +F1 (?P<f>[\d.]+)",
    re.MULTILINE,
)

Wanted = Callable[[Statement], bool]


def statements(
    gold: Path, way: str, found: Mapping[str, Analysis], wanted: Wanted = lambda _: True
) -> Statements:
    """Return what `score_quotes.py` says of the wanted statements.

    Args:
        gold: The folder of the scorer and of `polnear/dev`.
        way: `clean`, or how the texts lost their marks: `drop`, `space`.
        found: Analyses by the names of texts.
        wanted: Which statements count.
    """
    split = gold / "polnear/dev"
    more = ["--json"] if way == "clean" else ["--json", "--stripped", way]
    lines = statement_lines(found, wanted)
    answer = json.loads(_scored(gold / "score_quotes.py", split, lines, *more))
    return Statements(
        answer["pred"],
        Score(*answer["content_iou50"]),
        Score(*answer["tuple"]),
        tuple(
            (Score(*answer[f"content_{form}"]), Score(*answer[f"tuple_{form}"])) for form in FORMS
        ),
    )


def tenths(gold: Path, found: Mapping[str, Analysis]) -> Iterator[Tenth]:
    """Yield how many statements of each tenth of confidence are right, content and source."""
    for tenth in range(10):

        def within(each: Statement, tenth: int = tenth) -> bool:
            return min(9, int(10 * each.confidence)) == tenth

        count = sum(within(each) for analysis in found.values() for each in analysis.statements)
        if count:
            scored = statements(gold, "clean", found, within)
            yield Tenth(tenth / 10, scored.found, round(scored.both.precision * scored.found))


def names(gold: Path, scorer: str, lines: Iterable[Mapping[str, Any]]) -> dict[str, Score]:
    """Return what `score_alias.py` or `score_ner.py` says, by the name of the figure."""
    stories = gold / ("alias" if scorer == "score_alias.py" else "ner") / "gum_news.jsonl"
    return table(_scored(gold / scorer, stories, lines))


def table(printed: str) -> dict[str, Score]:
    """Return the figures of a scorer that prints one a line."""
    return {
        match["name"]: Score(float(match["p"]), float(match["r"]), float(match["f"]))
        for match in _LINE.finditer(printed)
    }


def statement_lines(found: Mapping[str, Analysis], wanted: Wanted) -> Iterator[dict[str, Any]]:
    """Yield what `score_quotes.py` reads: the wanted statements of every text."""
    for name, analysis in found.items():
        yield {
            "doc": name,
            "statements": [
                {role: _pairs(getattr(each, role)) for role in ("content", "cue", "source")}
                for each in analysis.statements
                if wanted(each)
            ],
        }


def chain_lines(ids: Sequence[str], found: Iterable[Analysis]) -> Iterator[dict[str, Any]]:
    """Yield what `score_alias.py` reads: every mention with the number of its chain."""
    for name, analysis in zip(ids, found, strict=True):
        yield {
            "id": name,
            "mentions": [
                {
                    "start": analysis.mentions[index].span.start,
                    "end": analysis.mentions[index].span.end,
                    "cluster": number,
                }
                for number, chain in enumerate(analysis.chains)
                for index in chain.mentions
                if analysis.mentions[index].kind in _LABELS
            ],
        }


def name_lines(ids: Sequence[str], found: Iterable[Analysis]) -> Iterator[dict[str, Any]]:
    """Yield what `score_ner.py` reads: every name with its label."""
    for name, analysis in zip(ids, found, strict=True):
        yield {
            "id": name,
            "entities": [
                [each.span.start, each.span.end, _LABELS[each.kind]]
                for each in analysis.mentions
                if each.form == "name" and each.kind in _LABELS
            ],
        }


def _scored(scorer: Path, gold: Path, lines: Iterable[Mapping[str, Any]], *more: str) -> str:
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(json.dumps(each) + "\n" for each in lines)
        file.flush()
        command = [sys.executable, str(scorer), "--gold", str(gold), "--pred", file.name, *more]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603


def _pairs(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]
