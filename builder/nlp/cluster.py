"""A Dask cluster that reads: where its scheduler is, and what may be wrong with its workers."""

from __future__ import annotations

import logging
import re
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from functools import partial
from typing import Any

from builder.errors import ProblemError
from builder.model import Analysis, Prose
from builder.nlp import workers
from builder.nlp.versions import MISSING, RULES, fingerprint, versions
from builder.nlp.workers import bad, lost
from builder.settings import NlpSettings

SCHEMES = {"dask": "tcp", "dask+tls": "tls"}
"""Of addresses as people write them, and as Dask does."""

CONNECTING = 10.0
"""Seconds in which a scheduler must answer."""

COUNTED_EVERY = 5.0
"""Seconds between looks at how many workers there are."""

_TOLD = 3
"""Workers that are named; of more there is only how many."""


@contextmanager
def joined(settings: NlpSettings, names_only: bool) -> Iterator[_Cluster]:
    """Connect to the cluster whose scheduler `[nlp] workers` names.

    Raises:
        ProblemError: The address is none, `distributed` is not installed, no scheduler answers, or
            a worker has no Postil, no model, or others than are here.
    """
    address = str(settings.workers)
    scheme, _, scheduler = address.partition("://")
    if scheme not in SCHEMES or not scheduler:
        hint = 'give a number of processes, "dask://HOST:PORT", or "dask+tls://HOST:PORT"'
        raise bad(f"workers cannot be {address}", hint)
    try:
        # An extra that few sites need.
        from distributed import Client  # noqa: PLC0415 - an extra
    except ImportError:
        message = "workers on Dask need the package distributed"
        raise bad(message, "pip install distributed") from None
    _hush()
    try:
        client = Client(
            f"{SCHEMES[scheme]}://{scheduler}", timeout=CONNECTING, set_as_default=False
        )
    except (OSError, RuntimeError, TypeError, ValueError) as error:
        raise _no_scheduler(address, scheme, error) from error
    try:
        _check(client, settings)
        yield _Cluster(client, settings, names_only)
    finally:
        client.close(timeout=1)


def read_batch(
    proses: Sequence[Prose], settings: NlpSettings, names_only: bool, mark: str
) -> list[Analysis]:
    """Return the analyses of one batch: the task that is sent to a worker.

    Args:
        proses: The texts.
        settings: How to read them.
        names_only: Whether their language has no rules here.
        mark: The fingerprint that the answers will be stored under.

    Raises:
        ProblemError: This worker, which may have come after all were asked, would read otherwise.
    """
    if fingerprint(settings) != mark:
        raise _unfit({socket.gethostname(): versions(settings)}, settings)
    return workers.read_batch(proses, settings, names_only)


class _Cluster:
    """The workers of a cluster, which come and go."""

    def __init__(self, client: Any, settings: NlpSettings, names_only: bool) -> None:
        self._client = client
        self._settings = settings
        self._width, self._counted = 1, -COUNTED_EVERY
        # The same text may be read again: nothing of what a scheduler remembers is asked for.
        self._pool = client.get_executor(pure=False)
        self._task = partial(
            read_batch, settings=settings, names_only=names_only, mark=fingerprint(settings)
        )

    def hand(self, proses: Sequence[Prose]) -> Future[list[Analysis]]:
        task: Future[list[Analysis]] = self._pool.submit(self._task, proses)
        return task

    def width(self) -> int:
        if time.monotonic() > self._counted + COUNTED_EVERY:
            self._width = max(1, sum(self._threads().values()))
            self._counted = time.monotonic()
        return self._width

    def look(self) -> None:
        if not self._threads():
            message = f"no worker has come to {self._settings.workers} for {workers.PATIENCE:.0f} s"
            hint = "what was read is kept; start some with: dask worker"
            raise lost(message, hint)

    def why(self, error: BaseException) -> ProblemError | None:
        if isinstance(error, CancelledError | OSError):
            return self._gone()
        if type(error).__name__ == "KilledWorker":
            message = "several workers ended while they read the same articles"
            hint = "look at their logs; mostly it is memory: a gigabyte for each thread of a worker"
            return lost(message, hint)
        if isinstance(error, ImportError):
            return _unfit({"one that came late": error}, self._settings)
        return None

    def _threads(self) -> dict[str, int]:
        try:
            found: dict[str, int] = self._client.nthreads()
        except OSError as error:
            raise self._gone() from error
        return found

    def _gone(self) -> ProblemError:
        message = f"the scheduler at {self._settings.workers} is gone"
        hint = "what was read is kept; build again when it is back"
        return lost(message, hint)


def _check(client: Any, settings: NlpSettings) -> None:
    """Ask every worker what it would read with."""
    found = client.run(versions, settings, on_error="return")
    unfit = {
        address: answer
        for address, answer in found.items()
        # One that does not answer has just ended: others do its work.
        if answer != versions(settings) and not isinstance(answer, OSError)
    }
    if unfit:
        raise _unfit(unfit, settings)


def _unfit(
    found: Mapping[str, Mapping[str, str] | BaseException], settings: NlpSettings
) -> ProblemError:
    """Name the workers that would not read as this process does, and say why."""
    named = [f"{at} ({_lack(found[at], settings)})" for at in sorted(found)]
    rest = f", and {len(named) - _TOLD} more" if len(named) > _TOLD else ""
    message = f"workers cannot read as we do here: {', '.join(named[:_TOLD])}{rest}"
    hint = "install on each of them what is installed here, the same versions, and start them again"
    return bad(message, hint)


def _lack(answer: Mapping[str, str] | BaseException, settings: NlpSettings) -> str:
    if isinstance(answer, BaseException):
        if lacking := re.search(r"No module named '(\w+)", str(answer)):
            return f"{'Postil' if lacking[1] == 'builder' else lacking[1]} is not installed"
        return f"{type(answer).__name__}: {answer}".splitlines()[0][:200]
    ours = versions(settings)
    missing = [name for name, version in answer.items() if version == MISSING != ours[name]]
    if missing:
        return f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not installed"
    others = [
        f"{name} {answer[name]} instead of {version}"
        for name, version in ours.items()
        if name != RULES and answer.get(name) != version
    ]
    return " and ".join(others) or "another version of Postil"


def _no_scheduler(address: str, scheme: str, error: Exception) -> ProblemError:
    if isinstance(error, ValueError) or not re.fullmatch(r"\S+:\d+", address):
        return bad(f"workers cannot be {address}", 'write it like "dask://HOST:PORT"')
    if scheme == "dask+tls" and not isinstance(error, OSError):
        message = f"Dask has no certificates for {address} ({error})"
        hint = "set distributed.comm.tls in Dask’s own configuration; see docs/scale.md"
        return bad(message, hint)
    reason = str(error).splitlines()[0].strip() if str(error) else type(error).__name__
    message = f"no scheduler answers at {address} ({reason})"
    return lost(message, "start one with: dask scheduler")


def _hush() -> None:
    """Keep Dask from logging what we say in our own words."""
    for name in ("distributed", *logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)
