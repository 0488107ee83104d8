"""Marked reports as training sees them: parsed, with every attribution as sets of tokens."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from spacy.tokens import Doc, DocBin

from builder.model import Prose, Spans
from builder.nlp import contents, corpus, cues, gum, pipeline
from builder.nlp.claims import Claim
from builder.nlp.tree import Tree, tree

_KEPT = ["HEAD", "DEP", "TAG", "POS", "LEMMA", "SENT_START", "ENT_IOB", "ENT_TYPE"]
_CONTENT = 0.7
"""The share of a piece that must be content for the whole piece to be."""
_HEADED = 0.3
"""The same for a piece whose head is content: the rest is cut off later."""


class Marked(NamedTuple):
    """One attribution, in tokens."""

    content: frozenset[int]
    cue: frozenset[int]
    source: frozenset[int]
    head: int
    """The head of the cue, or -1 if it has none."""


class Lesson(NamedTuple):
    """One report."""

    tree: Tree
    marked: list[Marked]
    skipped: frozenset[int]
    """Tokens of boilerplate."""


def lessons(split: Path, model: str, *, unmarked: bool, cache: Path | None = None) -> list[Lesson]:
    """Return the reports of a folder, or of GUM's file, as the pipeline reads them.

    `unmarked` takes their marks away first.
    """
    reports = list(gum.read(split) if split.suffix == ".jsonl" else corpus.read(split))
    if unmarked:
        reports = [corpus.stripped(report) for report in reports]
    parts = [pipeline.part_of(Prose(report.text, report.blocks)) for report in reports]
    docs = _docs(parts, model, cache)
    return [
        _lesson(report, part, doc)
        for report, part, doc in zip(reports, parts, docs, strict=True)
        if part.restored.unmarked or not unmarked
    ]


def lemmas(found: Sequence[Lesson]) -> frozenset[str]:
    """Return the lemmas of words other than verbs that are a cue often enough to be asked."""
    cue: dict[str, int] = {}
    everywhere: dict[str, int] = {}
    for lesson in found:
        heads = {marked.head for marked in lesson.marked}
        for at, lemma in enumerate(lesson.tree.lemma):
            if lesson.tree.pos[at] == "VERB":
                continue
            everywhere[lemma] = everywhere.get(lemma, 0) + 1
            if at in heads:
                cue[lemma] = cue.get(lemma, 0) + 1
    return frozenset(
        lemma
        for lemma, count in cue.items()
        if count >= 3 and count > 0.02 * everywhere[lemma] and not lemma.istitle()
    )


def cue_examples(lesson: Lesson, asked: frozenset[str]) -> Iterator[tuple[int, bool]]:
    """Yield every token that may be a cue, and whether it is the head of one."""
    heads = {marked.head for marked in lesson.marked}
    for at in cues.candidates(lesson.tree, asked):
        if at not in lesson.skipped:
            yield at, at in heads


def piece_examples(lesson: Lesson, marked: Marked) -> Iterator[tuple[contents.Piece, str]]:
    """Yield the pieces around a cue that are looked at, each `content`, `source` or `neither`."""
    waiting = contents.pieces(lesson.tree, marked.head)
    for piece in waiting:
        label = _label(lesson.tree, marked, piece)
        yield piece, label
        if label == "neither":
            waiting.extend(contents.inside(lesson.tree, piece))


def trim_examples(lesson: Lesson, marked: Marked) -> Iterator[tuple[contents.Piece, bool]]:
    """Yield the loose pieces inside content, and whether they are no content after all."""
    tree = lesson.tree
    whole = [piece for piece, label in piece_examples(lesson, marked) if label == "content"]
    waiting = [inner for piece in whole for inner in contents.trimmable(tree, piece)]
    for inner in waiting:
        tokens = [at for at in contents.tokens(tree, inner) if _spoken(tree, at)]
        out = sum(at not in marked.content for at in tokens) >= _CONTENT * len(tokens)
        yield inner, out
        if not out:
            waiting.extend(contents.trimmable(tree, inner))


def belongs(tree: Tree, marked: Sequence[Marked], claim: Claim, tokens: range) -> bool:
    """Whether a stretch is content of the attribution that the claim's cue is part of."""
    said = [at for at in tokens if _spoken(tree, at)]
    return any(
        claim.cue in each.cue and 2 * sum(at in each.content for at in said) >= len(said)
        for each in marked
    )


