"""The name of a model → its pipeline, without what no reading needs.

A build after one edited article spends most of its time here.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]
from spacy.util import registry

PLAIN = frozenset({"attribute_ruler", "lemmatizer", "ner", "parser", "senter", "tagger", "tok2vec"})
"""spaCy's components that read English texts as well if only the strings they name are known."""

_UNREAD = ("senter", "strings")
"""What is left out: a component that is switched off in the model, and the hundreds of thousands of
words that have a vector. Those of a text become known when it is read."""

_SPACYS_OWN = {"@tokenizers": "spacy.Tokenizer.v1"}
_EMPTY = {"@tokenizers": "postil.EmptyTokenizer.v1"}


def load(model: str, *, whole: bool = False) -> Language:
    """Return an installed pipeline package as `spacy.load` does; it reads every text the same.

    Of English models with spaCy's own components only what is needed for that is loaded, if not
    the `whole` is asked for.
    """
    with warnings.catch_warnings():
        # The model was made for spaCy 3.7. It is measured with the spaCy that we ask for, so the
        # advice to look for a newer model is not for the people who run a build.
        warnings.filterwarnings("ignore", message=r"\[W095\]", category=UserWarning)
        if whole or not is_plain(_config(model)):
            return spacy.load(model)
        nlp = spacy.load(model, exclude=_UNREAD, config={"nlp": {"tokenizer": _EMPTY}})
    for labels in nlp.pipe_labels.values():
        for label in labels:
            nlp.vocab.strings.add(label)
    return nlp


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
