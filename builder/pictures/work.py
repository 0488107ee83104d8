"""One picture: whether it is sound, what must not be published of it, and its sizes."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.parsers import expat

from msgspec import Struct
from PIL import Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError, features

from builder.model import PictureFormat
from builder.settings import PictureSettings

RECIPE = 3
"""Raised when the same picture and settings shall give other files than before."""
LONGEST = 16_000
"""Pixels of a side. Cameras stay far below; WebP ends at 16,383, JPEG at 65,535."""
MOST = 64_000_000
"""Pixels in all: a quarter of a gigabyte once it is unpacked."""
WORTH = 0.85
"""How large a smaller size is at the most, compared with the next larger one."""
LARGEST_SVG = 2_000_000
"""Bytes of a drawing in SVG that is read through for scripts."""

_READ = ("AVIF", "GIF", "JPEG", "PNG", "WEBP")
"""What is opened at all, in Pillow's names; others have readers that run other programs."""
_QUALITY: dict[PictureFormat, dict[str, int]] = {
    # One thread: with several, the same picture could give other bytes.
    "avif": {"quality": 55, "speed": 6, "max_threads": 1},
    "webp": {"quality": 78, "method": 5},
}
_FLAT: dict[str, int | bool] = {"lossless": True, "quality": 70, "method": 4}
"""WebP for drawings with few colours, in their own size."""
_FEW = 256
"""Colours of such a drawing."""
_ENDS = {"JPEG": b"\xff\xd9", "PNG": b"IEND\xaeB`\x82"}
"""Last bytes; what follows them is no picture, often a film, with the place it was taken at."""
_ORIENTATION = 0x0112
"""The EXIF tag that says how the camera was held; 1 is upright."""
_TELLING = ("exif", "xmp", "XML:com.adobe.xmp", "photoshop", "comment", "Raw profile type exif")
"""What Pillow calls metadata that may say who took a picture, where, and when."""
_ACTIVE = frozenset({"script", "handler", "foreignobject", "iframe", "embed", "object"})
"""Elements that could run in a drawing that is opened by itself, whatever their namespace."""

_TOO_LARGE = (
    f"make it smaller: at most {LONGEST:,} pixels a side, {MOST // 1_000_000} million in all"
)
_PLAIN_SVG = "export it anew as plain SVG"
_NO_DRAWING = "its bytes are no drawing in SVG"
_SCRIPT = "a script is in it"
_BROKEN = "save it anew with a program for pictures, as JPEG, PNG, WebP or AVIF"


class Work(Struct, frozen=True, kw_only=True):
    """What became of one picture; names of files are what follows the picture's key."""

    width: int = 0
    height: int = 0
    clean: str = ""
    sizes: tuple[tuple[str, int], ...] = ()
    """Names and widths."""
    fault: tuple[str, str] | None = None


def looked_at(file: Path) -> tuple[str, str] | None:
    """What is wrong with a picture and how to mend it, as far as that shows without unpacking."""
    try:
        if file.suffix.lower() == ".svg":
            return _svg(file)
        if zipfile.is_zipfile(file):
            return "a ZIP archive is in it", _BROKEN
        with _quiet(), Image.open(file, formats=_READ) as image:
            width, height = image.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return "it is far too large", _TOO_LARGE
    except UnidentifiedImageError:
        return "its bytes are no picture", _BROKEN
    except Exception as error:  # noqa: BLE001 - whatever a reader of broken files may raise
        return f"it cannot be read: {_words(error)}", _BROKEN
    if max(width, height) > LONGEST or width * height > MOST:
        return f"it is {width:,} × {height:,} pixels large", _TOO_LARGE
    return None


def worked(file: Path, settings: PictureSettings) -> tuple[Work, dict[str, bytes]]:
    """What is to be published of a picture that looks sound, and the files, by name.

    A picture that moves, and a drawing in SVG, stay as they are.
    """
    if file.suffix.lower() == ".svg":
        return Work(), {}
    try:
        with _quiet(), Image.open(file, formats=_READ) as image:
            if getattr(image, "is_animated", False) and image.format != "MPO":
                return Work(width=image.width, height=image.height), {}
            image.load()
            shown = ImageOps.exif_transpose(image)
            files: dict[str, bytes] = {}
            clean = ""
            if image.format != "GIF" and _tells(file, image):
                clean = f"-clean.{(image.format or '').lower().replace('mpo', 'jpeg')}"
                files[clean] = _cleaned(image, shown)
            plain = _plain(shown)
            first = len(files.get(clean, b"")) or file.stat().st_size
            sizes = tuple(_sizes(plain, settings, first, files))
    except Exception as error:  # noqa: BLE001 - as above
        return Work(fault=(f"it cannot be read: {_words(error)}", _BROKEN)), {}
    width, height = shown.size
    return Work(width=width, height=height, clean=clean, sizes=sizes), files


def _words(error: Exception) -> str:
    """What a reader says of a broken file, on one line."""
    return " ".join(str(error).split())[:80].rstrip(".") or type(error).__name__


