"""Where the bytes of a site are: kilobytes an article, by kind of file.

    python bench/sizes.py --output DIR                     a site that is built
    python bench/sizes.py --site DIR [--cache DIR]         a copy of a site, built for this
    python bench/sizes.py --texts DIR [--articles N]       a site of the first N text files

A kilobyte is 1,000 bytes, and files count as they are, uncompressed. HTML, JSON and XML are what
grows with every article; Markdown, tables, pictures and the search are told apart. What a site
becomes is seen with 1,000 and with 5,000 articles: what both have in common an article costs.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections import Counter
from pathlib import Path, PurePosixPath

from builds import POSTIL, arguments, made

from builder.routes import KIND_FOLDER

FORMATS = {
    ".html": "HTML",
    ".json": "JSON",
    ".jsonld": "JSON",
    ".xml": "XML",
    ".md": "Markdown",
    ".csv": "tables",
    ".css": "assets",
    ".js": "assets",
}
GROWING = ("HTML", "JSON", "XML")
ENTITIES = frozenset(KIND_FOLDER.values())


def main() -> int:
    """Build a site, unless one is there, and print a Markdown table."""
    parser = arguments(__doc__, built=True)
    parser.add_argument("--cache", type=Path, help="where to keep what was read")
    options = parser.parse_args()
    if options.output:
        print(table(options.output))
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "site"
        made(options, root)
        built(root, options.workers, options.cache)
        print(table(root / "output"))
    return 0


def built(root: Path, workers: str, cache: Path | None) -> None:
    """Build a site as if for publishing, at an address of ordinary length."""
    build = ["build", "--quiet", "--site", str(root), "--workers", workers]
    build += ["--base-url", "https://example.org/news/"]
    build += ["--cache", str(cache.resolve())] if cache else []
    subprocess.run([*POSTIL, *build], check=True)


def table(output: Path) -> str:
    """Files, kilobytes each and kilobytes an article, the heaviest first."""
    files = [path for path in output.rglob("*") if path.is_file()]
    articles = max(1, sum(path.name == "index.md" for path in files))
    sizes: Counter[str] = Counter()
    often: Counter[str] = Counter()
    for path in files:
        beside = (path.parent / "index.md").exists()
        name = kind(PurePosixPath(path.relative_to(output).as_posix()), beside=beside)
        sizes[name] += path.stat().st_size
        often[name] += 1
    rows = [f"{articles:,} articles", "", "| what | files | KB each | KB an article |"]
    rows.append("|---|--:|--:|--:|")
    for name, size in sizes.most_common():
        each, share = size / often[name] / 1000, size / articles / 1000
        rows.append(f"| {name} | {often[name]:,} | {each:.1f} | {share:.2f} |")
    for wanted in (GROWING[:1], GROWING[1:2], GROWING[2:], GROWING):
        size = sum(n for name, n in sizes.items() if name.partition(",")[0] in wanted)
        rows.append(f"| **{', '.join(wanted)}** | | | **{size / articles / 1000:.1f}** |")
    return "\n".join(rows)


def kind(path: PurePosixPath, *, beside: bool) -> str:
    """What a file is: its format, then whose it is.

    Args:
        path: Where it lies in the output folder.
        beside: Whether a report is in the same folder.
    """
    top = path.parts[0]
    form = FORMATS.get(path.suffix, "pictures and other files")
    if top == "search":
        return "search"
    if form not in GROWING:
        return form
    what = (
        "feeds" if path.stem == "feed" else "annotations" if path.suffix == ".jsonld" else "pages"
    )
    if path.stem.startswith("sitemap"):
        what = "sitemap"
    if beside:
        whose = "of reports"
    elif path.parent.name == "embed":
        whose = "of embeds"
    elif len(path.parts) == 1:
        whose = "of the site"
    elif top in ENTITIES:
        whose = f"of {top}"
    else:
        whose = f"of {top}" if not top.isdecimal() else "of months"
    return f"{form}, {what} {whose}"


if __name__ == "__main__":
    raise SystemExit(main())
