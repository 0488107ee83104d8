"""A card: the picture that stands for a report where its link is shared.

Nothing but Pillow draws it, with fonts that are in the package, so the same words give the same
bytes.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import msgspec
import PIL
from msgspec import Struct
from PIL import Image, ImageDraw, ImageFont

from builder.model import Gallery
from builder.settings import Settings

SIZE = (1200, 630)
"""Pixels, as services that show cards ask for."""
LAYOUT = 2
"""Raised when the same words shall give another picture than before."""

_FONTS = Path(__file__).parent / "fonts"
_BOLD, _SERIF, _SANS = "NotoSerif-Bold.ttf", "NotoSerif-Regular.ttf", "NotoSans-Regular.ttf"

# The colours of `site.css`, in the light.
_PAPER, _INK, _SOFT, _ACCENT, _TINT = "#fdfcf9", "#1b1a18", "#5f5b54", "#96231b", "#fcf2d5"
_RAMPS = ((_PAPER, _INK), (_PAPER, _SOFT), (_PAPER, _ACCENT), (_TINT, _INK))
"""From which colour to which letters and lines go at their edges."""
_TRIED = ((3, 7), (3, 9), (2, 9))
"""Colours of each of these, and how hard zlib packs, until the card is small enough. 9 takes five
times as long as 7 and saves a tenth."""
MOST = 500
"""Letters of a text that are looked at: more have no room."""
LARGEST = 20_000
"""Bytes of a card."""

_LEFT, _RIGHT, _TOP, _FOOT = 72, 1128, 64, 546
_HEADLINE = (68, 60, 54, 48, 42)
_QUOTE = (36, 32, 28)
"""Sizes of letters that are tried, in pixels."""
_SMALL = 27
_GAP = 34
"""Pixels between headline and quotation."""
_INSET = 28
"""Pixels between the quotation's tint and its words."""


class Card(Struct, frozen=True, kw_only=True):
    """The words of a card; what is empty is not there."""

    site: str
    headline: str = ""
    text: str = ""
    """A sentence below the headline, instead of a quotation."""
    quote: str = ""
    source: str = ""
    """Whose words these are."""
    sourcing: str = ""


def are_made(settings: Settings, gallery: Gallery) -> bool:
    """Cards need whole addresses, for other sites show them, and a place to be kept in."""
    return bool(gallery.cache and settings.site.url and settings.pictures.cards)


def of_site(settings: Settings, gallery: Gallery) -> Card | None:
    """The card of all pages that are no reports; None if it is not made or cannot be drawn."""
    card = readable(Card(site="", headline=settings.site.title, text=settings.site.description))
    return card if card.headline and are_made(settings, gallery) else None


def path(card: Card) -> str:
    """Where a card is published: the same for those that look the same."""
    what = msgspec.msgpack.encode((card, LAYOUT, _fonts(), PIL.__version__))
    return f"assets/cards/{blake2b(what, digest_size=6).hexdigest()}.png"


@lru_cache(maxsize=1)
def _fonts() -> str:
    digest = blake2b(digest_size=8)
    for name in (_BOLD, _SERIF, _SANS):
        digest.update((_FONTS / name).read_bytes())
    return digest.hexdigest()


def readable(card: Card) -> Card:
    """The card with those words alone that its fonts have letters for.

    Scripts that are written from right to left, that join their letters or that have thousands of
    them are left out rather than drawn wrong.
    """

    def drawn(text: str) -> str:
        shown = " ".join(unicodedata.normalize("NFC", text[:MOST]).replace("\u00ad", "").split())
        return shown if all(map(_has, shown)) else ""

    quote, source = drawn(card.quote), drawn(card.source)
    return Card(
        site=drawn(card.site),
        headline=drawn(card.headline),
        text=drawn(card.text),
        quote=quote if source else "",
        source=source if quote else "",
        sourcing=drawn(card.sourcing),
    )


@lru_cache(maxsize=4096)
def _has(letter: str) -> bool:
    """Whether all fonts have a picture of a letter: one that is not that of no letter."""
    if unicodedata.combining(letter):
        return False
    return all(
        letter.isspace() or _bitmap(name, letter) != _nothing(name)
        for name in (_BOLD, _SERIF, _SANS)
    )


@lru_cache(maxsize=3)
def _nothing(name: str) -> bytes:
    """What a font shows for a letter that it does not have."""
    return _bitmap(name, "\U0010ffff")


def _bitmap(name: str, letter: str) -> bytes:
    mask = _font(name, _SMALL).getmask(letter)
    return bytes(mask) + repr(mask.size).encode()


@lru_cache(maxsize=32)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """A font; laid out in the plain way, which is the same on every machine."""
    return ImageFont.truetype(_FONTS / name, size, layout_engine=ImageFont.Layout.BASIC)


