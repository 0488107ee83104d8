"""Whom `he`, `she`, `his` and `it` mean, where that is sure; nobody where it is not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from spacy.tokens import Doc, Token

from builder.model import Kind, Span, Spans, Statement
from builder.nlp import genders, neuter
from builder.nlp.cast import Cast
from builder.nlp.lexicon import WORDS
from builder.nlp.references import (
    OBJECT,
    SUBJECT,
    Apart,
    Gender,
    Reference,
    Scene,
    barred,
    governor,
    heads,
    is_somebody,
    noun_gender,
    role,
    told,
)
from builder.nlp.tree import Tree

_Place = Literal["name", "pronoun", "relative", "somebody"]
_PERSONAL: dict[str, Gender] = {
    "he": "m", "him": "m", "his": "m", "himself": "m",
    "she": "f", "her": "f", "hers": "f", "herself": "f",
}  # fmt: skip
_RELATIVE = frozenset({"who", "which", "that"})
_NEUTER = frozenset({"it", "its", "itself"})
_WINDOW = 4
"""Sentences back in which a pronoun's name is looked for."""
_MARGIN = 0.7
"""By how much the best one must lead."""
_KNOWN = 0.8
"""What it counts that the article is known to call somebody so."""
_LEAST = -3.0
_AGAIN = 0.7
"""What it counts that somebody spoke before."""
_NEXT = 1.5
"""What it counts to have spoken in the statement before."""
_ON = 3.0
"""What that counts for `he continued` and `she added`."""
_OBJECT = 1.7
"""What it counts for him of whom somebody spoke in the sentence before, whose words these are."""
_NEAR = 12
"""References back in which that stands."""
_ASIDE = 2.5
"""What it counts against a name to stand in a sentence in brackets."""
_QUOTED = 2.0
"""What it counts against a name to stand in a quotation before who speaks next."""
_SPOKE = 3
"""As how many pronouns one counts that is the source of a statement."""
_GOES_ON = frozenset({"add", "continue", "go"})
_SPEAKS = _GOES_ON | {"charge", "speak", "talk"}


def resolved(
    cast: Cast, seen: Tree, statements: Sequence[Statement], apart: Apart
) -> tuple[list[tuple[Span, Kind, int]], dict[int, Token]]:
    """Return span, kind and chain of every pronoun whose name is sure, in text order.

    Also, by the pronoun's offset, the noun of somebody without a name: `a witness`.

    The text is read twice: first to learn whom it calls he and whom she, then to decide.
    """
    doc, text, mentions, chains = cast.doc, seen.text, cast.mentions, cast.chains
    known = heads(doc, mentions, chains)
    titled = {at: genders.by_title(text, chain, mentions) for at, chain in enumerate(chains)}
    named = {doc[at].idx: (who, role(doc[at]) in SUBJECT) for at, (who, _) in known.items()}
    where = told(statements)
    learning = Scene(chains, statements, where, dict(titled), apart, named)
    met = list(_places(doc, seen, known))
    read = [
        (wanted, scores)
        for token, number in _met(met, learning, known)
        if (wanted := _PERSONAL.get(token.lower_))
        and (scores := _scores(learning, token, number, wanted))
    ]
    genders_ = genders.by_pronouns(titled, read)
    scene = Scene(chains, statements, where, genders_, apart, named)
    found: list[tuple[Token, int]] = []
    described: dict[int, Token] = {}
    for token, number in _met(met, scene, known):
        if wanted := _PERSONAL.get(token.lower_):
            who = _best(_scores(scene, token, number, wanted))
        else:
            who = neuter.body(scene, token, number)
        if who is not None:
            scene.references.append(_reference(token, token.dep_, number, who, "pronoun"))
            if who >= 0:
                found.append((token, who))
            elif _introduced(doc[-who - 1], token):
                described[token.idx] = doc[-who - 1]
    sure = [
        (Span(token.idx, token.idx + len(token)), chains[who].kind, who)
        for token, who in _agreeing(found, statements)
    ]
    return sure, described


def _introduced(noun: Token, pronoun: Token) -> bool:
    """`a witness` just met is somebody new; `the businessman` is not, and who asks is no reply."""
    if noun.sent.end < pronoun.sent.start:
        return False
    new = any(child.lower_ in {"a", "an"} for child in noun.children)
    return new and noun.head.lemma_ not in {"ask", "be"}


