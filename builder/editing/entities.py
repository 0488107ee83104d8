"""Chains of mentions → entities with keys: who is meant, here and on other pages."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from hashlib import blake2b

from msgspec.structs import replace

from builder.editing.directory import Directory, key_of, names_in
from builder.editing.galley import Galley, Naming, words_at
from builder.model import (
    Analysis,
    Article,
    ArticleId,
    Chain,
    EntityHere,
    EntityKey,
    Mention,
    Prose,
    Span,
)


def galley(article: Article, prose: Prose, analysis: Analysis, directory: Directory) -> Galley:
    """Lay out an article with the entities that the model and the register find in it.

    Dates are left out, and so are chains without a name, unless they speak: `the coalition that
    holds the town` is then an entity of this article alone. A surname alone is local to its
    article, too, unless the register has it. Names of the register that the model missed are found
    here.
    """
    desk = Galley(article, prose, directory)
    speaking = {at for each in analysis.statements for at in (each.chain, *each.also)}
    for index, chain in enumerate(analysis.chains):
        if chain.kind == "date":
            continue
        names = [m for m in map(analysis.mentions.__getitem__, chain.mentions) if m.form == "name"]
        if names or index in speaking:
            key = _entity(desk, chain, names)
            desk.mentions += _namings(desk, analysis, index, key)
    _find_missed(desk)
    desk.mentions.sort(key=lambda mention: mention.span)
    return desk


def settle(desk: Galley, analysis: Analysis) -> dict[int, EntityKey]:
    """After corrections of names: the entity of each chain; its pronouns follow its names.

    A chain whose names were all taken away has none; one that was split keeps the entity of its
    fullest name, or that of most of its names. One that never had a name keeps what it has.
    """
    settled: dict[int, EntityKey] = {}
    by_chain: dict[int, list[Naming]] = defaultdict(list)
    for mention in desk.mentions:
        if mention.chain is not None:
            by_chain[mention.chain].append(mention)
    for index, mentions in by_chain.items():
        names = [m for m in mentions if m.form == "name"]
        if not names:
            if all(analysis.mentions[m].form != "name" for m in analysis.chains[index].mentions):
                settled[index] = mentions[0].entity
            continue
        fullest = analysis.mentions[analysis.chains[index].mentions[0]].span
        heads = [m.entity for m in names if m.span.overlaps(fullest)]
        counted = sorted(
            {m.entity for m in names},
            key=lambda key: (-sum(m.entity == key for m in names), key),
        )
        settled[index] = heads[0] if heads else counted[0]
        if len(counted) > 1:
            _hand_out(desk, analysis.chains[index], names)
    desk.mentions = [_following(m, settled) for m in desk.mentions if _stays(m, settled)]
    desk.mentions.sort(key=lambda mention: mention.span)
    return settled


def _hand_out(desk: Galley, chain: Chain, names: Sequence[Naming]) -> None:
    """Once a chain is split, each of its descriptions is for the name that stands nearest to it."""
    owners: dict[str, set[EntityKey]] = defaultdict(set)
    for span in chain.descriptions:
        nearest = min(names, key=lambda name: (_apart(name.span, span), name.span))
        owners[words_at(desk.prose, (span,))].add(nearest.entity)
    for key in {name.entity for name in names}:
        entity = desk.entities[key]
        others = {words for words, keys in owners.items() if key not in keys}
        own = [words for words, keys in owners.items() if key in keys]
        kept = [words for words in entity.descriptions if words not in others]
        calls = tuple(dict.fromkeys((*kept, *own)))
        desk.entities[key] = replace(entity, descriptions=calls)


def _apart(one: Span, other: Span) -> int:
    """Characters between two spans; 0 if they touch or overlap."""
    return max(0, one.start - other.end, other.start - one.end)


def entities_here(desk: Galley) -> tuple[EntityHere, ...]:
    """The article's entities that are named or speak in it, with the names it uses, by key."""
    names: dict[EntityKey, set[str]] = defaultdict(set)
    used = {key for claim in desk.claims for key in (claim.speaker, *claim.also)}
    for mention in desk.mentions:
        used.add(mention.entity)
        if mention.form == "name":
            names[mention.entity].add(mention.name)
    return tuple(
        replace(entity, names=tuple(sorted(names[key], key=_fullest)))
        for key, entity in sorted(desk.entities.items())
        if key in used
    )


def local_key(name: str, article: ArticleId) -> EntityKey:
    """The key of what cannot be joined across articles: no other article can have it."""
    digest = blake2b(article.encode(), digest_size=4).hexdigest()
    return EntityKey(f"{key_of(name)}--{digest}")


