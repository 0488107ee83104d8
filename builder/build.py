"""The chain, in order: the table of contents of the project."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from builder import check as checking
from builder import content, editing, nlp, prose, running, searching
from builder import index as indexing
from builder import output as writing
from builder import pictures as picturing
from builder import related as relating
from builder import render as rendering
from builder import settings as setting
from builder.causes import first_causes
from builder.errors import BuildError, Place, Problem, Problems, ordered
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
    Related,
    Site,
    Written,
)
from builder.render.cards import FOLDER as CARDS
from builder.render.catalogue import Catalogue
from builder.render.pictures import displayed
from builder.render.templates import Templates
from builder.settings import NlpSettings, Settings
from builder.store import Store
from builder.value import link

CACHE = ".cache"
"""In the site's folder, unless a command says otherwise."""

STORE = "analysis.sqlite"
"""The store's file in the cache."""


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


class Wishes(Struct, frozen=True, kw_only=True):
    """What a command may ask for beyond site.toml."""

    now: dt.datetime
    """The only clock there is: articles dated later are held back. Without an offset it is a time
    on the site's clock."""
    cache: Path | None = None
    """Where answers are remembered; None: `.cache` in the site's folder."""
    base_url: str | None = None
    """Instead of `[site] url`."""
    drafts: bool = False
    search: bool | None = None
    """Instead of `[search] on`."""
    workers: int | str | None = None
    """Instead of `[nlp] workers`."""
    strict: bool = False
    """Whether warnings stop the build, too."""
    thorough: bool = False
    """Whether quotations that nobody is found to say are warnings, too, and stories that nobody
    has named are hints."""


class Built(Struct, frozen=True, kw_only=True):
    """A site, and what came of making it."""

    site: Site
    settings: Settings
    related: dict[ArticleId, tuple[Related, ...]]
    gallery: Gallery = Gallery()
    held_back: tuple[tuple[Article, HeldBack], ...]
    """Articles that are not published, and why."""
    outputs: int
    """How many files the site has."""
    problems: tuple[Problem, ...]
    """Warnings: with an error nothing is built."""
    notice: str
    """What there is to say about the store, if anything."""
    timings: tuple[tuple[str, float], ...]
    """Stages and how many seconds each took."""
    written: Written | None
    """What was done to the output folder; None if it was not asked for."""
    outlook: checking.Outlook | None = None
    """How large the site is, and will be; None if it was written, or is too small to tell."""


def build(
    root: Path,
    folder: Path | None,
    wishes: Wishes,
    *,
    progress: Progress | None = None,
    analyse: Analyse = nlp.analyse,
) -> Built:
    """Make the site of a folder.

    Args:
        root: The site's folder, with its site.toml.
        folder: The output folder; None makes and checks everything and writes nothing.
        wishes: What the command asks for.
        progress: Told how the reading goes on, if there is something to read.
        analyse: What reads the texts.

    Raises:
        BuildError: With every mistake of every file; the output folder is then as it was.
    """
    clock, problems = _Clock(), Problems()
    cache = wishes.cache or root / CACHE
    if folder is not None:
        _check_folder(root, folder, cache)
        writing.finish(folder)
    with clock.stage("content"):
        settings = _settings(root, wishes)
        found = content.read(
            root, settings, problems, now=_now(settings, wishes), drafts=wishes.drafts
        )
    first = tuple(problems.errors)

    with clock.stage("parse"):
        parsed = {a.id: prose.parse(a, settings.markdown) for a in found.articles}
        remarks = {a.id: prose.remarks(a, settings.markdown) for a in found.articles}
        links = {id_: (*one.links, *remarks[id_][0]) for id_, one in parsed.items()}
        wrong = [one.problems for one in parsed.values()] + [one[1] for one in remarks.values()]
        problems.extend(
            chain(
                *wrong,
                _notice(root, settings),
                _spoken(root, found, settings),
            )
        )

    analyses: list[Analysis] = []
    with clock.stage("analyse"), Store(cache / STORE) as store:
        with problems.catch():
            analyses = analyse(
                [one.prose for one in parsed.values()],
                settings.nlp,
                store,
                languages=_languages(found, settings),
                progress=progress,
            )
        notice = store.notice
    if len(analyses) != len(parsed):
        problems.stop_on_errors()

    with clock.stage("pictures"):
        gallery = _gallery(root, found, links, problems, (settings, cache))

    with clock.stage("edit"):
        register = {EntityKey(known.key): known for known in found.register}
        edited = [
            editing.edit(article, parsed[article.id].prose, analysis, register, settings)
            for article, analysis in zip(found.articles, analyses, strict=True)
        ]
        mistakes = [problem for one in edited for problem in one.problems]
    with clock.stage("index"):
        site = indexing.index(edited, found, settings, links, stand_in=_stand_in(root, settings))
        mistakes += site.problems
    with clock.stage("related"):
        related = relating.related(site, settings)
    outputs: list[Output] = []
    with clock.stage("render"), problems.catch():
        outputs = [
            *rendering.render(site, related, settings, root, gallery),
            *(searching.files(site, related, settings, root, cache) if folder else ()),
        ]
    with clock.stage("check"):
        if outputs:
            mistakes += checking.check(
                site,
                links,
                {id_: one.headings for id_, one in parsed.items()},
                outputs,
                _menu(root, settings),
            )
        if wishes.thorough:
            mistakes += (*checking.unattributed(site), *running.suggested(site, related))
        problems.extend(first_causes(mistakes, first))
        _stop(problems, wishes)

    written = outlook = None
    with clock.stage("write"):
        if folder is None:
            outlook = _rehearsed(site, outputs, root, _now(settings, wishes))
        else:
            written = writing.write(outputs, folder, cache, root, Templates(root))
    return Built(
        site=site,
        settings=settings,
        related=related,
        gallery=gallery,
        held_back=tuple(zip(found.held_back, found.why_held_back, strict=True)),
        outputs=len(outputs),
        problems=ordered((*problems.found, *checking.too_large(outlook))),
        notice=notice,
        timings=tuple(clock.timings),
        written=written,
        outlook=outlook,
    )


