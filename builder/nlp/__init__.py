"""What is said in a text, by whom, and who else is named: the only room that knows spaCy."""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from importlib.resources import files

import msgspec

from builder.errors import Place, Problem, ProblemError
from builder.model import Analysis, Prose
from builder.settings import NlpSettings
from builder.store import Store

SCHEMA = 3
"""Raised whenever the form of `Analysis` changes: stored answers are then not used."""

KIND = "analysis"
"""Under which the answers are stored."""

SAVED_EVERY = 20
"""Texts. What is done by then outlives an interruption."""

_RULES = (".py", ".toml", ".npz")
"""Files of this package: whatever changes in them may change what is found."""


def analyse(
    proses: Sequence[Prose],
    settings: NlpSettings,
    store: Store,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> list[Analysis]:
    """Return the analysis of every text, in order; spans are of `Prose.text`.

    Only `text` and `blocks` are read. Answers that the store knows are taken from there; spaCy is
    imported only if one is missing. `progress` is told how many of all texts are done.

    Raises:
        ProblemError: the language model is not installed.
    """
    mark = fingerprint(settings)
    keys = [_key(prose, mark) for prose in proses]
    stored = store.get_many(KIND, sorted(set(keys)))
    found = {key: msgspec.json.decode(value, type=Analysis) for key, value in stored.items()}
    found |= {key: Analysis() for key, prose in zip(keys, proses, strict=True) if not prose.blocks}
    missing = {key: prose for key, prose in zip(keys, proses, strict=True) if key not in found}
    if missing:
        _check_installed(settings)
        from builder.nlp import workers  # noqa: PLC0415 - it imports spaCy, which takes a second

        bare = [Prose(prose.text, prose.blocks) for prose in missing.values()]
        fresh: dict[str, Analysis] = {}
        known = sum(key in found for key in keys)
        texts = Counter(keys)
        for key, answer in zip(missing, workers.read(bare, settings), strict=True):
            found[key] = fresh[key] = answer
            known += texts[key]
            if len(fresh) == SAVED_EVERY:
                _save(store, fresh)
                fresh = {}
            if progress:
                progress(known, len(keys))
        _save(store, fresh)
    return [found[key] for key in keys]


def _save(store: Store, answers: Mapping[str, Analysis]) -> None:
    store.put_many(KIND, {key: msgspec.json.encode(each) for key, each in answers.items()})


def fingerprint(settings: NlpSettings) -> str:
    """Return what the analysis depends on besides the text, read from package metadata alone."""
    versions = [f"{name} {_version(name)}" for name in ("spacy", settings.model)]
    return repr((SCHEMA, versions, settings.components, _rules_digest()))


def _key(prose: Prose, mark: str) -> str:
    digest = blake2b(digest_size=20)
    for part in (mark.encode(), prose.text.encode(), msgspec.json.encode(prose.blocks)):
        digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()


def _version(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return "missing"


@functools.cache
def _rules_digest() -> str:
    digest = blake2b(digest_size=16)
    here = files("builder.nlp")
    found = [*here.iterdir(), *(here / "weights_en").iterdir()]
    for file in sorted(found, key=lambda each: each.name):
        if file.name.endswith(_RULES):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def _check_installed(settings: NlpSettings) -> None:
    if importlib.util.find_spec(settings.model) is not None:
        return
    raise ProblemError(
        Problem(
            place=Place("site.toml"),
            code="missing-model",
            message=f"the language model {settings.model} is not installed",
            hint=f"pip install {settings.model.replace('_', '-')}",
        )
    )
