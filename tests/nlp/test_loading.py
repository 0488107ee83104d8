"""What is left out when the model is loaded changes nothing that is read with it."""

from __future__ import annotations

import subprocess
import sys

import pytest
import spacy
from confection import Config
from spacy.tokens import Doc
from thinc.api import get_current_ops

from builder.nlp import loading, pipeline
from builder.settings import NlpSettings

TEXT = """NORVIK (Northwire) - “We’ve run out of lamps,” Ingrid Solheim told the Lakeland Courier.

She’d asked the coast guard’s e-mail desk (desk@norvik.example) for 2,500 kr., didn’t she?

Żółć naïvely cost €5m... “日本語です,” Łukasz Ünlü said—then wept 😀. The U.S. met the mayor of Skarrow
on Jan. 3rd; gonna be the worst winters, she was told. xqzwv’s qwrtling began."""
SEEN = ("text", "lemma_", "norm_", "tag_", "pos_", "dep_", "ent_type_", "ent_iob_", "shape_")


def seen(doc: Doc) -> list[tuple[object, ...]]:
    return [
        (
            *(getattr(token, name) for name in SEEN),
            str(token.morph),
            token.head.i,
            token.is_sent_start,
            token.vector.tobytes(),
        )
        for token in doc
    ]


@pytest.mark.filterwarnings("ignore:.*W095")
def test_a_text_is_read_as_spacy_alone_would_read_it():
    model = NlpSettings().model

    whole, found = spacy.load(model), loading.load(model)

    assert len(found.vocab.strings) < len(whole.vocab.strings) // 100
    assert found.pipe_names == whole.pipe_names
    assert seen(found(TEXT)) == seen(whole(TEXT))


def test_numpy_multiplies_in_our_models_and_in_nobody_elses():
    found = pipeline.load(NlpSettings().model)

    used = {found.get_pipe(name).model.ops.use_blis for name in ("tok2vec", "parser", "ner")}

    assert used == {False}
    assert get_current_ops().use_blis


def test_every_label_has_its_word():
    found = loading.load(NlpSettings().model)

    labels = [label for of_one in found.pipe_labels.values() for label in of_one]

    assert len(labels) > 100
    assert [label for label in labels if label not in found.vocab.strings] == []


PLAIN = {
    "nlp": {
        "lang": "en",
        "pipeline": ["tok2vec", "parser", "senter"],
        "disabled": ["senter"],
        "tokenizer": {"@tokenizers": "spacy.Tokenizer.v1"},
    },
    "components": {name: {"factory": name} for name in ("tok2vec", "parser", "senter")},
}


@pytest.mark.parametrize(
    "change",
    [
        {"nlp": {"lang": "de"}},
        {"nlp": {"disabled": []}},
        {"nlp": {"tokenizer": {"@tokenizers": "acme.Tokenizer.v1"}}},
        {"components": {"lemmatizer": {"factory": "trainable_lemmatizer"}}},
    ],
)
def test_a_model_that_needs_more_is_loaded_whole(change):
    assert loading.is_plain(PLAIN)
    assert not loading.is_plain(Config(PLAIN).merge(change))
    assert not loading.is_plain({})


def test_spacys_commands_are_imported_only_when_they_are_asked_for():
    program = """
import sys
from builder.nlp import library
library.take()
assert "spacy.tokens" in sys.modules
assert not {"spacy.cli", "typer", "weasel", "requests"} & sys.modules.keys()
import spacy
assert spacy.info(silent=True)["spacy_version"] == spacy.__version__
from spacy.cli import download, info
assert info is sys.modules["spacy.cli.info"].info
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_spacy_that_wants_more_of_its_commands_gets_it():
    program = """
import sys
from builder.nlp import library
made = library.stand_in
def with_less():
    found = made()
    del found.info
    return found
library.stand_in = with_less
library.take()
import spacy
assert spacy.info is sys.modules["spacy.cli.info"].info
"""
    subprocess.run([sys.executable, "-c", program], check=True)
