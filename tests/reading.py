"""Fixtures that a reporter can review, and texts read by the real language model."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from spacy.tokens import Doc

from builder.model import Block, Chain, Mention, Span, Statement
from builder.nlp import dateline
from builder.nlp.pipeline import load
from builder.nlp.tree import Tree, tree
from builder.settings import NlpSettings

FIXTURES = Path(__file__).parent / "fixtures"
_BRACKETS = re.compile(r"[\[\]{}<>]")


class Marked(NamedTuple):
    """A text in which a person marked [source], {cue} and <content> of each statement."""

    text: str
    statements: list[Statement]


def cases(name: str) -> list[object]:
    """Title, a dot, the input, a dot, what is expected, a dot: one pytest parameter each."""
    pieces = re.split(r"^\.$", (FIXTURES / name).read_text("utf-8"), flags=re.MULTILINE)
    found = []
    for title, given, expected in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=False):
        lines = expected.strip().splitlines()
        found.append(pytest.param(given.strip("\n"), lines, id=title.strip()))
    return found


def blocks(text: str) -> list[Block]:
    """Every line that is not blank is a paragraph."""
    return [Block(Span(*match.span())) for match in re.finditer(r"[^\n]+", text)]


def parse(text: str) -> Doc:
    """Read a text with the model that Postil ships with."""
    nlp = load(NlpSettings().model)
    doc = nlp.make_doc(text)
    starts = {block.span.start for block in blocks(text)}
    if line := dateline.find(text, blocks(text)):
        starts.add(line.span.end)
    for token in doc:
        if token.idx in starts:
            token.is_sent_start = True
    return nlp(doc)


def seen(text: str) -> tuple[Doc, Tree]:
    """Read a text, and make the lists of it that the finders walk."""
    doc = parse(text)
    return doc, tree(doc, blocks(text))


def marked(text: str) -> Marked:
    """Take the brackets out of a text and make statements of them; a content ends a statement's
    marks unless the source follows it."""
    clean: list[str] = []
    spans: list[tuple[str, Span]] = []
    start, size, kind = 0, 0, ""
    at = 0
    for match in _BRACKETS.finditer(text):
        clean.append(text[at : match.start()])
        size += match.start() - at
        at = match.end()
        if match[0] in "[{<":
            start, kind = size, match[0]
        else:
            spans.append((kind, Span(start, size)))
    clean.append(text[at:])
    return Marked("".join(clean), _statements(spans))


def _statements(spans: list[tuple[str, Span]]) -> list[Statement]:
    found: list[Statement] = []
    for first in range(0, len(spans), 3):
        three = dict(spans[first : first + 3])
        form = "indirect"
        found.append(
            Statement(content=(three["<"],), cue=(three["{"],), source=(three["["],), form=form)
        )
    return found


def chain_line(text: str, mentions: list[Mention], chain: Chain) -> str:
    """`person Ana Ruiz: Ana Ruiz, Ruiz, (she); the harbour master`: brackets for what is no name."""
    words = []
    for index in chain.mentions:
        mention = mentions[index]
        word = " ".join(text[mention.span.start : mention.span.end].split())
        words.append(word if mention.form == "name" else f"({word})")
    line = f"{chain.kind} {chain.name}: {', '.join(words)}"
    described = [text[span.start : span.end] for span in chain.descriptions]
    return "; ".join([line, *described])
