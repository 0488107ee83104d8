from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hand_set import (
    BAY,
    MARA,
    NAMES,
    NOWHERE,
    RELATED,
    SETTINGS,
    article,
    edited,
    example,
    here,
    joined,
    said,
    spans,
)
from msgspec.structs import replace

from builder import routes
from builder.model import Anchor, ArticleId, Dispute, EntityKey, Known, Noted, Page
from builder.render import render
from builder.render.templates import Templates
from builder.render.views import ArticlePage, DisputeView, NoteView, StatementView
from builder.settings import PeopleSettings, Settings, StatementSettings

ROOMY = 60


def page(site, name="2026/ferry", settings: Settings = SETTINGS) -> ArticlePage:
    for output in render(site, RELATED, settings, NOWHERE):
        if output.path == f"{name}/index.html":
            assert isinstance(output, Page)
            assert isinstance(output.context, ArticlePage)
            return output.context
    raise AssertionError(f"no page {name}")


def one(
    body: str, *statements, names=None, settings: Settings = SETTINGS, register=(), notes=()
) -> ArticlePage:
    source = article("report", "A report", body)
    site = joined((edited(source, names or {}, statements, notes),), settings, register)
    return page(site, "report", settings)


def words(note: NoteView) -> int:
    """As READING counts: what the note says of its statements, without the editor's own remarks."""
    total = 0
    for view in note.statements:
        total += sum(len(text.split()) for text in said_by(view))
    return total


def said_by(view: StatementView):
    yield from (view.source.text, view.role, view.naming, view.why_unnamed, view.form, view.how)
    yield view.checked
    if view.document:
        yield view.document.text
    if view.others:
        yield view.others.text
    for dispute in view.disputes:
        yield from (dispute.lead, dispute.link.text, dispute.note, dispute.where)
        if dispute.words:
            yield from (view.source.text, dispute.own, dispute.words)


def test_a_note_says_who_what_they_were_and_how_they_were_quoted():
    note = page(example()).notes[2]

    (view,) = note.statements
    assert (note.id, note.number) == ("n3", 3)
    assert view.source.text == "Mara Lindqvist"
    assert view.source.href == "../../people/mara-lindqvist/"
    assert view.role == "project director"
    assert view.naming == "Named source"
    assert view.form == "Direct quote"
    assert view.others is not None
    assert view.others.text == "2 other statements"
    assert view.checked == "Checked by an editor, I. Okafor, 20 November 2026"
    assert view.notes == ("<p>She showed us the <em>letter</em>.</p>",)


def test_the_same_words_in_another_report_are_another_statement():
    def report(name, day):
        source = article(name, "T", "“No comment,” said Mara Lindqvist.", day)
        spoken = said(source.body, "“No comment,”", by="mara-lindqvist", name="Mara Lindqvist")
        return edited(source, NAMES, [spoken])

    (view,) = page(joined([report("a", 20), report("b", 21)]), "a").notes[0].statements

    assert view.others is not None
    assert view.others.text == "1 other statement"


def test_two_who_say_it_together_are_named_without_a_link_to_one_of_them():
    text = "Mara Lindqvist and Tomas Øyen said it was late."
    both = said(text, "it was late", by="mara-lindqvist", name="Mara Lindqvist and Tomas Øyen")
    result = one(text, replace(both, also=(EntityKey("tomas-oyen"),)), names=NAMES)

    (view,) = result.notes[0].statements

    assert (view.source.text, view.source.href) == ("Mara Lindqvist and Tomas Øyen", "")
    assert view.others is None


def test_both_sides_of_a_dispute_name_the_other_and_open_its_note():
    notes = page(example()).notes

    (accused,), (accuser,) = notes[2].statements[0].disputes, notes[3].statements[0].disputes

    assert (accused.lead, accused.link.text) == ("Disputed by", "Board minutes")
    assert accused.note == "the minutes carry no request"
    assert dict(accused.link.attrs)["interestfor"] == "n4"
    assert (accuser.lead, accuser.link.text) == ("Disputes", "Mara Lindqvist")
    assert dict(accuser.link.attrs)["interestfor"] == "n3"
    assert accused.link.href.startswith("#s-")


def test_a_document_is_a_source_with_its_link():
    (view,) = page(example()).notes[3].statements

    assert view.naming == "Document"
    assert view.document is not None
    assert view.document.text == "Read the document, p. 4"
    assert view.document.href == "https://docs.example/minutes.pdf"


def test_how_and_when_it_was_said():
    (view,) = page(example()).notes[4].statements

    assert view.how == "Told the Courier, on Saturday"


