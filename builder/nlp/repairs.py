"""What the language model broke in the names of an article, mended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from builder.model import Span
from builder.nlp.candidates import (
    CAPITAL,
    Candidate,
    head_word,
    in_headline,
    is_name,
    surface,
    untitled,
)
from builder.nlp.lexicon import NATIONS, WORDS

_OWNED = re.compile(r"([^’'\n]+)[’']s (?=[A-Z])")
_INSIDE = re.compile(r"(?<!shares )(?<!stake )(?<!interest )(?<!faith )(?<!trust )\b[Ii]n $")
_REST = re.compile(rf" (?:for|of) (?:the )?({CAPITAL}[\w-]+(?: (?:and )?{CAPITAL}[\w-]+)*)")
_WHO = re.compile(
    rf"(?:^|(?<=[.”\"] )|(?<=\n))((?!The ){CAPITAL}[\w’'-]+(?: {CAPITAL}[\w’'-]+){{1,2}}), who\b",
    re.MULTILINE,
)
"""Two capitals before `who`, which the model sometimes passes over."""
_PARTICLE = re.compile(
    r" (?:[Aa]l|[Ee]l|bin|ibn|von|van|de|di|da)[ -](?:der |den |la )?[A-Z][\w’-]+(?<!’s)"
)
_PLACED = re.compile(
    r"\b(?:town|city|village|province|island|port|district|region|state|suburb) of $"
)
_FROM = re.compile(
    r"\b(?:leaders|elders|residents|people|villagers|refugees|farmers|fishermen|families|men|women)"
    r" from $"
)
_EXPLAINED = re.compile(
    rf"\b(?:{'|'.join(sorted(WORDS.body_nouns))})\b[^.,;\n]{{0,40}}, "
    r"((?:[A-Z][\w’'-]*)(?: (?:[A-Z][\w’'-]*|of|the|for|and)){2,})(?=,)"
)
_COUPLE = frozenset(
    {"Foundation", "Trust", "Fund", "Institute", "Center", "Centre", "Museum", "Library"}
)
_PAPER = re.compile(
    r"\b(?:newspaper|magazine|daily|weekly|tabloid|broadcaster|website|newsletter|charity|militia"
    rf"|think tank|news agency|trade union) (?:[Tt]he )?"
    rf"({CAPITAL}[\w’'-]*\w(?: {CAPITAL}[\w’'-]*\w){{0,3}})"
)
"""The name that follows its noun: `the Norwegian newspaper Havnenytt`."""


def repaired(text: str, read: Sequence[Candidate]) -> list[Candidate]:
    """Mend what the model broke, in text order.

    `Harbourtown's Civil Council` is one body, where a body's noun ends it and the owner is no
    country; what follows `the town of` is a place; and an apposition in which every word has a
    capital is the name of the group it explains, whatever stands in it.
    """
    found: list[Candidate] = []
    people = {surface(text, each.span) for each in read if each.kind == "person"}
    read = _without_verbs(text, read)
    surnames = _surnames(text, read)
    for each in (_disowned(text, candidate, people) for candidate in read):
        owner = found[-1] if found else None
        if owner is not None and _is_one_body(text, owner, each, people):
            found[-1] = Candidate(Span(owner.span.start, each.span.end), "organisation")
        elif each.kind == "person" and (rest := _PARTICLE.match(text, each.span.end)):
            found.append(Candidate(Span(each.span.start, rest.end()), "person"))
        elif each.kind == "organisation" and (longer := _lengthened(text, each, people)):
            found.append(longer)
        elif _is_place(text, each, surnames):
            found.append(Candidate(each.span, "place"))
        else:
            found.append(each)
    explained = [
        Candidate(Span(*match.span(1)), "organisation")
        for match in _EXPLAINED.finditer(text)
        if not match[1].istitle() or any(w in WORDS.never_in_names for w in match[1].split())
    ]
    papers = (Candidate(Span(*match.span(1)), "organisation") for match in _PAPER.finditer(text))
    explained += [
        each
        for each in papers
        if is_name(surface(text, each.span))
        and not any(each.span.overlaps(other.span) for other in found)
    ]
    explained += [each for each in found if each not in read]
    people_met = [
        span
        for match in _WHO.finditer(text)
        if " " in surface(text, span := untitled(text, Span(*match.span(1))))
    ]
    explained += [
        Candidate(span, "person")
        for span in people_met
        if all(
            each.kind == "person" and span.contains(each.span)
            for each in read
            if each.span.overlaps(span)
        )
    ]
    return sorted(
        [each for each in found if not any(each.span.overlaps(name.span) for name in explained)]
        + explained
    )


def _is_one_body(text: str, owner: Candidate, each: Candidate, people: AbstractSet[str]) -> bool:
    """Whether two names are one body's, in which the first is whose it is."""
    if each.kind != "organisation" or each.people:
        return False
    words = surface(text, each.span).split()
    return (
        (
            owner.kind in {"place", "organisation"}
            and surface(text, owner.span) not in NATIONS
            and words[0] not in NATIONS
            and text[owner.span.end : each.span.start] in {"’s ", "'s "}
            and len(words) > 1
            and head_word(words) in WORDS.bodies
        )
        or _is_couple(text, owner, each)
        or _is_inn(text, owner, each, people)
    )


