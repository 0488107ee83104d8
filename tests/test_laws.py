"""The laws of text and markup, over random documents and all of CommonMark's examples."""

from __future__ import annotations

import random
from urllib.parse import urljoin

import pytest
from commonmark import Example, examples
from html_page import look, without_marks, without_refs, words
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import DOCUMENTS, article, marks, spans

from builder import prose, routes
from builder.model import Passage, Prose, Span
from builder.prose import Parsed
from builder.prose.projection import is_whole
from builder.render.weave import Mark, Ref, article_html, left_out, weave
from builder.settings import MarkdownSettings

ESCAPE = MarkdownSettings()
SANITISE = MarkdownSettings(html="sanitise")
TRUST = MarkdownSettings(html="trust")
EMPTY_QUOTE = ("<blockquote>\n</blockquote>", "<blockquote></blockquote>")
"""The one place where markdown-it's white space is another; its own tests allow it, too."""
POLICIES = st.sampled_from([ESCAPE, SANITISE])
LAWFUL = settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)


def page(parsed: Parsed, put_in: list[Mark]) -> str:
    return article_html(parsed, put_in, lambda href: href)


@LAWFUL
@given(st.data())
def test_weaving_leaves_its_input_untouched(data):
    parsed = prose.parse(article(data.draw(DOCUMENTS)), data.draw(POLICIES))
    put_in = data.draw(marks(parsed.prose))
    before = [token.as_dict() for token in parsed.tokens]

    weave(parsed.tokens, parsed.prose, put_in)
    page(parsed, put_in)

    assert [token.as_dict() for token in parsed.tokens] == before


@LAWFUL
@given(st.data())
def test_tags_nest_and_no_link_lies_in_a_link(data):
    parsed = prose.parse(article(data.draw(DOCUMENTS)), data.draw(POLICIES))

    html = page(parsed, data.draw(marks(parsed.prose)))

    assert look(html).faults == []


@LAWFUL
@given(st.data())
def test_marks_change_nothing_that_is_read(data):
    parsed = prose.parse(article(data.draw(DOCUMENTS)), data.draw(POLICIES))
    bare = page(parsed, [])

    html = page(parsed, data.draw(marks(parsed.prose)))

    assert "".join(look(without_refs(html)).text) == "".join(look(bare).text)


@LAWFUL
@given(st.data())
def test_without_its_marks_a_page_is_the_page_without_marks(data):
    parsed = prose.parse(article(data.draw(DOCUMENTS)), data.draw(POLICIES))

    html = page(parsed, data.draw(marks(parsed.prose)))

    assert without_marks(html) == page(parsed, [])


@LAWFUL
@given(st.data())
def test_the_pieces_of_a_mark_are_its_words(data):
    parsed = prose.parse(article(data.draw(DOCUMENTS)), data.draw(POLICIES))
    put_in = data.draw(marks(parsed.prose))

    seen = look(page(parsed, put_in))

    for mark in put_in:
        assert words("".join(seen.pieces.get(mark.id, []))) == markable(parsed, mark)
        assert all(words(piece) for piece in seen.pieces.get(mark.id, []))
    silent = {mark.id for mark in put_in if not markable(parsed, mark)}
    assert set(left_out(parsed, put_in)) == silent
    assert sorted(a for a in seen.anchors if a.startswith("s-")) == sorted(
        mark.id for mark in put_in if mark.id not in silent
    )
    assert sorted(seen.refs) == sorted(
        mark.ref.href for mark in put_in if mark.ref and mark.id not in silent
    )


def markable(parsed: Parsed, mark: Mark) -> str:
    """The words of a mark less the code spans that it cuts."""
    text = parsed.prose.text
    covered = {at for span in mark.spans for at in range(span.start, span.end)}
    for run in parsed.prose.runs:
        children = parsed.tokens[run.block].children or []
        inside = range(run.span.start, run.span.end)
        if is_whole(children[run.leaf]) and any(
            at not in covered and text[at].strip() for at in inside
        ):
            covered.difference_update(inside)
    return words("".join(text[at] for at in sorted(covered)))


@LAWFUL
@given(DOCUMENTS, POLICIES)
def test_the_clean_text_is_what_a_reader_sees(body, policy):
    parsed = prose.parse(article(body), policy)
    text = parsed.prose.text

    seen = look(page(parsed, []))

    if policy is ESCAPE:
        assert words("".join(seen.spoken)) == words(text)
    assert [text[b.span.start : b.span.end] for b in parsed.prose.blocks] == (
        text.split("\n\n") if text else []
    )
    assert "".join(text[run.span.start : run.span.end] for run in parsed.prose.runs) == (
        text.replace("\n\n", "")
    )


