"""What every emitter needs: the site, and the answers that several kinds of page ask for."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from posixpath import normpath
from urllib.parse import unquote

from msgspec import Struct, field
from msgspec.structs import replace

from builder import routes
from builder.editing import alone, words_shown
from builder.index.protection import Protected
from builder.memory import Memory
from builder.model import (
    Article,
    ArticleId,
    Asset,
    Edited,
    EntityKey,
    Gallery,
    HeldBack,
    Identity,
    Related,
    Said,
    Site,
    Story,
)
from builder.render import dates, pictures, sections
from builder.render.card_drawing import Card, of_site
from builder.render.catalogue import Catalogue, Words, direction
from builder.render.sourcing import is_named, sourcing
from builder.render.views import (
    Attributes,
    DayView,
    ImageView,
    LinkView,
    SourcingView,
    TeaserView,
)
from builder.render.wording import clipped
from builder.settings import Settings
from builder.tracing import Afresh

WITHHELD: dict[HeldBack, str] = {
    "draft": "article.to-come",
    "future": "article.to-come",
    "expired": "article.earlier",
}
"""What stands for the headline of an article that is not published, in the catalogue."""
SUMMARY_LENGTH = 220
"""Characters of the first paragraph that stand in for a missing summary."""

COVERED = ("catalogue", "words")
"""Fields of an edition that change only with the templates."""
REMEMBERED = {"card": Card | None, "annotations": int | None, "sums": tuple[int, int, int, int]}
"""Of what an edition's `trace` is asked for: what the next build finds again besides outputs, and
its type."""


class Edition(Struct, frozen=True, kw_only=True):
    """The whole site with its settings, and what is looked up again and again."""

    site: Site
    settings: Settings
    catalogue: Catalogue
    words: Words
    """Of the interface where this is read: the site's, or those of an article (see `within`)."""
    language: str
    """Of the text around what is written, as a tag: the site's, or an article's."""
    root: Path
    """The site's folder."""
    assets: Mapping[str, str]
    """Published path of each of the theme's assets, by its name."""
    related: Mapping[ArticleId, tuple[Related, ...]]
    """Those that are shown, without their scores."""
    articles: Mapping[ArticleId, Edited]
    paths: Mapping[ArticleId, str]
    """The folder of each article's page."""
    sourcing: Mapping[ArticleId, SourcingView]
    running: Mapping[ArticleId, Story]
    """The story each article belongs to, if any."""
    lists: Mapping[str, bool]
    """Paths of the lists of topics and authors; all are true."""
    identities: Mapping[EntityKey, Identity]
    """What to call each entity and where its page is: most pages need no more of another one."""
    named: Mapping[str, Identity]
    """The same by key and by name."""
    protected: Protected
    """People whom the register keeps off."""
    namesakes: Mapping[str, bool]
    """Names that several entities have, in small letters; all are true."""
    menu: tuple[tuple[str, str], ...]
    """Names and targets: full addresses, or paths of the site."""
    sections: tuple[tuple[str, str], ...]
    """Names and paths of all lists of lists."""
    published: Mapping[str, Asset]
    """Files by where they are published."""
    gallery: Gallery
    card: Card | None
    """That of all pages that are no reports."""
    trace: Afresh = field(default_factory=Afresh)
    """What is asked for each part of the site: it may be as it was."""

    @property
    def ids(self) -> Sequence[ArticleId]:
        """Of all articles, newest first."""
        return [edited.article.id for edited in self.site.articles]

    def within(self, article: ArticleId) -> Edition:
        """The same, for what stands in an article: in its language, if that has a catalogue."""
        language = self.article_language(article)
        if language == self.language:
            return self
        return replace(self, words=self.catalogue.words(language, self.words), language=language)

    def article_language(self, article: ArticleId) -> str:
        """The language of an article's text, as a tag."""
        return self.articles[article].article.meta.lang or self.settings.site.language

    def sourced(self, article: ArticleId) -> SourcingView:
        """How an article is sourced, in the language of what is read."""
        if self.language == self.settings.site.language:
            return self.sourcing[article]
        return sourcing(self.articles[article], self.words)

    def marked(self, language: str, around: str = "") -> Attributes:
        """The attributes of an element in a language, none if it is that of the text around it."""
        around = around or self.language
        if language == around:
            return ()
        way = direction(language)
        return (("lang", language), *((("dir", way),) if way != direction(around) else ()))

    def day(self, when: dt.datetime | dt.date) -> DayView:
        """A day in the site's time zone and in the language of what is read."""
        return dates.day(when, self.settings, self.words)

    def report(self, article: ArticleId, page: str, fragment: str = "") -> LinkView:
        """An article's headline, linked from the page in that folder, marked with its language."""
        return LinkView(
            self.title(article),
            self.href(article, page, fragment),
            self.marked(self.article_language(article)),
        )

    def href(self, article: ArticleId, page: str, fragment: str = "") -> str:
        """The link from the page in that folder to an article, or to a place in it."""
        return routes.relative(routes.article_url(article, self.paths, fragment), page)

    def address(self, path: str) -> str:
        """The full address of a path of the site; from the host's root if it has none set."""
        return routes.absolute(path, self.settings.site.url)

    def rooted(self, path: str) -> str:
        """A path of the site from the root of its host, for pages that are served at any depth.

        It names no host, so it is right where the same site is only looked at, too.
        """
        return routes.base(self.settings.site.url) + path

    def title(self, article: ArticleId) -> str:
        """The headline of an article."""
        return self.articles[article].article.meta.title

    def is_before(self, article: ArticleId, other: Edited) -> bool:
        """Whether an article was published before another, or when it was."""
        published = self.articles[article].article.meta.published
        return published <= other.article.meta.published

    def speaker(self, said: Said) -> Identity | None:
        """The entity that is named as the source of a statement, with or without a page.

        None for unnamed sources and documents, also if it is known who they are.
        """
        return self.identities.get(said.speaker) if said.speaker and is_named(said) else None

    def keeps_off(self, key: EntityKey) -> bool:
        """Whether the register keeps an entity off every page of its own, list and feed."""
        entity = self.identities.get(key)
        return bool(entity and entity.known and not entity.known.page)

    def tellable(self, text: str, *about: ArticleId) -> str:
        """A text if it may be read away from its report; empty if it names one who is kept off.

        Args:
            text: Plain words, or HTML.
            about: The reports that it is about: there a surname may be enough to name somebody.
        """
        reports = (None, *map(self.articles.__getitem__, about))
        return "" if any(self.protected.named_in(text, each) for each in reports) else text

    def remark(self, text: str, home: ArticleId, other: ArticleId, page: str) -> str:
        """What an editor says of two statements, on the page in that folder.

        On one of the reports' own pages it may name who is named there.
        """
        here = next((each for each in (home, other) if self.paths[each] == page), None)
        is_open = here is not None and bool(self.protected.hidden(self.articles[here]))
        return text if is_open else self.tellable(text, home, other)

    def words_away(self, article: ArticleId, said: Said) -> str:
        """The words of a statement as they may be shown away from its report."""
        return self.protected.words(self.articles[article], alone(said.statement))

    def meant(self, written: str) -> ArticleId | None:
        """The article that a `[[…]]` link means, by what stands between the brackets."""
        name = ArticleId(written.partition("#")[0])
        article = self.site.links.get(written) or self.site.links.get(name, name)
        return article if article in self.articles else None

    def headline(self, written: str) -> str:
        """The headline of the article that a `[[…]]` link means.

        One that is not published keeps its headline to itself. Of one that does not exist it is
        what is written.
        """
        article = self.meant(written)
        if article:
            return self.title(article)
        name = written.partition("#")[0]
        why = self.site.withheld.get(written) or self.site.withheld.get(name)
        return self.words(WITHHELD[why]) if why else written


