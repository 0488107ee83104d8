from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import blocks, cases

from builder.nlp.quotes import outermost, quotes

TEXTS = st.lists(
    st.sampled_from([*"“”\"‘’'„«»‹›\n .,", "said", "don’t", "the", "''", "``"]), max_size=40
).map("".join)


def quote_line(text, quote):
    words = text[quote.outer.start : quote.outer.end]
    return "  " * quote.depth + words + ("" if quote.closed else " (open)")


@pytest.mark.parametrize(("text", "expected"), cases("quotes.md"))
def test_quotations_are_found(text, expected):
    found = [quote_line(text, quote) for quote in quotes(text, blocks(text))]

    assert found == expected


@given(TEXTS)
def test_no_quotation_leaves_its_paragraph_or_crosses_another(text):
    found = quotes(text, blocks(text))

    for quote in found:
        assert "\n" not in text[quote.outer.start : quote.outer.end]
        assert quote.outer.contains(quote.inner)
        assert quote.outer.start < quote.inner.start
    outer = outermost(found)
    assert all(a.outer.end <= b.outer.start for a, b in pairwise(outer))


@given(TEXTS, TEXTS)
def test_a_paragraph_is_read_the_same_whatever_stands_before_it(before, after):
    joined = before + "\n" + after
    alone = [quote_line(after, quote) for quote in quotes(after, blocks(after))]

    found = [
        quote_line(joined, quote)
        for quote in quotes(joined, blocks(joined))
        if quote.outer.start > len(before)
    ]

    assert found == alone
