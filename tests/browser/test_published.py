"""A site that was published, as its host serves it under a path: read in Chromium, page by page."""

from __future__ import annotations

import json
import mimetypes
import re
import shutil
import subprocess
import threading
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from newsroom import NOW

from builder.build import Wishes
from builder.publish import publish

ROOT = Path(__file__).parents[2]
ADDRESS = "http://courier.example/repo/"
PARTS = ("winter-ferries.*", "lens-comes-home.*", "*.png")
pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Some reports of the demo, published to a repository and checked out as a host does it."""
    root = tmp_path_factory.mktemp("published")
    remote, site, served = root / "remote.git", root / "site", root / "served"
    (site / "content" / "2026").mkdir(parents=True)
    for part in PARTS:
        for path in (ROOT / "content" / "2026").glob(part):
            shutil.copy(path, site / "content" / "2026")
    shutil.copy(ROOT / "content" / "register.toml", site / "content")
    (site / "site.toml").write_text(f'[site]\ntitle = "The Courier"\nurl = "{ADDRESS}"\n')
    for command in (
        ("init", "--quiet", "--bare", remote),
        ("init", "--quiet", site),
        ("-C", site, "remote", "add", "origin", remote),
        ("-C", site, "config", "user.name", "Ines"),
        ("-C", site, "config", "user.email", "ines@courier.example"),
    ):
        subprocess.run(["git", *command], check=True)
    publish(site, Wishes(now=NOW.replace(month=12), cache=ROOT / ".cache"))
    subprocess.run(["git", "clone", "--quiet", "--branch", "gh-pages", remote, served], check=True)
    return served


@pytest.fixture(scope="module")
def context(folder, chromium):
    """A browser that reaches the host by its name, and what the host was asked for and had not."""
    missed = []

    class Host(BaseHTTPRequestHandler):
        def do_GET(self):
            path = self.path.partition("?")[0]
            inside = path.removeprefix(ADDRESS)
            file = (
                folder / inside / "index.html"
                if not inside or inside[-1] == "/"
                else folder / inside
            )
            status = 200 if path.startswith(ADDRESS) and file.is_file() else 404
            if status == 404:
                missed.append(self.path)
                file = folder / "404.html"
            data = file.read_bytes()
            self.send_response(status)
            self.send_header("Content-Type", mimetypes.guess_type(file.name)[0] or "text/plain")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    made = chromium.new_context(
        proxy={"server": f"http://127.0.0.1:{server.server_port}"},
        viewport={"width": 1280, "height": 900},
    )
    yield made, missed
    made.close()
    server.shutdown()
    thread.join()
    server.server_close()


def file_of(folder: Path, url: str) -> Path:
    inside = url.partition("#")[0].removeprefix(ADDRESS)
    return folder / inside / "index.html" if not inside or inside.endswith("/") else folder / inside


LINKS = """() => ({
  links: [...document.querySelectorAll("[href], [src]")].map((e) => e.href || e.src),
  rules: [...document.styleSheets].map((sheet) => sheet.cssRules.length),
  anchors: [...document.querySelectorAll("[id]")].map((e) => e.id),
})"""


def test_every_page_link_and_style_works_under_the_path(folder, context):
    browser, missed = context
    page = browser.new_page()
    faults = []
    page.on("console", lambda message: faults.append(message.text))
    waiting, seen, links = [ADDRESS], {}, set()
    while waiting:
        url = waiting.pop()
        page.goto(url)
        found = page.evaluate(LINKS)
        assert found["rules"]
        assert min(found["rules"]) > 5, url
        seen[url] = set(found["anchors"])
        for link in found["links"]:
            if link.startswith(ADDRESS):
                links.add(link)
                bare = link.partition("#")[0]
                if file_of(folder, bare).suffix == ".html" and bare not in (*seen, *waiting):
                    waiting.append(bare)
            else:
                assert not link.startswith("http://"), link

    assert len(seen) > 20
    assert missed == []
    assert faults == []
    for link in links:
        assert file_of(folder, link).is_file(), link
        bare, _, anchor = link.partition("#")
        assert not anchor or bare not in seen or anchor in seen[bare], link
    page.close()


def test_notes_and_pictures_show(context):
    browser, _ = context
    page = browser.new_page()
    page.goto(f"{ADDRESS}2026/lens-comes-home/")
    page.locator(".ref").first.click()
    assert page.locator(".note:popover-open").is_visible()
    page.keyboard.press("Escape")
    for picture in page.locator("img").all():
        assert picture.evaluate("(e) => e.complete && e.naturalWidth > 0")
    page.close()


def test_a_wrong_address_at_any_depth_gets_the_styled_404(context):
    browser, missed = context
    page = browser.new_page()
    assert page.goto(f"{ADDRESS}a/b/c/gone").status == 404
    assert missed == [f"{ADDRESS}a/b/c/gone"]
    assert page.evaluate(LINKS)["rules"]
    page.get_by_role("link", name="To the front page").click()
    assert page.url == ADDRESS
    page.close()


def test_every_address_that_programs_read_is_there(folder):
    found = 0
    for path in folder.rglob("*"):
        if path.suffix not in (".xml", ".json", ".jsonld", ".md", ".txt"):
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix in (".json", ".jsonld"):
            text = json.dumps(json.loads(text), ensure_ascii=False).replace('\\"', '"')
        for url in re.findall(rf"{re.escape(ADDRESS)}[^\s\"'<>)\]\\]*", unescape(text)):
            assert file_of(folder, url.rstrip(".,;")).is_file(), (path, url)
            found += 1
    assert found > 50