TEXTS = st.text(alphabet="ab \n\"“”'’.", min_size=1, max_size=30).filter(str.strip)


@LAWFUL
@given(st.data())
def test_a_passage_finds_its_span_or_says_that_it_is_ambiguous(data):
    text = Prose(data.draw(TEXTS), ())
    span = _trimmed(text, data.draw(spans(text.text)))
    if span is None:
        return

    assert span in _found(text, Passage(exact=text.text[span.start : span.end]))


def _found(text: Prose, passage: Passage) -> tuple[Span, ...]:
    """The one place that is found, or all that are named because there is more than one."""
    try:
        return (prose.find(text, passage),)
    except prose.PassageAmbiguous as ambiguous:
        return ambiguous.spans


@LAWFUL
@given(st.data())
def test_a_passage_that_was_made_for_a_span_finds_it(data):
    text = Prose(data.draw(TEXTS), ())
    span = _trimmed(text, data.draw(spans(text.text)))
    if span is None:
        return

    assert prose.find(text, prose.passage(text, span)) == span


def _trimmed(text: Prose, span: Span) -> Span | None:
    said = text.text[span.start : span.end]
    if not said.strip():
        return None
    start = span.start + len(said) - len(said.lstrip())
    return Span(start, start + len(said.strip()))


def test_all_examples_of_the_specification_are_there():
    assert len(examples()) == 652


@pytest.mark.parametrize("policy", [ESCAPE, SANITISE, TRUST], ids=lambda p: p.html)
def test_the_laws_hold_for_every_example_of_commonmark(policy):
    for example in examples():
        parsed = prose.parse(article(example.markdown), policy)
        bare = page(parsed, [])
        for put_in in _some_marks(example, parsed):
            html = page(parsed, put_in)
            assert without_marks(html) == bare, example
            if policy is TRUST:
                continue  # raw HTML may be anything: unclosed, or hidden in a comment
            seen = look(html)
            assert seen.faults == [], example
            for mark in put_in:
                assert words("".join(seen.pieces.get(mark.id, []))) == markable(parsed, mark)


def _some_marks(example: Example, parsed: Parsed) -> list[list[Mark]]:
    """The whole text, and random marks that cross; always the same for an example."""
    length = len(parsed.prose.text)
    if not length:
        return [[]]
    chance = random.Random(example.number)
    found = [[Mark("s-all", (Span(0, length),), "q", ref=Ref(1, "#n1", " x"))]]
    for _ in range(5):
        edges = [sorted(chance.sample(range(length + 1), 2)) for _ in range(4)]
        found.append(
            [
                Mark(
                    f"s-{number}",
                    (Span(start, end),),
                    "q",
                    href="/x/" if chance.random() < 0.5 else "",
                    ref=Ref(number, "#n", " x") if chance.random() < 0.5 else None,
                )
                for number, (start, end) in enumerate(edges)
            ]
        )
    return found


def test_plain_commonmark_is_rendered_as_the_specification_has_it():
    ours = prose.reader.__wrapped__("trust")
    ours.disable(["table", "strikethrough", "footnote_def", "footnote_ref", "wikilink"])

    wrong = [
        each.number
        for each in examples()
        if ours.render(each.markdown, {}) != each.html.replace(*EMPTY_QUOTE)
    ]

    assert wrong == []


# --- addresses ------------------------------------------------------------------------------------

FOLDERS = st.lists(st.sampled_from(["a", "b", "ab", "page", "2", "x:y"]), max_size=4).map(
    lambda parts: "".join(f"{part}/" for part in parts)
)
ENDINGS = st.sampled_from(
    [
        "",
        "index.html",
        "feed.xml",
        "#s-1",
        "a.jpg#top",
        "javascript:alert(1)",
        "?q=a:b/../c",
        "?a#t",
    ]
)
ROUNDABOUT = st.sampled_from(["", "./", "a/../", "x:y/../", "a/b/../../"])


@LAWFUL
@given(FOLDERS, FOLDERS, ROUNDABOUT, ENDINGS)
def test_a_relative_link_leads_where_it_should(page, folder, roundabout, ending):
    base = "https://example.org/news/"

    link = routes.relative(folder + roundabout + ending, page)

    assert urljoin(base + page, link) == base + folder + ending
    assert not link.startswith("/")
    assert link
