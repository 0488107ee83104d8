"""What a site publishes: how many kilobytes an article, and whether every quote finds its passage.

    python bench/published.py --texts DIR [--articles N]    a site of the first N text files
    python bench/published.py --site DIR                    a copy of a site

Counts bytes by kind of file (see sizes.py), and looks up every TextQuoteSelector of every
annotation in the page that it is about: its prefix, words and suffix must be there once, and in the
report's text; where words are selected by their place alone, there must be some. Ends with 1 if one
is wrong. `--cache DIR` keeps what was read for the next time. Nothing in DIR is changed.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from builds import arguments, made
from sizes import built, table

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from page_text import body_text, page_text, passage

ANNOTATIONS = "annotations.jsonld"


def main() -> int:
    """Build once and print a table and what is wrong."""
    parser = arguments(__doc__)
    parser.add_argument("--cache", type=Path, help="where to keep what was read")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "site"
        made(options, root)
        built(root, options.workers, options.cache)
        output = root / "output"
        print(table(output))
        found: Counter[str] = Counter()
        for path in sorted(output.rglob(f"*/{ANNOTATIONS}")):
            for kind, fault in selectors(path):
                found[kind] += 1
                if fault:
                    found["wrong"] += 1
                    print(f"{path.parent.relative_to(output)}: {fault}")
    places = found["CssSelector"]
    print(
        f"\n{found['TextQuoteSelector']} quotes of statements and {places} selected by place alone;"
    )
    print(f"{found['wrong']} not found once in their page")
    return 1 if found["wrong"] else 0


def selectors(path: Path) -> Iterator[tuple[str, str]]:
    """The kind of each selector of a page of annotations, and what is wrong with it, or nothing."""
    html = path.with_name("index.html").read_text(encoding="utf-8")
    page, body = page_text(html), body_text(html)
    for item in json.loads(path.read_bytes())["items"]:
        targets = item["target"] if isinstance(item["target"], list) else [item["target"]]
        for target in targets:
            by = target["selector"]
            if by["type"] != "TextQuoteSelector":
                at = by["refinedBy"]
                there = passage(body, at["start"], at["end"]).strip()
                yield by["type"], "" if there else f"nothing at {at}"
                continue
            whole = by["prefix"] + by["exact"] + by["suffix"]
            often = page.count(whole)
            fine = often == 1 and whole in body
            yield by["type"], "" if fine else f"{often} times: {by['exact']!r}"


if __name__ == "__main__":
    raise SystemExit(main())
