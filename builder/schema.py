"""Checks what people wrote against a record, key by key, and says at which line it is wrong."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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

Check = Callable[[Any], Fault | None]
Checks = Mapping[tuple[type[Struct], str], Check]
"""By record and field: what to ask of the value, or of each item of a list."""


class Rules(Struct, frozen=True, kw_only=True):
    """What holds for a table beyond the types of its record."""

    checks: Checks = {}
    synonyms: frozenset[str] = frozenset()
    """Other names of keys, which were translated before; hints know them."""
    stand_in: Mapping[str, Any] | None = None
    """For required fields. If it is given, what is sound of a table makes a record whatever else is
    wrong, so that what follows can be checked, too; tables in lists are left out one by one."""


def record(
    kind: type[T],
    written: Written,
    problems: Problems,
    *,
    zone: dt.tzinfo = dt.UTC,
    rules: Rules | None = None,
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
        rules: What types cannot say.
    """
    reader = _Reader(written, problems, zone, rules or Rules())
    value = reader.value(_shape(kind), written.data, ())
    return None if value is WRONG else value


def tables(
    kind: Any, written: Written, key: str, problems: Problems, *, zone: dt.tzinfo
) -> Iterator[tuple[int, Any]]:
    """The sound ones of a list of tables, each with its position; mistakes go to `problems`.

    Args:
        kind: The record, or a union of records that a tag tells apart.
        written: The table that holds the list.
        key: Of the list in it; it need not be there.
        problems: Takes the mistakes.
        zone: The site's time zone.
    """
    reader = _Reader(written, problems, zone, Rules())
    shape = _shape(kind)
    given = written.data.get(key)
    if not isinstance(given, list):
        if given is not None and given != BROKEN:
            reader.wrong(inspect.VarTupleType(inspect.StructType(Struct, ())), given, (key,))
        return
    for number, item in enumerate(given):
        value = reader.value(shape, item, (key, number))
        if value is not WRONG:
            yield number, value


def near(word: str, words: Iterable[str]) -> str:
    """The hint `did you mean …?` for a word that is not among `words`, or what there is."""
    known = sorted(set(words))
    shown = [*known[:_SHOWN], "…"] if len(known) > _SHOWN else known
    match = get_close_matches(word.lower().replace("_", "-"), known, n=1, cutoff=0.6)
    if match:
        return f"did you mean {match[0]}?"
    return f"known here: {', '.join(shown)}" if known else ""


_SHOWN = 40
"""Words that a hint names when none is like the one that was written."""


