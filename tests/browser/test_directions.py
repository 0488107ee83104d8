"""Pages that run from right to left."""

from __future__ import annotations

import pytest

FERRY = "ar/2026/ferry/"


@pytest.mark.parametrize("path", [FERRY, "ar/", "ar/stories/the-late-terminal/", "ar/sourcing/"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_sticks_out_on_either_side(chromium, address, path, width):
    page = chromium.new_page(viewport={"width": width, "height": 800})
    page.goto(address + path)

    assert page.evaluate("document.documentElement.dir") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_the_panel_opens_on_the_left_and_the_left_arrow_leads_on(chromium, address):
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    page.goto(address + FERRY)
    page.locator(".sourcing a").click()
    assert page.locator("#who").bounding_box()["x"] == 0
    page.locator("#who tr", has_text="Mara").get_by_role("button").click()
    status = page.get_by_role("status")
    first = status.text_content()

    page.keyboard.press("ArrowLeft")
    second = status.text_content()
    page.keyboard.press("ArrowRight")

    assert ", 1 من 3" in first
    assert ", 2 من 3" in second
    assert status.text_content() == first
    page.close()


def test_a_note_lies_beside_its_mark_and_on_the_screen(chromium, address):
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    page.goto(address + FERRY)
    page.locator(".ref").first.click()
    box = page.locator("#n1").bounding_box()

    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1280
    page.close()
