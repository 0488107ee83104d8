"""The theme's assets: style, script and what else lies in `assets/`, with a hash in their names.

Scripts and style sheets are published without comments and white space, so that they can be
written for reading; a comment that begins with `!`, a licence for instance, stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

import rcssmin
import rjsmin

from builder.model import File
from builder.render.catalogue import theme


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
        data = _small(name, path.read_bytes())
        digest = blake2b(data, digest_size=4).hexdigest()
        stem, dot, suffix = name.rpartition(".")
        hashed = f"{stem}.{digest}.{suffix}" if dot else f"{name}.{digest}"
        yield name, File(f"assets/{hashed}", data)


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
