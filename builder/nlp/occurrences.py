"""Where the names of an article stand in it, wherever they were found."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from builder.model import Kind, Span
from builder.nlp import aliases, candidates
from builder.nlp.candidates import Candidate
from builder.nlp.lexicon import DEMONYMS, NATIONS, WORDS
from builder.nlp.tree import Tree

_BEGINNING = re.compile(r"[A-Z]\w*")
_COUNTRY_FORMS = [
    (name, first[0])
    for name in NATIONS
    if name not in WORDS.ambiguous_nations and (first := _BEGINNING.findall(name))
]
_ARMS = (
    "air force|armed forces|army|government|military|navy|parliament|police|foreign ministry|"
    "defence ministry|defense ministry|interior ministry|coast guard|central bank|supreme court"
)
_NATIONAL = re.compile(rf" (?:{_ARMS})\b", re.IGNORECASE)
"""With a country's people before it, a body of its own: `Norwegian army`."""
_SHORT = re.compile(rf"\b[Tt]he ({'|'.join(sorted(WORDS.bodies))})\b(?! (?:of|for|on) )(?! [A-Z])")

_ALONE = re.compile(r"(?<![\w&])\S")
"""Where a name may begin."""
_INSIDE_WORD = re.compile(r"\w")
_BLANK = re.compile(r"\s")
_TO_WHOM = frozenset({"tell", "to", "with", "("})
_TOLD = re.compile(r"(?:\b(?:tell|told|telling|tells|to|with|by)|\() (?:[Tt]he )?$")


def tagged(seen: Tree, read: Sequence[Candidate], kinds: dict[str, Kind]) -> list[tuple[Span, str]]:
    """Every place where one of the names stands, the longest first; dates where they were found."""
    text = seen.text
    _add_short_forms(text, kinds)
    begun = set(_BEGINNING.findall(text))
    kinds.update(
        (name, "place")
        for name, first in _COUNTRY_FORMS
        if first in begun and name not in kinds and name in text
    )
    forms = sorted(
        {name for name, kind in kinds.items() if kind != "date"}
        | {people for people in DEMONYMS if people.split(" ", 1)[0] in begun},
        key=lambda name: (-len(name), name),
    )
    taken: list[tuple[Span, str]] = []
    sure = {each.span for each in read}
    for span in _standing(text, forms):
        name = candidates.surface(text, span)
        if name in DEMONYMS and name not in kinds:
            arm = _NATIONAL.match(text, span.end)
            whole = Span(span.start, arm.end()) if arm else span
            name = candidates.surface(text, whole)
            if arm:
                kinds.setdefault(name, "organisation")
            taken.append((whole, name))
        elif span in sure or _stands(seen, span, name):
            taken.append((span, name))
    taken.extend(
        (each.span, candidates.surface(text, each.span)) for each in read if each.kind == "date"
    )
    for each in read:
        if each.kind == "date":
            kinds.setdefault(candidates.surface(text, each.span), "date")
    for match in _SHORT.finditer(text):
        if _owners(match[1], kinds):
            taken.append((Span(*match.span(1)), match[1]))
            kinds.setdefault(match[1], "organisation")
    return _apart(taken)


def _add_short_forms(text: str, kinds: dict[str, Kind]) -> None:
    """Surnames of people named in full, and acronyms of bodies, that stand in the text."""
    for name, kind in list(kinds.items()):
        if " " not in name:
            continue
        if kind == "person":
            last = aliases.surname(name)
            if len(last) > 1 and last[0].isupper() and last not in NATIONS:
                if name.endswith(f"-{last}"):
                    kinds.setdefault(name.split()[-1], "person")
                kinds.setdefault(last, "person")
                if f"{last.upper()}:" in text and re.search(
                    rf"^(?:\w+\.? )?{re.escape(last.upper())}:", text, re.MULTILINE
                ):
                    kinds.setdefault(last.upper(), "person")
        elif kind == "organisation":
            for short in aliases.initials(name):
                if (
                    short not in kinds
                    and short in text
                    and re.search(rf"(?<![\w.]){short}(?!\w)", text)
                ):
                    kinds[short] = "organisation"