@pytest.mark.parametrize(
    ("circumstances", "how"),
    [
        ({"addressee": "reporters", "when": "on Monday"}, "Told reporters, on Monday"),
        ({"addressee": "to the council"}, "Told the council"),
        ({"medium": "Facebook"}, "On Facebook"),
        ({"medium": "its page"}, "On its page"),
        ({"medium": "on its page", "when": "Friday"}, "On its page, Friday"),
        ({"medium": "The log"}, "In the log"),
        ({"medium": "the pilot"}, ""),
    ],
)
def test_how_and_when_in_words(circumstances, how):
    text = (
        "The quay sank, said the pilot. The log: reporters on Monday to the council Facebook on "
        "its page Friday."
    )

    (note,) = one(text, said(text, "The quay sank", name="the pilot", **circumstances)).notes

    assert note.statements[0].how == how


def test_an_unnamed_source_is_never_linked_nor_counted():
    (view,) = page(example()).notes[5].statements

    assert view.source.text == "A senior official"
    assert view.source.href == ""
    assert view.others is None
    assert view.naming == "Unnamed source"
    assert view.why_unnamed == "because the inquiry is open"


def test_an_unnamed_source_behind_whom_somebody_stands_is_not_given_away():
    text = "An aide said the quay was unsafe. Mara Lindqvist did not comment."
    hidden = said(text, "the quay was unsafe", by="mara-lindqvist", name="an aide", named=False)
    open_ = said(text, "did not comment", by="mara-lindqvist", name="Mara Lindqvist")

    context = one(text, hidden, open_, names=NAMES)

    assert context.notes[0].statements[0].source.href == ""
    assert context.notes[0].statements[0].others is None


def test_the_sourcing_line_counts_sources_not_statements():
    assert page(example()).sourcing.text == "6 statements, 2 named sources, 1 unnamed, 1 document"


@pytest.mark.parametrize(
    ("sources", "line"),
    [
        ([], ""),
        (["Ana Ruiz"], "1 statement, 1 named source"),
        (["a clerk"], "1 statement, 1 unnamed source"),
        (["a clerk", "A clerk"], "2 statements, 1 unnamed source"),
        (["Ana Ruiz", "a clerk", "a guard"], "3 statements, 1 named source, 2 unnamed"),
        ([""], "1 statement"),
        (["she"], "1 statement"),
    ],
)
def test_the_sourcing_line_in_words(sources, line):
    text = " ".join(f"Word{n} was said." for n in range(len(sources)))
    statements = [
        said(text, f"Word{n}", name=name, named=name.istitle()) for n, name in enumerate(sources)
    ]

    assert one(text or "Nothing.", *statements).sourcing.text == line


def test_a_mere_pronoun_is_no_name_for_a_source():
    text = "It declined to say why."

    (note,) = one(text, said(text, "to say why", name="It")).notes

    assert note.statements[0].source.text == "Source not clear (“it”)"
    assert note.statements[0].naming == ""


def test_a_noun_that_may_mean_somebody_named_is_no_unnamed_source():
    text = "The company said that all was well."
    found = said(text, "that all was well", name="The company", role="The company")
    found = replace(found, statement=replace(found.statement, unclear=True))

    context = one(text, found)

    (view,) = context.notes[0].statements
    expected = ("Source not clear (“the company”)", "", "")
    assert (view.source.text, view.role, view.naming) == expected


def test_a_mere_pronoun_is_called_by_what_the_text_says_it_is():
    text = "As they marched, they chanted for bread."

    context = one(text, said(text, "for bread", name="they", role="the bakers"))

    (view,) = context.notes[0].statements
    assert (view.source.text, view.role, view.naming) == ("The bakers", "", "Unnamed source")
    assert context.sourcing.text == "1 statement, 1 unnamed source"


def test_why_a_source_has_no_name_stands_in_quotation_marks_if_the_article_says_so():
    text = "A clerk, who feared for her job, said it was late."
    found = said(text, "it was late", name="A clerk")
    own = replace(found.statement, why_unnamed=spans(text, "who feared for her job"))
    found = replace(found, statement=own, why_unnamed="who feared for her job")

    (note,) = one(text, found).notes
    (editors,) = one(text, replace(found, origin="editor", why_unnamed="she asked us")).notes

    assert note.statements[0].why_unnamed == "“feared for her job”"
    assert editors.statements[0].why_unnamed == "she asked us"


def test_a_poll_by_nobody_known_is_a_document():
    text = "A harbour poll found that most were glad."
    where = spans(text, "A harbour poll")
    found = said(text, "that most were glad", name="A harbour poll")
    found = replace(found, statement=replace(found.statement, source=where, medium=where))

    context = one(text, found)

    assert context.notes[0].statements[0].naming == "Document, post or poll"
    assert context.sourcing.text == "1 statement, 1 document"


