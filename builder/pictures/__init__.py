"""The pictures of a site: looked at, cleaned, and made in the sizes and formats that browsers want.

What was made lies in the cache under a hash of the picture's bytes and of all that decides what
becomes of them, so a picture is worked on once.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Literal

import msgspec
import PIL
from msgspec import Struct
from msgspec.structs import replace

from builder import keeping
from builder.errors import Place, Problem
from builder.model import Asset, Gallery, Picture, Rendition
from builder.pictures import formats
from builder.pictures.work import RECIPE, Work, looked_at, worked
from builder.settings import PictureSettings

SUFFIXES = (".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp")
"""Of files that are held to be pictures whatever their bytes are."""
FOLDER = "pictures"
"""In the cache."""
PUBLISHED = "assets/pictures"


def make(
    root: Path,
    assets: Iterable[Asset],
    shown: Collection[str],
    settings: PictureSettings,
    cache: Path,
) -> Gallery:
    """What there is to show of each picture.

    Args:
        root: The site's folder.
        assets: All files that are published; those that are no pictures by their bytes or suffix,
            and that no article shows as one, are passed over.
        shown: Where those are published that articles show; the others have no sizes.
        settings: Which sizes and formats are wanted.
        cache: Where it is kept; files that no picture needs any more are removed from it.
    """
    folder = cache / FOLDER
    made: dict[str, Picture] = {}
    keys: set[str] = set()
    for asset in assets:
        form = formats.format_of(root / asset.source)
        file = _File(asset, form, asset.path in shown)
        if not file.is_picture:
            continue
        own = settings if file.is_shown else replace(settings, formats=(), widths=())
        key = _key(file, own)
        keys.add(key)
        made[asset.source] = _kept(folder, key) or _made(root, file, own, folder, key)
    if folder.is_dir():
        for old in folder.iterdir():
            if old.name[:_LENGTH] not in keys:
                old.unlink(missing_ok=True)
    return Gallery(pictures=made, cache=cache)


def faults(
    assets: Iterable[Asset], made: Mapping[str, Picture], shown: Mapping[str, Place]
) -> Iterator[Problem]:
    """What is wrong with pictures, each where an article first shows it, or at the file itself.

    Args:
        assets: All files that are published.
        made: What `make` gave.
        shown: Where articles name pictures, by where those are published.
    """
    for asset in assets:
        picture, name = made.get(asset.source), posixpath.basename(asset.source)
        place = shown.get(asset.path, Place(asset.source))
        if picture and picture.fault:
            why, hint = picture.fault
            yield Problem(
                place=place,
                code="bad-picture",
                message=f"the picture {name} cannot be shown: {why}",
                hint=hint,
            )
        if picture and picture.telling:
            yield Problem(
                place=place,
                code="telling-picture",
                message=f"{name} is published with what it tells of who made it, when and where: "
                f"that cannot be taken out of {picture.telling}",
                level="warning",
                hint="save it as JPEG, PNG or WebP, or without metadata (EXIF, XMP, IPTC)",
            )


_LENGTH = 16
"""Letters of a key."""


class _File(Struct, frozen=True):
    """A file that may be a picture."""

    asset: Asset
    form: str
    """By its bytes: see `formats.format_of`."""
    is_shown: bool
    """Whether an article shows it."""

    @property
    def is_called(self) -> bool:
        """Whether its name says that it is a picture that browsers show."""
        return self.asset.path.lower().endswith(SUFFIXES)

    @property
    def is_picture(self) -> bool:
        """Whether it is held to be a picture: it is shown or called one, or its bytes are one's."""
        known = self.form in formats.SHOWN or self.form in formats.KEPT
        return self.is_shown or self.is_called or known

    @property
    def fault(self) -> tuple[str, str] | None:
        """What is wrong with it as a picture, as far as its format and its name show it."""
        if self.form == formats.SVG:
            if self.asset.path.lower().endswith(".svg"):
                return None
            return "it is a drawing in SVG and not called so", "let its name end in .svg"
        if not self.form or self.form in formats.SHOWN:
            return None
        article = "an" if self.form == "icon" else "a"
        return f"it is {article} {self.form} file, which not all browsers show", _SAVE


_SAVE = "save it as JPEG, PNG, WebP or AVIF"


def _key(file: _File, settings: PictureSettings) -> str:
    """Everything that decides what becomes of a picture."""
    suffix = file.asset.path.rpartition(".")[2].lower()
    what = (file.asset.digest, suffix, settings, file.is_shown, RECIPE, PIL.__version__)
    return blake2b(msgspec.msgpack.encode(what), digest_size=_LENGTH // 2).hexdigest()


def _kept(folder: Path, key: str) -> Picture | None:
    """What is remembered of a picture, if all files that belong to it are there."""
    try:
        data = keeping.unsealed((folder / f"{key}.json").read_bytes())
        found = msgspec.json.decode(data, type=Work)
    except (OSError, ValueError):
        return None
    picture = _picture(folder, key, found)
    each = (*picture.renditions, *([picture.clean] if picture.clean else []))
    return picture if all(Path(one.source).is_file() for one in each) else None


def _made(root: Path, file: _File, settings: PictureSettings, folder: Path, key: str) -> Picture:
    source, form = root / file.asset.source, file.form
    found, files = Work(), dict[str, bytes]()
    if form in formats.KEPT and not (file.is_shown or file.is_called):
        found = Work(telling=form if formats.tells(source, form) else "")
    elif fault := file.fault or looked_at(source):
        found = Work(fault=fault)
    else:
        found, files = worked(source, settings)
    if found.fault:
        return Picture(fault=found.fault)
    for name, data in files.items():
        keeping.must_keep(folder / f"{key}{name}", data)
    keeping.must_keep(folder / f"{key}.json", keeping.seal(msgspec.json.encode(found)))
    return _picture(folder, key, found)


def _picture(folder: Path, key: str, work: Work) -> Picture:
    def rendition(name: str, width: int) -> Rendition:
        return Rendition(
            path=f"{PUBLISHED}/{key}{name}",
            source=str((folder / f"{key}{name}").resolve()),
            digest=f"{key}{name}",
            width=width,
            format=_FORMATS.get(name.rpartition(".")[2], "original"),
        )

    return Picture(
        width=work.width,
        height=work.height,
        clean=rendition(work.clean, work.width) if work.clean else None,
        renditions=tuple(rendition(name, width) for name, width in work.sizes),
        fault=work.fault,
        telling=work.telling,
    )


_FORMATS: Mapping[str, Literal["avif", "webp"]] = {"avif": "avif", "webp": "webp"}
