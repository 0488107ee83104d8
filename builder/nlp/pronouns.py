"""Whom `he`, `she`, `his` and `it` mean, where that is sure; nobody where it is not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct, field
from spacy.tokens import Doc, Token

from builder.model import Chain, Kind, Mention, Span, Spans, Statement
from builder.nlp import circumstances
from builder.nlp.lexicon import WORDS

Gender = Literal["m", "f", ""]

_PERSONAL: dict[str, Gender] = {
    "he": "m", "him": "m", "his": "m", "himself": "m",
    "she": "f", "her": "f", "hers": "f", "herself": "f",
}  # fmt: skip
_RELATIVE = frozenset({"who", "which", "that"})
_NEUTER = frozenset({"it", "its", "itself"})
_SUBJECT = frozenset({"nsubj", "nsubjpass"})
_OBJECT = frozenset({"dobj", "pobj", "dative", "oprd"})
_WINDOW = 4
"""Sentences back in which a pronoun's name is looked for."""
_MARGIN = 1.0
"""By how much the best one must lead."""


class _Reference(Struct, frozen=True):
    """A place where somebody is meant."""

    token: Token
    role: str
    """What the words are to their verb: a dependency label."""
    sentence: int
    who: int
    """A chain; negative for somebody without a name."""
    form: str


class Scene(Struct):
    """What has been met so far, reading from the start of the text."""

    chains: Sequence[Chain]
    statements: Sequence[Statement]
    gender: dict[int, Gender]
    references: list[_Reference] = field(default_factory=list)


def resolved(
    doc: Doc, mentions: Sequence[Mention], chains: Sequence[Chain], statements: Sequence[Statement]
) -> list[tuple[Span, Kind, int]]:
    """Return span, kind and chain of every pronoun whose name is sure, in text order."""
    chain_of = {index: at for at, chain in enumerate(chains) for index in chain.mentions}
    heads = _heads(doc, mentions, chain_of)
    text = doc.text
    gender = {at: _gender(text, chain, mentions) for at, chain in enumerate(chains)}
    scene = Scene(chains, statements, gender)
    found: list[tuple[Span, Kind, int]] = []
    for number, sentence in enumerate(doc.sents):
        for token in sentence:
            if token.i in heads:
                who, form = heads[token.i]
                scene.references.append(_Reference(token, _role(token), number, who, form))
            elif token.lower_ in _RELATIVE and token.dep_ in _SUBJECT:
                named = heads.get(token.head.head.i)
                if named is not None:
                    scene.references.append(
                        _Reference(token, token.dep_, number, named[0], "pronoun")
                    )
            elif (wanted := _PERSONAL.get(token.lower_)) is not None:
                who_or_none = _person(scene, token, number, wanted)
                if who_or_none is not None:
                    scene.references.append(
                        _Reference(token, token.dep_, number, who_or_none, "pronoun")
                    )
                    scene.gender[who_or_none] = scene.gender.get(who_or_none) or wanted
                    if who_or_none >= 0:
                        found.append((_span(token), "person", who_or_none))
            elif token.lower_ in _NEUTER:
                body = _body(scene, token, number)
                if body is not None:
                    scene.references.append(_Reference(token, token.dep_, number, body, "pronoun"))
                    found.append((_span(token), chains[body].kind, body))
            elif token.dep_ in _SUBJECT and _is_somebody(token) and not _is_named(token, heads):
                who = -token.i - 1
                scene.gender[who] = _noun_gender(token)
                scene.references.append(_Reference(token, token.dep_, number, who, "nominal"))
    return found


def _heads(
    doc: Doc, mentions: Sequence[Mention], chain_of: dict[int, int]
) -> dict[int, tuple[int, str]]:
    """The head word of every mention of a chain."""
    heads: dict[int, tuple[int, str]] = {}
    for index, mention in enumerate(mentions):
        words = doc.char_span(mention.span.start, mention.span.end, alignment_mode="expand")
        if words is not None and index in chain_of and mention.kind != "date":
            heads.setdefault(words.root.i, (chain_of[index], mention.form))
    return heads


