"""Figures → the table that is printed and the page `docs/quality.md`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from builder.nlp.evaluate.figures import Quality, Score, Statements, Tenth

DIAGRAM = "quality-reliability.svg"


class Known(NamedTuple):
    """F1 of content and of content with source, as far as it is known."""

    name: str
    whole: str
    forms: tuple[str, str, str] = ("", "", "")
    dropped: str = ""


KNOWN = (
    Known("textacy", "27.8 / 25.4", ("64 / 59", "39 / 31", "0 / 0"), "0 / 0"),
    Known("Gender Gap Tracker", "49.0 / 40.8", ("64 / 47", "67 / 56", "37 / 34"), "42.0 / 39.8"),
    Known(
        "Citron (BBC), retrained", "60.0 / 53.5", ("76 / 72", "72 / 62", "52 / 45"), "55.6 / 48.2"
    ),
    Known(
        "two logistic regressions",
        "70.0 / 63.2",
        ("87 / 74", "79 / 69", "63 / 58"),
        "60.9 / 56.0",
    ),
    Known("two people", "79.6 / 75.4", ("98 / 97", "94 / 90", "72 / 67")),
)
"""Other systems on the same texts with the same scorer, and how well two people agree."""

_PAGE = """# How good it is

What Postil finds is measured against texts in which people marked who says what. This page is
written by `make eval GOLD=DIR`; nothing on it is put in by hand.

{date}, {versions}.

## Who says what

84 news reports, the `dev` part of PolNeAR (Newell and others, 2018), which was not trained on. A
statement counts as found if at least half of the words that it and the marked one have between
them are in both; the first figure of each pair is for that. The second wants the right source, too.
Both are F1, from 0 to 100: the mean of how much of what is found is right and how much of what is
there is found. For the last two columns all quotation marks and apostrophes were deleted from the
same texts, or each was made a blank.

{systems}

The other systems read the same texts and were scored by the same rules; where nothing stands
nothing is known. *Two people* are trained readers, each scored against another one, on twenty texts
that several of them marked. Where they do not agree no program can be right for both.

## What readers see

A site shows speech of which Postil is sure enough (`[statements] show`), not all that it finds. Of
a hundred statements that are shown by default so many are right in content and in source; the last
column says how many of all that people marked are among them.

{shown}

## What a confidence means

Every statement has a confidence. If it is honest, seven in ten of those with a confidence of about
0.7 are right. Each row is a tenth, scored by itself on the texts with marks; *right* wants the
content and the source.

{tenths}

![Confidence against the share that is right]({diagram})

## Names and pronouns

Thirteen news stories of the GUM corpus. They were looked at while the rules for names were written,
so new texts may do worse. *Joined* is for two different names of one person, organisation or place
(*Coastal Rescue Service*, *CRS*); *pronouns* for the person whom *he* or *she* is said to be: where
that is not plain, nobody. The other rows want the very first and last word that GUM has, and GUM
marks whole phrases with title and description (*the mayor of Ely, Ada Brook*) where Postil marks
the name.

{names}

## A report marked by hand

One wire report that had lost its quotation marks; it, too, was looked at while rules were written:
{hand_marks}.

## What it costs

CPU seconds for the same texts in the same run. The language pipeline does not belong to Postil; the
finders are all that Postil does with what it gives. The process took at most {megabytes} MB of
memory.

{cost}
"""


def systems(quality: Quality) -> str:
    """Return the table of statements: Postil, then the others."""
    head = ["F1: content / with source", "all", "direct quotes", "partial quotes"]
    head += ["reported speech", "marks deleted", "marks as blanks"]
    clean, drop, space = (quality.statements[way] for way in ("clean", "drop", "space"))
    forms = [_pair(*each) for each in clean.forms]
    rows = [["**Postil**", _whole(clean), *forms, _whole(drop), _whole(space)]]
    rows += [[each.name, each.whole, *each.forms, each.dropped, ""] for each in KNOWN]
    return grid(head, rows)


def shown(quality: Quality) -> str:
    """Return the table of what readers see by default."""
    head = ["shown by default", "shown", "right, of 100 shown", "of 100 marked, shown and right"]
    return grid(
        head,
        [
            [way, str(each.found), _per(each.both.precision), _per(each.both.recall)]
            for way, each in quality.shown.items()
        ],
    )


def tenths(found: Sequence[Tenth]) -> str:
    """Return the table of the reliability of confidence."""
    return grid(
        ["confidence", "statements", "right", "right, %"],
        [
            [
                f"{each.least:.1f} to {each.least + 0.1:.1f}",
                str(each.found),
                str(each.right),
                _per(each.right / each.found),
            ]
            for each in found
        ],
    )


def names(found: dict[str, Score]) -> str:
    """Return the table of names and pronouns."""
    return grid(
        ["", "precision", "recall", "F1"],
        [[name, *map(_per, (e.precision, e.recall, e.f1))] for name, e in found.items()],
    )


def cost(quality: Quality) -> str:
    """Return the table of CPU seconds."""
    return grid(
        ["texts", "pipeline", "finders", "finders / pipeline"],
        [
            [way, f"{each.pipeline:.1f}", f"{each.finders:.1f}", f"{each.share:.2f}"]
            for way, each in quality.cost.items()
        ],
    )


def page(quality: Quality) -> str:
    """Return the whole page."""
    return _PAGE.format(
        date=quality.date,
        versions=", ".join(f"{name} {version}" for name, version in quality.versions),
        systems=systems(quality),
        shown=shown(quality),
        tenths=tenths(quality.tenths),
        diagram=DIAGRAM,
        names=names(quality.names),
        hand_marks=quality.hand_marks,
        megabytes=f"{quality.megabytes:.0f}",
        cost=cost(quality),
    )


def summary(quality: Quality) -> str:
    """Return what the command prints: every table, without the explanations."""
    return "\n\n".join(
        [
            systems(quality),
            shown(quality),
            tenths(quality.tenths),
            names(quality.names),
            cost(quality),
            f"most memory {quality.megabytes:.0f} MB; marked by hand: {quality.hand_marks}",
        ]
    )


def grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table, its columns aligned."""
    lines = [list(head), *map(list, rows)]
    widths = [max(len(row[at]) for row in lines) for at in range(len(head))]
    printed = [
        f"| {' | '.join(c.ljust(w) for c, w in zip(row, widths, strict=True))} |" for row in lines
    ]
    rule = "|".join("-" * (width + 2) for width in widths)
    return "\n".join([printed[0], f"|{rule}|", *printed[1:]])


def _whole(each: Statements) -> str:
    return _pair(each.content, each.both)


def _pair(content: Score, both: Score) -> str:
    return f"{_per(content.f1)} / {_per(both.f1)}"


def _per(share: float) -> str:
    return f"{100 * share:.1f}"
