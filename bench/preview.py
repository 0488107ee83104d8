"""What the preview costs: from saving an article to reading its new text in Chromium.

    python bench/preview.py --texts DIR [--articles N]    a site of the first N text files
    python bench/preview.py --site DIR                    a copy of a site, with its cache
    python bench/preview.py --memory …                    no times, memory alone

Prints the median of 20 saves (from the end of the write until the page that was reloaded holds the
new words), how many of 20 saves 1.5 seconds apart were reloads, how long the slowest of the
requests took that were made all the while, and what the server and the building process hold after
1, 50, 100, 250 and all of `--saves` saves, each of which brings new words and new names.
"""

from __future__ import annotations

import argparse
import http.client
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from builds import POSTIL, arguments, imported
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from prepare import chromium_path

READY = "html[data-postil=ready]"
SEEN = """
window.seen = {}
const look = () => {
  for (const [words] of document.body?.textContent.matchAll(/News \\w+ \\d+ came\\./g) ?? [])
    window.seen[words] ??= performance.timeOrigin + performance.now()
}
new MutationObserver(look).observe(document, { childList: true, subtree: true })
addEventListener("DOMContentLoaded", look)
"""
"""Notes in a page at what time its words were there, in milliseconds since 1970."""
SETTLED = 3.0
"""Seconds between saves of which each is measured alone."""
WEIGHED = (1, 50, 100, 250)
"""After so many saves memory is looked at."""


def main() -> int:
    """Measure, and print a Markdown table."""
    parser = arguments(__doc__)
    parser.add_argument("--saves", type=int, default=500, help="after which memory is compared")
    parser.add_argument("--memory", action="store_true", help="measure memory alone")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "site"
        if options.site:
            others = {"output", ".git", ".venv"}
            shutil.copytree(
                options.site,
                root,
                ignore=lambda folder, _: others if Path(folder) == options.site else set(),
            )
        else:
            imported(options.texts, root, options.articles)
        measure(root, options)
    return 0


def measure(root: Path, options: argparse.Namespace) -> None:
    """Serve a site, save one of its articles again and again."""
    articles = sorted((root / "content").rglob("*.md"))
    article = articles[len(articles) // 2]
    process = subprocess.Popen(
        [*POSTIL, "serve", "--verbose", "--site", str(root), "--workers", options.workers],
        stdout=subprocess.PIPE,
        text=True,
    )
    address = re.search(r"http://\S+", process.stdout.readline())[0]
    done = threading.Event()
    threading.Thread(target=follow, args=(process, done), daemon=True).start()
    start = time.perf_counter()
    done.wait()
    first = time.perf_counter() - start
    inner = article.relative_to(root / "content").with_suffix("").as_posix()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium_path(), args=["--no-sandbox"]
            )
            page = browser.new_page()
            page.add_init_script(SEEN)
            page.goto(f"{address}{inner}/")
            page.locator(READY).wait_for(state="attached")
            slow = Slowest(address, inner)
            save(article, page, 0)
            row(f"{len(articles)} articles", "")
            print("|---|---|", flush=True)
            row("first build, s", f"{first:.1f}")
            if not options.memory:
                times = []
                for number in range(1, 21):
                    time.sleep(SETTLED)
                    times.append(save(article, page, number))
                row("saved to read, s: median of 20", f"{statistics.median(times):.2f}")
                row("the fastest and the slowest", f"{min(times):.2f}–{max(times):.2f}")
                row("reloads of 20 saves 1.5 s apart", str(steady(article, page)))
            row("slowest request meanwhile, s", slow.end())
            for number in range(1, options.saves + 1):
                save(article, page, 1000 + number)
                if number in {*WEIGHED, options.saves}:
                    time.sleep(SETTLED)
                    row(f"memory after {number} saves, MB", memory(process.pid))
            browser.close()
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def row(name: str, value: str) -> None:
    """Print one row at once: all of it takes long."""
    print(f"| {name} | {value} |", flush=True)


def follow(process: subprocess.Popen[str], done: threading.Event) -> None:
    """Read what is said, until the end; tell when the first build is through."""
    for line in process.stdout:
        if "All pages are there" in line:
            done.set()


ORIGINAL: dict[Path, str] = {}


def write(article: Path, what: str) -> None:
    """Save an article with two sentences more, one of them by somebody new."""
    text = ORIGINAL.setdefault(article, article.read_text("utf-8"))
    new = what.title().replace(" ", "")
    said = f"“It is as grey as {new.lower()},” said {new} Moor."
    article.write_text(f"{text.rstrip()}\n\nNews {what} came.\n\n{said}\n", "utf-8")


def save(article: Path, page: Page, number: int) -> float:
    """Save, and say after how many seconds the words were in the page.

    The page itself notes when: Playwright looks again only every half second after a while.
    """
    write(article, f"number {number}")
    start, words = time.time(), f"News number {number} came."
    page.get_by_text(words, exact=True).wait_for(state="attached", timeout=120_000)
    return page.evaluate("words => window.seen[words]", words) / 1000 - start


def steady(article: Path, page: Page) -> int:
    """How many of 20 saves were there before the next one."""
    seen = 0
    for number in range(20):
        write(article, f"steady {number}")
        end = time.perf_counter() + 1.5
        words = page.get_by_text(f"News steady {number} came.", exact=True)
        while time.perf_counter() < end - 0.02:
            if not words.count():
                time.sleep(0.02)
                continue
            seen += 1
            break
        time.sleep(max(0.0, end - time.perf_counter()))
    return seen


class Slowest:
    """Asks for a page all the while."""

    def __init__(self, address: str, inner: str) -> None:
        found = re.match(r"http://([^/]+)(.*)", address)
        self.host, self.path = found[1], f"{found[2]}{inner}/"
        self.times: list[float] = []
        self.is_over = False
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self) -> None:
        """Ask every 20 ms, over one connection."""
        link = http.client.HTTPConnection(self.host)
        while not self.is_over:
            start = time.perf_counter()
            link.request("GET", self.path)
            link.getresponse().read()
            self.times.append(time.perf_counter() - start)
            time.sleep(0.02)

    def end(self) -> str:
        """The slowest, the 99th of 100, and how many there were."""
        self.is_over = True
        self.thread.join()
        ordered = sorted(self.times)
        late = sum(each > 0.1 for each in ordered)
        ninety_nine = ordered[int(len(ordered) * 0.99)]
        return f"{ordered[-1]:.3f} (99 %: {ninety_nine:.3f}; {late} of {len(ordered)} over 0.1)"


def memory(process: int) -> str:
    """Megabytes that the server and its children hold."""
    table = subprocess.run(
        ["ps", "-o", "rss=", "--pid", str(process), "--ppid", str(process)],
        check=True,
        capture_output=True,
        text=True,
    )
    return " + ".join(str(int(line) // 1024) for line in table.stdout.split())


if __name__ == "__main__":
    raise SystemExit(main())