def _entity(desk: Galley, chain: Chain, mentions: list[Mention]) -> EntityKey:
    words = [words_at(desk.prose, (mention.span,)) for mention in mentions]
    known = next(filter(None, map(desk.directory.joins, _joinable(chain, words))), None)
    descriptions = tuple(
        dict.fromkeys(words_at(desk.prose, (span,)) for span in chain.descriptions)
    )
    if known is not None:
        key = desk.know(known)
    elif not mentions or (chain.kind == "person" and len(chain.name.split()) == 1):
        key = desk.meet(local_key(chain.name, desk.article.id), chain.name, chain.kind)
        desk.entities[key] = replace(desk.entities[key], local=True)
    else:
        key = desk.meet(_free_key(chain.name, desk.directory), chain.name, chain.kind)
    here = desk.entities[key]
    if descriptions:
        joined = tuple(dict.fromkeys((*here.descriptions, *descriptions)))
        desk.entities[key] = replace(here, descriptions=joined)
    return key


def _joinable(chain: Chain, words: list[str]) -> list[str]:
    """The names by which a chain may join the register, fullest first.

    A person with a full name never joins by the surname alone: another may have it as an alias.
    """
    names = [chain.name, *words]
    if chain.kind == "person" and len(chain.name.split()) > 1:
        names = [name for name in names if len(name.split()) > 1]
    return list(dict.fromkeys(names))


def _free_key(name: str, directory: Directory) -> EntityKey:
    """The key of a name; a namesake of a `distinct` entry gets one of its own."""
    key = key_of(name)
    number = 2
    while (known := directory.by_key.get(key)) and known.distinct:
        key = EntityKey(f"{key_of(name)}-{number}")
        number += 1
    return key


def _namings(desk: Galley, analysis: Analysis, index: int, key: EntityKey) -> list[Naming]:
    chain = analysis.chains[index]
    head = words_at(desk.prose, (analysis.mentions[chain.mentions[0]].span,))
    namings = []
    for at in chain.mentions:
        mention = analysis.mentions[at]
        words = words_at(desk.prose, (mention.span,))
        shown = chain.name if words == head else words
        namings.append(Naming(mention.span, key, shown, mention.form, chain=index))
    return namings


def _find_missed(desk: Galley) -> None:
    """Names of the register that no mention covers become mentions, as an editor's word.

    Words that mean another entity elsewhere in this article are left alone.
    """
    taken = sorted(m.span for m in desk.mentions if m.form == "name")
    meant: dict[str, set[EntityKey]] = defaultdict(set)
    for mention in desk.mentions:
        meant[mention.name].add(mention.entity)
    missed: dict[Span, EntityKey] = {}
    replaced: set[Span] = set()
    for span, key in names_in(desk.prose.text, desk.directory):
        words = desk.prose.text[span.start : span.end]
        parts = _overlapped(taken, span)
        if (
            span not in parts
            and all(map(span.contains, parts))
            and meant.get(words, {key}) == {key}
        ):
            missed[span] = key
            replaced.update(parts)
    desk.mentions = [m for m in desk.mentions if m.form != "name" or m.span not in replaced]
    for span, key in missed.items():
        if key not in desk.entities:
            desk.know(desk.directory.by_key[key])
        words = words_at(desk.prose, (span,))
        desk.mentions.append(Naming(span, key, words, origin="editor"))
    for key in sorted(set(missed.values())):
        _adopt_surname(desk, key)


def _overlapped(taken: list[Span], span: Span) -> list[Span]:
    """Which of some spans (sorted, not overlapping each other) a span overlaps."""
    first = bisect_right(taken, span.start, key=lambda other: other.end)
    last = bisect_left(taken, span.end, key=lambda other: other.start)
    return taken[first:last]


def _adopt_surname(desk: Galley, key: EntityKey) -> None:
    """The model had only the surname: with the full name found, it is this person's."""
    entity = desk.entities[key]
    surname = entity.name.split()[-1]
    local = local_key(surname, desk.article.id)
    if entity.kind != "person" or local not in desk.entities:
        return
    rivals = [e for e in desk.entities.values() if e.key != local and surname in e.name.split()]
    if len(rivals) == 1:
        for mention in desk.mentions:
            if mention.entity == local:
                mention.entity = key


def _stays(mention: Naming, settled: dict[int, EntityKey]) -> bool:
    return mention.form == "name" or mention.chain is None or mention.chain in settled


def _following(mention: Naming, settled: dict[int, EntityKey]) -> Naming:
    if mention.form != "name" and mention.chain is not None and mention.origin == "model":
        mention.entity = settled[mention.chain]
    return mention


def _fullest(name: str) -> tuple[int, int, str]:
    return (-len(name.split()), -len(name), name)
