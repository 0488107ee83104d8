"""Knows the line of every key, table header and list item of a TOML text."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left

KeyPath = tuple[str | int, ...]
"""Keys and list positions from the root: `("corrections", 2, "passage", "exact")`."""

_BETWEEN = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_BLANK = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}' + "|'''.*?'{3,5}" + r'|"(?:\\.|[^"\\])*"' + "|'[^']*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]+")


def toml_lines(text: str) -> dict[KeyPath, int]:
    """The line, from 1, at which each key or list item stands.

    Args:
        text: Must be valid TOML (`tomllib` has read it), its line ends line feeds.
    """
    return _Scanner(text).lines


class _Scanner:
    """Walks through valid TOML; it checks nothing and only keeps count."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[KeyPath, int] = {}
        self._ends = [match.start() for match in re.finditer("\n", text)]
        self._lengths: dict[KeyPath, int] = {}
        self._document()

    def _document(self) -> None:
        table: KeyPath = ()
        self._skip(_BETWEEN)
        while self.at < len(self.text):
            if self._take("[["):
                table = self._header(repeated=True)
            elif self._take("["):
                table = self._header(repeated=False)
            else:
                self._pair(table)
            self._skip(_BETWEEN)

    def _header(self, *, repeated: bool) -> KeyPath:
        start = self.at
        keys = self._key()
        self.at += 2 if repeated else 1
        path: KeyPath = ()
        for key in keys[:-1]:
            path = self._latest((*path, key), start)
        path = (*path, keys[-1])
        if not repeated:
            return self._latest(path, start)
        count = self._lengths.get(path, 0)
        self._lengths[path] = count + 1
        self._note(path, start)
        self._note((*path, count), start)
        return (*path, count)

    def _latest(self, path: KeyPath, start: int) -> KeyPath:
        """A header that goes through a list of tables means its last table."""
        self._note(path, start)
        return (*path, self._lengths[path] - 1) if path in self._lengths else path

    def _pair(self, table: KeyPath) -> None:
        start = self.at
        path = table
        for key in self._key():
            path = (*path, key)
            self._note(path, start)
        self.at += 1
        self._skip(_BETWEEN)
        self._value(path)

    def _key(self) -> tuple[str, ...]:
        parts: list[str] = []
        while True:
            self._skip(_BLANK)
            if self.text[self.at] in "\"'":
                quoted = self._skip(_STRING)
                parts.append(str(tomllib.loads(f"key = {quoted}")["key"]))
            else:
                parts.append(self._skip(_BARE_KEY))
            self._skip(_BLANK)
            if not self._take("."):
                return tuple(parts)

    def _value(self, path: KeyPath) -> None:
        self._note(path, self.at)
        if self.text[self.at] in "\"'":
            self._skip(_STRING)
        elif self._take("["):
            self._skip(_BETWEEN)
            item = 0
            while not self._take("]"):
                self._value((*path, item))
                item += 1
                self._separator()
        elif self._take("{"):
            self._skip(_BETWEEN)
            while not self._take("}"):
                self._pair(path)
                self._separator()
        else:
            self._skip(_SCALAR)

    def _separator(self) -> None:
        self._skip(_BETWEEN)
        self._take(",")
        self._skip(_BETWEEN)

    def _note(self, path: KeyPath, at: int) -> None:
        self.lines.setdefault(path, bisect_left(self._ends, at) + 1)

    def _take(self, sign: str) -> bool:
        found = self.text.startswith(sign, self.at)
        if found:
            self.at += len(sign)
        return found

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise ValueError(f"no TOML at {self.at}")
        self.at = match.end()
        return match[0]
