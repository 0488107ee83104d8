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
from msgspec.structs import replace

from builder import keeping
from builder.errors import Place, Problem
from builder.model import Asset, Gallery, Picture, Rendition
from builder.pictures.work import RECIPE, Work, looked_at, worked
from builder.settings import PictureSettings

SUFFIXES = (".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp")
"""What browsers show as pictures."""
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
        assets: All files that are published as they are; those that are no pictures are passed
            over.
        shown: Where those are published that articles show; the others have no sizes.
        settings: Which sizes and formats are wanted.
        cache: Where it is kept; files that no picture needs any more are removed from it.
    """
    folder = cache / FOLDER
    made: dict[str, Picture] = {}
    keys: set[str] = set()
    for asset in assets:
        if not asset.path.lower().endswith(SUFFIXES):
            continue
        own = settings if asset.path in shown else replace(settings, formats=(), widths=())
        key = _key(asset, own)
        keys.add(key)
        made[asset.source] = _kept(folder, key) or _made(root, asset, own, folder, key)
    if folder.is_dir():
        for file in folder.iterdir():
            if file.name[:_LENGTH] not in keys:
                file.unlink(missing_ok=True)
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
        picture = made.get(asset.source)
        if picture and picture.fault:
            why, hint = picture.fault
            yield Problem(
                place=shown.get(asset.path, Place(asset.source)),
                code="bad-picture",
                message=f"the picture {posixpath.basename(asset.source)} cannot be shown: {why}",
                hint=hint,
            )


_LENGTH = 16
"""Letters of a key."""


def _key(asset: Asset, settings: PictureSettings) -> str:
    """Everything that decides what becomes of a picture."""
    what = (asset.digest, asset.path.rpartition(".")[2].lower(), settings, RECIPE, PIL.__version__)
    return blake2b(msgspec.msgpack.encode(what), digest_size=_LENGTH // 2).hexdigest()


def _kept(folder: Path, key: str) -> Picture | None:
    """What is remembered of a picture, if all files that belong to it are there."""
    try:
        found = msgspec.json.decode((folder / f"{key}.json").read_bytes(), type=Work)
    except (OSError, msgspec.DecodeError):
        return None
    picture = _picture(folder, key, found)
    each = (*picture.renditions, *([picture.clean] if picture.clean else []))
    return picture if all(Path(one.source).is_file() for one in each) else None


def _made(root: Path, asset: Asset, settings: PictureSettings, folder: Path, key: str) -> Picture:
    source = root / asset.source
    fault = looked_at(source)
    found, files = (Work(fault=fault), {}) if fault else worked(source, settings)
    if found.fault:
        return Picture(fault=found.fault)
    for name, data in files.items():
        keeping.keep(folder / f"{key}{name}", data)
    keeping.keep(folder / f"{key}.json", msgspec.json.encode(found))
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
    )


_FORMATS: Mapping[str, Literal["avif", "webp"]] = {"avif": "avif", "webp": "webp"}
