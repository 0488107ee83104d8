"""The rules of IPTC ninjs 3.0 for what Postil writes, after `ninjs-schema_3.0.json`.

Every object is closed there (`additionalProperties: false`, and `unevaluatedProperties: false` at
the root), `uri` alone is required of an item, and `name` and `uri` of an association.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
URI: Schema = {"type": "string", "format": "uri"}
TIME: Schema = {"type": "string", "format": "date-time"}
WHOLE: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}


def closed(required: tuple[str, ...] = (), **fields: Schema) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": fields,
    }


def several(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def one_of(*words: str) -> Schema:
    return {"type": "string", "enum": list(words)}


WORDS = several(closed(("value",), role=TEXT, contentType=TEXT, value=TEXT))
THING = closed(name=TEXT, rel=TEXT, uri=URI, literal=TEXT)
RENDITION = closed(
    ("name",),
    name=TEXT,
    uri=URI,
    version=WHOLE,
    versionGUID=TEXT,
    href=URI,
    contentType=TEXT,
    title=TEXT,
    generated=TIME,
    height=NUMBER,
    width=NUMBER,
    sizeInBytes=NUMBER,
)
FIELDS: Schema = {
    "uri": URI,
    "type": one_of(
        "text",
        "audio",
        "video",
        "picture",
        "graphic",
        "composite",
        "component",
        "event",
        "planning",
    ),
    "representationType": one_of("full", "partial"),
    "profile": TEXT,
    "version": TEXT,
    "firstCreated": TIME,
    "versionCreated": TIME,
    "contentCreated": TIME,
    "embargoedUntil": TIME,
    "pubStatus": one_of("usable", "withheld", "canceled"),
    "urgency": {"type": "integer", "minimum": 1, "maximum": 9},
    "copyrightHolder": TEXT,
    "copyrightNotice": TEXT,
    "usageTerms": TEXT,
    "edNote": TEXT,
    "language": TEXT,
    "descriptions": WORDS,
    "bodies": several(
        closed(
            ("value",), role=TEXT, contentType=TEXT, charCount=WHOLE, wordCount=WHOLE, value=TEXT
        )
    ),
    "headlines": WORDS,
    "people": several(THING),
    "organisations": several(THING),
    "places": several(THING),
    "subjects": several(
        closed(
            name=TEXT,
            rel=TEXT,
            uri=URI,
            literal=TEXT,
            creator=TEXT,
            relevance={"type": "integer", "minimum": 0, "maximum": 100},
            confidence={"type": "integer", "minimum": 0, "maximum": 100},
        )
    ),
    "events": several(closed(id=TEXT, name=TEXT, rel=TEXT, uri=URI, literal=TEXT)),
    "objects": several(THING),
    "infoSources": several(closed(name=TEXT, role=TEXT, uri=URI, literal=TEXT)),
    "title": TEXT,
    "by": TEXT,
    "slugline": TEXT,
    "located": TEXT,
    "renditions": several(RENDITION),
    "altIds": several(closed(role=TEXT, value=TEXT)),
    "standard": closed(name=TEXT, version=TEXT, schema=URI),
    "genres": several(closed(name=TEXT, uri=TEXT, literal=TEXT)),
    "expires": TIME,
}
NINJS: Schema = closed(
    ("uri",),
    **FIELDS,
    associations=several(closed(("name", "uri"), **FIELDS, name=TEXT, rel=TEXT)),
)
