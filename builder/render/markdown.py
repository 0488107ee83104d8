"""Each report as Markdown beside its page, with its notes as footnotes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from urllib.parse import urljoin

from builder.model import ArticleId, Edited, Emitted, Output, Page
from builder.render.edition import Edition, resolver
from builder.render.editors import markdown as editors_markdown
from builder.render.syndication import cleaned, figure, lead, plain
from builder.render.views import LinkView, MarkdownPage, NoticeView, PlainNoteView

NAME = "index.md"


def markdown(edition: Edition) -> Iterator[Emitted]:
    """`index.md` beside each report's page.

    It is the report itself, so it names whom the report names.
    """
    yield from edition.trace.all_outputs("markdown", edition.ids, partial(_file, edition))


def _file(edition: Edition, id_: ArticleId) -> Iterator[Output]:
    path = edition.paths[id_]
    yield Page(f"{path}{NAME}", "article.md", _page(edition, edition.articles[id_], path))


def _page(edition: Edition, edited: Edited, path: str) -> MarkdownPage:
    article, settings = edited.article, edition.settings
    meta = article.meta
    edition = edition.within(article.id)
    words, url = edition.words, edition.address(path)
    text = plain(edition, edited, away=False)
    resolve = resolver(edition, article, path)
    by = words("article.by", authors=words.listed(meta.authors)) if meta.authors else ""
    when = edition.day(meta.published).text
    return MarkdownPage(
        words=words.tag,
        headline=meta.title,
        dek=meta.summary,
        byline=" · ".join(part for part in (by, meta.outlet, when) if part),
        url=url if settings.site.url else "",
        dateline=meta.dateline,
        notices=tuple(
            NoticeView(
                day=edition.day(notice.date),
                text=cleaned(editors_markdown(notice.text, settings, article, edition), url),
            )
            for notice in meta.notices
        ),
        image=figure(lead(edition, edited, away=False)),
        body=text.body,
        footnotes=tuple(
            PlainNoteView(label=note.label, text=note.html)
            for note in (*text.footnotes, *text.notes)
        ),
        documents=tuple(
            LinkView(document.title, urljoin(url, resolve(document.link)) if document.link else "")
            for document in meta.documents
        ),
    )
