"""The chain up to the index, and what is checked when it is through."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from builder import check as checking
from builder import content, editing, keeping, nlp, prose, routes
from builder import index as indexing
from builder import pictures as picturing
from builder import settings as setting
from builder.causes import first_causes
from builder.errors import BuildError, Place, Problem, Problems
from builder.memory import Exactly, Memory
from builder.model import (
    Analysis,
    Article,
    ArticleId,
    Content,
    EntityKey,
    FrontMatter,
    Gallery,
    HeldBack,
    Output,
    Prose,
    Site,
)
from builder.render.catalogue import Catalogue
from builder.render.pictures import displayed
from builder.render.sections import is_unmade
from builder.settings import NlpSettings, Settings
from builder.store import Store
from builder.value import link
from builder.wishes import Wishes

STORE = "analysis.sqlite"
"""The store's file in the cache."""

PREVIEW = "preview"
"""The preview's pages, in the cache."""

Progress = Callable[[int, int], None]
"""Told how many texts of how many are read."""


class Analyse(Protocol):
    """What finds names and statements: `nlp.analyse`, or a stand-in for it."""

    def __call__(
        self,
        proses: Sequence[Prose],
        settings: NlpSettings,
        store: Store,
        *,
        languages: Sequence[str] = (),
        progress: Progress | None = None,
    ) -> list[Analysis]:
        """One analysis for each text, in order."""
        ...


class Joined(Struct, frozen=True, kw_only=True):
    """A site before its pages are made."""

    settings: Settings
    now: dt.datetime
    """With an offset."""
    found: Content
    site: Site
    gallery: Gallery
    """What was made of its pictures, and where cards are kept."""
    analyses: dict[ArticleId, Analysis]
    """What was found in each article, before anybody corrected it."""
    links: dict[ArticleId, tuple[prose.Link, ...]]
    """What each article links to."""
    headings: dict[ArticleId, tuple[prose.Heading, ...]]
    problems: Problems
    """What is certainly wrong."""
    mistakes: list[Problem]
    """What may only follow from `first`."""
    first: tuple[Problem, ...]
    """Errors in files."""
    notice: str
    """What there is to say about the store, if anything."""

    @property
    def faults(self) -> tuple[Problem, ...]:
        """All that is wrong, less what only follows from something else."""
        return (*self.problems.found, *first_causes(self.mistakes, self.first))

    @property
    def held_back(self) -> tuple[tuple[Article, HeldBack], ...]:
        """Articles that are not published, and why."""
        return tuple(zip(self.found.held_back, self.found.why_held_back, strict=True))


class Clock(Struct):
    """How long each stage took; nothing that is published depends on it."""

    timings: list[tuple[str, float]] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure what is done inside."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.timings.append((name, time.perf_counter() - start))


