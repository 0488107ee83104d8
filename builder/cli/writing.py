"""`init`, `new`, `import`: what puts files into a site's folder for people to work on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from builder.cli import voice
from builder.cli.options import asked, common, site


@click.command("init", epilog="Example:  postil init my-site")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--github",
    is_flag=True,
    help="A workflow for GitHub Pages, too; also for a site that is there already.",
)
@common
def init_(folder: Path, *, github: bool) -> None:
    """Make a first site that builds."""
    from builder import starter  # noqa: PLC0415 - help needs none of it

    made = starter.init(folder, github=github)
    if not asked("quiet"):
        for path in made:
            click.echo(f"  {folder / path}")
        click.echo(f"Now type:  postil build --site {folder}")
        if github:
            click.echo(
                "Then push it to GitHub and choose there, under Settings, Pages:"
                " Source: GitHub Actions. requirements.txt says where Postil comes from."
            )


@click.command(
    "new",
    short_help="Begin an article, as a draft.",
    epilog='Example:  postil new "Dockers walk out at Pier 4"',
)
@click.argument("headline")
@common
def new_(headline: str) -> None:
    """Begin an article, as a draft with its front matter filled in."""
    from builder import settings, starter  # noqa: PLC0415 - help needs none of it

    zone = settings.zone(settings.load(site() / "site.toml").site.time_zone)
    path = starter.new(headline, site(), dt.datetime.now(zone))
    click.echo(str(path))
    if not asked("quiet"):
        click.echo("It is a draft: see it with  postil build --drafts", err=True)


@click.command(
    "import",
    short_help="Make articles of wire copy.",
    epilog="Example:  postil import ~/wire/2026-11 --outlet Reuters --into 2026",
)
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH..."
)
@click.option("--title", default="", help="The title of the one report that is imported.")
@click.option("--published", default="", metavar="DATE", help="When all of them were published.")
@click.option("--outlet", default="", help="Who reported them first: Reuters.")
@click.option("--author", "authors", multiple=True, help="Who wrote them; may be given again.")
@click.option("--topic", "topics", multiple=True, help="What they are about; may be given again.")
@click.option("--into", default="", metavar="FOLDER", help="Folder under content/: 2026.")
@common
def import_(paths: tuple[Path, ...], **wanted: str | tuple[str, ...]) -> None:
    """Make articles of wire copy: text files, folders of them, CSV tables, JSON Lines.

    The text comes out to the letter; every line is a paragraph. Nothing is overwritten.
    """
    import msgspec  # noqa: PLC0415 - help needs none of it

    from builder import wire  # noqa: PLC0415 - help needs none of it

    done = wire.bring_in(paths, site(), msgspec.convert(wanted, wire.Wishes))
    voice.tell(done.warnings)
    if not asked("quiet"):
        for path in done.paths if asked("verbose") or len(done.paths) <= _SHOWN else ():
            click.echo(f"  {site() / path}")
        click.echo(f"{voice.number(len(done.paths), 'article')} imported.")


_SHOWN = 20
"""How many imported files are listed without --verbose."""
