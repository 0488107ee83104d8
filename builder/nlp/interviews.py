"""Who answers in an interview that prints questions and answers."""

from __future__ import annotations

import re

from builder.model import Span
from builder.nlp.cast import Cast

_INTERVIEW = re.compile(
    r"\b(?:Q ?& ?A|[Qq]uestions and answers|[Ii]nterview|[Cc]onversation) with "
    r"|\b(?:spoke|talked) (?:to|with) |\bsat down with "
)
_HEAD = 400
"""Characters at the head of a text in which it says whom it asked."""
_TITLE = 60
"""Characters that a title before a name may take."""


def turn_of(cast: Cast, name: Span) -> int | None:
    """Return the chain of who has a turn of a transcript: the one with that surname.

    Behind `A:` it is who is interviewed.
    """
    called = cast.text[name.start : name.end]
    if called.strip(" .:") == "A":
        return interviewed(cast)
    found = [
        at
        for at, chain in enumerate(cast.chains)
        if chain.kind in {"person", "organisation"}
        and chain.name.split()[-1].upper() == called.strip(" .:").upper()
    ]
    return found[0] if len(found) == 1 else None


def interviewed(cast: Cast) -> int | None:
    """Return the chain of who answers behind `A:`: the one person of whom the head says so."""
    match = _INTERVIEW.search(cast.text, 0, _HEAD)
    if match is None:
        return None
    near = [
        index
        for index, mention in enumerate(cast.mentions)
        if mention.kind == "person"
        and mention.form == "name"
        and match.end() <= mention.span.start <= match.end() + _TITLE
        and "\n" not in cast.text[match.end() : mention.span.start]
    ]
    return cast.chain_of.get(near[0]) if len(near) == 1 else None
