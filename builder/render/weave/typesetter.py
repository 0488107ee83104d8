"""Woven tokens → HTML: what Postil adds to markdown-it's own renderer."""

# ruff: noqa: ARG002 -- markdown-it calls all rules with the same arguments

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy

from markdown_it.common.normalize_url import normalizeLink
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from builder.prose import as_written, letters, reader
from builder.prose.wikilink import LABEL, SCHEME
from builder.render.catalogue import Words, english

RESOLVE = "resolve"
HEADLINE = "headline"
WORDS = "words"
DRESS = "dress"
LEADS_NOWHERE = "leads-nowhere"
"""Whether the link that was opened last has no address; links never lie in links."""


Dress = Callable[[dict[str, str | int | float]], str]
"""Gets the attributes of a picture, to change, and gives the HTML of its other sources."""


def typeset(
    tokens: Sequence[Token],
    resolve: Callable[[str], str],
    headline: Callable[[str], str] | None,
    words: Words | None = None,
    dress: Dress | None = None,
) -> str:
    """The HTML of tokens; they stay as they are. For the arguments see `weave.article_html`."""
    env: EnvType = {
        RESOLVE: resolve,
        HEADLINE: headline,
        WORDS: words or english(),
        DRESS: dress,
    }
    options = deepcopy(reader("trust").options)
    options.xhtmlOut = False
    return _TYPESETTER.render(tokens, options, env)


class Typesetter(RendererHTML):
    """Writes each kind of token; what has no rule here is written as CommonMark has it."""

    def text(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Text; where it stands for a report's headline, that headline."""
        token = tokens[idx]
        if LABEL in token.meta and env[HEADLINE] is not None:
            return escapeHtml(env[HEADLINE](token.meta[LABEL]))
        return super().text(tokens, idx, options, env)

    def link_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """A link to where it leads in the end; other sites get no hold on this page.

        One that leads nowhere is left out, and its words stay.
        """
        token = tokens[idx]
        href = _final(str(token.attrs["href"]), env)
        env[LEADS_NOWHERE] = not href and str(token.attrs["href"]).startswith(SCHEME)
        if env[LEADS_NOWHERE]:
            return ""
        attrs = {**token.attrs, "href": href}
        if href.lower().startswith(("http:", "https:")):
            attrs["rel"] = "noopener"
        return self.renderToken([token.copy(attrs=attrs)], 0, options, env)

    def link_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """The end of a link, if it had a beginning."""
        return "" if env.get(LEADS_NOWHERE) else self.renderToken(tokens, idx, options, env)

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A picture that is fetched when it is needed, with its caption if it is a figure."""
        token = tokens[idx]
        attrs: dict[str, str | int | float] = {
            **token.attrs,
            "src": _final(str(token.attrs["src"]), env),
            "alt": self.renderInlineAsText(token.children or [], options, env),
            "loading": "lazy",
            "decoding": "async",
        }
        dress: Dress | None = env[DRESS]
        sources = dress(attrs) if dress else ""
        picture = self.renderToken([token.copy(attrs=attrs)], 0, options, env)
        picture = f"<picture>{sources}{picture}</picture>" if sources else picture
        caption = token.meta.get("caption")
        return f"{picture}<figcaption>{escapeHtml(caption)}</figcaption>" if caption else picture

    def table_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """A table in a frame that scrolls, also by keyboard, where the screen is too narrow."""
        columns = tokens[idx].meta.get("columns", "")
        words: Words = env[WORDS]
        table = words("article.table-of", columns=columns) if columns else words("article.table")
        name = escapeHtml(table)
        frame = f'<div class="table" role="group" tabindex="0" aria-label="{name}">\n'
        return frame + self.renderToken(tokens, idx, options, env)

    def table_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """The table's end and its frame's."""
        return self.renderToken(tokens, idx, options, env) + "</div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A cell's beginning, aligned by a class: pages allow no styles of their own.

        A head without words is no head: nobody who listens could tell what it is for.
        """
        token = _cell(tokens, idx, idx + 1)
        side = str(token.attrs.get("style", "")).removeprefix("text-align:")
        attrs = {"scope": "col"} if token.tag == "th" else {}
        cell = token.copy(attrs={**attrs, "class": side} if side else attrs)
        return self.renderToken([cell, tokens[idx + 1]], 0, options, env)

    def th_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """A cell's end."""
        return self.renderToken([_cell(tokens, idx, idx - 1), tokens[idx + 1]], 0, options, env)

    td_open = th_open

    def footnote_ref(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """A footnote's letter; numbers are for the notes on sources."""
        letter, back = _footnote(tokens[idx])
        link = f'<a href="#fn-{letter}" id="{back}" role="doc-noteref">{letter}</a>'
        return f'<sup class="footnote-ref">{link}</sup>'

    def footnote_block_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """The list of footnotes at the article's end."""
        name = escapeHtml(env[WORDS]("article.footnotes"))
        section = f'<section class="footnotes" role="doc-endnotes" aria-label="{name}">'
        return f'{section}\n<ol class="footnotes-list" type="a">\n'

    def footnote_block_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """The end of that list."""
        return "</ol>\n</section>\n"

    def footnote_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """One footnote."""
        letter, _ = _footnote(tokens[idx])
        return f'<li id="fn-{letter}" class="footnote-item">'

    def footnote_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """Its end."""
        return "</li>\n"

    def footnote_anchor(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """The way back; VARIATION SELECTOR-15 keeps the arrow from being an emoji."""
        _, back = _footnote(tokens[idx])
        name = escapeHtml(env[WORDS]("article.back"))
        attrs = f'class="footnote-backref" role="doc-backlink" aria-label="{name}"'
        return f' <a href="#{back}" {attrs}>\u21a9\ufe0e</a>'


_TYPESETTER = Typesetter()


def _final(href: str, env: EnvType) -> str:
    """Where a link leads in the end."""
    resolve: Callable[[str], str] = env[RESOLVE]
    if href.startswith((SCHEME, "#")) or href.lower().startswith(("http:", "https:", "mailto:")):
        return resolve(href)
    return normalizeLink(resolve(as_written(href)))


def _cell(tokens: Sequence[Token], index: int, inside: int) -> Token:
    """A cell's tag, `td` if it is a head whose inline token says nothing."""
    token = tokens[index]
    is_empty = not tokens[inside].content.strip()
    return token.copy(tag="td") if token.tag == "th" and is_empty else token


def _footnote(token: Token) -> tuple[str, str]:
    """A footnote's letter, and the id of the place that refers to it."""
    letter = letters(token.meta["id"])
    again = token.meta.get("subId") or 0
    return letter, f"fnref-{letter}-{again + 1}" if again else f"fnref-{letter}"
