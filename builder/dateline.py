"""Title and date of a wire report, found in its text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from msgspec import Struct

HEADLINE_LIMIT = 120
"""Characters of a first line that still is a headline."""
TITLE_LIMIT = 80
"""Characters of a title made of a sentence."""


class Dated(Struct, frozen=True):
    """A date, and whether it is a guess."""

    date: dt.date
    sure: bool


def headline(lines: Sequence[str]) -> str:
    """The first paragraph if it is a headline, else nothing.

    A headline is short, is neither a dateline nor a date, and more text follows. If it ends with a
    full stop, it must not read like the first sentence of the text: its words are capitalised, or
    it is one sentence, shorter than the paragraphs below it, with hardly an article and none of the
    words that reports are told with.
    """
    if len(lines) < 2 or len(lines[0]) > HEADLINE_LIMIT:
        return ""
    first = lines[0]
    if re.search(r"[,:…][\"'”’)\]]*$", first) or not re.search(r"[^\W\d_]", first):
        return ""
    if _DATELINE.match(first) or _only_date(first):
        return ""
    if not re.search(r"\.[\"'”’)\]]*$", first):
        return first
    has_words = len(re.findall(r"[^\W\d_]+", first)) >= _LEAST_WORDS
    return first if has_words and (_is_capitalised(first) or _is_terse(lines)) else ""


def first_sentence(lines: Sequence[str]) -> str:
    """A title made of the first sentence, without its dateline, cut after a word if it is long."""
    text = next((line for line in lines if not _only_date(line)), lines[0] if lines else "")
    text = " ".join(_DATELINE.sub("", text, count=1).split()) or " ".join(text.split())
    end = next((m.start() for m in _SENTENCE_END.finditer(text) if _ends(text, m.start())), None)
    sentence = text[: end if end is not None else len(text)].rstrip(" .;,:")
    if len(sentence) <= TITLE_LIMIT:
        return sentence or text[:TITLE_LIMIT]
    cut = sentence[:TITLE_LIMIT].rpartition(" ")[0] or sentence[: TITLE_LIMIT - 1]
    return cut.rstrip(" .;,:-–—") + "…"


def date(lines: Sequence[str], file_name: str = "") -> Dated | None:
    """When a report was published, as far as it says so.

    Looked for in this order, each a whole date with its year: a dateline (`LONDON, Oct. 14, 2017
    (Reuters) -`) in the first three paragraphs; a line of its own (`Friday, July 21, 2017`) among
    the first five; the file's name (`x_2016-09-12_y.txt`); a line of its own among the last three
    (which may be when it was corrected); and, as a guess, the first date in the text. Days and
    months in figures are only read as year-month-day.
    """
    for line in lines[:3]:
        match = _DATELINE.match(line)
        found = match and _dates(match[0])
        if found:
            return Dated(found[0], sure=True)
    for line in lines[:5]:
        if _only_date(line):
            return Dated(_dates(line)[0], sure=True)
    named = re.search(r"(?<!\d)(\d{4})([-_]?)(\d\d)\2(\d\d)(?!\d)", file_name)
    if named and (day := _day(int(named[1]), int(named[3]), int(named[4]))):
        return Dated(day, sure=True)
    for line in [*filter(_only_date, lines[-3:]), *lines]:
        if found := _dates(line):
            return Dated(found[0], sure=False)
    return None


def without_stop(headline: str) -> str:
    """A headline as titles are written: without the full stop or semicolon at its end."""
    headline = headline.rstrip("; ")
    is_short = _ABBREVIATION.search(headline[:-1])
    return headline if is_short or headline.endswith("..") else headline.removesuffix(".")


_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?P<month{0}>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?"
    r"|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DATE = re.compile(
    r"\b(?:"
    + _MONTH.format(1)
    + r"\s+(?P<day1>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year1>\d{4})"
    + r"|(?P<day2>\d{1,2})(?:st|nd|rd|th)?\s+"
    + _MONTH.format(2)
    + r",?\s+(?P<year2>\d{4})"
    + r"|(?P<year3>\d{4})-(?P<month3>\d\d)-(?P<day3>\d\d)(?=\D|$)"
    + r")(?!\d)",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"(?=[^a-z]*[A-Z]{3})"  # begins with a place in capitals
    r"[A-Z][\w.’' ]*(?:[,/][\w.’' ]+){0,4}"
    r"(?:\([^)]{2,40}\)\s*(?:[-–—]+\s)|\s*[-–—]+\s|\([^)]{2,40}\)\s)"
)
_AROUND = re.compile(
    r"(?:published|updated|posted|date|on|at|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)"
    r"(?:day)?\b|\d{1,2}[:.]\d\d(?:[:.]\d\d)?|[ap]\.?m\.?|(?-i:\b[A-Z]{2,4}\b)|[\s,:;|()–—.T+Z-]",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?]+[\"”’)]*(?=\s+[\"“‘(]*[^\Wa-z_])|[.!?]+[\"”’)]*$")
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Za-z]|Mr|Mrs|Ms|Dr|Prof|Col|Gen|Lt|Sgt|Capt|Maj|Sen|Rep|Gov|St|Jr|Sr|No|vs|Inc|Co"
    r"|Corp|Ltd|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec))$"
)


_LEAST_WORDS = 3
_CAPITALISED = 0.9
"""So many words begin with a capital letter in a headline where all do but the small ones."""
_SMALL = frozenset(
    {"about", "after", "against", "and", "are", "before", "between", "but", "for", "from", "has"}
    | {"his", "her", "into", "its", "like", "not", "off", "onto", "out", "over", "per", "than"}
    | {"that", "the", "their", "through", "under", "until", "via", "when", "with", "without", "who"}
)
_LONGER = 1.3
"""A paragraph below a headline is so many times as long."""
_TELLING = re.compile(
    r"\b(?:said|told|added|according|was|were|had|has|have|been|be|would|could|may|might|served"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|yesterday|today|i|we|my|our|you|your|he|she|they|it"
    r"|her|his|their|its|there|this|these|that|those|which|whose|who|if|when|where|because|however"
    r"|also|then|so|but|just|never)\b"
    r"|^(?:the|an?|in|at|on|with|and|now|each|inside|after|before|maybe|watch|for)\b",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"\b(?:the|an?)\b", re.IGNORECASE)


def _is_capitalised(line: str) -> bool:
    words = re.findall(r"(?<![\w’'-])[^\W\d_][\w’'-]{2,}", line)[1:]
    words = [word for word in words if word not in _SMALL]
    return len(words) > 1 and sum(w[0].isupper() for w in words) >= _CAPITALISED * len(words)


def _is_terse(lines: Sequence[str]) -> bool:
    """Whether the first line is one sentence as only headlines are."""
    first = lines[0]
    ends = [match for match in _SENTENCE_END.finditer(first) if _ends(first, match.start())]
    if len(ends) > 1 or not first[0].isalnum():
        return False
    if max(map(len, lines[1:3])) < _LONGER * len(first) or _TELLING.search(first):
        return False
    return len(_ARTICLE.findall(first)) <= 1


def _ends(text: str, at: int) -> bool:
    return text[at] != "." or not _ABBREVIATION.search(text[:at]) or at >= len(text.rstrip()) - 1


def _dates(line: str) -> list[dt.date]:
    found = []
    for match in _DATE.finditer(line):
        form = match.lastgroup[-1] if match.lastgroup else "1"
        month = match[f"month{form}"]
        number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
        day = _day(int(match[f"year{form}"]), number, int(match[f"day{form}"]))
        if day:
            found.append(day)
    return found


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day) if 1600 <= year <= 2200 else None
    except ValueError:
        return None


def _only_date(line: str) -> bool:
    """Whether a line says when and nothing else."""
    if len(line) > 80 or not _dates(line):
        return False
    return not _AROUND.sub("", _DATE.sub("", line))
