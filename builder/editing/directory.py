"""Who is who on the whole site: the register, ready to be asked for names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import lru_cache

from msgspec import Struct

from builder import routes
from builder.model import EntityKey, Known, Span

_WORD = re.compile(r"\w+")
_ARTICLE = re.compile(r"^(?:the|an?)\s+", re.IGNORECASE)


class Directory(Struct, frozen=True):
    """The register's entries by what they are called."""

    by_key: dict[str, Known]
    by_name: dict[str, tuple[Known, ...]]
    """Folded full names; of namesakes all, `distinct` ones too."""
    by_alias: dict[str, tuple[Known, ...]]
    starts: dict[str, tuple[tuple[str, EntityKey], ...]]
    """First word → the names that begin with it, longest first: for reading through a text."""

    def joins(self, name: str) -> Known | None:
        """The entry that an article means by a name: its full name or an alias, if that is clear.

        `distinct` entries join by alias only.
        """
        folded = fold(name)
        full = [known for known in self.by_name.get(folded, ()) if not known.distinct]
        found = full or self.by_alias.get(folded, ())
        return found[0] if len(found) == 1 else None

    def called(self, name: str) -> tuple[Known, ...]:
        """The entries that an editor can mean by a key, a full name or an alias."""
        if name in self.by_key:
            return (self.by_key[name],)
        folded = fold(name)
        return self.by_name.get(folded) or self.by_alias.get(folded, ())


@lru_cache(maxsize=4)
def directory(entries: tuple[Known, ...]) -> Directory:
    """Sort the register's entries by key, full name, alias and first word."""
    by_name: dict[str, list[Known]] = defaultdict(list)
    by_alias: dict[str, list[Known]] = defaultdict(list)
    for known in entries:
        by_name[fold(known.name)].append(known)
        for alias in dict.fromkeys(map(fold, known.aliases)):
            by_alias[alias].append(known)
    plain = Directory(
        {known.key: known for known in entries},
        {name: tuple(found) for name, found in by_name.items()},
        {name: tuple(found) for name, found in by_alias.items()},
        {},
    )
    starts: dict[str, set[tuple[str, EntityKey]]] = defaultdict(set)
    for known in entries:
        for name in (known.name, *known.aliases):
            first = _WORD.search(name)
            if first and plain.joins(name) is known:
                starts[first[0]].add((name.replace("’", "'"), EntityKey(known.key)))
    longest_first = {
        word: tuple(sorted(names, key=lambda n: (-len(n[0]), n))) for word, names in starts.items()
    }
    return Directory(plain.by_key, plain.by_name, plain.by_alias, longest_first)


def names_in(text: str, entries: Directory) -> Iterator[tuple[Span, EntityKey]]:
    """Where the register's names stand in a text as whole words, longest first, left to right."""
    done = 0
    text = text.replace("’", "'")
    for word in _WORD.finditer(text):
        for name, key in entries.starts.get(word[0], ()):
            first = _WORD.search(name)
            start = word.start() - (first.start() if first else 0)
            end = start + len(name)
            if start >= done and text.startswith(name, start) and _ends_word(text, end):
                yield Span(start, end), key
                done = end
                break


def fold(name: str) -> str:
    """A name as it is compared: no article, one kind of apostrophe, no case.

    Short names in capitals keep them: `US` is not `us`.
    """
    plain = _ARTICLE.sub("", " ".join(name.replace("’", "'").split()))
    return plain if plain.isupper() and len(plain) <= 5 else plain.casefold()


def key_of(name: str) -> EntityKey:
    """The key of a name that is not in the register: its slug, without a leading article."""
    return EntityKey(routes.slug(_ARTICLE.sub("", name.strip()) or name))


def near(word: str, words: Iterable[str]) -> str:
    """`did you mean …?` for the nearest of some words, or nothing."""
    found = get_close_matches(word, sorted(set(words)), n=1, cutoff=0.7)
    return f"did you mean {found[0]}?" if found else ""


def _ends_word(text: str, at: int) -> bool:
    return at >= len(text) or not (text[at].isalnum() or text[at] == "_")
