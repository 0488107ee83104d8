"""What each name of an article is: a person, an organisation, a place …, one kind for each."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from builder.model import Kind, Span
from builder.nlp.candidates import Candidate, head_word, surface
from builder.nlp.lexicon import DEMONYMS, NATIONS, WORDS

_ORDER: tuple[Kind, ...] = ("person", "organisation", "place", "event", "law", "work", "date")
"""Which kind wins where the model is of two minds."""
_ACRONYM = re.compile(r"[A-Z][A-Z&.\-]{1,6}\d?$")
_BANK = re.compile(r"(?:West|East|North|South|Left|Right) (?:Bank|Coast|Side|End)$")
_FOLLOWER = re.compile(r"(?:ian|ist|ite|esque|ism|ists|ites|ians)$")
_CIVIC = re.compile(
    r"(?:['’] ?s| s) (?:(?:deputy|former|new|old|only|main|first) )?"
    r"(?:mayor|governor|airport|harbour|harbor|suburbs|outskirts|town hall|city hall|town council|"
    r"city council|police chief|port|railway station|old town)\b"
)
"""What belongs to a place and to no person: `Kharad’s mayor`."""
_LOWER = re.compile(r"\b[a-z]{3,}\b")


def decide(text: str, candidates: Iterable[Candidate]) -> dict[str, Kind]:
    """Decide what each name is, by what the model says most often and by the name's own words.

    Peoples, faiths and parties are no names unless the model elsewhere takes the same word for a
    body, or a body is called after it (`Church of …`); countries' peoples are joined to the
    country later.
    """
    votes: defaultdict[str, Counter[Kind]] = defaultdict(Counter)
    for candidate in candidates:
        name = surface(text, candidate.span)
        if candidate.people and name not in NATIONS:
            votes[name]["organisation"] += 0
            continue
        voted: Kind = candidate.kind
        if voted != "person" and _after_role(text, candidate.span) and _may_be_person(name):
            voted = "person"
        if (
            voted in {"person", "organisation"}
            and " " not in name
            and _CIVIC.match(text, candidate.span.end)
        ):
            voted = "place"
        votes[name][voted] += 1
    ends = {name.rsplit(" of ", 1)[-1] for name in votes if " of " in name}
    for name in ends & votes.keys():
        if not any(votes[name].values()):
            votes[name]["organisation"] = 1
    decided = {
        name: kind
        for name, count in votes.items()
        if name not in DEMONYMS and (kind := _kind(name, count)) is not None
    }
    decided = _without_plurals(decided)
    plain = frozenset(_LOWER.findall(text))
    surnames = {
        name.split()[-1] for name, kind in decided.items() if kind == "person" and " " in name
    }
    return _by_surname(
        {
            name: kind
            for name, kind in decided.items()
            if name in NATIONS
            or name in surnames
            or not (name[1:].islower() and name.lower() in plain)
        }
    )


def _after_role(text: str, span: Span) -> bool:
    """Whether a role stands before: `the chief executive, X`, `Mr. X`."""
    before = text[max(0, span.start - 24) : span.start].rstrip(" ,").rsplit(None, 1)[-1:]
    return bool(before) and (before[0] in WORDS.roles or before[0].rstrip(".") in WORDS.honorifics)


def _may_be_person(name: str) -> bool:
    words = name.split()
    return (
        name not in NATIONS
        and not name.isupper()
        and not any(word in WORDS.bodies or word in WORDS.small for word in words)
        and words[-1].rstrip(".") not in WORDS.company_endings
    )


def _kind(name: str, count: Mapping[Kind, int]) -> Kind | None:
    if name in NATIONS:
        return "place"
    if not any(count.values()):
        return None
    if _BANK.match(name):
        return "place"
    words = name.split()
    last = words[-1].rstrip(".")
    if (
        len(words) > 1
        and (last in WORDS.company_endings or head_word(words) in WORDS.bodies)
        and not {"event", "law", "work"} & {kind for kind, n in count.items() if n}
    ):
        return "organisation"
    if len(words) > 1 and last in WORDS.event_endings and not count.get("work"):
        return "event"
    if len(words) > 1 and _is_acronym(words) and count.get("person"):
        return "organisation"
    if len(words) > 1 and last in WORDS.place_endings and not count.get("organisation"):
        return "place"
    if _ACRONYM.match(name) and count.get("person"):
        return "organisation"
    return max(_ORDER, key=lambda kind: (count.get(kind, 0), -_ORDER.index(kind)))


def _is_acronym(words: Sequence[str]) -> bool:
    """Whether a name ends in capitals that are no part of a person’s: `Solheim PAC`."""
    last = words[-1]
    return (
        len(last) > 1
        and last.isalpha()
        and last.isupper()
        and last not in WORDS.name_endings
        and not words[0].isupper()
    )


def _without_plurals(decided: dict[str, Kind]) -> dict[str, Kind]:
    """Without families and followers: `the Solheims` and `Solheimian` name nobody of their own."""
    surnames = {name.rsplit(" ", 1)[-1] for name, kind in decided.items() if kind == "person"}
    return {
        name: kind
        for name, kind in decided.items()
        if " " in name
        or name in NATIONS
        or not (
            (name.endswith("s") and name[:-1] in surnames)
            or ((stem := _FOLLOWER.sub("", name)) != name and stem in surnames)
        )
    }


def _by_surname(decided: dict[str, Kind]) -> dict[str, Kind]:
    """Make the words of one name agree.

    A single word that is a named person's surname, in capitals too, is that person; a longer name
    that ends in a single word known to be a person is one; the first word of a body's name is not.
    """
    people = {name for name, kind in decided.items() if kind == "person"}
    people |= {
        name
        for name, kind in decided.items()
        if kind == "organisation"
        and len(name.split()) in {2, 3}
        and _may_be_person(name)
        and name.split()[-1] in people
    }
    surnames = {name.split()[-1] for name in people if " " in name}
    surnames |= {name.upper() for name in surnames}
    given = {name.split()[0] for name in people if " " in name}
    begins = {
        name.split()[0] for name, kind in decided.items() if kind == "organisation" and " " in name
    } - given
    spelt = {
        name.replace("-", " "): kind
        for name, kind in decided.items()
        if "-" in name and kind not in {"person", "date"}
    }
    agreed: dict[str, Kind] = {}
    for name, kind in decided.items():
        if name in NATIONS:
            agreed[name] = kind
        elif kind == "person" and name in spelt:
            agreed[name] = spelt[name]
        elif name in surnames or (" " in name and name in people):
            agreed[name] = "person"
        elif kind == "person" and name in begins:
            agreed[name] = "organisation"
        else:
            agreed[name] = kind
    return agreed
