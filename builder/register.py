"""Who is who: register.toml, from text to records."""

from __future__ import annotations

import datetime as dt
import re

from builder import schema, written
from builder.errors import Problem, Problems
from builder.model import Known
from builder.routes import slug
from builder.toml_lines import KeyPath
from builder.value import link, within
from builder.written import Written


def read(text: str, path: str, problems: Problems, *, zone: dt.tzinfo) -> tuple[Known, ...]:
    """The entries of the register, sorted by key; mistakes go to `problems`.

    Each entry is a table whose name is the entity's key::

        [ana-ruiz]
        name = "Ana Ruiz"
        kind = "person"

    Two entries may not answer to the same name, unless one of them is `distinct`.

    Args:
        text: The file, decoded; its comments and order do not matter.
        path: For problems.
        problems: Takes every mistake.
        zone: The site's time zone.
    """
    entries: list[Known] = []
    with problems.catch():
        found = written.from_toml(text, path, problems)
        for key, data in found.data.items():
            table = dict(data) if isinstance(data, dict) else data
            if not isinstance(table, dict):
                problems.add(_no_entry(found, key))
                continue
            if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key):
                problems.add(_bad_key(found, key))
            if "key" in table:
                problems.add(_extra_key(found, key))
            table["key"] = key
            known = schema.record(
                Known, found.part((key,), table), problems, zone=zone, rules=_RULES
            )
            if known is not None:
                entries.append(known)
        problems.extend(_collisions(entries, found))
        problems.extend(_impossible(entries, found))
    return tuple(sorted(entries, key=lambda known: known.key))


def _no_entry(found: Written, key: str) -> Problem:
    return Problem(
        place=found.place((key,)),
        code="wrong-type",
        message=f"{key} should be a table",
        hint='write one table an entity: [ana-ruiz], and below it name = "Ana Ruiz"',
    )


def _bad_key(found: Written, key: str) -> Problem:
    return Problem(
        place=found.place((key,)),
        code="bad-key",
        message=f"{key} cannot be a key, since keys are parts of URLs",
        hint=f"write [{slug(key)}]",
    )


def _extra_key(found: Written, key: str) -> Problem:
    return Problem(
        place=found.place((key, "key")),
        code="unknown-key",
        message="nothing is called key here",
        hint=f"the key is the table's name, [{key}]",
    )


def _collisions(entries: list[Known], found: Written) -> list[Problem]:
    """Names that mean two entities, at the later entry."""
    owners: dict[str, str] = {}
    problems = []
    for known in entries:
        names: list[tuple[KeyPath, str]] = [] if known.distinct else [(("name",), known.name)]
        names += [(("aliases", n), alias) for n, alias in enumerate(known.aliases)]
        for at, name in names:
            folded = " ".join(name.casefold().split())
            owner = owners.setdefault(folded, known.key)
            if owner != known.key:
                problems.append(
                    Problem(
                        place=found.place((known.key, *at)),
                        code="repeated-name",
                        message=f"{name} means both {owner} and {known.key}",
                        hint="drop one of the two; for namesakes, set distinct = true on one",
                    )
                )
    return problems


def _impossible(entries: list[Known], found: Written) -> list[Problem]:
    """Roles that end before they begin, and half a position."""
    problems = [
        Problem(
            place=found.place((known.key, "roles", number, "until")),
            code="bad-period",
            message=f"{known.name} stopped being {role.title} before the start",
            hint="swap since and until, or mend one",
        )
        for known in entries
        for number, role in enumerate(known.roles)
        if role.since and role.until and role.until < role.since
    ]
    problems += [
        Problem(
            place=found.place((known.key, "lon" if known.lat is None else "lat")),
            code="half-position",
            message="a position needs both lat and lon",
            hint="add the other one",
        )
        for known in entries
        if (known.lat is None) != (known.lon is None)
    ]
    return problems


_RULES = schema.Rules(
    checks={
        (Known, "link"): link,
        (Known, "same_as"): link,
        (Known, "lat"): within(-90, 90),
        (Known, "lon"): within(-180, 180),
    }
)
