"""The folder content/ and its neighbour static/, from files to articles, register and assets."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Iterable, Iterator
from functools import partial
from hashlib import blake2b, file_digest
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from builder import front_matter, register, routes, schema, settings, written
from builder.claims import Claims
from builder.errors import Place, Problem, ProblemError, Problems
from builder.folders import STATIC, Source, content_of, sources, unreadable
from builder.memory import Memory
from builder.model import Article, ArticleId, Asset, Content, HeldBack, Known, Remark

CONTENT = "content"
REGISTER = f"{CONTENT}/register.toml"
SIDECAR = ".corrections.toml"
SUFFIXES = (".md", ".markdown")


class Draft(Struct, frozen=True):
    """An article on its way: what it claims and names is checked, sound or not."""

    path: str
    """Where its page would be: `2026/port-strike/`."""
    place: Place
    """Where that is decided."""
    article: Article | None
    """None if it cannot be read."""
    aliases: tuple[tuple[str, Place], ...] = ()
    """Old addresses that lead to it, as paths."""
    files: tuple[tuple[str, Place], ...] = ()
    """Files that its front matter names."""


def read(  # noqa: PLR0913 - what a build wishes, and what it remembers
    root: Path,
    config: settings.Settings,
    problems: Problems,
    *,
    now: dt.datetime,
    drafts: bool = False,
    memory: Memory | None = None,
) -> Content:
    """Everything that `content/` and `static/` hold.

    Passed over are files and folders that begin with a dot or an underscore, README.md, and what
    ends in `~`. `NAME/index.md` is the article `NAME`. A name that cannot be part of a URL gets a
    slug. Every mistake of every file goes to `problems`. An article with a mistake is there with
    what is sound of it, so that its other mistakes are found, too; one that cannot be read is left
    out.

    Args:
        root: The site's folder.
        config: The settings.
        problems: Takes the mistakes.
        now: With an offset. What is dated later is held back, what expires until then is taken
            down.
        drafts: Whether drafts are published.
        memory: Of the last time: a file with the same bytes is not taken apart again.
    """
    memory = memory or Memory()
    zone = settings.zone(config.site.time_zone)
    listed = list(sources(root, CONTENT, problems))
    texts = {source.path: source for source in listed if _is_text(source.path)}
    known: tuple[Known, ...] = ()
    if REGISTER in texts:
        with problems.catch():
            data = content_of(texts[REGISTER])
            known, mistakes = memory.recall(
                "register", REGISTER, lambda: _register(data, zone), data, zone
            )
            problems.extend(mistakes)
    found = []
    for source in texts.values():
        if source.path.lower().endswith(SUFFIXES):
            draft, mistakes = _draft(source, texts, config.site, memory)
            problems.extend(mistakes)
            found.append(draft)
    assets = _assets(root, listed, problems, memory)
    problems.extend(memory.recall("strays", "", lambda: [*_strays(texts)], tuple(texts)))
    claims = tuple((draft.path, draft.place, draft.aliases) for draft in found)
    make = partial(_collisions, found, assets)
    problems.extend(memory.recall("collisions", "", make, claims, assets))
    named = tuple(each for draft in found for each in draft.files)
    problems.extend(
        memory.recall("missing", "", lambda: [*_missing_files(named, assets)], named, assets)
    )
    return _sorted(found, known, assets, now, drafts=drafts)


def _sorted(
    found: list[Draft],
    known: tuple[Known, ...],
    assets: tuple[Asset, ...],
    now: dt.datetime,
    *,
    drafts: bool,
) -> Content:
    articles = sorted(
        (draft.article for draft in found if draft.article),
        key=lambda article: (-article.meta.published.timestamp(), article.id),
    )
    why = {article.id: _held_back(article, now, drafts=drafts) for article in articles}
    held = [(article, reason) for article in articles if (reason := why[article.id])]
    return Content(
        articles=tuple(article for article in articles if not why[article.id]),
        register=known,
        assets=assets,
        held_back=tuple(article for article, _ in held),
        why_held_back=tuple(reason for _, reason in held),
    )


def _held_back(article: Article, now: dt.datetime, *, drafts: bool) -> HeldBack | None:
    meta = article.meta
    if meta.draft and not drafts:
        return "draft"
    if meta.published > now:
        return "future"
    return "expired" if meta.expires and meta.expires <= now else None


# --- one article ----------------------------------------------------------------------------------


def _register(data: bytes, zone: dt.tzinfo) -> tuple[tuple[Known, ...], tuple[Problem, ...]]:
    problems = Problems()
    known: tuple[Known, ...] = ()
    with problems.catch():
        known = register.read(written.decode(data, REGISTER), REGISTER, problems, zone=zone)
    return known, tuple(problems.found)


def _draft(
    source: Source, texts: dict[str, Source], site: settings.SiteSettings, memory: Memory
) -> tuple[Draft, tuple[Problem, ...]]:
    """An article, and the mistakes in its file and its file of corrections."""
    stem = posixpath.splitext(source.path)[0]
    sidecar = texts.get(stem + SIDECAR)
    problems = Problems()
    files: list[bytes | None] = []
    for each in (source, sidecar):
        files.append(None)
        with problems.catch():
            files[-1] = _bytes(each, memory) if each else None
    draft, mistakes = memory.recall(
        "draft",
        source.path,
        lambda: _read(source, stem, files[0], sidecar, files[1], site),
        *files,
        source.path,
        sidecar and sidecar.path,
        site,
    )
    return draft, (*problems.found, *mistakes)


def _read(  # noqa: PLR0913, PLR0917 - two files
    source: Source,
    stem: str,
    data: bytes | None,
    sidecar: Source | None,
    corrections_data: bytes | None,
    site: settings.SiteSettings,
) -> tuple[Draft, tuple[Problem, ...]]:
    problems, zone = Problems(), settings.zone(site.time_zone)
    place = Place(source.path, 1)
    notes = None
    if sidecar and corrections_data is not None:
        notes = _sidecar(sidecar.path, corrections_data, problems)
    beside = front_matter.sheet(notes, problems, zone=zone) if notes else front_matter.Sheet()
    headed = None
    if data is not None:
        with problems.catch():
            text = written.decode(data, source.path)
            headed = front_matter.read(text, source.path, problems, zone=zone)
    article_id, name = _id(stem.removeprefix(f"{CONTENT}/"))
    bad = [part for part in article_id.split("/")[:-1] if not _URL_PART.fullmatch(part)]
    problems.extend(_bad_folder(place, part) for part in bad)
    slug = headed.written.data.get("slug") if headed else None
    if headed and isinstance(slug, str) and _URL_PART.fullmatch(slug):
        place = headed.written.place(("slug",))
    else:
        slug = "" if _URL_PART.fullmatch(name) else routes.slug(name)
    path = routes.path_of(article_id, slug)
    if headed is None:
        return Draft(path, place, None), tuple(problems.found)
    sheets = [headed.sheet, beside]
    corrections = tuple(placed for sheet in sheets for placed in sheet.corrections)
    documents = [str(name) for _, name in headed.written.texts(("documents", "id"))]
    problems.extend(front_matter.unknown_documents(corrections, documents))
    aliases = tuple(alias for alias in headed.meta.aliases if alias != path)
    authors = headed.meta.authors or ((site.author,) if site.author else ())
    article = Article(
        article_id,
        Place(source.path, 1),
        replace(headed.meta, slug=slug, aliases=aliases, authors=authors),
        headed.body,
        corrections,
        is_lacking=any(sheet.is_lacking for sheet in sheets) or bool(sidecar and not notes),
        remarks=tuple(
            remark for each in (headed.written, notes) if each for remark in _remarks(each)
        ),
        image_place=headed.written.place(("image",)) if headed.meta.image else None,
    )
    draft = Draft(
        path, place, article, tuple(_aliases(headed.written, path)), _files(headed.written)
    )
    return draft, tuple(problems.found)


def _aliases(head: written.Written, path: str) -> Iterator[tuple[str, Place]]:
    for at, alias in head.texts(("aliases",)):
        old = front_matter.old_path(alias)
        if old != path and not front_matter.alias(alias):
            yield old, head.place(at)


def _files(head: written.Written) -> tuple[tuple[str, Place], ...]:
    named = (*head.texts(("image",)), *head.texts(("documents", "link")))
    return tuple((name, head.place(at)) for at, name in named if name)


def _remarks(found: written.Written) -> Iterator[Remark]:
    """The Markdown of notices and corrections."""
    for keys in (("notices", "text"), ("corrections", "text"), ("corrections", "note")):
        yield from (Remark(text, found.place(at)) for at, text in found.texts(keys))


def _id(stem: str) -> tuple[ArticleId, str]:
    """An article's id, and the part of it that a slug replaces."""
    folder, _, last = stem.rpartition("/")
    if last == "index" and folder:
        return ArticleId(folder), posixpath.basename(folder)
    return ArticleId(stem), last


