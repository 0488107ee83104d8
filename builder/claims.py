"""Which URL belongs to what: two things at one are a problem."""

from __future__ import annotations

import posixpath
import re
import unicodedata

from msgspec import Struct, field

from builder.errors import Place, Problem
from builder.routes import RESERVED_FILES, RESERVED_FOLDERS, file_of


class Claims(Struct):
    """Takes pages and files in order; the later of two at one URL is the mistaken one.

    Capitals and composed letters make no difference, since they make none on many machines.
    """

    problems: list[Problem] = field(default_factory=list)
    owners: dict[str, Place] = field(default_factory=dict)
    """By file, folded."""
    folders: dict[str, Place] = field(default_factory=dict)
    """Folders that a file lies in, folded, and the first such file's owner."""

    def page(self, path: str, place: Place) -> None:
        """Claim a page: a folder such as `2026/port-strike/`, or a file for an old URL."""
        folded = _folded(path)
        first = folded.partition("/")[0]
        if first in RESERVED_FOLDERS or re.match(r"\d{4}/\d\d/(page/|$)", folded):
            self._add(place, "reserved-url", f"/{path} is where Postil puts pages of its own")
            return
        self.file(file_of(path) if path.endswith("/") else path, place)

    def file(self, path: str, place: Place) -> None:
        """Claim a file such as `2026/crane.jpg`."""
        folded = _folded(path)
        parents = _parents(folded)
        if RESERVED_FILES & {folded, *parents}:
            self._add(place, "reserved-url", f"/{path} is a file that Postil makes itself")
            return
        owner = self.owners.get(folded) or self.folders.get(folded)
        owner = owner or next((self.owners[p] for p in parents if p in self.owners), None)
        if owner:
            url = path.removesuffix("index.html")
            self._add(place, "same-url", f"/{url} is already taken by {owner}")
            return
        self.owners[folded] = place
        for parent in parents:
            self.folders.setdefault(parent, place)

    def _add(self, place: Place, code: str, message: str) -> None:
        hint = "rename one of the two, or give an article another slug"
        if code == "reserved-url":
            hint = "rename it, move it to another folder, or give it another slug"
        self.problems.append(Problem(place=place, code=code, message=message, hint=hint))


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def _parents(path: str) -> list[str]:
    parents = []
    while (path := posixpath.dirname(path)).strip("/"):
        parents.append(path)
    return parents
