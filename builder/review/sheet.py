"""The file of corrections beside an article, changed as an editor would: the rest of it stays."""

from __future__ import annotations

import datetime as dt
import os
import re
import stat
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec
import tomlkit
from msgspec import Struct
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from builder.content import CONTENT, SIDECAR
from builder.model import Correction
from builder.review.answers import Refused

KEY = "corrections"
_ONE_EACH = frozenset({"said-by", "confirm"})
"""Of these one is enough for a passage."""


class Sheet:
    """The file of corrections of one article; it need not be there yet."""

    def __init__(self, root: Path, article: str) -> None:
        """Look whether it may be written.

        Args:
            root: The site's folder.
            article: The article's file, relative to it.

        Raises:
            Refused: The article is not there any more, or something leads out of `content/`.
        """
        home = (root / CONTENT).resolve()
        source = root / article
        self.file = source.with_suffix(SIDECAR)
        self.path = Path(article).with_suffix(SIDECAR).as_posix()
        try:
            is_article = stat.S_ISREG(source.lstat().st_mode)
            folder = source.parent.resolve(strict=True)
        except OSError:
            raise Refused(f"{article} is not there any more") from None
        straight = home / Path(article).relative_to(CONTENT)
        if not is_article or ".." in Path(article).parts or folder != straight.parent:
            raise Refused(f"{article} is a link; write its corrections by hand")
        with suppress(FileNotFoundError):
            if not stat.S_ISREG(self.file.lstat().st_mode):
                raise Refused(f"{self.path} is a link; write it by hand")

    def read(self) -> bytes | None:
        """What the file holds; None if it is not there."""
        try:
            return self.file.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Refused(f"{self.path} cannot be read: {error.strerror}") from None

    def write(self, data: bytes | None, expected: bytes | None) -> None:
        """Put other bytes in its place, or remove it, if it holds what is expected.

        Raises:
            Refused: It holds something else by now, or it cannot be written.
        """
        fresh = self.file.with_name(f".{self.file.name}.{os.getpid()}")
        try:
            if data is not None:
                fresh.write_bytes(data)
                with suppress(FileNotFoundError):
                    fresh.chmod(stat.S_IMODE(self.file.stat().st_mode))
            if self.read() != expected:
                fresh.unlink(missing_ok=True)
                raise Refused(f"{self.path} was changed by hand meanwhile; look again")
            if data is None:
                self.file.unlink(missing_ok=True)
            else:
                fresh.replace(self.file)
        except OSError as error:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise Refused(f"{self.path} cannot be written: {error.strerror}") from None


def digest(data: bytes | None) -> str:
    """What tells one state of a file from another."""
    return blake2b(data, digest_size=12).hexdigest() if data is not None else ""


def held(data: bytes | None) -> list[dict[str, Any]]:
    """The corrections that a file holds, as plain values.

    Raises:
        Refused: It is no TOML.
    """
    if data is None:
        return []
    try:
        found = tomllib.loads(_read(data)[0]).get(KEY, [])
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused(f"the file of corrections cannot be read: {error}") from None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def replaces(new: dict[str, Any], old: dict[str, Any]) -> bool:
    """Whether a correction takes the place of another one."""
    same = (new["do"], new.get("passage")) == (old.get("do"), old.get("passage"))
    return same and new["do"] in _ONE_EACH


def plain(correction: Correction) -> dict[str, Any]:
    """A correction as an editor would write it: without what is left open."""
    data = msgspec.to_builtins(correction, builtin_types=(dt.date,))
    return {
        key: {inner: text for inner, text in value.items() if text}
        if isinstance(value, dict)
        else value
        for key, value in data.items()
        if value not in ("", None, False)
    }


def with_corrections(data: bytes | None, new: Sequence[Correction]) -> bytes:
    """A file with more corrections: see `with_plain`."""
    return with_plain(data, [plain(correction) for correction in new])


def with_plain(data: bytes | None, new: Sequence[dict[str, Any]]) -> bytes:
    """A file with more corrections at its end; comments and the order of the rest stay.

    One that says something else of the same passage, by the same means, takes the old one's place:
    words have one speaker.

    Args:
        data: What the file holds; None if it is not there.
        new: The corrections as `plain` gives them.

    Raises:
        Refused: The file cannot be read, or not be added to.
    """
    before = held(data)
    text, form = _read(data or b"")
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise Refused(f"the file of corrections cannot be read: {error}") from None
    gone = [at for at, old in enumerate(before) if any(replaces(each, old) for each in new)]
    kept = [old for at, old in enumerate(before) if at not in gone]
    added: list[dict[str, Any]] = []
    for each in new:
        added = [*(old for old in added if not replaces(each, old)), each]
    listed = document.get(KEY)
    if isinstance(listed, AoT):
        for at in reversed(gone):
            del listed[at]
        if not listed:
            document.remove(KEY)
        blocks = added
    else:
        # An array in one line, or none: as tables they can be read and added to.
        if listed is not None and "#" in _STRING.sub("", listed.as_string()):
            message = "the file of corrections is a list with comments in it, which would be lost"
            raise Refused(f"{message}: write it as [[{KEY}]]")
        document.pop(KEY, None)
        blocks = [*kept, *added]
    rest = tomlkit.dumps(document).rstrip("\n")
    text = "\n\n".join([*([rest] if rest else []), *map(_table, blocks)])
    made = form.bytes_of(f"{text}\n" if text else "")
    if held(made) != [*kept, *added]:
        raise Refused("the file of corrections is written in a way that cannot be added to")
    return made


_STRING = re.compile(r'"""[\s\S]*?"""|\'\'\'[\s\S]*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'')
"""A string of TOML."""


class _Form(Struct, frozen=True):
    """What of a file's bytes is no text."""

    head: str
    """A byte order mark, or nothing."""
    newline: str

    def bytes_of(self, text: str) -> bytes:
        """A text in this form."""
        return (self.head + text.replace("\n", self.newline)).encode()


def _read(data: bytes) -> tuple[str, _Form]:
    """The text of a file, its line ends line feeds, and its form."""
    text = data.decode()
    head = text[:1] if text.startswith("\ufeff") else ""
    text = text.removeprefix(head)
    is_windows = "\r\n" in text and text.count("\r\n") == text.count("\n")
    return text.replace("\r\n", "\n"), _Form(head, "\r\n" if is_windows else "\n")


def _table(values: dict[str, Any]) -> str:
    lines = [f"[[{KEY}]]"]
    for key, value in values.items():
        if isinstance(value, dict):
            pairs = (f"{name} = {tomlkit.item(text).as_string()}" for name, text in value.items())
            # As an editor writes it: with spaces inside the brackets.
            lines.append(f"{key} = {{ {', '.join(pairs)} }}")
        else:
            lines.append(f"{key} = {tomlkit.item(value).as_string()}")
    return "\n".join(lines)
