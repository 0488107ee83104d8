"""The claims of a text on its words, before they become statements."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Callable, Collection, Container, Sequence

import numpy as np

from builder.nlp import continuation
from builder.nlp.claim import STRONG, Claim, claims_of, right_before
from builder.nlp.columns import Reals
from builder.nlp.network import Around, Sight
from builder.nlp.tree import Tree
from builder.nlp.weights import Decision

CUE = 0.15
"""The least chance of a cue that is looked into. Lower costs time and finds little."""
_SURER = 0.1
"""How much surer of its words a claim has to be to keep them from a nearer cue."""

Join = Callable[[list[str], continuation.Segment, Claim], float]
"""How likely a segment belongs to a claim, by its features."""


def claims(tree: Tree, sight: Sight) -> list[Claim]:
    """Return the claims of all likely cues, in text order of their cues.

    Where one claim holds the cue of another in its own sentence, the outer one wins: statements do
    not nest. In other sentences the other keeps what it has a good claim to.
    """
    every = claims_of(tree, np.flatnonzero(sight.cue >= CUE).tolist(), sight)
    made = [claim for each in every if (claim := _short_of_others(tree, each, every)).content]
    made.sort(key=lambda each: (each.chance < STRONG, -len(each.content), each.cue))
    taken: set[int] = set()
    kept: list[Claim] = []
    for claim in made:
        rest = claim.content - taken
        if claim.cue in taken or 2 * len(rest) < len(claim.content):
            continue
        rivals = sum(each.cue in rest for each in made)
        kept.append(claim._replace(content=rest, rivals=rivals))
        taken |= rest
    return sorted(kept, key=lambda each: each.cue)


def joined(tree: Tree, found: Sequence[Claim], sight: Sight, join: Join) -> list[Claim]:
    """Give each stretch that nobody claims to the claim before or after it, where that is likely.

    `join` is asked in text order and sees claims as far as they reach by then.
    """
    grown = list(found)
    claimed = {at for each in grown for at in each.content}
    fixed = {each.cue for each in grown} | {at for each in grown for at in each.source}
    nested = _nested(tree, grown)
    inner = {at for number in nested for at in grown[number].content}
    held = {grown[number].cue for number in nested}
    held.update(at for number in nested for at in grown[number].source)
    dropped: set[int] = set()
    tokens = [sorted(each.content | {each.cue}) for each in grown]
    for segment in continuation.segments(tree, claimed - inner, fixed - held):
        reach = range(segment.first, segment.last + 1)
        swallowed = {number for number in nested if grown[number].cue in reach}
        if swallowed and not segment.quoted:
            continue
        options = []
        its = continuation.signs(tree, segment, sight)
        for number, before in _beside(tree, grown, tokens, segment.first, swallowed | dropped):
            claim = grown[number]
            near = continuation.Near(
                claim.cue,
                frozenset(at for at in claim.content if at < segment.first)
                or frozenset({claim.cue})
                if before
                else claim.content,
                claim.joined,
                claim.chance,
                _mean(claim.around, reach),
                sum(segment.first > each.cue > claim.cue for each in grown),
            )
            features = continuation.features(tree, segment, its, near, before=before)
            options.append((join(features, segment, claim), -number))
        if not options:
            continue
        chance, number = max(options)
        if chance > 0.5:
            claim = grown[-number]
            dropped |= swallowed
            claimed -= {at for each in swallowed for at in grown[each].content}
            more = frozenset(reach) - claimed
            grown[-number] = claim._replace(
                content=claim.content | more,
                joined=claim.joined + 1,
                weakest=min(claim.weakest, chance),
            )
            tokens[-number] = sorted(grown[-number].content | {claim.cue})
            claimed |= more
    return _as_wholes(tree, [claim for number, claim in enumerate(grown) if number not in dropped])


def _as_wholes(tree: Tree, found: Sequence[Claim]) -> list[Claim]:
    """Give a quotation that runs over several blocks as a whole to who has a part of it.

    What somebody says in it, in turn, is part of it.
    """
    kept = list(found)
    for speech in tree.speeches():
        if len(speech) == 1:
            continue
        whole = {at for quote in speech for at in tree.within(quote.outer)}
        inner = {n for n, claim in enumerate(kept) if claim.cue in whole}
        outer = [n for n, claim in enumerate(kept) if n not in inner and claim.content & whole]
        if len(outer) == 1:
            claim = kept[outer[0]]
            content = claim.content | whole - claim.source
            kept[outer[0]] = claim._replace(content=content)
            kept = [claim for n, claim in enumerate(kept) if n not in inner]
    return kept


def joining(decision: Decision) -> Join:
    """Return a trained decision as what `joined` asks."""
    return lambda features, _segment, _claim: decision.chance(features)


def _short_of_others(tree: Tree, claim: Claim, every: Sequence[Claim]) -> Claim:
    """A claim without what cues in other sentences claim there, unless it is clearly surer.

    A quotation that goes on after its cue would else swallow the next speaker with the cue.
    """
    own = tree.sentence[claim.cue]
    before = _own_before(tree, claim)
    given: set[int] = set()
    for other in every:
        if (
            other.chance < STRONG
            or tree.quote[other.cue] >= 0
            or tree.sentence[other.cue] == own
            or (other.cue not in claim.content and claim.content.isdisjoint(other.content))
        ):
            continue
        both = claim.content & other.content - before
        if not both and other.cue not in claim.content:
            continue
        theirs = _own_before(tree, other) - before
        if theirs or _worth(claim, both) <= _worth(other, both) + _SURER:
            given |= other.content | other.source | {other.cue}
    given = {at for at in given if tree.sentence[at] != own} - before
    return claim._replace(content=claim.content - given)


def _own_before(tree: Tree, claim: Claim) -> frozenset[int]:
    """The quotation right before a claim's cue, where it is all in the claim."""
    before = right_before(tree, claim.cue, claim.source)
    return before if before <= claim.content else frozenset()


