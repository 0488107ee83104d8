"""Names in an article: found once, tagged wherever they stand, and joined into chains."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, structs
from spacy.tokens import Doc

from builder.model import Chain, Kind, Mention, Span, Statement
from builder.nlp import aliases, candidates, dateline, occurrences, repairs
from builder.nlp.candidates import Candidate
from builder.nlp.descriptions import described
from builder.nlp.kinds import decide
from builder.nlp.lexicon import DEMONYMS, NATIONS
from builder.nlp.tree import Tree

_COUNTRIES = frozenset(NATIONS.values())
Found = tuple[list[Mention], list[Chain]]


class _Name(Struct, frozen=True, order=True):
    """A name at one place and what it is joined under."""

    span: Span
    kind: Kind
    entity: str
    form: str = "name"


def chains(doc: Doc, seen: Tree) -> Found:
    """Find the names of a parsed text and join those that mean the same.

    Returns:
        Mentions in text order, names not overlapping, and one chain for each entity; a country's
        people (`Syrian`) are nominal mentions of the country if the text names it.
    """
    text, blocks = seen.text, seen.blocks
    line = dateline.find(text, blocks)
    read = [
        each for each in candidates.read(doc, text) if not (line and each.span.overlaps(line.span))
    ]
    read = repairs.repaired(text, read)
    kinds = decide(text, read)
    defined = _defined(text, read, kinds)
    tagged = occurrences.tagged(seen, read, kinds)
    if line:
        tagged = [each for each in tagged if not each[0].overlaps(line.span)]
        tagged = occurrences.without_agency(seen, tagged, line.agency)
    headline = blocks[0].span.end if len(blocks) > 1 else 0
    named = _resolved(occurrences.heard(text, tagged, kinds), kinds, defined, headline)
    return _gathered(doc, text, named)


def join(
    parts: Sequence[tuple[list[Mention], list[Chain], list[Statement]]],
) -> tuple[list[Mention], list[Chain], list[Statement]]:
    """Join the parts of a very long text, whose spans are of the whole text already.

    Chains with the same full name and kind become one; a surname alone joins the one person of
    that surname in the other parts.
    """
    mentions: list[Mention] = []
    merged: list[Chain] = []
    statements: list[Statement] = []
    known: dict[tuple[str, Kind], int] = {}
    surnames = _surnames(chain for part in parts for chain in part[1])
    for found, part_chains, said in parts:
        offset = len(mentions)
        mentions.extend(found)
        moved: list[int] = []
        for chain in part_chains:
            name = surnames.get(chain.name, chain.name) if chain.kind == "person" else chain.name
            at = known.setdefault((aliases.key(name), chain.kind), len(merged))
            here = tuple(index + offset for index in chain.mentions)
            if at == len(merged):
                merged.append(structs.replace(chain, mentions=here))
            else:
                merged[at] = _merged(merged[at], chain, here)
            moved.append(at)
        statements.extend(
            each
            if each.chain is None
            else structs.replace(
                each,
                chain=moved[each.chain],
                also=tuple(moved[at] for at in each.also if moved[at] != moved[each.chain]),
            )
            for each in said
        )
    return mentions, merged, statements


def _merged(chain: Chain, other: Chain, here: tuple[int, ...]) -> Chain:
    longer = len(other.name) > len(chain.name)
    order = (*here, *chain.mentions) if longer else (*chain.mentions, *here)
    return Chain(
        mentions=(order[0], *sorted(order[1:])),
        kind=chain.kind,
        name=other.name if longer else chain.name,
        descriptions=tuple(sorted({*chain.descriptions, *other.descriptions})),
    )


def _surnames(found: Iterable[Chain]) -> dict[str, str]:
    """Surnames that one full name alone carries, and that name."""
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for chain in found:
        if chain.kind == "person" and " " in chain.name:
            owners[aliases.surname(chain.name)].add(chain.name)
    return {short: next(iter(full)) for short, full in owners.items() if len(full) == 1}


def _defined(text: str, read: Sequence[Candidate], kinds: dict[str, Kind]) -> dict[str, str]:
    """Acronyms in brackets after a name, and the name; their kind is the name's."""
    defined: dict[str, str] = {}
    for each in read:
        long = candidates.surface(text, each.span)
        kind = kinds.get(long)
        if kind not in {"organisation", "place", "event", "law"}:
            continue
        match = aliases.bracketed(text, each.span.end)
        if match and match[1] != long and match[1] not in NATIONS:
            defined.setdefault(match[1], long)
            kinds[match[1]] = kind
    return defined


