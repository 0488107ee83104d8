"""Reads who said what in GUM's news stories: free data for learning, small as it is.

Annotation CC BY 4.0, text CC BY 2.5 (Zeldes 2017, https://gucorpus.org). One JSON object a line:

    {"id": …, "text": …, "attributions": [{"cue": [s, e], "source": [s, e], "said": [s, e]}]}

The cue is the whole clause that tells of saying (*the mayor said*), `source` the words in it that
stand for the speaker, or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from builder.model import Span, Spans
from builder.nlp.corpus import Attribution, Report

Range = tuple[int, int]


class Saying(Struct, frozen=True):
    """One attribution; ranges are half-open and of the story's text."""

    cue: Range
    said: Range
    source: Range | None = None


class Story(Struct, frozen=True):
    """One line of the file."""

    id: str
    text: str
    attributions: tuple[Saying, ...]


def read(path: Path) -> Iterator[Report]:
    """Yield the stories of a file as reports.

    An attribution whose cue lies in what another one says is left out, as in PolNeAR.

    Raises:
        msgspec.ValidationError: A line is no story.
    """
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            story = msgspec.json.decode(line, type=Story)
            outermost = (each for each in story.attributions if not _inside(each, story))
            yield Report(story.id, story.text, tuple(map(_attribution, outermost)), ())


def _inside(saying: Saying, story: Story) -> bool:
    return any(
        each is not saying and each.said[0] <= saying.cue[0] and saying.cue[1] <= each.said[1]
        for each in story.attributions
    )


def _attribution(saying: Saying) -> Attribution:
    cue = Span(*saying.cue)
    source = Span(*saying.source) if saying.source else None
    said = _without(Span(*saying.said), cue)
    return Attribution(
        content=said,
        cue=_without(cue, source) if source else (cue,),
        source=(source,) if source else (),
    )


def _without(span: Span, hole: Span) -> Spans:
    """What is left of a span outside of another."""
    left = Span(span.start, min(span.end, max(span.start, hole.start)))
    right = Span(max(span.start, min(span.end, hole.end)), span.end)
    return tuple(each for each in (left, right) if each.start < each.end)
