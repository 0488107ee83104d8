"""What stands above an article and beside it: front matter and corrections."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from builder import schema, written
from builder.errors import Place, Problem, ProblemError, Problems
from builder.model import Correction, FrontMatter, Placed, SaidBy, SourceDocument
from builder.routes import slug
from builder.toml_lines import KeyPath
from builder.value import Fault, control_character, language, link_or_path, truth
from builder.written import Written

TOML_FENCE = "+++"
YAML_FENCE = "---"

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "published": ("publishdate", "pubdate", "date"),
    "updated": ("lastmod", "modified", "last_modified_at"),
    "expires": ("expirydate",),
    "summary": ("description", "excerpt"),
    "lang": ("language", "locale"),
    "authors": ("author",),
    "topics": ("tags", "tag", "categories", "category"),
    "aliases": ("redirect_from", "permalink", "url"),
}
"""Keys of other generators (Hugo, Jekyll, Zola …) in lower case, by ours."""

MERGED = frozenset({"authors", "topics", "aliases"})
"""Keys that take what all their synonyms give; of the others the first that is given counts."""

PASSED_OVER = frozenset(
    {"author_profile", "build", "cascade", "classes", "comments", "cover", "featured", "header"}
    | {"featured_image", "hidden", "images", "iscjklanguage", "keywords", "layout", "linktitle"}
    | {"markup", "math", "menu", "nav_order", "outputs", "params", "parent", "pin", "read_time"}
    | {"render_with_liquid", "resources", "series", "share", "sidebar", "sitemap", "template"}
    | {"toc", "type", "weight"}
)
"""Keys of other generators, in lower case, that say how their page looks; they say nothing here."""


NO_DATE = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""Stands in for a date that is missing."""


class Sheet(Struct, frozen=True):
    """`NAME.corrections.toml`, or `corrections` in the front matter."""

    corrections: tuple[Placed, ...] = ()
    """The sound ones."""
    is_lacking: bool = False
    """Whether there are others."""


class Headed(Struct, frozen=True):
    """An article's file, taken apart."""

    written: Written
    """Its keys are ours."""
    meta: FrontMatter
    """What is sound of it; something stands in for a title or date that is not."""
    body: str
    """The front matter is replaced by as many empty lines."""
    sheet: Sheet


def read(text: str, path: str, problems: Problems, *, zone: dt.tzinfo) -> Headed | None:
    """Take an article apart: TOML between `+++` or YAML between `---`, then Markdown.

    People bring articles from other generators, so in both languages `date` stands for
    `published`, `author` for `authors`, `tags` and `categories` for `topics`, `description` for
    `summary`, `lastmod` for `updated`, `expiryDate` for `expires`, `permalink` and `url` for an
    old URL (all: `SYNONYMS`). One text where a list is expected is a list of one. A date missing
    in the front matter is taken from a file name that begins with it (`2026-11-24-fair.md`), and
    Jekyll's `published: false` is a draft. Keys that only say how another generator's page looks
    are passed over (`PASSED_OVER`); every other unknown key is a mistake.

    Args:
        text: The file, decoded.
        path: For problems, and for a date in the file's name.
        problems: Takes every mistake.
        zone: Fills dates without an offset.

    Returns:
        None if the front matter could not be read at all.
    """
    with problems.catch():
        found, body = split(text, path, problems)
        found = _translated(found, posixpath.basename(path))
        data = {key: value for key, value in found.data.items() if key != "corrections"}
        name = posixpath.splitext(posixpath.basename(path))[0]
        stand_in = {"title": name, "published": NO_DATE}
        rules = schema.Rules(checks=_CHECKS, synonyms=_OTHER_KEYS, stand_in=stand_in)
        meta = schema.record(
            FrontMatter, replace(found, data=data), problems, zone=zone, rules=rules
        )
        if meta is None:
            raise AssertionError("something stands in for what is missing")
        meta = replace(meta, aliases=tuple(dict.fromkeys(map(old_path, meta.aliases))))
        said = sheet(found, problems, zone=zone)
        problems.extend(_stray_characters(body, path))
        problems.extend(_repeated_documents(meta, found))
        if not body.strip() and not meta.draft:
            problems.add(_no_text(path, text))
        return Headed(found, meta, body, said)
    return None


