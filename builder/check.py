"""What is wrong with a finished site, though every article by itself is in order."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote, unquote, urljoin, urlsplit

from msgspec import Struct

from builder import prose, routes
from builder.editing import near, short, words_at
from builder.errors import Place, Problem
from builder.model import ArticleId, Edited, Site, Span
from builder.prose import Heading, Link

_QUOTATION = re.compile(r"“[^“”\n]+”|(?<!\w)\"[^\"\n]+\"(?!\w)|«[^«»\n]+»|„[^„“”\n]+[“”]")
_LEAST_WORDS = 5
"""Shorter quotations are titles, nicknames, or words at a distance."""


GITHUB_PAGES = 1_000_000_000
"""Bytes of a site that GitHub Pages takes: 1 GB (docs.github.com, “GitHub Pages limits”)."""
NEARLY = 0.8
"""Share of that from which on there is a warning."""
LEAST = 10
"""Articles from which on the size of one says something of the next."""
YEAR = dt.timedelta(days=365)
MONTH = dt.timedelta(days=28)
CENTURY = 36_525
"""Days beyond which nothing is foretold."""


class Outlook(Struct, frozen=True):
    """How large a site is, and when GitHub Pages will take no more of it."""

    articles: int
    size: int
    """Bytes of all files, without what a search adds."""
    most: int
    """Articles at which the limit is reached, if they go on as they are."""
    when: dt.date | None
    """When that will be at the pace of the last twelve months; None if there is none."""

    @property
    def share(self) -> float:
        """How much of the limit is used; more than 1 where the site is too large."""
        return self.size / GITHUB_PAGES

    def __str__(self) -> str:
        each = self.size / self.articles / 1000
        now = f"{self.articles:,} articles, {self.size / 1e6:,.1f} MB, {each:.0f} KB each"
        if self.share >= 1:
            return f"{now}: more than the 1 GB that GitHub Pages takes"
        digits = len(str(self.most)) - 2
        then = (
            f"the 1 GB of GitHub Pages is reached at about {round(self.most, -digits):,} articles"
        )
        pace = f", in {self.when:%B %Y} at the present pace" if self.when else ""
        return f"{now}: at this size {then}{pace}"


class _Published(Struct, frozen=True):
    """What links can lead to."""

    files: frozenset[str]
    address: str
    """The site's own."""
    anchors: dict[ArticleId, frozenset[str]]


def check(  # noqa: PLR0913 - what there is to check against
    site: Site,
    links: Mapping[ArticleId, tuple[Link, ...]],
    headings: Mapping[ArticleId, tuple[Heading, ...]],
    paths: Sequence[str],
    everywhere: Sequence[tuple[Place, str]] = (),
    *,
    address: str = "",
) -> Iterator[Problem]:
    """Problems that show only when the whole site is there, each at its line.

    Links to articles that do not exist are not among them: `index` has those.

    Args:
        site: The whole of it.
        links: What each article links to.
        headings: Of each article.
        paths: Of everything that will be published.
        everywhere: Where the links of the menu and the notice stand, and where they lead.
        address: Where the site will be published, if it is known.
    """
    published = _Published(
        frozenset(paths),
        address,
        {
            edited.article.id: _anchors(edited, headings.get(edited.article.id, ()))
            for edited in site.articles
        },
    )
    for edited in site.articles:
        for link in links.get(edited.article.id, ()):
            yield from _link(edited, link, site, published)
        yield from _pictures(edited, links.get(edited.article.id, ()), address)
    for place, target in everywhere:
        yield from _page(place, target, published.files)
    yield from _collisions(site, paths)


def outlook(site: Site, size: int, now: dt.datetime) -> Outlook | None:
    """How large a site is and will be; None if it has too few articles to tell.

    Args:
        site: All articles that are published.
        size: Bytes of everything that will be published.
        now: When that is; the pace is that of the twelve months before, or of the site's own
            lifetime if it is younger.
    """
    count = len(site.articles)
    if count < LEAST or not size:
        return None
    most = GITHUB_PAGES * count // size
    days = sorted(edited.article.meta.published for edited in site.articles)
    since = max(days[0], now - YEAR)
    recent = sum(since <= day <= now for day in days)
    when = None
    if recent > 1 and now - since >= MONTH and most > count:
        left = (most - count) / recent * ((now - since) / dt.timedelta(days=1))
        when = (now + dt.timedelta(days=left)).date() if left < CENTURY else None
    return Outlook(count, size, most, when)


