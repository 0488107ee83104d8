"""An article as plain HTML, for feeds and other formats: footnote links, whole addresses, no marks.

What leaves the page leaves its style sheets and scripts behind, so nothing is kept that needs them:
no classes, no ids, no hover machinery, and no link that works on one page only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from html import escape
from urllib.parse import urljoin

import nh3
from msgspec import Struct
from msgspec.structs import replace

from builder import prose
from builder.model import Article, Edited, Identity, Said
from builder.render import notes
from builder.render.edition import Edition, picture, resolver
from builder.render.editors import markdown
from builder.render.sourcing import form_of, is_named, naming_in, reason
from builder.render.views import Html, ImageView
from builder.render.weave import Mark, Ref, footnotes_apart
from builder.render.wording import capitalised, inside

TAGS = nh3.ALLOWED_TAGS - {"span"}
ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
    "time": {"datetime"},
    "abbr": {"title"},
}
"""What plain HTML may carry; `nh3` takes out all else, scripts and styles with what is in them."""

TINT = "q"
"""The class of the words of a statement, for mails, which have a style for it."""


class PlainNote(Struct, frozen=True):
    """A numbered note or a footnote: words, or whole paragraphs and lists."""

    label: str
    """Its number, or the letter of a writer's own footnote."""
    html: Html


class Plain(Struct, frozen=True):
    """An article as plain HTML; every address is a whole one if the site has one."""

    body: Html
    """With `<sup><a href="…#n3">3</a></sup>` behind each statement."""
    footnotes: tuple[PlainNote, ...] = ()
    """The writer's own, by letter."""
    notes: tuple[PlainNote, ...] = ()
    """On sources, by number."""

    def whole(self) -> Html:
        """Body and notes in one piece, for feeds."""
        parts = [self.body]
        for kind, found in (("a", self.footnotes), ("1", self.notes)):
            if found:
                items = "".join(f"<li>{note.html}</li>\n" for note in found)
                parts.append(Html(f'<hr>\n<ol type="{kind}">\n{items}</ol>\n'))
        return Html("".join(parts))


def plain(edition: Edition, edited: Edited, *, away: bool, tinted: bool = False) -> Plain:
    """An article as plain HTML.

    Args:
        edition: The site.
        edited: The article.
        away: Whether it will be read away from its report, so that nothing names a person whom the
            register keeps off.
        tinted: Whether the words of statements are in `<span class="q">`.
    """
    article = edited.article
    edition = edition.within(article.id)
    url = edition.address(edition.paths[article.id])
    resolve = resolver(edition, article, edition.paths[article.id])
    repairs = edited.repairs
    if away:
        hidden = edition.protected.hidden(edited)
        kept = (each for each in edited.repairs if not any(map(each[0].overlaps, hidden)))
        repairs = tuple(sorted([*kept, *((span, edition.protected.stand_in) for span in hidden)]))
    marks = tuple(
        Mark(
            id="",
            spans=spans,
            classes=TINT if tinted else "",
            ref=Ref(number, f"{url}#n{number}", ""),
        )
        for number, (spans, _, _) in enumerate(notes.groups(edited), 1)
    )
    parsed = prose.parse(article, edition.settings.markdown)
    body, footnotes = footnotes_apart(
        parsed,
        tuple(reversed(marks)),
        resolve,
        edition.headline,
        repairs=repairs,
        words=edition.words,
    )
    return Plain(
        body=cleaned(body, url, tinted=tinted),
        footnotes=tuple(PlainNote(letter, cleaned(text, url)) for letter, text in footnotes),
        notes=tuple(_notes(edition, edited, away=away)),
    )


def lead(edition: Edition, edited: Edited, *, away: bool) -> ImageView | None:
    """The picture at the top of an article, at its whole address; its words as `plain` has them."""
    page = edition.paths[edited.article.id]
    found = picture(edition, edited.article, page)
    if found is None:
        return None
    tellable = partial(_tellable, edition, edited, away=away)
    src = tellable(urljoin(edition.address(page), found.src))
    return replace(found, src=src, alt=tellable(found.alt), credit=tellable(found.credit))


def _tellable(edition: Edition, edited: Edited, text: str, *, away: bool) -> str:
    return edition.tellable(text, edited.article.id) if away else text


