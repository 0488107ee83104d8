"""The preview in a browser: changes come by themselves, and a report is reviewed to the end."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
import time
import tomllib
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from newsroom import tree
from playwright.sync_api import expect

ROOT = Path(__file__).parents[2]
REPORT = "content/2026/wire-port-reopens.md"
SIDECAR = "content/2026/wire-port-reopens.corrections.toml"
SITE = """[site]
title = "The Skarrow Courier"
url = "https://example.org/courier/"
"""
expect.set_options(timeout=40_000)

pytestmark = pytest.mark.xdist_group("preview")


class Preview:
    """`postil serve` with the demo's stripped report, and a page of a browser."""

    def __init__(self, root, chromium):
        self.root, self.chromium = root, chromium
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "builder", "serve", "--site", str(self.root), "--port", "8140"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.address = self.process.stdout.readline().split()[4]
        self.url = f"{self.address}2026/wire-port-reopens/"
        self.reading = threading.Thread(target=self.process.stdout.read)
        self.reading.start()

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(20)
        self.reading.join()
        self.process.stdout.close()

    def open(self, **options):
        page = self.chromium.new_context(**options).new_page()
        page.set_default_timeout(40_000)
        page.goto(self.url)
        page.locator("html[data-postil=ready]").wait_for(state="attached")
        page.locator("h1", has_text="Skarrow port").wait_for()
        return page

    def read(self, path):
        return (self.root / path).read_text("utf-8")

    def write(self, path, text):
        """Save as many editors do: a new file, renamed."""
        fresh = self.root / f"{path}.new"
        fresh.write_text(text, "utf-8")
        fresh.rename(self.root / path)

    def corrections(self):
        return tomllib.loads(self.read(SIDECAR))["corrections"]

    def settled(self):
        """How many corrections there are once all answers are written."""
        counts = [-1]
        # On a busy machine more than a second lies between two of them.
        while len(counts) < 4 or len(set(counts[-4:])) > 1:
            counts.append(len(self.corrections()))
            time.sleep(1)
        return counts[-1]


@pytest.fixture(scope="module")
def preview(tmp_path_factory, chromium):
    root = tmp_path_factory.mktemp("preview")
    (root / "content/2026").mkdir(parents=True)
    shutil.copy(ROOT / REPORT, root / REPORT)
    draft = '+++\ntitle = "Rain to come"\npublished = 2026-11-23\ndraft = true\n+++\n\nIt rains.\n'
    (root / "content/2026/rain.md").write_text(draft, "utf-8")
    (root / "site.toml").write_text(SITE, "utf-8")
    running = Preview(root, chromium)
    yield running
    running.stop()


def review(page):
    page.keyboard.press("Alt+r")
    page.locator("#pv-card").wait_for()


def left(page):
    done, _, total, _ = page.locator(".progress").inner_text().split()
    return int(total) - int(done)


def test_a_saved_article_shows_where_the_reader_was(preview):
    page = preview.open(viewport={"width": 900, "height": 500})
    text = preview.read(REPORT)
    # At once: a scroll that is still on its way is somewhere else when the page reloads.
    page.evaluate("scrollTo({ top: 600, behavior: 'instant' })")

    preview.write(REPORT, text + "\nThe tide turned at six.\n")
    expect(page.get_by_text("The tide turned at six.")).to_be_attached()
    page.wait_for_load_state()

    assert abs(page.evaluate("scrollY") - 600) < 3
    preview.write(REPORT, text)
    expect(page.get_by_text("The tide turned at six.")).not_to_be_attached()


def test_a_mistake_is_a_banner_over_the_last_good_page_until_it_is_mended(preview):
    page = preview.open()
    text = preview.read(REPORT)

    preview.write(REPORT, text.replace("title =", "tittle =", 1))
    banner = page.locator("#postil-banner")
    expect(banner).to_contain_text("content/2026/wire-port-reopens.md:2")
    expect(banner).to_contain_text("did you mean title?")
    expect(page.locator("h1")).to_contain_text("Skarrow port")

    preview.write(REPORT, text)
    expect(banner).not_to_be_attached()


