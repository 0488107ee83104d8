"""Checks what people wrote against a record, key by key, and says at which line it is wrong."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

from msgspec import Struct, inspect

from builder.errors import Problem, Problems
from builder.toml_lines import KeyPath
from builder.written import Plain, Written

T = TypeVar("T", bound=Struct)

SHORT_LIMIT = 200
"""Characters of a name or title."""
SHORT = frozenset(
    [
        "aliases",
        "author",
        "authors",
        "dateline",
        "entity",
        "id",
        "into",
        "key",
        "name",
        "organisation",
        "outlet",
        "publisher",
        "slug",
        "speaker",
        "story",
        "title",
        "topics",
    ]
)
"""Keys whose texts are names or titles: one line, limited in length, white space made single."""
SCHEMES = frozenset({"http", "https", "mailto"})


class Fault(Struct, frozen=True):
    """What is wrong with a value that has the right type."""

    code: str
    message: str
    hint: str


Checks = Mapping[tuple[type[Struct], str], Callable[[Any], Fault | None]]
"""By record and field: what to ask of the value, or of each item of a list."""

_WRONG = object()


def record(
    kind: type[T],
    written: Written,
    problems: Problems,
    *,
    zone: dt.tzinfo = dt.UTC,
    checks: Checks | None = None,
) -> T | None:
    """The record that a table describes, or None after every mistake in it went to `problems`.

    Dates may be dates, local times or times with an offset, in quotation marks or not: midnight
    and `zone` fill what is missing. One text stands for a list of one. Names and titles (`SHORT`)
    lose white space at their ends; what is null in YAML counts as not given.

    Args:
        kind: The record; keys are its fields in kebab-case.
        written: Where the table stands.
        problems: Takes the mistakes.
        zone: The site's time zone.
        checks: What types cannot say.
    """
    reader = _Reader(written, problems, zone, checks or {})
    value = reader.value(_shape(kind), written.data, ())
    return None if value is _WRONG else value


def near(word: str, words: Iterable[str]) -> str:
    """The hint `did you mean …?` for a word that is not among `words`, or what there is."""
    known = sorted(set(words))
    match = get_close_matches(word.lower().replace("_", "-"), known, n=1, cutoff=0.6)
    if match:
        return f"did you mean {match[0]}?"
    return f"known here: {', '.join(known)}" if known else ""


def link(text: str) -> Fault | None:
    """What is wrong with a link to elsewhere: only whole http, https and mailto links are taken."""
    reason = ""
    try:
        parts = urlsplit(text)
    except ValueError:
        reason = "is no address"
    else:
        scheme = parts.scheme.lower()
        if scheme not in SCHEMES:
            reason = "is not an http, https or mailto link"
        elif not (parts.path if scheme == "mailto" else parts.hostname):
            reason = "is no whole address"
        elif re.search(r"[\s\\<>\"]", text):
            reason = "holds a character that no address has"
    if not reason:
        return None
    return Fault("bad-link", f"{_shown(text)} {reason}", "write the whole address: https://…")


def link_or_path(text: str) -> Fault | None:
    """What is wrong with a link that may also be a path of this site: `/topics/`, `minutes.pdf`."""
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\\", text.strip()):
        return link(text)
    if text and not re.search(r"[\s\\<>\"]", text):
        return None
    message = f"{_shown(text)} is no path of the site"
    return Fault("bad-link", message, "write /topics/, a file's name, or https://…")


def language(tag: str) -> Fault | None:
    """What is wrong with a language tag (BCP 47, as far as a page needs it)."""
    if not tag or re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag):
        return None
    return Fault("bad-language", f"{_shown(tag)} is not a language tag", "write en, en-GB, de …")


def truth(value: Any, otherwise: Any) -> Any:
    """What a value says if it says yes or no."""
    return value if isinstance(value, bool) else _BOOLS.get(str(value).lower(), otherwise)


def within(least: float, most: float) -> Callable[[Any], Fault | None]:
    """A check that numbers lie between two others; texts pass."""

    def check(value: Any) -> Fault | None:
        if isinstance(value, str) or least <= value <= most:
            return None
        return Fault("out-of-range", f"{value} is out of range", f"from {least:,} to {most:,}")

    return check


def control_character(text: str) -> str:
    """The name of the first control character of a text that is no tab or line end, or nothing."""
    match = re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", text)
    return f"U+{ord(match[0]):04X}" if match else ""


def as_written(value: Any) -> dt.date | None:
    """A date or time, also one in quotation marks, with no more than it says; None for others."""
    if isinstance(value, str):
        text = re.sub(
            r"\s+(Z|[-+]\d\d(?::?\d\d)?)$", r"\1", unicodedata.normalize("NFKC", value).strip()
        )
        if not re.match(r"\d{4}-\d\d-\d\d", text):
            return None
        try:
            value = (dt.date if len(text) == 10 else dt.datetime).fromisoformat(text)
        except ValueError:
            return None
    if isinstance(value, dt.date) and 1000 <= value.year <= 9998:
        return value
    return None  # nearer to the ends of the calendar, time zones leave it


class _Reader(Struct):
    """One table on its way to a record."""

    written: Written
    problems: Problems
    zone: dt.tzinfo
    checks: Checks

    def value(self, info: inspect.Type, value: Any, at: KeyPath) -> Any:
        """A value of the wanted type, or `_WRONG` after the mistake was noted."""
        match info:
            case inspect.StructType():
                return self.table(info, value, at)
            case inspect.VarTupleType(item_type=item):
                return self.items(item, value, at)
            case inspect.UnionType(types=types) if _tagged(types):
                return self.tagged(
                    [t for t in types if isinstance(t, inspect.StructType)], value, at
                )
            case _:
                return self.scalar(info, value, at)

    def table(self, info: inspect.StructType, data: Any, at: KeyPath) -> Any:
        if not isinstance(data, dict):
            return self.wrong(info, data, at)
        fields = {field.encode_name: field for field in info.fields}
        sound = True
        for key in data:
            if key not in fields and key != info.tag_field:
                sound = False
                self.note(
                    (*at, key), "unknown-key", f"nothing is called {key} here", near(key, fields)
                )
        values: dict[str, Any] = {}
        for name, field in fields.items():
            given = data.get(name)
            if given is None or (field.required and isinstance(given, str) and not given.strip()):
                if field.required:
                    sound = False
                    self.missing((*at, name) if name in data else at, name)
                continue
            value = self.value(field.type, given, (*at, name))
            check = self.checks.get((info.cls, field.name))
            if (
                check
                and value is not _WRONG
                and value != ""
                and not self.passes(check, value, (*at, name))
            ):
                value = _WRONG
            sound = sound and value is not _WRONG
            values[field.name] = value
        return info.cls(**values) if sound else _WRONG

    def items(self, info: inspect.Type, value: Any, at: KeyPath) -> Any:
        if isinstance(value, str) and not isinstance(info, inspect.StructType):
            value = [value]
        if not isinstance(value, list):
            return self.wrong(inspect.VarTupleType(info), value, at)
        items = tuple(self.value(info, item, (*at, number)) for number, item in enumerate(value))
        if any(item is _WRONG for item in items):
            return _WRONG
        return items if isinstance(info, inspect.StructType) else tuple(filter(_given, items))

    def tagged(self, kinds: Sequence[inspect.StructType], value: Any, at: KeyPath) -> Any:
        if not isinstance(value, dict):
            return self.wrong(kinds[0], value, at)
        field = str(kinds[0].tag_field)
        by_tag = {str(kind.tag): kind for kind in kinds}
        tag = value.get(field)
        if tag is None:
            self.note(at, "missing-key", f"{field} is missing", f"one of {', '.join(by_tag)}")
            return _WRONG
        if tag not in by_tag:
            self.note(
                (*at, field),
                "bad-value",
                f"{field} cannot be {_shown(tag)}",
                near(str(tag), by_tag),
            )
            return _WRONG
        return self.table(by_tag[tag], value, at)

    def scalar(self, info: inspect.Type, value: Any, at: KeyPath) -> Any:
        result = _scalar(info, value, self.zone)
        if result is _WRONG:
            return self.wrong(info, value, at)
        return self.text(result, at) if type(result) is str else result

    def passes(self, check: Callable[[Any], Fault | None], value: Any, at: KeyPath) -> bool:
        if isinstance(value, tuple):
            oks = [self.passes(check, item, (*at, number)) for number, item in enumerate(value)]
            return all(oks)
        fault = check(value)
        if fault:
            self.note(at, fault.code, fault.message, fault.hint)
        return fault is None

    def text(self, text: str, at: KeyPath) -> Any:
        name = next(str(key) for key in reversed(at) if isinstance(key, str))
        sign = control_character(text)
        if sign:
            self.note(
                at, "control-character", f"{name} holds the control character {sign}", "delete it"
            )
            return _WRONG
        if name in SHORT:
            text = " ".join(re.split(r"[ \t\n]+", text.strip()))
            if len(text) > SHORT_LIMIT:
                self.note(
                    at,
                    "too-long",
                    f"{name} has {len(text):,} characters",
                    f"at most {SHORT_LIMIT} are allowed",
                )
                return _WRONG
        return text

    def missing(self, at: KeyPath, name: str) -> None:
        code = (
            f"missing-{name}" if name in {"title", "published"} and len(at) <= 1 else "missing-key"
        )
        example = "2026-11-24" if name == "published" else "“…”"
        hint = f"add a line {name}{self.written.sign} {example}"
        self.note(at, code, f"{name} is missing", hint.translate({0x201C: '"', 0x201D: '"'}))

    def wrong(self, info: inspect.Type, value: Any, at: KeyPath) -> Any:
        name = next((str(key) for key in reversed(at) if isinstance(key, str)), "this")
        wanted = _wanted(info)
        message = f"{name} should be {wanted}, not {_shown(value)}"
        match info:
            case inspect.LiteralType(values=values) if isinstance(value, str):
                hint = near(value, map(str, values))
                self.note(at, "bad-value", f"{name} cannot be {_shown(value)}", hint)
            case inspect.DateType() | inspect.DateTimeType():
                self.note(at, "bad-date", message, "write year, month and day: 2026-11-24")
            case _:
                self.note(at, "wrong-type", message, _type_hint(info, value, name))
        return _WRONG

    def note(self, at: KeyPath, code: str, message: str, hint: str) -> None:
        place = self.written.place(at)
        self.problems.add(Problem(place=place, code=code, message=message, hint=hint))


@cache
def _shape(kind: type[Struct]) -> inspect.Type:
    return inspect.type_info(kind)


def _tagged(types: Iterable[inspect.Type]) -> bool:
    return any(isinstance(kind, inspect.StructType) for kind in types)


def _given(item: object) -> bool:
    return bool(item != "")


def _scalar(info: inspect.Type, value: Any, zone: dt.tzinfo) -> Any:
    """The value as the wanted type, or `_WRONG`; `Plain` text is read as what is wanted."""
    match info:
        case inspect.UnionType(types=types):
            found = (_scalar(kind, value, zone) for kind in sorted(types, key=_strictness))
            return next((one for one in found if one is not _WRONG), _WRONG)
        case inspect.StrType():
            return str(value) if isinstance(value, str) else _WRONG
        case inspect.BoolType():
            if isinstance(value, Plain):
                return truth(value, _WRONG)
            return value if isinstance(value, bool) else _WRONG
        case inspect.IntType():
            if isinstance(value, Plain) and re.fullmatch(r"[-+]?[0-9]{1,18}", value):
                return int(value)
            return value if type(value) is int else _WRONG
        case inspect.FloatType():
            if isinstance(value, Plain) and re.fullmatch(r"[-+]?[0-9]*\.?[0-9]+", value):
                return float(value)
            return float(value) if type(value) in {int, float} and math.isfinite(value) else _WRONG
        case inspect.LiteralType(values=values):
            return str(value) if isinstance(value, str) and value in values else _WRONG
        case inspect.DateType():
            moment = _moment(value, zone)
            return _WRONG if moment is None else moment.date()
        case inspect.DateTimeType():
            moment = _moment(value, zone)
            return _WRONG if moment is None else moment
        case _:
            return _WRONG


_BOOLS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def _strictness(info: inspect.Type) -> int:
    """Numbers before texts, so that YAML's `workers: 2` is a number."""
    return 1 if isinstance(info, inspect.StrType) else 0


