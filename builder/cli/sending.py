"""`publish`: what sends a site out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from builder.cli import voice
from builder.cli.options import asked, common, finished_chain, site, wishes
from builder.errors import BuildError

if TYPE_CHECKING:
    from builder.publish import Published


@click.command(
    "publish",
    short_help="Build, check, and push to the branch that a host serves.",
    epilog="Example:  postil publish --dry-run",
)
@click.option("--dry-run", is_flag=True, help="Say what would change; push nothing.")
@click.option(
    "--require-review", is_flag=True, help="Statements that nobody has checked are errors."
)
@click.option(
    "--replace",
    is_flag=True,
    help="Publish upon a commit of others, too; what they changed is named.",
)
@finished_chain
@common
def publish_(*, dry_run: bool, require_review: bool, replace: bool, **given: Any) -> None:
    """Build the site from nothing, check it, and push it to the branch of [publish].

    It fetches first, and pushes in one step: readers see the old site or the new one. With any
    error, nothing is pushed.
    """
    from builder.publish import publish  # noqa: PLC0415 - help needs none of it

    try:
        with voice.reading(quiet=asked("quiet")) as progress:
            published = publish(
                site(),
                wishes(**given),
                rehearse=dry_run,
                require_review=require_review,
                replace_theirs=replace,
                progress=progress,
            )
    except BuildError as error:
        voice.tell(error.problems, "Nothing was published.")
        click.get_current_context().exit(1)
    _report(published, dry_run=dry_run)


def _report(published: Published, *, dry_run: bool) -> None:
    pushed, changes = published.pushed, published.pushed.changes
    for path in pushed.dropped:
        click.echo(f"of others, in the history only: {path}", err=True)
    if asked("quiet"):
        return
    if dry_run or asked("verbose"):
        for what in ("new", "changed", "removed"):
            for path in getattr(changes, what):
                click.echo(f"  {what:<8} {path}")
    if not changes:
        click.echo(f"Nothing has changed: {published.target} is as it should be.")
        return
    counts = (
        f"{voice.number(len(changes.new), 'file')} new, {len(changes.changed):,} changed,"
        f" {len(changes.removed):,} removed"
    )
    if dry_run:
        click.echo(f"{counts}. Nothing was pushed to {published.target}.")
    else:
        click.echo(
            f"{counts}. Commit {pushed.commit[:10]} is now {published.target};"
            f" its host will show it at {published.address}"
        )