def drawing(card: Card) -> bytes:
    """The card as a PNG of few colours, 1200 × 630 pixels, of at most `LARGEST` bytes or so.

    Args:
        card: Its words, `readable`.
    """
    image = Image.new("RGB", SIZE, _PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, SIZE[0], 14), _ACCENT)
    small = _font(_SANS, _SMALL)
    draw.text((_LEFT, 48), _clipped(card.site, small, _RIGHT - _LEFT), _ACCENT, small)
    below = _quotation(card, draw)
    top = 108
    for line, font, height in _headline(card, below - top):
        draw.text((_LEFT, top), line, _INK, font)
        top += height
    if card.text:
        lines, font, height = _fitted(card.text, _SERIF, _QUOTE, _FOOT - top - _GAP)
        for number, line in enumerate(lines):
            draw.text((_LEFT, top + _GAP + number * height), line, _SOFT, font)
    if card.sourcing:
        draw.line((_LEFT, _FOOT, _RIGHT, _FOOT), _SOFT, 1)
        draw.text((_LEFT, _FOOT + 20), _clipped(card.sourcing, small, _RIGHT - _LEFT), _SOFT, small)
    data = b""
    for steps, level in _TRIED:
        out = io.BytesIO()
        few = image.quantize(palette=_palette(steps), dither=Image.Dither.NONE)
        few.save(out, "PNG", compress_level=level)
        data = out.getvalue()
        if len(data) <= LARGEST:
            break
    return data


def _quotation(card: Card, draw: ImageDraw.ImageDraw) -> int:
    """Draw the quotation and its source from the foot upwards; where they begin."""
    if not card.quote:
        return _FOOT
    small = _font(_SANS, _SMALL)
    lines, font, height = _fitted(card.quote, _SERIF, _QUOTE, 150, inset=_INSET)
    foot = _FOOT - 22
    top = foot - len(lines) * height - _SMALL - 44
    draw.rectangle((_LEFT, top, _RIGHT, foot), _TINT)
    for number, line in enumerate(lines):
        draw.text((_LEFT + _INSET, top + 14 + number * height), line, _INK, font)
    source = _clipped(card.source, small, _RIGHT - _LEFT - 2 * _INSET)
    draw.text((_LEFT + _INSET, foot - _SMALL - 20), source, _INK, small)
    return top - _GAP


def _headline(card: Card, room: int) -> Iterator[tuple[str, ImageFont.FreeTypeFont, int]]:
    lines, font, height = _fitted(card.headline, _BOLD, _HEADLINE, room)
    return ((line, font, height) for line in lines)


def _fitted(
    text: str, name: str, sizes: tuple[int, ...], room: int, inset: int = 0
) -> tuple[list[str], ImageFont.FreeTypeFont, int]:
    """Lines, their font and the height of one: the largest that fits, else cut with an ellipsis."""
    width = _RIGHT - _LEFT - 2 * inset
    for size in sizes:
        font, height = _font(name, size), round(size * 1.28)
        lines = list(_lines(text, font, width))
        if len(lines) * height <= room:
            return lines, font, height
    most = max(1, room // height)
    last = f"{lines[most - 1]}…" if len(lines) > most else lines[most - 1]
    return [*lines[: most - 1], _clipped(last, font, width)], font, height


def _lines(text: str, font: ImageFont.FreeTypeFont, width: int) -> Iterator[str]:
    """The text in lines; a word that is wider than one is broken."""
    line = ""
    for word in text.split():
        rest = word
        if font.getlength(f"{line} {rest}".strip()) <= width:
            line = f"{line} {rest}".strip()
            continue
        if line:
            yield line
        while font.getlength(rest) > width:
            at = next(n for n in range(1, len(rest)) if font.getlength(rest[: n + 1]) > width)
            yield rest[:at]
            rest = rest[at:]
        line = rest
    if line:
        yield line


def _clipped(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    """The text, or as much of it as goes on one line, with an ellipsis."""
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(f"{text.rstrip('…')}…") > width:
        text = text.rstrip("…")[:-1].rstrip()
    return f"{text.rstrip('…')}…"


@lru_cache(maxsize=2)
def _palette(steps: int) -> Image.Image:
    """The colours between paper and words.

    It is filled up, so that a pixel is a byte: whole bytes repeat and are packed better.
    """
    colours: list[int] = []
    for first, last in _RAMPS:
        ends = [tuple(bytes.fromhex(each[1:])) for each in (first, last)]
        for step in range(steps):
            share = step / (steps - 1)
            colours += [round(a + (b - a) * share) for a, b in zip(*ends, strict=True)]
    image = Image.new("P", (1, 1))
    image.putpalette(colours + colours[:3] * (256 - len(colours) // 3))
    return image
