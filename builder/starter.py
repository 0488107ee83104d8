"""`postil init` and `postil new`: a first site, and a new article."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from builder import __version__, front_matter, routes, schema
from builder.errors import BuildError, Place, Problem
from builder.value import control_character

STARTER = "starter_site"
"""The folder of this package that holds the first site."""
PAGES = {
    ".github/workflows/pages.yml": "workflow.yml",
    "requirements.txt": "requirements.txt",
}
"""What publishes a site with GitHub Pages, and where it lies among the package's own files."""
RENAMED = {"gitignore": ".gitignore"}
"""Files that would not be packed, or be obeyed, under their own name."""


def init(folder: Path, *, github: bool = False) -> tuple[str, ...]:
    """Make a first site that builds.

    Args:
        folder: Is made if it is not there; must be empty, but for a `.git`.
        github: Whether to add a workflow for GitHub Pages; a site that is there already is then
            left as it is and only gets that.

    Returns:
        The files, relative to the folder.

    Raises:
        BuildError: If the folder is not empty or cannot be written.
    """
    try:
        if folder.exists() and not folder.is_dir():
            raise _problem(folder, "not-empty", "this is a file", "name a folder that is empty")
        if github and (folder / "site.toml").is_file():
            return _add(folder, _pages())
        if folder.exists() and {entry.name for entry in folder.iterdir()} - {".git"}:
            hint = "name a folder that is empty, or that is not there yet"
            raise _problem(folder, "not-empty", "the folder is not empty", hint)
        first = _files(files("builder") / STARTER, "")
        return _add(folder, [*first, *(_pages() if github else ())])
    except OSError as error:
        message = f"the site cannot be made: {error.strerror}"
        raise _problem(folder, "unwritable-file", message, "look at its permissions") from None


def new(headline: str, root: Path, now: dt.datetime) -> Path:
    """Begin an article: front matter filled in, as a draft, in the folder of its year.

    Args:
        headline: Its title.
        root: The site's folder.
        now: With the site's offset; cut to the minute.

    Returns:
        The new file.

    Raises:
        BuildError: If there already is such an article, or the headline cannot be a title.
    """
    title = " ".join(headline.split())
    place = Place("postil new")
    if not title or len(title) > schema.SHORT_LIMIT or control_character(title):
        message = "the headline is empty" if not title else "the headline cannot be a title"
        hint = f"write one line of at most {schema.SHORT_LIMIT} characters"
        raise BuildError((Problem(place=place, code="bad-title", message=message, hint=hint),))
    path = root / "content" / str(now.year) / f"{routes.slug(title)}.md"
    shown = path.relative_to(root).as_posix()
    text = front_matter.head(
        {"title": title, "published": now.replace(second=0, microsecond=0), "draft": True}
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(f"{text}\n")
    except FileExistsError:
        message, hint = "this article is already there", "choose another headline"
        problem = Problem(place=Place(shown), code="already-there", message=message, hint=hint)
        raise BuildError((problem,)) from None
    except OSError as error:
        message = f"the file cannot be written: {error.strerror}"
        raise _problem(path, "unwritable-file", message, "look at its permissions") from None
    return path


def _add(folder: Path, wanted: Iterable[tuple[str, bytes]]) -> tuple[str, ...]:
    """Write those files that are not there, and name them."""
    made = []
    for path, data in sorted(wanted):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            target.write_bytes(data)
            made.append(path)
    return tuple(made)


def _pages() -> Iterator[tuple[str, bytes]]:
    for path, name in PAGES.items():
        text = (files("builder") / "starter_pages" / name).read_text(encoding="utf-8")
        yield path, text.replace("{version}", __version__).encode()


def _files(folder: Traversable, base: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        path = f"{base}{RENAMED.get(entry.name, entry.name)}"
        if entry.is_dir():
            found += _files(entry, f"{path}/")
        else:
            found.append((path, entry.read_bytes()))
    return found


def _problem(path: Path, code: str, message: str, hint: str) -> BuildError:
    return BuildError((Problem(place=Place(str(path)), code=code, message=message, hint=hint),))