def too_large(found: Outlook | None) -> Iterator[Problem]:
    """A warning for a site that GitHub Pages will not take much longer."""
    if found and found.share >= NEARLY:
        yield Problem(
            place=Place("site.toml"),
            code="too-large",
            message=str(found),
            level="warning",
            hint="make pictures smaller, lower [feeds] list-entries, or choose another host",
        )


def unattributed(site: Site) -> Iterator[Problem]:
    """Quotations that no statement covers: somebody said them, and readers are not told who."""
    for edited in site.articles:
        content = sorted(span for said in edited.statements for span in said.statement.content)
        for match in _QUOTATION.finditer(edited.prose.text):
            quotation = Span(*match.span())
            words = words_at(edited.prose, (quotation,))
            if len(words.split()) >= _LEAST_WORDS and not any(map(quotation.overlaps, content)):
                line = prose.line_of(edited.prose, quotation.start)
                yield Problem(
                    place=Place(edited.article.place.path, line),
                    code="unattributed-quote",
                    message=f"nobody is found to say {short(words)}",
                    level="warning",
                    hint="write a said-by correction, if it is a statement",
                )


def _link(edited: Edited, link: Link, site: Site, published: _Published) -> Iterator[Problem]:
    place = Place(link.path or edited.article.place.path, link.line)
    path, _, fragment = link.target.partition("#")
    match link.kind:
        case "article" | "anchor" if link.is_image:
            yield _no_picture(link.target, place)
        case "article":
            target = site.links.get(path)
            if target is not None and fragment:
                yield from _fragment(fragment, published.anchors[target], place)
        case "anchor":
            if fragment:
                yield from _fragment(fragment, published.anchors[edited.article.id], place)
        case "asset" if link.is_raw:
            yield from _raw_picture(edited, link.target, published, place)
        case "asset" if link.is_image and path.partition("?")[0].endswith("/"):
            yield _no_picture(link.target, place)
        case "asset":
            yield from _file(edited, path.partition("?")[0], published, place)
        case "external":
            pass


def _fragment(fragment: str, anchors: frozenset[str], place: Place) -> Iterator[Problem]:
    if fragment not in anchors and not fragment.startswith("fn"):
        yield Problem(
            place=place,
            code="unknown-anchor",
            message=f"nothing in the article is at #{fragment}",
            level="warning",
            hint=near(fragment, anchors) or "the anchor of a statement changes with its words",
        )


def _file(edited: Edited, name: str, published: _Published, place: Place) -> Iterator[Problem]:
    path = routes.beside(edited.article, name)
    page = routes.file_of(f"{path.rstrip('/')}/" if path else "")
    if path in published.files or page in published.files:
        return
    beside = {
        posixpath.basename(each)
        for each in published.files
        if posixpath.dirname(each) == posixpath.dirname(path)
    }
    hint = near(posixpath.basename(path), beside) or "put it beside the article, or into static/"
    if name.endswith((".md", ".markdown")):
        hint = f"to link to an article, write [[{posixpath.splitext(path)[0]}]]"
    yield Problem(place=place, code="missing-file", message=f"there is no file {name}", hint=hint)


def _page(place: Place, target: str, files: frozenset[str]) -> Iterator[Problem]:
    """A link of the menu or the notice to a page of this site that is not there."""
    if routes.is_address(target):
        return
    path = re.split(r"[?#]", target, maxsplit=1)[0].strip("/")
    page = routes.file_of(f"{path}/" if path else "")
    if path in files or page in files:
        return
    pages = [f"/{name.removesuffix('index.html')}" for name in files if name.endswith("index.html")]
    yield Problem(
        place=place,
        code="missing-page",
        message=f"a link leads to {target}, and no page is there",
        hint=near(f"/{path}/", pages) or "write the path as readers see it: /topics/harbour/",
    )


