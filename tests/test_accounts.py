"""Who says what: the table of an article's sources, and accounts that differ."""

from __future__ import annotations

from pathlib import Path

import pytest
from hand_set import (
    NAMES,
    NOWHERE,
    RELATED,
    SETTINGS,
    article,
    edited,
    example,
    joined,
    said,
    spans,
)
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from stress import stress

from builder.model import Anchor, ArticleId, Dispute, Known
from builder.render import render
from builder.render.notes import MOST
from builder.render.sourcing import by_source, name_of
from builder.render.wording import excerpt
from builder.settings import PeopleSettings


def page(site, name="2026/ferry", settings=SETTINGS):
    outputs = render(site, RELATED, settings, NOWHERE)
    return next(o.context for o in outputs if o.path == f"{name}/index.html")


def report(body, *statements, names=None, register=(), settings=SETTINGS):
    source = article("report", "A report", body)
    site = joined((edited(source, names or {}, statements),), settings, register)
    return page(site, "report", settings)


def test_every_source_has_a_row_with_all_that_it_said():
    rows = page(example()).sources

    assert [(row.source.text, row.naming, [s.number for s in row.said]) for row in rows] == [
        ("Harbour Authority", "Named source", [1]),
        ("Mara Lindqvist", "Named source", [2, 3, 5]),
        ("Board minutes", "Document", [4]),
        ("A senior official", "Unnamed source", [6]),
    ]
    assert rows[1].role == "project director"
    assert rows[1].said[2].link.text == "she stood by her account"


def test_the_table_and_the_line_count_the_same():
    for site, name in ((example(), "2026/ferry"), (example(), "2026/strike"), (stress(), "stress")):
        context = page(site, name)
        kinds = [row.naming.partition(" ")[0] for row in context.sources]
        line = context.sourcing

        assert kinds.count("Named") == line.named
        assert kinds.count("Unnamed") == line.unnamed
        assert kinds.count("Document") == line.documents
        assert sum(len(row.said) for row in context.sources) == line.statements


def test_what_nobody_clear_said_is_one_row_without_a_kind():
    text = "It sank, they said. It rose, she said."
    context = report(text, said(text, "It sank", name="they"), said(text, "It rose", name="she"))

    (row,) = context.sources
    assert (row.source.text, row.naming) == ("Source not clear", "")
    assert [each.number for each in row.said] == [1, 2]


def test_the_role_of_one_is_no_role_of_all_that_nobody_clear_said():
    text = "It sank, he said. It rose, she said."
    one, other = said(text, "It sank", name="he", role="mayor"), said(text, "It rose", name="she")
    one = replace(one, statement=replace(one.statement, unclear=True))

    (row,) = report(text, one, other).sources

    assert (row.source.text, row.role) == ("Source not clear", "")


def test_words_that_two_said_lead_to_the_same_place():
    text = "The quay sank, said the harbour master and the pilot."
    first = said(text, "The quay sank", name="the harbour master", anchor=Anchor("s-1"))
    second = said(text, "The quay sank", name="the pilot", anchor=Anchor("s-2"))

    rows = report(text, first, second).sources

    assert [row.said[0].link.href for row in rows] == ["#s-1", "#s-1"]
    assert [row.said[0].number for row in rows] == [1, 1]


def test_what_somebody_denies_never_stands_without_the_denial():
    text = "A clerk denied reports that the quay had sunk."
    found = said(text, "that the quay had sunk", name="A clerk")
    denied = replace(found.statement, denied=spans(text, "denied reports"))

    context = report(text, replace(found, statement=denied))

    (row,) = context.sources
    assert row.said[0].link.text == "denied reports that the quay had sunk"
    assert context.notes[0].statements[0].form == "Reported denial"


def test_somebody_without_a_page_is_in_the_table_without_a_link():
    register = (Known(key="mara-lindqvist", name="Mara Lindqvist", kind="person", page=False),)
    text = "“No,” said Mara Lindqvist."
    statement = said(text, "“No,”", by="mara-lindqvist", name="Mara Lindqvist")

    context = report(text, statement, names=NAMES, register=register)
    (row,) = context.sources
    assert (row.source.text, row.source.href) == ("Mara Lindqvist", "")

    careful = replace(SETTINGS, people=PeopleSettings(pages="register"))
    (row,) = report(text, statement, names=NAMES, settings=careful).sources
    assert row.source.href == ""


def test_a_source_is_called_by_its_name_and_not_by_its_reasons():
    text = "It sank, said a clerk, who asked not to be named. It rose, said a clerk."
    first = said(text, "It sank", name="a clerk, who asked not to be named")
    second = said(text, "It rose", name="a clerk")

    context = report(text, first, second)

    assert name_of(first) == "a clerk"
    assert [row.source.text for row in context.sources] == ["A clerk"]
    assert context.sourcing.text == "2 statements, 1 unnamed source"


@pytest.mark.parametrize(
    ("checks", "line"),
    [
        ([None], "Found automatically, none checked by an editor"),
        ([""], "All checked or attributed by an editor"),
        ([None, "I. Okafor", None], "2 found automatically, 1 checked or attributed by an editor"),
    ],
)
def test_the_line_tells_the_machines_work_from_the_editors(checks, line):
    text = " ".join(f"Word{n} was said." for n in range(len(checks)))
    statements = [
        said(text, f"Word{n}", name="a clerk", checked_by=by) for n, by in enumerate(checks)
    ]

    assert report(text, *statements).sourcing.checked == line


