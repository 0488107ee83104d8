"""Markdown → what every later room needs of it: tokens, clean text, links, headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from typing import Any, Literal
from urllib.parse import unquote
from weakref import WeakKeyDictionary

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from msgspec import Struct
from msgspec.structs import replace

from builder import routes, value
from builder.errors import Place, Problem
from builder.model import Article, Prose
from builder.prose.projection import project, spoken
from builder.prose.raw_html import pictures, sanitise_block, sanitise_inline, tag
from builder.prose.wikilink import SCHEME, wikilink
from builder.settings import MarkdownSettings

LinkKind = Literal["article", "asset", "external", "anchor"]

_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Characters that HTML cannot hold."""
_KEPT_ENCODED = re.compile(r"%(?:23|25|3f)", re.IGNORECASE)
"""`#`, `%` and `?`, which mean something else when they are decoded."""


class Link(Struct, frozen=True):
    """A link or picture of an article."""

    target: str
    """What it leads to, as written: of an article its name, with a fragment if one is given."""
    kind: LinkKind
    line: int
    """Of the file, from 1."""
    text: str
    """The words that are linked, or what stands for a picture."""
    is_image: bool = False
    is_raw: bool = False
    """Whether it is a picture in raw HTML: what it leads to is seen from the page."""
    is_mute: bool = False
    """Whether it is a picture of which somebody said that there is nothing to see: `alt=""`."""
    path: str = ""
    """The file where it stands, if that is not the article's own."""


class Heading(Struct, frozen=True):
    """A heading, for a table of contents."""

    level: int
    """2 for the highest: the article's title is 1."""
    text: str
    id: str
    """`h-night-shift`; unique in the article."""


class Parsed(Struct, frozen=True, eq=False):
    """An article as the Markdown reader understood it."""

    tokens: tuple[Token, ...]
    """Shared by all who ask: never to be changed."""
    prose: Prose
    links: tuple[Link, ...]
    headings: tuple[Heading, ...]
    anchors: frozenset[str]
    """Fragments that links can name: of headings and footnotes."""
    problems: tuple[Problem, ...]
    words: int
    """How many words the clean text has."""


_KEPT: WeakKeyDictionary[Article, tuple[MarkdownSettings, Parsed]] = WeakKeyDictionary()
"""What was read of articles that somebody holds. Of one that was saved anew the old text goes with
the article, so that it makes no difference how often that was."""
_MOST_KEPT = 1024


def parse(article: Article, markdown: MarkdownSettings) -> Parsed:
    """Read an article's Markdown: CommonMark with tables, strikethrough, footnotes and `[[links]]`.

    Args:
        article: Its lines are the file's, front matter counted.
        markdown: What becomes of raw HTML. Escaped, it is text like any other, also for the model.

    Returns:
        All there is to know. A link that is neither http, https or mailto nor a path of the site
        is among the problems, and no link in the tokens.
    """
    known = _KEPT.get(article)
    if known is not None and known[0] == markdown:
        return known[1]
    parsed = _parse(article, markdown)
    if len(_KEPT) >= _MOST_KEPT:
        _KEPT.pop(next(iter(_KEPT)), None)
    _KEPT[article] = (markdown, parsed)
    return parsed


def _parse(article: Article, markdown: MarkdownSettings) -> Parsed:
    body = _UNREADABLE.sub("\N{REPLACEMENT CHARACTER}", article.body)
    environment: dict[str, Any] = {}
    tokens = reader(markdown.html).parse(body, environment)
    links: list[Link] = []
    problems: list[Problem] = []
    for token in tokens:
        if token.type == "html_block":
            links += _raw(token.content, token.map[0] + 1 if token.map else 1)
            if markdown.html == "sanitise":
                token.content = sanitise_block(token.content)
        elif token.type == "inline":
            children = token.children or []
            _note_definitions(children, environment.get("references", {}))
            if markdown.html == "sanitise":
                children = sanitise_inline(children)
            token.children = _checked(children, token, article.place, links, problems)
    headings = _headings(tokens)
    _name_tables(tokens)
    _make_figures(tokens)
    prose = project(tokens)
    return Parsed(
        tokens=tuple(tokens),
        prose=prose,
        links=tuple(links),
        headings=headings,
        anchors=frozenset({heading.id for heading in headings} | _footnotes(tokens)),
        problems=tuple(problems),
        words=len(prose.text.split()),
    )


def remarks(
    article: Article, markdown: MarkdownSettings
) -> tuple[tuple[Link, ...], tuple[Problem, ...]]:
    """The links of what editors say outside the body, and what is wrong with them.

    Args:
        article: Its `remarks` are read.
        markdown: What becomes of raw HTML.

    Returns:
        Links and problems, each at the remark's place.
    """
    links: list[Link] = []
    problems: list[Problem] = []
    for remark in article.remarks:
        parsed = parse(replace(article, body=remark.text, corrections=()), markdown)
        path, line = remark.place.path, remark.place.line or 1
        links += [replace(link, path=path, line=line) for link in parsed.links]
        problems += [replace(problem, place=remark.place) for problem in parsed.problems]
    return tuple(links), tuple(problems)


@lru_cache
def reader(html: Literal["escape", "sanitise", "trust"]) -> MarkdownIt:
    """The Markdown reader. It takes every address as a link; which ones may be is checked later."""
    markdown = MarkdownIt("commonmark", {"html": html != "escape", "store_labels": True})
    markdown.enable(["table", "strikethrough"])
    footnote_plugin(markdown, inline=False)
    wikilink(markdown)
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    return markdown


def _note_definitions(children: list[Token], definitions: Mapping[str, Any]) -> None:
    """Give links that name a definition (`[words][label]`) the lines where their address stands."""
    for child in children:
        if child.type in {"link_open", "image"} and (label := child.meta.pop("label", None)):
            child.map = definitions[label]["map"]


