"""Score what was found in one text against statements that a person marked in it.

    postil annotate report.txt | python bench/hand_marks.py report.txt

The marks (`tests/gold/wire_report.json` by default) hold offsets and no text. A marked statement
is found if a found and shown one shares at least half of their joint words (IoU ≥ .5) and its
source shares a word with the marked source; its speaker is right if the entity behind it is
mentioned where the mark says, or, for an unnamed source, if no entity is claimed to be it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from pathlib import Path

WORD = re.compile(r"\w+")
MARKS = Path(__file__).parents[1] / "tests/gold/wire_report.json"


def words(text: str, spans: list[list[int]]) -> set[int]:
    """Where the words begin that lie at least partly in the spans."""
    return {
        match.start()
        for match in WORD.finditer(text)
        for start, end in spans
        if match.start() < end and start < match.end()
    }


def overlap(one: set[int], other: set[int]) -> float:
    """Intersection over union."""
    return len(one & other) / len(one | other) if one | other else 0.0


def speaker_right(mark: dict, found: dict, mentions: list[dict]) -> bool:
    """Whether the found statement's speaker is the one that was marked."""
    behind = [m for m in mentions if found["speaker"] and m["entity"] == found["speaker"]]
    claimed = any(
        m["start"] < end and start < m["end"] for m in behind for start, end in mark["speaker"]
    )
    if mark["named"]:
        return claimed
    return found["speaker"] is None or claimed


def main() -> int:
    """Print one line a mark and one in sum."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("text", type=Path)
    parser.add_argument("--marks", type=Path, default=MARKS)
    parser.add_argument("--all", action="store_true", help="count statements that are not shown")
    options = parser.parse_args()
    raw = options.text.read_bytes()
    marks = json.loads(options.marks.read_text(encoding="utf-8"))
    if hashlib.sha256(raw).hexdigest() != marks["sha256"]:
        print("these marks belong to another text", file=sys.stderr)
        return 2
    text = raw.decode()
    found = json.loads(sys.stdin.readline())
    shown = [s for s in found["statements"] if s["shown"] or options.all]
    left = list(shown)
    right = located = 0
    for mark in marks["statements"]:
        gold = words(text, mark["content"])
        best = max(left, key=lambda s: overlap(gold, words(text, s["content"])), default=None)
        share = overlap(gold, words(text, best["content"])) if best else 0.0
        sourced = best is not None and bool(
            words(text, best["source"]) & words(text, mark["source"])
        )
        hit = best is not None and share >= 0.5 and sourced
        spoken = hit and speaker_right(mark, best, found["mentions"])
        if hit:
            left.remove(best)
        if not mark["optional"]:
            located += hit
            right += spoken
        verdict = "right" if spoken else "wrong speaker" if hit else "missed"
        start, end = mark["content"][0]
        name = best["speaker_name"] if hit else ""
        optional = " (optional)" if mark["optional"] else ""
        print(f"{verdict:14}{share:5.2f}  {text[start:end][:60]!r} {name!r}{optional}")
    required = sum(not m["optional"] for m in marks["statements"])
    print(f"{right} of {required} right, {located} found; {len(left)} shown that were not marked")
    for statement in left:
        pieces = [text[a:b] for a, b in statement["content"]]
        print("  unmarked:", pieces, statement["speaker_name"], statement["rule"])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
