"""Quotations that a set phrase gives to somebody: `in Ana Ruiz's words`, `as Ana Ruiz put it`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from builder.model import Span, Statement
from builder.nlp.tree import Tree

_SURE = 0.9
_WORDS = frozenset({"words", "phrase"})
_IN = frozenset({"in", "use", "quote", "borrow", "using", "quoting", "borrowing"})
_BETWEEN = 2
"""Marks that may stand between the phrase and the quotation."""


class _Phrase(NamedTuple):
    """Whose words it announces, and from which token to which it reaches."""

    cue: int
    who: int
    first: int
    last: int


def statements(tree: Tree) -> list[Statement]:
    """Return the quotations that stand beside such a phrase, in text order."""
    return [
        Statement(
            content=(quote,),
            cue=(tree.span(phrase.cue, phrase.cue),),
            source=(_source(tree, phrase.who),),
            form="mixed",
            rule="in-words-of",
            confidence=_SURE,
        )
        for phrase in _phrases(tree)
        if (quote := _beside(tree, phrase)) is not None
    ]


def _phrases(tree: Tree) -> Iterator[_Phrase]:
    for at, word in enumerate(tree.words):
        if tree.quote[at] >= 0:
            continue
        if word in _WORDS:
            yield from _in_words(tree, at)
        elif tree.lemma[at] == "put":
            yield from _as_put(tree, at)


def _in_words(tree: Tree, noun: int) -> Iterator[_Phrase]:
    """`in Ana Ruiz's words`, `in the words of Ana Ruiz`, `to use Ana Ruiz's words`."""
    over = tree.head[noun]
    if tree.words[over] not in _IN or over > noun:
        return
    first = over - 1 if over and tree.words[over - 1] == "to" else over
    for child in tree.children[noun]:
        if tree.dep[child] == "poss":
            yield _Phrase(noun, child, first, noun)
        elif tree.words[child] == "of" and child == noun + 1:
            for who in tree.children[child]:
                yield _Phrase(noun, who, first, _last(tree, who))


def _as_put(tree: Tree, verb: int) -> Iterator[_Phrase]:
    """`as Ana Ruiz put it`."""
    parts = {tree.words[child]: child for child in tree.children[verb]}
    who = next((each for each in tree.children[verb] if tree.dep[each] == "nsubj"), None)
    if who is not None and "it" in parts and "as" in parts and parts["as"] < who:
        yield _Phrase(verb, who, parts["as"], parts["it"])


def _beside(tree: Tree, phrase: _Phrase) -> Span | None:
    """The quotation before or behind a phrase, with no more than a mark between."""
    for quote in tree.quotes:
        within = tree.within(quote.outer)
        if not within or tree.block[within[0]] != tree.block[phrase.cue]:
            continue
        ahead = within[-1] < phrase.first
        gap = range(within[-1] + 1, phrase.first) if ahead else range(phrase.last + 1, within[0])
        if (ahead or within[0] > phrase.last) and _close(tree, gap):
            return quote.outer
    return None


def _close(tree: Tree, gap: range) -> bool:
    return len(gap) <= _BETWEEN and not any(map(tree.spoken, gap))


def _source(tree: Tree, who: int) -> Span:
    """The words for somebody, without the ending of the genitive and what follows it."""
    last = _last(tree, who)
    return tree.span(tree.left[who], last - (tree.tag[last] == "POS"))


def _last(tree: Tree, who: int) -> int:
    """The last word of somebody's name or description, before any mark."""
    last = who
    while last < tree.right[who] and tree.spoken(last + 1) and tree.quote[last + 1] < 0:
        last += 1
    return last