@contextmanager
def _quiet() -> Iterator[None]:
    """Pillow's warnings are for programmers; that of a picture too large is an answer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield


def _svg(file: Path) -> tuple[str, str] | None:
    with file.open("rb") as stream:
        data = stream.read(LARGEST_SVG + 1)
    if len(data) > LARGEST_SVG:
        return "it is far too large", "draw it with fewer points, or save it as PNG"
    reader = expat.ParserCreate(namespace_separator=" ")
    reader.buffer_text = True
    root = ""

    def element(name: str, attributes: dict[str, str]) -> None:
        nonlocal root
        root = root or _local(name)
        if root != "svg":
            raise _SvgError(_NO_DRAWING)
        if _local(name) in _ACTIVE or any(_runs(*each) for each in attributes.items()):
            raise _SvgError(_SCRIPT)

    def doctype(_name: str, _system: str | None, _public: str | None, own: int) -> None:
        # What it declares could stand for anything, and for very much of it.
        if own:
            raise _SvgError("it declares names of its own")

    def instruction(target: str, _data: str) -> None:
        # A style sheet in XSLT can make a script.
        if target.lower() == "xml-stylesheet":
            raise _SvgError("a style sheet is fetched for it")

    reader.StartElementHandler = element
    reader.StartDoctypeDeclHandler = doctype
    reader.ProcessingInstructionHandler = instruction
    try:
        reader.Parse(data, True)
    except _SvgError as error:
        return str(error), _PLAIN_SVG
    except (expat.ExpatError, LookupError, ValueError) as error:
        return (f"it cannot be read: {error}" if root else _NO_DRAWING), _PLAIN_SVG
    return None


class _SvgError(Exception):
    """Why a drawing is not published."""


def _local(name: str) -> str:
    """The name of an element or attribute without its namespace."""
    return name.rpartition(" ")[2].lower()


def _runs(name: str, value: str) -> bool:
    """Whether an attribute, as a browser reads it, is a script or leads to one."""
    return (
        _local(name).startswith("on") or "javascript:" in re.sub(r"[\x00-\x20]", "", value).lower()
    )


def _tells(file: Path, image: ImageFile.ImageFile) -> bool:
    """Whether anything but the picture is in its file."""
    if image.format == "MPO" or any(image.info.get(name) for name in _TELLING):
        return True
    if getattr(image, "text", None):
        return True
    end = _ENDS.get(image.format or "")
    if end is None:
        return False
    with file.open("rb") as stream:
        stream.seek(-len(end), io.SEEK_END)
        return bool(stream.read() != end)


def _cleaned(image: ImageFile.ImageFile, shown: Image.Image) -> bytes:
    """The picture in its own format and size, turned the right way, with its colours alone."""
    out = io.BytesIO()
    profile = image.info.get("icc_profile")
    match image.format:
        case "JPEG" if shown.size == image.size and not _is_turned(image):
            image.save(out, "JPEG", quality="keep", comment=b"", icc_profile=profile, optimize=True)
        case "JPEG" | "MPO":
            shown.save(out, "JPEG", quality=92, comment=b"", icc_profile=profile, optimize=True)
        case "PNG":
            shown.info = {key: shown.info[key] for key in ("transparency",) if key in shown.info}
            shown.save(out, "PNG", icc_profile=profile, optimize=True)
        case _:
            shown.save(out, image.format or "WEBP", quality=90, icc_profile=profile)
    return out.getvalue()


def _is_turned(image: Image.Image) -> bool:
    return bool(image.getexif().get(_ORIENTATION, 1) != 1)


def _plain(image: Image.Image) -> Image.Image:
    """The picture in the colours of the web, with transparency only if it has any."""
    if image.mode.startswith("I;16") or image.mode == "I":
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    has_holes = image.has_transparency_data
    profile = image.info.get("icc_profile")
    wanted = "RGBA" if has_holes else "RGB"
    if profile and image.mode in {"RGB", "RGBA", "CMYK", "L"}:
        try:
            found = ImageCms.profileToProfile(
                image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), _SRGB, outputMode=wanted
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            found = None
        image = found or image
    plain = image.convert(wanted)
    plain.info = {}
    return plain


_SRGB = ImageCms.createProfile("sRGB")


def _sizes(
    image: Image.Image, settings: PictureSettings, largest: int, files: dict[str, bytes]
) -> Iterator[tuple[str, int]]:
    """Names and widths; their bytes go to `files`.

    What is no smaller than the picture itself helps nobody, nor what is hardly smaller than the
    same in a larger size.
    Charts and other drawings with few colours are WebP alone: it keeps their lines sharp, and is
    smaller there than AVIF.

    Args:
        image: The picture.
        settings: What is wanted.
        largest: Bytes of the picture itself.
        files: Takes what is made.
    """
    widths = sorted({width for width in settings.widths if width < image.width})
    if settings.widths and image.width <= max(settings.widths):
        widths.append(image.width)
    is_flat = image.getcolors(_FEW) is not None
    wanted = ("webp",) if is_flat and "webp" in settings.formats else settings.formats
    scaled = {width: _scaled(image, width) for width in widths}
    for form in wanted:
        if not features.check(form):
            continue
        kept: list[tuple[str, int]] = []
        least = largest
        for width in reversed(widths):
            whole = is_flat and form == "webp" and width == image.width
            out = io.BytesIO()
            scaled[width].save(out, form.upper(), **(_FLAT if whole else _QUALITY[form]))
            if len(out.getvalue()) < least * (WORTH if kept else 1):
                least = len(out.getvalue())
                name = f"-{width}.{form}"
                files[name] = out.getvalue()
                kept.append((name, width))
        yield from reversed(kept)


def _scaled(image: Image.Image, width: int) -> Image.Image:
    if width == image.width:
        return image
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS)
