"""The output folder: whole at any moment, written only where it changed, files of others untouched."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from newsroom import tree

from builder import output
from builder.errors import BuildError, Place, Problem, ProblemError
from builder.model import Copy, File, Output, Page, Written
from builder.output import manifest, swap

LISTING = ".postil"


class Sheet(Struct, frozen=True):
    """What a page is told."""

    text: str


class Press:
    """Stands in for templates: prints the text, and counts."""

    def __init__(self, digest: str = "1") -> None:
        self.digest = digest
        self.printed: list[str] = []

    def render(self, page: Page) -> bytes:
        self.printed.append(page.path)
        assert isinstance(page.context, Sheet)
        if page.context.text == "broken":
            place = Place("templates/sheet.html", 3)
            raise ProblemError(Problem(place=place, code="template-error", message=page.path))
        return page.context.text.encode()


class Desk:
    """A folder to write into."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "output"
        self.cache = root / ".cache"
        self.press = Press()

    def write(self, pages: dict[str, str], *more: Output) -> Written:
        outputs = [Page(path, "sheet.html", Sheet(text)) for path, text in pages.items()]
        done = output.write([*outputs, *more], self.folder, self.cache, self.root, self.press)
        return msgspec.structs.replace(done, remembered="")

    def tree(self) -> dict[str, bytes]:
        found = tree(self.folder)
        found.pop(LISTING, None)
        return found

    def codes(self, pages: dict[str, str], *more: Output) -> list[str]:
        with pytest.raises(BuildError) as caught:
            self.write(pages, *more)
        return [problem.code for problem in caught.value.problems]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture(params=["exchange", "journal"])
def any_desk(request, desk: Desk, monkeypatch) -> Desk:
    """A desk on a system that can let folders change places, and one on a system that cannot."""
    if request.param == "journal":
        monkeypatch.setattr(swap, "_can_exchange", lambda: False)
    return desk


def identity(path: Path) -> tuple[int, int]:
    found = path.lstat()
    return found.st_ino, found.st_mtime_ns


# --- what is written ------------------------------------------------------------------------------


def test_a_first_site_is_written(any_desk):
    done = any_desk.write(
        {"index.html": "front", "a/index.html": "a"}, File("feed.xml", b"<feed/>")
    )

    assert any_desk.tree() == {
        "a/": b"",
        "a/index.html": b"a",
        "feed.xml": b"<feed/>",
        "index.html": b"front",
    }
    assert done == Written(new=("a/index.html", "feed.xml", "index.html"))


def test_only_what_changed_is_written(any_desk):
    any_desk.write({"a.html": "one", "b.html": "two"})
    kept = identity(any_desk.folder / "a.html")
    any_desk.press.printed.clear()

    done = any_desk.write({"a.html": "one", "b.html": "three", "c.html": "new"})

    assert done == Written(new=("c.html",), changed=("b.html",), unchanged=1)
    assert identity(any_desk.folder / "a.html") == kept
    assert any_desk.press.printed == ["b.html", "c.html"]


def test_nothing_moves_when_nothing_changed(any_desk):
    any_desk.write({"a/index.html": "one"})
    folder = identity(any_desk.folder)

    done = any_desk.write({"a/index.html": "one"})

    assert done == Written(unchanged=1)
    assert identity(any_desk.folder) == folder


def test_new_templates_print_every_page_and_write_what_differs(any_desk):
    any_desk.write({"a.html": "one"})
    kept = identity(any_desk.folder / "a.html")
    any_desk.press = Press(digest="2")

    done = any_desk.write({"a.html": "one"})

    assert any_desk.press.printed == ["a.html"]
    assert done == Written(unchanged=1)
    assert identity(any_desk.folder / "a.html") == kept


def test_what_is_made_no_more_goes_with_its_folders(any_desk):
    any_desk.write({"a/b/index.html": "one", "a/c/d/index.html": "two", "index.html": "front"})

    done = any_desk.write({"a/b/index.html": "one", "index.html": "front"})

    assert done.removed == ("a/c/d/index.html",)
    assert any_desk.tree() == {
        "a/": b"",
        "a/b/": b"",
        "a/b/index.html": b"one",
        "index.html": b"front",
    }


