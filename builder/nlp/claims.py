"""Claims: a cue with what it may say and who may say it, before they become statements."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from builder.nlp import contents, continuation, cues
from builder.nlp.tree import Tree
from builder.nlp.weights import Decision, Weights

CUE = 0.3
"""The least chance of a cue that is looked into. Lower costs time and finds little."""

_SOURCE = 0.3

Join = Callable[[list[str], continuation.Segment, "Claim"], float]
"""How likely a segment belongs to a claim, by its features."""


class Claim(NamedTuple):
    """One cue's claim on the words around it; tokens are indexes into the tree."""

    cue: int
    chance: float
    """That the cue is one."""
    content: frozenset[int]
    overlap: float
    """The share of the content that is expected to be right (intersection over union)."""
    source: frozenset[int]
    source_chance: float
    path: str
    """From the cue to the source."""
    upward: bool
    """Whether the content holds what stands above the cue in the tree: `…, he said, …`."""
    joined: int = 0
    """How many stretches without a cue of their own were joined."""
    weakest: float = 1.0
    """The least chance among those joins."""
    rivals: int = 0
    """How many other likely cues stand in the content."""


def chances(tree: Tree, weights: Weights) -> dict[int, float]:
    """Return for every token that may be a cue how likely it is one."""
    return {
        at: weights.cue.chance(cues.features(tree, at))
        for at in cues.candidates(tree, weights.lemmas)
    }


def claims(tree: Tree, likely: Mapping[int, float], weights: Weights) -> list[Claim]:
    """Return the claims of all likely cues, in text order of their cues.

    Where one claim holds the cue of another, the outer one wins: statements do not nest.
    """
    made = [
        claim
        for cue, chance in likely.items()
        if chance >= CUE and (claim := claim_of(tree, cue, chance, weights)).content
    ]
    made.sort(key=lambda each: (-len(each.content), each.cue))
    taken: set[int] = set()
    kept: list[Claim] = []
    for claim in made:
        rest = claim.content - taken
        if claim.cue in taken or not rest:
            continue
        rivals = sum(each.cue in rest for each in made)
        kept.append(claim._replace(content=rest, rivals=rivals))
        taken |= rest
    return sorted(kept, key=lambda each: each.cue)


def claim_of(tree: Tree, cue: int, chance: float, weights: Weights) -> Claim:
    """Return what a cue claims: pieces of its sentence that are content, and the best source."""
    about = contents.cue_features(tree, cue)
    waiting = contents.pieces(tree, cue)
    content: set[int] = set()
    right = missed = 0.0
    best, best_chance, upward = None, _SOURCE, False
    for piece in waiting:
        features = contents.features(tree, cue, piece, about)
        said, says = weights.content.chance(features), weights.source.chance(features)
        if said > max(0.5, says):
            tokens = contents.tokens(tree, piece)
            content.update(tokens)
            right += said * len(tokens)
            upward = upward or piece.upward
            continue
        if says > best_chance:
            best, best_chance = piece, says
        inner = [] if says > 0.5 else contents.inside(tree, piece)
        if not inner:
            missed += said * len(contents.tokens(tree, piece))
        waiting.extend(inner)
    source = _source(tree, cue, best, content) if best else frozenset()
    whole = _with_quotations(tree, cue, content, source)
    return Claim(
        cue,
        chance,
        frozenset(whole),
        right / (len(content) + missed) if content else 0.0,
        source,
        best_chance if source else 0.0,
        best.path if best and source else "",
        upward,
    )


def joined(
    tree: Tree, found: Sequence[Claim], likely: Mapping[int, float], join: Join
) -> list[Claim]:
    """Give each stretch that nobody claims to the claim before or after it, where that is likely.

    `join` is asked in text order and sees claims as far as they reach by then.
    """
    grown = list(found)
    doubts = [likely.get(at, 0.0) for at in range(len(tree.words))]
    claimed = {at for each in grown for at in each.content}
    fixed = {each.cue for each in grown} | {at for each in grown for at in each.source}
    for segment in continuation.segments(tree, claimed, fixed):
        options = []
        for number, before in _beside(grown, segment.first):
            claim = grown[number]
            near = continuation.Near(
                claim.cue,
                frozenset(at for at in claim.content if at < segment.first)
                or frozenset({claim.cue})
                if before
                else claim.content,
                claim.joined,
            )
            features = continuation.features(tree, segment, near, doubts, before=before)
            options.append((join(features, segment, claim), -number))
        if not options:
            continue
        chance, number = max(options)
        if chance > 0.5:
            claim = grown[-number]
            more = frozenset(range(segment.first, segment.last + 1)) - claimed
            grown[-number] = claim._replace(
                content=claim.content | more,
                joined=claim.joined + 1,
                weakest=min(claim.weakest, chance),
            )
            claimed |= more
    return grown


def joining(decision: Decision) -> Join:
    """Return a trained decision as what `joined` asks."""
    return lambda features, _segment, _claim: decision.chance(features)


def _beside(found: Sequence[Claim], first: int) -> list[tuple[int, bool]]:
    """The nearest claim that begins before a token, and the nearest after it."""
    before = after = None
    reach = start = -1
    for number, claim in enumerate(found):
        tokens = claim.content | {claim.cue}
        begins = min(tokens)
        if begins < first:
            ends = max(at for at in tokens if at < first)
            if ends > reach:
                before, reach = number, ends
        elif after is None or begins < start:
            after, start = number, begins
    return [
        (number, side) for number, side in ((before, True), (after, False)) if number is not None
    ]


def _source(tree: Tree, cue: int, piece: contents.Piece, content: set[int]) -> frozenset[int]:
    at = piece.at
    first, last = tree.left[at], tree.right[at]
    if piece.upward and tree.left[piece.below] > at:
        last = tree.left[piece.below] - 1
    elif piece.upward:
        first = at
    return frozenset(
        token for token in range(first, last + 1) if token not in content and token != cue
    )


def _with_quotations(tree: Tree, cue: int, content: set[int], source: frozenset[int]) -> set[int]:
    """Complete every quotation that is mostly claimed as far as the cue's sentence goes."""
    whole = set(content)
    for number in sorted({tree.quote[at] for at in content} - {-1}):
        within = set(tree.within(tree.quotes[number].outer))
        here = {at for at in within if tree.sentence[at] == tree.sentence[cue]}
        if cue not in within and 2 * len(within & content) >= len(here):
            whole |= within - source
    return whole
