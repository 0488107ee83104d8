"""The examples of the CommonMark specification, read from the npm package that holds it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from msgspec import Struct

SPEC = Path(__file__).parent / "node" / "node_modules" / "commonmark-spec" / "spec.txt"
_EXAMPLE = re.compile(r"^`{32} example\n(.*?)^\.\n(.*?)^`{32}$", re.DOTALL | re.MULTILINE)


class Example(Struct, frozen=True):
    """Markdown, and the HTML it must come to."""

    number: int
    markdown: str
    html: str


@cache
def examples() -> tuple[Example, ...]:
    """All examples of the specification; the test fails if the package is not installed."""
    if not SPEC.exists():
        pytest.fail("the CommonMark specification is not installed: cd tests/node && npm ci")
    text = SPEC.read_text("utf-8").replace("→", "\t")
    return tuple(
        Example(number, match[1], match[2])
        for number, match in enumerate(_EXAMPLE.finditer(text), 1)
    )
