"""The commands: read flags, call one function, print what came of it."""

from __future__ import annotations

import gc
import importlib
from typing import Any

import click

from builder import __version__
from builder.cli import voice
from builder.errors import BuildError, ProblemError

_HOME = {
    "init": "writing",
    "new": "writing",
    "import": "writing",
    "serve": "showing",
    "build": "making",
    "check": "making",
    "publish": "sending",
    "newsletter": "mailing",
    "clean": "making",
    "explain": "telling",
    "annotate": "telling",
    "export": "telling",
}
"""Which module of this package each command lives in, in the order of the help."""


_ALLOCATIONS = 1_000_000
"""Objects after which garbage is looked for. A site is made of many more that all stay: to go
through them after every 700 takes time, and finds next to nothing."""


class Postil(click.Group):
    """Turns what commands raise into what a writer reads, and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The commands in the order in which one needs them."""
        return list(_HOME)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name; its module is imported now."""
        if name not in _HOME:
            return None
        home = importlib.import_module(f"builder.cli.{_HOME[name]}")
        found = getattr(home, f"{name}_")
        return found if isinstance(found, click.Command) else None

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command: 0 is fine, 1 are problems, 2 is wrong usage (which click tells)."""
        try:
            return super().invoke(ctx)
        except BuildError as error:
            voice.tell(error.problems, "Nothing was written.")
        except ProblemError as error:
            voice.tell([error.problem], "Nothing was written.")
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever else is raised is a mistake of ours
            voice.confess(error, ctx.meta)
        return ctx.exit(1)


@click.group(
    cls=Postil,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="A first site:  postil init my-site,  then  postil build --site my-site",
)
@click.version_option(__version__, prog_name="Postil")
def postil() -> None:
    """Articles in, an annotated site out: who says what, and how we know.

    Postil reads Markdown articles from content/, finds the people, organisations and places they
    name and the statements they carry, and makes a website of them in output/.
    """


def main() -> None:
    """Run the command line; the console script calls this."""
    gc.set_threshold(_ALLOCATIONS, 10, 10)
    try:
        postil(prog_name="postil")
    finally:
        # While Python ends it need not go through all that a site was made of.
        gc.freeze()
