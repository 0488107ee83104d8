"""The words of the interface: a catalogue for each language, and numbers, lists and dates in it.

A catalogue is a file of `templates/i18n/` named by its language: `de.toml`. The theme has some; a
site's own files add languages, and words of its own to those that are there. A message is written
with {names} of what is put in. Where a number decides the form of a word, the message is a table
with a text for each plural form of the language, called as Unicode CLDR calls them.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from msgspec import json

from builder import written
from builder.errors import Problem, Problems
from builder.schema import near
from builder.written import Written

FOLDER = "i18n"
"""Of the templates, where the catalogues are."""
SOURCE = "en"
"""The language that has every word, and speaks where another has none."""
FORMS = ("zero", "one", "two", "few", "many", "other")
"""What Unicode CLDR calls the plural forms of all languages; `other` always exists."""

Message = str | Mapping[str, str]
"""A text, or one for each plural form."""


def theme() -> Path:
    """The folder of the default theme: in the package, or beside it in a checkout."""
    package = Path(__file__).parents[1]
    packed = package / "theme"
    return packed if packed.is_dir() else package.parent / "templates"


class Words:
    """The words of one language, with its numbers, lists and dates."""

    def __init__(self, tag: str, messages: Mapping[str, Message]) -> None:
        """`tag` is the language, `en-GB`; `messages` are all there are, by key."""
        self.tag = tag
        self.messages = messages
        self.locale = locale_of(tag)
        # The same few are asked for on every page.
        self._counts: dict[tuple[str, int], str] = {}

    def __call__(self, key: str, count: int | None = None, /, **values: object) -> str:
        """A message, with the form that a number asks for if there is one.

        Raises:
            KeyError: There is no such message, or a value for one of its names is missing.
        """
        if count is None:
            return _filled(self.text(key), values)
        if values:
            return _filled(self.text(key, count), {**values, "count": self.number(count)})
        told = self._counts.get((key, count))
        if told is None:
            told = _filled(self.text(key, count), {"count": self.number(count)})
            self._counts[key, count] = told
        return told

    def text(self, key: str, count: int | None = None) -> str:
        """A message before anything is put in."""
        message = self.messages[key]
        if isinstance(message, str):
            return message
        form = self.locale.plural_form(0 if count is None else count)
        return message.get(form, message["other"])

    def forms(self, key: str) -> str:
        """All plural forms of a message as JSON, for a script that counts."""
        message = self.messages[key]
        told = {"other": message} if isinstance(message, str) else dict(message)
        return json.encode(told).decode()

    def number(self, number: int) -> str:
        """`1,204`; in German `1.204`. In the digits of the notes' numbers, in every language."""
        # Most numbers are small, and Babel takes its time.
        return str(number) if 0 <= number < 1000 else format_decimal(number, locale=self.locale)

    def percent(self, share: float) -> str:
        """A share of one, with one digit behind the point: `12.5%`; in German `12,5 %`."""
        pattern = self.locale.percent_formats[None].pattern.replace("#,##0", "#,##0.0")
        return format_percent(share, pattern, self.locale)

    def listed(self, names: Sequence[str]) -> str:
        """`Ana, Bo and Cy`; in German `Ana, Bo und Cy`."""
        return format_list(list(names), locale=self.locale) if len(names) > 1 else "".join(names)

    def commas(self, parts: Iterable[str]) -> str:
        """What is not empty of some parts, with commas between."""
        return self("sign.comma").join(part for part in parts if part)

    def quoted(self, text: str) -> str:
        """A text in the language's quotation marks."""
        return self("sign.quote", text=text)

    def day(self, date: dt.date) -> str:
        """A date in words: `20 November 2026`."""
        return _day(date, self.locale)

    def short_day(self, date: dt.date) -> str:
        """A date in few letters: `20 Nov 2026`."""
        return format_skeleton("yMMMd", date, locale=self.locale)

    def short_month(self, date: dt.date, *, year: bool = True) -> str:
        """A month in few letters: `Nov 2026`."""
        return format_skeleton("yMMM" if year else "MMM", date, locale=self.locale)

    def month(self, date: dt.date) -> str:
        """A month in words: `November 2026`."""
        return format_skeleton("yMMMM", date, locale=self.locale)

    def days(self, first: dt.date, last: dt.date) -> str:
        """`16 July 2026 to 11 November 2026`; one day only if both are the same."""
        one, other = self.day(first), self.day(last)
        return one if one == other else self("date.span", first=one, last=other)


def _filled(text: str, values: Mapping[str, object]) -> str:
    return text.format_map(values) if "{" in text else text


