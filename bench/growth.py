"""What a site costs as it grows, beside other generators: writes bench/results.md and its drawing.

    make bench PEERS=DIR                        100, 1,000 and 5,000 articles; an hour and more
    make bench PEERS=DIR N=100 ROUNDS=2         a short run
    python bench/growth.py --peers DIR [--articles N …] [--rounds N] [--read N]

Each round runs every program once, one after the other, so whatever else the machine does hits all
of them. A build is a process from its start to its end: CPU is that of all its processes, memory that
of the largest one. It counts only if all pages are there and, after an edit, the edit is in its page.
Figures are medians, and `×` is the median of the ratios to Hugo in the same round. Machines are
noisy: compare ratios, not seconds.

`--read` says up to how many articles Postil reads with its language model. Larger sites find in
their cache what the corpus says is in the texts (see bench/corpus.py), else this would take hours;
their first build is then told as what it is, a build of texts that are known.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import json
import os
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import corpus
import curves
from peers import Peer, installed

ROOT = Path(__file__).parents[1]
EDIT = "\n“The sign {mark} is up,” Ada Norberg, the mayor, said on Friday.\n"
SETTLED = 2.5
"""Seconds between saves in a preview, and for caches whose clock has whole seconds."""
BUILDS = ("cold", "no change", "one edit")
KNOWN = ".cache-known"
"""A site's cache as its maker left it."""


class Run(NamedTuple):
    """One build: seconds, and megabytes."""

    cpu: float
    wall: float
    memory: float


class Size(NamedTuple):
    """One output folder."""

    files: int
    megabytes: float


class Figures(NamedTuple):
    """One program with so many articles."""

    peer: Peer
    articles: int
    is_read: bool
    """Whether its first build had a language model at work."""
    runs: dict[str, list[Run]]
    """By build, one for each round."""
    saved: list[float]
    """Seconds from a save to the new page, in a preview."""
    size: Size


def main() -> int:
    """Measure, and write what came out."""
    options = arguments().parse_args()
    found: list[Figures] = []
    peers = installed(options.peers)
    print(f"{', '.join(f'{p.name} {p.version}' for p in peers)}; {load()}", flush=True)
    with tempfile.TemporaryDirectory(prefix="postil-bench-") as scratch:
        for articles in options.articles:
            found += measured(peers, Path(scratch), articles, options)
            write(found, options)
            shutil.rmtree(scratch)
            Path(scratch).mkdir()
    print(f"See {options.into / 'results.md'}; {load()}")
    return 0


def arguments() -> argparse.ArgumentParser:
    """What can be asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peers", type=Path, help="where bench/peers.py installed the others")
    parser.add_argument("--articles", type=int, nargs="+", default=[100, 1000, 5000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--saves", type=int, default=5, help="in each preview")
    parser.add_argument("--read", type=int, default=1000, help="articles that the model reads")
    parser.add_argument("--into", type=Path, default=ROOT / "bench")
    return parser


def measured(
    peers: Sequence[Peer], scratch: Path, articles: int, options: argparse.Namespace
) -> list[Figures]:
    """All programs with so many articles."""
    runs: dict[str, dict[str, list[Run]]] = {p.name: {b: [] for b in BUILDS} for p in peers}
    roots = {peer.name: scratch / peer.name for peer in peers}
    for peer in peers:
        peer.make(roots[peer.name], articles)
    is_read = articles <= options.read
    ours = roots["Postil"]
    if not is_read:
        corpus.analysed(ours, articles)
        (ours / ".cache").rename(ours / KNOWN)
    for number in range(options.rounds):
        for peer in peers:
            for build, run in a_round(peer, roots[peer.name], articles, f"r{number}n{articles}"):
                runs[peer.name][build].append(run)
                print(f"{articles} {peer.name} {build}: {run.cpu:.2f} s CPU", flush=True)
    saved = {peer.name: previewed(peer, roots[peer.name], articles, options) for peer in peers}
    return [
        Figures(
            peer=peer,
            articles=articles,
            is_read=is_read and peer.name == "Postil",
            runs=runs[peer.name],
            saved=saved[peer.name],
            size=size(roots[peer.name] / "output"),
        )
        for peer in peers
    ]


def a_round(peer: Peer, root: Path, articles: int, mark: str) -> Iterator[tuple[str, Run]]:
    """One build from nothing, one with nothing to do, one with an edit."""
    for name in ("output", *peer.left):
        path = root / name
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    if (root / KNOWN).exists() and ".cache" in peer.left:
        shutil.copytree(root / KNOWN, root / ".cache")
    target = articles // 2
    yield "cold", built(peer, root)
    missing = sum(not peer.page(root, number).exists() for number in range(articles))
    if missing:
        raise SystemExit(f"{peer.name} made no page of {missing} of {articles} articles")
    time.sleep(SETTLED)
    yield "no change", built(peer, root)
    save(peer.source(root, target), mark)
    yield "one edit", built(peer, root)
    if mark not in peer.page(root, target).read_text(encoding="utf-8"):
        raise SystemExit(f"{peer.name} left the edit out")
    time.sleep(SETTLED)


def built(peer: Peer, root: Path) -> Run:
    """Run the program once; end with what it said if it failed."""
    with (root / ".bench.log").open("wb") as log:
        start = time.perf_counter()
        process = subprocess.Popen(
            peer.build,
            cwd=root,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit((root / ".bench.log").read_text(errors="replace")[-2000:])
    kilobyte = 2**20 if sys.platform == "darwin" else 2**10
    return Run(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / kilobyte)


def environment() -> dict[str, str]:
    """Ours, with Postil to be found, and Python free to keep what it compiled."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**kept, "PYTHONPATH": path, "NO_COLOR": "1", "HUGO_ENVIRONMENT": "production"}


