"""Passages: words of an article that an editor quotes, found again after the article changed."""

from __future__ import annotations

import re

from builder.model import Passage, Prose, Span

_QUOTES = '"“”„‟«»'
_APOSTROPHES = "'’‘‚‛`´"
_ENOUGH = (1, 2, 3, 4, 6, 8, 16, 64, 1024)
"""How many words of context are tried, one after the other, before all of the text is."""


class PassageGone(LookupError):  # noqa: N818 -- named by what happened
    """The words do not stand in the text."""


class PassageAmbiguous(LookupError):  # noqa: N818 -- named by what happened
    """The words stand in the text more than once."""

    def __init__(self, spans: tuple[Span, ...]) -> None:
        super().__init__(spans)
        self.spans = spans
        """Every place where they stand, in text order."""


def find(prose: Prose, passage: Passage) -> Span:
    """Where a passage stands.

    White space does not matter, and typographic quotation marks and apostrophes are the same as
    plain ones. Case does matter, and the words may begin or end inside a word of the text.

    Args:
        prose: The text.
        passage: The words, and what must stand directly before and after them.

    Returns:
        The span, of the clean text, from the first of the words to the last.

    Raises:
        PassageGone: If it stands nowhere, or if there are no words to look for.
        PassageAmbiguous: If it stands in more than one place.
    """
    exact = _pattern(passage.exact)
    if not exact:
        raise PassageGone
    before, after = (_pattern(words) for words in (passage.before, passage.after))
    whole = rf"(?={before}\s*({exact})\s*{after})" if before else rf"(?=({exact})\s*{after})"
    spans = sorted({Span(*match.span(1)) for match in re.finditer(whole, prose.text)})
    if not spans:
        raise PassageGone
    if len(spans) > 1:
        raise PassageAmbiguous(tuple(spans))
    return spans[0]


def passage(prose: Prose, span: Span) -> Passage:
    """A passage that finds a span again, with as few words around it as tell it from others.

    Args:
        prose: The text.
        span: A span of it; white space at its edges is left out.

    Raises:
        PassageGone: If there is nothing but white space in it.
    """
    exact = " ".join(prose.text[span.start : span.end].split())
    bare = Passage(exact=exact)
    if _is_found(prose, bare):
        return bare
    before, after = prose.text[: span.start].split(), prose.text[span.end :].split()
    for number in (*_ENOUGH, len(prose.text)):
        words = " ".join(before[-number:]), " ".join(after[:number])
        for one, other in (("", words[1]), (words[0], ""), words):
            longer = Passage(exact=exact, before=one, after=other)
            if _is_found(prose, longer):
                return longer
    raise PassageGone


def _is_found(prose: Prose, passage: Passage) -> bool:
    try:
        find(prose, passage)
    except PassageAmbiguous:
        return False
    return True


def _pattern(words: str) -> str:
    """A pattern for the words, whatever their white space and quotation marks look like."""
    return r"\s+".join("".join(map(_letter, word)) for word in words.split())


def _letter(letter: str) -> str:
    for alike in (_QUOTES, _APOSTROPHES):
        if letter in alike:
            return f"[{alike}]"
    return re.escape(letter)
