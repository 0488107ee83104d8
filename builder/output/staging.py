"""Outputs → the files of the next site that are new or changed, written beside the output folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from functools import cached_property, partial
from pathlib import Path

from msgspec import Struct, field

from builder.errors import Place, Problem, Problems
from builder.model import Emitted, Kept, Output, Standing
from builder.output import ground, manifest, swap
from builder.output.ground import LISTING, Ground
from builder.output.manifest import Made
from builder.output.theme import Theme, bytes_of
from builder.output.twin import Left


class Before(Struct, dict=True):
    """What there was."""

    files: Ground
    known: dict[str, Made]
    owned: Set[str]
    left: Left | None
    """What the last build left, if all of it is still so but for what is in files."""

    @cached_property
    def foreign(self) -> set[str]:
        """Files of others."""
        if self.left:
            return {*self.left.foreign}
        return self.files.files.keys() - self.owned - {LISTING}

    @cached_property
    def foreign_folders(self) -> list[str]:
        """Folders in which nothing lies that is Postil's, the outer ones first."""
        if self.left:
            return self.left.foreign_folders
        return ground.foreign_folders(self.files, self.owned)

    def left_alone(self, wanted: Set[str]) -> list[str]:
        """Folders in which nothing will lie that is Postil's, the outer ones first.

        Args:
            wanted: All that Postil is going to have there.
        """
        theirs = {*self.foreign_folders, *ground.above(self.foreign - wanted)}
        theirs |= ground.above(self.foreign_folders)
        return sorted(theirs - ground.above(wanted)) if theirs else []

    @cached_property
    def lying(self) -> dict[str, Made]:
        """Files of ours that seem to be as they were left."""
        there = self.files.files
        known = self.known
        if not self.left:
            known = {p: made for p, made in known.items() if p in self.owned and p in there}
        return {path: made for path, made in known.items() if made.stands(there[path])}


class Where(Struct, frozen=True):
    folder: Path
    work: Path
    root: Path


class Staged(Struct):
    """What of the outputs is new or changed, and what is known of all of them now."""

    staged: list[str] = field(default_factory=list)
    manifest: dict[str, Made] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)
    """Of all outputs."""
    problems: Problems = field(default_factory=Problems)
    """Outputs that cannot be made."""
    places: Problems = field(default_factory=Problems)
    """Outputs that cannot be where they should."""


def stage(outputs: Iterable[Emitted], before: Before, where: Where, templates: Theme) -> Staged:
    """Write into the workshop what differs from what lies in the output folder."""
    result, places = Staged(), _Places(before.known.keys())
    foreign = before.foreign
    foreign_folders = ground.above(foreign) | {*before.foreign_folders}
    for output in _apart(outputs, before, result, places, templates.digest):
        path = output.path
        result.paths.append(path)
        if fault := places.fault(path):
            result.places.add(fault)
            continue
        barrier = min(ground.above((path,)) & foreign, default=None) if foreign else None
        if barrier or path in foreign_folders:
            result.places.add(in_the_way(barrier or path, path))
            continue
        there = before.files.files.get(path)
        print_ = manifest.fingerprint(output, templates.digest)
        made = before.lying.get(path)
        if made and made.fingerprint == print_:
            result.manifest[path] = made
            continue
        with result.problems.catch():
            data = bytes_of(output, where.root, templates)
            if there and not ground.is_other(where.folder / path, data):
                result.manifest[path] = Made.of(print_, there, data)
            elif path in foreign:
                result.places.add(in_the_way(path, path))
            elif not result.problems.found and not result.places.found:
                put = swap.put(where.work, path, data)
                result.manifest[path] = Made.of(print_, put, data)
                result.staged.append(path)
    return result


def _apart(
    outputs: Iterable[Emitted], before: Before, result: Staged, places: _Places, templates: str
) -> Iterator[Output]:
    """The outputs that must be looked at one by one: of what stands, what does not lie there so."""
    for output in outputs:
        if not isinstance(output, Standing):
            yield output
            continue
        known, prints = before.lying, manifest.printed(output.digests, templates)
        as_it_was = {
            path: known[path]
            for path, print_ in prints.items()
            if path in known and known[path].fingerprint == print_
        }
        if not places.take(as_it_was.keys()):
            as_it_was = {p: made for p, made in as_it_was.items() if not places.fault(p)}
        result.manifest |= as_it_was
        result.paths += as_it_was
        for path in output.digests.keys() - as_it_was.keys():
            yield Kept(path, output.digests[path], partial(output.make, path))


def in_the_way(barrier: str, path: str) -> Problem:
    where = "" if barrier == path else f", where {path} should go"
    return Problem(
        place=Place(f"output/{barrier}"),
        code="foreign-file",
        message=f"this was not made by Postil{where}",
        hint="move it away, or put it into static/ so that it is published",
    )


class _Places:
    """Where outputs have been so far."""

    def __init__(self, before: Set[str]) -> None:
        """`before` are paths that had their places beside each other in the last site."""
        self._files: dict[str, str] = {}
        self._folders: set[str] = set()
        self._before = before
        self._again: dict[str, None] | None = {}
        """Those so far, while there was no other."""

    def take(self, paths: Set[str]) -> bool:
        """Take the places of several, if nothing can be wrong with them; whether it was done."""
        if self._again is None or not paths <= self._before or not paths.isdisjoint(self._again):
            return False
        self._again.update(dict.fromkeys(paths))
        return True

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


