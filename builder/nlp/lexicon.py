"""The word lists of the names and speakers rules, read once."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

_T = TypeVar("_T")
_HERE = Path(__file__).parent


class Lexicon(Struct, frozen=True, forbid_unknown_fields=True):
    """`names_en.toml`: see the comments there."""

    honorifics: frozenset[str]
    masculine: frozenset[str]
    feminine: frozenset[str]
    titles: frozenset[str]
    qualifiers: frozenset[str]
    partisans: frozenset[str]
    relations: frozenset[str]
    roles: frozenset[str]
    masculine_roles: frozenset[str]
    feminine_roles: frozenset[str]
    spokespeople: frozenset[str]
    bodies: frozenset[str]
    body_nouns: frozenset[str]
    body_descriptions: frozenset[str]
    company_endings: frozenset[str]
    place_nouns: frozenset[str]
    place_prefixes: tuple[str, ...]
    place_endings: frozenset[str]
    event_endings: frozenset[str]
    alone: frozenset[str]
    particles: frozenset[str]
    name_endings: frozenset[str]
    media: frozenset[str]
    documents: frozenset[str]
    times: frozenset[str]
    days: frozenset[str]
    months: frozenset[str]
    saying: frozenset[str]
    said: frozenset[str]
    telling: frozenset[str]
    hearers: frozenset[str]
    writing: frozenset[str]
    through: frozenset[str]
    first_and_second: frozenset[str]
    no_acronyms: frozenset[str]
    no_names: frozenset[str]
    openers: frozenset[str]
    same_given: frozenset[str]
    state_forms: dict[str, str]
    short_titles: dict[str, str]
    never_in_names: frozenset[str]
    never_owned: frozenset[str]
    small: frozenset[str]
    parties: frozenset[str]
    ambiguous_nations: frozenset[str]
    never_owners: frozenset[str]
    impersonal: frozenset[str]


class Nation(Struct, frozen=True, forbid_unknown_fields=True):
    """One country of `nations_en.toml`."""

    name: str
    aliases: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()


class _Nations(Struct, frozen=True, forbid_unknown_fields=True):
    nation: tuple[Nation, ...]


def _read(name: str, kind: type[_T]) -> _T:
    data = tomllib.loads((_HERE / name).read_text("utf-8"))
    return msgspec.convert(data, kind)


WORDS = _read("names_en.toml", Lexicon)
_ALL = _read("nations_en.toml", _Nations).nation
NATIONS: dict[str, str] = {
    form: nation.name for nation in _ALL for form in (nation.name, *nation.aliases)
}
"""Every name of a country, and the country."""
DEMONYMS: dict[str, str] = {
    form: nation.name
    for nation in _ALL
    for word in nation.demonyms
    for form in (word, f"{word}s")
    if form not in NATIONS
}
"""`Syrian` and `Syrians`, and the country."""


@functools.cache
def words() -> dict[str, Any]:
    """Return the words of English that the finders of statements know: `words_en.toml`."""
    return tomllib.loads((_HERE / "words_en.toml").read_text("utf-8"))
