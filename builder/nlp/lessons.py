"""Marked reports as training sees them: parsed, with every attribution as sets of tokens."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from spacy.tokens import Doc, DocBin

from builder.model import Prose, Spans
from builder.nlp import columns, corpus, gum, pipeline
from builder.nlp.claim import Claim
from builder.nlp.columns import Numbers
from builder.nlp.tree import Tree, tree

_KEPT = ["HEAD", "DEP", "TAG", "POS", "LEMMA", "SENT_START", "ENT_IOB", "ENT_TYPE"]


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
    rows: Numbers
    """Where the model keeps the vectors of the words: `columns.rows`."""


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


def belongs(tree: Tree, marked: Sequence[Marked], claim: Claim, tokens: range) -> bool:
    """Whether a stretch is content of the attribution that the claim's cue is part of."""
    said = [at for at in tokens if tree.spoken(at)]
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


def _docs(parts: Sequence[pipeline.Part], model: str, cache: Path | None) -> list[Doc]:
    nlp = pipeline.load(model)
    # What the pipeline is given beside the text, such as where sentences begin, changes the parse.
    digest = blake2b(Path(pipeline.__file__).read_bytes(), digest_size=12)
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
    return Lesson(seen, marked, tokens(report.discarded), columns.rows(doc))


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
