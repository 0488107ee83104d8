"""Whether an article calls a person he or she: by title and role, else by all its pronouns."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from builder.model import Chain, Mention
from builder.nlp.lexicon import WORDS
from builder.nlp.references import Gender, noun_gender

_ROUNDS = 6
_PRIOR = 0.3
"""What is believed of either pronoun before one is read."""
_LIKELY = 0.4
"""How likely a pronoun must mean somebody to tell anything of them: in a report full of `she` much
else adds up to a woman of everybody named beside her."""
_ENOUGH = 0.9
"""Pronouns that must speak for it."""
_SURE = 0.8
"""The share of them that must agree."""


def by_title(text: str, chain: Chain, mentions: Sequence[Mention]) -> Gender:
    """What titles and roles say; never what a first name suggests."""
    if chain.kind != "person":
        return ""
    said: set[Gender] = set()
    for index in chain.mentions:
        start = mentions[index].span.start
        before = text[max(0, start - 20) : start].rsplit(None, 1)[-1:]
        title = before[0].rstrip(".") if before else ""
        if title in WORDS.masculine:
            said.add("m")
        elif title in WORDS.feminine:
            said.add("f")
        else:
            said.add(noun_gender(title.lower()))
    for span in chain.descriptions:
        said |= {noun_gender(word) for word in text[span.start : span.end].lower().split()[-1:]}
    said.discard("")
    return said.pop() if len(said) == 1 else ""


def by_pronouns(
    known: Mapping[int, Gender], read: Sequence[tuple[Gender, Mapping[int, float]]]
) -> dict[int, Gender]:
    """Decide for everybody at once what makes the article's pronouns most plausible.

    Args:
        known: What titles say; this stays.
        read: For every pronoun its gender, and how well each person near it would fit.

    Returns:
        A gender for those for whom enough pronouns agree, else an empty one.
    """
    counts: dict[int, dict[Gender, float]] = {}
    for _ in range(_ROUNDS):
        fresh: dict[int, dict[Gender, float]] = {}
        for gender, scores in read:
            weights = {
                who: math.exp(score) * _belief(known.get(who, ""), counts.get(who), gender)
                for who, score in scores.items()
            }
            total = sum(weights.values())
            for who, weight in weights.items():
                count = fresh.setdefault(who, {"m": 0.0, "f": 0.0})
                if weight >= _LIKELY * total:
                    count[gender] += weight / total
        counts = fresh
    return {who: known.get(who, "") or _decided(counts.get(who)) for who in {*known, *counts}}


def _belief(known: Gender, count: Mapping[Gender, float] | None, gender: Gender) -> float:
    if known:
        return 1.0 if known == gender else 0.01
    if count is None:
        return 0.5
    return (count[gender] + _PRIOR) / (count["m"] + count["f"] + 2 * _PRIOR)


def _decided(count: Mapping[Gender, float] | None) -> Gender:
    if count is None:
        return ""
    best: Gender = "m" if count["m"] > count["f"] else "f"
    total = count["m"] + count["f"]
    return best if count[best] >= _ENOUGH and count[best] / total >= _SURE else ""
