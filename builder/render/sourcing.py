"""The sourcing line under a headline: how many statements, by how many sources of which kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from builder.model import Edited, Said
from builder.render.views import SourcingView
from builder.render.wording import counted

PRONOUNS = frozenset({
    "all", "another", "both", "each", "he", "i", "it", "one", "she", "that", "these", "they",
    "this", "those", "we", "what", "which", "who", "you",
})  # fmt: skip
"""As a source these mean somebody the text has named or described, and nobody knows whom."""


Source = tuple[Literal["named", "unnamed", "document", "unclear"], str | int]
"""What kind of source it is, and what tells it from others of its kind in the same article."""

_CLAUSE = re.compile(r",? (?:who|which)\b.*", re.DOTALL)


def sourcing(edited: Edited) -> SourcingView:
    """Count the statements of an article that readers are shown, and who made them.

    A named source counts once however often it speaks. A statement whose source is not clear, a
    mere `she` for instance, counts as a statement and for no source.
    """
    sources = by_source(edited)
    shown = [said for saids in sources.values() for said in saids]
    of = Counter(kind for kind, _ in sources)
    parts = (
        counted(len(shown), "statement"),
        counted(of["named"], "named source") if of["named"] else "",
        f"{of['unnamed']:,} unnamed" if of["named"] else counted(of["unnamed"], "unnamed source"),
        counted(of["document"], "document"),
    )
    numbers = (len(shown), of["named"], of["unnamed"], of["document"])
    return SourcingView(
        text=", ".join(part for part, number in zip(parts, numbers, strict=True) if number),
        checked=_checked(shown),
        statements=len(shown),
        named=of["named"],
        unnamed=of["unnamed"],
        documents=of["document"],
    )


def by_source(edited: Edited) -> dict[Source, list[Said]]:
    """The statements that readers are shown, in text order, by whoever made them.

    Unnamed sources are told apart within the article only: by what they refer back to, else by
    the words for them. All statements whose source is not clear are together.
    """
    found: dict[Source, list[Said]] = {}
    for said in edited.statements:
        if said.shown:
            found.setdefault(_source(said), []).append(said)
    return found


def naming_of(said: Said) -> str:
    """What kind of source made a statement; empty where it is not clear."""
    if said.document:
        return "Document"
    if is_document(said):
        return "Document or poll"
    if is_named(said):
        return "Named source"
    return "Unnamed source" if name_of(said) else ""


def is_named(said: Said) -> bool:
    """Whether the source of a statement is a named one that is no document."""
    return said.named and not said.document and bool(said.speaker or said.speaker_name)


def is_document(said: Said) -> bool:
    """Whether a poll, a study or a letter speaks, and nobody is known who speaks through it."""
    statement = said.statement
    return bool(statement.source) and statement.medium == statement.source and not is_named(said)


def name_of(said: Said) -> str:
    """How notes call the source of a statement; empty where it is not clear.

    Of a mere `who` or `they` it is what the text says they are: `the protesters`. Of `a clerk, who
    asked not to be named` it is `a clerk`.
    """
    if said.statement.unclear and not said.speaker and not said.document:
        return ""
    is_clear = said.speaker or said.speaker_name.casefold() not in PRONOUNS
    if not is_clear:
        return said.role
    return said.speaker_name if said.named else _CLAUSE.sub("", said.speaker_name)


def _source(said: Said) -> Source:
    name = name_of(said)
    if said.document or is_document(said):
        return "document", said.document or name.casefold()
    if is_named(said):
        return "named", said.speaker_name if said.also else said.speaker or said.speaker_name
    if not name:
        return "unclear", ""
    chain = said.statement.chain
    return "unnamed", name.casefold() if chain is None else chain


def _checked(shown: Sequence[Said]) -> str:
    """How many statements the machine alone answers for, and how many an editor.

    Whoever attributed a statement by hand has checked it.
    """
    checked = sum(said.checked_by is not None or said.origin == "editor" for said in shown)
    found = len(shown) - checked
    if not checked:
        return "Found automatically, none checked by an editor" if shown else ""
    if not found:
        return "All checked by an editor"
    return f"{found:,} found automatically, {checked:,} checked by an editor"
