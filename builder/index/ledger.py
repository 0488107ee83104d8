"""Entities across the whole site: their names, their statements, and who gets a page."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import get_args

from msgspec import Struct, field
from msgspec.structs import replace

from builder import routes
from builder.errors import Place, Problem, Problems
from builder.index.protection import WITHHELD, Protected, protected
from builder.memory import Exactly, Memory
from builder.model import (
    ArticleId,
    Edited,
    Entity,
    EntityHere,
    EntityKey,
    Kind,
    Known,
    Prose,
    Quoted,
    Said,
    Span,
)
from builder.settings import PeopleSettings, Settings

MOST_BESIDE = 10
"""How many neighbours an entity has at the most."""
_CROWD = 60
"""Of an article with more entities than this, only the most mentioned are neighbours."""
_CONTEXT = 200
"""Longest rest of a sentence, in characters, that a ledger shows before or after a statement."""
_SENTENCE_END = re.compile(r"[.!?][\"”’»)\]]*\s+(?=[\"“‘«(\[]?[^\W\d_a-z])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Capt|Sgt|Maj|Sen|Rep|Gov|Rev|St|No|vs|Jr|Sr)|\b[A-Z])\.$"
)


class OnRecord(Struct, frozen=True):
    """What one article says of entities."""

    named: list[tuple[EntityKey, tuple[ArticleId, EntityHere]]]
    said: list[tuple[EntityKey, Quoted]]


class Packed(Struct, frozen=True, array_like=True):
    """The same, beside the article."""

    named: list[tuple[str, ...] | None]
    """Of each of its entities the descriptions that are told, if not all are."""
    said: list[tuple[EntityKey, int, str, str, str]]
    """By whom, which of its statements, and what is before it, in it and after it."""


def packed(found: OnRecord, edited: Edited) -> Packed:
    """What one article says of entities, as it can be kept."""
    numbers = {id(said): number for number, said in enumerate(edited.statements)}
    return Packed(
        named=[
            None if told == here else told.descriptions
            for (_, (_, told)), here in zip(found.named, edited.entities, strict=True)
        ],
        said=[
            (key, numbers[id(each.said)], each.before, each.text, each.after)
            for key, each in found.said
        ],
    )


def unpacked(kept: Packed, edited: Edited) -> OnRecord:
    """The other way round."""
    id_ = edited.article.id
    return OnRecord(
        named=[
            (here.key, (id_, here if told is None else replace(here, descriptions=told)))
            for told, here in zip(kept.named, edited.entities, strict=True)
        ],
        said=[
            (key, Quoted(article=id_, said=said, before=before, text=text, after=after))
            for key, number, before, text, after in kept.said
            for said in (edited.statements[number],)
        ],
    )


class _Gathered(Struct):
    """What the articles say of one entity."""

    here: list[tuple[ArticleId, EntityHere]] = field(default_factory=list)
    statements: list[Quoted] = field(default_factory=list)


def entities(  # noqa: PLR0913 - and what is remembered
    articles: Sequence[Edited],
    register: Iterable[Known],
    settings: Settings,
    problems: Problems,
    stand_in: str = WITHHELD,
    *,
    memory: Memory | None = None,
) -> dict[EntityKey, Entity]:
    """Every entity of every article, by key, with its page if it may have one.

    People are protected: they get a page only as `[people]` and the register allow. What is local
    to an article, and dates, never get one.

    Args:
        articles: Newest first.
        register: Of the site.
        settings: Of the site.
        problems: Gets pages that would lie on one path.
        stand_in: What stands for the names of people who are kept off.
        memory: Of the last time.
    """
    memory = memory or Memory()
    known = {EntityKey(entry.key): entry for entry in register}
    hidden = protected(known.values(), stand_in)
    on_record = {
        edited.article.id: memory.recall(
            "on record",
            edited.article.id,
            partial(_named_and_quoted, edited, hidden),
            edited,
            hidden,
        )
        for edited in articles
    }
    gathered = _gather(on_record.values())
    found = {
        key: memory.recall(
            "gathered",
            key,
            partial(_entity, key, all_of, known.get(key)),
            all_of.here,
            all_of.statements,
            known.get(key),
        )
        for key, all_of in sorted(gathered.items())
    }
    paths = _paths(found, gathered, settings.people, problems)
    with_page = memory.same("with page", "", frozenset(paths))
    beside = _beside(articles, with_page, memory)
    quoted_beside = _quoted_beside(on_record, with_page, memory)
    whole = {}
    for key, entity in found.items():
        parts = (paths.get(key, ""), beside.get(key, ()), quoted_beside.get(key, ()))
        whole[key] = memory.recall("entity", key, partial(_whole, entity, *parts), entity, *parts)
    return whole


def quoted(edited: Edited, said: Said, hidden: Protected) -> Quoted:
    """A statement with the rest of its sentence, without the names of those who are `hidden`.

    Pieces of its content are joined by an ellipsis where other words stand between them.
    """
    prose, content = edited.prose, said.statement.content
    first = _sentence(prose, content[0].start, content[0].start)
    last = _sentence(prose, content[-1].end, content[-1].start)
    return Quoted(
        article=edited.article.id,
        said=said,
        before=_tail(hidden.words(edited, (Span(first.start, content[0].start),))),
        text=hidden.words(edited, content),
        after=_head(hidden.words(edited, (Span(content[-1].end, max(content[-1].end, last.end)),))),
    )


def _gather(found: Iterable[OnRecord]) -> dict[EntityKey, _Gathered]:
    gathered: dict[EntityKey, _Gathered] = defaultdict(_Gathered)
    for one in found:
        for key, here in one.named:
            gathered[key].here.append(here)
        for key, quoted_ in one.said:
            gathered[key].statements.append(quoted_)
    return gathered


def _named_and_quoted(edited: Edited, hidden: Protected) -> OnRecord:
    id_ = edited.article.id
    named = [(here.key, (id_, _tellable(here, edited, hidden))) for here in edited.entities]
    return OnRecord(named, _on_record(edited, hidden))


def _on_record(edited: Edited, hidden: Protected) -> list[tuple[EntityKey, Quoted]]:
    """The statements of an article that readers may know by name who said them, by speaker."""
    return [
        (key, quoted(edited, said, hidden))
        for said in edited.statements
        if said.speaker is not None and _is_on_record(said)
        for key in (said.speaker, *said.also)
    ]


def _is_on_record(said: Said) -> bool:
    """Whether readers may know by name who said it: an unnamed source is joined to nobody."""
    return said.shown and said.named and not said.document and bool(said.statement.content)


def _tellable(here: EntityHere, edited: Edited, hidden: Protected) -> EntityHere:
    """An entity of an article without descriptions that name somebody who is kept off."""
    told = tuple(each for each in here.descriptions if not hidden.named_in(each, edited))
    return here if told == here.descriptions else replace(here, descriptions=told)


def _entity(key: EntityKey, all_of: _Gathered, known: Known | None) -> Entity:
    here = [each for _, each in all_of.here]
    kinds = Counter(each.kind for each in here)
    order: tuple[Kind, ...] = get_args(Kind)
    called = Counter(each.name for each in here)
    names = Counter(name for each in here for name in each.names)
    described: dict[str, ArticleId] = {}
    for article, each in all_of.here:
        for description in each.descriptions:
            described.setdefault(description, article)
    return Entity(
        key=key,
        name=known.name if known else min(called, key=lambda n: (-called[n], -len(n), n)),
        kind=known.kind if known else min(kinds, key=lambda k: (-kinds[k], order.index(k))),
        known=known,
        names=tuple(sorted(names, key=lambda n: (-names[n], -len(n), n))),
        descriptions=tuple((article, text) for text, article in described.items()),
        articles=tuple(article for article, _ in all_of.here),
        statements=tuple(all_of.statements),
    )


def _paths(
    found: dict[EntityKey, Entity],
    gathered: dict[EntityKey, _Gathered],
    people: PeopleSettings,
    problems: Problems,
) -> dict[EntityKey, str]:
    paths: dict[EntityKey, str] = {}
    taken: dict[str, Entity] = {}
    for key, entity in found.items():
        local = any(here.local for _, here in gathered[key].here)
        path = "" if local or not _may_have_page(entity, people) else _path(entity)
        if not path:
            continue
        other = taken.setdefault(path.casefold(), entity)
        if other is not entity:
            problems.add(
                Problem(
                    place=Place("content/register.toml"),
                    code="same-page",
                    message=f"“{other.name}” and “{entity.name}” would both be at {path}",
                    hint="give one of them another key",
                )
            )
            continue
        paths[key] = path
    return paths


def _path(entity: Entity) -> str:
    return routes.entity_path(entity.key, entity.kind)


def _may_have_page(entity: Entity, people: PeopleSettings) -> bool:
    if entity.known is not None:
        return entity.known.page
    if entity.kind != "person":
        return True
    return people.pages != "register" and len(entity.statements) >= people.pages


def _whole(
    entity: Entity,
    path: str,
    beside: tuple[EntityKey, ...],
    quoted_beside: tuple[tuple[EntityKey, int], ...],
) -> Entity:
    return replace(entity, path=path, beside=beside, quoted_beside=quoted_beside)


def _beside(
    articles: Sequence[Edited], with_page: frozenset[EntityKey], memory: Memory
) -> dict[EntityKey, tuple[EntityKey, ...]]:
    """For each entity with a page those that are most often named in the same reports."""
    companies: dict[EntityKey, list[tuple[EntityKey, ...]]] = defaultdict(list)
    for edited in articles:
        make = partial(_company, edited, with_page)
        company = memory.recall("company", edited.article.id, make, edited, with_page)
        for key in company:
            companies[key].append(company)
    return {
        key: tuple(
            other for other, _ in memory.recall("beside", key, partial(_most, key, all_of), all_of)
        )
        for key, all_of in companies.items()
    }


def _company(edited: Edited, with_page: frozenset[EntityKey]) -> tuple[EntityKey, ...]:
    mentions = Counter(m.entity for m in edited.mentions if m.entity in with_page)
    return tuple(sorted(mentions, key=lambda key: (-mentions[key], key))[:_CROWD])


def _quoted_beside(
    on_record: Mapping[ArticleId, OnRecord], with_page: frozenset[EntityKey], memory: Memory
) -> dict[EntityKey, tuple[tuple[EntityKey, int], ...]]:
    """For each source with a page the others that the same reports quote, and how many do."""
    companies: dict[EntityKey, list[tuple[EntityKey, ...]]] = defaultdict(list)
    for article, one in on_record.items():
        make = partial(_speaking, one, with_page)
        company = memory.recall("speaking", article, make, Exactly(one), with_page)
        for key in company:
            companies[key].append(company)
    return {
        key: memory.recall("quoted beside", key, partial(_most, key, all_of), all_of)
        for key, all_of in companies.items()
    }


def _speaking(one: OnRecord, with_page: frozenset[EntityKey]) -> tuple[EntityKey, ...]:
    return tuple(sorted({key for key, _ in one.said if key in with_page}))


def _most(
    own: EntityKey, companies: Sequence[tuple[EntityKey, ...]]
) -> tuple[tuple[EntityKey, int], ...]:
    """Who is most often in the same company as one, and how often."""
    counts: Counter[EntityKey] = Counter()
    for company in companies:
        counts.update(company)
    del counts[own]
    return tuple(sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:MOST_BESIDE])


def _sentence(prose: Prose, at: int, inside: int) -> Span:
    """The sentence around an offset, within the block that holds the offset `inside`."""
    index = bisect_right(prose.blocks, inside, key=lambda block: block.span.start) - 1
    if index < 0:
        return Span(at, at)
    block = prose.blocks[index].span
    start, end = block.start, block.end
    for match in _SENTENCE_END.finditer(prose.text, block.start, block.end):
        if _ABBREVIATION.search(prose.text, max(start, match.start() - 6), match.start() + 1):
            continue
        if match.end() <= at:
            start = match.end()
        elif match.end() > at:
            end = match.end()
            break
    return Span(start, end)


def _tail(text: str) -> str:
    """The end of a text that is too long to show whole, from a word's beginning."""
    return text if len(text) <= _CONTEXT else "… " + text[-_CONTEXT:].partition(" ")[2]


def _head(text: str) -> str:
    return text if len(text) <= _CONTEXT else text[:_CONTEXT].rpartition(" ")[0] + " …"
