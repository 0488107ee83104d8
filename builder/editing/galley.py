"""The article on the editor's desk: what was found in it, before the last word is spoken."""

from __future__ import annotations

import datetime as dt
import re

from msgspec import Struct, field

from builder import prose as proses
from builder.editing.directory import Directory, fold
from builder.errors import Place, Problem
from builder.model import (
    Article,
    Edited,
    EntityHere,
    EntityKey,
    Form,
    Kind,
    Known,
    MentionForm,
    Origin,
    Passage,
    Prose,
    Span,
    Spans,
    Statement,
)


class Naming(Struct):
    """A mention, while it can still change."""

    span: Span
    entity: EntityKey
    name: str
    """How lists write these words: cleaned where the article lost an apostrophe."""
    form: MentionForm = "name"
    origin: Origin = "model"
    chain: int | None = None


class Claim(Struct):
    """A statement, while its source can still change."""

    statement: Statement
    speaker: EntityKey | None = None
    also: tuple[EntityKey, ...] = ()
    document: str = ""
    unnamed: str = ""
    """What an editor calls an unnamed source."""
    why_unnamed: str = ""
    named: bool = False
    origin: Origin = "model"
    checked_by: str | None = None
    checked_on: dt.date | None = None
    notes: list[str] = field(default_factory=list)


class Galley(Struct):
    """One article with everything that corrections may change."""

    article: Article
    prose: Prose
    directory: Directory
    entities: dict[EntityKey, EntityHere] = field(default_factory=dict)
    mentions: list[Naming] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    notes: list[tuple[Span, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def know(self, known: Known) -> EntityKey:
        """Enter an entry of the register among the article's entities."""
        key = EntityKey(known.key)
        here = EntityHere(key=key, name=known.name, kind=known.kind, known=True)
        self.entities.setdefault(key, here)
        return key

    def meet(self, key: EntityKey, name: str, kind: Kind) -> EntityKey:
        """Enter an entity, if it is new to the article; a key of the register means that entry."""
        if key in self.directory.by_key:
            return self.know(self.directory.by_key[key])
        self.entities.setdefault(key, EntityHere(key=key, name=name, kind=kind))
        return key

    def name(self, span: Span, entity: EntityKey, chain: int | None = None) -> None:
        """Say as an editor that these words name an entity; what overlaps them goes."""
        self.mentions = [m for m in self.mentions if not m.span.overlaps(span)]
        words = words_at(self.prose, (span,))
        self.mentions.append(Naming(span, entity, words, origin="editor", chain=chain))

    def find(self, passage: Passage, place: Place) -> Span | None:
        """Where a passage stands; a problem and nothing if it is gone or stands there twice."""
        found = locate(self.prose, passage, place)
        if isinstance(found, Problem):
            self.problems.append(found)
            return None
        return found

    def wrong(self, place: Place, code: str, message: str, hint: str = "") -> None:
        """Note an error at a correction's own place."""
        self.problems.append(Problem(place=place, code=code, message=message, hint=hint))

    def idle(self, place: Place, message: str) -> None:
        """Note that a correction changes nothing."""
        hint = "delete the correction, or choose other words"
        self.problems.append(
            Problem(
                place=place, code="idle-correction", message=message, level="warning", hint=hint
            )
        )


def locate(prose: Prose, passage: Passage, place: Place) -> Span | Problem:
    """Where a passage stands in an article, or the problem that says why not."""
    try:
        return proses.find(prose, passage)
    except proses.PassageGone:
        return Problem(
            place=place,
            code="stale-correction",
            message=f"the article no longer says “{short(passage.exact)}”",
            hint="copy the words from the article again, or delete the correction",
        )
    except proses.PassageAmbiguous as error:
        places = "; ".join(_shown_at(prose, span) for span in error.spans[:2])
        return Problem(
            place=place,
            code="ambiguous-passage",
            message=f"“{short(passage.exact)}” stands in the article more than once",
            hint=f"{places}: say which with before or after",
        )


def occurrences(prose: Prose, words: str) -> list[Span]:
    """Every place where these words stand as whole words; white space does not matter."""
    parts = [re.escape(part) for part in words.split()]
    if not parts:
        return []
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(parts) + r"(?!\w)")
    return [Span(*match.span()) for match in pattern.finditer(prose.text)]


def words_at(prose: Prose, spans: Spans) -> str:
    """The words of some spans in one line."""
    return " ".join(" ".join(prose.text[span.start : span.end] for span in spans).split())


def words_shown(edited: Edited, spans: Spans) -> str:
    """The words of some spans in one line, as readers see them: with what `[text] repair` mends.

    An ellipsis joins those between which other words stand.
    """
    pieces = []
    for number, span in enumerate(spans):
        at = span.start
        if number and edited.prose.text[spans[number - 1].end : at].strip():
            pieces.append("… ")
        for repair, words in edited.repairs:
            if at <= repair.start and repair.end <= span.end:
                pieces += [edited.prose.text[at : repair.start], words]
                at = repair.end
        pieces += [edited.prose.text[at : span.end], " "]
    return " ".join("".join(pieces).split())


FORMS: dict[Form, str] = {
    "direct": "quoted in full",
    "mixed": "quoted in part",
    "indirect": "in the reporter’s words",
}
"""How editors are told in which way something was said."""


def hull(statement: Statement) -> Span:
    """The words of a statement from the first to the last, with what stands between."""
    return Span(statement.content[0].start, statement.content[-1].end)


def alone(statement: Statement) -> Spans:
    """The words of a statement as they can stand alone: what is denied begins with `denied`."""
    first, *rest = statement.content
    start = min((span.start for span in statement.denied), default=first.start)
    return (Span(start, first.end), *rest)


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for case and article."""
    return fold(one) == fold(other)


def shared(spans: Spans, span: Span) -> int:
    """How many characters some spans have in common with another."""
    return sum(max(0, min(s.end, span.end) - max(s.start, span.start)) for s in spans)


def short(text: str) -> str:
    """The beginning of a passage, for a message of one line."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59].rstrip() + "…"


def _shown_at(prose: Prose, span: Span) -> str:
    before = " ".join(prose.text[max(0, span.start - 25) : span.start].split())
    after = " ".join(prose.text[span.end : span.end + 25].split())
    words = short(prose.text[span.start : span.end])
    line = proses.line_of(prose, span.start)
    where = f"line {line}: " if line is not None else ""
    return f"{where}…{before} [{words}] {after}…"
