"""What is made again, and what not, when what was read of a record changes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from watched import Inner, Whole

from builder.model import File, Kept
from builder.tracing import Trace

WHOLE = Whole({"Ana": 1, "Bo": 2}, Inner({"Skarrow": "port"}))


def told(output):
    return repr(output)


class Clerk:
    """Asks for answers of a record again and again, and notes which were made."""

    def __init__(self, **asked) -> None:
        self.trace, self.asked, self.made = Trace(told, known=("language",)), asked, []

    def build(self, record, *given):
        watched = self.trace.begin(record, *given)
        self.made = []

        def make(name):
            self.made.append(name)
            return self.asked[name](watched)

        found = {
            name: watched.trace.value("answer", name, lambda name=name: make(name))
            for name in self.asked
        }
        self.trace.end()
        return found


def test_an_answer_is_made_again_only_if_something_changed_that_it_read():
    clerk = Clerk(
        ana=lambda whole: whole.people["Ana"],
        cy=lambda whole: whole.people.get("Cy", 0),
        everybody=lambda whole: sum(whole.people.values()),
        town=lambda whole: "Skarrow" in whole.inner.towns,
        rivers=lambda whole: len(whole.inner.rivers),
    )
    clerk.build(WHOLE)
    steps = [
        (WHOLE, []),
        (replace(WHOLE, people={"Ana": 1, "Bo": 3}), ["everybody"]),
        (replace(WHOLE, people={"Ana": 5, "Bo": 3}), ["ana", "everybody"]),
        (replace(WHOLE, people={"Bo": 3, "Ana": 5}), ["everybody"]),
        (replace(WHOLE, people={"Bo": 3, "Ana": 5, "Cy": 1}), ["cy", "everybody"]),
        (replace(WHOLE, people={"Bo": 3, "Ana": 5}), ["cy", "everybody"]),
    ]
    for record, made in steps:
        clerk.build(record)
        assert clerk.made == made

    people = steps[-1][0].people
    clerk.build(replace(WHOLE, people=people, inner=Inner({})))
    assert clerk.made == ["town"]
    clerk.build(replace(WHOLE, people=people, inner=Inner({}, ("Tern",))))
    assert clerk.made == ["rivers"]


def test_what_is_in_no_table_counts_for_everything_and_what_is_known_otherwise_for_nothing():
    clerk = Clerk(ana=lambda whole: whole.people["Ana"], cy=lambda _: 0)
    clerk.build(WHOLE, "digest")

    for record, digest, made in (
        (replace(WHOLE, language="de"), "digest", []),
        (WHOLE, "another digest", ["ana", "cy"]),
        (replace(WHOLE, title="Ebb"), "another digest", ["ana", "cy"]),
    ):
        clerk.build(record, digest)
        assert clerk.made == made


def test_what_an_answer_was_made_of_counts_for_who_uses_it():
    made = []

    def build(trace, record):
        watched = trace.begin(record)

        def inner():
            made.append("inner")
            return watched.people["Ana"]

        def outer():
            made.append("outer")
            return trace.value("inner", "", inner) + 1

        answers = [trace.value("outer", name, outer) for name in ("one", "other")]
        trace.end()
        return answers

    trace = Trace(told)
    assert build(trace, WHOLE) == [2, 2]
    assert made == ["outer", "inner", "outer"]
    made.clear()
    assert build(trace, replace(WHOLE, people={"Ana": 7})) == [8, 8]
    assert made == ["outer", "inner", "outer"]


def test_a_build_that_was_given_up_loses_no_change():
    clerk = Clerk(ana=lambda whole: whole.people["Ana"], bo=lambda whole: whole.people["Bo"])
    clerk.build(WHOLE)
    clerk.trace.begin(replace(WHOLE, people={"Ana": 9, "Bo": 2}))

    assert clerk.build(replace(WHOLE, people={"Ana": 9, "Bo": 2}))["ana"] == 9
    assert clerk.made == ["ana"]


def test_an_output_that_is_kept_can_be_made_all_the_same():
    trace = Trace(told)
    for _ in range(2):
        watched = trace.begin(WHOLE)

        def make(watched=watched):
            yield File("a.txt", str(watched.people["Ana"]).encode())

        (kept,) = trace.outputs("file", "a", make)
        assert isinstance(kept, Kept)
        assert (kept.path, kept.digest) == ("a.txt", told(File("a.txt", b"1")))
        assert kept.make() == File("a.txt", b"1")


def test_of_many_outputs_those_that_stand_come_together_and_can_be_made_all_the_same():
    trace, made = Trace(told), []

    def build(record, given=None):
        watched = trace.begin(record)
        made.clear()

        def make(name):
            made.append(name)
            yield File(f"{name}.txt", str(watched.people.get(name)).encode())
            yield File(f"{name}.md", b"")

        found = list(watched.trace.all_outputs("file", ["Ana", "Bo"], make, given))
        trace.end()
        return found

    first = build(WHOLE)
    assert [each.path for each in first] == ["Ana.txt", "Ana.md", "Bo.txt", "Bo.md"]

    (all_of_them,) = build(WHOLE)
    assert made == []
    assert all_of_them.digests == {each.path: each.digest for each in first}

    ana, other, bo = build(replace(WHOLE, people={"Ana": 7, "Bo": 2}))
    assert made == ["Ana"]
    assert (ana.path, other.path, [*bo.digests]) == ("Ana.txt", "Ana.md", ["Bo.txt", "Bo.md"])
    assert bo.make("Bo.md") == File("Bo.md", b"")
    assert bo.make("Bo.txt") == File("Bo.txt", b"2")
    assert made == ["Ana", "Bo"]

    build(replace(WHOLE, people={"Ana": 7, "Bo": 2}), {"Bo": "more"})
    assert made == ["Ana", "Bo"]
    build(replace(WHOLE, people={"Ana": 7, "Bo": 2}), {"Bo": "less"})
    assert made == ["Bo"]


def test_what_is_remembered_does_not_grow_with_what_was_once_looked_up():
    clerk = Clerk(
        newest=lambda whole: whole.people[max(whole.people)],
        missing=lambda whole: whole.inner.towns.get(max(whole.people)),
    )
    held = []
    for number in range(30):
        record = replace(WHOLE, people={f"Guest {number:02}": number})
        assert clerk.build(record) == {"newest": number, "missing": None}
        held.append(size(vars(clerk.trace)))

    assert max(held[20:]) <= max(held[:10])


def size(tables: dict) -> int:
    return sum(size(each) if type(each) is dict else 1 for each in tables.values())


KEYS = st.sampled_from("abc")
TABLES = st.dictionaries(KEYS, st.integers(0, 2))


@given(
    st.lists(st.tuples(TABLES, TABLES, st.booleans()), min_size=2, max_size=5),
    st.lists(st.tuples(KEYS, KEYS), min_size=1, max_size=3),
)
def test_after_any_changes_an_answer_is_what_it_would_be_if_it_were_made_anew(records, asked):
    def answer(whole, one, other):
        if one not in whole.people:
            return sorted(whole.inner.towns)
        return whole.people[one], whole.inner.towns.get(other), list(whole.inner.rivers)

    asks = {
        f"{one}{other}": lambda whole, one=one, other=other: answer(whole, one, other)
        for one, other in asked
    }
    clerk = Clerk(**asks)
    for people, towns, is_wet in records:
        record = Whole(people, Inner(towns, ("Tern",) if is_wet else ()))
        assert clerk.build(record) == {name: ask(record) for name, ask in asks.items()}
