"""What goes into readers' mailboxes."""

from __future__ import annotations

from msgspec import Struct

from builder.render.views.machines import PlainNoteView
from builder.render.views.parts import DayView, Html, ImageView, LinkView, SourcingView
from builder.render.views.report import NoticeView


class MailReportView(Struct, frozen=True, kw_only=True):
    """A report in a mail; every address is a whole one."""

    language: str = ""
    """Of the text, where it is not the newsletter's."""
    direction: str = "ltr"
    headline: str
    url: str
    kicker: LinkView | None = None
    dek: str = ""
    """The summary; of a report that is only announced, its first paragraph if it has none."""
    byline: str = ""
    """`By Ines Okafor and Jon Ek`"""
    day: DayView
    sourcing: SourcingView
    notices: tuple[NoticeView, ...] = ()
    image: ImageView | None = None
    """As wide as the mail at the most."""
    body: Html = Html("")
    """The text with tinted statements (`<span class="q">`); empty if it is only announced."""
    footnotes: tuple[PlainNoteView, ...] = ()
    notes: tuple[PlainNoteView, ...] = ()
    """On sources, by number."""


class NewsletterPage(Struct, frozen=True, kw_only=True):
    """`newsletter.html` and `newsletter.txt`: one issue."""

    words: str
    """The language of the interface, as a tag."""
    language: str
    """The site's, as a tag."""
    direction: str = "ltr"
    title: str
    """The newsletter's name."""
    home: str
    """The site."""
    subject: str
    preheader: str = ""
    """What mailboxes show beside the subject: at most 100 characters."""
    notice: Html = Html("")
    """`[site] notice`."""
    intro: Html = Html("")
    sign_off: Html = Html("")
    reports: tuple[MailReportView, ...] = ()
    browser: str = ""
    """Where the mail itself can be read in a browser, or the tag that a service puts that for."""
    unsubscribe: str = ""
    """The same of where readers leave the list."""
    address: str = ""
    """The postal address, or its tag."""
