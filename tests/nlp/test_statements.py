from __future__ import annotations

import re

import numpy as np
import pytest
from parsed import planted, table

from builder.model import Block, Span, Statement
from builder.nlp import layout, statements
from builder.nlp.network import VECTOR, Around, Seen
from builder.nlp.tree import tree
from builder.nlp.weights import Decision, read, shipped, write


class Planted:
    """What a network might see: certain, and by the tree alone."""

    def __init__(self, seen, cues):
        self.tree = seen
        self.cue = np.array([0.9 if each in cues else 0.0 for each in seen.lemma])
        self.said = np.zeros(len(seen.words))

    def around(self, cues):
        return [self.beside(cue) for cue in cues]

    def beside(self, cue):
        tree, content, source = self.tree, *np.zeros((2, len(self.tree.words)))
        below = {tree.dep[each]: each for each in tree.children[cue]}
        if tree.dep[cue] in {"parataxis", "prep"}:
            content[slice(*tree.sentences[tree.sentence[cue]])] = 0.9
            content[tree.left[cue] : tree.right[cue] + 1] = 0.0
        if "ccomp" in below:
            clause = below["ccomp"]
            content[tree.left[clause] : tree.right[clause] + 1] = 0.9
        over = cue if "nsubj" in below or tree.dep[cue] != "conj" else tree.head[cue]
        for each in tree.children[over]:
            if tree.dep[each] == "nsubj":
                source[tree.left[each] : tree.right[each] + 1] = 0.9
        return Around(0, content, source)


def weights(*joins, **more):
    """Decisions that know a handful of features; everything else speaks against."""
    continuation = Decision(dict.fromkeys(joins, 10.0), -5.0)
    return shipped(unmarked=False)._replace(
        continuation=continuation, confidence=Decision({}, 1.0), found=0.5, **more
    )


SAYING = ("say", "add", "accord")


def lines(seen, found: list[Statement]) -> list[str]:
    def words(spans):
        return " … ".join(seen.text[span.start : span.end] for span in spans) or "-"

    return [
        f"{words(each.source)} | {words(each.cue)} | {words(each.content)} | {each.form} {each.rule}"
        for each in found
    ]


def found(seen, *joins, cues=SAYING):
    given = weights(*joins)
    claimed = statements.gathered(seen, Planted(seen, cues), given)
    return lines(seen, [statements.statement(seen, each, given) for each in claimed])


CLAUSE = """
Ruiz 2 nsubj PROPN
said 2 ROOT VERB say
that 6 mark SCONJ
the 5 det DET
pier 6 nsubj NOUN
shut 2 ccomp VERB
_. 2 punct PUNCT
"""

QUOTE = """
“ 4 punct PUNCT
_The 3 det DET
pier 4 nsubj NOUN
shut 8 ccomp VERB
_, 8 punct PUNCT
_” 8 punct PUNCT
Ruiz 8 nsubj PROPN
said 8 ROOT VERB say
_. 8 punct PUNCT
"""

SHARED = """
Ruiz 2 nsubj PROPN
said 2 ROOT VERB say
boats 4 nsubj NOUN
sank 2 ccomp VERB sink
and 2 cc CCONJ
added 2 conj VERB add
cranes 8 nsubj NOUN
fell 6 ccomp VERB fall
"""

PARENTHESIS = """
The 2 det DET
pier 7 nsubj NOUN
_, 7 punct PUNCT
Ruiz 5 nsubj PROPN
said 7 parataxis VERB say
_, 7 punct PUNCT
shut 7 ROOT VERB
early 7 advmod ADV
_. 7 punct PUNCT
"""


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (CLAUSE, ["Ruiz | said | that the pier shut | indirect subject-of-cue"]),
        (QUOTE, ["Ruiz | said | “The pier shut,” | direct subject-of-cue"]),
        (
            SHARED,
            [
                "Ruiz | said | boats sank | indirect subject-of-cue",
                "Ruiz | added | cranes fell | indirect shared-subject",
            ],
        ),
        (
            PARENTHESIS,
            ["Ruiz | said | The pier … shut early | indirect subject-of-cue"],
        ),
    ],
    ids=["clause", "quotation", "conjunct", "parenthesis"],
)
def test_the_tree_says_who_says_what(rows, expected):
    assert found(planted(rows)) == expected


def test_the_outer_statement_wins():
    seen = planted("""
        Ruiz 2 nsubj PROPN
        said 2 ROOT VERB say
        Okafor 4 nsubj PROPN
        said 2 ccomp VERB say
        boats 6 nsubj NOUN
        sank 4 ccomp VERB sink
        """)

    assert found(seen) == ["Ruiz | said | Okafor said boats sank | indirect subject-of-cue"]


