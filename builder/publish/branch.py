"""The branch that a host serves: what lies there, whose it is, and how the new site gets there.

Git itself does it, by plumbing. ghp-import 2.1.0, which other generators use, was tried. It does
not fetch, so a branch that others moved on ends in a traceback; once somebody has fetched, it takes
their commit for its own and pushes a site without their files, without a word; with `-f` it pushes
over their commits.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from builder import __version__, routes
from builder.errors import BuildError, Place, Problem
from builder.publish.git import Changed, GitFailed, Repository

NAMED = 5
"""Files that a message names one by one."""
_LOOKED_AT = 50
"""Commits among which one that Postil made is looked for."""


class Target(Struct, frozen=True):
    """Where a site goes."""

    remote: str
    """A name, or an address."""
    branch: str

    @property
    def ref(self) -> str:
        """The branch's full name."""
        return f"refs/heads/{self.branch}"

    def __str__(self) -> str:
        return f"{self.branch} of {self.remote}"


class Pushed(Struct, frozen=True):
    """What came of a push, or would come of it."""

    changes: Changed
    commit: str = ""
    """The new commit; empty if nothing changed, and in a rehearsal."""
    dropped: tuple[str, ...] = ()
    """Files of others that the new site does not have, or has otherwise; they stay in the branch's
    history."""


def repository(folder: Path) -> Repository:
    """The repository that a folder lies in.

    Raises:
        BuildError: `no-repository`, or `no-git`.
    """
    found = Repository(folder)
    try:
        found.run("rev-parse", "--git-dir")
    except GitFailed as error:
        if "dubious ownership" in error.said:
            hint = "Git says how to trust it: git status"
            raise _wrong("no-repository", "the repository is somebody else’s", hint) from None
        hint = "git init, commit the site, and add a remote: git remote add origin ADDRESS"
        message = "the site lies in no Git repository"
        raise _wrong("no-repository", message, hint) from None
    return found


def push(  # noqa: PLR0913 - what it takes, and two ways to do it otherwise
    repo: Repository,
    target: Target,
    folder: Path,
    paths: Sequence[str],
    *,
    rehearse: bool = False,
    replace_theirs: bool = False,
) -> Pushed:
    """Make a site the newest commit of a branch on a remote, in one step or not at all.

    Fetches first. The commit stands upon the one that is there, so nothing of the branch's history
    is ever lost, and is pushed only if that one is still the newest.

    Args:
        repo: The repository that the site lies in; its objects are shared with the branch.
        target: Where the site goes.
        folder: Where its files lie.
        paths: Its files, relative to the folder.
        rehearse: Whether only to say what would change; nothing stays in the repository.
        replace_theirs: Whether to publish, too, upon what others have put there.

    Raises:
        BuildError: `no-remote`, `unreachable-remote`, `source-branch`, `remote-moved`,
            `no-identity`, `push-refused`, `git-failed`; the remote is then as it was.
    """
    try:
        return _pushed(
            repo, target, folder, paths, rehearse=rehearse, replace_theirs=replace_theirs
        )
    except GitFailed as error:
        message = f"git {error.command} failed: {error.reason}"
        hint = (
            "does git status work here? A file .lock is left by a Git that was stopped: delete it"
        )
        raise _wrong("git-failed", message, hint) from None


def _pushed(  # noqa: PLR0913 - as above
    repo: Repository,
    target: Target,
    folder: Path,
    paths: Sequence[str],
    *,
    rehearse: bool,
    replace_theirs: bool,
) -> Pushed:
    with tempfile.TemporaryDirectory(prefix="postil-") as name:
        scratch = Path(name)
        if rehearse:
            repo = _apart(repo, scratch)
        else:
            _check_identity(repo)
        tip = _fetch(repo, target)
        _check_branch(repo, target, tip)
        tree = repo.tree(folder, paths, scratch)
        changes = repo.difference(tip or repo.empty_tree(), tree)
        dropped: tuple[str, ...] = ()
        if changes and tip and not _is_ours(repo, target, tip):
            theirs = _theirs(repo, target, tip)
            dropped = tuple(sorted(theirs & {*changes.removed, *changes.changed}))
            if not replace_theirs:
                raise _moved(repo, target, tip, dropped)
        if not changes or rehearse:
            return Pushed(changes, dropped=dropped)
        commit = _commit(repo, target, tree, tip)
        _push(repo, target, commit, tip)
    return Pushed(changes, commit, dropped)


