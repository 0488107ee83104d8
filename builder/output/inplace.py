"""A folder that is only looked at on this machine: kept up to date file by file, in place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from builder import keeping
from builder.errors import Problems
from builder.model import Output
from builder.output import ground, manifest
from builder.output.manifest import Made
from builder.output.theme import Theme, bytes_of


class InPlace:
    """One folder that belongs to Postil alone: whatever else lies in it is deleted.

    Each file changes in one step, the folder as a whole does not: whoever looks at it may find an
    old page beside a new one. For that, one page can be there long before the others.
    """

    def __init__(self, folder: Path, cache: Path, root: Path) -> None:
        """`cache` is where it is remembered what the files were made of, `root` the site's."""
        self._folder, self._cache, self._root = folder, cache, root
        here = ground.survey(folder)
        known = manifest.load(cache, folder)
        self._made: dict[str, Made] = {
            path: made
            for path, made in known.items()
            if path in here.files and made.stands(here.files[path])
        }
        for path in here.files.keys() - self._made.keys():
            (folder / path).unlink()

    def put(
        self, outputs: Iterable[Output], templates: Theme, problems: Problems
    ) -> Iterator[tuple[str, bool]]:
        """Write what differs, one after the other.

        Args:
            outputs: Some outputs or all of them.
            templates: They render pages.
            problems: Gets what is wrong; the file that lies there stays then.

        Returns:
            Each path, and whether what lies there changed.
        """
        for output in outputs:
            path = output.path
            print_ = manifest.fingerprint(output, templates.digest)
            made = self._made.get(path)
            if made and made.fingerprint == print_ and self._stands(path, made):
                yield path, False
                continue
            with problems.catch():
                data = bytes_of(output, self._root, templates)
                is_other = ground.is_other(self._folder / path, data)
                if is_other:
                    self._replace(path, data)
                found = (self._folder / path).stat()
                self._made[path] = Made.of(print_, found, data)
                yield path, is_other

    def finish(self, wanted: set[str]) -> None:
        """Remove all but these files, and remember the others."""
        for path in self._made.keys() - wanted:
            with suppress(OSError):
                (self._folder / path).unlink()
            del self._made[path]
            with suppress(OSError):
                for folder in (self._folder / path).parents:
                    if folder == self._folder:
                        break
                    folder.rmdir()
        manifest.save(self._cache, self._folder, self._made)

    def _stands(self, path: str, made: Made) -> bool:
        """Whether a file still lies there as it was left: `clean` may have been here."""
        try:
            return made.stands((self._folder / path).lstat())
        except OSError:
            return False

    def _replace(self, path: str, data: bytes) -> None:
        file = self._folder / path
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            # What was a page is a folder now.
            for above in sorted(ground.above((path,)), key=len):
                if not (self._folder / above).is_dir():
                    (self._folder / above).unlink(missing_ok=True)
            file.parent.mkdir(parents=True, exist_ok=True)
        if file.is_dir():
            for inner in sorted(file.rglob("*"), reverse=True):
                inner.rmdir() if inner.is_dir() else inner.unlink()
            file.rmdir()
        keeping.keep(file, data)