def split(text: str, path: str, problems: Problems) -> tuple[Written, str]:
    """The front matter's values, and the body with as many empty lines in front.

    Raises:
        ProblemError: If there is no front matter, it is never closed, or it cannot be read.
    """
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    fence = lines[first].rstrip()
    if fence not in {TOML_FENCE, YAML_FENCE}:
        raise ProblemError(
            Problem(
                place=Place(path, 1),
                code="no-front-matter",
                message="the article has no front matter",
                hint=f"begin with {TOML_FENCE}, title and published, and {TOML_FENCE} again",
            )
        )
    ends = {fence} if fence == TOML_FENCE else {fence, "..."}
    last = next((n for n in range(first + 1, len(lines)) if lines[n].rstrip() in ends), 0)
    if not last:
        raise ProblemError(
            Problem(
                place=Place(path, first + 1),
                code="open-front-matter",
                message="the front matter is never closed",
                hint=f"put a line {fence} after the last setting",
            )
        )
    head = "\n" * (first + 1) + "\n".join(lines[first + 1 : last])
    found = (written.from_toml if fence == TOML_FENCE else written.from_yaml)(head, path, problems)
    found.lines[()] = first + 1
    return found, "\n" * (last + 1) + "\n".join(lines[last + 1 :])


def sheet(found: Written, problems: Problems, *, zone: dt.tzinfo) -> Sheet:
    """The corrections of front matter or of a sidecar file; mistakes go to `problems`."""
    sound = []
    before = len(problems.errors)
    for number, correction in schema.tables(Correction, found, "corrections", problems, zone=zone):
        placed = Placed(correction, found.place(("corrections", number)))
        mistakes = _mistakes(placed)
        problems.extend(mistakes)
        if not mistakes:
            sound.append(placed)
    return Sheet(tuple(sound), is_lacking=len(problems.errors) > before)


def head(values: Mapping[str, str | bool | dt.date | Sequence[str]]) -> str:
    """Front matter in TOML, fences and all; keys with empty values are left out."""
    lines = [f"{key} = {_toml(value)}" for key, value in values.items() if value or value is False]
    return "\n".join([TOML_FENCE, *lines, TOML_FENCE, ""])


def _toml(value: str | bool | dt.date | Sequence[str]) -> str:
    match value:
        case bool():
            return str(value).lower()
        case dt.date():
            return value.isoformat()
        case str():
            return msgspec.json.encode(value).decode().replace("\x7f", "\\u007f")
        case _:
            return f"[{', '.join(_toml(item) for item in value)}]"


def unknown_documents(corrections: tuple[Placed, ...], ids: Collection[str]) -> list[Problem]:
    """Corrections that name a document which the front matter does not have."""
    return [
        Problem(
            place=one.place,
            code="unknown-document",
            message=f"the article has no document called {one.correction.document}",
            hint=schema.near(one.correction.document, ids)
            or "describe it under [[documents]] in the front matter",
        )
        for one in corrections
        if isinstance(one.correction, SaidBy)
        and one.correction.document
        and one.correction.document not in ids
    ]


def _mistakes(placed: Placed) -> list[Problem]:
    """A statement has one source."""
    match placed.correction:
        case SaidBy(speaker=speaker, document=document, unnamed=unnamed):
            given = [name for name in (speaker, document, unnamed) if name]
        case _:
            return []
    if len(given) == 1:
        return []
    return [
        Problem(
            place=placed.place,
            code="one-source",
            message="said-by names no source" if not given else "said-by names several sources",
            hint="give exactly one of speaker, document and unnamed",
        )
    ]


