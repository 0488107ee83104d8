"""Reads texts once, and takes the time that the pipeline and our finders need apart."""

from __future__ import annotations

import resource
import sys
from collections.abc import Sequence
from time import process_time

from builder.model import Analysis, Prose
from builder.nlp import pipeline
from builder.nlp.evaluate.figures import Cost
from builder.settings import NlpSettings


def read(proses: Sequence[Prose]) -> tuple[list[Analysis], Cost]:
    """Return the analysis of every text as a build makes it, and what it cost in CPU seconds.

    The pipeline and the finders see the same texts in turns, in the same process, so that a busy
    machine slows both alike.
    """
    nlp = pipeline.load(NlpSettings().model)
    found: list[Analysis] = []
    bare = ours = 0.0
    start = process_time()
    parts = [pipeline.part_of(prose) for prose in proses]
    ours += process_time() - start
    waiting = pipeline.parsed(nlp, parts)
    while True:
        start = process_time()
        pair = next(waiting, None)
        parsed = process_time()
        bare += parsed - start
        if pair is None:
            return found, Cost(bare, ours)
        found.append(pipeline.found(*pair))
        ours += process_time() - parsed


def megabytes() -> float:
    """Return the most memory that this process has taken so far."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Kilobytes, but bytes on a Mac.
    return most / (2**20 if sys.platform == "darwin" else 2**10)
