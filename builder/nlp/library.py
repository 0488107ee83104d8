"""spaCy, imported without its own command line."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

_COMMANDS = "spacy.cli.info"


def take() -> None:
    """Import spaCy, if nobody has.

    It imports one of its commands to offer it as `spacy.info`, and with that all of them, a client
    for the web, and two libraries for terminals: a third of the time. They are imported when
    somebody asks for them.
    """
    if "spacy" in sys.modules:
        return
    aside = sys.modules[_COMMANDS] = stand_in()
    try:
        importlib.import_module("spacy")
    finally:
        if sys.modules.get(_COMMANDS) is aside:
            del sys.modules[_COMMANDS]


def stand_in() -> ModuleType:
    """Return what looks like the module of that command, and is it as soon as it is used."""
    made = ModuleType(_COMMANDS)
    vars(made).update(info=_info, __getattr__=_others)
    return made


def _info(*args: Any, **options: Any) -> Any:
    """What `spacy.info` does."""
    return importlib.import_module(_COMMANDS).info(*args, **options)


def _others(name: str) -> Any:
    """Whatever else of the module another version of spaCy may want at once."""
    if name.startswith("__"):
        raise AttributeError(name)
    there = sys.modules.get(_COMMANDS)
    if there and there.__spec__ is None:
        del sys.modules[_COMMANDS]
    return getattr(importlib.import_module(_COMMANDS), name)
