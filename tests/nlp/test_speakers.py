from __future__ import annotations

import pytest
from reading import cases, marked, seen

from builder.model import Span, Statement
from builder.nlp import circumstances, names, speakers


def linked(text):
    given = marked(text)
    doc, tree = seen(given.text)
    mentions, chains = names.chains(doc, tree)
    return given.text, *speakers.link(doc, tree, mentions, chains, given.statements)


def said_line(text, chains, statement):
    words = lambda spans: ", ".join(text[s.start : s.end] for s in spans)  # noqa: E731
    speakers = [] if statement.chain is None else [statement.chain, *statement.also]
    nobody = "not clear" if statement.unclear else "unnamed"
    who = " + ".join(chains[at].name for at in speakers) or nobody
    told = {
        "role": statement.role,
        "to": statement.addressee,
        "through": statement.medium,
        "when": statement.when,
        "why": statement.why_unnamed,
    }
    return "; ".join([who, *(f"{name} {words(spans)}" for name, spans in told.items() if spans)])


@pytest.mark.parametrize(("text", "expected"), cases("speakers.md"))
def test_who_is_behind_the_source(text, expected):
    clean, _, chains, statements = linked(text)

    assert [said_line(clean, chains, each) for each in statements] == expected
    assert [each.named for each in statements] == [each.chain is not None for each in statements]


@pytest.mark.parametrize(("text", "expected"), cases("speakers.md"))
def test_mentions_stay_in_order_and_in_at_most_one_chain(text, expected):
    _, mentions, chains, statements = linked(text)

    indexes = [index for chain in chains for index in chain.mentions]
    assert [m.span for m in mentions] == sorted(m.span for m in mentions)
    assert len(indexes) == len(set(indexes))
    assert {i for i, m in enumerate(mentions) if m.form == "name"} <= set(indexes)
    assert len(statements) == len(expected)


def test_pronouns_are_mentions_of_the_person():
    _, mentions, chains, _ = linked(
        "[Mrs. Ingrid Solheim] {said} <the port was shut>. She closed her office."
    )

    person = next(chain for chain in chains if chain.kind == "person")
    assert [mentions[index].form for index in person.mentions] == ["name", "pronoun", "pronoun"]


def test_a_title_decides_which_pronoun_fits():
    text, mentions, chains, _ = linked(
        "[Mrs. Ingrid Solheim] {met} <the crew>. Mr. Harald Brekke thanked her. He went home."
    )

    of = {
        text[mentions[index].span.start : mentions[index].span.end]: chain.name
        for chain in chains
        for index in chain.mentions
    }
    assert of.get("her") == "Ingrid Solheim"
    assert of.get("He") == "Harald Brekke"


def test_who_is_accused_is_not_who_accuses():
    text, mentions, chains, _ = linked(
        "[Mr. Jonas Lind] {met} <the crew> with Ana Ruiz, mocking Mr. Erik Dahl and accusing him of theft."
    )

    erik = next(chain for chain in chains if chain.name == "Erik Dahl")
    words = {text[mentions[at].span.start : mentions[at].span.end] for at in erik.mentions}
    assert "him" in words


def test_what_a_poll_finds_is_published_and_what_a_clerk_finds_is_no_speech():
    text = "A poll found few were glad. A clerk found few were glad."
    polled, found = (
        Statement(
            content=(Span(at, at + len("few were glad")),),
            cue=(Span(at - 6, at - 1),),
            source=(Span(start, at - 7),),
            form="indirect",
            act="attitude",
        )
        for start, at in ((0, 13), (28, 42))
    )
    doc, tree = seen(text)
    mentions, chains = names.chains(doc, tree)

    _, _, said = speakers.link(doc, tree, mentions, chains, (polled, found))

    assert [each.act for each in said] == ["speech", "attitude"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("A man, who asked not to be named, left.", "who asked not to be named"),
        ("He was not authorised to speak publicly.", "not authorised to speak publicly"),
        ("She declined to be identified.", "declined to be identified"),
        ("It spoke for itself.", None),
    ],
)
def test_reasons_for_anonymity(text, why):
    whole = Span(0, len(text))
    found = circumstances.why_unnamed(text, whole, whole, Span(0, 1))

    assert [text[s.start : s.end] for s in found] == ([why] if why else [])


def here(text: str, words: str) -> tuple[Span, ...]:
    return (Span(text.index(words), text.index(words) + len(words)),)


def stated(text: str, content: str, cue: str, source: str, rule: str = "") -> Statement:
    return Statement(
        content=here(text, content),
        cue=here(text, cue),
        source=here(text, source) if source else (),
        form="indirect",
        rule=rule,
    )


@pytest.mark.parametrize(
    "head",
    ["Q&A with harbour master Ingrid Solheim", "The Courier spoke to Ingrid Solheim in Norvik."],
)
def test_who_is_interviewed_gives_the_answers(head):
    text = f"{head}\nQ: Is the pier shut?\nA: It is."
    asked, answered = (
        Statement(
            content=here(text, content),
            cue=here(text, f"{letter}: "),
            source=here(text, f"{letter}:")[:1],
            form="direct",
            rule="transcript",
        )
        for letter, content in (("Q", "Is the pier shut?"), ("A", "It is."))
    )
    doc, tree = seen(text)
    mentions, chains = names.chains(doc, tree)

    _, chains, said = speakers.link(doc, tree, mentions, chains, (asked, answered))

    assert [each.named for each in said] == [False, True]
    assert chains[said[1].chain].name == "Ingrid Solheim"


