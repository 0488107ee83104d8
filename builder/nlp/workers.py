"""Who does the reading: this process, several, or a Dask cluster, behind one function."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from builder.errors import Place, Problem, ProblemError
from builder.model import Analysis, Prose
from builder.nlp import foreign, pipeline
from builder.settings import NlpSettings

BATCH = 10
"""Texts that go to a worker at a time."""


def read(
    proses: Sequence[Prose], settings: NlpSettings, *, names_only: bool = False
) -> Iterator[Analysis]:
    """Yield the analysis of each text, in order, as `[nlp] workers` wants it made.

    Args:
        proses: The texts, in one language.
        settings: The model is that of their language.
        names_only: Whether the language has no rules here.

    Raises:
        ProblemError: `workers` is neither a number nor an address of a Dask scheduler, or Dask
            is not installed.
    """
    if settings.workers == 1 or len(proses) <= BATCH:
        yield from _analyses(proses, settings, names_only)
        return
    batches = [proses[at : at + BATCH] for at in range(0, len(proses), BATCH)]
    with _executor(settings.workers) as executor:
        tasks = [executor.submit(read_batch, batch, settings, names_only) for batch in batches]
        try:
            for task in tasks:
                yield from task.result()
        finally:
            for task in tasks:
                task.cancel()


def read_batch(
    proses: Sequence[Prose], settings: NlpSettings, names_only: bool = False
) -> list[Analysis]:
    """Return the analyses of one batch: the task that is sent to a worker."""
    return list(_analyses(proses, settings, names_only))


def _analyses(
    proses: Sequence[Prose], settings: NlpSettings, names_only: bool
) -> Iterator[Analysis]:
    if names_only:
        return foreign.read(pipeline.load(settings.model), proses)
    return pipeline.read(proses, settings)


@contextmanager
def _executor(workers: int | str) -> Iterator[Executor]:
    if isinstance(workers, int) and workers > 1:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            yield pool
        return
    with _dask(str(workers)) as executor:
        yield executor


@contextmanager
def _dask(address: str) -> Iterator[Executor]:
    scheme, _, scheduler = address.partition("://")
    if scheme != "dask" or not scheduler:
        raise _wrong(
            f"workers cannot be {address}", 'give a number of processes, or "dask://HOST:PORT"'
        )
    try:
        # An extra that few sites need.
        from distributed import Client  # noqa: PLC0415 - an extra
    except ImportError:
        raise _wrong(
            "workers on Dask need the package distributed", "pip install distributed"
        ) from None
    with Client(f"tcp://{scheduler}") as client:
        yield client.get_executor()


def _wrong(message: str, hint: str) -> ProblemError:
    place = Place("site.toml")
    return ProblemError(Problem(place=place, code="bad-workers", message=message, hint=hint))
