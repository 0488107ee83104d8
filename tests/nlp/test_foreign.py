"""Articles in a language without rules: names if its model is installed, one line if it is not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import spacy
from newsroom import NOW, SITE, Newsroom, article

from builder import nlp
from builder.build import Wishes, build
from builder.nlp import foreign
from builder.settings import ModelSettings, NlpSettings
from builder.store import Store

TEXT = "Die Fähre nach Skarrow fährt nicht. Maud Ellery sagt, der Hafen sei zu. Ellery bleibt."
MODEL = "de_tiny"
SETTINGS = NlpSettings(models=(ModelSettings(language="de", model=MODEL),))
GONE = NlpSettings(models=(ModelSettings(language="de", model="de_gone"),))
LINE = 'models = [{ language = "de", model = "de_gone" }]\n'
REGISTER = """[maud-ellery]
name = "Maud Ellery"
kind = "person"
aliases = ["مود إليري"]
"""


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A pipeline package as spaCy's own are, that knows three names."""
    made = spacy.blank("de")
    made.meta["name"] = "tiny"
    ruler = made.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": "LOC", "pattern": "Skarrow"},
            {"label": "PER", "pattern": "Maud Ellery"},
            {"label": "PER", "pattern": "Ellery"},
            {"label": "MISC", "pattern": "Hafen"},
        ]
    )
    folder = tmp_path / "packages"
    package = folder / MODEL
    package.mkdir(parents=True)
    made.to_disk(package / f"{MODEL}-0.0.0")
    (package / "meta.json").write_bytes((package / f"{MODEL}-0.0.0" / "meta.json").read_bytes())
    (package / "__init__.py").write_text(
        "from spacy.util import load_model_from_init_py\n\n\n"
        "def load(**overrides):\n    return load_model_from_init_py(__file__, **overrides)\n"
    )
    told = folder / f"{MODEL}-0.0.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {MODEL}\nVersion: 0.0.0\n")
    monkeypatch.syspath_prepend(str(folder))
    return MODEL


def prose_of(text: str) -> nlp.Prose:
    from reading import blocks

    return nlp.Prose(text, tuple(blocks(text)))


@pytest.mark.usefixtures("model")
def test_a_language_whose_model_is_installed_has_names(tmp_path):
    with Store(tmp_path / "store") as store:
        (found,) = nlp.analyse([prose_of(TEXT)], SETTINGS, store, languages=["de-AT"])
        again = nlp.analyse([prose_of(TEXT)], SETTINGS, store, languages=["de-AT"])

    assert [(c.name, c.kind, len(c.mentions)) for c in found.chains] == [
        ("Skarrow", "place", 1),
        ("Maud Ellery", "person", 2),
    ]
    assert [TEXT[m.span.start : m.span.end] for m in found.mentions] == [
        "Skarrow",
        "Maud Ellery",
        "Ellery",
    ]
    assert found.statements == ()
    assert again == [found]
    assert nlp.unread(["de-AT", "en"], SETTINGS) == ()


def test_a_long_text_is_read_in_pieces(model, monkeypatch):
    from builder.nlp.pipeline import load

    monkeypatch.setattr(foreign, "PART", 120)
    text = "\n\n".join([TEXT] * 3)

    (found,) = foreign.read(load(model), [prose_of(text)])

    assert [text[m.span.start : m.span.end] for m in found.mentions] == [
        "Skarrow",
        "Maud Ellery",
        "Ellery",
    ] * 3
    assert [len(chain.mentions) for chain in found.chains] == [3, 6]


def test_a_language_without_a_model_is_a_hint_and_one_whose_model_is_missing_a_warning(tmp_path):
    with Store(tmp_path / "store") as store:
        (found,) = nlp.analyse([prose_of(TEXT)], NlpSettings(), store, languages=["de"])

    assert found == nlp.Analysis()
    (hint,) = nlp.unread(["de", "en", "de"], NlpSettings())
    (warning,) = nlp.unread(["de"], GONE)
    assert (hint.level, hint.code) == ("hint", "unread-language")
    assert hint.message.startswith("2 articles in “de” can only have the names of the register")
    assert warning.level == "warning"
    assert warning.hint == "pip install de-gone"


def test_what_people_wrote_is_there_without_a_model(tmp_path):
    said = '[[corrections]]\ndo = "said-by"\npassage = { exact = "لن نرحل" }\nspeaker = "maud-ellery"\n'
    room = Newsroom.from_files(
        tmp_path,
        {
            "site.toml": SITE,
            "content/register.toml": REGISTER,
            "content/ar.md": article("باقية", "قالت مود إليري: «لن نرحل».", lang="ar"),
            "content/ar.corrections.toml": said,
        },
        analyse=nlp.analyse,
    )

    built = build(room.root, None, Wishes(now=NOW))

    (report,) = built.site.articles
    assert [(each.speaker, each.shown, each.named) for each in report.statements] == [
        ("maud-ellery", True, True)
    ]
    assert [each.entity for each in report.mentions] == ["maud-ellery"]
    assert [problem.code for problem in built.problems] == ["unread-language"]


def test_the_model_of_a_language_is_a_setting(tmp_path):
    room = Newsroom.from_files(
        tmp_path,
        {
            "site.toml": f"{SITE}[nlp]\n{LINE}",
            "content/de.md": article("Sie bleibt", TEXT, lang="de"),
        },
        analyse=nlp.analyse,
    )

    built = build(room.root, None, Wishes(now=dt.datetime(2026, 12, 1, tzinfo=dt.UTC)))

    assert [(p.level, p.code) for p in built.problems] == [("warning", "unread-language")]