def hits(
    tree: Tree, marked: Sequence[Marked], found: Sequence[Claim]
) -> dict[int, tuple[Marked, bool]]:
    """Pair claims with attributions of which they share half the joint words, best pairs first.

    Returns for a claim's number its attribution, and whether the source is right too.
    """
    gold = [_words(tree, each.content) for each in marked]
    made = [_words(tree, each.content) for each in found]
    pairs = []
    for number, said in enumerate(made):
        for other, meant in enumerate(gold):
            both = len(said & meant)
            if both and 2 * both >= len(said | meant):
                pairs.append((-both / len(said | meant), other, number))
    paired: dict[int, tuple[Marked, bool]] = {}
    used: set[int] = set()
    for _, other, number in sorted(pairs):
        if other not in used and number not in paired:
            used.add(other)
            meant_source = _words(tree, marked[other].source)
            source = _words(tree, found[number].source)
            right = bool(source & meant_source) or not (source or meant_source)
            paired[number] = (marked[other], right)
    return paired


def _words(tree: Tree, tokens: frozenset[int]) -> frozenset[int]:
    return frozenset(at for at in tokens if tree.words[at][:1].isalnum())


def _spoken(tree: Tree, at: int) -> bool:
    return tree.pos[at] not in {"PUNCT", "SPACE"}


def _label(tree: Tree, marked: Marked, piece: contents.Piece) -> str:
    tokens = [at for at in contents.tokens(tree, piece) if tree.pos[at] not in {"PUNCT", "SPACE"}]
    share = sum(at in marked.content for at in tokens) / max(1, len(tokens))
    if share >= _CONTENT or (share >= _HEADED and piece.at in marked.content):
        return "content"
    at = piece.at
    top = piece.upward or tree.head[at] not in marked.source
    return "source" if at in marked.source and top and not piece.alone else "neither"


def _docs(parts: Sequence[pipeline.Part], model: str, cache: Path | None) -> list[Doc]:
    nlp = pipeline.load(model)
    digest = blake2b(digest_size=12)
    for part in parts:
        digest.update(part.restored.text.encode())
    path = cache / f"{model}-{digest.hexdigest()}.spacy" if cache else None
    if path and path.exists():
        return list(DocBin().from_disk(path).get_docs(nlp.vocab))
    docs = [doc for _, doc in pipeline.parsed(nlp, parts)]
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        DocBin(attrs=_KEPT, docs=docs).to_disk(path)
    return docs


def _lesson(report: corpus.Report, part: pipeline.Part, doc: Doc) -> Lesson:
    seen = tree(doc, part.blocks)
    spans = [part.restored.to_original(*each) for each in zip(seen.start, seen.end, strict=True)]
    starts = [span.start for span in spans]

    def tokens(where: Spans) -> frozenset[int]:
        found = set()
        for stretch in where:
            for at in range(max(0, bisect_right(starts, stretch.start) - 1), len(starts)):
                if starts[at] >= stretch.end:
                    break
                if spans[at].end > stretch.start and seen.pos[at] != "SPACE":
                    found.add(at)
        return frozenset(found)

    marked = []
    for each in report.attributions:
        cue = tokens(each.cue)
        marked.append(Marked(tokens(each.content), cue, tokens(each.source), _head(seen, cue)))
    return Lesson(seen, marked, tokens(report.discarded))


def _head(tree: Tree, cue: frozenset[int]) -> int:
    """The verb of a cue that hangs on no other word of it, else the first word that does not."""
    tops = sorted(at for at in cue if tree.head[at] not in cue or tree.head[at] == at)
    verbs = [at for at in tops if tree.pos[at] == "VERB"]
    inner = [
        at
        for at in sorted(cue)
        if tree.pos[at] == "VERB" and tree.dep[at] not in {"aux", "auxpass", "amod"}
    ]
    return next(iter([*verbs, *inner, *tops]), -1)
