"""The sourcing audit: how the site is sourced, as a page and as tables to download.

The tables are for programs, too: their heads are the same in every language.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from msgspec import Struct

from builder import routes
from builder.model import ArticleId, Entity, File, Output, Page
from builder.render.catalogue import Words
from builder.render.dates import local
from builder.render.edition import Edition, distinct_name, entity_link
from builder.render.entities import PAGE_SIZE, pager, part_of
from builder.render.frame import frame
from builder.render.sourcing import naming_of
from builder.render.views import AuditedView, AuditPage, LinkView, ShareView

SOURCES = 50
"""Sources that the page lists; the table to download has all."""


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a formula of a spreadsheet may begin with: OWASP, CSV Injection."""


class _Sums(Struct, frozen=True):
    """Statements of the whole site by whom they are from."""

    named: int
    unnamed: int
    documents: int
    unclear: int

    @property
    def all(self) -> int:
        return self.named + self.unnamed + self.documents + self.unclear


def audit(edition: Edition) -> Iterator[Output]:
    """The audit of a site on which anybody says anything.

    Only sources with a page are told by name. Everybody else is counted: unnamed sources within
    their report and never across reports.
    """
    articles = [edited.article.id for edited in edition.site.articles]
    if not any(edition.sourcing[article].statements for article in articles):
        return
    sources, sums = _sources(edition), _sums(edition, articles)
    total = -(-len(articles) // PAGE_SIZE)
    base = routes.AUDIT_PATH.rstrip("/")
    for number in range(1, total + 1):
        at = (base, routes.list_path("", base, number), number, total)
        if number == 1:
            yield from _pages(edition, articles, sources, sums, at)
        else:
            # Of all others a further page shows only how many there are: an edit is no news to it.
            part = articles[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
            given = (tuple(part), len(articles), at)
            make = partial(_pages, edition, articles, (), sums, at)
            yield from edition.trace.outputs("audit", number, make, *given)
    yield File(f"{routes.AUDIT_PATH}sources.csv", _sources_file(edition, sources, sums))
    yield File(f"{routes.AUDIT_PATH}reports.csv", _reports_file(edition, articles))


def _pages(
    edition: Edition,
    articles: Sequence[ArticleId],
    sources: Sequence[Entity],
    sums: _Sums,
    at: tuple[str, str, int, int],
) -> Iterator[Output]:
    context = _page(edition, articles, sources, sums, at)
    yield Page(routes.file_of(at[1]), "audit.html", context)


def _page(
    edition: Edition,
    articles: Sequence[ArticleId],
    sources: Sequence[Entity],
    sums: _Sums,
    at: tuple[str, str, int, int],
) -> AuditPage:
    base, path, number, total = at
    first = number == 1
    words = edition.words
    statements = words("count.statements", sums.all) if first else ""
    counts = words.commas((words("count.reports", len(articles)), statements))
    heading = words("audit.heading")
    single = sum(_is_single(edition, article) for article in articles) if first else 0
    listed = [_share(edition, each, sums.all, path) for each in sources[:SOURCES] if first]
    return AuditPage(
        frame=frame(
            edition, path, heading, words("page.about", name=heading, facts=counts), number
        ),
        heading=heading,
        counts=counts,
        kinds=tuple(_kinds(words, sums)) if first else (),
        sources=tuple(listed),
        rest=tuple(_rest(words, sources, sums)) if first else (),
        single=_single(words, single, len(articles)) if first else "",
        reports=tuple(
            _audited(edition, article, path)
            for article in articles[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        ),
        reports_part=part_of(edition, number, len(articles)),
        sources_file=LinkView(
            "sources.csv", routes.relative(f"{routes.AUDIT_PATH}sources.csv", path)
        ),
        reports_file=LinkView(
            "reports.csv", routes.relative(f"{routes.AUDIT_PATH}reports.csv", path)
        ),
        pager=pager(base, path, number, total),
    )


def _sources(edition: Edition) -> list[Entity]:
    """Sources with a page, those who say most first."""
    speaking = [e for e in edition.site.entities.values() if e.path and e.statements]
    return sorted(speaking, key=lambda e: (-len(e.statements), e.name.casefold(), e.key))


def _statements(sources: Iterable[Entity]) -> int:
    """How many statements are theirs; one that two made together is one."""
    of = (quoted for source in sources for quoted in source.statements)
    return len({(quoted.article, quoted.said.anchor) for quoted in of})


def _sums(edition: Edition, articles: Iterable[ArticleId]) -> _Sums:
    value = edition.trace.value
    of = [value("sums", id_, partial(_sums_of, edition, id_)) for id_ in articles]
    return _Sums(*map(sum, zip(*of, strict=True)))


def _sums_of(edition: Edition, id_: ArticleId) -> tuple[int, int, int, int]:
    """The fields of `_Sums`, for one report."""
    of = Counter(naming_of(said) for said in edition.articles[id_].statements if said.shown)
    return of["named"], of["unnamed"], of["document"] + of["poll"], of[""]


def _kinds(words: Words, sums: _Sums) -> Iterator[ShareView]:
    for key, number in (
        ("audit.named-sources", sums.named),
        ("audit.unnamed-sources", sums.unnamed),
        ("audit.document-sources", sums.documents),
        ("audit.unclear", sums.unclear),
    ):
        yield _counted_line(words, words(key), number, sums.all)


def _rest(words: Words, sources: Sequence[Entity], sums: _Sums) -> Iterator[ShareView]:
    listed, shown = _statements(sources[:SOURCES]), _statements(sources)
    for name, number in (
        (words("audit.more-sources", len(sources) - SOURCES), shown - listed),
        (words("audit.named-without"), sums.named - shown),
        (words("audit.not-named"), sums.all - sums.named),
    ):
        if number > 0:
            yield _counted_line(words, name, number, sums.all)


def _counted_line(words: Words, name: str, number: int, total: int) -> ShareView:
    share = words.percent(number / total if total else 0)
    return ShareView(link=LinkView(name), statements=words.number(number), share=share)


def _share(edition: Edition, source: Entity, total: int, path: str) -> ShareView:
    return ShareView(
        link=LinkView(distinct_name(edition, source), entity_link(source, path).href),
        statements=edition.words.number(len(source.statements)),
        share=edition.words.percent(len(source.statements) / total),
        reports=edition.words.number(_reports(source)),
        last=edition.day(_last(edition, source)),
    )


def _last(edition: Edition, source: Entity) -> dt.datetime:
    """When a source was last quoted."""
    newest = edition.articles[source.statements[0].article].article.meta.published
    return local(newest, edition.settings)


def _reports(source: Entity) -> int:
    """How many reports quote a source."""
    return len({quoted.article for quoted in source.statements})


def _percent(number: int, total: int) -> str:
    return f"{100 * number / total:.1f}" if total else "0.0"


def _single(words: Words, single: int, total: int) -> str:
    return words("audit.singles", single, reports=words("count.reports", total))


def _is_single(edition: Edition, article: ArticleId) -> bool:
    sourcing = edition.sourcing[article]
    return sourcing.named + sourcing.unnamed + sourcing.documents == 1


def _audited(edition: Edition, article: ArticleId, path: str) -> AuditedView:
    sourcing = edition.sourcing[article]
    return AuditedView(
        link=edition.report(article, path),
        day=edition.day(edition.articles[article].article.meta.published),
        statements=sourcing.statements,
        named=sourcing.named,
        unnamed=sourcing.unnamed,
        documents=sourcing.documents,
        single=_is_single(edition, article),
    )


def _sources_file(edition: Edition, sources: Sequence[Entity], sums: _Sums) -> bytes:
    rows: list[Sequence[object]] = [
        ("source", "kind", "page", "statements", "share", "reports", "last quoted")
    ]
    for source in sources:
        number = len(source.statements)
        rows.append(
            (
                distinct_name(edition, source),
                source.kind,
                edition.address(source.path),
                number,
                _percent(number, sums.all),
                _reports(source),
                _last(edition, source).date().isoformat(),
            )
        )
    without = sums.named - _statements(sources)
    for name, number in (
        ("(named sources without a page)", without),
        ("(unnamed sources)", sums.unnamed),
        ("(documents and polls)", sums.documents),
        ("(source not clear)", sums.unclear),
    ):
        rows.append((name, "", "", number, _percent(number, sums.all), "", ""))
    return _csv(rows)


def _reports_file(edition: Edition, articles: Sequence[ArticleId]) -> bytes:
    head = ("report", "address", "published", "statements", "named", "unnamed", "documents")
    rows: list[Sequence[object]] = [(*head, "single source")]
    for article in articles:
        sourcing = edition.sourcing[article]
        rows.append(
            (
                edition.title(article),
                edition.address(edition.paths[article]),
                edition.articles[article].article.meta.published.isoformat(),
                sourcing.statements,
                sourcing.named,
                sourcing.unnamed,
                sourcing.documents,
                "yes" if _is_single(edition, article) else "no",
            )
        )
    return _csv(rows)


def _csv(rows: Iterable[Sequence[object]]) -> bytes:
    """Comma-separated values as in RFC 4180, in UTF-8 with the mark that spreadsheets look for.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    text = io.StringIO()
    write = csv.writer(text)
    for row in rows:
        write.writerow(
            [f"'{c}" if isinstance(c, str) and c.startswith(_FORMULA) else c for c in row]
        )
    return text.getvalue().encode("utf-8-sig")
