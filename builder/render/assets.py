"""The theme's assets: style, script and what else lies in `assets/`, with a hash in their names.

Scripts and style sheets are published without comments and white space, so that they can be
written for reading; a comment that begins with `!`, a licence for instance, stays.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path

import rcssmin
import rjsmin

from builder.model import File
from builder.render.catalogue import theme

FIXED = {"embed.js": "embed.js"}
"""Published at an address that never changes, because other sites name it."""
SPOKEN = frozenset({"article.js", "marks.js", "share.js"})
"""Published once for each language; see `spoken`."""


def files(root: Path) -> Iterator[tuple[str, File]]:
    """Each asset's name in `templates/assets/`, and the file that is published for it.

    The site's own shadow the default theme's. The hash in the name lets them be cached for ever.

    Args:
        root: The site's folder.
    """
    found = {
        path.relative_to(folder).as_posix(): path
        for folder in (theme() / "assets", root / "templates" / "assets")
        for path in folder.rglob("*")
        if path.is_file()
    }
    for name, path in sorted(found.items()):
        if name not in SPOKEN:
            data = _small(name, path.read_bytes())
            yield name, File(FIXED.get(name) or _hashed(name, data), data)


def spoken(root: Path, name: str, language: str, words: Mapping[str, str]) -> File:
    """A script that speaks, with its words before it.

    Args:
        root: The site's folder.
        name: In `templates/assets/`.
        language: As a tag; part of the name.
        words: What the script knows as `words`.
    """
    own = root / "templates" / "assets" / name
    path = own if own.is_file() else theme() / "assets" / name
    told = json.dumps(words, ensure_ascii=False)
    # In a block: other scripts of the page have names of their own.
    data = _small(name, f"{{\nconst words = {told}\n".encode() + path.read_bytes() + b"}\n")
    stem, _, suffix = name.rpartition(".")
    return File(_hashed(f"{stem}.{language}.{suffix}", data), data)


def _hashed(name: str, data: bytes) -> str:
    digest = blake2b(data, digest_size=4).hexdigest()
    stem, dot, suffix = name.rpartition(".")
    return f"assets/{stem}.{digest}.{suffix}" if dot else f"assets/{name}.{digest}"


def _small(name: str, data: bytes) -> bytes:
    """The file without what only people read; as it is if it is no text, or small already."""
    smaller = {"css": rcssmin.cssmin, "js": rjsmin.jsmin}.get(name.rpartition(".")[2])
    if smaller is None or ".min." in name:
        return data
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return data
    return str(smaller(text, keep_bang_comments=True)).encode()
