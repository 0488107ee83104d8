"""What the pages of one output folder were made of, from one process to the next."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from builder import keeping
from builder.digests import Digests
from builder.footprint import Footprint
from builder.output import manifest
from builder.output.manifest import told
from builder.receipt import program
from builder.render.edition import COVERED, REMEMBERED, Edition
from builder.tracing import Trace

FOLDER = "traces"
"""Under the cache: one file for each output folder."""


class Traced:
    """Makes the pages of an output folder again only if something changed that they show."""

    def __init__(self, cache: Path, folder: Path, digests: Digests | None = None) -> None:
        """Take up what the last process left, if there was one.

        Args:
            cache: Of the site.
            folder: The output folder; need not exist.
            digests: Of what pages show, as far as they are known.
        """
        self._file = (cache / FOLDER / manifest.name(folder.resolve())).with_suffix("")
        before = b""
        with suppress(OSError, ValueError):
            before = keeping.unsealed(self._file.read_bytes())
        self._footprint = Footprint(before, program(), REMEMBERED, digests)
        self._trace = Trace(told, known=COVERED, footprint=self._footprint)

    def begin(self, whole: Edition, theme: str) -> Edition:
        """Let it be noted what is asked of a site; `theme` is the digest of the templates."""
        return self._trace.begin(whole, theme)

    def end(self) -> None:
        """Remember it; without that the next process takes longer and nothing else."""
        self._trace.end()
        data, self._footprint.data = self._footprint.data, b""
        if data:
            with suppress(OSError):
                keeping.keep(self._file, keeping.seal(data))
