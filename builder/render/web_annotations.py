"""Each report's statements as W3C Web Annotations, and the collection of them all.

The vocabulary is that of the Web Annotation Data Model (W3C, 23 February 2017). Every report with
statements has an `AnnotationPage` beside it; together these are the pages of the site's one
`AnnotationCollection`, the oldest report first, so that a new report changes two files.

A statement is an annotation: its body says who said it and how we know, with the source's page if
there is one. Its id is a fragment of its file, as JSON-LD resolves it, and the same fragment of the
report's page is the statement. Page and source have relative addresses, too: whole ones would be a
fifth of the file. Its targets are the stretches of the page's text that carry it. Each is
selected by its words (`TextQuoteSelector`), which with what stands around them are in the page
once. Words that name a person whom the register keeps off are not repeated: such a stretch is
selected by its offsets in the text of the element `.body` (`CssSelector` refined by a
`TextPositionSelector`). Text is what `textContent` says, numbers of notes included, and offsets
count UTF-16 code units, as browsers do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from html import unescape
from itertools import pairwise

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from builder.model import ArticleId, Edited, File, Output, Said
from builder.render import notes
from builder.render.edition import Edition, entity_link
from builder.render.syndication import said_in_words, source_of
from builder.render.wording import printable

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
NAME = "annotations.jsonld"
MEDIA_TYPE = 'application/ld+json;profile="http://www.w3.org/ns/anno.jsonld"'
PAGE = "./"
"""The report's page, seen from its annotations."""
AROUND = 16
"""Characters of context before and after a quote; more where it takes more to find it once."""
_TAG = re.compile(
    r"""<!--.*?-->|<(/?)([a-zA-Z][^\s/>]*)((?:[^>"']|"[^"]*"|'[^']*')*)>""", re.DOTALL
)
_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "source", "track", "wbr"})
_MARK = re.compile(r'class="q [^"]*" (?:id|data-mark)="([^"]+)"')
_REF = re.compile(r'class="ref"')

Data = dict[str, object]


class _Text(Struct):
    """The text of a report's body as browsers have it."""

    text: str
    pieces: dict[str, list[tuple[int, int]]]
    """Half-open ranges of it, by the anchor of a mark; what belongs together is one."""
    secret: frozenset[str] = frozenset()
    """Words of it that name somebody whom the register keeps off."""


def has_annotations(edited: Edited) -> bool:
    """Whether a report carries a statement that readers see."""
    return any(said.shown and said.statement.content for said in edited.statements)


def neighbours(edition: Edition) -> dict[ArticleId, Data]:
    """What every report's annotations say of the pages before and after, the oldest report first.

    Empty without the site's address; reports without statements are left out.
    """
    order = list(_annotated(edition))
    at = [edition.address(edition.paths[article] + NAME) for article in order]
    found: dict[ArticleId, Data] = {article: {} for article in order}
    for (one, here), (other, there) in pairwise(zip(order, at, strict=True)):
        found[one]["next"] = there
        found[other]["prev"] = here
    return found


def _annotated(edition: Edition) -> dict[ArticleId, int]:
    """How many annotations each report with statements has, the oldest report first.

    Empty without the site's address.
    """
    if not edition.settings.site.url:
        return {}
    counted = (
        (id_, edition.trace.value("annotations", id_, partial(_count, edition, id_)))
        for id_ in reversed(edition.ids)
    )
    return {id_: count for id_, count in counted if count is not None}


def _count(edition: Edition, id_: ArticleId) -> int | None:
    edited = edition.articles[id_]
    return len(list(notes.anchored(edited))) if has_annotations(edited) else None


def beside(edition: Edition, edited: Edited, body: str, before: str, near: Data) -> Output:
    """The annotations of one report with statements.

    Args:
        edition: The site, which has an address.
        edited: The report.
        body: Its HTML with marks, as the page has it.
        before: The text in the element `.body` that stands before it.
        near: Of `neighbours`.
    """
    path = edition.paths[edited.article.id]
    text = _text(printable(body), printable(before))
    text = replace(text, secret=_secret(edition, edited, text.text))
    items = [
        _annotation(edition, edited, said, anchor, text)
        for said, anchor in notes.anchored(edited)
        if text.pieces.get(anchor)
    ]
    page: Data = {
        "@context": CONTEXT,
        "id": edition.address(path + NAME),
        "type": "AnnotationPage",
        "partOf": edition.address(NAME),
        **near,
        "items": items,
    }
    return File(path + NAME, msgspec.json.encode(page))


def collection(edition: Edition) -> Iterator[Output]:
    """`annotations.jsonld`: the collection of all statements of the site."""
    counts = _annotated(edition)
    if not counts:
        return
    order = list(counts)
    found: Data = {
        "@context": CONTEXT,
        "id": edition.address(NAME),
        "type": "AnnotationCollection",
        "label": f"{edition.words('panel.heading')} · {edition.settings.site.title}",
        "total": sum(counts.values()),
        "first": edition.address(edition.paths[order[0]] + NAME),
        "last": edition.address(edition.paths[order[-1]] + NAME),
    }
    yield File(NAME, msgspec.json.encode(found))