def test_a_page_becomes_a_folder_and_a_folder_a_page(any_desk):
    any_desk.write({"a": "file", "b/index.html": "folder"})

    any_desk.write({"a/index.html": "folder", "b": "file"})

    assert any_desk.tree() == {"a/": b"", "a/index.html": b"folder", "b": b"file"}


def test_files_are_copied(any_desk):
    (any_desk.root / "crane.jpg").write_bytes(b"\xff\xd8crane")

    any_desk.write({}, Copy("2026/crane.jpg", "crane.jpg", "digest-1"))

    assert any_desk.tree() == {"2026/": b"", "2026/crane.jpg": b"\xff\xd8crane"}


def test_everyone_may_read_whatever_the_umask(any_desk):
    before = os.umask(0o077)
    try:
        any_desk.write({"a/index.html": "one"})
    finally:
        os.umask(before)

    modes = {
        path: stat.S_IMODE((any_desk.folder / path).stat().st_mode)
        for path in ("a", "a/index.html", ".")
    }
    assert modes == {"a": 0o755, "a/index.html": 0o644, ".": 0o755}


def test_nothing_is_left_beside_the_folder(any_desk):
    any_desk.write({"a.html": "one"})
    any_desk.write({"a.html": "two"})

    assert {path.name for path in any_desk.root.iterdir()} == {"output", ".cache"}


# --- files of others ------------------------------------------------------------------------------


