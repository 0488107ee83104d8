"""Settings → a spaCy pipeline; texts through it and through our finders → analyses."""

from __future__ import annotations

import functools
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec
from spacy.language import Language
from spacy.tokens import Doc

from builder.errors import Place, Problem, ProblemError
from builder.model import Analysis, Block, Prose, Span, Spans
from builder.nlp import dateline, loading, marks, names, speakers, statements
from builder.settings import NlpSettings

PART = 30_000
"""Characters of one text that are read as one. The pipeline needs about a gigabyte for each hundred
thousand that it reads at a time (spaCy, `Language.max_length`)."""

_TEXTS_AT_A_TIME = 16
_CHARACTERS_AT_A_TIME = 60_000
_SPAN_FIELDS = (
    "content",
    "denied",
    "cue",
    "source",
    "why_unnamed",
    "role",
    "addressee",
    "medium",
    "when",
)


class Part(NamedTuple):
    """A piece of a text, cut at block borders, as the model reads it."""

    owner: int
    """Which of the texts it belongs to."""
    at: int
    """Where it begins in that text."""
    restored: marks.Restored
    blocks: tuple[Block, ...]
    """Of the restored text."""


def read(proses: Sequence[Prose], settings: NlpSettings) -> Iterator[Analysis]:
    """Yield the analysis of each text, in order; spans are of `Prose.text`."""
    nlp = load(settings.model, settings.components)
    parts = [part for owner, prose in enumerate(proses) for part in _parts(owner, prose)]
    gathered: list[Analysis] = []
    owner = 0
    for part, doc in parsed(nlp, parts):
        while part.owner > owner:
            yield joined(gathered)
            gathered, owner = [], owner + 1
        gathered.append(found(part, doc))
    for _ in range(owner, len(proses)):
        yield joined(gathered)
        gathered = []


@functools.cache
def load(model: str, components: tuple[str, ...] = ()) -> Language:
    """Return the installed pipeline package, with the site's own components at its end.

    Raises:
        ProblemError: `missing-model`: a component is not known to spaCy, or cannot be added.
    """
    nlp = loading.load(model, whole=bool(components))
    for name in components:
        if not nlp.has_factory(name):
            raise _wrong_component(f"spaCy has no component called {name}")
        try:
            nlp.add_pipe(name)
        except ValueError as error:
            why = str(error).partition(". ")[0]
            raise _wrong_component(f"the component {name} cannot be added: {why}") from error
    return nlp


def _wrong_component(message: str) -> ProblemError:
    hint = "name it under [nlp] components as its package tells spaCy"
    place = Place("site.toml")
    return ProblemError(Problem(place=place, code="missing-model", message=message, hint=hint))


def parsed(nlp: Language, parts: Iterable[Part]) -> Iterator[tuple[Part, Doc]]:
    """Yield every part with its parse, in which no sentence runs over the end of a block."""
    for few in _few(parts):
        made = [_made(nlp, part) for part in few]
        yield from zip(few, nlp.pipe(made, batch_size=len(few)), strict=True)


def _few(parts: Iterable[Part]) -> Iterator[list[Part]]:
    """Gather parts that together are short enough for the memory of one process."""
    few: list[Part] = []
    size = 0
    for part in parts:
        length = len(part.restored.text)
        if few and (len(few) == _TEXTS_AT_A_TIME or size + length > _CHARACTERS_AT_A_TIME):
            yield few
            few, size = [], 0
        few.append(part)
        size += length
    if few:
        yield few


def part_of(prose: Prose) -> Part:
    """Return the whole text as one part."""
    # The mark of byte order would be taken for a part of the first word.
    text = prose.text.replace("\ufeff", " ")
    restored = marks.restored(text)
    return Part(0, 0, restored, _blocks_in(restored, text, prose.blocks))


def found(part: Part, doc: Doc) -> Analysis:
    """Return what our finders make of a part and its parse; spans are of the whole text."""
    mentions, chains = names.chains(doc, part.blocks)
    said = statements.find(doc, part.blocks, unmarked=part.restored.unmarked)
    mentions, chains, said = speakers.link(doc, part.blocks, mentions, chains, said)

    def back(span: Span) -> Span:
        original = part.restored.to_original(span.start, span.end)
        return Span(original.start + part.at, original.end + part.at)

    def all_back(spans: Spans) -> Spans:
        return tuple(back(span) for span in spans)

    return Analysis(
        mentions=tuple(msgspec.structs.replace(each, span=back(each.span)) for each in mentions),
        statements=tuple(
            msgspec.structs.replace(
                each, **{name: all_back(getattr(each, name)) for name in _SPAN_FIELDS}
            )
            for each in said
        ),
        chains=tuple(
            msgspec.structs.replace(each, descriptions=all_back(each.descriptions))
            for each in chains
        ),
        unmarked=part.restored.unmarked,
        repairs=tuple(
            (Span(span.start + part.at, span.end + part.at), text)
            for span, text in part.restored.repairs
        ),
    )


def joined(parts: Sequence[Analysis]) -> Analysis:
    """Return one analysis of several parts of a text, their names joined."""
    if len(parts) == 1:
        return parts[0]
    mentions, chains, said = names.join(
        [(list(part.mentions), list(part.chains), list(part.statements)) for part in parts]
    )
    return Analysis(
        mentions=tuple(mentions),
        statements=tuple(said),
        chains=tuple(chains),
        unmarked=any(part.unmarked for part in parts),
        repairs=tuple(repair for part in parts for repair in part.repairs),
    )


def _parts(owner: int, prose: Prose) -> Iterator[Part]:
    if len(prose.text) <= PART:
        yield part_of(prose)._replace(owner=owner)
        return
    gathered: list[Block] = []
    for block in prose.blocks:
        if gathered and block.span.end - gathered[0].span.start > PART:
            yield _cut(owner, prose, gathered)
            gathered = []
        gathered.append(block)
    yield _cut(owner, prose, gathered)


def _cut(owner: int, prose: Prose, blocks: Sequence[Block]) -> Part:
    at = blocks[0].span.start
    text = prose.text[at : blocks[-1].span.end]
    moved = tuple(
        Block(Span(block.span.start - at, block.span.end - at), block.kind) for block in blocks
    )
    return part_of(Prose(text, moved))._replace(owner=owner, at=at)


def _blocks_in(restored: marks.Restored, text: str, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Blocks of the original text as blocks of the restored one."""
    positions = range(len(restored.text) + 1)

    def here(offset: int) -> int:
        return bisect_left(positions, offset, key=lambda at: restored.to_original(at, at).start)

    if restored.text == text:
        return tuple(blocks)
    return tuple(
        Block(Span(here(block.span.start), here(block.span.end)), block.kind) for block in blocks
    )


def _made(nlp: Language, part: Part) -> Doc:
    doc = nlp.make_doc(part.restored.text)
    starts = {block.span.start for block in part.blocks}
    # A dateline is no part of the sentence after it; read as one, it becomes its subject.
    if line := dateline.find(part.restored.text, part.blocks):
        starts.add(line.span.end)
    for token in doc:
        if token.idx in starts:
            token.is_sent_start = True
    return doc
