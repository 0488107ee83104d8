"""A card in a frame on a page of another origin, and the menu from which it is copied."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

FERRY = "2026/ferry/"


@pytest.fixture(scope="module")
def host():
    """Another site: its pages are whatever `host.page` is at the time."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self):
            data = server.page.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.page = ""
    server.address = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(chromium):
    # Nothing is said of light and dark, so that frames have it from the page around them.
    context = chromium.new_context(color_scheme="null", viewport={"width": 1280, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    made = context.new_page()
    made.faults = []
    made.on("console", lambda message: made.faults.append(message.text))
    yield made
    context.close()


def card(page):
    return page.frame_locator("iframe")


def shown(page) -> list[str]:
    return card(page).locator("blockquote:visible").all_inner_texts()


def test_the_code_of_the_share_menu_shows_that_statement_as_high_as_it_is(page, address, host):
    page.goto(address + FERRY)
    page.click(".ref[href='#n3']")
    page.locator("#n3 .share").click()
    page.get_by_role("button", name="Copy the code for a web page").click()
    page.wait_for_selector("#share .done")
    code = page.evaluate("navigator.clipboard.readText()")
    for width in (360, 640):
        host.page = f'<!doctype html><title>x</title><div style="width:{width}px">{code}</div>'

        page.goto(host.address)
        page.wait_for_function("document.querySelector('iframe').height != 260")

        assert urlsplit(page.frames[1].url).netloc != urlsplit(host.address).netloc
        (said,) = shown(page)
        assert "I asked the Harbour Authority to stop" in said
        frame, inside = (
            page.locator("iframe").bounding_box()["height"],
            page.frames[1].evaluate("document.documentElement.offsetHeight"),
        )
        assert abs(frame - inside) <= 1
        assert page.frames[1].evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.faults == []


def test_without_scripts_every_statement_can_be_shown_and_one_always_is(chromium, address, host):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    embed = f"{address}{FERRY}embed/"
    page.goto(embed)
    ids = [each.get_attribute("id") for each in page.locator("blockquote p").all()]
    assert len(ids) > 3

    for anchor in [*ids, "nothing"]:
        host.page = (
            f'<!doctype html><title>x</title><iframe height="90" src="{embed}#{anchor}"></iframe>'
        )
        page.goto(host.address)
        assert len(shown(page)) == 1
        assert card(page).locator("cite:visible").count() == 1
        visible = card(page).locator("blockquote p:visible")
        assert visible.count() == 1
        # The headline is what is seen first, however low the frame.
        assert page.frames[1].evaluate("scrollY") == 0
        assert visible.get_attribute("id") == (anchor if anchor in ids else ids[-1])
        link = visible.locator("a").get_attribute("href")
        assert link == f"../#{visible.get_attribute('id')}"
    context.close()


def test_it_is_dark_where_the_page_around_it_wants_it_dark(page, address, host):
    embed = f"{address}{FERRY}embed/"
    for scheme, colour in (("light", "rgb(253, 252, 249)"), ("dark", "rgb(22, 23, 24)")):
        host.page = f'<!doctype html><title>x</title><iframe src="{embed}" style="color-scheme:{scheme}"></iframe>'
        page.goto(host.address)
        main = card(page).locator("main")

        assert main.evaluate("(e) => getComputedStyle(e).backgroundColor") == colour


def test_only_a_frame_of_this_site_is_believed(page, address, host):
    lie = "parent.postMessage({'postil-height': 3000}, '*')"
    host.page = (
        f'<!doctype html><title>x</title><iframe height="200" srcdoc="<script>{lie}</script>"></iframe>'
        f'<script src="{address}embed.js"></script>'
    )
    page.goto(host.address)
    page.wait_for_timeout(300)

    assert page.locator("iframe").get_attribute("height") == "200"


def test_the_card_for_a_mail_is_a_table_that_says_who_said_it(page, address):
    page.goto(address + FERRY)
    page.click(".ref[href='#n3']")
    page.locator("#n3 .share").click()
    page.get_by_role("button", name="Copy a card for e-mail").click()
    page.wait_for_selector("#share .done")
    html, text = page.evaluate("""async () => {
      const [item] = await navigator.clipboard.read()
      return Promise.all(["text/html", "text/plain"].map(async (type) => (await item.getType(type)).text()))
    }""")

    link = page.get_by_role("link", name="Copy the link").get_attribute("href")
    assert html.count("<table") == 1
    assert "I asked" in html
    assert "<iframe" not in html
    assert 'role="presentation"' in html
    for form in (html, text):
        assert link in form
        assert "Mara Lindqvist, project director" in form, form
        assert "statements, " in form


def test_other_sites_find_the_card_by_the_page(page, address):
    page.goto(address + FERRY)
    href = page.locator("link[type='application/json+oembed']").get_attribute("href")
    found = json.loads(page.request.get(href).text())

    assert {key: type(value) for key, value in found.items()} == {
        **dict.fromkeys(("version", "type", "title", "author_name"), str),
        **dict.fromkeys(("provider_name", "provider_url", "html"), str),
        "width": int,
        "height": int,
    }
    assert (found["version"], found["type"]) == ("1.0", "rich")
    assert f'<iframe src="{address}{FERRY}embed/"' in found["html"]
    assert len(json.dumps(found)) < 700
    assert page.request.get(f"{address}embed.js").ok
