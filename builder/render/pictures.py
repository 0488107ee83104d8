"""The size of a picture, so that a page keeps its place free."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import Image


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
