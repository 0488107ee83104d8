"""What a report is, as JSON-LD in the vocabulary of schema.org.

Programs find the same words in the page, so this says ids and addresses and repeats no text. Only
who has a page is named: whoever has none is not told to programs at all. Statements and entities
have addresses relative to the page's, as JSON-LD 1.1 reads them in HTML.

`Quotation` is for what is quoted, in full or in part, `Claim` for reported speech. Who said it is
`spokenByCharacter` of a quotation and `creator` of a claim. `citation` holds the documents of the
report, `isBasedOn` those that are the source of a statement.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin

import msgspec

from builder import routes
from builder.model import Edited, Identity, Kind, Said, SourceDocument
from builder.render import notes
from builder.render.edition import Edition, picture, resolver
from builder.render.sourcing import is_named
from builder.render.views import Html

TYPES: dict[Kind, str] = {
    "person": "Person",
    "organisation": "Organization",
    "place": "Place",
    "event": "Event",
    "work": "CreativeWork",
    "law": "Legislation",
}
MENTIONS = 10
"""Entities that are named most in a report; a long one mentions hundreds."""

Data = dict[str, object]


def linked_data(edition: Edition, edited: Edited) -> Html:
    """The JSON-LD of a report, safe inside `<script>`; empty unless the site has an address."""
    if not edition.settings.site.url:
        return Html("")
    text = msgspec.json.encode(report(edition, edited)).decode()
    # Neither `</script` nor `<!--` may stand in a script (HTML, 4.12.1.3), nor `]]>` in XML.
    return Html(text.replace("<", "\\u003c").replace(">", "\\u003e"))


def report(edition: Edition, edited: Edited) -> Data:
    """A report as a `NewsArticle`."""
    site, meta = edition.settings.site, edited.article.meta
    path = edition.paths[edited.article.id]
    url = edition.address(path)
    image = picture(edition, edited.article, path)
    publisher = site.publisher or site.title
    people = [{"@type": "Person", "name": name} for name in meta.authors if name != publisher]
    documents = tuple(_documents(edition, edited, url))
    based_on = {said.document for said in edited.statements if said.shown and said.document}
    found: Data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": url,
        "headline": meta.title,
        "datePublished": meta.published.isoformat(),
        "dateModified": meta.updated.isoformat() if meta.updated else "",
        "inLanguage": meta.lang or site.language,
        **_translations(edition, edited),
        "author": people or [{"@type": "Organization", "name": publisher}],
        "publisher": {"@type": "Organization", "name": publisher, "url": edition.address("")},
        "image": urljoin(url, image.src) if image else "",
        "articleSection": list(meta.topics),
        "dateline": meta.dateline,
        "mentions": [_thing(entity, path) for entity in _mentioned(edition, edited)],
        "citation": [data for _, data in documents],
        "isBasedOn": [{"@id": data["@id"]} for key, data in documents if key in based_on],
        "hasPart": [
            part
            for said, at in notes.anchored(edited)
            if (part := _part(edition, edited, said, f"#{at}", url))
        ],
    }
    return {key: value for key, value in found.items() if value}


def _translations(edition: Edition, edited: Edited) -> Data:
    """The same report in other languages: what this one translates, or what translates it."""
    others = edition.site.translations.get(edited.article.id, ())
    ids = [{"@id": edition.address(edition.paths[other])} for other in others]
    if not others:
        return {}
    if edited.article.meta.translation_of:
        return {"translationOfWork": ids[0]}
    return {"workTranslation": ids}


def _part(edition: Edition, edited: Edited, said: Said, at: str, url: str) -> Data:
    """A statement at its fragment of the page; empty if nobody may be told to say it.

    What somebody denies is nothing that they claim.
    """
    if said.statement.denied:
        return {}
    is_quoted = said.statement.form != "indirect"
    found: Data = {"@type": "Quotation" if is_quoted else "Claim", "@id": at}
    path = edition.paths[edited.article.id]
    speakers = [{"@id": routes.relative(each.path, path)} for each in _speakers(edition, said)]
    if speakers:
        by = "spokenByCharacter" if is_quoted else "creator"
        found[by] = speakers[0] if len(speakers) == 1 else speakers
    if said.document and (document := _document(edited, said.document)):
        found["isBasedOn"] = {"@id": _id(edition, edited, document, url)}
    return found if len(found) > len(("@type", "@id")) else {}


def _speakers(edition: Edition, said: Said) -> Iterator[Identity]:
    """Those people and organisations with a page who say a statement."""
    if said.speaker is None or not is_named(said) or said.document:
        return
    for key in (said.speaker, *said.also):
        entity = edition.identities.get(key)
        if entity and entity.path and entity.kind in {"person", "organisation"}:
            yield entity


def _mentioned(edition: Edition, edited: Edited) -> list[Identity]:
    """Entities with a page, those named most often first."""
    often: dict[str, int] = {}
    for mention in edited.mentions:
        often[mention.entity] = often.get(mention.entity, 0) + 1
    found = [edition.identities[here.key] for here in edited.entities if here.key in often]
    with_page = [entity for entity in found if entity.path]
    speaking = {e.key for said, _ in notes.anchored(edited) for e in _speakers(edition, said)}
    ranked = sorted(with_page, key=lambda e: (e.key not in speaking, -often[e.key], e.key))
    return ranked[: max(MENTIONS, len(speaking))]


def _thing(entity: Identity, page: str) -> Data:
    return {
        "@type": TYPES[entity.kind],
        "@id": routes.relative(entity.path, page),
        "name": entity.name,
    }


def _documents(edition: Edition, edited: Edited, url: str) -> Iterator[tuple[str, Data]]:
    for document in edited.article.meta.documents:
        address = _id(edition, edited, document, url)
        data: Data = {
            "@type": "CreativeWork",
            "@id": address,
            "name": edition.protected.cleared(document.title),
        }
        if document.link:
            data["url"] = address
        if document.published:
            data["datePublished"] = document.published.isoformat()
        yield document.id, data


def _document(edited: Edited, key: str) -> SourceDocument | None:
    return next((each for each in edited.article.meta.documents if each.id == key), None)


def _id(edition: Edition, edited: Edited, document: SourceDocument, url: str) -> str:
    """The document's address, or a fragment of the report's for one that is on paper only."""
    if not document.link:
        return f"{url}#document-{document.id}"
    link = resolver(edition, edited.article, edition.paths[edited.article.id])(document.link)
    return urljoin(url, link)
