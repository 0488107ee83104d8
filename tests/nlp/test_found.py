"""Statements as the shipped network finds them in whole texts, from the text to the spans."""

from __future__ import annotations

import pytest
from fixture_file import Case, cases
from reading import blocks

from builder.model import Prose
from builder.nlp import pipeline
from builder.settings import NlpSettings


def written(text: str) -> str:
    """Every statement on a line: source and content, and its act if that is not speech.

    Words that deny the content stand before it, in brackets.
    """
    (analysis,) = pipeline.read([Prose(text, tuple(blocks(text)))], NlpSettings())

    def words(spans) -> str:
        return " … ".join(text[span.start : span.end] for span in spans)

    def content(each) -> str:
        return (f"({words(each.denied)}) " if each.denied else "") + words(each.content)

    return "\n".join(
        " | ".join([words(each.source), content(each), each.act]).removesuffix(" | speech")
        for each in analysis.statements
    )


@pytest.mark.parametrize("case", cases("statements.md"), ids=lambda case: case.title)
def test_who_said_what_is_found(case: Case, update: bool):
    case.check(written(case.given), update=update)
