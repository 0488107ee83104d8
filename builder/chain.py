"""The chain up to the index, and what is checked when it is through."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from builder import check as checking
from builder import content, editing, everywhere, keeping, nlp, prose, receipt, routes
from builder import index as indexing
from builder import pictures as picturing
from builder import settings as setting
from builder.causes import first_causes
from builder.clock import Clock
from builder.errors import BuildError, Place, Problem, ProblemError, Problems
from builder.memory import Exactly, Memory
from builder.model import (
    Article,
    ArticleId,
    Content,
    Edited,
    EntityKey,
    Gallery,
    HeldBack,
    Known,
    Prose,
    Site,
)
from builder.readings import Analyse, Progress, Readings
from builder.render.catalogue import Catalogue
from builder.render.pictures import displayed
from builder.settings import NlpSettings, Settings
from builder.shelf import Shelf
from builder.shelved import SHELVED, understood
from builder.store import Store
from builder.value import link
from builder.wishes import Wishes

STORE = "analysis.sqlite"
"""The store's file in the cache."""

PREVIEW = "preview"
"""The preview's pages, in the cache."""


class Joined(Struct, frozen=True, kw_only=True):
    """A site before its pages are made."""

    settings: Settings
    now: dt.datetime
    """With an offset."""
    found: Content
    site: Site
    gallery: Gallery
    """What was made of its pictures, and where cards are kept."""
    readings: Readings
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
    notice: str = ""
    """What there is to say about the store, if anything."""

    @property
    def faults(self) -> tuple[Problem, ...]:
        """All that is wrong, less what only follows from something else."""
        return (*self.problems.found, *first_causes(self.mistakes, self.first))

    @property
    def held_back(self) -> tuple[tuple[Article, HeldBack], ...]:
        """Articles that are not published, and why."""
        return tuple(zip(self.found.held_back, self.found.why_held_back, strict=True))


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
    memory, chosen = memory or Memory(), _settings(root, wishes)
    with remembering(root, wishes, memory, store) as opened:
        readings_of = partial(Readings, analyse=analyse, store=opened, progress=progress)
        joined = _joined(root, wishes, clock, chosen, readings_of, memory)
        return replace(joined, notice=opened.notice)


@contextmanager
def remembering(
    root: Path, wishes: Wishes, memory: Memory, store: Store | None = None
) -> Iterator[Store]:
    """Have a store open, and let a memory that knows nothing ask what the last build knew.

    Args:
        root: The site's folder.
        wishes: What the command asks for.
        memory: Of the last time, for a process that builds again.
        store: One that is open already; it stays open.

    Raises:
        BuildError: `bad-cache`, or what is wrong with site.toml.
    """
    cache = keeping.cache_of(root, wishes.cache)
    _settings(root, wishes)  # Where no site is, no cache is left behind.
    keeping.mark(cache)
    with _opened(store, cache) as opened, memory.beside(Shelf(opened, SHELVED, receipt.program())):
        yield opened


def _joined(  # noqa: PLR0913, PLR0917 - as join
    root: Path,
    wishes: Wishes,
    clock: Clock,
    chosen: Settings,
    readings_of: Callable[[Mapping[ArticleId, tuple[Prose, str]], NlpSettings], Readings],
    memory: Memory,
) -> Joined:
    problems = Problems()
    settings = memory.same("settings", "", chosen)
    with clock.stage("content"):
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
        parsed = {}
        for article in found.articles:
            make = partial(understood, article, settings)
            parsed[article.id] = memory.recall(
                "parse", article.id, make, article, settings.markdown
            )
            problems.extend(parsed[article.id].problems)
        links = {id_: one.links for id_, one in parsed.items()}
        problems.extend(everywhere.faults_of_notice(root, settings))
        problems.extend(_spoken(root, found, settings))

    texts = {
        article.id: (parsed[article.id].prose, language)
        for article, language in zip(found.articles, _languages(found, settings), strict=True)
    }
    readings = readings_of(texts, settings.nlp)
    # Times are equal that are written with other offsets, and published so: an article that is only
    # equal is another one.
    edits = {
        article.id: (
            Exactly(article),
            texts[article.id][0],
            readings.reader(article.id),
            found.register,
            settings,
        )
        for article in found.articles
    }
    with clock.stage("analyse"):
        try:
            unknown = [id_ for id_ in edits if not memory.stands("edit", id_, *edits[id_])]
            readings.read(unknown, tidies=memory.is_first("edit"))
        except ProblemError as error:
            problems.add(error.problem)
            problems.stop_on_errors()

    with clock.stage("pictures"):
        gallery = _gallery(
            root, found, links, problems, (settings, keeping.cache_of(root, wishes.cache))
        )

    with clock.stage("edit"):
        register = {EntityKey(known.key): known for known in found.register}
        edited = []
        for article in found.articles:
            edit = partial(_edited, article, readings, texts[article.id][0], register, settings)
            edited.append(memory.recall("edit", article.id, edit, *edits[article.id]))
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
        readings=readings,
        links=links,
        headings={id_: one.headings for id_, one in parsed.items()},
        problems=problems,
        mistakes=found_wrong,
        first=first,
    )


def check(root: Path, joined: Joined, paths: Sequence[str]) -> None:
    """Add to the problems of a site what is wrong only with the whole of it.

    Args:
        root: The site's folder.
        joined: The site; its `problems` get what is found, less what only follows from others.
        paths: Of all that will be published; empty if not all of it could be made.
    """
    mistakes = list(joined.mistakes)
    if paths:
        mistakes += checking.check(
            joined.site,
            joined.links,
            joined.headings,
            paths,
            tuple(everywhere.links(root, joined.settings)),
            address=joined.settings.site.url,
        )
    joined.problems.extend(first_causes(mistakes, joined.first))


def _opened(store: Store | None, cache: Path) -> AbstractContextManager[Store]:
    return nullcontext(store) if store else Store(cache / STORE)


def _edited(
    article: Article,
    readings: Readings,
    text: Prose,
    register: Mapping[EntityKey, Known],
    settings: Settings,
) -> Edited:
    return editing.edit(article, text, readings.take(article.id), register, settings)


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
    made = Gallery()
    with problems.catch():
        made = picturing.make(root, found.assets, shown, settings.pictures, cache)
    problems.extend(picturing.faults(found.assets, made.pictures, shown))
    return made


def wrong(place: str, code: str, message: str, hint: str) -> BuildError:
    """One problem as the reason why nothing is built."""
    return BuildError((Problem(place=Place(place), code=code, message=message, hint=hint),))