def test_files_of_others_stay_what_they_are(any_desk):
    any_desk.write({"a/index.html": "one", "b/index.html": "two"})
    others = {"CNAME": b"tide.example", ".git/objects/ab/cdef": b"\0git", "b/note.txt": b"mine"}
    for path, data in others.items():
        (any_desk.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (any_desk.folder / path).write_bytes(data)
    (any_desk.folder / "latest").symlink_to("a")
    (any_desk.folder / "inbox").mkdir(mode=0o700)
    before = {path: identity(any_desk.folder / path) for path in (*others, "latest")}

    any_desk.write({"a/index.html": "changed"})

    found = any_desk.tree()
    assert {path: found[path] for path in others} == others
    assert {path: identity(any_desk.folder / path) for path in before} == before
    assert found["latest"] == b"-> a"
    assert "inbox/" in found
    assert stat.S_IMODE((any_desk.folder / "inbox").stat().st_mode) == 0o700
    assert "b/index.html" not in found


@pytest.mark.parametrize(
    "foreign", ["a/index.html", "a", "a/index.html/deep.txt"], ids=["file", "no-folder", "folder"]
)
def test_a_file_of_others_in_the_way_stops_the_build(any_desk, foreign):
    any_desk.write({"b.html": "one"})
    (any_desk.folder / foreign).parent.mkdir(parents=True, exist_ok=True)
    (any_desk.folder / foreign).write_text("mine")
    before = any_desk.tree()

    assert any_desk.codes({"a/index.html": "page", "b.html": "two"}) == ["foreign-file"]
    assert any_desk.tree() == before


def test_many_files_in_the_way_are_summed_up(desk):
    desk.folder.mkdir()
    pages = {f"{n}.html": "page" for n in range(40)}
    for path in pages:
        (desk.folder / path).write_text("mine")

    assert desk.codes(pages) == ["foreign-file"] * 6


def test_a_link_to_elsewhere_is_not_written_through(any_desk):
    any_desk.write({"b.html": "one"})
    elsewhere = any_desk.root / "elsewhere"
    elsewhere.mkdir()
    (any_desk.folder / "a").symlink_to(elsewhere)

    assert any_desk.codes({"a/index.html": "page"}) == ["foreign-file"]
    assert list(elsewhere.iterdir()) == []


def test_an_empty_folder_of_others_keeps_those_above_it(any_desk):
    any_desk.write({"a/index.html": "one", "b/index.html": "two"})
    (any_desk.folder / "b" / "inbox").mkdir()
    for text in ("three", "four"):
        any_desk.write({"a/index.html": text})

    assert any_desk.tree() == {"a/": b"", "a/index.html": b"four", "b/": b"", "b/inbox/": b""}
    assert any_desk.codes({"a/index.html": "five", "b": "file"}) == ["foreign-file"]


# --- a lost cache ---------------------------------------------------------------------------------


def test_without_a_cache_old_pages_go_and_foreign_files_stay(any_desk):
    any_desk.write({"a.html": "one", "b.html": "two"})
    (any_desk.folder / "CNAME").write_text("tide.example")
    kept = identity(any_desk.folder / "a.html")
    any_desk.cache = any_desk.root / "another-cache"

    done = any_desk.write({"a.html": "one"})

    assert done == Written(removed=("b.html",), unchanged=1)
    assert any_desk.tree() == {"a.html": b"one", "CNAME": b"tide.example"}
    assert identity(any_desk.folder / "a.html") == kept


def test_without_a_listing_the_cache_knows_what_is_ours(any_desk):
    any_desk.write({"a.html": "one", "b.html": "two"})
    (any_desk.folder / LISTING).unlink()

    done = any_desk.write({"a.html": "three"})

    assert done == Written(changed=("a.html",), removed=("b.html",))


def test_a_file_put_where_the_output_was_deleted_is_not_overwritten(any_desk):
    pages = {"a.html": "one", "b.html": "two", "c.html": "three"}
    any_desk.write(pages)
    shutil.rmtree(any_desk.folder)
    any_desk.folder.mkdir()
    (any_desk.folder / "a.html").write_text("its")
    (any_desk.folder / "c.html").write_text("three")
    before = any_desk.tree()

    assert any_desk.codes(pages) == ["foreign-file"]
    assert any_desk.tree() == before
    assert output.clean(any_desk.folder, any_desk.cache) == ("c.html",)
    assert any_desk.tree() == {"a.html": b"its"}


def test_with_neither_what_differs_is_foreign_and_what_is_equal_is_ours(any_desk):
    any_desk.write({"a.html": "one", "b.html": "two"})
    (any_desk.folder / LISTING).unlink()
    any_desk.cache = any_desk.root / "another-cache"

    assert any_desk.codes({"a.html": "one", "b.html": "three"}) == ["foreign-file"]
    assert any_desk.write({"a.html": "one", "b.html": "two"}) == Written(unchanged=2)
    assert any_desk.write({"a.html": "one", "b.html": "three"}).changed == ("b.html",)


def test_a_page_that_others_changed_is_put_right(any_desk):
    any_desk.write({"a.html": "one"})
    (any_desk.folder / "a.html").write_text("two, and longer")

    assert any_desk.write({"a.html": "one"}).changed == ("a.html",)
    assert any_desk.tree() == {"a.html": b"one"}


def test_a_cache_that_cannot_be_written_is_no_matter(any_desk):
    any_desk.cache.write_text("this is a file")

    any_desk.write({"a.html": "one"})

    assert any_desk.write({"a.html": "two"}).changed == ("a.html",)


def test_clean_removes_what_is_ours_and_nothing_else(any_desk):
    any_desk.write({"a/index.html": "one", "b.html": "two"})
    (any_desk.folder / "a" / "note.txt").write_text("mine")

    gone = output.clean(any_desk.folder, any_desk.cache)

    assert gone == ("a/index.html", "b.html")
    assert tree(any_desk.folder) == {"a/": b"", "a/note.txt": b"mine"}


# --- what cannot be -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../up.html",
        "a/../../b",
        "a//b",
        "a\\b",
        "a\nb",
        ".git/config",
        LISTING,
        "x" * 300,
    ],
)
def test_paths_out_of_the_folder_are_refused(desk, path):
    assert desk.codes({}, File(path, b"")) == ["bad-path"]
    assert not desk.folder.exists()


