"""Mistakes that only follow from others are not told."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from builder import content
from builder.errors import Problem
from builder.render.embeds import FOLDER as EMBED
from builder.render.embeds import OEMBED
from builder.render.markdown import NAME as MARKDOWN
from builder.render.web_annotations import NAME as ANNOTATIONS

OF_THE_REGISTER = frozenset(
    {"ambiguous-entity", "hidden-statement", "no-statement", "stale-correction", "unknown-entity"}
)
"""Mistakes of corrections that may name somebody whom only the register knows."""
BESIDE = frozenset({MARKDOWN, ANNOTATIONS, OEMBED})
"""Files beside an article's page: where one page is in the way of another, so are these."""


def first_causes(mistakes: Sequence[Problem], first: Sequence[Problem]) -> Iterator[Problem]:
    """What is wrong, less what only follows from mistakes that were found before."""
    broken = {problem.place.path for problem in first}
    taken = {
        _page(problem.message.partition(" ")[0])
        for problem in first
        if problem.code in {"same-url", "reserved-url"}
    }
    lost = [posixpath.splitext(path)[0].removeprefix("content/") for path in broken]
    for mistake in mistakes:
        match mistake.code:
            case "unknown-article":
                name = mistake.message.rpartition(" ")[2].strip("/")
                follows = any(f"/{one}".endswith(f"/{name}") for one in lost)
            case code if code in OF_THE_REGISTER:
                follows = content.REGISTER in broken
            case "same-url":
                follows = _page(mistake.message.rpartition(" ")[2]) in taken
            case _:
                follows = False
        if not follows:
            yield mistake


def _page(url: str) -> str:
    """What is the same for a page's address, however it is written, and for what lies beside it."""
    folder, _, name = url.rpartition("/")
    page = (folder if name in BESIDE or name == "index.html" else url).strip("/").casefold()
    return page.removesuffix(f"/{EMBED.strip('/')}")
