"""An editor's answer → the corrections that say it, by passage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

from builder import prose, routes, value
from builder.editing import hull
from builder.errors import BuilderError
from builder.model import (
    Confirm,
    Correction,
    Disputes,
    Distinct,
    Edited,
    EntityHere,
    EntityKey,
    Ignore,
    Kind,
    Known,
    Merge,
    Names,
    Note,
    Passage,
    Said,
    SaidBy,
    Span,
)
from builder.review.findings import mentions

LONGEST = 5000
"""Characters of what an editor types in one field."""

KINDS: tuple[Kind, ...] = get_args(Kind)

Do = Literal["right", "wrong", "speaker", "merge", "another", "disputed", "note", "said", "entity"]


class Refused(BuilderError):  # noqa: N818 - named by what happened
    """An answer that cannot be written; the message says why, for the editor."""


class Answer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """What an editor clicked or typed."""

    do: Do
    item: str = ""
    """The finding that is meant; empty for words that were selected."""
    exact: str = ""
    """Words that were selected, with what stands before and after them."""
    before: str = ""
    after: str = ""
    who: str = ""
    """A name or key: speaker, entity to merge with, or entity that the words name."""
    is_unnamed: bool = False
    """Whether `who` is what the article calls somebody it does not name."""
    why: str = ""
    text: str = ""
    """A note."""
    kind: str = ""
    """Of a new entity."""
    other: str = ""
    """The statement that disputes."""
    by: str = ""
    """The editor's name."""


def corrections(
    answer: Answer, edited: Edited, register: Mapping[EntityKey, Known], today: dt.date
) -> list[Correction]:
    """The corrections that say what an editor answered.

    Args:
        answer: The answer.
        edited: The article, as the editor saw it.
        register: Of the site.
        today: For `confirm`.

    Raises:
        Refused: What is meant is not there, or something is missing.
    """
    answer = replace(answer, text=answer.text.replace("\r\n", "\n"))
    for text in (answer.exact, answer.who, answer.text, answer.why, answer.by, answer.kind):
        if len(text) > LONGEST:
            raise Refused("that is too long")
        if sign := value.control_character(text):
            raise Refused(f"that holds the control character {sign}: type it anew")
    return list(_corrections(answer, edited, register, today))


def _corrections(
    answer: Answer, edited: Edited, register: Mapping[EntityKey, Known], today: dt.date
) -> Iterator[Correction]:
    who = " ".join(answer.who.split())
    match answer.do:
        case "right":
            yield Confirm(passage=_passage(answer, edited), by=answer.by.strip(), on=today)
        case "wrong" if said := _said(answer.item, edited):
            yield Ignore(passage=_at(edited, hull(said.statement)), what="statement")
        case "wrong":
            for mention in mentions(edited, _entity(answer, edited).key):
                yield Ignore(passage=_at(edited, mention.span), what="entity")
        case "speaker" | "said":
            yield _said_by(answer, who, edited, register)
        case "merge":
            entity = _entity(answer, edited)
            into = _called(_needed(who, "say with whom"), edited, register)
            yield Merge(entity=_name(entity, edited), into=into)
        case "another":
            entity = _entity(answer, edited)
            key = routes.slug(who) if who else _free_key(entity, edited, register)
            yield Distinct(entity=_name(entity, edited), key=key)
        case "disputed":
            other = _said(answer.other, edited)
            if other is None:
                raise Refused("choose the statement that says otherwise")
            yield Disputes(
                passage=_passage(answer, edited),
                by=_at(edited, hull(other.statement)),
                note=answer.text.strip(),
            )
        case "note":
            text = _needed(answer.text.strip(), "write the note")
            yield Note(passage=_passage(answer, edited), text=text)
        case "entity":
            name = _called(_needed(who, "say who or what it is"), edited, register)
            known = name in register or any(name in (e.key, e.name) for e in edited.entities)
            kind = next((k for k in KINDS if k == answer.kind), None)
            yield Names(passage=_passage(answer, edited), entity=name, kind=None if known else kind)


def _said_by(
    answer: Answer, who: str, edited: Edited, register: Mapping[EntityKey, Known]
) -> SaidBy:
    passage = _passage(answer, edited)
    _needed(who, "say who said it")
    if answer.is_unnamed:
        return SaidBy(passage=passage, unnamed=who, why=answer.why.strip())
    for document in edited.article.meta.documents:
        if who.casefold() in {document.id.casefold(), document.title.casefold()}:
            return SaidBy(passage=passage, document=document.id)
    return SaidBy(passage=passage, speaker=_called(who, edited, register))


def _needed(text: str, message: str) -> str:
    if not text:
        raise Refused(message)
    return text


def _passage(answer: Answer, edited: Edited) -> Passage:
    """The passage that is meant: of a finding, or of selected words."""
    if answer.item:
        if said := _said(answer.item, edited):
            return _at(edited, hull(said.statement))
        return _at(edited, mentions(edited, _entity(answer, edited).key)[0].span)
    wanted = Passage(exact=answer.exact, before=answer.before, after=answer.after)
    for passage in (wanted, Passage(exact=answer.exact)):
        try:
            return _at(edited, prose.find(edited.prose, passage))
        except prose.PassageGone:
            continue
        except prose.PassageAmbiguous:
            raise Refused("these words stand there more than once: take more of them") from None
    raise Refused("these words do not stand in the article")


def _at(edited: Edited, span: Span) -> Passage:
    try:
        return prose.passage(edited.prose, span)
    except prose.PassageGone:
        raise Refused("there are no words to hold on to") from None


def _said(item: str, edited: Edited) -> Said | None:
    return next((said for said in edited.statements if said.anchor == item), None)


def _entity(answer: Answer, edited: Edited) -> EntityHere:
    for entity in edited.entities:
        if entity.key == answer.item and mentions(edited, entity.key):
            return entity
    raise Refused("that is no longer found in the article; look again")


def _name(entity: EntityHere, edited: Edited) -> str:
    """What an editor would call an entity of the article: its name, if that is its own."""
    alike = [each for each in edited.entities if each.name.casefold() == entity.name.casefold()]
    return entity.name if len(alike) == 1 else entity.key


def _called(who: str, edited: Edited, register: Mapping[EntityKey, Known]) -> str:
    """What an editor would call whom they mean: a key of the register, else a name."""
    here = [e for e in edited.entities if who.casefold() in (e.key, e.name.casefold())]
    known = [k for k in register.values() if who.casefold() in (k.key, k.name.casefold())]
    keys = {*(e.key for e in here if e.known), *(k.key for k in known)}
    if len(keys) > 1:
        raise Refused(f"several are called that; type the key: {', '.join(sorted(keys))}")
    if keys:
        return str(keys.pop())
    return _name(here[0], edited) if len(here) == 1 else who


def _free_key(entity: EntityHere, edited: Edited, register: Mapping[EntityKey, Known]) -> str:
    taken = {str(key) for key in register} | {str(each.key) for each in edited.entities}
    base = routes.slug(entity.name)
    return next(key for n in range(2, 1000) if (key := f"{base}-{n}") not in taken)
