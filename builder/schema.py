"""Checks what people wrote against a record, key by key, and says at which line it is wrong."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any, TypeVar

from msgspec import Struct, inspect

from builder.errors import Problem, Problems
from builder.toml_lines import KeyPath
from builder.value import WRONG, Fault, control_character, convert, shown, wanted
from builder.written import BROKEN, Written

T = TypeVar("T", bound=Struct)

SHORT_LIMIT = 200
"""Characters of a name or title."""
SHORT = frozenset(
    {"aliases", "author", "authors", "dateline", "entity", "id", "into", "key", "name"}
    | {"organisation", "outlet", "publisher", "slug", "speaker", "story", "title", "topics"}
)
"""Keys whose texts are names or titles: one line, limited in length, white space made single."""

Checks = Mapping[tuple[type[Struct], str], Callable[[Any], Fault | None]]
"""By record and field: what to ask of the value, or of each item of a list."""


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
    return None if value is WRONG else value


def near(word: str, words: Iterable[str]) -> str:
    """The hint `did you mean …?` for a word that is not among `words`, or what there is."""
    known = sorted(set(words))
    match = get_close_matches(word.lower().replace("_", "-"), known, n=1, cutoff=0.6)
    if match:
        return f"did you mean {match[0]}?"
    return f"known here: {', '.join(known)}" if known else ""


class _Reader(Struct):
    """One table on its way to a record."""

    written: Written
    problems: Problems
    zone: dt.tzinfo
    checks: Checks

    def value(self, info: inspect.Type, value: Any, at: KeyPath) -> Any:
        """A value of the wanted type, or `WRONG` after the mistake was noted."""
        if value == BROKEN:
            return WRONG
        match info:
            case inspect.UnionType(types=(wanted, inspect.NoneType())):
                return self.value(wanted, value, at)
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
                    self.missing((*at, name) if name in data else at, field)
                continue
            value = self.value(field.type, given, (*at, name))
            check = self.checks.get((info.cls, field.name))
            if (
                check
                and value is not WRONG
                and value != ""
                and not self.passes(check, value, (*at, name))
            ):
                value = WRONG
            sound = sound and value is not WRONG
            values[field.name] = value
        return info.cls(**values) if sound else WRONG

    def items(self, info: inspect.Type, value: Any, at: KeyPath) -> Any:
        if isinstance(value, str) and not isinstance(info, inspect.StructType):
            value = [value]
        if not isinstance(value, list):
            return self.wrong(inspect.VarTupleType(info), value, at)
        items = tuple(self.value(info, item, (*at, number)) for number, item in enumerate(value))
        if any(item is WRONG for item in items):
            return WRONG
        return items if isinstance(info, inspect.StructType) else tuple(filter(_given, items))

    def tagged(self, kinds: Sequence[inspect.StructType], value: Any, at: KeyPath) -> Any:
        if not isinstance(value, dict):
            return self.wrong(kinds[0], value, at)
        field = str(kinds[0].tag_field)
        by_tag = {str(kind.tag): kind for kind in kinds}
        tag = value.get(field)
        if tag is None:
            self.note(at, "missing-key", f"{field} is missing", f"write one of {', '.join(by_tag)}")
            return WRONG
        if tag not in by_tag:
            self.note(
                (*at, field),
                "bad-value",
                f"{field} cannot be {shown(tag)}",
                near(str(tag), by_tag),
            )
            return WRONG
        return self.table(by_tag[tag], value, at)

    def scalar(self, info: inspect.Type, value: Any, at: KeyPath) -> Any:
        result = convert(info, value, self.zone)
        if result is WRONG:
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
            return WRONG
        if name in SHORT:
            text = " ".join(re.split(r"[ \t\n]+", text.strip()))
            if len(text) > SHORT_LIMIT:
                self.note(
                    at,
                    "too-long",
                    f"{name} has {len(text):,} characters",
                    f"at most {SHORT_LIMIT} are allowed",
                )
                return WRONG
        return text

    def missing(self, at: KeyPath, field: inspect.Field) -> None:
        name = field.encode_name
        special = name in {"title", "published"} and len(at) <= 1 + ("site" in at)
        if isinstance(field.type, inspect.StructType):
            hint = f"add a line [{name}] and its settings below"
        elif name == "published":
            hint = f"add a line published{self.written.sign} 2026-11-24"
        else:
            hint = f'add a line {name}{self.written.sign} "…"'
        code = f"missing-{name}" if special else "missing-key"
        self.note(at, code, f"{name} is missing", hint)

    def wrong(self, info: inspect.Type, value: Any, at: KeyPath) -> Any:
        name = next((str(key) for key in reversed(at) if isinstance(key, str)), "this")
        message = f"{name} should be {wanted(info)}, not {shown(value)}"
        match info:
            case inspect.LiteralType(values=values) if isinstance(value, str):
                hint = near(value, map(str, values))
                self.note(at, "bad-value", f"{name} cannot be {shown(value)}", hint)
            case inspect.DateType() | inspect.DateTimeType():
                self.note(at, "bad-date", message, "write year, month and day: 2026-11-24")
            case _:
                self.note(at, "wrong-type", message, _type_hint(info, value, name))
        return WRONG

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
