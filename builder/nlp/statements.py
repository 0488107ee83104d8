"""Who says what: cue, source and content of every statement, with the rule that found it."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Sequence
from importlib.resources import files

from spacy.tokens import Doc

from builder.model import Block, Span, Statement
from builder.nlp.tree import Tree, tree


def find(doc: Doc, blocks: Sequence[Block], *, unmarked: bool) -> list[Statement]:
    """Return the statements of a parsed text in text order; spans are of `doc.text`."""
    _ = unmarked
    seen = tree(doc, blocks)
    verbs = frozenset(words()["cues"]["speech"])
    found = []
    for cue, lemma in enumerate(seen.lemma):
        if lemma not in verbs or seen.pos[cue] != "VERB":
            continue
        contents = [c for c in seen.children[cue] if seen.dep[c] == "ccomp"]
        sources = [c for c in seen.children[cue] if seen.dep[c] == "nsubj"]
        if not contents:
            continue
        spans = [_trimmed(seen, seen.left[c], seen.right[c]) for c in contents[:1]]
        spans = [span for span in spans if span]
        if not spans or spans[0].contains(seen.span(cue, cue)):
            continue
        found.append(
            Statement(
                content=tuple(spans),
                cue=(seen.span(cue, cue),),
                source=tuple(seen.span(seen.left[s], seen.right[s]) for s in sources[:1]),
                form="indirect",
                rule="clause-of-cue",
                confidence=0.8,
            )
        )
    return sorted(found, key=lambda each: each.content)


@functools.cache
def words() -> dict[str, dict[str, list[str]]]:
    """Return the words of English that the finders know."""
    return tomllib.loads((files("builder.nlp") / "words_en.toml").read_text("utf-8"))


def _trimmed(seen: Tree, first: int, last: int) -> Span:
    return seen.span(first, last)
