"""`serve`: the site in the browser, built again on every change."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from builder.cli import voice
from builder.cli.options import asked, common, finished_chain, site, wishes

if TYPE_CHECKING:
    from builder.serve.news import Done, Fresh
    from builder.serve.server import Started


@click.command(
    "serve",
    short_help="See the site while you write, and review it.",
    epilog="Example:  postil serve --open",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help="If it is taken, the next one that is free.",
)
@click.option("--open", "opens", is_flag=True, help="Open the browser.")
@finished_chain
@common
def serve_(host: str, port: int, *, opens: bool, **given: Any) -> None:
    """Show the site as it will be, and every change at once, drafts included.

    The pages lie in .cache/preview; output/ is left alone. In the browser, Review puts right what
    was found, with a click. Ctrl-C ends it.
    """
    from builder.serve.server import serve  # noqa: PLC0415 - help needs none of it

    context = click.get_current_context()
    now = context.get_parameter_source("now")
    is_now = now is not None and now.name == "DEFAULT"
    given["drafts"] = True

    def started(where: Started) -> None:
        if not asked("quiet"):
            click.echo(f"The site is at {where.address}  (Ctrl-C ends it)")
            for address in where.others:
                click.echo(f"From other machines: {address}")
        if not where.is_private:
            click.echo(
                "Whoever can reach this machine can read drafts there and change corrections.",
                err=True,
            )

    serve(
        site(),
        wishes(**given),
        host=host,
        port=port,
        is_now=is_now,
        opens=opens,
        started=started,
        tell=_Teller().tell,
    )


class _Teller:
    """Says what each build came to; the same mistakes are told once."""

    def __init__(self) -> None:
        self._told: tuple[Any, ...] = ()

    def tell(self, event: Fresh | Done) -> None:
        news = event.news
        loud = tuple(p for p in news.problems if p.level != "hint")
        stamp = time.strftime("%H:%M:%S")
        if not hasattr(event, "made"):
            if loud != self._told:
                shown = (
                    "Nothing can be shown yet."
                    if news.is_empty
                    else "The last good pages are shown."
                )
                voice.tell(loud, shown if news.is_stopped else "")
                if self._told and not loud:
                    click.echo(f"{stamp}  All is well again.", err=True)
            self._told = loud
            if asked("verbose") and not news.is_stopped:
                click.echo(f"{stamp}  All pages are there after {news.seconds:.2f} s.")
        elif not asked("quiet"):
            click.echo(f"{stamp}  The open pages are there after {news.seconds:.2f} s.")
