"""What reading costs beside the language model alone, and what a second process gains.

    python bench/reading.py [--texts 200] [--rounds 3]

Reads texts of the made-up newspaper (bench/corpus.py) in processes of their own, by turns: with
nothing but `nlp.pipe` of the model as spaCy loads it, with that of the pipeline that builds load,
as builds do it in one process, and in two. CPU is that of all its processes, loading of the model
included. Run it on a quiet machine: two processes on one free core are no faster than one.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
import warnings
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT)]

import corpus  # noqa: E402

from builder import prose  # noqa: E402
from builder.errors import Place  # noqa: E402
from builder.model import Article, ArticleId, FrontMatter, Prose  # noqa: E402
from builder.settings import MarkdownSettings, NlpSettings  # noqa: E402

WAYS = ("spaCy alone", "nlp.pipe", "one process", "two processes")


def main() -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--way", choices=WAYS, help="one of them, in this process")
    options = parser.parse_args()
    if options.way:
        print(json.dumps(read(options.way, texts(options.texts))))
        return 0
    found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    for _ in range(options.rounds):
        for way in WAYS:
            command = [sys.executable, __file__, "--texts", str(options.texts), "--way", way]
            out = subprocess.run(command, check=True, capture_output=True, text=True)
            found[way].append(json.loads(out.stdout.splitlines()[-1]))
    for way, runs in found.items():
        median = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        cpu = [
            statistics.median(
                run["cpu"] / other["cpu"] for run, other in zip(runs, found[base], strict=True)
            )
            for base in WAYS[:2]
        ]
        wall = [
            one["wall"] / run["wall"] for run, one in zip(runs, found["one process"], strict=True)
        ]
        print(
            f"{way:>14}: {median['cpu']:.1f} s CPU, {1000 * median['cpu'] / options.texts:.0f} ms a"
            f" text, {cpu[0]:.2f} × spaCy alone, {cpu[1]:.2f} × nlp.pipe; {median['wall']:.1f} s,"
            f" as fast as one process × {statistics.median(wall):.2f};"
            f" {median['memory']:.0f} MB each"
        )
    print(f"load {os.getloadavg()[0]:.1f}")
    return 0


def texts(count: int) -> list[Prose]:
    """The clean texts of the newspaper's first articles."""
    found = []
    for number in range(count):
        made = corpus.article(number)
        meta = FrontMatter(title=made.title, published=made.published)
        article = Article(ArticleId(made.slug), Place(made.slug), meta, made.body)
        parsed = prose.parse(article, MarkdownSettings()).prose
        found.append(Prose(parsed.text, parsed.blocks))
    return found


def read(way: str, found: list[Prose]) -> dict[str, float]:
    """Read them; seconds, and megabytes of the largest process."""
    before, start = _cpu(), time.perf_counter()
    settings = NlpSettings(workers=2 if way == "two processes" else 1)
    if way == "spaCy alone":
        import spacy  # noqa: PLC0415 - as anybody does

        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=r"\[W095\]", category=UserWarning)
            nlp = spacy.load(settings.model)
        for _ in nlp.pipe([each.text for each in found], batch_size=16):
            pass
    elif way == "nlp.pipe":
        from builder.nlp import library  # noqa: PLC0415 - as builds do

        library.take()
        from builder.nlp import pipeline  # noqa: PLC0415

        for _ in pipeline.load(settings.model).pipe([each.text for each in found], batch_size=16):
            pass
    else:
        from builder.nlp import workers  # noqa: PLC0415

        for _ in workers.read(found, settings):
            pass
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    most = max(resource.getrusage(kind).ru_maxrss for kind in kinds)
    return {"cpu": _cpu() - before, "wall": time.perf_counter() - start, "memory": most / 1024}


def _cpu() -> float:
    used = [resource.getrusage(kind) for kind in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    raise SystemExit(main())
