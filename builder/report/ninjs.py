"""`export --format ninjs`: reports as news items in IPTC's ninjs 3.0, one JSON object each.

The fields and their rules are those of `ninjs-schema_3.0.json`
(https://www.iptc.org/std/ninjs/ninjs-schema_3.0.json); no other field may stand in an item.
"""

from __future__ import annotations

import mimetypes
from collections import Counter
from collections.abc import Collection, Iterator
from html import unescape
from pathlib import Path
from re import sub
from urllib.parse import urljoin

import msgspec

from builder.build import Built
from builder.model import ArticleId, Edited, Entity, Kind
from builder.render.edition import Edition, edition, picture, summary
from builder.render.sourcing import is_named
from builder.render.syndication import plain

SCHEMA = "http://www.iptc.org/std/ninjs/ninjs-schema_3.0.json#"
FIELDS: dict[Kind, str] = {
    "person": "people",
    "organisation": "organisations",
    "place": "places",
    "event": "events",
    "work": "objects",
    "law": "objects",
}
"""Where an item names the things of each kind."""

Item = dict[str, object]


def ninjs(built: Built, root: Path, wanted: Collection[ArticleId] = ()) -> Iterator[bytes]:
    """One line of JSON for each report, newest first.

    The text is the report's and names whom it names. The lists of people, organisations and places
    hold only who has a page.

    Args:
        built: The site; it has an address, for an item's `uri` is one.
        root: The site's folder.
        wanted: Which reports; all if none is named.
    """
    # No page is made here, so no style sheet is asked for.
    whole = edition(built.site, built.related, built.settings, root, {}, built.gallery)
    for edited in built.site.articles:
        if not wanted or edited.article.id in wanted:
            yield msgspec.json.encode(item(whole, edited))


def item(edition: Edition, edited: Edited) -> Item:
    """A report as a news item."""
    site, meta = edition.settings.site, edited.article.meta
    url = edition.address(edition.paths[edited.article.id])
    text = plain(edition, edited, away=False)
    image = _image(edition, edited, url)
    found: Item = {
        "uri": url,
        "standard": {"name": "ninjs", "version": "3.0", "schema": SCHEMA},
        "type": "text",
        "representationType": "full",
        "profile": "text-picture" if image else "text-only",
        "firstCreated": meta.published.isoformat(),
        "versionCreated": (meta.updated or meta.published).isoformat(),
        "contentCreated": meta.published.isoformat(),
        "expires": meta.expires.isoformat() if meta.expires else "",
        "pubStatus": "usable",
        "copyrightHolder": site.publisher or site.title,
        "usageTerms": site.licence,
        "language": meta.lang or site.language,
        "title": meta.title,
        "headlines": [{"role": "main", "value": meta.title}],
        "by": edition.within(edited.article.id).words.listed(meta.authors),
        "located": meta.dateline,
        "slugline": edited.article.id,
        "descriptions": _descriptions(meta.summary or summary(edition, edited)),
        "bodies": [_body("text/html", text.whole()), _body("text/plain", edited.prose.text)],
        "subjects": [{"name": topic} for topic in meta.topics],
        "infoSources": list(_sources(edition, edited)),
        "associations": [image] if image else [],
        **_mentioned(edition, edited),
    }
    return {key: value for key, value in found.items() if value}


def _descriptions(text: str) -> list[Item]:
    return [{"role": "summary", "contentType": "text/plain", "value": text}] if text else []


def _body(kind: str, text: str) -> Item:
    words = unescape(sub(r"<[^>]*>", "", text)) if kind == "text/html" else text
    return {
        "contentType": kind,
        "charCount": len(words),
        "wordCount": len(words.split()),
        "value": text,
    }


def _mentioned(edition: Edition, edited: Edited) -> Item:
    found: dict[str, object] = {}
    often = Counter(mention.entity for mention in edited.mentions)
    for key, _ in sorted(often.items(), key=lambda each: (-each[1], each[0])):
        entity = edition.site.entities.get(key)
        if entity and entity.path:
            group = found.setdefault(FIELDS[entity.kind], [])
            assert isinstance(group, list)
            group.append({"name": entity.name, "rel": "mentions", "uri": _uri(edition, entity)})
    return found


def _sources(edition: Edition, edited: Edited) -> Iterator[Item]:
    """Sources with a page, in the order in which they speak."""
    keys = [
        key
        for said in edited.statements
        if said.shown and said.speaker and is_named(said) and not said.document
        for key in (said.speaker, *said.also)
    ]
    for key in dict.fromkeys(keys):
        entity = edition.site.entities.get(key)
        if entity and entity.path:
            yield {"name": entity.name, "role": "source", "uri": _uri(edition, entity)}
    if edited.article.meta.outlet:
        yield {"name": edited.article.meta.outlet, "role": "originator"}


def _uri(edition: Edition, entity: Entity) -> str:
    return edition.address(entity.path)


def _image(edition: Edition, edited: Edited, url: str) -> Item:
    image = picture(edition, edited.article, edition.paths[edited.article.id])
    if image is None:
        return {}
    address = urljoin(url, image.src)
    rendition: Item = {
        "name": "original",
        "href": address,
        "contentType": mimetypes.guess_type(address)[0] or "",
        "width": image.width,
        "height": image.height,
    }
    found: Item = {
        "name": "lead",
        "rel": "illustration",
        "uri": address,
        "type": "picture",
        "by": image.credit,
        "descriptions": [{"role": "alt", "value": image.alt}] if image.alt else [],
        "renditions": [{key: value for key, value in rendition.items() if value}],
    }
    return {key: value for key, value in found.items() if value}