@pytest.mark.parametrize(
    "paths",
    [
        ("A.html", "a.html"),
        ("é.html", "e\u0301.html"),
        ("a", "a/index.html"),
        ("STRASSE", "straße"),
    ],
)
def test_two_things_in_one_place_are_refused(desk, paths):
    assert desk.codes({}, *(File(path, b"") for path in paths)) == ["bad-path"]


def test_every_page_that_cannot_be_printed_is_told_and_nothing_written(desk):
    desk.write({"a.html": "one"})
    before = tree(desk.folder)

    codes = desk.codes({"a.html": "two", "b.html": "broken", "c.html": "broken"})

    assert codes == ["template-error"] * 2
    assert tree(desk.folder) == before
    assert {path.name for path in desk.root.iterdir()} == {"output", ".cache"}


def test_a_file_in_place_of_the_folder_is_a_problem(desk):
    desk.folder.write_text("mine")

    assert desk.codes({"a.html": "one"}) == ["foreign-file"]
    assert desk.folder.read_text() == "mine"


def test_a_full_disk_leaves_the_old_site(any_desk, monkeypatch):
    any_desk.write({"a.html": "one", "b.html": "two"})
    before = tree(any_desk.folder)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(swap, "put", full)

    assert any_desk.codes({"a.html": "three"}) == ["unwritable-output"]
    assert tree(any_desk.folder) == before
    assert {path.name for path in any_desk.root.iterdir()} == {"output", ".cache"}


def test_a_link_to_the_folder_stays_a_link(any_desk):
    real = any_desk.root / "www"
    real.mkdir()
    any_desk.folder.symlink_to(real)

    any_desk.write({"a.html": "one"})
    any_desk.write({"a.html": "two"})

    assert any_desk.folder.is_symlink()
    assert (real / "a.html").read_text() == "two"


def test_where_nothing_may_lie_beside_it_the_folder_is_its_own_workshop(desk, monkeypatch):
    """A mounted folder: its neighbour lies on another file system."""
    desk.write({"a.html": "one", "b.html": "two"})
    (desk.folder / "CNAME").write_text("tide.example")
    monkeypatch.setattr(swap, "workshop", lambda folder: folder / ".postil-work")

    desk.write({"a.html": "three"})

    assert desk.tree() == {"a.html": b"three", "CNAME": b"tide.example"}


def test_two_builds_at_once_wait_for_each_other(desk):
    """Each result is one of the two sites, whole."""
    sites = [{f"{n}.html": name for n in range(30)} for name in ("x", "y")]
    builds = [threading.Thread(target=desk.write, args=(site,)) for site in sites * 3]
    for build in builds:
        build.start()
    for build in builds:
        build.join()

    assert len(set(desk.tree().values())) == 1


def test_one_folder_that_cannot_be_written_leaves_the_whole_old_site(desk, monkeypatch):
    desk.write({"a/index.html": "one", "b/index.html": "one"})
    before, access = tree(desk.folder), os.access

    def closed(path: Any, mode: int, **more: Any) -> bool:
        return Path(path).name != "b" and access(path, mode, **more)

    # Whoever runs the tests may be one for whom nothing is closed.
    monkeypatch.setattr(os, "access", closed)
    (desk.folder / "b").chmod(0o555)
    with pytest.raises(BuildError) as raised:
        desk.write({"a/index.html": "two", "b/index.html": "two", "c/index.html": "two"})

    (problem,) = raised.value.problems
    assert (problem.place.path, problem.code) == ("output/b", "unwritable-output")
    assert tree(desk.folder) == before
    assert {path.name for path in desk.root.iterdir()} == {"output", ".cache"}


def test_what_others_add_while_the_folders_change_places_is_saved(desk, monkeypatch):
    desk.write({"a.html": "one"})
    real = swap._exchange

    def late(one: Path, other: Path) -> bool:
        (desk.folder / "late.txt").write_text("mine")
        return real(one, other)

    monkeypatch.setattr(swap, "_exchange", late)
    desk.write({"a.html": "two"})

    assert desk.tree() == {"a.html": b"two", "late.txt": b"mine"}


# --- the last site, kept for the next one ----------------------------------------------------------


