"""Where a finished file comes from, so that a mistake in it is told where it can be mended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from builder import routes
from builder.errors import Place, Problem
from builder.model import Site
from builder.publish.finished import Fault


class Origins(Struct, frozen=True):
    """The files that a writer has, behind those that readers get."""

    root: Path
    articles: dict[str, str]
    """Of each folder of the finished site that an article fills, the article's file."""
    assets: dict[str, str]
    """Of each finished file that is a copy, the file that it is a copy of."""

    @classmethod
    def of(cls, site: Site, root: Path) -> Origins:
        """Those of a site in the folder `root`."""
        return cls(
            root=root,
            articles={
                routes.article_path(each.article): each.article.place.path for each in site.articles
            },
            assets={asset.path: asset.source for asset in site.assets},
        )

    def problems(self, faults: Iterable[Fault]) -> Iterator[Problem]:
        """Mistakes of finished files, each at the line of the file that a writer has.

        One that stands in such a file is not told again of what was made of it: feeds, lists.
        """
        placed = [(fault, self._source(fault.path)) for fault in faults]
        told = {fault.what for fault, source in placed if source}
        for fault, source in placed:
            if source:
                yield replace(fault.problem, place=Place(source, self._line(source, fault.what)))
            elif fault.what not in told:
                yield fault.problem

    def _source(self, path: str) -> str:
        if path in self.assets:
            return self.assets[path]
        parts = path.split("/")
        folders = ("/".join(parts[:end]) + "/" for end in range(len(parts) - 1, 0, -1))
        return next((self.articles[each] for each in folders if each in self.articles), "")

    def _line(self, source: str, what: str) -> int | None:
        with suppress(OSError):
            text = (self.root / source).read_text(encoding="utf-8", errors="replace")
            if what in text:
                return text.count("\n", 0, text.index(what)) + 1
        return None
