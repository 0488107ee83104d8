"""Which pieces of a sentence may be a cue's content or source, and what speaks for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from builder.nlp.cues import word
from builder.nlp.tree import Tree

_LOOSE = frozenset(
    {"advcl", "relcl", "acl", "conj", "prep", "appos", "parataxis", "npadvmod", "ccomp", "dep"}
)
"""How words hang on others that may be the writer's own inside what somebody said."""

FARTHEST = 4
"""Edges from the cue to the piece."""


class Piece(NamedTuple):
    """What hangs together when the tree is cut at one edge."""

    at: int
    """The token on the far side of the edge, seen from the cue."""
    path: str
    """From the cue: `v` down, `^` up."""
    upward: bool
    """Whether the piece is reached by going up: then it is all but the subtree of `below`."""
    below: int
    """The token on the near side of the edge."""
    depth: int
    alone: bool = False
    """Whether it is the one token without anything that hangs on it."""


def pieces(tree: Tree, cue: int) -> list[Piece]:
    """Return the pieces next to the cue: one for each edge that leaves it."""
    return list(_next(tree, cue, came_from=-1, path="", depth=1))


def inside(tree: Tree, piece: Piece) -> list[Piece]:
    """Return the pieces that a piece falls into when its own first token is taken out."""
    if piece.depth >= FARTHEST:
        return []
    if piece.alone:
        return []
    inner = _next(tree, piece.at, came_from=piece.below, path=piece.path, depth=piece.depth + 1)
    return [
        Piece(piece.at, piece.path + ".", piece.upward, piece.below, piece.depth, alone=True),
        *inner,
    ]


def tokens(tree: Tree, piece: Piece) -> list[int]:
    """Return the tokens of a piece in text order, marks and blanks included."""
    if piece.alone:
        return [piece.at]
    first, end = tree.sentences[tree.sentence[piece.at]]
    if piece.upward:
        left, right = tree.left[piece.below], tree.right[piece.below]
        return [at for at in range(first, end) if not left <= at <= right]
    return list(range(tree.left[piece.at], tree.right[piece.at] + 1))


