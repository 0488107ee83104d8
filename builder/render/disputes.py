"""Both sides of a dispute, in the note of either."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from builder.editing import alone, words_shown
from builder.model import Dispute, Edited, Said
from builder.render.edition import Edition
from builder.render.views import StatementView
from builder.render.wording import clipped, excerpt

ROOM = 60
"""Words that a note may have."""
SHORTEST = 5
"""Words below which an account is not worth quoting."""
LONGEST = 16
"""Words of an account beyond which the other side and the editor need the room more."""
REMARKS = (20, 14)
"""Words that an editor's remark may have: the second where the accounts need the room."""


def other_side(edition: Edition, dispute: Dispute) -> Said | None:
    """The statement at the other end of a dispute; None if readers do not see it."""
    edited = edition.articles.get(dispute.article)
    statements: Sequence[Said] = edited.statements if edited else ()
    return next((s for s in statements if s.anchor == dispute.anchor and s.shown), None)


def side_by_side(
    edition: Edition, edited: Edited, said: Said, view: StatementView
) -> StatementView:
    """The note with the words of both accounts, of the first dispute, as far as there is room.

    Of the others, and where there is no room, it names the other source alone. What is left out
    here stands in the table of sources.
    """
    if not view.disputes:
        return view
    first, *others = view.disputes
    dispute, other = next(
        (each, side) for each in said.disputes if (side := other_side(edition, each))
    )
    others = [replace(each, note="", where=clipped(each.where, 6)) for each in others]
    own = words_shown(edited, alone(said.statement))
    theirs = _words(edition, edited, dispute, other)
    for remark in REMARKS:
        first = replace(first, note=clipped(first.note, remark), where=clipped(first.where, 6))
        taken = length(replace(view, disputes=(first, *others)))
        room = ROOM - taken - len(view.source.text.split()) - 2 * len("…")
        # The reader has just read this side, so what can be said in full is the other one.
        here = min(SHORTEST, len(own.split()))
        there = min(LONGEST, len(theirs.split()), room - here)
        if there >= min(SHORTEST, len(theirs.split())):
            here = min(LONGEST, room - there)
            first = replace(first, own=excerpt(own, here), words=excerpt(theirs, there))
            break
    return replace(view, disputes=(first, *others))


def _words(edition: Edition, edited: Edited, dispute: Dispute, other: Said) -> str:
    """What the other side says; from another report without the names of those who are kept off."""
    if dispute.article == edited.article.id:
        return words_shown(edited, alone(other.statement))
    return edition.words_away(dispute.article, other)


def length(view: StatementView) -> int:
    """The words of a note, without what editors add of their own."""
    links = [link.text for link in (view.source, view.document, view.others) if link]
    disputed = [t for d in view.disputes for t in (d.lead, d.link.text, d.role, d.where, d.note)]
    texts = (view.role, view.naming, view.why_unnamed, view.form, view.how, view.checked)
    return sum(len(text.split()) for text in (*links, *disputed, *texts))
