"""`build`, `check`, `clean`: from articles to a site, and away with it."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from builder.cli import voice
from builder.cli.options import FOLDER, asked, chain, common, site, wishes
from builder.errors import BuildError, Problem, ProblemError

if TYPE_CHECKING:
    from builder.model import Written
    from builder.receipt import Outcome

_OUTPUT = click.option(
    "--output",
    type=FOLDER,
    metavar="DIR",
    help="Where the site is written. Default: output in the site's folder.",
)
_HELD = {"draft": "a draft", "future": "dated in the future", "expired": "expired"}


@click.command(
    "build",
    short_help="Make the site in output/.",
    epilog="Example:  postil build --base-url https://example.org/news/",
)
@_OUTPUT
@click.option("--strict", is_flag=True, help="Warnings stop the build, too.")
@click.option(
    "--search/--no-search",
    default=None,
    help="Make the search index, or not. Default: as site.toml says.",
)
@click.option("--profile", is_flag=True, help="Say how long each stage took.")
@chain
@common
def build_(
    output: Path | None, *, strict: bool, profile: bool, search: bool | None, **given: Any
) -> None:
    """Make the site: articles from content/ become pages in output/.

    Only what changed is written. If anything is wrong, all mistakes are listed and the pages that
    are there stay as they are.
    """
    from builder.model import Written  # noqa: PLC0415 - help needs none of it
    from builder.receipt import Receipts  # noqa: PLC0415 - help needs none of it

    start = time.perf_counter()
    folder, wished = output or site() / "output", wishes(strict=strict, search=search, **given)
    if outcome := Receipts.of(site(), folder, wished).outcome():
        timings: tuple[tuple[str, float], ...] = (("nothing", time.perf_counter() - start),)
        written, notice = Written(unchanged=outcome.outputs), ""
    else:
        from builder.build import build  # noqa: PLC0415 - nor does a build with nothing to do

        with voice.reading(quiet=asked("quiet")) as progress:
            built = build(site(), folder, wished, progress=progress)
        outcome, timings, notice = built.outcome, built.timings, built.notice
        written = built.written or Written()
        # What is part of a ring is not taken apart, object by object, while the process ends.
        ring: list[Any] = [built]
        ring.append(ring)
    _report(outcome, written, notice)
    if not asked("quiet"):
        seconds = time.perf_counter() - start
        click.echo(f"{voice.done(written)} in {seconds:.1f} s. Open {folder / 'index.html'}")
    if profile:
        for stage, seconds in timings:
            click.echo(f"{stage:>10} {seconds:8.2f} s", err=True)


@click.command(
    "check",
    short_help="Look for mistakes; write nothing.",
    epilog="Example:  postil check --format github",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "github", "json"]),
    default="text",
    show_default=True,
    help="For people, as annotations of a GitHub workflow, or as JSON.",
)
@click.option("--strict", is_flag=True, help="Warnings count as mistakes.")
@chain
@common
def check_(form: str, *, strict: bool, **given: Any) -> None:
    """Look for mistakes without writing anything; every warning and hint is shown."""
    from builder.build import build  # noqa: PLC0415 - help needs none of it
    from builder.check import NEARLY  # noqa: PLC0415 - help needs none of it

    outlook = None
    try:
        with voice.reading(quiet=asked("quiet")) as progress:
            built = build(site(), None, wishes(thorough=True, **given), progress=progress)
        problems, outlook = built.problems, built.outlook
    except BuildError as error:
        problems = error.problems
    except ProblemError as error:
        problems = (error.problem,)
    _show(problems, form)
    if outlook and outlook.share < NEARLY and form == "text" and not asked("quiet"):
        click.echo(f"{outlook}.")
    fatal = {"error", "warning"} if strict else {"error"}
    if any(problem.level in fatal for problem in problems):
        click.get_current_context().exit(1)


@click.command(
    "clean", short_help="Remove what Postil wrote into output/.", epilog="Example:  postil clean"
)
@_OUTPUT
@click.option("--cache", type=FOLDER, metavar="DIR", help="Default: .cache in the site's folder.")
@common
def clean_(output: Path | None, cache: Path | None) -> None:
    """Remove what Postil wrote into output/, and what it remembers. Files of others stay."""
    from builder import keeping  # noqa: PLC0415 - help needs none of it
    from builder import output as writing  # noqa: PLC0415 - help needs none of it
    from builder.build import forget  # noqa: PLC0415 - help needs none of it

    remembered = keeping.cache_of(site(), cache)
    gone = writing.clean(output or site() / "output", remembered)
    forget(remembered)
    if not asked("quiet"):
        click.echo(f"{voice.number(len(gone), 'file')} removed, and the cache.")


def _report(outcome: Outcome, written: Written, notice: str) -> None:
    """What there is to say about a site, and which files were written."""
    if notice:
        click.echo(notice, err=True)
    if asked("verbose"):
        voice.tell(outcome.problems)
    elif outcome.problems and not asked("quiet"):
        click.echo(f"{voice.counted(outcome.problems)}; see: postil check", err=True)
    if asked("quiet"):
        return
    for reason, count in sorted(outcome.held_back.items()):
        click.echo(f"{voice.number(count, 'article')} held back: {_HELD[reason]}.")
    if asked("verbose"):
        for what in ("new", "changed", "removed"):
            for path in getattr(written, what):
                click.echo(f"  {what:<8} {path}")


def _show(problems: tuple[Problem, ...], form: str) -> None:
    match form:
        case "json":
            click.echo(voice.as_json(problems))
        case "github":
            # GitHub looks from the top of the repository, wherever a step stands.
            here, top = Path.cwd(), Path(os.environ.get("GITHUB_WORKSPACE") or ".")
            start = top if here.is_relative_to(top.resolve()) else here
            folder = Path(os.path.relpath(site(), start)).as_posix()
            for line in voice.workflow_commands(problems, folder):
                click.echo(line)
        case _:
            for problem in problems:
                click.echo(str(problem))
            if not asked("quiet"):
                click.echo(f"{voice.counted(problems) or 'Nothing is wrong'}.")
