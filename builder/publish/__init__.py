"""A site out into the world: built from nothing, looked through, and pushed in one step."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from builder import keeping, nlp, output, prose
from builder.build import Analyse, Built, Progress, Wishes, build
from builder.editing import hull
from builder.errors import BuildError, Place, Problem, ordered
from builder.model import Edited
from builder.output.ground import LISTING
from builder.publish import branch, finished
from builder.publish.branch import Pushed, Target
from builder.publish.origins import Origins
from builder.receipt import Receipts
from builder.settings import Settings

__all__ = ["Published", "Pushed", "publish"]

_STRICT = {"unknown-anchor"}
"""Warnings of a build that are errors of a site that goes out."""


class Published(Struct, frozen=True, kw_only=True):
    """A site that is out, or would be."""

    built: Built
    target: Target
    address: str
    """Where readers find it."""
    pushed: Pushed


def publish(  # noqa: PLR0913 - what to publish, and how careful to be
    root: Path,
    wishes: Wishes,
    *,
    rehearse: bool = False,
    require_review: bool = False,
    replace_theirs: bool = False,
    progress: Progress | None = None,
    analyse: Analyse = nlp.analyse,
) -> Published:
    """Build a site from nothing, look it through, and push it to the branch of `[publish]`.

    Args:
        root: The site's folder, in a repository of Git.
        wishes: As for `build`. Drafts never go out.
        rehearse: Whether only to say what would change.
        require_review: Whether statements that no editor answers for are errors.
        replace_theirs: Whether to publish, too, upon a commit that others made.
        progress: Told how the reading goes on.
        analyse: What reads the texts.

    Raises:
        BuildError: With all that is wrong; the remote is then as it was.
    """
    repository = branch.repository(root)
    with tempfile.TemporaryDirectory(prefix="postil-") as name:
        folder = Path(name) / "site"
        try:
            built = build(
                root, folder, replace(wishes, drafts=False), progress=progress, analyse=analyse
            )
            paths = _paths(folder)
            _stop(_faults(built, root, folder, paths, require_review=require_review))
            target = Target(built.settings.publish.remote, built.settings.publish.branch)
            pushed = branch.push(
                repository,
                target,
                folder,
                paths,
                rehearse=rehearse,
                replace_theirs=replace_theirs,
            )
        finally:
            # What the cache remembers of this folder would be of no use.
            output.forget(folder, wishes.cache or root / keeping.CACHE)
            Receipts.of(root, folder, wishes).forget()
    return Published(built=built, target=target, address=built.settings.site.url, pushed=pushed)


def _paths(folder: Path) -> list[str]:
    """All files of the site, but for the list that Postil keeps for itself."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if path != LISTING)


def _faults(
    built: Built, root: Path, folder: Path, paths: list[str], *, require_review: bool
) -> Iterator[Problem]:
    address = built.settings.site.url
    if wrong := list(_wrong_address(built.settings)):
        # Else every page would be told of.
        yield from wrong
        address = ""
    strict = [problem for problem in built.problems if problem.code in _STRICT]
    yield from (replace(problem, level="error") for problem in strict)
    if require_review:
        for edited in built.site.articles:
            yield from _unreviewed(edited)
    if not address:
        return
    # Articles whose anchors were told already, each at its line.
    known = {problem.place.path for problem in strict}
    faults = finished.faults(folder, paths, address)
    for problem in Origins.of(built.site, root).problems(faults):
        if problem.code != "broken-anchor" or problem.place.path not in known:
            yield problem


def _wrong_address(settings: Settings) -> Iterator[Problem]:
    address, domain = settings.site.url, settings.publish.domain.lower()
    host = urlsplit(address).hostname or ""
    if not address:
        yield Problem(
            place=Place("site.toml"),
            code="no-address",
            message="a site that is published needs to know where",
            hint='write [site] url = "https://NAME.github.io/REPOSITORY/", or say --base-url',
        )
    elif finished.is_local(address):
        yield Problem(
            place=Place("site.toml"),
            code="local-address",
            message=f"{address} leads to the reader’s own machine",
            hint='write [site] url = "https://NAME.github.io/REPOSITORY/", or say --base-url',
        )
    elif domain and host != domain:
        yield Problem(
            place=Place("site.toml"),
            code="other-domain",
            message=f"[publish] domain is {domain}, but [site] url leads to {host}",
            hint=f'write [site] url = "https://{domain}/"',
        )


def _unreviewed(edited: Edited) -> Iterator[Problem]:
    """One problem for each article with statements that readers see and nobody has checked."""
    shown = [said for said in edited.statements if said.shown]
    waiting = [said for said in shown if said.checked_by is None and said.origin == "model"]
    if not waiting:
        return
    path = edited.article.place.path
    yield Problem(
        place=Place(path, prose.line_of(edited.prose, hull(waiting[0].statement).start)),
        code="unreviewed-statement",
        message=f"nobody checked {len(waiting)} of {len(shown)} statements",
        hint=f"confirm or correct them: postil serve --open, or postil explain {path}",
    )


def _stop(faults: Iterator[Problem]) -> None:
    found = ordered(faults)
    if found:
        raise BuildError(found)
