"""Markdown tokens → the clean text that the language model reads."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from markdown_it.token import Token
from msgspec import Struct

from builder.model import Block, BlockKind, Prose, Run, Span
from builder.prose.wikilink import LABEL

BLOCK_GAP = "\n\n"

_BREAKS = ("softbreak", "hardbreak")
_HTML_BREAK = re.compile(r"<br\b", re.IGNORECASE)
_ONE_SPACE = str.maketrans("\n\r", "  ")
_LINE = re.compile(r"[^\s\ufeff](?:[^\r\n]*\S)?")
"""Without the mark of byte order that some files begin with."""
_KINDS: dict[str, BlockKind] = {
    "heading_open": "heading",
    "th_open": "cell",
    "td_open": "cell",
    "footnote_open": "footnote",
    "blockquote_open": "quote",
    "list_item_open": "item",
}
_STRONGEST: tuple[BlockKind, ...] = ("heading", "cell", "footnote", "quote", "item")
"""What a block is when it is several: a list in a block quote is the quote's."""


class Leaf(Struct, frozen=True):
    """One of the children of an inline token that has something to say."""

    child: int
    """Its index among the children."""
    text: str
    """Of one line; as long as the token's content, or one space for a line break."""
    line: int
    """How many line breaks stand before it in its block."""


def leaves(token: Token) -> Iterator[Leaf]:
    """What an inline token says, in order; pictures and footnote references are silent."""
    line = 0
    for index, child in enumerate(token.children or ()):
        if child.type in ("text", "code_inline") and child.content:
            yield Leaf(index, child.content.translate(_ONE_SPACE), line)
        elif child.type in _BREAKS:
            yield Leaf(index, " ", line)
            line += 1
        elif child.type == "html_inline":
            if _HTML_BREAK.match(child.content):
                yield Leaf(index, " ", line)
            line += child.content.count("\n")


def spoken(token: Token) -> str:
    """The clean text of one inline token."""
    return "".join(leaf.text for leaf in leaves(token))


def is_whole(token: Token) -> bool:
    """Whether a text-bearing token is marked as a whole or not at all."""
    return token.type == "code_inline" or LABEL in token.meta


def project(tokens: Sequence[Token]) -> Prose:
    """Lay the inline text of every block end to end, remembering where each piece came from.

    Fenced code and raw HTML blocks have no inline text, so the language model never sees them.
    Blocks that say nothing (a picture alone) are left out.
    """
    pieces: list[str] = []
    runs: list[Run] = []
    blocks: list[Block] = []
    inside: list[BlockKind] = []
    at = 0
    for index, token in enumerate(tokens):
        if token.type in _KINDS:
            inside.append(_KINDS[token.type])
        elif token.type.removesuffix("_close") + "_open" in _KINDS:
            inside.pop()
        if token.type != "inline":
            continue
        said = list(leaves(token))
        if not any(leaf.text.strip() for leaf in said):
            continue
        if blocks:
            pieces.append(BLOCK_GAP)
            at += len(BLOCK_GAP)
        start, first = at, token.map[0] + 1 if token.map else 1
        for leaf in said:
            span = Span(at, at + len(leaf.text))
            runs.append(Run(span, index, leaf.child, first + leaf.line))
            pieces.append(leaf.text)
            at = span.end
        kinds = (each for each in _STRONGEST if each in inside)
        blocks.append(Block(Span(start, at), next(kinds, "paragraph")))
    return Prose("".join(pieces), tuple(blocks), tuple(runs))


def plain(text: str) -> Prose:
    """A text that is no Markdown, exactly as given; each line that is not blank is a block."""
    blocks = tuple(Block(Span(*match.span())) for match in _LINE.finditer(text))
    return Prose(text, blocks)


def line_of(prose: Prose, offset: int) -> int | None:
    """The line of the file, from 1, on which a character of the clean text stands.

    Between two blocks it is the line of what stands before. None for text that is no article.
    A code span that itself runs over a line end puts later lines of its paragraph off by one.
    """
    if not prose.runs:
        return None
    index = bisect_right(prose.runs, offset, key=lambda run: run.span.start) - 1
    return prose.runs[max(index, 0)].line
