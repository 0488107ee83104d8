"""`explain`: what was found in an article, by whom and why, and how to put it right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from builder import prose
from builder.editing import FORMS, hull, short, words_at
from builder.model import (
    Correction,
    Edited,
    EntityHere,
    EntityKey,
    Ignore,
    Named,
    Names,
    Noted,
    Passage,
    Said,
    SaidBy,
    Span,
    Statement,
)

_PRONOUNS = frozenset({"he", "she", "they", "it", "who", "which", "that"})
"""As sources these stand for somebody else's words."""
_LIKELY = 3
"""How many people are suggested for a pronoun."""
_MENTIONS = {"name": "by name", "nominal": "by description", "pronoun": "by a pronoun"}


def explain(edited: Edited, rules: Mapping[str, str]) -> Iterator[str]:
    """Every annotation of an article in text order, as lines to print.

    Each is followed by the correction to paste, into the front matter or the sidecar file, if it
    is wrong: with the right name filled in, or the part behind `#` instead.

    Args:
        edited: The article.
        rules: What the rules that find statements are called in words.
    """
    entities = {entity.key: entity for entity in edited.entities}
    found: list[tuple[Span, list[str]]] = []
    seen: set[tuple[str, EntityKey]] = set()
    for mention in edited.mentions:
        words = words_at(edited.prose, (mention.span,))
        if mention.form == "name" and (words, mention.entity) in seen:
            continue
        seen.add((words, mention.entity))
        found.append((mention.span, _mention(edited, mention, entities[mention.entity])))
    found += [
        (said.statement.content[0], _statement(edited, said, rules))
        for said in edited.statements
        if said.statement.content
    ]
    found += [(note.span, _note(edited, note)) for note in edited.notes]
    meta = edited.article.meta
    yield f"{edited.article.place.path}: {meta.title}"
    for _, lines in sorted(found, key=lambda each: each[0]):
        yield ""
        yield from lines
    if not found:
        yield "Nothing was found in it."


def _mention(edited: Edited, mention: Named, entity: EntityHere) -> list[str]:
    words = words_at(edited.prose, (mention.span,))
    alike = sum(
        other.form == "name"
        and other.entity == mention.entity
        and words_at(edited.prose, (other.span,)) == words
        for other in edited.mentions
    )
    often = f", {alike} times" if mention.form == "name" and alike > 1 else ""
    where = " (register)" if entity.known else ""
    passage = _passage(edited, mention.span)
    if passage is None:
        return []
    every = mention.form == "name" and alike > 1
    kind = None if entity.known else entity.kind
    right = Names(passage=passage, entity=entity.name, kind=kind, every=every)
    if entity.known:
        right = Names(passage=passage, entity=entity.key, every=every)
    return [
        f"{_line(edited, mention.span)}  {words}{often}",
        f"      the {entity.kind} {entity.name}, {entity.key}{where}; {_MENTIONS[mention.form]}",
        f"      found by {_by(mention.origin)}",
        *_correction(right, Ignore(passage=passage, what="entity")),
    ]


def _statement(edited: Edited, said: Said, rules: Mapping[str, str]) -> list[str]:
    found = said.statement
    shown = "shown" if said.shown else "not shown"
    source = words_at(edited.prose, found.source)
    cue = words_at(edited.prose, found.cue)
    speaker = said.speaker or said.document
    behind = f" ({speaker})" if speaker else ""
    parts = [
        f"source “{source}”" if source else "no source in the text",
        f"cue “{cue}”" * bool(cue),
    ]
    how = "; ".join(part for part in parts if part)
    by = _by(said.origin)
    if said.origin == "model":
        rule = rules.get(found.rule, found.rule.replace("-", " "))
        by = f"{by}: {rule} [{found.rule}], confidence {found.confidence:.2f}"
    checked = "" if said.checked_by is None else f", checked by {said.checked_by or 'an editor'}"
    passage = _passage(edited, hull(said.statement))
    if passage is None:
        return []
    who = said.speaker_name or "nobody known"
    lines = [
        f"{_line(edited, found.content[0])}  {words_at(edited.prose, found.content)}",
        f"      said by {who}{behind}, {FORMS[found.form]}; {how}",
        f"      found by {by}; {shown}{checked}",
        *(f"      {why}" for why in _chosen(edited, said)),
        *(f"      {line}" for line in _added(edited, said)),
    ]
    ignored = Ignore(passage=passage, what="statement")
    if said.speaker or said.document or not (_is_pronoun(source) or found.unclear):
        return [*lines, *_correction(_said_by(edited, said, passage), ignored)]
    likely = _likely(edited, found)
    if likely:
        lines.append(f"      “{source}” may be {' or '.join(likely)}")
    return [*lines, *_correction(SaidBy(passage=passage, speaker="…"), ignored)]