CONTINUED = (
    QUOTE
    + """
---
“ 14 punct PUNCT
_It 14 nsubj PRON
was 14 aux AUX be
old 14 acomp ADJ
_. 14 punct PUNCT
_” 14 punct PUNCT
"""
)


def test_a_quotation_of_its_own_paragraph_joins_the_statement_before_it():
    seen = planted(CONTINUED)

    assert found(seen, "bq") == [
        "Ruiz | said | “The pier shut,” … “It was old.” | direct continued-quote"
    ]


def test_a_quotation_that_nobody_wants_stays_alone():
    assert found(planted(CONTINUED)) == ["Ruiz | said | “The pier shut,” | direct subject-of-cue"]


ASKED = """
“ 4 punct PUNCT
_The 3 det DET
pier 4 nsubj NOUN
shut 8 ccomp VERB
_, 8 punct PUNCT
_” 8 punct PUNCT
Ruiz 8 nsubj PROPN
said 8 ROOT VERB say
when 11 advmod SCONJ
I 11 nsubj PRON
asked 8 advcl VERB ask
whether 14 mark SCONJ
boats 14 nsubj NOUN
sank 11 ccomp VERB sink
_. 8 punct PUNCT
“ 19 punct PUNCT
_It 19 nsubj PRON
was 19 aux AUX be
old 19 acomp ADJ
_. 19 punct PUNCT
_” 19 punct PUNCT
"""


def test_a_quotation_goes_on_past_the_occasion_of_the_first_words():
    assert found(planted(ASKED), "bq form=d", cues=("say", "ask")) == [
        "Ruiz | said | “The pier shut,” … “It was old.” | direct continued-quote",
        "I | asked | whether boats sank | indirect subject-of-cue",
    ]


def test_what_is_said_inside_a_joined_quotation_goes_with_it():
    seen = planted(
        QUOTE
        + """
        “ 12 punct PUNCT
        _I 12 nsubj PRON
        add 12 ROOT VERB add
        boats 14 nsubj NOUN
        sank 12 ccomp VERB sink
        _. 12 punct PUNCT
        _” 12 punct PUNCT
        """
    )

    assert found(seen, "bq") == [
        "Ruiz | said | “The pier shut,” … “I add boats sank.” | direct continued-quote"
    ]
    assert found(seen) == [
        "Ruiz | said | “The pier shut,” | direct subject-of-cue",
        "I | add | boats sank | direct subject-of-cue",
    ]


def test_a_quotation_is_completed_over_its_sentences():
    seen = planted("""
        Ruiz 2 nsubj PROPN
        said 2 ROOT VERB say
        _, 2 punct PUNCT
        “ 6 punct PUNCT
        _Boats 6 nsubj NOUN
        sank 2 ccomp VERB sink
        _. 2 punct PUNCT
        Cranes 9 nsubj NOUN
        fell 9 ROOT VERB fall
        _. 9 punct PUNCT
        _” 9 punct PUNCT
        """)

    assert found(seen) == ["Ruiz | said | “Boats sank. Cranes fell.” | direct subject-of-cue"]


def test_a_wish_is_an_attitude_and_words_are_speech():
    seen = planted(CLAUSE.replace("said 2 ROOT VERB say", "hoped 2 ROOT VERB hope"))
    claimed = statements.gathered(seen, Planted(seen, ("hope",)), weights())
    hoped = [statements.statement(seen, each, weights()) for each in claimed]

    assert [each.act for each in hoped] == ["attitude"]


TRANSCRIPT = """
RUIZ 3 nsubj PROPN
_: 3 punct PUNCT
Sit 3 ROOT VERB
_. 3 punct PUNCT
---
Now 6 ROOT ADV
---
OKAFOR 11 nsubj PROPN
_: 11 punct PUNCT
Why 11 ROOT ADV
_? 11 punct PUNCT
---
RUIZ 14 ROOT PROPN
_: 14 punct PUNCT
---
Look 17 ROOT VERB
_. 17 punct PUNCT
---
He 20 nsubj PRON
left 20 ROOT VERB
"""


def test_a_transcript_gives_every_line_to_its_speaker():
    seen = planted(TRANSCRIPT)

    assert lines(seen, layout.statements(seen)) == [
        "RUIZ | : | Sit. … Now | direct transcript",
        "OKAFOR | : | Why? | direct transcript",
        "RUIZ | : | Look. | direct transcript",
    ]


def test_labels_in_capitals_are_no_transcript():
    seen = planted(TRANSCRIPT.replace("RUIZ 14", "UPDATE 14"))

    assert layout.statements(seen) == []


SIGNED = """
The 2 det DET
sea 3 nsubj NOUN
wins 3 ROOT VERB
_. 3 punct PUNCT
— 7 punct PUNCT
Ana 7 compound PROPN
Ruiz 7 ROOT PROPN
"""