def join(  # noqa: PLR0913 - what a command has, and what it remembers
    root: Path,
    wishes: Wishes,
    clock: Clock,
    *,
    progress: Progress | None = None,
    analyse: Analyse = nlp.analyse,
    memory: Memory | None = None,
    store: Store | None = None,
) -> Joined:
    """The chain up to the index: read all articles of a site and join them up.

    Args:
        root: The site's folder, with its site.toml.
        wishes: What the command asks for.
        clock: Takes how long each stage took.
        progress: Told how the reading goes on, if there is something to read.
        analyse: What reads the texts.
        memory: Of the last time, for a process that builds again.
        store: Of earlier answers, if it is open already; it stays open.

    Raises:
        BuildError: With every mistake of every file, if texts could not be read for them; with
            `bad-cache` before anything is read.
    """
    problems, memory = Problems(), memory or Memory()
    cache = keeping.cache_of(root, wishes.cache)
    with clock.stage("content"):
        settings = memory.same("settings", "", _settings(root, wishes))
        found = content.read(
            root,
            settings,
            problems,
            now=_now(settings, wishes),
            drafts=wishes.drafts,
            memory=memory,
        )
    first = tuple(problems.errors)

    with clock.stage("parse"):
        parsed, links = {}, {}
        for article in found.articles:
            parsed[article.id], links[article.id], mistakes = memory.recall(
                "parse", article.id, partial(_parsed, article, settings), article, settings.markdown
            )
            problems.extend(mistakes)
        problems.extend((*_notice(root, settings), *_spoken(root, found, settings)))

    analyses: list[Analysis] = []
    keeping.mark(cache)
    with clock.stage("analyse"), _opened(store, cache) as opened:
        with problems.catch():
            remembering = partial(
                _analyses, analyse=analyse, store=opened, progress=progress, memory=memory
            )
            analyses = remembering(found, parsed, settings)
        notice = opened.notice
    if len(analyses) != len(parsed):
        problems.stop_on_errors()

    with clock.stage("pictures"):
        gallery = _gallery(root, found, links, problems, (settings, cache))

    with clock.stage("edit"):
        register = {EntityKey(known.key): known for known in found.register}
        edited = []
        for article, analysis in zip(found.articles, analyses, strict=True):
            parts = (article, parsed[article.id].prose, analysis)
            make = partial(editing.edit, *parts, register, settings)
            # Times are equal that are written with other offsets, and published so: an article that
            # is only equal is another one.
            made_of = (Exactly(article), *parts[1:], found.register, settings)
            edited.append(memory.recall("edit", article.id, make, *made_of))
        found_wrong = [problem for one in edited for problem in one.problems]
    with clock.stage("index"):
        site = indexing.index(
            edited, found, settings, links, stand_in=_stand_in(root, settings), memory=memory
        )
        found_wrong += site.problems
    return Joined(
        settings=settings,
        now=_now(settings, wishes),
        found=found,
        site=site,
        gallery=gallery,
        analyses=dict(zip(parsed, analyses, strict=True)),
        links=links,
        headings={id_: one.headings for id_, one in parsed.items()},
        problems=problems,
        mistakes=found_wrong,
        first=first,
        notice=notice,
    )


def check(root: Path, joined: Joined, outputs: Sequence[Output]) -> None:
    """Add to the problems of a site what is wrong only with the whole of it.

    Args:
        root: The site's folder.
        joined: The site; its `problems` get what is found, less what only follows from others.
        outputs: All that will be published; empty if not all of it could be made.
    """
    mistakes = list(joined.mistakes)
    if outputs:
        mistakes += checking.check(
            joined.site,
            joined.links,
            joined.headings,
            outputs,
            tuple(_everywhere(root, joined.settings)),
            address=joined.settings.site.url,
        )
    joined.problems.extend(first_causes(mistakes, joined.first))


def _opened(store: Store | None, cache: Path) -> AbstractContextManager[Store]:
    return nullcontext(store) if store else Store(cache / STORE)


def _parsed(
    article: Article, settings: Settings
) -> tuple[prose.Parsed, tuple[prose.Link, ...], tuple[Problem, ...]]:
    """An article's text, all that it links to, and what is wrong with these."""
    parsed = prose.parse(article, settings.markdown)
    links, mistakes = prose.remarks(article, settings.markdown)
    return parsed, (*parsed.links, *links), (*parsed.problems, *mistakes)


def _analyses(  # noqa: PLR0913 - what analyse needs, and the memory
    found: Content,
    parsed: Mapping[ArticleId, prose.Parsed],
    settings: Settings,
    *,
    analyse: Analyse,
    store: Store,
    progress: Progress | None,
    memory: Memory,
) -> list[Analysis]:
    """One analysis for each article; only of those that are new the store is asked."""
    texts = {article.id: parsed[article.id].prose for article in found.articles}
    parts = {
        article.id: (texts[article.id], language, settings.nlp)
        for article, language in zip(found.articles, _languages(found, settings), strict=True)
    }
    new = [id_ for id_, made_of in parts.items() if not memory.knows("analyse", id_, *made_of)]
    fresh = analyse(
        [texts[id_] for id_ in new],
        settings.nlp,
        store,
        languages=[parts[id_][1] for id_ in new],
        progress=progress,
    )
    made = dict(zip(new, fresh, strict=True))
    return [
        memory.recall("analyse", id_, partial(made.__getitem__, id_), *parts[id_]) for id_ in parts
    ]


