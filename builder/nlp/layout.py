"""Statements that the layout tells: transcripts, signed quotations, quotations set apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.model import Block, Form, Span, Statement
from builder.nlp.tree import Tree

_WORD = r"[^\W\d_](?:[^\W\d_]|[’'.-])*[^\W\d_.]"
_SPEAKER = re.compile(
    r"(?=[QA][.:]|[^:\n]+:)"
    rf"([QA]|{_WORD}(?: {_WORD})*)([:.])(?:\s+|$)"
)
"""`RUIZ:` or `ANA RUIZ:` at the head of a line, all in capitals; `Q.` and `A.` as well."""
_SIGNED = re.compile(
    r"(--|[—–]|(?<!\S)-(?=[ \w]))\s*"
    r"((?:[^\W\d_a-z][\w.’'-]*)(?: (?:[^\W\d_a-z][\w.’'-]*|of|the|de|van|von|bin|al-\w+|for)){0,7}"
    r"(?:, [^.!?:;]{2,80})?)\.?$"
)
"""`— Ana Ruiz, harbour master`: a dash, a name in capitals, perhaps what they are."""
_STOP = re.compile(r"(?<=\w{3})\.$")
"""A full stop after a name; `Jr.` keeps its own."""
_SURE = 0.9
_TURN = 4
"""Lines without a name that may follow one in a conversation."""


def statements(tree: Tree) -> list[Statement]:
    """Return the statements whose source is told by the layout alone, in text order."""
    return [*_transcript(tree), *_signed(tree)]


def _transcript(tree: Tree) -> Iterator[Statement]:
    """Lines `NAME: …` of a conversation, with the lines up to the next name.

    Where no name comes back, the capitals are labels (`UPDATE:`, `RELATED:`).
    """
    heads = {
        number: match
        for number, block in enumerate(tree.blocks)
        if (match := _SPEAKER.match(tree.text, block.span.start, block.span.end))
        and match[1].isupper()
    }
    names = [match[1] for match in heads.values()]
    if len(set(names)) < 2 or len(set(names)) == len(names):
        return
    for number, match in sorted(heads.items()):
        after = number + 1
        while after - number <= _TURN and after < len(tree.blocks) and after not in heads:
            after += 1
        turn = [tree.blocks[other].span for other in range(number + 1, after)]
        if after not in heads:
            turn = turn[: not tree.text[match.end() : tree.blocks[number].span.end]]
        said = Span(match.end(), tree.blocks[number].span.end)
        content = [span for span in (said, *turn) if span.start < span.end]
        if content:
            yield Statement(
                content=tuple(content),
                cue=(Span(*match.span(2)),),
                source=(Span(*match.span(1)),),
                form="direct",
                rule="transcript",
                confidence=_SURE,
            )


def _signed(tree: Tree) -> Iterator[Statement]:
    """A quotation with `— Name` below it, or at the end of its block, which it begins."""
    for number, block in enumerate(tree.blocks):
        start, end = block.span.start, block.span.end
        line = max(tree.text.rfind("\n", start, end) + 1, start)
        match = _SIGNED.match(tree.text, line, end)
        begins = any(quote.outer.start == start and quote.closed for quote in tree.quotes)
        if match is None and (block.kind == "quote" or begins):
            match = _SIGNED.search(tree.text, start, end)
        if match is None:
            continue
        if match.start() > start:
            before = Span(start, start + len(tree.text[start : match.start()].rstrip()))
            quoted = block.kind == "quote" or _in_marks(tree, before)
        elif number and tree.blocks[number - 1].kind in {"quote", "paragraph"}:
            before = tree.blocks[number - 1].span
            quoted = tree.blocks[number - 1].kind == "quote" or _in_marks(tree, before)
        else:
            continue
        if quoted:
            yield Statement(
                content=(before,),
                cue=(Span(*match.span(1)),),
                source=(Span(match.start(2), match.start(2) + len(_STOP.sub("", match[2]))),),
                form=_form(tree, block, before),
                rule="signed-quote",
                confidence=_SURE,
            )


def _in_marks(tree: Tree, span: Span) -> bool:
    """Whether a stretch is one quotation from end to end."""
    return any(
        quote.outer.start == span.start and quote.outer.end >= span.end - 1 for quote in tree.quotes
    )


def _form(tree: Tree, block: Block, span: Span) -> Form:
    return "direct" if block.kind == "quote" or _in_marks(tree, span) else "indirect"
