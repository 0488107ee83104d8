"""Who says what: the sources of an article with all that they said, and where accounts differ."""

from __future__ import annotations

from collections.abc import Iterator

from builder.editing import alone, words_shown
from builder.model import Anchor, ArticleId, Edited, Said
from builder.render.disputes import other_side
from builder.render.edition import Edition
from builder.render.notes import places, role_of, source_link, told_apart
from builder.render.sourcing import by_source, naming_in, naming_of
from builder.render.views import (
    AccountView,
    DifferenceView,
    LinkView,
    PassageView,
    SourceView,
)
from builder.render.wording import clipped, excerpt

WORDS = 12
"""Of a statement, in the table."""
ACCOUNT = 40
"""Words of one of two accounts side by side."""
REMARK = 40
"""Words of what an editor says about them."""


def sources(edition: Edition, edited: Edited) -> tuple[SourceView, ...]:
    """The table *who says what*, its rows in the order in which the sources first speak.

    Its rows are the sources that the sourcing line counts, and one for all statements whose source
    is not clear.
    """
    article = edited.article.id
    page = edition.paths[article]
    where = places(edited)
    return tuple(
        SourceView(
            source=(
                LinkView(edition.words("source.unclear"))
                if kind == "unclear"
                else source_link(edition, article, saids[0], page)
            ),
            role="" if kind == "unclear" else next(filter(None, map(role_of, saids)), ""),
            naming=naming_in(edition.words, saids[0]),
            kind=naming_of(saids[0]),
            said=tuple(
                PassageView(
                    number=where[said.anchor][0],
                    link=LinkView(_words(edited, said, WORDS), f"#{where[said.anchor][1]}"),
                )
                for said in saids
                if said.anchor in where
            ),
        )
        for (kind, _), saids in by_source(edited).items()
        if any(said.anchor in where for said in saids)
    )


def differences(edition: Edition, edited: Edited) -> tuple[DifferenceView, ...]:
    """All pairs of accounts that differ and of which this article has one or both."""
    return tuple(_differences(edition, edited))


def _differences(edition: Edition, edited: Edited) -> Iterator[DifferenceView]:
    home = edited.article.id
    told: set[frozenset[tuple[ArticleId, Anchor]]] = set()
    for said in edited.statements:
        if not said.shown:
            continue
        for dispute in said.disputes:
            pair = frozenset({(home, said.anchor), (dispute.article, dispute.anchor)})
            other = other_side(edition, dispute)
            if other is None or pair in told:
                continue
            told.add(pair)
            here = _account(edition, edited, said, home)
            there = _account(edition, edition.articles[dispute.article], other, home)
            yield DifferenceView(
                disputed=there if dispute.disputes else here,
                disputing=here if dispute.disputes else there,
                note=clipped(
                    edition.remark(dispute.note, home, dispute.article, edition.paths[home]), REMARK
                ),
            )


def _account(edition: Edition, edited: Edited, said: Said, home: ArticleId) -> AccountView:
    page = edition.paths[home]
    article = edited.article.id
    anchor = places(edited).get(said.anchor, (0, said.anchor))[1]
    return AccountView(
        source=source_link(edition, article, said, page),
        role=told_apart(edition, article, said),
        link=LinkView(
            _words(edited, said, ACCOUNT)
            if article == home
            else excerpt(edition.words_away(article, said), ACCOUNT),
            f"#{anchor}" if article == home else edition.href(article, page, anchor),
        ),
        where="" if article == home else edition.title(article),
    )


def _words(edited: Edited, said: Said, most: int) -> str:
    return excerpt(words_shown(edited, alone(said.statement)), most)
