"""The size of pictures, so that a page keeps their places free."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from html import unescape
from pathlib import Path

from PIL import Image

_PICTURE = re.compile(r'<img src="(?P<src>[^"]*)"(?![^>]*\swidth=)')
"""A picture's tag; escaped text cannot look like it."""


def sized(html: str, size_of: Callable[[str], tuple[int, int]]) -> str:
    """The same HTML, with width and height at every picture whose size is known.

    Args:
        html: As the Markdown renderer wrote it.
        size_of: Size of the picture at an address; zeros if it is not known.
    """

    def tag(match: re.Match[str]) -> str:
        width, height = size_of(unescape(match["src"]))
        return f'{match[0]} width="{width}" height="{height}"' if width else match[0]

    return _PICTURE.sub(tag, html)


@lru_cache(maxsize=4096)
def size(path: Path, digest: str) -> tuple[int, int]:
    """Width and height in pixels; zeros for what cannot be read as a picture (an SVG, say).

    Args:
        path: Where it lies.
        digest: The hash of its bytes: a picture that changed is looked at again.
    """
    del digest
    try:
        with Image.open(path) as picture:
            return picture.size
    except (OSError, ValueError):
        return 0, 0
