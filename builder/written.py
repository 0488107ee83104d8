"""What people wrote by hand: bytes to text, TOML or YAML to values, each with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import yaml
from msgspec import Struct
from msgspec.structs import replace

from builder.errors import Place, Problem, ProblemError, Problems
from builder.toml_lines import KeyPath, toml_lines

BROKEN = "\ue000"
"""Stands for a value that could not be read and is a problem already."""
MOST_SLIPS = 50
"""After so many lines that cannot be read, a file is given up."""
_KEY = re.compile(r"^([A-Za-z0-9_-]+\s*[=:])(?=\s)")


class Plain(str):
    """A YAML value without quotation marks: what it means is decided by what is expected there.

    So `title: NO` is a title and `page: 012` a page, whatever YAML 1.1 makes of them.
    """

    __slots__ = ()


class Written(Struct, frozen=True):
    """The values of one file, or of the front matter of one."""

    path: str
    """Relative to the site's folder."""
    data: dict[str, Any]
    """Tables are dicts, lists are lists; YAML's plain scalars are `Plain`, its nulls None."""
    lines: dict[KeyPath, int]
    """Lines of the whole file, from 1."""
    sign: str = " ="
    """What stands between key and value."""
    base: KeyPath = ()
    """Where in the file the values stand, if they are only a part of it."""

    def part(self, at: KeyPath, data: dict[str, Any]) -> Written:
        """One table of this, its values given anew."""
        return replace(self, data=data, base=(*self.base, *at))

    def texts(self, keys: tuple[str, ...]) -> Iterator[tuple[KeyPath, str]]:
        """The texts under these keys, through lists, whatever else is wrong there."""
        values: list[tuple[KeyPath, object]] = [((), self.data)]
        for key in keys:
            inner = [
                ((*at, key), value[key])
                for at, value in values
                if isinstance(value, dict) and key in value
            ]
            values = []
            for at, value in inner:
                if isinstance(value, list):
                    values += [((*at, number), one) for number, one in enumerate(value)]
                else:
                    values.append((at, value))
        yield from ((at, value) for at, value in values if isinstance(value, str))

    def place(self, at: KeyPath = ()) -> Place:
        """Where a value stands; one without a line of its own stands where its table does."""
        at = (*self.base, *at)
        while at and at not in self.lines:
            at = at[:-1]
        return Place(self.path, self.lines.get(at, 1))


