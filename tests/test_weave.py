"""Marks in an article's HTML."""

from __future__ import annotations

import pytest
from fixture_file import Case, cases
from html_page import look
from strategies import article

from builder import prose
from builder.model import Passage, Span
from builder.prose import Parsed
from builder.render.weave import Mark, Ref, article_html, left_out
from builder.settings import MarkdownSettings

SANITISE = MarkdownSettings(html="sanitise")


@pytest.mark.parametrize("case", cases("weave.md"), ids=lambda case: case.title)
def test_weave(case: Case, update: bool):
    markdown, _, notes = case.given.partition("\n\n@ ")
    parsed = read(markdown)
    lines = notes.split("\n@ ") if notes else []
    marks = [mark(parsed, number, line) for number, line in enumerate(lines, 1)]

    case.check(html(parsed, *marks).strip(), update=update)


def test_a_mark_with_nothing_left_of_it_is_named():
    parsed = read("He typed `rm report` twice.")
    text = parsed.prose.text
    inside = Mark("s-1", (at(text, "report"),), "q")
    blank = Mark("s-2", (Span(2, 3),), "q")
    fine = Mark("s-3", (at(text, "typed"),), "q")

    assert left_out(parsed, [inside, fine, blank]) == ("s-1", "s-2")


def test_only_the_first_piece_has_the_anchor_and_the_last_is_followed_by_the_ref():
    parsed = read("One *two\n\nthree* four")
    both = Mark("s-1", (Span(0, len(parsed.prose.text)),), "q", ref=ref(1))

    woven = html(parsed, both)

    assert woven.count('id="s-1"') == 1
    assert woven.index('id="s-1"') < woven.index("three")
    assert woven.index('class="ref"') > woven.index("four")


def test_several_pieces_of_content_are_one_mark():
    parsed = read("“We stay,” she said, “and fight.”")
    text = parsed.prose.text
    split = Mark("s-1", (at(text, "“We stay,”"), at(text, "“and fight.”")), "q", ref=ref(1))

    seen = look(html(parsed, split))

    assert seen.pieces == {"s-1": ["“We stay,”", "“and fight.”"]}


def test_spans_that_touch_cover_a_code_span_together():
    parsed = read("`said`")
    halves = Mark("s-1", (Span(0, 1), Span(1, 4)), "q")

    assert html(parsed, halves) == '<p><span class="q" id="s-1"><code>said</code></span></p>\n'


def test_the_headline_of_another_report_stands_where_no_words_are_given():
    parsed = read("See [[2026/port-strike]] and [[port-strike|this]].")

    page = article_html(parsed, (), str, lambda name: f"Port <strike> ({name})")

    assert "Port &lt;strike&gt; (2026/port-strike)</a> and" in page
    assert ">this</a>" in page


def test_a_table_has_heads_for_its_columns_and_none_without_words():
    parsed = read("|  | Pounds |\n|---|---:|\n| Left | 4 |")

    page = html(parsed)

    assert '<td></td>\n<th scope="col" class="right">Pounds</th>' in page
    assert look(page).faults == []


def test_links_are_resolved_as_they_were_written():
    parsed = read("[a](mögliche%20Datei.pdf#p2) ![b](/logo.png) [[c]]")
    asked: list[str] = []

    def resolve(href: str) -> str:
        asked.append(href)
        return f"../{href.removeprefix('article:')}"

    page = article_html(parsed, (), resolve)

    assert asked == ["mögliche Datei.pdf#p2", "/logo.png", "article:c"]
    assert 'href="../m%C3%B6gliche%20Datei.pdf#p2"' in page


def test_repairs_are_what_readers_see():
    parsed = read("The Ferry Board s boat won t *sail* today.")
    text = parsed.prose.text
    s, t = text.index(" s boat"), text.index(" t ")
    board = Mark("s-1", (at(text, "Ferry Board s boat"),), "e")

    page = article_html(
        parsed, [board], str, repairs=[(Span(t, t + 2), "’t"), (Span(s, s + 2), "’s")]
    )

    assert '<span class="e" id="s-1">Ferry Board’s boat</span> won’t <em>' in page


def test_attributes_are_escaped():
    parsed = read("A & B")
    mark = Mark('"><i>', (Span(0, 5),), "q", href='/"x"&', ref=Ref(1, "#", "</a><script>"))

    page = html(parsed, mark)

    assert look(page).faults == []
    assert "<i>" not in page
    assert "<script" not in page


@pytest.mark.parametrize(
    "raw",
    [
        "<script>alert(1)</script>",
        "a <b onclick=x>b</b> <a href='javascript:x'>c</a>",
        "<div>\n<p>open\n\nafter</div>",
        "a <i>b *c</i> d* <b>e",
        "<iframe src=x></iframe>\n",
        "[a <a href='https://example.org'>b</a>](c.pdf)",
        "<title>x <textarea> y",
    ],
)
def test_sanitised_html_can_do_no_harm(raw):
    page = html(prose.parse(article(raw), SANITISE))

    assert look(page).faults == []
    assert not any(
        bad in page
        for bad in ("<script", "onclick", "javascript", "<iframe", "<title", "<textarea")
    )


def test_sanitised_html_keeps_what_is_harmless():
    parsed = prose.parse(article("H<sub>2</sub>O<br>and <kbd>Esc</kbd>"), SANITISE)

    assert html(parsed) == "<p>H<sub>2</sub>O<br>and <kbd>Esc</kbd></p>\n"
    assert parsed.prose.text == "H2O and Esc"


def read(markdown: str) -> Parsed:
    return prose.parse(article(markdown), MarkdownSettings())


def html(parsed: Parsed, *marks: Mark) -> str:
    return article_html(parsed, marks, lambda href: href)


def at(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def ref(number: int) -> Ref:
    return Ref(number, f"#n{number}", " source: X")


def mark(parsed: Parsed, number: int, line: str) -> Mark:
    """A mark from a fixture's line: classes, words, and whether it is a link or has a ref."""
    classes, passage, *rest = (part.strip() for part in line.split("|"))
    span = prose.find(parsed.prose, Passage(exact=passage))
    return Mark(
        id=f"s-{number}",
        spans=(span,),
        classes=classes,
        href=f"/{number}/" if "link" in rest else "",
        ref=ref(number) if "ref" in rest else None,
    )
