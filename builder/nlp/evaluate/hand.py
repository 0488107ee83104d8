"""Asks `bench/hand_marks.py` how much of one report, marked by a person, was found."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[3]
"""The checkout: the script and the marks are no part of the package."""

MARKS = ROOT / "tests/gold/wire_report.json"
SCRIPT = ROOT / "bench/hand_marks.py"


def report(folder: Path, marks: Path = MARKS) -> Path | None:
    """Return the text in a folder that the marks were made for, by its SHA-256."""
    if not marks.exists():
        return None
    wanted = json.loads(marks.read_text(encoding="utf-8"))["sha256"]
    texts = sorted(folder.glob("*.txt"))
    return next(
        (each for each in texts if hashlib.sha256(each.read_bytes()).hexdigest() == wanted), None
    )


def score(folder: Path) -> str:
    """Return how many marked statements were found, in one line, or that the text is missing.

    The report is read as `postil annotate` reads it outside of any site.
    """
    text = report(folder)
    if text is None or not SCRIPT.exists():
        return "not measured: the report that was marked by hand is missing"
    package = str(Path(__file__).parents[3])
    path = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))
    with tempfile.TemporaryDirectory() as elsewhere:
        annotate = [sys.executable, "-m", "builder", "annotate", "--quiet", str(text.resolve())]
        found = subprocess.run(  # noqa: S603
            annotate,
            cwd=elsewhere,
            env={**os.environ, "PYTHONPATH": path},
            check=True,
            capture_output=True,
        ).stdout
    ask = [sys.executable, str(SCRIPT), str(text)]
    told = subprocess.run(ask, input=found, check=True, capture_output=True).stdout.decode()  # noqa: S603
    return next(line for line in told.splitlines() if " right, " in line)
