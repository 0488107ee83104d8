"""Parts of speech are looked up, and are those that spaCy's rules give."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from builder.nlp import ruler

PATTERNS = [
    {"patterns": [[{"TAG": "NN"}]], "attrs": {"POS": "NOUN"}},
    {"patterns": [[{"TAG": {"IN": ["VBD", "VBZ"]}}]], "attrs": {"POS": "VERB", "MORPH": "A=B"}},
    {"patterns": [[{"TAG": "NN", "LOWER": "ships"}], [{"LOWER": "gone"}]], "attrs": {"LEMMA": "x"}},
    {"patterns": [[{"LOWER": {"REGEX": "^n['’]?t$"}}]], "attrs": {"LEMMA": "not"}},
    {"patterns": [[{"DEP": {"NOT_IN": ["nsubj", ""]}, "TAG": "NN"}]], "attrs": {"POS": "X"}},
    {"patterns": [[{"DEP": "expl"}, {"LOWER": "is"}]], "attrs": {"POS": "AUX"}, "index": 1},
    {"patterns": [[{"LOWER": "gon"}, {"LOWER": "na"}]], "attrs": {"LEMMA": "go"}},
    {"patterns": [[{"LOWER": "na"}, {"TAG": "NN"}]], "attrs": {"LEMMA": "na"}, "index": -2},
    {"patterns": [[{"IS_SPACE": True}]], "attrs": {"TAG": "_SP", "POS": "SPACE"}},
]
SEEN = ["TAG", "POS", "LEMMA", "MORPH", "DEP"]

nlp = spacy.blank("en")
token = st.tuples(
    st.sampled_from(["Ships", "gone", "n’t", "nt", "is", "gon", "na", "\n", "Norvik"]),
    st.sampled_from(["NN", "VBD", "VBZ", "TO"]),
    st.sampled_from(["nsubj", "expl", "dobj", ""]),
)


def filled(patterns, kind):
    made = kind(nlp.vocab)
    made.add_patterns(patterns)
    return made


OURS, SPACYS = filled(PATTERNS, ruler.Ruler), filled(PATTERNS, spacy.pipeline.AttributeRuler)


def text(rows):
    words, tags, deps = zip(*rows, strict=True) if rows else ((), (), ())
    heads = list(range(len(words))) if any(deps) else None
    return Doc(nlp.vocab, words=words, tags=tags, deps=deps if heads else None, heads=heads)


@given(st.lists(token, max_size=8))
def test_every_text_comes_out_as_from_spacy(rows):
    assert OURS(text(rows)).to_array(SEEN).tolist() == SPACYS(text(rows)).to_array(SEEN).tolist()


@pytest.mark.parametrize(
    "pattern",
    [
        [{"LOWER": "a"}, {"LOWER": "b"}, {"LOWER": "c"}],
        [{"LOWER": "a", "OP": "*"}],
        [{"SHAPE": "Xx"}],
        [{"LOWER": {"FUZZY": "ships"}}],
        [{"LOWER": {"IN": ["a"], "REGEX": "b"}}],
        [{}],
    ],
)
def test_rules_that_look_at_more_are_left_to_spacy(pattern):
    patterns = [{"patterns": [pattern], "attrs": {"POS": "X"}, "index": 0}]

    assert ruler.rules(patterns) is None


def test_rules_that_come_later_are_minded():
    ours = filled(PATTERNS[:1], ruler.Ruler)
    rows = [("ships", "NN", "nsubj"), ("sank", "VBD", "ROOT")]
    before = [each.pos_ for each in ours(text(rows))]

    ours.add([[{"TAG": "VBD"}]], {"POS": "VERB"})

    assert (before, [each.pos_ for each in ours(text(rows))]) == (["NOUN", ""], ["NOUN", "VERB"])
