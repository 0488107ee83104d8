"""The rules of how notes behave, tried in a browser with and without `interestfor` of its own."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

OPEN = ".note:popover-open"
PATIENCE = 700
"""Milliseconds after which a note has surely opened or closed: twice the longest delay."""


@pytest.fixture
def page(reader, address):
    page = reader(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}2026/ferry/")
    page.evaluate("window.scrollTo(0, 300)")
    return page


def opened(page):
    return [note.get_attribute("id") for note in page.locator(OPEN).all()]


def opens(page, *notes):
    """Waits until these notes are open, in their order, and no other."""
    page.wait_for_function(
        "([open, notes]) => [...document.querySelectorAll(open)].map((note) => note.id).join() == notes",
        arg=[OPEN, ",".join(notes)],
        timeout=10 * PATIENCE,
    )


def away(page):
    page.mouse.move(1270, 890)


def test_resting_on_a_number_opens_its_note_beside_it(page):
    page.hover(".ref[href='#n2']")
    opens(page, "n2")
    note, ref = page.locator("#n2").bounding_box(), page.locator(".ref[href='#n2']").bounding_box()
    gap = min(abs(note["y"] - ref["y"] - ref["height"]), abs(note["y"] + note["height"] - ref["y"]))
    assert gap < 30


def test_a_quick_pass_opens_nothing(page):
    page.hover(".ref[href='#n2']")
    page.wait_for_timeout(120)
    away(page)
    page.wait_for_timeout(PATIENCE)

    assert opened(page) == []


def test_the_pointer_may_move_into_the_note_and_it_closes_when_left(page):
    page.hover(".ref[href='#n2']")
    opens(page, "n2")
    page.hover("#n2 b")
    page.wait_for_timeout(PATIENCE)
    assert opened(page) == ["n2"]

    away(page)
    opens(page)


def test_escape_closes_without_moving_the_pointer(page):
    page.hover(".ref[href='#n2']")
    opens(page, "n2")
    page.keyboard.press("Escape")
    opens(page)


def tab_to(page, number):
    """Puts the focus on the number that leads to a note, as the Tab key does."""
    page.evaluate(
        """number => {
          const stop = document.createElement("a")
          stop.href = "#"
          document.querySelector(`.ref[href="${number}"]`).before(stop)
          stop.focus()
        }""",
        number,
    )
    page.keyboard.press("Tab")
    assert focused(page) == number


def focused(page):
    return page.evaluate("document.activeElement.getAttribute('href')")


def test_the_keyboard_opens_a_note_and_goes_through_it_and_on(page):
    tab_to(page, "#n2")
    opens(page, "n2")

    in_note = "document.activeElement.closest('.note')?.id"
    page.keyboard.press("Tab")
    assert page.evaluate(in_note) == "n2"
    page.wait_for_timeout(PATIENCE)
    assert opened(page) == ["n2"]
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate(in_note) != "n2":
            break
    assert page.evaluate("document.activeElement.matches('.e.person')")
    opens(page, "e3")


def test_the_keyboard_gets_out_of_notes_of_statements_that_dispute_each_other(page):
    tab_to(page, "#n3")
    opens(page, "n3")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('#n3 .differ a')")

    seen = []
    for _ in range(12):
        page.wait_for_timeout(PATIENCE)
        seen.append(page.evaluate("document.activeElement.closest('.note')?.id"))
        if seen[-1] != "n3":
            break
        assert opened(page) == ["n3"]
        page.keyboard.press("Tab")

    assert len(seen) > 1
    assert page.evaluate("document.activeElement.closest('.body')")


def test_escape_stops_a_note_that_is_about_to_open(page):
    # A slow machine may be past the 80 ms before the key is pressed; then it is tried again.
    for _ in range(8):
        page.keyboard.press("Escape")
        page.evaluate("document.activeElement.blur()")
        page.wait_for_timeout(PATIENCE)
        tab_to(page, "#n3")
        opens(page, "n3")

        page.focus(".ref[href='#n3']")
        while focused(page) != "#n4":
            page.keyboard.press("Tab")
        if opened(page) == ["n3"]:
            break
    page.keyboard.press("Escape")
    page.wait_for_timeout(PATIENCE)

    assert opened(page) == []


def test_escape_from_inside_a_note_returns_to_its_number_and_leaves_it_closed(page):
    tab_to(page, "#n2")
    opens(page, "n2")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    page.wait_for_timeout(PATIENCE)

    assert opened(page) == []
    assert focused(page) == "#n2"


def test_a_note_opens_again_after_escape(page):
    page.hover(".ref[href='#n2']")
    opens(page, "n2")
    page.keyboard.press("Escape")
    away(page)
    page.wait_for_timeout(PATIENCE)
    page.hover(".ref[href='#n2']")
    opens(page, "n2")


def test_letters_do_nothing(page):
    before = page.content()
    for key in "abcdefghijklmnopqrstuvwxyz0123456789?/.,":
        page.keyboard.press(key)
    page.wait_for_timeout(PATIENCE)

    assert page.content() == before


WHEN = """() => {
  window.when = []
  const tell = (what) => ({ target, timeStamp }) => {
    const name = target.getAttribute?.("href") ?? target.id
    name && when.push([what, name, timeStamp])
  }
  document.addEventListener("pointerover", tell("reached"), true)
  document.addEventListener("pointerout", tell("left"), true)
  document.addEventListener("beforetoggle", (e) => tell(e.newState)(e), true)
}"""


def passed(page, first, second):
    """Milliseconds from the first time of something to the first time of something else."""
    at = {}
    for what, name, time in page.evaluate("when"):
        at.setdefault((what, name), time)
    return at[second] - at[first]


def test_the_first_note_is_slow_to_open_the_next_quick_and_all_are_slow_to_close(page):
    page.evaluate(WHEN)
    page.hover(".ref[href='#n2']")
    opens(page, "n2")
    page.mouse.move(*middle(page, ".ref[href='#n1']"))
    opens(page, "n1")
    away(page)
    opens(page)

    assert passed(page, ("reached", "#n2"), ("open", "n2")) >= 340
    assert 70 <= passed(page, ("reached", "#n1"), ("open", "n1")) < 340
    assert passed(page, ("left", "#n1"), ("closed", "n1")) >= 290


def middle(page, query):
    box = page.locator(query).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_note_in_a_note_keeps_the_first_one_open(page):
    page.hover(".ref[href='#n3']")
    opens(page, "n3")
    page.hover("#n3 .differ a")
    opens(page, "n3", "n4")

    page.hover("#n4 b")
    page.wait_for_timeout(PATIENCE)
    assert opened(page) == ["n3", "n4"]


def test_an_open_note_goes_back_to_its_place_before_printing(page):
    page.focus(".ref[href='#n2']")
    opens(page, "n2")

    page.evaluate("dispatchEvent(new Event('beforeprint'))")

    assert opened(page) == []


def test_an_entitys_first_mention_opens_its_note(page):
    page.hover("a.e.organisation")
    opens(page, "e2")


def test_opening_a_note_moves_nothing(page):
    where = "[...document.querySelectorAll('h1,h2,h3,p,li')].filter(e => !e.closest('.note')).map(e => [e.getBoundingClientRect().x, e.getBoundingClientRect().y])"
    before = page.evaluate(where)
    page.hover(".ref[href='#n2']")
    opens(page, "n2")
    assert page.evaluate(where) == before


def test_the_controls_say_whether_their_note_is_open(page):
    assert page.get_attribute(".ref[href='#n2']", "aria-details") == "n2"
    assert page.get_attribute(".ref[href='#n2']", "aria-expanded") == "false"
    page.hover(".ref[href='#n2']")
    opens(page, "n2")

    expect(page.locator(".ref[href='#n2']")).to_have_attribute("aria-expanded", "true")


def test_the_words_of_an_open_note_are_lit(page):
    page.hover(".ref[href='#n2']")
    opens(page, "n2")
    words = "“We were told in June that the piles would not hold,”"
    expect(page.locator(".lit")).to_have_text([words])

    page.keyboard.press("Escape")
    expect(page.locator(".lit")).to_have_count(0)


def test_a_click_on_a_number_opens_the_note_at_once(page):
    top = page.evaluate("window.scrollY")
    page.click(".ref[href='#n2']")
    page.wait_for_timeout(50)

    assert opened(page) == ["n2"]
    assert page.evaluate("window.scrollY") == top


def test_a_tap_opens_a_sheet_at_the_bottom(reader, address):
    page = reader(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page.goto(f"{address}2026/ferry/")
    page.locator(".ref[href='#n2']").scroll_into_view_if_needed()
    page.tap(".ref[href='#n2']")
    opens(page, "n2")
    box = page.locator("#n2").bounding_box()
    assert (round(box["x"]), round(box["width"])) == (0, 390)
    assert round(box["y"] + box["height"]) == 800

    page.touchscreen.tap(387, 60)
    opens(page)
    page.tap("a.e.organisation")
    opens(page, "e2")


def test_the_readers_switch_is_remembered(reader, address):
    page = reader()
    page.goto(f"{address}2026/ferry/")
    page.get_by_role("radio", name="Quotes").check()
    page.reload()

    assert page.get_by_role("radio", name="Quotes").is_checked()
    page.hover("a.e.organisation")
    page.wait_for_timeout(PATIENCE)
    assert opened(page) == []
    page.get_by_role("radio", name="Off").check()
    assert not page.locator(".ref[href='#n2']").is_visible()


def test_the_open_note_is_the_list_item_itself(page):
    page.evaluate("document.getElementById('n2').mine = true")
    page.click(".ref[href='#n2']")
    page.wait_for_timeout(50)

    assert page.eval_on_selector(OPEN, "note => note.mine")
    assert page.locator("ol.notes > li > #n2[popover]").count() == 1
    assert page.locator(".note").count() == len(
        set(page.eval_on_selector_all(".note", "notes => notes.map(note => note.id)"))
    )


def test_nothing_shifts_and_nothing_fades_in(page):
    page.evaluate("""() => {
      window.shifts = []
      new PerformanceObserver((list) => shifts.push(...list.getEntries().map((e) => e.value)))
        .observe({ type: "layout-shift", buffered: true })
    }""")
    page.hover(".ref[href='#n2']")
    opens(page, "n2")
    assert page.eval_on_selector("#n2", "note => note.getAnimations().length") == 0
    assert page.eval_on_selector("#n2", "note => getComputedStyle(note).transitionDuration") == "0s"
    away(page)
    page.wait_for_timeout(PATIENCE)

    assert page.evaluate("shifts") == []


def test_a_narrow_window_has_the_sheet_for_the_pointer_too(reader, address):
    page = reader(viewport={"width": 390, "height": 800})
    page.goto(f"{address}2026/ferry/")
    page.hover(".ref[href='#n2']")
    opens(page, "n2")
    box = page.locator("#n2").bounding_box()
    assert (round(box["x"]), round(box["width"])) == (0, 390)
    assert round(box["y"] + box["height"]) == 800


def test_a_wider_window_has_notes_beside_their_numbers(reader, address):
    page = reader(viewport={"width": 420, "height": 800})
    page.goto(f"{address}2026/ferry/")
    page.hover(".ref[href='#n2']")
    opens(page, "n2")

    note, ref = page.locator("#n2").bounding_box(), page.locator(".ref[href='#n2']").bounding_box()
    gap = min(abs(note["y"] - ref["y"] - ref["height"]), abs(note["y"] + note["height"] - ref["y"]))
    assert gap < 30
    assert note["width"] < 420


@pytest.mark.parametrize("height", [320, 420, 900])
def test_all_of_a_note_can_be_read_however_low_the_window(page, height):
    page.set_viewport_size({"width": 1000, "height": height})
    page.eval_on_selector(".ref[href='#n3']", "ref => ref.scrollIntoView({block: 'center'})")
    page.hover(".ref[href='#n3']")
    opens(page, "n3")

    box = page.locator("#n3").bounding_box()
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= 1000
    assert box["y"] + box["height"] <= height
    assert box["height"] >= 80