def _no_picture(name: str, place: Place) -> Problem:
    return Problem(
        place=place,
        code="missing-file",
        message=f"there is no picture {name}",
        hint="a picture is a file: put it beside the article, or into static/",
    )


def _raw_picture(
    edited: Edited, target: str, published: _Published, place: Place
) -> Iterator[Problem]:
    """A picture in raw HTML that is not where browsers will look for it."""
    article, name = edited.article, unquote(re.split(r"[?#]", target, maxsplit=1)[0])
    path = routes.on_page(article, name, routes.base(published.address))
    if path in published.files:
        return
    beside = routes.beside(article, name)
    hint = "put it beside the article, or into static/"
    if beside in published.files:
        seen = routes.relative(beside, routes.article_path(article))
        hint = f"HTML is seen from the page: write {quote(seen)}, or use Markdown"
    yield Problem(place=place, code="missing-file", message=f"there is no file {name}", hint=hint)


def _pictures(edited: Edited, links: Sequence[Link], address: str) -> Iterator[Problem]:
    """Pictures without words, and those that pages do not show because they are elsewhere."""
    article = edited.article
    named = [
        (
            Place(link.path or article.place.path, link.line),
            link.target,
            bool(link.text.strip()) or link.is_mute,
        )
        for link in links
        if link.is_image
    ]
    if image := article.meta.image:
        alt = article.meta.image_alt.strip()
        named.append((article.image_place or article.place, image, bool(alt)))
    for place, name, is_told in named:
        if not is_told:
            yield Problem(
                place=place,
                code="missing-alt",
                message=f"the picture {name} has no words for those who cannot see it",
                level="warning",
                hint="write them between the brackets, ![like this](…), or as image-alt above",
            )
        yield from remote(name, place, address)


def remote(picture: str, place: Place, address: str) -> Iterator[Problem]:
    """A warning for a picture on another host: the pages' policy keeps it from readers.

    Args:
        picture: A path, or a whole address.
        place: Where it is named.
        address: The site's own, if it is known.
    """
    if not routes.is_address(picture):
        return
    here, there = urlsplit(address), urlsplit(urljoin(address, picture))
    if address and (here.scheme, here.netloc.lower()) == (there.scheme, there.netloc.lower()):
        return
    yield Problem(
        place=place,
        code="remote-picture",
        message=f"readers do not see {picture}: pages show pictures of their own site alone",
        level="warning",
        hint="save it beside the article, and write the file’s name",
    )


def _anchors(edited: Edited, headings: Sequence[Heading]) -> frozenset[str]:
    return frozenset(
        [
            *(heading.id for heading in headings),
            *(said.anchor for said in edited.statements if said.shown),
            *(note.anchor for note in edited.notes),
        ]
    )


def _collisions(site: Site, paths: Sequence[str]) -> Iterator[Problem]:
    """Two outputs in one place, or one where another needs a folder; capitals do not matter."""
    folded = [path.casefold() for path in paths]
    taken = {*folded}
    folders: set[str] = set()
    above = {path.rpartition("/")[0] for path in taken} - {""}
    while above:
        folders |= above
        above = {path.rpartition("/")[0] for path in above} - folders - {""}
    if len(taken) == len(folded) and taken.isdisjoint(folders):
        return
    pages = {
        path: edited.article.place
        for edited in site.articles
        for path in (
            *map(routes.old_file, edited.article.meta.aliases),
            routes.file_of(routes.article_path(edited.article)),
        )
    }
    taken = set()
    for path, one in zip(paths, folded, strict=True):
        if one in taken:
            yield _collision(path, pages)
        taken.add(one)
    for path, one in zip(paths, folded, strict=True):
        if one in folders:
            yield _collision(path, pages)


def _collision(path: str, pages: Mapping[str, Place]) -> Problem:
    below = (place for page, place in pages.items() if page.startswith(f"{path}/"))
    return Problem(
        place=pages.get(path) or next(below, Place("site.toml")),
        code="same-url",
        message=f"two things would be published at /{path.removesuffix('index.html')}",
        hint="give one of them another name, slug or key",
    )
