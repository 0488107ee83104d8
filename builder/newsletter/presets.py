"""Where a mail goes from here: the tags that each service puts addresses of its own for.

What a text says must not be taken for a tag: every service reads the whole mail for them, and in
listmonk and Buttondown a tag is a small program.
"""

from __future__ import annotations

import re
from typing import Literal, get_args

from msgspec import Struct

Name = Literal["plain", "listmonk", "mailchimp", "mailerlite", "buttondown"]
NAMES: tuple[Name, ...] = get_args(Name)

JOINER = "\u2060"
"""Takes no room and is seen by nobody: keeps two signs of a text from making a tag."""


class Preset(Struct, frozen=True, kw_only=True):
    """How a service writes what only it knows; empty: from the settings, if they say it."""

    unsubscribe: str = ""
    browser: str = ""
    """Where the mail itself can be read in a browser."""
    address: str = ""
    """The postal address, in HTML."""
    address_text: str = ""
    """The same in the text part."""
    opening: str = r"(?!)"
    """The first sign of a tag, as a pattern; at first none is."""
    own_header: bool = True
    """Whether the service sets `List-Unsubscribe` and `List-Id` itself."""

    def harmless(self, text: str, *, is_html: bool) -> str:
        """A text in which nothing is a tag."""
        pattern = re.compile(self.opening)
        if is_html:
            return pattern.sub(lambda match: f"&#{ord(match[0])};", text)
        return pattern.sub(rf"\g<0>{JOINER}", text)


PRESETS: dict[Name, Preset] = {
    "plain": Preset(own_header=False),
    "listmonk": Preset(
        unsubscribe="{{ UnsubscribeURL }}",
        browser="{{ MessageURL }}",
        opening=r"\{(?=\{)",
    ),
    "mailchimp": Preset(
        unsubscribe="*|UNSUB|*",
        browser="*|ARCHIVE|*",
        address="*|HTML:LIST_ADDRESS_HTML|*",
        address_text="*|LIST:ADDRESS|*",
        opening=r"\*(?=\|)",
    ),
    "mailerlite": Preset(
        unsubscribe="{$unsubscribe}",
        browser="{$url}",
        opening=r"\{(?=\$)",
    ),
    "buttondown": Preset(
        unsubscribe="{{ unsubscribe_url }}",
        browser="{{ email_url }}",
        opening=r"\{(?=[{%#])",
    ),
}
"""The services, and where their tags are documented.

listmonk: https://listmonk.app/docs/templating/ (all tags read there). Paste the HTML as a campaign
of raw HTML, with a template that is `{{ template "content" . }}` and nothing else.

Mailchimp: https://mailchimp.com/help/all-the-merge-tags-cheat-sheet/. `*|UNSUB|*`, without which it
sends nothing, and `*|HTML:LIST_ADDRESS_HTML|*` were read in its older help pages (kb.mailchimp.com,
"HTML Code for Footer Content"); `*|ARCHIVE|*` and `*|LIST:ADDRESS|*` are from memory, as the page
itself could not be seen.

MailerLite: https://www.mailerlite.com/help/how-to-use-the-custom-html-editor. `{$unsubscribe}` was
read in an issue of its own PHP library (mailerlite-php, 19); `{$url}` is from memory, as the page
could not be seen. It puts its own footer with the company's address below every mail.

Buttondown: https://docs.buttondown.com/template-variables (both tags read in the source of that
page; its language is Django's). It appends the address itself.
"""
