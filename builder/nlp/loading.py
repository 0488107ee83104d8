"""The name of a model → its pipeline, without what no reading needs.

A build after one edited article spends most of its time here.
"""

from __future__ import annotations

import importlib.metadata
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import EntryPoints
from typing import Any

import catalogue
import msgspec
import spacy
from spacy.language import Language
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]
from spacy.util import compile_infix_regex, registry

PLAIN = frozenset({"attribute_ruler", "lemmatizer", "ner", "parser", "senter", "tagger", "tok2vec"})
"""spaCy's components that read English texts as well if only the strings they name are known."""

_UNREAD = ("senter", "strings", "tokenizer")
"""What is left out: a component that is switched off in the model, and the hundreds of thousands of
words that have a vector. Those of a text become known when it is read. The tokenizer comes after
the others."""

_GLUED = (r"[,:](?=[“„«\"]\w)", r"(?<=[,:])[“„«\"](?=\w)")
"""A comma and the quotation mark behind it, where no blank parts them: `said,“Look`."""

_SPACYS_OWN = {"@tokenizers": "spacy.Tokenizer.v1"}
_EMPTY = {"@tokenizers": "postil.EmptyTokenizer.v1"}


def load(model: str, *, whole: bool = False) -> Language:
    """Return an installed pipeline package as `spacy.load` does, that parts glued quotations, too.

    Of English models with spaCy's own components only what is needed for that is loaded, if not
    the `whole` is asked for; it reads every text the same.
    """
    with warnings.catch_warnings(), _entry_points_at_hand():
        # The model was made for spaCy 3.7. It is measured with the spaCy that we ask for, so the
        # advice to look for a newer model is not for the people who run a build.
        warnings.filterwarnings("ignore", message=r"\[W095\]", category=UserWarning)
        if whole or not is_plain(_config(model)):
            nlp = spacy.load(model)
            _part_glued(nlp)
            return nlp
        nlp = spacy.load(model, exclude=_UNREAD, config={"nlp": {"tokenizer": _EMPTY}})
    tokenizer: Any = nlp.tokenizer
    data = (nlp.path / "tokenizer").read_bytes()
    tokenizer.from_bytes(data, exclude=("exceptions",))
    _part_glued(nlp)
    # Last: whatever else is told a tokenizer has it go through all of these again.
    tokenizer.rules = msgspec.msgpack.decode(data)["exceptions"]
    for labels in nlp.pipe_labels.values():
        for label in labels:
            nlp.vocab.strings.add(label)
    return nlp


def _part_glued(nlp: Language) -> None:
    if hasattr(nlp.tokenizer, "infix_finditer"):
        infixes = compile_infix_regex([*(nlp.Defaults.infixes or ()), *_GLUED])
        nlp.tokenizer.infix_finditer = infixes.finditer


class _Offered:
    """What packages offer: looked through once for each group, and not a hundred times.

    To load a model is to ask for some functions by name, and for each name all packages are asked.
    """

    def __init__(self) -> None:
        self._all = importlib.metadata.entry_points()
        self._groups: dict[str, EntryPoints] = {}

    def select(self, group: str) -> EntryPoints:
        """What is offered in a group."""
        if group not in self._groups:
            self._groups[group] = self._all.select(group=group)
        return self._groups[group]


@contextmanager
def _entry_points_at_hand() -> Iterator[None]:
    before = catalogue.AVAILABLE_ENTRY_POINTS
    catalogue.AVAILABLE_ENTRY_POINTS = _Offered()
    try:
        yield
    finally:
        catalogue.AVAILABLE_ENTRY_POINTS = before


def empty_tokenizer() -> Callable[[Language], Tokenizer]:
    """Return what makes a tokenizer without rules: the model brings them, and all would be lost."""
    return lambda nlp: Tokenizer(nlp.vocab)


registry.tokenizers(_EMPTY["@tokenizers"], func=empty_tokenizer)


def is_plain(config: Mapping[str, Any]) -> bool:
    """Whether a config is that of an English pipeline of spaCy's own components.

    Its sentence finder, if it has one, must be off: the parser finds sentences.
    """
    told = config.get("nlp", {})
    factories = {each.get("factory") for each in config.get("components", {}).values()}
    return (
        told.get("lang") == "en"
        and told.get("tokenizer") == _SPACYS_OWN
        and "senter" not in {*told.get("pipeline", ())} - {*told.get("disabled", ())}
        and factories <= PLAIN
    )


def _config(model: str) -> Mapping[str, Any]:
    """How a package says that its pipeline is put together; nothing if it does not."""
    found = list(spacy.util.get_package_path(model).glob("*/config.cfg"))
    return spacy.util.load_config(found[0]) if len(found) == 1 else {}
