"""The store: what was made once is found again, and a broken file costs nothing but time."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.store import Store

WRITER = """
import sys
from builder.store import Store
with Store(__import__("pathlib").Path(sys.argv[1])) as store:
    for n in range(60):
        store.put_many("page", {f"{sys.argv[2]}-{n}": sys.argv[2].encode() * 50})
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "analysis.sqlite"


@given(st.dictionaries(st.text(max_size=9), st.binary(max_size=9)), st.lists(st.text(max_size=9)))
def test_it_gives_back_what_it_was_given(items, others):
    with Store(None) as store:
        store.put_many("page", items)

        found = store.get_many("page", [*items, *others])

    assert found == items


def test_it_remembers_in_the_next_process(path):
    with Store(path) as store:
        store.put_many("page", {"a": b"1"})

    with Store(path) as store:
        assert store.get_many("page", ["a", "b"]) == {"a": b"1"}
        assert store.notice == ""


def test_kinds_do_not_mix(path):
    with Store(path) as store:
        store.put_many("page", {"a": b"1"})
        store.put_many("note", {"a": b"2"})

        assert store.get_many("page", ["a"]) == {"a": b"1"}


def test_a_newer_value_takes_the_place_of_an_older_one(path):
    with Store(path) as store:
        store.put_many("page", {"a": b"1"})
        store.put_many("page", {"a": b"2"})

        assert store.get_many("page", ["a"]) == {"a": b"2"}


def test_thousands_of_keys_are_asked_for_in_one_call(path):
    items = {str(n): str(n).encode() for n in range(2500)}
    with Store(path) as store:
        store.put_many("page", items)

        assert store.get_many("page", items) == items


def test_prune_forgets_the_others_of_its_kind_only(path):
    with Store(path) as store:
        store.put_many("page", {"a": b"1", "b": b"2"})
        store.put_many("note", {"b": b"3"})

        store.prune("page", ["a"])

        assert store.get_many("page", ["a", "b"]) == {"a": b"1"}
        assert store.get_many("note", ["b"]) == {"b": b"3"}


def test_a_file_that_is_no_database_is_set_aside(path):
    path.parent.mkdir()
    path.write_bytes(b"not a database at all" * 500)

    with Store(path) as store:
        store.put_many("page", {"a": b"1"})
        assert store.get_many("page", ["a"]) == {"a": b"1"}
        assert "set aside" in store.notice

    assert path.with_name("analysis.sqlite.set-aside").read_bytes().startswith(b"not a database")


def test_a_database_of_another_program_is_set_aside_whole(path):
    path.parent.mkdir()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE recipes (name TEXT)")
    other.commit()
    other.close()

    with Store(path) as store:
        assert store.get_many("page", ["a"]) == {}
        assert "another" in store.notice

    kept = sqlite3.connect(path.with_name("analysis.sqlite.set-aside"))
    assert kept.execute("SELECT count(*) FROM recipes").fetchone() == (0,)
    kept.close()


def test_damage_in_the_middle_costs_the_answers_and_no_more(path):
    with Store(path) as store:
        store.put_many("page", {str(n): bytes(500) for n in range(200)})
    data = bytearray(path.read_bytes())
    data[4096:40_960] = b"\xff" * (40_960 - 4096)
    path.write_bytes(data)

    with Store(path) as store:
        found = store.get_many("page", [str(n) for n in range(200)])
        store.put_many("page", {"new": b"1"})

        assert all(value == bytes(500) for value in found.values())
        assert store.get_many("page", ["new"]) == {"new": b"1"}


def test_a_sound_store_that_cannot_be_opened_is_read_and_stays(path):
    with Store(path) as store:
        store.put_many("page", {"a": b"1"})
    # Where SQLite wants to write beside the store, as on a full disk, it cannot.
    path.with_name("analysis.sqlite-wal").mkdir()

    with Store(path) as store:
        assert store.get_many("page", ["a"]) == {"a": b"1"}
        assert "nothing new is remembered" in store.notice
        store.put_many("page", {"b": b"2"})

    assert not path.with_name("analysis.sqlite.set-aside").exists()
    path.with_name("analysis.sqlite-wal").rmdir()
    with Store(path) as store:
        assert store.get_all("page") == {"a": b"1"}


def test_a_store_for_which_there_is_no_more_room_stays(path):
    with Store(path) as store:
        store.put_many("page", {"a": b"1"})
        store._base.execute("PRAGMA max_page_count = 2")
        store.put_many("page", {"b": b"2" * 100_000})
        assert "full" in store.notice
        assert store.get_all("page") == {"a": b"1"}

    with Store(path) as store:
        assert store.get_all("page") == {"a": b"1"}
    assert not path.with_name("analysis.sqlite.set-aside").exists()


def test_where_nothing_can_be_kept_everything_is_in_memory(path):
    path.parent.write_text("a file where the cache should be")

    with Store(path) as store:
        store.put_many("page", {"a": b"1"})

        assert store.get_many("page", ["a"]) == {"a": b"1"}
        assert "nothing is remembered" in store.notice


def test_two_processes_write_at_once(path):
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), name]) for name in ("x", "y")
    ]
    assert [writer.wait() for writer in writers] == [0, 0]

    with Store(path) as store:
        keys = [f"{name}-{n}" for name in ("x", "y") for n in range(60)]
        assert set(store.get_many("page", keys)) == set(keys)
        assert store.notice == ""


def test_a_value_that_was_damaged_counts_as_none(path):
    with Store(path) as store:
        store.put_many("page", {"a": b"loudspeaker", "b": b"2"})
    other = sqlite3.connect(path)
    (value,) = other.execute("SELECT value FROM record WHERE key = 'a'").fetchone()
    damaged = value.replace(b"speaker", b"sp\xffaker")
    other.execute("UPDATE record SET value = ? WHERE key = 'a'", (damaged,))
    other.execute("INSERT INTO record VALUES ('page', 'c', 'a text'), ('page', 'd', x'')")
    other.commit()
    other.close()

    with Store(path) as store:
        assert store.get_many("page", ["a", "b", "c", "d"]) == {"b": b"2"}
        assert store.get_all("page") == {"b": b"2"}
        store.put_many("page", {"a": b"loudspeaker"})
        assert store.get_all("page") == {"a": b"loudspeaker", "b": b"2"}