def decode(data: bytes, path: str) -> str:
    """The text of a file: UTF-8, a byte order mark taken away, line ends made line feeds.

    Raises:
        ProblemError: If the bytes are not UTF-8, hold a NUL, or are only white space.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ProblemError(
            Problem(
                place=Place(path, line),
                code="unreadable-bytes",
                message="the file is not UTF-8 text",
                hint="save it again with the encoding UTF-8",
            )
        ) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise ProblemError(
            Problem(
                place=Place(path, text.count("\n", 0, text.index("\0")) + 1),
                code="unreadable-bytes",
                message="the file holds a NUL character, so it is not plain text",
                hint="save it again as plain text with the encoding UTF-8",
            )
        )
    if not text.strip():
        raise ProblemError(
            Problem(
                place=Place(path, 1),
                code="empty-file",
                message="the file is empty",
                hint="write something into it, or delete it",
            )
        )
    return text


def from_toml(text: str, path: str, problems: Problems) -> Written:
    """Read TOML; the text must begin at the file's first line.

    A line that TOML cannot read goes to `problems`, and its value is `BROKEN`, so that one slip
    does not hide the mistakes below it.

    Raises:
        ProblemError: For what cannot be mended by leaving out a line.
    """
    return _mended(_toml, text, path, problems)


def from_yaml(text: str, path: str, problems: Problems) -> Written:
    """Read YAML without making any objects of it; otherwise like `from_toml`.

    Raises:
        ProblemError: For what cannot be mended by leaving out a line, and for anchors.
    """
    return _mended(_yaml, text, path, problems)


def _mended(
    parse: Callable[[str, str], Written], text: str, path: str, problems: Problems
) -> Written:
    """Parse, and again with every line that cannot be read replaced by a broken value."""
    lines = text.split("\n")
    for _ in range(MOST_SLIPS):
        try:
            return parse("\n".join(lines), path)
        except ProblemError as error:
            slip = (error.problem.place.line or 0) - 1
            key = _KEY.match(lines[slip]) if 0 <= slip < len(lines) else None
            if key is None or BROKEN in lines[slip]:
                raise
            problems.add(error.problem)
            lines[slip] = "" if error.problem.code == "repeated-key" else f'{key[1]} "{BROKEN}"'
    return parse("\n".join(lines), path)


def _toml(text: str, path: str) -> Written:
    try:
        data = tomllib.loads(text)
        lines = toml_lines(text)
    except tomllib.TOMLDecodeError as error:
        raise ProblemError(_toml_problem(str(error), text, path)) from None
    except RecursionError:
        raise ProblemError(_too_deep(path)) from None
    lines[()] = 1
    return Written(path, data, lines)


def _yaml(text: str, path: str) -> Written:
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise ProblemError(
                    Problem(
                        place=Place(path, _line(event)),
                        code="yaml-alias",
                        message=f"*{event.anchor} refers to another value of the front matter",
                        hint="write the value out; a text that begins with * needs quotation marks",
                    )
                )
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        lines: dict[KeyPath, int] = {}
        data = {} if root is None else _yaml_value(root, (), lines, path)
    except yaml.YAMLError as error:
        raise ProblemError(_yaml_problem(error, text, path)) from None
    except RecursionError:
        raise ProblemError(_too_deep(path)) from None
    if not isinstance(data, dict):
        raise ProblemError(
            Problem(
                place=Place(path, lines.get((), 1)),
                code="bad-yaml",
                message="the front matter is not a list of keys and values",
                hint="write one setting a line, as in title: The port reopens",
            )
        )
    return Written(path, data, lines, sign=":")


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


def _yaml_value(node: yaml.Node, at: KeyPath, lines: dict[KeyPath, int], path: str) -> Any:
    lines.setdefault(at, node.start_mark.line + 1)
    match node:
        case yaml.MappingNode():
            table: dict[str, Any] = {}
            for key, value in node.value:
                line = key.start_mark.line + 1
                if not isinstance(key, yaml.ScalarNode):
                    raise ProblemError(_not_a_key(Place(path, line)))
                if key.value in table:
                    raise ProblemError(repeated_key(Place(path, line), key.value))
                lines[*at, key.value] = line
                table[key.value] = _yaml_value(value, (*at, key.value), lines, path)
            return table
        case yaml.SequenceNode():
            return [
                _yaml_value(item, (*at, number), lines, path)
                for number, item in enumerate(node.value)
            ]
        case yaml.ScalarNode(style=style) if style is not None:
            return str(node.value)
        case _ if node.value in {"", "~", "null", "Null", "NULL"}:
            return None
        case _:
            return Plain(node.value)


def repeated_key(place: Place, key: str) -> Problem:
    """One key given twice in one table."""
    return Problem(
        place=place,
        code="repeated-key",
        message=f"{key} is given twice",
        hint="keep one of the two",
    )


def _not_a_key(place: Place) -> Problem:
    return Problem(
        place=place,
        code="bad-yaml",
        message="what stands before the colon is not a plain key",
        hint="a text that begins with [ or { needs quotation marks",
    )


def _too_deep(path: str) -> Problem:
    return Problem(
        place=Place(path, 1),
        code="too-deep",
        message="lists and tables are nested too deeply to be read",
        hint="nothing that Postil reads needs more than four levels",
    )


_DATE_LIKE = re.compile(r"=\s*\d+[-./]\d+[-./]\d+")
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_TOML_HINTS: tuple[tuple[str, str], ...] = (
    ("Invalid value", 'text stands in quotation marks: title = "The port reopens"'),
    ("Expected '='", "every line is a key, an equals sign and a value"),
    ("Illegal character", "the quotation mark that closes the text may be missing"),
    ("Unterminated string", "the quotation mark that closes the text is missing"),
    ("Expected newline", 'only one setting a line; a quotation mark inside a text is written \\"'),
    ("Unescaped '\\'", "a backslash in a text is written \\\\"),
    ("Invalid statement", "every line is a key, an equals sign and a value"),
)


def _toml_problem(error: str, text: str, path: str) -> Problem:
    match = _TOML_PLACE.search(error)
    message = error[: match.start()] if match else error
    line = int(match[1]) if match and match[1] else text.rstrip().count("\n") + 1
    if message.startswith("Cannot "):
        return Problem(
            place=Place(path, line),
            code="repeated-key",
            message="a key or table is given twice",
            hint="keep one of the two; the settings of a [table] end where the next one begins",
        )
    if message.startswith("Invalid date") or _DATE_LIKE.search(text.split("\n")[line - 1]):
        return Problem(
            place=Place(path, line),
            code="bad-date",
            message="this is not a date or time",
            hint="write year, month and day: 2026-11-24, or 2026-11-24T06:30:00",
        )
    return Problem(
        place=Place(path, line),
        code="bad-toml",
        message=f"this is not TOML: {message[:1].lower()}{message[1:]}",
        hint=_first(hint for sign, hint in _TOML_HINTS if message.startswith(sign)),
    )


def _yaml_problem(error: yaml.YAMLError, text: str, path: str) -> Problem:
    line, message = 1, "it cannot be read"
    if isinstance(error, yaml.MarkedYAMLError):
        unclosed = error.problem == "found unexpected end of stream"
        mark = error.context_mark if unclosed else error.problem_mark
        line = mark.line + 1 if mark is not None else 1
        message = error.problem or error.context or message
    elif isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        message = f"the character U+{int(error.character):04X} cannot stand here"
    return Problem(
        place=Place(path, min(line, text.count("\n") + 1)),
        code="bad-yaml",
        message=f"this is not YAML: {message}",
        hint=_first(
            hint
            for sign, hint in (
                (
                    "mapping values",
                    'a text with a colon needs quotation marks: title: "Port: open"',
                ),
                ("found unexpected end", "the quotation mark that closes the text is missing"),
                ("found character '\\t'", "indent with spaces, not with tabs"),
                (
                    "could not find expected ':'",
                    "every line is a key, a colon, a space and a value",
                ),
                ("the character", "delete it"),
            )
            if message.startswith(sign)
        ),
    )


def _first(hints: Iterable[str]) -> str:
    return next(iter(hints), "compare the line with the example in the documentation")
