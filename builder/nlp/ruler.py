"""The rules by which a model's tags become parts of speech, looked up instead of matched.

spaCy tries every rule on every token, for a sixth of the time of all reading. What a rule looks at
is a tag, a label, a few words: with the same of these the answer is the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from spacy.attrs import DEP, IS_SPACE, LOWER, TAG  # type: ignore[import-not-found]
from spacy.language import Language
from spacy.pipeline import AttributeRuler
from spacy.pipeline.attributeruler import attribute_ruler_score
from spacy.strings import StringStore
from spacy.tokens import Doc
from spacy.tokens._retokenize import set_token_attrs

FACTORY = "postil_attribute_ruler"
"""Under which it can stand in a pipeline's config for `attribute_ruler`."""

_LOOKED_AT = {"TAG": 0, "DEP": 1, "LOWER": 2, "IS_SPACE": 3}
_LONGEST = 2
"""Tokens of a rule."""

Test = Callable[[Any], bool]
Attributes = dict[int, Any]


class Rule(NamedTuple):
    """One pattern: what must be so of each of its tokens, and which of them it changes."""

    number: int
    """Of what it sets; the higher one has the last word."""
    tests: tuple[tuple[tuple[int, Test], ...], ...]
    changes: int


class _Answers(NamedTuple):
    """Which rules a token fulfils."""

    alone: tuple[int, ...]
    """Numbers of rules of one token."""
    first: frozenset[int]
    """Places of rules of two tokens, whose first it can be."""
    second: frozenset[int]


class Ruler(AttributeRuler):
    """spaCy's component, which remembers what it found for each kind of token."""

    _plan: _Plan | None = None
    _planned = -1

    def __call__(self, doc: Doc) -> Doc:
        """Set the attributes of a text's tokens, as spaCy's does."""
        if self._planned != len(self.attrs):
            self._planned = len(self.attrs)
            patterns = self.patterns
            if found := rules(patterns):
                self._plan = _Plan(found, _words_in(patterns), self.attrs, doc.vocab.strings)
            else:
                self._plan = None
        if self._plan is None:
            return super().__call__(doc)
        for at, attributes in self._plan.attributes(doc):
            set_token_attrs(doc[at], attributes)
        return doc


@Language.factory(
    FACTORY,
    default_config={"validate": False, "scorer": {"@scorers": "spacy.attribute_ruler_scorer.v1"}},
)
def ruler(nlp: Language, name: str, *, validate: bool, scorer: Any) -> Ruler:
    """Return what stands for `attribute_ruler` in a pipeline; it has no rules yet."""
    return Ruler(nlp.vocab, name, validate=validate, scorer=scorer or attribute_ruler_score)


def rules(patterns: Sequence[Mapping[str, Any]]) -> list[Rule] | None:
    """Return the rules of a component; None if one looks at more than a token and its neighbour.

    Args:
        patterns: As `AttributeRuler.patterns` gives them.
    """
    found: list[Rule] = []
    for number, each in enumerate(patterns):
        for pattern in each["patterns"]:
            tests = [_tests(token) for token in pattern]
            if len(tests) > _LONGEST or any(test is None for test in tests):
                return None
            found.append(Rule(number, tuple(test for test in tests if test), each["index"]))
    return found


def _tests(token: Mapping[str, Any]) -> tuple[tuple[int, Test], ...] | None:
    """What must be so of one token, by what is looked at; None if that is not known here."""
    found: list[tuple[int, Test]] = []
    for name, wanted in token.items():
        match wanted:
            case _ if name not in _LOOKED_AT:
                return None
            case str() | bool():
                found.append((_LOOKED_AT[name], wanted.__eq__))
            case {"IN": [*some], **rest} if not rest:
                found.append((_LOOKED_AT[name], frozenset(some).__contains__))
            case {"NOT_IN": [*some], **rest} if not rest:
                found.append((_LOOKED_AT[name], _not_in(frozenset(some))))
            case {"REGEX": str(expression), **rest} if not rest:
                found.append((_LOOKED_AT[name], _matching(re.compile(expression))))
            case _:
                return None
    return tuple(found) or None