def test_what_is_not_shown_is_neither_marked_nor_counted():
    text = "The quay sank, she said."

    context = one(text, said(text, "The quay sank", name="she", shown=False))

    assert context.sourcing.text == ""
    assert context.notes == ()
    assert "class=" not in context.body


def test_the_same_words_said_by_two_are_one_mark_and_one_note():
    text = "The quay sank, said the harbour master and the pilot."
    first = said(text, "The quay sank", name="the harbour master", anchor=Anchor("s-1"))
    second = said(text, "The quay sank", name="the pilot", anchor=Anchor("s-2"))

    context = one(text, first, second)

    (note,) = context.notes
    assert [view.anchor for view in note.statements] == ["", "s-2"]
    assert context.body.count('class="q') == 1
    assert context.body.count('class="ref"') == 1


def test_an_editors_note_on_the_words_of_a_statement_joins_its_note():
    text = "The quay sank, said the pilot."
    where = spans(text, "The quay sank")[0]
    remark = Noted(anchor=Anchor("n-1"), span=where, text="It **stands** again.")

    (note,) = one(text, said(text, "The quay sank", name="the pilot"), notes=(remark,)).notes

    assert note.notes == ("<p>It <strong>stands</strong> again.</p>",)


def test_an_editors_note_on_other_words_stands_by_itself():
    text = "The quay sank in the storm of 1911."
    remark = Noted(
        anchor=Anchor("n-1"), span=spans(text, "the storm of 1911")[0], text="See the *archive*."
    )

    context = one(text, notes=(remark,))

    (note,) = context.notes
    assert note.quote == "the storm of 1911"
    assert 'id="n-1"' in context.body


def test_raw_html_in_an_editors_note_is_escaped_like_in_articles():
    text = "The quay sank."
    remark = Noted(
        anchor=Anchor("n-1"), span=spans(text, "quay")[0], text="<script>alert(1)</script>"
    )

    (note,) = one(text, notes=(remark,)).notes

    assert "<script" not in note.notes[0]


def test_a_note_has_at_most_sixty_words_however_much_was_found():
    long = "a very long stretch of words that goes on and on " * 10
    text = f"The quay sank, said the pilot {long}."
    statement = said(
        text,
        "The quay sank",
        name=f"the pilot {long}",
        role=long,
        why_unnamed=long,
        form="indirect",
        addressee=long.strip(),
        checked_by="Ines Okafor",
        checked_on=dt.date(2026, 11, 20),
    )

    (note,) = one(text, statement).notes

    assert words(note) <= ROOMY


def test_a_disputed_statements_note_is_short_too():
    text = "The quay will sink before the year is out and nobody will be on it, said the pilot."
    body = f"{text} {text.replace('pilot', 'owner')}"
    words_of = text.partition(",")[0]
    first, second = spans(body, words_of, words_of)
    dispute = Dispute(
        article=ArticleId("report"),
        anchor=Anchor("s-2"),
        note="A long note of the editor’s that tells how this came about, and then goes on about it",
        disputes=False,
    )
    pilot = said(body, words_of, name="the pilot", anchor=Anchor("s-1"), role="chief")
    two = said(body, words_of, name="the owner", anchor=Anchor("s-2"))
    two = replace(two, statement=replace(two.statement, content=(second,)))
    pilot = replace(pilot, checked_by="Ines Okafor", checked_on=dt.date(2026, 11, 20))

    assert first < second
    for disputes in ((dispute,), (dispute,) * 3):
        (view, *_) = one(body, replace(pilot, disputes=disputes), two).notes
        assert words(view) <= ROOMY
        assert view.statements[0].disputes[0].words
        assert not any(each.words for each in view.statements[0].disputes[1:])


def test_notes_of_the_example_are_short():
    assert all(0 < words(note) <= ROOMY for note in page(example()).notes)


def test_numbers_follow_the_text_though_contents_are_in_pieces():
    text = "“We knew,” she said, “and we waited.” The board says so, too."
    whole = said(text, "“We knew,”", "“and we waited.”", name="she")
    inner = said(text, "“and we waited.”", name="the board", form="indirect")
    last = said(text, "says so", name="the board", form="indirect")

    context = one(text, last, whole, inner)

    numbers = [context.body.index(f'class="ref" href="#n{n}"') for n in (1, 2, 3)]
    assert numbers == sorted(numbers)


LINKS = """# Kestrel Bay

Kestrel Bay is calm. Kestrel Bay is deep.

## Later

Kestrel Bay is cold.
"""


