"""The commands as a person or a script meets them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from newsroom import Newsroom, tree

from builder import build as building
from builder.cli import postil, voice
from builder.errors import Place, Problem

NOW = "2026-11-24T12:00"


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(postil, [str(arg) for arg in args])


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    """A site without a word for the model to read."""
    draft = '+++\ntitle = "Rain"\npublished = 2026-11-23\ndraft = true\n+++\n'
    return Newsroom.from_files(tmp_path, {"content/empty.md": draft})


def build(room: Newsroom, *args: str | Path) -> Result:
    return run("build", "--site", room.root, "--now", NOW, *args)


# --- build ----------------------------------------------------------------------------------------


def test_build_says_what_it_did_and_where_to_look(room):
    first, second = build(room, "--drafts"), build(room)

    assert first.exit_code == second.exit_code == 0
    assert f"Open {room.output / 'index.html'}" in first.output
    assert "pages written, 0 changed, 0 removed (0 unchanged) in" in first.output
    assert "0 pages written" in second.output
    assert "1 article held back: a draft." in second.output


def test_quiet_is_quiet(room):
    assert build(room, "--quiet").output == ""


def test_verbose_names_the_files(room):
    assert "  new      404.html" in build(room, "-v").output


def test_profile_names_the_stages(room):
    assert "analyse" in build(room, "--profile").output


def test_output_and_cache_may_be_elsewhere(room, tmp_path):
    build(room, "--output", tmp_path / "www", "--cache", tmp_path / "memory")

    assert (tmp_path / "www" / "index.html").exists()
    assert (tmp_path / "memory").exists()
    assert not room.output.exists()
    assert not (room.root / ".cache").exists()


@pytest.mark.parametrize("command", ["build", "check", "clean"])
def test_a_folder_of_somebody_else_is_not_taken_for_a_cache(room, tmp_path, command):
    others = tmp_path / "others"
    (others / "cards").mkdir(parents=True)
    (others / "cards" / "ace.png").write_text("mine", "utf-8")

    result = run(command, "--site", room.root, "--cache", others)

    assert result.exit_code == 1
    assert "[bad-cache]" in result.output
    assert (others / "cards" / "ace.png").read_text("utf-8") == "mine"


def test_a_cache_is_marked_so_that_nobody_keeps_copies_of_it(room):
    build(room)

    assert (room.root / ".cache/CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172")


def test_mistakes_are_listed_and_nothing_is_written(room):
    room.change({"content/bad.md": '+++\ntitel = "x"\npublished = 2026-11-23\n+++\n\nText.\n'})

    result = build(room)

    assert result.exit_code == 1
    assert "content/bad.md:2: error: nothing is called titel here [unknown-key]" in result.output
    assert "    did you mean title?" in result.output
    assert result.output.rstrip().endswith("2 errors. Nothing was written.")
    assert not room.output.exists()


def test_warnings_are_counted_and_shown_on_request(room):
    room.change({"content/stray.toml": "x = 1\n"})

    assert "1 warning; see: postil check" in build(room).output
    assert "[unused-file]" in build(room, "-v").output
    assert build(room, "--strict").exit_code == 1


def test_outside_of_a_site_it_says_so(tmp_path):
    result = run("build", "--site", tmp_path)

    assert result.exit_code == 1
    assert "there is no site.toml here [no-site]" in result.output


@pytest.mark.parametrize(
    "args",
    [
        ["nonsense"],
        ["build", "--nonsense"],
        ["build", "--workers", "many"],
        ["build", "--workers", "0"],
        ["build", "--now", "tomorrow"],
        ["check", "--format", "xml"],
        ["annotate"],
        ["new"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_code_2(args):
    assert run(*args).exit_code == 2


@pytest.mark.parametrize("name", list(postil.list_commands(None)))  # type: ignore[arg-type]
def test_every_help_has_an_example_that_names_its_command(name):
    result = run(name, "--help")

    assert result.exit_code == 0
    assert f"Example:  postil {name}" in result.output
    for option in ("--site", "--quiet", "--verbose", "--debug"):
        assert option in result.output


# --- check ----------------------------------------------------------------------------------------


def check(room: Newsroom, *args: str) -> Result:
    return run("check", "--site", room.root, "--now", NOW, *args)


def test_check_writes_nothing(room):
    result = check(room)

    assert result.exit_code == 0
    assert result.output == "Nothing is wrong.\n"
    assert not room.output.exists()


def test_check_shows_warnings_and_is_content_unless_strict(room):
    room.change({"content/stray.toml": "x = 1\n"})

    assert "[unused-file]" in check(room).output
    assert check(room).exit_code == 0
    assert check(room, "--strict").exit_code == 1


def test_check_as_json(room):
    room.change({"content/stray.toml": "x = 1\n", "content/bad.md": "Text."})

    result = check(room, "--format", "json")

    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert {one["code"] for one in found} >= {"unused-file"}
    assert all(set(one) == {"path", "line", "level", "code", "message", "hint"} for one in found)
    assert (
        json.loads(
            check(
                Newsroom(room.root).change({"content/stray.toml": None, "content/bad.md": None}),
                "--format",
                "json",
            ).stdout
        )
        == []
    )


def test_check_as_annotations_of_a_workflow(room, monkeypatch):
    room.change({"content/stray.toml": "x = 1\n"})
    monkeypatch.chdir(room.root.parent)

    line = check(room, "--format", "github").stdout.splitlines()[0]

    assert line.startswith(
        f"::warning file={room.root.name}/content/stray.toml,line=1,title=unused-file::"
    )


def test_annotations_find_their_file_wherever_a_step_of_the_workflow_stands(room, monkeypatch):
    room.change({"content/stray.toml": "x = 1\n"})
    monkeypatch.chdir(room.root)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(room.root.parent))

    line = check(room, "--format", "github").stdout.splitlines()[0]

    assert line.startswith(f"::warning file={room.root.name}/content/stray.toml,")


def test_annotations_cannot_be_broken_out_of():
    problem = Problem(
        place=Place("content/a,b:c.md", 3),
        message="100 %\n::error::forged",
        code="x",
        hint="first\r\nsecond",
    )

    assert list(voice.workflow_commands([problem], "")) == [
        "::error file=content/a%2Cb%3Ac.md,line=3,title=x::100 %25%0A::error::forged%0Afirst%0D%0Asecond"
    ]


# --- the others -----------------------------------------------------------------------------------


def test_a_first_site_is_made_and_gets_an_article(tmp_path):
    site = tmp_path / "my-site"

    assert run("init", site).exit_code == 0
    made = run("new", "Dockers walk out: “No”", "--site", site)

    assert made.exit_code == 0
    path = Path(made.stdout.strip())
    assert path.parent.parent == site / "content"
    front = path.read_text(encoding="utf-8").split("+++")[1]
    assert tomllib.loads(front)["title"] == "Dockers walk out: “No”"
    assert run("init", site).exit_code == 1
    assert run("new", "Dockers walk out: “No”", "--site", site).exit_code == 1


def test_wire_copy_becomes_articles(tmp_path):
    room = Newsroom.from_files(tmp_path / "site", {})
    wire = tmp_path / "wire"
    wire.mkdir()
    (wire / "one.txt").write_text("Port closes at noon\n\nThe port closed on Monday.\n")

    result = run(
        "import",
        wire,
        "--site",
        room.root,
        "--published",
        "2026-11-23",
        "--outlet",
        "Tide Wire",
        "--topic",
        "Harbour",
        "--topic",
        "Labour",
        "--into",
        "2026",
    )

    assert result.exit_code == 0
    text = (room.root / "content/2026/one.md").read_text()
    assert 'topics = ["Harbour", "Labour"]' in text
    assert 'outlet = "Tide Wire"' in text
    assert "1 article imported." in result.output


def test_clean_takes_back_what_build_did_and_nothing_else(room):
    before = tree(room.root)
    build(room)
    (room.output / "CNAME").write_text("tide.example")
    (room.root / ".cache" / "mine.txt").write_text("mine")

    result = run("clean", "--site", room.root)

    assert result.exit_code == 0
    assert tree(room.root) == {
        **before,
        "output/": b"",
        "output/CNAME": b"tide.example",
        ".cache/": b"",
        ".cache/mine.txt": b"mine",
    }


def test_clean_forgets_every_output_folder_of_a_cache(room):
    cache = room.root.parent / "cache"
    for output in ("one", "two"):
        for day in ("2026-11-24", "2026-11-26"):
            named = ("--cache", cache, "--output", room.root.parent / output, "--now", day)
            assert run("build", "--site", room.root, *named).exit_code == 0

    run("clean", "--site", room.root, "--cache", cache, "--output", room.root.parent / "one")

    assert not cache.exists()


# --- when it goes wrong ---------------------------------------------------------------------------


def test_a_mistake_of_ours_is_confessed_without_a_traceback(room, monkeypatch):
    def stumble(*_: object, **__: object) -> None:
        raise KeyError("lost thread")

    monkeypatch.setattr(building, "build", stumble)
    (room.root / ".cache").mkdir()

    result = build(room)

    assert result.exit_code == 1
    assert "Traceback" not in result.output
    kept = room.root / ".cache" / "traceback.txt"
    assert str(kept) in result.output
    assert "please report it" in result.output
    assert "lost thread" in kept.read_text()
    assert "Traceback" in build(room, "--debug").output

    elsewhere = room.root.parent / "cache"
    elsewhere.mkdir()
    assert str(elsewhere / "traceback.txt") in build(room, "--cache", str(elsewhere)).output


def test_a_reader_that_goes_away_is_no_fault(room):
    room.change({f"content/stray-{n}.toml": "x = 1\n" for n in range(2000)})
    call = [sys.executable, "-m", "builder", "check", "--site", str(room.root)]
    told = subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
    assert told.stdout is not None
    told.stdout.readline()
    told.stdout.close()
    assert told.stderr is not None
    said = told.stderr.read()
    told.stderr.close()
    told.wait()

    assert b"Traceback" not in said
    assert b"mistake of its own" not in said


WAITING = """
import signal
import time
# What a shell runs in the background is told to ignore interruptions.
signal.signal(signal.SIGINT, signal.default_int_handler)
from builder import build as building
from builder.cli import main
def wait(*args, **more):
    print("waiting", flush=True)
    time.sleep(60)
building.build = wait
main()
"""


def test_an_interruption_ends_it_in_a_word(room):
    call = [sys.executable, "-c", WAITING, "build", "--site", str(room.root)]
    told = subprocess.Popen(
        call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), text=True
    )
    assert told.stdout is not None
    assert told.stdout.readline() == "waiting\n"
    told.send_signal(signal.SIGINT)
    _, said = told.communicate(timeout=30)

    assert told.returncode == 1
    assert said.strip() == "Aborted!"


def test_progress_is_for_people_who_watch(monkeypatch, capsys):
    clock = iter(range(100))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    with voice.reading(quiet=False) as progress:
        progress(1, 10)
        progress(2, 10)
    assert capsys.readouterr().err == ""

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with voice.reading(quiet=False) as progress:
        progress(501, 1000)
        progress(502, 1000)
        progress(511, 1000)
    shown = capsys.readouterr().err
    assert "Reading" in shown
    # What was known before is no work, and tells nothing of the pace: 11 texts took 3 seconds.
    assert "11/500  3.7 articles/s, 2 min 13 s left" in shown


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONUNBUFFERED": "1"}