class _Reader(Struct):
    """One table on its way to a record."""

    written: Written
    problems: Problems
    zone: dt.tzinfo
    rules: Rules

    def value(self, info: inspect.Type, value: Any, at: KeyPath, check: Check | None = None) -> Any:
        """A value of the wanted type that passes, or `WRONG` after the mistake was noted."""
        if value == BROKEN:
            return WRONG
        match info:
            case inspect.UnionType(types=(wanted, inspect.NoneType())):
                return self.value(wanted, value, at, check)
            case inspect.StructType():
                return self.table(info, value, at)
            case inspect.VarTupleType(item_type=item):
                return self.items(item, value, at, check)
            case inspect.UnionType(types=types) if _tagged(types):
                return self.tagged(
                    [t for t in types if isinstance(t, inspect.StructType)], value, at
                )
            case _:
                return self.scalar(info, value, at, check)

    def table(self, info: inspect.StructType, data: Any, at: KeyPath) -> Any:
        if not isinstance(data, dict):
            return self.wrong(info, data, at)
        fields = {field.encode_name: field for field in info.fields}
        names = {*fields, *self.rules.synonyms} if not at else fields.keys()
        sound = True
        for key in data:
            if key not in fields and key != info.tag_field:
                sound = False
                hint = self.meant(key, names, fields)
                self.note((*at, key), "unknown-key", f"nothing is called {key} here", hint)
        values: dict[str, Any] = {}
        for name, field in fields.items():
            given = data.get(name)
            if given is None or (field.required and isinstance(given, str) and not given.strip()):
                if field.required:
                    sound = False
                    self.missing(at, field, is_there=name in data)
                continue
            check = self.rules.checks.get((info.cls, field.name))
            value = self.value(field.type, given, (*at, name), check)
            sound = sound and value is not WRONG
            if value is not WRONG:
                values[field.name] = value
        if not sound and not at and self.rules.stand_in is not None:
            return info.cls(**{**self.rules.stand_in, **values})
        return info.cls(**values) if sound else WRONG

    def items(self, info: inspect.Type, value: Any, at: KeyPath, check: Check | None) -> Any:
        if isinstance(value, str) and not isinstance(info, inspect.StructType):
            value = [value]
        if not isinstance(value, list):
            return self.wrong(inspect.VarTupleType(info), value, at)
        items = tuple(
            self.value(info, item, (*at, number), check) for number, item in enumerate(value)
        )
        if self.rules.stand_in is not None and len(at) == 1:
            items = tuple(item for item in items if item is not WRONG)
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

    def scalar(self, info: inspect.Type, value: Any, at: KeyPath, check: Check | None) -> Any:
        result = convert(info, value, self.zone)
        if result is WRONG:
            return self.wrong(info, value, at)
        if type(result) is str:
            result = self.text(result, at)
        if check is None or result is WRONG or (result == "" and not isinstance(at[-1], int)):
            return result
        fault = check(result)
        if fault:
            self.note(at, fault.code, fault.message, fault.hint)
        return WRONG if fault else result

    def meant(self, key: str, names: Iterable[str], fields: Iterable[str]) -> str:
        """What a misspelt key may have been, also by another of its names."""
        hint = near(key, names)
        return hint if hint.startswith("did") else near(key, fields)

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

    def missing(self, at: KeyPath, field: inspect.Field, *, is_there: bool) -> None:
        name = field.encode_name
        special = name in {"title", "published"} and len(at) <= 1 + ("site" in at)
        write = "write" if is_there else "add a line"
        match field.type:
            case inspect.StructType(cls=cls) if "exact" in cls.__struct_fields__:
                hint = f"add {self.inline(name, 'exact')}"
            case inspect.StructType():
                hint = f"add a line [{name}] and its settings below"
            case _ if name == "published":
                hint = f"{write} published{self.written.sign} 2026-11-24"
            case _:
                hint = f'{write} {name}{self.written.sign} "…"'
        code = f"missing-{name}" if special else "missing-key"
        what = f"{name} is empty" if is_there else f"{name} is missing"
        self.note((*at, name) if is_there else at, code, what, hint)

    def inline(self, name: str, key: str) -> str:
        """A table of one text, as it is written in one line of this file."""
        sign = self.written.sign
        return f'{name}{sign} {{ {key}{sign} "…" }}'

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
                self.note(at, "wrong-type", message, self.type_hint(info, value, name))
        return WRONG

    def type_hint(self, info: inspect.Type, value: Any, name: str) -> str:
        sign = self.written.sign
        match info:
            case inspect.StrType() if not isinstance(value, dict | list):
                return f'put it in quotation marks: {name}{sign} "{value}"'
            case inspect.BoolType():
                return f"write {name}{sign} true or {name}{sign} false"
            case inspect.StructType() if (
                isinstance(value, str) and "exact" in info.cls.__struct_fields__
            ):
                return f"write {self.inline(name, 'exact')}"
            case inspect.VarTupleType(item_type=inspect.StructType()):
                return f"begin each one with a line [[{name}]]"
            case inspect.VarTupleType():
                return f'write {name}{sign} ["…", "…"]'
            case _:
                return ""

    def note(self, at: KeyPath, code: str, message: str, hint: str) -> None:
        place = self.written.place(at)
        self.problems.add(Problem(place=place, code=code, message=message, hint=hint))


@cache
def _shape(kind: Any) -> inspect.Type:
    return inspect.type_info(kind)


def _tagged(types: Iterable[inspect.Type]) -> bool:
    return any(isinstance(kind, inspect.StructType) for kind in types)


def _given(item: object) -> bool:
    return bool(item != "")