def _agreeing(
    found: Sequence[tuple[Token, int]], statements: Sequence[Statement]
) -> list[tuple[Token, int]]:
    """Nobody is he and she: the fewer go, and all where neither is clearly fewer.

    Who goes on speaking is surer than who is spoken of, so that counts as several.
    """
    sources = [span for statement in statements for span in statement.source]
    counts: defaultdict[int, Counter[Gender]] = defaultdict(Counter)
    for token, who in found:
        speaks = any(span.start <= token.idx < span.end for span in sources)
        counts[who][_PERSONAL.get(token.lower_, "")] += _SPOKE if speaks else 1
    return [
        (token, who)
        for token, who in found
        if (gender := _PERSONAL.get(token.lower_, "")) == ""
        or counts[who][gender] > 2 * counts[who]["f" if gender == "m" else "m"]
    ]


def _places(
    doc: Doc, seen: Tree, known: Mapping[int, tuple[int, str]]
) -> Iterator[tuple[Token, int, _Place]]:
    """Yield in text order every word by which somebody may be meant, its sentence, and how."""
    for at, (word, tag, number) in enumerate(zip(seen.words, seen.tag, seen.sentence, strict=True)):
        if at in known:
            yield doc[at], number, "name"
        elif word in _PERSONAL or word in _NEUTER:
            yield doc[at], number, "pronoun"
        elif word in _RELATIVE:
            if seen.dep[at] in SUBJECT:
                yield doc[at], number, "relative"
        elif tag == "NN" and is_somebody(token := doc[at], known):
            yield token, number, "somebody"


def _met(
    places: Sequence[tuple[Token, int, _Place]],
    scene: Scene,
    known: Mapping[int, tuple[int, str]],
) -> Iterator[tuple[Token, int]]:
    """Yield every pronoun with its sentence's number, while names go into the scene."""
    for token, number, how in places:
        if how == "name":
            who, form = known[token.i]
            scene.references.append(_reference(token, role(token), number, who, form))
        elif how == "pronoun":
            yield token, number
        elif how == "relative":
            if token.head.head.i in known:
                who, _ = known[token.head.head.i]
                scene.references.append(_reference(token, token.dep_, number, who, "pronoun"))
        else:
            who = -token.i - 1
            scene.gender[who] = noun_gender(token.lower_)
            scene.references.append(_reference(token, token.dep_, number, who, "nominal"))


def _reference(token: Token, role: str, sentence: int, who: int, form: str) -> Reference:
    return Reference(token, role, sentence, who, form, token.idx)


def _scores(scene: Scene, pronoun: Token, sentence: int, wanted: Gender) -> dict[int, float]:
    """How well everybody near would fit, whom grammar and gender allow."""
    if _fronts(pronoun):
        return {}
    speaks = (
        pronoun.dep_ in SUBJECT
        and pronoun.head.lemma_ in WORDS.saying | _SPEAKS
        and scene.apart.quote(pronoun.idx) is None
    )
    statement = _statement_of(scene, pronoun)
    but = _follows_but(pronoun)
    said = () if but else _before(statement, pronoun.idx)
    last = _last(scene, min([pronoun.idx, *(each.start for each in said)])) if speaks else None
    if last is not None and not _fits(scene, last, wanted):
        last = None
    unheard = (*said, *(last.content if last else ()))
    on = _ON if pronoun.head.lemma_ in _GOES_ON else _NEXT
    if on == _NEXT and _beside(scene, sentence, unheard, wanted, but=but):
        on = _AGAIN if said else 0.0
    speakers = _speakers(scene, pronoun)
    talked_to = {
        each.token.head
        for each in scene.references[-_NEAR:]
        if each.who in speakers and each.token.dep_ in SUBJECT
    }
    forbidden = speakers | (set() if said else barred(scene, pronoun))
    scores: defaultdict[int, float] = defaultdict(lambda: -99.0)
    for reference in reversed(scene.references):
        back = sentence - reference.sentence
        if back > _WINDOW:
            break
        who = reference.who
        if (
            (who >= 0 and scene.chains[who].kind != "person")
            or who in forbidden
            or scene.gender.get(who, "") not in {"", wanted}
            or any(content.start <= reference.at < content.end for content in unheard)
        ):
            continue
        again = _AGAIN if said and _speaks(scene, reference) else 0.0
        if last is not None and _within(last.source, reference) and (back <= 1 or on == _ON):
            again = on
        weight = _weight(reference, pronoun, back, but=but) + again
        weight += _OBJECT * (reference.role in OBJECT and reference.token.head in talked_to)
        weight -= _apart(scene.apart, reference.at, pronoun.idx, speaks=speaks)
        scores[who] = max(scores[who], weight)
    for who in scores:
        scores[who] += _KNOWN * (scene.gender.get(who) == wanted)
    return dict(scores)


def _apart(apart: Apart, name: int, pronoun: int, *, speaks: bool) -> float:
    """What it counts against a name to stand in brackets or in somebody's words.

    Who is talked of in a quotation is seldom who speaks next.
    """
    aside = apart.bracket(name) not in {None, apart.bracket(pronoun)}
    quoted = speaks and apart.quote(name) not in {None, apart.quote(pronoun)}
    return _ASIDE * aside + _QUOTED * quoted