def _is_couple(text: str, owner: Candidate, each: Candidate) -> bool:
    """`Ana and Ben Ruiz Foundation`, of which the model makes a person and a body."""
    return (
        owner.kind == "person"
        and each.kind == "organisation"
        and " " not in surface(text, owner.span)
        and text[owner.span.end : each.span.start] == " and "
        and len(words := surface(text, each.span).split()) > 1
        and words[-1] in _COUPLE
    )


def _is_inn(text: str, owner: Candidate, each: Candidate, people: AbstractSet[str]) -> bool:
    """`Solveig’s Bar & Grill`: a first name that nobody else has, and what is called after it."""
    return (
        owner.kind == "person"
        and each.kind == "organisation"
        and text[owner.span.end : each.span.start] in {"’s ", "'s "}
        and _only_owns(text, surface(text, owner.span), people)
    )


def _only_owns(text: str, name: str, people: AbstractSet[str]) -> bool:
    """Whether a single name stands nowhere but before what is called after it, and is nobody's."""
    return (
        " " not in name
        and not any(other != name and name in other.split() for other in people)
        and all(
            text[match.end() : match.end() + 1] in {"'", "’"}
            for match in re.finditer(rf"\b{re.escape(name)}\b", text)
        )
    )


def _surnames(text: str, read: Iterable[Candidate]) -> set[str]:
    """The last words of names by which the article calls a person alone as well."""
    people = [surface(text, each.span) for each in read if each.kind == "person"]
    return {name.rsplit(" ", 1)[-1] for name in people if " " in name}.intersection(people)


def _without_verbs(text: str, read: Sequence[Candidate]) -> list[Candidate]:
    """Leave the surname of `Harbour Fires Solheim` in a headline if the story names who it is."""
    told = {
        surface(text, each.span).rsplit(" ", 1)[-1]
        for each in read
        if each.kind == "person"
        and " " in surface(text, each.span)
        and not in_headline(text, each.span)
    }
    whole = {
        surface(text, each.span)
        for each in read
        if each.kind == "person" and not in_headline(text, each.span)
    }
    found: list[Candidate] = []
    for each in read:
        name = surface(text, each.span)
        last = name.rsplit(" ", 1)[-1]
        if (
            each.kind == "person"
            and " " in name
            and name not in whole
            and last in told
            and in_headline(text, each.span)
        ):
            found.append(Candidate(Span(each.span.end - len(last), each.span.end), "person"))
        else:
            found.append(each)
    return found


def _is_place(text: str, each: Candidate, surnames: AbstractSet[str]) -> bool:
    """`the town of X`; words after `in` that are neither acronym, body's noun nor known person."""
    if each.kind not in {"organisation", "person"}:
        return False
    before = text[max(0, each.span.start - 24) : each.span.start]
    if _PLACED.search(before):
        return True
    if _FROM.search(before):
        name = surface(text, each.span)
        return " " not in name and not name.isupper() and name not in surnames
    words = text[each.span.start : each.span.end]
    return (
        _INSIDE.search(before) is not None
        and (" " not in words or each.kind == "person")
        and not words.isupper()
        and words.rsplit(" ", 1)[-1] not in surnames
        and words not in WORDS.bodies
        and not each.people
        and text[each.span.end : each.span.end + 1] not in {"'", "’"}
    )


def _lengthened(text: str, each: Candidate, people: AbstractSet[str]) -> Candidate | None:
    """The rest of a body's name that the model left: `Lake Observatory` + `for Seabirds`."""
    match = _REST.match(text, each.span.end)
    words = surface(text, each.span).split()
    if match is None or len(words) < 2 or words[-1] not in WORDS.bodies or match[1] in people:
        return None
    return Candidate(Span(each.span.start, match.end()), each.kind)


def _disowned(text: str, each: Candidate, people: AbstractSet[str]) -> Candidate:
    """Cut a country or person that only owns the body: `Norway’s Fish Council` → `Fish Council`."""
    match = _OWNED.match(text, each.span.start, each.span.end)
    if match is None or each.kind != "organisation":
        return each
    words = text[match.end() : each.span.end].split()
    if words[-1] in WORDS.company_endings:
        return each
    owner = match[1]
    if (
        owner not in NATIONS
        and head_word(words) not in WORDS.bodies
        and owner in people
        and _only_owns(text, owner, people)
    ):
        return each
    if (
        owner in NATIONS
        or any(name.split()[-1] == owner or name == owner for name in people)
        or head_word(words) not in WORDS.bodies
    ):
        return Candidate(Span(match.end(), each.span.end), each.kind, each.people)
    return each
