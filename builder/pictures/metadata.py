"""Metadata taken out of PNG, WebP, GIF and BMP, which leaves the picture as it is to the bit."""

from __future__ import annotations

from collections.abc import Iterator

FORMATS = frozenset({"BMP", "GIF", "PNG", "WEBP"})
"""In Pillow's names; also of pictures that move."""

_PNG = frozenset(
    {
        *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS"),
        *(b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI"),
        *(b"bKGD", b"hIST", b"pHYs", b"sPLT"),
        *(b"acTL", b"fcTL", b"fdAT"),
    }
)
"""Chunks that say what the picture looks like (PNG, third edition, 11)."""
_WEBP = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ICCP", b"ANIM", b"ANMF"})
"""The same of WebP (RFC 9649, 2.7)."""
_WEBP_TOLD = 0b0000_1100
"""Flags of `VP8X` that announce EXIF and XMP."""
_FRAME = 16
"""Bytes of an `ANMF` chunk before the chunks in it."""
_GIF_KEPT = frozenset({b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"})
"""Applications whose extensions say how often the picture moves, and what its colours are."""


def without(data: bytes, form: str) -> bytes:
    """A file of `FORMATS` without what is not seen, and what follows its end.

    Args:
        data: The whole file. If it stops in the middle, so does what is returned.
        form: Its format.
    """
    match form:
        case "PNG":
            return data[:8] + b"".join(_png(data))
        case "WEBP":
            chunks = b"".join(_webp(data, 12, 8 + int.from_bytes(data[4:8], "little")))
            return b"RIFF" + (len(chunks) + 4).to_bytes(4, "little") + b"WEBP" + chunks
        case "GIF":
            return b"".join(_gif(data))
        case _:
            return data[: int.from_bytes(data[2:6], "little") or None]


def _png(data: bytes) -> Iterator[bytes]:
    at = 8
    while at + 8 <= len(data):
        kind = data[at + 4 : at + 8]
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if kind in _PNG:
            yield data[at:end]
        if kind == b"IEND":
            return
        at = end


def _webp(data: bytes, at: int, end: int) -> Iterator[bytes]:
    end = min(end, len(data))
    while at + 8 <= end:
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : min(at + 8 + size, end)]
        at += 8 + size + size % 2
        if kind not in _WEBP:
            continue
        if kind == b"VP8X":
            body = bytes([body[0] & ~_WEBP_TOLD]) + body[1:] if body else body
        elif kind == b"ANMF":
            body = body[:_FRAME] + b"".join(_webp(body, _FRAME, len(body)))
        yield kind + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)


def _gif(data: bytes) -> Iterator[bytes]:
    """The pieces of a GIF that are seen (GIF89a, 17 to 27)."""
    at = 13 + _colours(data, 10)
    yield data[:at]
    while at < len(data):
        start = at
        match data[at]:
            case 0x21:
                at = _blocks(data, at + 2)
                label = data[start + 1 : start + 2]
                name = data[start + 3 : start + 14]
                if label == b"\xfe" or (label == b"\xff" and name not in _GIF_KEPT):
                    continue
            case 0x2C:
                at = _blocks(data, at + 11 + _colours(data, at + 9))
            case 0x3B:
                yield data[start : start + 1]
                return
            case _:
                # Readers pass over what they do not know.
                at += 1
                continue
        yield data[start:at]


def _colours(data: bytes, at: int) -> int:
    """Bytes of the table of colours that the flags there announce."""
    flags = data[at] if at < len(data) else 0
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _blocks(data: bytes, at: int) -> int:
    """Where the blocks end that begin there: each has its length before it, the last is empty."""
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return at + 1
