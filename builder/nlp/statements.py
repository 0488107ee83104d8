"""Who says what: cue, source and content of every statement, with the rule that found it."""

from __future__ import annotations

import re
from collections.abc import Collection

from spacy.tokens import Doc

from builder.model import Form, Span, Spans, Statement
from builder.nlp import columns, dateline, layout, phrases, unclaimed
from builder.nlp.acts import act_of, denial
from builder.nlp.claim import Claim
from builder.nlp.claims import claims, joined, joining
from builder.nlp.cues import subject
from builder.nlp.lexicon import words
from builder.nlp.network import Seen, Sight
from builder.nlp.tree import Tree
from builder.nlp.weights import Weights, shipped

_CORRECTION = re.compile(
    r"(?:Correction|Corrections|Clarification|Editor[’']?s note)\b", re.IGNORECASE
)
"""What a paper takes back, it says itself."""
_CUE_PARTS = frozenset({"aux", "auxpass", "neg", "prt"})
_NO_EDGE = frozenset(",;:.—–-") | {"--", "..."}
_NO_END = _NO_EDGE | {"and", "but", "or"}


def find(doc: Doc, seen: Tree, *, unmarked: bool) -> list[Statement]:
    """Return the statements of a parsed text in text order; spans are of its text.

    `unmarked` says that the text has lost its quotation marks; other decisions are used then.
    Who is behind a source, and whether it is named, is left open.
    """
    weights = shipped(unmarked=unmarked)
    told = layout.statements(seen)
    taken = [span for each in told for span in (*each.content, *each.source)]
    line = dateline.find(seen.text, seen.blocks)
    named = phrases.statements(seen)
    elsewhere = [span for each in named for span in (*each.content, *each.cue, *each.source)]
    elsewhere += [line.span] if line else []
    elsewhere += [
        block.span for block in seen.blocks if _CORRECTION.match(seen.text, block.span.start)
    ]
    aside = frozenset(at for span in elsewhere for at in seen.within(span))
    sight = Seen(weights.network, seen, columns.rows(doc), doc.vocab.vectors.data)
    for claim in gathered(seen, sight, weights):
        own = claim.content - aside
        if claim.cue in aside:
            continue
        if unmarked:
            own -= _after_lost_mark(seen, own)
        if not own:
            continue
        made = statement(seen, claim._replace(content=own), weights)
        clash = any(span.overlaps(other) for span in made.content for other in taken)
        if made.content and made.confidence >= weights.found and not clash:
            told.append(made)
    told += named
    taken += [span for each in told for span in (*each.content, *each.source, *each.cue)]
    told += unclaimed.statements(seen, taken)
    return sorted(told, key=lambda each: (each.content, each.cue))


def gathered(seen: Tree, sight: Sight, weights: Weights) -> list[Claim]:
    """Return every claim, as far as it reaches, in text order of the cues."""
    return joined(seen, claims(seen, sight), sight, joining(weights.continuation))


def statement(seen: Tree, claim: Claim, weights: Weights) -> Statement:
    """Return a claim as a statement, with the chance that content and source are right."""
    name = rule(seen, claim)
    form = _form(seen, claim)
    return Statement(
        content=_spans(seen, claim.content, trim=True),
        cue=_spans(seen, _cue(seen, claim.cue) - claim.content, trim=False),
        source=_spans(seen, claim.source - claim.content, trim=True),
        form=form,
        denied=_spans(seen, frozenset(denial(seen, claim.cue, claim.content)), trim=False),
        act=act_of(seen, claim.cue, claim.source, claim.content),
        rule=name,
        confidence=round(weights.confidence.chance(_doubts(seen, claim, name, form)), 3),
    )


def rule(seen: Tree, claim: Claim) -> str:
    """Return the name of the rule behind a claim: what stands between cue and source."""
    path, pos = way(seen, claim), seen.pos[claim.cue]
    if claim.joined:
        quoted = any(seen.quote[at] >= 0 for at in claim.content)
        return "continued-quote" if quoted else "continued-speech"
    if seen.lemma[claim.cue] == "accord":
        return "according-to"
    if pos == "PUNCT":
        return "colon"
    if not claim.source:
        return "no-source"
    if path in {"vnsubj", "vnsubjpass", "vcsubj", "vexpl"}:
        return "subject-of-cue"
    if path.startswith("vagent"):
        return "passive-cue"
    if path in {"^relcl", "^acl"}:
        return "relative-clause"
    if path == "vposs":
        return "owner-of-cue"
    if pos in {"NOUN", "PROPN"}:
        return "noun-cue"
    if path.startswith(("^conj", "^advcl", "^xcomp")) and path.endswith("vnsubj"):
        return "shared-subject"
    return "object-of-cue" if path.startswith("v") else "farther-source"


def way(seen: Tree, claim: Claim) -> str:
    """Return the edges from a cue to its source: `v` and a label down, `^` and one up."""
    if not claim.source:
        return ""
    at = min(claim.source, key=lambda each: (_depth(seen, each), each))
    up: dict[int, str] = {}
    steps, over = "", claim.cue
    while over not in up:
        up[over] = steps
        steps += "^" + seen.dep[over]
        over = seen.head[over]
    down = ""
    while at not in up:
        down = f"v{seen.dep[at]}{down}"
        if seen.head[at] == at:
            return "farther"
        at = seen.head[at]
    return up[at] + down


def _depth(seen: Tree, at: int) -> int:
    depth = 0
    while seen.head[at] != at:
        at, depth = seen.head[at], depth + 1
    return depth


