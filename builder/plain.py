"""Plain text to Markdown that comes out to the letter."""

from __future__ import annotations

import re


def paragraphs(text: str) -> list[str]:
    """The lines of a text that are not blank, without white space at their ends.

    Only line feeds part lines. White space inside a line stays as it is, no-break spaces and tabs
    too; at its ends everything goes that Unicode counts as white space.
    """
    return [line.strip() for line in text.split("\n") if line.strip()]


def markdown(text: str) -> str:
    """Markdown whose clean text is exactly these paragraphs, one block each."""
    return "\n\n".join(escape(paragraph) for paragraph in paragraphs(text)) + "\n"


def escape(paragraph: str) -> str:
    r"""One paragraph as Markdown that reads as it is written.

    A backslash takes the meaning from every sign that CommonMark, tables, strikethrough, footnotes
    or `[[links]]` could see something in: anywhere ``\ ` * _ [ ] < & ~ |`` and, at the beginning,
    what would make a heading, list or block quote. The text is one line, stripped.
    """
    escaped = _ANYWHERE.sub(r"\\\g<0>", paragraph)
    return _NUMBER.sub(r"\g<1>\\\g<2>", _SIGN.sub(r"\\\g<0>", escaped))


_ANYWHERE = re.compile(r"[\\`*_\[\]<&~|]")
_SIGN = re.compile(r"^[#>+=-]")
_NUMBER = re.compile(r"^([0-9]{1,9})([.)])")
