"""Fixture files: title, a dot, the input, a dot, what is expected, a dot."""

from __future__ import annotations

import re
from pathlib import Path

from msgspec import Struct

FIXTURES = Path(__file__).parent / "fixtures"


class Case(Struct, frozen=True):
    """One example of a fixture file."""

    file: Path
    title: str
    given: str
    expected: str

    def check(self, actual: str, *, update: bool) -> None:
        """Compare, or write what came out into the file."""
        if update and actual != self.expected:
            text = self.file.read_text("utf-8")
            old = _written(self)
            assert text.count(old) == 1
            new = _written(Case(self.file, self.title, self.given, actual))
            self.file.write_text(text.replace(old, new), "utf-8")
        else:
            assert actual == self.expected


def cases(name: str) -> list[Case]:
    """The examples of a file in `tests/fixtures/`, in its order."""
    file = FIXTURES / name
    parts = re.split(r"^\.\n", file.read_text("utf-8"), flags=re.MULTILINE)
    assert len(parts) % 3 == 1, f"{name}: a title, an input or an expected part is missing"
    found = [part.strip("\n") for part in parts]
    return [Case(file, *found[i : i + 3]) for i in range(0, len(parts) - 1, 3)]


def _written(case: Case) -> str:
    expected = f"{case.expected}\n" if case.expected else ""
    return f"{case.title}\n.\n{case.given}\n.\n{expected}.\n"
