"""A small site set by hand: articles whose annotations are given by their words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from builder import prose, routes
from builder.errors import Place
from builder.index import index
from builder.model import (
    Article,
    ArticleId,
    Asset,
    Content,
    Copy,
    Dispute,
    Edited,
    EntityHere,
    EntityKey,
    File,
    FrontMatter,
    Gallery,
    Known,
    Named,
    Noted,
    Notice,
    Page,
    Related,
    Said,
    Shared,
    Site,
    SourceDocument,
    Span,
    Spans,
    Statement,
)
from builder.render import render
from builder.render.templates import Templates
from builder.settings import MarkdownSettings, PeopleSettings, Settings, SiteSettings

SETTINGS = Settings(
    site=SiteSettings(
        title="The Norrhavn Tide",
        url="https://tide.example/news/",
        description="Reports from a harbour town that does not exist.",
        language="en-GB",
        notice="Every place and person here is **invented**.",
        publisher="Tide Press",
        licence="CC BY 4.0",
    ),
    people=PeopleSettings(pages=1),
)


def article(name: str, title: str, body: str, day: int = 20, **meta: Any) -> Article:
    """An article published on that day of November 2026."""
    published = dt.datetime(2026, 11, day, 8, 30, tzinfo=dt.UTC)
    return Article(
        ArticleId(name),
        Place(f"content/{name}.md", 1),
        FrontMatter(title=title, published=published, **meta),
        body,
    )


def spans(text: str, *passages: str) -> Spans:
    """Where the passages stand, one after the other."""
    found, at = [], 0
    for passage in passages:
        start = text.index(passage, at)
        at = start + len(passage)
        found.append(Span(start, at))
    return tuple(found)


def said(text: str, *content: str, by: str = "", name: str = "", **more: Any) -> Said:
    """A statement with that content; `by` is the speaker's key, `name` what notes call it."""
    fields = {
        key: spans(text, more.pop(key)) for key in ("addressee", "medium", "when") if key in more
    }
    form = more.pop("form", "direct")
    return Said(
        anchor=more.pop("anchor", routes.anchor("s", " ".join(content))),
        statement=Statement(content=spans(text, *content), form=form, **fields),
        speaker=EntityKey(by) if by else None,
        speaker_name=name,
        named=more.pop("named", bool(by)),
        **more,
    )


def edited(
    source: Article,
    entities: Mapping[str, EntityHere] | None = None,
    statements: Sequence[Said] = (),
    notes: Sequence[Noted] = (),
) -> Edited:
    """An article in which every occurrence of a name is a mention of its entity."""
    text = clean(source)
    mentions = [
        Named(span=Span(at, at + len(name)), entity=entity.key)
        for name, entity in (entities or {}).items()
        for at in range(len(text))
        if text.startswith(name, at)
    ]
    alone = [m for m in mentions if not any(o.span.contains(m.span) and o != m for o in mentions)]
    return Edited(
        article=source,
        prose=prose.parse(source, MarkdownSettings()).prose,
        entities=tuple({e.key: e for name, e in (entities or {}).items() if name in text}.values()),
        mentions=tuple(sorted(alone, key=lambda m: m.span)),
        statements=tuple(statements),
        notes=tuple(notes),
    )


def clean(source: Article) -> str:
    """The clean text of an article."""
    return prose.parse(source, MarkdownSettings()).prose.text


def here(key: str, name: str, kind: Any = "person", *calls: str, **more: Any) -> EntityHere:
    """An entity as an article knows it."""
    return EntityHere(
        key=EntityKey(key), name=name, kind=kind, names=(name,), descriptions=calls, **more
    )


def joined(
    articles: Sequence[Edited],
    settings: Settings = SETTINGS,
    register: Sequence[Known] = (),
    assets: Sequence[Asset] = (),
) -> Site:
    """All of them as one site."""
    content = Content(
        articles=tuple(each.article for each in articles),
        register=tuple(register),
        assets=tuple(assets),
    )
    links = {
        each.article.id: prose.parse(each.article, settings.markdown).links for each in articles
    }
    return index(articles, content, settings, links)


MARA = here("mara-lindqvist", "Mara Lindqvist", "person", "the project director")
HARBOUR = here(
    "harbour-authority",
    "Harbour Authority",
    "organisation",
    "the public body that owns the terminal",
)
BAY = here("kestrel-bay", "Kestrel Bay", "place")
TOMAS = here("tomas-oyen", "Tomas Øyen", "person", "a shop steward")
NAMES = {
    "Mara Lindqvist": MARA,
    "Lindqvist": MARA,
    "Harbour Authority": HARBOUR,
    "Kestrel Bay": BAY,
    "Tomas Øyen": TOMAS,
}
REGISTER = (
    Known(
        key="harbour-authority",
        name="Harbour Authority",
        kind="organisation",
        description="Public body that owns the ferry terminal",
    ),
)

FERRY = """The new ferry terminal at Kestrel Bay will open a year late, the Harbour Authority said on Friday.

“We were told in June that the piles would not hold,” said Mara Lindqvist, the project director. “I asked the Harbour Authority to stop work that week.”

## What the minutes say

Board minutes show that no such request was recorded. Lindqvist told the Courier on Saturday that she stood by her account.

A senior official, who asked not to be named because the inquiry is open, said the board “knew by July”. See [[strike]].
"""
STRIKE = """Dockers at Kestrel Bay walked out on Monday.

“Nobody asked us,” said Tomas Øyen, a shop steward. The Harbour Authority declined to comment.
"""


