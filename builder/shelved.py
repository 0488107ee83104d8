"""What a build knows of each article from the last one, and how that is written down."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct
from msgspec.structs import replace

from builder import prose, terms
from builder.content import Draft
from builder.errors import Place, Problem
from builder.index import ledger
from builder.model import Article, ArticleId, Edited, FrontMatter, Prose
from builder.prose import Heading, Link
from builder.settings import Settings
from builder.shelf import Shelved


class Understood(Struct, frozen=True):
    """What all later stages need of an article's text."""

    prose: Prose
    links: tuple[Link, ...]
    """All that it leads to, of its remarks, too."""
    headings: tuple[Heading, ...]
    problems: tuple[Problem, ...]


def understood(article: Article, settings: Settings) -> Understood:
    """Read an article's Markdown."""
    parsed = prose.parse(article, settings.markdown)
    links, mistakes = prose.remarks(article, settings.markdown)
    return Understood(
        prose=parsed.prose,
        links=(*parsed.links, *links),
        headings=parsed.headings,
        problems=(*parsed.problems, *mistakes),
    )


_META = FrontMatter(title="", published=dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
_NO_ARTICLE = Article(ArticleId(""), Place(""), _META, "")

SHELVED = {
    "draft": Shelved(
        type=tuple[Draft, tuple[Problem, ...]], passed_on=lambda each: (each[0].article,)
    ),
    "parse": Shelved(type=Understood, passed_on=lambda each: (each.prose,)),
    "edit": Shelved(
        type=Edited,
        pack=lambda edited, _: replace(edited, article=_NO_ARTICLE, prose=Prose("", ())),
        unpack=lambda edited, made_of: replace(edited, article=made_of[0], prose=made_of[1]),
        passed_on=lambda edited: (edited,),
    ),
    "on record": Shelved(
        type=ledger.Packed,
        pack=lambda found, made_of: ledger.packed(found, made_of[0]),
        unpack=lambda kept, made_of: ledger.unpacked(kept, made_of[0]),
    ),
    "tokens": Shelved(
        type=terms.Packed,
        pack=lambda tokens, _: terms.packed(tokens),
        unpack=lambda kept, _: terms.unpacked(kept),
    ),
}
"""Answers for each article that the next build finds again."""
