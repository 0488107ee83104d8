"""Who does the reading: this process, several, or a Dask cluster, behind one function."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from builder.errors import Place, Problem, ProblemError
from builder.model import Analysis, Prose
from builder.nlp import pipeline
from builder.settings import NlpSettings

BATCH = 10
"""Texts that go to a worker at a time."""

_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Several processes that each want every core only stand in each other's way."""


def read(proses: Sequence[Prose], settings: NlpSettings) -> Iterator[Analysis]:
    """Yield the analysis of each text, in order, as `[nlp] workers` wants it made.

    Raises:
        ProblemError: `workers` is neither a number nor an address of a Dask scheduler, or Dask
            is not installed.
    """
    if settings.workers == 1 or len(proses) <= BATCH:
        yield from pipeline.read(proses, settings)
        return
    batches = [proses[at : at + BATCH] for at in range(0, len(proses), BATCH)]
    with _executor(settings.workers) as executor:
        tasks = [executor.submit(read_batch, batch, settings) for batch in batches]
        try:
            for task in tasks:
                yield from task.result()
        finally:
            for task in tasks:
                task.cancel()


def read_batch(proses: Sequence[Prose], settings: NlpSettings) -> list[Analysis]:
    """Return the analyses of one batch: the task that is sent to a worker."""
    return list(pipeline.read(proses, settings))


@contextmanager
def _executor(workers: int | str) -> Iterator[Executor]:
    if isinstance(workers, int) and workers > 1:
        # The children import numpy afresh, so they see these settings; this process keeps its own.
        before = {name: os.environ.get(name) for name in _ONE_THREAD}
        os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
        try:
            with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
                yield pool
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
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
