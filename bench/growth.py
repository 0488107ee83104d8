"""What a site costs as it grows, beside other generators: writes bench/results.md and its drawing.

    make bench PEERS=DIR                        100, 1,000 and 5,000 articles; an hour and more
    make bench PEERS=DIR N=100 ROUNDS=2         a short run
    python bench/growth.py --peers DIR [--articles N …] [--rounds N …] [--read N]

Each round runs every program once, one after the other, so whatever else the machine does hits all
of them. A build is a process from its start to its end: CPU is that of all its processes, memory
that of the largest one. It counts only if all pages are there and, after an edit, the edit is in
its page. Figures are medians, and `×` is the median of the ratios to Hugo in the same round.
Machines are noisy: compare ratios, not seconds.

`--read` says up to how many articles Postil reads with its language model. Larger sites find in
their cache what the corpus says is in the texts (see bench/corpus.py), else this would take hours;
their first build is then told as what it is, a build of texts that are known.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import known
from measured import Figures, Run, Size, load, write
from peers import Peer, installed

ROOT = Path(__file__).parents[1]
EDIT = "\n“The sign {mark} is up,” Ada Norberg, the mayor, said on Friday.\n"
SETTLED = 2.5
"""Seconds between saves in a preview, and for caches whose clock has whole seconds."""
BUILDS = ("cold", "no change", "one edit")
KNOWN = ".cache-known"
"""A site's cache as its maker left it."""


def main() -> int:
    """Measure, and write what came out."""
    options = arguments().parse_args()
    found: list[Figures] = []
    peers = installed(options.peers)
    print(f"{', '.join(f'{p.name} {p.version}' for p in peers)}; {load()}", flush=True)
    with tempfile.TemporaryDirectory(prefix="postil-bench-") as scratch:
        for at, articles in enumerate(options.articles):
            rounds = options.rounds[min(at, len(options.rounds) - 1)]
            found += measured(peers, Path(scratch), articles, rounds, options)
            write(found, options.into)
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
    parser.add_argument(
        "--rounds", type=int, nargs="+", default=[5], help="for each number of articles, or for all"
    )
    parser.add_argument("--saves", type=int, default=5, help="in each preview")
    parser.add_argument("--read", type=int, default=1000, help="articles that the model reads")
    parser.add_argument("--into", type=Path, default=ROOT / "bench")
    return parser


def measured(
    peers: Sequence[Peer], scratch: Path, articles: int, rounds: int, options: argparse.Namespace
) -> list[Figures]:
    """All programs with so many articles."""
    runs: dict[str, dict[str, list[Run]]] = {p.name: {b: [] for b in BUILDS} for p in peers}
    roots = {peer.name: scratch / peer.name for peer in peers}
    for peer in peers:
        peer.make(roots[peer.name], articles)
    is_read = articles <= options.read
    ours = roots["Postil"]
    if not is_read:
        known.put(ours, articles)
        (ours / ".cache").rename(ours / KNOWN)
    for number in range(rounds):
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
                    if time.perf_counter() - start > 120:
                        print(f"{articles} {peer.name} does not serve the edit", flush=True)
                        return []
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


if __name__ == "__main__":
    raise SystemExit(main())
