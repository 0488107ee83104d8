"""Hold the demo, as a host serves it, to what accessibility, HTML and speed checkers ask.

python tests/web/check.py [--quick]

Builds the demo and a page full of marks, weighs the demo's articles, serves all compressed under a
path, and runs on every page: axe-core in Chromium with notes and the table of sources closed and open,
light and dark, 390 and 1280 pixels wide; html-validate; vnu; and holds the JSON-LD of every report
to schema-dts, and mails of them to caniemail. Then Lighthouse on the front page, an article and a source. With `--quick`, axe-core
tries one page of every folder and Lighthouse none. Every finding is a line; any makes the exit code 1.
"""

from __future__ import annotations

import argparse
import gzip
import json
import mimetypes
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from msgspec.structs import replace
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
PROJECT = HERE.parent.parent
BIN = HERE / "node_modules" / ".bin"
VNU = HERE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
NOT_KNOWN = ".*(interestfor|violates Content Security Policy).*"
"""`interestfor` is younger than the checker. The policy's `'self'` is nothing to a checker that reads
files, and it reads no local host; that the policy holds, browsers test."""

BUDGETS = {".html": 11_750, ".jsonld": 1_000, ".css": 6_000, ".js": 3_100}
DATA = re.compile(r'<script type="application/ld\+json">.*?</script>', re.DOTALL)
"""What a page says to programs: weighed apart from what it says to readers."""
"""Bytes that an article and what it fetches may weigh, compressed."""
ASSET = re.compile(r'(?:src|href)="([^":]+\.(?:css|js))"')
WIDTHS = (390, 1280)
SCHEMES = ("light", "dark")
JSON_LD = re.compile(r'<script type="application/ld\+json">(.*?)</script>')
REFRESH = 'http-equiv="refresh"'
AUDITED = ("", "2026/sixty-two-towers/", "people/anselm-dacre/")
"""The front page, the longest article, a source."""
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")

sys.path[:0] = [str(HERE.parent), str(PROJECT)]
from hand_set import SETTINGS, write  # noqa: E402 - its folder is not on the path before
from prepare import chromium, chromium_path, java, node, node_packages  # noqa: E402 - its folder is not on the path before
from stress import stress  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--quick", action="store_true", help="axe-core on fewer pages, no Lighthouse"
    )
    quick = parser.parse_args().quick
    if node_packages(HERE) or chromium() or java():
        return 1
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as address:
        built(Path(folder), address)
        full = Path(folder, "2026", "stress")
        url = f"{address}2026/stress/"
        write(stress(), replace(SETTINGS, site=replace(SETTINGS.site, url=url)), full)
        # Of that site only the article is of interest.
        for path in set(full.rglob("*.html")) - {full / "stress" / "index.html"}:
            path.unlink()
        pages = sorted(
            path.relative_to(folder).as_posix().removesuffix("index.html")
            for path in Path(folder).rglob("*.html")
        )
        print(f"{len(pages)} pages", flush=True)
        findings = [*weights(Path(folder), full), *html_validate(Path(folder)), *vnu(Path(folder))]
        findings += schema(Path(folder))
        findings += mails(Path(folder))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium_path(), args=["--no-sandbox"]
            )
            # A page that only leads on to another has nothing to read.
            read = [p for p in pages if REFRESH not in file_of(folder, p).read_text("utf-8")]
            findings += axe(browser, address, of_each_kind(read) if quick else read)
            browser.close()
        if not quick:
            findings += lighthouse(address)
    for finding in findings:
        print(finding)
    print(f"{len(findings)} findings")
    return 1 if findings else 0


def file_of(folder: str, page: str) -> Path:
    return Path(folder, page if page.endswith(".html") else f"{page}index.html")


