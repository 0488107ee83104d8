"""Names in a language that has no rules here: what that language's model finds, and no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from builder.model import Analysis, Chain, Kind, Mention, Prose, Span
from builder.nlp.pipeline import PART

KINDS: dict[str, Kind] = {
    "PER": "person",
    "PERSON": "person",
    "ORG": "organisation",
    "LOC": "place",
    "GPE": "place",
    "FAC": "place",
    "EVENT": "event",
    "WORK_OF_ART": "work",
    "LAW": "law",
}
"""Labels of spaCy's pipelines; what else they find has no page."""


def read(nlp: Language, proses: Sequence[Prose]) -> Iterator[Analysis]:
    """Yield the names of each text, in order; spans are of `Prose.text`.

    Who has the same name is the same; a surname alone is the one person here who has it. Endings
    are not known, so `Ellerys` is another name than `Ellery`: corrections and aliases join them.
    """
    for prose in proses:
        pieces = list(_pieces(prose))
        docs = nlp.pipe([prose.text[piece.start : piece.end] for piece in pieces], batch_size=4)
        mentions = [
            mention
            for piece, doc in zip(pieces, docs, strict=True)
            for mention in _mentions(doc, piece.start)
        ]
        texts = [" ".join(prose.text[m.span.start : m.span.end].split()) for m in mentions]
        yield Analysis(mentions=tuple(mentions), chains=tuple(_chains(mentions, texts)))


def _pieces(prose: Prose) -> Iterator[Span]:
    """Ranges of a text that are short enough to be read at once, cut where blocks end."""
    start = end = 0
    for block in prose.blocks:
        if end > start and block.span.end - start > PART:
            yield Span(start, end)
            start = block.span.start
        end = block.span.end
    if end > start:
        yield Span(start, end)


def _mentions(doc: Doc, at: int) -> Iterator[Mention]:
    for each in doc.ents:
        kind, text = KINDS.get(each.label_), each.text.strip()
        if kind and text and "\n" not in text:
            start = at + each.start_char + len(each.text) - len(each.text.lstrip())
            yield Mention(Span(start, start + len(text)), kind)


def _chains(mentions: Sequence[Mention], texts: Sequence[str]) -> Iterator[Chain]:
    members: dict[tuple[Kind, str], list[int]] = {}
    for at, (mention, text) in enumerate(zip(mentions, texts, strict=True)):
        members.setdefault((mention.kind, text.casefold()), []).append(at)
    full = [name for kind, name in members if kind == "person" and " " in name]
    for kind, name in list(members):
        owners = [each for each in full if each.split()[-1] == name]
        if kind == "person" and len(owners) == 1:
            members["person", owners[0]] += members.pop((kind, name))
    for (kind, _), found in members.items():
        first = max(found, key=lambda each: (len(texts[each]), -each))
        rest = sorted(each for each in found if each != first)
        yield Chain(mentions=(first, *rest), kind=kind, name=texts[first])
