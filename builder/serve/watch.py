"""Seeing what is saved: every file that counts, folders that come and go, bursts as one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import watchfiles

FOLDERS = ("content", "templates", "static")
"""Of the site's folder, watched with all that is in them."""
SETTINGS = "site.toml"
QUIET = 20
"""Milliseconds without a further change after which a burst of them is over."""
_ARMED = 200
"""Milliseconds after which a watch that has seen nothing is certainly there."""
LONGEST = 1000
"""Milliseconds after which a burst is over, however it goes on."""


class Watch:
    """Tells of changes from threads of its own."""

    def __init__(self, root: Path, tell: Callable[[frozenset[str]], None]) -> None:
        """`tell` gets the paths that changed, relative to the site's folder `root`."""
        self._root, self._tell = root.resolve(), tell
        self._end = threading.Event()
        self._again = threading.Event()

    def start(self) -> None:
        """Watch from now on."""
        for target in (self._top, self._folders):
            threading.Thread(target=target, daemon=True).start()

    def stop(self) -> None:
        """Watch no longer."""
        self._end.set()
        self._again.set()

    def _top(self) -> None:
        """Settings, and whether the folders are still the same ones."""
        for changes in watchfiles.watch(
            self._root,
            watch_filter=None,
            debounce=LONGEST,
            step=QUIET,
            stop_event=self._end,
            recursive=False,
            raise_interrupt=False,
        ):
            seen = {
                path
                for path in self._counting(changes)
                if path == SETTINGS or path.partition("/")[0] in FOLDERS
            }
            if {path for path in seen if path in FOLDERS}:
                self._again.set()
            if seen:
                self._tell(frozenset(seen))

    def _folders(self) -> None:
        is_first = True
        while not self._end.is_set():
            self._again.clear()
            folders = [self._root / name for name in FOLDERS if (self._root / name).is_dir()]
            if not folders:
                self._again.wait(0.5)
                continue
            # A folder that is new may have been filled before it was watched.
            unseen = set() if is_first else {folder.name for folder in folders}
            is_first = False
            try:
                for changes in watchfiles.watch(
                    *folders,
                    watch_filter=None,
                    debounce=LONGEST,
                    step=QUIET,
                    stop_event=self._again,
                    rust_timeout=_ARMED,
                    yield_on_timeout=True,
                    raise_interrupt=False,
                ):
                    if seen := frozenset({*self._counting(changes), *unseen}):
                        self._tell(seen)
                    unseen = set()
            except OSError:
                # A folder went between the look and the watch.
                self._again.wait(0.1)

    def _counting(self, changes: Iterable[tuple[watchfiles.Change, str]]) -> Iterable[str]:
        burst = set(changes)
        for _, path in burst:
            try:
                inner = Path(path).relative_to(self._root)
            except ValueError:
                continue
            # A file that came and went is an editor's own.
            is_brief = (watchfiles.Change.added, path) in burst and not Path(path).exists()
            hidden = any(part.startswith(".") for part in inner.parts)
            if not (hidden or is_brief or inner.name.endswith("~")):
                yield inner.as_posix()
