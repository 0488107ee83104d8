"""One issue of the newsletter: chosen reports as a mail, in HTML, as text, and as a file."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Collection
from email.message import EmailMessage
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from builder.build import Built
from builder.errors import BuildError, Problem
from builder.model import ArticleId, Page
from builder.newsletter.choice import PLACE, chosen
from builder.newsletter.mail import Mail, mail, message, one_line, oversize, stand_in
from builder.newsletter.presets import NAMES, PRESETS, Name
from builder.newsletter.smtp import send_test
from builder.render.edition import edition
from builder.render.newsletter import Issue
from builder.render.newsletter import newsletter as page
from builder.render.templates import Templates

__all__ = ["NAMES", "Newsletter", "chosen", "newsletter", "send_test"]


class Newsletter(Struct, frozen=True, kw_only=True):
    """An issue, ready to leave."""

    mail: Mail
    message: EmailMessage
    """The same as mail programs have it."""
    problems: tuple[Problem, ...] = ()
    """Warnings."""

    @property
    def eml(self) -> bytes:
        """The message as a file."""
        return self.message.as_bytes()


def newsletter(  # noqa: PLR0913 - what an issue is made of
    built: Built,
    root: Path,
    articles: Collection[ArticleId],
    *,
    announced: Collection[ArticleId] = (),
    subject: str = "",
    preset: Name = "plain",
    intro: str | None = None,
    sign_off: str | None = None,
) -> Newsletter:
    """An issue of these reports.

    Args:
        built: The site; it must have an address.
        root: The site's folder, for templates of its own.
        articles: In the order in which they come.
        announced: Those of which only the beginning and the sourcing line are sent.
        subject: Of the mail; the first headline if there is none.
        preset: Which service sends it.
        intro: Markdown, instead of the settings'.
        sign_off: The same.

    Raises:
        BuildError: `no-address`, `clipped-mail`, and what is wrong with a template.
    """
    settings = built.settings.newsletter
    if not built.settings.site.url:
        hint = 'write [site] url = "https://…/", or say --base-url: links in a mail are whole ones'
        message_ = "a newsletter needs the site’s address"
        raise BuildError((Problem(place=PLACE, code="no-address", message=message_, hint=hint),))
    tags = PRESETS[preset]
    whole = edition(built.site, built.related, built.settings, root, {}, built.gallery)
    order, token = tuple(articles), secrets.token_hex(8)
    issue = Issue(
        subject=one_line(subject) or one_line(whole.title(order[0])),
        articles=order,
        announced=frozenset(announced),
        intro=settings.intro if intro is None else intro,
        sign_off=settings.sign_off if sign_off is None else sign_off,
        **stand_in(tags, settings, token),
    )
    templates = Templates(root)

    def made(of: Issue) -> Mail:
        context = page(whole, of)
        html, text = (
            templates.render(Page(name, name, context)).decode()
            for name in ("newsletter.html", "newsletter.txt")
        )
        return mail(of.subject, html, _tidy(text), tags, token)

    found = made(issue)
    fault = oversize(found, lambda: _spared(issue, made))
    if fault and fault.level == "error":
        raise BuildError((fault,))
    return Newsletter(
        mail=found,
        message=message(found, settings, tags),
        problems=(fault,) if fault else (),
    )


def _spared(issue: Issue, made: Callable[[Issue], Mail]) -> list[tuple[str, int]]:
    """What each report that is in an issue whole would spare by being announced, the most first."""
    spared = []
    for id_ in issue.articles:
        if id_ not in issue.announced:
            alone = replace(issue, articles=(id_,))
            short = replace(alone, announced=frozenset({id_}))
            spared.append((str(id_), made(alone).size - made(short).size))
    return sorted(spared, key=lambda each: -each[1])


def _tidy(text: str) -> str:
    """Without what templates leave: spaces at line ends, more than two empty lines."""
    text = re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{4,}", "\n\n\n", text).strip() + "\n"