def _person(
    scene: Scene,
    pronoun: Token,
    sentence: int,
    wanted: Gender,
) -> int | None:
    if _fronts(pronoun):
        return None
    scores: defaultdict[int, float] = defaultdict(lambda: -99.0)
    said = _said_by(scene, pronoun)
    barred = _speakers(scene, pronoun) | (set() if said else _barred(scene, pronoun))
    for reference in reversed(scene.references):
        back = sentence - reference.sentence
        if back > _WINDOW:
            break
        who = reference.who
        if who >= 0 and scene.chains[who].kind != "person":
            continue
        if who in barred or scene.gender.get(who, "") not in {"", wanted}:
            continue
        if any(content.start <= reference.token.idx < content.end for content in said):
            continue
        again = 0.7 if said and _speaks(scene, reference) else 0.0
        scores[who] = max(scores[who], _weight(reference, pronoun, back) + again)
    for who in scores:
        scores[who] += 0.3 * (scene.gender.get(who) == wanted)
    return _best(scores)


def _weight(reference: _Reference, pronoun: Token, back: int) -> float:
    weight = -1.3 * back
    weight += 3.0 if reference.role in _SUBJECT else 1.0 if reference.role in _OBJECT else 1.2
    if reference.form == "pronoun":
        weight += 0.5
    if back == 0 and reference.token.head == _governor(pronoun) and reference.role in _SUBJECT:
        weight += 1.0
    if back == 0 and pronoun.dep_ == "poss" and reference.role in _SUBJECT:
        weight += 0.5
    return weight


def _governor(pronoun: Token) -> Token | None:
    """The verb that reports the pronoun's clause: `told` in `Ana told Ben she would come`."""
    return pronoun.head.head if pronoun.head.dep_ == "ccomp" else None


def _fronts(pronoun: Token) -> bool:
    """Whether it stands before the subject that it may mean: `Closing his shop, Ben …`."""
    for each in pronoun.ancestors:
        if each.dep_ in {"advcl", "prep"} and each.i < each.head.i and each.head.dep_ == "ROOT":
            return any(c.dep_ in _SUBJECT and c.i > pronoun.i for c in each.head.children)
    return False


def _best(scores: dict[int, float]) -> int | None:
    order = sorted(scores, key=lambda who: (-scores[who], who))
    if not order or scores[order[0]] < -3.0:
        return None
    if len(order) > 1 and scores[order[0]] - scores[order[1]] < _MARGIN:
        return None
    return order[0]


def _barred(scene: Scene, pronoun: Token) -> set[int]:
    """Whom the grammar forbids: what the same verb has beside it, and names below the pronoun."""
    if pronoun.dep_ == "poss" or pronoun.lower_.endswith("self"):
        return set()
    verb = pronoun.head
    if pronoun.dep_ == "pobj":
        verb = verb.head
    barred = {
        each.who
        for each in scene.references[-12:]
        if each.token.head == verb
        and each.token.dep_ in _SUBJECT | _OBJECT
        and each.token != pronoun
    }
    if pronoun.dep_ in _SUBJECT:
        first, last = verb.left_edge.i, verb.right_edge.i
        barred |= {
            each.who
            for each in scene.references[-12:]
            if first <= each.token.i <= last
            and each.form != "pronoun"
            and each.token.i < pronoun.i
            and verb in each.token.ancestors
            and not _fronted(each.token, verb)
        }
    return barred


def _fronted(token: Token, verb: Token) -> bool:
    """Whether a word stands in an adverbial clause before its verb: `When Ana came, she …`."""
    return any(
        each.dep_ in {"advcl", "prep"} and each.head == verb for each in (token, *token.ancestors)
    )


def _speakers(scene: Scene, pronoun: Token) -> set[int]:
    """Within quotation marks speakers call themselves I, not he."""
    return {
        each.who
        for statement in scene.statements
        if statement.form == "direct"
        and any(content.start <= pronoun.idx < content.end for content in statement.content)
        for source in statement.source
        for each in scene.references
        if source.start <= each.token.idx < source.end
    }


def _said_by(scene: Scene, pronoun: Token) -> Spans:
    """What the pronoun says, where it is the source of a statement that stands before it."""
    for statement in scene.statements:
        if any(source.start <= pronoun.idx < source.end for source in statement.source):
            return tuple(content for content in statement.content if content.end <= pronoun.idx)
    return ()


def _speaks(scene: Scene, reference: _Reference) -> bool:
    return any(
        source.start <= reference.token.idx < source.end
        for statement in scene.statements
        for source in statement.source
    )


