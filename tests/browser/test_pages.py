"""Every kind of page, at the widths and in the lights in which it is read."""

from __future__ import annotations

import pytest

PAGES = (
    *("", "2026/ferry/", "people/mara-lindqvist/", "people/", "stories/the-late-terminal/"),
    *("sourcing/", "topics/", "404.html"),
)
CONTRAST = """() => {
  const parse = (c) => c.match(/[\\d.]+/g).map(Number)
  const channel = (v) => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4
  const light = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b)
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor)
      if (c.length == 3 || c[3] == 1) return c
    }
  }
  const low = []
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some(n => n.nodeType == 3 && n.data.trim())) continue
    if (e.closest(".vh, .skip") || !e.checkVisibility()) continue
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x)
    if ((a + .05) / (b + .05) < 4.5) low.push(e.outerHTML.slice(0, 80))
  }
  return low
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_words_stand_out_and_nothing_is_wider_than_the_screen(chromium, address, path, scheme):
    page = chromium.new_page(color_scheme=scheme)
    faults = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request", lambda r: None if r.url.startswith((address, "data:")) else faults.append(r.url)
    )
    page.goto(address + path)
    assert faults == []
    for width in (390, 700, 1024, 1600):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CONTRAST) == []
    page.close()


@pytest.mark.parametrize(
    "path",
    ["", "endless/", "people/endless/", "people/", "sourcing/", f"stories/{'x' * 80}/"],
)
def test_endless_words_break(chromium, address, path):
    page = chromium.new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{address}endless/{path}")

    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.close()


def test_without_scripts_the_article_is_complete(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}2026/ferry/")

    for number in range(1, 7):
        assert page.locator(f"#n{number}").is_visible()
    assert page.locator("button, input, [hidden], a[href='./']").count() == 0
    page.click(".ref[href='#n2']")
    assert page.url.endswith("#n2")
    page.click("#n2 [role=doc-backlink]")
    assert page.locator(".q:target").inner_text().startswith("“We were told in June")
    context.close()


def test_print_shows_the_notes_and_leaves_out_what_needs_a_screen(chromium, address):
    page = chromium.new_page()
    page.emulate_media(media="print")
    page.goto(f"{address}2026/ferry/")

    assert page.locator("#n1").is_visible()
    assert page.locator("#e2").is_visible()
    assert not page.locator(".masthead nav").is_visible()
    assert not page.locator(".switch").is_visible()
    page.close()


def test_numbers_are_large_enough_to_hit(chromium, address):
    page = chromium.new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{address}2026/ferry/")

    for ref in page.locator(".ref").all():
        box = ref.bounding_box()
        assert box["width"] >= 24
        assert box["height"] >= 24
    page.close()


def test_kinds_of_names_differ_by_more_than_colour(chromium, address):
    page = chromium.new_page()
    page.goto(f"{address}2026/ferry/")
    style = "e => getComputedStyle(e).textDecorationStyle"

    shapes = {
        page.eval_on_selector(f"a.e.{kind}", style) for kind in ("person", "organisation", "place")
    }

    assert len(shapes) == 3
    page.close()


def test_a_quote_is_never_the_control_and_no_link_lies_in_a_link(chromium, address):
    page = chromium.new_page()
    page.goto(f"{address}2026/ferry/")

    assert page.locator("a a").count() == 0
    assert page.locator("a.q, .q[interestfor], .q[tabindex]").count() == 0
    assert page.locator("mark, q, [role=tooltip], [aria-describedby]").count() == 0
    page.close()
