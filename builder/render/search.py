"""What readers can search: each report with its statements as sections, and who is in the register.

A report is handed to the index as plain HTML of its own, not as its page: its words with each
statement below a heading that is its source. So a result is a statement, with who said it, and
its link leads to the very passage. Names of people whom the register keeps off are withheld.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from msgspec import Struct

from builder import routes
from builder.model import ArticleId, Edited, Entity, Kind, Output, Page, Said, Span
from builder.render import notes
from builder.render.edition import Edition, distinct_name
from builder.render.frame import frame
from builder.render.sections import KINDS
from builder.render.views import ChoiceView, FilterView, LinkView, SearchPage
from builder.render.wording import clipped

INDEX = "pagefind/"
"""The folder of the index."""
FILTERS: dict[str, str] = {
    "source": "search.source",
    "organisation": "kind.organisation",
    "place": "kind.place",
    "topic": "label.topic",
    "month": "label.month",
}
"""What results can be narrowed by, and how readers call it, in the catalogue."""
PLACES: dict[Kind, str] = {"organisation": "organisation", "place": "place"}
TOGETHER = " · "
"""Stands between the names of sources who say something together, and in no name."""
ELSEWHERE, BETWEEN = "after-", "…"
"""Begin the ids of what stands between statements, which no page has, and head it."""


class Document(Struct, frozen=True):
    """Something to be found."""

    url: str
    """Its page, relative to the site's root."""
    html: str


def search(edition: Edition) -> Iterator[Output]:
    """The page to search from, on a site that is searched."""
    if not edition.settings.search.on:
        return
    heading = edition.words("search.heading")
    yield Page(
        routes.file_of(routes.SEARCH_PATH),
        "search.html",
        SearchPage(
            frame=frame(edition, routes.SEARCH_PATH, heading),
            heading=heading,
            index=routes.relative(f"{INDEX}pagefind.js", routes.SEARCH_PATH),
            filters=tuple(_filters(edition)),
            lists=tuple(
                LinkView(name, routes.relative(path, routes.SEARCH_PATH))
                for name, path in edition.sections
                if path.rstrip("/") in {*routes.KIND_FOLDER.values(), "topics", "archive"}
            ),
        ),
    )


def documents(edition: Edition) -> Iterator[Document]:
    """All that can be found: every published report, then the register's entries with a page."""
    for edited in edition.site.articles:
        yield _report(edition, edited)
    for _, entity in sorted(edition.site.entities.items()):
        if entity.path and entity.known:
            yield _entry(edition, entity)


def _report(edition: Edition, edited: Edited) -> Document:
    article, meta = edited.article, edited.article.meta
    told = [
        _told("meta", "day", edition.day(meta.published).text),
        _told("sort", "day", meta.published.isoformat()),
        *(
            _told("filter", name, value)
            for name, values in _values(edition, edited).items()
            for value in values
        ),
    ]
    return Document(
        edition.paths[article.id],
        _html(edition.article_language(article.id), meta.title, told, _sections(edition, edited)),
    )


def _entry(edition: Edition, entity: Entity) -> Document:
    line = notes.line_about(edition, entity.key)
    names = "; ".join((*(entity.known.aliases if entity.known else ()), *entity.names))
    told = [_told("meta", "day", edition.words(KINDS[entity.kind][0]))]
    body = [f"<p>{escape(line)}</p>", f"<p>{escape(names)}</p>"]
    return Document(
        entity.path, _html(edition.settings.site.language, entity.name, told, iter(body))
    )


def _html(language: str, title: str, told: list[str], body: Iterator[str]) -> str:
    return (
        f'<html lang="{escape(language)}"><body data-pagefind-body><h1>{escape(title)}</h1>'
        f"<div data-pagefind-ignore>{''.join(told)}</div>{''.join(body)}</body></html>"
    )


def _told(what: str, name: str, value: str) -> str:
    return f'<i data-pagefind-{what}="{name}">{escape(value)}</i>'


