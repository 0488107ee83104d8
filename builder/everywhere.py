"""What stands on every page of a site: its notice and its menu, and where their links lead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from builder import check as checking
from builder import prose
from builder import settings as setting
from builder.errors import Place, Problem
from builder.model import Article, ArticleId, FrontMatter
from builder.render.sections import is_unmade
from builder.settings import Settings


def faults_of_notice(root: Path, settings: Settings) -> list[Problem]:
    """What is wrong with the site's notice, but for links to pages that are not there."""
    parsed = _notice(settings)
    place = setting.place(root / "site.toml", "site", "notice")
    found = [replace(problem, place=place) for problem in parsed.problems]
    for link_ in parsed.links:
        if link_.kind == "external" and link_.is_image:
            found += checking.remote(link_.target, place, settings.site.url)
        elif link_.kind != "external" and not _is_rooted(link_):
            message = f"“{link_.target}” does not lead from every page to one place"
            hint = "write the whole address, https://…, or a path from the top: /about/"
            found.append(Problem(place=place, code="bad-link", message=message, hint=hint))
    return found


def links(root: Path, settings: Settings) -> Iterator[tuple[Place, str]]:
    """Where the links stand that are on every page, and where they lead."""
    file = root / "site.toml"
    for number, entry in enumerate(settings.menu):
        if not is_unmade(entry.link, settings):
            yield setting.place(file, "menu", number, "link"), entry.link
    for link_ in _notice(settings).links:
        if _is_rooted(link_):
            yield setting.place(file, "site", "notice"), link_.target


def _notice(settings: Settings) -> prose.Parsed:
    meta = FrontMatter(title="", published=dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
    nowhere = Article(ArticleId(""), Place("site.toml"), meta, settings.site.notice)
    return prose.parse(nowhere, settings.markdown)


def _is_rooted(link_: prose.Link) -> bool:
    """Whether a link is a path from the top of the site."""
    return link_.kind == "asset" and link_.target.startswith("/")
