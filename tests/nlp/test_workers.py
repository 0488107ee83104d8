"""Texts are read by a Dask cluster as this process would read them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from reading import blocks

import builder
from builder.model import Prose
from builder.nlp import workers
from builder.settings import NlpSettings

TEXTS = (
    "The ferry will not sail before noon, the harbour office said.",
    "“Nobody asked the bakers,” Odile Farrant, who runs the mill, told the council.",
    "According to Teun Vermaas, the bridge has been shut since May. He said it was safe.",
)
PATIENCE = 60


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextmanager
def running(*command: str) -> Iterator[None]:
    path = os.pathsep.join([str(Path(builder.__file__).parents[1]), *sys.path])
    process = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + command[0], *command[1:]],
        env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


def listening(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < until, "the scheduler does not answer"
            time.sleep(0.1)
        else:
            return


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with one worker, as `[nlp] workers` takes it."""
    port, here = free_port(), ["--host", "127.0.0.1"]
    scratch = str(tmp_path_factory.mktemp("dask"))
    with running("dask_scheduler", *here, "--port", str(port), "--no-dashboard"):
        listening(port)
        address = f"127.0.0.1:{port}"
        quiet = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", scratch]
        with running("dask_worker", f"tcp://{address}", *here, *quiet):
            yield f"dask://{address}"


def test_a_cluster_finds_the_same(scheduler: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workers, "BATCH", 1)
    proses = [Prose(text, tuple(blocks(text))) for text in TEXTS]
    here = list(workers.read(proses, NlpSettings()))

    away = list(workers.read(proses, NlpSettings(workers=scheduler)))

    assert away == here
    assert [len(each.statements) for each in away] == [1, 1, 2]


def test_the_texts_are_read_in_the_process_of_the_worker(
    scheduler: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(workers, "BATCH", 1)
    monkeypatch.setattr(workers.pipeline, "read", _refuse)
    proses = [Prose(text, tuple(blocks(text))) for text in TEXTS]

    found = list(workers.read(proses, NlpSettings(workers=scheduler)))

    assert len(found) == len(TEXTS)


def _refuse(*_: object) -> None:
    pytest.fail("this process read a text itself")
