"""What annotations and JSON-LD say of a page is so in a browser."""

from __future__ import annotations

import json

import pytest

SELECTED = """(items) => items.flatMap(
  item => [item.target].flat().map(target => [item, target])
).map(([item, {source, selector}]) => {
  const {prefix, exact, suffix} = selector
  const text = document.body.textContent
  const whole = prefix + exact + suffix
  return {
    words: document.querySelector(".body").textContent.includes(whole),
    once: text.split(whole).length - 1,
    there: document.querySelector(item.id) != null,
    here: new URL(source, document.baseURI).href == document.URL,
  }
})"""


@pytest.mark.parametrize("path", ["2026/ferry/", "long/stress/"])
def test_annotations_select_their_words_as_a_browser_counts_them(chromium, address, path):
    page = chromium.new_page()
    faults = []
    page.on("console", lambda message: faults.append(message.text))
    page.goto(address + path)
    items = page.request.get(f"{address}{path}annotations.jsonld").json()["items"]

    found = page.evaluate(SELECTED, items)

    assert found
    assert all(each == {"words": True, "once": 1, "there": True, "here": True} for each in found)
    assert faults == []
    page.close()


def test_json_ld_is_data_that_the_policy_lets_stand(chromium, address):
    page = chromium.new_page()
    faults = []
    page.on("console", lambda message: faults.append(message.text))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.log(e.blockedURI))"
    )
    page.goto(f"{address}2026/ferry/")

    data = json.loads(page.locator("script[type='application/ld+json']").text_content())

    assert data["@type"] == "NewsArticle"
    assert faults == []
    page.close()
