"""What the text calls somebody beside the name: titles before it, appositions on either side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from spacy.tokens import Doc, Token
from spacy.tokens import Span as Words

from builder.model import Kind, Span, Spans
from builder.nlp.lexicon import WORDS

_NO_TITLE = frozenset({"ADP", "AUX", "CCONJ", "DET", "PRON", "SCONJ", "VERB"})
_HANGING = frozenset({"ADP", "ADV", "CCONJ", "DET", "SCONJ"})
_NOT_THIS = frozenset({"no", "not", "one", "another", "some", "any", "either"})
_DASHES = frozenset({"-", "--", "–", "—"})
_OF_OFFICE = frozenset({"former", "deputy", "acting", "then", "interim", "senior", "chief"})
_OWNERS = frozenset({"my", "our", "your", "his", "her", "its", "their"})
_SUBJECT = frozenset({"nsubj", "nsubjpass"})
_ARTICLES = frozenset({"a", "an", "the"})
_MAKERS = ("er", "or", "ist", "ian", "man", "woman", "ant", "ent", "ee", "ive", "ic", "ary", "al")
"""How nouns for people end, as far as the list of roles does not hold them."""
_LONGEST = 14
"""Tokens. A longer apposition tells a story."""


def described(doc: Doc, text: str, names: Sequence[Span], kind: Kind) -> Spans:
    """The titles and appositions of the names of one entity, in text order, none inside another.

    Only people and organisations have any: what stands beside a place or a work is as a rule said
    of something else.
    """
    if kind not in {"person", "organisation"}:
        return ()
    found: list[Span] = []
    for name in names:
        words = doc.char_span(name.start, name.end, alignment_mode="contract")
        if words is not None and len(words):
            found.extend(
                alone
                for each in of(doc, words, kind)
                if (alone := _standing_alone(text, each)) is not None
                and not any(alone.overlaps(k) for k in found)
            )
    return tuple(sorted(found))


def _standing_alone(text: str, span: Span) -> Span | None:
    """A description that can be read without its sentence.

    Whose it is, a pronoun says there only: `its chief executive` is cut, `his rival` says nothing.
    """
    words = text[span.start : span.end]
    first, _, rest = words.partition(" ")
    if first.lower() in _OWNERS:
        nouns = {word.strip(",.").lower() for word in rest.split()}
        if not rest or nouns & WORDS.relations:
            return None
        span = Span(span.end - len(rest.lstrip()), span.end)
    if (span.start and text[span.start - 1] == "-") or text[span.end : span.end + 1] == "-":
        return None
    return span


def of(doc: Doc, words: Words, kind: Kind = "person") -> list[Span]:
    """The title before one name and the appositions on either side of it."""
    head = words.root
    if kind == "organisation":
        return [_span(doc, first, last) for first, last in _of_body(head, words)]
    found = [_span(doc, first, last) for first, last in _appositions(head, words)]
    if (title := _title(doc, head, words)) is not None:
        found = [_short_of(doc.text, each, title) for each in found]
        found.append(title)
    return sorted(found)


def _short_of(text: str, span: Span, title: Span) -> Span:
    """An apposition without the title at its end: `the union’s leader, Dr.`."""
    if span.end != title.end or span.start >= title.start:
        return span
    return Span(span.start, len(text[: title.start].rstrip(" ,")))


def _of_body(head: Token, words: Words) -> Iterable[tuple[int, int]]:
    """`, a charity for sailors` behind the name, `the Danish newspaper` directly before it."""
    if _among_others(head):
        return
    doc = head.doc
    for child in head.children:
        if child.dep_ == "appos" and child.i >= words.end and _is_body(child):
            first, last = _trimmed(child, child.left_edge.i, child.right_edge.i)
            if (
                _is_apart(doc, words.end, first)
                and doc[first].lower_ in {"a", "an"}
                and last - first > 1
            ):
                yield first, last
    noun = head.head
    if head.dep_ == "appos" and noun.i == words.start - 1 and _is_body(noun):
        first = noun.left_edge.i
        if doc[first].lower_ in _ARTICLES and 1 < noun.i - first < _LONGEST:
            yield first, noun.i


def _is_body(noun: Token) -> bool:
    """Whether a noun can say what an organisation is: one, and no owner's (`its rival`)."""
    return (
        noun.tag_ == "NN"
        and (noun.lower_ in WORDS.body_nouns or noun.lower_ in WORDS.body_descriptions)
        and not any(t.is_quote for t in noun.subtree)
        and not any(
            child.dep_ in {"poss", "nummod", "neg"} or child.lower_ == "one"
            for child in noun.children
        )
    )


def _among_others(name: Token) -> bool:
    """Whether the name is one of several, of which nobody can say whom an apposition means."""
    return name.dep_ == "conj" or any(child.dep_ == "conj" for child in name.children)


def _is_apart(doc: Doc, end: int, first: int) -> bool:
    """Whether only a comma or dash, and an acronym in brackets, stand between."""
    between = doc[end:first].text
    return (
        re.fullmatch(r"(?:[’']s?)?[\"”]?\s*(?:\([A-Z][\w.&-]*\))?\s*(?:,|-+|–|—)\s*", between)
        is not None
    )


