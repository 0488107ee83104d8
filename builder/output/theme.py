"""What an output is on the disk: bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from builder.errors import Place, Problem, ProblemError
from builder.model import Copy, File, Kept, Output, Page


class Theme(Protocol):
    """What turns a page into bytes."""

    digest: str
    """Changes whenever a template does."""

    def render(self, page: Page) -> bytes:
        """One page, or a ProblemError."""
        ...


def bytes_of(output: Output, root: Path, templates: Theme) -> bytes:
    """The bytes of an output; a ProblemError if it cannot be rendered or read."""
    match output:
        case Page():
            return templates.render(output)
        case File():
            return output.data
        case Kept():
            return bytes_of(output.make(), root, templates)
        case Copy():
            try:
                return (root / output.source).read_bytes()
            except OSError as error:
                raise ProblemError(
                    Problem(
                        place=Place(output.source),
                        code="unreadable-file",
                        message=f"the file cannot be read: {error.strerror}",
                        hint="look at its permissions, and whether it is still there",
                    )
                ) from None


