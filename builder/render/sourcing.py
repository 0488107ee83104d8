"""The sourcing line under a headline: how many statements, by how many sources of which kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from builder.model import Edited, Form, Said
from builder.render.catalogue import Words
from builder.render.views import SourcingView
from builder.render.wording import clipped

PRONOUNS = frozenset({
    "all", "another", "both", "each", "he", "i", "it", "one", "she", "that", "these", "they",
    "this", "those", "we", "what", "which", "who", "you",
})  # fmt: skip
"""As a source these mean somebody the text has named or described, and nobody knows whom."""


Naming = Literal["named", "unnamed", "document", "poll", ""]
"""What kind of source made a statement: `poll` is a document or poll that no front matter has, and
it is empty where the source is not clear."""
Source = tuple[Literal["named", "unnamed", "document", "unclear"], str | int]
"""What kind of source it is, and what tells it from others of its kind in the same article."""

_CLAUSE = re.compile(r",? (?:who|which)\b.*", re.DOTALL)


def sourcing(edited: Edited, words: Words) -> SourcingView:
    """Count the statements of an article that readers are shown, and who made them.

    A named source counts once however often it speaks. A statement whose source is not clear, a
    mere `she` for instance, counts as a statement and for no source.
    """
    sources = by_source(edited)
    shown = [said for saids in sources.values() for said in saids]
    of = Counter(kind for kind, _ in sources)
    parts = (
        words("count.statements", len(shown)),
        words("count.named-sources", of["named"]),
        words("count.unnamed" if of["named"] else "count.unnamed-sources", of["unnamed"]),
        words("count.documents", of["document"]),
    )
    numbers = (len(shown), of["named"], of["unnamed"], of["document"])
    return SourcingView(
        text=words.commas(part for part, number in zip(parts, numbers, strict=True) if number),
        checked=_checked(shown, words),
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


FORMS: dict[Form, str] = {
    "direct": "form.direct",
    "mixed": "form.mixed",
    "indirect": "form.indirect",
}
"""What readers call the form of a statement, in the catalogue."""

NAMINGS: dict[Naming, str] = {
    "named": "naming.named",
    "unnamed": "naming.unnamed",
    "document": "naming.document",
    "poll": "naming.poll",
}
"""What readers call each kind of source, in the catalogue."""


def naming_of(said: Said) -> Naming:
    """What kind of source made a statement; empty where it is not clear."""
    if said.document:
        return "document"
    if is_document(said):
        return "poll"
    if is_named(said):
        return "named"
    return "unnamed" if name_of(said) or said.why_unnamed else ""


def naming_in(words: Words, said: Said) -> str:
    """The same as readers call it: `Named source`."""
    naming = naming_of(said)
    return words(NAMINGS[naming]) if naming else ""


def form_of(words: Words, said: Said) -> str:
    """How something was said: `Direct quote`, `Reported denial`."""
    return words("form.denial" if said.statement.denied else FORMS[said.statement.form])


def why_unnamed(words: Words, said: Said) -> str:
    """Why a source has no name; in quotation marks if it is the article that says so."""
    if is_named(said):
        return ""
    why = reason(said)
    own = said.statement.why_unnamed and said.origin != "editor"
    return words("sign.quote", text=why) if why and own else why


def reason(said: Said) -> str:
    """Why a source has no name, in at most twelve words; also of a named one, if it is said."""
    return clipped(said.why_unnamed.removeprefix("who "), 12)


def is_named(said: Said) -> bool:
    """Whether the source of a statement is a named one that is no document."""
    called = said.speaker or said.speaker_name.casefold() not in {"", *PRONOUNS}
    return said.named and not said.document and bool(called)


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
    return "unnamed", name.casefold().removeprefix("the ") if chain is None else chain


def _checked(shown: Sequence[Said], words: Words) -> str:
    """How many statements the machine alone answers for, and how many an editor.

    Whoever attributed a statement by hand has checked it.
    """
    checked = sum(said.checked_by is not None or said.origin == "editor" for said in shown)
    found = len(shown) - checked
    if not checked:
        return words("checked.none") if shown else ""
    if not found:
        return words("checked.all")
    return words.commas((words("count.found", found), words("count.checked", checked)))