def _chosen(edited: Edited, said: Said) -> Iterator[str]:
    """Why this speaker and no other: in words, from what stands in the source."""
    if not said.speaker or said.origin != "model":
        return
    source = words_at(edited.prose, said.statement.source)
    if _is_pronoun(source):
        yield (
            f"“{source}” is taken for the one that fits best: whoever spoke before, or the subject"
            " beside it"
        )
        return
    named = [
        mention
        for mention in edited.mentions
        if mention.form == "name"
        and any(span.overlaps(mention.span) for span in said.statement.source)
    ]
    own = [mention for mention in named if mention.entity == said.speaker]
    if not own:
        yield f"“{source}” is taken up from what the text called it before"
    elif said.also:
        yield f"“{source}” joins them by “and”"
    elif len({mention.entity for mention in named}) > 1:
        yield f"one of several names in “{source}”"
    elif words_at(edited.prose, (own[0].span,)) != said.speaker_name:
        yield f"“{words_at(edited.prose, (own[0].span,))}” is short for {said.speaker_name}"


def _added(edited: Edited, said: Said) -> Iterator[str]:
    """What editors tied to a statement: disputes, also with other articles, and notes."""
    statements = {each.anchor: each for each in edited.statements}
    for dispute in said.disputes:
        lead = "disputes" if dispute.disputes else "disputed by"
        if other := statements.get(dispute.anchor):
            who = other.speaker_name or "nobody known"
            words = short(words_at(edited.prose, other.statement.content))
            line = _line(edited, other.statement.content[0]).strip()
            yield f"{lead} {who}, line {line}: {words}{_remark(dispute.note)}"
    for elsewhere in edited.elsewhere:
        if elsewhere.anchor == said.anchor:
            where = f"in {elsewhere.article}: {short(elsewhere.by.exact)}"
            yield f"disputed {where}{_remark(elsewhere.note)}"
    for note in said.notes:
        yield f"an editor’s note: {' '.join(note.split())}"


def _remark(note: str) -> str:
    return f" ({' '.join(note.split())})" if note else ""


def _likely(edited: Edited, found: Statement) -> list[str]:
    """The people last named before a pronoun, the nearest first; also bodies, before a noun."""
    kinds = {"person", "organisation"} if found.unclear else {"person"}
    people = {entity.key: entity.name for entity in edited.entities if entity.kind in kinds}
    source = found.source[0]
    before = [
        people[mention.entity]
        for mention in reversed(edited.mentions)
        if mention.entity in people and mention.form == "name" and mention.span.end <= source.start
    ]
    return list(dict.fromkeys(before))[:_LIKELY]


def _is_pronoun(source: str) -> bool:
    return source.strip(" ,;:").casefold() in _PRONOUNS


def _note(edited: Edited, note: Noted) -> list[str]:
    words = words_at(edited.prose, (note.span,))
    return [
        f"{_line(edited, note.span)}  {words}",
        f"      an editor’s note: {note.text}",
        "      to change it, change the correction that holds it",
    ]


def _said_by(edited: Edited, said: Said, passage: Passage) -> SaidBy:
    if said.document:
        return SaidBy(passage=passage, document=said.document)
    if said.speaker:
        name = next((e.name for e in edited.entities if e.key == said.speaker), said.speaker_name)
        namesakes = [each.key for each in edited.entities if each.name == name]
        plain = name if len(namesakes) == 1 else said.speaker
        return SaidBy(passage=passage, speaker=plain)
    unnamed = said.speaker_name or "an unnamed source"
    return SaidBy(passage=passage, unnamed=unnamed, why=said.why_unnamed)


def _passage(edited: Edited, span: Span) -> Passage | None:
    try:
        return prose.passage(edited.prose, span)
    except prose.PassageGone:
        return None


def _line(edited: Edited, span: Span) -> str:
    line = prose.line_of(edited.prose, span.start)
    return f"{line or '':>4}"


def _by(origin: str) -> str:
    return "an editor" if origin == "editor" else "the program"


def _correction(right: Correction, otherwise: Ignore) -> list[str]:
    """A correction as TOML, and another one instead of it behind `#`."""
    first, second = _toml(right), _toml(otherwise)
    other = [line for line in second if line not in first]
    return [
        "      If that is wrong:",
        *(f"        {line}" for line in first),
        *(f"        # or instead: {line}" for line in other[:1]),
        *(f"        #             {line}" for line in other[1:]),
    ]


def _toml(correction: Correction) -> list[str]:
    data = msgspec.to_builtins(correction)
    lines = ["[[corrections]]"]
    for key, value in data.items():
        if value in ("", None, False):
            continue
        if isinstance(value, dict):
            inner = ", ".join(f"{k} = {_quoted(v)}" for k, v in value.items() if v)
            lines.append(f"{key} = {{ {inner} }}")
        else:
            lines.append(f"{key} = {_quoted(value) if isinstance(value, str) else 'true'}")
    return lines


def _quoted(text: str) -> str:
    """A TOML string: JSON's escapes are TOML's, too, but for one character."""
    return msgspec.json.encode(text).decode().replace("\x7f", "\\u007f")
