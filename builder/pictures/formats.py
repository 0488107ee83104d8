"""What a file is by its bytes, whatever it is called, and what in it may tell of its maker."""

from __future__ import annotations

import mmap
import re
from contextlib import suppress
from pathlib import Path

from PIL import Image

SHOWN = ("AVIF", "BMP", "GIF", "JPEG", "PNG", "WEBP")
"""Formats that all browsers show, in Pillow's names; SVG they show by its suffix alone."""
SVG = "SVG"
KEPT = ("HEIC", "JPEG 2000", "JPEG XL", "Photoshop", "TIFF")
"""Formats of cameras and programs for pictures that not all browsers show."""
_HEAD = 4096
"""Bytes that are looked at."""
_SIGNATURES = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",
    b"MM\0+": "TIFF",
    b"8BPS": "Photoshop",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"\xff\x4f\xff\x51": "JPEG 2000",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"\xff\x0a": "JPEG XL",
    b"%PDF-": "PDF",
    b"\0\0\1\0": "icon",
}
"""First bytes, as in the formats' specifications."""
_BMP_HEADS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
"""Lengths of a BMP's second header: `BM` alone is the beginning of many texts."""
_HEIF = {b"avif": "AVIF", b"avis": "AVIF"} | dict.fromkeys(
    (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"), "HEIC"
)
"""Brands of ISO/IEC 23008-12 and of AVIF; those of AVIF count wherever they stand."""
_DRAWING = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>]*>)*<(?:[\w.-]+:)?svg[\s/>]",
    re.DOTALL,
)
"""What stands in XML up to the first element, and that one, if it is SVG's."""
_TELLING_TAGS = frozenset(
    {
        *(0x010E, 0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x013C, 0x8298),
        # XMP, IPTC, Photoshop's own, EXIF, GPS.
        *(0x02BC, 0x83BB, 0x8649, 0x8769, 0x8825),
    }
)
"""TIFF tags that may say who took a picture, where, when and with what."""
_TELLING = (b"Exif", b"http://ns.adobe.com/", b"8BIM\x04\x04", b"8BIM\x04\x22")
"""Where EXIF, XMP or IPTC begins in other formats."""


def format_of(file: Path) -> str:
    """What a file is by its first bytes: of `SHOWN` or `KEPT`, `SVG`, `PDF`, `icon`, or nothing.

    A file that cannot be read is nothing.
    """
    head = b""
    with suppress(OSError), file.open("rb") as stream:
        head = stream.read(_HEAD)
    for signature, name in _SIGNATURES.items():
        if head.startswith(signature):
            return name
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BMP_HEADS:
        return "BMP"
    if head[4:8] == b"ftyp":
        return _heif(head[8 : int.from_bytes(head[:4], "big")])
    return SVG if _DRAWING.match(head) else ""


def tells(file: Path, form: str) -> bool:
    """Whether a file of `KEPT` holds metadata; one that cannot be read may."""
    try:
        if form == "TIFF":
            with Image.open(file, formats=("TIFF",)) as image:
                return not _TELLING_TAGS.isdisjoint(image.getexif())
        with (
            file.open("rb") as stream,
            mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data,
        ):
            return any(data.find(each) >= 0 for each in _TELLING)
    except Exception:  # noqa: BLE001 - whatever a reader of broken files may raise
        return True


def _heif(brands: bytes) -> str:
    """What a file of boxes is by its brands: the major one, a version, and compatible ones."""
    each = [brands[at : at + 4] for at in range(0, len(brands) - 3, 4) if at != 4]
    found = {_HEIF[brand] for brand in each if brand in _HEIF}
    if "AVIF" in found:
        return "AVIF"
    return "HEIC" if found else ""
