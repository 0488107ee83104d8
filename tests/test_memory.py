"""What a process that builds again remembers."""

from __future__ import annotations

from builder.memory import Memory


def test_an_answer_is_made_again_only_if_what_it_was_made_of_changed():
    memory, made = Memory(), []

    for parts in ((1, "a"), (1, "a"), (2, "a"), (1, "a")):
        memory.recall("sum", "one", lambda parts=parts: made.append(parts), *parts)

    assert made == [(1, "a"), (2, "a"), (1, "a")]


def test_what_is_equal_stays_the_same_object():
    memory = Memory()
    first = memory.same("list", "", [1, 2])

    assert memory.same("list", "", [1, 2]) is first
    assert memory.same("list", "", [1, 3]) == [1, 3]


def test_what_nobody_asked_for_since_is_forgotten():
    memory = Memory()
    for key in ("here", "gone"):
        memory.same("parse", key, key)
    memory.forget_unasked()
    assert memory.stands("parse", "gone", "gone")

    memory.same("parse", "here", "here")
    memory.forget_unasked()

    assert memory.stands("parse", "here", "here")
    assert not memory.stands("parse", "gone", "gone")
