"""The page of each article."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from functools import partial
from urllib.parse import urljoin

from msgspec.structs import replace

from builder import prose, routes
from builder.model import ArticleId, Edited, Emitted, Output, Page, Shared
from builder.render import accounts, cards, embeds, notes, pictures, scripts, web_annotations
from builder.render.catalogue import locale_of
from builder.render.edition import (
    Edition,
    image_at,
    kicker_of,
    listing,
    picture,
    resolver,
    summary,
    teaser,
)
from builder.render.editors import markdown
from builder.render.frame import frame
from builder.render.linked_data import linked_data
from builder.render.markdown import NAME as MARKDOWN
from builder.render.views import (
    AlternateView,
    ArticlePage,
    DocumentView,
    FrameView,
    Html,
    ImageView,
    LinkView,
    NoticeView,
    RelatedView,
    StoryLinksView,
    TranslationView,
)
from builder.render.weave import article_html
from builder.render.wording import capitalised

WORDS_A_MINUTE = 230
"""Silent reading of English prose (Brysbaert 2019: 238, with names and figures less)."""
LONG_READ = 6
"""Minutes from which on a report has a table of contents."""
REASONS = 3
"""Entities or words that a reason names at the most."""


def articles(edition: Edition) -> Iterator[Emitted]:
    """One page for each article, at its own URL, and its annotations beside it."""
    near = web_annotations.neighbours(edition)
    make = partial(_article, edition, near)
    yield from edition.trace.all_outputs("article", edition.ids, make, near)


def _article(
    edition: Edition, around: Mapping[ArticleId, web_annotations.Data], id_: ArticleId
) -> Iterator[Output]:
    near = around.get(id_)
    edited, path = edition.articles[id_], edition.paths[id_]
    page = _page(edition.within(id_), edited, path, edition)
    yield Page(routes.file_of(path), "article.html", page)
    if near is not None:
        # What `article.html` writes into `.body` before the text.
        before = f"\n{page.dateline}\n" if page.dateline else "\n"
        yield web_annotations.beside(edition, edited, page.body, before, near)


def some(edition: Edition, wanted: Container[str]) -> Iterator[Output]:
    """Of all articles the pages at these paths, for who looks at them."""
    for id_, path in edition.paths.items():
        if routes.file_of(path) in wanted:
            page = _page(edition.within(id_), edition.articles[id_], path, edition)
            yield Page(routes.file_of(path), "article.html", page)


def _page(edition: Edition, edited: Edited, path: str, around: Edition) -> ArticlePage:
    """One report; `around` speaks the site's language, for what surrounds it."""
    article, settings, site = edited.article, edition.settings, edition.site
    meta = article.meta
    image = picture(edition, article, path)
    numbered, statement_marks = notes.numbered(edition, edited)
    entities, entity_marks = notes.entities(edition, edited)
    parsed = prose.parse(article, settings.markdown)
    minutes = max(1, round(parsed.words / WORDS_A_MINUTE))
    marks = (*reversed(statement_marks), *entity_marks)
    resolve = resolver(edition, article, path)
    woven = article_html(
        parsed,
        marks,
        resolve,
        edition.headline,
        repairs=edited.repairs,
        words=edition.words,
        dress=pictures.responsive(lambda src: image_at(edition, src, path), first=image is None),
    )
    return ArticlePage(
        frame=_speaking(_frame(around, edited, path, image), edition, path),
        words=edition.words.tag,
        attrs=around.marked(edition.words.tag),
        text_attrs=edition.marked(edition.language, edition.words.tag),
        headline=meta.title,
        kicker=kicker_of(edition, article.id, path),
        dek=meta.summary,
        authors=tuple(listing(edition, "authors", name, path) for name in meta.authors),
        outlet=meta.outlet,
        dateline=meta.dateline,
        day=edition.day(meta.published),
        updated=edition.day(meta.updated) if meta.updated else None,
        minutes=minutes,
        sourcing=edition.sourced(article.id),
        translations=tuple(_translation(edition, each, path) for each in _others(edition, edited)),
        notices=tuple(
            NoticeView(
                day=edition.day(notice.date),
                text=markdown(notice.text, settings, article, edition),
            )
            for notice in meta.notices
        ),
        image=image,
        contents=tuple(
            LinkView(heading.text, f"#{heading.id}")
            for heading in parsed.headings
            if heading.level == 2 and minutes >= LONG_READ
        ),
        data=linked_data(edition, edited),
        body=Html(woven),
        repaired=bool(edited.repairs),
        sources=accounts.sources(edition, edited),
        differences=accounts.differences(edition, edited),
        notes=numbered,
        entities=entities,
        documents=_documents(edition, edited, path),
        topics=tuple(listing(edition, "topics", topic, path) for topic in meta.topics),
        story=_story(edition, edited, path),
        related=_related(edition, edited, path),
        backlinks=tuple(teaser(edition, a, path) for a in site.backlinks.get(article.id, ())),
    )