def _appositions(head: Token, words: Words) -> Iterable[tuple[int, int]]:
    doc = head.doc
    several = any(child.dep_ == "conj" for child in head.children)
    for child in head.children:
        if child.dep_ == "appos" and child.i >= words.end and not several and _describes(child):
            first, last = _trimmed(child, child.left_edge.i, child.right_edge.i)
            between = doc[words.end : first].text
            told = ":" not in between and between.count("(") <= between.count(")")
            if told and (head.dep_ in _SUBJECT or _ends(child)):
                yield first, last
    if head.dep_ == "appos" and head.head.i < words.start and _describes(head.head):
        first = head.head.left_edge.i
        last = words.start - 1
        while last > head.head.i and (doc[last].is_punct or doc[last].pos_ in _HANGING):
            last -= 1
        if last - first < _LONGEST and ":" not in doc[last : words.start].text:
            yield first, last


def _ends(noun: Token) -> bool:
    """Whether an apposition is over before a verb comes.

    In `According to Ana Ruiz, a guard was asleep` the guard is somebody else.
    """
    after = noun.right_edge.i + 1
    return after >= len(noun.doc) or noun.doc[after].pos_ not in {"AUX", "VERB"}


def _describes(noun: Token) -> bool:
    """Whether an apposition can be what a person is: a noun for one of the people, no number."""
    word = noun.lower_
    if noun.pos_ == "PROPN":
        known = word in WORDS.roles or noun.text in WORDS.partisans
    else:
        known = word in WORDS.roles or makes_somebody(noun)
    return (
        known
        and noun.pos_ in {"NOUN", "PROPN"}
        and noun.tag_ not in {"NNS", "NNPS"}
        and not any(t.is_quote for t in noun.subtree)
        and not any(
            child.i < noun.i and (child.lower_ in _NOT_THIS or child.dep_ == "nummod")
            for child in noun.children
        )
    )


def makes_somebody(noun: Token) -> bool:
    """Whether a noun ends as nouns for people do: `mediator`, `independent`."""
    return noun.text.islower() and noun.lower_.endswith(_MAKERS)


def _trimmed(noun: Token, first: int, last: int) -> tuple[int, int]:
    """Without a relative clause, and no longer than a line."""
    for child in noun.children:
        if child.dep_ in {"relcl", "acl", "appos", "advcl"} and child.left_edge.i > noun.i:
            last = min(last, child.left_edge.i - 1)
    doc = noun.doc
    if doc[first].is_punct or doc[first].pos_ == "ADP":
        own = [
            child.i for child in noun.children if child.dep_ in {"det", "amod", "compound", "poss"}
        ]
        first = min([noun.i, *(doc[at].left_edge.i for at in own if at < noun.i)])
    for token in doc[noun.i + 1 : last + 1]:
        if token.dep_ == "relcl" and token.left_edge.i > noun.i:
            last = min(last, token.left_edge.i - 1)
    last = min(last, first + _LONGEST)
    while last > noun.i and last + 1 < len(doc) and doc[last + 1].ent_iob_ == "I":
        last -= 1
    for token in doc[noun.i + 1 : last + 1]:
        if token.text == "(" and not any(each.text == ")" for each in doc[token.i : last + 1]):
            last = token.i - 1
            break
    while last > noun.i and (
        (doc[last].is_punct and doc[last].text != ")")
        or doc[last].is_space
        or doc[last].pos_ in _NO_TITLE
        or doc[last].lower_ in _ARTICLES
    ):
        last -= 1
    return first, last


def _title(doc: Doc, head: Token, words: Words) -> Span | None:
    """`Coalition spokesman` before a person's name: ends in a role or title, honorifics cut."""
    first = head.left_edge.i
    last = words.start - 1
    if words.start - first > _LONGEST:
        return None
    while last >= first and (doc[last].text.rstrip(".") in WORDS.honorifics or doc[last].is_punct):
        last -= 1
    while last > first and doc[last].text[0].isupper() and doc[last - 1].text in WORDS.roles:
        last -= 1
    for token in doc[first : last + 1]:
        named = token.ent_iob_ == "I" and token.ent_type_ == "ORG"
        if (
            (token.pos_ in _NO_TITLE and not named)
            or token.is_space
            or token.is_quote
            or token.text == ","
            or (token.text in _DASHES and doc[token.i - 1].whitespace_)
        ):
            first = token.i + 1
    while first < last and doc[last].text[0].isupper() and _only_praises(doc[first]):
        first += 1
    if first > last or not is_role(doc[last]) or doc[last].text.rstrip(".") in WORDS.qualifiers:
        return None
    return _span(doc, first, last)


def _only_praises(token: Token) -> bool:
    """Whether a word before a title is no part of it: `the powerful Chancellor`."""
    return token.pos_ == "ADJ" and token.text.islower() and token.text not in _OF_OFFICE


def is_role(token: Token) -> bool:
    """Whether the word is an office, a rank or what somebody does."""
    return token.lower_ in WORDS.roles or token.text.rstrip(".") in WORDS.titles


def _span(doc: Doc, first: int, last: int) -> Span:
    end = doc[last].idx + len(doc[last])
    after = doc[last + 1] if last + 1 < len(doc) else None
    short = doc[last].text in WORDS.short_titles and after is not None and after.text == "."
    return Span(doc[first].idx, end + (short and not doc[last].whitespace_))