def example() -> Site:
    """Two reports of one story, with everything that a note can say."""
    ferry = article(
        "2026/ferry",
        "Ferry terminal delayed again",
        FERRY,
        summary="The new quay will open a year late, and nobody agrees on who knew.",
        authors=("Ines Okafor",),
        topics=("Ports",),
        story="The late terminal",
        dateline="Kestrel Bay",
        aliases=("/old/ferry/",),
        documents=(
            SourceDocument(
                id="minutes",
                title="Board minutes",
                link="https://docs.example/minutes.pdf",
                page="4",
            ),
        ),
        notices=(
            Notice(date=dt.date(2026, 11, 21), text="An earlier version gave the *wrong* month."),
        ),
    )
    text = clean(ferry)
    asked = "“I asked the Harbour Authority to stop work that week.”"
    no_request = "that no such request was recorded"
    ferry_edited = edited(
        ferry,
        NAMES,
        (
            said(
                text,
                "The new ferry terminal at Kestrel Bay will open a year late",
                by="harbour-authority",
                name="Harbour Authority",
                form="indirect",
                when="on Friday",
            ),
            said(
                text,
                "“We were told in June that the piles would not hold,”",
                by="mara-lindqvist",
                name="Mara Lindqvist",
                role="project director",
            ),
            said(
                text,
                asked,
                by="mara-lindqvist",
                name="Mara Lindqvist",
                role="project director",
                checked_by="I. Okafor",
                checked_on=dt.date(2026, 11, 20),
                notes=("She showed us the *letter*.",),
                disputes=(
                    Dispute(
                        article=ferry.id,
                        anchor=routes.anchor("s", no_request),
                        disputes=False,
                        note="the minutes carry no request",
                    ),
                ),
            ),
            said(
                text,
                no_request,
                name="Board minutes",
                document="minutes",
                form="indirect",
                disputes=(
                    Dispute(article=ferry.id, anchor=routes.anchor("s", asked), disputes=True),
                ),
            ),
            said(
                text,
                "that she stood by her account",
                by="mara-lindqvist",
                name="Mara Lindqvist",
                form="indirect",
                addressee="the Courier",
                when="on Saturday",
            ),
            said(
                text,
                "the board “knew by July”",
                name="a senior official",
                named=False,
                form="mixed",
                why_unnamed="because the inquiry is open",
            ),
        ),
    )
    strike = article(
        "2026/strike",
        "Dockers walk out",
        STRIKE,
        17,
        story="The late terminal",
        topics=("Ports", "Work"),
        authors=("Ines Okafor", "Jon Ek"),
    )
    strike_text = clean(strike)
    strike_edited = edited(
        strike,
        NAMES,
        (
            said(
                strike_text,
                "“Nobody asked us,”",
                by="tomas-oyen",
                name="Tomas Øyen",
                role="shop steward",
            ),
        ),
    )
    return joined((ferry_edited, strike_edited), register=REGISTER)


def nested() -> Site:
    """One report with a statement inside another, and a footnote in that."""
    source = article(
        "nested",
        "A ruin",
        "Mara Lindqvist said that Tomas Øyen had called it “a ruin” in May[^1] and would sue.\n"
        "\n[^1]: In a letter.\n",
    )
    text = clean(source)
    outer = "that Tomas Øyen had called it “a ruin” in May and would sue"
    statements = (
        said(text, outer, by="mara-lindqvist", name="Mara Lindqvist", form="indirect"),
        said(text, "“a ruin”", by="tomas-oyen", name="Tomas Øyen"),
    )
    return joined([edited(source, NAMES, statements)])


def endless() -> Site:
    """One report in which every name and word that can be long is ten thousand letters long."""
    name = "x" * 10_000
    source = article(
        "endless",
        name,
        f"“{name},” said {name}.",
        summary=name,
        authors=(name,),
        topics=(name,),
        story=name,
        outlet=name,
        dateline=name,
    )
    text = clean(source)
    names = {name: here("endless", name, "person", name)}
    statement = said(text, f"“{name},”", by="endless", name=name, role=name, addressee=name)
    return joined([edited(source, names, [statement])])


RELATED = {
    ArticleId("2026/ferry"): (
        Related(
            article=ArticleId("2026/strike"),
            score=0.6,
            shared=Shared(entities=(EntityKey("kestrel-bay"), EntityKey("harbour-authority"))),
            shown=True,
        ),
    )
}
NOWHERE = Path("/nonexistent")


def published(
    site: Site,
    settings: Settings = SETTINGS,
    related: Mapping[ArticleId, Sequence[Related]] = RELATED,
    root: Path = NOWHERE,
    gallery: Gallery | None = None,
) -> dict[str, str]:
    """Every text file of the site, by path; a copied file is empty."""
    templates = Templates(root)
    files: dict[str, str] = {}
    for output in render(site, related, settings, root, gallery):
        assert output.path not in files
        match output:
            case Page():
                files[output.path] = templates.render(output).decode()
            case File():
                files[output.path] = output.data.decode()
            case Copy():
                files[output.path] = ""
    return files


def write(site: Site, settings: Settings, folder: Path) -> None:
    """Write a site's pages and files into a folder, with the theme as it comes."""
    templates = Templates(NOWHERE)
    for output in render(site, RELATED, settings, NOWHERE):
        path = folder / output.path
        path.parent.mkdir(parents=True, exist_ok=True)
        match output:
            case Page():
                path.write_bytes(templates.render(output))
            case File():
                path.write_bytes(output.data)
