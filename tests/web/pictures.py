"""Makes the pictures of the preview and of a mail in docs/, of the demo as it is now.

`make site`, then `.venv/bin/python tests/web/pictures.py`. A picture that looks the same is the
same file.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
POSTIL = [sys.executable, "-m", "builder"]
NOW = "2026-11-24T12:00"
REPORT = "2026/pier-4-crane-falls/"
COLOURS = 64
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")

PHONES = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; padding: 24px; background: #8d887e; display: flex; gap: 24px }
iframe { border: 0; border-radius: 12px; width: 390px; height: 700px }
</style>"""


def main() -> None:
    """Make both."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        review(browser)
        newsletter(browser)
        browser.close()


def review(browser: Browser) -> None:
    """A report in the preview, its findings beside it."""
    with served() as address, opened(browser, 1180, 640) as page:
        page.goto(address + REPORT)
        page.wait_for_selector("article", timeout=300_000)
        page.keyboard.press("Alt+r")
        page.wait_for_timeout(3000)
        keep(page, "review.png")


def newsletter(browser: Browser) -> None:
    """The beginning of a mail by day, and the notes below a report by night."""
    with tempfile.TemporaryDirectory() as name:
        told = ["newsletter", REPORT, "--subject", "mail", "--output", name, "--now", NOW]
        subprocess.run([*POSTIL, *told], cwd=ROOT, check=True)
        mail = (Path(name) / "mail.html").read_text(encoding="utf-8")
        pictures = [
            (match[0], (ROOT / "output" / match[1]).as_uri())
            for match in re.finditer(r"https://example\.org/courier/([^\"]*\.png)", mail)
        ]
        for address, file in pictures:
            mail = mail.replace(address, file)
        (Path(name) / "mail.html").write_text(mail, encoding="utf-8")
        frame = '<iframe src="mail.html" style="color-scheme: {}"></iframe>'
        (Path(name) / "both.html").write_text(
            PHONES + frame.format("light") + frame.format("dark"), encoding="utf-8"
        )
        with opened(browser, 852, 748) as page:
            page.goto((Path(name) / "both.html").as_uri())
            notes = page.frames[2].get_by_text("Sources and notes")
            notes.evaluate("(e) => scrollTo(0, e.getBoundingClientRect().top - 260)")
            page.wait_for_timeout(500)
            keep(page, "newsletter.png")


@contextmanager
def served() -> Iterator[str]:
    """The demo in the preview; its address."""
    process = subprocess.Popen(
        [*POSTIL, "serve", "--now", NOW, "--port", "8765"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if found := re.search(r"http://\S+", line):
                yield found[0]
                return
    finally:
        process.terminate()
        process.wait()


@contextmanager
def opened(browser: Browser, width: int, height: int) -> Iterator[Page]:
    """A page by day, or as what stands around a frame has it."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme="null")
    yield context.new_page()
    context.close()


def keep(page: Page, name: str) -> None:
    """A picture of few colours, which is small."""
    data = page.screenshot()
    picture = (
        Image.open(io.BytesIO(data)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    )
    picture.save(DOCS / name, optimize=True)
    print(f"{name}: {(DOCS / name).stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