def twin_of(desk: Desk) -> Path:
    return manifest.twin(desk.cache, desk.folder)


@pytest.fixture
def twinned(desk: Desk) -> Desk:
    """A desk with its last site in its cache, and files of others in both."""
    desk.write({"a/index.html": "one", "b/c/index.html": "two", "gone/index.html": "three"})
    (desk.folder / "mine").mkdir()
    (desk.folder / "mine" / "CNAME").write_text("tide.example")
    (desk.folder / "mine").chmod(0o700)
    desk.write({"a/index.html": "1", "b/c/index.html": "2", "gone/index.html": "3"})
    return desk


NEXT = {"a/index.html": "1", "b/c/index.html": "new", "d/index.html": "4"}
WHOLE_NEXT = {
    "a/": b"",
    "a/index.html": b"1",
    "b/": b"",
    "b/c/": b"",
    "b/c/index.html": b"new",
    "d/": b"",
    "d/index.html": b"4",
    "mine/": b"",
    "mine/CNAME": b"tide.example",
}

linux = pytest.mark.skipif(sys.platform != "linux", reason="folders change places only there")


@linux
def test_the_next_site_is_made_of_the_last_one(twinned):
    twin = twin_of(twinned)
    assert tree(twin)["a/index.html"] == b"one"
    here, there = identity(twinned.folder)[0], identity(twin)[0]
    page, name = (twinned.folder / path for path in ("a/index.html", "mine/CNAME"))
    kept = identity(page), identity(name)

    done = twinned.write(NEXT)

    assert done == Written(
        new=("d/index.html",),
        changed=("b/c/index.html",),
        removed=("gone/index.html",),
        unchanged=1,
    )
    assert twinned.tree() == WHOLE_NEXT
    assert (identity(page), identity(name)) == kept
    assert (identity(twinned.folder)[0], identity(twin)[0]) == (there, here)
    assert stat.S_IMODE((twinned.folder / "mine").stat().st_mode) == 0o700
    assert stat.S_IMODE((twinned.folder / "d").stat().st_mode) == 0o755

    twinned.write({"a/index.html": "1"})

    assert twinned.tree() == {
        "a/": b"",
        "a/index.html": b"1",
        "mine/": b"",
        "mine/CNAME": b"tide.example",
    }
    assert identity(twinned.folder)[0] == here


@linux
@pytest.mark.parametrize(
    "fault",
    [
        "a file",
        "a link",
        "another mode",
        "less",
        "another file",
        "a file in its place",
        "a link in its place",
    ],
)
def test_a_last_site_that_somebody_touched_is_not_used(twinned, fault):
    twin = twin_of(twinned)
    match fault:
        case "a file":
            (twin / "a" / "secret.html").write_text("not mine")
        case "a link":
            (twin / "b" / "up").symlink_to("..")
        case "another mode":
            (twin / "a").chmod(0o777)
        case "less":
            (twin / "b" / "c" / "index.html").unlink()
        case "another file":
            (twin / "other").write_text("not mine")
            (twin / "other").replace(twin / "a" / "index.html")
        case "a file in its place":
            shutil.rmtree(twin)
            twin.write_text("")
        case _:
            twin.rename(twinned.root / "elsewhere")
            twin.symlink_to(twinned.root / "elsewhere")

    twinned.write(NEXT)

    assert twinned.tree() == WHOLE_NEXT
    assert stat.S_IMODE((twinned.folder / "a").stat().st_mode) == 0o755
    assert tree(twin)["a/index.html"] == b"1"


@linux
@pytest.mark.parametrize("deed", ["another file", "one more", "one less"])
def test_what_an_archiver_does_with_the_times_of_folders_put_back_lasts(twinned, deed):
    folder = twinned.folder / "mine"
    times = folder.stat()
    name = folder / "CNAME"
    match deed:
        case "another file":
            name.unlink()
            name.write_text("new.example")
        case "one more":
            (folder / "more.txt").write_text("mine")
        case _:
            name.unlink()
    os.utime(folder, ns=(times.st_atime_ns, times.st_mtime_ns))
    here = tree(folder)

    for words in ("5", "6", "7"):
        twinned.write({**NEXT, "a/index.html": words})
        assert tree(folder) == here


