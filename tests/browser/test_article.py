"""The article page: who says what, following a source, accounts that differ, sharing."""

from __future__ import annotations

import gzip
import re
from urllib.parse import unquote

import pytest

FERRY = "2026/ferry/"
PAUSE = 300


@pytest.fixture
def context(chromium):
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900},
        permissions=["clipboard-read", "clipboard-write"],
    )
    yield context
    context.close()


@pytest.fixture
def page(context, address):
    page = context.new_page()
    page.goto(address + FERRY)
    return page


def focused(page):
    return page.evaluate("document.activeElement.textContent")


def lit(page):
    return page.locator(".on").all_inner_texts()


def now(page):
    return " ".join(page.locator(".now").all_inner_texts())


def row(page, name):
    return page.locator("#who tr", has_text=name)


# --- who says what -------------------------------------------------------------------------------


def test_the_line_below_the_headline_opens_the_table_of_sources_as_a_panel(page):
    line = page.locator(".sourcing a")
    assert line.inner_text() == "6 statements, 2 named sources, 1 unnamed, 1 document"
    top = page.evaluate("scrollY")
    line.click()

    panel = page.locator("#who:popover-open")
    assert panel.is_visible()
    assert page.evaluate("scrollY") == top
    assert panel.locator("th b").all_inner_texts() == [
        "Harbour Authority",
        "Mara Lindqvist",
        "Board minutes",
        "A senior official",
    ]
    assert row(page, "Mara").locator("li").evaluate_all("all => all.map(li => li.value)") == [
        2,
        3,
        5,
    ]
    panel.get_by_role("button", name="Close").click()
    assert not page.locator("#who:popover-open").count()


def test_the_keyboard_goes_from_the_line_into_the_panel_and_back(page):
    page.focus(".sourcing a")
    page.keyboard.press("Enter")
    assert page.locator("#who:popover-open").count() == 1
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#who') != null")

    page.keyboard.press("Escape")
    assert page.locator("#who:popover-open").count() == 0
    assert page.evaluate("document.activeElement.matches('.sourcing a')")


def test_a_statement_in_the_panel_leads_to_its_passage(page):
    page.click(".sourcing a")
    row(page, "Board minutes").locator("li a").click()

    assert page.locator("#who:popover-open").count() == 0
    assert page.locator(".q:target").inner_text() == "that no such request was recorded"
    assert page.locator(".q:target").is_visible()


def test_an_unnamed_source_is_in_the_table_and_has_no_link(page):
    official = row(page, "A senior official")

    assert official.locator("th a").count() == 0
    assert "Unnamed source" in official.inner_text()


def test_the_line_says_what_was_found_and_what_an_editor_checked(page):
    assert page.locator(".bar .fine").inner_text() == (
        "5 found automatically, 1 checked or attributed by an editor"
    )


@pytest.mark.parametrize("place", ["#n3", "#who"])
def test_accounts_that_differ_stand_side_by_side(page, place):
    page.click(".ref[href='#n3']" if place == "#n3" else ".sourcing a")
    one, other = page.locator(f"{place} .differ p:has(b)").all()

    assert one.inner_text().split("\n")[0].startswith("Mara Lindqvist")
    assert "I asked the Harbour Authority to stop" in one.inner_text()
    assert other.inner_text().startswith("Board minutes")
    assert "no such request was recorded" in other.inner_text()
    left, right = one.bounding_box(), other.bounding_box()
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] <= right["x"]


# --- following a source --------------------------------------------------------------------------


def test_following_a_source_dims_all_but_its_statements(page):
    colour = "e => getComputedStyle(e).color"
    before = page.eval_on_selector(".body p:last-of-type", colour)
    page.click(".sourcing a")
    row(page, "Mara").get_by_role("button", name="Follow: Mara Lindqvist").click()

    assert lit(page) == [
        "“We were told in June that the piles would not hold,”",
        "“I asked the Harbour Authority to stop work that week.”",
        "that she stood by her account",
    ]
    assert page.eval_on_selector(".body p:last-of-type", colour) != before
    assert page.eval_on_selector(".on", colour) == before
    assert page.locator(":popover-open").count() == 0


def test_following_goes_on_and_back_and_round_and_says_where_it_is(page):
    page.click(".ref[href='#n2']")
    page.locator("#n2").get_by_role("button", name="Follow: Mara Lindqvist").click()
    status = page.get_by_role("status")
    assert status.inner_text() == (
        "Mara Lindqvist, 1 of 3: “We were told in June that the piles would not hold,”"
    )
    assert focused(page) == "Next →"

    page.keyboard.press("Enter")
    assert now(page) == "“I asked the Harbour Authority to stop work that week.”"
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Next").click()
    assert status.inner_text().startswith("Mara Lindqvist, 1 of 3")
    page.get_by_role("button", name="Previous").click()
    assert now(page) == "that she stood by her account"
    page.keyboard.press("ArrowLeft")
    assert status.inner_text().startswith("Mara Lindqvist, 2 of 3")
    page.keyboard.press("ArrowRight")
    assert status.inner_text().startswith("Mara Lindqvist, 3 of 3")
    assert status.get_attribute("role") == "status"


