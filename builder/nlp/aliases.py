"""Which names within one article mean the same: short forms, initials, surnames, countries."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from builder.model import Kind
from builder.nlp.candidates import head_word
from builder.nlp.lexicon import DEMONYMS, NATIONS, WORDS

_BRACKETED = re.compile(
    r"['’]?[sS]?[\"”’]?\s\(\s?(?:the |or )?[\"“‘']?([A-Z][A-Za-z&.\-]{1,9})[\"”’']?\s?\)"
)
_ARABIC = re.compile(r"^(?:[Aa]l|[Ee]l)-(?=[A-Z])")
_POSSESSIVE = re.compile(r"['’]s?(?=\s|$)")


def key(name: str) -> str:
    """A name without case, full stops, possessives, hyphens and a company's ending."""
    words = _POSSESSIVE.sub("", name).replace(".", "").replace("-", " ").split()
    while len(words) > 1 and words[-1].rstrip(",") in WORDS.company_endings:
        words = words[:-1]
    return " ".join(words).rstrip(",").casefold()


def country(name: str) -> str:
    """The country that a name means, or nothing: `Britain` and `British` mean `United Kingdom`."""
    return NATIONS.get(name) or DEMONYMS.get(name, "")


def initials(name: str) -> tuple[str, ...]:
    """The acronyms a name can have: `SLN`, and with its small words, `CoE` as `COE`."""
    words = [w for w in _POSSESSIVE.sub("", name).replace("-", " ").split() if w[0].isalpha()]
    great = "".join(word[0] for word in words if word[0].isupper())
    every = "".join(word[0].upper() for word in words)
    return tuple(
        dict.fromkeys(
            each for each in (great, every) if len(each) > 1 and each not in WORDS.no_acronyms
        )
    )


def bracketed(text: str, end: int) -> re.Match[str] | None:
    """The acronym in brackets directly after a name that ends at `end`."""
    match = _BRACKETED.match(text, end)
    if match and sum(letter.isupper() for letter in match[1]) >= 2:
        return match
    return None


def joined(kinds: Mapping[str, Kind], defined: Mapping[str, str]) -> dict[str, str]:
    """The fullest name for every name that is no person's.

    Args:
        kinds: Every name of the article, in the order in which they are met, and its kind.
        defined: Acronyms that the article itself explains, and the name they stand for.
    """
    full = {name: name for name in kinds if kinds[name] != "person"}
    by_key: defaultdict[tuple[str, Kind], list[str]] = defaultdict(list)
    for name in full:
        by_key[key(bare_place(name) if kinds[name] == "place" else name), kinds[name]].append(name)
    for same in by_key.values():
        best = max(same, key=lambda name: (len(name.split()), len(name), name))
        full |= dict.fromkeys(same, best)
    for name in full:
        if nation := NATIONS.get(name):
            full[name] = nation
        elif (state := WORDS.state_forms.get(name.replace(".", ""), "")) in full:
            full[name] = state
        elif (long := defined.get(name)) and long != name:
            full[name] = full.get(long, long)
    bodies = [name for name in full if kinds[name] == "organisation" and " " in name]
    _join_acronyms(full, bodies)
    _join_short(full, kinds, bodies)
    return full


def bare_place(name: str) -> str:
    """A place without its kind: `Northport city` and `City of Northport` are `Northport`.

    `Northport City` keeps its capital: that may be its name.
    """
    words = name.split()
    if len(words) > 1 and words[-1] in WORDS.place_nouns:
        return " ".join(words[:-1])
    for prefix in WORDS.place_prefixes:
        if name.startswith(f"{prefix} "):
            return name.removeprefix(f"{prefix} ")
    return name


def _join_acronyms(full: dict[str, str], bodies: Sequence[str]) -> None:
    """An acronym that no bracket explains, and the one name it can stand for."""
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for name in bodies:
        for short in initials(name):
            owners[short].add(full[name])
    for name, meant in full.items():
        bare = name.replace(".", "")
        if bare.isupper() and meant == name and len(owners.get(bare, ())) == 1:
            full[name] = next(iter(owners[bare]))


