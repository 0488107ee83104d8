"""`explain`, `annotate`, `export`: what was found, for people and for scripts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from builder.cli import voice
from builder.cli.options import asked, chain, common, site, wishes

_FILE = click.Path(path_type=Path)


@click.command(
    "explain",
    short_help="Say what was found in an article, and why.",
    epilog="Example:  postil explain content/2026/port-strike.md",
)
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="FILE...")
@common
def explain_(files: tuple[Path, ...]) -> None:
    """Say what was found in an article, by which rule, and how to correct it.

    Each finding is followed by the lines to paste into the front matter, or into the file
    NAME.corrections.toml beside NAME.md, if it is wrong.
    """
    from builder.nlp.statements import rules  # noqa: PLC0415 - help needs none of it
    from builder.report import Reader, explain  # noqa: PLC0415 - help needs none of it
    from builder.store import Store  # noqa: PLC0415 - help needs none of it

    with Store(_stored()) as store, voice.reading(quiet=asked("quiet")) as progress:
        for edited in Reader(site(), store).read(files, progress):
            for line in explain(edited, rules()):
                click.echo(line)


@click.command(
    "annotate",
    short_help="Print what is found in files as JSON.",
    epilog="Example:  postil annotate wire/*.txt > found.jsonl",
)
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="FILE...")
@click.option("--workers", type=click.IntRange(1, 1000), help="Processes that read texts.")
@common
def annotate_(files: tuple[Path, ...], workers: int | None) -> None:
    """Print what is found in text or Markdown files, one JSON object a line.

    Offsets count characters: of a .txt file as it stands, of a .md file in its clean text, which
    is given. No site is needed; inside one, its articles are read with its register and
    corrections.
    """
    from builder.report import Reader, annotate  # noqa: PLC0415 - help needs none of it
    from builder.store import Store  # noqa: PLC0415 - help needs none of it

    with Store(_stored()) as store, voice.reading(quiet=asked("quiet")) as progress:
        _print(annotate(Reader(site(), store, workers).read(files, progress)))


@click.command(
    "export",
    short_help="Print the whole site as JSON.",
    epilog="Example:  postil export > site.jsonl",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["postil", "ninjs"]),
    default="postil",
    help="postil (articles, entities, statements) or ninjs (news items, IPTC ninjs 3.0).",
)
@click.option(
    "--article",
    "wanted",
    multiple=True,
    metavar="ID",
    help="With ninjs, only this article: 2026/port-strike. May be given again.",
)
@chain
@common
def export_(form: str, wanted: tuple[str, ...], **given: Any) -> None:
    """Print the whole site, one JSON object a line: articles, entities, statements.

    Nothing is written. Who has page = false in the register is not named; but the text of a news
    item is the article's, and names whom it names.
    """
    from builder.build import build  # noqa: PLC0415 - help needs none of it
    from builder.model import ArticleId  # noqa: PLC0415 - help needs none of it
    from builder.report import export, ninjs  # noqa: PLC0415 - help needs none of it

    if wanted and form != "ninjs":
        raise click.UsageError("--article goes with --format ninjs")
    with voice.reading(quiet=asked("quiet")) as progress:
        built = build(site(), None, wishes(**given), progress=progress)
    if form == "postil":
        _print(export(built))
        return
    if not built.settings.site.url:
        raise click.UsageError("news items need [site] url, or --base-url")
    articles = {each.article.id for each in built.site.articles}
    names = [ArticleId(name.removeprefix("content/").removesuffix(".md")) for name in wanted]
    for name in names:
        if name not in articles:
            raise click.UsageError(f"there is no article {name}")
    _print(ninjs(built, site(), names))


def _stored() -> Path | None:
    """The site's store, or none outside of a site."""
    from builder.build import CACHE, STORE  # noqa: PLC0415 - help needs none of it

    return site() / CACHE / STORE if (site() / "site.toml").is_file() else None


def _print(lines: Iterable[bytes]) -> None:
    for line in lines:
        click.echo(line)
