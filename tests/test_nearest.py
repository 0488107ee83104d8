"""What is carried on of who is like whom: always what it would be if all were counted anew."""

from __future__ import annotations

from collections.abc import Mapping

from findings import edited
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.memory import Memory
from builder.nearest import likenesses, nearest
from builder.terms import Terms, terms_of

NAMES = [f"report-{number:02}" for number in range(70)]
THINGS = st.lists(st.integers(0, 50).map("thing{}".format), max_size=2)

Paper = Mapping[str, str]


def text(name: str, things: list[str]) -> str:
    """Most words of a report are its neighbours', too: one report changes few others.

    Many are exactly as like one report as another.
    """
    number = NAMES.index(name)
    return f"We saw {' '.join([f'affair{number // 6}', f'place{number // 3}', *things])}."


reports = st.fixed_dictionaries(
    {name: st.builds(text, st.just(name), THINGS) for name in NAMES[:60]}
)
changes = st.lists(
    st.tuples(st.sampled_from(NAMES), st.none() | THINGS, st.booleans()), min_size=1, max_size=3
)


def changed(paper: Paper, some: list[tuple[str, list[str] | None, bool]]) -> Paper:
    """Reports written, deleted and rewritten; some of them stand first from now on."""
    for name, things, is_first in some:
        new = {name: text(name, things) if things is not None else ""}
        paper = {**new, **paper, **new} if is_first else {**paper, **new}
    return {name: kept for name, kept in paper.items() if kept}


def weighed(paper: Paper) -> tuple[list[str], Terms]:
    made = [edited(kept, name=name) for name, kept in paper.items()]
    return list(paper), terms_of(made, lambda: None, Memory())


def found(paper: Paper, memory: Memory, most: int) -> dict[str, list[tuple[str, float]]]:
    names, terms = weighed(paper)
    alike = nearest(terms, names, memory, lambda: None, most=most)
    return {
        name: [(names[at], value) for at, value in zip(*map(list, alike.of(own)), strict=True)]
        for own, name in enumerate(names)
    }


@settings(max_examples=80)
@given(reports, st.lists(changes, min_size=1, max_size=3), st.integers(1, 6))
def test_after_any_changes_it_is_what_it_would_be_anew(paper, history, most):
    memory = Memory()
    found(paper, memory, most)
    for some in history:
        paper = changed(paper, some)

        assert found(paper, memory, most) == found(paper, Memory(), most)


@settings(max_examples=20)
@given(reports)
def test_who_is_like_another_is_so_from_either_side(paper):
    names, terms = weighed(paper)
    alike = nearest(terms, names, Memory(), lambda: None)

    for one in range(len(names)):
        others, values = alike.of(one)
        assert likenesses(terms, one, others.tolist()).tolist() == values.tolist()
        assert [likenesses(terms, at, [one])[0] for at in others.tolist()] == values.tolist()
