"""What an analysis depends on besides the text; nothing of it is imported to know it."""

from __future__ import annotations

import functools
import importlib.metadata
from hashlib import blake2b
from importlib.resources import files

from builder.settings import NlpSettings

SCHEMA = 3
"""Raised whenever the form of `Analysis` changes: stored answers are then not used."""

MISSING = "missing"
"""Stands for the version of what is not installed."""

RULES = "rules"
"""Stands among the names for the files of this package."""

_RULE_FILES = (".py", ".toml", ".npz")
"""Files of this package: whatever changes in them may change what is found."""


def fingerprint(settings: NlpSettings) -> str:
    """Return what the analysis depends on besides the text, read from package metadata alone."""
    found = versions(settings)
    packages = [f"{name} {found[name]}" for name in ("spacy", settings.model)]
    return repr((SCHEMA, packages, settings.components, found[RULES]))


def versions(settings: NlpSettings) -> dict[str, str]:
    """Return the version of each package that reads texts, and the hash of our own rules."""
    return {
        **{name: _version(name) for name in ("spacy", settings.model)},
        RULES: _rules_digest(),
    }


def _version(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except (importlib.metadata.PackageNotFoundError, ValueError):
        return MISSING


@functools.cache
def _rules_digest() -> str:
    digest = blake2b(digest_size=16)
    here = files("builder.nlp")
    found = [*here.iterdir(), *(here / "weights_en").iterdir()]
    for file in sorted(found, key=lambda each: each.name):
        if file.name.endswith(_RULE_FILES):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()
