"""A small site, served, and a Chromium to read it with."""

from __future__ import annotations

import os
import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hand_set import NOWHERE, RELATED, SETTINGS, example
from msgspec.structs import replace
from playwright.sync_api import sync_playwright

from builder.model import File, Page
from builder.render import render
from builder.render.templates import Templates


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """Where the example site is served, under a path as on many hosts."""
    root = tmp_path_factory.mktemp("served")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(root)))
    url = f"http://127.0.0.1:{server.server_port}/news/"
    settings = replace(SETTINGS, site=replace(SETTINGS.site, url=url))
    templates = Templates(NOWHERE)
    for output in render(example(), RELATED, settings, NOWHERE):
        path = root / "news" / output.path
        path.parent.mkdir(parents=True, exist_ok=True)
        match output:
            case Page():
                path.write_bytes(templates.render(output))
            case File():
                path.write_bytes(output.data)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield url
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def playwright():
    with sync_playwright() as started:
        yield started


def _launch(playwright, *args):
    path = os.environ.get("POSTIL_CHROMIUM") or shutil.which("chromium")
    return playwright.chromium.launch(executable_path=path, args=["--no-sandbox", *args])


@pytest.fixture(scope="session", params=["native", "script"])
def browser(playwright, request):
    """Chromium as it is, and one that does not know `interestfor`, as Firefox and Safari."""
    args = () if request.param == "native" else ("--disable-blink-features=HTMLInterestForAttribute",)
    browser = _launch(playwright, *args)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def chromium(playwright):
    browser = _launch(playwright)
    yield browser
    browser.close()