@pytest.mark.parametrize(
    ("policy", "links"), [("all", 3), ("first", 1), ("section", 2), ("none", 0)]
)
def test_which_mentions_are_links(policy, links):
    settings = replace(SETTINGS, statements=StatementSettings(link_mentions=policy))
    source = article("report", "A report", LINKS)
    site = joined((edited(source, {"Kestrel Bay": BAY}),), settings)

    body = page(site, "report", settings).body

    assert body.count('<a class="e place"') == links
    assert body.count('"e place"') == links


def test_an_entitys_note_says_what_reports_call_it():
    notes = {note.link.text: note for note in page(example()).entities}

    assert notes["Harbour Authority"].line == "Public body that owns the ferry terminal"
    assert notes["Harbour Authority"].counts == "1 statement; named in 2 reports"
    assert notes["Mara Lindqvist"].line == "The project director"
    assert notes["Kestrel Bay"].kind == "Place"


def test_the_name_of_a_person_without_a_page_is_a_word_like_any_other():
    settings = replace(SETTINGS, people=PeopleSettings(pages="register"))
    text = "“No,” said Mara Lindqvist."

    context = one(
        text,
        said(text, "“No,”", by="mara-lindqvist", name="Mara Lindqvist"),
        names=NAMES,
        settings=settings,
    )

    (view,) = context.notes[0].statements
    assert "Mara Lindqvist." in context.body
    assert "e person" not in context.body
    assert 'interestfor="e' not in context.body
    assert context.entities == ()
    assert view.source.href == ""
    assert view.others is None


def test_a_name_that_the_register_keeps_off_is_not_highlighted():
    register = (Known(key="mara-lindqvist", name="Mara Lindqvist", kind="person", page=False),)

    context = one(
        "Mara Lindqvist left.",
        names={"Mara Lindqvist": replace(MARA, known=True)},
        register=register,
    )

    assert "class=" not in context.body


def test_dates_are_not_highlighted():
    context = one("It was Friday.", names={"Friday": here("friday", "Friday", "date")})

    assert "class=" not in context.body


def test_a_name_inside_a_quote_is_nested_in_it():
    body = page(example()).body
    terminal = body[body.index("The new ferry terminal") :]

    assert terminal.index("e place") < terminal.index("</a>") < terminal.index("</span>")


def test_a_dispute_tells_two_namesakes_apart():
    text = "“It sank,” said Anna Holt. “It floats,” said Anna Holt, the pilot."
    sank, floats = routes.anchor("s", "“It sank,”"), routes.anchor("s", "“It floats,”")
    home = ArticleId("report")
    one = said(
        text,
        "“It sank,”",
        by="anna-holt",
        name="Anna Holt",
        disputes=(Dispute(article=home, anchor=floats, disputes=False),),
    )
    other = said(
        text,
        "“It floats,”",
        by="anna-holt-pilot",
        name="Anna Holt",
        role="pilot",
        disputes=(Dispute(article=home, anchor=sank, disputes=True),),
    )
    namesakes = {"Anna Holt. ": here("anna-holt", "Anna Holt")}
    both = {**namesakes, "Anna Holt,": here("anna-holt-pilot", "Anna Holt")}

    told_apart = one_dispute(both, text, one, other)
    alone = one_dispute(namesakes, text, one, replace(other, speaker=None))

    assert (told_apart.link.text, told_apart.role) == ("Anna Holt", "pilot")
    assert (alone.link.text, alone.role) == ("Anna Holt", "")


def one_dispute(names, text, *statements) -> DisputeView:
    (dispute,) = one(text, *statements, names=names).notes[0].statements[0].disputes
    return dispute


def test_what_is_no_standard_yet_is_written_in_one_place():
    root = Path(__file__).parents[1]
    files = [*root.glob("builder/**/*.py"), *root.glob("templates/**/*.html")]

    assert [path.name for path in files if "interestfor" in path.read_text(encoding="utf-8")] == [
        "notes.py"
    ]


def test_a_note_says_it_in_the_order_in_which_readers_ask():
    site = example()
    output = next(
        o for o in render(site, RELATED, SETTINGS, NOWHERE) if o.path.startswith("2026/f")
    )
    text = Templates(NOWHERE).render(output).decode()
    note = text[text.index('id="n3"') : text.index('id="n4"')]

    said = ("Mara Lindqvist", "project director", "Named source", "Direct quote", "Accounts differ")
    last = ("2 other statements", "Checked by an editor, I. Okafor, 20 November 2026")
    places = [note.index(words) for words in (*said, *last)]
    assert places == sorted(places)
