"""Where each thing lives: URLs, files and anchors."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import quote, urlsplit

from slugify import slugify

from builder.model import Anchor, Article, ArticleId, EntityKey, Kind

KIND_FOLDER: dict[Kind, str] = {
    "person": "people",
    "organisation": "organisations",
    "place": "places",
    "event": "events",
    "work": "works",
    "law": "laws",
}
"""Kinds without an entry (dates) have no pages."""

AUDIT_PATH = "sourcing/"
"""The folder of the sourcing audit."""

SEARCH_PATH = "search/"
"""The folder of the page to search from."""

RESERVED_FOLDERS = frozenset(
    {*KIND_FOLDER.values(), "stories", "topics", "authors", "page", "search", "assets", "sourcing"}
    | {"pagefind"}
)
"""First parts of URLs that no article may have."""
RESERVED_FILES = frozenset(
    {
        "index.html",
        "404.html",
        "embed.js",
        "feed.xml",
        "feed.json",
        "sitemap.xml",
        "search/index.html",
    }
)
"""Files that no article, old URL or attachment may be published as."""


@lru_cache(maxsize=1 << 16)
def slug(text: str) -> str:
    """A URL part for any text: ASCII, lower case, at most 80 characters, never empty."""
    short = slugify(text, max_length=80, word_boundary=True)
    return short or "x-" + blake2b(text.encode(), digest_size=4).hexdigest()


def article_path(article: Article) -> str:
    """The folder of an article's page, relative to the site's root: `2026/port-strike/`."""
    return path_of(article.id, article.meta.slug)


def path_of(article_id: ArticleId, slug_given: str = "") -> str:
    """The folder of an article's page, made of its id and its slug, if it has one."""
    folder, _, last = article_id.rpartition("/")
    name = slug_given or last
    return f"{folder}/{name}/" if folder else f"{name}/"


def beside(article: Article, target: str) -> str:
    """The site's path of what an article names, seen from the folder its file lies in.

    `crane.jpg` in `content/2026/port-strike.md` is `2026/crane.jpg`; `/logo.png` is `logo.png`.
    """
    return seen_from(article.place.path, target)


def seen_from(file: str, target: str) -> str:
    """The site's path of what a file below `content/` names: see `beside`."""
    folder = posixpath.dirname(file).partition("/")[2]
    return _normal(posixpath.join("/", folder, target))


def on_page(article: Article, target: str, base: str = "/") -> str:
    """The site's path of what raw HTML in an article names: browsers see it from the page.

    Args:
        article: In whose text it stands.
        target: `../crane.jpg` in `content/2026/port-strike.md` is `2026/crane.jpg`.
        base: The path of the site's address, as `base` gives it.

    Returns:
        The path; `..` and more if it is outside the site.
    """
    page = posixpath.join(base, article_path(article))
    return posixpath.relpath(posixpath.normpath(posixpath.join(page, target)), base)


def entity_path(key: EntityKey, kind: Kind) -> str:
    """The folder of an entity's page: `people/ana-ruiz/`; empty for kinds without pages."""
    folder = KIND_FOLDER.get(kind)
    return f"{folder}/{key}/" if folder else ""


def list_path(section: str, name: str, number: int = 1) -> str:
    """The folder of a list's page: `topics/ports/`, `topics/ports/page/2/`, `page/2/`."""
    base = "/".join(part for part in (section, name) if part)
    base = f"{base}/" if base else ""
    return base if number == 1 else f"{base}page/{number}/"


def file_of(path: str) -> str:
    """The file that is served for a folder's URL: `topics/ports/index.html`."""
    return f"{path}index.html"


def old_file(alias: str) -> str:
    """The file that is served at an old address: `2019/old.html`, `2019/old/index.html`."""
    old = alias.strip("/")
    return old if old.endswith((".html", ".htm")) else file_of(f"{old}/")


def anchor(kind: str, text: str, occurrence: int = 0) -> Anchor:
    """A fragment made from words: it moves only when they change, not when others are added.

    Args:
        kind: One letter, `s` for a statement and `n` for a note.
        text: The words; white space and case do not matter.
        occurrence: Which of several with the same words, from 0.
    """
    folded = " ".join(text.split()).casefold()
    digest = blake2b(f"{kind}\0{folded}\0{occurrence}".encode(), digest_size=4).hexdigest()
    return Anchor(f"{kind}-{digest}")


def relative(target: str, page: str) -> str:
    """The link from one page's folder to another path of the site; fragments are kept.

    Both are relative to the site's root; `page` ends with a slash or is empty (the root). The link
    is always a path (RFC 3986, 4.2): what looks like a scheme in it is none.
    """
    path, mark, fragment = target.partition("#")
    path, asked, query = path.partition("?")
    if "//" in path or "/." in f"/{path}":
        path = _normal(path)
    if path == page and not asked:
        return f"#{fragment}" if mark else "./"
    # A page has a hundred links, and posixpath.relpath asks the disk where it is.
    there, here = path.split("/"), page.split("/")
    shared = 0
    for one, other in zip(there[:-1], here[:-1], strict=False):
        if one != other:
            break
        shared += 1
    link = "../" * (len(here) - 1 - shared) + "/".join(there[shared:])
    if not link or ":" in link.partition("/")[0]:
        link = f"./{link}"
    return f"{link}{asked}{query}{mark}{fragment}"


def has_scheme(target: str) -> bool:
    """Whether a link is no path: it names a scheme or a host (RFC 3986, 3.1 and 4.2)."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", target) is not None


def is_address(target: str) -> bool:
    """Whether a link is a whole address, and no path of the site."""
    return re.match(r"https?:|mailto:|//", target, re.IGNORECASE) is not None


def _normal(path: str) -> str:
    """A path without `.`, `..` and empty parts; never above the root."""
    is_folder = path.endswith("/") or posixpath.basename(path) in {".", ".."}
    path = posixpath.normpath(f"/{path}").lstrip("/")
    return f"{path}/" if is_folder and path else path


def absolute(target: str, base_url: str) -> str:
    """The full address of a path of the site; `base_url` may end with a path and a slash."""
    return f"{base_url.rstrip('/')}/{target}"


def base(base_url: str) -> str:
    """The path of a site's address as browsers ask for it: `/news/`; `/` if it has none."""
    path = quote(urlsplit(base_url).path.strip("/"), safe="/%:@!$&'()*+,;=~")
    return f"/{path}/" if path else "/"


def article_url(article_id: ArticleId, paths: Mapping[ArticleId, str], fragment: str = "") -> str:
    """The site path of an article, with a fragment if one is given."""
    return paths[article_id] + (f"#{fragment}" if fragment else "")
