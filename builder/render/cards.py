"""Cards: the pictures that are shown where links to a site are shared."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from posixpath import basename

from msgspec.structs import replace

from builder import keeping
from builder.model import ArticleId, Copy, Edited, Output, Said
from builder.render import notes
from builder.render.card_drawing import Card, are_made, drawing, path, readable
from builder.render.edition import Edition
from builder.render.sourcing import is_named, sourcing
from builder.render.wording import clipped

FOLDER = "cards"
"""In the cache."""
SHORTEST, LONGEST = 5, 28
"""Words of a quotation that a card shows; of a longer one it shows as many."""
ROLE = 8
"""Words of a source's role."""


def cards(edition: Edition) -> Iterator[Output]:
    """The pictures, each drawn once: it lies in the cache under a hash of its words."""
    cache = edition.gallery.cache
    if cache is None:
        return
    folder = (cache / FOLDER).resolve()
    wanted = {path(each): each for each in _all(edition)}
    there: set[str] = set()
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        there = {entry.name for entry in entries if entry.is_file()}
    for published, each in sorted(wanted.items()):
        name = basename(published)
        file = os.path.join(folder, name)  # noqa: PTH118 - one of many thousands
        if name not in there:
            keeping.must_keep(Path(file), drawing(each))
        yield Copy(published, file, name)
    for name in there - {*map(basename, wanted)}:
        (folder / name).unlink(missing_ok=True)


def address(edition: Edition, edited: Edited) -> str:
    """The full address of the card of a report, else that of the site's; empty if there is none."""
    card = _of(edition, edited) or edition.card
    return edition.address(path(card)) if card else ""


def _all(edition: Edition) -> Iterator[Card]:
    if edition.card:
        yield edition.card
    for id_ in edition.ids:
        if card := edition.trace.value("card", id_, partial(_of_report, edition, id_)):
            yield card


def _of_report(edition: Edition, id_: ArticleId) -> Card | None:
    return _of(edition, edition.articles[id_])


def _of(edition: Edition, edited: Edited) -> Card | None:
    """The card of a report; None if its headline cannot be drawn, or names one who is kept off."""
    edition = edition.within(edited.article.id)
    headline = edition.tellable(edited.article.meta.title, edited.article.id)
    if not are_made(edition.settings, edition.gallery) or not headline:
        return None
    card = Card(
        site=edition.settings.site.title,
        headline=headline,
        sourcing=sourcing(edited, edition.words).text,
    )
    for said in _telling(edited):
        words = edition.words_away(edited.article.id, said)
        source = _source(edition, edited, said)
        if source and len(words.split()) >= SHORTEST and edition.protected.stand_in not in words:
            card = replace(card, quote=clipped(words, LONGEST), source=source)
            break
    shown = readable(card)
    return shown if shown.headline else None


def _telling(edited: Edited) -> list[Said]:
    """What is quoted to the letter from one named source.

    Whole quotations come first, and of these what an editor has checked.
    """
    direct = [
        said
        for said in edited.statements
        if said.shown and said.statement.form == "direct" and is_named(said) and not said.also
    ]
    return sorted(
        direct, key=lambda said: (len(said.statement.content) > 1, said.checked_by is None)
    )


def _source(edition: Edition, edited: Edited, said: Said) -> str:
    """Name and role of a source that has a page, and of no other."""
    entity = edition.speaker(said)
    if entity is None or not entity.path:
        return ""
    name = notes.called(edition, edited.article.id, said, "")
    role = edition.tellable(clipped(notes.role_of(said), ROLE), edited.article.id)
    shown = ", ".join(part for part in (name, role) if part)
    return "" if name == edition.words("source.kept-off") else edition.tellable(shown)
