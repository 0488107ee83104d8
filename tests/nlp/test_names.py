from __future__ import annotations

from itertools import pairwise

import msgspec
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from reading import blocks, cases, chain_line, seen

from builder.model import Chain, Mention, Span, Statement
from builder.nlp import aliases, dateline, kinds, names
from builder.nlp.candidates import Candidate, is_name, read
from builder.nlp.repairs import repaired


@pytest.mark.parametrize(("text", "expected"), cases("names.md"))
def test_names_are_found_and_joined(text, expected):
    mentions, chains = names.chains(*seen(text))

    found = [chain_line(text, mentions, chain) for chain in chains if chain.kind != "date"]

    assert found == expected


def test_a_name_found_once_is_tagged_wherever_it_stands():
    text = (
        "Ingrid Solheim runs the ferry to Norvik. Nobody else does.\n"
        "Asked about it, Solheim shrugged; a Solheim-owned boat lay idle at Norvik."
    )
    mentions, _ = names.chains(*seen(text))

    places = [m.span.start for m in mentions if text[m.span.start : m.span.end].endswith("Solheim")]

    assert places == [0, text.index("Solheim shrugged"), text.index("Solheim-owned")]


@pytest.mark.parametrize(
    "text",
    [
        "Ingrid Solheim’s ferry, “the Norvik”, cost $400 on Monday, one of two.",
        "The Lakeland Fishing Association (LFA) and LFA Norvik met in Norvik, Norway.",
        "NORVIK, Norway (Northwire) - It rained.\n\nIt rained again.",
        "",
        "\n",
        "’s",
        "The Lakeland (Fishing Council met the +Norvik *Council.",
    ],
)
def test_every_name_is_in_one_chain_and_names_do_not_overlap(text):
    mentions, chains = names.chains(*seen(text))

    indexes = sorted(index for chain in chains for index in chain.mentions)
    assert indexes == list(range(len(mentions)))
    assert all(a.span.end <= b.span.start for a, b in pairwise(mentions))
    assert all(chain.mentions[1:] == tuple(sorted(chain.mentions[1:])) for chain in chains)
    assert all(text[m.span.start : m.span.end].strip('’"“” ,') for m in mentions)


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("Solheim PAC", "person", "organisation"),
        ("Ingrid Solheim MP", "person", "person"),
        ("Norvik Regatta", "organisation", "event"),
        ("West Bank", "organisation", "place"),
        ("Norvik Bank", "organisation", "organisation"),
    ],
)
def test_the_words_of_a_name_may_overrule_the_model(name, kind, expected):
    assert kinds.decide(name, [Candidate(Span(0, len(name)), kind)]) == {name: expected}


def test_a_bar_is_called_after_who_owns_it_and_is_nobody_else():
    text = "They met at Solveig's Bar & Grill. They left Solveig's late."
    bar = Span(12, 12 + len("Solveig's Bar & Grill"))
    owner = Span(text.rindex("Solveig"), text.rindex("Solveig") + len("Solveig"))

    whole = repaired(text, [Candidate(bar, "organisation"), Candidate(owner, "person")])
    assert whole[0].span == bar

    known = f"{text} Solveig laughed."
    cut = repaired(known, [Candidate(bar, "organisation"), Candidate(owner, "person")])
    assert known[cut[0].span.start : cut[0].span.end] == "Bar & Grill"


def test_where_a_body_stands_is_no_part_of_its_name():
    doc = spacy.blank("en")("Pro-Norway Fishing League members met.")
    doc.ents = [doc.char_span(0, len("Pro-Norway Fishing League"), label="ORG")]

    (found,) = read(doc, doc.text)

    assert doc.text[found.span.start : found.span.end] == "Fishing League"


def test_spellings_of_one_name_are_of_one_kind():
    text = "Lind-Dahl and Lind Dahl"
    met = [Candidate(Span(0, 9), "law"), Candidate(Span(14, 23), "person")]

    assert kinds.decide(text, met) == {"Lind-Dahl": "law", "Lind Dahl": "law"}