def _annotation(
    edition: Edition,
    edited: Edited,
    said: Said,
    anchor: str,
    text: _Text,
) -> Data:
    path = edition.paths[edited.article.id]
    words: Data = {
        "type": "TextualBody",
        "value": said_in_words(edition, edited, said, away=True),
    }
    source = source_of(edition, said)
    targets = [
        {
            "source": PAGE,
            "selector": _quote(text.text, start, end, text.secret) or _place(text.text, start, end),
        }
        for start, end in text.pieces[anchor]
    ]
    return {
        "id": f"#{said.anchor}",
        "type": "Annotation",
        "motivation": "describing",
        "body": [words, entity_link(source, path).href] if source else words,
        "target": targets if len(targets) > 1 else targets[0],
    }


def _place(text: str, start: int, end: int) -> Data:
    """The selector by offsets."""
    return {
        "type": "CssSelector",
        "value": ".body",
        "refinedBy": {
            "type": "TextPositionSelector",
            "start": _units(text[:start]),
            "end": _units(text[:end]),
        },
    }


def _quote(text: str, start: int, end: int, secret: frozenset[str]) -> Data | None:
    """The selector by words, with as much around them as it takes to find them once."""
    exact = text[start:end]
    if any(name in exact for name in secret):
        return None
    around = AROUND
    while True:
        before, after = text[max(0, start - around) : start], text[end : end + around]
        prefix, suffix = _after_secret(before, secret), _before_secret(after, secret)
        whole = prefix + exact + suffix
        if text.find(whole) == text.rfind(whole):
            return {
                "type": "TextQuoteSelector",
                "exact": exact,
                "prefix": prefix,
                "suffix": suffix,
            }
        if around > len(text) or (prefix, suffix) != (before, after):
            return None
        around *= 2


def _after_secret(before: str, secret: frozenset[str]) -> str:
    """The end of a text that names nobody who is kept off, whole or cut in two."""
    cut = max((before.rfind(name) + len(name) for name in secret if name in before), default=0)
    if cut == 0:
        ends = (name[n:] for name in secret for n in range(1, len(name)))
        cut = max((len(end) for end in ends if before.startswith(end)), default=0)
    return before[cut:]


def _before_secret(after: str, secret: frozenset[str]) -> str:
    """The beginning of a text that names nobody who is kept off, whole or cut in two."""
    cut = min((after.find(name) for name in secret if name in after), default=len(after))
    if cut == len(after):
        starts = (name[:n] for name in secret for n in range(1, len(name)))
        cut -= max((len(start) for start in starts if after.endswith(start)), default=0)
    return after[:cut]


def _secret(edition: Edition, edited: Edited, page: str) -> frozenset[str]:
    """All words of a page's text that name somebody whom the register keeps off."""
    protected = edition.protected
    words = {edited.prose.text[span.start : span.end] for span in protected.hidden(edited)}
    return frozenset({*words, *protected.forms(page), *protected.names}) - {""}


def _units(text: str) -> int:
    """How many UTF-16 code units a text has."""
    return len(text.encode("utf-16-le")) // 2


def _text(body: str, before: str) -> _Text:
    """The text of a body's HTML, and where its marks stand in it."""
    parts, at = [before], len(before)
    pieces: dict[str, list[tuple[int, int]]] = {}
    refs: list[tuple[int, int]] = []
    opened: list[tuple[str, int, str | None, bool]] = []
    last = 0

    def add(raw: str) -> int:
        words = unescape(raw)
        parts.append(words)
        return len(words)

    for match in _TAG.finditer(body):
        at += add(body[last : match.start()])
        last = match.end()
        slash, name, attributes = match.groups()
        if name is None or name.lower() in _VOID:
            continue
        if not slash:
            mark = _MARK.search(attributes)
            opened.append((name, at, mark[1] if mark else None, bool(_REF.search(attributes))))
            continue
        while opened:
            tag, start, anchor, is_ref = opened.pop()
            if anchor is not None and start < at:
                pieces.setdefault(anchor, []).append((start, at))
            if is_ref:
                refs.append((start, at))
            if tag == name:
                break
    add(body[last:])
    text = "".join(parts)
    return _Text(
        text, {anchor: _joined(text, sorted(found), refs) for anchor, found in pieces.items()}
    )


def _joined(
    text: str, pieces: Sequence[tuple[int, int]], refs: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Pieces with only white space between them made one, and numbers of notes cut out."""
    found: list[tuple[int, int]] = []
    for start, end in _without(pieces, refs):
        if found and not text[found[-1][1] : start].strip():
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return [(start, end) for start, end in found if text[start:end].strip()]


def _without(
    pieces: Sequence[tuple[int, int]], refs: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    for start, end in pieces:
        at = start
        for first, last in refs:
            if at <= first and last <= end:
                yield at, first
                at = last
        yield at, end