def test_a_style_changes_without_a_reload(preview):
    page = preview.open()

    (preview.root / "templates/assets").mkdir(parents=True)
    style = (ROOT / "templates/assets/site.css").read_text("utf-8")
    preview.write("templates/assets/site.css", style + "\nbody { background: rgb(1, 2, 3) }\n")
    expect(page.locator("body")).to_have_css("background-color", "rgb(1, 2, 3)")
    page.wait_for_timeout(3000)
    page.evaluate("window.same = true")
    preview.write("templates/assets/site.css", style + "\nbody { background: rgb(4, 5, 6) }\n")

    expect(page.locator("body")).to_have_css("background-color", "rgb(4, 5, 6)")
    assert page.evaluate("window.same")
    shutil.rmtree(preview.root / "templates")
    expect(page.locator("body")).not_to_have_css("background-color", "rgb(4, 5, 6)")


def test_a_draft_is_marked_on_its_page_and_where_it_is_linked(preview):
    page = preview.open()

    page.goto(preview.address)
    expect(page.locator("main .postil-draft").first).to_be_visible()
    page.get_by_role("link", name="Rain to come").first.click()
    expect(page.locator("h1")).to_contain_text("Rain to come")
    expect(page.locator(".postil-draft").first).to_be_visible()


def test_another_origin_changes_nothing(preview, tmp_path):
    page = preview.open()
    token = page.locator("script[data-token]").first.get_attribute("data-token")
    (tmp_path / "index.html").write_text("<!doctype html><title>Elsewhere</title>", "utf-8")
    handler = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    before = tree(preview.root / "content")
    page.evaluate("window.same = true")

    stranger = preview.chromium.new_context().new_page()
    stranger.goto(f"http://127.0.0.1:{server.server_port}/")
    host = preview.address.split("/courier")[0]
    got = stranger.evaluate(
        """async ([host, token, url]) => {
          const found = {}
          const say = async (name, ask) => { found[name] = await ask().then((a) => a.type === "opaque" ? "opaque" : a.status, () => "refused") }
          await say("read", () => fetch(url))
          await say("simple", () => fetch(`${host}/__postil/review/undo?token=${token}`, { method: "POST", mode: "no-cors", body: "{}" }))
          await say("answer", () => fetch(`${host}/__postil/review/answer`, { method: "POST", headers: { "X-Postil-Token": token }, body: "{}" }))
          found.socket = await new Promise((done) => {
            const socket = new WebSocket(`${host.replace("http", "ws")}/livereload?token=${token}`)
            socket.onopen = () => done("open")
            socket.onerror = () => done("refused")
          })
          const script = document.createElement("script")
          found.script = await new Promise((done) => {
            script.onload = () => done("loaded")
            script.onerror = () => done("refused")
            script.src = `${host}/__postil/review.js`
            document.head.append(script)
          })
          return found
        }""",
        [host, token, preview.url],
    )

    assert got["socket"] == got["script"] == got["read"] == got["answer"] == "refused"
    assert tree(preview.root / "content") == before
    assert page.evaluate("window.same")
    server.shutdown()
    server.server_close()


def only_what_readers_see_is_offered_as_disputing(page):
    hidden = page.locator(".pv-text .pv-hidden").first.get_attribute("data-item")
    page.locator(".pv-text .pv-s:not(.pv-hidden)").first.click()
    page.get_by_role("button", name="Disputed by").click()
    offered = page.locator("#pv-form option").evaluate_all("all => all.map((o) => o.value)")
    assert offered
    assert hidden not in offered
    page.keyboard.press("Escape")
    expect(page.locator("#pv-card:focus")).to_have_count(1)


def undo_returns_to_what_was_judged(page):
    page.keyboard.press("e")
    page.keyboard.type("Lirren by about")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    judged = page.locator("#pv-card blockquote").inner_text()
    page.keyboard.press("y")
    expect(page.locator("#pv-status")).to_contain_text("(right)")
    expect(page.locator("#pv-card blockquote")).not_to_have_text(judged)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.keyboard.press("u")
    expect(page.locator("#pv-card:focus blockquote")).to_have_text(judged)
    expect(page.locator(".pv-text [data-item].pv-at").first).to_be_in_viewport()


def what_could_not_be_written_is_told(preview, page):
    before, question = left(page), page.locator("#pv-card blockquote").inner_text()
    preview.write(SIDECAR, "[[corrections]\n")
    page.keyboard.press("y")
    expect(page.locator("#pv-status.wrong")).not_to_be_empty()
    assert page.locator("#pv-card blockquote").inner_text() == question
    assert left(page) == before
    (preview.root / SIDECAR).unlink()
    expect(page.locator("#postil-banner")).to_have_count(0)


