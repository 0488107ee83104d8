"""Speech that a dash at the head of a paragraph begins, as in Spanish, French and Joyce."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from builder.model import Block, Span
from builder.nlp.lexicon import WORDS

DASHES = "–—―"
_DASH = f"[{DASHES}]"
_HEAD = re.compile(rf"{_DASH}[ \u00a0\u202f]?(?=[^\W_]|[¿¡‘“«(…])")
_MARKED = re.compile(r"[“”„\"«»]")
_VERB = rf"(?:{'|'.join(sorted(WORDS.said))})"
_NAME = (
    r"(?:(?:[a-z]{3,} )?[A-ZÀ-ÖØ-Þ][\w’'-]+(?: [A-ZÀ-ÖØ-Þ][\w’'-]+){0,3}"
    r"|he|she|they|I|we|(?:the|a|an|his|her) [\w’' -]{1,30}?)"
)
REPORTED = re.compile(
    rf"(?<=[,!?…])[ \u00a0\u202f](?:{_VERB} {_NAME}(?:[^.,;:!?–—]|,(?! ))*?"
    rf"|{_NAME} {_VERB}[^.,;:!?–—]{{0,40}}?)(?=[.,;:]|$)"
)
"""`, said Brekke.`: who speaks, between the speech and what follows."""
_ASIDE = re.compile(rf"(?:[ \u00a0\u202f]{_DASH}(?=[^\W\d_])|(?<=[,.!?…])[ \u00a0\u202f]{_DASH} )")
"""The dash before what the writer puts in: ` —dijo ella—`, `, — said she. —`."""
_RESUMED = re.compile(rf"{_DASH}[.,;:!?…]*(?=\s|$)|(?<=[.,;:!?]) {_DASH} ")
_SPOKEN = re.compile(r"[.!?…–—]['’”\")]*$")


def speeches(text: str, blocks: Sequence[Block]) -> dict[int, list[Span]]:
    """Return what is spoken in the paragraphs that begin with a dash, by the number of the block.

    A dash begins a list or a signature as well: it counts only in a text that has no quotation
    marks, and in which some such paragraph says who speaks, or asks and is answered. A stretch
    begins at its dash and ends before the comma or dash that parts it from the writer's words.
    """
    dashed = {
        number: block.span
        for number, block in enumerate(blocks)
        if _HEAD.match(text, block.span.start, block.span.end)
    }
    if not dashed or _MARKED.search(text):
        return {}
    spoken = {
        number: span
        for number, span in dashed.items()
        if _SPOKEN.search(text[span.start : span.end].rstrip())
    }
    if not any(_told(text, span) for span in spoken.values()) and not _answered(text, spoken):
        return {}
    return {number: list(_speech(text, span)) for number, span in spoken.items()}


def _told(text: str, span: Span) -> bool:
    words = text[span.start : span.end]
    aside = _ASIDE.search(words, 1)
    return REPORTED.search(words) is not None or (
        aside is not None and _RESUMED.search(words, aside.end()) is not None
    )


def _answered(text: str, spoken: dict[int, Span]) -> bool:
    """Whether one dashed paragraph ends in a question and the next is dashed, too."""
    return any(
        number + 1 in spoken and text[span.start : span.end].rstrip().endswith("?")
        for number, span in spoken.items()
    )


def _speech(text: str, block: Span) -> Iterator[Span]:
    start, end = block.start, block.start + len(text[block.start : block.end].rstrip())
    while start < end:
        aside = _ASIDE.search(text, start + 1, end)
        told = REPORTED.search(text, start + 1, aside.start() if aside else end)
        if told is not None:
            yield Span(start, told.start())
            start = told.end() + 2
            # A capital after the comma is a name: `said his wife, Ana Ruiz, from the kitchen`.
            if text[told.end() : told.end() + 1] != "," or text[start : start + 1].isupper():
                return
        elif aside is not None:
            yield Span(start, len(text[: aside.start()].rstrip()))
            resumed = _RESUMED.search(text, aside.end(), end)
            if resumed is None:
                return
            start = (
                resumed.end()
                + len(text[resumed.end() : end])
                - len(text[resumed.end() : end].lstrip())
            )
        else:
            yield Span(start, end)
            return
