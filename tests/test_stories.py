"""Running stories and the sourcing audit: what is gathered over several reports."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from hand_set import (
    NAMES,
    NOWHERE,
    REGISTER,
    SETTINGS,
    article,
    clean,
    edited,
    example,
    here,
    joined,
    said,
)
from msgspec.structs import replace

from builder import routes
from builder.index.protection import protected
from builder.model import (
    ArticleId,
    Dispute,
    Edited,
    EntityKey,
    File,
    Known,
    Named,
    Page,
    Site,
    Span,
)
from builder.render import render
from builder.render.templates import Templates
from builder.render.views import AuditPage, StoryPage
from builder.settings import PeopleSettings

FERRY = "stories/the-late-terminal/index.html"


def outputs(site: Site, settings: Any = SETTINGS) -> dict[str, Any]:
    return {
        each.path: each.context if isinstance(each, Page) else each
        for each in render(site, {}, settings, NOWHERE)
    }


def story(site: Site, path: str = FERRY) -> StoryPage:
    context = outputs(site)[path]
    assert isinstance(context, StoryPage)
    return context


def audit(site: Site, settings: Any = SETTINGS) -> AuditPage:
    context = outputs(site, settings)["sourcing/index.html"]
    assert isinstance(context, AuditPage)
    return context


def table(site: Site, name: str) -> list[dict[str, str]]:
    file = outputs(site)[f"sourcing/{name}.csv"]
    assert isinstance(file, File)
    return list(csv.DictReader(io.StringIO(file.data.decode("utf-8-sig"), newline="")))


# --- running stories ------------------------------------------------------------------------------


def test_a_story_tells_who_said_what_when_from_the_beginning():
    page = story(example())

    assert [(m.day.text, m.article.text) for m in page.moments] == [
        ("17 November 2026", "Dockers walk out"),
        ("20 November 2026", "Ferry terminal delayed again"),
    ]
    assert (page.counts, page.span) == (
        "2 reports, 7 statements",
        "17 November 2026 to 20 November 2026",
    )
    assert page.newest is not None
    assert page.newest.href == "../../2026/ferry/"
    assert [(v.source.text, v.role) for v in page.moments[1].voices] == [
        ("Harbour Authority", ""),
        ("Mara Lindqvist", "project director"),
    ]
    mara = page.moments[1].voices[1]
    assert [saying.text for saying in mara.sayings] == [
        "“I asked the Harbour Authority to stop work that week.”"
    ]
    assert mara.more == "and 2 more statements"
    assert mara.sayings[0].passage.startswith("../../2026/ferry/#s-")
    assert mara.sayings[0].disputes[0].link.text == "Board minutes"


def test_unnamed_sources_and_documents_of_a_story_are_only_counted():
    page = story(example())

    assert page.moments[1].others == "1 unnamed source and 1 document"
    assert "senior official" not in str(page)


def test_accounts_that_differ_stand_side_by_side():
    (contrast,) = story(example()).contrasts

    assert contrast.disputed.source.text == "Mara Lindqvist"
    assert contrast.disputed.direct
    assert contrast.by.source.text == "Board minutes"
    assert contrast.by.text == "that no such request was recorded"
    assert not contrast.by.direct
    assert contrast.note == "the minutes carry no request"


def test_the_drawing_has_a_row_for_each_source_and_a_dot_for_each_day():
    drawing = story(example()).drawing

    assert drawing is not None
    assert [lane.name for lane in drawing.lanes] == [
        "Tomas Øyen",
        "Harbour Authority",
        "Mara Lindqvist",
    ]
    dots = [dot for lane in drawing.lanes for dot in lane.dots]
    assert [(dot.x, dot.hollow, dot.disputed) for dot in dots] == [
        ("3.50%", False, False),
        ("96.50%", True, False),
        ("96.50%", False, True),
    ]
    assert float(dots[2].size) > float(dots[0].size)
    assert dots[2].title == "Mara Lindqvist, 20 November 2026: 3 statements"
    assert [tick.text for tick in drawing.ticks] == ["17 Nov 2026", "20 Nov 2026"]
    heights = [lane.y for lane in drawing.lanes]
    assert heights == sorted(set(heights))
    assert heights[-1] < drawing.height


def reports(*bodies: str, **more: Any) -> list[Edited]:
    """Reports of one story a day apart; in each Mara and Tomas say every sentence in quotes."""
    found = []
    for number, body in enumerate(bodies, 1):
        source = article(f"r{number}", f"Report {number}", body, number, story="Quay", **more)
        found.append(edited(source, NAMES, statements(source)))
    return found


def statements(source: Any) -> list[Any]:
    text = clean(source)
    keys = {"Mara Lindqvist": "mara-lindqvist", "Tomas Øyen": "tomas-oyen"}
    return [
        said(text, part.split("”")[0].join("“”"), by=keys[name], name=name)
        for part in text.split("“")[1:]
        for name in [part.split("said ")[1].split(".")[0]]
    ]


QUAY = "stories/quay/index.html"


def test_disputes_are_lines_between_rows():
    one, other = reports("“It sank,” said Mara Lindqvist.", "“It floats,” said Tomas Øyen.")
    sank, floats = routes.anchor("s", "“It sank,”"), routes.anchor("s", "“It floats,”")
    one = _with(one, Dispute(article=ArticleId("r2"), anchor=floats, disputes=False))
    other = _with(other, Dispute(article=ArticleId("r1"), anchor=sank, disputes=True))

    drawing = story(joined([one, other]), QUAY).drawing

    assert drawing is not None
    mara, tomas = drawing.lanes
    (thread,) = drawing.threads
    assert ((thread.x, thread.y), (thread.to_x, thread.to_y)) == (
        (mara.first, mara.y),
        (tomas.first, tomas.y),
    )


def _with(report: Edited, dispute: Dispute) -> Edited:
    (statement,) = report.statements
    return replace(report, statements=(replace(statement, disputes=(dispute,)),))


def test_nothing_is_drawn_where_one_report_alone_quotes_anybody():
    both = reports("“It sank,” said Mara Lindqvist.", "The quay was quiet.")

    assert story(joined(both), QUAY).drawing is None


def test_a_long_story_goes_over_several_pages_and_is_drawn_once():
    long = reports(*["“It sank,” said Mara Lindqvist."] * 28)
    more = [edited(article(f"q{n}", f"More {n}", "Quiet.", 28, story="Quay")) for n in range(40)]
    pages = outputs(joined([*long, *more]))

    first, second = pages[QUAY], pages["stories/quay/page/2/index.html"]
    assert [len(page.moments) for page in (first, second)] == [50, 18]
    assert (first.start, second.start) == (1, 51)
    assert first.moments[0].article.text == "Report 1"
    assert first.drawing is not None
    assert second.drawing is None
    assert second.contrasts == ()


def test_every_place_in_the_drawing_lies_in_it():
    days = (1, 2, 9, 28)
    all_of = [
        edited(source, NAMES, statements(source))
        for day in days
        for source in [
            article(f"r{day}", f"Report {day}", "“No,” said Tomas Øyen.", day, story="Quay")
        ]
    ]
    drawing = story(joined(all_of), QUAY).drawing

    assert drawing is not None
    places = [
        *(dot.x for lane in drawing.lanes for dot in lane.dots),
        *(each.x for each in (*drawing.reports, *drawing.ticks)),
    ]
    assert all(0 <= float(place.removesuffix("%")) <= 100 for place in places)


def test_a_long_name_beside_a_row_is_cut():
    name = "Mara " + "x" * 300
    names = {name: here("mara-x", name)}
    both = [
        edited(source, names, [said(clean(source), "“No,”", by="mara-x", name=name)])
        for day in (1, 2)
        for source in [article(f"r{day}", "Report", f"“No,” said {name}.", day, story="Quay")]
    ]

    drawing = story(joined(both), QUAY).drawing

    assert drawing is not None
    assert len(drawing.lanes[0].name) < 50


# --- the audit ------------------------------------------------------------------------------------


def test_the_audit_counts_statements_by_kind_of_source_and_by_source():
    page = audit(example())

    assert page.counts == "2 reports, 7 statements"
    assert [(line.link.text, line.statements, line.share) for line in page.kinds] == [
        ("Named sources", "5", "71.4%"),
        ("Unnamed sources", "1", "14.3%"),
        ("Documents and polls", "1", "14.3%"),
        ("Source not clear", "0", "0.0%"),
    ]
    assert [(line.link.text, line.statements, line.reports) for line in page.sources] == [
        ("Mara Lindqvist", "3", "1"),
        ("Harbour Authority", "1", "1"),
        ("Tomas Øyen", "1", "1"),
    ]
    assert page.single == "1 of 2 reports rests on a single source"
    assert [(r.link.text, r.named, r.unnamed, r.documents, r.single) for r in page.reports] == [
        ("Ferry terminal delayed again", 2, 1, 1, False),
        ("Dockers walk out", 1, 0, 0, True),
    ]


def test_the_tables_to_download_say_the_same():
    assert [(row["source"], row["statements"]) for row in table(example(), "sources")] == [
        ("Mara Lindqvist", "3"),
        ("Harbour Authority", "1"),
        ("Tomas Øyen", "1"),
        ("(named sources without a page)", "0"),
        ("(unnamed sources)", "1"),
        ("(documents and polls)", "1"),
        ("(source not clear)", "0"),
    ]
    assert [(row["report"], row["single source"]) for row in table(example(), "reports")] == [
        ("Ferry terminal delayed again", "no"),
        ("Dockers walk out", "yes"),
    ]


def test_what_two_say_together_is_one_statement_of_both():
    body = "“It sank,” said Mara Lindqvist and Tomas Øyen. “No,” said Ana Ruiz."
    source = article("quay", "Quay", body)
    joint = said(
        body,
        "“It sank,”",
        by="mara-lindqvist",
        name="Mara Lindqvist and Tomas Øyen",
        also=(EntityKey("tomas-oyen"),),
    )
    private = Known(key="ana-ruiz", name="Ana Ruiz", kind="person", page=False)
    own = said(body, "“No,”", by="ana-ruiz", name="Ana Ruiz")
    names = {**NAMES, "Ana Ruiz": here("ana-ruiz", "Ana Ruiz")}

    site = joined([edited(source, names, [joint, own])], register=[private])

    assert [(row["source"], row["statements"]) for row in table(site, "sources")][:3] == [
        ("Mara Lindqvist", "1"),
        ("Tomas Øyen", "1"),
        ("(named sources without a page)", "1"),
    ]
    assert [(line.link.text, line.statements) for line in audit(site).rest] == [
        ("Named sources without a page", "1")
    ]


def test_a_further_page_of_the_audit_is_not_another_one_whenever_somebody_says_something():
    said = "“No,” said Tomas Øyen."
    sources = [
        article("alarm", "Alarm", said),
        article("alarm", "Alarm", f"{said}\n\n{said}"),
        *(article(f"calm-{number}", "Calm", said) for number in range(100)),
    ]
    reports = [edited(source, NAMES, statements(source)) for source in sources]
    path = "sourcing/page/2/index.html"

    before, after = (outputs(joined([first, *reports[2:]])) for first in reports[:2])

    assert before["sourcing/index.html"].counts == "101 reports, 101 statements"
    assert after["sourcing/index.html"].counts == "101 reports, 102 statements"
    assert before[path].counts == "101 reports"
    assert before[path] == after[path]


@pytest.mark.parametrize("headline", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", "＝1"])
def test_a_headline_is_no_formula(headline):
    source = article("sum", headline, "“No,” said Tomas Øyen.")

    site = joined([edited(source, NAMES, statements(source))])

    assert table(site, "reports")[0]["report"] == f"'{headline}"


def test_a_site_on_which_nobody_speaks_has_no_audit():
    pages = outputs(joined([edited(article("calm", "Calm", "Nothing was said."))]))

    assert not [path for path in pages if path.startswith("sourcing/")]
    assert "Sourcing" not in [link.text for link in pages["index.html"].frame.sections]


def test_namesakes_are_told_apart():
    pilot = Known(
        key="mara-pilot",
        name="Mara Lindqvist",
        kind="person",
        distinct=True,
        description="Steers the ferry.",
    )
    source = article("both", "Both", "“It sank,” said Mara Lindqvist. “No,” said the pilot.")
    text = clean(source)
    names = {**NAMES, "the pilot": here("mara-pilot", "Mara Lindqvist", known=True)}
    spoken = [
        said(text, "“It sank,”", by="mara-lindqvist", name="Mara Lindqvist"),
        said(text, "“No,”", by="mara-pilot", name="Mara Lindqvist"),
    ]

    page = audit(joined([edited(source, names, spoken)], register=[pilot]))

    assert {line.link.text for line in page.sources} == {
        "Mara Lindqvist",
        "Mara Lindqvist (Steers the ferry)",
    }


# --- people ---------------------------------------------------------------------------------------


def kept_off() -> Site:
    """Two reports of a story in which Tomas, who is kept off, speaks, is named and disputes."""
    body = (
        "“Tomas Øyen hid it,” said Mara Lindqvist, a friend of Tomas Øyen, to Tomas Øyen. "
        "“I did not,” said Tomas Øyen."
    )
    source = article("quay", "At the quay", body, summary="Who hid it?", story="Quay")
    text = clean(source)
    hid, not_ = routes.anchor("s", "“Tomas Øyen hid it,”"), routes.anchor("s", "“I did not,”")
    home = ArticleId("quay")
    spoken = [
        said(
            text,
            "“Tomas Øyen hid it,”",
            by="mara-lindqvist",
            name="Mara Lindqvist",
            role="a friend of Tomas Øyen",
            addressee="to Tomas Øyen",
            disputes=(Dispute(article=home, anchor=not_, disputes=False),),
        ),
        said(
            text,
            "“I did not,”",
            by="tomas-oyen",
            name="Tomas Øyen",
            disputes=(Dispute(article=home, anchor=hid, disputes=True),),
        ),
    ]
    mara = here("mara-lindqvist", "Mara Lindqvist", "person", "a friend of Tomas Øyen")
    names = {**NAMES, "Mara Lindqvist": mara}
    second = article("calm", "Calm", "“Good,” said Mara Lindqvist.", 21, story="Quay")
    tomas = Known(key="tomas-oyen", name="Tomas Øyen", kind="person", page=False)
    return joined(
        [edited(source, names, spoken), edited(second, names, statements(second))],
        register=[*REGISTER, tomas],
    )


def test_who_is_kept_off_is_named_in_the_report_alone():
    files = {}
    templates = Templates(NOWHERE)
    for output in render(kept_off(), {}, SETTINGS, NOWHERE):
        match output:
            case Page():
                files[output.path] = templates.render(output).decode()
            case File():
                files[output.path] = output.data.decode()

    naming = {path for path, text in files.items() if "Øyen" in text or "oyen" in text}

    assert naming == {"quay/index.html", "quay/index.md"}
    ledger = files["people/mara-lindqvist/index.html"]
    assert "“[name withheld] hid it,”" in ledger
    assert "somebody in that report" in ledger
    assert "somebody in that report" in files[QUAY].casefold()


def test_a_name_is_withheld_where_a_statement_ends_within_it_and_wherever_text_is_mended():
    text = "He said it was Tomas Øyen s quay."
    tomas = Named(span=Span(15, 25), entity=EntityKey("tomas-oyen"))
    report = replace(
        edited(article("quay", "Quay", text)),
        mentions=(tomas,),
        repairs=((Span(25, 27), "’s"),),
    )
    hidden = protected([Known(key="tomas-oyen", name="Tomas Øyen", kind="person", page=False)])

    assert hidden.words(report, (Span(8, 20),)) == "it was [name withheld]"
    assert hidden.words(report, (Span(20, 32),)) == "[name withheld]’s quay"
    assert hidden.passage(report, Span(8, 20)) == "it was [name withheld]"
    assert hidden.passage(report, Span(0, 7)) == "He said"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("He said TOMAS ØYEN laid them badly", "He said [name withheld] laid them badly"),
        ("It was Tomas-Øyen", "It was [name withheld]"),
        ("tomas øyen was gone", "[name withheld] was gone"),
        ("To\u00admas Øy\u00aden ran", "[name withheld] ran"),
        ("Tomas Øyen ran. ØYEN!", "[name withheld] ran. [name withheld]!"),
        (
            "Tomas Øyen ran, the Øyens are thieves",
            "[name withheld] ran, the [name withheld] are thieves",
        ),
        ("The øyen is a bird", "The øyen is a bird"),
    ],
)
def test_a_withheld_name_is_withheld_however_it_is_written(text, shown):
    (report,) = reports(text)
    report = replace(report, prose=replace(report.prose, text=text), mentions=())
    hidden = protected([Known(key="tomas-oyen", name="Tomas Øyen", kind="person", page=False)])

    assert hidden.words(report, (Span(0, len(text)),)) == shown
    assert hidden.passage(report, Span(0, len(text))) == shown


def test_a_namesake_with_a_page_keeps_the_name():
    kept = Known(key="tomas-two", name="Tomas Øyen", kind="person", page=False, distinct=True)
    one, other = reports("“It sank,” said Mara Lindqvist.", "“It floats,” said Tomas Øyen.")
    floats = routes.anchor("s", "“It floats,”")
    one = _with(one, Dispute(article=ArticleId("r2"), anchor=floats, disputes=False))

    (contrast,) = story(joined([one, other], register=[kept]), QUAY).contrasts

    assert contrast.by.source.text == "Tomas Øyen"


def test_who_has_no_page_is_only_counted_in_stories_and_in_the_audit():
    settings = replace(SETTINGS, people=PeopleSettings(pages="register"))
    one = reports("“It sank,” said Mara Lindqvist. “It floats,” said Tomas Øyen.")
    known = Known(key="mara-lindqvist", name="Mara Lindqvist", kind="person")
    pages = outputs(joined(one, settings, [known]), settings)

    assert [v.source.text for v in pages[QUAY].moments[0].voices] == ["Mara Lindqvist"]
    assert pages[QUAY].moments[0].others == "1 other named source"
    assert [line.link.text for line in pages["sourcing/index.html"].sources] == ["Mara Lindqvist"]
    assert [(line.link.text, line.statements) for line in pages["sourcing/index.html"].rest] == [
        ("Named sources without a page", "1")
    ]
    assert b"Tomas" not in pages["sourcing/sources.csv"].data


@pytest.mark.parametrize("words", ["a senior official", "an aide"])
def test_an_unnamed_source_is_in_nobodys_ledger(words: str):
    text = f"{words.capitalize()} said the quay was unsafe. Mara Lindqvist said it was late."
    source = article("quay", "Quay", text)
    hidden = said(text, "the quay was unsafe", by="mara-lindqvist", name=words, named=False)
    named = said(text, "it was late", by="mara-lindqvist", name="Mara Lindqvist")

    site = joined([edited(source, NAMES, [hidden, named])])

    mara = site.entities[EntityKey("mara-lindqvist")]
    assert [quoted.text for quoted in mara.statements] == ["it was late"]
    assert [line.statements for line in audit(site).kinds][:2] == ["1", "1"]


def test_the_dates_of_a_story_are_those_of_the_sites_clock():
    late = dt.datetime(2026, 11, 20, 23, 30, tzinfo=dt.UTC)
    source = article("night", "Night", "Quiet.", story="Quay")
    source = replace(source, meta=replace(source.meta, published=late))
    settings = replace(SETTINGS, site=replace(SETTINGS.site, time_zone="Europe/Oslo"))

    page = outputs(joined([edited(source)], settings), settings)[QUAY]

    assert page.span == page.moments[0].day.text == "21 November 2026"
