"""Between what is saved and what builds: one thread that hands on wishes and news."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import suppress
from multiprocessing import Pipe, get_context
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from builder.errors import Place, Problem
from builder.serve.news import Done, Fresh, News, Task
from builder.serve.worker import Press, work
from builder.wishes import Wishes

_REST = 1.0
"""Seconds before a process that died is started anew."""


class Foreman:
    """Keeps a process that builds, and starts another one if it dies."""

    def __init__(  # noqa: PLR0913 - what a process of its own is given
        self,
        root: Path,
        wishes: Wishes,
        tell: Callable[[Fresh | Done], None],
        pages: Callable[[], frozenset[str]],
        *,
        is_now: bool,
        answering: Callable[[Press], Callable[[str, Any], Any]],
    ) -> None:
        """Set up; nothing runs yet.

        Args:
            root: The site's folder.
            wishes: What the command asks for.
            tell: Takes what comes of builds, in this object's own thread.
            pages: Which pages are looked at, as paths of files.
            is_now: Whether the time is that of each build.
            answering: Makes what answers questions, in the process.
        """
        self._given = (root, wishes)
        self._options: dict[str, Any] = {"is_now": is_now, "answering": answering}
        self._tell, self._pages = tell, pages
        self._changes: set[str] = set()
        self._lock = threading.Lock()
        self._asking = threading.Lock()
        self._woken, self._wake = Pipe(duplex=False)
        self._is_ended = False
        self._start()

    def run(self) -> None:
        """Build once, then on every change, until `stop`."""
        self.changed(frozenset())
        while not self._is_ended:
            ready = wait([self._tasks, self._woken])
            if self._woken in ready:
                self._woken.recv()
                open_ = self._open()
                with self._lock:
                    changes, self._changes = frozenset(self._changes), set()
                if not self._is_ended:
                    with suppress(OSError):
                        self._tasks.send(Task(changes, open_))
            if self._tasks in ready:
                try:
                    self._tell(self._tasks.recv())
                except (EOFError, OSError):
                    self._restart()

    def changed(self, paths: frozenset[str]) -> None:
        """Have the site built, since these files changed."""
        with self._lock:
            self._changes |= paths
        self._wake.send(None)

    def ask(self, name: str, asked: Any) -> tuple[bool, Any]:
        """Ask the process something; False and why, if it cannot say."""
        with self._asking:
            try:
                self._questions.send((name, asked))
                found: tuple[bool, Any] = self._questions.recv()
            except (EOFError, OSError):
                return False, "the building process has just ended; try again"
            return found

    def stop(self) -> None:
        """End at once, whatever is being built."""
        self._is_ended = True
        self._process.kill()
        self._wake.send(None)

    def _open(self) -> frozenset[str]:
        """The pages that are looked at; a server that is busy says so next time."""
        with suppress(TimeoutError, CancelledError, RuntimeError):
            return self._pages()
        return frozenset()

    def _start(self) -> None:
        self._tasks, tasks = Pipe()
        self._questions, questions = Pipe()
        # Nothing may be shared with this process, in which threads run.
        self._process = get_context("spawn").Process(
            target=work, args=(tasks, questions, *self._given), kwargs=self._options
        )
        self._process.start()
        tasks.close()
        questions.close()

    def _restart(self) -> None:
        if self._is_ended:
            return
        ended = Problem(
            place=Place("site.toml"),
            code="own-mistake",
            message="the process that builds has ended and is started anew",
            hint="if this goes on, look whether memory is short",
        )
        self._tell(Done(frozenset(), frozenset(), News(problems=(ended,), is_stopped=True)))
        threading.Event().wait(_REST)
        with self._asking:
            self._start()
        self.changed(frozenset())