def _weight(reference: Reference, pronoun: Token, back: int, *, but: bool) -> float:
    weight = -1.3 * back
    own = back == 0 and but and _owns_subject(reference)
    leads = reference.role in SUBJECT or own
    weight += 3.0 if leads else 1.0 if reference.role in OBJECT else 1.2
    if reference.form == "pronoun":
        weight += 0.5
    if back == 0 and reference.token.head == governor(pronoun) and reference.role in SUBJECT:
        weight += 1.0
    if back == 0 and pronoun.dep_ == "poss" and reference.role in SUBJECT:
        weight += 0.5
    return weight


def _owns_subject(reference: Reference) -> bool:
    """`Ruiz's fate is unclear, but she …`: no fate is a she."""
    return reference.token.dep_ == "poss" and reference.token.head.dep_ in SUBJECT


def _follows_but(pronoun: Token) -> bool:
    """Whether what stands before `but she said` is another clause, not hers."""
    return pronoun.i > pronoun.sent.start and pronoun.nbor(-1).dep_ == "cc"


def _best(scores: Mapping[int, float]) -> int | None:
    order = sorted(scores, key=lambda who: (-scores[who], who))
    if not order or scores[order[0]] < _LEAST:
        return None
    if len(order) > 1 and scores[order[0]] - scores[order[1]] < _MARGIN:
        return None
    return order[0]


def _fronts(pronoun: Token) -> bool:
    """Whether it stands before the subject that it may mean: `Closing his shop, Ben …`.

    In `While she likes ships, she …` nobody new is named.
    """
    for each in pronoun.ancestors:
        if each.dep_ in {"advcl", "prep"} and each.i < each.head.i and each.head.dep_ == "ROOT":
            subjects = [c for c in each.head.children if c.dep_ in SUBJECT and c.i > pronoun.i]
            wanted = _PERSONAL[pronoun.lower_]
            return any(_PERSONAL.get(c.lower_, "") != wanted for c in subjects)
    return False


def _speakers(scene: Scene, pronoun: Token) -> set[int]:
    """Within quotation marks speakers call themselves I, not he."""
    quoted = scene.apart.quote(pronoun.idx) is not None
    found: set[int] = set()
    for statement in scene.statements:
        if (statement.form == "direct" or (quoted and statement.form == "mixed")) and any(
            content.start <= pronoun.idx < content.end for content in statement.content
        ):
            inside = {
                (who, leads)
                for source in statement.source
                for start, (who, leads) in scene.named.items()
                if source.start <= start < source.end and scene.chains[who].kind == "person"
            }
            inside |= {
                (each.who, each.role in SUBJECT)
                for each in scene.references
                if _within(statement.source, each)
            }
            lead = {who for who, leads in inside if leads}
            found |= lead or {who for who, _ in inside}
    return found


def _statement_of(scene: Scene, pronoun: Token) -> Statement | None:
    """The statement that the pronoun is the source of."""
    offset = pronoun.idx
    for start, end, number in scene.told.sources:
        if start <= offset < end:
            return scene.statements[number]
    return None


def _before(statement: Statement | None, offset: int) -> Spans:
    """What of a statement stands before an offset."""
    content = statement.content if statement else ()
    return tuple(span for span in content if span.end <= offset)


def _last(scene: Scene, offset: int) -> Statement | None:
    """The last statement before an offset: its speaker goes on, and not who is named in it."""
    over = [each for each in scene.told.ends if each[0] <= offset]
    return scene.statements[max(over)[1]] if over else None


def _beside(scene: Scene, sentence: int, unheard: Spans, wanted: Gender, *, but: bool) -> bool:
    """Whether the sentence has a subject of its own that the pronoun takes up."""
    return any(
        each.sentence == sentence
        and (each.role in SUBJECT or (but and _owns_subject(each)))
        and each.form != "pronoun"
        and not any(span.start <= each.at < span.end for span in unheard)
        and scene.gender.get(each.who, "") in {"", wanted}
        for each in scene.references[-12:]
    )


def _fits(scene: Scene, statement: Statement, wanted: Gender) -> bool:
    """Whether the one person behind a statement may be called so."""
    people = {each.who for each in scene.references if _within(statement.source, each)}
    people -= {who for who in people if who >= 0 and scene.chains[who].kind != "person"}
    return len(people) == 1 and scene.gender.get(min(people), "") in {"", wanted}


def _speaks(scene: Scene, reference: Reference) -> bool:
    at = reference.at
    return any(start <= at < end for start, end, _ in scene.told.sources)


def _within(spans: Spans, reference: Reference) -> bool:
    at = reference.at
    return any(span.start <= at < span.end for span in spans)
