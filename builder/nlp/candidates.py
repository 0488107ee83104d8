"""The names that the language model found, cleaned, and of one kind each within an article."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from msgspec import Struct
from spacy.tokens import Doc

from builder.model import Kind, Span
from builder.nlp.lexicon import DEMONYMS, NATIONS, WORDS

_KINDS: dict[str, Kind] = {
    "PERSON": "person",
    "ORG": "organisation",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "EVENT": "event",
    "WORK_OF_ART": "work",
    "LAW": "law",
    "DATE": "date",
}
_PEOPLES = "NORP"
_HEAD = re.compile(
    r"(?:(?:[Tt]he|[Aa]n?|THE|[Tt]h(?:is|at|ese|ose)|[Aa]nother)\s+|[\"'“”‘’«»(\[\s.,:;–—-]+)+"
)
_TAIL = re.compile(r"(?:['’]s?| s|[\"“”«»)\]\s,:;&–—-]|['’]S)+$")
_DOT = re.compile(r"(?:^|[\s.])(?:[A-Z]|Inc|Corp|Ltd|Co|Jr|Sr|St)\.$")
_HYPHENED = re.compile(r"-(?:[a-z]+)$")
"""`-led`, `-backed`: the name is what stands before."""
CAPITAL = "[" + "".join(letter for letter in map(chr, range(0x250)) if letter.isupper()) + "]"
_WORD = re.compile(r"\S+")
_DAY_OR_YEAR = re.compile(
    rf"\b(?:{'|'.join(sorted(WORDS.days | WORDS.months))})\b|\b(?:1[5-9]|20)\d\d\b"
)
_NONSENSE = re.compile(r"^[DIR]-[A-Z]|^\W*$|^[\d\W]+$|[@{}<>|=\\]|https?:|www\.|\n")
_NUMERAL = re.compile(r"[IVXLC]+\.?$")
_CALENDAR = WORDS.days | WORDS.months | {word.title() for word in WORDS.times}
_LINE = 4
"""Words that a line has at least to be told to be in capitals."""
_STAND = re.compile(r"[Pp]ro-[A-Z]\w+ (?=[A-Z])")
"""`pro-Norway` before a name says where somebody stands."""
_STAFF = frozenset(
    {
        "spokesman",
        "spokeswoman",
        "spokesperson",
        "secretary",
        "director",
        "chairman",
        "chairwoman",
        "sheriff",
    }
)
_NO_NOUN = frozenset({"ADJ", "ADV", "VERB"})
_NEVER = WORDS.days | WORDS.months | WORDS.honorifics | WORDS.titles


class Candidate(Struct, frozen=True, order=True):
    """A name as it stands at one place."""

    span: Span
    kind: Kind
    """What the model says it is here."""
    people: bool = False
    """Whether the model says that it is a people, a faith or a party."""


def read(doc: Doc, text: str) -> Iterator[Candidate]:
    """Yield the model's entities in text order, without articles, possessives, titles, nonsense."""
    for entity in doc.ents:
        kind = _KINDS.get(entity.label_)
        people = entity.label_ == _PEOPLES
        if kind is None and not people:
            continue
        span = _cleaned(text, entity.start_char, entity.end_char)
        if span is None:
            continue
        if kind == "date":
            if _DAY_OR_YEAR.search(text, span.start, span.end):
                yield Candidate(span, "date")
            continue
        if kind == "work" and _is_shouted(text, span):
            continue
        if len(entity) == 1 and entity[0].pos_ in _NO_NOUN and kind in {"person", "organisation"}:
            continue
        if kind == "person":
            span = untitled(text, span)
        elif kind in {"organisation", "place"} or people:
            span = _unstory(text, span)
        if kind == "organisation":
            span = _unstaffed(text, span)
        if is_name(text[span.start : span.end]) and not _is_cried(text, span, kind):
            yield Candidate(span, kind or "organisation", people)


def _unstaffed(text: str, span: Span) -> Span:
    """Cut where somebody stands and what somebody is from a body's name.

    `Harbour Board Spokesperson`, `Pro-Norway Harbour Board`: the body is the Harbour Board.
    """
    stand = _STAND.match(text, span.start, span.end)
    start = stand.end() if stand else span.start
    first, _, last = text[start : span.end].rpartition(" ")
    owns = text[span.end : span.end + 1] in {"'", "’"}
    if first and last.lower() in _STAFF and not owns and not first.endswith((" of", " for")):
        return Span(start, start + len(first.rstrip()))
    return Span(start, span.end)


def _is_shouted(text: str, span: Span) -> bool:
    """Whether a title is one word in quotation marks, or words of a headline without any.

    A headline writes every word as titles are written; a word in marks is as often an outcry.
    """
    quoted = text[span.start - 1 : span.start] in {'"', "“", "‘", "'", "«"}
    if " " not in surface(text, span):
        return quoted
    return not quoted and in_headline(text, span)


def _is_cried(text: str, span: Span, kind: Kind | None) -> bool:
    """Whether nothing tells a name from the words around it, for the whole line is in capitals.

    There the model takes any word for a name. Somebody's two names are believed, and what stands
    elsewhere in the text as a name or is a country.
    """
    first = text.rfind("\n", 0, span.start) + 1
    last = text.find("\n", span.end)
    line = text[first : last if last >= 0 else len(text)]
    if not line.isupper() or len(line.split()) < _LINE:
        return False
    name = surface(text, span)
    if name.title() in NATIONS or name.title() in text:
        return False
    return kind != "person" or " " not in name