def _settings(root: Path, wishes: Wishes) -> Settings:
    settings = setting.load(root / "site.toml")
    if wishes.base_url is not None:
        url = wishes.base_url
        if not re.match(r"https?://", url, re.IGNORECASE) or link(url) or re.search(r"[?#]", url):
            hint = "write it whole: https://example.org/news/"
            raise wrong("--base-url", "bad-url", f"“{url}” is not a whole address", hint)
        settings = replace(settings, site=replace(settings.site, url=url))
    if wishes.search is not None:
        settings = replace(settings, search=replace(settings.search, on=wishes.search))
    if wishes.workers is not None:
        settings = replace(settings, nlp=replace(settings.nlp, workers=wishes.workers))
    return settings


def _now(settings: Settings, wishes: Wishes) -> dt.datetime:
    if wishes.now.tzinfo is not None:
        return wishes.now
    return wishes.now.replace(tzinfo=setting.zone(settings.site.time_zone))


def _notice(root: Path, settings: Settings) -> list[Problem]:
    """What is wrong with the notice that stands on every page, but for pages that are not there."""
    parsed = _of_notice(settings)
    place = setting.place(root / "site.toml", "site", "notice")
    found = [replace(problem, place=place) for problem in parsed.problems]
    for link_ in parsed.links:
        if link_.kind == "external" and link_.is_image:
            found += checking.remote(link_.target, place, settings.site.url)
        elif link_.kind != "external" and not _is_rooted(link_):
            message = f"“{link_.target}” does not lead from every page to one place"
            hint = "write the whole address, https://…, or a path from the top: /about/"
            found.append(Problem(place=place, code="bad-link", message=message, hint=hint))
    return found


def _of_notice(settings: Settings) -> prose.Parsed:
    meta = FrontMatter(title="", published=dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
    nowhere = Article(ArticleId(""), Place("site.toml"), meta, settings.site.notice)
    return prose.parse(nowhere, settings.markdown)


def _is_rooted(link_: prose.Link) -> bool:
    """Whether a link is a path from the top of the site."""
    return link_.kind == "asset" and link_.target.startswith("/")


def _languages(found: Content, settings: Settings) -> list[str]:
    """The language of each article, as a tag."""
    return [article.meta.lang or settings.site.language for article in found.articles]


def _spoken(root: Path, found: Content, settings: Settings) -> tuple[Problem, ...]:
    """What is wrong with the site's own words, and the languages that no model reads."""
    unread = nlp.unread(_languages(found, settings), settings.nlp)
    catalogue, language = Catalogue(root), settings.site.language
    if catalogue.speaks(language):
        return (*catalogue.problems(), *unread)
    file = f"templates/i18n/{language.partition('-')[0].lower()}.toml"
    silent = Problem(
        place=setting.place(root / "site.toml", "site", "language"),
        code="no-catalogue",
        message=f"there are no words of the interface in “{language}”: pages speak English",
        level="warning",
        hint=f"write {file}; see docs/languages.md",
    )
    return (*catalogue.problems(), *unread, silent)


def _stand_in(root: Path, settings: Settings) -> str:
    """What stands for the names of people who are kept off, away from their report."""
    return Catalogue(root).words(settings.site.language)("source.withheld")


def _gallery(
    root: Path,
    found: Content,
    links: Mapping[ArticleId, Sequence[prose.Link]],
    problems: Problems,
    given: tuple[Settings, Path],
) -> Gallery:
    """The pictures in every size and format; what is wrong with them goes to `problems`."""
    settings, cache = given
    shown = displayed(found.articles, links, routes.base(settings.site.url))
    made = picturing.make(root, found.assets, shown, settings.pictures, cache)
    problems.extend(picturing.faults(found.assets, made.pictures, shown))
    return made


def _everywhere(root: Path, settings: Settings) -> Iterator[tuple[Place, str]]:
    """Where the links stand that are on every page, and where they lead."""
    file = root / "site.toml"
    for number, entry in enumerate(settings.menu):
        if not is_unmade(entry.link, settings):
            yield setting.place(file, "menu", number, "link"), entry.link
    for link_ in _of_notice(settings).links:
        if _is_rooted(link_):
            yield setting.place(file, "site", "notice"), link_.target


def wrong(place: str, code: str, message: str, hint: str) -> BuildError:
    """One problem as the reason why nothing is built."""
    return BuildError((Problem(place=Place(place), code=code, message=message, hint=hint),))
