"""An issue of the newsletter: reports as mailboxes can show them.

What is in a mail stays there for ever, so it is read away from its report: nobody whom the register
keeps off is named in it, no more than in a feed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape, unescape
from posixpath import splitext
from urllib.parse import urljoin, urlsplit

from msgspec import Struct

from builder.model import ArticleId, Edited
from builder.render.catalogue import direction
from builder.render.edition import Edition, image_at, kicker_of, picture, summary
from builder.render.edition import markdown as editors_markdown
from builder.render.syndication import PlainNote, cleaned, plain
from builder.render.views import (
    Html,
    ImageView,
    LinkView,
    MailReportView,
    NewsletterPage,
    NoticeView,
    PlainNoteView,
)

WIDTH = 552
"""Pixels of a picture at the most: a mail is 600 wide, with a margin of 24."""
PREHEADER = 100
"""Characters that mailboxes show beside the subject."""
NOT_IN_MAIL = frozenset({".svg", ".webp", ".avif"})
"""Pictures that Outlook and others do not show; their words stand there instead."""

_HEADING = re.compile(r"<(/?)h([2-5])>")
_REF = re.compile(r'<sup><a href="([^"]*)">(\d+|[a-z]+)</a></sup>')
_PICTURE = re.compile(r'<img src="([^"]*)"([^>]*)>')
_FOLDING = re.compile(r"</?(?:details|summary|figure|figcaption)>")


class Issue(Struct, frozen=True, kw_only=True):
    """What an issue consists of."""

    subject: str
    articles: tuple[ArticleId, ...]
    announced: frozenset[ArticleId] = frozenset()
    """Of these only the beginning and the sourcing line."""
    intro: str = ""
    """Markdown."""
    sign_off: str = ""
    browser: str = ""
    unsubscribe: str = ""
    address: str = ""


def newsletter(edition: Edition, issue: Issue) -> NewsletterPage:
    """An issue for its templates; the site must have an address."""
    reports = tuple(
        _report(edition.within(id_), edition.articles[id_], is_whole=id_ not in issue.announced)
        for id_ in issue.articles
    )
    first = next((report.dek for report in reports if report.dek), "")
    return NewsletterPage(
        words=edition.words.tag,
        direction=direction(edition.settings.site.language),
        title=edition.settings.newsletter.title or edition.settings.site.title,
        home=edition.address(""),
        subject=issue.subject,
        preheader=_cut(first or edition.settings.site.description),
        notice=cleaned(edition.notice, edition.address("")),
        intro=_own(edition, issue.intro),
        sign_off=_own(edition, issue.sign_off),
        reports=reports,
        browser=issue.browser,
        unsubscribe=issue.unsubscribe,
        address=issue.address,
    )


def _report(edition: Edition, edited: Edited, *, is_whole: bool) -> MailReportView:
    article, meta = edited.article, edited.article.meta
    path = edition.paths[article.id]
    url = edition.address(path)
    text = plain(edition, edited, away=True, tinted=True) if is_whole else None
    if text and not edition.tellable(text.whole()):
        text = None
    kicker = kicker_of(edition, article.id, path)
    by = edition.words("article.by", authors=edition.words.listed(meta.authors))
    return MailReportView(
        language=edition.language if edition.language != edition.settings.site.language else "",
        direction=direction(edition.language),
        headline=meta.title,
        url=url,
        kicker=LinkView(kicker.text, urljoin(url, kicker.href)) if kicker else None,
        dek=edition.tellable(meta.summary if text else summary(edition, edited)),
        byline=by if meta.authors else "",
        day=edition.day(meta.published),
        sourcing=edition.sourcing[article.id],
        notices=tuple(
            NoticeView(day=edition.day(notice.date), text=told)
            for notice in meta.notices
            if text and (told := _notice(edition, edited, notice.text))
        ),
        image=_image(edition, edited, url) if text else None,
        body=_body(edition, text.body) if text else Html(""),
        footnotes=_notes(text.footnotes) if text else (),
        notes=_notes(text.notes) if text else (),
    )


def _notice(edition: Edition, edited: Edited, text: str) -> Html:
    html = editors_markdown(text, edition.settings, edited.article, edition)
    told = cleaned(html, edition.address(edition.paths[edited.article.id]))
    return Html(edition.tellable(told, edited.article.id))


def _notes(found: Sequence[PlainNote]) -> tuple[PlainNoteView, ...]:
    return tuple(PlainNoteView(label=note.label, text=Html(note.html)) for note in found)


def _image(edition: Edition, edited: Edited, url: str) -> ImageView | None:
    found = picture(edition, edited.article, edition.paths[edited.article.id])
    if not found or not _is_shown(found.src) or not found.width:
        return None
    width, height = _fitted(found.width, found.height)
    return ImageView(
        src=urljoin(url, found.src),
        alt=edition.tellable(found.alt, edited.article.id),
        credit=edition.tellable(found.credit, edited.article.id),
        width=width,
        height=height,
    )


def _body(edition: Edition, html: str) -> Html:
    """The text, its headings below the report's own, its pictures no wider than the mail."""
    base = edition.address("")

    def image(match: re.Match[str]) -> str:
        src, rest = unescape(match[1]), match[2]
        alt = re.search(r'alt="([^"]*)"', rest)
        if not _is_shown(src):
            said = edition.words("mail.picture", alt=unescape(alt[1]) if alt else "")
            return f'<a href="{match[1]}">{escape(said)}</a>'
        inside = src.removeprefix(base) if src.startswith(base) else ""
        known = image_at(edition, inside, "") if inside else None
        size = f'width="{min(known.width, WIDTH) if known and known.width else WIDTH}"'
        return f'<img src="{match[1]}" alt="{alt[1] if alt else ""}" {size}>'

    html = _FOLDING.sub("", html)
    html = _HEADING.sub(lambda match: f"<{match[1]}h{int(match[2]) + 1}>", html)
    html = _REF.sub(r'<sup><a href="\1">[\2]</a></sup>', html)
    return Html(_PICTURE.sub(image, html))


def _is_shown(src: str) -> bool:
    return splitext(urlsplit(src).path)[1].lower() not in NOT_IN_MAIL


def _fitted(width: int, height: int) -> tuple[int, int]:
    return (width, height) if width <= WIDTH else (WIDTH, round(height * WIDTH / width))


def _own(edition: Edition, text: str) -> Html:
    """Markdown of the newsletter itself."""
    if not text:
        return Html("")
    return cleaned(editors_markdown(text, edition.settings), edition.address(""))


def _cut(text: str) -> str:
    text = " ".join(text.split())
    if len(text) <= PREHEADER:
        return text
    return text[: PREHEADER - 2].rsplit(" ", 1)[0].rstrip(" ,;:–—") + " …"
