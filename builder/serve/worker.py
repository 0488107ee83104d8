"""The process that builds: it stays, so that only what changed is made anew."""

from __future__ import annotations

import datetime as dt
import gc
import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from msgspec.structs import replace

from builder import keeping, nlp, render, routes
from builder import related as relating
from builder.chain import PREVIEW, STORE, Joined, check, join
from builder.clock import Clock
from builder.errors import BuilderError, BuildError, Place, Problem, ProblemError, ordered
from builder.memory import Memory
from builder.model import ArticleId, Block, Prose, Related, Span, singly
from builder.output import InPlace
from builder.readings import Analyse
from builder.render.templates import Templates
from builder.serve.news import Done, Fresh, News, Task
from builder.store import Store
from builder.traced import Traced
from builder.wishes import Wishes

PASSED_OVER = frozenset({"stale-correction", "ambiguous-passage"})
"""Errors that do not keep a preview from going on: while a text is written, words come and go."""


_LOOKED_THROUGH = 50
"""After so many whole builds all objects are looked through for rings that nobody holds."""


_LOOK = 0.02
"""Seconds after which somebody who waits looks whether something has changed."""

Answer = TypeVar("Answer")


class _SupersededError(Exception):
    """Something changed meanwhile."""


class Press:
    """Builds a site into the folder of the preview, again and again."""

    def __init__(
        self, root: Path, wishes: Wishes, *, is_now: bool, analyse: Analyse = nlp.analyse
    ) -> None:
        """`is_now` says that the time is that of each build, not that of `wishes`."""
        self._analyse = analyse
        self.root, self.wishes, self._is_now = root, wishes, is_now
        self.cache = keeping.cache_of(root, wishes.cache)
        self.folder = self.cache / PREVIEW
        self.joined: Joined | None = None
        """The last site that was sound; what is asked of a site is asked of this one."""
        self._memory, self._tokens = Memory(), Memory()
        self._traced = Traced(self.cache, self.folder)
        self._related: Mapping[ArticleId, tuple[Related, ...]] = {}
        self._whole, self._is_warm = 0, False
        self._store: Store | None = None
        self._pages = InPlace(self.folder, self.cache, root)
        self._templates: Templates | None = None

    def build(
        self, task: Task, send: Callable[[Fresh | Done], None], is_superseded: Callable[[], bool]
    ) -> frozenset[str]:
        """Build once: what is open first, then all.

        Args:
            task: What is wished.
            send: Takes what there is to tell.
            is_superseded: Whether something has changed since, so that another build follows.

        Returns:
            Changes that nobody was told of, since the build was given up.
        """
        start = time.perf_counter()
        untold = task.changes
        # A site is many objects that stay: to look through them all for rings takes longer than
        # to build, so that has to wait until the open pages are there.
        gc.disable()
        changed: set[str] = set()
        joined: Joined | None = None
        try:
            joined = self._join()
            first = joined.settings if self.joined is None else None
            self.joined = joined
            if first is None and task.open:
                made = self._first(joined, task.open, changed)
                news = self._news(joined, time.perf_counter() - start)
                send(Fresh(changes=untold, made=made, news=news))
                untold = frozenset()
                changed.clear()
            self._close()
            if first is not None:
                _settle(every=True)
            gc.enable()
            self._all(joined, changed, is_superseded)
        except _SupersededError:
            return untold
        except BuildError as error:
            problems = error.problems
        except ProblemError as error:
            problems = (error.problem,)
        except Exception:  # noqa: BLE001 - a preview goes on, whatever happens
            problems = (self._own_mistake(),)
        else:
            problems = ()
        finally:
            gc.enable()
            self._close()
        news = self._news(joined, time.perf_counter() - start, problems)
        send(Done(changes=untold, changed=frozenset(changed), news=news))
        self._whole += 1
        _settle(every=self._whole % _LOOKED_THROUGH == 0)
        return frozenset()

    def warm(self) -> None:
        """Once, when nothing else is to be done: have the language model there before it is needed.

        The first article that is saved would wait for it.
        """
        if self._is_warm or self.joined is None:
            return
        self._is_warm = True
        with suppress(Exception), Store(None) as store:
            text = Prose("It rained.", (Block(Span(0, 10)),))
            self._analyse([text], self.joined.settings.nlp, store)
        gc.freeze()

    def _join(self) -> Joined:
        wishes = self.wishes
        if self._is_now:
            wishes = replace(wishes, now=dt.datetime.now(dt.UTC))
        if (self.root / "site.toml").is_file():
            keeping.mark(self.cache)
        # Open until the open pages are there: to close it takes time, too.
        self._store = Store(self.cache / STORE)
        joined = join(
            self.root,
            wishes,
            Clock(),
            analyse=self._analyse,
            memory=self._memory,
            store=self._store,
        )
        fatal = [
            problem
            for problem in joined.faults
            if problem.level == "error" and problem.code not in PASSED_OVER
        ]
        if fatal:
            check(self.root, joined, ())
            raise BuildError(ordered(joined.problems.found))
        return joined

    def _close(self) -> None:
        if self._store:
            self._store.close()
            self._store = None

    def _first(self, joined: Joined, wanted: frozenset[str], changed: set[str]) -> frozenset[str]:
        known = {edited.article.id for edited in joined.site.articles}
        related = {
            id_: tuple(each for each in found if each.article in known)
            for id_, found in self._related.items()
        }
        outputs = render.looked_at(
            joined.site,
            related,
            joined.settings,
            self.root,
            joined.gallery,
            wanted=wanted,
            memory=self._memory,
        )
        made = set()
        for path, is_other in self._pages.put(singly(outputs), self._theme(), joined.problems):
            made.add(path)
            if is_other:
                changed.add(path)
        joined.problems.stop_on_errors()
        return frozenset(made & wanted)

    def _all(self, joined: Joined, changed: set[str], is_superseded: Callable[[], bool]) -> None:
        def stop() -> None:
            if is_superseded():
                raise _SupersededError

        stop()
        self._related = _patiently(
            lambda breathe: relating.related(
                joined.site, joined.settings, breathe, memory=self._tokens, only_shown=True
            ),
            stop,
        )
        outputs = []
        theme = self._theme()
        emitted = render.render(
            joined.site,
            self._related,
            joined.settings,
            self.root,
            joined.gallery,
            memory=self._memory,
            begin=lambda whole: self._traced.begin(whole, theme.digest),
        )
        for output in singly(emitted):
            outputs.append(output)
            stop()
        self._traced.end()
        self._memory.forget_unasked()
        check(self.root, joined, [output.path for output in outputs])
        for path, is_other in self._pages.put(outputs, theme, joined.problems):
            if is_other:
                changed.add(path)
            stop()
        self._pages.finish({output.path for output in outputs})

    def _theme(self) -> Templates:
        fresh = Templates(self.root, self.cache)
        if self._templates is None or self._templates.digest != fresh.digest:
            self._templates = fresh
        return self._templates

    def _news(
        self, joined: Joined | None, seconds: float, problems: tuple[Problem, ...] = ()
    ) -> News:
        if joined is None:
            return News(
                problems=problems, is_stopped=True, is_empty=self._is_empty(), seconds=seconds
            )
        found = ordered((*joined.faults, *problems))
        return News(
            problems=found,
            is_stopped=any(p.level == "error" and p.code not in PASSED_OVER for p in found),
            is_empty=self._is_empty(),
            drafts=tuple(
                routes.article_path(edited.article)
                for edited in joined.site.articles
                if edited.article.meta.draft
            ),
            held_back=len(joined.held_back),
            base=routes.base(joined.settings.site.url),
            seconds=seconds,
            notice=joined.notice,
        )

    def _is_empty(self) -> bool:
        return not (self.folder / "index.html").is_file()

    def _own_mistake(self) -> Problem:
        trace = traceback.format_exc()
        file = keeping.keep_trace(self.cache, trace)
        last = trace.strip().splitlines()[-1][:200]
        return Problem(
            place=Place("site.toml"),
            code="own-mistake",
            message=f"Postil has made a mistake of its own ({last})",
            hint=f"please report it; the traceback is in {file}",
        )


