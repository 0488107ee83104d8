"""What can be put round words of an article."""

from __future__ import annotations

from msgspec import Struct

from builder.model import Spans


class Ref(Struct, frozen=True):
    """The small numbered link after a statement that leads to its note."""

    number: int
    href: str
    label: str
    """What only screen readers hear, with the space before it: ` (source: Ana Ruiz)`."""
    attrs: tuple[tuple[str, str], ...] = ()


class Mark(Struct, frozen=True):
    """Words to be marked: a statement, a mention, a note."""

    id: str
    """The first piece has it as its `id`, all others as `data-mark`. Empty: nobody asks for it."""
    spans: Spans
    """Of the clean text."""
    classes: str
    """`q direct`, `e person`."""
    href: str = ""
    """If given, a piece is a link wherever there is no other link inside or around it."""
    attrs: tuple[tuple[str, str], ...] = ()
    """Further attributes of every piece; with `href`, of the pieces that are links."""
    ref: Ref | None = None
    """Placed after the last piece, and after a link that this stands in."""