def _join_short(full: dict[str, str], kinds: Mapping[str, Kind], bodies: Sequence[str]) -> None:
    """A short form that begins, ends or heads exactly one longer name: `Goldman`, `the Council`.

    What begins or ends a longer name is short for it only after it: `Norvik Books` that is named
    first is not the Norvik Books Fair, nor is `Books` Old Books; but `Norvik Council` may be the
    Lakeland Norvik Council, if Lakeland is a place.
    """
    padded = {name: f" {key(name)} " for name in bodies}
    met = {name: at for at, name in enumerate(full)}
    for name, meant in full.items():
        if kinds[name] != "organisation" or meant != name:
            continue
        if name in NATIONS or name in WORDS.alone:
            continue
        words = f" {key(name)} "
        longer = {
            full[long]
            for long, inside in padded.items()
            if long != name
            and len(inside) > len(words)
            and (
                (met[long] < met[name] and _begins(name, long))
                or (_ends(name, long) and (met[long] < met[name] or _placed(name, long, kinds)))
                or _heads(name, long, after=met[long] < met[name])
            )
        }
        if len(longer) == 1:
            full[name] = next(iter(longer))


def _begins(short: str, long: str) -> bool:
    """`Norvik Books` of `Norvik Books Fair`; never the `Senate` of its `Senate Rules Committee`."""
    own = short not in WORDS.bodies or head_word(long.split()) == short
    return own and f"{key(long)} ".startswith(f"{key(short)} ")


def _placed(short: str, long: str, kinds: Mapping[str, Kind]) -> bool:
    """Whether a longer name only says where: `Lakeland Fishing Board` for the `Fishing Board`."""
    more = long.removesuffix(short).strip()
    return more in NATIONS or more in DEMONYMS or kinds.get(more) == "place"


def _ends(short: str, long: str) -> bool:
    """`Harbour Board` of `Northport Harbour Board`; never `Syrian army` of another Syrian army."""
    first = short.split(maxsplit=1)[0]
    return (
        f" {key(long)}".endswith(f" {key(short)}")
        and first not in DEMONYMS
        and first not in NATIONS
        and first not in WORDS.parties
    )


def _heads(short: str, long: str, *, after: bool) -> bool:
    """`Observatory` of `Lake Observatory for Birds`; `Lake Museum` after `Lake Memorial Museum`."""
    if short in WORDS.bodies:
        return head_word(long.split()) == short
    some, every = short.split(), long.split()
    if not after or len(some) < 2 or some[0] != every[0] or head_word(some) != head_word(every):
        return False
    rest = iter(every)
    return all(word in rest for word in some)


def people(names: Iterable[str]) -> dict[str, str]:
    """The fullest form of every full name of a person: `A. Ruiz`, `Ana M. Ruiz` → `Ana M. Ruiz`."""
    by_surname: defaultdict[str, list[str]] = defaultdict(list)
    full: dict[str, str] = {}
    for name in sorted(set(names), key=lambda name: (-len(name.split()), -len(name), name)):
        same = [
            long
            for long in by_surname[surname(name)]
            if same_person(name, long) or long.endswith(f" {name}")
        ]
        if len(same) == 1:
            full[name] = same[0]
        else:
            full[name] = name
            by_surname[surname(name)].append(name)
    return full


@functools.lru_cache(maxsize=4096)
def surname(name: str) -> str:
    """The last word of a name, without `Jr.` and the like and without `al-`."""
    words = [word.rstrip(".,") for word in name.split()]
    while len(words) > 1 and words[-1] in WORDS.name_endings:
        words = words[:-1]
    return _ARABIC.sub("", words[-1])


def given(name: str) -> str:
    """The first word of a name of two words or more."""
    words = name.split()
    return words[0].rstrip(".") if len(words) > 1 else ""


def same_person(short: str, long: str) -> bool:
    """Whether two full names with one surname can be one person: given names or initials agree."""
    one, other = _given(short), _given(long)
    if not one or not other or not _agree(one[0], other[0]):
        return False
    if len(one) > 1 and len(other) > 1:
        return any(_agree(a, b) for a in one[1:] for b in other[1:])
    return True


def _given(name: str) -> list[str]:
    words = [word.rstrip(".,") for word in name.replace(".", ". ").split()]
    while len(words) > 1 and words[-1] in WORDS.name_endings:
        words = words[:-1]
    return [word for word in words[:-1] if word]


def _agree(one: str, other: str) -> bool:
    short, long = sorted((_plain(one), _plain(other)), key=len)
    return (
        short == long
        or (len(short) == 1 and long.startswith(short))
        or f"{short} {long}" in WORDS.same_given
    )


def _plain(word: str) -> str:
    """Without case and accents."""
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
