"""Who does the reading: this process, several, or a Dask cluster, behind one function.

spaCy is imported where texts are read, and nowhere else.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import re
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Thread
from typing import Protocol

from msgspec.structs import replace

from builder.errors import Place, Problem, ProblemError
from builder.model import Analysis, Prose
from builder.settings import NlpSettings

BATCH = 10
"""Texts that go to a worker at a time."""

AHEAD = 2
"""Batches for each worker that are handed out and not yet back: while it reads one, the next lies
ready. No more, so that neither this process nor a scheduler holds all the texts of an archive."""

PATIENCE = 60.0
"""Seconds without any answer after which somebody looks whether there are workers at all."""


WORTH_A_PROCESS = 50
"""Texts. With fewer to read, a process takes longer to load the model than it saves."""

MEMORY = 1.2e9
"""Bytes that one process may come to need."""


class Crew(Protocol):
    """Processes somewhere that read."""

    def hand(self, proses: Sequence[Prose]) -> Future[list[Analysis]]:
        """Have a batch read."""
        ...

    def width(self) -> int:
        """How many batches can be read at the same time, at present; at least one."""
        ...

    def look(self) -> None:
        """Make sure that somebody is there to answer.

        Raises:
            ProblemError: `lost-workers`, if nobody is.
        """
        ...

    def why(self, error: BaseException) -> ProblemError | None:
        """What it means to a writer that a batch was not read; None if it is a fault of ours."""
        ...


def read(
    proses: Sequence[Prose], settings: NlpSettings, *, names_only: bool = False
) -> Iterator[tuple[int, Analysis]]:
    """Yield the analysis of each text as soon as it is there, with the text's position.

    Args:
        proses: The texts, in one language.
        settings: The model is that of their language; `workers` says who reads. So few texts as
            are one batch are always read here.
        names_only: Whether the language has no rules here.

    Raises:
        ProblemError: `workers` is neither a number nor an address of a Dask scheduler, Dask is not
            installed, workers cannot do what is asked or are gone.
    """
    if settings.workers == "auto":
        settings = replace(settings, workers=processes(len(proses)))
    if settings.workers == 1 or len(proses) <= BATCH:
        yield from enumerate(analyses(proses, settings, names_only))
        return
    with _crew(settings, names_only) as crew:
        yield from _spread(proses, crew)


def processes(texts: int) -> int:
    """How many processes should read so many texts here, where nobody has said.

    One for each core, if there is memory for them and enough to do.
    """
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        cores = os.cpu_count() or 1
    return max(1, int(min(cores, texts // WORTH_A_PROCESS, _free_memory() / MEMORY)))


def _free_memory() -> float:
    """Bytes that programs can still have; without limit where that is not told."""
    with suppress(OSError):
        told = Path("/proc/meminfo").read_text(encoding="ascii")
        if found := re.search(r"^MemAvailable:\s+(\d+) kB$", told, re.MULTILINE):
            return float(found[1]) * 1024
    return math.inf


def read_batch(
    proses: Sequence[Prose], settings: NlpSettings, names_only: bool = False
) -> list[Analysis]:
    """Return the analyses of one batch: the task that is sent to a worker."""
    return list(analyses(proses, settings, names_only))


def analyses(
    proses: Sequence[Prose], settings: NlpSettings, names_only: bool
) -> Iterator[Analysis]:
    """Yield the analysis of each text, in order, read by this process."""
    from builder.nlp import library  # noqa: PLC0415 - spaCy; workers may have it for us

    library.take()
    from builder.nlp import foreign, pipeline  # noqa: PLC0415 - these import spaCy

    if names_only:
        return foreign.read(pipeline.load(settings.model), proses)
    return pipeline.read(proses, settings)


def bad(message: str, hint: str) -> ProblemError:
    """Workers that cannot be used as `[nlp] workers` names them."""
    place = Place("site.toml")
    return ProblemError(Problem(place=place, code="bad-workers", message=message, hint=hint))


def lost(message: str, hint: str) -> ProblemError:
    """Workers that should be there and are not."""
    place = Place("site.toml")
    return ProblemError(Problem(place=place, code="lost-workers", message=message, hint=hint))


def _spread(proses: Sequence[Prose], crew: Crew) -> Iterator[tuple[int, Analysis]]:
    """Hand out the texts batch by batch, and yield answers in the order in which they come."""
    starts = iter(range(0, len(proses), BATCH))
    out: dict[Future[list[Analysis]], int] = {}
    try:
        while True:
            for at in islice(starts, max(0, AHEAD * crew.width() - len(out))):
                out[crew.hand(proses[at : at + BATCH])] = at
            if not out:
                return
            done, _ = wait(out, PATIENCE, return_when=FIRST_COMPLETED)
            if not done:
                crew.look()
            for task in done:
                at = out.pop(task)
                yield from enumerate(_answer(task, crew), at)
    finally:
        for task in out:
            task.cancel()


def _answer(task: Future[list[Analysis]], crew: Crew) -> list[Analysis]:
    try:
        return task.result()
    except ProblemError:
        raise
    except (Exception, CancelledError) as error:
        if why := crew.why(error):
            raise why from error
        raise


def _crew(settings: NlpSettings, names_only: bool) -> AbstractContextManager[Crew]:
    if isinstance(settings.workers, int):
        return _processes(settings, names_only)
    from builder.nlp import cluster  # noqa: PLC0415 - only those who have one

    return cluster.joined(settings, names_only)


class _Processes:
    """Processes of this machine."""

    def __init__(self, pool: ProcessPoolExecutor, settings: NlpSettings, names_only: bool) -> None:
        self._pool = pool
        self._width = int(settings.workers)
        self._task = partial(read_batch, settings=settings, names_only=names_only)

    def hand(self, proses: Sequence[Prose]) -> Future[list[Analysis]]:
        return self._pool.submit(self._task, proses)

    def width(self) -> int:
        return self._width

    def look(self) -> None:
        """A process that ends is noticed without it."""

    def why(self, error: BaseException) -> ProblemError | None:
        if not isinstance(error, BrokenProcessPool):
            return None
        message = "a process that reads was ended from outside, perhaps for want of memory"
        hint = f"what was read is kept; go on with less: --workers {max(1, self._width // 2)}"
        return lost(message, hint)


@contextmanager
def _processes(settings: NlpSettings, names_only: bool) -> Iterator[_Processes]:
    context = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    width = int(settings.workers)
    with ProcessPoolExecutor(width, mp_context=context, initializer=_follow) as pool:
        try:
            yield _Processes(pool, settings, names_only)
        except BaseException:
            # Nobody waits any more for what they are reading.
            pool.shutdown(wait=False, cancel_futures=True)
            for process in set(multiprocessing.active_children()) - others:
                process.terminate()
            raise


def _follow() -> None:
    """In a process that reads: leave Ctrl-C to the one that asked, and end when that one does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