@pytest.mark.parametrize("end", ["Escape", "button"])
def test_following_ends_and_the_reader_goes_on_from_there(page, end):
    page.click(".sourcing a")
    row(page, "Mara").get_by_role("button").click()
    page.keyboard.press("Enter")
    if end == "Escape":
        page.keyboard.press("Escape")
    else:
        page.get_by_role("button", name="End").click()

    assert lit(page) == []
    assert not page.locator("#follow").is_visible()
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#n3"


def test_escape_closes_a_note_first_and_then_ends_following(page):
    page.click(".sourcing a")
    row(page, "Mara").get_by_role("button").click()
    page.click(".ref[href='#n3']")
    page.wait_for_timeout(PAUSE)
    assert page.locator("#n3:popover-open").count() == 1

    page.keyboard.press("Escape")
    page.wait_for_timeout(PAUSE)
    assert page.locator(":popover-open").count() == 0
    assert len(lit(page)) == 3
    page.keyboard.press("Escape")
    assert lit(page) == []


def test_what_is_followed_is_seen_and_never_under_the_bar(page, address):
    page.set_viewport_size({"width": 390, "height": 500})
    page.goto(f"{address}long/stress/")
    page.click(".sourcing a")
    page.locator("#who tbody tr").nth(3).get_by_role("button").click()
    for _ in range(3):
        page.get_by_role("button", name="Next").click()
        mark, bar = page.locator(".now").bounding_box(), page.locator("#follow").bounding_box()
        assert mark["y"] >= 0
        assert mark["y"] + mark["height"] <= bar["y"]


# --- sharing -------------------------------------------------------------------------------------


def test_a_statement_has_a_link_that_can_be_copied_and_mailed(page, address):
    page.click(".ref[href='#n3']")
    page.locator("#n3 .share").click()
    menu = page.locator("#share:popover-open")
    anchor = page.locator(".q", has_text="I asked").get_attribute("id")
    link = f"{address}{FERRY}#{anchor}"

    menu.get_by_role("link", name="Copy the link").click()
    page.wait_for_timeout(PAUSE)
    assert page.evaluate("navigator.clipboard.readText()") == link
    assert menu.locator(".done").count() == 1
    mail = unquote(menu.get_by_role("link", name="E-mail").get_attribute("href"))
    assert mail == (
        "mailto:?subject=Ferry terminal delayed again"
        f"&body=“I asked the Harbour Authority to stop work that week.”\n{link}"
    )
    assert page.locator("#n3:popover-open").count() == 1


def test_no_number_of_a_note_is_put_into_the_words_of_a_source(page, address):
    page.goto(f"{address}within/nested/")
    words = "that Tomas Øyen had called it “a ruin” in May and would sue"
    page.get_by_role("link", name="2 (source: Mara Lindqvist)").click()
    page.locator("#n2 .share").click()

    mail = page.get_by_role("link", name="E-mail").get_attribute("href")
    assert f"&body={words}\n" in unquote(mail)
    page.keyboard.press("Escape")
    page.locator("#n2").get_by_role("button", name="Follow").click()
    assert page.locator("#follow [role=status]").inner_text().endswith(f": {words}")


def test_the_report_has_a_link_too(page, address):
    page.get_by_role("link", name="Share").click()
    page.get_by_role("link", name="Copy the link").click()
    page.wait_for_timeout(PAUSE)

    assert page.evaluate("navigator.clipboard.readText()") == address + FERRY


# --- without scripts, in print -------------------------------------------------------------------


@pytest.fixture
def plain(chromium, address):
    """The article in a browser that runs no scripts."""
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    page.goto(address + FERRY)
    yield page
    context.close()


def test_without_scripts_the_table_is_complete_and_its_links_lead_to_the_passages(plain):
    plain.click(".sourcing a")
    assert plain.url.endswith("#who")
    assert plain.locator("#who li").count() == 6
    assert plain.locator("#who .differ p").count() == 4
    row(plain, "Board minutes").locator("li a").click()
    assert plain.locator(".q:target").inner_text() == "that no such request was recorded"
    assert not plain.locator("#follow").is_visible()
    assert plain.locator("#who button:visible").count() == 0


def test_without_scripts_the_way_back_is_the_permalink_of_the_statement(plain):
    plain.locator("#n4 [role=doc-backlink]").click()

    assert re.search(r"#s-[0-9a-f]+$", plain.url)
    assert plain.locator(".q:target").inner_text() == "that no such request was recorded"


def test_without_scripts_notes_open_where_the_browser_knows_how(plain):
    plain.hover(".ref[href='#n2']")
    plain.wait_for_timeout(700)

    assert plain.locator("#n2:popover-open").count() == 1


def test_print_has_the_table_and_both_accounts_and_no_controls(page):
    page.emulate_media(media="print")

    assert page.locator("#who li:visible").count() == 6
    assert page.locator("#who .differ").is_visible()
    assert page.locator("button:visible, .share:visible, [role=doc-backlink]:visible").count() == 0


