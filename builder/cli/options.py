"""Options that several commands have."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from builder.wishes import Wishes

Command = TypeVar("Command", bound=Callable[..., Any])

FOLDER = click.Path(path_type=Path, file_okay=False)


def common(command: Command) -> Command:
    """Give a command the options that all have; `asked` tells what they say."""
    for name, short, flag_help in (
        ("debug", (), "On a mistake of Postil's own, show the whole traceback."),
        ("verbose", ("-v",), "Say more."),
        ("quiet", ("-q",), "Say nothing but what is wrong."),
    ):
        command = click.option(
            f"--{name}",
            *short,
            is_flag=True,
            expose_value=False,
            callback=_remembered(name),
            help=flag_help,
        )(command)
    return click.option(
        "--site",
        type=FOLDER,
        default=Path(),
        metavar="DIR",
        expose_value=False,
        is_eager=True,
        callback=_remembered("site"),
        help="The site's folder, with its site.toml. Default: where you are.",
    )(command)


def site() -> Path:
    """What --site says."""
    return Path(asked("site") or Path())


def asked(name: str) -> Any:
    """What a common option says."""
    return click.get_current_context().meta.get(f"builder.{name}")


def chain(command: Command) -> Command:
    """Give a command the options of those that go through the whole chain."""
    return finished_chain(click.option("--drafts", is_flag=True, help="Drafts, too.")(command))


def finished_chain(command: Command) -> Command:
    """The same for commands that never take drafts, or always."""
    for option in (
        click.option(
            "--workers",
            metavar="N|auto|dask://HOST:PORT",
            callback=_workers,
            help="Processes that read texts; overrides [nlp] workers. Default: auto,"
            " one for each core if there are many texts and memory is free.",
        ),
        click.option(
            "--now",
            metavar="TIME",
            callback=_moment,
            help="As if it were this time: 2026-11-24T06:30. Later articles are held back.",
        ),
        click.option(
            "--base-url",
            metavar="URL",
            help="Where the site will be published; overrides [site] url.",
        ),
        click.option(
            "--cache",
            type=FOLDER,
            metavar="DIR",
            callback=_remembered("cache"),
            help="Where answers are remembered. Default: .cache in the site's folder.",
        ),
    ):
        command = option(command)
    return command


def wishes(**given: Any) -> Wishes:
    """What the options of `chain` say, and what else a command wishes."""
    from builder.wishes import Wishes  # noqa: PLC0415 - help needs none of it

    return Wishes(**given)


def _remembered(name: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    def remember(ctx: click.Context, _: click.Parameter, value: Any) -> Any:
        ctx.meta[f"builder.{name}"] = value
        return value

    return remember


def _workers(_: click.Context, __: click.Parameter, value: str | None) -> int | str | None:
    if value is None or re.fullmatch(r"auto|dask(\+tls)?://.*", value):
        return value
    if value.isdigit() and 0 < int(value) <= 1000:
        return int(value)
    raise click.BadParameter(
        "give a number of processes, auto, dask://HOST:PORT, or dask+tls://HOST:PORT"
    )


def _moment(_: click.Context, __: click.Parameter, value: str | None) -> dt.datetime:
    if value is None:
        return dt.datetime.now(dt.UTC)
    try:
        return dt.datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter("write it like 2026-11-24T06:30") from None
