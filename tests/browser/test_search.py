"""Readers search: by word, by source, by both, with the keyboard, and without scripts."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hand_set import (
    NAMES,
    NOWHERE,
    RELATED,
    SETTINGS,
    article,
    clean,
    edited,
    example,
    here,
    joined,
    said,
    write,
)
from msgspec.structs import replace

from builder import routes, searching
from builder.model import EntityKey, Known
from builder.settings import SearchSettings

# One worker makes the index.
pytestmark = pytest.mark.xdist_group("search")
ON = replace(SETTINGS, search=SearchSettings(on=True))
HIDDEN = Known(key="ravi-skelding", name="Ravi Skelding", kind="person", page=False)
MARA = Known(key="mara-lindqvist", name="Mara Lindqvist", kind="person", description="Engineer.")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def site():
    """The example's reports, and one that names a child and holds what looks like HTML."""
    text = (
        "Ravi Skelding found the bell.\n\n“Bells \\<b>ring\\</b>,” said Mara Lindqvist.\n\n"
        "“Nobody asked us about bells,” said Ravi Skelding.\n\n"
        "“The clapper fell,” said Joann Lee. “The clapper held,” said Ann Lee. "
        "“The clapper rang,” said Joann Lee and Ann Lee."
    )
    source = article("2026/bell", "The bell", text, 22, topics=("Bells",), authors=("Ines Okafor",))
    words = clean(source)
    ravi = here("ravi-skelding", "Ravi Skelding", "person", known=True)
    statements = (
        said(words, "“Bells <b>ring</b>,”", by="mara-lindqvist", name="Mara Lindqvist"),
        said(words, "“Nobody asked us about bells,”", by="ravi-skelding", name="Ravi Skelding"),
        said(words, "“The clapper fell,”", by="joann-lee", name="Joann Lee"),
        said(words, "“The clapper held,”", by="ann-lee", name="Ann Lee"),
        said(
            words,
            "“The clapper rang,”",
            by="joann-lee",
            name="Joann Lee and Ann Lee",
            also=(EntityKey("ann-lee"),),
        ),
    )
    lees = {name: here(routes.slug(name), name) for name in ("Joann Lee", "Ann Lee")}
    bell = edited(source, {**NAMES, **lees, "Ravi Skelding": ravi}, statements)
    return joined((bell, *example().articles), ON, register=(HIDDEN, MARA))


@pytest.fixture(scope="module")
def searched(tmp_path_factory):
    """Where the site is served, and its folder."""
    root = tmp_path_factory.mktemp("searched")
    write(site(), ON, root / "news")
    for file in searching.files(site(), RELATED, ON, NOWHERE, root / "cache"):
        path = root / "news" / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(root)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/news/", root / "news"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(chromium, searched):
    context = chromium.new_context()
    page = context.new_page()
    page.faults = []
    page.on("console", lambda said: page.faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto(searched[0] + "search/")
    yield page
    assert page.faults == []
    context.close()


def results(page, number):
    page.get_by_text(f"{number} report", exact=False).wait_for()
    return page.locator(".search ol > li")


def test_a_word_is_found_and_the_result_opens_at_its_statement(page):
    page.get_by_label("Words").fill("piles")
    (found,) = results(page, 1).all()

    assert found.locator("h2").text_content() == "Ferry terminal delayed again"
    assert found.locator("li b").text_content() == "Mara Lindqvist"
    assert found.locator("mark").text_content() == "piles"
    found.locator(".passage").click()
    page.wait_for_url("**/2026/ferry/#s-*")
    assert "piles would not hold" in page.locator(":target").text_content()


def test_a_source_is_found_and_the_result_opens_at_what_it_says(page):
    page.get_by_label("Source").select_option("Tomas Øyen")
    (found,) = results(page, 1).all()

    found.locator("h2 a").click()
    page.wait_for_url("**/2026/strike/#s-*")
    assert "Nobody asked us" in page.locator(":target").text_content()


def test_a_source_that_is_not_there_has_said_nothing(page, searched):
    page.goto(searched[0] + "search/?q=bells&source=Nobody")

    assert results(page, 0).count() == 0
    assert page.get_by_label("Source").input_value() == "Nobody"


def test_a_word_of_a_source_is_not_the_same_word_of_another(page):
    page.get_by_label("Words").fill("bells")
    page.get_by_label("Source").select_option("Mara Lindqvist")
    (found,) = results(page, 1).all()
    assert found.locator(".passage").all_text_contents() == ["“Bells <b>ring</b>,”"]

    page.get_by_label("Words").fill("work")
    page.get_by_label("Source").select_option("Harbour Authority")
    results(page, 0)


def test_a_source_is_not_another_whose_name_holds_its_own(page):
    page.get_by_label("Words").fill("clapper")
    page.get_by_label("Source").select_option("Ann Lee")
    (found,) = results(page, 1).all()

    assert found.locator("li b").all_text_contents() == ["Ann Lee", "Joann Lee · Ann Lee"]


def test_topic_place_and_month_narrow_the_results(page):
    page.get_by_label("Topic").select_option("Bells")
    assert results(page, 1).locator("h2").all_text_contents() == ["The bell"]
    page.get_by_label("Topic").select_option("")
    page.get_by_label("Place").select_option("Kestrel Bay")
    results(page, 2)
    page.get_by_label("Month").select_option(label="November 2026 (3)")
    page.wait_for_url("**/search/?place=Kestrel+Bay&month=2026-11")


def test_the_keyboard_is_enough(page):
    page.keyboard.type("piles")
    results(page, 1)
    assert page.evaluate("document.activeElement.id") == "q"
    for _ in range(6):
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/2026/ferry/#s-*")


def test_an_address_holds_a_search(page, searched):
    page.goto(searched[0] + "search/?q=piles&source=Mara+Lindqvist")

    results(page, 1)
    assert page.get_by_label("Source").input_value() == "Mara Lindqvist"


def test_who_is_kept_off_is_found_by_no_filter_and_no_word(page):
    values = page.locator("option").evaluate_all("all => all.map((one) => one.value)")
    assert "Mara Lindqvist" in values
    assert not [value for value in values if "Skelding" in value]

    page.get_by_label("Words").fill("Skelding")
    results(page, 0)
    found = page.evaluate(
        "async () => Object.keys((await (await import('../pagefind/pagefind.js')).filters()).source)"
    )
    assert found == sorted(values[1 : values.index("", 1)])
    assert len(found) == 5


def test_only_this_page_may_run_the_index(searched):
    _, folder = searched
    relaxed = [p for p in folder.rglob("*.html") if "wasm-unsafe-eval" in p.read_text()]

    assert [path.parent.name for path in relaxed] == ["search"]
    assert "unsafe-inline" not in (folder / "search" / "index.html").read_text()


def test_without_scripts_everything_can_be_looked_through(chromium, searched):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(searched[0] + "search/")

    assert page.get_by_role("searchbox").count() == 0
    page.get_by_role("main").get_by_role("link", name="People").click()
    page.get_by_role("link", name="Mara Lindqvist").click()
    assert page.locator("h1").text_content() == "Mara Lindqvist"
    context.close()
