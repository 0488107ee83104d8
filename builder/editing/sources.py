"""Who said it: statements and the entities, documents or mere words behind them."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence

from builder import routes
from builder.editing.directory import fold
from builder.editing.galley import Claim, Galley, Naming, shared, words_at
from builder.model import (
    Analysis,
    EntityKey,
    Role,
    Said,
    Span,
    Statement,
)
from builder.settings import StatementSettings

_AFTER_DOCUMENT = re.compile(
    r"[,;(]|(?:of|from|for|on|dated|seen|obtained|published|released|reviewed)\b"
)
"""What may follow a document's name in the words of a source: `the minutes, seen by …`."""


def attribute(desk: Galley, analysis: Analysis, settled: dict[int, EntityKey]) -> None:
    """Turn what the model found into claims: each with its speaker, a document, or neither.

    Args:
        desk: The article; gets the claims.
        analysis: What the model found.
        settled: The entity of each chain, after corrections of names.
    """
    editors = [m for m in desk.mentions if m.origin == "editor"]
    for statement in analysis.statements:
        claim = Claim(statement, named=statement.named)
        claim.document = _document(desk, statement)
        if claim.document:
            claim.named = True
        elif (speaker := _speaker(statement, settled, editors)) is not None:
            claim.speaker, claim.named = speaker, True
            others = (settled[chain] for chain in statement.also if chain in settled)
            claim.also = tuple(dict.fromkeys(key for key in others if key != speaker))
        claim.why_unnamed = words_at(desk.prose, statement.why_unnamed)
        desk.claims.append(claim)


def said(desk: Galley, settings: StatementSettings) -> tuple[Said, ...]:
    """The final statements in text order, with anchors, roles and whether readers see them."""
    date = desk.article.meta.published.date()
    seen: Counter[str] = Counter()
    result = []
    for claim in sorted(desk.claims, key=_text_order):
        words = words_at(desk.prose, claim.statement.content)
        folded = words.casefold()
        result.append(
            Said(
                anchor=routes.anchor("s", words, seen[folded]),
                statement=claim.statement,
                speaker=claim.speaker,
                also=claim.also,
                document=claim.document,
                speaker_name=_speaker_name(desk, claim),
                named=claim.named,
                role=_role(desk, claim, date),
                why_unnamed=claim.why_unnamed,
                origin=claim.origin,
                shown=_shown(claim, settings),
                checked_by=claim.checked_by,
                checked_on=claim.checked_on,
                notes=tuple(claim.notes),
            )
        )
        seen[folded] += 1
    return tuple(result)


def statement_at(statements: Sequence[Said], span: Span) -> int | None:
    """Index of the statement that some words mean: the one they share most with; None if none.

    Of nested ones the shorter wins; what readers do not see comes last.
    """
    best: tuple[bool, int, int] | None = None
    chosen = None
    for index, each in enumerate(statements):
        common = shared(each.statement.content, span)
        if common:
            rank = (each.shown, common, -length(each.statement))
            if best is None or rank > best:
                best, chosen = rank, index
    return chosen


def together(names: Sequence[str]) -> str:
    """Several names in a row: `Ana Ruiz, Ben Okafor and Jo Lund`."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def length(statement: Statement) -> int:
    """How many characters a statement's content has."""
    return sum(span.end - span.start for span in statement.content)


def _speaker(
    statement: Statement, settled: dict[int, EntityKey], editors: list[Naming]
) -> EntityKey | None:
    """The entity behind a source; a name that an editor put in its words decides."""
    for mention in editors:
        if any(
            mention.span == span
            or (mention.chain == statement.chain is not None and span.contains(mention.span))
            for span in statement.source
        ):
            return mention.entity
    return settled.get(statement.chain) if statement.named and statement.chain is not None else None


def _document(desk: Galley, statement: Statement) -> str:
    """The document of the front matter that a source's words name, the longest name first."""
    source = fold(words_at(desk.prose, statement.source))
    names = [
        (fold(name), document.id)
        for document in desk.article.meta.documents
        for name in (document.title, *document.aliases)
    ]
    for name, identifier in sorted(names, key=lambda pair: -len(pair[0])):
        if name and source.casefold().startswith(name.casefold()):
            rest = source[len(name) :]
            if not rest.strip(" .:") or _AFTER_DOCUMENT.match(rest.lstrip()):
                return identifier
    return ""


def _speaker_name(desk: Galley, claim: Claim) -> str:
    if claim.speaker is not None:
        return together([desk.entities[key].name for key in (claim.speaker, *claim.also)])
    for document in desk.article.meta.documents:
        if document.id == claim.document:
            return document.title
    return claim.unnamed or words_at(desk.prose, claim.statement.source).strip(" ,;:")


def _role(desk: Galley, claim: Claim, date: dt.date) -> str:
    """The source's role: from the register for that day, else from the words of the article."""
    in_words = words_at(desk.prose, claim.statement.role)
    if claim.speaker is None:
        return "" if claim.document else in_words
    if claim.also:
        return ""
    for role in _roles(desk, claim.speaker):
        begun = role.since is None or role.since <= date
        if begun and (role.until is None or date <= role.until):
            organisation = desk.directory.by_key.get(role.organisation)
            at = organisation.name if organisation else role.organisation
            return f"{role.title}, {at}" if at else role.title
    entity = desk.entities[claim.speaker]
    described = entity.descriptions[:1] if entity.kind == "person" else ()
    return in_words or "".join(described)


def _roles(desk: Galley, speaker: EntityKey) -> tuple[Role, ...]:
    known = desk.directory.by_key.get(speaker)
    return known.roles if known else ()


def _shown(claim: Claim, settings: StatementSettings) -> bool:
    if claim.origin == "editor" or claim.checked_by is not None:
        return True
    if settings.show == "checked":
        return False
    return claim.statement.act in settings.acts and claim.statement.confidence >= settings.show


def _text_order(claim: Claim) -> tuple[Span, int, bool]:
    content = claim.statement.content
    first = content[0] if content else Span(0, 0)
    return (first, -length(claim.statement), claim.origin == "model")