def _body(scene: Scene, pronoun: Token, sentence: int) -> int | None:
    """An organisation that is the subject of this sentence (`its`) or was that of the last one."""
    speaks = pronoun.dep_ in _SUBJECT and pronoun.head.lemma_ in WORDS.saying
    owns = pronoun.dep_ == "poss"
    if (teller := _teller(scene, pronoun)) is not None:
        return teller
    if not speaks and not owns:
        return None
    spoke = {
        each.who for each in scene.references if _leads(each) and each.sentence == sentence - 1
    }
    barred = _barred(scene, pronoun) - (spoke if speaks else set())
    scores: defaultdict[int, float] = defaultdict(lambda: -99.0)
    for reference in reversed(scene.references):
        back = sentence - reference.sentence
        if back > 1 or (owns and back > 0 and not circumstances.is_medium(pronoun.head)):
            break
        if back and not _is_main(reference):
            continue
        who = reference.who
        if who < 0 or who in barred or scene.chains[who].kind not in {"organisation", "place"}:
            continue
        if reference.form == "nominal" and scene.chains[who].kind == "place":
            continue
        if speaks and scene.chains[who].kind == "place":
            continue
        if _leads(reference):
            again = 1.5 if speaks and back == 0 and who in spoke else 0.0
            scores[who] = max(scores[who], 3.0 - back + again)
        else:
            scores[who] = max(scores[who], 1.0 - back)
    best = _best(scores)
    return best if best is not None and scores[best] >= 2.0 else None


def _teller(scene: Scene, pronoun: Token) -> int | None:
    """`it` that begins what an organisation says is that organisation, unless it means nothing."""
    governor = _governor(pronoun)
    if (
        governor is None
        or pronoun.dep_ not in _SUBJECT
        or governor.lemma_ not in WORDS.saying
        or pronoun.head.lemma_ in WORDS.impersonal
        or any(
            child.dep_ == "ccomp" and child.i > pronoun.head.i for child in pronoun.head.children
        )
    ):
        return None
    tellers = {
        each.who
        for each in scene.references[-12:]
        if each.token.head == governor and each.role in _SUBJECT
    }
    bodies = [
        who for who in tellers if who >= 0 and scene.chains[who].kind in {"organisation", "place"}
    ]
    return bodies[0] if len(tellers) == len(bodies) == 1 else None


def _is_main(reference: _Reference) -> bool:
    """Whether its clause is the sentence itself, not what somebody says in it."""
    verb = reference.token.head
    if not _leads(reference):
        return False
    while verb.dep_ in {"nsubj", "nsubjpass", "conj"}:
        verb = verb.head
    return str(verb.dep_) == "ROOT"


def _leads(reference: _Reference) -> bool:
    """Whether it is a subject, or speaks through one: `the council` in `the council statement`."""
    token = reference.token
    return token.dep_ in _SUBJECT or (
        token.dep_ in {"poss", "compound"}
        and token.head.dep_ in _SUBJECT
        and circumstances.is_medium(token.head)
    )


def _role(token: Token) -> str:
    """What a name is to its verb; appositions and pairs share it: `his aunt Ana Ruiz said`."""
    while token.dep_ in {"appos", "conj"} and token.head.pos_ in {"NOUN", "PROPN"}:
        token = token.head
    return str(token.dep_)


def _is_named(token: Token, heads: Mapping[int, tuple[int, str]]) -> bool:
    return any(child.dep_ == "appos" and child.i in heads for child in token.children)


def _is_somebody(token: Token) -> bool:
    """Whether a subject is a single person without a name: `a witness`, `his father`."""
    word = token.lower_
    return token.tag_ == "NN" and (
        word in WORDS.roles or word in WORDS.masculine_roles or word in WORDS.feminine_roles
    )


def _noun_gender(token: Token) -> Gender:
    word = token.lower_
    if word in WORDS.masculine_roles:
        return "m"
    return "f" if word in WORDS.feminine_roles else ""


def _gender(text: str, chain: Chain, mentions: Sequence[Mention]) -> Gender:
    """What titles and roles say; never what a first name suggests."""
    if chain.kind != "person":
        return ""
    said: set[Gender] = set()
    for index in chain.mentions:
        start = mentions[index].span.start
        before = text[max(0, start - 20) : start].rsplit(None, 1)[-1:]
        title = before[0].rstrip(".") if before else ""
        if title in WORDS.masculine:
            said.add("m")
        elif title in WORDS.feminine:
            said.add("f")
    for span in chain.descriptions:
        words = set(text[span.start : span.end].lower().split())
        if words & WORDS.masculine_roles:
            said.add("m")
        if words & WORDS.feminine_roles:
            said.add("f")
    return said.pop() if len(said) == 1 else ""


def _span(token: Token) -> Span:
    return Span(token.idx, token.idx + len(token))
