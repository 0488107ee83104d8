"""What one process leaves for the next: which pages are made again there, and which are not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace
from watched import Inner, Whole

from builder.footprint import Footprint
from builder.model import File
from builder.shelf import Shelf, Shelved
from builder.store import Store
from builder.tracing import Trace

PAPER = Whole({"Ana": 1, "Bo": 2}, Inner({"Skarrow": "port"}, ("Esk",)))
PAGES: dict[str, Callable[[Whole], object]] = {
    "ana": lambda whole: whole.people["Ana"],
    "cy": lambda whole: whole.people.get("Cy", 0),
    "everybody": lambda whole: [*whole.people.items()],
    "skarrow": lambda whole: whole.inner.towns["Skarrow"],
    "rivers": lambda whole: whole.inner.rivers,
    "nothing": lambda whole: whole.title,
}


def built(record: Whole, before: bytes = b"", *given: object, salt: str = "1") -> tuple:
    """One process: what it published, which pages it made for that, and what it left."""
    footprint = Footprint(before, salt, {"card": str})
    trace = Trace(repr, footprint=footprint)
    watched, made = trace.begin(record, *given), []

    def page(name):
        def make():
            made.append(name)
            card = watched.trace.value("card", name, lambda: f"{PAGES[name](watched)}")
            word = watched.trace.value("word", name, card.upper)
            yield File(f"{name}.txt", f"{card} {word}".encode())

        return make

    published = {
        each.path: each.digest
        for name in PAGES
        for each in watched.trace.outputs("page", name, page(name), name)
    }
    trace.end()
    return published, made, footprint.data


def test_nothing_is_made_again_of_a_record_that_is_as_it_was():
    published, made, left = built(PAPER)
    assert made == [*PAGES]

    again, made, left = built(replace(PAPER, people=dict(PAPER.people)), left)
    assert (again, made) == (published, [])
    assert built(PAPER, left)[:2] == (published, [])


def test_only_what_was_looked_up_counts():
    left = built(PAPER)[2]

    assert built(replace(PAPER, people={"Ana": 3, "Bo": 2}), left)[1] == ["ana", "everybody"]
    assert built(replace(PAPER, people={**PAPER.people, "Cy": 7}), left)[1] == ["cy", "everybody"]
    # The order counts for whoever goes through all of them.
    assert built(replace(PAPER, people={"Bo": 2, "Ana": 1}), left)[1] == ["everybody"]
    assert built(replace(PAPER, inner=Inner({"Skarrow": "port"}, ())), left)[1] == ["rivers"]


def test_everything_is_made_again_if_what_all_depends_on_changes():
    left = built(PAPER)[2]

    assert built(replace(PAPER, title="Ebb"), left)[1] == [*PAGES]
    assert built(PAPER, left, "new templates")[1] == [*PAGES]
    assert built(PAPER, left, salt="another program")[1] == [*PAGES]


def test_a_build_that_was_given_up_leaves_nothing_behind():
    footprint = Footprint(b"", "1", {})
    trace = Trace(repr, footprint=footprint)
    trace.begin(PAPER)

    watched = trace.begin(replace(PAPER, people={"Ana": 5}))
    list(watched.trace.outputs("page", "ana", lambda: [File("a", b"5")]))
    trace.end()

    assert footprint.data == b""


def test_what_is_torn_counts_as_nothing():
    published, _, left = built(PAPER)

    for torn in (left[:-9], left[9:], b"{}", b"\xff" * 40, left.replace(b"ana", b"[1]")):
        assert built(PAPER, torn)[0] == published


def test_a_value_that_has_no_hash_is_always_another_one():
    paper = replace(PAPER, people={"Ana": object(), "Bo": 2})

    assert built(paper, built(paper)[2])[1] == ["ana", "everybody"]


_values = st.dictionaries(st.sampled_from(["Ana", "Bo", "Cy"]), st.integers(0, 2))


@given(st.lists(st.tuples(_values, st.sampled_from([(), ("Esk",), ("Esk", "Ure")])), max_size=5))
def test_whatever_changes_the_pages_are_those_of_a_process_that_knows_nothing(states):
    left = b""
    for people, rivers in states:
        paper = Whole({"Ana": 0, **people}, Inner({"Skarrow": str(len(people))}, rivers))
        published, _, left = built(paper, left)
        assert published == built(paper)[0]


class Report(Struct, frozen=True):
    title: str
    when: dt.datetime


MORNING = dt.datetime(2026, 5, 4, 8, tzinfo=dt.UTC)
KINDS = {"report": Shelved(type=Report)}


def recalled(store: Store, made_of: object, answer: object, salt: str = "1") -> tuple[object, bool]:
    """What the next process gets, and whether it had to make it."""
    made = []
    shelf = Shelf(store, KINDS, salt)
    found = shelf.recall("report", "a", lambda: made.append(1) or answer, (made_of,))
    shelf.save()
    return found, bool(made)


def test_an_answer_is_found_again_if_it_was_made_of_the_same():
    store, report = Store(None), Report("Tide", MORNING)

    assert recalled(store, "words", report) == (report, True)
    assert recalled(store, "words", report) == (report, False)
    assert recalled(store, "other words", report) == (report, True)
    assert recalled(store, "other words", report, salt="2") == (report, True)


def test_moments_that_are_written_otherwise_are_other_ones():
    store, east = Store(None), dt.timezone(dt.timedelta(hours=5))
    answer = Report("Tide", MORNING.astimezone(east))
    recalled(store, MORNING, answer)

    assert recalled(store, MORNING.astimezone(east), answer)[1]
    found, was_made = recalled(store, MORNING.astimezone(east), answer)
    assert not was_made
    assert found.when.isoformat() == "2026-05-04T13:00:00+05:00"


def test_what_cannot_be_written_down_is_made_again():
    store = Store(None)
    for made_of, answer in (
        (object(), Report("Tide", MORNING)),
        ("words", Report("\ud800", MORNING)),
        ("words", object()),
    ):
        assert recalled(store, made_of, answer) == (answer, True)
        assert recalled(store, made_of, answer) == (answer, True)


def test_a_damaged_row_is_made_again():
    store, report = Store(None), Report("Tide", MORNING)
    recalled(store, "words", report)
    (row,) = store.get_all("last report").values()
    for damaged in (row[:-3], row.replace(b"Tide", b"T\xffde")):
        store.put_many("last report", {"a": damaged})

        assert recalled(store, "words", report) == (report, True)
    assert recalled(store, "words", report) == (report, False)


def test_what_is_not_asked_for_any_more_is_forgotten():
    store = Store(None)
    recalled(store, "words", Report("Tide", MORNING))
    shelf = Shelf(store, KINDS, "1")
    shelf.recall("report", "b", lambda: Report("Ebb", MORNING), ("words",))
    shelf.save()

    assert [*store.get_all("last report")] == ["b"]


def test_what_is_made_of_an_answer_goes_by_what_that_was_made_of():
    store, asked = Store(None), []
    kinds = {
        "report": Shelved(type=Report, passed_on=lambda report: (report,)),
        "title": Shelved(type=str),
    }

    def title(words, when):
        shelf = Shelf(store, kinds, "1")
        made = shelf.recall("report", "a", lambda: Report("Tide", when), (words,))
        parts = (made, "en")
        stood = shelf.stands("title", "a", parts)
        told = shelf.recall("title", "a", lambda: asked.append(words) or f"{made.title}!", parts)
        shelf.save()
        return told, stood

    assert title("words", MORNING) == ("Tide!", False)
    assert title("words", MORNING) == ("Tide!", True)
    # The report is the same one again, but it was made of something else.
    assert title("other words", MORNING) == ("Tide!", False)
    assert title("other words", MORNING) == ("Tide!", True)
    assert asked == ["words", "other words"]


def test_what_is_left_is_there_for_the_next_process_of_the_same_program():
    store = Store(None)
    Shelf(store, KINDS, "1").leave("tide", Report("Ebb", MORNING))

    assert Shelf(store, KINDS, "1").left("tide", Report) == Report("Ebb", MORNING)
    assert Shelf(store, KINDS, "2").left("tide", Report) is None
    assert Shelf(store, KINDS, "1").left("tide", int) is None
    assert Shelf(store, KINDS, "1").left("flood", Report) is None


def test_what_cannot_be_written_down_is_not_left():
    store = Store(None)
    for value in (object(), Report("\ud800", MORNING)):
        Shelf(store, KINDS, "1").leave("tide", value)

        assert Shelf(store, KINDS, "1").left("tide", Report) is None


def test_what_was_left_and_is_damaged_is_nothing():
    store = Store(None)
    Shelf(store, KINDS, "1").leave("tide", Report("Ebb", MORNING))
    (row,) = store.get_all("left").values()
    store.put_many("left", {"tide": row[:-3]})

    assert Shelf(store, KINDS, "1").left("tide", Report) is None
