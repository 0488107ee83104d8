"""How well statements are found: the figures of the public scorer beside those of known systems.

python -m builder.nlp.evaluate --gold DIR

DIR holds `score_quotes.py` and `polnear/dev`. Every text is read as it is, then without marks:
deleted (`drop`) and each replaced by a blank (`space`).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from builder.model import Analysis, Prose, Spans
from builder.nlp import analyse, corpus
from builder.settings import NlpSettings, StatementSettings
from builder.store import Store

WAYS = ("clean", "drop", "space")
"""How the texts are read."""

KNOWN = (
    ("textacy", (27.8, 25.4, 0.0, 0.0)),
    ("Gender Gap Tracker", (49.0, 40.8, 42.0, 39.8)),
    ("BBC Citron, retrained", (60.0, 53.5, 55.6, 48.2)),
    ("two people", (79.6, 75.4, None, None)),
)
"""Content and tuple F1 of other systems on the same texts, clean and with marks deleted."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the dev texts in every way, let the scorer score them, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--split", default="dev")
    parser.add_argument("--ways", nargs="+", default=WAYS, choices=WAYS)
    options = parser.parse_args(arguments)
    split = options.gold / "polnear" / options.split
    scorer = options.gold / "score_quotes.py"
    for needed in (scorer, split / "text"):
        if not needed.exists():
            print(f"{needed} is missing: nothing is measured")
            return
    results: dict[str, dict[str, Any]] = {}
    for way in options.ways:
        found = read(split, way)
        results[way] = scores(split, scorer, way, found)
        if way == "clean":
            shown = StatementSettings().show
            least = shown if isinstance(shown, float) else 1.0
            results[f"clean, confidence ≥ {least}"] = scores(split, scorer, way, found, least=least)
    print(table(results))


def read(split: Path, way: str) -> dict[str, Analysis]:
    """Return what is found in every report of a split, read in one of the ways."""
    reports = list(corpus.read(split))
    if way != "clean":
        reports = [corpus.stripped(report, blank=way == "space") for report in reports]
    proses = [Prose(report.text, report.blocks) for report in reports]
    names = [report.name for report in reports]
    return dict(zip(names, analyse(proses, NlpSettings(), Store(None)), strict=True))


def scores(
    split: Path, scorer: Path, way: str, found: Mapping[str, Analysis], *, least: float = 0.0
) -> dict[str, Any]:
    """Return what the scorer says of the statements that are at least so sure."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(line(name, each, least) for name, each in found.items())
        file.flush()
        command = [sys.executable, str(scorer), "--gold", str(split), "--pred", file.name, "--json"]
        if way != "clean":
            command += ["--stripped", way]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def line(name: str, analysis: Analysis, least: float) -> str:
    """Return the line that the scorer reads for one text."""
    statements = [
        {
            "content": _pairs(each.content),
            "cue": _pairs(each.cue),
            "source": _pairs(each.source),
        }
        for each in analysis.statements
        if each.confidence >= least
    ]
    return json.dumps({"doc": name, "statements": statements}) + "\n"


def table(results: dict[str, dict[str, Any]]) -> str:
    """Return a Markdown table: content and tuple F1 by form and by way of reading."""
    rows = [
        "| F1 | content | tuple | tuple P / R | direct | mixed | indirect | source right |",
        "|---|" + "---|" * 7,
    ]
    for way, each in results.items():
        precision, recall, _ = each["tuple"]
        cells = [_f1(each["content_iou50"]), _f1(each["tuple"])]
        cells.append(f"{100 * precision:.1f} / {100 * recall:.1f}")
        cells += [
            f"{_f1(each['content_' + form])} / {_f1(each['tuple_' + form])}"
            for form in ("direct", "mixed", "indirect")
        ]
        rows.append(f"| {way} | {' | '.join(cells)} | {100 * each['source_overlap']:.1f} |")
    for name, figures in KNOWN:
        cells = ["–" if figure is None else str(figure) for figure in figures]
        rows.append(f"| {name} | {cells[0]} | {cells[1]} | | | | | drop: {cells[2]} / {cells[3]} |")
    return "\n".join(rows)


def _pairs(spans: Spans) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def _f1(figures: Sequence[float]) -> str:
    return f"{100 * figures[2]:.1f}"


if __name__ == "__main__":
    main()
