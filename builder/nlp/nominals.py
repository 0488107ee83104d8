"""Descriptions that stand for somebody: `the spokeswoman`, `the company`, `the coalition`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import inf

from msgspec import Struct
from spacy.tokens import Doc, Token

from builder.model import Chain, Mention, Span, Statement
from builder.nlp import circumstances
from builder.nlp.candidates import head_word
from builder.nlp.lexicon import WORDS
from builder.nlp.tree import Tree

_BESIDE = 60
"""Characters behind a title in which the text says of what: `Governor Ana Ruiz of Norvik`."""
_LESSER = frozenset({"vice", "deputy", "former", "assistant", "ex", "lieutenant", "associate"})
_OWNED_BODIES = frozenset({"campaign", "government", "foundation"})
_BY_THEMSELVES = frozenset(
    {"army", "court", "forces", "government", "parliament", "police", "senate"}
)
"""Bodies of which a country or a town has one, so that nothing before need have told which."""
_A = frozenset({"a", "an", "another", "one"})
_BUSINESSES = frozenset({"company", "firm"})
_APART = "\n\n"
"""What stands between two paragraphs."""
_POSSESSIVE = re.compile(r"[’']s?(?= |$)")
_ONE_WORD = re.compile(r"(?:[’']s?)? [a-z]+")


class Body(Struct, frozen=True):
    """An organisation that has a description for a name: `the Nordic coalition against whaling`."""

    noun: str
    name: str
    spans: tuple[Span, ...]
    """The full description first, then the places where the noun alone takes it up."""


def add_bodies(
    doc: Doc,
    seen: Tree,
    mentions: list[Mention],
    chains: list[Chain],
    statements: Sequence[Statement],
) -> None:
    """Add chains for organisations known by a description, if one of their places is a source."""
    sources = [span for each in statements for span in each.source]
    for body in bodies(doc, seen, mentions, chains):
        if any(source.overlaps(span) for source in sources for span in body.spans):
            start = len(mentions)
            mentions.extend(Mention(span, "organisation", "nominal") for span in body.spans)
            chains.append(Chain(tuple(range(start, len(mentions))), "organisation", body.name))


def bodies(
    doc: Doc, seen: Tree, mentions: Sequence[Mention], chains: Sequence[Chain]
) -> list[Body]:
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
    full: dict[str, dict[str, list[Span]]] = {}
    short: dict[str, list[Span]] = {}
    text = seen.text
    for at, (noun, tag) in enumerate(zip(seen.words, seen.tag, strict=True)):
        if noun not in WORDS.body_nouns or tag not in {"NN", "NNS"}:
            continue
        token = doc[at]
        if any(span.start <= token.idx < span.end for span in named):
            continue
        if not _definite(token) and not _has_owner(token, named):
            continue
        span = _described(doc, token)
        if _names_itself(token, bodies_named) or _of_somebody(token):
            continue
        words = " ".join(text[span.start : span.end].split())
        if "\n" in text[span.start : span.end]:
            continue
        if any(letter.isupper() for letter in words):
            full.setdefault(noun, {}).setdefault(_name_key(words), []).append(span)
        elif _bare(token):
            short.setdefault(noun, []).append(Span(token.idx, token.idx + len(token)))
    return [
        Body(
            noun,
            " ".join(text[spans[0].start : spans[0].end].split()),
            (*spans, *(short.get(noun, ()) if len(called) == 1 else ())),
        )
        for noun, called in full.items()
        if noun not in taken
        for spans in called.values()
        if len(called) == 1 or _owned(text, spans[0], named)
    ]


def _name_key(words: str) -> str:
    """`Solheim’s campaign` and `Solheim campaign` are one."""
    return _POSSESSIVE.sub("", words)


def _owned(text: str, span: Span, named: Sequence[Span]) -> bool:
    """Whether a description is a name and the noun, so that no other body can be meant."""
    return any(
        each.start == span.start and _ONE_WORD.fullmatch(text[each.end : span.end]) is not None
        for each in named
    )


def met(chains: Sequence[Chain], mentions: Sequence[Mention]) -> list[float]:
    """Where each chain is met first; infinity for one without mentions."""
    return [
        min((mentions[index].span.start for index in chain.mentions), default=inf)
        for chain in chains
    ]


def matched(
    text: str,
    noun: Token,
    chains: Sequence[Chain],
    mentions: Sequence[Mention],
    starts: Sequence[float],
) -> int | None:
    """The one chain met before whose description or name is built on the noun; None if in doubt.

    A description with more to it (`the Lakeland senator`) must say what the earlier one says.
    `starts` are what `met` says.
    """
    if not _definite(noun) or noun.dep_ == "compound":
        return None
    word = noun.lower_
    more = _modifiers(noun)
    if more is None or (more and word not in WORDS.roles):
        return None
    found = [
        at
        for at, chain in enumerate(chains)
        if starts[at] < noun.idx and _called(text, chain, word, more)
    ]
    if not found and word in _BUSINESSES and not more:
        return _only_business(text, noun, chains, mentions)
    return found[0] if len(found) == 1 else None


def _only_business(
    text: str, noun: Token, chains: Sequence[Chain], mentions: Sequence[Mention]
) -> int | None:
    """The one organisation that its paragraph names before it, and that `the company` can be.

    One that says by its name what it is, and that is something else, cannot be: a union, a board.
    """
    paragraph = text.rfind(_APART, 0, noun.idx) + 1
    found = [
        at
        for at, chain in enumerate(chains)
        if chain.kind == "organisation"
        and WORDS.body_nouns.isdisjoint(chain.name.casefold().split())
        and any(paragraph < mentions[index].span.end <= noun.idx for index in chain.mentions)
    ]
    return found[0] if len(found) == 1 else None


def points_back(text: str, noun: Token, mentions: Sequence[Mention]) -> bool:
    """Whether the words of a source take up somebody met before who may well have a name.

    `the judge` and `the company` do where no judge and no company without a name came before, and
    a person or an organisation with a name did; `both` does where two people have names, and
    `this newspaper` always: it is the one that prints it.
    """
    if noun.lower_ in WORDS.body_nouns and any(each.lower_ == "this" for each in noun.children):
        return True
    kind = "organisation" if noun.lower_ in WORDS.body_nouns else "person"
    before = {
        text[each.span.start : each.span.end]
        for each in mentions
        if each.form == "name" and each.kind == kind and each.span.end <= noun.idx
    }
    if noun.lower_ == "both":
        return len(before) > 1
    is_somebody = noun.lower_ in WORDS.body_nouns - _BY_THEMSELVES or noun.lower_ in WORDS.roles
    return bool(
        is_somebody
        and noun.tag_ == "NN"
        and before
        and _takes_up(noun)
        and not any(map(_brings_in, _same_before(noun)))
    )


def _takes_up(noun: Token) -> bool:
    articles = {child.lower_ for child in noun.children if child.dep_ == "det"}
    return _bare(noun) and not articles.isdisjoint({"the", "this", "that"})


def _same_before(noun: Token) -> list[Token]:
    return [token for token in noun.doc[: noun.i] if token.lemma_.lower() == noun.lemma_.lower()]


def _brings_in(noun: Token) -> bool:
    """Whether a noun is how somebody without a name comes in: `a judge in Porto`."""
    articles = {child.lower_ for child in noun.children if child.dep_ in {"det", "nummod"}}
    named = any(t.pos_ == "PROPN" for t in noun.children if t.dep_ in {"appos", "compound"})
    return noun.dep_ not in {"appos", "attr"} and not named and not articles.isdisjoint(_A)


def _modifiers(noun: Token) -> frozenset[str] | None:
    """The words directly before a noun, without its article; None if anything else hangs on it."""
    found: set[str] = set()
    for child in noun.children:
        if child.dep_ in {"compound", "amod", "nmod"} and child.i < noun.i:
            found |= {token.lower_ for token in child.subtree if not token.is_punct}
        elif child.dep_ not in {"det", "punct", "relcl", "case"}:
            return None
    return frozenset(found)


def _called(text: str, chain: Chain, word: str, more: frozenset[str]) -> bool:
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
        _says(_words(text[span.start : span.end]), word, more)
        and more <= set(_words(text[span.start : span.end + (_BESIDE if more else 0)]))
        for span in chain.descriptions
    )


def _words(description: str) -> list[str]:
    words = description.replace("-", " ").split()
    short = (WORDS.short_titles.get(each.rstrip(".,"), each.rstrip(".,")) for each in words)
    return [each.casefold() for each in short]


def _says(words: Sequence[str], word: str, more: frozenset[str]) -> bool:
    """Whether a description has a noun of its own: no vice-president is the president."""
    return any(
        each == word and not (at and words[at - 1] in _LESSER - more)
        for at, each in enumerate(words)
    )


def _names_itself(token: Token, named: Sequence[Span]) -> bool:
    """Whether the body's own name stands beside its noun: `the Lakeside militia`.

    A noun that is only part of a thing's name (`the message board`) is no body either.
    """
    if any(c.dep_ == "compound" and c.lower_ in WORDS.media for c in token.children):
        return True
    beside = [child for child in token.children if child.dep_ in {"compound", "nmod", "appos"}]
    if token.dep_ in {"appos", "compound", "nmod"} and token.head.i > token.i:
        beside.append(token.head)
    return any(span.start <= child.idx < span.end for child in beside for span in named)


def _has_owner(token: Token, named: Sequence[Span]) -> bool:
    """`Solheim’s campaign`: a campaign, an office or a party is known by whose it is."""
    return token.lower_ in _OWNED_BODIES and any(
        child.dep_ in {"poss", "nmod", "compound"} and span.start <= child.idx < span.end
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
    end = span[-2].idx + len(span[-2]) if len(span) > 1 and span[-1].tag_ == "POS" else whole.end
    return Span(start, end)