def _moment(value: Any, zone: dt.tzinfo) -> dt.datetime | None:
    """A date or time as a time with an offset, or None if it is neither."""
    value = as_written(value)
    if isinstance(value, dt.datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time(), zone)
    return None


def _wanted(info: inspect.Type) -> str:
    match info:
        case inspect.StrType():
            return "text"
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType():
            return "a whole number"
        case inspect.FloatType():
            return "a number"
        case inspect.DateType():
            return "a date"
        case inspect.DateTimeType():
            return "a date or time"
        case inspect.LiteralType(values=values):
            return " or ".join(map(str, values))
        case inspect.VarTupleType(item_type=inspect.StructType()):
            return "a list of tables"
        case inspect.VarTupleType():
            return "a list of texts"
        case inspect.UnionType(types=types):
            return " or ".join(
                _wanted(kind) for kind in types if not isinstance(kind, inspect.NoneType)
            )
        case _:
            return "a table"


def _type_hint(info: inspect.Type, value: Any, name: str) -> str:
    match info:
        case inspect.StrType() if not isinstance(value, dict | list):
            return f'put it in quotation marks: {name} = "{value}"'
        case inspect.StructType() if (
            isinstance(value, str) and "exact" in info.cls.__struct_fields__
        ):
            return f'write {name} = {{ exact = "…" }}'
        case inspect.VarTupleType(item_type=inspect.StructType()):
            return f"begin each one with a line [[{name}]]"
        case inspect.VarTupleType():
            return f'write {name} = ["…", "…"]'
        case _:
            return ""


def _shown(value: Any) -> str:
    match value:
        case dict():
            return "a table"
        case list():
            return "a list"
        case bool():
            return str(value).lower()
        case str():
            plain = "".join(c if c.isprintable() else "�" for c in value)
            return f"“{plain[:60]}…”" if len(plain) > 60 else f"“{plain}”"
        case _:
            return str(value)
