"""Whom the source of a statement stands for: an entity of the text, or nobody we are sure of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct, structs
from spacy.tokens import Doc, Token

from builder.model import Block, Chain, Mention, Span, Spans, Statement
from builder.nlp import attribution, circumstances, descriptions, interviews, nominals, pronouns
from builder.nlp.attribution import RELATIVE
from builder.nlp.cast import Cast, add, chain_at, in_order, mention_at
from builder.nlp.lexicon import WORDS
from builder.nlp.references import Apart, Roots, brackets, named_so
from builder.nlp.tree import Tree

Linked = tuple[list[Mention], list[Chain], list[Statement]]

_BESIDE = 3
"""Characters that may part a source from the name that explains it."""
_FINDS = frozenset({"conclude", "determine", "discover", "find"})
_BEST = re.compile(r"\b(?:most|least|best|worst)\b")
"""`the candidate most talked of` says what somebody is now, and is no office."""


class _Source(Struct, frozen=True):
    """What the words of a source come to."""

    chain: int | None = None
    also: tuple[int, ...] = ()
    named: bool = False
    role: Spans = ()
    medium: Spans = ()


def link(
    doc: Doc,
    seen: Tree,
    mentions: Sequence[Mention],
    chains: Sequence[Chain],
    statements: Sequence[Statement],
) -> Linked:
    """Say who is behind every source, and add the pronouns and descriptions that mean somebody.

    A statement's `chain` is filled only where one entity is sure; `named`, `role`, `addressee`,
    `medium`, `when` and `why_unnamed` are filled from the words around cue and source.
    """
    text = seen.text
    quoted = tuple(each.outer for each in seen.quotes)
    roots = Roots(doc)
    mentions, chains = list(mentions), [_outside_of(quoted, chain) for chain in chains]
    statements = attribution.settled(roots, text, mentions, statements)
    nominals.add_bodies(doc, seen, mentions, chains, statements)
    add(mentions, chains, _roles(doc, seen, mentions, chains))
    apart = Apart(quoted, brackets(text))
    cast = Cast(doc, text, mentions, chains, roots)
    found, cast.described = pronouns.resolved(cast, seen, statements, apart)
    cast.at = {span.start: who for span, _, who in found}
    add(
        mentions,
        chains,
        [(Mention(span, kind, "pronoun"), who) for span, kind, who in found],
    )
    cast.chain_of = {index: at for at, chain in enumerate(chains) for index in chain.mentions}
    said = [_linked(cast, seen.blocks, each) for each in statements]
    return *in_order(mentions, chains), said


def _outside_of(quoted: Sequence[Span], chain: Chain) -> Chain:
    """A chain without what only somebody quoted calls it: `“… our next Secretary Brandt”`."""
    kept = [each for each in chain.descriptions if not any(q.overlaps(each) for q in quoted)]
    return structs.replace(chain, descriptions=tuple(kept))


def _linked(cast: Cast, blocks: Sequence[Block], statement: Statement) -> Statement:
    source = _source(cast, statement)
    cue = cast.roots.of(statement.cue)
    head = cast.roots.of(statement.source)
    block = _around(blocks, statement)
    medium = (
        source.medium or statement.medium or (circumstances.medium(cue) if cue is not None else ())
    )
    return structs.replace(
        statement,
        chain=source.chain if source.chain is not None else statement.chain,
        also=source.also,
        act="speech" if _publishes(cue, source, statement) else statement.act,
        named=source.named or statement.named,
        role=_up_to(cast.text, source.role, head) or statement.role,
        addressee=_outside(attribution.told_whom(cue), statement, *statement.source)
        if cue is not None
        else (),
        medium=_outside(medium, statement),
        when=_outside(circumstances.when(cue), statement) if cue is not None else (),
        unclear=source.chain is None
        and not source.named
        and not source.medium
        and head is not None
        and nominals.points_back(cast.text, head, cast.mentions),
        why_unnamed=()
        if source.named or block is None or head is None
        else circumstances.why_unnamed(
            cast.text, _sentence(head), block, Span(head.idx, head.idx + len(head))
        ),
    )


def _publishes(cue: Token | None, source: _Source, statement: Statement) -> bool:
    """Whether a poll or a study found what is said: that is no belief, it was published."""
    return (
        statement.act == "attitude"
        and cue is not None
        and cue.lemma_ in _FINDS
        and source.medium == statement.source != ()
    )


def _source(cast: Cast, statement: Statement) -> _Source:
    head = cast.roots.of(statement.source)
    if head is None:
        return _Source()
    whole = Span(statement.source[0].start, statement.source[-1].end)
    asked = head
    if head.lower_ in RELATIVE:
        head = attribution.antecedent(head) or head
    elif head.lower_ == "they" and (people := attribution.group(head)) is not None:
        head = people
    head = cast.described.get(head.idx, head)
    if statement.rule == "transcript" and (turn := interviews.turn_of(cast, whole)) is not None:
        return _Source(turn, named=True)
    if head.lower_ in WORDS.first_and_second:
        return _Source()
    if head.idx in cast.at:
        return _Source(cast.at[head.idx], named=True)
    proper = mention_at(cast, head) is not None and (
        head.pos_ == "PROPN" or not circumstances.is_medium(head)
    )
    if (person := _second(cast, head)) is not None:
        return _named(cast, person)
    if circumstances.is_document(head) and not proper:
        if asked != head:
            return _Source()
        return _document(cast, head, whole)
    called = [each for each in [named_so(head)] if each is not None]
    for candidate in (head, *called, *_appositions(head, whole)):
        index = mention_at(cast, candidate)
        if index is not None:
            return _together(cast, candidate, whole, _named(cast, index))
    if (index := _body_name(cast, head)) is not None:
        return _named(cast, index)
    if (index := _only_person(cast, whole, head)) is not None:
        return _with_role(cast, whole, index)
    if (index := _explained(cast, whole, head)) is not None:
        return _named(cast, index)
    if asked != head:
        is_somebody = (
            head.pos_ == "NOUN"
            and asked.lower_ not in {"which", "that"}
            and (head.tag_ == "NNS" or _is_role(head) or descriptions.makes_somebody(head))
        )
        return _Source(role=(_short(head),) if is_somebody else ())
    return _Source(role=(_short(head),) if _is_role(head) and head.tag_ == "NN" else ())


def _second(cast: Cast, head: Token) -> int | None:
    """The person in `the Courier and former envoy Ana Ruiz has said`: one person, as `has` says."""
    verb = head.head
    one = any(each.tag_ == "VBZ" for each in (verb, *verb.children) if each.dep_ != "ccomp")
    if head.dep_ != "nsubj" or head.pos_ != "PROPN" or not one:
        return None
    for other in head.conjuncts:
        index = mention_at(cast, other)
        own = mention_at(cast, head)
        if index is None or own is None or cast.mentions[index].kind != "person":
            continue
        between = cast.text[cast.mentions[own].span.end : cast.mentions[index].span.start].split()
        if cast.mentions[own].kind == "organisation" and set(between) & (
            WORDS.roles | WORDS.titles | {"former"}
        ):
            return index
    return None


def _named(cast: Cast, index: int) -> _Source:
    chain = cast.chain_of.get(index)
    mention = cast.mentions[index]
    role: list[Span] = []
    if mention.kind == "person":
        words = cast.doc.char_span(mention.span.start, mention.span.end, alignment_mode="expand")
        role = descriptions.of(cast.doc, words) if words is not None else []
        role = [span for span in role if not _BEST.search(cast.text[span.start : span.end])]
    return _Source(chain, named=True, role=tuple(role))


def _with_role(cast: Cast, whole: Span, index: int) -> _Source:
    """The person named in a source, with what stands before the name as the role."""
    found = _named(cast, index)
    before = cast.text[whole.start : cast.mentions[index].span.start].rstrip(" ,")
    if found.role or not before:
        return found
    return structs.replace(found, role=(Span(whole.start, whole.start + len(before)),))


def _together(cast: Cast, token: Token, whole: Span, first: _Source) -> _Source:
    """A named source with the others that the words join to it by `and`: all of them say it."""
    found: list[int] = []
    for other in token.conjuncts:
        chain = chain_at(cast, other) if whole.start <= other.idx < whole.end else None
        speaks = chain is not None and cast.chains[chain].kind in {"person", "organisation"}
        if chain is not None and speaks and chain not in {first.chain, *found}:
            found.append(chain)
    return structs.replace(first, also=tuple(found)) if first.chain is not None else first


def _document(cast: Cast, head: Token, whole: Span) -> _Source:
    """`the coalition statement`, `its Facebook page`: whoever speaks through it."""
    medium = (whole,)
    if "/" in cast.text[whole.start : whole.end]:
        return _Source(medium=medium)
    prepositions = {"by", "from", "of"} if circumstances.is_medium(head) else {"by", "from"}
    for child in head.children:
        if child.dep_ in {"poss", "compound", "nmod", "amod"}:
            chain = chain_at(cast, child)
            if (
                chain is not None
                and cast.chains[chain].kind in {"person", "organisation"}
                and (not circumstances.is_medium(child))
            ):
                return _Source(chain, named=True, medium=medium)
        if child.dep_ == "prep" and child.lower_ in prepositions:
            for owner in child.children:
                if owner.conjuncts:
                    continue
                chain = chain_at(cast, owner)
                if chain is not None and cast.chains[chain].kind in {"person", "organisation"}:
                    return _Source(chain, named=True, medium=medium)
    return _Source(medium=medium)


def _appositions(head: Token, whole: Span) -> list[Token]:
    found = [
        child
        for child in head.children
        if child.dep_ == "appos" and whole.start <= child.left_edge.idx < whole.end + _BESIDE
    ]
    if head.dep_ == "appos" and whole.start <= head.head.idx < whole.end:
        found.append(head.head)
    return found


def _body_name(cast: Cast, head: Token) -> int | None:
    """The organisation named before its noun: `the Lakeside militia`, `X newspaper`."""
    if head.lower_ not in WORDS.body_nouns or head.tag_ == "NNS":
        return None
    for child in head.children:
        if child.dep_ in {"compound", "nmod", "appos", "amod"}:
            index = mention_at(cast, child)
            if index is not None and cast.mentions[index].kind == "organisation":
                return index
    return None


def _only_person(cast: Cast, whole: Span, head: Token) -> int | None:
    """The one person named in the source, where the parse lost the apposition.

    The name follows its role (`poet and teacher Ana Ruiz`), or the name of what the role is for
    (`envoy to Norway Ana Ruiz`); in `a lawyer for Ana Ruiz` somebody else speaks.
    """
    inside = [
        index
        for index, mention in enumerate(cast.mentions)
        if mention.kind == "person"
        and mention.form == "name"
        and whole.contains(mention.span)
        and not _owned(cast.text, mention.span)
    ]
    if inside and (last := _behind_body(cast, whole, head, inside[-1])) is not None:
        return last
    if len(inside) != 1:
        return None
    span = cast.mentions[inside[0]].span
    between = cast.text[head.idx + len(head) : span.start]
    before = cast.text[whole.start : span.start].rsplit(None, 1)[-1:]
    follows = bool(before) and before[0].rstrip(".,") in WORDS.roles | WORDS.titles
    owned = any(
        mention.span.end == span.start - 1
        for mention in cast.mentions
        if mention.form == "name" and whole.contains(mention.span)
    )
    if _is_role(head) and (between.strip() in {"", ","} or owned):
        return inside[0]
    apart = {"for", "of", "to", "with", "by"} & set(cast.text[whole.start : span.start].split())
    return inside[0] if follows and not apart else None


def _behind_body(cast: Cast, whole: Span, head: Token, person: int) -> int | None:
    """Who is named behind the body for which the role speaks: `A spokesman for X, Col. Y,`.

    The body has a name or is `the company`.

    Behind somebody's office (`a spokesman for the mayor, Y`) the name is the mayor's.
    """
    span = cast.mentions[person].span
    comma = cast.text.rfind(", ", head.idx, span.start)
    titles = cast.text[comma + 2 : span.start].split()
    body = (
        any(
            mention.kind == "organisation" and mention.form == "name" and mention.span.end == comma
            for mention in cast.mentions
        )
        or cast.text[:comma].rpartition(" ")[2] in WORDS.body_nouns
    )
    alone = all(t.rstrip(".") in WORDS.titles | WORDS.honorifics for t in titles)
    ends = not cast.text[span.end : whole.end].strip(" ,")
    return person if comma > 0 and body and alone and ends and _is_role(head) else None


def _explained(cast: Cast, whole: Span, head: Token) -> int | None:
    """The body whose name ends the source after a comma: `A choir from here, Nine Voices,`."""
    if head.lower_ not in WORDS.body_nouns or head.tag_ != "NN":
        return None
    for index, mention in enumerate(cast.mentions):
        span = mention.span
        if (
            mention.kind == "organisation"
            and mention.form == "name"
            and whole.contains(span)
            and cast.text[whole.start : span.start].rstrip().endswith(",")
            and not cast.text[span.end : whole.end].strip(" ,")
        ):
            return index
    return None


def _owned(text: str, span: Span) -> bool:
    return text[span.end : span.end + 1] in {"'", "’"}


def _is_role(token: Token) -> bool:
    return token.lower_ in WORDS.roles or token.lemma_.lower() in WORDS.roles


def _short(head: Token) -> Span:
    return circumstances.extent(head)


def _outside(spans: Spans, statement: Statement, *others: Span) -> Spans:
    """Cut at the content what the parse let run into it."""
    found = []
    for span in spans:
        inside = [each.start for each in (*statement.content, *others) if each.overlaps(span)]
        if not inside:
            found.append(span)
        elif min(inside) > span.start + 1:
            found.append(Span(span.start, min(inside) - 1))
    return tuple(found)


def _up_to(text: str, role: Spans, head: Token | None) -> Spans:
    """Without the clause that a source of one relative pronoun begins."""
    if head is None or head.lower_ not in RELATIVE:
        return role
    return tuple(
        Span(span.start, min(span.end, len(text[: head.idx].rstrip(" ,"))))
        for span in role
        if span.start < head.idx
    )


def _sentence(token: Token) -> Span:
    sentence = token.sent
    return Span(sentence.start_char, sentence.end_char)


def _around(blocks: Sequence[Block], statement: Statement) -> Span | None:
    """The paragraph of the source, or of the cue."""
    for span in (*statement.source, *statement.cue, *statement.content):
        for block in blocks:
            if block.span.start <= span.start < block.span.end:
                return block.span
    return None


def _roles(
    doc: Doc, seen: Tree, mentions: Sequence[Mention], chains: Sequence[Chain]
) -> list[tuple[Mention, int]]:
    """`the spokesman`, `the company`: subjects that only one chain can be."""
    taken = {mention.span.start for mention in mentions if mention.form == "nominal"}
    starts = nominals.met(chains, mentions)
    found = []
    for at, (tag, dep) in enumerate(zip(seen.tag, seen.dep, strict=True)):
        if tag != "NN" or dep not in {"nsubj", "nsubjpass"} or seen.start[at] in taken:
            continue
        who = nominals.matched(seen.text, doc[at], chains, mentions, starts)
        if who is not None:
            found.append((Mention(seen.span(at, at), chains[who].kind, "nominal"), who))
    return found