def test_who_has_a_turn_of_a_transcript_is_the_one_with_that_surname():
    text = "Þóra Hallvarðsdóttir, the chief executive, met the town.\n\nHALLVARÐSDÓTTIR: I do not know."
    turn = stated(text, "I do not know.", ":", "HALLVARÐSDÓTTIR", "transcript")
    doc, tree = seen(text)
    mentions, chains = names.chains(doc, tree)

    _, chains, (said,) = speakers.link(doc, tree, mentions, chains, (turn,))

    assert said.named
    assert chains[said.chain].name == "Þóra Hallvarðsdóttir"


def test_that_somebody_wants_no_name_is_no_statement():
    text = "A clerk asked not to be named. Another clerk asked not to pay."
    first, second = (
        Statement(
            content=here(text, content),
            cue=(Span(start, start + len("asked")),),
            source=here(text, source),
            form="indirect",
        )
        for source, start, content in (
            ("A clerk", text.index("asked"), "not to be named"),
            ("Another clerk", text.rindex("asked"), "not to pay"),
        )
    )
    doc, tree = seen(text)
    mentions, chains = names.chains(doc, tree)

    _, _, said = speakers.link(doc, tree, mentions, chains, (first, second))

    assert [each.source for each in said] == [second.source]


@pytest.mark.parametrize(
    ("found", "source"),
    [
        ("was asleep", "Ingrid Solheim, a guard at the gate"),
        ("was asleep", "Ingrid Solheim, a guard"),
    ],
)
def test_a_guard_after_according_to_belongs_to_what_is_said(found, source):
    text = "According to Ingrid Solheim, a guard at the gate was asleep."
    statement = Statement(
        content=here(text, found),
        cue=here(text, "According"),
        source=here(text, source),
        form="indirect",
        rule="according-to",
    )
    doc, tree = seen(text)
    mentions, chains = names.chains(doc, tree)

    _, _, (said,) = speakers.link(doc, tree, mentions, chains, (statement,))

    assert said.content == here(text, "a guard at the gate was asleep")
    assert said.source == here(text, "Ingrid Solheim")
    assert said.role == ()


def test_whom_the_source_quotes_is_no_part_of_what_is_said():
    text = "According to Northwire, quoting the harbour board, the gate was shut."
    statement = stated(
        text,
        "quoting the harbour board, the gate was shut",
        "According",
        "Northwire",
        rule="according-to",
    )
    doc, tree = seen(text)

    _, _, (said,) = speakers.link(doc, tree, [], [], (statement,))

    assert said.content == here(text, "the gate was shut")


def test_a_thing_that_is_spoken_of_does_not_note_anything():
    text = "Ingrid Solheim said some of the talk was rude, noting its tone to a host."

    def here(words: str) -> tuple[Span, ...]:
        return (Span(text.index(words), text.index(words) + len(words)),)

    first = Statement(
        content=here("some of the talk was rude"),
        cue=here("said"),
        source=here("Ingrid Solheim"),
        form="indirect",
    )
    second = Statement(
        content=here("its tone"), cue=here("noting"), source=here("talk"), form="indirect"
    )
    doc, tree = seen(text)
    mentions, chains = names.chains(doc, tree)

    _, chains, said = speakers.link(doc, tree, mentions, chains, (first, second))

    assert [chains[each.chain].name for each in said] == ["Ingrid Solheim", "Ingrid Solheim"]


def test_who_is_quoted_by_a_paper_speaks_and_the_paper_is_the_medium():
    text = "Mayor Ada Holt was quoted by the Northwire as saying that the gates would open."
    statement = Statement(
        content=(*here(text, "Mayor Ada Holt"), *here(text, "that the gates would open")),
        cue=here(text, "quoted"),
        source=here(text, "the Northwire"),
        form="indirect",
    )
    doc, tree = seen(text)
    mentions, chains = names.chains(doc, tree)

    _, chains, (said,) = speakers.link(doc, tree, mentions, chains, (statement,))

    assert chains[said.chain].name == "Ada Holt"
    assert said.content == here(text, "that the gates would open")
    assert said.medium == here(text, "the Northwire")


def test_whom_a_paper_cites_is_its_source_and_no_statement():
    text = "The Courier, citing two pilots, reported that the buoy was gone."
    cited = stated(text, "two pilots", "citing", "The Courier")
    reported = stated(text, "that the buoy was gone", "reported", "The Courier")
    doc, tree = seen(text)

    _, _, (said,) = speakers.link(doc, tree, [], [], (cited, reported))

    assert said.source == here(text, "two pilots")
    assert said.medium == here(text, "The Courier")


def test_who_was_asked_is_no_part_of_the_question():
    text = "“Will you resign?” he was asked at the gate."
    statement = Statement(
        content=here(text, "“Will you resign?” he"), cue=here(text, "was asked"), form="mixed"
    )
    doc, tree = seen(text)

    _, _, (said,) = speakers.link(doc, tree, [], [], (statement,))

    assert said.content == here(text, "“Will you resign?”")
    assert said.addressee == here(text, "he")
    assert said.source == ()
    assert said.act == "unsaid"


def test_what_somebody_was_asked_is_nobodys_statement():
    text = "Asked whether that was true, Ana Ruiz said the depot would close."
    asked = stated(text, "whether that was true", "Asked", "Ana Ruiz")
    doc, tree = seen(text)
    mentions, chains = names.chains(doc, tree)

    _, _, (said,) = speakers.link(doc, tree, mentions, chains, (asked,))

    assert said.act == "unsaid"
    assert said.source == ()
    assert said.addressee == here(text, "Ana Ruiz")


def test_who_faces_questions_does_not_ask_them():
    text = "Ana Ruiz faced questions about what had gone wrong."
    faced = stated(text, "what had gone wrong", "questions", "Ana Ruiz")
    doc, tree = seen(text)

    _, _, (said,) = speakers.link(doc, tree, [], [], (faced,))

    assert said.act == "unsaid"
    assert said.source == ()