def edition(  # noqa: PLR0913, PLR0917 - all comes together here
    site: Site,
    related: Mapping[ArticleId, tuple[Related, ...]],
    settings: Settings,
    root: Path,
    assets: Mapping[str, str],
    gallery: Gallery,
    *,
    memory: Memory | None = None,
) -> Edition:
    """Look up once what all pages need."""
    memory = memory or Memory()
    catalogue = Catalogue(root)
    words = catalogue.words(settings.site.language)
    identities = {key: entity.identity for key, entity in site.entities.items()}
    return Edition(
        site=site,
        settings=settings,
        catalogue=catalogue,
        words=words,
        language=settings.site.language,
        root=root,
        assets=assets,
        # A score shifts a little whenever any report does, and no page shows it.
        related={
            id_: tuple(replace(each, score=0.0) for each in found if each.shown)
            for id_, found in related.items()
        },
        articles={each.article.id: each for each in site.articles},
        paths={each.article.id: routes.article_path(each.article) for each in site.articles},
        sourcing={
            each.article.id: memory.recall(
                "sourcing", each.article.id, partial(sourcing, each, words), each, words.messages
            )
            for each in site.articles
        },
        running={article: story for story in site.stories for article in story.articles},
        lists=_lists(site),
        identities=identities,
        named={
            **{entity.name: entity for _, entity in sorted(identities.items(), reverse=True)},
            **{str(key): entity for key, entity in identities.items()},
        },
        protected=Protected(site.kept_off, site.unlisted, words("source.withheld")),
        namesakes=_namesakes(site),
        menu=sections.menu(site, settings, words),
        sections=sections.sections(site, settings, words),
        published={asset.path: asset for asset in site.assets},
        gallery=gallery,
        card=of_site(settings, gallery),
    )


