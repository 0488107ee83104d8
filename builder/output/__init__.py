"""Page | File | Copy → the output folder: whole at any moment, and only what changed is written.

Which files are Postil's is written down in the output folder itself, in `.postil`: so a lost cache
neither keeps old pages for ever nor puts the files of others in danger.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property, partial
from pathlib import Path

from msgspec import Struct, field

from builder.errors import BuildError, Place, Problem, Problems, ordered
from builder.model import Copy, Emitted, File, Kept, Output, Page, Standing, Written, singly
from builder.output import ground, manifest, swap
from builder.output.ground import LISTING, Ground
from builder.output.inplace import InPlace
from builder.output.manifest import Made
from builder.output.theme import Theme, bytes_of

MEMORY = manifest.FOLDER
"""The folder of the cache where it is remembered what files were made of."""

__all__ = ["MEMORY", "InPlace", "Theme", "clean", "finish", "forget", "rehearse", "write"]


Look = Callable[[Sequence[str], Problems], None]
"""Called when all is made and nothing is changed yet, with all paths and with what went wrong in
making them: what it raises ends the work."""


def _look(_: Sequence[str], problems: Problems) -> None:
    problems.stop_on_errors()


def write(  # noqa: PLR0913 - where from and where to
    outputs: Iterable[Emitted],
    folder: Path,
    cache: Path,
    root: Path,
    templates: Theme,
    *,
    look: Look = _look,
) -> Written:
    """Bring the output folder to exactly these outputs, and leave the files of others alone.

    A page is rendered only if its context, the templates or its file changed. What Postil made and
    makes no more is removed, with the folders that are empty then. Nothing is seen of it until all
    is there; on Linux all of it then changes in one step.

    Args:
        outputs: Everything the site consists of; taken one by one, so that only one has to be there.
        folder: The output folder; need not exist, may be a link to a folder.
        cache: Where it is remembered what files were made of; may be lost at any time.
        root: The site's folder, for `Copy.source`.
        templates: They render pages.
        look: Looks at the whole before anything is seen of it.

    Raises:
        BuildError: With every page that cannot be rendered, every path that cannot be, every file
            of others in the way; the output folder is then as it was.
    """
    with _told(folder):
        real = _real(folder)
        with swap.locked(real):
            swap.finish(real)
            return _write(outputs, real, cache, root, templates, look)


def rehearse(
    outputs: Iterable[Emitted], root: Path, templates: Theme, *, look: Look = _look
) -> int:
    """Render every page and keep nothing.

    Args:
        outputs: Everything the site consists of.
        root: The site's folder, for `Copy.source`.
        templates: They render pages.
        look: Looks at the whole.

    Returns:
        How many bytes all files have together.

    Raises:
        BuildError: With every page that cannot be rendered.
    """
    problems = Problems()
    size, paths = 0, []
    for output in singly(outputs):
        paths.append(output.path)
        match output:
            case Page():
                with problems.catch():
                    size += len(templates.render(output))
            case File(data=data):
                size += len(data)
            case Copy(source=source):
                with suppress(OSError):
                    size += (root / source).stat().st_size
    look(paths, problems)
    return size


def finish(folder: Path) -> None:
    """Finish or take back what a build that was killed left beside the output folder."""
    if folder.exists():
        with _told(folder):
            real = _real(folder)
            with swap.locked(real):
                swap.finish(real)


def clean(folder: Path, cache: Path) -> tuple[str, ...]:
    """Remove what Postil wrote into the output folder, and what it remembers of that.

    Returns:
        The files, relative to the folder; files of others stay.
    """
    if not folder.is_dir():
        return ()
    with _told(folder):
        real = _real(folder)
        with swap.locked(real):
            swap.finish(real)
            here = ground.survey(real)
            gone = sorted(_owned(real, here, manifest.load(cache, real)) & here.files.keys())
            swap.remove(real, [*gone, *({LISTING} & here.files.keys())])
        manifest.forget(cache, real)
        with suppress(OSError):
            real.rmdir()
        return tuple(gone)


def forget(folder: Path, cache: Path) -> None:
    """Remove from the cache what it remembers of an output folder that is going to be gone."""
    manifest.forget(cache, _real(folder))


# --- one build ------------------------------------------------------------------------------------


def _write(  # noqa: PLR0913, PLR0917 - as write
    outputs: Iterable[Emitted],
    folder: Path,
    cache: Path,
    root: Path,
    templates: Theme,
    look: Look,
) -> Written:
    here = ground.survey(folder)
    known = manifest.load(cache, folder)
    before = _Before(files=here, known=known, owned=_owned(folder, here, known))
    if LISTING in here.folders:
        raise BuildError((_in_the_way(LISTING, LISTING),))
    where = _Where(folder, swap.workshop(folder), root)
    try:
        made = _stage(outputs, before, where, templates)
        look(made.paths, made.problems)
        _stop(made.places)
        wanted = {*made.paths}
        removed = sorted(before.owned & here.files.keys() - wanted)
        listing = ground.listing(wanted)
        staged = sorted(made.staged)
        if ground.is_other(folder / LISTING, listing):
            swap.put(where.work, LISTING, listing)
            staged.append(LISTING)
        if staged or removed:
            plan = swap.Plan(
                folder=folder,
                work=where.work,
                frame=manifest.frame(cache, folder),
                staged=staged,
                kept=sorted({*wanted, LISTING}.difference(staged)),
                removed=removed,
                foreign=sorted(here.files.keys() - before.owned - wanted - {LISTING}),
                foreign_folders=ground.foreign_folders(here, before.owned | wanted),
            )
            swap.publish(plan, here)
        swap.clear(where.work)
    except BaseException:
        swap.abandon(where.work)
        raise
    remembered = manifest.save(cache, folder, made.manifest)
    return Written(
        new=tuple(path for path in sorted(made.staged) if path not in here.files),
        changed=tuple(path for path in sorted(made.staged) if path in here.files),
        removed=tuple(removed),
        unchanged=len(wanted) - len(made.staged),
        remembered=remembered,
    )


class _Before(Struct, dict=True):
    """What there was."""

    files: Ground
    known: dict[str, Made]
    owned: frozenset[str]

    @cached_property
    def lying(self) -> set[str]:
        """Files of ours that seem to be as they were left."""
        there = self.files.files
        return {
            path
            for path, made in self.known.items()
            if path in self.owned and path in there and made.stands(there[path])
        }


class _Where(Struct, frozen=True):
    folder: Path
    work: Path
    root: Path


class _Staged(Struct):
    """What of the outputs is new or changed, and what is known of all of them now."""

    staged: list[str] = field(default_factory=list)
    manifest: dict[str, Made] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)
    """Of all outputs."""
    problems: Problems = field(default_factory=Problems)
    """Outputs that cannot be made."""
    places: Problems = field(default_factory=Problems)
    """Outputs that cannot be where they should."""


def _stage(outputs: Iterable[Emitted], before: _Before, where: _Where, templates: Theme) -> _Staged:
    """Write into the workshop what differs from what lies in the output folder."""
    result, places = _Staged(), _Places(before.known)
    foreign = before.files.files.keys() - before.owned - {LISTING}
    foreign_folders = ground.above(foreign) | {*ground.foreign_folders(before.files, before.owned)}
    for output in _apart(outputs, before, result, places, templates.digest):
        path = output.path
        result.paths.append(path)
        if fault := places.fault(path):
            result.places.add(fault)
            continue
        barrier = min(ground.above((path,)) & foreign, default=None) if foreign else None
        if barrier or path in foreign_folders:
            result.places.add(_in_the_way(barrier or path, path))
            continue
        there = before.files.files.get(path)
        print_ = manifest.fingerprint(output, templates.digest)
        if path in before.lying and before.known[path].fingerprint == print_:
            result.manifest[path] = before.known[path]
            continue
        with result.problems.catch():
            data = bytes_of(output, where.root, templates)
            if there and not ground.is_other(where.folder / path, data):
                result.manifest[path] = Made.of(print_, there, data)
            elif path in foreign:
                result.places.add(_in_the_way(path, path))
            elif not result.problems.found and not result.places.found:
                put = swap.put(where.work, path, data)
                result.manifest[path] = Made.of(print_, put, data)
                result.staged.append(path)
    return result


def _apart(
    outputs: Iterable[Emitted], before: _Before, result: _Staged, places: _Places, templates: str
) -> Iterator[Output]:
    """The outputs that must be looked at one by one: of what stands, what does not lie there so."""
    for output in outputs:
        if not isinstance(output, Standing):
            yield output
            continue
        for path, digest in output.digests.items():
            if (
                path in before.lying
                and before.known[path].fingerprint == manifest.printed(digest, templates)
                and not places.fault(path)
            ):
                result.manifest[path] = before.known[path]
                result.paths.append(path)
            else:
                yield Kept(path, digest, partial(output.make, path))


def _stop(problems: Problems) -> None:
    """Raise what is wrong; of many files in the way only the first few are named."""
    barriers = [p for p in ordered(problems.found) if p.code == "foreign-file"]
    if len(barriers) > _NAMED:
        message = f"{len(barriers) - _NAMED} more files here were not made by Postil"
        hint = "is this the right folder? If it is, empty it, and build again"
        rest = Problem(place=Place("output"), code="foreign-file", message=message, hint=hint)
        others = [p for p in problems.found if p.code != "foreign-file"]
        raise BuildError((*ordered(others), *barriers[:_NAMED], rest))
    problems.stop_on_errors()


_NAMED = 5
"""Files in the way that are named one by one."""


def _owned(folder: Path, here: Ground, known: dict[str, Made]) -> frozenset[str]:
    """What Postil made: its listing in the folder says so.

    If that is lost, what the cache knows counts only as far as the very bytes are there: what lies
    in a page's place may have been put there by others since.
    """
    listed = ground.listed(folder) if LISTING in here.files else None
    if listed is not None:
        return listed
    return frozenset(p for p, made in known.items() if p in here.files and made.holds(folder / p))


def _real(folder: Path) -> Path:
    """The folder itself where a link leads to it."""
    real = folder.resolve()
    if real.exists() and not real.is_dir():
        raise BuildError(
            (
                Problem(
                    place=Place(str(folder)),
                    code="foreign-file",
                    message="the output folder is a file",
                    hint="move it away, or name another folder with --output",
                ),
            )
        )
    real.parent.mkdir(parents=True, exist_ok=True)
    return real


def _in_the_way(barrier: str, path: str) -> Problem:
    where = "" if barrier == path else f", where {path} should go"
    return Problem(
        place=Place(f"output/{barrier}"),
        code="foreign-file",
        message=f"this was not made by Postil{where}",
        hint="move it away, or put it into static/ so that it is published",
    )


class _Places:
    """Where outputs have been so far."""

    def __init__(self, before: Container[str]) -> None:
        """`before` are paths that had their places beside each other in the last site."""
        self._files: dict[str, str] = {}
        self._folders: set[str] = set()
        self._before = before
        self._again: dict[str, None] | None = {}
        """Those so far, while there was no other."""

    def fault(self, path: str) -> Problem | None:
        """What is wrong with one more; if nothing is, its place is taken."""
        if self._again is not None:
            if path in self._before and path not in self._again:
                self._again[path] = None
                return None
            again, self._again = self._again, None
            for each in again:
                self._fault(each)
        return self._fault(path)

    def _fault(self, path: str) -> Problem | None:
        if fault := ground.fault(path):
            return _bad_path(path, fault)
        folded = ground.folded(path)
        if folded in self._files:
            return _bad_path(path, f"{self._files[folded]} would be the same file")
        if folded in self._folders:
            return _bad_path(path, _BOTH)
        # Above a folder that is known nothing is new.
        if folded.rpartition("/")[0] not in self._folders:
            above = ground.above((folded,))
            if files := above & self._files.keys():
                return _bad_path(self._files[min(files)], _BOTH)
            self._folders |= above
        self._files[folded] = path
        return None


_BOTH = "it would be a file and a folder"


def _bad_path(path: str, why: str) -> Problem:
    shown = "".join(c if c.isprintable() else "?" for c in path[:200])
    return Problem(
        place=Place(f"output/{shown}"),
        code="bad-path",
        message=f"nothing can be published here: {why}",
        hint="give the article, list or file another name",
    )


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Turn what the system refuses into a problem."""
    try:
        yield
    except OSError as error:
        problem = Problem(
            place=Place(os.fspath(folder)),
            code="unwritable-output",
            message=f"the output folder cannot be written: {error.strerror or error}",
            hint="look at its permissions and the space that is left; the old site is still there",
        )
        raise BuildError((problem,)) from error
