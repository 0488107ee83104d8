"""How large a drawing in SVG is meant to be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from xml.parsers import expat

_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}
"""Pixels of a unit (CSS Values 3, 5.2); of others, how many depends on where it stands."""
_LENGTH = re.compile(r"\s*\+?(\d{0,9}\.?\d{1,9}(?:e[-+]?\d)?)([a-z]*)\s*", re.IGNORECASE)
FILLING = 1600
"""Width of a drawing that has only a shape: as wide as there is room, which is always less."""
_MOST = 16_000


def size(file: Path) -> tuple[int, int]:
    """Width and height in pixels as browsers take them from the root's attributes.

    Args:
        file: A drawing that was found to be one.

    Returns:
        Zeros if the file says too little. Where it gives its shape alone (`viewBox`) browsers fill
        the room there is; so do these numbers, `FILLING` wide, in the same shape.
    """
    root: dict[str, str] = {}

    def element(_name: str, attributes: dict[str, str]) -> None:
        root.update(attributes)
        reader.StartElementHandler = None

    reader = expat.ParserCreate()
    reader.StartElementHandler = element
    try:
        reader.Parse(file.read_bytes(), True)
    except expat.ExpatError:
        return 0, 0
    return _size(root)


def _size(root: Mapping[str, str]) -> tuple[int, int]:
    width, height = _pixels(root.get("width", "")), _pixels(root.get("height", ""))
    shape = _shape(root.get("viewBox", ""))
    if not (width and height):
        if not shape:
            return 0, 0
        if height:
            width = height * shape
        else:
            width = width or FILLING
            height = width / shape
    shrink = min(1.0, _MOST / max(width, height))
    return max(1, round(width * shrink)), max(1, round(height * shrink))


def _pixels(length: str) -> float:
    """A length; 0 if it is none, or depends on what is around."""
    match = _LENGTH.fullmatch(length)
    return float(match[1]) * _UNITS.get(match[2].lower(), 0.0) if match else 0.0


def _shape(box: str) -> float:
    """How many times as wide as high a `viewBox` is; 0 if it is no box."""
    parts = [_pixels(part.lstrip("-")) for part in re.split(r"[\s,]+", box.strip())]
    return parts[2] / parts[3] if len(parts) == 4 and parts[2] and parts[3] else 0.0
