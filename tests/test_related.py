"""Which reports belong together, and what readers are told about it."""

from __future__ import annotations

from typing import Any

from findings import SETTINGS, edited
from test_index import site

from builder.model import EntityKey, Known, Related, Site
from builder.related import related
from builder.settings import RelatedSettings, Settings, SiteSettings

STRIKE = (
    "Dockers in Norvik walked out over night shifts at the container terminal. "
    "The crane drivers of the Port Guild want higher allowances for night shifts."
)
MUSEUM = (
    "The museum in Harrowgate shows etchings of birds by a forgotten painter. "
    "Visitors queued for the etchings, and the curator praised the painter."
)
FILLER = [
    "A baker won a prize for a loaf made of rye and caraway seeds in autumn.",
    "Rain flooded two cellars, and firemen pumped until the morning came.",
    "Pupils planted forty oaks behind their school to shade the playground.",
    "The chess club lost its fourth match although its captain drew twice.",
    "Engineers repaired the lift of the town hall with parts from a lorry.",
]


def reports(**more: Any) -> list[Any]:
    texts = [STRIKE, STRIKE.replace("Dockers", "Yesterday dockers"), MUSEUM, *FILLER]
    names = ["strike-one", "strike-two", "museum", *(f"filler-{n}" for n in range(len(FILLER)))]
    lines = ["place Norvik: Norvik", "organisation Port Guild: Port Guild"]
    return [
        edited(text, lines if "Norvik" in text else [], name=name, title=text[:30], **more)
        for name, text in zip(names, texts, strict=True)
    ]


def shown(found: tuple[Related, ...]) -> list[str]:
    return [near.article for near in found if near.shown]


def test_reports_of_one_event_find_each_other_and_say_why():
    found = related(site(reports()), SETTINGS)

    assert shown(found["strike-one"]) == ["strike-two"]
    reason = found["strike-one"][0].shared
    assert set(reason.entities) == {"norvik", "port-guild"}
    assert reason.words
    assert not {"norvik", "guild"} & set(reason.words)


def test_a_report_that_stands_alone_gets_none():
    found = related(site(reports()), SETTINGS)

    assert shown(found["museum"]) == []


def test_a_name_that_may_not_be_listed_is_no_reason():
    hidden = Known(key="port-guild", name="Port Guild", kind="organisation", page=False)

    found = related(site(reports(register=[hidden]), [hidden]), SETTINGS)

    reason = found["strike-one"][0].shared
    assert reason.entities == (EntityKey("norvik"),)
    assert not {"port", "guild"} & set(reason.words)


def test_the_same_story_is_always_shown_however_unlike_the_words():
    one, two, three, *others = reports()
    tied = [
        edited(STRIKE, name="strike-three", story="The strike", day=3),
        edited(FILLER[0], name="bread", story="The strike", day=1),
    ]

    found = related(site([one, two, three, *others, *tied]), SETTINGS)

    reasons = {near.article: near.shared.story for near in found["strike-three"]}
    assert reasons["bread"] == "The strike"
    assert reasons["strike-one"] == ""
    assert set(shown(found["strike-three"])) == {"bread", "strike-one", "strike-two"}


def test_of_two_alike_the_nearer_in_time_comes_first():
    one, _, _, *others = reports()
    early = edited(STRIKE, name="early", day=1)
    late = edited(STRIKE, name="late", day=28)

    found = related(site([one, early, late, *others]), SETTINGS)

    assert [near.article for near in found["strike-one"]][:2] == ["early", "late"]


def test_no_more_are_shown_than_the_site_wants():
    few = Settings(site=SiteSettings(title="Echo"), related=RelatedSettings(most=1))
    again = [edited(STRIKE, name=f"again-{n}") for n in range(3)]

    found = related(site([*reports(), *again]), few)

    assert len(shown(found["strike-one"])) == 1


def test_scores_fall_and_nothing_is_related_to_itself():
    found = related(site(reports()), SETTINGS)

    for name, nearest in found.items():
        scores = [near.score for near in nearest]
        assert scores == sorted(scores, reverse=True)
        assert all(0 < score <= 1 for score in scores)
        assert name not in {near.article for near in nearest}
        assert len(nearest) <= 10


def test_an_empty_site_and_articles_without_words_have_no_relations():
    assert related(Site(articles=()), SETTINGS) == {}
    assert related(
        site([edited("", name="a", title="–"), edited("", name="b", title="–")]), SETTINGS
    ) == {
        "a": (),
        "b": (),
    }


def test_only_the_sure_ones_if_no_more_are_wanted():
    whole, told = site(reports()), related(site(reports()), SETTINGS)

    sure = {name: tuple(near for near in found if near.shown) for name, found in told.items()}

    assert related(whole, SETTINGS, only_shown=True) == sure
    assert sure["strike-one"]
    assert sure != told
