"""Git itself, as a program: the few plumbing commands that publishing needs.

Nothing here touches the index, the working tree or the branch that somebody has checked out.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field

from builder.errors import BuildError, Place, Problem

_ALWAYS = (
    *("-c", "core.quotePath=false", "-c", "log.showSignature=false"),
    # Tidying up may wait: where objects lie aside it would look in the wrong place.
    *("-c", "gc.auto=0", "-c", "maintenance.auto=false"),
)


_CONTROL = re.compile(r"\x1b\[[\d;]*[A-Za-z]|[\x00-\x1f\x7f-\x9f]")
_REJECTED = re.compile(r"\[(?:remote )?rejected\] \((.+)\)")


class GitFailed(Exception):  # noqa: N818 - what happened, not what it is
    """A command of Git ended with something else than 0."""

    def __init__(self, command: str, said: str) -> None:
        super().__init__(f"git {command}: {said}")
        self.command = command
        self.said = said
        """All that Git wrote."""

    @property
    def reason(self) -> str:
        """What matters of it, in one line: what the other end says and why, else the first line.

        Nothing of it can move the cursor or change colours.
        """
        lines = [_CONTROL.sub("", line).strip() for line in self.said.splitlines()]
        told = [line[7:].strip() for line in lines if line.startswith("remote:")]
        told += [match[1] for line in lines if (match := _REJECTED.search(line))]
        first = next((line for line in lines if line), "")
        return "; ".join(filter(None, told)) or re.sub(r"^(?:fatal|error): ", "", first)


class Changed(Struct, frozen=True):
    """Paths of files in which two trees differ, each in order."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.removed)


class Repository(Struct, frozen=True):
    """A repository of Git, seen from a folder of its working tree."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    """What the commands find in their environment besides."""

    def run(
        self, *command: str, data: bytes | None = None, extra: Mapping[str, str] | None = None
    ) -> str:
        """What a command prints, without the last line end.

        Args:
            command: Its words, without `git`.
            data: What it reads.
            extra: What it alone finds in its environment.

        Raises:
            GitFailed: If it ends with something else than 0.
            BuildError: `no-git`, if there is no such program.
        """
        # A hook that publishes has these set, for another repository than the one that is meant.
        inherited = {k: v for k, v in os.environ.items() if k not in _OF_HOOKS}
        # In English, so that what is looked for in an answer is there.
        environment = {**inherited, "LC_ALL": "C.UTF-8", **self.environment, **(extra or {})}
        try:
            done = subprocess.run(  # noqa: S603 - no shell; settings are checked
                ["git", "-C", str(self.folder), *_ALWAYS, *command],  # noqa: S607 - the user's own
                check=False,
                input=data or b"",
                capture_output=True,
                env=environment,
            )
        except FileNotFoundError:
            raise _no_git() from None
        if done.returncode:
            told = (done.stderr + b"\n" + done.stdout).decode("utf-8", "replace")
            raise GitFailed(command[0], told.strip() or f"it ended with {done.returncode}")
        return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")

    def ask(self, *command: str) -> str:
        """What a command prints; empty if it fails."""
        try:
            return self.run(*command)
        except GitFailed:
            return ""

    def succeeds(self, *command: str) -> bool:
        """Whether a command ends with 0."""
        try:
            self.run(*command)
        except GitFailed:
            return False
        return True

    def tree(self, folder: Path, paths: Sequence[str], scratch: Path) -> str:
        """The tree of some files below a folder, to the byte: no filter and no line end applies.

        Args:
            folder: Where they lie.
            paths: Relative to it, with forward slashes and without line ends.
            scratch: A folder for an index of its own.

        Returns:
            The hash of the tree.
        """
        if not paths:
            return self.empty_tree()
        files = "".join(f"{folder.resolve() / path}\n" for path in paths)
        hashes = self.run(
            "hash-object", "-w", "--no-filters", "--stdin-paths", data=os.fsencode(files)
        ).splitlines()
        entries = "".join(
            f"100644 {hash_}\t{path}\0" for hash_, path in zip(hashes, paths, strict=True)
        )
        index = {"GIT_INDEX_FILE": str(scratch / "index")}
        self.run("update-index", "-z", "--index-info", data=os.fsencode(entries), extra=index)
        tree = self.run("write-tree", extra=index)
        # Git passes over paths that it does not like, and says nothing.
        listed = self.run("ls-tree", "-r", "-z", "--full-tree", "--name-only", tree)
        if (taken := listed.count("\0")) < len(paths):
            raise GitFailed("write-tree", f"Git took {taken} of {len(paths)} files")
        return tree

    def empty_tree(self) -> str:
        """The tree without files."""
        return self.run("hash-object", "-t", "tree", "-w", "--stdin", data=b"")

    def difference(self, before: str, after: str) -> Changed:
        """What must happen to the files of one tree so that it becomes the other."""
        told = self.run(
            "diff-tree", "-r", "-z", "--no-renames", "--name-status", before, after
        ).split("\0")
        pairs = list(zip(told[::2], told[1::2], strict=False))
        return Changed(
            new=tuple(path for how, path in pairs if how == "A"),
            changed=tuple(path for how, path in pairs if how in {"M", "T"}),
            removed=tuple(path for how, path in pairs if how == "D"),
        )


_OF_HOOKS = {
    *("GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_CONFIG", "GIT_CONFIG_COUNT"),
    *("GIT_CONFIG_PARAMETERS", "GIT_DIR", "GIT_GRAFT_FILE", "GIT_IMPLICIT_WORK_TREE"),
    *("GIT_INDEX_FILE", "GIT_INTERNAL_SUPER_PREFIX", "GIT_NO_REPLACE_OBJECTS"),
    *("GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_QUARANTINE_PATH", "GIT_REPLACE_REF_BASE"),
    *("GIT_SHALLOW_FILE", "GIT_WORK_TREE"),
}
"""What belongs to one repository: `git rev-parse --local-env-vars`, and a push's quarantine."""


def _no_git() -> BuildError:
    problem = Problem(
        place=Place("postil publish"),
        code="no-git",
        message="the program git is not there",
        hint="install Git, or upload the output folder by other means",
    )
    return BuildError((problem,))
