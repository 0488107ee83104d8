"""What the page about quality says is what the scorers said."""

from __future__ import annotations

import hashlib
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from builder.model import Analysis, Chain, Mention, Span, Statement
from builder.nlp.evaluate import __main__ as command
from builder.nlp.evaluate import diagram, hand, page, scorers
from builder.nlp.evaluate.figures import Cost, Quality, Score, Statements, Tenth

TENTHS = (Tenth(0.4, 20, 9), Tenth(0.9, 80, 76))


def score(f1: float) -> Score:
    return Score(f1, f1, f1)


def statements(f1: float) -> Statements:
    return Statements(100, score(f1), score(f1 - 0.1), ((score(0.9), score(0.8)),) * 3)


QUALITY = Quality(
    date="2026-02-03",
    versions=(("Postil", "1.2.3"), ("spacy", "3.8.0")),
    statements={"clean": statements(0.7), "drop": statements(0.6), "space": statements(0.5)},
    shown={"with marks": Statements(50, score(0.8), Score(0.9, 0.4, 0.55), ())},
    tenths=TENTHS,
    names={"joined": Score(0.91, 0.62, 0.737)},
    cost={"with marks": Cost(20.0, 5.0)},
    megabytes=701.4,
    hand_marks="7 of 8 right",
)


def test_the_page_has_every_figure_with_its_date_and_versions():
    text = page.page(QUALITY)

    assert "2026-02-03, Postil 1.2.3, spacy 3.8.0." in text
    assert re.search(
        r"\*\*Postil\*\* +\| 70\.0 / 60\.0 \|.*\| 60\.0 / 50\.0 +\| 50\.0 / 40\.0", text
    )
    assert re.search(r"two people +\| 79\.6 / 75\.4", text)
    assert re.search(r"with marks +\| 50 +\| 90\.0 +\| 40\.0 ", text)
    assert re.search(r"0\.4 to 0\.5 +\| 20 +\| 9 +\| 45\.0 ", text)
    assert re.search(r"joined +\| 91\.0 +\| 62\.0 +\| 73\.7 ", text)
    assert re.search(r"with marks +\| 20\.0 +\| 5\.0 +\| 0\.25 ", text)
    assert "701 MB" in text
    assert "7 of 8 right" in text


def test_what_is_printed_has_the_tables_of_the_page():
    printed, text = page.summary(QUALITY), page.page(QUALITY)

    tables = [part for part in printed.split("\n\n") if part.startswith("|")]
    assert len(tables) == 5
    assert all(table in text for table in tables)


def test_the_columns_of_a_table_are_aligned():
    assert page.grid(["a", "long"], [["wide", "1"]]) == (
        "| a    | long |\n|------|------|\n| wide | 1    |"
    )


def test_the_diagram_has_a_dot_for_every_tenth_higher_where_more_is_right():
    picture = ET.fromstring(diagram.svg(TENTHS))

    low, high = picture.iter("{http://www.w3.org/2000/svg}circle")
    assert float(low.attrib["cx"]) < float(high.attrib["cx"])
    assert float(low.attrib["cy"]) > float(high.attrib["cy"])
    assert float(low.attrib["r"]) < float(high.attrib["r"])


def test_the_diagram_is_as_plain_on_dark_ground_as_on_light():
    """Every colour has a contrast of 3 or more to white and to black (WCAG 1.4.11)."""
    colours = set(re.findall(r"#[0-9a-f]{6}", diagram.svg(TENTHS)))

    assert colours
    for colour in colours:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        assert 1.05 / (light + 0.05) >= 3
        assert (light + 0.05) / 0.05 >= 3


def test_the_printed_tables_of_both_scorers_are_read():
    joined = (
        "b3           gold     27  P 0.910 R 0.650 F1 0.758\n"
        "alias links  gold     12  P 0.875 R 0.500 F1 0.636\n"
    )
    found = "PER   gold    14  exact P 0.900 R 0.600 F1 0.720   overlap F1 0.810\n"

    assert scorers.table(joined)["alias links"] == Score(0.875, 0.5, 0.636)
    assert scorers.table(found) == {"PER": Score(0.9, 0.6, 0.72)}


