"""What was found in the articles of a site, taken out of the store for those who need it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from builder import nlp
from builder.model import Analysis, ArticleId, Prose
from builder.settings import NlpSettings
from builder.store import Store

Progress = Callable[[int, int], None]
"""Told how many texts of how many are read."""


class Analyse(Protocol):
    """What finds names and statements: `nlp.analyse`, or a stand-in for it."""

    def __call__(  # noqa: PLR0913 - as nlp.analyse
        self,
        proses: Sequence[Prose],
        settings: NlpSettings,
        store: Store,
        *,
        languages: Sequence[str] = (),
        progress: Progress | None = None,
        whole: Callable[[], Iterable[str]] | None = None,
    ) -> list[Analysis]:
        """One analysis for each text, in order."""
        ...


class Readings:
    """The analyses of a site's articles: most of them nobody needs, as what follows is known."""

    def __init__(
        self,
        texts: Mapping[ArticleId, tuple[Prose, str]],
        settings: NlpSettings,
        analyse: Analyse,
        store: Store,
        progress: Progress | None = None,
    ) -> None:
        """Set up; nothing is read yet.

        Args:
            texts: Of all articles, each with its language.
            settings: The models and how to use them.
            analyse: What reads the texts.
            store: Of earlier answers; whoever asks after it was closed gets it opened again.
            progress: Told how the reading goes on.
        """
        self._texts, self._settings, self._analyse = texts, settings, analyse
        self._store, self._progress = store, progress
        self._found: dict[ArticleId, Analysis] = {}
        self._readers: dict[str, str] = {}

    def reader(self, id_: ArticleId) -> str:
        """What reads an article: with its text, all that its analysis depends on."""
        language = self._texts[id_][1]
        if language not in self._readers:
            self._readers[language] = nlp.reader(language, self._settings)
        return self._readers[language]

    def read(self, ids: Sequence[ArticleId], *, tidies: bool) -> None:
        """Have the analyses of some articles ready.

        Args:
            ids: Of the articles.
            tidies: Whether analyses of texts that are no more are forgotten if they are many: one
                would not wait for that after each edit.

        Raises:
            ProblemError: The language model is not installed.
        """
        self._read(ids, self._store, tidies=tidies)

    def take(self, id_: ArticleId) -> Analysis:
        """The analysis of an article, out of the store if it is not at hand; it is not kept here.

        Raises:
            ProblemError: It has to be read first, and the language model is not installed.
        """
        if id_ not in self._found:
            with Store(self._store.path) as store:
                self._read([id_], store, tidies=False)
        return self._found.pop(id_)

    def _read(self, ids: Sequence[ArticleId], store: Store, *, tidies: bool) -> None:
        texts = [self._texts[id_] for id_ in ids]
        found = self._analyse(
            [prose for prose, _ in texts],
            self._settings,
            store,
            languages=[language for _, language in texts],
            progress=self._progress,
            whole=self._keys if tidies else None,
        )
        self._found.update(zip(ids, found, strict=True))

    def _keys(self) -> list[str]:
        texts = self._texts.values()
        proses, languages = [prose for prose, _ in texts], [language for _, language in texts]
        return nlp.keys(proses, self._settings, languages)