# --- the whole page ------------------------------------------------------------------------------


def test_contents_of_a_long_read_stay_beside_the_text(page, address):
    page.goto(f"{address}long/stress/")
    page.evaluate("scrollTo(0, 3000)")
    contents, body = page.locator(".contents").bounding_box(), page.locator(".body").bounding_box()
    assert page.locator(".contents a").all_inner_texts() == [f"Part {n}" for n in range(1, 5)]
    assert 0 <= contents["y"] < 100
    assert contents["x"] + contents["width"] <= body["x"]

    page.set_viewport_size({"width": 390, "height": 800})
    page.evaluate("scrollTo(0, 0)")
    contents, body = page.locator(".contents").bounding_box(), page.locator(".body").bounding_box()
    assert contents["y"] + contents["height"] <= body["y"]


def test_footnotes_have_letters_and_notes_have_numbers(page, address):
    page.goto(f"{address}long/stress/")
    look = """query => {
      const style = getComputedStyle(document.querySelector(query))
      return [style.color, style.fontStyle, style.fontFamily]
    }"""

    assert page.locator(".footnote-ref").inner_text() == "a"
    assert page.locator(".ref[href='#n1']").inner_text().startswith("1")
    note, footnote = page.evaluate(look, ".ref[href='#n1']"), page.evaluate(look, ".footnote-ref a")
    assert all(one != other for one, other in zip(note, footnote, strict=True))


def test_a_page_full_of_entities_and_statements_has_few_stops_for_the_tab_key(page, address):
    page.goto(f"{address}long/stress/")
    assert page.locator(".ref").count() == 60
    assert page.locator(".body .e").count() == 50
    assert page.locator("a.e").count() == 50
    assert len(page.locator(".body").inner_text().split()) >= 2000

    stops = set()
    page.keyboard.press("Tab")
    for _ in range(400):
        stop = page.evaluate("""() => {
          const all = [...document.querySelectorAll("*")]
          return document.activeElement == document.body ? -1 : all.indexOf(document.activeElement)
        }""")
        if stop == -1 or stop in stops:
            break
        stops.add(stop)
        page.keyboard.press("Escape")
        page.keyboard.press("Tab")

    assert 100 < len(stops) <= 150


def test_what_is_switched_off_is_no_stop_for_the_tab_key(page):
    page.get_by_role("radio", name="Quotes").check()

    assert page.eval_on_selector_all("a.e", "all => all.map(link => link.tabIndex)") == [-1] * 3
    page.get_by_role("radio", name="All").check()
    assert page.eval_on_selector_all("a.e", "all => all.map(link => link.tabIndex)") == [0] * 3


def test_everything_small_enough_to_miss_is_large_enough_to_hit(page):
    small = """(within) => [...document.querySelectorAll(within + " :is(a, button, label, summary)")]
      .filter((e) => e.checkVisibility() && !e.closest(".body, .vh, .skip"))
      .map((e) => [e.textContent, e.getBoundingClientRect()])
      .filter(([, box]) => box.height < 24).map(([text]) => text)"""
    for place in ("header", "#who th", "#who td", ".notes"):
        assert page.evaluate(small, place) == [], place
    page.click(".ref[href='#n2']")
    assert page.evaluate(small, "#n2") == []
    page.locator("#n2 button").click()
    assert page.evaluate(small, "#follow") == []


def test_without_colours_marks_have_outlines_and_kinds_their_shapes(chromium, address):
    page = chromium.new_page(forced_colors="active")
    page.goto(address + FERRY)

    assert page.eval_on_selector(".q", "e => getComputedStyle(e).outlineStyle") == "solid"
    shapes = {
        page.eval_on_selector(f"a.e.{kind}", "e => getComputedStyle(e).textDecorationStyle")
        for kind in ("person", "organisation", "place")
    }
    assert len(shapes) == 3
    page.close()


def test_marks_say_nothing_of_their_own_to_those_who_listen(page):
    said = """e => ["::before", "::after"].map((part) => getComputedStyle(e, part).content)"""

    for mark in page.locator(".q, a.e").all():
        assert mark.evaluate(said) == ["none", "none"]
        assert mark.get_attribute("aria-label") is None
        assert mark.get_attribute("role") is None


def test_the_page_is_light(chromium, address):
    page = chromium.new_page()
    fetched = []
    page.on("response", lambda response: fetched.append(response))  # noqa: PLW0108 it is owned
    page.goto(address + FERRY)
    weights: dict[str, int] = {}
    for response in fetched:
        name = response.url.removeprefix(address).rpartition("/")[2]
        kind = name.rpartition(".")[2] or "html"
        weights[kind] = weights.get(kind, 0) + len(gzip.compress(response.body(), 9))

    assert set(weights) == {"html", "css", "js"}
    assert weights["html"] <= 12_000
    assert weights["css"] <= 6_000
    assert weights["js"] <= 2_500
    page.close()
