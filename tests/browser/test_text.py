"""What a browser shows that shows nothing but text."""

from __future__ import annotations

import shutil
import subprocess

import pytest

DEAD = (
    "Share",
    "Marks",
    "Quotes",
    "Copy the link",
    "Close",
    "Follow",
    "Previous",
    "Next",
    "End",
    "Link",
)
"""Controls that only scripts bring to life."""

BROWSERS = {
    "lynx": ["lynx", "-dump", "-nolist", "-display_charset=utf-8", "-width=200"],
    "w3m": ["w3m", "-dump", "-cols", "200", "-O", "utf-8"],
    "links": ["links", "-dump", "-width", "200", "-codepage", "utf-8"],
}


@pytest.mark.parametrize("browser", BROWSERS)
def test_a_text_browser_shows_the_whole_report_and_no_control_that_does_nothing(address, browser):
    command = BROWSERS[browser]
    if not shutil.which(command[0]):
        pytest.skip(f"{browser} is not installed: make browsers")
    url = f"{address}2026/ferry/"
    seen = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    lines = [line.strip() for line in seen.splitlines()]

    assert "would not hold,”2 (source: Mara Lindqvist)" in " ".join(lines)
    assert "Who says what" in lines
    assert "Accounts differ" in seen
    assert "Named source · Direct quote" in seen
    assert "6 statements, 2 named sources, 1 unnamed, 1 document" in seen
    assert "↩ Back" in seen
    assert [word for word in DEAD if any(word in line.split("  ") for line in lines)] == []
    assert not any(line.startswith(("Marks ", "Share ")) for line in lines)


def test_outside_of_what_the_scripts_put_in_place_there_is_no_control(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}2026/ferry/")

    assert page.locator("button, input, .share, [hidden], [href='./'], [href^=mailto]").count() == 0
    context.close()