@pytest.mark.parametrize(
    ("head", "agency"),
    [
        ("NORVIK, Norway (Northwire) - Rain fell.", "Northwire"),
        ("EAST HARBOUR/NORVIK (Northwire) — Rain fell.", "Northwire"),
        ("Norvik (Northwire) – Rain fell.", "Northwire"),
        ("NORVIK — Rain fell.", ""),
        ("SØNDRE ØY, Norway, Nov. 3 (Northwire) - Rain fell.", "Northwire"),
        ("Nov 3 (Northwire) - Rain fell.", "Northwire"),
        ("(Northwire) — Rain fell.", "Northwire"),
    ],
)
def test_a_dateline_is_read(head, agency):
    found = dateline.find(head, blocks(head))

    assert found is not None
    assert found.agency == agency
    assert head[found.span.end :] == "Rain fell."


@pytest.mark.parametrize(
    "head", ["Rain fell on Norvik - again.", "Solheim (left) - a sailor", "A - B"]
)
def test_other_heads_are_no_dateline(head):
    assert dateline.find(head, blocks(head)) is None


@pytest.mark.parametrize(
    "words",
    ["one", "400", "Saturday", "Mr", "the", "president", "He", "https://x.example", "a\nB", ""],
)
def test_what_is_never_a_name(words):
    assert not is_name(words)


@pytest.mark.parametrize("words", ["Norvik", "al-Norvik", "LFA", "Ana Ruiz", "U.S.", "O’Brien"])
def test_what_can_be_a_name(words):
    assert is_name(words)


def test_the_verb_of_a_headline_is_no_first_name():
    text = "Herald Fires Solheim Over Ferry\n\nIngrid Solheim ran the ferry for years."

    def found(words):
        return Candidate(Span(at := text.index(words), at + len(words)), "person")

    read = repaired(text, [found("Herald Fires Solheim"), found("Ingrid Solheim")])

    assert [text[each.span.start : each.span.end] for each in read] == ["Solheim", "Ingrid Solheim"]


def test_initials_and_middle_names_are_one_person():
    assert aliases.people(["I. Solheim", "Ingrid M. Solheim", "Ingrid Solheim"]) == dict.fromkeys(
        ["I. Solheim", "Ingrid M. Solheim", "Ingrid Solheim"], "Ingrid M. Solheim"
    )


def test_an_initial_that_two_people_share_is_neither():
    full = aliases.people(["I. Solheim", "Ingrid Solheim", "Ivar Solheim"])

    assert full == {name: name for name in full}


def test_the_parts_of_a_long_text_are_joined_by_full_name_and_lone_surname():
    def part(start, *chains):
        mentions = [
            Mention(Span(start + 10 * i, start + 10 * i + 5), kind)
            for i, (kind, _) in enumerate(chains)
        ]
        made = [Chain((i,), kind, name) for i, (kind, name) in enumerate(chains)]
        said = [
            Statement(content=(Span(start, start + 1),), form="indirect", chain=len(chains) - 1)
        ]
        return mentions, made, said

    first = part(0, ("person", "Ana Ruiz"), ("place", "Norvik"))
    second = part(1000, ("place", "Norvik"), ("person", "Ruiz"))
    mentions, chains, statements = names.join([first, second])

    assert [(chain.name, chain.mentions) for chain in chains] == [
        ("Ana Ruiz", (0, 3)),
        ("Norvik", (1, 2)),
    ]
    assert [chains[each.chain].name for each in statements] == ["Norvik", "Ana Ruiz"]
    assert len(mentions) == 4


@given(st.lists(st.sampled_from(["Ana Ruiz", "A. Ruiz", "Ana B. Ruiz", "Ben Ruiz", "Ana Lind"])))
def test_joining_people_settles(some):
    full = aliases.people(some)

    assert set(full) == set(some)
    assert all(full[long] == long for long in full.values())


def test_joining_one_part_changes_nothing():
    text = "Ingrid Solheim lives in Norvik. Solheim sails."
    mentions, chains = names.chains(*seen(text))

    joined = names.join([(mentions, chains, [])])

    assert msgspec.json.encode(joined) == msgspec.json.encode((mentions, chains, []))
