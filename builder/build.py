"""The chain, in order: the table of contents of the project."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from builder import check as checking
from builder import keeping, nlp, running, searching
from builder import output as writing
from builder import pictures as picturing
from builder import related as relating
from builder import render as rendering
from builder.chain import (
    PREVIEW,
    STORE,
    check,
    join,
    remembering,
    wrong,
)
from builder.clock import Clock
from builder.errors import BuildError, Problem, Problems, ordered
from builder.keeping import CACHE
from builder.memory import Memory
from builder.model import (
    Article,
    ArticleId,
    Emitted,
    Gallery,
    HeldBack,
    Related,
    Site,
    Written,
    singly,
)
from builder.readings import Analyse, Progress
from builder.receipt import FOLDER as RECEIPTS
from builder.receipt import Outcome, Receipts
from builder.render.cards import FOLDER as CARDS
from builder.render.edition import Edition
from builder.render.templates import FOLDER as COMPILED
from builder.render.templates import Templates
from builder.settings import Settings
from builder.traced import FOLDER as TRACES
from builder.traced import Traced
from builder.wishes import Wishes

__all__ = ["CACHE", "STORE", "Analyse", "Built", "Progress", "Wishes", "build", "forget"]


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
    now: dt.datetime
    """With an offset."""
    outlook: checking.Outlook | None = None
    """How large the site is, and will be; None if it was written, or is too small to tell."""

    @property
    def outcome(self) -> Outcome:
        """What there is to say of it while nothing changes."""
        due = [article.meta.published for article, why in self.held_back if why == "future"]
        shown = [edited.article.meta.expires for edited in self.site.articles]
        return Outcome(
            problems=self.problems,
            held_back=dict(Counter(why for _, why in self.held_back)),
            outputs=self.outputs,
            until=min((day for day in (*due, *shown) if day and day > self.now), default=None),
        )


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
        folder: The output folder; None writes nothing, and renders pages only to look thoroughly.
        wishes: What the command asks for.
        progress: Told how the reading goes on, if there is something to read.
        analyse: What reads the texts.

    Raises:
        BuildError: With every mistake of every file; the output folder is then as it was.
    """
    clock, cache = Clock(), keeping.cache_of(root, wishes.cache)
    receipts = stamps = None
    if folder is not None:
        _check_folder(root, folder, cache)
        receipts = Receipts.of(root, folder, wishes)
        stamps = receipts.stamps()
        writing.finish(folder)
    memory = Memory()
    with remembering(root, wishes, memory) as store:
        templates = Templates(root, cache if folder else None)
        joined = join(
            root, wishes, clock, progress=progress, analyse=analyse, memory=memory, store=store
        )
        site, settings, problems = joined.site, joined.settings, joined.problems
        with clock.stage("related"):
            # Pages show the sure ones only; whoever writes no pages may ask for all.
            related = relating.related(site, settings, memory=memory, only_shown=folder is not None)
            # No page needs them, and those of an archive fill much memory.
            memory.forget("tokens")
        traced = Traced(cache, folder, memory.digests) if folder else None
    emitted = _Emitted()

    def begin(whole: Edition) -> Edition:
        return traced.begin(whole, templates.digest) if traced else whole

    def outputs() -> Iterator[Emitted]:
        with problems.catch():
            yield from rendering.render(site, related, settings, root, joined.gallery, begin=begin)
            if folder:
                yield from searching.files(site, related, settings, root, cache)
            emitted.is_whole = True

    def look(paths: Sequence[str], faults: Problems) -> None:
        emitted.paths = len(paths)
        problems.extend(faults.found)
        with clock.stage("check"):
            check(root, joined, paths if emitted.is_whole else ())
            if wishes.thorough:
                problems.extend((*checking.unattributed(site), *running.suggested(site, related)))
            _stop(problems, wishes)

    written = outlook = None
    made = clock.each("render", outputs())
    with clock.stage("write"):
        if folder is not None:
            written = writing.write(made, folder, cache, root, templates, look=look)
        elif wishes.thorough:
            size = writing.rehearse(made, root, templates, look=look)
            outlook = checking.outlook(site, size, joined.now)
        else:
            look([output.path for output in singly(made)], Problems())
        if traced:
            traced.end()
    built = Built(
        site=site,
        settings=settings,
        related=related,
        gallery=joined.gallery,
        held_back=joined.held_back,
        outputs=emitted.paths,
        problems=ordered((*problems.found, *checking.too_large(outlook))),
        notice=joined.notice,
        timings=tuple(clock.spent.items()),
        written=written,
        now=joined.now,
        outlook=outlook,
    )
    if receipts and written:
        receipts.give(stamps, joined.now, written.remembered, built.outcome)
    return built


class _Emitted(Struct):
    """How far the outputs have come."""

    paths: int = 0
    is_whole: bool = False


def _check_folder(root: Path, folder: Path, cache: Path) -> None:
    """Stop before the site is written over its own sources or the cache."""
    site, target, memory = root.resolve(), folder.resolve(), cache.resolve()
    sources = [site / name for name in ("content", "static", "templates")]
    if site.is_relative_to(target) or any(target.is_relative_to(each) for each in sources):
        hint = "name a folder of its own: --output output"
        raise wrong(str(folder), "bad-output", "the site’s own files lie here", hint)
    if memory.is_relative_to(target) or target.is_relative_to(memory):
        hint = "name a folder of its own, such as --output output and --cache .cache"
        raise wrong(str(folder), "bad-output", "the cache lies here", hint)


def _stop(problems: Problems, wishes: Wishes) -> None:
    if wishes.strict and any(problem.level != "hint" for problem in problems.found):
        raise BuildError(ordered(problems.found))
    problems.stop_on_errors()


def forget(cache: Path) -> None:
    """Remove from a cache what builds keep there; other files in it stay."""
    writing.forget_all(cache)
    for file in cache.glob(f"{STORE}*"):
        file.unlink()
    (cache / keeping.TRACE).unlink(missing_ok=True)
    shutil.rmtree(cache / PREVIEW, ignore_errors=True)
    remembered = (RECEIPTS, TRACES, COMPILED, picturing.FOLDER, CARDS, searching.MEMORY)
    for kept in remembered:
        for file in (cache / kept).glob("*"):
            if file.is_file():
                file.unlink()
    for name in (writing.MEMORY, *remembered):
        with suppress(OSError):
            (cache / name).rmdir()
    keeping.forget(cache)
