"""What was made of the pictures that a site shows."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from msgspec import Struct, field

PictureFormat = Literal["avif", "webp"]


class Rendition(Struct, frozen=True, kw_only=True):
    """One picture in one size and format."""

    path: str
    """Where it is published, relative to the site's root."""
    source: str
    """Where it lies in the cache."""
    digest: str
    """Stands for its bytes."""
    width: int
    """In pixels."""
    format: PictureFormat | Literal["original"]
    """`original`: the picture's own format, without what must not be published."""


class Picture(Struct, frozen=True, kw_only=True):
    """A picture beside an article, or of `static/`."""

    width: int = 0
    """In pixels, as it is shown: a telephone's turn of the camera is taken into account."""
    height: int = 0
    clean: Rendition | None = None
    """What is published instead of the file: the same without metadata; None if it has none."""
    renditions: tuple[Rendition, ...] = ()
    """By format in the order of the setting, then by width."""
    fault: tuple[str, str] | None = None
    """What is wrong with it, and how to mend that; such a picture is not published."""
    telling: str = ""
    """Its format, if it is published with metadata that cannot be taken out."""


class Gallery(Struct, frozen=True, kw_only=True):
    """The pictures of a site, and where more can be kept."""

    pictures: dict[str, Picture] = field(default_factory=dict)
    """By where they lie: `content/2026/crane.jpg`."""
    cache: Path | None = None
    """Where cards are kept; None: there are none."""