def _words_in(patterns: Sequence[Mapping[str, Any]]) -> tuple[frozenset[str], Sequence[Test]]:
    """The words that rules name, and what must be so of other words that rules are about."""
    listed: set[str] = set()
    tests: list[Test] = []
    for wanted in (
        token["LOWER"]
        for each in patterns
        for pattern in each["patterns"]
        for token in pattern
        if "LOWER" in token
    ):
        if isinstance(wanted, str):
            listed.add(wanted)
        else:
            listed.update(*(some for key, some in wanted.items() if key != "REGEX"))
            tests += [_matching(re.compile(some)) for key, some in wanted.items() if key == "REGEX"]
    return frozenset(listed), tests


def _not_in(some: frozenset[str]) -> Test:
    return lambda value: value not in some


def _matching(expression: re.Pattern[str]) -> Test:
    return lambda value: expression.search(value) is not None


class _Plan:
    """What is known of rules, of kinds of tokens, and of the words that rules are about."""

    def __init__(
        self,
        found: Sequence[Rule],
        words: tuple[frozenset[str], Sequence[Test]],
        attrs: Sequence[Attributes],
        strings: StringStore,
    ) -> None:
        self._rules = found
        self._attrs = attrs
        self._strings = strings
        self._answers: dict[tuple[int, int, int, int], _Answers] = {}
        self._words: dict[int, int] = {0: 0}
        self._merged: dict[tuple[int, ...], Attributes] = {}
        self._listed, self._like = words

    def attributes(self, doc: Doc) -> Iterator[tuple[int, Attributes]]:
        """Yield the tokens of a text for which there are rules, and what is to be set."""
        columns = doc.to_array([TAG, DEP, LOWER, IS_SPACE]).tolist() if len(doc) else []
        pairs: defaultdict[int, list[int]] = defaultdict(list)
        every: list[tuple[int, ...]] = []
        before: frozenset[int] = frozenset()
        for at, (tag, dep, word, space) in enumerate(columns):
            known = self._words.get(word)
            kind = (tag, dep, self._word(word) if known is None else known, space)
            answers = self._answers.get(kind)
            if answers is None:
                answers = self._answers[kind] = self._answered(kind)
            every.append(answers.alone)
            if before and not before.isdisjoint(answers.second):
                for place in before & answers.second:
                    rule = self._rules[place]
                    pairs[at - 1 + rule.changes % len(rule.tests)].append(rule.number)
            before = answers.first
        for at, more in pairs.items():
            every[at] = tuple(sorted({*every[at], *more}))
        for at, numbers in enumerate(every):
            if numbers:
                yield at, self._set_by(numbers)

    def _word(self, word: int) -> int:
        """The word, if any rule tells it from all others; else 0."""
        text = self._strings[word]
        told = text in self._listed or any(test(text) for test in self._like)
        self._words[word] = word if told else 0
        return self._words[word]

    def _answered(self, kind: tuple[int, int, int, int]) -> _Answers:
        tag, dep, word, space = kind
        values = (self._strings[tag], self._strings[dep], self._strings[word], bool(space))

        def fits(tests: tuple[tuple[int, Test], ...]) -> bool:
            return all(test(values[of]) for of, test in tests)

        alone = {r.number for r in self._rules if len(r.tests) == 1 and fits(r.tests[0])}
        two = [(place, r) for place, r in enumerate(self._rules) if len(r.tests) == _LONGEST]
        return _Answers(
            tuple(sorted(alone)),
            frozenset(place for place, rule in two if fits(rule.tests[0])),
            frozenset(place for place, rule in two if fits(rule.tests[1])),
        )

    def _set_by(self, numbers: tuple[int, ...]) -> Attributes:
        if numbers not in self._merged:
            merged: dict[int, Any] = {}
            for number in numbers:
                merged |= self._attrs[number]
            self._merged[numbers] = merged
        return self._merged[numbers]
