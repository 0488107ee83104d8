"""The sourcing line under a headline: how many statements, by how many sources of which kind."""

from __future__ import annotations

from builder.model import Edited, Said
from builder.render.views import SourcingView
from builder.render.wording import counted

PRONOUNS = frozenset({"he", "she", "it", "they", "we", "i", "you", "who", "which", "that"})
"""As a source these mean somebody the text has named or described, and nobody knows whom."""


def sourcing(edited: Edited) -> SourcingView:
    """Count the statements of an article that readers are shown, and who made them.

    A named source counts once however often it speaks. Unnamed sources are told apart within the
    article only: by what they refer back to, else by the words for them. A statement whose source
    is not clear, a mere `she` for instance, counts as a statement and for no source.
    """
    shown = [said for said in edited.statements if said.shown]
    documents = {
        said.document or name_of(said).casefold()
        for said in shown
        if said.document or is_document(said)
    }
    named = {said.speaker or said.speaker_name for said in shown if is_named(said)}
    unnamed = {
        said.statement.chain if said.statement.chain is not None else name_of(said).casefold()
        for said in shown
        if name_of(said) and not (said.document or is_document(said) or is_named(said))
    }
    parts = (
        counted(len(shown), "statement"),
        counted(len(named), "named source") if named else "",
        f"{len(unnamed):,} unnamed" if named else counted(len(unnamed), "unnamed source"),
        counted(len(documents), "document"),
    )
    numbers = (len(shown), len(named), len(unnamed), len(documents))
    return SourcingView(
        text=", ".join(part for part, number in zip(parts, numbers, strict=True) if number),
        statements=len(shown),
        named=len(named),
        unnamed=len(unnamed),
        documents=len(documents),
    )


def is_named(said: Said) -> bool:
    """Whether the source of a statement is a named one that is no document."""
    return said.named and not said.document and bool(said.speaker or said.speaker_name)


def is_document(said: Said) -> bool:
    """Whether a poll, a study or a letter speaks, and nobody is known who speaks through it."""
    statement = said.statement
    return bool(statement.source) and statement.medium == statement.source and not is_named(said)


def name_of(said: Said) -> str:
    """How notes call the source of a statement; empty where it is not clear.

    Of a mere `who` or `they` it is what the text says they are: `the protesters`.
    """
    is_clear = said.speaker or said.speaker_name.casefold() not in PRONOUNS
    return said.speaker_name if is_clear else said.role