@linux
def test_the_first_site_has_its_twin_at_once(desk):
    desk.write({"a/index.html": "one", "b/index.html": "two"})
    kept = identity(twin_of(desk))

    desk.write({"a/index.html": "1", "b/index.html": "two"})

    assert identity(desk.folder)[0] == kept[0]
    assert tree(twin_of(desk))["a/index.html"] == b"one"


def test_what_is_kept_of_an_output_folder_that_was_moved_goes_with_the_next_build(twinned):
    moved = Desk(twinned.root / "elsewhere")
    moved.root.mkdir()
    twinned.folder.rename(moved.folder)
    shutil.rmtree(moved.cache, ignore_errors=True)
    twinned.cache.rename(moved.cache)
    old = manifest.twin(moved.cache, twinned.folder)

    moved.write(NEXT)

    assert moved.tree() == WHOLE_NEXT
    assert not old.exists()
    assert len([*(moved.cache / manifest.FOLDER).glob("*.json")]) == 1


@linux
def test_clean_takes_the_last_site_away(twinned):
    output.clean(twinned.folder, twinned.cache)

    assert not twin_of(twinned).exists()


@linux
def test_the_last_site_goes_with_an_output_folder_that_is_gone(twinned):
    shutil.rmtree(twinned.folder)

    output.clean(twinned.folder, twinned.cache)

    assert not any(path.is_file() for path in twinned.cache.rglob("*"))


OURS_NAMES = ["index.html", "a/index.html", "a/b/index.html", "c/index.html"]
OURS = st.sampled_from(OURS_NAMES)
OTHERS = st.sampled_from(["CNAME", "a/note.txt", "own/deep/note.txt"])
DEEDS = st.one_of(
    st.tuples(st.sampled_from(["write", "replace", "touch"]), st.one_of(OURS, OTHERS)),
    st.tuples(st.just("delete"), st.one_of(OURS, OTHERS)),
    st.tuples(st.just("make"), st.sampled_from(["a/empty", "own"])),
)
STEPS = st.tuples(
    st.dictionaries(OURS, st.sampled_from(["x", "y", "zz"]), min_size=1),
    st.lists(DEEDS, max_size=3),
)


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEPS, min_size=3, max_size=7))
def test_whatever_others_do_there_the_folder_is_the_site_and_theirs(tmp_path_factory, steps):
    desk, theirs = Desk(tmp_path_factory.mktemp("desk")), {}
    for number, (site, deeds) in enumerate(steps):
        desk.write(site)
        wanted = {path: text.encode() for path, text in site.items()} | theirs
        found = desk.tree()
        assert {path: each for path, each in found.items() if not path.endswith("/")} == wanted
        for deed, path in deeds:
            file = desk.folder / path
            if deed == "make":
                file.mkdir(parents=True, exist_ok=True)
            elif deed == "touch" and file.exists():
                os.utime(file)
            elif deed == "delete":
                file.unlink(missing_ok=True)
                theirs.pop(path, None)
            elif deed != "touch" and (path not in OURS_NAMES or path in site):
                file.parent.mkdir(parents=True, exist_ok=True)
                fresh = file if deed == "write" else file.with_name("fresh")
                fresh.write_text(f"theirs {number}")
                fresh.replace(file)
                if path not in OURS_NAMES:
                    theirs[path] = f"theirs {number}".encode()


# --- killed at every step -------------------------------------------------------------------------

EVENTS = {
    "open",
    "os.link",
    "os.rename",
    "os.mkdir",
    "os.remove",
    "os.rmdir",
    "os.chmod",
    "os.utime",
    "ctypes.call_function",
}