def _worth(claim: Claim, tokens: Collection[int]) -> float:
    """How likely tokens are a claim's content, its cue considered; 0 for what it cannot see."""
    first, seen = claim.around.first, claim.around.content
    chances = [seen[at - first] if 0 <= at - first < len(seen) else 0.0 for at in tokens]
    return claim.chance * float(np.mean(chances)) if chances else 0.0


def _nested(tree: Tree, found: Sequence[Claim]) -> frozenset[int]:
    """The numbers of the claims that stand wholly, cue and source too, in one quotation."""
    return frozenset(
        number
        for number, claim in enumerate(found)
        if tree.quote[claim.cue] >= 0
        and all(tree.quote[at] == tree.quote[claim.cue] for at in claim.content | claim.source)
    )


def _beside(
    tree: Tree,
    found: Sequence[Claim],
    reaches: Sequence[Sequence[int]],
    first: int,
    without: Container[int],
) -> list[tuple[int, bool]]:
    """The claims that a stretch may go on with, each with whether it begins before it.

    `reaches` are the tokens of each claim and its cue, in order.

    Before it, these are the nearest, the surest in that one's sentence, and the nearest that holds
    a quotation: a verb that only tells of the occasion may stand between. After it, the nearest.
    """
    earlier: list[tuple[int, int]] = []
    after = None
    start = -1
    for number, tokens in enumerate(reaches):
        if number in without:
            continue
        begins = tokens[0]
        if begins < first:
            earlier.append((tokens[bisect_left(tokens, first) - 1], number))
        elif after is None or begins < start:
            after, start = number, begins
    chosen: list[int] = []
    if earlier:
        nearest = max(earlier)[1]
        sentence = tree.sentence[found[nearest].cue]
        beside = [each for _, each in earlier if tree.sentence[found[each].cue] == sentence]
        surest = max(beside, key=lambda each: (found[each].chance, each))
        quoted = (
            each
            for _, each in sorted(earlier, reverse=True)
            if any(tree.quote[at] >= 0 for at in found[each].content)
        )
        chosen = [nearest, surest, *itertools.islice(quoted, 1)]
    options = [(number, True) for number in dict.fromkeys(chosen)]
    return options if after is None else [*options, (after, False)]


def _mean(around: Around, reach: range) -> float:
    """The mean chance of content in a stretch; 0 for what is too far away to be seen."""
    first = max(reach.start - around.first, 0)
    seen: Reals = around.content[first : max(reach.stop - around.first, 0)]
    return float(seen.mean()) if len(seen) else 0.0
