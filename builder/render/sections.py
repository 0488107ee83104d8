"""What readers can look a site through by: its menu, its kinds of entities, its lists of lists."""

from __future__ import annotations

from builder import routes
from builder.model import Kind, Site
from builder.render.catalogue import Words
from builder.settings import Settings

KINDS: dict[Kind, tuple[str, str]] = {
    "person": ("kind.person", "section.person"),
    "organisation": ("kind.organisation", "section.organisation"),
    "place": ("kind.place", "section.place"),
    "event": ("kind.event", "section.event"),
    "work": ("kind.work", "section.work"),
    "law": ("kind.law", "section.law"),
}
"""What readers call one and many of each kind that can have a page, in the catalogue."""
MENU = frozenset({"stories/", "topics/", "people/", "organisations/", "places/", "search/"})
"""The sections in the menu of a site that sets none."""


def menu(site: Site, settings: Settings, words: Words) -> tuple[tuple[str, str], ...]:
    """The site's own menu, or what there is to look through."""
    if settings.menu:
        shown = (entry for entry in settings.menu if not is_unmade(entry.link, settings))
        return tuple((entry.name, entry.link.removeprefix("/")) for entry in shown)
    return tuple(section for section in sections(site, settings, words) if section[1] in MENU)


def is_unmade(link: str, settings: Settings) -> bool:
    """Whether a link of the menu leads to the page for searching, and this build makes none."""
    return link.strip("/") == routes.SEARCH_PATH.strip("/") and not settings.search.on


def sections(site: Site, settings: Settings, words: Words) -> tuple[tuple[str, str], ...]:
    """All lists of lists that the site has, by name and path."""
    kinds = {entity.kind for entity in site.entities.values() if entity.path}
    listed_kinds = (
        (KINDS[kind][1], f"{folder}/", kind in kinds) for kind, folder in routes.KIND_FOLDER.items()
    )
    every = (
        ("section.stories", "stories/", site.stories),
        ("section.topics", "topics/", site.topics),
        *listed_kinds,
        ("section.authors", "authors/", site.authors),
        ("section.months", "archive/", site.months),
        (
            "section.sourcing",
            routes.AUDIT_PATH,
            any(said.shown for e in site.articles for said in e.statements),
        ),
        ("section.search", routes.SEARCH_PATH, settings.search.on),
    )
    return tuple((words(key), path) for key, path, there in every if there)