def _frame(edition: Edition, edited: Edited, path: str, image: ImageView | None) -> FrameView:
    headline = edited.article.meta.title
    beside = [AlternateView("text/markdown", "", MARKDOWN)]
    if edition.settings.site.url and web_annotations.has_annotations(edited):
        kind, name = web_annotations.MEDIA_TYPE, web_annotations.NAME
        label = edition.words("panel.heading")
        beside.append(AlternateView(kind, label, name))
    if edition.settings.site.url:
        # Whole, as every address of it: WordPress for one asks for it as it stands there.
        oembed = edition.address(f"{path}{embeds.FOLDER}{embeds.OEMBED}")
        beside.append(AlternateView(embeds.OEMBED_TYPE, "", oembed))
    view = frame(edition, path, headline, summary(edition, edited), beside=tuple(beside))
    url = edition.settings.site.url
    translations: tuple[TranslationView, ...] = ()
    if url and _others(edition, edited):
        translations = tuple(
            TranslationView(edition.article_language(each), edition.address(edition.paths[each]))
            for each in (edited.article.id, *_others(edition, edited))
        )
    card = cards.address(edition, edited)
    if not card and url and image:
        card = urljoin(edition.address(path), image.src)
    return replace(view, og_type="article", og_image=card, translations=translations)


def _speaking(view: FrameView, edition: Edition, path: str) -> FrameView:
    """The same, with the scripts in the language of the interface within the article."""

    def script(name: str) -> str:
        return routes.relative(edition.assets[scripts.name_of(name, edition.words)], path)

    return replace(view, marks_script=script(scripts.MARKS), article_script=script(scripts.ARTICLE))


def _others(edition: Edition, edited: Edited) -> tuple[ArticleId, ...]:
    """The same report in other languages."""
    return edition.site.translations.get(edited.article.id, ())


def _translation(edition: Edition, article: ArticleId, path: str) -> LinkView:
    """A link to the same report in another language, told in that language."""
    language = edition.article_language(article)
    text = locale_of(language).get_display_name() or language
    if edition.catalogue.speaks(language):
        text = edition.catalogue.words(language)("article.language")
    attrs = (("hreflang", language), *edition.marked(language))
    return LinkView(text, edition.href(article, path), attrs)


def _documents(edition: Edition, edited: Edited, path: str) -> tuple[DocumentView, ...]:
    resolve = resolver(edition, edited.article, path)
    return tuple(
        DocumentView(
            link=LinkView(document.title, resolve(document.link) if document.link else ""),
            day=edition.day(document.published) if document.published else None,
            page=document.page,
        )
        for document in edited.article.meta.documents
    )


def _story(edition: Edition, edited: Edited, path: str) -> StoryLinksView | None:
    story = edition.running.get(edited.article.id)
    if story is None:
        return None
    at = story.articles.index(edited.article.id)

    def link(index: int) -> LinkView | None:
        if not 0 <= index < len(story.articles):
            return None
        article = story.articles[index]
        return edition.report(article, path)

    return StoryLinksView(
        link=LinkView(story.name, routes.relative(routes.list_path("stories", story.slug), path)),
        number=len(story.articles) - at,
        total=len(story.articles),
        earlier=link(at + 1),
        later=link(at - 1),
    )


def _related(edition: Edition, edited: Edited, path: str) -> tuple[RelatedView, ...]:
    others = _others(edition, edited)
    shown = [
        each
        for each in edition.related.get(edited.article.id, ())
        if each.shown and each.article not in others
    ]
    return tuple(
        RelatedView(
            link=edition.report(each.article, path),
            day=edition.day(edition.articles[each.article].article.meta.published),
            why=_reason(edition, each.shared),
        )
        for each in shown[: edition.settings.related.most]
    )


def _reason(edition: Edition, shared: Shared) -> str:
    entities = edition.identities
    names = [entities[key].name for key in shared.entities if key in entities][:REASONS]
    words = edition.words
    terms = [words.quoted(term) for term in shared.words[:REASONS]]
    reasons = (
        words("related.story") if shared.story else "",
        words("related.names", names=words.listed(names)) if names else "",
        words("related.words", words=words.listed(terms)) if terms and not names else "",
    )
    return capitalised(words("sign.semicolon").join(reason for reason in reasons if reason))