def _translated(found: Written, name: str) -> Written:
    """The front matter with the keys of other generators translated into ours."""
    data: dict[str, Any] = {}
    lines = dict(found.lines)
    folded = {key.lower(): key for key in found.data}
    ours = {theirs: key for key, all_theirs in SYNONYMS.items() for theirs in all_theirs}
    for key, value in found.data.items():
        low = key.lower()
        if low not in ours and low not in PASSED_OVER:
            data[key] = value
    if "published" in data and isinstance(truth(data["published"], None), bool):
        data["draft"] = data.get("draft") or not truth(data.pop("published"), None)
    for key, all_theirs in SYNONYMS.items():
        for theirs in all_theirs:
            name_there = folded.get(theirs)
            value = None if name_there is None else found.data[name_there]
            if value is None or name_there is None or (theirs == "permalink" and ":" in str(value)):
                continue
            if key in MERGED and data.get(key) is not None:
                data[key] = [*_listed(data[key]), *_listed(value)]
            elif data.get(key) is None:
                data[key] = value
                _copy_lines(lines, (name_there,), (key,))
    dated = re.match(r"\d{4}-\d\d-\d\d(?=-)", name)
    if data.get("published") is None and dated:
        data["published"] = dated[0]
    return replace(found, data=data, lines=lines)


def _copy_lines(lines: dict[KeyPath, int], source: KeyPath, target: KeyPath) -> None:
    for at, line in list(lines.items()):
        if at[: len(source)] == source:
            lines[*target, *at[len(source) :]] = line


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _stray_characters(body: str, path: str) -> list[Problem]:
    """Control characters show as boxes or not at all, and feeds cannot carry them."""
    return [
        Problem(
            place=Place(path, number),
            code="control-character",
            level="warning",
            message=f"the text holds the control character {sign}",
            hint="delete it, or write the character it was meant to be",
        )
        for number, line in enumerate(body.split("\n"), 1)
        if (sign := control_character(line))
    ]


def _no_text(path: str, text: str) -> Problem:
    return Problem(
        place=Place(path, text.rstrip().count("\n") + 1),
        code="empty-article",
        level="warning",
        message="the article has no text below its front matter",
        hint="write some, or set draft = true",
    )


def _repeated_documents(meta: FrontMatter, found: Written) -> list[Problem]:
    seen: set[str] = set()
    repeated = []
    for number, document in enumerate(meta.documents):
        if document.id in seen:
            repeated.append(
                Problem(
                    place=found.place(("documents", number, "id")),
                    code="repeated-document",
                    message=f"two documents are called {document.id}",
                    hint="give each an id of its own",
                )
            )
        seen.add(document.id)
    return repeated


def _slug(text: str) -> Fault | None:
    if not text or re.fullmatch(r"[\w~-][\w.~-]*", text):
        return None
    return Fault("bad-slug", f"“{text}” cannot be part of a URL", f"write {slug(text)}")


_NOT_OURS = {"CNAME", ".nojekyll"}
"""Files that a host reads, and no page can be where they are."""


def alias(text: str) -> Fault | None:
    """What is wrong with an old URL."""
    path = unquote(text, errors="replace")
    parts = path.strip("/").split("/")
    if (
        re.search(r'[\s?#\\:<>"*|]|^//', path)
        or {"..", ".", ""} & set(parts)
        or parts[0] in _NOT_OURS
        or ".git" in path.casefold().split("/")
    ):
        hint = "write it as it stood on this site, without the host: /2019/old-page/"
        return Fault("bad-alias", f"“{text}” is not the path of an old page", hint)
    return None


def old_path(text: str) -> str:
    """An old URL relative to the site's root: `2019/old-page/`, `2019/old-page.html`."""
    path = unquote(text, errors="replace").strip("/")
    return path if posixpath.splitext(path)[1] in {".html", ".htm"} else f"{path}/"


_OTHER_KEYS = frozenset(name for names in SYNONYMS.values() for name in names)
_CHECKS: schema.Checks = {
    (FrontMatter, "slug"): _slug,
    (FrontMatter, "aliases"): alias,
    (FrontMatter, "lang"): language,
    (FrontMatter, "image"): link_or_path,
    (SourceDocument, "link"): link_or_path,
}