def save(file: Path, mark: str) -> None:
    """Let somebody say one thing more in an article."""
    with file.open("a", encoding="utf-8") as article:
        article.write(EDIT.format(mark=mark))


def size(output: Path) -> Size:
    """How many files there are, and their bytes."""
    files = [path for path in output.rglob("*") if path.is_file()]
    return Size(len(files), sum(path.stat().st_size for path in files) / 1e6)


def previewed(peer: Peer, root: Path, articles: int, options: argparse.Namespace) -> list[float]:
    """Seconds from each save to the first answer that holds it, with the page open."""
    target, port = articles // 2, free_port()
    path = peer.path(target)
    command = [part.format(port=port) for part in peer.serve]
    times = []
    with served(command, root):
        until = time.monotonic() + 1800
        while b"</html>" not in asked(port, path):
            if time.monotonic() > until:
                raise SystemExit(f"{peer.name} serves no page")
            time.sleep(0.1)
        with opened(peer, port, path):
            time.sleep(2 * SETTLED)
            # The first one is not counted: it makes Postil load its language model.
            for number in range(options.saves + 1):
                mark = f"s{number}n{articles}"
                save(peer.source(root, target), mark)
                start = time.perf_counter()
                while mark.encode() not in asked(port, path):
                    if time.perf_counter() - start > 600:
                        raise SystemExit(f"{peer.name} never served the edit")
                    time.sleep(0.01)
                took = time.perf_counter() - start
                times.append(took)
                print(f"{articles} {peer.name} saved to served: {took:.2f} s", flush=True)
                time.sleep(SETTLED + took)
    return times[1:]


