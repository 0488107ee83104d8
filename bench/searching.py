"""What search costs: seconds and bytes for an index of a site, and seconds where nothing changed.

    python bench/searching.py --texts DIR [--articles N]    a site of the first N text files
    python bench/searching.py --site DIR                    a copy of a site

Reads the site once; then only the index is made and measured. `--cache DIR` keeps what was read for
the next time. Nothing in DIR is changed.
"""

from __future__ import annotations

import datetime as dt
import resource
import tempfile
from collections.abc import Callable
from pathlib import Path

from builds import arguments, made

from builder import searching
from builder.build import Wishes, build


def main() -> int:
    """Print one table."""
    parser = arguments(__doc__)
    parser.add_argument("--cache", type=Path, help="where to keep what was read")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "site"
        made(options, root)
        now = dt.datetime.now(dt.UTC)
        built = build(root, None, Wishes(now=now, search=True, cache=options.cache))
        memory = Path(scratch) / "memory"

        def index() -> list[bytes]:
            found = searching.files(built.site, built.related, built.settings, root, memory)
            return [file.data for file in found]

        files, first = measured(index)
        _, again = measured(index)
    articles = len(built.site.articles)
    print(f"{articles} articles\n\n| | |\n|---|---|")
    print(f"| first, CPU seconds | {first:.1f} |")
    print(f"| with nothing changed, CPU seconds | {again:.1f} |")
    print(f"| files | {len(files)} |")
    print(f"| KB | {sum(map(len, files)) / 1000:.0f} |")
    print(f"| KB an article | {sum(map(len, files)) / 1000 / articles:.1f} |")
    return 0


def measured(make: Callable[[], list[bytes]]) -> tuple[list[bytes], float]:
    """What was made, and the seconds of CPU that it took, Pagefind's included."""
    before = spent()
    files = make()
    return files, spent() - before


def spent() -> float:
    """Seconds of CPU of this process and of those that it started and that have ended."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


if __name__ == "__main__":
    raise SystemExit(main())
