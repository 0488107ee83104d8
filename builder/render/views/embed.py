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


class EmbedSourceView(Struct, frozen=True, kw_only=True):
    """All statements in an embed of which the same is to be said."""

    by: str
    """Who said them, and how we know: `Mara Lindqvist, project director. Direct quote.`"""
    statements: tuple[EmbedStatementView, ...]


class EmbedPage(Struct, frozen=True, kw_only=True):
    """`embed.html`: a card of a report, for frames on other sites."""

    words: str
    """The language of the interface, as a tag."""
    language: str
    """Of the report."""
    direction: str = "ltr"
    """Which way it is written: `ltr` or `rtl`."""
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
    sources: tuple[EmbedSourceView, ...] = ()
    """The last statement of the last one is shown where none is asked for."""
