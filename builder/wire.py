"""`postil import`: wire copy into articles, its text kept to the letter."""

from __future__ import annotations

import csv
import datetime as dt
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from builder import dateline, front_matter, plain, routes, schema, written
from builder.errors import BuildError, Place, Problem, ProblemError, Problems
from builder.value import as_written

TEXT_SUFFIXES = (".txt", ".text", "")
TABLE_SUFFIXES = (".csv", ".tsv")
LINE_SUFFIXES = (".jsonl", ".ndjson")

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "headline"),
    "text": ("text", "body", "content"),
    "published": ("published", "date"),
    "outlet": ("outlet", "source"),
    "authors": ("authors", "author"),
    "topics": ("topics", "topic", "tags"),
    "name": ("slug", "id"),
}
"""Columns of tables and keys of JSON lines, in any case; others are passed over."""


class Wishes(Struct, frozen=True, kw_only=True):
    """What is the same for everything that is imported; it wins over what the copy says."""

    title: str = ""
    published: str = ""
    """A date or time as in front matter: `2026-11-24`, `2026-11-24T06:30`."""
    outlet: str = ""
    authors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    into: str = ""
    """Folder under `content/`."""


class Copy(Struct, frozen=True, kw_only=True):
    """One report as it came over the wire."""

    place: Place
    text: str
    name: str
    """What to call the article's file, as far as known."""
    file_name: str = ""
    """Of a text file: a date may stand in it."""
    folder: str = ""
    """Under the imported folder."""
    title: str = ""
    published: str = ""
    outlet: str = ""
    authors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


class Imported(Struct, frozen=True):
    """What an import did."""

    paths: tuple[str, ...]
    """The new articles, relative to the site's folder."""
    warnings: tuple[Problem, ...]


