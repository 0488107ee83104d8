"""A mail, made of a page: styles put into its elements, headers, sizes, and the file to send."""

from __future__ import annotations

import email.policy
import re
from collections.abc import Callable, Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr

import css_inline
from msgspec import Struct

from builder.errors import Problem
from builder.newsletter.choice import PLACE
from builder.newsletter.presets import JOINER, Preset
from builder.settings import NewsletterSettings

WARNED = 80_000
"""Bytes of HTML from which on a mail is warned of."""
CLIPPED = 102_400
"""Bytes of HTML at which Gmail cuts a mail off and hides the rest behind a link.

https://github.com/hteumeuleu/email-bugs/issues/41; Google does not document it.
"""

_SHEET = re.compile(r"<style>.*?</style>\n?", re.DOTALL)
_BODY = re.compile(r"</?t?body[^>]*>")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Mail(Struct, frozen=True, kw_only=True):
    """One issue, in both of its forms."""

    subject: str
    html: str
    text: str

    @property
    def size(self) -> int:
        """Bytes of the HTML."""
        return len(self.html.encode())


def stand_in(preset: Preset, settings: NewsletterSettings, token: str) -> dict[str, str]:
    """What the templates are told of the addresses that a service or the settings know.

    Args:
        preset: Its tags come in when nothing of the texts can be one any more; until then something
            stands for each.
        settings: What is known without a service.
        token: Part of what stands there, by chance, so that no text can hold it.
    """
    return {
        "unsubscribe": _held("unsubscribe", token) if preset.unsubscribe else settings.unsubscribe,
        "browser": _held("browser", token) if preset.browser else "",
        "address": _held("address", token) if preset.address else settings.address,
    }


def _held(name: str, token: str) -> str:
    return f"postil:{token}:{name}"


def mail(subject: str, html: str, text: str, preset: Preset, token: str) -> Mail:
    """A mail of the two rendered templates, `token` being that of what they were told.

    Styles go into the elements they are for, because many mailboxes take no notice of a style
    sheet; what is in `@media` stays in one. Nothing is fetched.
    """
    inlined = css_inline.CSSInliner(
        keep_at_rules=True, load_remote_stylesheets=False, minify_css=True
    ).inline(html)
    # Yahoo makes another element of <body>; every parser knows where that and <tbody> begin.
    inlined = _BODY.sub("", inlined)
    # css-inline puts the style sheet first; a browser looks for the encoding in the first kilobyte.
    sheet = _SHEET.search(inlined)
    if sheet:
        inlined = _SHEET.sub("", inlined, count=1).replace("</head>", f"{sheet[0]}</head>", 1)
    return Mail(
        subject=one_line(subject),
        html=_tagged(preset.harmless(inlined, is_html=True), preset, preset.address, token),
        text=_tagged(preset.harmless(text, is_html=False), preset, preset.address_text, token),
    )


def _tagged(text: str, preset: Preset, address: str, token: str) -> str:
    for name, tag in (
        ("unsubscribe", preset.unsubscribe),
        ("browser", preset.browser),
        ("address", address),
    ):
        text = text.replace(_held(name, token), tag) if tag else text
    return text


def one_line(text: str) -> str:
    """A text fit for a header: on one line, without control characters."""
    text = text.encode("utf-8", "replace").decode()
    return " ".join(_CONTROL.sub(" ", text).split())


def _literal(text: str) -> str:
    """A text in which no header sees an encoded word (RFC 2047).

    `=?utf-8?q?=0D=0ABcc:_x?=` is plain letters; but Python reads such words when a header is set,
    and writes the line end that is in them.
    """
    return text.replace("=?", f"={JOINER}?")


def message(mail: Mail, settings: NewsletterSettings, preset: Preset) -> EmailMessage:
    """The mail as a file: text first, then HTML, and marked as not yet sent.

    `List-Unsubscribe` is RFC 2369, `List-Unsubscribe-Post` RFC 8058, `List-Id` RFC 2919; the
    services set their own. No header can hold a line end: `EmailMessage` refuses one that is seen,
    and `_literal` sees to those that are not.
    """
    made = EmailMessage(policy=email.policy.SMTP)
    made["Subject"] = _literal(preset.harmless(mail.subject, is_html=False))
    if settings.sender:
        name, address = parseaddr(settings.sender)
        made["From"] = Address(_literal(one_line(name)), addr_spec=address)
    if not preset.own_header:
        if settings.unsubscribe:
            made["List-Unsubscribe"] = f"<{settings.unsubscribe}>"
            if settings.unsubscribe.startswith("https://"):
                made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        if settings.list_id:
            made["List-Id"] = f"<{settings.list_id}>"
    made["X-Unsent"] = "1"
    made.set_content(mail.text, charset="utf-8")
    made.add_alternative(mail.html, subtype="html", charset="utf-8")
    # By chance, and no two files would be the same bytes.
    made.set_boundary("=_postil_newsletter")
    return made


def oversize(found: Mail, longest: Callable[[], Sequence[tuple[str, int]]]) -> Problem | None:
    """What is wrong with the size of a mail.

    Args:
        found: The mail.
        longest: Tells of the reports that are in it whole how many bytes each would spare if it
            were only announced, the longest first; asked if the mail is too long.
    """
    if found.size < WARNED:
        return None
    spare, named = found.size - WARNED, []
    for name, size in longest():
        named.append(name)
        spare -= size
        if spare <= 0:
            break
    options = " ".join(f"--lead {name}" for name in named)
    hint = f"of the longest, send the beginning and the sourcing line: {options}" if named else ""
    told = f"{found.size:,} bytes"
    if found.size >= CLIPPED:
        message_ = f"the mail has {told}, and Gmail cuts it off at {CLIPPED:,}"
        return Problem(place=PLACE, code="clipped-mail", message=message_, hint=hint)
    message_ = f"the mail has {told}; at {CLIPPED:,} Gmail cuts it off"
    return Problem(place=PLACE, code="long-mail", message=message_, level="warning", hint=hint)