def built(folder: Path, address: str) -> None:
    """Build the demo into a folder, for the address at which it is served."""
    subprocess.run(
        [sys.executable, "-m", "builder", "build", "--output", str(folder), "--base-url", address],
        cwd=PROJECT,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder at `/news/` as hosts do: compressed, kept for ten minutes, 404.html for the rest."""

    class Host(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            inside = self.path.partition("?")[0].removeprefix("/news/")
            path = (folder / inside).resolve()
            if path.is_dir():
                path /= "index.html"
            there = self.path.startswith("/news/") and path.is_file()
            if not there:
                path = folder / "404.html"
            data = path.read_bytes()
            kind = mimetypes.guess_type(path.name)[0] or "text/html"
            self.send_response(200 if there else 404)
            self.send_header("Content-Type", f"{kind}; charset=utf-8" if "text" in kind else kind)
            self.send_header("Cache-Control", "max-age=600")
            if kind.startswith(("text/", "application/")):
                data = gzip.compress(data)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/news/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def weights(folder: Path, full: Path) -> Iterator[str]:
    """Yield articles heavier than they may be, with all they fetch but pictures; not the full ones."""
    heaviest = dict.fromkeys(BUDGETS, 0)
    for path in sorted(folder.rglob("index.html")):
        page = path.read_text("utf-8")
        if 'class="report"' not in page or full in path.parents:
            continue
        weight = dict.fromkeys(BUDGETS, 0)
        for file in {(path.parent / name).resolve() for name in ASSET.findall(page)}:
            weight[file.suffix] += len(gzip.compress(file.read_bytes(), 9))
        weight[".html"] = len(gzip.compress(DATA.sub("", page).encode(), 9))
        weight[".jsonld"] = len(gzip.compress(page.encode(), 9)) - weight[".html"]
        for kind, most in BUDGETS.items():
            heaviest[kind] = max(heaviest[kind], weight[kind])
            if weight[kind] > most:
                yield f"weight: {path.relative_to(folder)}: {kind} {weight[kind]} bytes, not {most}"
    print(f"heaviest article, compressed: {heaviest}", flush=True)


def html_validate(folder: Path) -> Iterator[str]:
    """Yield what html-validate finds."""
    done = subprocess.run(
        [
            str(BIN / "html-validate"),
            "--config",
            str(HERE / "htmlvalidate.json"),
            "--formatter",
            "json",
            f"{folder}/**/*.html",
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    found = json.loads(done.stdout)
    for page in found:
        for each in page["messages"]:
            where = Path(page["filePath"]).relative_to(folder)
            yield f"html-validate: {where}:{each['line']}: {each['message']} [{each['ruleId']}]"
    print(f"html-validate: {len(found)} pages with findings", flush=True)


def vnu(folder: Path) -> Iterator[str]:
    """Yield what the Nu Html Checker finds."""
    done = subprocess.run(
        [
            *("java", "-jar", str(VNU), "--skip-non-html", "--format", "json"),
            *("--filterpattern", NOT_KNOWN, str(folder)),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    found = json.loads(done.stderr)["messages"]
    for each in found:
        where = each.get("url", "").partition(f"{folder}/")[2]
        yield f"vnu: {where}:{each.get('lastLine', '')}: {each['message']}"
    print(f"vnu: {len(found)} findings", flush=True)


def schema(folder: Path) -> Iterator[str]:
    """Yield where the JSON-LD of a report is no `NewsArticle` as schema-dts has it."""
    lines = ['import type { NewsArticle, WithContext } from "schema-dts";']
    where = [""]
    for page in sorted(folder.rglob("index.html")):
        if data := JSON_LD.search(page.read_text("utf-8")):
            # TypeScript looks for fields that are none only in what is written out.
            lines.append(f"export const a{len(lines)}: WithContext<NewsArticle> = {data[1]};")
            where.append(page.relative_to(folder).as_posix())
    lines.append("// @ts-expect-error: proves that fields that are none are seen")
    lines.append(
        'export const x: WithContext<NewsArticle> = { "@context": "https://schema.org", "@type": "NewsArticle", spokenBy: "" };'
    )
    file = HERE / "node_modules" / ".schema.ts"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    done = subprocess.run(
        [str(BIN / "tsc"), "--noEmit", "--strict", "--skipLibCheck", str(file)],
        check=False,
        capture_output=True,
        text=True,
    )
    file.unlink()
    for fault in done.stdout.splitlines():
        line = re.search(r"\((\d+),\d+\)", fault)
        number = int(line[1]) - 1 if line else 0
        yield f"schema-dts: {where[number] if number < len(where) else ''}: {fault}"
    print(f"schema-dts: {len(where) - 1} reports", flush=True)


MAILS = {
    "three reports": ("2026/sixty-two-towers", "2026/inspectors-warned", "2026/inquiry-opens"),
    "all, announced": ("--since", "2026-01-01", "--leads"),
}
"""The longest reports in full, and all as their beginnings."""
MAILBOXES = ("gmail.*", "outlook.windows", "outlook.ios", "apple-mail.*", "yahoo.*")
WITH_STYLES = (
    "gmail.android",
    "gmail.ios",
    "gmail.desktop-webmail",
    "outlook.ios",
    "apple-mail.*",
    "yahoo.*",
)
"""Those that know `@media`. The others drop the one style sheet and see the mail without it."""
BORNE = {
    "@media": "where it is not known, the mail is as by day",
    "<style> element": "the same",
    "margin": "no negative ones are used, and none is `auto`",
    "padding": "on cells only, where Outlook knows it",
    "text-decoration": "headlines are underlined then",
    "lang attribute": "a reader's voice has the mail's language then",
    "dir attribute": "the tables then run from the left",
    "font-size": "in pixels, which all know",
    "background": "a colour, which all know",
    "role attribute": "where it is taken away nothing else is",
    "max-width": "the width stands as an attribute, too",
    "width property": "the same",
    "width attribute": "in pixels, as Outlook wants it",
    "line-height": "in pixels, which all know",
    "border": "a line is missing then",
    "border-left": "the same",
}
"""Features that some mailboxes know in part, and what becomes of the mail there."""


def mails(folder: Path) -> Iterator[str]:
    """Yield what caniemail finds in newsletters of the demo, but for what is borne."""
    for name, wanted in MAILS.items():
        target = folder / "mail"
        done = subprocess.run(
            [
                *(sys.executable, "-m", "builder", "newsletter", *wanted, "--output", str(target)),
                *("--preset", "mailchimp", "--subject", "mail"),
            ],
            cwd=PROJECT,
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            yield f"caniemail: {name}: {done.stderr}"
            continue
        html = (target / "mail.html").read_text("utf-8")
        # The checker takes every property that ends so for `height`.
        bare = re.sub(r"line-height:\w+;?", "", html)
        unstyled = re.sub(r"<style>.*?</style>", "", bare, flags=re.DOTALL)
        found = [
            *can_i_email(html, MAILBOXES, {"warnings"}),
            *can_i_email(bare, WITH_STYLES, {"errors"}),
            *can_i_email(unstyled, MAILBOXES, {"errors"}),
        ]
        for level, title, client in found:
            if level == "errors" or title not in {*BORNE, "height property"}:
                yield f"caniemail: {name}: {level}: {title} in {client}"
        print(f"caniemail: {name}: {len(html.encode())} bytes, {len(found)} remarks", flush=True)
        shutil.rmtree(target)


def can_i_email(
    html: str, clients: tuple[str, ...], levels: set[str]
) -> Iterator[tuple[str, str, str]]:
    """Levels, features and mailboxes."""
    done = subprocess.run(
        [*node(), str(HERE / "mail.mjs"), *clients],
        input=html,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    for each in json.loads(done.stdout):
        if each["level"] in levels:
            yield each["level"], each["title"], each["client"]


def of_each_kind(pages: list[str]) -> list[str]:
    """Some pages: the first of every folder, and those that Lighthouse is asked about."""
    first = {path.rpartition("/")[0].rpartition("/")[0]: path for path in reversed(pages)}
    return sorted({*first.values(), *AUDITED})


def axe(browser: Browser, address: str, pages: list[str]) -> Iterator[str]:
    """Yield what axe-core finds, with notes closed, a note or the panel open, and what shifts."""
    script = (HERE / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
    looked = 0
    for width in WIDTHS:
        # Colours change slowly for those who like motion: they would be measured on their way.
        context = browser.new_context(
            viewport={"width": width, "height": 800}, bypass_csp=True, reduced_motion="reduce"
        )
        page = context.new_page()
        page.add_init_script(SHIFTS)
        for path in pages:
            page.goto(address + path)
            page.evaluate(script)
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                where = f"{path or 'front page'} at {width} px, {scheme}"
                yield from violations(page, where)
                looked += 1
                for control, opened, name in OPENERS:
                    if page.locator(control).count():
                        page.locator(control).first.click()
                        page.locator(opened).wait_for()
                        yield from violations(page, f"{where}, {name} open")
                        page.keyboard.press("Escape")
                        looked += 1
            if shifted := page.evaluate("window.shifted"):
                yield f"layout shift: {path or 'front page'} at {width} px: {shifted}"
        context.close()
    print(f"axe-core: {looked} states of pages", flush=True)


OPENERS = (
    ("a.ref", ".note:popover-open", "a note"),
    (".sourcing a[href='#who']", "#who:popover-open", "the table of sources"),
)
"""What to click, what opens, and what to call it."""
SHIFTS = """
window.shifted = 0
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) if (!each.hadRecentInput) window.shifted += each.value
}).observe({ type: "layout-shift", buffered: true })
"""


def violations(page: Page, where: str) -> Iterator[str]:
    found = page.evaluate("async () => (await axe.run({resultTypes: ['violations']})).violations")
    for each in found:
        nodes = "; ".join(node["target"][0] for node in each["nodes"][:3])
        yield f"axe: {where}: {each['help']} [{each['id']}] {nodes}"


def lighthouse(address: str) -> Iterator[str]:
    """Yield the categories in which a page does not reach 100."""
    for path in AUDITED:
        done = subprocess.run(
            [
                str(BIN / "lighthouse"),
                address + path,
                "--quiet",
                "--output=json",
                f"--only-categories={','.join(CATEGORIES)}",
                "--chrome-flags=--headless --no-sandbox",
            ],
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, "CHROME_PATH": chromium_path() or ""},
        )
        if done.returncode:
            yield f"lighthouse: {path or 'front page'}: {done.stderr[-500:]}"
            continue
        answer = json.loads(done.stdout)
        scores = {name: round(100 * answer["categories"][name]["score"]) for name in CATEGORIES}
        shift = answer["audits"]["cumulative-layout-shift"]["numericValue"]
        print(f"lighthouse: {path or 'front page'}: {scores}, shift {shift}", flush=True)
        for name, score in scores.items():
            if score < 100:
                audits = [
                    answer["audits"][each["id"]] for each in answer["categories"][name]["auditRefs"]
                ]
                # What does not apply to a page has no score.
                failed = [each["id"] for each in audits if each["score"] not in (None, 1)]
                yield f"lighthouse: {path or 'front page'}: {name} {score}: {', '.join(failed)}"


if __name__ == "__main__":
    raise SystemExit(main())
