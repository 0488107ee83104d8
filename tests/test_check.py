"""What is wrong with a finished site."""

from __future__ import annotations

from typing import Any

import pytest
from findings import edited
from test_index import site

from builder import prose, routes
from builder.check import check, unattributed
from builder.errors import Problem
from builder.model import File, Output
from builder.settings import MarkdownSettings

FOUND = ["person Ana Ruiz: Ana Ruiz", "says Ana Ruiz | it was late | 0.9"]


def checked(body: str, *files: str, **meta: Any) -> list[tuple[str, str, str]]:
    """Place, code and hint of every problem of a site with this article beside another one."""
    other = edited("# Night shift\n\nAna Ruiz said it was late.", FOUND, name="2031/other")
    articles = [edited(body, name="2031/strike", **meta), other]
    parsed = {each.article.id: prose.parse(each.article, MarkdownSettings()) for each in articles}
    outputs: list[Output] = [
        File(routes.file_of(routes.article_path(each.article)), b"") for each in articles
    ]
    outputs += [File(path, b"") for path in files]
    links = {name: each.links for name, each in parsed.items()}
    headings = {name: each.headings for name, each in parsed.items()}
    return [
        (str(problem.place), problem.code, problem.hint)
        for problem in check(site(articles), links, headings, outputs)
    ]


def test_files_beside_an_article_and_static_files_and_pages_may_be_linked():
    body = "![A crane](crane.jpg) [plan](/plan.pdf) [home](/) [other](../2031/other/) [web](https://a.example)"

    assert checked(body, "2031/crane.jpg", "plan.pdf", "index.html") == []


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ("![A crane](crain.jpg)", "did you mean crane.jpg?"),
        ("[The other](other.md)", "to link to an article, write [[2031/other]]"),
        ("[A plan](plans/)", "put it beside the article, or into static/"),
    ],
)
def test_a_missing_file_is_an_error_at_its_line(body: str, hint: str):
    assert checked(f"Text.\n\n{body}", "2031/crane.jpg") == [
        ("content/2031/strike.md:3", "missing-file", hint)
    ]


def test_fragments_must_exist_in_the_article_they_lead_to():
    said = routes.anchor("s", "it was late")
    body = (
        f"## Day shift\n\n[[other#h-night-shift]] [[other#{said}]] [here](#h-day-shift)\n\n"
        "[[other#h-night-shft]] [here](#s-12345678)"
    )

    assert [(place, code) for place, code, _ in checked(body)] == [
        ("content/2031/strike.md:5", "unknown-anchor"),
        ("content/2031/strike.md:5", "unknown-anchor"),
    ]
    assert checked(body)[0][2] == "did you mean h-night-shift?"


def test_pictures_need_words():
    found = checked("![](crane.jpg)", "2031/crane.jpg", image="crane.jpg")

    assert [(place, code) for place, code, _ in found] == [
        ("content/2031/strike.md:1", "missing-alt"),
        ("content/2031/strike.md", "missing-alt"),
    ]


def test_two_outputs_in_one_place_are_an_error():
    assert [
        code for _, code, _ in checked("A.", "x/Plan.pdf", "x/plan.pdf", "x/plan.pdf/more")
    ] == [
        "same-url",
        "same-url",
        "same-url",
    ]


def test_quotations_that_nobody_is_found_to_say():
    body = (
        "First.\n\nAna Ruiz said “that it was late for us”. “We shall all be very late,” it went.\n\n"
        "They call it “the late bus”."
    )
    lines = ["person Ana Ruiz: Ana Ruiz", "says Ana Ruiz | “that it was late for us” | 0.1"]

    found: list[Problem] = list(unattributed(site([edited(body, lines)])))

    assert [(str(p.place), p.code, p.level) for p in found] == [
        ("content/strike.md:3", "unattributed-quote", "warning")
    ]
