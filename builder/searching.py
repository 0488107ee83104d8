"""The search index: what can be found → the files of Pagefind, kept until something changes.

Pagefind writes the values of a filter in the order of a hash table, which differs from run to
run. So two indexes of the same words differ in a few bytes, and in the names that are made of
them; the kept one does not. All else that a build writes is the same bytes every time.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec import Struct

from builder import keeping, routes
from builder.errors import Place, Problem, ProblemError
from builder.model import ArticleId, File, Gallery, Related, Site
from builder.render.edition import edition
from builder.render.search import INDEX, Document, documents
from builder.settings import Settings

MEMORY = "search"
"""The folder in the cache that holds the last indexes, each named by the hash of what it is of."""
KEPT = 4
"""Indexes that are kept: a site may be built by turns for its own address and another."""
MADE = "pagefind"
"""The folder that Pagefind writes, while it does."""
NEEDED = ("pagefind.js", "pagefind-worker.js", "pagefind-entry.json")
"""Of the files that Pagefind writes, besides the index and its engine."""


class _Kept(Struct, frozen=True):
    """An index, and the hash of what it was made from."""

    key: str
    files: dict[str, bytes]


def files(
    site: Site,
    related: Mapping[ArticleId, tuple[Related, ...]],
    settings: Settings,
    root: Path,
    cache: Path,
) -> Iterator[File]:
    """The index of a site that is searched; made anew only if something in it changed.

    Args:
        site: All articles, joined up.
        related: As for pages.
        settings: The site's settings.
        root: The site's folder.
        cache: Where the last index is kept.

    Raises:
        ProblemError: `missing-pagefind`, or `failed-search` if Pagefind does not answer.
    """
    if not settings.search.on:
        return
    found = tuple(documents(edition(site, related, settings, root, {}, Gallery())))
    language = settings.site.language.partition("-")[0].lower()
    key = _key(found, language)
    kept = _remembered(cache / MEMORY, key)
    if kept is None:
        made = _Kept(key, _made(found, language))
        # Another build may have made it meanwhile, and no two are the same to the byte.
        kept = _remembered(cache / MEMORY, key) or made
        _remember(cache / MEMORY, kept)
    for path, data in sorted(kept.files.items()):
        yield File(f"{INDEX}{path}", data)


def _key(found: Sequence[Document], language: str) -> str:
    _check_installed()
    version = importlib.metadata.version("pagefind")
    return blake2b(msgspec.msgpack.encode((version, language, found)), digest_size=20).hexdigest()


def _check_installed() -> None:
    if all(importlib.util.find_spec(name) for name in ("pagefind", "pagefind_bin")):
        return
    raise ProblemError(
        Problem(
            place=Place("site.toml"),
            code="missing-pagefind",
            message="search needs Pagefind, which is not installed",
            hint='pip install "postil[search]", or build with --no-search',
        )
    )


def _made(found: Sequence[Document], language: str) -> dict[str, bytes]:
    """The files of an index; of all languages one, since readers search the whole site."""
    # Only where a site can be searched, and has changed.
    import asyncio  # noqa: PLC0415
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="postil-") as folder:
        try:
            # In a thread of its own, whatever loop the caller runs in.
            with ThreadPoolExecutor(1) as thread:
                thread.submit(lambda: asyncio.run(_write(found, language, folder))).result()
        except Exception as error:
            raise ProblemError(
                Problem(
                    place=Place("site.toml"),
                    code="failed-search",
                    message=f"Pagefind could not index the site: {error}",
                    hint="build with --no-search, and report it",
                )
            ) from error
        made = Path(folder, MADE)
        return {
            path.relative_to(made).as_posix(): path.read_bytes()
            for path in sorted(made.rglob("*"))
            if path.is_file() and _is_needed(path, language)
        }


def _is_needed(path: Path, language: str) -> bool:
    if path.suffix == ".pagefind":
        return path.name in {f"wasm.{language}.pagefind", "wasm.unknown.pagefind"}
    return path.suffix.startswith(".pf_") or path.name in NEEDED


async def _write(found: Sequence[Document], language: str, folder: str) -> None:
    from pagefind.index import PagefindIndex  # noqa: PLC0415 - an extra

    # As files, since Pagefind's interface takes a tenth of a second for every answer.
    pages = Path(folder, "pages")
    for each in found:
        page = pages / routes.file_of(each.url)
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(each.html, encoding="utf-8")
    made = str(Path(folder, MADE))
    async with PagefindIndex({"force_language": language, "output_path": made}) as index:
        await index.add_directory(str(pages))


def _remembered(folder: Path, key: str) -> _Kept | None:
    with suppress(OSError, ValueError):
        data = keeping.unsealed((folder / key).read_bytes())
        kept = msgspec.msgpack.decode(data, type=_Kept)
        return kept if kept.key == key else None
    return None


def _remember(folder: Path, kept: _Kept) -> None:
    with suppress(OSError):
        keeping.keep(folder / kept.key, keeping.seal(msgspec.msgpack.encode(kept)))
        old = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime, reverse=True)[KEPT:]
        for file in old:
            file.unlink(missing_ok=True)
