from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.model import Span
from builder.nlp import marks

WORDS = st.sampled_from(
    [
        "Norway",
        "Norways",
        "Solheim s",
        "dont",
        "don t",
        "I m",
        "she",
        "said",
        ",",
        " .",
        "the",
        "Solheim",
        "fish",
        "\n",
    ]
)
TEXTS = st.lists(WORDS, max_size=30).map(" ".join)


@pytest.mark.parametrize(
    ("damaged", "restored"),
    [
        ("Norway s navy sailed.", "Norway’s navy sailed."),
        ("The council s plan , she said.", "The council’s plan , she said."),
        ("We don t know and I m late.", "We don’t know and I’m late."),
        ("They re here; we ll see.", "They’re here; we’ll see."),
        ("He can t stay and won t go.", "He can’t stay and won’t go."),
        ("Its a pity that the partys plan failed.", "It’s a pity that the party’s plan failed."),
        ("It doesnt matter and theyre late.", "It doesn’t matter and they’re late."),
        (
            "Norway waits. Norways navy does not , she said. Fish swim .",
            "Norway waits. Norway’s navy does not , she said. Fish swim .",
        ),
        (
            "In Norvik it rained. We dont mind. Norviks mayor, in Norvik, laughed.",
            "In Norvik it rained. We don’t mind. Norvik’s mayor, in Norvik, laughed.",
        ),
    ],
)
def test_lost_apostrophes_come_back(damaged, restored):
    found = marks.restored(damaged)

    assert found.text == restored
    assert found.unmarked


@pytest.mark.parametrize(
    "text",
    [
        "It rained in Norvik. The mayor said so.",
        "Norway's navy dont sail.",
        "“We dont know,” she said.",
        "Grades of s and t are rare.",
        "The Democrats won. A Democrat said so. The Democrats plan failed , they said.",
        "",
    ],
)
def test_other_text_is_read_as_it_is(text):
    assert marks.restored(text).text == text


def test_what_is_uncertain_stays():
    text = "The council s plan failed as the sailors defeat came closer."

    assert (
        marks.restored(text).text == "The council’s plan failed as the sailors defeat came closer."
    )


def test_plurals_are_not_owners():
    text = "It dont matter. Near Norvik, a Norviker met the Norvikers council."

    assert marks.restored(text).text.endswith("the Norvikers council.")


def test_repairs_say_what_the_words_as_written_should_be():
    text = "The council s plan, they dont know."
    found = marks.restored(text)

    mended = text
    for span, words in reversed(found.repairs):
        mended = mended[: span.start] + words + mended[span.end :]
    assert mended == found.text == "The council’s plan, they don’t know."


def test_a_possessive_found_in_the_restored_text_is_where_it_was_written():
    text = "The council s plan, they dont know."
    found = marks.restored(text)
    at = found.text.index("’s")

    assert found.to_original(at, at + 2) == Span(text.index(" s ") + 1, text.index(" s ") + 2)
    at = found.text.index("don’t")
    assert found.to_original(at, at + 5) == Span(text.index("dont"), text.index("dont") + 4)


@given(TEXTS, st.data())
def test_the_way_back_stays_inside_and_in_order(text, data):
    found = marks.restored(text)
    offsets = st.integers(0, len(found.text))
    start, end = sorted((data.draw(offsets), data.draw(offsets)))
    later, last = sorted(
        (
            data.draw(st.integers(start, len(found.text))),
            data.draw(st.integers(end, len(found.text))),
        )
    )

    one, other = found.to_original(start, end), found.to_original(later, last)

    assert 0 <= one.start <= one.end <= len(text)
    assert one.start <= other.start or start == later
    assert one.end <= other.end


@given(TEXTS)
def test_without_the_restored_marks_the_text_is_the_one_written(text):
    found = marks.restored(text)

    assert found.to_original(0, len(found.text)).end == len(text)
    without = list(found.text)
    for at in found.replaced:
        without[at] = " "
    for at in found.inserted:
        without[at] = ""
    assert "".join(without) == text
    assert {found.text[at] for at in (*found.replaced, *found.inserted)} <= {"’"}
    assert bool(found.repairs) == (found.text != text)


@given(TEXTS, st.sampled_from("\"'“”‘’«»„"), st.data())
def test_text_with_a_mark_is_left_alone(text, mark, data):
    at = data.draw(st.integers(0, len(text)))
    with_mark = text[:at] + mark + text[at:]

    assert marks.restored(with_mark) == marks.Restored(with_mark)
