"""Hold the demo, as a host serves it, to what accessibility, HTML and speed checkers ask.

python tests/web/check.py [--quick]

Builds the demo, serves it compressed under a path, and runs on every page: axe-core in Chromium with
notes closed and open, light and dark, 390 and 1280 pixels wide; html-validate; vnu; and holds the JSON-LD
of every report to schema-dts. Then Lighthouse
on the front page, an article and a source, unless `--quick`. Every finding is a line; any makes the
exit code 1.
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

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
PROJECT = HERE.parent.parent
BIN = HERE / "node_modules" / ".bin"
VNU = HERE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
NOT_KNOWN = ".*(interestfor|violates Content Security Policy|Trailing slash on void).*"
"""`interestfor` is younger than the checker. The policy's `'self'` is nothing to a checker that reads
files, and it reads no local host; that the policy holds, browsers test. CommonMark's specification
writes `<br />`."""

WIDTHS = (390, 1280)
SCHEMES = ("light", "dark")
JSON_LD = re.compile(r'<script type="application/ld\+json">(.*?)</script>')
REFRESH = 'http-equiv="refresh"'
AUDITED = ("", "2026/sixty-two-towers/", "people/anselm-dacre/")
"""The front page, the longest article, a source."""
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")

sys.path.insert(0, str(HERE.parent))
from prepare import chromium_on_path  # noqa: E402 - its folder is not on the path before


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="leave Lighthouse out")
    quick = parser.parse_args().quick
    if not BIN.exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=HERE, check=True)
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as address:
        built(Path(folder), address)
        pages = sorted(
            path.relative_to(folder).as_posix().removesuffix("index.html")
            for path in Path(folder).rglob("*.html")
        )
        print(f"{len(pages)} pages", flush=True)
        findings = [*html_validate(Path(folder)), *vnu(Path(folder)), *schema(Path(folder))]
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("POSTIL_CHROMIUM") or chromium_on_path(),
                args=["--no-sandbox"],
            )
            # A page that only leads on to another has nothing to read.
            read = [p for p in pages if REFRESH not in file_of(folder, p).read_text("utf-8")]
            findings += axe(browser, address, read)
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
            data = (path if there else folder / "404.html").read_bytes()
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
    if not shutil.which("java"):
        yield "vnu: there is no java: apt-get install default-jre-headless"
        return
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


def axe(browser: Browser, address: str, pages: list[str]) -> Iterator[str]:
    """Yield what axe-core finds, with notes closed and with one open, and where anything shifts."""
    script = (HERE / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
    looked = 0
    for width in WIDTHS:
        for scheme in SCHEMES:
            context = browser.new_context(
                viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True
            )
            page = context.new_page()
            page.add_init_script(SHIFTS)
            for path in pages:
                page.goto(address + path)
                where = f"{path or 'front page'} at {width} px, {scheme}"
                page.evaluate(script)
                yield from violations(page, where)
                looked += 1
                number = page.locator("a.ref").first
                if number.count():
                    number.click()
                    page.locator(":popover-open").first.wait_for()
                    yield from violations(page, f"{where}, a note open")
                    looked += 1
                if shifted := page.evaluate("window.shifted"):
                    yield f"layout shift: {where}: {shifted}"
            context.close()
    print(f"axe-core: {looked} states of pages", flush=True)


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
            env={**os.environ, "CHROME_PATH": chromium_on_path() or ""},
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
                failed = [
                    each["id"]
                    for each in answer["categories"][name]["auditRefs"]
                    if (
                        answer["audits"][each["id"]]["score"]
                        if answer["audits"][each["id"]]["score"] is not None
                        else 1
                    )
                    < 1
                ]
                yield f"lighthouse: {path or 'front page'}: {name} {score}: {', '.join(failed)}"


if __name__ == "__main__":
    raise SystemExit(main())