def _bad_folder(place: Place, part: str) -> Problem:
    return Problem(
        place=place,
        code="bad-file-name",
        message=f"the folder’s name {part} cannot be part of a URL",
        hint=f"call the folder {routes.slug(part)}",
    )


_URL_PART = re.compile(r"[\w~-][\w.~-]*")


def _sidecar(path: str, data: bytes, problems: Problems) -> written.Written | None:
    """The values of a file of corrections; None if it cannot be read."""
    with problems.catch():
        found = written.from_toml(written.decode(data, path), path, problems)
        for key in found.data:
            if key != "corrections":
                problems.add(
                    Problem(
                        place=found.place((key,)),
                        code="unknown-key",
                        message=f"nothing is called {key} here",
                        hint="begin each correction with a line [[corrections]]",
                    )
                )
        return found
    return None


# --- what fits together and what does not ---------------------------------------------------------


def _strays(texts: dict[str, Source]) -> Iterator[Problem]:
    """TOML files that belong to nothing."""
    stems = {posixpath.splitext(path)[0] for path in texts if path.lower().endswith(SUFFIXES)}
    for path in texts:
        if path == REGISTER or path.lower().endswith(SUFFIXES):
            continue
        if path.endswith(SIDECAR):
            stem = path.removesuffix(SIDECAR)
            if stem not in stems:
                name = posixpath.basename(stem)
                folder = posixpath.dirname(stem)
                beside = [posixpath.basename(s) for s in stems if posixpath.dirname(s) == folder]
                yield Problem(
                    place=Place(path, 1),
                    code="orphan-corrections",
                    message=f"these corrections belong to {name}.md, which is not there",
                    hint=schema.near(name, beside)
                    if schema.near(name, beside)[:3] == "did"
                    else "rename the file like its article, or delete it",
                )
        else:
            yield Problem(
                place=Place(path, 1),
                code="unused-file",
                level="warning",
                message="nothing reads this file",
                hint=f"known here are {REGISTER} and NAME{SIDECAR} beside NAME.md",
            )