def _sections(edition: Edition, edited: Edited) -> Iterator[str]:
    """The words of a report: each statement below its source, and what stands around them."""
    pieces = _pieces(edited)
    at = 0
    for number, (span, said, anchor) in enumerate(pieces):
        yield from _words(edition, edited, Span(at, span.start))
        yield _heading(anchor, _who(edition, edited, said))
        yield from _words(edition, edited, span)
        yield _heading(f"{ELSEWHERE}{number}", BETWEEN)
        at = span.end
    yield from _words(edition, edited, Span(at, len(edited.prose.text)))


def _pieces(edited: Edited) -> list[tuple[Span, Said, str]]:
    """The stretches of statements in text order; of two that overlap, the one that begins first."""
    found = [
        (span, said, anchor)
        for said, anchor in notes.anchored(edited)
        for span in said.statement.content
    ]
    found.sort(key=lambda piece: (piece[0].start, -piece[0].end))
    kept: list[tuple[Span, Said, str]] = []
    for piece in found:
        if not kept or piece[0].start >= kept[-1][0].end:
            kept.append(piece)
    return kept


def _heading(anchor: str, text: str) -> str:
    return f'<h2 id="{escape(anchor)}" data-pagefind-weight="1">{escape(text)}</h2>'


def _words(edition: Edition, edited: Edited, span: Span) -> Iterator[str]:
    for block in edited.prose.blocks:
        if block.span.overlaps(span):
            part = Span(max(block.span.start, span.start), min(block.span.end, span.end))
            yield f"<p>{escape(edition.protected.passage(edited, part))}</p>"


def _who(edition: Edition, edited: Edited, said: Said) -> str:
    """How a result calls the source of a statement: as the filter does, if it has a page.

    So a source that is asked for is one of the names, and not merely part of one.
    """
    entities = [edition.site.entities.get(key) for key in (said.speaker, *said.also) if key]
    if entities and all(entity and entity.path for entity in entities):
        return TOGETHER.join(distinct_name(edition, entity) for entity in entities if entity)
    return notes.source_link(edition, edited.article.id, said, routes.SEARCH_PATH).text


def _values(edition: Edition, edited: Edited) -> dict[str, list[str]]:
    """What a report is found under, by filter: only who has a page is a source."""
    shown = [said for said in edited.statements if said.shown]
    sources = {key for said in shown for key in (said.speaker, *said.also) if key and said.named}
    mentioned = {mention.entity for mention in edited.mentions}
    found: dict[str, set[str]] = {name: set() for name in FILTERS}
    for key in sorted(sources | mentioned):
        entity = edition.site.entities.get(key)
        if entity is None or not entity.path:
            continue
        if key in sources:
            found["source"].add(distinct_name(edition, entity))
        if key in mentioned and entity.kind in PLACES:
            found[PLACES[entity.kind]].add(distinct_name(edition, entity))
    found["topic"].update(edited.article.meta.topics)
    found["month"].add(_month(edited))
    return {name: sorted(values) for name, values in found.items()}


def _month(edited: Edited) -> str:
    return edited.article.meta.published.strftime("%Y-%m")


def _filters(edition: Edition) -> Iterator[FilterView]:
    """Each filter with all values that a report is found under."""
    often: dict[str, dict[str, int]] = {name: {} for name in FILTERS}
    days: dict[str, ArticleId] = {}
    for edited in edition.site.articles:
        days.setdefault(_month(edited), edited.article.id)
        for name, values in _values(edition, edited).items():
            for value in values:
                often[name][value] = often[name].get(value, 0) + 1
    for name, counts in often.items():
        if not counts:
            continue
        ordered = sorted(counts, key=str.casefold, reverse=name == "month")
        yield FilterView(
            name=name,
            label=edition.words(FILTERS[name]),
            choices=tuple(
                ChoiceView(
                    value=value,
                    label=(
                        edition.words.month(
                            edition.articles[days[value]].article.meta.published.date()
                        )
                        if name == "month"
                        else clipped(value, 8)
                    ),
                    count=edition.words.number(counts[value]),
                )
                for value in ordered
            ),
        )