def _in_order(tagged: Sequence[tuple[Span, str]], headline: int) -> list[str]:
    """The names of a text in the order of its story; those of the headline alone come last."""
    story = [name for span, name in tagged if span.start >= headline]
    return list(dict.fromkeys((*story, *(name for _, name in tagged))))


def _resolved(
    tagged: Sequence[tuple[Span, str]],
    kinds: Mapping[str, Kind],
    defined: Mapping[str, str],
    headline: int,
) -> list[_Name]:
    """What each name means, in text order; `headline` is where the first block ends."""
    present = {name for _, name in tagged}
    order = [name for _, name in tagged if kinds.get(name) == "person" and " " in name]
    met_in_story = _in_order(tagged, headline)
    full = aliases.joined({n: kinds[n] for n in met_in_story if n in kinds}, defined)
    whole = aliases.people(n for n in present if kinds.get(n) == "person" and " " in n)
    countries = {NATIONS[name] for name in present if name in NATIONS}
    named: list[_Name] = []
    met: list[str] = []
    times = Counter(whole[name] for name in order)
    alone: Counter[str] = Counter()
    for span, name in tagged:
        kind = kinds.get(name)
        if kind is None:
            if (nation := DEMONYMS.get(name)) in countries:
                named.append(_Name(span, "place", nation or "", "nominal"))
        elif kind == "person":
            if name in whole:
                entity = whole[name]
                if entity not in met:
                    met.append(entity)
            else:
                likely = _without_passers(met, times, alone)
                entity = _person(name, likely, list(dict.fromkeys(whole[n] for n in order)))
                alone[entity] += 1
            named.append(_Name(span, kind, entity))
        else:
            named.append(_Name(span, kind, full.get(name, name)))
    return named


_OWNED = 2
"""How many times as often somebody must be named in full as the owner of a surname by it."""


def _without_passers(
    met: Sequence[str], times: Mapping[str, int], alone: Mapping[str, int]
) -> list[str]:
    """Those met, without whoever passes by beside the one who owns the surname.

    The owner is who alone has been called by it, or alone is named in full more than once where
    nobody has. Who is named in full once, or not clearly oftener than the owner by surname, passes
    by: the given name is there to tell them from the owner.
    """
    likely: list[str] = []
    for person in met:
        surname = aliases.surname(person)
        same = [full for full in met if aliases.surname(full) == surname]
        called = [full for full in same if alone.get(full)]
        often = [full for full in same if times[full] > 1]
        owner = called if len(called) == 1 else often if not called else []
        if (
            len(owner) != 1
            or person in owner
            or times[person] >= max(2, _OWNED * alone.get(owner[0], 0))
        ):
            likely.append(person)
    return likely


def _person(name: str, met: Sequence[str], everybody: Sequence[str]) -> str:
    """Whom a surname or given name means: the one met who has it, or in a headline the first.

    Two people met who share it: nobody can say, so the name stays by itself.
    """
    bare = aliases.surname(name)
    if name.isupper():
        known = [full for full in (*met, *everybody) if aliases.surname(full).upper() == name]
        return known[0] if len(set(known)) == 1 else name
    for part in (aliases.surname, aliases.given):
        same = [full for full in met if part(full) in {name, bare}]
        if same:
            return same[0] if len(same) == 1 else name
    for part in (aliases.surname, aliases.given):
        same = [full for full in everybody if part(full) in {name, bare}]
        if same:
            return same[0]
    return name


def _gathered(doc: Doc, text: str, named: Sequence[_Name]) -> Found:
    """Mentions and chains in the order of the text."""
    mentions = [
        Mention(each.span, each.kind, "nominal" if each.form == "nominal" else "name")
        for each in named
    ]
    members: dict[tuple[str, Kind], list[int]] = {}
    for index, each in enumerate(named):
        members.setdefault((each.entity, each.kind), []).append(index)
    found = []
    for (entity, kind), indexes in members.items():
        names = [index for index in indexes if mentions[index].form == "name"]
        best = max(names, key=lambda index: _fullness(text, mentions[index].span, index))
        rest = [index for index in indexes if index != best]
        name = candidates.surface(text, mentions[best].span)
        if kind == "place":
            name = entity if entity in _COUNTRIES else aliases.bare_place(name)
        spans = [mentions[index].span for index in names]
        found.append(Chain((best, *rest), kind, name, described(doc, text, spans, kind)))
    return mentions, found


def _fullness(text: str, span: Span, index: int) -> tuple[int, int, int]:
    words = candidates.surface(text, span)
    return (len(words.split()), len(words), -index)
