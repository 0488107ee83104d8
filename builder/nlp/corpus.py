"""Reads PolNeAR, the news corpus with marked attributions that training and evaluation use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from builder.model import Block, Span, Spans

MARKS = frozenset("\"“”„‟«»″'‘’‚‛`´′‹›")
"""What a text without marks has lost: every quotation mark, prime, backtick and apostrophe."""

_LINE = re.compile(r"[^\n]+")


class Attribution(NamedTuple):
    """One marked statement; spans are of the text."""

    content: Spans
    cue: Spans
    source: Spans


class Report(NamedTuple):
    """One news report with everything its first annotator marked."""

    name: str
    text: str
    attributions: tuple[Attribution, ...]
    discarded: Spans
    """What is no part of the report: boilerplate."""

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Every line that is not blank."""
        return lines(self.text)


def read(split: Path) -> Iterator[Report]:
    """Yield the reports of a folder that holds `text/*.txt` and `attributions/*.ann`."""
    for path in sorted((split / "text").glob("*.txt")):
        annotations = sorted((split / "attributions").glob(f"{path.stem}_*.ann"))
        if annotations:
            # newline="": offsets count carriage returns.
            text = path.open(encoding="utf-8", newline="").read()
            notes = annotations[0].open(encoding="utf-8", newline="").read()
            yield _report(path.stem, text, notes)


def lines(text: str) -> tuple[Block, ...]:
    """Return the non-blank lines of a text as blocks."""
    found = []
    for match in _LINE.finditer(text):
        line = match.group()
        start = match.start() + len(line) - len(line.lstrip())
        end = match.start() + len(line.rstrip())
        if start < end:
            found.append(Block(Span(start, end)))
    return tuple(found)


def stripped(report: Report, *, blank: bool = False) -> Report:
    """Return the report as it would be without marks: deleted, or each replaced by a blank."""
    kept: list[str] = []
    places = [0]
    for sign in report.text:
        if sign not in MARKS:
            kept.append(sign)
        elif blank:
            kept.append(" ")
        places.append(len(kept))

    def moved(spans: Spans) -> Spans:
        return tuple(Span(places[each.start], places[each.end]) for each in spans)

    return Report(
        report.name,
        "".join(kept),
        tuple(
            Attribution(moved(each.content), moved(each.cue), moved(each.source))
            for each in report.attributions
        ),
        moved(report.discarded),
    )


def _report(name: str, text: str, notes: str) -> Report:
    bounds: dict[str, tuple[str, list[Span]]] = {}
    events: list[list[tuple[str, str]]] = []
    for line in notes.splitlines():
        columns = line.split("\t")
        if line.startswith("T") and len(columns) > 1:
            kind, _, where = columns[1].partition(" ")
            pieces = [piece.split() for piece in where.split(";")]
            bounds[columns[0]] = (kind, [Span(int(start), int(end)) for start, end in pieces])
        elif line.startswith("E") and len(columns) > 1:
            arguments = [argument.split(":") for argument in columns[1].split()]
            events.append([(role.rstrip("0123456789"), bound) for role, bound in arguments[1:]])

    def spans(event: list[tuple[str, str]], role: str) -> Spans:
        found = [
            span
            for name, bound in event
            if name == role and bound in bounds
            for span in bounds[bound][1]
        ]
        return tuple(sorted(found))

    attributions = [
        Attribution(spans(event, "Content"), spans(event, "Cue"), spans(event, "Source"))
        for event in events
    ]
    discarded = [span for kind, where in bounds.values() if kind == "Discard" for span in where]
    return Report(
        name,
        text,
        tuple(each for each in attributions if each.content),
        tuple(sorted(discarded)),
    )