def _checked(
    children: list[Token],
    token: Token,
    place: Place,
    links: list[Link],
    problems: list[Problem],
) -> list[Token]:
    """The children without links that may not be; links and problems are noted.

    A link in a link is its words alone, and a footnote's letter in a link follows it.
    """
    kept: list[Token] = []
    later: list[Token] = []
    is_kept: list[bool] = []
    line = token.map[0] + 1 if token.map else 1
    for index, child in enumerate(children):
        if child.type in ("softbreak", "hardbreak"):
            line += 1
        is_image = child.type == "image"
        if is_image or child.type == "link_open":
            href = str(child.attrGet("src" if is_image else "href") or "")
            at = child.map[0] + 1 if child.map else line
            problem = _problem(href, Place(place.path, at))
            if problem:
                problems.append(problem)
            else:
                text = spoken(child) if is_image else _linked(children, index)
                links.append(_link(href, at, text, is_image=is_image))
            is_fine = problem is None and (is_image or not any(is_kept))
            if not is_image:
                is_kept.append(is_fine)
        elif child.type == "link_close":
            is_fine = is_kept.pop()
        elif child.type == "html_inline" and tag(child)[0] == "img":
            links += _raw(child.content, line)
            is_fine = True
        elif child.type == "html_inline" and tag(child)[0] == "a":
            is_fine = True
            if tag(child)[1] == 1:
                is_kept.append(True)
            elif is_kept:
                is_kept.pop()
        else:
            is_fine = child.type != "footnote_ref" or not any(is_kept)
            if not is_fine:
                later.append(child)
        if is_fine:
            kept.append(child)
        if later and not any(is_kept):
            kept += later
            later = []
    return kept + later


def _problem(href: str, place: Place) -> Problem | None:
    fault = None if href.startswith((SCHEME, "#")) else value.link_or_path(href)
    if fault is None:
        return None
    if not href:
        message = "a link leads nowhere"
        return Problem(place=place, code=fault.code, message=message, hint=fault.hint)
    return Problem(place=place, code=fault.code, message=fault.message, hint=fault.hint)


def _link(href: str, line: int, text: str, *, is_image: bool) -> Link:
    build = partial(Link, line=line, text=text, is_image=is_image)
    if href.startswith(SCHEME):
        return build(href.removeprefix(SCHEME), "article")
    if href.startswith("#"):
        return build(href, "anchor")
    if value.link(href) is None:
        return build(href, "external")
    return build(as_written(href), "asset")


def _raw(html: str, line: int) -> Iterator[Link]:
    """The pictures of raw HTML that begins on that line; what no address names is passed over."""
    for img in pictures(html):
        is_external = value.link(img.src) is None or img.src.startswith("//")
        if is_external or not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|#", img.src):
            yield Link(
                img.src,
                "external" if is_external else "asset",
                line + img.line,
                img.alt or "",
                is_image=True,
                is_raw=True,
                is_mute=img.alt == "",
            )


def as_written(href: str) -> str:
    """A relative link with its letters instead of the codes that Markdown made of them."""
    return href if _KEPT_ENCODED.search(href) else unquote(href)


def _linked(children: list[Token], start: int) -> str:
    """The text of the link that opens there."""
    end = next(i for i in range(start, len(children)) if children[i].type == "link_close")
    return spoken(Token("inline", "", 0, children=children[start:end]))


def _headings(tokens: list[Token]) -> tuple[Heading, ...]:
    """Give every heading an id, and make room for the title above them."""
    opened = [i for i, token in enumerate(tokens) if token.type == "heading_open"]
    shift = 1 if any(tokens[i].tag == "h1" for i in opened) else 0
    found: dict[str, Heading] = {}
    for i in opened:
        level = min(int(tokens[i].tag[1]) + shift, 6)
        text = " ".join(spoken(tokens[i + 1]).split())
        slug = unique = f"h-{routes.slug(text)}"
        number = 1
        while unique in found:
            number += 1
            unique = f"{slug}-{number}"
        tokens[i].tag = tokens[i + 2].tag = f"h{level}"
        tokens[i].attrSet("id", unique)
        found[unique] = Heading(level, text, unique)
    return tuple(found.values())


def _footnotes(tokens: list[Token]) -> set[str]:
    return {f"fn-{letters(token.meta['id'])}" for token in tokens if token.type == "footnote_open"}


def letters(number: int) -> str:
    """What a footnote is called, counted from 0: a to z, then aa, ab and so on."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("a") + rest) + name
    return name


def _name_tables(tokens: list[Token]) -> None:
    """Note at each table what its columns are called, for readers who cannot see it."""
    table = None
    names: list[str] = []
    for index, token in enumerate(tokens):
        if token.type == "table_open":
            table, names = token, []
        elif token.type == "th_open":
            names.append(spoken(tokens[index + 1]).strip())
        elif token.type == "thead_close" and table is not None:
            table.meta["columns"] = ", ".join(name for name in names if name)


def _make_figures(tokens: list[Token]) -> None:
    """Turn a paragraph that is one picture with a title into a figure with a caption."""
    for index, token in enumerate(tokens):
        children = token.children or ()
        if token.type != "inline" or len(children) != 1 or children[0].type != "image":
            continue
        image, before, after = children[0], tokens[index - 1], tokens[index + 1]
        if image.attrGet("title") and before.type == "paragraph_open" and not before.hidden:
            image.meta["caption"] = str(image.attrs.pop("title"))
            for each, nesting in ((before, "open"), (after, "close")):
                each.type, each.tag = f"figure_{nesting}", "figure"
