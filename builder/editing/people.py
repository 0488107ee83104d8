"""Whom an editor means by a key or a name, and who is new."""

from __future__ import annotations

from collections.abc import Callable

from builder import routes
from builder.editing.directory import key_of, near
from builder.editing.galley import Galley, Naming, occurrences, same_name, short, words_at
from builder.errors import Place
from builder.model import EntityKey, Kind

_ADD = (
    "use a name as it stands in the article, add an entry to content/register.toml, "
    "or write a names correction for the words that mean it"
)


def whose(
    desk: Galley, name: str, place: Place, new: Callable[[str], EntityKey | None]
) -> EntityKey | None:
    """The entity that an editor means: by register key, key in the article, or name.

    Args:
        desk: The article.
        name: What the editor wrote.
        place: Where, for problems.
        new: Makes an entity of a full name that nobody has yet; None if it may not.

    Returns:
        The key, or None: then a problem was noted.
    """
    if name in desk.entities and name not in desk.directory.by_key:
        return EntityKey(name)
    known = desk.directory.called(name)
    here = sorted(
        entity.key
        for entity in desk.entities.values()
        if same_name(entity.name, name)
        or any(
            m.form == "name" and m.entity == entity.key and same_name(m.name, name)
            for m in desk.mentions
        )
    )
    if len(known) == 1:
        return desk.know(known[0])
    if not known and len(here) == 1:
        return here[0]
    meant = [each.key for each in known] or here
    if meant:
        keys = " or ".join(sorted(meant))
        message = f"“{short(name)}” can mean several entities"
        desk.wrong(place, "ambiguous-entity", message, f"write {keys}")
        return None
    before = len(desk.problems)
    key = None if _looks_like_key(name) else new(name)
    if key is None and len(desk.problems) == before:
        message = f"nobody and nothing is called “{short(name)}”"
        desk.wrong(place, "unknown-entity", message, near(name, _names(desk)) or _ADD)
    return key


def new_entity(
    desk: Galley, name: str, kind: Kind | None, place: Place, key: str = ""
) -> EntityKey | None:
    """An entity that neither register nor model know, named by an editor.

    Its kind must be given, and a key must be fit for a URL: else a problem is noted.
    """
    if key and routes.slug(key) != key:
        hint = f"write {routes.slug(key)}"
        desk.wrong(place, "bad-key", f"“{short(key)}” cannot be a key", hint)
        return None
    if kind is None:
        hint = near(name, _names(desk)) or 'add kind = "person", "organisation" or "place"'
        message = f"“{short(name)}” is new, and its kind is not given"
        desk.wrong(place, "kind-needed", message, hint)
        return None
    return desk.meet(EntityKey(key) if key else key_of(name), name, kind)


def standing(desk: Galley, name: str) -> EntityKey | None:
    """A person whom the article names and nobody found: the words become an editor's mentions."""
    spans = occurrences(desk.prose, name)
    taken = [m.span for m in desk.mentions if m.form == "name"]
    if not spans:
        return None
    key = desk.meet(key_of(name), name, "person")
    for span in spans:
        if not any(span.overlaps(other) for other in taken):
            words = words_at(desk.prose, (span,))
            desk.mentions.append(Naming(span, key, words, origin="editor"))
    return key


def _looks_like_key(name: str) -> bool:
    return name == routes.slug(name) and ("-" in name or not name.isalpha())


def _names(desk: Galley) -> list[str]:
    known = desk.directory.by_key.values()
    return [
        *desk.directory.by_key,
        *(each.name for each in known),
        *desk.entities,
        *(each.name for each in desk.entities.values()),
    ]
