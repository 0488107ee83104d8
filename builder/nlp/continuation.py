"""Whether a stretch without a cue of its own belongs to a statement before or after it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from builder.nlp import dialogue
from builder.nlp.cues import word
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
        free = [at for at in within if at not in claimed and _is_word(tree, at)]
        held = [at for at in within if _is_word(tree, at)]
        if len(free) > 1 and len(free) >= len(held) / 2 and not any(at in cues for at in within):
            found.append(Segment(within[0], within[-1], quoted=True))
    for first, end in tree.sentences:
        held = [at for at in range(first, end) if _is_word(tree, at)]
        if len(held) < 2 or any(at in claimed or at in cues for at in held):
            continue
        if sum(tree.quote[at] >= 0 for at in held) * 2 > len(held):
            continue
        last = end - 1
        while tree.pos[last] == "SPACE":
            last -= 1
        found.append(Segment(first, last, quoted=False))
    return sorted(found)


def features(tree: Tree, segment: Segment, near: Near, sight: Sight, *, before: bool) -> list[str]:
    """Return what may tell whether a segment belongs to the statement before (or after) it."""
    reach = range(segment.first, segment.last + 1)
    words = [at for at in reach if _is_word(tree, at)]
    edges = near.tokens | {near.cue}
    side = "b" if before else "a"
    kind = "q" if segment.quoted else "s"
    ends = (max(edges) + 1, segment.first) if before else (segment.last + 1, min(edges))
    between = sum(_is_word(tree, at) for at in range(*ends))
    distance = between if between < 8 else 8 + min(between // 10, 3)
    sentences = abs(
        tree.sentence[segment.first if before else segment.last]
        - tree.sentence[max(edges) if before else min(edges)]
    )
    blocks = abs(tree.block[segment.first] - tree.block[max(edges) if before else min(edges)])
    cue_blocks = abs(tree.block[segment.first] - tree.block[near.cue])
    block = tree.blocks[tree.block[segment.first]]
    at_start = tree.start[segment.first] - block.span.start < 2
    at_end = block.span.end - tree.end[segment.last] < 2
    quoted_words = sum(tree.quote[at] >= 0 for at in near.tokens)
    form = "d" if quoted_words > 0.9 * len(near.tokens) else "m" if quoted_words else "i"
    persons = sorted({_PERSONS[tree.words[at]] for at in words if tree.words[at] in _PERSONS})
    root = next((at for at in reach if tree.head[at] == at or tree.dep[at] == "ROOT"), words[0])
    doubt = float(sight.cue[segment.first : segment.last + 1].max())
    said = float(sight.said[words].mean())
    base = f"{side}{kind}"
    size = min(len(words) // 5, 5)
    cue_after = near.cue > max(near.tokens, default=0)
    last_open = any(
        not tree.quotes[tree.quote[at]].closed for at in near.tokens if tree.quote[at] >= 0
    )
    found = [
        f"{base}",
        f"{base} gap={distance}",
        f"{base} blocks={min(blocks, 3)} sentences={min(sentences, 4)}",
        f"{base} cueblocks={min(cue_blocks, 4)}",
        f"{base} form={form}",
        f"{base} form={form} blocks={min(blocks, 2)} sentences={min(sentences, 3)}",
        f"{base} form={form} joined={min(near.joined, 3)} blocks={min(blocks, 2)}",
        f"{base} size={size}",
        f"{base} edges={int(at_start)}{int(at_end)}",
        f"{base} edges={int(at_start)}{int(at_end)} blocks={min(blocks, 2)}",
        f"{base} cue={word(tree, near.cue)}",
        f"{base} sure={int(10 * near.chance)}",
        f"{base} sure={int(5 * near.chance)} passed={min(near.passed, 3)} form={form}",
        f"{base} passed={min(near.passed, 3)} form={form} blocks={min(blocks, 2)}",
        f"{base} cuepos={tree.pos[near.cue]} cueafter={int(cue_after)}",
        f"{base} cueafter={int(cue_after)} blocks={min(blocks, 2)} form={form}",
        f"{base} open={int(last_open)} start={int(at_start)}",
        f"{base} doubt={int(doubt * 10)}",
        f"{base} seen={int(near.seen * 20)}",
        f"{base} said={int(said * 20)}",
        f"{base} seen={int(near.seen * 5)} said={int(said * 5)}",
        f"{base} seen={int(near.seen * 5)} doubt={int(doubt * 5)}",
        f"{base} seen={int(near.seen * 5)} sure={int(5 * near.chance)}",
        f"{base} seen={int(near.seen * 5)} form={form} blocks={min(blocks, 2)}",
        f"{base} doubt={int(doubt * 10)} form={form} blocks={min(blocks, 1)}",
        f"{base} root={tree.tag[root]}",
        f"{base} rootlemma={word(tree, root)}",
        f"{base} persons={'+'.join(persons)}",
        f"{base} persons={'+'.join(persons)} form={form} blocks={min(blocks, 1)}",
        f"{base} firstword={word(tree, words[0])}",
        f"{base} lower={int(tree.text[tree.start[words[0]]].islower())}",
        f"{base} beforeit={_before(tree, segment.first)} blocks={min(blocks, 1)}",
        f"{base} afterit={_after(tree, segment.last)}",
        f"{base} entities={int(any(tree.entity[at] == 'PERSON' for at in words))}",
    ]
    found += [f"{base} has={mark}" for mark in _signs(tree, words)]
    if segment.quoted:
        sentence = tree.sentences[tree.sentence[segment.first]]
        whole = segment.first - sentence[0] < 2
        closes = segment.last + 2 >= tree.sentences[tree.sentence[segment.last]][1]
        found += [
            f"{base} whole={int(whole)}{int(closes)}",
            f"{base} whole={int(whole)}{int(closes)} form={form} blocks={min(blocks, 2)}",
            f"{base} whole={int(whole)}{int(closes)} size={size}",
            f"{base} dep={tree.dep[root]}",
        ]
    return found


def _is_word(tree: Tree, at: int) -> bool:
    return tree.spoken(at) and tree.words[at][:1].isalnum()


def _before(tree: Tree, at: int) -> str:
    for near in range(at - 1, max(at - 4, -1), -1):
        if tree.pos[near] == "SPACE":
            return "space"
        if tree.words[near] in _OPENING_COLON:
            return "colon"
        if _is_word(tree, near):
            return word(tree, near)
    return "mark"


def _after(tree: Tree, at: int) -> str:
    for near in range(at + 1, min(at + 4, len(tree.words))):
        if tree.pos[near] == "SPACE":
            return "space"
        if _is_word(tree, near):
            return tree.pos[near]
    return "mark"


def _signs(tree: Tree, words: Sequence[int]) -> list[str]:
    """Small signs of spoken or of written style."""
    found = set()
    for at in words:
        if tree.tag[at] in {"VBP", "VBZ", "VBD", "MD"}:
            found.add(tree.tag[at])
        if tree.words[at] in {"n't", "n’t", "nt", "'re", "’re", "'ve", "’ve", "'m", "’m"}:
            found.add("contraction")
        if tree.pos[at] == "INTJ":
            found.add("interjection")
        if tree.pos[at] == "NUM":
            found.add("number")
        if tree.entity[at] == "DATE":
            found.add("date")
    last = words[-1]
    for near in range(last + 1, min(last + 4, len(tree.words))):
        if tree.words[near] in {"?", "!"}:
            found.add(tree.words[near])
    return sorted(found)
