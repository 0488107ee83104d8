"""Descriptions that stand for somebody: `the spokeswoman`, `the company`, `the coalition`."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from spacy.tokens import Doc, Token

from builder.model import Chain, Mention, Span
from builder.nlp import circumstances
from builder.nlp.candidates import head_word
from builder.nlp.lexicon import WORDS


class Body(Struct, frozen=True):
    """An organisation that has a description for a name: `the Nordic coalition against whaling`."""

    noun: str
    name: str
    spans: tuple[Span, ...]
    """The full description first, then the places where the noun alone takes it up."""


def bodies(doc: Doc, text: str, mentions: Sequence[Mention], chains: Sequence[Chain]) -> list[Body]:
    """Find organisations known by a description that names somebody else in it.

    The noun must belong to one description alone, and to no organisation that has a name.
    """
    taken = {
        head_word(chain.name.split()).casefold() for chain in chains if chain.kind == "organisation"
    }
    named = [
        mention.span for mention in mentions if mention.form == "name" and mention.kind != "date"
    ]
    bodies_named = [
        mention.span
        for mention in mentions
        if mention.form == "name" and mention.kind == "organisation"
    ]
    full: dict[str, list[Span]] = {}
    short: dict[str, list[Span]] = {}
    for token in doc:
        noun = token.lower_
        if noun not in WORDS.body_nouns or token.tag_ not in {"NN", "NNS"}:
            continue
        if any(span.start <= token.idx < span.end for span in named) or not _definite(token):
            continue
        span = _described(doc, token)
        if _names_itself(token, bodies_named) or _of_somebody(token):
            continue
        words = text[span.start : span.end]
        if "\n" in words:
            continue
        if any(letter.isupper() for letter in words):
            full.setdefault(noun, []).append(span)
        elif _bare(token):
            short.setdefault(noun, []).append(Span(token.idx, token.idx + len(token)))
    return [
        Body(
            noun,
            " ".join(text[spans[0].start : spans[0].end].split()),
            (*spans, *short.get(noun, ())),
        )
        for noun, spans in full.items()
        if noun not in taken and len({text[s.start : s.end] for s in spans}) == 1
    ]


def matched(
    text: str, noun: Token, chains: Sequence[Chain], mentions: Sequence[Mention]
) -> int | None:
    """The one chain met before whose description or name is built on the noun; None if in doubt."""
    if not _definite(noun) or not _bare(noun) or noun.dep_ == "compound":
        return None
    word = noun.lower_
    found = [
        at
        for at, chain in enumerate(chains)
        if chain.mentions
        and min(mentions[index].span.start for index in chain.mentions) < noun.idx
        and _called(text, chain, word)
    ]
    return found[0] if len(found) == 1 else None


def _called(text: str, chain: Chain, word: str) -> bool:
    if chain.kind == "organisation":
        if word not in WORDS.body_nouns:
            return False
        return head_word(chain.name.split()).casefold() == word or any(
            word in text[span.start : span.end].casefold().split()[-3:]
            for span in chain.descriptions
        )
    if chain.kind != "person" or word not in WORDS.roles:
        return False
    return any(
        word in text[span.start : span.end].casefold().replace("-", " ").split()
        for span in chain.descriptions
    )


def _names_itself(token: Token, named: Sequence[Span]) -> bool:
    """Whether the body's own name stands before its noun: `the Lakeside militia`."""
    return any(
        child.dep_ in {"compound", "nmod"} and span.start <= child.idx < span.end
        for child in token.children
        for span in named
    )


def _of_somebody(token: Token) -> bool:
    """Whether it is a person's, who is named elsewhere: `the campaign of the former senator`."""
    return any(
        owner.lemma_.lower() in WORDS.roles
        for child in token.children
        if child.dep_ == "prep" and child.lower_ in {"of", "for"}
        for owner in child.children
    )


def _definite(token: Token) -> bool:
    """`the council`, and `council` in `the council statement`."""
    owner = token.head if token.dep_ == "compound" else token
    return any(child.dep_ == "det" and child.lower_ == "the" for child in owner.children)


def _bare(token: Token) -> bool:
    return all(child.dep_ in {"det", "punct", "relcl", "case"} for child in token.children)


def _described(doc: Doc, token: Token) -> Span:
    """The noun with what stands before it and its first phrase, without the article."""
    whole = circumstances.extent(token)
    span = doc.char_span(whole.start, whole.end)
    if span is None:
        return whole
    start = next((t.idx for t in span if t.dep_ != "det" or t.head != token), whole.start)
    return Span(start, whole.end)