def bring_in(paths: Sequence[Path], root: Path, wishes: Wishes) -> Imported:
    """Make an article of every report, all of them or, if there is a mistake, none.

    A text file is a report; a folder gives all `.txt` files in it, and its subfolders are kept; a
    CSV table gives a report a row and JSON Lines a report a line (`COLUMNS`; several authors or
    topics are parted by semicolons, or are a JSON list). Every line of a text is a paragraph.

    The title is the wished one, else the row's, else a first line that is a headline (it then is
    not repeated in the text), else the first sentence, with a warning. The date is the wished one,
    else the row's, else what `dateline.date` finds. The article's file is called like the text
    file, else by the row's slug or id, else by the title. Nothing is ever overwritten.

    Args:
        paths: What to import.
        root: The site's folder.
        wishes: What the command line says.

    Raises:
        BuildError: With every mistake; nothing was written then.
    """
    problems = Problems()
    copies = [copy for path in paths for copy in _copies(path, problems)]
    _check(wishes, copies, problems)
    articles: dict[str, str] = {}
    for copy in copies:
        with problems.catch():
            name, text = article(copy, wishes, problems)
            path = _free(name, articles)
            if (root / path).exists():
                raise ProblemError(_already_there(copy, path))
            articles[path] = text
    problems.stop_on_errors()
    for path, text in articles.items():
        target = root / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("x", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
        except OSError as error:
            raise BuildError((_unwritable(path, error),)) from None
    return Imported(tuple(articles), tuple(problems.found))


def article(copy: Copy, wishes: Wishes, problems: Problems) -> tuple[str, str]:
    """An article's path under the site's folder, without number or suffix, and its file's text.

    Raises:
        ProblemError: If there is no date.
    """
    lines = plain.paragraphs(copy.text)
    if not lines:
        message, hint = "there is no text", "take the row out, or fill its text"
        raise ProblemError(_problem(copy.place, "empty-text", message, hint))
    published = wishes.published or copy.published
    day = None
    if not published:
        day = dateline.date(lines, copy.file_name)
        if day is None:
            hint = "say it with --published 2026-11-24"
            message = "no date was found in the text or in the file’s name"
            raise ProblemError(_problem(copy.place, "no-date", message, hint))
        if not day.sure:
            message = f"{day.date} is the first date in the text, and so taken as its date"
            problems.add(_warning(copy.place, "guessed-date", message, "mend it in the article"))
    moment: dt.date | None = day.date if day else as_written(published)
    if moment is None:
        message = f"“{published}” is not a date or time"
        hint = "write year, month and day: 2026-11-24"
        raise ProblemError(_problem(copy.place, "bad-date", message, hint))
    title = wishes.title or copy.title
    if not title and (found := dateline.headline(lines)):
        title, lines = dateline.without_stop(found), lines[1:]
    if not title:
        title = dateline.first_sentence(lines)
        message = f"there is no headline; the title is now “{title}”"
        problems.add(_warning(copy.place, "guessed-title", message, "give a better one: --title"))
    title = _clean(title)
    if len(title) > schema.SHORT_LIMIT:
        message = f"the title has {len(title):,} characters"
        hint = f"at most {schema.SHORT_LIMIT} are allowed"
        raise ProblemError(_problem(copy.place, "too-long", message, hint))
    head = front_matter.head(
        {
            "title": title,
            "published": moment,
            "authors": tuple(map(_clean, wishes.authors or copy.authors)),
            "topics": tuple(map(_clean, wishes.topics or copy.topics)),
            "outlet": _clean(wishes.outlet or copy.outlet),
        }
    )
    folders = [part for part in (wishes.into.strip("/"), copy.folder) if part]
    name = "/".join(["content", *folders, _file_name(copy.name, title)])
    return name, f"{head}\n{plain.markdown(chr(10).join(lines))}"


def _clean(name: str) -> str:
    """A name or title without control characters, which front matter may not hold."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", name).split())


def _file_name(name: str, title: str) -> str:
    """The name if it can be part of a URL, else its slug; never one that `content` passes over."""
    name = name.lstrip("._")
    if not name or name.lower() == "readme":
        name = routes.slug(title)
    return name if re.fullmatch(r"[A-Za-z0-9~-][A-Za-z0-9._~-]*", name) else routes.slug(name)


def _free(name: str, taken: Mapping[str, str]) -> str:
    """The path of an article that no other of this import has."""
    lower = {path.lower() for path in taken}
    path, number = f"{name}.md", 2
    while path.lower() in lower:
        path, number = f"{name}-{number}.md", number + 1
    return path


def _check(wishes: Wishes, copies: Sequence[Copy], problems: Problems) -> None:
    place = Place("postil import")
    if wishes.title and len(copies) > 1:
        message = f"one title cannot fit {len(copies)} reports"
        problems.add(_problem(place, "one-title", message, "import them one by one"))
    if wishes.published and as_written(wishes.published) is None:
        message = f"“{wishes.published}” is not a date or time"
        problems.add(_problem(place, "bad-date", message, "write year, month and day: 2026-11-24"))
    parts = wishes.into.strip("/").split("/")
    if wishes.into and not all(re.fullmatch(r"[\w~-][\w.~-]*", part) for part in parts):
        message = f"“{wishes.into}” is no folder under content/"
        problems.add(_problem(place, "bad-folder", message, "name it like a part of a URL: 2026"))


# --- reading --------------------------------------------------------------------------------------


def _copies(path: Path, problems: Problems) -> Iterator[Copy]:
    """The reports of one path that was given."""
    with problems.catch():
        if path.is_dir():
            files = sorted(file for file in path.rglob("*.txt") if file.is_file())
            if not files:
                message, hint = (
                    "there is no .txt file in this folder",
                    "name files, or another folder",
                )
                raise ProblemError(_problem(Place(str(path)), "no-copy", message, hint))
            for file in files:
                folder = file.parent.relative_to(path).parts
                with problems.catch():
                    yield _text(file, "/".join(routes.slug(part) for part in folder))
            return
        suffix = path.suffix.lower()
        if suffix in TABLE_SUFFIXES:
            yield from _table(path, problems)
        elif suffix in LINE_SUFFIXES:
            yield from _json_lines(path, problems)
        elif suffix in TEXT_SUFFIXES:
            yield _text(path, "")
        else:
            hint = "import reads .txt, .csv and .jsonl; an .md file only needs to lie in content/"
            message = f"nothing is known about {suffix} files"
            raise ProblemError(_problem(Place(str(path)), "no-copy", message, hint))


def _text(path: Path, folder: str) -> Copy:
    text = _decoded(path)
    return Copy(
        place=Place(str(path), 1), text=text, name=path.stem, file_name=path.name, folder=folder
    )


def _table(path: Path, problems: Problems) -> Iterator[Copy]:
    text = _decoded(path)
    csv.field_size_limit(sys.maxsize)
    header = text.partition("\n")[0]
    sign = max(",;\t", key=header.count)
    rows = csv.DictReader(StringIO(text, newline=""), delimiter=sign, strict=True)
    line = 1
    try:
        names = rows.fieldnames or []
        line = rows.line_num + 1
        _known_columns(names, Place(str(path), 1))
        for row in rows:
            place, line = Place(str(path), line), rows.line_num + 1
            with problems.catch():
                yield _row({str(key): value for key, value in row.items()}, place)
    except csv.Error as error:
        hint = 'quotation marks inside a cell are doubled: "she said ""no"""'
        message = f"the table cannot be read: {error}"
        raise ProblemError(_problem(Place(str(path), line), "bad-table", message, hint)) from None


def _json_lines(path: Path, problems: Problems) -> Iterator[Copy]:
    for number, line in enumerate(_decoded(path).split("\n"), 1):
        if not line.strip():
            continue
        place = Place(str(path), number)
        with problems.catch():
            try:
                row = msgspec.json.decode(line)
            except msgspec.DecodeError as error:
                message, hint = f"this is not JSON: {error}", "write one object a line"
                raise ProblemError(_problem(place, "bad-json", message, hint)) from None
            if not isinstance(row, dict):
                message, hint = "this is not a JSON object", 'write {"title": "…", "text": "…"}'
                raise ProblemError(_problem(place, "bad-json", message, hint))
            _known_columns(list(row), place)
            yield _row(row, place)


def _known_columns(names: Sequence[str], place: Place) -> None:
    folded = [name.strip().lower() for name in names if name]
    if not set(COLUMNS["text"]) & set(folded):
        message = "there is no column called text"
        hint = f"there are: {', '.join(folded)}"
        raise ProblemError(_problem(place, "no-text", message, hint))


def _row(row: Mapping[str, Any], place: Place) -> Copy:
    """One report from a row of a table or a JSON object."""
    cells = {key.strip().lower(): value for key, value in row.items()}

    def cell(column: str) -> Any:
        given = (cells.get(name) for name in COLUMNS[column])
        return next((value for value in given if value not in (None, "")), "")

    def one(column: str) -> str:
        value = cell(column)
        if isinstance(value, list | dict | bool):
            message = f"{column} is not a text"
            raise ProblemError(_problem(place, "wrong-type", message, "write one text"))
        return str(value).strip()

    text = one("text").replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        message, hint = "the text holds a NUL character", "take it out"
        raise ProblemError(_problem(place, "unreadable-bytes", message, hint))
    return Copy(
        place=place,
        text=text,
        name=one("name"),
        title=one("title"),
        published=one("published"),
        outlet=one("outlet"),
        authors=_listed(cell("authors")),
        topics=_listed(cell("topics")),
    )


def _listed(value: Any) -> tuple[str, ...]:
    parts = value if isinstance(value, list) else str(value).split(";")
    return tuple(part for item in parts if (part := str(item).strip()))


def _decoded(path: Path) -> str:
    """UTF-8, or UTF-16 with its byte order mark; no other encoding can be told for certain."""
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"the file cannot be read: {error.strerror}"
        problem = _problem(Place(str(path)), "unreadable-file", message, "look at its name")
        raise ProblemError(problem) from None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) and len(data) % 2 == 0:
        data = data.decode("utf-16", errors="replace").encode()
    return written.decode(data, str(path))


def _problem(place: Place, code: str, message: str, hint: str) -> Problem:
    return Problem(place=place, code=code, message=message, hint=hint)


def _warning(place: Place, code: str, message: str, hint: str) -> Problem:
    return Problem(place=place, code=code, message=message, hint=hint, level="warning")


def _already_there(copy: Copy, path: str) -> Problem:
    hint = "nothing is overwritten: delete it, or import into another folder with --into"
    return _problem(copy.place, "already-there", f"there already is {path}", hint)


def _unwritable(path: str, error: OSError) -> Problem:
    message = f"the file cannot be written: {error.strerror}"
    return _problem(Place(path), "unwritable-file", message, "look at the folder’s permissions")
