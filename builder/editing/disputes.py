"""Statements that contradict each other, joined on both sides."""

from __future__ import annotations

from msgspec.structs import replace

from builder.editing.corrections import Spot
from builder.editing.galley import Galley, short
from builder.editing.sources import statement_at
from builder.errors import Place, Problem
from builder.model import ArticleId, Dispute, DisputedElsewhere, Disputes, Said, Span


def within(
    desk: Galley, statements: tuple[Said, ...], spots: list[Spot]
) -> tuple[tuple[Said, ...], tuple[DisputedElsewhere, ...]]:
    """Join the disputes inside an article; those with other articles are handed on.

    Returns:
        The statements with their disputes, and what `index` joins once all articles are known.
    """
    result = list(statements)
    elsewhere = []
    own = desk.article.id
    for spot in spots:
        if not isinstance(spot.correction, Disputes):
            continue
        wanted = spot.correction
        disputed = side(result, spot.span, wanted.passage.exact, spot.place)
        if isinstance(disputed, Problem):
            desk.problems.append(disputed)
        elif wanted.article not in {"", own}:
            elsewhere.append(
                DisputedElsewhere(
                    anchor=result[disputed].anchor,
                    article=wanted.article,
                    by=wanted.by,
                    note=wanted.note,
                    place=spot.place,
                )
            )
        elif (span := desk.find(wanted.by, spot.place)) is not None:
            by = side(result, span, wanted.by.exact, spot.place)
            if isinstance(by, Problem):
                desk.problems.append(by)
            elif by == disputed:
                message = "both passages of this dispute are one statement"
                desk.wrong(spot.place, "same-statement", message, "choose a passage of another one")
            else:
                result[disputed], result[by] = joined(
                    (own, result[disputed]), (own, result[by]), wanted.note
                )
    return tuple(result), tuple(elsewhere)


def side(statements: list[Said], span: Span, words: str, place: Place) -> int | Problem:
    """Index of the statement that one passage of a dispute means, or why it cannot be shown."""
    index = statement_at(statements, span)
    if index is None:
        return Problem(
            place=place,
            code="no-statement",
            message=f"there is no statement in “{short(words)}”",
            hint="say whose words they are with said-by first",
        )
    if not statements[index].shown:
        return Problem(
            place=place,
            code="hidden-statement",
            message=f"readers do not see the statement “{short(words)}”, nor this dispute",
            level="warning",
            hint="confirm the statement, or say whose it is with said-by",
        )
    return index


def joined(
    disputed: tuple[ArticleId, Said], by: tuple[ArticleId, Said], note: str
) -> tuple[Said, Said]:
    """Both sides of a dispute, each knowing of the other."""
    (here, one), (there, other) = disputed, by
    against = Dispute(article=there, anchor=other.anchor, note=note, disputes=False)
    towards = Dispute(article=here, anchor=one.anchor, note=note, disputes=True)
    return (
        replace(one, disputes=(*one.disputes, against)),
        replace(other, disputes=(*other.disputes, towards)),
    )