def doubts(seen: Tree, claim: Claim) -> list[str]:
    """Return what may tell whether the content and the source of a claim are right."""
    return _doubts(seen, claim, rule(seen, claim), _form(seen, claim))


def _doubts(seen: Tree, claim: Claim, name: str, form: Form) -> list[str]:
    spoken = [at for at in sorted(claim.content) if seen.voiced[at]]
    size = len(spoken)
    length = min(size, 4) if size < 5 else 5 + min(size // 5, 6)
    who, how = subject(seen, claim.cue)
    kind = "none"
    if claim.source:
        first = min(claim.source)
        kind = seen.words[first] if seen.pos[first] == "PRON" else "words"
        if any(seen.entity[at] for at in claim.source):
            kind = "entity"
    chance, overlap, says = (
        int(20 * each) for each in (claim.chance, claim.overlap, claim.source_chance)
    )
    gaps = max(claim.content) + 1 - min(claim.content) - len(claim.content)
    quoted = "q" if form != "indirect" else "n"
    first, near = claim.around.first, claim.around.content
    inside = near[[at - first for at in spoken if 0 <= at - first < len(near)] or [0]]
    least, even = int(10 * inside.min()), int(20 * inside.mean())
    doubtful = min(4, int((abs(inside - 0.5) < 0.25).sum()))
    return [
        f"cue={chance}",
        f"overlap={overlap}",
        f"source={says}",
        f"least={least}",
        f"even={even}",
        f"doubtful={doubtful} n={length}",
        f"doubtful={doubtful} {quoted}",
        f"least={least} {quoted}",
        f"cue={chance // 4} even={even // 4}",
        f"cue={chance // 4} overlap={overlap // 4}",
        f"cue={chance // 4} overlap={overlap // 4} source={says // 4}",
        f"cue={chance // 2} {quoted}",
        f"overlap={overlap // 2} {quoted}",
        f"source={says // 2} kind={kind}",
        f"form={form}",
        f"form={form} n={length}",
        f"n={length}",
        f"kind={kind}",
        f"rule={name}",
        f"rule={name} cue={chance // 4}",
        f"joined={min(claim.joined, 3)} weakest={int(10 * claim.weakest)}",
        f"rivals={min(claim.rivals, 3)}",
        f"rivals={min(claim.rivals, 3)} form={form}",
        f"gaps={min(gaps, 3)}",
        f"pos={seen.pos[claim.cue]}",
        f"tag={seen.tag[claim.cue]} how={how}",
        f"l={seen.shown[claim.cue]}",
        f"subject={int(who in claim.source)}{int(who in claim.content)}{int(who >= 0)}",
        f"inquote={int(seen.quote[claim.cue] >= 0)}",
    ]


def rules() -> dict[str, str]:
    """Return for the name of every rule what it says in words."""
    found: dict[str, str] = words()["rules"]
    return found


def _after_lost_mark(seen: Tree, content: Collection[int]) -> frozenset[int]:
    """What the writer added in a sentence where ` ,` shows that a closing mark stood.

    `… surrender or die , without saying when`: the blank before the comma is the mark's trace, and
    a preposition or participle after it goes on about the speaker.
    """
    out: set[int] = set()
    for at in sorted(content):
        trace = seen.words[at] == "," and seen.text[seen.start[at] - 1] == " "
        after = at + 1
        if trace and after in content and after not in out:
            end = seen.sentences[seen.sentence[at]][1]
            if seen.pos[after] in {"ADP", "SCONJ"} or seen.tag[after] == "VBG":
                out.update(range(after, end))
    return frozenset(out)


def _cue(seen: Tree, cue: int) -> frozenset[int]:
    """The cue with the auxiliaries before it and the particle after it."""
    first = last = cue
    while first and seen.head[first - 1] == cue and seen.dep[first - 1] in _CUE_PARTS:
        first -= 1
    end = len(seen.words) - 1
    while last < end and seen.head[last + 1] == cue and seen.dep[last + 1] in _CUE_PARTS:
        last += 1
    return frozenset(range(first, last + 1))


def _form(seen: Tree, claim: Claim) -> Form:
    held = [seen.quote[at] >= 0 for at in claim.content if seen.voiced[at]]
    quoted = sum(held)
    if not quoted:
        return "indirect"
    return "direct" if quoted >= 0.95 * len(held) else "mixed"


def _spans(seen: Tree, tokens: Collection[int], *, trim: bool) -> Spans:
    """Stretches of tokens as characters, without the commas and blanks at their edges."""
    pieces: list[list[int]] = []
    for at in sorted(tokens):
        if seen.pos[at] == "SPACE":
            continue
        last = pieces[-1][1] if pieces else -1
        if pieces and seen.block[last] == seen.block[at] and _blank(seen, last + 1, at):
            pieces[-1][1] = at
        else:
            pieces.append([at, at])
    found: list[Span] = []
    for first, last in pieces:
        low, high = first, last
        while trim and low <= high and seen.words[low] in _NO_EDGE and seen.quote[low] < 0:
            low += 1
        while trim and high >= low and seen.words[high] in _NO_END and seen.quote[high] < 0:
            high -= 1
        if not trim or any(map(str.isalnum, seen.text[seen.start[low] : seen.end[high]])):
            found.append(seen.span(low, high))
    return tuple(found)


def _blank(seen: Tree, first: int, end: int) -> bool:
    """Whether nothing but blanks stands between two tokens."""
    return first == end or all(seen.pos[at] == "SPACE" for at in range(first, end))
