"""Pages of people, organisations, places …, a source's ledger on it, and their A–Z lists."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from itertools import groupby

from msgspec.structs import replace

from builder import routes
from builder.model import (
    ArticleId,
    Emitted,
    Entity,
    EntityKey,
    Identity,
    Output,
    Page,
    Quoted,
    Role,
    Said,
)
from builder.render.dates import local
from builder.render.edition import Edition, distinct_name, entity_link, teaser
from builder.render.frame import frame
from builder.render.maps import map_of
from builder.render.notes import (
    checked,
    counts_of,
    disputes,
    is_found,
    line_about,
    manner,
)
from builder.render.sections import KINDS
from builder.render.sourcing import form_of
from builder.render.views import (
    CalledView,
    CompanyView,
    DirectoryPage,
    EntityPage,
    EntryView,
    LedgerReportView,
    LedgerView,
    LetterView,
    LinkView,
    PagerView,
    RoleView,
)
from builder.render.wording import capitalised, clipped, inside

PAGE_SIZE = 100
"""Statements, and reports, on one page of an entity."""
OPENING = tuple("“‘«„([")
CLOSING = tuple(",.;:!?)]”’»،؛؟")
"""What stands against the word after it, and before it."""
QUOTES = '“"«„‹‘'
"""What begins a quotation."""
CALLED = 12
"""Descriptions that a page shows at the most."""


def entities(edition: Edition, wanted: Collection[str] | None = None) -> Iterator[Emitted]:
    """The pages of every entity that has one; if paths are given, only those at these."""
    found = sorted((key, entity) for key, entity in edition.site.entities.items() if entity.path)
    if wanted is None:
        keys = [key for key, _ in found]
        yield from edition.trace.all_outputs("entity", keys, partial(_entity, edition))
        return
    for _, entity in found:
        if not any(path.startswith(entity.path) for path in wanted):
            continue
        for number in range(1, _pages(entity) + 1):
            path = routes.list_path("", entity.path.rstrip("/"), number)
            if routes.file_of(path) in wanted:
                page = _page(edition, entity, path, number, _pages(entity))
                yield Page(routes.file_of(path), "entity.html", page)


def _pages(entity: Entity) -> int:
    longest = max(len(entity.statements), len(_only_named(entity)))
    return max(1, -(-longest // PAGE_SIZE))


def _entity(edition: Edition, key: EntityKey) -> Iterator[Output]:
    entity = edition.site.entities[key]
    total = _pages(entity)
    for number in range(1, total + 1):
        path = routes.list_path("", entity.path.rstrip("/"), number)
        page = _page(edition, entity, path, number, total)
        yield Page(routes.file_of(path), "entity.html", page)


def directories(edition: Edition) -> Iterator[Output]:
    """The A–Z list of each kind, of entities with a page only."""
    for kind, folder in routes.KIND_FOLDER.items():
        found = [e for e in edition.site.entities.values() if e.kind == kind and e.path]
        if found:
            path = f"{folder}/"
            heading = edition.words(KINDS[kind][1])
            yield Page(
                routes.file_of(path),
                "directory.html",
                DirectoryPage(
                    frame=frame(edition, path, heading),
                    heading=heading,
                    counts=edition.words("count.in-the-reports", len(found)),
                    letters=_letters(edition, found, path),
                ),
            )


def pager(base: str, path: str, number: int, total: int) -> PagerView | None:
    """Links to the neighbours of one page of a list; None where there is only one.

    Args:
        base: The list's first page: its folder without the last slash, empty for the root.
        path: The folder of the page that this stands on.
        number: Which page it is, from 1.
        total: How many there are.
    """
    if total == 1:
        return None

    def link(other: int) -> str:
        if not 1 <= other <= total:
            return ""
        return routes.relative(routes.list_path("", base, other), path)

    return PagerView(number=number, total=total, newer=link(number - 1), older=link(number + 1))


def _page(edition: Edition, entity: Entity, path: str, number: int, total: int) -> EntityPage:
    known = entity.known
    on_page = slice((number - 1) * PAGE_SIZE, number * PAGE_SIZE)
    first = number == 1
    folder = routes.KIND_FOLDER[entity.kind]
    counts = counts_of(edition, entity.key)
    line = line_about(edition, entity.key)
    reports = _only_named(entity)
    ways = [] if known is None else [known.link, *known.same_as]
    return EntityPage(
        frame=replace(
            frame(
                edition,
                path,
                clipped(entity.name, 30),
                edition.words("page.about", name=line or entity.name, facts=counts),
                number,
                feeds=entity.path if entity.statements else "",
            ),
            og_type="profile" if entity.kind == "person" else "website",
        ),
        name=entity.name,
        kind=edition.words(KINDS[entity.kind][0]),
        directory=LinkView(
            edition.words(KINDS[entity.kind][1]), routes.relative(f"{folder}/", path)
        ),
        description=line,
        counts=counts,
        tally=_tally(edition, entity) if first else (),
        aliases=_aliases(entity),
        roles=_roles(edition, known.roles if known and first else (), path),
        links=tuple(LinkView(_host(address), address) for address in ways if address),
        map=map_of(edition, entity) if first else None,
        called=_called(edition, entity, path) if first else (),
        ledger=_ledger(edition, entity.statements[on_page], path),
        ledger_part=part_of(edition, number, len(entity.statements)),
        speaks=bool(entity.statements),
        reports=tuple(teaser(edition, each, path) for each in reports[on_page]),
        reports_part=part_of(edition, number, len(reports)),
        quoted_beside=tuple(
            CompanyView(
                link=_told_apart(edition, edition.identities[key], path),
                count=edition.words("count.reports", often),
            )
            for key, often in (entity.quoted_beside if first else ())
        ),
        beside=tuple(
            _told_apart(edition, edition.identities[key], path)
            for key in entity.beside
            if first and edition.identities[key].path
        ),
        pager=pager(entity.path.rstrip("/"), path, number, total),
    )


def _only_named(entity: Entity) -> tuple[ArticleId, ...]:
    """The reports that name an entity and in which it says nothing: its ledger has the others."""
    speaking = {quoted.article for quoted in entity.statements}
    return tuple(article for article in entity.articles if article not in speaking)


def _told_apart(edition: Edition, entity: Identity, path: str) -> LinkView:
    return LinkView(distinct_name(edition, entity), entity_link(entity, path).href)


def part_of(edition: Edition, number: int, total: int) -> str:
    """Which of a long list stand on one of its pages: `51 to 100 of 120`; else empty."""
    first, last = (number - 1) * PAGE_SIZE + 1, min(number * PAGE_SIZE, total)
    if total <= PAGE_SIZE or first > last:
        return ""
    words = edition.words
    numbers = {"first": first, "last": last, "total": total}
    return words("page.part", **{name: words.number(each) for name, each in numbers.items()})


def _tally(edition: Edition, entity: Entity) -> tuple[str, ...]:
    """What a source's statements are, and between which days they were reported."""
    if not entity.statements:
        return ()
    forms = Counter(quoted.said.statement.form for quoted in entity.statements)
    disputed = sum(
        any(not dispute.disputes for dispute in quoted.said.disputes)
        for quoted in entity.statements
    )
    days = [edition.articles[q.article].article.meta.published for q in entity.statements]
    words = edition.words
    parts = (
        words("count.direct-quotes", forms["direct"]) if forms["direct"] else "",
        words("count.partial-quotes", forms["mixed"]) if forms["mixed"] else "",
        words("count.reported", forms["indirect"]) if forms["indirect"] else "",
        words("count.disputed", disputed) if disputed else "",
        days_between(edition, days[-1], days[0]),
    )
    return tuple(part for part in parts if part)


