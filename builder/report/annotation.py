"""`annotate`: everything found in a file as one JSON object, for scripts and for measuring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePath

import msgspec
from msgspec import Struct

from builder.model import Act, Edited, Form, Kind, MentionForm, Said, Spans

_Pairs = list[tuple[int, int]]


class _Entity(Struct):
    id: str
    name: str
    kind: Kind
    aliases: tuple[str, ...]


class _Mention(Struct):
    start: int
    end: int
    entity: str
    kind: Kind
    form: MentionForm


class _Statement(Struct):
    content: _Pairs
    cue: _Pairs
    source: _Pairs
    speaker: str | None
    speaker_name: str
    named: bool
    form: Form
    act: Act
    rule: str
    confidence: float
    shown: bool


class _Annotated(Struct):
    doc: str
    text: str
    entities: list[_Entity]
    mentions: list[_Mention]
    statements: list[_Statement]


def annotate(articles: Iterable[Edited]) -> Iterator[bytes]:
    """One line of JSON for each text, with everything found in it, shown to readers or not.

    Offsets count characters of `text`: what a `.txt` file holds, or an article's clean text.
    """
    for edited in articles:
        yield msgspec.json.encode(_annotated(edited))


def _annotated(edited: Edited) -> _Annotated:
    kinds = {entity.key: entity.kind for entity in edited.entities}
    return _Annotated(
        doc=PurePath(edited.article.place.path).stem,
        text=edited.prose.text,
        entities=[_Entity(e.key, e.name, e.kind, e.names) for e in edited.entities],
        mentions=[
            _Mention(m.span.start, m.span.end, m.entity, kinds[m.entity], m.form)
            for m in edited.mentions
        ],
        statements=[_statement(said) for said in edited.statements],
    )


def _statement(said: Said) -> _Statement:
    found = said.statement
    return _Statement(
        content=_pairs(found.content),
        cue=_pairs(found.cue),
        source=_pairs(found.source),
        speaker=said.speaker,
        speaker_name=said.speaker_name,
        named=said.named,
        form=found.form,
        act=found.act,
        rule=found.rule,
        confidence=found.confidence,
        shown=said.shown,
    )


def _pairs(spans: Spans) -> _Pairs:
    return [(span.start, span.end) for span in spans]
