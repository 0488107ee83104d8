"""One copy of a mail, handed to a mail server: to look at, never to a list."""

from __future__ import annotations

import datetime as dt
import os
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr

from builder.errors import BuildError, Problem
from builder.newsletter.choice import PLACE
from builder.settings import SmtpSettings
from builder.value import is_loopback

PASSWORD = "POSTIL_SMTP_PASSWORD"  # noqa: S105 - the name of a variable
"""Where the password is looked for: a file of settings is no place for it."""
PATIENCE = 30
"""Seconds that a server may take for an answer."""


def send_test(
    message: EmailMessage,
    to: str,
    settings: SmtpSettings,
    now: dt.datetime,
    context: ssl.SSLContext | None = None,
) -> None:
    """Hand one copy to the server of `[smtp]`.

    Args:
        message: The mail, with a sender.
        to: One address.
        settings: The server. With `starttls` and `tls` its certificate must be in order.
        now: For the header Date.
        context: Which certificates are in order; those of the system without it.

    Raises:
        BuildError: `bad-recipient`, `no-smtp`, `no-sender`, `no-password`, `open-password`,
            `not-sent`.
    """
    name, address = parseaddr(to)
    if name or address != to or not _is_one_address(to):
        raise _wrong(
            "bad-recipient", f"{to!r} is not one address", "write it like ana@tide.example"
        )
    if not settings.host:
        raise _wrong("no-smtp", "no mail server is set", 'write [smtp] host = "…" into site.toml')
    if "From" not in message:
        hint = 'write [newsletter] sender = "The Tide <news@tide.example>"'
        raise _wrong("no-sender", "nobody is set as the sender", hint)
    password = _password(settings)
    message = _addressed(message, to, now)
    try:
        with _connected(settings, context or ssl.create_default_context()) as server:
            if settings.user:
                server.login(settings.user, password)
            server.send_message(message, to_addrs=[to])
    except smtplib.SMTPAuthenticationError as error:
        hint = f"look at [smtp] user and at the password in {PASSWORD}"
        raise _wrong("not-sent", f"the server refused the login: {_said(error)}", hint) from None
    except (OSError, smtplib.SMTPException, ValueError) as error:
        hint = "look at [smtp] host, port and security"
        told = f"{settings.host} did not take the mail: {_said(error)}"
        raise _wrong("not-sent", told, hint) from None


def _password(settings: SmtpSettings) -> str:
    """The password, if there is a login and nobody on the way could read it."""
    if not settings.user:
        return ""
    if settings.security == "none" and not is_loopback(settings.host):
        hint = 'write [smtp] security = "starttls" or "tls", or leave out the user'
        told = f"the password would go to {settings.host} for everybody to read"
        raise _wrong("open-password", told, hint)
    password = os.environ.get(PASSWORD, "")
    if not password:
        hint = f"put it into the environment: {PASSWORD}=… postil newsletter …"
        raise _wrong("no-password", f"[smtp] user is {settings.user}, but no password is set", hint)
    if not f"{settings.user}{password}".isascii():
        hint = "smtplib sends none but those of ASCII: have the service make another password"
        raise _wrong("no-password", "the user or the password has letters with accents", hint)
    return password


def _addressed(message: EmailMessage, to: str, now: dt.datetime) -> EmailMessage:
    made = EmailMessage(policy=message.policy)
    for key, value in message.items():
        if key != "X-Unsent":
            made[key] = value
    made["To"] = to
    made["Date"] = format_datetime(now)
    made["Message-ID"] = make_msgid(domain=parseaddr(str(message["From"]))[1].partition("@")[2])
    made.set_payload(message.get_payload())
    return made


def _connected(settings: SmtpSettings, context: ssl.SSLContext) -> smtplib.SMTP:
    where = (settings.host, settings.port)
    if settings.security == "tls":
        return smtplib.SMTP_SSL(*where, timeout=PATIENCE, context=context)
    server = smtplib.SMTP(*where, timeout=PATIENCE)
    if settings.security == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


def _is_one_address(to: str) -> bool:
    local, at, domain = to.partition("@")
    return bool(local and at and domain) and not set(to) & set(' ,;<>\r\n\t"') and "@" not in domain


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        told = error.smtp_error
        text = told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
        return f"{error.smtp_code} {' '.join(text.split())}"
    return " ".join(str(error).split()) or type(error).__name__


def _wrong(code: str, message: str, hint: str) -> BuildError:
    return BuildError((Problem(place=PLACE, code=code, message=message, hint=hint),))
