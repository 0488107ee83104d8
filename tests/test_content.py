from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from builder import content, settings
from builder.errors import Problems, ordered
from builder.model import Content

HERE = Path(__file__).parent
NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
GOOD = '+++\ntitle = "{}"\npublished = 2026-03-01\n+++\nText.\n'


def cases(name: str) -> list[tuple[str, str, str]]:
    """Title, input and what is expected, each ended by a line with a dot."""
    parts = (HERE / "fixtures" / name).read_text("utf-8").split("\n.\n")
    titles, inputs, expected = (parts[start:-1:3] for start in range(3))
    return list(
        zip((t.strip() for t in titles), inputs, (e.strip("\n.") for e in expected), strict=True)
    )


def site(root: Path, files: dict[str, str | bytes]) -> Path:
    for path, data in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data.encode() if isinstance(data, str) else data)
    (root / "content").mkdir(exist_ok=True)
    return root


def read(root: Path, *, drafts: bool = False, zone: str = "UTC") -> tuple[Content, list[str]]:
    config = settings.Settings(site=settings.SiteSettings(title="Gazette", time_zone=zone))
    problems = Problems()
    found = content.read(root, config, problems, now=NOW, drafts=drafts)
    return found, [str(problem) for problem in ordered(problems.found)]


def codes(lines: list[str]) -> list[tuple[str, str]]:
    """Place and code of each problem."""
    heads = [line.partition("\n")[0] for line in lines]
    return [(head.partition(": ")[0], head.rpartition("[")[2].rstrip("]")) for head in heads]


@pytest.mark.parametrize(
    ("text", "expected"),
    [pytest.param(text, expected, id=title) for title, text, expected in cases("front_matter.md")],
)
def test_mistakes_are_shown_where_they_stand(tmp_path: Path, text: str, expected: str) -> None:
    text = text.replace("LONG", "x" * 10_000).replace("⌃", "\x07")
    root = site(tmp_path, {"content/fair.md": text, "content/letter.pdf": b"x"})

    _, lines = read(root)

    assert "\n".join(lines) == expected