@contextmanager
def served(command: list[str], root: Path) -> Iterator[None]:
    """A preview, in a group of its own so that all of it can be ended."""
    with (root / ".bench.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=root,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@contextmanager
def opened(peer: Peer, port: int, path: str) -> Iterator[None]:
    """A reader who has the page open, where a program makes open pages first: ours."""
    if peer.name != "Postil":
        yield
        return
    from websocket import create_connection  # noqa: PLC0415 - only here

    token = re.search(rb'data-token="([^"]+)"', asked(port, path))
    if not token:
        raise SystemExit("the preview's page has no token")
    address = f"127.0.0.1:{port}"
    line = create_connection(
        f"ws://{address}/livereload?token={token[1].decode()}", origin=f"http://{address}"
    )
    line.send(json.dumps({"command": "hello"}))
    line.send(json.dumps({"command": "info", "path": path}))
    try:
        yield
    finally:
        line.close()


def asked(port: int, path: str) -> bytes:
    """A page, or nothing if there is none yet."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        link.request("GET", path, headers={"Accept": "text/html"})
        return link.getresponse().read()
    except (OSError, http.client.HTTPException):
        return b""
    finally:
        link.close()


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


# --- what came out --------------------------------------------------------------------------------


def write(found: Sequence[Figures], options: argparse.Namespace) -> None:
    """Write results.md and the drawing."""
    options.into.mkdir(parents=True, exist_ok=True)
    (options.into / "results.md").write_text(page(found, options.rounds), encoding="utf-8")
    (options.into / "growth.svg").write_text(curves.svg(lines(found)), encoding="utf-8")


def lines(found: Sequence[Figures]) -> list[curves.Panel]:
    """What is drawn: the second build, and that after an edit."""
    return [
        curves.Panel(
            title,
            {
                each.peer.name: [
                    (one.articles, median(run.cpu for run in one.runs[build]))
                    for one in found
                    if one.peer.name == each.peer.name
                ]
                for each in found
            },
        )
        for title, build in (("Nothing changed", "no change"), ("One article edited", "one edit"))
    ]


def page(found: Sequence[Figures], rounds: int) -> str:
    """The page, in Markdown."""
    peers = list(dict.fromkeys(f"{each.peer.name} {each.peer.version}" for each in found))
    parts = [
        "# Measured\n",
        (
            f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, {', '.join(peers)}, Python {platform.python_version()},"
            f" {platform.system()}, {machine()}. Made by `make bench`; `bench/growth.py` says how.\n"
        ),
        (
            f"Medians of {rounds} round{'s' * (rounds > 1)}, in each of which every program ran once. CPU"
            " and wall clock in seconds, memory of the largest process in MB; `×` is the CPU beside"
            f" Hugo’s in the same round. {load().capitalize()} at the end.\n"
        ),
        "![CPU seconds of the second build, by number of articles](growth.svg)\n",
    ]
    for articles in dict.fromkeys(each.articles for each in found):
        some = [each for each in found if each.articles == articles]
        parts += [f"## {articles:,} articles\n", table(some), *notes(some)]
    return "\n".join(parts)


def table(some: Sequence[Figures]) -> str:
    """One row for each program."""
    head = ["", "cold, CPU", "no change, CPU", "×", "one edit, CPU", "×", "saved to served, wall"]
    head += ["memory cold", "memory no change", "files", "MB"]
    rows = [head, ["---", *["--:"] * (len(head) - 1)]]
    base = next((each for each in some if each.peer.name == "Hugo"), None)
    for each in some:
        same, edit = (times(each, base, build) for build in ("no change", "one edit"))
        cold, idle = each.runs["cold"], each.runs["no change"]
        mark = "" if each.is_read or each.peer.name != "Postil" else " ¹"
        saved = f"{median(each.saved):.2f}" if each.saved else "–"
        rows.append(
            [
                each.peer.name,
                f"{median(run.cpu for run in cold):.1f}{mark}",
                f"{median(run.cpu for run in idle):.2f}",
                same,
                f"{median(run.cpu for run in each.runs['one edit']):.2f}",
                edit,
                saved,
                f"{max(run.memory for run in cold):.0f}{mark}",
                f"{max(run.memory for run in idle):.0f}",
                f"{each.size.files:,}",
                f"{each.size.megabytes:.0f}",
            ]
        )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def notes(some: Sequence[Figures]) -> list[str]:
    """What must be known to read a table."""
    if all(each.is_read for each in some if each.peer.name == "Postil"):
        return []
    return ["¹ Without the language model: what there is to find was in the cache.\n"]


def times(each: Figures, base: Figures | None, build: str) -> str:
    """The median of the ratios, round by round."""
    if not base or each is base:
        return "1" if base else "–"
    pairs = zip(each.runs[build], base.runs[build], strict=True)
    return f"{median(one.cpu / other.cpu for one, other in pairs):.2f}"


def median(values: Iterator[float] | Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def machine() -> str:
    """Cores and memory, and nothing that tells one machine from another."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GB"


def load() -> str:
    """How busy the machine is, by all that runs on it."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


if __name__ == "__main__":
    raise SystemExit(main())
