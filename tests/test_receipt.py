"""A build that would change nothing is seen to be one, and no other."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest
from newsroom import NOW, Newsroom, article, tree

from builder import folders, receipt
from builder.errors import BuildError
from builder.receipt import Receipts
from builder.wishes import Wishes

SOON = dt.timedelta(hours=6)
FILES = {
    "content/rain.md": article("Rain", "It rains."),
    "content/sun.md": article("Sun", "It shines.", published="2026-11-24T18:00:00Z"),
    "content/fog.md": article("Fog", "It lifts.", expires="2026-11-25"),
    "static/log.txt": "wet",
    "templates/foot.html": "{# ours #}",
}


@pytest.fixture(params=["lately", "long ago"])
def room(tmp_path, request, monkeypatch):
    """A site that was built, its files saved just before or long before that."""
    if request.param == "long ago":
        monkeypatch.setattr(folders, "_SETTLED", 0)
    return Newsroom.from_files(tmp_path / "site", FILES).build()


def standing(room: Newsroom, **wishes: object) -> receipt.Outcome | None:
    wished = Wishes(**{"now": NOW, **wishes})  # type: ignore[arg-type]
    return Receipts.of(room.root, room.output, wished).outcome()


def test_nothing_changed_is_told_with_all_there_is_to_say(room):
    found = standing(room)

    assert found == room.built.outcome
    assert found.held_back == {"future": 1}
    assert found.outputs == room.built.outputs
    assert standing(room) == found


@pytest.mark.parametrize(
    "change",
    [
        {"content/rain.md": article("Rain", "It poured."[:9])},
        {"content/rain.md": None},
        {"content/snow.md": article("Snow", "It snows.")},
        {"content/rain.corrections.toml": ""},
        {"static/log.txt": "dry"},
        {"static/.hidden": "x"},
        {"templates/foot.html": "{# mine #}"},
        {"site.toml": '[site]\ntitle = "Another"\n'},
        {"output/rain/index.html": None},
        {"output/rain/index.html": "mine"},
        {"output/.postil": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_any_change_is_seen(room, change):
    room.change(change)

    assert standing(room) is None


def test_a_file_of_the_same_size_and_time_with_other_words_is_seen(room):
    file = room.root / "content/rain.md"
    before = file.stat()
    file.write_text(file.read_text("utf-8").replace("It rains", "It hails"), "utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert standing(room) is None


@pytest.mark.parametrize(
    ("after", "is_same"),
    [
        (dt.timedelta(), True),
        (SOON - dt.timedelta(seconds=1), True),
        (SOON, False),
        (-dt.timedelta(seconds=1), False),
    ],
)
def test_it_holds_until_an_article_is_due_and_not_before_it_was_given(room, after, is_same):
    assert (standing(room, now=NOW + after) is not None) is is_same


def test_it_holds_until_an_article_expires(tmp_path):
    files = {path: text for path, text in FILES.items() if "sun" not in path}
    room = Newsroom.from_files(tmp_path, files).build()

    assert standing(room, now=NOW + dt.timedelta(hours=11))
    assert standing(room, now=NOW + dt.timedelta(hours=12)) is None


@pytest.mark.parametrize(
    "wishes", [{"drafts": True}, {"base_url": "https://else.example/"}, {"strict": True}]
)
def test_other_wishes_are_another_build(room, wishes):
    assert standing(room, **wishes) is None
    assert standing(room, workers=2)


def test_a_link_to_a_folder_could_lead_anywhere_and_leaves_no_receipt(tmp_path):
    room = Newsroom.from_files(tmp_path / "site", FILES)
    (tmp_path / "shared").mkdir()
    (room.root / "templates/shared").symlink_to(tmp_path / "shared")

    room.build()

    assert standing(room) is None


def test_a_build_that_fails_leaves_no_receipt(room):
    good = (room.root / "content/rain.md").read_text("utf-8")
    room.change({"content/rain.md": "+++\ntitle = 3\n+++\n"})
    with pytest.raises(BuildError):
        room.build()
    room.change({"content/rain.md": good})

    assert standing(room) is None


@pytest.mark.parametrize("harm", [b"", b"{}", b"\xff", b'{"program": 3}'])
def test_a_damaged_receipt_is_none(room, harm):
    (file,) = (room.root / ".cache/receipts").iterdir()
    file.write_bytes(harm)

    assert standing(room) is None


def test_two_output_folders_have_one_each(room, tmp_path):
    from builder.build import build

    other = tmp_path / "other"
    build(room.root, other, Wishes(now=NOW), analyse=room.analyse)

    assert standing(room)
    assert Receipts.of(room.root, other, Wishes(now=NOW)).outcome()
    (other / "index.html").unlink()
    assert standing(room)
    assert Receipts.of(room.root, other, Wishes(now=NOW)).outcome() is None


def test_with_nothing_to_do_nothing_heavy_is_imported(tmp_path):
    draft = {
        "content/rain.md": article("Rain", "It rains.").replace("\n+++\n", "\ndraft = true\n+++\n")
    }
    room = Newsroom.from_files(tmp_path, draft)
    command = ["build", "--site", str(room.root), "--now", NOW.isoformat()]
    code = (
        "import sys\nfrom builder.cli import postil\n"
        "try:\n    postil(sys.argv[1:])\nfinally:\n"
        "    print({*sys.modules} & {'spacy', 'jinja2', 'markdown_it', 'numpy', 'PIL', 'babel'})"
    )

    def run() -> str:
        done = subprocess.run(
            [sys.executable, "-c", code, *command],
            check=True,
            capture_output=True,
            text=True,
            cwd=Path(__file__).parents[1],
        )
        return done.stdout

    first, before = run(), tree(room.output)
    second = run()

    assert "jinja2" in first
    assert "0 pages written, 0 changed, 0 removed" in second
    assert second.endswith("set()\n")
    assert tree(room.output) == before
