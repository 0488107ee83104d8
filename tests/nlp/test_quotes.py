from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from reading import blocks, cases

from builder.nlp.quotes import outermost, quotes

TEXTS = st.lists(
    st.sampled_from([*"“”\"‘’'„«»‹›\n .,", "said", "don’t", "the", "''", "``"]), max_size=40
).map("".join)


WORDS = st.sampled_from(
    ["the", "port", "don’t", "o’clock", "is", "shut", "we", "’90s", "Brekke’s", "5"]
)
PHRASES = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
NESTED = st.one_of(st.none(), PHRASES)
SPEECHES = st.lists(st.tuples(PHRASES, NESTED, st.sampled_from([",", ".", "?"])), max_size=4)
CONVENTIONS = [
    ("“", "”", "‘", "’"),
    ("‘", "’", "“", "”"),
    ('"', '"', "‘", "’"),
    ("'", "'", '"', '"'),
    ("‘‘", "’’", "“", "”"),
    ("„", "“", "‚", "‘"),
    ("„", "”", "‚", "’"),
    ("»", "«", "›", "‹"),
    ("«", "»", "‹", "›"),
    ("«\u202f", "\u202f»", "“", "”"),
    ("»", "»", "’", "’"),
    ("”", "”", "’", "’"),
]
"""How a quotation begins and ends, and one inside it."""


def in_marks(speeches, convention):
    """A paragraph of speeches, each with words beside it, and of some of them one inside."""
    begin, end, inner_begin, inner_end = convention
    written = []
    for words, nested, stop in speeches:
        inside = f" {inner_begin}{nested}{inner_end}" if nested else ""
        written.append(f"{begin}Say {words}{inside} now{stop}{end} he said.")
    return " ".join(written)


def quoted_words(text):
    """The words of every quotation, without any mark but apostrophes inside words."""
    return [
        (
            quote.depth,
            re.sub(r"[“”„\"«»‹›‘‚\u202f]|(?<!\w)[’'](?!\d)|(?<=[\w,.?])[’'](?!\w)", "", words),
        )
        for quote in quotes(text, blocks(text))
        if (words := text[quote.inner.start : quote.inner.end])
    ]


def quote_line(text, quote):
    words = text[quote.outer.start : quote.outer.end]
    return "  " * quote.depth + words + ("" if quote.closed else " (open)")


@pytest.mark.parametrize(("text", "expected"), cases("quotes.md"))
def test_quotations_are_found(text, expected):
    found = [quote_line(text, quote) for quote in quotes(text, blocks(text))]

    assert found == expected


@pytest.mark.parametrize("convention", CONVENTIONS, ids=" ".join)
@given(SPEECHES)
def test_the_same_words_are_quoted_in_every_convention_of_marks(convention, speeches):
    if convention[2] == "’":
        speeches = [(words, None, stop) for words, _, stop in speeches]

    expected = []
    for words, nested, stop in speeches:
        inside = f" {nested}" if nested else ""
        expected.append((0, f"Say {words}{inside} now{stop}"))
        expected += [(1, nested)] if nested else []

    assert quoted_words(in_marks(speeches, convention)) == expected


@given(TEXTS)
def test_no_quotation_leaves_its_paragraph_or_crosses_another(text):
    found = quotes(text, blocks(text))

    for quote in found:
        assert "\n" not in text[quote.outer.start : quote.outer.end]
        assert quote.outer.contains(quote.inner)
        assert quote.carried or quote.outer.start < quote.inner.start
    outer = outermost(found)
    assert all(a.outer.end <= b.outer.start for a, b in pairwise(outer))


@given(TEXTS, TEXTS)
def test_a_paragraph_is_read_the_same_whatever_stands_before_it(before, after):
    joined = before + "\n" + after
    assume(not any(quote.carried for quote in quotes(joined, blocks(joined))))
    alone = [quote_line(after, quote) for quote in quotes(after, blocks(after))]

    found = [
        quote_line(joined, quote)
        for quote in quotes(joined, blocks(joined))
        if quote.outer.start > len(before)
    ]

    assert found == alone