def test_a_quotation_set_apart_is_signed_by_its_last_words():
    seen = planted(SIGNED, kind="quote")

    assert lines(seen, layout.statements(seen)) == [
        "Ana Ruiz | — | The sea wins. | direct signed-quote"
    ]


def test_a_hyphen_and_a_name_sign_the_quotation_above_them():
    below = """
        “ 3 punct PUNCT
        _Boats 3 nsubj NOUN
        sink 3 ROOT VERB
        _. 3 punct PUNCT
        _” 3 punct PUNCT
        ---
        - 8 punct PUNCT
        Ana 9 compound PROPN
        Ruiz 9 ROOT PROPN
        _. 9 punct PUNCT
        """
    seen = planted(below)

    assert lines(seen, layout.statements(seen)) == [
        "Ana Ruiz | - | “Boats sink.” | direct signed-quote"
    ]


def test_a_dash_and_a_name_in_a_plain_paragraph_sign_nothing():
    assert layout.statements(planted(SIGNED)) == []


def read_doc(monkeypatch, lines_, *, unmarked):
    monkeypatch.setattr(statements, "shipped", lambda **_: weights())
    monkeypatch.setattr(statements, "Seen", lambda _, seen, *__: Planted(seen, SAYING))
    doc = table(lines_)
    blocks = [Block(Span(0, len(doc.text.rstrip())))]
    seen = tree(doc, blocks)
    return lines(seen, statements.find(doc, seen, unmarked=unmarked))


LOST = CLAUSE.replace(
    "_. 2 punct PUNCT",
    """
, 6 punct PUNCT
without 6 prep ADP
smiling 8 pcomp VERB
""",
)


def test_the_trace_of_a_lost_mark_ends_what_is_said(monkeypatch):
    assert read_doc(monkeypatch, LOST, unmarked=True) == [
        "Ruiz | said | that the pier shut | indirect subject-of-cue"
    ]


def test_a_comma_after_a_blank_means_nothing_where_marks_are(monkeypatch):
    assert read_doc(monkeypatch, LOST, unmarked=False) == [
        "Ruiz | said | that the pier shut , without smiling | indirect subject-of-cue"
    ]


def test_a_dateline_is_nobodys_words(monkeypatch):
    dated = """
        NORVIK 6 nmod PROPN
        ( 3 punct PUNCT
        _Northwire 1 appos PROPN
        _) 3 punct PUNCT
        - 6 punct PUNCT
        Boats 7 nsubj NOUN
        sank 10 ccomp VERB sink
        _, 10 punct PUNCT
        Ruiz 10 nsubj PROPN
        said 10 ROOT VERB say
        """

    assert read_doc(monkeypatch, dated, unmarked=False) == [
        "Ruiz | said | Boats sank | indirect subject-of-cue"
    ]


def test_every_rule_is_explained():
    known = statements.rules()

    for each_table in (CLAUSE, QUOTE, SHARED, PARENTHESIS, CONTINUED):
        for line in found(planted(each_table), "bq"):
            assert line.split()[-1] in known
    assert {"transcript", "signed-quote"} <= set(known)


def test_weights_come_back_as_they_were_written(tmp_path):
    given = weights("bq")

    write(given, tmp_path, unmarked=True)

    back = read(tmp_path / "unmarked.npz")
    assert back.network.signs == given.network.signs
    assert back[1:] == given[1:]
    assert back.network.arrays.keys() == given.network.arrays.keys()
    assert all(
        (back.network.arrays[name] == each).all() for name, each in given.network.arrays.items()
    )


@pytest.mark.parametrize("unmarked", [False, True])
def test_no_shipped_feature_or_lemma_names_anybody(unmarked):
    held = shipped(unmarked=unmarked)

    features = [name for each in (held.continuation, held.confidence) for name in each.weights]
    assert len(features) > 500
    assert not [name for name in features if re.search(r"[=^ ](?!True|False)[A-Z][a-z]", name)]
    lemmas = list(held.network.signs.lemma)
    assert len(lemmas) > 1000
    assert [name for name in lemmas if name[0].isupper()] in ([], ["I"])


def test_a_name_gives_the_network_nothing_but_its_kind():
    rows = """
        NAME 2 nsubj PROPN
        said 2 ROOT VERB say
        boats 4 nsubj NOUN
        sank 2 ccomp VERB sink
    """
    given = shipped(unmarked=False).network
    wide = np.random.default_rng(0).normal(size=(9, VECTOR)).astype(np.float32)

    def seen(name, row):
        rows_ = np.array([row, 1, 2, 3], np.int32)
        return Seen(given, planted(rows.replace("NAME", name)), rows_, wide)

    one, other = seen("Ruiz", 5), seen("Okafor", 6)

    assert np.array_equal(one.cue, other.cue)
    assert np.array_equal(one.around([1])[0].content, other.around([1])[0].content)
