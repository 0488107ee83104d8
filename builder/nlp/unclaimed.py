"""Quotations that nobody claims though a verb of saying and its subject stand right beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from builder.model import Span, Statement
from builder.nlp.lexicon import WORDS
from builder.nlp.tree import Tree

_SURE = 0.8
"""On the reports of PolNeAR's `train`, beyond what the networks find, six of seven are right."""
_LEAST = 3
"""Words that a quotation must have to be more than a term in quotation marks."""
_ENDS = frozenset('.!?:…”"')
_BETWEEN = 4
"""Tokens that may stand between a quotation and its verb: marks, and an adverb."""


def statements(tree: Tree, taken: Collection[Span]) -> Iterator[Statement]:
    """Yield quotations that overlap nothing of `taken` and whose speaker is beside them.

    That is `“…,” asked Ana Ruiz`, and a paragraph that is all quotation after one that ends with
    `Ana Ruiz wrote:`.
    """
    for speech in tree.speeches():
        pieces = [quote.outer for quote in speech]
        if any(piece.overlaps(span) for piece in pieces for span in taken):
            continue
        inside = [at for piece in pieces for at in tree.within(piece)]
        if sum(tree.words[at][:1].isalnum() for at in inside) < _LEAST:
            continue
        verb = _behind(tree, inside) if _begins(tree, inside[0]) else None
        if verb is None:
            verb = _before(tree, inside)
        if verb is None:
            continue
        who = _subject(tree, verb)
        last = tree.right[who]
        while last > who and tree.pos[last] == "PUNCT" and tree.words[last] not in ")]":
            last -= 1
        source = tree.span(tree.left[who], last)
        if any(source.overlaps(span) for span in pieces):
            continue
        yield Statement(
            content=tuple(pieces),
            cue=(tree.span(verb, verb),),
            source=(source,),
            form="direct",
            rule="beside-quote",
            confidence=_SURE,
        )


def _behind(tree: Tree, inside: list[int]) -> int | None:
    """The verb that stands after a quotation, or after the subject that stands there."""
    block = tree.block[inside[0]]
    for at in range(inside[-1] + 1, min(inside[-1] + 1 + _BETWEEN, len(tree.words))):
        if tree.block[at] != block or tree.quote[at] >= 0:
            return None
        if _says(tree, at):
            return at
        if tree.pos[at] not in {"PUNCT", "ADV", "SPACE"}:
            who = at
            while tree.dep[who] in {"compound", "det", "amod", "poss"}:
                who = tree.head[who]
            verb = tree.head[who]
            subject = _says(tree, verb) and _subject(tree, verb) == who
            return verb if subject and verb - tree.right[who] == 1 else None
    return None


def _before(tree: Tree, inside: list[int]) -> int | None:
    """The main verb of a block that ends with a colon or a comma, before one of quotation."""
    block = tree.blocks[tree.block[inside[0]]]
    number = tree.block[inside[0]] - 1
    if number < 0 or tree.start[inside[0]] != block.span.start:
        return None
    if tree.blocks[tree.block[inside[-1]]].span.end - tree.end[inside[-1]] > 1:
        return None
    before = tree.blocks[number].span
    if not tree.text[before.start : before.end].rstrip().endswith((":", ",")):
        return None
    last = tree.within(before)[-1]
    first, end = tree.sentences[tree.sentence[last]]
    root = next((at for at in range(first, end) if tree.head[at] == at), None)
    if root is None or tree.block[root] != number:
        return None
    verbs = [root, *(at for at in tree.children[root] if tree.dep[at] == "conj")]
    return next((at for at in reversed(verbs) if _says(tree, at)), None)


def _says(tree: Tree, at: int) -> bool:
    """Whether it is a verb of saying in the active voice that has its own subject."""
    if tree.pos[at] != "VERB" or tree.tag[at] == "VBG":
        return False
    if tree.words[at] not in WORDS.said and tree.lemma[at] not in WORDS.saying:
        return False
    passive = any(tree.dep[each] == "auxpass" for each in tree.children[at])
    return _subject(tree, at) >= 0 and not passive


def _subject(tree: Tree, verb: int) -> int:
    """The subject of a verb, or -1; behind a question the parse calls it an object."""
    for at in tree.children[verb]:
        person = tree.dep[at] in {"dobj", "dative"} and tree.entity[at] == "PERSON"
        if tree.dep[at] == "nsubj" or (person and at > verb):
            return at
    return -1


def _begins(tree: Tree, first: int) -> bool:
    """Whether a quotation begins a sentence, which the title of a broadcast does not."""
    block = tree.blocks[tree.block[first]].span
    before = tree.text[block.start : tree.start[first]].rstrip()
    return not before or before[-1] in _ENDS
