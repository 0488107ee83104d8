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

    Of namesakes in the register, the only one that the article names is meant.

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
    here = _called_here(desk, name)
    meant = sorted(EntityKey(each.key) for each in known)
    if len(meant) > 1 and len(set(meant) & set(here)) == 1:
        meant = [key for key in meant if key in here]
    if len(meant) == 1:
        return desk.know(desk.directory.by_key[meant[0]])
    if meant or here:
        return _only(desk, name, place, meant or here)
    before = len(desk.problems)
    key = None if _looks_like_key(name) else new(name)
    if key is None and len(desk.problems) == before:
        _unknown(desk, name, place)
    return key


def called_here(desk: Galley, name: str, place: Place) -> EntityKey | None:
    """The entity of this article that has a key or is called by a name; else a problem is noted."""
    here = [EntityKey(name)] if name in desk.entities else _called_here(desk, name)
    if here:
        return _only(desk, name, place, here)
    key = standing(desk, name)
    if key is None:
        _unknown(desk, name, place)
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


def _called_here(desk: Galley, name: str) -> list[EntityKey]:
    called = {m.entity for m in desk.mentions if m.form == "name" and same_name(m.name, name)}
    called |= {entity.key for entity in desk.entities.values() if same_name(entity.name, name)}
    return sorted(called & {m.entity for m in desk.mentions} or called)


def _only(desk: Galley, name: str, place: Place, keys: list[EntityKey]) -> EntityKey | None:
    if len(keys) == 1:
        return keys[0]
    message = f"“{short(name)}” can mean several entities"
    desk.wrong(place, "ambiguous-entity", message, f"write {' or '.join(sorted(keys))}")
    return None


def _unknown(desk: Galley, name: str, place: Place) -> None:
    message = f"nobody and nothing is called “{short(name)}”"
    desk.wrong(place, "unknown-entity", message, near(name, _names(desk)) or _ADD)


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
