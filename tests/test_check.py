"""What is wrong with a finished site."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import pytest
from findings import edited
from test_index import site

from builder import prose, routes
from builder.check import Outlook, check, outlook, too_large, unattributed
from builder.errors import Problem
from builder.settings import MarkdownSettings

ADDRESS = "https://tide.example/news/"
FOUND = ["person Ana Ruiz: Ana Ruiz", "says Ana Ruiz | it was late | 0.9"]


def checked(
    body: str, *files: str, html: Literal["escape", "trust"] = "escape", **meta: Any
) -> list[tuple[str, str, str]]:
    """Place, code and hint of every problem of a site with this article beside another one."""
    other = edited("# Night shift\n\nAna Ruiz said it was late.", FOUND, name="2031/other")
    articles = [edited(body, name="2031/strike", **meta), other]
    settings = MarkdownSettings(html=html)
    parsed = {each.article.id: prose.parse(each.article, settings) for each in articles}
    paths = [routes.file_of(routes.article_path(each.article)) for each in articles]
    paths += files
    links = {name: each.links for name, each in parsed.items()}
    headings = {name: each.headings for name, each in parsed.items()}
    return [
        (str(problem.place), problem.code, problem.hint)
        for problem in check(site(articles), links, headings, paths, address=ADDRESS)
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
        ("![A page](/)", "a picture is a file: put it beside the article, or into static/"),
        ("![A part](#part)", "a picture is a file: put it beside the article, or into static/"),
        ("![It](article:other)", "a picture is a file: put it beside the article, or into static/"),
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


@pytest.mark.parametrize("alt", ["", " ", "\t", "\N{NO-BREAK SPACE}"])
def test_white_space_is_no_words(alt: str):
    found = checked(f"![{alt}](crane.jpg)", "2031/crane.jpg", image="crane.jpg", image_alt=alt)

    assert [code for _, code, _ in found] == ["missing-alt", "missing-alt"]


@pytest.mark.parametrize(
    ("html", "codes"),
    [
        ('<img src="../crane.jpg">', ["missing-alt"]),
        ('<img alt=" " src="../crane.jpg">', ["missing-alt"]),
        ('<img alt="A crane" src="../crane.jpg">', []),
        # What HTML has for pictures that say nothing.
        ('<img src="../crane.jpg" alt="">', []),
        ("<img src=../crane.jpg alt>", []),
        ('<img src="crane.jpg" alt="A crane">', ["missing-file"]),
        ('<img src="/news/2031/crane.jpg?2" alt="A crane">', []),
        ('<img src="/2031/crane.jpg" alt="A crane">', ["missing-file"]),
        ('<img src="https://x.example/a.png" alt="A">', ["remote-picture"]),
        ('<img src="//x.example/a.png" alt="A">', ["remote-picture"]),
        ('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="A dot">', []),
        ('<!-- <img src="crane.jpg"> --><img alt="">', []),
    ],
)
@pytest.mark.parametrize("body", ["Text.\n\n<div>\n{}\n</div>", "Text,\nmore text,\n\nand {} it"])
def test_a_picture_in_html_is_held_to_what_others_are(body: str, html: str, codes: list[str]):
    found = checked(body.format(html), "2031/crane.jpg", html="trust")

    assert [(place, code) for place, code, _ in found] == [
        ("content/2031/strike.md:4", code) for code in codes
    ]


def test_a_picture_in_html_that_is_beside_the_article_is_told_where_html_looks():
    ((_, _, hint),) = checked('<img src="crane.jpg" alt="A">', "2031/crane.jpg", html="trust")

    assert "../crane.jpg" in hint


@pytest.mark.parametrize(
    ("address", "is_seen"),
    [
        ("https://x.example/a.png", False),
        ("http://tide.example/a.png", False),
        ("https://TIDE.example/other/a.png", True),
    ],
)
def test_a_picture_that_the_pages_will_not_show_is_told_of(address: str, is_seen: bool):
    found = checked(f"Text.\n\n![A crane]({address})", image=address, image_alt="A crane")

    places = ["content/2031/strike.md:3", "content/2031/strike.md"]
    assert [(place, code) for place, code, _ in found] == (
        [] if is_seen else [(place, "remote-picture") for place in places]
    )


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


# --- how large the site is ------------------------------------------------------------------------

NOW = dt.datetime(2031, 7, 1, tzinfo=dt.UTC)


def told(size: int, days: list[int]) -> Outlook | None:
    """The outlook of a site of that many bytes, its articles published so many days ago."""
    articles = [
        edited("Quiet.", [], name=f"r{at}", published=NOW - dt.timedelta(days=ago))
        for at, ago in enumerate(days)
    ]
    return outlook(site(articles), size, NOW)


def test_the_gigabyte_is_reached_when_articles_go_on_as_in_the_last_year():
    # 73 articles in 365 days, 100 before; 173 of 1 MB each, so 827 are still to come.
    found = told(173_000_000, [*range(0, 365, 5), *range(400, 500)])

    assert found is not None
    assert (found.articles, found.most) == (173, 1000)
    assert found.when == dt.date(2031, 7, 1) + dt.timedelta(days=827 * 5)
    assert str(found) == (
        "173 articles, 173.0 MB, 1000 KB each: at this size the 1 GB of GitHub Pages is reached at"
        " about 1,000 articles, in October 2042 at the present pace"
    )
    assert list(too_large(found)) == []


def test_a_young_site_goes_on_as_in_its_own_lifetime():
    found = told(40_000_000, list(range(40)))

    assert found is not None
    assert found.when is not None
    assert abs((found.when - NOW.date()).days - 960) < 30


@pytest.mark.parametrize(
    ("size", "days"), [(20_000, list(range(300, 320))), (50_000, list(range(20)))]
)
def test_no_day_is_told_without_a_pace_or_after_a_century(size: int, days: list[int]):
    found = told(size, days)

    assert found is not None
    assert found.when is None
    assert str(found).endswith(" articles")


def test_of_a_few_articles_nothing_is_foretold():
    assert told(9_000_000, list(range(0, 90, 10))) is None


@pytest.mark.parametrize(
    ("size", "words"), [(800_000_000, "is reached at about"), (1_200_000_000, "more than the 1 GB")]
)
def test_from_four_fifths_on_it_is_a_warning(size: int, words: str):
    (problem,) = too_large(told(size, list(range(0, 300, 3))))

    assert (problem.code, problem.level) == ("too-large", "warning")
    assert words in problem.message