class Catalogue:
    """All words of a site: those of the theme, and its own over them."""

    def __init__(self, root: Path) -> None:
        """`root` is the site's folder; its `templates/i18n/` need not exist."""
        self._folders = (theme() / FOLDER, root / "templates" / FOLDER)
        self._kept: dict[str, Words] = {}

    def words(self, tag: str, otherwise: Words | None = None) -> Words:
        """The words of a language.

        Of `de-AT` they are those of its own catalogue, then of German. Words that are in neither
        are English.

        Args:
            tag: The language, `de-AT`.
            otherwise: Taken where the language has no catalogue at all; English without it.
        """
        if tag not in self._kept:
            found = self._own(tag)
            if not found and otherwise is not None:
                return otherwise
            english = _flat(_loaded(self._folders[0] / f"{SOURCE}.toml"))
            self._kept[tag] = Words(tag if found else SOURCE, {**english, **found})
        return self._kept[tag]

    def speaks(self, tag: str) -> bool:
        """Whether a language has a catalogue."""
        return bool(self._own(tag))

    def _own(self, tag: str) -> dict[str, Message]:
        found: dict[str, Message] = {}
        if not re.fullmatch(r"[A-Za-z0-9-]+", tag):
            return found
        for language in dict.fromkeys((tag.partition("-")[0].lower(), tag)):
            for folder in self._folders:
                found.update(_flat(_loaded(folder / f"{language}.toml")))
        return found

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the site's own catalogues."""
        problems = Problems()
        if self._folders[0] == self._folders[1]:
            return ()
        english = _flat(_loaded(self._folders[0] / f"{SOURCE}.toml"))
        for file in sorted(self._folders[1].glob("*.toml")):
            path = f"templates/{FOLDER}/{file.name}"
            with problems.catch():
                given = written.from_toml(written.decode(file.read_bytes(), path), path, problems)
                problems.extend(_mistakes(given, english))
        return tuple(problems.found)


@lru_cache(maxsize=64)
def locale_of(tag: str) -> Locale:
    """What Unicode CLDR knows of a language; of one that it does not know, what it has of English.

    Args:
        tag: The language, `de-AT`.
    """
    for part in (tag, tag.partition("-")[0]):
        try:
            return Locale.parse(part, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
    return Locale.parse(SOURCE)


def direction(tag: str) -> str:
    """Which way a language is written: `ltr` or `rtl`."""
    return locale_of(tag).text_direction


@lru_cache(maxsize=1)
def english() -> Words:
    """The theme's own English words."""
    return Catalogue(Path()).words(SOURCE)


def names_in(message: Message) -> set[str]:
    """The {names} of a message.

    Raises:
        ValueError: A brace stands alone.
    """
    texts = (message,) if isinstance(message, str) else message.values()
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name is not None}


@lru_cache(maxsize=4096)
def _day(date: dt.date, locale: Locale) -> str:
    return format_date(date, format="long", locale=locale)


def _loaded(file: Path) -> dict[str, Any]:
    """A catalogue as it is written; empty if there is none, or if it is none."""
    try:
        return _parsed(file.read_bytes())
    except OSError:
        return {}


@lru_cache(maxsize=32)
def _parsed(data: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except ValueError:
        return {}


def _flat(tables: Mapping[str, Any]) -> dict[str, Message]:
    """The messages of a catalogue by `group.name`; what is none is left out."""
    return {
        f"{group}.{name}": message
        for group, messages in tables.items()
        if isinstance(messages, dict)
        for name, message in messages.items()
        if isinstance(message, str) or _is_plural(message)
    }


def _is_plural(message: object) -> bool:
    return (
        isinstance(message, dict)
        and "other" in message
        and all(isinstance(text, str) for text in message.values())
    )


def _mistakes(given: Written, english: Mapping[str, Message]) -> Iterator[Problem]:
    """Messages that nobody asks for, or that do not hold what is put in."""
    for group, messages in given.data.items():
        for name, message in messages.items() if isinstance(messages, dict) else ():
            key, place = f"{group}.{name}", given.place((group, name))
            if key not in english:
                yield Problem(
                    place=place,
                    code="unknown-message",
                    message=f"no page has a message called {key}",
                    hint=near(key, english),
                )
            elif message != written.BROKEN and (fault := _fault(message, english[key])):
                yield Problem(place=place, code="bad-message", message=fault, hint=_shown(key))
        if not isinstance(messages, dict):
            yield Problem(
                place=given.place((group,)),
                code="unknown-message",
                message=f"no page has a message called {group}",
                hint="messages stand in tables, as in the theme’s en.toml",
            )


def _shown(key: str) -> str:
    message = english().messages[key]
    return f"in English it is “{message if isinstance(message, str) else message['other']}”"


def _fault(message: object, source: Message) -> str:
    """What is wrong with a translation of a message."""
    if isinstance(message, str) and not isinstance(source, str):
        return "this message needs a text for each plural form"
    if isinstance(source, str) and not isinstance(message, str):
        return "this message is one text"
    if not isinstance(message, str) and not _is_plural(message):
        return "of the plural forms of this message, other is missing"
    if isinstance(message, dict) and (strange := sorted(message.keys() - set(FORMS))):
        return f"no plural form is called {strange[0]}"
    texts = message.values() if isinstance(message, dict) else (message,)
    try:
        pieces = [piece for text in texts for piece in Formatter().parse(str(text))]
    except ValueError:
        return "a brace stands alone in this message"
    if plus := next((name for _, name, spec, how in pieces if spec or how), ""):
        return f"only a name may stand between braces: {{{plus}}}"
    named = {name for _, name, _, _ in pieces if name is not None}
    strange = sorted(named - names_in(source))
    return f"nothing is put in for {{{strange[0]}}} here" if strange else ""