# --- what is there --------------------------------------------------------------------------------


def _apart(repo: Repository, scratch: Path) -> Repository:
    """The repository, but that new objects go elsewhere."""
    objects = (repo.folder / repo.run("rev-parse", "--git-path", "objects")).resolve()
    aside = scratch / "objects"
    aside.mkdir()
    return replace(
        repo,
        environment={
            "GIT_OBJECT_DIRECTORY": str(aside),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(objects),
        },
    )


def _check_identity(repo: Repository) -> None:
    if not repo.succeeds("var", "GIT_COMMITTER_IDENT"):
        hint = 'git config user.name "…" and git config user.email "…"'
        raise _wrong("no-identity", "Git does not know who you are", hint)


def _check_branch(repo: Repository, target: Target, tip: str) -> None:
    """Stop before the articles are replaced by the pages that are made of them."""
    here = repo.ask("symbolic-ref", "--quiet", "--short", "HEAD")
    if here != target.branch:
        return
    shared = repo.succeeds("merge-base", "HEAD", tip) if tip else not _is_address(target.remote)
    if shared:
        message = f"{target} is the branch of the articles, which is checked out here"
        hint = 'name one of its own: [publish] branch = "gh-pages"'
        raise _wrong("source-branch", message, hint)


def _fetch(repo: Repository, target: Target) -> str:
    """The newest commit of the branch, with all that belongs to it; empty if there is no branch."""
    if not _is_address(target.remote) and not repo.succeeds("remote", "get-url", target.remote):
        hint = f"git remote add {target.remote} ADDRESS, or name another: [publish] remote"
        raise _wrong("no-remote", f"there is no remote called {target.remote}", hint)
    try:
        told = repo.run("ls-remote", target.remote, target.ref)
        if not told:
            return ""
        # Without a refmap no ref of the repository moves.
        quiet = ("--quiet", "--no-tags", "--no-write-fetch-head", "--refmap=")
        repo.run("fetch", *quiet, target.remote, target.ref)
        tip = told.split()[0]
        # Others may have pushed in between: then what was fetched is newer, and this is not there.
        repo.run("cat-file", "-e", f"{tip}^{{tree}}")
    except GitFailed as error:
        hint = "is the address right, are you online, and may you read it? git remote -v"
        message = f"{target.remote} does not answer: {error.reason}"
        raise _wrong("unreachable-remote", message, hint) from None
    return tip


def _is_address(remote: str) -> bool:
    return bool(re.search(r"[:/\\]", remote))


def _is_ours(repo: Repository, target: Target, tip: str) -> bool:
    """Whether the newest commit may be followed by ours: nothing of others is in it.

    It was pushed from this clone; or Postil made it elsewhere, nobody touched it since, and the
    articles that it was made of are part of what is checked out here.
    """
    if tip in {repo.ask("rev-parse", "--verify", "--quiet", ref) for ref in _memory(target)}:
        return True
    source = _trailers(repo, tip).get(_SOURCE, "")
    return (
        _is_untouched(repo, tip)
        and bool(re.fullmatch(r"[0-9a-f]{40,64}", source))
        and repo.succeeds("merge-base", "--is-ancestor", source, "HEAD")
    )


def _is_untouched(repo: Repository, commit: str) -> bool:
    """Whether Postil made the commit, with exactly these files."""
    tree = _trailers(repo, commit).get(_TREE)
    return bool(tree) and tree == repo.ask("rev-parse", f"{commit}^{{tree}}")


def _theirs(repo: Repository, target: Target, tip: str) -> set[str]:
    """The files of the branch that others put there or changed since we last saw it as ours."""
    ours = [
        ref for ref in _memory(target) if repo.succeeds("merge-base", "--is-ancestor", ref, tip)
    ]
    recent = repo.ask("rev-list", "--first-parent", f"--max-count={_LOOKED_AT}", f"{tip}~1").split()
    made = (commit for commit in recent if _is_untouched(repo, commit))
    since = repo.difference(next(iter(ours), "") or next(made, "") or repo.empty_tree(), tip)
    return {*since.new, *since.changed}


