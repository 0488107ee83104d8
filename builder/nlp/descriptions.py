"""What the text calls somebody beside the name: titles before it, appositions on either side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from spacy.tokens import Doc, Token
from spacy.tokens import Span as Words

from builder.model import Span, Spans
from builder.nlp.lexicon import WORDS

_NO_TITLE = frozenset({"ADP", "AUX", "CCONJ", "DET", "PRON", "SCONJ", "VERB"})
_ARTICLES = frozenset({"a", "an", "the"})
_MAKERS = ("er", "or", "ist", "ian", "man", "woman", "ant", "ent", "ee", "ive", "ic", "ary", "al")
"""How nouns for people end, as far as the list of roles does not hold them."""
_LONGEST = 14
"""Tokens. A longer apposition tells a story."""


def described(doc: Doc, names: Sequence[Span]) -> Spans:
    """The titles and appositions of the names of one entity, in text order, none inside another."""
    found: list[Span] = []
    for name in names:
        words = doc.char_span(name.start, name.end, alignment_mode="contract")
        if words is not None and len(words):
            found.extend(
                each for each in of(doc, words) if not any(each.overlaps(k) for k in found)
            )
    return tuple(sorted(found))


def of(doc: Doc, words: Words) -> list[Span]:
    """The title before one name and the appositions on either side of it."""
    head = words.root
    found = [_span(doc, first, last) for first, last in _appositions(head, words)]
    if (title := _title(doc, head, words)) is not None:
        found.append(title)
    return sorted(found)


def _appositions(head: Token, words: Words) -> Iterable[tuple[int, int]]:
    for child in head.children:
        if child.dep_ == "appos" and child.i >= words.end and _describes(child, head):
            yield _trimmed(child, child.left_edge.i, child.right_edge.i)
    if head.dep_ == "appos" and head.head.i < words.start and _describes(head.head, head):
        first = head.head.left_edge.i
        last = words.start - 1
        while last > first and head.doc[last].is_punct:
            last -= 1
        if last - first < _LONGEST:
            yield first, last


def _describes(noun: Token, name: Token) -> bool:
    """Whether an apposition can be what a name is: for a person, a noun for people."""
    if noun.pos_ != "NOUN" or any(t.is_quote for t in noun.subtree):
        return False
    if name.ent_type_ != "PERSON":
        return True
    return noun.lower_ in WORDS.roles or noun.lower_.endswith(_MAKERS)


def _trimmed(noun: Token, first: int, last: int) -> tuple[int, int]:
    """Without a relative clause, and no longer than a line."""
    for child in noun.children:
        if child.dep_ in {"relcl", "acl", "appos", "advcl"} and child.left_edge.i > noun.i:
            last = min(last, child.left_edge.i - 1)
    doc = noun.doc
    last = min(last, first + _LONGEST)
    while last > noun.i and (
        doc[last].is_punct
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
        if token.pos_ in _NO_TITLE or token.is_space or token.is_quote or token.text == ",":
            first = token.i + 1
    if first > last or not is_role(doc[last]):
        return None
    return _span(doc, first, last)


def is_role(token: Token) -> bool:
    """Whether the word is an office, a rank or what somebody does."""
    return token.lower_ in WORDS.roles or token.text.rstrip(".") in WORDS.titles


def _span(doc: Doc, first: int, last: int) -> Span:
    return Span(doc[first].idx, doc[last].idx + len(doc[last]))
