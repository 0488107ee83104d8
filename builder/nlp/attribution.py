"""Where the words of a source are not those of whoever speaks: quoting, noting, who and they."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import structs
from spacy.tokens import Doc, Token

from builder.model import Mention, Span, Spans, Statement
from builder.nlp import circumstances
from builder.nlp.descriptions import makes_somebody
from builder.nlp.lexicon import WORDS
from builder.nlp.references import OBJECT, SUBJECT, Roots, noun_gender

RELATIVE = frozenset({"who", "which", "that", "whom"})

_CITING = re.compile(r"(?:quoting|citing) [^,;:.]{3,100}, ")
_QUOTING = frozenset({"quote", "cite"})
_FACING = frozenset({"draw", "dodge", "face", "receive"})
_GOES_ON = frozenset({"add", "note"})
_NOUN = frozenset({"NOUN", "PROPN"})
_BACK = 1
"""Sentences back in which the group behind `they` is looked for."""


def settled(
    roots: Roots, text: str, mentions: Sequence[Mention], statements: Sequence[Statement]
) -> list[Statement]:
    """Give statements to whoever speaks where the finders took the words beside them.

    A paper that quotes an official is the medium, the official the source; who was told something
    did not say it; and what somebody said, `noting` or `adding` more, is never said by a thing that
    it is about. That somebody asked not to be named is no statement, but the reason why there is no
    name.
    """
    found = [
        _noted(
            roots,
            mentions,
            statements,
            _according(roots.doc, text, _told(roots, _quoted(roots, each))),
        )
        for each in statements
        if not circumstances.is_anonymity(text, each)
    ]
    sources = [(span.start, span.end, each) for each in found for span in each.source]
    return [each for each in found if not _only_names(each, sources)]


def _only_names(statement: Statement, sources: Sequence[tuple[int, int, Statement]]) -> bool:
    """Whether all that a statement says is whose another one is: `Reuters, citing officials`."""
    first = statement.content[0]
    others = [
        other
        for start, end, other in sources
        if start <= first.start and first.end <= end and other is not statement
    ]
    return any(
        all(any(source.contains(span) for source in other.source) for span in statement.content)
        for other in others
    )


def hearer(cue: Token) -> Token | None:
    """Who was told: the subject of a passive verb of telling, as in `the crew was told to wait`.

    In `the crew was stopped and told to wait` it is the subject of the first verb, in `asked
    whether it was true, Ruiz nodded` that of the verb beside it.
    """
    shared = cue.dep_ == "conj" and not any(child.dep_ in OBJECT for child in cue.children)
    if cue.lemma_ not in WORDS.telling or not (cue.tag_ == "VBN" or (shared and cue.tag_ == "VBD")):
        return None
    while cue.dep_ == "conj" and cue.head.tag_ == "VBN" and not _has_subject(cue):
        cue = cue.head
    if cue.lemma_ == "ask" and cue.dep_ == "acl":
        return cue.head
    if cue.lemma_ == "ask" and cue.dep_ == "advcl":
        return next((child for child in cue.head.children if child.dep_ in SUBJECT), None)
    if not any(child.dep_ == "auxpass" for child in cue.children):
        return None
    return next((child for child in cue.children if child.dep_ == "nsubjpass"), None)


def told_whom(cue: Token) -> Spans:
    """To whom it was said: the words behind the verb, or the subject of a passive."""
    if told := circumstances.addressee(cue):
        return told
    heard = hearer(cue)
    return () if heard is None else (circumstances.extent(heard),)


def _has_subject(verb: Token) -> bool:
    return any(child.dep_ in SUBJECT for child in verb.children)


def _may_speak(noun: Token) -> bool:
    """Whether `who` can be said of the noun before it: not of `back` in `a man at the back`."""
    if noun.ent_type_:
        return noun.ent_type_ == "PERSON"
    above = noun.head.head
    is_other = above.pos_ == "NOUN" and not above.ent_type_ and makes_somebody(above)
    return not is_other or noun.lower_ in WORDS.roles or makes_somebody(noun)


def antecedent(pronoun: Token) -> Token | None:
    """The noun that a relative pronoun is about, or what that noun is said of.

    In `Ana Ruiz is a pilot who …` that is the subject.
    """
    noun = pronoun.head.head
    if noun.pos_ not in _NOUN:
        return None
    if pronoun.lower_ == "who" and noun.dep_ == "pobj" and not _may_speak(noun):
        noun = noun.head.head
        if noun.pos_ not in _NOUN:
            return None
    if noun.pos_ == "PROPN" and noun.text[0].isupper():
        return noun
    if noun.dep_ == "appos" and noun.head.pos_ == "PROPN":
        return noun.head
    for named in noun.children:
        if named.dep_ == "appos" and named.pos_ == "PROPN" and named.i < pronoun.i:
            return named
    predicate = noun
    while predicate.dep_ in {"conj", "appos"} and predicate.head.pos_ in _NOUN:
        predicate = predicate.head
    verb = predicate.head
    if predicate.dep_ != "attr" or verb.lemma_ != "be":
        return noun
    while verb.dep_ == "conj" and not any(each.dep_ in SUBJECT for each in verb.children):
        verb = verb.head
    subjects = [each for each in verb.children if each.dep_ in SUBJECT]
    if subjects and subjects[0].tag_ in {"NNP", "PRP"} and subjects[0].lower_ != "it":
        return subjects[0]
    return noun


def group(pronoun: Token) -> Token | None:
    """The people that `they` means: the one plural subject of the sentence, or of those before."""
    doc, sentence = pronoun.doc, pronoun.sent
    end = pronoun.i
    for _ in range(_BACK + 1):
        subjects = [
            each
            for each in doc[sentence.start : end]
            if each.dep_ in SUBJECT and each.pos_ in _NOUN and each.head.dep_ in {"ROOT", "conj"}
        ]
        if subjects:
            plain = len(subjects) == 1 and subjects[0].tag_ == "NNS"
            return subjects[0] if plain else None
        if not sentence.start:
            return None
        end = sentence.start
        sentence = doc[end - 1].sent
    return None


def _told(roots: Roots, statement: Statement) -> Statement:
    """`The crew was told to wait, papers show`: the crew did not say so, and is no part of it.

    What somebody was asked is nobody's statement, where nobody is told to have asked.
    """
    cue, source = roots.of(statement.cue), roots.of(statement.source)
    if cue is None:
        return statement
    if source is not None and _faced(cue, source):
        return structs.replace(statement, source=(), act="unsaid")
    if (told := hearer(cue)) is None:
        return statement
    content = _without(statement.content, circumstances.extent(told)) or statement.content
    if source is not None and source not in {told, *told.subtree}:
        return structs.replace(statement, content=content)
    act = "unsaid" if cue.lemma_ == "ask" else statement.act
    return structs.replace(statement, source=(), content=content, act=act)


def _faced(cue: Token, source: Token) -> bool:
    """Whether the source is whom the words were put to: `Ruiz faced questions about the gate`."""
    return (
        cue.pos_ == "NOUN"
        and cue.dep_ in {"dobj", "pobj"}
        and any(verb.lemma_ in _FACING and source.head == verb for verb in cue.ancestors)
    )


def _without(spans: Spans, out: Span) -> Spans:
    """Spans without a stretch that one of them begins or ends with, and the blank beside it."""
    found = []
    for span in spans:
        start = out.end + 1 if span.start == out.start else span.start
        end = out.start - 1 if span.end == out.end else span.end
        if start < end:
            found.append(Span(start, end))
    return tuple(found)


def _according(doc: Doc, text: str, statement: Statement) -> Statement:
    """`According to Ana Ruiz, a guard was asleep`: the guard belongs to what she says.

    The parse takes him for her apposition; what is left of the content begins with its verb.
    """
    if statement.rule != "according-to" or len(statement.source) != 1:
        return statement
    statement = structs.replace(
        statement, content=tuple(_uncited(text, span) for span in statement.content)
    )
    source = statement.source[0]
    comma = text.find(", ", source.start, source.end)
    after = [at for at, span in enumerate(statement.content) if span.start > source.end]
    if comma < 0 or not after:
        return statement
    said = statement.content[after[0]]
    begins = doc.char_span(said.start, said.end, alignment_mode="expand")
    between = text[source.end : said.start]
    if begins is None or begins[0].pos_ not in {"AUX", "VERB"} or set(",;:\n") & set(between):
        return statement
    content = list(statement.content)
    content[after[0]] = Span(comma + 2, said.end)
    return structs.replace(statement, source=(Span(source.start, comma),), content=tuple(content))


def _uncited(text: str, span: Span) -> Span:
    """Without whom the source quotes: `According to the Courier, quoting a clerk, it rained`."""
    match = _CITING.match(text, span.start, span.end)
    return span if match is None else Span(match.end(), span.end)


def _quoted(roots: Roots, statement: Statement) -> Statement:
    """`…, the Courier reported, quoting a clerk`; `the Courier quoted a clerk as saying …`.

    And the passive, `a clerk was quoted by the Courier as saying …`.
    """
    cue = roots.of(statement.cue)
    if cue is None or not statement.source:
        return statement
    verbs = [
        each
        for each in cue.children
        if each.dep_ == "advcl" and each.tag_ == "VBG" and each.lemma_ in _QUOTING
    ]
    quotes = cue.lemma_ in _QUOTING and cue.tag_ in {"VBD", "VBZ", "VBP", "VBN"}
    if not quotes and not verbs:
        return statement
    saying, part = _as_saying(cue), "dobj"
    if quotes and saying is not None:
        verbs = [cue]
        passive = any(child.dep_ == "auxpass" for child in cue.children)
        part = "nsubjpass" if passive else "dobj"
    elif cue.lemma_ not in {"report", "say", "write"}:
        return statement
    spoke = [child for verb in verbs for child in verb.children if child.dep_ == part]
    if len(spoke) != 1 or not _can_speak(spoke[0]) or circumstances.is_document(spoke[0]):
        return statement
    if spoke[0].tag_ == "NNS" and spoke[0].lemma_.lower() not in WORDS.roles | WORDS.body_nouns:
        return statement  # `citing privacy rules`
    source = circumstances.extent(spoke[0])
    if saying is not None:
        after = saying.idx + len(saying) + 1
        content = tuple(
            Span(max(span.start, after), span.end) for span in statement.content if span.end > after
        )
    else:
        content = tuple(span for span in statement.content if not span.overlaps(source))
    if not content:
        return statement
    medium = () if source in statement.source else statement.source
    return structs.replace(statement, content=content, source=(source,), medium=medium)


def _as_saying(cue: Token) -> Token | None:
    for child in cue.subtree:
        if (
            child.lower_ == "saying"
            and child.head.lower_ == "as"
            and child.head.head
            in {
                cue,
                *cue.children,
            }
        ):
            return child
    return None


def _noted(
    roots: Roots, mentions: Sequence[Mention], statements: Sequence[Statement], statement: Statement
) -> Statement:
    """`Ana Ruiz said the talk was rude, noting that …`: Ana Ruiz notes it, the talk does not."""
    cue, source = roots.of(statement.cue), roots.of(statement.source)
    if cue is None or source is None or cue.tag_ != "VBG" or cue.lemma_ not in WORDS.saying:
        return statement
    speaks = _can_speak(source) or any(
        mention.span.start <= source.idx < mention.span.end for mention in mentions
    )
    if speaks and cue.lemma_ not in _GOES_ON:
        return statement
    for above in cue.ancestors:
        for other in statements:
            if (
                roots.of(other.cue) == above
                and other.source
                and other.source != statement.source
                and any(span.start <= source.idx < span.end for span in other.content)
            ):
                return structs.replace(statement, source=other.source)
    for above in cue.ancestors:
        if above.lemma_ in WORDS.saying and not speaks:
            subjects = [each for each in above.children if each.dep_ in SUBJECT]
            if subjects and subjects[0] != source:
                return structs.replace(statement, source=(circumstances.extent(subjects[0]),))
    return statement


def _can_speak(noun: Token) -> bool:
    """Whether the noun is somebody, or a body or document that people speak through."""
    lemma = noun.lemma_.lower()
    return (
        noun.pos_ in {"PROPN", "PRON", "NUM"}
        or noun.tag_ == "NNS"
        or bool({noun.lower_, lemma} & (WORDS.roles | WORDS.body_nouns))
        or noun_gender(lemma) != ""
        or circumstances.is_document(noun)
    )
