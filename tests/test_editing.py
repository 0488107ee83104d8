"""Who wins when model and editors disagree."""

from __future__ import annotations

import datetime as dt
import tomllib
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from findings import edited, shown
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from builder import routes
from builder.editing import words_shown
from builder.model import (
    Confirm,
    Correction,
    Distinct,
    Ignore,
    Known,
    Names,
    Passage,
    Role,
    SaidBy,
    SourceDocument,
    Span,
)
from builder.settings import Settings, SiteSettings, StatementSettings, TextSettings

FIXTURES = Path(__file__).parent / "fixtures" / "corrections.md"


def cases() -> list[object]:
    pieces = FIXTURES.read_text("utf-8").split("\n.\n")
    return [
        pytest.param(given_, expected.splitlines(), id=title.strip())
        for title, given_, expected in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=False)
    ]


@pytest.mark.parametrize(("given_", "expected"), cases())
def test_corrections(given_: str, expected: list[str]) -> None:
    text, *rest = given_.split("\n\n")
    lines = [line for part in rest if not part.startswith("do =") for line in part.splitlines()]
    corrections = [
        msgspec.convert(tomllib.loads(part), Correction) for part in rest if part.startswith("do =")
    ]

    assert shown(edited(text, lines, corrections)) == expected


ANA = Known(
    key="ana-ruiz",
    name="Ana Ruiz",
    kind="person",
    aliases=("Ruiz of Marrow Bay", "AR"),
    roles=(
        Role(title="harbour clerk", until=dt.date(2030, 12, 31)),
        Role(title="minister of ports, roads", organisation="cabinet", since=dt.date(2031, 1, 1)),
    ),
)
PILOT = Known(
    key="ana-ruiz-pilot", name="Ana Ruiz", kind="person", aliases=("Captain Ruiz",), distinct=True
)
CABINET = Known(key="cabinet", name="The Cabinet", kind="organisation")


def test_names_join_the_register_by_full_name_or_alias_but_namesakes_by_alias_only():
    result = edited(
        "Ana Ruiz spoke. Captain Ruiz flew.",
        ["person Ana Ruiz: Ana Ruiz", "person Captain Ruiz: Captain Ruiz"],
        register=[ANA, PILOT],
    )

    assert shown(result) == ["person ana-ruiz: Ana Ruiz", "person ana-ruiz-pilot: Captain Ruiz"]


def test_a_namesake_that_is_not_in_the_register_gets_a_key_of_its_own():
    pilot = Known(key="ana-ruiz", name="Ana Ruiz", kind="person", distinct=True)

    result = edited("Ana Ruiz spoke.", ["person Ana Ruiz: Ana Ruiz"], register=[pilot])

    assert shown(result) == ["person ana-ruiz-2: Ana Ruiz"]


def test_a_full_name_never_joins_through_the_alias_of_its_surname():
    other = Known(key="lia-okafor", name="Lia Okafor", kind="person", aliases=("Okafor",))

    result = edited(
        "Ben Okafor spoke. Okafor left.",
        ["person Ben Okafor: Ben Okafor; Okafor"],
        register=[other],
    )

    assert shown(result) == ["person ben-okafor: Ben Okafor, Okafor"]


def test_names_of_the_register_that_the_model_missed_are_found_as_whole_words():
    result = edited("Ana Ruiz met the ARC. AR left; Ana Ruizes stayed, AR-2.", register=[ANA])

    assert shown(result) == ["person ana-ruiz: Ana Ruiz*, AR*, AR*"]


def test_a_name_inside_another_name_is_left_alone_and_a_part_of_the_full_name_is_replaced():
    bay = Known(key="marrow-bay", name="Marrow Bay", kind="place")
    result = edited(
        "Ana Ruiz read the Marrow Bay Echo.",
        ["person Ana: Ana", "organisation Marrow Bay Echo: Marrow Bay Echo"],
        register=[ANA, bay],
    )

    assert shown(result) == [
        "person ana-ruiz: Ana Ruiz*",
        "organisation marrow-bay-echo: Marrow Bay Echo",
    ]


def test_the_surname_alone_goes_to_the_full_name_that_only_the_register_knew():
    result = edited("Ana Ruiz came. Ruiz spoke.", ["person Ruiz: Ruiz"], register=[ANA])

    # The helper puts the model's "Ruiz" at its first free place: inside the full name.
    assert {m.entity for m in result.mentions} == {"ana-ruiz"}


def test_the_role_is_the_one_at_the_date_of_the_article():
    lines = ["person Ana Ruiz: Ana Ruiz; = a widow", "says Ana Ruiz | it was late | 0.9"]
    text = "Ana Ruiz, a widow, said it was late."

    before = edited(
        text, lines, register=[ANA, CABINET], published=dt.datetime(2030, 5, 1, tzinfo=dt.UTC)
    )
    after = edited(text, lines, register=[ANA, CABINET])
    unknown = edited(text, lines)

    assert before.statements[0].role == "harbour clerk"
    assert after.statements[0].role == "minister of ports, roads, The Cabinet"
    assert unknown.statements[0].role == "a widow"