def days_between(edition: Edition, first: dt.datetime, last: dt.datetime) -> str:
    """`16 July 2026 to 11 November 2026`; one day only if both are the same."""
    settings = edition.settings
    return edition.words.days(local(first, settings).date(), local(last, settings).date())


def _aliases(entity: Entity) -> tuple[str, ...]:
    """The names that the register gives, then others that reports use; each once."""
    given = entity.known.aliases if entity.known else ()
    names = {name.casefold(): name for name in reversed((*given, *entity.names))}
    names.pop(entity.name.casefold(), None)
    return tuple(reversed(names.values()))


def _ledger(
    edition: Edition, statements: Sequence[Quoted], path: str
) -> tuple[LedgerReportView, ...]:
    """Statements by report; a role stands where it changes."""
    found = []
    for name, group in groupby(statements, key=lambda quoted: quoted.article):
        entries = list(group)
        meta = edition.articles[name].article.meta
        roles = [role_away(edition, quoted.article, quoted.said) for quoted in entries]
        found.append(
            LedgerReportView(
                article=edition.report(name, path),
                day=edition.day(meta.published),
                role=roles[0],
                notices=tuple(edition.day(notice.date) for notice in meta.notices),
                entries=tuple(
                    _entry(edition, quoted, path, role if role != before else "")
                    for quoted, role, before in zip(
                        entries, roles, (roles[0], *roles), strict=False
                    )
                ),
            )
        )
    return tuple(found)


