"""What one cue claims: the words it may announce, and whose they may be."""

from __future__ import annotations

from collections.abc import Collection, Container, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from builder.nlp.columns import Reals
from builder.nlp.network import Around, Sight
from builder.nlp.tree import Tree

STRONG = 0.5
"""A cue that is less likely takes no words from one that is more."""
_CONTENT = 0.5
"""The least chance of a word of the content."""
_FEW, _BETWEEN = 3, 0.25
"""How many words of a sentence may stand between others of it, and how likely they have to be on
the average: a reader sees a clause, not its halves."""
_SOURCE, _BESIDE = 0.2, 0.3
"""The least chance of the likeliest word of a source, and of those that go with it; how doubtful
it is goes into the confidence."""
_MARKS = frozenset("“”‘’«»\"'.,;:")
_RELATIVE = frozenset({"WP", "WDT"})
_ENDS = frozenset(",.?!…—")
"""How speech within quotation marks ends."""


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
    around: Around
    """What was seen of the tokens around the cue."""
    joined: int = 0
    """How many stretches without a cue of their own were joined."""
    weakest: float = 1.0
    """The least chance among those joins."""
    rivals: int = 0
    """How many other likely cues stand in the content."""


def claims_of(tree: Tree, cues: Sequence[int], sight: Sight) -> list[Claim]:
    """Return what each cue claims: the words that are likely content, and the likeliest source."""
    voiced = np.array(tree.voiced, bool)
    return [
        _claim(tree, cue, float(sight.cue[cue]), around, voiced)
        for cue, around in zip(cues, sight.around(cues), strict=True)
    ]


def _claim(tree: Tree, cue: int, chance: float, around: Around, voiced: NDArray[np.bool_]) -> Claim:
    first, chances = around.first, around.content
    end = first + len(chances)
    spoken = voiced[first:end]
    likely = {first + at for at in np.flatnonzero((chances > _CONTENT) & spoken).tolist()} - {cue}
    source, sure = _source(tree, cue, around, likely)
    content = _whole(tree, around, likely, {cue, *source})
    content = _with_quotations(tree, cue, content, source)
    before = right_before(tree, cue, source)
    if chance >= STRONG and content <= before:
        content = set(before)
    inside = np.zeros(len(chances), bool)
    inside[[at - first for at in content if first <= at < end]] = True
    held, missed = _total(chances[spoken & inside]), _total(chances[spoken & ~inside])
    return Claim(
        cue,
        chance,
        frozenset(content),
        held / (int((spoken & inside).sum()) + missed) if held else 0.0,
        source,
        sure,
        around,
    )


def right_before(tree: Tree, cue: int, source: Collection[int]) -> frozenset[int]:
    """The quotation that ends where a cue and its source begin: `“Why?” Ruiz asked`.

    It ends as speech does, with a mark inside or a comma after it; a term in marks does not.
    """
    after = cue
    if source and max(source) < cue:
        if not _plain(tree, range(max(source) + 1, cue)):
            return frozenset()
        after = min(source)
    last = after - 1
    comma = last > 0 and tree.words[last] == "," and tree.quote[last] < 0
    last -= comma
    number = tree.quote[last] if last >= 0 else -1
    if number < 0 or tree.block[last] != tree.block[cue] or tree.quote[cue] == number:
        return frozenset()
    quote = tree.quotes[number]
    within = frozenset(tree.within(quote.outer))
    ends = comma or tree.text[quote.inner.start : quote.inner.end].rstrip()[-1:] in _ENDS
    return within if ends and quote.closed and max(within) == last else frozenset()


def _plain(tree: Tree, gap: range) -> bool:
    """Whether nothing but marks, adverbs and helping verbs stands between a source and its cue."""
    return all(tree.pos[at] in {"PUNCT", "ADV", "AUX", "SPACE"} for at in gap)


def _source(
    tree: Tree, cue: int, around: Around, content: Container[int]
) -> tuple[frozenset[int], float]:
    """The likeliest source, as far as its neighbours go with it, and its chance."""
    chances = around.source
    best = int(np.argmax(chances))
    sure = float(chances[best])
    if sure <= _SOURCE:
        return frozenset(), 1 - sure

    def goes(at: int) -> bool:
        return 0 <= at < len(chances) and (
            chances[at] > _BESIDE and around.first + at not in content and around.first + at != cue
        )

    low = high = best
    while goes(low - 1) or (goes(low - 2) and not tree.spoken(around.first + low - 1)):
        low -= 1
    while goes(high + 1) or (goes(high + 2) and not tree.spoken(around.first + high + 1)):
        high += 1
    while low < best and tree.text[tree.start[around.first + low]] in _MARKS:
        low += 1
    reach = range(around.first + low, around.first + high + 1)
    reach = _outside_quotations(tree, reach, around.first + best)
    reach = _without_half_clause(tree, reach, around.first + best)
    return frozenset(at for at in reach if at not in content and at != cue), sure


def _outside_quotations(tree: Tree, reach: range, best: int) -> range:
    """A source up to where a quotation begins that goes on after it; `Ana “Ace” Ruiz` is whole."""
    for at in reach:
        number = tree.quote[at]
        if at > best and number not in {-1, tree.quote[best]}:
            within = tree.within(tree.quotes[number].outer)
            if within and within[-1] not in reach:
                return range(reach.start, at)
    return reach


def _without_half_clause(tree: Tree, reach: range, best: int) -> range:
    """A source without a relative clause of which it has only the beginning: `officials, who`."""
    for at in reach:
        if tree.tag[at] in _RELATIVE and at > max(best, reach.start):
            verb = tree.head[at]
            inside = tree.dep[verb] == "relcl" and verb in reach
            if not (inside and _last(tree, verb) in reach):
                end = at
                while end > reach.start + 1 and not tree.spoken(end - 1):
                    end -= 1
                return range(reach.start, end)
    return reach


def _last(tree: Tree, at: int) -> int:
    """The last word below a word of the parse, itself included."""
    return max([at, *(_last(tree, child) for child in tree.children[at] if tree.spoken(child))])


def _total(chances: Reals) -> float:
    """The sum of chances, added up one after the other."""
    return float(np.add.accumulate(chances, dtype=np.float64)[-1]) if len(chances) else 0.0


def _whole(tree: Tree, around: Around, likely: Collection[int], apart: Collection[int]) -> set[int]:
    """Likely words with what stands between them: marks, and few words that are less likely."""
    whole = set(likely)
    before = None
    for at in sorted(likely):
        if before is not None and at - before > 1 and tree.sentence[before] == tree.sentence[at]:
            gap = range(before + 1, at)
            chances = [
                float(around.content[each - around.first]) for each in gap if tree.voiced[each]
            ]
            fits = len(chances) <= _FEW and sum(chances) >= _BETWEEN * len(chances)
            if fits and not any(each in apart for each in gap):
                whole.update(gap)
        before = at
    return whole


def _with_quotations(tree: Tree, cue: int, content: set[int], source: frozenset[int]) -> set[int]:
    """Complete every quotation that is mostly claimed, with its marks.

    Of one in another block that is not, nothing is left.
    """
    whole = set(content)
    for number in sorted({tree.quote[at] for at in content} - {-1}):
        within = set(tree.within(tree.quotes[number].outer))
        # Marks of other languages are words to the model.
        words = [at for at in within if any(map(str.isalnum, tree.words[at]))]
        if cue in within:
            continue
        if 2 * sum(at in content for at in words) >= len(words):
            whole |= within - source
        elif tree.block[min(within)] != tree.block[cue]:
            whole -= within
    return whole