def words_that_were_missed_settle_nothing_else(page):
    before, question = left(page), page.locator("#pv-card blockquote").inner_text()
    page.keyboard.press("a")
    page.keyboard.type("the accident has put talks on its renewal in doubt")
    page.keyboard.press("Tab")
    page.keyboard.type("a council official")
    page.get_by_label("The article does not name them").check()
    page.get_by_role("button", name="Write it").click()
    expect(page.locator("#pv-form")).to_have_count(0)
    expect(page.locator("#pv-card blockquote")).to_have_text(question)
    assert left(page) == before
    page.keyboard.press("u")
    expect(page.locator("#pv-status")).to_contain_text("Taken back")


def test_on_a_telephone_the_question_leaves_room_for_the_words_it_is_about(preview):
    page = preview.open(viewport={"width": 390, "height": 844})
    review(page)
    for _ in range(3):
        page.keyboard.press("j")
        sheet, words = page.locator("#pv-panel"), page.locator(".pv-text [data-item].pv-at").first
        for _ in range(50):
            box = words.bounding_box()
            if box["y"] >= 0 and box["y"] + box["height"] <= sheet.bounding_box()["y"]:
                break
            time.sleep(0.1)
        else:
            raise AssertionError(f"{box} is out of sight")
        assert sheet.bounding_box()["height"] <= 0.41 * 844
    expect(page.locator("#pv-panel nav")).to_be_hidden()
    page.get_by_role("button", name="List and settings").click()
    expect(page.locator("#pv-panel nav")).to_be_visible()
    page.context.close()


def test_a_report_is_reviewed_by_mouse_and_by_keyboard_and_nothing_is_lost(preview):
    page = preview.open(viewport={"width": 1280, "height": 900})
    review(page)
    total = left(page)
    assert total > 15
    assert page.locator(".pv-text .pv-hidden").count() > 0
    what_could_not_be_written_is_told(preview, page)
    words_that_were_missed_settle_nothing_else(page)

    # By mouse: a highlight in the text, a name that is none, words that were missed.
    page.locator(".pv-text .pv-s", has_text="the lease was no longer a formality").first.click()
    page.get_by_role("button", name="Wrong speaker").click()
    page.get_by_label("Name, as in the article").fill("a council official")
    page.get_by_label("The article does not name them").check()
    page.get_by_role("button", name="Write it").click()
    expect(page.locator("#pv-status")).to_contain_text("Written to")
    page.locator(".pv-text .pv-e", has_text="Kittiwake Bank").first.click()
    page.get_by_role("button", name="Not an entity").click()
    expect(page.locator(".pv-text .pv-e", has_text="Kittiwake Bank")).to_have_count(0)

    only_what_readers_see_is_offered_as_disputing(page)

    # By keyboard: a note, what was missed, one step back, and right, right, right.
    page.keyboard.press("n")
    page.keyboard.type("Looked up in the *log*.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#pv-form")).to_have_count(0)
    undo_returns_to_what_was_judged(page)
    for _ in range(3 * total):
        before = left(page)
        if not before:
            break
        page.keyboard.press("y")
        expect(page.locator(".progress")).not_to_contain_text(
            f"{total - before} of {total} ", timeout=8000
        )
        # Tab and a screen reader go on from the question, and not from the top of the page.
        expect(page.locator("#pv-card:focus")).to_have_count(1)
    expect(page.locator("#pv-card")).to_contain_text("Everything in this article is reviewed.")

    count = preview.settled()
    page.keyboard.press("u")
    expect(page.locator("#pv-status")).to_contain_text("Taken back")
    assert len(preview.corrections()) < count
    expect(page.locator("#pv-card blockquote")).to_be_visible()
    page.keyboard.press("y")
    expect(page.locator("#pv-card")).to_contain_text("Everything in this article is reviewed.")
    preview.settled()
    kept = preview.read(SIDECAR)

    # Another day, and the text around all that was edited.
    preview.stop()
    text = preview.read(REPORT)
    head, mark, body = text.partition("\nPORT AVERLEY")
    preview.write(REPORT, f"{head}\nThe wind dropped in the night.\n{mark}{body}\nIt rained.\n")
    preview.start()
    page = preview.open()
    expect(page.get_by_text("The wind dropped in the night.")).to_be_attached()
    review(page)

    expect(page.locator("#pv-card")).to_contain_text("Everything in this article is reviewed.")
    expect(page.locator("#postil-banner")).not_to_be_attached()
    assert preview.read(SIDECAR) == kept
