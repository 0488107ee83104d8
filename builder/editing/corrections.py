"""What editors corrected: names first, then statements, so that both see the final entities."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, structs

from builder.editing.galley import Claim, Galley, hull, occurrences, shared, short
from builder.editing.people import called_here, new_entity, standing, whose
from builder.editing.sources import length
from builder.errors import Place
from builder.model import (
    Confirm,
    Correction,
    Distinct,
    EntityKey,
    Form,
    Ignore,
    Merge,
    Names,
    Note,
    Placed,
    Prose,
    SaidBy,
    Span,
    Spans,
    Statement,
)

ENOUGH = 0.5
"""Two stretches mean the same statement if they share this much of the shorter one."""
_OPENING = "“\"„«‘‹'"


class Spot(Struct):
    """A correction and where its passage stands."""

    correction: Correction
    place: Place
    span: Span = Span(0, 0)
    """Empty for corrections that hold for the whole article."""
    name_only: bool = False
    """The passage is just a name: then the name is meant, not the statement around it."""
    touched: bool = False


def spots(desk: Galley, placed: Sequence[Placed]) -> list[Spot]:
    """Find the passages of all corrections; those that are gone or unclear become problems."""
    names = {mention.span for mention in desk.mentions if mention.form == "name"}
    found = []
    for each in placed:
        correction = each.correction
        if isinstance(correction, Merge | Distinct):
            found.append(Spot(correction, each.place))
            continue
        if isinstance(correction, Names) and correction.every:
            places = occurrences(desk.prose, correction.passage.exact)
            if places:
                found.append(Spot(correction, each.place, places[0]))
                continue
        span = desk.find(correction.passage, each.place)
        if span is not None:
            found.append(Spot(correction, each.place, span, span in names))
    return found


def correct_names(desk: Galley, found: list[Spot]) -> None:
    """Apply what changes mentions and entities: whole names first, so that one place may differ."""
    for spot in found:
        match spot.correction:
            case Merge():
                _merge(desk, spot.correction, spot.place)
            case Distinct():
                _keep_apart(desk, spot.correction, spot.place)
            case _:
                pass
    for spot in found:
        match spot.correction:
            case Names():
                _names(desk, spot, spot.correction)
            case Ignore(what="all" | "entity"):
                kept = [m for m in desk.mentions if not m.span.overlaps(spot.span)]
                spot.touched |= len(kept) < len(desk.mentions)
                desk.mentions = kept
            case _:
                pass


def correct_statements(desk: Galley, found: list[Spot]) -> None:
    """Apply what changes statements: what is ignored goes before anything is said anew."""
    for spot in found:
        if isinstance(spot.correction, Ignore):
            _ignore(desk, spot, spot.correction)
    for spot in found:
        if isinstance(spot.correction, SaidBy):
            _said_by(desk, spot, spot.correction)
    for spot in found:
        match spot.correction:
            case Confirm():
                _confirm(desk, spot, spot.correction)
            case Note():
                _note(desk, spot, spot.correction)
            case _:
                pass


def _names(desk: Galley, spot: Spot, correction: Names) -> None:
    replaced = [m for m in desk.mentions if m.span.overlaps(spot.span)]
    kind = correction.kind
    if kind is None and replaced:
        kind = desk.entities[replaced[0].entity].kind
    key = whose(
        desk, correction.entity, spot.place, lambda name: new_entity(desk, name, kind, spot.place)
    )
    if key is None:
        return
    if correction.kind is not None and not desk.entities[key].known:
        desk.entities[key] = structs.replace(desk.entities[key], kind=correction.kind)
    exact = correction.passage.exact
    for span in occurrences(desk.prose, exact) if correction.every else [spot.span]:
        inside = {m.chain for m in desk.mentions if m.span.overlaps(span)}
        desk.name(span, key, inside.pop() if len(inside) == 1 else None)


def _merge(desk: Galley, correction: Merge, place: Place) -> None:
    old = called_here(desk, correction.entity, place)
    if old is None:
        return
    kind = desk.entities[old].kind
    new = whose(desk, correction.into, place, lambda name: new_entity(desk, name, kind, place))
    if new is None:
        return
    if old == new:
        desk.idle(place, f"“{short(correction.entity)}” is “{short(correction.into)}” already")
    _move(desk, old, new)


def _keep_apart(desk: Galley, correction: Distinct, place: Place) -> None:
    old = called_here(desk, correction.entity, place)
    if old is None:
        return
    known = desk.directory.by_key.get(correction.key)
    entity = desk.entities[old]
    if known is not None:
        new = desk.know(known)
    elif whose_key := new_entity(desk, entity.name, entity.kind, place, key=correction.key):
        new = whose_key
    else:
        return
    _move(desk, old, new)


def _move(desk: Galley, old: EntityKey, new: EntityKey) -> None:
    """Give all mentions of one entity, and what the article calls it, to another."""
    for mention in desk.mentions:
        if mention.entity == old:
            mention.entity = new
            mention.origin = "editor"
    calls = dict.fromkeys((*desk.entities[new].descriptions, *desk.entities[old].descriptions))
    desk.entities[new] = structs.replace(desk.entities[new], descriptions=tuple(calls))


def _ignore(desk: Galley, spot: Spot, correction: Ignore) -> None:
    if correction.what != "entity":
        meant = _meant(desk, spot)
        spot.touched |= bool(meant)
        desk.claims = [claim for claim in desk.claims if claim not in meant]
    if not spot.touched:
        desk.idle(spot.place, f"nothing was found in “{short(correction.passage.exact)}”")


def _said_by(desk: Galley, spot: Spot, correction: SaidBy) -> None:
    chosen = _best(desk.claims, spot.span)
    claim = Claim(_new_statement(desk.prose, spot.span, correction))
    if chosen is not None:
        claim = structs.replace(chosen)
        content = chosen.statement.content
        if shared(content, spot.span) < _visible(desk.prose, spot.span):
            claim.statement = structs.replace(
                claim.statement, content=_pieces(desk.prose, spot.span)
            )
    claim.origin = "editor"
    if correction.form is not None:
        claim.statement = structs.replace(claim.statement, form=correction.form)
    if correction.act is not None:
        claim.statement = structs.replace(claim.statement, act=correction.act)
    if not _set_source(desk, claim, correction, spot.place):
        return
    desk.claims = [c for c in desk.claims if not _displaced(c, chosen, spot.span)]
    desk.claims.append(claim)


def _set_source(desk: Galley, claim: Claim, correction: SaidBy, place: Place) -> bool:
    """Give a claim the source that a correction names; False if nobody knows it."""
    claim.speaker, claim.also, claim.document = None, (), correction.document
    claim.unnamed, claim.why_unnamed = correction.unnamed, correction.why
    claim.named = not correction.unnamed
    claim.statement = structs.replace(claim.statement, unclear=False)
    if correction.speaker:
        claim.speaker = whose(desk, correction.speaker, place, lambda name: standing(desk, name))
    return claim.speaker is not None or not correction.speaker


def _confirm(desk: Galley, spot: Spot, correction: Confirm) -> None:
    for mention in desk.mentions:
        if mention.span.overlaps(spot.span):
            mention.origin = "editor"
            spot.touched = True
    for claim in _meant(desk, spot):
        claim.checked_by, claim.checked_on = correction.by, correction.on
        spot.touched = True
    if not spot.touched:
        words = short(correction.passage.exact)
        desk.idle(spot.place, f"nothing was found in “{words}” that could be confirmed")


def _note(desk: Galley, spot: Spot, correction: Note) -> None:
    chosen = None if spot.name_only else _best(desk.claims, spot.span)
    if chosen is not None and shared(chosen.statement.content, spot.span) >= ENOUGH * length(
        chosen.statement
    ):
        chosen.notes.append(correction.text)
    else:
        desk.notes.append((spot.span, correction.text))


def _meant(desk: Galley, spot: Spot) -> list[Claim]:
    """The statements that a passage means.

    Exactly that one, if it is one from its first word to its last: what it nests with is another
    matter. Else those of which it holds a part; a passage that is just a name, those that it is.
    """
    said = (claim for claim in desk.claims if claim.statement.content)
    exactly = [claim for claim in said if hull(claim.statement) == spot.span]
    return exactly or [claim for claim in desk.claims if _is_part(claim, spot)]


def _is_part(claim: Claim, spot: Spot) -> bool:
    common = shared(claim.statement.content, spot.span)
    return common == length(claim.statement) if spot.name_only else common > 0


def _best(claims: list[Claim], span: Span) -> Claim | None:
    """The statement that a passage means: the one most like it, if they share enough."""

    def likeness(claim: Claim) -> float:
        common = shared(claim.statement.content, span)
        size, own = length(claim.statement), span.end - span.start
        return common / (size + own - common) if common >= ENOUGH * min(size, own) else 0.0

    best = max(claims, key=likeness, default=None)
    return best if best is not None and likeness(best) > 0 else None


def _displaced(claim: Claim, chosen: Claim | None, span: Span) -> bool:
    """Whether an editor's statement takes another's place; what the chosen one nests with stays."""
    if claim is chosen:
        return True
    if claim.origin == "editor" or not shared(claim.statement.content, span):
        return False
    return chosen is None or not any(
        shared(chosen.statement.content, piece) for piece in claim.statement.content
    )


def _new_statement(prose: Prose, span: Span, correction: SaidBy) -> Statement:
    before = prose.text[max(0, span.start - 1) : span.start]
    quoted = prose.text[span.start] in _OPENING or before in tuple(_OPENING)
    form: Form = "direct" if quoted else "indirect"
    return Statement(
        content=_pieces(prose, span),
        form=correction.form or form,
        act=correction.act or "speech",
        named=not correction.unnamed,
        rule="editor",
    )


def _pieces(prose: Prose, span: Span) -> Spans:
    """A passage, in one piece for each block that it runs through."""
    clipped = (
        Span(max(span.start, block.span.start), min(span.end, block.span.end))
        for block in prose.blocks
        if block.span.overlaps(span)
    )
    return tuple(clipped) or (span,)


def _visible(prose: Prose, span: Span) -> int:
    """Length of a passage without what parts blocks, and the quotation marks at its ends."""
    pieces = _pieces(prose, span)
    words = prose.text[span.start : span.end]
    marks = len(words) - len(words.strip(_OPENING + "”’»›“ "))
    return sum(piece.end - piece.start for piece in pieces) - marks
