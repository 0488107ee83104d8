"""Any file, or an article of the site, read and annotated by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from builder import content, editing, front_matter, nlp, prose, written
from builder import settings as setting
from builder.build import Progress
from builder.errors import BuildError, Place, Problems
from builder.folders import text_of
from builder.model import Article, ArticleId, Content, Edited, EntityKey, FrontMatter, Known, Prose
from builder.settings import Settings, SiteSettings
from builder.store import Store

AT_A_TIME = 400
"""Files that are read, analysed and told of in one go."""

_NO_SITE = Settings(site=SiteSettings(title="Postil"))
_NO_DATE = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MARKDOWN = tuple(content.SUFFIXES)


class _Sheet(Struct, frozen=True):
    """One file, ready to be analysed."""

    article: Article
    prose: Prose
    register: dict[EntityKey, Known]


class Reader:
    """Files → articles with their final annotations.

    An article of the site is read with the site's register and its corrections, be it published or
    not; every other file by itself.
    """

    def __init__(self, root: Path, store: Store, workers: int | str | None = None) -> None:
        """Read the settings of the site in that folder, or take the defaults if there is none."""
        self._root = root
        self._store = store
        self.is_site = (root / "site.toml").is_file()
        settings = setting.load(root / "site.toml") if self.is_site else _NO_SITE
        if workers is not None:
            settings = replace(settings, nlp=replace(settings.nlp, workers=workers))
        self._settings = settings
        self._content: tuple[Content, Problems] | None = None

    def read(self, files: Sequence[Path], progress: Progress | None = None) -> Iterator[Edited]:
        """The files in order.

        Raises:
            BuildError: With every file that cannot be read; before anything is analysed.
        """
        problems = Problems()
        sheets = []
        for file in files:
            with problems.catch():
                sheets.append(self._sheet(file))
        problems.stop_on_errors()
        for at in range(0, len(sheets), AT_A_TIME):
            part = sheets[at : at + AT_A_TIME]

            def told(done: int, _: int, before: int = at) -> None:
                if progress:
                    progress(before + done, len(sheets))

            analyses = nlp.analyse(
                [sheet.prose for sheet in part], self._settings.nlp, self._store, progress=told
            )
            for sheet, analysis in zip(part, analyses, strict=True):
                yield editing.edit(
                    sheet.article, sheet.prose, analysis, sheet.register, self._settings
                )

    def _sheet(self, file: Path) -> _Sheet:
        text = text_of(file)
        if not file.name.lower().endswith(_MARKDOWN):
            return _Sheet(_article(file, text), prose.plain(text), {})
        found = self._of_site(file)
        register = {EntityKey(k.key): k for k in self._site()[0].register} if found else {}
        article = found or _alone(file, text)
        return _Sheet(article, prose.parse(article, self._settings.markdown).prose, register)

    def _of_site(self, file: Path) -> Article | None:
        """The site's article that lies in this file, if there is one."""
        home = (self._root / content.CONTENT).resolve()
        if not self.is_site or not file.resolve().is_relative_to(home):
            return None
        found, problems = self._site()
        path = f"{content.CONTENT}/{file.resolve().relative_to(home).as_posix()}"
        mine = [problem for problem in problems.errors if problem.place.path == path]
        if mine:
            raise BuildError(tuple(mine))
        articles = (*found.articles, *found.held_back)
        return next((article for article in articles if article.place.path == path), None)

    def _site(self) -> tuple[Content, Problems]:
        if self._content is None:
            problems = Problems()
            found = content.read(self._root, self._settings, problems, now=_NO_DATE, drafts=True)
            self._content = found, problems
        return self._content


def _alone(file: Path, text: str) -> Article:
    """An article of no site; its front matter counts as far as it can be understood."""
    fences = (front_matter.TOML_FENCE, front_matter.YAML_FENCE)
    decoded = written.decode(text.encode(), str(file))
    if decoded.startswith(fences):
        headed = front_matter.read(decoded, str(file), Problems(), zone=dt.UTC)
        if headed is not None:
            place, sheet = Place(str(file), 1), headed.sheet
            return Article(ArticleId(file.stem), place, headed.meta, headed.body, sheet.corrections)
    return _article(file, decoded)


def _article(file: Path, text: str) -> Article:
    return Article(ArticleId(file.stem), Place(str(file), 1), _meta(file), text)


def _meta(file: Path) -> FrontMatter:
    return FrontMatter(title=file.stem, published=front_matter.NO_DATE)
