"""Whether a stretch without a cue of its own belongs to a statement before or after it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from builder.nlp import dialogue
from builder.nlp.network import Sight
from builder.nlp.tree import Tree

_PERSONS = {
    "i": "first", "me": "first", "my": "first", "mine": "first", "myself": "first",
    "we": "first", "us": "first", "our": "first", "ours": "first", "ourselves": "first",
    "you": "second", "your": "second", "yours": "second", "yourself": "second",
    "he": "third", "she": "third", "they": "third", "him": "third", "his": "third",
    "her": "third", "them": "third", "their": "third",
}  # fmt: skip
_OPENING_COLON = frozenset({":", "—", "--", "–"})
_FINITE = frozenset({"VBP", "VBZ", "VBD", "MD"})
_CONTRACTIONS = frozenset({"n't", "n’t", "nt", "'re", "’re", "'ve", "’ve", "'m", "’m"})
_OUTCRIES = frozenset({"?", "!"})


class Segment(NamedTuple):
    """A stretch of tokens that no statement has claimed."""

    first: int
    last: int
    quoted: bool
    """Whether it is a quotation, with its marks, rather than a sentence."""


class Near(NamedTuple):
    """A statement beside a segment, as far as it reaches by now."""

    cue: int
    tokens: frozenset[int]
    """Its content."""
    joined: int
    """How many segments were joined to it."""
    chance: float
    """That its cue is one."""
    seen: float
    """How likely the segment seems its content, word by word."""
    passed: int
    """How many cues of other statements stand between its cue and the segment."""


def segments(tree: Tree, claimed: Collection[int], cues: Collection[int]) -> list[Segment]:
    """Return the quotations and sentences that nobody claims and that hold no cue."""
    found = []
    for quote in tree.quotes:
        within = tree.within(quote.outer)
        # Behind a dash it is somebody else's turn.
        if tree.text[quote.outer.start] in dialogue.DASHES:
            continue
        held = [at for at in within if tree.lexical[at]]
        free = [at for at in held if at not in claimed]
        if len(free) > 1 and len(free) >= len(held) / 2 and not any(at in cues for at in within):
            found.append(Segment(within[0], within[-1], quoted=True))
    for first, end in tree.sentences:
        held = [at for at in range(first, end) if tree.lexical[at]]
        if len(held) < 2 or any(at in claimed or at in cues for at in held):
            continue
        if sum(tree.quote[at] >= 0 for at in held) * 2 > len(held):
            continue
        last = end - 1
        while tree.pos[last] == "SPACE":
            last -= 1
        found.append(Segment(first, last, quoted=False))
    return sorted(found)


class Signs(NamedTuple):
    """What of a segment is the same whatever statement it may belong to."""

    words: list[int]
    root: int
    doubt: float
    """How likely the likeliest cue in it is one."""
    said: float
    """How likely it is somebody's words, whoever's."""
    size: int
    persons: str
    at_start: bool
    """Whether it begins its block."""
    at_end: bool
    told: tuple[str, ...]
    """What it tells by itself, as features that lack whether the statement stands before it."""


def signs(tree: Tree, segment: Segment, sight: Sight) -> Signs:
    """Return what a segment itself may tell."""
    reach = range(segment.first, segment.last + 1)
    words = [at for at in reach if tree.lexical[at]]
    block = tree.blocks[tree.block[segment.first]]
    at_start = tree.start[segment.first] - block.span.start < 2
    at_end = block.span.end - tree.end[segment.last] < 2
    persons = "+".join(
        sorted({_PERSONS[word] for at in words if (word := tree.words[at]) in _PERSONS})
    )
    root = next((at for at in reach if tree.head[at] == at or tree.dep[at] == "ROOT"), words[0])
    doubt = float(sight.cue[segment.first : segment.last + 1].max())
    said = float(sight.said[words].mean())
    size = min(len(words) // 5, 5)
    told = (
        f"size={size}",
        f"edges={int(at_start)}{int(at_end)}",
        f"doubt={int(doubt * 10)}",
        f"said={int(said * 20)}",
        f"root={tree.tag[root]}",
        f"rootlemma={tree.shown[root]}",
        f"persons={persons}",
        f"firstword={tree.shown[words[0]]}",
        f"lower={int(tree.text[tree.start[words[0]]].islower())}",
        f"afterit={_after(tree, segment.last)}",
        f"entities={int(any(tree.entity[at] == 'PERSON' for at in words))}",
        *(f"has={mark}" for mark in _style(tree, words)),
    )
    return Signs(words, root, doubt, said, size, persons, at_start, at_end, told)


def features(tree: Tree, segment: Segment, its: Signs, near: Near, *, before: bool) -> list[str]:
    """Return what may tell whether a segment belongs to the statement before (or after) it."""
    edge = max(near.tokens, default=-1)
    low, high = min(near.tokens, default=near.cue), max(edge, near.cue)
    low = min(low, near.cue)
    ends = (high + 1, segment.first) if before else (segment.last + 1, low)
    base = f"{'b' if before else 'a'}{'q' if segment.quoted else 's'}"
    between = sum(tree.lexical[slice(*ends)]) if ends[0] < ends[1] else 0
    distance = between if between < 8 else 8 + min(between // 10, 3)
    beside = high if before else low
    sentences = abs(
        tree.sentence[segment.first if before else segment.last] - tree.sentence[beside]
    )
    blocks = abs(tree.block[segment.first] - tree.block[beside])
    one, two = min(blocks, 1), min(blocks, 2)
    cue_blocks = abs(tree.block[segment.first] - tree.block[near.cue])
    quoted = [number for at in near.tokens if (number := tree.quote[at]) >= 0]
    form = "d" if len(quoted) > 0.9 * len(near.tokens) else "m" if quoted else "i"
    cue_after = near.cue > max(edge, 0)
    last_open = any(not tree.quotes[number].closed for number in set(quoted))
    edges = f"edges={int(its.at_start)}{int(its.at_end)}"
    seen, sure = f"seen={int(near.seen * 5)}", f"sure={int(5 * near.chance)}"
    passed = f"passed={min(near.passed, 3)}"
    found = [
        base,
        *(f"{base} {each}" for each in its.told),
        f"{base} gap={distance}",
        f"{base} blocks={min(blocks, 3)} sentences={min(sentences, 4)}",
        f"{base} cueblocks={min(cue_blocks, 4)}",
        f"{base} form={form}",
        f"{base} form={form} blocks={two} sentences={min(sentences, 3)}",
        f"{base} form={form} joined={min(near.joined, 3)} blocks={two}",
        f"{base} {edges} blocks={two}",
        f"{base} cue={tree.shown[near.cue]}",
        f"{base} sure={int(10 * near.chance)}",
        f"{base} {sure} {passed} form={form}",
        f"{base} {passed} form={form} blocks={two}",
        f"{base} cuepos={tree.pos[near.cue]} cueafter={int(cue_after)}",
        f"{base} cueafter={int(cue_after)} blocks={two} form={form}",
        f"{base} open={int(last_open)} start={int(its.at_start)}",
        f"{base} seen={int(near.seen * 20)}",
        f"{base} {seen} said={int(its.said * 5)}",
        f"{base} {seen} doubt={int(its.doubt * 5)}",
        f"{base} {seen} {sure}",
        f"{base} {seen} form={form} blocks={two}",
        f"{base} doubt={int(its.doubt * 10)} form={form} blocks={one}",
        f"{base} persons={its.persons} form={form} blocks={one}",
        f"{base} beforeit={_before(tree, segment.first)} blocks={one}",
    ]
    if segment.quoted:
        sentence = tree.sentences[tree.sentence[segment.first]]
        whole = segment.first - sentence[0] < 2
        closes = segment.last + 2 >= tree.sentences[tree.sentence[segment.last]][1]
        found += [
            f"{base} whole={int(whole)}{int(closes)}",
            f"{base} whole={int(whole)}{int(closes)} form={form} blocks={two}",
            f"{base} whole={int(whole)}{int(closes)} size={its.size}",
            f"{base} dep={tree.dep[its.root]}",
        ]
    return found


def _before(tree: Tree, at: int) -> str:
    for near in range(at - 1, max(at - 4, -1), -1):
        if tree.pos[near] == "SPACE":
            return "space"
        if tree.words[near] in _OPENING_COLON:
            return "colon"
        if tree.lexical[near]:
            return tree.shown[near]
    return "mark"


def _after(tree: Tree, at: int) -> str:
    for near in range(at + 1, min(at + 4, len(tree.words))):
        if tree.pos[near] == "SPACE":
            return "space"
        if tree.lexical[near]:
            return tree.pos[near]
    return "mark"


def _style(tree: Tree, words: Sequence[int]) -> list[str]:
    """Small signs of spoken or of written style."""
    last = words[-1]
    found = _FINITE.intersection(tree.tag[at] for at in words)
    kinds = {tree.pos[at] for at in words}
    if not _CONTRACTIONS.isdisjoint(tree.words[at] for at in words):
        found |= {"contraction"}
    if "INTJ" in kinds:
        found |= {"interjection"}
    if "NUM" in kinds:
        found |= {"number"}
    if any(tree.entity[at] == "DATE" for at in words):
        found |= {"date"}
    return sorted(found | _OUTCRIES.intersection(tree.words[last + 1 : last + 4]))
