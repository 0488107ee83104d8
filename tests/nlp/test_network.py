"""What the network is shown of a text, and that whatever it is shown it answers."""

from __future__ import annotations

import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from parsed import planted

from builder.model import Block, Span
from builder.nlp import columns
from builder.nlp.network import BACK, WINDOW, Seen
from builder.nlp.tree import tree
from builder.nlp.weights import shipped

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
---
It 11 nsubj PRON
was 11 ROOT AUX be
"""


def test_a_path_tells_up_from_down_and_by_which_edges():
    seen = planted(PARENTHESIS)
    known = columns.signs([seen])
    text = columns.columns(seen, known)
    deps = len(known.dep) + 1
    said = seen.words.index("said")

    lies = columns.between(text, said, 0, len(seen.words), deps)

    path = dict(zip(seen.words, lies.path.tolist(), strict=True))
    length = dict(zip(seen.words, lies.length.tolist(), strict=True))
    assert (path["said"], length["said"]) == (0, 0)
    assert (path["ruiz"], length["ruiz"]) == (1 + known.dep["nsubj"], 1)
    assert (path["shut"], length["shut"]) == (deps + 1 + known.dep["parataxis"], 1)
    assert (path["pier"], length["pier"]) == (2 * deps + 1 + known.dep["nsubj"], 2)
    assert (path["the"], length["the"]) == (path["pier"], 3)
    assert (path["it"], length["it"]) == (0, columns.LENGTHS - 1)


def test_distance_tells_before_from_after_and_other_paragraphs():
    seen = planted(PARENTHESIS)
    text = columns.columns(seen, columns.signs([seen]))
    said, it = seen.words.index("said"), seen.words.index("it")

    forward = columns.between(text, said, 0, len(seen.words), 9).distance.tolist()
    backward = columns.between(text, it, 0, len(seen.words), 9).distance.tolist()

    assert len({forward[said - 1], forward[said + 1], forward[it], backward[said]}) == 4
    assert max(forward + backward) < columns.DISTANCES


def test_rare_lemmas_and_unknown_labels_share_one_sign():
    seen = planted(PARENTHESIS)
    text = columns.columns(seen, columns.signs([seen]))

    assert set(text.lemma.tolist()) == {0}
    assert 0 not in text.dep.tolist()


VOCAB = spacy.blank("en").vocab
words = st.lists(
    st.sampled_from(["Ruiz", "said", "“", "”", ",", ".", "the", "boats", "sank", "\n\n", "we"]),
    max_size=40,
)


@given(words, st.randoms(use_true_random=False))
def test_whatever_the_parse_every_answer_is_a_chance(given_words, random):
    heads = [
        random.randrange(at) if at and random.random() < 0.8 else at
        for at in range(len(given_words))
    ]
    deps = ["ROOT" if at == head else "dep" for at, head in enumerate(heads)]
    doc = spacy.tokens.Doc(VOCAB, words=given_words, heads=heads, deps=deps)
    text = doc.text.rstrip()
    seen = tree(doc, [Block(Span(0, len(text)))] if text else [])

    sight = Seen(shipped(unmarked=False).network, seen, columns.rows(doc), doc.vocab.vectors.data)

    assert len(sight.cue) == len(sight.said) == len(given_words)
    cues = range(0, len(given_words), 7)
    for cue, around in zip(cues, sight.around(cues), strict=True):
        [alone] = sight.around([cue])
        assert np.allclose(alone.content, around.content, atol=1e-5)
        for chances in (sight.cue, sight.said, around.content, around.source):
            assert ((chances >= 0) & (chances <= 1)).all()


@pytest.mark.parametrize("cue", [0, 500, 999])
def test_far_away_words_are_not_looked_at(cue):
    rows = "\n".join(f"word {at + 1} ROOT NOUN" for at in range(1000))
    seen = planted(rows)
    none = np.zeros((0, 0), np.float32)
    sight = Seen(shipped(unmarked=False).network, seen, np.full(1000, -1, np.int32), none)

    [around] = sight.around([cue])

    assert around.first == max(0, cue - BACK)
    assert around.first + len(around.content) == min(1000, cue - BACK + WINDOW)