TEXT = "Ada Brook said rain fell. Brook lives in Ely."
FOUND = Analysis(
    mentions=(
        Mention(span=Span(0, 9), kind="person", form="name"),
        Mention(span=Span(26, 31), kind="person", form="name"),
        Mention(span=Span(41, 44), kind="place", form="name"),
    ),
    chains=(
        Chain(name="Ada Brook", kind="person", mentions=(0, 1)),
        Chain(name="Ely", kind="place", mentions=(2,)),
    ),
    statements=(
        Statement(
            content=(Span(15, 24),),
            cue=(Span(10, 14),),
            source=(Span(0, 9),),
            form="indirect",
            confidence=0.8,
        ),
        Statement(content=(Span(32, 44),), form="indirect", confidence=0.3),
    ),
)


def test_scorers_get_the_statements_that_are_wanted():
    (line,) = scorers.statement_lines({"a": FOUND}, lambda each: each.confidence > 0.5)

    assert line == {
        "doc": "a",
        "statements": [{"content": [[15, 24]], "cue": [[10, 14]], "source": [[0, 9]]}],
    }


def test_scorers_get_mentions_with_the_number_of_their_chain_and_names_with_labels():
    (chains,) = scorers.chain_lines(["a"], [FOUND])
    (names,) = scorers.name_lines(["a"], [FOUND])

    assert [each["cluster"] for each in chains["mentions"]] == [0, 0, 1]
    assert names["entities"] == [[0, 9, "PER"], [26, 31, "PER"], [41, 44, "LOC"]]


@pytest.mark.parametrize(
    ("act", "confidence", "expected"),
    [("speech", 0.7, True), ("speech", 0.69, False), ("attitude", 0.99, False)],
)
def test_what_counts_as_shown_is_what_a_site_shows(act, confidence, expected):
    statement = Statement(content=(Span(0, 1),), form="direct", act=act, confidence=confidence)

    assert command.shown(statement) is expected


SCORER = """
import json, sys
pred = [json.loads(line) for line in open(sys.argv[sys.argv.index("--pred") + 1])]
number = sum(len(each["statements"]) for each in pred)
names = ["content_iou50", "tuple"] + [
    f"{what}_{form}" for what in ("content", "tuple") for form in ("direct", "mixed", "indirect")
]
print(json.dumps({"pred": number, **{name: [0.5, 0.25, 1 / 3] for name in names}}))
"""


def test_every_tenth_is_scored_by_itself(tmp_path: Path):
    (tmp_path / "score_quotes.py").write_text(SCORER)
    many = Analysis(
        statements=tuple(
            Statement(content=(Span(0, 1),), form="direct", confidence=each)
            for each in (0.3, 0.31, 0.39, 0.399, 0.95, 1.0)
        )
    )

    found = list(scorers.tenths(tmp_path, {"a": many}))

    assert found == [Tenth(0.3, 4, 2), Tenth(0.9, 2, 1)]


@pytest.mark.parametrize("gold", ["", "nowhere"])
def test_without_data_one_line_says_so_and_nothing_is_written(
    gold: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    status = command.main(["--gold", gold, "--docs", str(tmp_path / "docs")])

    told = capsys.readouterr()
    assert status == 2
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert not (tmp_path / "docs").exists()


def test_what_is_missing_is_named(tmp_path: Path):
    for name in command.NEEDED:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert command.missing(str(tmp_path)) == ""

    (tmp_path / "score_ner.py").unlink()

    assert command.missing(str(tmp_path)).endswith("has no score_ner.py")


def test_the_report_for_the_hand_made_marks_is_known_by_its_digest(tmp_path: Path):
    marks = tmp_path / "marks.json"
    marks.write_text(json.dumps({"sha256": hashlib.sha256(b"Rain fell.").hexdigest()}))
    (tmp_path / "a.txt").write_bytes(b"Snow fell.")
    assert hand.report(tmp_path, marks) is None

    (tmp_path / "b.txt").write_bytes(b"Rain fell.")

    assert hand.report(tmp_path, marks) == tmp_path / "b.txt"


def test_without_the_report_the_page_says_so(tmp_path: Path):
    assert "missing" in hand.score(tmp_path)
