"""What is measured, as records."""

from __future__ import annotations

from msgspec import Struct

FORMS = ("direct", "mixed", "indirect")


class Score(Struct, frozen=True):
    """Precision, recall and their harmonic mean, as shares of one."""

    precision: float
    recall: float
    f1: float


class Statements(Struct, frozen=True):
    """What the scorer of statements says of one set of them."""

    found: int
    content: Score
    """Half of the joint words shared."""
    both: Score
    """The source right, too."""
    forms: tuple[tuple[Score, Score], ...]
    """Both for each of `FORMS`."""


class Tenth(Struct, frozen=True):
    """The statements of a tenth of confidence, and how many are right."""

    least: float
    found: int
    right: int


class Cost(Struct, frozen=True):
    """CPU seconds."""

    pipeline: float
    """Of the bare language pipeline."""
    finders: float
    """Of all that Postil does with what the pipeline gave."""

    @property
    def share(self) -> float:
        """What the finders cost, with the pipeline as one."""
        return self.finders / self.pipeline if self.pipeline else 0.0


class Quality(Struct, frozen=True, kw_only=True):
    """Everything that one run measures."""

    date: str
    versions: tuple[tuple[str, str], ...]
    statements: dict[str, Statements]
    """By what was read and kept of it: the keys are the rows of the table."""
    shown: dict[str, Statements]
    """What readers see by default, by way of reading."""
    tenths: tuple[Tenth, ...]
    names: dict[str, Score]
    cost: dict[str, Cost]
    """By way of reading."""
    megabytes: float
    """The most memory that the reading process took."""
    hand_marks: str
    """What the marks made by hand say, or that they are missing."""
