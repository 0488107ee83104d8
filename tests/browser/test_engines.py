"""What readers do with notes, in Firefox and WebKit, which open none by themselves."""

from __future__ import annotations

import time

import pytest
from engines import ENGINES, ESCAPE, TAB, start

PATIENCE = 0.7
"""Seconds after which a note has surely opened or closed: twice the longest delay."""


@pytest.fixture(
    scope="module",
    # Each is started by one worker alone.
    params=[pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in ENGINES],
)
def browser(request):
    started = start(request.param)
    if started is None:
        pytest.skip(f"{request.param} is not installed: make browsers")
    yield started
    started.close()


@pytest.fixture
def page(browser, address):
    # On the page before, so that on the new one the pointer never was at anything.
    browser.move(5, 300)
    browser.go(f"{address}2026/ferry/")
    return browser


def hover(page, query, *notes):
    """Points at something, and waits until these notes are open and any other had time to be."""
    page.point(query)
    settled(page, *notes)


def press(page, key, *notes):
    page.press(key)
    settled(page, *notes)


def settled(page, *notes):
    time.sleep(PATIENCE)
    for _ in range(50):
        if opened(page) == list(notes):
            return
        time.sleep(0.1)
    assert opened(page) == list(notes)


def opened(page):
    return page.ask("[...document.querySelectorAll('.note:popover-open')].map((note) => note.id)")


def boxes(page, *queries):
    return page.ask(
        f"{list(queries)}.map((query) => document.querySelector(query).getBoundingClientRect())"
    )


def focused(page):
    return page.ask("document.activeElement.getAttribute('href')")


def tab_to(page, number):
    """Puts the focus on the number that leads to a note, as the Tab key does."""
    page.ask(f"""(() => {{
      const stop = document.createElement("a")
      stop.href = "#"
      document.querySelector(".ref[href='{number}']").before(stop)
      stop.focus()
    }})()""")
    press(page, TAB, number[1:])
    assert focused(page) == number


def test_a_note_opens_beside_its_number_and_is_seen(page):
    hover(page, ".ref[href='#n2']", "n2")

    note, ref = boxes(page, "#n2", ".ref[href='#n2']")
    gap = min(abs(note["top"] - ref["bottom"]), abs(note["bottom"] - ref["top"]))
    beside = note["left"] > ref["right"] and note["top"] <= ref["bottom"] <= note["bottom"] + 30
    assert gap < 30 or beside, (note, ref)
    look = page.ask("""(({ opacity, visibility }) => [opacity, visibility])
      (getComputedStyle(document.querySelector("#n2")))""")
    assert look == ["1", "visible"]


def test_the_pointer_moves_from_the_word_into_the_note_and_the_note_stays(page):
    hover(page, ".ref[href='#n2']", "n2")
    page.point("#n2 b")
    time.sleep(PATIENCE)
    assert opened(page) == ["n2"]

    page.move(5, 300)
    settled(page)


def test_an_entity_has_its_note_and_a_quick_pass_has_none(page):
    page.move(5, 300)
    page.point(".ref[href='#n2']")
    page.move(5, 300)
    time.sleep(PATIENCE)
    assert opened(page) == []

    hover(page, "a.e.organisation", "e2")


def test_escape_closes_while_the_pointer_rests(page):
    hover(page, ".ref[href='#n2']", "n2")
    page.press(ESCAPE)
    time.sleep(PATIENCE)

    assert opened(page) == []


def test_the_keyboard_opens_a_note_goes_into_it_and_back(page):
    tab_to(page, "#n2")
    press(page, TAB, "n2")
    assert page.ask("document.activeElement.closest('.note')?.id") == "n2"

    page.press(ESCAPE)
    time.sleep(PATIENCE)
    assert opened(page) == []
    assert focused(page) == "#n2"


def test_a_page_that_scrolls_under_a_resting_pointer_keeps_the_note_of_the_focus(page):
    page.ask("document.querySelector('.body').prepend(document.createElement('p'))")
    page.ask("document.querySelector('.body').firstChild.style.height = '3000px'")
    page.ask("scrollTo(0, 0)")
    page.move(550, 400)
    time.sleep(PATIENCE)
    tab_to(page, "#n4")

    assert page.ask("scrollY") > 1000


@pytest.mark.parametrize(("number", "wait"), [("#n2", 0.0), ("#n3", PATIENCE)])
def test_the_keyboard_goes_through_a_note_and_on_in_the_text(page, number, wait):
    # The third disputes the fourth: its first link leads to the other's note.
    tab_to(page, number)
    inside = 0
    for _ in range(10):
        page.press(TAB)
        time.sleep(wait)
        if page.ask("document.activeElement.closest('.note')?.id") != number[1:]:
            break
        inside += 1

    assert inside
    assert page.ask("document.activeElement.closest('.body') != null")


def test_a_note_in_a_note_keeps_the_first_one_and_escape_closes_one_after_the_other(page):
    hover(page, ".ref[href='#n3']", "n3")
    hover(page, "#n3 .differ a", "n3", "n4")
    page.point("#n4 b")
    time.sleep(PATIENCE)
    assert opened(page) == ["n3", "n4"]

    page.press(ESCAPE)
    time.sleep(PATIENCE)
    assert opened(page) == ["n3"]
    press(page, ESCAPE)


def test_a_click_opens_at_once_and_moves_nothing(page):
    page.point(".ref[href='#n2']")
    top = page.ask("scrollY")
    page.click(".ref[href='#n2']")
    settled(page, "n2")

    assert page.ask("scrollY") == top
    assert page.ask("document.querySelector(\".ref[href='#n2']\").ariaExpanded") == "true"


def test_the_table_of_sources_opens_as_a_panel_and_leads_to_a_statement(page):
    is_open = "document.querySelector('#who').matches(':popover-open')"
    page.click(".sourcing a")
    assert page.ask(is_open)

    page.click("#who td li a")
    assert not page.ask(is_open)
    assert page.ask("document.querySelector('.q:target') != null")