@pytest.mark.parametrize(
    ("source", "document"),
    [
        ("Board minutes", "minutes"),
        ("The board minutes", "minutes"),
        ("the minutes, seen by the Echo,", "minutes"),
        ("the minutes' keeper", ""),
        ("the minutes keeper", ""),
    ],
)
def test_a_document_of_the_front_matter_is_the_source_that_the_words_name(
    source: str, document: str
):
    minutes = SourceDocument(id="minutes", title="Board minutes", aliases=("the minutes",))

    result = edited(
        f"{source} showed that the crane was old.",
        [f"says {source} | that the crane was old | 0.9"],
        documents=(minutes,),
    )

    said = result.statements[0]
    assert (said.document, said.speaker_name, said.named) == (
        (document, "Board minutes", True) if document else ("", source, False)
    )


def test_only_checked_statements_are_shown_where_the_site_wants_it():
    checked = Settings(
        site=SiteSettings(title="Echo"),
        statements=StatementSettings(show="checked"),
        text=TextSettings(repair=True),
    )
    lines = [
        "says a clerk | it was late | 1",
        "says a cook | it was cold | 1",
        "says a maid | it was wet | 1",
    ]
    result = edited(
        "A clerk: a clerk said it was late. Then a cook said it was cold. So a maid said it was wet.",
        lines,
        [
            Confirm(passage=Passage(exact="it was late")),
            SaidBy(passage=Passage(exact="it was wet"), unnamed="a maid"),
        ],
        settings=checked,
    )

    assert [(said.shown, said.checked_by) for said in result.statements] == [
        (True, ""),
        (False, None),
        (True, None),
    ]


def test_statements_with_the_same_words_have_anchors_of_their_own():
    result = edited(
        "It is late, a man said. It is late, a boy said.",
        ["says a man | It is late | 0.9"],
        [SaidBy(passage=Passage(exact="It is late", after=", a boy"), unnamed="a boy")],
    )

    assert [said.anchor for said in result.statements] == [
        routes.anchor("s", "It is late", 0),
        routes.anchor("s", "It is late", 1),
    ]


def test_a_body_known_by_a_description_speaks_but_is_nobody_beyond_its_article():
    result = edited(
        "The league against noise said that it would sue the mill. It gave no date.",
        [
            "organisation league against noise: [The league against noise]; (It)",
            "organisation mill: [the mill]",
            "says The league against noise | that it would sue the mill | 0.9",
            "says It | no date | 0.9",
        ],
    )

    (league,) = result.entities
    assert (league.name, league.local) == ("league against noise", True)
    assert [said.speaker for said in result.statements] == [league.key, league.key]


def test_dates_are_no_entities():
    result = edited("It rained on Monday.", ["date Monday: Monday"])

    assert (result.entities, result.mentions) == ((), ())


WORDS = st.lists(
    st.sampled_from(["Ana Ruiz", "Ruiz", "AR", "the", "said", "Bay"]), min_size=1, max_size=12
)


@given(words=WORDS, number=st.integers(0, 11), every=st.booleans())
def test_names_never_overlap_and_editors_win_whoever_is_first_in_the_register(
    words: list[str], number: int, every: bool
):
    chosen = words[number % len(words)]
    assume(chosen != "said")
    text = " ".join(words)
    correction = Names(passage=Passage(exact=chosen), entity="Port Echo", kind="place", every=every)
    ignore = Ignore(passage=Passage(exact="said"))

    found = ["person Ana Ruiz: " + chosen]
    bay = Known(key="bo-bay", name="Bo Bay", kind="person", aliases=("Bay", "AR"))
    result = edited(text, found, [correction, ignore], register=[ANA, bay])

    spans = [mention.span for mention in result.mentions]
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert {mention.entity for mention in result.mentions} <= {
        entity.key for entity in result.entities
    }
    if not any(problem.place.line == 1 for problem in result.problems):
        assert "port-echo" in {mention.entity for mention in result.mentions}
    assert result == edited(text, found, [correction, ignore], register=[bay, ANA])


def test_a_namesake_does_not_get_the_other_ones_description():
    register = [Known(key="ana-ruiz", name="Ana Ruiz", kind="person")]
    result = edited(
        "“No,” Ana Ruiz said. She is no relation of Ana Ruiz, the mayor.",
        ["person Ana Ruiz: Ana Ruiz; Ana Ruiz; = the mayor", "says Ana Ruiz | “No,” | 0.9"],
        [
            Distinct(entity="Ana Ruiz", key="ana-ruiz-baker"),
            Names(passage=Passage(exact="Ana Ruiz", before="relation of"), entity="ana-ruiz"),
        ],
        register,
    )

    (said,) = result.statements
    assert (said.speaker, said.role) == ("ana-ruiz-baker", "")
    described = {entity.key: entity.descriptions for entity in result.entities}
    assert described == {"ana-ruiz": ("the mayor",), "ana-ruiz-baker": ()}


def test_words_are_shown_repaired_where_the_site_wants_it():
    result = edited("The harbour s lease ends.")
    repair = (Span(11, 13), "’s")

    assert words_shown(result, (Span(0, 19),)) == "The harbour s lease"
    assert words_shown(replace(result, repairs=(repair,)), (Span(0, 19),)) == "The harbour’s lease"
    assert words_shown(replace(result, repairs=(repair,)), (Span(14, 19),)) == "lease"