def _rehearsed(
    site: Site, outputs: Sequence[Output], root: Path, now: dt.datetime
) -> checking.Outlook | None:
    """Everything is made and nothing kept, but how large it is."""
    return checking.outlook(site, writing.rehearse(outputs, root, Templates(root)), now)


class _Clock(Struct):
    """How long each stage took; nothing that is published depends on it."""

    timings: list[tuple[str, float]] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.timings.append((name, time.perf_counter() - start))


def _settings(root: Path, wishes: Wishes) -> Settings:
    settings = setting.load(root / "site.toml")
    if wishes.base_url is not None:
        url = wishes.base_url
        if not re.match(r"https?://", url, re.IGNORECASE) or link(url) or re.search(r"[?#]", url):
            hint = "write it whole: https://example.org/news/"
            raise _problem("--base-url", "bad-url", f"“{url}” is not a whole address", hint)
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


def _check_folder(root: Path, folder: Path, cache: Path) -> None:
    """Stop before the site is written over its own sources or the cache."""
    site, target, memory = root.resolve(), folder.resolve(), cache.resolve()
    sources = [site / name for name in ("content", "static", "templates")]
    if site.is_relative_to(target) or any(target.is_relative_to(each) for each in sources):
        hint = "name a folder of its own: --output output"
        raise _problem(str(folder), "bad-output", "the site’s own files lie here", hint)
    if memory.is_relative_to(target) or target.is_relative_to(memory):
        hint = "name a folder of its own, such as --output output and --cache .cache"
        raise _problem(str(folder), "bad-output", "the cache lies here", hint)


def _stop(problems: Problems, wishes: Wishes) -> None:
    if wishes.strict and any(problem.level != "hint" for problem in problems.found):
        raise BuildError(ordered(problems.found))
    problems.stop_on_errors()


def _problem(place: str, code: str, message: str, hint: str) -> BuildError:
    return BuildError((Problem(place=Place(place), code=code, message=message, hint=hint),))


def _notice(root: Path, settings: Settings) -> list[Problem]:
    """Links of the notice that stands on every page: only whole addresses work on all of them."""
    meta = FrontMatter(title="", published=dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
    nowhere = Article(ArticleId(""), Place("site.toml"), meta, settings.site.notice)
    parsed = prose.parse(nowhere, settings.markdown)
    found = list(parsed.problems)
    for link_ in parsed.links:
        if link_.kind != "external":
            message = f"“{link_.target}” does not lead from every page to one place"
            hint = "write the whole address: https://…"
            found.append(Problem(place=nowhere.place, code="bad-link", message=message, hint=hint))
    if not found:
        return []
    place = setting.place(root / "site.toml", "site", "notice")
    return [replace(problem, place=place) for problem in found]


def _languages(found: Content, settings: Settings) -> list[str]:
    """The language of each article, as a tag."""
    return [article.meta.lang or settings.site.language for article in found.articles]


def _spoken(root: Path, found: Content, settings: Settings) -> tuple[Problem, ...]:
    """What is wrong with the site's own words, and the languages that no model reads."""
    unread = nlp.unread(_languages(found, settings), settings.nlp)
    return (*Catalogue(root).problems(), *unread)


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
    shown = displayed(found.articles, links)
    made = picturing.make(root, found.assets, shown, settings.pictures, cache)
    problems.extend(picturing.faults(found.assets, made.pictures, shown))
    return made


def _menu(root: Path, settings: Settings) -> list[tuple[Place, str]]:
    """Where the links of the menu stand, and where they lead."""
    return [
        (setting.place(root / "site.toml", "menu", number, "link"), entry.link)
        for number, entry in enumerate(settings.menu)
    ]


def forget(cache: Path) -> None:
    """Remove from a cache what builds keep there; other files in it stay."""
    for file in cache.glob(f"{STORE}*"):
        file.unlink()
    for name in ("traceback.txt", searching.MEMORY):
        (cache / name).unlink(missing_ok=True)
    for kept in (picturing.FOLDER, CARDS):
        for file in (cache / kept).glob("*"):
            file.unlink()
    for folder in (cache / writing.MEMORY, cache / picturing.FOLDER, cache / CARDS, cache):
        with suppress(OSError):
            folder.rmdir()