def features(tree: Tree, cue: int, piece: Piece, cue_features: list[str]) -> list[str]:
    """Return what may tell whether a piece is content, source or neither."""
    at, path = piece.at, piece.path
    lemma, tag = word(tree, at), tree.tag[at]
    kind = tree.entity[at] or (tree.words[at] if tree.pos[at] == "PRON" else tree.pos[at])
    if piece.alone:
        low, size, side = at, 1, "right" if at > cue else "left"
    elif piece.upward:
        first, end = tree.sentences[tree.sentence[at]]
        size = end - first - (tree.right[piece.below] - tree.left[piece.below] + 1)
        low = first
        side = "around"
        if tree.left[piece.below] == first:
            side, low = "right", tree.right[piece.below] + 1
        elif tree.right[piece.below] >= end - 2:
            side = "left"
    else:
        low = tree.left[at]
        size = tree.right[at] - low + 1
        side = "right" if low > cue else "left"
    bucket = min(size, 4) if size < 5 else 5 + min(size // 6, 4)
    low = min(low, len(tree.words) - 1)
    comma = _comma(tree, cue, piece)
    quoted = tree.quote[at] >= 0
    found = [
        "bias",
        "p=" + path,
        f"p={path} {tag}",
        f"p={path} k={kind}",
        f"p={path} {side}",
        f"p={path} n={bucket}",
        f"p={path} w={lemma}",
        f"p={path} q={int(quoted)}",
        f"p={path} {comma}",
        f"w={lemma}",
        f"k={kind} {side}",
        f"n={bucket} {side}",
        f"q={int(quoted)} {side} n={bucket}",
        f"first={word(tree, low)}",
        f"p={path} first={word(tree, low)}",
        f"{comma} {side}",
    ]
    found += [f"p={path} {each}" for each in cue_features]
    if piece.alone or not piece.upward:
        for child in tree.children[at]:
            dep = tree.dep[child]
            if dep in {"mark", "aux", "advmod", "case", "prep", "poss"}:
                found.append(f"p={path} has={dep} {word(tree, child)}")
            elif dep in {"nsubj", "nsubjpass", "det", "dobj", "pobj", "relcl", "acl", "appos"}:
                found.append(f"p={path} has={dep}")
    return found


def trimmable(tree: Tree, piece: Piece) -> list[Piece]:
    """Return the pieces inside a piece of content that may be the writer's own words."""
    return [
        inner
        for inner in inside(tree, piece)
        if not inner.alone and (inner.upward or tree.dep[inner.at] in _LOOSE)
    ]


def trim_features(
    tree: Tree, cue: int, piece: Piece, cue_features: list[str], likely: Mapping[int, float]
) -> list[str]:
    """Return what may tell whether a piece inside content is the writer's own after all."""
    at = piece.at
    dep = "up" if piece.upward else tree.dep[at]
    chance = min(4, int(5 * likely.get(at, 0.0)))
    held, holds = tree.quote[at] >= 0, tree.quote[piece.below] >= 0
    first, end = tree.sentences[tree.sentence[at]]
    edge = tree.right[at] >= end - 2 or tree.left[at] <= first + 1
    who = next((each for each in tree.children[at] if tree.dep[each] == "nsubj"), -1)
    subject = tree.words[who] if who >= 0 and tree.pos[who] == "PRON" else str(who >= 0)
    basic = features(tree, cue, piece, [])
    return [
        *basic,
        f"d={dep} chance={chance}",
        f"d={dep} chance={chance} edge={int(edge)} {_comma(tree, cue, piece)}",
        f"d={dep} quoted={int(held)}{int(holds)}",
        f"d={dep} subject={subject}",
        f"d={dep} w={word(tree, at)}",
        f"d={dep} first={word(tree, tree.left[at])} {_comma(tree, cue, piece)}",
        f"d={dep} b={tree.dep[piece.below]}",
        f"d={dep} size={min((tree.right[at] - tree.left[at]) // 4, 5)} edge={int(edge)}",
        *(f"d={dep} {each}" for each in cue_features),
    ]


def cue_features(tree: Tree, cue: int) -> list[str]:
    """Return what of the cue itself matters for every piece around it."""
    kids = sorted({tree.dep[child] for child in tree.children[cue]} - {"punct"})
    lemma = word(tree, cue)
    clause = [dep for dep in ("ccomp", "xcomp", "parataxis", "dobj", "prep") if dep in kids]
    subjects = [dep for dep in ("nsubj", "nsubjpass", "agent", "poss") if dep in kids]
    first, end = tree.sentences[tree.sentence[cue]]
    quote_after = any(tree.quote[at] >= 0 for at in range(cue + 1, end))
    quote_before = any(tree.quote[at] >= 0 for at in range(first, cue))
    return [
        f"c={lemma}",
        f"ct={tree.tag[cue]}",
        f"cd={tree.dep[cue]}",
        f"ck={'+'.join(clause)}",
        f"cs={'+'.join(subjects)}",
        f"ck={'+'.join(clause)} cs={'+'.join(subjects)} {tree.pos[cue]}",
        f"cq={int(quote_before)}{int(quote_after)}",
    ]


def _next(tree: Tree, at: int, *, came_from: int, path: str, depth: int) -> Iterator[Piece]:
    for child in tree.children[at]:
        if child != came_from and tree.pos[child] not in {"PUNCT", "SPACE"}:
            yield Piece(child, f"{path}v{tree.dep[child]}", False, at, depth)
    above = tree.head[at]
    # After a step down the way up is the way back.
    if above not in {at, came_from} and "v" not in path:
        yield Piece(above, f"{path}^{tree.dep[at]}", True, at, depth)


def _comma(tree: Tree, cue: int, piece: Piece) -> str:
    """Which mark parts the piece from what is between it and the cue."""
    if piece.upward and not piece.alone:
        left, right = tree.left[piece.below], tree.right[piece.below]
        before = tree.words[left - 1] if left else ""
        after = tree.words[right + 1] if right + 1 < len(tree.words) else ""
        inner = tree.words[left] + tree.words[right]
        return f",{int(before == ',')}{int(after == ',')}{int(',' in inner)}"
    low, high = tree.left[piece.at], tree.right[piece.at]
    before = tree.words[low - 1] if low else ""
    after = tree.words[high + 1] if high + 1 < len(tree.words) else ""
    near = before if low > cue else after
    return f",{near if near in {',', ':', '—', '--', '–', '-', '“', '”', chr(34)} else 'no'}"
