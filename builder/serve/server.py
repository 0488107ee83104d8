"""One command from beginning to end: a port, the process that builds, the watch, the browser."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

from msgspec import Struct
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from builder import keeping, routes
from builder import settings as setting
from builder.chain import PREVIEW
from builder.errors import BuilderError, Place, Problem, ProblemError
from builder.review.desk import desk as reviewing
from builder.serve import desk
from builder.serve.door import Door
from builder.serve.foreman import Foreman
from builder.serve.news import Done, Fresh
from builder.serve.site import Preview, application
from builder.serve.watch import Watch
from builder.wishes import Wishes

PORTS = 50
"""How many ports are tried after the one that is wished for."""
LARGEST = 1 << 16
"""Bytes of a request: an answer of an editor is much smaller."""


class Started(Struct, frozen=True):
    """Where the preview is to be seen."""

    address: str
    """For this machine."""
    others: tuple[str, ...]
    """For other machines."""
    is_private: bool
    """Whether only this machine can reach it."""


def serve(  # noqa: PLR0913 - one for each option
    root: Path,
    wishes: Wishes,
    *,
    host: str,
    port: int,
    is_now: bool,
    opens: bool,
    started: Callable[[Started], None],
    tell: Callable[[Fresh | Done], None],
) -> None:
    """Show a site and build it on every change, until the process is interrupted.

    Args:
        root: The site's folder.
        wishes: What the command asks for.
        host: The address to listen at.
        port: Where to begin to look for a free port.
        is_now: Whether the time is that of each build, not that of `wishes`.
        opens: Whether to open a browser.
        started: Told once, when browsers may come.
        tell: Told of each build.

    Raises:
        ProblemError: There is no site.toml, or no port is free.
    """
    if not (root / "site.toml").is_file():
        setting.load(root / "site.toml")
    sockets = _bound(host, port)
    door = Door(host.lower(), sockets[0].getsockname()[1])
    folder = keeping.cache_of(root, wishes.cache) / PREVIEW
    asyncio.run(
        _serve(
            root,
            wishes,
            door,
            sockets,
            folder,
            is_now=is_now,
            opens=opens,
            started=started,
            tell=tell,
        )
    )


async def _serve(  # noqa: PLR0913 - as above
    root: Path,
    wishes: Wishes,
    door: Door,
    sockets: list[socket.socket],
    folder: Path,
    *,
    is_now: bool,
    opens: bool,
    started: Callable[[Started], None],
    tell: Callable[[Fresh | Done], None],
) -> None:
    loop, end = asyncio.get_running_loop(), asyncio.Event()
    preview = Preview(folder, door, _base(root, wishes))

    def take(event: Fresh | Done) -> None:
        tell(event)
        preview.take(event)

    def hand_on(event: Fresh | Done) -> None:
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(take, event)

    foreman = Foreman(
        root, wishes, hand_on, lambda: _asked(loop, preview), is_now=is_now, answering=reviewing
    )
    server = HTTPServer(application(preview, desk.handlers(foreman)), max_body_size=LARGEST)
    server.add_sockets(sockets)

    def leave(*_: object) -> None:
        if end.is_set():
            os._exit(0)  # Somebody presses once more while all is being put away.
        end.set()
        loop.call_soon_threadsafe(end.set)

    # Not the loop's own handlers: with the loop these end, and the next signal would be an error.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, leave)
    here, *others = (
        f"http://{f'[{name}]' if ':' in name else name}:{door.port}{preview.base}"
        for name in names(door.host, sockets)
    )
    started(Started(here, tuple(others), door.is_private))
    watch = Watch(root, foreman.changed)
    watch.start()
    threading.Thread(target=foreman.run, daemon=True).start()
    if opens:
        # Some browsers let whoever opened them wait until they are closed.
        threading.Thread(target=webbrowser.open, args=(here,), daemon=True).start()
    await end.wait()
    watch.stop()
    foreman.stop()
    server.stop()


def _asked(loop: asyncio.AbstractEventLoop, preview: Preview) -> frozenset[str]:
    """The open pages, from another thread."""

    async def pages() -> frozenset[str]:
        return preview.pages()

    if loop.is_closed():
        return frozenset()
    return asyncio.run_coroutine_threadsafe(pages(), loop).result(5)


def _base(root: Path, wishes: Wishes) -> str:
    url = wishes.base_url
    if url is None:
        with suppress(BuilderError):
            url = setting.load(root / "site.toml").site.url
    return routes.base(url or "")


def _bound(host: str, port: int) -> list[socket.socket]:
    for number in (*range(port, min(port + PORTS, 65536)), 0):
        try:
            # Port 0 is any that is free; one for all addresses of the host's name.
            sockets = bind_sockets(number, host, family=socket.AF_UNSPEC)
        except socket.gaierror as error:
            # No other port helps a name that nobody knows.
            raise _no_port(host, error) from None
        except OSError as error:
            fault = error
            continue
        return sockets[:1] if number == 0 else sockets
    raise _no_port(host, fault)


def names(host: str, sockets: list[socket.socket]) -> list[str]:
    """By what names or addresses the server can be reached: this machine's first, then others'."""
    listening = {each.family: ip_address(each.getsockname()[0]) for each in sockets}
    everywhere = [family for family, address in listening.items() if address.is_unspecified]
    if not everywhere:
        return [host]
    here = ["127.0.0.1" if family == socket.AF_INET else "::1" for family in sorted(everywhere)]
    return [here[0], *(each for family in sorted(everywhere) for each in _own(family))]


def _own(family: socket.AddressFamily) -> list[str]:
    """The address by which this machine speaks to others; nothing is sent to find it."""
    # Addresses for documentation (RFC 5737 and RFC 3849), which are nobody's.
    far = "192.0.2.1" if family == socket.AF_INET else "2001:db8::1"
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((far, 9))
        address = probe.getsockname()[0]
        if not (ip_address(address).is_loopback or ip_address(address).is_link_local):
            return [address]
    return []


def _no_port(host: str, fault: OSError) -> ProblemError:
    return ProblemError(
        Problem(
            place=Place("--host"),
            code="no-port",
            message=f"nothing can be served at {host}: {fault.strerror}",
            hint="give an address of this machine: --host 127.0.0.1",
        )
    )
