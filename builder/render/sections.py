"""What readers can look a site through by: its menu, its kinds of entities, its lists of lists."""

from __future__ import annotations

from builder import routes
from builder.model import Kind, Site
from builder.settings import Settings

KIND_NAMES: dict[Kind, tuple[str, str]] = {
    "person": ("Person", "People"),
    "organisation": ("Organisation", "Organisations"),
    "place": ("Place", "Places"),
    "event": ("Event", "Events"),
    "work": ("Work", "Works"),
    "law": ("Law", "Laws"),
}
"""What readers call one and many of each kind that can have a page."""
MENU = ("Stories", "Topics", "People", "Organisations", "Places")
"""The sections in the menu of a site that sets none."""


def menu(site: Site, settings: Settings) -> tuple[tuple[str, str], ...]:
    """The site's own menu, or what there is to look through."""
    if settings.menu:
        return tuple((entry.name, entry.link.removeprefix("/")) for entry in settings.menu)
    return tuple(section for section in sections(site) if section[0] in MENU)


def sections(site: Site) -> tuple[tuple[str, str], ...]:
    """All lists of lists that the site has, by name and path."""
    kinds = {entity.kind for entity in site.entities.values() if entity.path}
    listed_kinds = (
        (KIND_NAMES[kind][1], f"{folder}/", kind in kinds)
        for kind, folder in routes.KIND_FOLDER.items()
    )
    every = (
        ("Stories", "stories/", site.stories),
        ("Topics", "topics/", site.topics),
        *listed_kinds,
        ("Authors", "authors/", site.authors),
        ("All months", "archive/", site.months),
        (
            "Sourcing",
            routes.AUDIT_PATH,
            any(said.shown for e in site.articles for said in e.statements),
        ),
    )
    return tuple((name, path) for name, path, there in every if there)
