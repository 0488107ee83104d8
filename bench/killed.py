"""Builds that are killed at random moments: does the next one give what one from nothing gives?

    python bench/killed.py [--kills 50] [--articles 60] [--workers N] [--seed N]

A site is edited, its build is killed (`kill -9`, so nothing can be tidied up) after a random part
of the time that a build takes, and it is edited again: texts change, are renamed and deleted,
settings and a template change. After every kill a build runs to its end, and its output folder is
compared, byte for byte, with that of a build of a copy without output and with nothing in its cache
but analyses. Ends with 1 at the first difference.

What is in most of the texts is in the cache from the start (see bench/corpus.py), so most of the
time is spent where files are written; now and then the language model has a sentence to read.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from hashlib import blake2b
from pathlib import Path

import corpus
import known

ROOT = Path(__file__).parents[1]
SPARE = 200
"""Further articles of the corpus that are known: edits put them in the place of others."""
SENTENCE = "\n“We start at {number},” Ada Norberg, the mayor, said on Friday.\n"


def main() -> int:
    """Kill, build, compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--workers", default="1", help="as postil build takes it")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="postil-killed-") as scratch:
        return tried(Path(scratch), options)


def tried(scratch: Path, options: argparse.Namespace) -> int:
    """As main, in a folder that goes afterwards."""
    draw = random.Random(options.seed)
    root, fresh = scratch / "site", scratch / "fresh"
    corpus.site(root, options.articles)
    known.put(root, options.articles + SPARE)
    start = time.perf_counter()
    built(root, options.workers).wait()
    takes = time.perf_counter() - start
    often: Counter[str] = Counter()
    for number in range(options.kills):
        change(root, draw, number)
        process = built(root, options.workers)
        moment = draw.uniform(0.02, 1.05) * takes
        time.sleep(moment)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            often["killed"] += 1
        else:
            often["too late"] += 1
        process.wait()
        change(root, draw, number)
        start = time.perf_counter()
        if built(root, options.workers).wait():
            print(f"{number}: the build after the kill failed", file=sys.stderr)
            return 1
        takes = 0.7 * takes + 0.3 * (time.perf_counter() - start)
        remade(root, fresh)
        if found := differences(root / "output", fresh / "output"):
            print(f"{number}, killed after {moment:.2f} s: {', '.join(found[:9])}", file=sys.stderr)
            return 1
        print(f"{number}: killed after {moment:.2f} s, then the same", flush=True)
    print(
        f"{often['killed']} killed, {often['too late']} were done before; all the same afterwards"
    )
    return 0


def change(root: Path, draw: random.Random, number: int) -> None:
    """One thing that happens to a site."""
    articles = sorted((root / "content").rglob("*.md"))
    chosen = draw.choice(articles)
    match draw.choice(
        (*["write"] * 5, "rename", "delete", "settings", "template", "say", "nothing")
    ):
        case "write":
            other = corpus.article(draw.randrange(len(articles) + SPARE // 2))
            chosen.write_text(corpus.written(other, "postil"), encoding="utf-8")
        case "say":
            text = chosen.read_text(encoding="utf-8")
            chosen.write_text(text + SENTENCE.format(number=draw.randint(2, 12)), encoding="utf-8")
        case "rename":
            chosen.rename(chosen.with_stem(f"moved-{number}-{draw.randint(0, 999)}"))
        case "delete" if len(articles) > 5:
            chosen.unlink()
        case "settings":
            settings = '[site]\ntitle = "The Long Paper {}"\nurl = "https://paper.example/"\n'
            (root / "site.toml").write_text(settings.format(draw.randint(1, 3)), encoding="utf-8")
        case "template":
            foot = root / "templates" / "own.html"
            foot.parent.mkdir(exist_ok=True)
            foot.write_text(f"{{# {draw.randint(1, 3)} #}}", encoding="utf-8")
        case _:
            pass


def built(root: Path, workers: str) -> subprocess.Popen[bytes]:
    """A build, begun; in a group of its own, so that all of its processes can be killed."""
    command = [sys.executable, "-m", "builder", "build", "--quiet", "--workers", workers]
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(
        command, cwd=root, env={**os.environ, "PYTHONPATH": path}, start_new_session=True
    )


def remade(root: Path, fresh: Path) -> None:
    """Build a copy of a site with nothing but what was read."""
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(root, fresh, ignore=shutil.ignore_patterns("*output*", ".cache"))
    command = [sys.executable, "-c", COPY, str(root / ".cache"), str(fresh / ".cache")]
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, check=True)
    if built(fresh, "1").wait():
        raise SystemExit("the build from nothing failed")


COPY = """
import sys
from pathlib import Path
from builder import keeping, nlp
from builder.chain import STORE
from builder.store import Store
old, new = map(Path, sys.argv[1:])
new.mkdir()
keeping.mark(new)
with Store(old / STORE) as store:
    known = store.get_all(nlp.KIND)
with Store(new / STORE) as store:
    store.put_many(nlp.KIND, known)
"""
"""Only analyses are taken over: all else is made anew."""


def differences(one: Path, other: Path) -> list[str]:
    """Paths that are not the same in two folders, or only in one of them."""
    here, there = tree(one), tree(other)
    return sorted(path for path in {*here, *there} if here.get(path) != there.get(path))


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, and the hash of its bytes."""
    return {
        path.relative_to(folder).as_posix(): blake2b(path.read_bytes()).digest()
        for path in folder.rglob("*")
        if path.is_file()
    }


if __name__ == "__main__":
    raise SystemExit(main())
