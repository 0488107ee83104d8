"""Parsed texts by hand: a table with a line a word, so that a rule is tested without a model."""

from __future__ import annotations

import spacy
from spacy.tokens import Doc

from builder.model import Block, BlockKind, Span
from builder.nlp.tree import Tree, tree

_VOCAB = spacy.blank("en").vocab


def table(lines: str) -> Doc:
    """Make a text of lines `word head dep pos`: the head is its line number, from 1.

    A fifth column is the lemma, else the word in lower case. A word that begins with `_` has no
    blank before it. `---` ends a paragraph; line numbers go on.
    """
    rows = [line.split() for line in lines.splitlines() if line.strip()]
    words, heads, deps, tags, lemmas, spaces = [], [], [], [], [], []
    for row in rows:
        if row == ["---"]:
            words.append("\n\n")
            heads.append(len(words) - 1)
            deps.append("dep")
            tags.append("SPACE")
            lemmas.append("\n\n")
            if spaces:
                spaces[-1] = False
            spaces.append(False)
            continue
        glued = row[0].startswith("_")
        if glued and spaces:
            spaces[-1] = False
        words.append(row[0][glued:])
        heads.append(int(row[1]) - 1)
        deps.append(row[2])
        tags.append(row[3])
        lemmas.append(row[4] if len(row) > 4 else row[0][glued:].lower())
        spaces.append(True)
    return Doc(_VOCAB, words=words, spaces=spaces, heads=heads, deps=deps, pos=tags, lemmas=lemmas)


def planted(lines: str, kind: BlockKind = "paragraph") -> Tree:
    """Return the tree of a table, each of its paragraphs a block of a kind."""
    doc = table(lines)
    found, at = [], 0
    for piece in doc.text.split("\n\n"):
        found.append(Block(Span(at, at + len(piece.rstrip())), kind))
        at += len(piece) + 2
    return tree(doc, found)