def figure(image: ImageView | None) -> Html:
    """A picture with its words and its credit as plain HTML; empty if it has no address."""
    if image is None or not image.src:
        return Html("")
    size = f' width="{image.width}" height="{image.height}"' if image.width else ""
    caption = f"<figcaption>{escape(image.credit)}</figcaption>" if image.credit else ""
    img = f'<img src="{escape(image.src)}" alt="{escape(image.alt)}"{size}>'
    return Html(f"<figure>{img}{caption}</figure>\n")


def cleaned(html: str, url: str, *, tinted: bool = False) -> Html:
    """HTML without all that needs its page, its links seen from that page's address."""

    def whole(_: str, name: str, value: str) -> str:
        return urljoin(url, value) if name in {"href", "src"} else value

    html = nh3.clean(
        html,
        tags=TAGS | {"span"} if tinted else TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=whole,
        link_rel=None,
        allowed_classes={"span": {TINT}} if tinted else None,
    )
    # What only screen readers would hear on the page.
    html = html.replace('<span class=""></span>', "")
    number = re.compile(rf'(<a href="{re.escape(escape(url))}#n(\d+)">\2</a>)')
    return Html(number.sub(r"<sup>\1</sup>", html).strip() + "\n")


def said_in_words(edition: Edition, edited: Edited, said: Said, *, away: bool) -> str:
    """Who said something and how we know.

    `Mara Lindqvist, project director. Direct quote. Checked by an editor.`
    Away from its report, who has no page is called a named source and nothing more, and only what
    an editor answers for says so: all else was found automatically.
    """
    edition = edition.within(edited.article.id)
    words = edition.words
    page = "" if away else edition.paths[edited.article.id]
    source = notes.source_link(edition, edited.article.id, said, page).text
    role = notes.role_of(said) if is_named(said) else ""
    if away and _is_nobody(edition, said) and source != capitalised(words("source.kept-off")):
        source, role = naming_in(words, said), ""
    how = notes.manner(edited, said)
    if away:
        role, how = (edition.tellable(each, edited.article.id) for each in (role, how))
    why = "" if is_named(said) else inside(reason(said))
    why = edition.tellable(why, edited.article.id) if away else why
    who = words.commas((source, role)) + (f" ({why})" if why else "")
    checked = "" if away and notes.is_found(said) else notes.checked(said, edition)
    parts = (who, form_of(words, said), how, checked)
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def _is_nobody(edition: Edition, said: Said) -> bool:
    """Whether a statement is by people who are named and of whom one has no page."""
    if said.speaker is None or said.document or not is_named(said):
        return False
    entities = (edition.identities.get(key) for key in (said.speaker, *said.also))
    return not all(entity and entity.path for entity in entities)


def source_of(edition: Edition, said: Said) -> Identity | None:
    """The source of a statement if it has a page; None for everybody else."""
    entity = edition.speaker(said)
    return entity if entity and entity.path else None


def _notes(edition: Edition, edited: Edited, *, away: bool) -> Iterator[PlainNote]:
    url = edition.address(edition.paths[edited.article.id])
    for number, (_, statements, remarks) in enumerate(notes.groups(edited), 1):
        parts = [_statement(edition, edited, said, url, away=away) for said in statements] + [
            remark
            for each in remarks
            if (remark := _remark(edition, edited.article, each.text, away=away))
        ]
        yield PlainNote(str(number), Html(" ".join(parts)))


def _statement(edition: Edition, edited: Edited, said: Said, url: str, *, away: bool) -> str:
    words = escape(said_in_words(edition, edited, said, away=away))
    source = source_of(edition, said)
    name = escape(source.name) if source else ""
    if source and not away and not said.also and words.startswith(name):
        words = (
            f'<a href="{escape(edition.address(source.path))}">{name}</a>{words.removeprefix(name)}'
        )
    if document := notes.document_link(edition, edited, said.document):
        words += f' <a href="{escape(urljoin(url, document.href))}">{escape(document.text)}</a>.'
    remarks = (_remark(edition, edited.article, note, away=away) for note in said.notes)
    return " ".join(part for part in (words, *remarks) if part)


def _remark(edition: Edition, article: Article, text: str, *, away: bool) -> str:
    """An editor's own words, without their paragraph if they are one."""
    html = cleaned(
        markdown(text, edition.settings, article, edition),
        edition.address(edition.paths[article.id]),
    )
    if away and not edition.tellable(html, article.id):
        return ""
    whole = html.strip()
    inner = whole.removeprefix("<p>").removesuffix("</p>")
    return inner if len(whole) - len(inner) == len("<p></p>") and "<p>" not in inner else whole