def _owners(body: str, kinds: Mapping[str, Kind]) -> bool:
    """Whether exactly one body of the article is headed by the word."""
    heads = {
        aliases.key(name)
        for name, kind in kinds.items()
        if kind == "organisation" and " " in name and candidates.head_word(name.split()) == body
    }
    return len(heads) == 1


def _standing(text: str, forms: Sequence[str]) -> Iterator[Span]:
    """Where one of some words or phrases stands by itself, of two in one place the earlier of them.

    Any single white space may part the words of a phrase.
    """
    beginning: defaultdict[str, list[str]] = defaultdict(list)
    for form in forms:
        beginning[form[:2]].append(form)
    reached = 0
    for match in _ALONE.finditer(text):
        start = match.start()
        if start < reached:
            continue
        first = text[start : start + 2]
        if first[1:].isspace():
            first = f"{first[0]} "
        for form in beginning.get(first, ()):
            end = start + len(form)
            here = text[start:end]
            if here != form and not (" " in form and _BLANK.sub(" ", here) == form):
                continue
            if not _INSIDE_WORD.match(text, end):
                yield Span(start, end)
                reached = end
                break


def _stands(seen: Tree, span: Span, name: str) -> bool:
    """Whether a name that the model did not see here is one: a proper noun, not half of another."""
    text, at = seen.text, bisect_left(seen.start, span.start)
    if at == len(seen.start) or seen.start[at] != span.start:
        return (
            "-" in text[max(0, span.start - 1) : span.start] or "-" in text[span.end : span.end + 1]
        )
    if " " in name or not name.isalpha() or name.isupper():
        return True
    if seen.pos[at] != "PROPN":
        return False
    following = text[span.end : span.end + 2]
    return not (following[:1] == " " and following[1:].isupper() and name not in NATIONS)


def _apart(taken: list[tuple[Span, str]]) -> list[tuple[Span, str]]:
    """In text order; of two that overlap the longer one stays."""
    kept: list[tuple[Span, str]] = []
    for span, name in sorted(taken, key=lambda each: (each[0].start, -each[0].end)):
        if kept and kept[-1][0].overlaps(span):
            if span.end - span.start > kept[-1][0].end - kept[-1][0].start:
                kept[-1] = (span, name)
            continue
        kept.append((span, name))
    return kept


def without_agency(
    seen: Tree, tagged: list[tuple[Span, str]], agency: str
) -> list[tuple[Span, str]]:
    """The agency that filed the report is nobody in it when it is merely told things."""

    def told(span: Span) -> bool:
        at = bisect_left(seen.start, span.start)
        if at == len(seen.start) or seen.start[at] != span.start:
            return False
        return (at > 0 and seen.lemma[at - 1] in _TO_WHOM) or (
            seen.dep[at] == "nsubjpass" and seen.lemma[seen.head[at]] in WORDS.telling
        )

    if agency and all(told(span) for span, name in tagged if name == agency):
        return [each for each in tagged if each[1] != agency]
    return tagged


def heard(
    text: str, tagged: list[tuple[Span, str]], kinds: Mapping[str, Kind]
) -> list[tuple[Span, str]]:
    """Without a body of one common noun that is only told things: `told the Post`.

    It is a newspaper that quotes its own reporting, and which one, the text does not say.
    """
    owned = {name.rsplit(" ", 1)[-1] for name, kind in kinds.items() if " " in name}
    spans: dict[str, list[Span]] = {}
    for span, name in tagged:
        if name in WORDS.bodies and name not in owned and kinds.get(name) == "organisation":
            spans.setdefault(name, []).append(span)
    gone = {
        name
        for name, found in spans.items()
        if all(_TOLD.search(text[max(0, span.start - 24) : span.start]) for span in found)
    }
    return [each for each in tagged if each[1] not in gone]
