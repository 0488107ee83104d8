"""The pages and files that every site has: 404, old addresses, robots, copied files."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from builder import routes
from builder.model import Copy, File, Output, Page
from builder.render.edition import Edition
from builder.render.frame import frame
from builder.render.views import MissingPage, RedirectPage

LATEST = 5
"""Reports that the 404 page offers."""


def missing(edition: Edition) -> Iterator[Output]:
    """`404.html`, whose links work wherever a server shows it."""
    latest = tuple(
        replace(
            edition.report(edited.article.id, ""),
            href=edition.rooted(edition.paths[edited.article.id]),
        )
        for edited in edition.site.articles[:LATEST]
    )
    head = replace(frame(edition, None, edition.words("missing.title")), robots="noindex")
    yield Page("404.html", "404.html", MissingPage(frame=head, latest=latest))


def redirects(edition: Edition) -> Iterator[Output]:
    """A page at each old address of an article that leads to it."""
    for edited in edition.site.articles:
        target = edition.paths[edited.article.id]
        canonical = edition.address(target) if edition.settings.site.url else ""
        for alias in edited.article.meta.aliases:
            old = routes.old_file(alias)
            folder = old.rpartition("/")[0]
            path = f"{folder}/" if folder else ""
            title = edited.article.meta.title
            yield Page(
                old,
                "redirect.html",
                RedirectPage(
                    frame=replace(
                        frame(edition, path, title),
                        canonical=canonical,
                        robots="noindex",
                    ),
                    target=edition.report(edited.article.id, path),
                ),
            )


def files(edition: Edition) -> Iterator[Output]:
    """Attachments and `static/` as they are, pictures, and the files for robots and hosts."""
    for asset in edition.site.assets:
        picture = edition.gallery.pictures.get(asset.source)
        clean = picture.clean if picture else None
        if clean:
            yield Copy(asset.path, clean.source, clean.digest)
        else:
            yield Copy(asset.path, asset.source, asset.digest)
    sizes = {one.path: one for each in edition.gallery.pictures.values() for one in each.renditions}
    for path, one in sorted(sizes.items()):
        yield Copy(path, one.source, one.digest)
    lines = ["User-agent: *", "Allow: /"]
    if edition.settings.site.url:
        lines.append(f"Sitemap: {edition.address('sitemap.xml')}")
    own = {asset.path for asset in edition.site.assets}
    made = {"robots.txt": "\n".join(lines) + "\n", ".nojekyll": ""}
    if domain := edition.settings.publish.domain:
        made["CNAME"] = f"{domain.lower()}\n"
    for path, text in made.items():
        if path not in own:
            yield File(path, text.encode())
