"""Links between reports: `[[2026/port-strike]]` and `[[2026/port-strike|the strike]]`."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

SCHEME = "article:"
"""What the `href` of such a link begins with; the article's name follows as it was written."""
LABEL = "label"
"""Key of a text token's `meta`: it stands for the headline of the article named there."""

_LINK = re.compile(r"\[\[([^\[\]|\n`<>\\]+)(?:\|([^\[\]\n<]+))?\]\]")


def wikilink(markdown: MarkdownIt) -> None:
    """Teach a Markdown reader these links. Words may hold emphasis; brackets they cannot hold."""
    markdown.inline.ruler.before("link", "wikilink", _rule)


def readable(name: str) -> str:
    """What stands for the headline where it is not known: `2026/port-strike` is `port strike`."""
    last = name.partition("#")[0].strip().strip("/").rpartition("/")[2]
    return " ".join(last.replace("-", " ").replace("_", " ").split()) or name.strip()


def _rule(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("[[", state.pos):
        return False
    match = _LINK.match(state.src, state.pos, state.posMax)
    if match is None or not match[1].strip() or (match[2] is not None and not match[2].strip()):
        return False
    if not silent:
        name = match[1].strip()
        state.push("link_open", "a", 1).attrs = {"href": SCHEME + name}
        if match[2] is None:
            token = state.push("text", "", 0)
            token.content = readable(name)
            token.meta = {LABEL: name}
        else:
            _words(state, match)
        state.push("link_close", "a", -1)
    state.pos = match.end()
    return True


def _words(state: StateInline, match: re.Match[str]) -> None:
    end = state.posMax
    state.pos, state.posMax = match.span(2)
    state.linkLevel += 1
    state.md.inline.tokenize(state)
    state.linkLevel -= 1
    state.posMax = end
