"""How good what is found is: all scorers, one table, and the page `docs/quality.md`.

python -m builder.nlp.evaluate --gold DIR [--docs DIR] [--date YYYY-MM-DD]

DIR holds the scorers `score_quotes.py`, `score_alias.py` and `score_ner.py`, PolNeAR's dev split in
`polnear/dev`, and GUM's stories as `alias/gum_news.jsonl` and `ner/gum_news.jsonl`. The report that
was marked by hand is looked for in `DIR/../seed`. Every text is read once.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.metadata
import json
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

import builder
from builder.model import Analysis, Prose, Statement
from builder.nlp import corpus
from builder.nlp.evaluate import diagram, hand, page, scorers
from builder.nlp.evaluate.figures import Cost, Quality, Score
from builder.nlp.evaluate.reading import megabytes, read
from builder.prose import plain
from builder.settings import NlpSettings, StatementSettings

WAYS = {"clean": "with marks", "drop": "marks deleted", "space": "marks as blanks"}
"""How the reports are read, and how that is told."""

NEEDED = (
    "score_quotes.py",
    "score_alias.py",
    "score_ner.py",
    "polnear/dev/text",
    "polnear/dev/attributions",
    "alias/gum_news.jsonl",
    "ner/gum_news.jsonl",
)

_NAMES = {
    "score_alias.py": {"alias links": "joined", "pronouns": "pronouns"},
    "score_ner.py": {"all": "names", "PER": "people", "ORG": "organisations", "LOC": "places"},
}
"""Which lines of the scorers stand on the page, and what they are called there."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the tables and write the page.

    Returns:
        0, or 2 if something that is needed is missing; one line then says what.
    """
    parser = argparse.ArgumentParser(
        prog="make eval", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--gold", required=True, help="the folder of the gold data and scorers")
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="where the page goes")
    parser.add_argument("--date", help="what the page is dated; else today")
    options = parser.parse_args(arguments)
    gone = missing(options.gold)
    if gone:
        print(gone, file=sys.stderr)
        return 2
    date = options.date or dt.datetime.now(dt.UTC).date().isoformat()
    quality = measured(Path(options.gold), date)
    print(page.summary(quality))
    options.docs.mkdir(parents=True, exist_ok=True)
    (options.docs / "quality.md").write_text(page.page(quality), encoding="utf-8")
    (options.docs / page.DIAGRAM).write_text(diagram.svg(quality.tenths), encoding="utf-8")
    return 0


def missing(gold: str) -> str:
    """Return in one line what the folder lacks, or nothing."""
    if not gold:
        return "nothing is measured: say where the gold data is: make eval GOLD=DIR"
    gone = [name for name in NEEDED if not (Path(gold) / name).exists()]
    return f"nothing is measured: {gold} has no {', no '.join(gone)}" if gone else ""


def measured(gold: Path, date: str) -> Quality:
    """Read all texts, let the scorers score them, and return every figure."""
    read([plain("Rain fell, the weather office said.")])
    ways: dict[str, dict[str, Analysis]] = {}
    cost: dict[str, Cost] = {}
    for way, told in WAYS.items():
        ways[way], cost[told] = _reports(gold / "polnear/dev", way)
    names = _names(gold)
    most = megabytes()
    return Quality(
        date=date,
        versions=_versions(),
        statements={way: scorers.statements(gold, way, found) for way, found in ways.items()},
        shown={
            WAYS[way]: scorers.statements(gold, way, found, shown) for way, found in ways.items()
        },
        tenths=tuple(scorers.tenths(gold, ways["clean"])),
        names=names,
        cost=cost,
        megabytes=most,
        hand_marks=hand.score(gold.resolve().parent / "seed"),
    )


def shown(statement: Statement) -> bool:
    """Whether readers of a site see the statement by default."""
    settings = StatementSettings()
    least = settings.show if isinstance(settings.show, float) else 1.0
    return statement.act in settings.acts and statement.confidence >= least


def _reports(split: Path, way: str) -> tuple[dict[str, Analysis], Cost]:
    reports = list(corpus.read(split))
    if way != "clean":
        reports = [corpus.stripped(report, blank=way == "space") for report in reports]
    found, cost = read([Prose(report.text, report.blocks) for report in reports])
    return dict(zip((report.name for report in reports), found, strict=True)), cost


def _names(gold: Path) -> dict[str, Score]:
    """What the scorers of names say; a story that is in both of their files is read once."""
    stories = {
        scorer: [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
        for scorer, path in (
            ("score_alias.py", gold / "alias/gum_news.jsonl"),
            ("score_ner.py", gold / "ner/gum_news.jsonl"),
        )
    }
    texts = list(dict.fromkeys(each["text"] for rows in stories.values() for each in rows))
    analyses = dict(zip(texts, read([plain(text) for text in texts])[0], strict=True))
    made = {"score_alias.py": scorers.chain_lines, "score_ner.py": scorers.name_lines}
    found: dict[str, Score] = {}
    for scorer, rows in stories.items():
        answers = [analyses[each["text"]] for each in rows]
        scores = scorers.names(gold, scorer, made[scorer]([r["id"] for r in rows], answers))
        found |= {told: scores[name] for name, told in _NAMES[scorer].items()}
    return found


def _versions() -> tuple[tuple[str, str], ...]:
    model = NlpSettings().model
    return (
        ("Postil", builder.__version__),
        *((name, importlib.metadata.version(name)) for name in ("spacy", model, "numpy")),
        ("Python", platform.python_version()),
    )


if __name__ == "__main__":
    sys.exit(main())
