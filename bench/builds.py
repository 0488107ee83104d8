"""What building a site costs: cold, once more with nothing changed, and with one article edited.

    python bench/builds.py --texts DIR [--articles N]    a site of the first N text files
    python bench/builds.py --site DIR                    a copy of a site

Every build is a process of its own, as `postil build` is. CPU is that of all its processes, memory
that of the largest one. Nothing in DIR is changed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

SENTENCE = "\n\n“The ferry sails at nine,” the harbour office said on Thursday.\n"
POSTIL = (sys.executable, "-m", "builder")
TITLE = '[site]\ntitle = "Bench"\n'


class Run(NamedTuple):
    """One build: seconds, and megabytes."""

    cpu: float
    wall: float
    memory: float


def arguments(about: str | None, *, built: bool = False) -> argparse.ArgumentParser:
    """Options that say of what a site is made, for this and other measurements.

    Args:
        about: What the measurement is.
        built: Whether it may also be of an output folder as it lies there.
    """
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--site", type=Path, help="a folder with site.toml")
    source.add_argument("--texts", type=Path, help="a folder of .txt files to import")
    if built:
        source.add_argument("--output", type=Path, help="the output folder of a site")
    parser.add_argument("--articles", type=int, help="no more texts than this")
    parser.add_argument("--workers", default="1", help="as postil build takes it")
    return parser


def made(options: argparse.Namespace, root: Path) -> None:
    """Make the site that the options ask for."""
    if options.site:
        copied(options.site, root)
    else:
        imported(options.texts, root, options.articles)


def main() -> int:
    """Build three times and print a Markdown table."""
    options = arguments(__doc__).parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "site"
        made(options, root)
        articles = sorted((root / "content").rglob("*.md"))
        if not articles:
            print("there is no article to build", file=sys.stderr)
            return 2
        build = ["build", "--quiet", "--site", str(root), "--workers", options.workers]
        runs = {"cold": measured(build), "warm": measured(build)}
        edit(articles[len(articles) // 2])
        runs["one edit"] = measured(build)
        pages = sum(1 for _ in (root / "output").rglob("*.html"))
        print(table(runs, len(articles), pages))
    return 0


def copied(site: Path, root: Path) -> None:
    """Copy a site without what earlier builds left."""
    ours = {site / name for name in ("output", ".cache", ".git", ".venv")}
    shutil.copytree(site, root, ignore=lambda at, names: {n for n in names if Path(at, n) in ours})


def imported(texts: Path, root: Path, most: int | None) -> None:
    """Make a site of text files."""
    root.mkdir()
    (root / "site.toml").write_text(TITLE, encoding="utf-8")
    files = [str(path.resolve()) for path in sorted(texts.glob("*.txt"))[:most]]
    if files:
        command = ["import", "--quiet", "--site", str(root), "--published", "2026-01-01", *files]
        done = subprocess.run([*POSTIL, *command], check=False, capture_output=True, text=True)
        if done.returncode:
            # Else there are only warnings about titles.
            raise SystemExit(done.stderr)


def edit(article: Path) -> None:
    """Let somebody say one thing more in an article."""
    article.write_text(article.read_text(encoding="utf-8") + SENTENCE, encoding="utf-8")


def measured(command: list[str]) -> Run:
    """Run a command of Postil; end with its message if it fails."""
    start = time.perf_counter()
    process = subprocess.Popen([*POSTIL, *command])
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(process.returncode)
    kilobyte = 2**20 if sys.platform == "darwin" else 2**10
    return Run(
        used.ru_utime + used.ru_stime, time.perf_counter() - start, used.ru_maxrss / kilobyte
    )


def table(runs: dict[str, Run], articles: int, pages: int) -> str:
    """The table, with the size of the site above it."""
    rows = [
        f"{articles} articles, {pages} pages",
        "",
        "| build | CPU, s | wall, s | memory, MB |",
        "|---|---|---|---|",
    ]
    rows += [
        f"| {name} | {run.cpu:.1f} | {run.wall:.1f} | {run.memory:.0f} |"
        for name, run in runs.items()
    ]
    return "\n".join(rows)


if __name__ == "__main__":
    raise SystemExit(main())