def _patiently(make: Callable[[Callable[[], None]], Answer], stop: Callable[[], None]) -> Answer:
    """Something that takes long between two breaths, and changes nothing.

    It is made in a thread of its own, so that whatever `stop` raises is raised at once; the thread
    is left behind then, and ends with its next breath.
    """
    left = threading.Event()
    answer: Future[Answer] = Future()

    def breathe() -> None:
        if left.is_set():
            raise _SupersededError

    def run() -> None:
        try:
            answer.set_result(make(breathe))
        except BaseException as error:  # noqa: BLE001 - whoever waits gets it
            answer.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        while not wait((answer,), _LOOK).done:
            stop()
    finally:
        left.set()
    return answer.result()


def _settle(*, every: bool) -> None:
    """Take what has come about out of the sight of the collector of rings, but for what is garbage.

    Args:
        every: Whether to look for rings among all objects, or only among those since last time.
    """
    if every:
        gc.unfreeze()
    gc.collect()
    gc.freeze()


def work(  # noqa: PLR0913 - what a process of its own is given
    tasks: Connection,
    questions: Connection,
    root: Path,
    wishes: Wishes,
    *,
    is_now: bool,
    answering: Callable[[Press], Callable[[str, Any], Any]] | None = None,
) -> None:
    """Build what is asked for until the other side is gone.

    Args:
        tasks: Gives `Task`s, takes `Fresh` and `Done`.
        questions: Gives pairs of a name and what is asked, takes answers; answered by another
            thread, also while a build goes on.
        root: The site's folder.
        wishes: What the command asks for.
        is_now: Whether the time is that of each build.
        answering: Makes what answers questions.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    press = Press(root, wishes, is_now=is_now)
    if answering:
        answer = answering(press)
        threading.Thread(target=_answer, args=(questions, answer), daemon=True).start()
    untold: frozenset[str] = frozenset()
    with suppress(EOFError, OSError):
        while True:
            task = tasks.recv()
            while tasks.poll():
                later = tasks.recv()
                task = Task(task.changes | later.changes, later.open)
            task = Task(task.changes | untold, task.open)
            untold = press.build(task, tasks.send, tasks.poll)
            if not untold:
                press.warm()


def _end_with_parent() -> None:
    """Go, whatever is being built, when the server is gone, however it went."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(0)


def _answer(questions: Connection, answer: Callable[[str, Any], Any]) -> None:
    with suppress(EOFError, OSError):
        while True:
            name, asked = questions.recv()
            try:
                questions.send((True, answer(name, asked)))
            except BuilderError as error:
                questions.send((False, str(error)))
            except Exception:  # noqa: BLE001 - whoever asked is told, and may ask something else
                questions.send((False, traceback.format_exc()))
