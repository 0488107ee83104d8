"""What was made once, kept on disk by the hash of what it was made from."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from builder import keeping

SCHEMA = 2
"""Raised when the table changes; a store of another schema is set aside."""

APPLICATION = 0x506F7374
"""`Post`: SQLite's application id, so that a foreign database is not mistaken for a store."""

WAIT = 30.0
"""Seconds that one build waits for another one's write."""

_PRIMARY = 0xFF
"""What of SQLite's codes for errors says which kind it is."""
_ASKED_AT_ONCE = 900
"""Keys in one query; SQLite's oldest limit of host parameters is 999."""


class Store:
    """Records as bytes, by kind and key, each with a checksum: a damaged one counts as none.

    A damaged store, a foreign file in its place and one of another version are renamed to
    `NAME.set-aside`, and an empty store takes the place; `notice` then says so. Several processes
    may use one store at a time.
    """

    def __init__(self, path: Path | None) -> None:
        """Open or make the store; None keeps everything in memory."""
        self.path = path
        self.notice = ""
        if path is not None:
            with contextlib.suppress(OSError):
                path.parent.mkdir(parents=True, exist_ok=True)
        self._base = self._opened()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the store cannot be used any more."""
        self._base.close()

    def get_many(self, kind: str, keys: Iterable[str]) -> dict[str, bytes]:
        """The values of those keys that are known, in one go."""
        wanted = list(dict.fromkeys(keys))
        found: dict[str, bytes] = {}
        for at in range(0, len(wanted), _ASKED_AT_ONCE):
            part = wanted[at : at + _ASKED_AT_ONCE]
            marks = ",".join("?" * len(part))
            query = f"SELECT key, value FROM record WHERE kind = ? AND key IN ({marks})"  # noqa: S608 - question marks only
            try:
                found.update(_sound(self._base.execute(query, (kind, *part))))
            except sqlite3.DatabaseError as error:
                self._failed(error)
                return {}
        return found

    def get_all(self, kind: str) -> dict[str, bytes]:
        """All keys of a kind and their values."""
        query = "SELECT key, value FROM record WHERE kind = ?"
        try:
            return dict(_sound(self._base.execute(query, (kind,))))
        except sqlite3.DatabaseError as error:
            self._failed(error)
            return {}

    def count(self, kind: str) -> int:
        """How many keys of a kind there are."""
        with contextlib.suppress(sqlite3.DatabaseError):
            query = "SELECT count(*) FROM record WHERE kind = ?"
            return int(self._base.execute(query, (kind,)).fetchone()[0])
        return 0

    def put_many(self, kind: str, items: Mapping[str, bytes]) -> None:
        """Keep values; all of them or, if the process dies, none."""
        rows = [(kind, key, keeping.seal(value)) for key, value in items.items()]
        try:
            self._put(rows)
        except sqlite3.DatabaseError as error:
            if self._failed(error):
                with contextlib.suppress(sqlite3.DatabaseError):
                    self._put(rows)

    def prune(self, kind: str, keep: Iterable[str]) -> None:
        """Forget every key of a kind but those."""
        kept = set(keep)
        with contextlib.suppress(sqlite3.DatabaseError), self._base:
            known = self._base.execute("SELECT key FROM record WHERE kind = ?", (kind,)).fetchall()
            gone = [(kind, key) for (key,) in known if key not in kept]
            self._base.executemany("DELETE FROM record WHERE kind = ? AND key = ?", gone)

    def _put(self, rows: list[tuple[str, str, bytes]]) -> None:
        with self._base:
            self._base.executemany("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", rows)

    def _opened(self) -> sqlite3.Connection:
        try:
            return _connect(self.path)
        except _ForeignError:
            return self._set_aside("it was made by another version or another program")
        except sqlite3.DatabaseError as error:
            if self.path is not None and _is_damage(error):
                return self._set_aside(str(error))
            path, self.path = self.path, None
            base = _only_read(path)
            what = "nothing new" if base else "nothing"
            self.notice = f"the store cannot be used ({error}); {what} is remembered"
            return base or _connect(None)

    def _failed(self, error: sqlite3.DatabaseError) -> bool:
        """Say what went wrong; whether an empty store has taken the place of a damaged one."""
        if not _is_damage(error):
            self.notice = f"the store could not be used ({error}); the next build repeats it"
            return False
        self._base.close()
        self._base = self._set_aside(str(error))
        return True

    def _set_aside(self, why: str) -> sqlite3.Connection:
        if self.path is not None:
            aside = self.path.with_name(f"{self.path.name}.set-aside")
            with contextlib.suppress(OSError):
                self.path.replace(aside)
            for tail in ("-wal", "-shm"):
                self.path.with_name(self.path.name + tail).unlink(missing_ok=True)
            self.notice = f"the store was set aside as {aside.name} and is made anew: {why}"
        return _connect(self.path)


def _sound(rows: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """The rows that are as they were written; the others count as none, and are written anew."""
    for key, sealed in rows:
        # No `suppress`: there are five rows for each article.
        try:
            value = keeping.unsealed(sealed)
        except (ValueError, TypeError):
            continue
        yield key, value


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether a file is no sound store: a disk that is full or fails says nothing of that."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return code & _PRIMARY in {
        sqlite3.SQLITE_ERROR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    }


def _only_read(path: Path | None) -> sqlite3.Connection | None:
    """A store that cannot be opened as ever, for what is in its file; None if that fails, too."""
    if path is None:
        return None
    try:
        base = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        (application,) = base.execute("PRAGMA application_id").fetchone()
        (version,) = base.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError:
        return None
    if (application, version) == (APPLICATION, SCHEMA):
        return base
    base.close()
    return None


class _ForeignError(Exception):
    """The file is a sound database, but not a store of this version."""


def _connect(path: Path | None) -> sqlite3.Connection:
    base = sqlite3.connect(":memory:" if path is None else path, timeout=WAIT)
    try:
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = NORMAL")
        (application,) = base.execute("PRAGMA application_id").fetchone()
        (version,) = base.execute("PRAGMA user_version").fetchone()
        (tables,) = base.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables and (application, version) != (APPLICATION, SCHEMA):
            raise _ForeignError  # noqa: TRY301 - closes the file on its way out, as for every error
        if tables:
            return base
        with base:
            base.execute("BEGIN IMMEDIATE")
            base.execute(
                "CREATE TABLE IF NOT EXISTS record (kind TEXT, key TEXT, value BLOB,"
                " PRIMARY KEY (kind, key)) WITHOUT ROWID"
            )
            base.execute(f"PRAGMA application_id = {APPLICATION}")
            base.execute(f"PRAGMA user_version = {SCHEMA}")
    except BaseException:
        base.close()
        raise
    return base
