"""Claims: a cue with what it may say and who may say it, before they become statements."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Container, Mapping, Sequence
from typing import NamedTuple

from builder.nlp import contents, continuation, cues
from builder.nlp.tree import Tree
from builder.nlp.weights import Decision, Weights

CUE = 0.15
"""The least chance of a cue that is looked into. Lower costs time and finds little."""

_SOURCE = 0.2
"""The least chance of a source; how doubtful one is goes into the confidence."""
_FALLBACK = 0.15
"""Where no piece is likely content, the likeliest is taken if it is no less likely than this."""

_STRONG = 0.5
"""A cue that is less likely takes no words from one that is more."""

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
        if chance >= CUE and (claim := claim_of(tree, cue, likely, weights)).content
    ]
    made.sort(key=lambda each: (each.chance < _STRONG, -len(each.content), each.cue))
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


def claim_of(tree: Tree, cue: int, likely: Mapping[int, float], weights: Weights) -> Claim:
    """Return what a cue claims: pieces of its sentence that are content, and the best source."""
    about = contents.cue_features(tree, cue)
    waiting = contents.pieces(tree, cue)
    said: list[tuple[float, contents.Piece]] = []
    spare: tuple[float, contents.Piece] | None = None
    missed = 0.0
    best, best_chance = None, _SOURCE
    for piece in waiting:
        features = contents.features(tree, cue, piece, about)
        content, source = weights.content.chance(features), weights.source.chance(features)
        if content > max(0.5, source):
            said.append((content, piece))
            continue
        if source > best_chance:
            best, best_chance = piece, source
        elif content > (spare[0] if spare else _FALLBACK):
            spare = content, piece
        inner = [] if source > 0.5 else contents.inside(tree, piece)
        if not inner:
            missed += content * len(contents.tokens(tree, piece))
        waiting.extend(inner)
    if not said and spare:
        said = [spare]
    held = {
        at: chance
        for chance, piece in said
        for at in _trimmed(tree, cue, piece, likely, weights.trim)
    }
    if not held or (spare and said == [spare]):
        held = dict.fromkeys(_quotation_beside(tree, cue), _FALLBACK) or held
    if not held:
        held = dict.fromkeys(_quotation_before(tree, cue), _FALLBACK)
    speaks = _source(tree, cue, best, held) if best else frozenset()
    return Claim(
        cue,
        likely[cue],
        frozenset(_with_quotations(tree, cue, set(held), speaks)),
        sum(held.values()) / (len(held) + missed) if held else 0.0,
        speaks,
        best_chance if speaks else 0.0,
        best.path if best and speaks else "",
        any(piece.upward for _, piece in said),
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
    nested = _nested(tree, grown)
    inner = {at for number in nested for at in grown[number].content}
    held = {grown[number].cue for number in nested}
    held.update(at for number in nested for at in grown[number].source)
    dropped: set[int] = set()
    for segment in continuation.segments(tree, claimed - inner, fixed - held):
        reach = range(segment.first, segment.last + 1)
        swallowed = {number for number in nested if grown[number].cue in reach}
        if swallowed and not segment.quoted:
            continue
        options = []
        for number, before in _beside(tree, grown, segment.first, swallowed | dropped):
            claim = grown[number]
            near = continuation.Near(
                claim.cue,
                frozenset(at for at in claim.content if at < segment.first)
                or frozenset({claim.cue})
                if before
                else claim.content,
                claim.joined,
                claim.chance,
                sum(segment.first > each.cue > claim.cue for each in grown),
            )
            features = continuation.features(tree, segment, near, doubts, before=before)
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
            claimed |= more
    return [claim for number, claim in enumerate(grown) if number not in dropped]


def joining(decision: Decision) -> Join:
    """Return a trained decision as what `joined` asks."""
    return lambda features, _segment, _claim: decision.chance(features)


def _nested(tree: Tree, found: Sequence[Claim]) -> frozenset[int]:
    """The numbers of the claims that stand wholly, cue and source too, in one quotation."""
    return frozenset(
        number
        for number, claim in enumerate(found)
        if tree.quote[claim.cue] >= 0
        and all(tree.quote[at] == tree.quote[claim.cue] for at in claim.content | claim.source)
    )


def _beside(
    tree: Tree, found: Sequence[Claim], first: int, without: Container[int]
) -> list[tuple[int, bool]]:
    """The claims that a stretch may go on with, each with whether it begins before it.

    Before it, these are the nearest, the surest in that one's sentence, and the nearest that holds
    a quotation: a verb that only tells of the occasion may stand between. After it, the nearest.
    """
    earlier: list[tuple[int, int]] = []
    after = None
    start = -1
    for number, claim in enumerate(found):
        if number in without:
            continue
        tokens = claim.content | {claim.cue}
        begins = min(tokens)
        if begins < first:
            earlier.append((max(at for at in tokens if at < first), number))
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


def _trimmed(
    tree: Tree, cue: int, piece: contents.Piece, likely: Mapping[int, float], trim: Decision
) -> list[int]:
    """The tokens of a piece without the clauses in it that are the writer's own."""
    about = contents.cue_features(tree, cue)
    out: set[int] = set()
    waiting = contents.trimmable(tree, piece)
    for inner in waiting:
        if trim.chance(contents.trim_features(tree, cue, inner, about, likely)) > 0.5:
            out.update(contents.tokens(tree, inner))
        else:
            waiting.extend(contents.trimmable(tree, inner))
    return [at for at in contents.tokens(tree, piece) if at not in out]


def _source(tree: Tree, cue: int, piece: contents.Piece, content: Container[int]) -> frozenset[int]:
    at = piece.at
    first, last = tree.left[at], tree.right[at]
    if piece.upward and tree.left[piece.below] > at:
        last = tree.left[piece.below] - 1
    elif piece.upward:
        first = at
    return frozenset(
        token for token in range(first, last + 1) if token not in content and token != cue
    )


def _quotation_beside(tree: Tree, cue: int) -> list[int]:
    """The words of the quotation of at least two words that is nearest to a cue in its sentence."""
    first, end = tree.sentences[tree.sentence[cue]]
    quoted: dict[int, list[int]] = {}
    for at in range(first, end):
        if tree.quote[at] >= 0:
            quoted.setdefault(tree.quote[at], []).append(at)
    beside = [
        (min(abs(cue - tokens[0]), abs(cue - tokens[-1])), tokens)
        for number, tokens in quoted.items()
        if number != tree.quote[cue] and sum(tree.words[at][:1].isalnum() for at in tokens) > 1
    ]
    return min(beside)[1] if beside else []


def _quotation_before(tree: Tree, cue: int) -> list[int]:
    """The words of the quotation that ends where a cue's sentence begins: `“Who?” he said`."""
    first = tree.sentences[tree.sentence[cue]][0]
    near = first - 1
    while near > 0 and tree.pos[near] == "SPACE":
        near -= 1
    if near < 0 or tree.quote[near] < 0 or tree.block[near] != tree.block[cue]:
        return []
    number = tree.quote[near]
    return [] if tree.quote[cue] == number else list(tree.within(tree.quotes[number].outer))


def _with_quotations(tree: Tree, cue: int, content: set[int], source: frozenset[int]) -> set[int]:
    """Complete every quotation that is mostly claimed as far as the cue's sentence goes."""
    whole = set(content)
    for number in sorted({tree.quote[at] for at in content} - {-1}):
        within = set(tree.within(tree.quotes[number].outer))
        here = {at for at in within if tree.sentence[at] == tree.sentence[cue]}
        if cue not in within and 2 * len(within & content) >= len(here):
            whole |= within - source
    return whole