def _memory(target: Target) -> tuple[str, str]:
    """Where the repository remembers what was pushed from here, and what was about to be."""
    name = f"{routes.slug(target.remote)}/{target.branch}"
    return f"refs/postil/published/{name}", f"refs/postil/publishing/{name}"


_TREE = "Postil-Tree"
_SOURCE = "Postil-Source"
_UNCOMMITTED = " and changes"
"""What stands behind the source if the site was made of more than what was committed."""


def _trailers(repo: Repository, commit: str) -> dict[str, str]:
    told = repo.ask("log", "-1", "--format=%(trailers:only,unfold)", commit)
    pairs = (line.partition(": ") for line in told.splitlines())
    return {key: value for key, _, value in pairs}


# --- the new commit -------------------------------------------------------------------------------


def _commit(repo: Repository, target: Target, tree: str, tip: str) -> str:
    """A commit of that tree upon the newest one."""
    source = repo.ask("rev-parse", "--verify", "--quiet", "HEAD")
    is_clean = source and not repo.ask("status", "--porcelain", "--untracked-files=all", "--", ".")
    lines = [
        f"Publish {source[:10]}" if source else "Publish",
        "",
        f"Made by Postil {__version__}.",
        "",
        f"{_TREE}: {tree}",
    ]
    if source:
        lines.append(f"{_SOURCE}: {source}{'' if is_clean else _UNCOMMITTED}")
    parent = ["-p", tip] if tip else []
    commit = repo.run("commit-tree", *parent, tree, data="\n".join(lines).encode())
    # Remembered before it is pushed: whoever is stopped in between knows his own commit again.
    repo.run("update-ref", _memory(target)[1], commit)
    return commit


def _push(repo: Repository, target: Target, commit: str, tip: str) -> None:
    """Make it the newest, if what was the newest still is."""
    lease = f"--force-with-lease={target.ref}:{tip}"
    command = ("push", "--porcelain", "--quiet", lease, target.remote, f"{commit}:{target.ref}")
    try:
        repo.run(*command)
    except GitFailed as error:
        # Whoever was faster moved the branch between our look and its lock.
        faster = (
            r"stale info|fetch first|non-fast-forward|is at \w+ but expected|incorrect old value"
        )
        if re.search(faster, error.said):
            message = f"others pushed to {target} at this very moment"
            raise _wrong("remote-moved", message, "look what they did, and publish again") from None
        hint = "the branch is as it was; may you write to it? Mend that, and publish again"
        message = f"{target.remote} refused the push: {error.reason}"
        raise _wrong("push-refused", message, hint) from None
    published, publishing = _memory(target)
    with suppress(GitFailed):
        repo.run("update-ref", published, commit)
        repo.run("update-ref", "-d", publishing)


# --- what is wrong --------------------------------------------------------------------------------


def _moved(repo: Repository, target: Target, tip: str, lost: Sequence[str]) -> BuildError:
    """Others were there; `lost` are files of theirs that would go or be overwritten."""
    author, _, day = repo.run("log", "-1", "--format=%an%x00%cs", tip).rpartition("\0")
    author = "".join(sign for sign in author if sign.isprintable())
    named = ", ".join(lost[:NAMED]) + (" …" if len(lost) > NAMED else "")
    files = f"; it would lose {named}" if lost else ""
    message = f"{target} has a commit by {author} of {day} that was not made here{files}"
    source = _trailers(repo, tip).get(_SOURCE, "")
    if set(lost) == {"CNAME"}:
        hint = "put the domain into site.toml, [publish] domain; then: postil publish --replace"
    elif source.endswith(_UNCOMMITTED):
        hint = (
            "it was made of changes that were not committed: have them committed and pushed, pull,"
            " and publish over it: postil publish --replace"
        )
    elif source:
        hint = (
            "somebody published from another clone: pull their articles and publish again,"
            " or publish over theirs: postil publish --replace"
        )
    else:
        hint = (
            "to keep files of theirs, put them into static/; then publish over their commit,"
            " which stays in the history: postil publish --replace"
        )
    return _wrong("remote-moved", message, hint)


def _wrong(code: str, message: str, hint: str) -> BuildError:
    problem = Problem(place=Place("postil publish"), code=code, message=message, hint=hint)
    return BuildError((problem,))
