"""Which organisation `it` and `its` mean: the one that speaks, or the subject beside it."""

from __future__ import annotations

from collections import defaultdict

from spacy.tokens import Token

from builder.nlp import circumstances
from builder.nlp.lexicon import WORDS
from builder.nlp.references import SUBJECT, Scene, barred, governor, is_main, leads

_LEAST = 2.0
"""Only a subject, here or in the sentence before, is sure."""


def body(scene: Scene, pronoun: Token, sentence: int) -> int | None:
    """An organisation that is the subject of this sentence (`its`) or was that of the last one."""
    speaks = pronoun.dep_ in SUBJECT and pronoun.head.lemma_ in WORDS.saying
    owns = pronoun.dep_ == "poss"
    if speaks and _document_before(pronoun):
        return None
    if (teller := _teller(scene, pronoun)) is not None:
        return teller
    if not speaks and not owns:
        return None
    reach = 0 if owns and not circumstances.is_medium(pronoun.head) else 1
    spoke = {each.who for each in scene.references if each.sentence == sentence - 1 and leads(each)}
    forbidden = barred(scene, pronoun) - (spoke if speaks else set())
    scores: defaultdict[int, float] = defaultdict(float)
    for reference in reversed(scene.references):
        back = sentence - reference.sentence
        if back > reach:
            break
        who = reference.who
        if who < 0 or who in forbidden or (back and not is_main(reference)):
            continue
        kind = scene.chains[who].kind
        if kind == "organisation" or (kind == "place" and owns and reference.form != "nominal"):
            again = 1.5 if speaks and back == 0 and who in spoke else 0.0
            weight = 3.0 - back + again if leads(reference) else 1.0 - back
            scores[who] = max(scores[who], weight)
    order = sorted(scores, key=lambda who: (-scores[who], who))
    if not order or scores[order[0]] < _LEAST:
        return None
    rival = scores[order[1]] if len(order) > 1 else 0.0
    return order[0] if scores[order[0]] - rival >= 1.0 else None


def _document_before(pronoun: Token) -> bool:
    """Whether a paper or a poll says something in the same sentence: `it` then goes on for that."""
    return any(
        token.dep_ in SUBJECT
        and token.head.lemma_ in WORDS.saying
        and circumstances.is_document(token)
        for token in pronoun.doc[pronoun.sent.start : pronoun.i]
    )


def _teller(scene: Scene, pronoun: Token) -> int | None:
    """`it` that begins what an organisation says is that organisation, unless it means nothing."""
    verb = governor(pronoun)
    if (
        verb is None
        or pronoun.dep_ not in SUBJECT
        or verb.lemma_ not in WORDS.saying
        or pronoun.head.lemma_ in WORDS.impersonal
        or any(c.dep_ == "ccomp" and c.i > pronoun.head.i for c in pronoun.head.children)
    ):
        return None
    tellers = {
        each.who
        for each in scene.references[-12:]
        if each.token.head == verb and each.role in SUBJECT
    }
    bodies = [
        who for who in tellers if who >= 0 and scene.chains[who].kind in {"organisation", "place"}
    ]
    return bodies[0] if len(tellers) == len(bodies) == 1 else None
