"""All articles at once: who stands on which page, what belongs together, who links to whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from msgspec.structs import replace

from builder import editing, routes
from builder.errors import Place, Problem, Problems
from builder.index.ledger import entities
from builder.index.protection import WITHHELD, protected
from builder.index.targets import Targets, named, resolve, targets, withheld
from builder.memory import Memory
from builder.model import (
    Article,
    ArticleId,
    Content,
    DisputedElsewhere,
    Edited,
    HeldBack,
    Site,
    Story,
)
from builder.prose import Link
from builder.settings import Settings

__all__ = ["Targets", "index", "resolve", "targets"]


def index(  # noqa: PLR0913 - and what is remembered
    articles: Sequence[Edited],
    content: Content,
    settings: Settings,
    links: Mapping[ArticleId, tuple[Link, ...]],
    *,
    stand_in: str = WITHHELD,
    memory: Memory | None = None,
) -> Site:
    """Join up all articles.

    Args:
        articles: Every published article, edited, in any order.
        content: What the articles came from; register, held-back articles and assets are read.
        settings: Of the site.
        links: What each article links to, as `prose.parse` found it.
        stand_in: What stands for the names of people who are kept off, away from their report.
        memory: Of the last time.

    Returns:
        The site. Links that lead nowhere and disputes that do not fit are among its `problems`;
        problems of single articles stay with those.
    """
    problems, memory = Problems(), memory or Memory()
    newest_first = sorted(articles, key=_newest_first)
    hidden = protected(content.register)
    known = _targets(content, memory)
    resolved, unpublished = _links(newest_first, links, known, problems)
    joined = _disputes(newest_first, known, problems)
    translations = _translations(newest_first, known, settings, problems)
    metas = [edited.article for edited in joined]

    def listed(what: str, names_of: Callable[[Article], tuple[str, ...]]) -> tuple[Story, ...]:
        members = tuple((article.id, article.place, names_of(article)) for article in metas)
        make = partial(_lists, members, what)
        found, mistakes = memory.recall("lists", what, make, members)
        problems.extend(mistakes)
        return found

    return Site(
        articles=tuple(joined),
        entities=entities(joined, content.register, settings, problems, stand_in, memory=memory),
        stories=listed("story", lambda a: (a.meta.story,) if a.meta.story else ()),
        topics=listed("topic", lambda a: a.meta.topics),
        authors=listed("author", lambda a: a.meta.authors),
        months=_months(metas),
        backlinks=_backlinks(newest_first, links, resolved),
        translations=translations,
        links=resolved,
        withheld=unpublished,
        kept_off=hidden.keys,
        unlisted=hidden.names,
        assets=content.assets,
        problems=tuple(problems.found),
    )


def _newest_first(edited: Edited) -> tuple[float, str]:
    return (-edited.article.meta.published.timestamp(), edited.article.id)


def _links(
    articles: Sequence[Edited],
    links: Mapping[ArticleId, tuple[Link, ...]],
    known: Targets,
    problems: Problems,
) -> tuple[dict[str, ArticleId], dict[str, HeldBack]]:
    """Every article that a `[[…]]` names, as it was written: its id, or why it is not published."""
    resolved: dict[str, ArticleId] = {}
    unpublished: dict[str, HeldBack] = {}
    for edited in articles:
        for link in links.get(edited.article.id, ()):
            if link.kind == "article" and named(link.target) not in resolved:
                place = Place(link.path or edited.article.place.path, link.line)
                found = resolve(link.target, known, place)
                if not isinstance(found, Problem):
                    resolved[named(link.target)] = found
                    continue
                problems.add(found)
                if why := withheld(link.target, known):
                    unpublished[named(link.target)] = why
    return dict(sorted(resolved.items())), dict(sorted(unpublished.items()))


def _backlinks(
    articles: Sequence[Edited],
    links: Mapping[ArticleId, tuple[Link, ...]],
    resolved: Mapping[str, ArticleId],
) -> dict[ArticleId, tuple[ArticleId, ...]]:
    found: dict[ArticleId, dict[ArticleId, None]] = defaultdict(dict)
    for edited in articles:
        own = edited.article.id
        for link in links.get(own, ()):
            target = resolved.get(named(link.target)) if link.kind == "article" else None
            if target is not None and target != own:
                found[target][own] = None
    return {target: tuple(froms) for target, froms in sorted(found.items())}


def _translations(
    articles: Sequence[Edited], known: Targets, settings: Settings, problems: Problems
) -> dict[ArticleId, tuple[ArticleId, ...]]:
    """For each report that is there in several languages the others of it, the original first."""
    language = {e.article.id: e.article.meta.lang or settings.site.language for e in articles}
    original: dict[ArticleId, ArticleId] = {}
    for edited in articles:
        article = edited.article
        if not article.meta.translation_of:
            continue
        found = resolve(article.meta.translation_of, known, article.place)
        if isinstance(found, Problem):
            problems.add(found)
        elif language.get(found) == language[article.id]:
            problems.add(
                Problem(
                    place=article.place,
                    code="same-language",
                    message=f"{found} is in “{language[found]}”, too, so this is no translation",
                    hint="say with lang which language this article is in",
                )
            )
        elif found in language:
            original[article.id] = found
    groups: dict[ArticleId, list[ArticleId]] = defaultdict(list)
    for article_id in sorted(original, key=lambda each: (language[each], each)):
        first = article_id
        seen = {first}
        while (further := original.get(first)) and further not in seen:
            first = further
            seen.add(first)
        groups[first].append(article_id)
    return {
        one: tuple(other for other in (first, *others) if other != one)
        for first, others in groups.items()
        for one in (first, *others)
    }


def _disputes(articles: Sequence[Edited], known: Targets, problems: Problems) -> list[Edited]:
    """The articles with the disputes between them on both sides."""
    by_id = {edited.article.id: edited for edited in articles}
    for edited in articles:
        for wanted in edited.elsewhere:
            found = resolve(wanted.article, known, wanted.place)
            if isinstance(found, Problem):
                problems.add(_lost_side(found, wanted, known))
            elif found in by_id:
                _join(by_id, edited.article.id, found, wanted, problems)
    return [by_id[edited.article.id] for edited in articles]


def _lost_side(problem: Problem, wanted: DisputedElsewhere, known: Targets) -> Problem:
    """The problem with a link, told of a dispute."""
    if withheld(wanted.article, known) is None:
        return problem
    message = f"this dispute is not shown, since {problem.message}"
    hint = "both sides show it once that article is published"
    return replace(problem, message=message, hint=hint)


def _join(
    by_id: dict[ArticleId, Edited],
    here: ArticleId,
    there: ArticleId,
    wanted: DisputedElsewhere,
    problems: Problems,
) -> None:
    one, other = by_id[here], by_id[there]
    span = editing.locate(other.prose, wanted.by, wanted.place)
    if isinstance(span, Problem):
        problems.add(replace(span, message=f"in {there}: {span.message}"))
        return
    at = editing.side(list(other.statements), span, wanted.by.exact, wanted.place)
    if isinstance(at, Problem):
        if not other.article.is_lacking:
            problems.add(replace(at, message=f"in {there}: {at.message}"))
        return
    own = next(i for i, said in enumerate(one.statements) if said.anchor == wanted.anchor)
    disputed, by = editing.joined(
        (here, one.statements[own]), (there, other.statements[at]), wanted.note
    )
    for edited, position, said in ((one, own, disputed), (other, at, by)):
        statements = list(edited.statements)
        statements[position] = said
        by_id[edited.article.id] = replace(edited, statements=tuple(statements))


def _targets(content: Content, memory: Memory) -> Targets:
    parts = [
        tuple((article.id, article.meta.slug) for article in articles)
        for articles in (content.articles, content.held_back)
    ]
    return memory.recall("targets", "", partial(targets, content), *parts, content.why_held_back)


def _lists(
    articles: Iterable[tuple[ArticleId, Place, tuple[str, ...]]], what: str
) -> tuple[tuple[Story, ...], tuple[Problem, ...]]:
    """One list for each slug, by slug; names that only look alike in a URL are a warning."""
    members: dict[str, dict[ArticleId, None]] = defaultdict(dict)
    names: dict[str, Counter[str]] = defaultdict(Counter)
    places: dict[tuple[str, str], Place] = {}
    for id_, place, own in articles:
        for name in own:
            slug = routes.slug(name)
            members[slug][id_] = None
            names[slug][name] += 1
            places[slug, name] = place
    found, problems = [], []
    for slug, ids in sorted(members.items()):
        first, *others = sorted(names[slug], key=lambda name: (-names[slug][name], name))
        problems += [
            Problem(
                place=places[slug, other],
                code="same-list",
                level="warning",
                message=f"the {what}s “{first}” and “{other}” share one page, {slug}",
                hint="write them alike, or choose a name that differs in letters",
            )
            for other in others
            if other.casefold() != first.casefold()
        ]
        found.append(Story(slug=slug, name=first, articles=tuple(ids)))
    return tuple(found), tuple(problems)


def _months(articles: Iterable[Article]) -> tuple[Story, ...]:
    members: dict[tuple[int, int], list[ArticleId]] = defaultdict(list)
    for article in articles:
        published = article.meta.published
        members[published.year, published.month].append(article.id)
    return tuple(
        Story(slug=f"{year:04}/{month:02}", name=f"{year:04}-{month:02}", articles=tuple(ids))
        for (year, month), ids in sorted(members.items(), reverse=True)
    )
