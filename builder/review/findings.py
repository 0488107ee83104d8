"""What was found in an article, as an editor judges it: one item a statement, one an entity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from builder import prose
from builder.editing import FORMS, hull, words_at
from builder.model import (
    Edited,
    EntityHere,
    EntityKey,
    Named,
    Said,
)
from builder.render.weave import article_html
from builder.render.weave.marks import Mark
from builder.settings import Settings

ACTS = {"speech": "", "attitude": "an attitude", "unsaid": "not said"}


class Item(Struct, frozen=True, kw_only=True):
    """One finding."""

    id: str
    """The same as long as the words are: the anchor of a statement, the key of an entity."""
    kind: str
    """`statement`, or the kind of an entity."""
    words: str
    """Of the statement, or the fullest name."""
    who: str = ""
    """Who is found to say it; empty if nobody is."""
    role: str = ""
    source: str = ""
    """The words of the text that say who."""
    facts: tuple[str, ...] = ()
    confidence: float | None = None
    """None for entities."""
    is_reviewed: bool
    is_shown: bool = True


def items(edited: Edited) -> list[Item]:
    """All findings in text order."""
    found = [
        (hull(said.statement).start, _statement(edited, said))
        for said in edited.statements
        if _spans(said)
    ]
    for entity in edited.entities:
        named = mentions(edited, entity.key)
        if named:
            found.append((named[0].span.start, _entity(edited, entity, named)))
    return [item for _, item in sorted(found, key=lambda each: each[0])]


def mentions(edited: Edited, key: EntityKey) -> list[Named]:
    """Where an article names an entity."""
    return [m for m in edited.mentions if m.entity == key and m.form == "name"]


def unreviewed(found: Sequence[Item]) -> list[Item]:
    """What is left to judge, the least sure first; entities after statements."""
    left = [item for item in found if not item.is_reviewed]
    return sorted(left, key=lambda item: 2.0 if item.confidence is None else item.confidence)


def marked(edited: Edited, settings: Settings) -> str:
    """The article's text as HTML with every finding marked by its item's id.

    Statements that readers do not see are among them. Links lead nowhere, so that a click is an
    editor's.
    """
    parsed = prose.parse(edited.article, settings.markdown)
    marks = (*_statement_marks(edited), *_mention_marks(edited))
    return article_html(parsed, marks, lambda _: "", repairs=edited.repairs)


def _statement_marks(edited: Edited) -> Iterator[Mark]:
    for said in reversed(edited.statements):
        if not _spans(said):
            continue
        state = "done" if _is_reviewed(said) else "open"
        shown = "" if said.shown else " pv-hidden"
        yield Mark(
            id="",
            spans=said.statement.content,
            classes=f"pv-s pv-{state} {said.statement.form}{shown}",
            attrs=(("data-item", said.anchor),),
        )
    for said in edited.statements:
        words = tuple(sorted((*said.statement.source, *said.statement.cue)))
        if words and _spans(said):
            yield Mark("", words, "pv-source", attrs=(("data-source", said.anchor),))


def _mention_marks(edited: Edited) -> Iterator[Mark]:
    here = {entity.key: entity for entity in edited.entities}
    reviewed = {m.entity for m in edited.mentions if m.origin == "editor"}
    for mention in edited.mentions:
        if mention.form == "name" and mention.entity in here:
            entity = here[mention.entity]
            state = "done" if entity.known or entity.key in reviewed else "open"
            yield Mark(
                id="",
                spans=(mention.span,),
                classes=f"pv-e pv-{state} {entity.kind}",
                attrs=(("data-item", entity.key),),
            )


def _spans(said: Said) -> bool:
    return bool(said.statement.content)


def _is_reviewed(said: Said) -> bool:
    return said.origin == "editor" or said.checked_by is not None


def _statement(edited: Edited, said: Said) -> Item:
    found = said.statement
    facts = [FORMS[found.form], ACTS[found.act]]
    if not said.shown:
        facts.append("not shown to readers")
    if said.speaker is None and not said.document and not said.named:
        facts.append("not named")
    return Item(
        id=said.anchor,
        kind="statement",
        words=words_at(edited.prose, found.content),
        who=said.speaker_name,
        role=said.role,
        source=words_at(edited.prose, found.source),
        facts=tuple(filter(None, (*facts, *(f"note: {note}" for note in said.notes)))),
        confidence=round(found.confidence, 2),
        is_reviewed=_is_reviewed(said),
        is_shown=said.shown,
    )


def _entity(edited: Edited, entity: EntityHere, named: Sequence[Named]) -> Item:
    often = "once" if len(named) == 1 else f"{len(named)} times"
    others = [name for name in entity.names if name != entity.name]
    facts = [f"named {often}", f"also {', '.join(others)}" if others else ""]
    if entity.known:
        facts.append("in the register")
    return Item(
        id=entity.key,
        kind=entity.kind,
        words=entity.name,
        facts=tuple(filter(None, facts)),
        is_reviewed=entity.known
        or any(m.origin == "editor" for m in edited.mentions if m.entity == entity.key),
    )
