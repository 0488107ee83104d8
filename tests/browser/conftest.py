"""A small site, served, and a Chromium to read it with."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hand_set import SETTINGS, endless, example, nested, write
from msgspec.structs import replace
from playwright.sync_api import sync_playwright
from prepare import chromium_path
from stress import stress


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
    write(example(), settings, root / "news")
    write(endless(), settings, root / "news" / "endless")
    arabic = replace(settings, site=replace(settings.site, language="ar"))
    write(example(), arabic, root / "news" / "ar")
    write(stress(), settings, root / "news" / "long")
    write(nested(), settings, root / "news" / "within")
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


@pytest.fixture(scope="session")
def chromium(playwright):
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
    yield browser
    browser.close()


WITHOUT_INTEREST = """
delete HTMLAnchorElement.prototype.interestForElement
addEventListener("interest", (event) => { if (event.isTrusted) event.preventDefault() }, true)
"""
"""Makes Chromium like Firefox and Safari, which do not know `interestfor`."""


@pytest.fixture(params=["native", "script"])
def reader(chromium, request):
    """Opens a fresh reader's browser, with `interestfor` of its own and without."""
    contexts = []

    def start(**options):
        context = chromium.new_context(**options)
        if request.param == "script":
            context.add_init_script(WITHOUT_INTEREST)
        contexts.append(context)
        return context.new_page()

    yield start
    for context in contexts:
        context.close()
