"""How well names are found, joined and stood for: predictions for the two public scorers.

python -m builder.nlp.evaluate_names --gold DIR
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from builder.model import Analysis
from builder.nlp import analyse
from builder.prose import plain
from builder.settings import NlpSettings
from builder.store import Store

_LABELS = {"person": "PER", "organisation": "ORG", "place": "LOC"}


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


def main(arguments: Sequence[str] | None = None) -> None:
    """Analyse the gold texts and let the scorers that lie beside them print their tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, required=True)
    gold: Path = parser.parse_args(arguments).gold
    for scorer, path, lines in (
        ("score_alias.py", "alias/gum_news.jsonl", chain_lines),
        ("score_ner.py", "ner/gum_news.jsonl", name_lines),
        ("score_ner.py", "ner/re3d.jsonl", name_lines),
    ):
        if not (gold / path).exists() or not (gold / scorer).exists():
            print(f"{path}: not measured, {gold / path} or its scorer is missing")  # noqa: T201
            continue
        texts = [json.loads(line) for line in (gold / path).read_text("utf-8").splitlines() if line]
        found = analyse([plain(each["text"]) for each in texts], NlpSettings(), Store(None))
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
            file.writelines(
                json.dumps(each) + "\n" for each in lines([t["id"] for t in texts], found)
            )
            file.flush()
            print(path, flush=True)  # noqa: T201
            command = [sys.executable, str(gold / scorer), "--gold", str(gold / path)]
            subprocess.run([*command, "--pred", file.name], check=True)  # noqa: S603


if __name__ == "__main__":
    main()