def teaser(
    edition: Edition, article: ArticleId, page: str, *, lead: bool = False, kicker: bool = True
) -> TeaserView:
    """An article as it stands in a list on the page in that folder."""
    edited = edition.articles[article]
    meta = edited.article.meta
    return TeaserView(
        link=edition.report(article, page),
        day=edition.day(meta.published),
        summary=summary(edition, edited),
        byline=edition.words.listed(meta.authors),
        sourcing=edition.sourcing[article].text,
        kicker=kicker_of(edition, article, page) if kicker else None,
        image=picture(edition, edited.article, page) if lead else None,
    )


def kicker_of(edition: Edition, article: ArticleId, page: str) -> LinkView | None:
    """The running story of an article, or its first topic, as a link."""
    if story := edition.running.get(article):
        return LinkView(story.name, routes.relative(routes.list_path("stories", story.slug), page))
    topics = edition.articles[article].article.meta.topics
    return listing(edition, "topics", topics[0], page) if topics else None


def listing(edition: Edition, section: str, name: str, page: str) -> LinkView:
    """A topic or author by name, linked to its list if there is one."""
    path = routes.list_path(section, routes.slug(name))
    return LinkView(name, routes.relative(path, page) if path in edition.lists else "")


def entity_link(entity: Identity, page: str) -> LinkView:
    """An entity's name, linked to its page if it has one."""
    return LinkView(entity.name, routes.relative(entity.path, page) if entity.path else "")


def distinct_name(edition: Edition, entity: Identity) -> str:
    """An entity's name; with what it is behind it, if others have the same name."""
    known = entity.known
    if known is None or entity.name.casefold() not in edition.namesakes:
        return entity.name
    what = known.roles[-1].title if known.roles else known.description
    return f"{entity.name} ({clipped(what.rstrip('.'), 8)})" if what else entity.name


def summary(edition: Edition, edited: Edited) -> str:
    """The article's summary, or the first of its paragraphs that may stand in lists and feeds.

    One that names somebody whom the register keeps off lists (`page = false`) may not.
    """
    if edited.article.meta.summary:
        return edited.article.meta.summary
    kept_off = [each.span for each in edited.mentions if edition.keeps_off(each.entity)]
    kept_off += edition.protected.hidden(edited)
    paragraphs = (block.span for block in edited.prose.blocks if block.kind == "paragraph")
    first = next((span for span in paragraphs if not any(map(span.overlaps, kept_off))), None)
    text = words_shown(edited, (first,)) if first else ""
    if len(text) <= SUMMARY_LENGTH:
        return text
    return text[:SUMMARY_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:–—") + " …"


def picture(edition: Edition, article: Article, page: str) -> ImageView | None:
    """The picture above an article, with its size, so that nothing moves when it arrives."""
    meta = article.meta
    if not meta.image:
        return None
    src = resolver(edition, article, page)(meta.image)
    view = image_at(edition, src, page) or ImageView(src=src)
    return replace(view, alt=meta.image_alt, credit=meta.image_credit)


def image_at(edition: Edition, src: str, page: str) -> ImageView | None:
    """What is known of the picture that the page in that folder shows from there."""
    asset = edition.published.get(normpath(page + unquote(src)))
    found = edition.gallery.pictures.get(asset.source) if asset else None
    if found is None:
        return None
    return ImageView(
        src=src,
        width=found.width,
        height=found.height,
        formats=pictures.formats(found, page),
    )


def resolver(edition: Edition, article: Article, page: str) -> Callable[[str], str]:
    """What turns a link as written in an article into one that works on the page in that folder.

    Empty for a link to an article that is not published: readers see its words only.
    """

    def resolve(href: str) -> str:
        if href.startswith("article:"):
            written = href.removeprefix("article:")
            _, mark, fragment = written.partition("#")
            target = edition.meant(written)
            return edition.href(target, page) + mark + fragment if target else ""
        path = re.split(r"[?#]", href, maxsplit=1)[0]
        if not path or routes.has_scheme(href):
            return href
        return routes.relative(routes.beside(article, path) + href.removeprefix(path), page)

    return resolve


def _lists(site: Site) -> dict[str, bool]:
    found = (("topics", site.topics), ("authors", site.authors))
    return {routes.list_path(name, each.slug): True for name, lists in found for each in lists}


def _namesakes(site: Site) -> dict[str, bool]:
    often = Counter(entity.name.casefold() for entity in site.entities.values())
    return {name: True for name, count in often.items() if count > 1}
