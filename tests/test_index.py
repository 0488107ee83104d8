"""All articles at once: entities, ledgers, lists, links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from findings import SETTINGS, article, edited

from builder import prose
from builder.index import index
from builder.model import (
    Article,
    Confirm,
    Content,
    Disputes,
    Edited,
    Known,
    Passage,
    Site,
)
from builder.settings import MarkdownSettings, PeopleSettings, Settings, SiteSettings

SAID = "Ana Ruiz said it was late."
FOUND = ["person Ana Ruiz: Ana Ruiz", "says Ana Ruiz | it was late | 0.9"]


def site(
    articles: Sequence[Edited],
    register: Sequence[Known] = (),
    settings: Settings = SETTINGS,
    held: Sequence[tuple[Article, Any]] = (),
) -> Site:
    """The articles joined up, whatever their order."""
    content = Content(
        articles=tuple(each.article for each in articles),
        register=tuple(register),
        assets=(),
        held_back=tuple(each for each, _ in held),
        why_held_back=tuple(why for _, why in held),
    )
    links = {
        each.article.id: prose.parse(each.article, MarkdownSettings()).links for each in articles
    }
    return index(articles, content, settings, links)


def paths(result: Site) -> dict[str, str]:
    return {key: entity.path for key, entity in result.entities.items() if entity.path}


def test_entities_gather_names_statements_and_articles_newest_first():
    old = edited(
        "Ana Ruiz, a clerk, spoke. “Good,” Ruiz said. “Bad.”",
        ["person Ana Ruiz: Ana Ruiz; Ruiz; = a clerk", "says Ruiz | “Good,” | 0.9"],
        name="old",
        day=1,
    )
    new = edited(SAID, FOUND, name="new", day=2)

    ana = site([old, new]).entities["ana-ruiz"]

    assert ana.articles == ("new", "old")
    assert ana.names == ("Ana Ruiz", "Ruiz")
    assert ana.descriptions == (("old", "a clerk"),)
    assert [(q.article, q.before, q.text, q.after) for q in ana.statements] == [
        ("new", "Ana Ruiz said", "it was late", "."),
        ("old", "", "“Good,”", "Ruiz said."),
    ]


def test_pieces_of_a_statement_are_joined_by_an_ellipsis_only_where_words_stand_between():
    apart = edited(
        "“We will,” Ana Ruiz said, “not pay.”\n\nBen left.",
        ["person Ana Ruiz: Ana Ruiz", "says Ana Ruiz | “We will,” ~ “not pay.” | 0.9"],
    )
    continued = edited(
        "“We will.\n\n“Not pay,” Ana Ruiz said.",
        ["person Ana Ruiz: Ana Ruiz", "says Ana Ruiz | “We will. ~ “Not pay,” | 0.9"],
    )

    texts = [
        quoted.text
        for each in (apart, continued)
        for quoted in site([each]).entities["ana-ruiz"].statements
    ]

    assert texts == ["“We will,” … “not pay.”", "“We will. “Not pay,”"]


def test_the_sentence_around_a_statement_does_not_end_at_an_abbreviation():
    one = edited("It rained. Mr. Holt and Ana Ruiz said it was late to Dr. Ode. They left.", FOUND)

    quoted = site([one]).entities["ana-ruiz"].statements[0]

    assert (quoted.before, quoted.after) == ("Mr. Holt and Ana Ruiz said", "to Dr. Ode.")


def test_a_surname_alone_is_never_joined_across_articles_and_has_no_page():
    lines = ["person Ruiz: Ruiz", "says Ruiz | it was late | 0.9"]
    one, two = (edited("Ruiz said it was late.", lines, name=name) for name in ("a", "b"))

    result = site([one, two])

    assert len(result.entities) == 2
    assert paths(result) == {}


@pytest.mark.parametrize(
    ("pages", "page", "expected"),
    [
        (1, None, {"ana-ruiz": "people/ana-ruiz/"}),
        (2, None, {}),
        ("register", None, {}),
        ("register", True, {"ana-ruiz": "people/ana-ruiz/"}),
        (1, False, {}),
    ],
)
def test_a_person_gets_a_page_only_as_register_and_settings_allow(
    pages: Any, page: bool | None, expected: dict[str, str]
):
    register = (
        [] if page is None else [Known(key="ana-ruiz", name="Ana Ruiz", kind="person", page=page)]
    )
    settings = Settings(site=SiteSettings(title="Echo"), people=PeopleSettings(pages=pages))

    result = site([edited(SAID, FOUND, register=register)], register, settings)

    assert paths(result) == expected


def test_what_two_say_together_stands_in_both_ledgers_under_both_names():
    result = site(
        [
            edited(
                "Ana Ruiz and Ben Holt said it was late.",
                [
                    "person Ana Ruiz: Ana Ruiz; = it",
                    "person Ben Holt: Ben Holt",
                    "says Ana Ruiz + Ben Holt | it was late | 0.9",
                ],
            )
        ]
    )

    ana, ben = (result.entities[key].statements for key in ("ana-ruiz", "ben-holt"))

    assert [(q.text, q.said.speaker_name, q.said.role) for q in ana] == [
        ("it was late", "Ana Ruiz and Ben Holt", "")
    ]
    assert ben == ana
    assert set(paths(result)) == {"ana-ruiz", "ben-holt"}


def test_statements_that_are_not_shown_give_nobody_a_page_and_stand_in_no_ledger():
    result = site([edited(SAID, [FOUND[0], FOUND[1].replace("0.9", "0.1")])])

    assert (paths(result), result.entities["ana-ruiz"].statements) == ({}, ())


def test_who_must_not_be_listed_is_beside_nobody():
    lines = [
        "place Norvik: Norvik",
        "organisation Port Guild: Port Guild",
        "person Lia Moe: Lia Moe",
    ]
    hidden = Known(key="port-guild", name="Port Guild", kind="organisation", page=False)
    one = edited(
        "Norvik, Port Guild, Lia Moe, Marrow.", [*lines, "place Marrow: Marrow"], register=[hidden]
    )

    result = site([one], [hidden])

    assert {key: entity.beside for key, entity in result.entities.items() if entity.beside} == {
        "marrow": ("norvik",),
        "norvik": ("marrow",),
    }


def test_the_kind_is_what_most_articles_say():
    kinds = ["place", "organisation", "organisation"]
    articles = [
        edited("Norvik.", [f"{kind} Norvik: Norvik"], name=str(n)) for n, kind in enumerate(kinds)
    ]

    assert site(articles).entities["norvik"].path == "organisations/norvik/"


def test_lists_by_topic_story_author_and_month():
    one = edited("A.", name="a", day=1, topics=("Ports",), story="The strike", authors=("Li Moe",))
    two = edited("B.", name="b", day=2, topics=("ports", "Rail"))

    result = site([one, two])

    assert [(t.slug, t.articles) for t in result.topics] == [
        ("ports", ("b", "a")),
        ("rail", ("b",)),
    ]
    assert [(s.slug, s.name, s.articles) for s in result.stories] == [
        ("the-strike", "The strike", ("a",))
    ]
    assert [author.name for author in result.authors] == ["Li Moe"]
    assert [(m.slug, m.name, m.articles) for m in result.months] == [
        ("2031/03", "2031-03", ("b", "a"))
    ]
    assert result.problems == ()


def test_topics_that_only_a_url_makes_alike_are_a_warning():
    result = site([edited("A.", topics=("C", "C++"))])

    assert [(p.code, p.level) for p in result.problems] == [("same-list", "warning")]


def test_links_find_articles_by_id_slug_and_last_part_and_are_remembered_backwards():
    target = edited("B.", name="2031/strike", slug="dockers-out")
    links = "[[2031/strike]], [[strike#s-1]], [[dockers-out|so]], [[2031/dockers-out]]"
    source = edited(f"See {links}.", name="2031/calm", day=2)
    own = edited("[[self]]", name="self", day=1)

    result = site([target, source, own])

    assert set(result.links) == {"2031/strike", "strike", "dockers-out", "2031/dockers-out", "self"}
    assert {result.links[name] for name in result.links if name != "self"} == {"2031/strike"}
    assert result.backlinks == {"2031/strike": ("2031/calm",)}
    assert result.problems == ()


@pytest.mark.parametrize(
    ("target", "code", "hint"),
    [
        ("strike", "ambiguous-link", "write [[2030/strike]] or [[2031/strike]]"),
        ("2031/strik", "unknown-article", "did you mean 2031/strike?"),
        (
            "secret",
            "held-back-link",
            "readers see its words without a link; take it out, or publish the article",
        ),
    ],
)
def test_links_that_lead_nowhere_are_problems_at_their_line(target: str, code: str, hint: str):
    articles = [edited("A.", name="2030/strike"), edited("B.", name="2031/strike")]
    source = edited(f"First.\n\nSee [[{target}]].", name="source")

    result = site([*articles, source], held=[(article("drawer/secret"), "draft")])

    assert [(p.place.path, p.place.line, p.code, p.hint) for p in result.problems] == [
        ("content/source.md", 3, code, hint)
    ]


def test_a_dispute_between_articles_stands_on_both():
    other = edited(
        "Ben Holt said it was early.",
        ["person Ben Holt: Ben Holt", "says Ben Holt | it was early | 0.9"],
        name="other",
    )
    dispute = Disputes(
        passage=Passage(exact="it was late"),
        by=Passage(exact="early"),
        article="other",
        note="By an hour.",
    )
    one = edited(SAID, FOUND, [dispute], name="one")

    result = site([one, other])

    sides = {each.article.id: each.statements[0] for each in result.articles}
    assert [(d.article, d.anchor, d.disputes, d.note) for d in sides["one"].disputes] == [
        ("other", sides["other"].anchor, False, "By an hour.")
    ]
    assert [(d.article, d.anchor, d.disputes) for d in sides["other"].disputes] == [
        ("one", sides["one"].anchor, True)
    ]
    assert result.entities["ana-ruiz"].statements[0].said.disputes == sides["one"].disputes


@pytest.mark.parametrize(
    ("by", "where", "code"),
    [
        ("early", "othr", "unknown-article"),
        ("on time", "other", "stale-correction"),
        ("Ben left", "other", "no-statement"),
    ],
)
def test_a_dispute_that_does_not_fit_is_a_problem_at_the_correction(by: str, where: str, code: str):
    other = edited("Ben left early.", name="other")
    dispute = Disputes(passage=Passage(exact="it was late"), by=Passage(exact=by), article=where)

    result = site([edited(SAID, FOUND, [dispute], name="one"), other])

    assert [(str(p.place), p.code) for p in result.problems] == [
        ("content/one.corrections.toml:1", code)
    ]


def test_the_order_in_which_articles_come_does_not_matter():
    articles = [
        edited(SAID, FOUND, [Confirm(passage=Passage(exact="it was late"))], name=name, day=day)
        for name, day in (("a", 1), ("b", 1), ("c", 2))
    ]

    result = site(articles)

    assert [each.article.id for each in result.articles] == ["c", "a", "b"]
    assert result == site(articles[::-1])
