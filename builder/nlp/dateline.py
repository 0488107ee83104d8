"""Where and by which agency a report was filed: `HARBOUR TOWN, Country (Agency) -`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from builder.model import Block, Span

_UPPER = "A-ZÀ-ÖØ-Þ"
_CAPITALS = rf"[{_UPPER}][{_UPPER}’'.\-]+(?: [{_UPPER}][{_UPPER}’'.\-]+)*"
_PLACE = rf"[{_UPPER}][\w’'.\-]*(?: (?:of |de |al-|the )?[{_UPPER}][\w’'.\-]*)*"
_DAY = r"(?:[A-Z][a-z]+\.? \d{1,2}|\d{1,2} [A-Z][a-z]+)"
_DATELINE = re.compile(
    rf"(?:{_CAPITALS}(?:, {_PLACE})?(?:/{_CAPITALS}(?:, {_PLACE})?)*"
    rf"(?:, {_DAY})?|{_PLACE}(?:, {_PLACE})?(?:, {_DAY})?|{_DAY}|(?=\())"
    r" ?\((?P<agency>[A-Z][\w .&/’'-]{1,40})\) ?[-–—]+ "
    rf"|{_CAPITALS}(?:, {_PLACE})?(?:, {_DAY})? ?(?:[–—]|--?) "
)
_FIRST_BLOCKS = 4
"""A dateline stands below a headline, a byline and a date at the most."""


class Dateline(Struct, frozen=True):
    """The dateline of a report."""

    span: Span
    agency: str = ""


def find(text: str, blocks: Sequence[Block]) -> Dateline | None:
    """The dateline at the head of one of the first blocks, if there is one."""
    for block in blocks[:_FIRST_BLOCKS]:
        match = _DATELINE.match(text, block.span.start, block.span.end)
        if match:
            return Dateline(Span(*match.span()), (match["agency"] or "").strip())
    return None
