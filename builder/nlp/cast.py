"""Everybody a text has, and which of its words stand for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, structs
from spacy.tokens import Doc, Token

from builder.model import Chain, Mention
from builder.nlp.lexicon import WORDS
from builder.nlp.references import Roots


class Cast(Struct):
    """Everybody the text has, and where."""

    doc: Doc
    text: str
    mentions: list[Mention]
    chains: list[Chain]
    roots: Roots
    chain_of: dict[int, int] = {}
    """Mention → chain."""
    at: dict[int, int] = {}
    """Start of a pronoun or noun → chain."""
    described: Mapping[int, Token] = {}
    """Start of a pronoun → the noun of somebody without a name."""


def chain_at(cast: Cast, token: Token) -> int | None:
    """The chain that a word stands for, as a pronoun, a name, or the noun of a described body."""
    if token.idx in cast.at:
        return cast.at[token.idx]
    index = mention_at(cast, token)
    if index is not None:
        return cast.chain_of.get(index)
    for noun, at in _taken_up(cast).items():
        if token.lower_ == noun:
            return at
    return None


def mention_at(cast: Cast, token: Token) -> int | None:
    """The mention of an entity that the word stands in."""
    for index, mention in enumerate(cast.mentions):
        if mention.kind != "date" and mention.span.start <= token.idx < mention.span.end:
            if mention.form == "nominal" and mention.kind == "place":
                continue
            return index
    return None


def head_noun(name: str) -> str:
    """The noun a description is built on: `coalition` of `Nordic coalition against whaling`."""
    words = name.split()
    for index, word in enumerate(words):
        if index and word.islower() and word not in WORDS.body_nouns:
            return words[index - 1]
    return words[-1]


def add(mentions: list[Mention], chains: list[Chain], found: Sequence[tuple[Mention, int]]) -> None:
    """Put mentions at the end and into their chains."""
    for mention, who in found:
        chains[who] = structs.replace(chains[who], mentions=(*chains[who].mentions, len(mentions)))
        mentions.append(mention)


def in_order(
    mentions: Sequence[Mention], chains: Sequence[Chain]
) -> tuple[list[Mention], list[Chain]]:
    """Mentions in text order, chains with the new numbers."""
    order = sorted(range(len(mentions)), key=lambda index: (mentions[index].span, index))
    place = {old: new for new, old in enumerate(order)}
    return [mentions[old] for old in order], [
        structs.replace(
            chain,
            mentions=(
                place[chain.mentions[0]],
                *sorted(place[index] for index in chain.mentions[1:]),
            ),
        )
        for chain in chains
    ]


def _taken_up(cast: Cast) -> Mapping[str, int]:
    """The nouns of described organisations, and their chains."""
    return {
        head_noun(chain.name): at
        for at, chain in enumerate(cast.chains)
        if chain.kind == "organisation"
        and all(cast.mentions[index].form != "name" for index in chain.mentions)
    }
