"""One value that somebody wrote: what it is, what is wrong with it, and how to call it."""

from __future__ import annotations

import datetime as dt
import ipaddress
import math
import re
import unicodedata
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct, inspect

from builder import routes
from builder.written import Plain

SCHEMES = frozenset({"http", "https", "mailto"})

WRONG = object()
"""What `convert` gives back for a value of the wrong type."""


class Fault(Struct, frozen=True):
    """What is wrong with a value that has the right type."""

    code: str
    message: str
    hint: str


def convert(info: inspect.Type, value: Any, zone: dt.tzinfo) -> Any:
    """The value as the wanted type, or `WRONG`; `Plain` text is read as what is wanted."""
    match info:
        case inspect.UnionType(types=types):
            found = (convert(kind, value, zone) for kind in sorted(types, key=_strictness))
            return next((one for one in found if one is not WRONG), WRONG)
        case inspect.StrType():
            return str(value) if isinstance(value, str) else WRONG
        case inspect.BoolType():
            if isinstance(value, Plain):
                return truth(value, WRONG)
            return value if isinstance(value, bool) else WRONG
        case inspect.IntType():
            if isinstance(value, Plain) and re.fullmatch(r"[-+]?[0-9]{1,18}", value):
                return int(value)
            return value if type(value) is int else WRONG
        case inspect.FloatType():
            if isinstance(value, Plain) and re.fullmatch(r"[-+]?[0-9]*\.?[0-9]+", value):
                return float(value)
            return float(value) if type(value) in {int, float} and math.isfinite(value) else WRONG
        case inspect.LiteralType(values=values):
            return str(value) if isinstance(value, str) and value in values else WRONG
        case inspect.DateType():
            moment = _moment(value, zone)
            return WRONG if moment is None else moment.date()
        case inspect.DateTimeType():
            moment = _moment(value, zone)
            return WRONG if moment is None else moment
        case _:
            return WRONG


_BOOLS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def _strictness(info: inspect.Type) -> int:
    """Numbers before texts, so that YAML's `workers: 2` is a number."""
    return 1 if isinstance(info, inspect.StrType) else 0


def _moment(value: Any, zone: dt.tzinfo) -> dt.datetime | None:
    """A date or time as a time on the site's clock, or None if it is neither.

    So its day and month are those that readers see, wherever they are asked for.
    """
    value = as_written(value)
    if isinstance(value, dt.datetime):
        return value.astimezone(zone) if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time(), zone)
    return None


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
    return Fault("bad-link", f"{shown(text)} {reason}", "write the whole address: https://…")


def link_or_path(text: str) -> Fault | None:
    """What is wrong with a link that may also be a path of this site: `/topics/`, `minutes.pdf`."""
    if routes.has_scheme(text.strip()) or text.strip().startswith("\\"):
        return link(text)
    if text and not re.search(r"[\s\\<>\"]", text):
        return None
    message = f"{shown(text)} is no path of the site"
    return Fault("bad-link", message, "write /topics/, a file's name, or https://…")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, so that nothing goes over a network.

    Of names only `localhost` is: any other may be made to lead here.
    """
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.rstrip(".").lower() == "localhost"


def language(tag: str) -> Fault | None:
    """What is wrong with a language tag (BCP 47, as far as a page needs it)."""
    if not tag or re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag):
        return None
    return Fault("bad-language", f"{shown(tag)} is not a language tag", "write en, en-GB, de …")


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
    """The name of the first control character of a text that is no tab or line end, or nothing.

    Half a character (a surrogate, which YAML lets in) counts as one: no file can hold it.
    """
    match = re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", text)
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


def wanted(info: inspect.Type) -> str:
    """What a type is called in a message: `a whole number`."""
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
                wanted(kind) for kind in types if not isinstance(kind, inspect.NoneType)
            )
        case _:
            return "a table"


def shown(value: Any) -> str:
    """A value as a message can show it: printable, and not longer than a line."""
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
