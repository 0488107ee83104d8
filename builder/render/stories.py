"""The page of each running story: who said what when, and where accounts differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct

from builder import routes
from builder.model import ArticleId, Entity, EntityKey, Output, Page, Quoted, Said, Story
from builder.render.disputes import other_side
from builder.render.drawing import drawing
from builder.render.edition import Edition, entity_link, summary
from builder.render.entities import days_between, pager, role_away
from builder.render.frame import frame
from builder.render.notes import disputes, source_link
from builder.render.sourcing import is_named
from builder.render.views import (
    ContrastView,
    MomentView,
    SayingView,
    SideView,
    StoryPage,
    VoiceView,
)
from builder.render.wording import clipped

MOMENTS = 50
"""Reports on one page of a story."""
WORDS = 30
"""Of a statement that a timeline shows, at the most."""

Voices = Mapping[ArticleId, Sequence["Spoken"]]
"""Of each report, the sources with a page in the order in which they speak."""


class Spoken(Struct, frozen=True):
    """A source with a page, and what it says in one report."""

    entity: Entity
    statements: tuple[Quoted, ...]
    """In text order."""


def stories(edition: Edition) -> Iterator[Output]:
    """The pages of every running story, its first report first."""
    speaking = _speaking(edition)
    for story in edition.site.stories:
        own = {article: speaking.get(article, ()) for article in story.articles}
        make = partial(_story, edition, story, own)
        yield from edition.trace.outputs("story", story.slug, make, story, own)


def _story(
    edition: Edition, story: Story, speaking: Mapping[ArticleId, Sequence[EntityKey]]
) -> Iterator[Output]:
    voices = {
        article: [_spoken(edition, article, key) for key in keys]
        for article, keys in speaking.items()
    }
    base = routes.list_path("stories", story.slug).rstrip("/")
    total = max(1, -(-len(story.articles) // MOMENTS))
    for number in range(1, total + 1):
        path = routes.list_path("", base, number)
        page = _page(edition, story, voices, (base, path, number, total))
        yield Page(routes.file_of(path), "story.html", page)


def _page(
    edition: Edition, story: Story, voices: Voices, at: tuple[str, str, int, int]
) -> StoryPage:
    """One page of a story; `at`: its base path, its own path, its number, how many there are."""
    base, path, number, total = at
    oldest_first = story.articles[::-1]
    start = (number - 1) * MOMENTS
    first = number == 1
    words = edition.words
    reports = words("count.reports", len(oldest_first))
    statements = sum(edition.sourcing[article].statements for article in oldest_first)
    counts = words.commas((reports, words("count.statements", statements) if statements else ""))
    days = [edition.articles[a].article.meta.published for a in oldest_first]
    span = days_between(edition, days[0], days[-1])
    newest = story.articles[0]
    return StoryPage(
        frame=frame(
            edition,
            path,
            story.name,
            words("page.about", name=story.name, facts=words.commas((counts, span))),
            number,
            feeds=routes.list_path("", base),
        ),
        heading=story.name,
        counts=counts,
        span=span,
        newest=(edition.report(newest, path) if first and len(oldest_first) > 1 else None),
        moments=tuple(
            _moment(edition, article, voices.get(article, ()), path)
            for article in oldest_first[start : start + MOMENTS]
        ),
        start=start + 1,
        contrasts=tuple(_contrasts(edition, oldest_first, path)) if first else (),
        drawing=drawing(edition, oldest_first, _lanes(oldest_first, voices)) if first else None,
        pager=pager(base, path, number, total),
    )


def _speaking(edition: Edition) -> dict[ArticleId, tuple[EntityKey, ...]]:
    """Of each report of a story the sources with a page, in the order in which they speak."""
    running = {*edition.running}
    found: dict[ArticleId, dict[EntityKey, int]] = defaultdict(dict)
    for key, entity in sorted(edition.site.entities.items()):
        if entity.path:
            for quoted in entity.statements:
                if quoted.article in running:
                    begins = quoted.said.statement.content[0].start
                    found[quoted.article].setdefault(key, begins)
    return {
        article: tuple(sorted(begins, key=begins.__getitem__)) for article, begins in found.items()
    }


def _spoken(edition: Edition, article: ArticleId, key: EntityKey) -> Spoken:
    entity = edition.site.entities[key]
    return Spoken(entity, tuple(each for each in entity.statements if each.article == article))


def _lanes(
    articles: Sequence[ArticleId], voices: Voices
) -> Iterator[tuple[Entity, tuple[Quoted, ...]]]:
    """Each source of a story with all that it says in it, in the order in which they appear."""
    found: dict[str, tuple[Entity, tuple[Quoted, ...]]] = {}
    for article in articles:
        for spoken in voices.get(article, ()):
            key = spoken.entity.key
            before = found.get(key, (spoken.entity, ()))[1]
            found[key] = (spoken.entity, (*before, *spoken.statements))
    yield from found.values()


def _moment(
    edition: Edition, article: ArticleId, voices: Sequence[Spoken], path: str
) -> MomentView:
    edited, words = edition.articles[article], edition.words
    sourcing = edition.sourcing[article]
    named = {said.speaker or said.speaker_name for said in edited.statements if _counts(said)}
    without_page = len(named - {spoken.entity.key for spoken in voices})
    others = [
        words("count.other-named-sources", without_page) if without_page else "",
        words("count.unnamed-sources", sourcing.unnamed) if sourcing.unnamed else "",
        words("count.documents", sourcing.documents) if sourcing.documents else "",
    ]
    return MomentView(
        day=edition.day(edited.article.meta.published),
        article=edition.report(article, path),
        summary=summary(edition, edited),
        sourcing=sourcing.text,
        voices=tuple(_voice(edition, spoken, path) for spoken in voices),
        others=words.listed([each for each in others if each]),
    )


def _counts(said: Said) -> bool:
    return said.shown and is_named(said)


def _voice(edition: Edition, spoken: Spoken, path: str) -> VoiceView:
    chosen = _chosen(spoken.statements)
    more = len(spoken.statements) - len(chosen)
    return VoiceView(
        source=entity_link(spoken.entity, path),
        role=role_away(edition, spoken.statements[0].article, spoken.statements[0].said),
        sayings=tuple(
            SayingView(
                text=clipped(quoted.text, WORDS),
                passage=edition.href(quoted.article, path, quoted.said.anchor),
                direct=quoted.said.statement.form != "indirect",
                disputes=tuple(disputes(edition, quoted.article, quoted.said, path)),
            )
            for quoted in chosen
        ),
        more=edition.words("count.more-statements", more) if more else "",
    )


def _chosen(statements: Sequence[Quoted]) -> Sequence[Quoted]:
    """What stands for all that a source says in a report: what is disputed, or a telling quote.

    That is the longest, as far as it is shown: `There` tells nobody anything.
    """
    disputed = [quoted for quoted in statements if quoted.said.disputes]
    quotes = [quoted for quoted in statements if quoted.said.statement.form != "indirect"]
    longest = max(quotes or statements, key=lambda quoted: min(WORDS, len(quoted.text.split())))
    return disputed or [longest]


def _contrasts(
    edition: Edition, articles: Sequence[ArticleId], path: str
) -> Iterator[ContrastView]:
    """Every disputed statement of a story beside the one that disputes it."""
    for article in articles:
        for said in edition.articles[article].statements:
            for dispute in said.disputes:
                other = other_side(edition, dispute)
                if said.shown and not dispute.disputes and other:
                    yield ContrastView(
                        disputed=_side(edition, article, said, path),
                        by=_side(edition, dispute.article, other, path),
                        note=clipped(
                            edition.remark(dispute.note, article, dispute.article, path), WORDS
                        ),
                    )


def _side(edition: Edition, article: ArticleId, said: Said, path: str) -> SideView:
    return SideView(
        source=source_link(edition, article, said, path),
        role=role_away(edition, article, said),
        text=clipped(edition.words_away(article, said), WORDS),
        passage=edition.href(article, path, said.anchor),
        direct=said.statement.form != "indirect",
        article=edition.report(article, path),
        day=edition.day(edition.articles[article].article.meta.published),
    )
