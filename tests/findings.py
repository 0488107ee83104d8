"""What a language model might have found in a text, written down in a few readable lines."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from builder import prose
from builder.editing import edit
from builder.errors import Place
from builder.model import (
    Analysis,
    Article,
    ArticleId,
    Chain,
    Correction,
    Edited,
    EntityKey,
    FrontMatter,
    Known,
    Mention,
    Placed,
    Prose,
    Span,
    Statement,
)
from builder.settings import MarkdownSettings, Settings, SiteSettings

SETTINGS = Settings(site=SiteSettings(title="The Marrow Bay Echo"))


def article(name: str = "strike", body: str = "", day: int = 3, **meta: Any) -> Article:
    """An article of that day of March 2031."""
    published = dt.datetime(2031, 3, day, 12, tzinfo=dt.UTC)
    return Article(
        ArticleId(name),
        Place(f"content/{name}.md"),
        FrontMatter(**{"title": name, "published": published, **meta}),
        body,
    )


def findings(text: str, lines: Sequence[str]) -> Analysis:
    """Read the lines of a model's findings.

    `person Ana Ruiz: Ana Ruiz; Ruiz; (she); [the master]; = the harbour master` is a chain with two
    names, a pronoun, words that are no name, and a description; every word is taken where it stands next. `says Ruiz | We will
    not pay | 0.9` is a statement: source, content, confidence. Pieces of content are parted by ~.
    A source `Ana Ruiz + Ben Holt` is two that say it together.
    """
    mentions: list[Mention] = []
    chains: list[Chain] = []
    of_chain: dict[Span, int] = {}
    statements: list[Statement] = []

    taken: list[Span] = []

    def stand(words: str) -> Span:
        places = (Span(*match.span()) for match in re.finditer(re.escape(words), text))
        found = next(place for place in places if not any(map(place.overlaps, taken)))
        taken.append(found)
        return found

    def named_so(chain: Chain, name: str) -> bool:
        spans = (mentions[index].span for index in chain.mentions)
        return any(text[span.start : span.end] == name for span in spans)

    for line in lines:
        kind, _, rest = line.partition(" ")
        if kind != "says":
            name, _, words = rest.partition(": ")
            parts = [part.strip() for part in words.split(";")]
            first = len(mentions)
            for part in parts:
                if not part.startswith("="):
                    form: Any = {"(": "pronoun", "[": "nominal"}.get(part[0], "name")
                    mentions.append(Mention(stand(part.strip("()[]")), kind, form))
                    of_chain[mentions[-1].span] = len(chains)
            described = tuple(stand(part[1:].strip()) for part in parts if part.startswith("="))
            chains.append(Chain(tuple(range(first, len(mentions))), kind, name, described))
    named = sorted(of_chain)
    taken.clear()
    for line in lines:
        if line.startswith("says "):
            sources, content, sure = (part.strip() for part in line[5:].split("|"))
            source, *others = sources.split(" + ")
            known = [span for span in named if text[span.start : span.end] == source]
            words = known[0] if known else stand(source) if source else None
            named = [span for span in named if span != words]
            chain = next((c for s, c in of_chain.items() if words and words.contains(s)), None)
            statements.append(
                Statement(
                    content=tuple(_next(text, piece.strip()) for piece in content.split("~")),
                    source=(words,) if words else (),
                    form="direct" if "“" in content else "indirect",
                    named=chain is not None,
                    chain=chain,
                    also=tuple(
                        at
                        for at, each in enumerate(chains)
                        for name in others
                        if named_so(each, name)
                    ),
                    confidence=float(sure),
                )
            )
    return Analysis(tuple(mentions), tuple(statements), tuple(chains))


def edited(
    text: str,
    lines: Sequence[str] = (),
    corrections: Sequence[Correction] = (),
    register: Sequence[Known] = (),
    settings: Settings = SETTINGS,
    **meta: Any,
) -> Edited:
    """An article that says this, with these findings, after these corrections."""
    name = meta.pop("name", "strike")
    placed = tuple(
        Placed(correction, Place(f"content/{name}.corrections.toml", 1 + number))
        for number, correction in enumerate(corrections)
    )
    base = article(name, text, **meta)
    source = Article(base.id, base.place, base.meta, base.body, placed)
    clean = prose.parse(source, MarkdownSettings()).prose
    known = {EntityKey(entry.key): entry for entry in register}
    return edit(source, clean, findings(clean.text, lines), known, settings)


def shown(result: Edited) -> list[str]:
    """The annotations and problems of an article as lines that people can read."""
    words = result.prose
    entities = [_entity(result, words, entity.key) for entity in result.entities]
    statements = []
    for said in result.statements:
        by = said.speaker or said.document or "nobody known"
        content = " ~ ".join(_at(words, span) for span in said.statement.content)
        marks = [
            said.origin if said.origin == "editor" else "",
            "hidden" if not said.shown else "",
            f"checked by {said.checked_by or 'an editor'}" if said.checked_by is not None else "",
            f"role {said.role}" if said.role else "",
            f"unnamed: {said.why_unnamed or 'no reason given'}" if not said.named else "",
            *(f"{'disputes' if d.disputes else 'disputed by'} {d.anchor}" for d in said.disputes),
            *(f"note {note}" for note in said.notes),
        ]
        statements.append(
            f"{by} ({said.speaker_name}) says: {content}"
            + "".join(f"; {mark}" for mark in marks if mark)
        )
    notes = [f"note on {_at(words, note.span)}: {note.text}" for note in result.notes]
    problems = [
        f"{problem.place.line} {problem.level} {problem.code}: {problem.message} -> {problem.hint}"
        for problem in result.problems
    ]
    return [*entities, *statements, *notes, *problems]


def _next(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def _entity(result: Edited, words: Prose, key: EntityKey) -> str:
    entity = next(each for each in result.entities if each.key == key)
    places = [
        _at(words, m.span) + ("*" if m.origin == "editor" else "")
        for m in result.mentions
        if m.entity == key
    ]
    local = " (only here)" if entity.local else ""
    name = key.partition("--")[0] if entity.local else key
    return f"{entity.kind} {name}{local}: {', '.join(places)}"


def _at(words: Prose, span: Span) -> str:
    return " ".join(words.text[span.start : span.end].split())
