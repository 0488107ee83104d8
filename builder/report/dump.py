"""`export`: the whole site as JSON Lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import msgspec
from msgspec import Struct

from builder import routes
from builder.build import Built
from builder.index.protection import Protected
from builder.model import Act, ArticleId, Edited, Entity, EntityKey, Form, Kind, Related, Said


class _Shared(Struct):
    story: str
    entities: tuple[str, ...]
    words: tuple[str, ...]


class _Near(Struct):
    id: str
    score: float
    shared: _Shared
    shown: bool


class _Article(Struct, tag_field="type", tag="article"):
    id: str
    url: str
    title: str
    published: dt.datetime
    updated: dt.datetime | None
    authors: tuple[str, ...]
    topics: tuple[str, ...]
    story: str
    related: list[_Near]


class _Entity(Struct, tag_field="type", tag="entity"):
    id: str
    name: str
    kind: Kind
    aliases: tuple[str, ...]
    url: str
    """Empty: it has no page."""
    articles: tuple[str, ...]
    statements: int


class _Statement(Struct, tag_field="type", tag="statement"):
    id: str
    article: str
    url: str
    text: str
    speaker: str | None
    speaker_name: str
    document: str
    named: bool
    form: Form
    act: Act
    rule: str
    confidence: float
    origin: str
    checked: bool
    shown: bool


def export(built: Built) -> Iterator[bytes]:
    """One line of JSON for each article, each entity and each statement of the site.

    Who is kept off every list by `page = false` is kept off this one too: there is no line for
    the entity, the statements say that somebody spoke, but not who, and a person's name is left out
    of what others say. Nobody is told to stand behind an unnamed source.
    """
    at = _Address(built)
    for edited in built.site.articles:
        yield msgspec.json.encode(_article(edited, built.related, at))
    hidden = frozenset(
        key for key, e in built.site.entities.items() if e.known is not None and not e.known.page
    )
    people = Protected(built.site.kept_off, built.site.unlisted)
    for key, entity in sorted(built.site.entities.items()):
        if key not in hidden:
            yield msgspec.json.encode(_entity(entity, at))
    for edited in built.site.articles:
        for said in edited.statements:
            yield msgspec.json.encode(_statement(edited, said, hidden, people, at))


class _Address:
    """Whole addresses if the site has one, else paths from its root."""

    def __init__(self, built: Built) -> None:
        self.base = built.settings.site.url

    def of(self, path: str) -> str:
        return routes.absolute(path, self.base) if self.base else f"/{path}"


def _article(
    edited: Edited, related: Mapping[ArticleId, tuple[Related, ...]], at: _Address
) -> _Article:
    article = edited.article
    return _Article(
        id=article.id,
        url=at.of(routes.article_path(article)),
        title=article.meta.title,
        published=article.meta.published,
        updated=article.meta.updated,
        authors=article.meta.authors,
        topics=article.meta.topics,
        story=article.meta.story,
        related=[
            _Near(
                id=near.article,
                score=near.score,
                shared=_Shared(near.shared.story, near.shared.entities, near.shared.words),
                shown=near.shown,
            )
            for near in related.get(article.id, ())
        ],
    )


def _entity(entity: Entity, at: _Address) -> _Entity:
    return _Entity(
        id=entity.key,
        name=entity.name,
        kind=entity.kind,
        aliases=entity.names,
        url=at.of(entity.path) if entity.path else "",
        articles=entity.articles,
        statements=len(entity.statements),
    )


def _statement(
    edited: Edited, said: Said, hidden: frozenset[EntityKey], people: Protected, at: _Address
) -> _Statement:
    speakers = {said.speaker, *said.also}
    protected = not hidden.isdisjoint(speakers) or people.named_in(said.speaker_name)
    path = f"{routes.article_path(edited.article)}#{said.anchor}"
    found = said.statement
    return _Statement(
        id=said.anchor,
        article=edited.article.id,
        url=at.of(path) if said.shown else "",
        text=" … ".join(people.passage(edited, span) for span in found.content),
        speaker=said.speaker if said.named and not protected else None,
        speaker_name="" if protected else said.speaker_name,
        document=said.document,
        named=said.named,
        form=found.form,
        act=found.act,
        rule=found.rule,
        confidence=found.confidence,
        origin=said.origin,
        checked=said.checked_by is not None,
        shown=said.shown,
    )
