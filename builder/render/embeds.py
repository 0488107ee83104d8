"""A card of each report for frames on other sites, and how they find it (oEmbed 1.0, static).

One page holds all statements of a report and shows the one that its address names, without scripts:
`embed/#s-1a2b3c4d`. A card is read away from its report, so it names nobody who is kept off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from html import escape

import msgspec

from builder import routes
from builder.model import ArticleId, Edited, Emitted, File, Output, Page, Said
from builder.render import assets
from builder.render.catalogue import direction
from builder.render.edition import Edition, summary
from builder.render.editors import notice
from builder.render.syndication import said_in_words
from builder.render.views import EmbedPage, EmbedSourceView, EmbedStatementView
from builder.render.wording import clipped, excerpt, printable

FOLDER = "embed/"
"""Beside a report's page."""
OEMBED = "oembed.json"
OEMBED_TYPE = "application/json+oembed"
"""https://oembed.com/, 4: discovery."""
SIZE = (640, 260)
"""Of a frame in pixels, until its card says how high it is."""
WORDS = 30
"""Of a statement that a card shows."""


def embeds(edition: Edition) -> Iterator[Emitted]:
    """`embed/` beside each report's page, and `embed/oembed.json` if the site has an address."""
    yield from edition.trace.all_outputs("embed", edition.ids, partial(_embed, edition))


def _embed(edition: Edition, id_: ArticleId) -> Iterator[Output]:
    edited, folder = edition.articles[id_], f"{edition.paths[id_]}{FOLDER}"
    page = _page(edition.within(id_), edited, folder)
    yield Page(routes.file_of(folder), "embed.html", page)
    if edition.settings.site.url:
        yield File(f"{folder}{OEMBED}", _oembed(edition, edited, folder))


def _page(edition: Edition, edited: Edited, folder: str) -> EmbedPage:
    shown = [said for said in edited.statements if said.shown]
    line = edition.sourced(edited.article.id).text
    address = edition.settings.site.url
    return EmbedPage(
        words=edition.words.tag,
        language=edition.language,
        direction=direction(edition.language),
        headline=edited.article.meta.title,
        site=edition.settings.site.title,
        sourcing=line or edition.tellable(summary(edition, edited)),
        canonical=edition.address(edition.paths[edited.article.id]) if address else "",
        stylesheet=routes.relative(edition.assets["embed.css"], folder),
        script=routes.relative(assets.FIXED["embed.js"], folder),
        notice=notice(edition, folder),
        sources=tuple(_sources(edition, edited, shown)),
    )


def _sources(edition: Edition, edited: Edited, shown: Sequence[Said]) -> Iterator[EmbedSourceView]:
    """The statements by what is said of them, which is told once; the one for all comes last."""
    # The first that is quoted to the letter stands for all.
    first = next((said for said in shown if said.statement.form == "direct"), None)
    first = first or next(iter(shown), None)
    by: dict[str, list[Said]] = {}
    for said in sorted(shown, key=lambda said: said is first):
        words = clipped(said_in_words(edition, edited, said, away=True), WORDS)
        # Put in anew, so that what is said of the last statement is the last, too.
        by[words] = [*by.pop(words, ()), said]
    for words, saids in by.items():
        yield EmbedSourceView(
            by=words,
            statements=tuple(
                EmbedStatementView(
                    anchor=said.anchor,
                    text=excerpt(edition.words_away(edited.article.id, said), WORDS),
                )
                for said in saids
            ),
        )


def _oembed(edition: Edition, edited: Edited, folder: str) -> bytes:
    """What oEmbed calls a rich response; every length is in pixels."""
    site, meta, (width, height) = edition.settings.site, edited.article.meta, SIZE
    found = {
        "version": "1.0",
        "type": "rich",
        "title": meta.title,
        "author_name": edition.words.listed(meta.authors),
        "provider_name": site.title,
        "provider_url": edition.address(""),
        "html": f'<iframe src="{escape(edition.address(folder))}" width="100%" height="{height}"'
        f' title="{escape(meta.title)}" style="border:0" loading="lazy"></iframe>'
        f'<script src="{escape(edition.address(assets.FIXED["embed.js"]))}" async></script>',
        "width": width,
        "height": height,
    }
    return printable(msgspec.json.encode(found).decode()).encode()