def write_and_die(desk: Desk, site: dict[str, str], step: int) -> bool:
    """Whether a child that writes the site was killed before its so-manieth touch of the disk."""
    child = os.fork()
    if child == 0:
        left = step

        def count(event: str, _: Sequence[object]) -> None:
            nonlocal left
            if event in EVENTS:
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        desk.write(site)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="one step needs Linux; fork needs POSIX")
@pytest.mark.parametrize("way", ["exchange", "twin", "journal"])
def test_a_killed_build_leaves_the_old_site_or_the_new_one(tmp_path, monkeypatch, way):
    old = {"a/index.html": "old", "b.html": "same", "gone/index.html": "old"}
    new = {"a/index.html": "new", "b.html": "same", "c/index.html": "new"}
    if way == "journal":
        monkeypatch.setattr(swap, "_can_exchange", lambda: False)
    step, seen = 0, set()
    while True:
        root = tmp_path / str(step)
        root.mkdir()
        desk = Desk(root)
        desk.cache = tmp_path / "caches" / str(step)
        desk.write({"before/index.html": "older"})
        desk.write(old)
        (desk.folder / "gone" / "CNAME").write_text("mine")
        if way == "twin":
            desk.write({**old, "a/index.html": "once"})
            desk.write(old)
            assert twin_of(desk).exists()
        foreign = identity(desk.folder / "gone" / "CNAME")
        whole_old = desk.tree()
        killed = write_and_die(desk, new, step)
        found = desk.tree()
        whole_new = {
            "a/": b"",
            "a/index.html": b"new",
            "b.html": b"same",
            "c/": b"",
            "c/index.html": b"new",
            "gone/": b"",
            "gone/CNAME": b"mine",
        }
        if way != "journal":
            assert found in (whole_old, whole_new)
        else:
            assert all(
                data in (whole_old.get(path), whole_new.get(path)) for path, data in found.items()
            )
        seen.add(found == whole_new)

        output.finish(desk.folder)
        assert desk.tree() in (whole_old, whole_new)
        desk.write(new)

        assert desk.tree() == whole_new
        assert identity(desk.folder / "gone" / "CNAME") == foreign
        assert {path.name for path in root.iterdir()} == {"output"}
        if not killed:
            break
        step += 1
    assert seen == {False, True}
    assert step > 20


# --- the law --------------------------------------------------------------------------------------

NAMES = st.sampled_from(["a", "b/index.html", "b/c/index.html", "d.html", "e/f.html"])
SITES = st.dictionaries(NAMES, st.sampled_from(["x", "y", "zz"]), max_size=5)


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    sites=st.lists(SITES, min_size=1, max_size=5), lost=st.integers(0, 5), exchange=st.booleans()
)
def test_whatever_was_there_before_the_folder_is_that_of_a_first_build(
    tmp_path_factory, monkeypatch, sites, lost, exchange
):
    monkeypatch.setattr(swap, "_can_exchange", lambda: exchange and sys.platform == "linux")
    desk = Desk(tmp_path_factory.mktemp("desk"))
    for number, site in enumerate(sites):
        if number == lost:
            desk.cache = desk.root / "another"
        desk.write(site)
    fresh = Desk(tmp_path_factory.mktemp("fresh"))
    fresh.write(sites[-1])

    assert tree(desk.folder) == tree(fresh.folder)


# --- before anything is seen ----------------------------------------------------------------------


def test_whoever_looks_at_the_whole_may_stop_it(any_desk):
    any_desk.write({"index.html": "front"})
    seen: list[object] = []
    refused = Problem(place=Place("content/a.md", 3), code="bad-link", message="no")

    def look(paths, problems):
        seen.append((list(paths), [each.code for each in problems.found]))
        raise BuildError((refused,))

    pages = [
        Page(path, "sheet.html", Sheet(text))
        for path, text in (("index.html", "other"), ("b.html", "broken"))
    ]
    with pytest.raises(BuildError) as caught:
        output.write(
            iter(pages), any_desk.folder, any_desk.cache, any_desk.root, any_desk.press, look=look
        )

    assert caught.value.problems == (refused,)
    assert seen == [(["index.html", "b.html"], ["template-error"])]
    assert any_desk.tree() == {"index.html": b"front"}
    assert {path.name for path in any_desk.root.iterdir()} <= {"output", ".cache"}