def _collisions(found: list[Draft], assets: tuple[Asset, ...]) -> list[Problem]:
    """Two pages, or a page and a file, at one URL."""
    claims = Claims()
    for draft in found:
        claims.page(draft.path, draft.place)
    for draft in found:
        for path, place in draft.aliases:
            claims.page(path, place)
    for asset in assets:
        claims.file(asset.path, Place(asset.source))
    return claims.problems


def _missing_files(
    named: Iterable[tuple[str, Place]], assets: tuple[Asset, ...]
) -> Iterator[Problem]:
    """Files that front matter names and that are not there."""
    paths = {asset.path for asset in assets}
    for name, place in named:
        if routes.has_scheme(name):
            continue
        path = routes.seen_from(place.path, name)
        if path.endswith("/") or path in paths:
            continue
        beside = [p for p in paths if posixpath.dirname(p) == posixpath.dirname(path)]
        near = schema.near(posixpath.basename(path), map(posixpath.basename, beside))
        yield Problem(
            place=place,
            code="missing-file",
            message=f"there is no file {name}",
            hint=near or "put it beside the article, or into static/ and write /NAME",
        )


# --- files ----------------------------------------------------------------------------------------


def _assets(
    root: Path, listed: list[Source], problems: Problems, memory: Memory
) -> tuple[Asset, ...]:
    assets = []
    static = list(sources(root, STATIC, problems)) if (root / STATIC).is_dir() else []
    for source in [*(s for s in listed if not _is_text(s.path)), *static]:
        path = source.path.partition("/")[2]
        with problems.catch():
            try:
                made = partial(_digest, source)
                digest = (
                    memory.recall("digest", source.path, made, source.stamp)
                    if source.stamp
                    else made()
                )
            except OSError as error:
                raise ProblemError(unreadable(source.path, error)) from None
            assets.append(Asset(path, source.path, digest))
    return tuple(sorted(assets, key=lambda asset: (asset.path, asset.source)))


def _digest(source: Source) -> str:
    with Path(source.file).open("rb") as stream:
        return file_digest(stream, partial(blake2b, digest_size=16)).hexdigest()


def _bytes(source: Source, memory: Memory) -> bytes:
    """What a file holds; read again only if it changed."""
    if not source.stamp:
        return content_of(source)
    return memory.recall("bytes", source.path, partial(content_of, source), source.stamp)


def _is_text(path: str) -> bool:
    return path.lower().endswith((*SUFFIXES, ".toml"))
