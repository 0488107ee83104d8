"""Figures of site generators, as a page and a drawing."""

from __future__ import annotations

import datetime as dt
import os
import platform
import resource
import statistics
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import curves
from peers import Peer


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


def write(found: Sequence[Figures], into: Path) -> None:
    """Write results.md and the drawing."""
    into.mkdir(parents=True, exist_ok=True)
    (into / "results.md").write_text(page(found), encoding="utf-8")
    (into / "growth.svg").write_text(curves.svg(lines(found)), encoding="utf-8")


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


def page(found: Sequence[Figures]) -> str:
    """The page, in Markdown."""
    peers = list(dict.fromkeys(f"{each.peer.name} {each.peer.version}" for each in found))
    parts = [
        "# Measured\n",
        (
            f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, {', '.join(peers)}, Python {platform.python_version()},"
            f" {platform.system()}, {machine()}. Made by `make bench`; `bench/growth.py` says how.\n"
        ),
        (
            "Medians of some rounds, in each of which every program ran once. CPU and wall clock in"
            " seconds, memory of the largest process in MB; `×` is the CPU beside Hugo’s in the same"
            " round. Memory is no less than that of the program that measures,"
            f" which grows meanwhile, to {floor():.0f} MB at the end."
            f" {load().capitalize()} at the end.\n"
        ),
        "![CPU seconds of the second build, by number of articles](growth.svg)\n",
    ]
    for articles in dict.fromkeys(each.articles for each in found):
        some = [each for each in found if each.articles == articles]
        rounds = len(some[0].runs["cold"])
        parts += [
            f"## {articles:,} articles, {rounds} round{'s' * (rounds > 1)}\n",
            table(some),
            *notes(some),
        ]
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


def median(values: Iterable[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def machine() -> str:
    """Cores and memory, and nothing that tells one machine from another."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GB"


def floor() -> float:
    """Megabytes of this process: what it starts counts as no smaller."""
    kilobyte = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / kilobyte


def load() -> str:
    """How busy the machine is, by all that runs on it."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