def test_who_attributes_a_statement_has_checked_it():
    text = "It sank."

    context = report(text, said(text, "It sank", name="a clerk", origin="editor"))

    assert context.sourcing.checked == "All checked or attributed by an editor"


def test_both_accounts_stand_in_the_table_the_disputed_one_first():
    (difference,) = page(example()).differences

    assert difference.disputed.source.text == "Mara Lindqvist"
    assert difference.disputed.link.text.startswith("“I asked the Harbour Authority")
    assert difference.disputing.source.text == "Board minutes"
    assert difference.disputing.link.text == "no such request was recorded"
    assert difference.note == "the minutes carry no request"


def across():
    """Two reports, each with one side of a dispute."""
    one, other = "It sank, said the pilot.", "It floats, said the owner."
    here, there = ArticleId("one"), ArticleId("other")
    sank = said(one, "It sank", name="the pilot", anchor=Anchor("s-1"))
    floats = said(other, "It floats", name="the owner", anchor=Anchor("s-2"))
    sank = replace(sank, disputes=(Dispute(article=there, anchor=floats.anchor, disputes=False),))
    floats = replace(floats, disputes=(Dispute(article=here, anchor=sank.anchor, disputes=True),))
    return joined(
        (
            edited(article("one", "First report", one), {}, (sank,)),
            edited(article("other", "Second report", other), {}, (floats,)),
        )
    )


def test_accounts_in_two_reports_stand_side_by_side_in_both():
    (first,) = page(across(), "one").differences
    (second,) = page(across(), "other").differences

    assert (first.disputed.link.href, first.disputed.where) == ("#s-1", "")
    assert (first.disputing.link.href, first.disputing.where) == (
        "../other/#s-2",
        "Second report",
    )
    assert second.disputed.link.href == "../one/#s-1"
    assert second.disputing.link.href == "#s-2"


def test_the_note_has_the_words_of_both():
    (view,) = page(across(), "one").notes[0].statements

    (dispute,) = view.disputes
    assert (dispute.own, dispute.words) == ("It sank", "It floats")
    assert (dispute.link.text, dispute.where) == ("the owner", "Second report")


def test_a_side_that_readers_do_not_see_is_not_told():
    text = "It sank, said the pilot. It floats, said the owner."
    floats = said(text, "It floats", name="the owner", shown=False)
    dispute = Dispute(article=ArticleId("report"), anchor=floats.anchor, disputes=False)
    sank = said(text, "It sank", name="the pilot", disputes=(dispute,))

    context = report(text, sank, floats)

    assert context.differences == ()
    assert context.notes[0].statements[0].disputes == ()


def test_of_hundreds_of_entities_those_named_most_are_links():
    context = page(stress(), "stress")

    assert context.body.count('<a class="e ') == MOST == len(context.entities)
    assert {note.link.text for note in context.entities} >= {
        f"Ana Speaker{number:03}" for number in range(20)
    }


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("that the quay sank", "the quay sank"),
        ("“We knew,” “and we waited a long time.”", "“We knew,” “and we …”"),
        ("thatched roofs", "thatched roofs"),
        ("es sei „eine Schande“", "es sei „eine Schande“"),
        ("one two three four five", "one two three four …"),
    ],
)
def test_excerpts(text, short):
    assert excerpt(text, 4) == short


@given(st.text(alphabet="ab “”,.", max_size=80), st.integers(1, 9))
def test_an_excerpt_closes_what_it_opens_and_is_never_longer(text, most):
    short = excerpt(text, most)

    assert len(short.split()) <= most + 1
    assert short.count("“") <= short.count("”")


def test_by_source_keeps_every_statement_that_is_shown():
    text = "A was said. B was said. C was said."
    statements = (
        said(text, "A", name="she"),
        said(text, "B", name="a clerk", shown=False),
        said(text, "C", name="she"),
    )
    found = by_source(edited(article("report", "A report", text), {}, statements))

    assert [s.anchor for group in found.values() for s in group] == [
        statements[0].anchor,
        statements[2].anchor,
    ]


@pytest.mark.parametrize(
    ("name", "written", "published"),
    [
        ("own.css", "/* why */\np { color: red }\n", "p{color:red}"),
        ("own.js", "// why\nlet a = 1\n\nlet b = `x  y`\n", "let a=1\nlet b=`x  y`"),
        ("own.css", "/*! licence */\np { color: red }", "/*! licence */p{color:red}"),
        ("own.min.js", "let  a  =  1", "let  a  =  1"),
        ("own.txt", "/* kept */", "/* kept */"),
    ],
)
def test_assets_are_published_without_what_only_people_read(
    tmp_path: Path, name, written, published
):
    folder = tmp_path / "templates" / "assets"
    folder.mkdir(parents=True)
    (folder / name).write_text(written)

    outputs = render(example(), RELATED, SETTINGS, tmp_path)
    stem, _, suffix = name.rpartition(".")
    found = [
        o.data
        for o in outputs
        if o.path.startswith(f"assets/{stem}.") and o.path.endswith(f".{suffix}")
    ]

    assert found == [published.encode()]


def test_an_asset_that_is_no_text_is_published_as_it_is(tmp_path: Path):
    folder = tmp_path / "templates" / "assets"
    folder.mkdir(parents=True)
    (folder / "odd.css").write_bytes(b"\xff\xfe")

    outputs = render(example(), RELATED, SETTINGS, tmp_path)

    assert b"\xff\xfe" in [o.data for o in outputs if o.path.startswith("assets/odd.")]
