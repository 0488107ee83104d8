"""Where in a text somebody is meant, and what the grammar says of it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from msgspec import Struct, field
from spacy.tokens import Doc, Token

from builder.model import Chain, Mention, Span, Spans, Statement
from builder.nlp import circumstances
from builder.nlp.lexicon import WORDS

Gender = Literal["m", "f", ""]

SUBJECT = frozenset({"nsubj", "nsubjpass"})
OBJECT = frozenset({"dobj", "pobj", "dative", "oprd"})
_NEAR = 12
"""References back in which a verb's other arguments stand."""
_DOERS = ("er", "or", "ist", "ian")
"""How trades end that no list has."""
_THINGS = ("paper", "letter", "order", "center", "chapter", "poster", "number", "folder", "error")
"""Nouns of that form, or the ends of some, that are things."""
_BRACKETS = re.compile(
    r"(?:(?<=^)|(?<=[.!?…”\"’'] )|(?<=\n))"
    r"\((?=[A-Z“\"‘])[^()\n]*(?:\([^()\n]*\)[^()\n]*)*[.!?…][”\"’']*\)"
)


class Roots:
    """The word that other words of a text hang on; each is looked for once."""

    def __init__(self, doc: Doc) -> None:
        """Take the text."""
        self.doc = doc
        self._known: dict[Span, Token | None] = {}

    def of(self, spans: Spans) -> Token | None:
        """The word that the first stretch of words hangs on; a noun where a participle comes first.

        In `Writing in a letter, Ana Ruiz called …` that is `Ruiz`.
        """
        if not spans:
            return None
        span = spans[0]
        if span not in self._known:
            self._known[span] = self._found(span)
        return self._known[span]

    def _found(self, span: Span) -> Token | None:
        words = self.doc.char_span(span.start, span.end, alignment_mode="expand")
        if words is None or not len(words):
            return None
        top = words.root
        if top.pos_ in {"NOUN", "PROPN", "PRON"}:
            return top
        return next(
            (token for token in words if token.dep_ in SUBJECT and token.head not in words), top
        )


class Reference(Struct, frozen=True):
    """A place where somebody is meant."""

    token: Token
    role: str
    """What the words are to their verb: a dependency label."""
    sentence: int
    who: int
    """A chain; negative for somebody without a name."""
    form: str
    at: int
    """Where the token begins."""


class Told(NamedTuple):
    """Where the statements of a text stand: offsets, and the number of the statement."""

    sources: list[tuple[int, int, int]]
    """From where to where, in the order of the statements."""
    ends: list[tuple[int, int]]
    """Where each that has a source is over."""


def told(statements: Sequence[Statement]) -> Told:
    """Return where statements stand."""
    return Told(
        [(span.start, span.end, at) for at, each in enumerate(statements) for span in each.source],
        [
            (max(span.end for span in (*each.content, *each.cue, *each.source)), at)
            for at, each in enumerate(statements)
            if each.source
        ],
    )


class Apart(Struct, frozen=True):
    """Stretches of a text that stand apart from what is told around them, in its order."""

    quotes: Spans = ()
    brackets: Spans = ()
    """Whole sentences in brackets."""

    def quote(self, offset: int) -> Span | None:
        """The quotation that an offset lies in."""
        return _holding(self.quotes, offset)

    def bracket(self, offset: int) -> Span | None:
        """The sentences in brackets that an offset lies in."""
        return _holding(self.brackets, offset)


class Scene(Struct):
    """What has been met so far, reading from the start of the text."""

    chains: Sequence[Chain]
    statements: Sequence[Statement]
    told: Told
    gender: dict[int, Gender]
    apart: Apart = Apart()
    named: Mapping[int, tuple[int, bool]] = {}
    """Where the head of a name begins, its chain, and whether it is a subject."""
    references: list[Reference] = field(default_factory=list)


def brackets(text: str) -> Spans:
    """Sentences that stand in brackets of their own."""
    return tuple(Span(*match.span()) for match in _BRACKETS.finditer(text))


def _holding(spans: Spans, offset: int) -> Span | None:
    at = bisect_right(spans, offset, key=lambda span: span.start) - 1
    return spans[at] if at >= 0 and offset < spans[at].end else None


def heads(
    doc: Doc, mentions: Sequence[Mention], chains: Sequence[Chain]
) -> dict[int, tuple[int, str]]:
    """The head word of every mention of a chain: the chain, and the mention's form."""
    chain_of = {index: at for at, chain in enumerate(chains) for index in chain.mentions}
    found: dict[int, tuple[int, str]] = {}
    for index, mention in enumerate(mentions):
        words = doc.char_span(mention.span.start, mention.span.end, alignment_mode="expand")
        if words is not None and index in chain_of and mention.kind != "date":
            found.setdefault(words.root.i, (chain_of[index], mention.form))
    return found