def in_headline(text: str, span: Span) -> bool:
    """Whether the line around has capitals on all words but small ones, and no full stop."""
    first = text.rfind("\n", 0, span.start) + 1
    last = text.find("\n", span.end)
    line = text[first : last if last >= 0 else len(text)].strip()
    words = [word for word in re.findall(r"[^\W\d_][\w’'-]*", line) if word not in WORDS.small]
    return len(words) > 3 and line[-1] not in '.!?”"' and not any(w[0].islower() for w in words)


def surface(text: str, span: Span) -> str:
    """The words of a span, one blank between them."""
    return " ".join(text[span.start : span.end].split())


def is_name(words: str) -> bool:
    """Whether the words can be a name at all: a capital or `al-` first, no number, no mere word."""
    if (
        _NONSENSE.search(words)
        or words.rstrip(".") in WORDS.no_names
        or len(words) < 2
        or len(words) > 100
    ):
        return False
    if (
        _NUMERAL.match(words)
        or not {word.rstrip(".,") for word in words.split() if not word.rstrip(".,").isdigit()}
        - _CALENDAR
    ):
        return False
    first = words.split(maxsplit=1)[0]
    begins = (
        first[0].isupper()
        or first[0].isdigit()
        or re.split("[-’]", first, maxsplit=1)[0] in WORDS.particles
    )
    if not begins or not any(letter.isupper() for letter in words):
        return False
    return words.rstrip(".") not in _NEVER


def _cleaned(text: str, start: int, end: int) -> Span | None:
    """Cut a leading article and quotation mark, little pictures, and a trailing possessive."""
    if (line := text.find("\n", start, end)) >= 0:
        end = line
    head = _HEAD.match(text, start, end)
    start = head.end() if head else start
    while start < end and unicodedata.category(text[end - 1])[0] in "SC":
        end = len(text[: end - 1].rstrip())
    while start < end and (tail := _TAIL.search(text[start:end])):
        end = start + tail.start()
    if (hyphened := _HYPHENED.search(text[start:end])) and " " not in text[start:end]:
        end = start + hyphened.start()
    if text[start:end].endswith(".") and not _DOT.search(text[start:end]):
        end -= 1
    return Span(start, end) if start < end else None


def untitled(text: str, span: Span) -> Span:
    """Cut titles before a person's name and lower-case words after it, unless nothing is left."""
    words = [
        Span(span.start + match.start(), span.start + match.end())
        for match in _WORD.finditer(text[span.start : span.end])
    ]
    for at, word in enumerate(words):
        if at and text[word.start : word.end] in {"of", "and", "for", "in", "at"}:
            words = words[:at]
            break
        before = text[words[at - 1].start : words[at - 1].end]
        if at and before.endswith(",") and not _ends_name(text[word.start : word.end]):
            words = [*words[: at - 1], Span(words[at - 1].start, words[at - 1].end - 1)]
            break
        if at and text[word.start : word.end] in {"-", "–", "—"}:
            words = words[at + 1 :] if at == 1 and at + 1 < len(words) else words[:at]
            break
    while len(words) > 1 and (
        is_title(first := text[words[0].start : words[0].end]) or first.lower() in WORDS.openers
    ):
        words = words[1:]
    while len(words) > 1 and text[words[-1].start].islower():
        words = words[:-1]
    return Span(words[0].start, words[-1].end)


def _ends_name(word: str) -> bool:
    return word.rstrip(".,") in WORDS.name_endings


def _unstory(text: str, span: Span) -> Span:
    """Cut the words of the sentence from a name: `volunteer group Friends of Ely`.

    A noun for a body may end a name (`Lakeside police`), small words may stand inside it.
    """
    words = [
        Span(span.start + match.start(), span.start + match.end())
        for match in _WORD.finditer(text[span.start : span.end])
    ]
    said = [text[word.start : word.end] for word in words]
    first = 0
    for at in range(1, len(words) - 1):
        after = said[at + 1]
        if (
            said[at].islower()
            and after[0].isupper()
            and (
                said[at] not in WORDS.small
                or (said[at] == "the" and said[at - 1] not in WORDS.small)
            )
        ):
            first = at + 1
    last = len(words) - 1
    while last > first and said[last].islower() and said[last] not in WORDS.body_nouns:
        last -= 1
    return Span(words[first].start, words[last].end)


def is_title(word: str) -> bool:
    """Whether the word stands before names as a title: `Mr.`, `Senator`, `spokesman`, `U.S.`."""
    bare = word.rstrip(".,")
    return (
        bare in WORDS.honorifics
        or bare in WORDS.titles
        or bare.lower() in WORDS.roles
        or bare in DEMONYMS
        or word in NATIONS
    )


def head_word(words: Sequence[str]) -> str:
    """The noun that a body's name is built on: `Observatory` of `Observatory for Birds`."""
    for index, word in enumerate(words):
        if index and word in {"of", "for", "on", "in", "to", "and", "at"} and word != "and":
            return words[index - 1]
    return words[-1]