def role_away(edition: Edition, article: ArticleId, said: Said) -> str:
    """What a source was, on a page away from that report."""
    return edition.tellable(inside(clipped(said.role, 16)), article)


def _entry(edition: Edition, quoted: Quoted, path: str, role: str) -> LedgerView:
    edited = edition.articles[quoted.article]
    said = quoted.said
    return LedgerView(
        before=quoted.before + space(quoted.before, quoted.text),
        text=quoted.text,
        after=space(quoted.text, quoted.after) + quoted.after,
        passage=edition.href(quoted.article, path, said.anchor),
        role=role,
        form="" if _shows_form(quoted) else form_of(edition.words, said),
        how=edition.tellable(manner(edited, said), quoted.article),
        direct=said.statement.form != "indirect",
        disputes=tuple(disputes(edition, quoted.article, said, path)),
        checked="" if is_found(said) else checked(said, edition),
    )


def _shows_form(quoted: Quoted) -> bool:
    """Whether the marks in its words say that a statement is a quote, or none that it is not."""
    return (quoted.said.statement.form != "indirect") == any(map(quoted.text.count, QUOTES))


def space(left: str, right: str) -> str:
    """What parts two stretches of a sentence, whose ends have been stripped."""
    if not left or not right or left.endswith(OPENING) or right.startswith(CLOSING):
        return ""
    return " "


def _roles(edition: Edition, roles: Sequence[Role], path: str) -> tuple[RoleView, ...]:
    def organisation(role: Role) -> LinkView | None:
        if entity := edition.named.get(role.organisation):
            return entity_link(entity, path)
        return LinkView(role.organisation) if role.organisation else None

    return tuple(
        RoleView(
            title=capitalised(role.title),
            organisation=organisation(role),
            years=_years(edition, role),
        )
        for role in roles
    )


def _years(edition: Edition, role: Role) -> str:
    words = edition.words
    first, last = (words.short_month(date) if date else "" for date in (role.since, role.until))
    if first and last:
        return words("date.years", first=first, last=last)
    if first:
        return words("date.since", first=first)
    return words("date.until", last=last) if last else ""


def _called(edition: Edition, entity: Entity, path: str) -> tuple[CalledView, ...]:
    found = {text.casefold(): (text, article) for article, text in reversed(entity.descriptions)}
    newest_first = list(reversed(found.values()))
    return tuple(
        CalledView(
            text=clipped(text, 30),
            link=edition.report(article, path),
        )
        for text, article in newest_first[:CALLED]
    )


def _letters(edition: Edition, found: list[Entity], path: str) -> tuple[LetterView, ...]:
    filed = {each.key: _filed(each) for each in found}

    def initial(entity: Entity) -> str:
        first = filed[entity.key][:1].upper()
        return first if first.isalpha() else "#"

    ordered = sorted(found, key=lambda e: (initial(e), filed[e.key], e.key))
    return tuple(
        LetterView(
            letter=letter,
            id=f"letter-{letter.lower()}" if letter.isalpha() else "letter-0",
            entries=tuple(
                EntryView(
                    link=entity_link(each, path),
                    line=clipped(line_about(edition, each.key), 24),
                    counts=counts_of(edition, each.key),
                )
                for each in group
            ),
        )
        for letter, group in groupby(ordered, key=initial)
    )


def _filed(entity: Entity) -> str:
    """The name as a list is ordered by it: people by their last name, no leading article."""
    words = _plain(entity.name).split()
    if entity.kind == "person":
        return " ".join([*words[-1:], *words[:-1]])
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _host(address: str) -> str:
    return address.partition("://")[2].partition("/")[0].removeprefix("www.") or address
