"""Page | File | Copy → the output folder: whole at any moment, and only what changed is written.

Which files are Postil's is written down in the output folder itself, in `.postil`: so a lost cache
neither keeps old pages for ever nor puts the files of others in danger.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from builder.errors import BuildError, Place, Problem, Problems, ordered
from builder.model import Copy, Emitted, File, Page, Written, singly
from builder.output import ground, manifest, moves, swap, twin
from builder.output.ground import LISTING, Ground
from builder.output.inplace import InPlace
from builder.output.manifest import Made
from builder.output.staging import Before, Where, in_the_way, stage
from builder.output.theme import Theme

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
        manifest.forget(cache, folder.resolve())
        return ()
    with _told(folder):
        real = _real(folder)
        with swap.locked(real):
            swap.finish(real)
            here = ground.survey(real)
            gone = sorted(_owned(real, here, manifest.load(cache, real)) & here.files.keys())
            moves.remove(real, [*gone, *({LISTING} & here.files.keys())])
        manifest.forget(cache, real)
        with suppress(OSError):
            real.rmdir()
        return tuple(gone)


def forget_all(cache: Path) -> None:
    """Remove from the cache what it remembers of all output folders."""
    manifest.sweep(cache, lambda _: True)


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
    before = _before(folder, cache)
    here = before.files
    if LISTING in here.folders:
        raise BuildError((in_the_way(LISTING, LISTING),))
    where = Where(folder, swap.workshop(folder), root)
    left = before.left
    try:
        made = stage(outputs, before, where, templates)
        look(made.paths, made.problems)
        _stop(made.places)
        wanted = {*made.paths}
        removed = sorted(before.owned & here.files.keys() - wanted)
        staged = sorted(made.staged)
        if not left or wanted != before.owned:
            listing = ground.listing(wanted)
            if ground.is_other(folder / LISTING, listing):
                swap.put(where.work, LISTING, listing)
                staged.append(LISTING)
        if staged or removed:
            plan = swap.Plan(
                folder=folder,
                work=where.work,
                twin=manifest.twin(cache, folder),
                left=left,
                staged=staged,
                wanted=wanted | {LISTING},
                removed=removed,
                foreign=sorted(before.foreign - wanted),
                foreign_folders=before.left_alone(wanted),
            )
            left = swap.publish(plan, here)
        swap.clear(where.work)
    except BaseException:
        swap.abandon(where.work)
        raise
    remembered = manifest.save(cache, folder, made.manifest)
    manifest.leave(cache, folder, left, remembered)
    # Of a site that was moved, its old place is no more.
    manifest.sweep(cache, lambda other: other != folder and not os.path.lexists(other))
    return Written(
        new=tuple(path for path in sorted(made.staged) if path not in here.files),
        changed=tuple(path for path in sorted(made.staged) if path in here.files),
        removed=tuple(removed),
        unchanged=len(wanted) - len(made.staged),
        remembered=remembered,
    )


def _before(folder: Path, cache: Path) -> Before:
    """What lies there: nearly always what the last build left."""
    known, digest = manifest.read(cache, folder)
    left = twin.remembered(manifest.left(cache, folder), digest)
    if left and (here := twin.glance(folder, left, known)):
        return Before(files=here, known=known, owned=known.keys(), left=left)
    here = ground.survey(folder)
    return Before(files=here, known=known, owned=_owned(folder, here, known), left=None)


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