def role(token: Token) -> str:
    """What a name is to its verb; appositions and pairs share it: `his aunt Ana Ruiz said`."""
    while token.dep_ in {"appos", "conj"} and token.head.pos_ in {"NOUN", "PROPN"}:
        token = token.head
    if token.dep_ in {"oprd", "dobj"} and token.head.dep_ == "acl":
        noun = token.head.head
        if named_so(noun) == token:
            token = noun
    return str(token.dep_)


def is_somebody(token: Token, known: Mapping[int, tuple[int, str]]) -> bool:
    """Whether a noun is one person without a name: `a witness`, as a subject `his father`."""
    word = token.lower_
    return (
        (word in WORDS.roles or noun_gender(word) != "" or _speaks_as_doer(token))
        and token.tag_ == "NN"
        and (token.dep_ in SUBJECT or any(c.lower_ in {"a", "an"} for c in token.children))
        and not any(child.dep_ == "appos" and child.i in known for child in token.children)
        and named_so(token) is None
    )


def _speaks_as_doer(token: Token) -> bool:
    """Whether a trade that no list has says something: `the roofer said`; a letter is no trade."""
    word = token.lower_
    return (
        word.endswith(_DOERS)
        and not word.endswith(_THINGS)
        and word not in WORDS.body_nouns
        and token.dep_ in SUBJECT
        and token.head.lemma_ in WORDS.saying
    )


def named_so(noun: Token) -> Token | None:
    """The name in `a worker named Ana Ruiz`."""
    for child in noun.children:
        if child.dep_ == "acl" and child.tag_ == "VBN" and child.lemma_ in {"name", "call"}:
            return next((each for each in child.children if each.dep_ in {"oprd", "dobj"}), None)
    return None


def noun_gender(word: str) -> Gender:
    """What a noun says by itself: `chairwoman`, `father`."""
    if word in WORDS.masculine_roles:
        return "m"
    return "f" if word in WORDS.feminine_roles else ""


def governor(pronoun: Token) -> Token | None:
    """The verb that reports the pronoun's clause: `told` in `Ana told Ben she would come`."""
    return pronoun.head.head if pronoun.head.dep_ == "ccomp" else None


def barred(scene: Scene, pronoun: Token) -> set[int]:
    """Whom the grammar forbids: what the same verb has beside it, and names below the pronoun."""
    if pronoun.dep_ == "poss" or pronoun.lower_.endswith("self"):
        return set()
    verb = pronoun.head.head if pronoun.dep_ == "pobj" else pronoun.head
    near = scene.references[-_NEAR:]
    found = {
        each.who
        for each in near
        if each.token.head == verb and each.token.dep_ in SUBJECT | OBJECT and each.token != pronoun
    }
    if pronoun.dep_ in OBJECT or pronoun.dep_ == "pobj":
        found |= {
            each.who
            for each in near
            if each.token.head == _sharing(verb) and each.token.dep_ in SUBJECT
        }
    if pronoun.dep_ in SUBJECT:
        first, last = verb.left_edge.i, verb.right_edge.i
        found |= {
            each.who
            for each in near
            if first <= each.token.i <= last
            and each.form != "pronoun"
            and each.token.i < pronoun.i
            and verb in each.token.ancestors
            and not _fronted(each.token, verb)
        }
    return found


def _sharing(verb: Token) -> Token:
    """The verb whose subject a verb without one has: `hit` in `Ana hit Ben, accusing him of …`.

    After a passive it is the event that leaves somebody little choice, not its subject.
    """
    start = verb
    while (
        verb.dep_ in {"conj", "advcl"}
        and verb.head.pos_ in {"VERB", "AUX"}
        and not any(child.dep_ in SUBJECT for child in verb.children)
        and (verb.dep_ == "conj" or verb.tag_ == "VBG")
    ):
        verb = verb.head
    passive = any(child.dep_ == "auxpass" for child in verb.children)
    return start if passive else verb


def _fronted(token: Token, verb: Token) -> bool:
    """Whether a word stands in an adverbial clause before its verb: `When Ana came, she …`."""
    return any(
        each.dep_ in {"advcl", "prep"} and each.head == verb for each in (token, *token.ancestors)
    )


def leads(reference: Reference) -> bool:
    """Whether it is a subject, or speaks through one: `the council` in `the council statement`."""
    token = reference.token
    return token.dep_ in SUBJECT or (
        token.dep_ in {"poss", "compound"}
        and token.head.dep_ in SUBJECT
        and circumstances.is_medium(token.head)
    )


def is_main(reference: Reference) -> bool:
    """Whether its clause is the sentence itself, not what somebody says in it."""
    if not leads(reference):
        return False
    verb = reference.token.head
    while verb.dep_ in SUBJECT or verb.dep_ == "conj":
        verb = verb.head
    return str(verb.dep_) == "ROOT"
