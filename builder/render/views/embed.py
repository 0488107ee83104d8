"""What other sites show of a report."""

from __future__ import annotations

from msgspec import Struct

from builder.render.views.parts import Html


class EmbedStatementView(Struct, frozen=True, kw_only=True):
    """A statement in an embed."""

    anchor: str
    """Its own name: `embed/#s-1a2b3c4d` shows it."""
    text: str
    """Its words, at most thirty."""
    by: str = ""
    """Who said it, and how we know: `Mara Lindqvist, project director. Direct quote.`"""


class EmbedPage(Struct, frozen=True, kw_only=True):
    """`embed.html`: a card of a report, for frames on other sites."""

    words: str
    """The language of the interface, as a tag."""
    language: str
    """Of the report."""
    direction: str = "ltr"
    headline: str
    site: str
    sourcing: str = ""
    """The sourcing line; the summary of a report without statements."""
    canonical: str = ""
    """The report's full address; empty unless the site's address is set."""
    stylesheet: str
    script: str
    """Tells the page around the frame how high the card is."""
    notice: Html = Html("")
    """`[site] notice`."""
    statements: tuple[EmbedStatementView, ...] = ()
    """The last is shown where none is asked for."""
