"""`newsletter`: reports as a mail."""

from __future__ import annotations

import datetime as dt
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from builder.cli import voice
from builder.cli.options import FOLDER, asked, common, finished_chain, site, wishes
from builder.errors import BuildError, Place, Problem, ProblemError

if TYPE_CHECKING:
    from builder.build import Built
    from builder.newsletter import Newsletter

_PRESETS = ("plain", "listmonk", "mailchimp", "mailerlite", "buttondown")
_TEXT = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command(
    "newsletter",
    short_help="Make a mail of reports: HTML, text, and a file to send.",
    epilog="Example:  postil newsletter --since 2026-11-20 --preset listmonk --open",
)
@click.argument("articles", nargs=-1, metavar="[ARTICLE]...")
@click.option("--topic", "topics", multiple=True, help="All reports on it; may be given again.")
@click.option("--story", "stories", multiple=True, help="All of a story; may be given again.")
@click.option("--since", metavar="DATE", help="All that are as new: 2026-11-20.")
@click.option("--lead", multiple=True, metavar="ARTICLE", help="Of this one only the beginning.")
@click.option("--leads", is_flag=True, help="Of all only the beginning and the sourcing line.")
@click.option("--subject", default="", help="Default: the first headline.")
@click.option("--intro", type=_TEXT, metavar="FILE", help="Markdown to stand above.")
@click.option("--sign-off", type=_TEXT, metavar="FILE", help="Markdown to stand below.")
@click.option(
    "--preset",
    type=click.Choice(_PRESETS),
    default="plain",
    show_default=True,
    help="Which service sends it: its tags for unsubscribing and the like.",
)
@click.option("--output", type=FOLDER, metavar="DIR", help="Default: newsletter in the site.")
@click.option("--open", "show", is_flag=True, help="Look at it in a browser, as on a telephone.")
@click.option("--send-test", metavar="ADDRESS", help="Send one copy with the server of [smtp].")
@finished_chain
@common
def newsletter_(  # noqa: PLR0913 - its options
    articles: tuple[str, ...],
    topics: tuple[str, ...],
    stories: tuple[str, ...],
    since: str | None,
    lead: tuple[str, ...],
    *,
    leads: bool,
    subject: str,
    intro: Path | None,
    sign_off: Path | None,
    preset: Any,
    output: Path | None,
    show: bool,
    send_test: str | None,
    **given: Any,
) -> None:
    """Make one issue of chosen reports, or of a topic, a story, or everything since a date.

    Three files: HTML for a service, text, and an .eml that mail programs open as a draft. Quotes
    are tinted and notes numbered; links are whole addresses. Nothing is sent to a list.
    """
    from builder.build import build  # noqa: PLC0415 - help needs none of it
    from builder.folders import text_of  # noqa: PLC0415
    from builder.newsletter import chosen, newsletter  # noqa: PLC0415

    wanted = wishes(**given)
    own = {"intro": text_of(intro) if intro else None}
    own["sign_off"] = text_of(sign_off) if sign_off else None
    with voice.reading(quiet=asked("quiet")) as progress:
        built = build(site(), None, wanted, progress=progress)
    announced = chosen(built.site, articles=lead) if lead else ()
    ids = announced
    if articles or topics or stories or since or not lead:
        moment = _since(since, built) if since else None
        ids = chosen(built.site, articles=articles, topics=topics, stories=stories, since=moment)
        ids = tuple(dict.fromkeys([*ids, *announced]))
    made = newsletter(
        built,
        site(),
        ids,
        announced=ids if leads else announced,
        subject=subject,
        preset=preset,
        **own,
    )
    voice.tell(made.problems)
    stem = _written(made, output or site() / "newsletter")
    if not asked("quiet"):
        kilobytes = f"{made.mail.size / 1000:.1f} kB of HTML"
        click.echo(f"{voice.number(len(ids), 'report')}, {kilobytes}: {stem}.html, .txt, .eml")
    if send_test is not None:
        _send(made, send_test, built, wanted.now)
    if show:
        _show(stem)


def _since(text: str, built: Built) -> dt.datetime:
    from builder.settings import zone  # noqa: PLC0415 - help needs none of it

    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("write it like 2026-11-20", param_hint="--since") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone(built.settings.site.time_zone))


def _written(made: Newsletter, folder: Path) -> Path:
    """Write the three files; what they are called, less what they end with."""
    from builder.routes import slug  # noqa: PLC0415 - help needs none of it

    stem = folder / slug(made.mail.subject)
    forms = {"html": made.mail.html.encode(), "txt": made.mail.text.encode(), "eml": made.eml}
    for kind, data in forms.items():
        _write(Path(f"{stem}.{kind}"), data)
    return stem


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        problem = Problem(
            place=Place(str(path)),
            code="unwritable-file",
            message=f"the file cannot be written: {error.strerror}",
            hint="look at the folder’s permissions, or name another: --output",
        )
        raise ProblemError(problem) from None


def _send(made: Newsletter, to: str, built: Built, now: dt.datetime) -> None:
    from builder.newsletter import send_test  # noqa: PLC0415 - help needs none of it

    try:
        send_test(made.message, to, built.settings.smtp, now)
    except BuildError as error:
        voice.tell(error.problems, "The files were written; nothing was sent.")
        click.get_current_context().exit(1)
    if not asked("quiet"):
        click.echo(f"One copy was sent to {to}.")


_PHONE = """<!doctype html>
<meta charset="utf-8">
<title>{name}</title>
<style>
body {{ margin: 0; padding: 24px; background: #8d887e; text-align: center }}
iframe {{ border: 0; height: calc(100vh - 48px); width: 390px }}
</style>
<iframe src="{name}.html" title="as on a telephone"></iframe>
"""


def _show(stem: Path) -> None:
    """Open the mail in a frame that is as wide as a telephone."""
    frame = Path(f"{stem}-phone.html")
    _write(frame, _PHONE.format(name=stem.name).encode())
    webbrowser.open(frame.resolve().as_uri())
