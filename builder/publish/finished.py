"""Whether a finished site may go out: its links lead somewhere, and none to this machine."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from msgspec import Struct

from builder.errors import Place, Problem

TEXTS = (".html", ".xml", ".json", ".jsonld", ".md", ".txt", ".css", ".js", ".csv", ".svg")
"""Files in which an address may stand."""
_LOCAL = re.compile(
    r"https?://(?:localhost|[\w.-]+\.localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\])(?![\w.-])"
    r"[^\s\"'<>)\\]*",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s+[\d.]+[wx]\s*(?:,|$)|,\s+")
"""What stands between two addresses of a `srcset`, which may hold commas themselves."""
NAMED = 20
"""Problems of one kind that are told one by one."""


class Fault(Struct, frozen=True):
    """Something wrong in a finished file."""

    path: str
    """The file, relative to the output folder."""
    what: str
    """The address as it stands there."""
    problem: Problem


class _Page(HTMLParser):
    """Where the links of a page lead, and the names that links to it can have."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self._is_controls = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: (value or "").strip() for name, value in attrs}
        self._is_controls = tag == "script" and given.get("type") == "text/html"
        self.links += [given[name] for name in ("href", "src") if name in given]
        self.links += filter(None, map(str.strip, _BETWEEN.split(given.get("srcset", ""))))
        self.anchors |= {given[name] for name in ("id", "name") if name in given}

    def handle_data(self, data: str) -> None:
        if self._is_controls:
            # Controls that scripts put in their place are part of the page.
            within = _Page(data)
            self.links += within.links
            self.anchors |= within.anchors

    def handle_endtag(self, tag: str) -> None:
        self._is_controls &= tag != "script"


def faults(folder: Path, paths: Sequence[str], address: str) -> Iterator[Fault]:
    """What is wrong with a site as it would be served.

    Args:
        folder: Where its files lie.
        paths: All of them, relative to the folder.
        address: Where it will be published, with its path.
    """
    files = frozenset(paths)
    texts = {
        path: (folder / path).read_text(encoding="utf-8", errors="replace")
        for path in paths
        if path.endswith(TEXTS)
    }
    yield from _first(NAMED, (each for path, text in texts.items() for each in _local(path, text)))
    pages = {path: _Page(text) for path, text in texts.items() if path.endswith(".html")}
    yield from _first(NAMED, _broken(pages, files, address.rstrip("/") + "/"))


def is_local(address: str) -> bool:
    """Whether an address leads nowhere but to the machine on which it is followed."""
    return bool(_LOCAL.match(address))


def _local(path: str, text: str) -> Iterator[Fault]:
    """Each such address of a file once."""
    if path.endswith((".html", ".xml", ".svg")):
        # In a feed whole pages stand as text.
        text = unescape(text)
    told: set[str] = set()
    for found in _LOCAL.finditer(text):
        if found[0] in told:
            continue
        told.add(found[0])
        message = f"{found[0]} leads to the reader’s own machine"
        hint = "write the address that readers can reach; as words of a text, without http://"
        place = Place(f"output/{path}", text.count("\n", 0, found.start()) + 1)
        problem = Problem(place=place, code="local-address", message=message, hint=hint)
        yield Fault(path, found[0], problem)


def _broken(pages: dict[str, _Page], files: frozenset[str], address: str) -> Iterator[Fault]:
    told: set[str] = set()
    for path, page in pages.items():
        here = address + path.removesuffix("index.html")
        for link in page.links:
            try:
                whole = urljoin(here, link)
                parts = urlsplit(whole)
            except ValueError:
                yield _fault(path, link, "broken-link", f"{link} is no address")
                continue
            if parts.scheme in {"data", "mailto"} or not whole.startswith(address):
                continue
            name = unquote(parts.path).removeprefix(urlsplit(address).path)
            target = _served(name, files)
            if target is None:
                missing = f"/{name}"
                if missing not in told:
                    told.add(missing)
                    message = f"a link leads to {missing}, and nothing is there"
                    yield _fault(path, link, "broken-link", message, _near(name, files))
            elif parts.fragment and target in pages:
                fragment = unquote(parts.fragment)
                if fragment not in pages[target].anchors and fragment != "top":
                    message = (
                        f"a link leads to {fragment!r} in /{name}, and nothing there is called so"
                    )
                    yield _fault(path, link, "broken-anchor", message)


_HINT = "mend it in the article, or in a template of your own"


def _served(name: str, files: frozenset[str]) -> str | None:
    """The file that a host answers a path with; None if there is none."""
    if not name or name.endswith("/"):
        index = f"{name}index.html"
        return index if index in files else None
    for candidate in (name, f"{name}.html", posixpath.join(name, "index.html")):
        if candidate in files:
            return candidate
    return None


def _near(name: str, files: frozenset[str]) -> str:
    """What may have been meant."""
    pages = {file.removesuffix("index.html") for file in files}
    match = get_close_matches(name, sorted(pages), n=1, cutoff=0.8)
    return f"did you mean /{match[0]}?" if match else _HINT


def _fault(path: str, what: str, code: str, message: str, hint: str = _HINT) -> Fault:
    place = Place(f"output/{path}")
    return Fault(path, what, Problem(place=place, code=code, message=message, hint=hint))


def _first(most: int, faults: Iterator[Fault]) -> Iterator[Fault]:
    """So many of them: a mistake in a template is on every page."""
    for number, fault in enumerate(faults):
        if number == most:
            return
        yield fault
