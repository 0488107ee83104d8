"""Markdown → clean text, and passages found in it."""

from __future__ import annotations

import pytest
from strategies import article

from builder import prose
from builder.model import Block, Passage, Prose, Span
from builder.prose import Link, Parsed
from builder.settings import MarkdownSettings

EVERY_KIND = """# The *night* shift

“We stay,”[^why]
said **Ana Ruiz**, who types `rm -r`.\\
She left.

> Quoted
>
> - in a list

1. Item

| a | b |
|---|---|
| c | ![](d.png) |

```
code
```

![A crane](crane.png)

[^why]: Because.
"""


def test_clean_text_is_what_is_said():
    parsed = read(EVERY_KIND)

    text = parsed.prose.text
    assert [(b.kind, text[b.span.start : b.span.end]) for b in parsed.prose.blocks] == [
        ("heading", "The night shift"),
        ("paragraph", "“We stay,” said Ana Ruiz, who types rm -r. She left."),
        ("quote", "Quoted"),
        ("quote", "in a list"),
        ("item", "Item"),
        ("cell", "a"),
        ("cell", "b"),
        ("cell", "c"),
        ("footnote", "Because."),
    ]
    assert parsed.words == len(text.split())


@pytest.mark.parametrize(
    ("word", "line"),
    [("night", 1), ("stay", 3), ("Ruiz", 4), ("left", 5), ("list", 9), ("Because", 23)],
)
def test_lines_are_those_of_the_file(word, line):
    parsed = read(EVERY_KIND)

    assert prose.line_of(parsed.prose, parsed.prose.text.index(word)) == line


def test_lines_count_the_front_matter_that_was_replaced():
    parsed = read("\n\n\n\nFirst\nsecond [x](javascript:y)")

    assert prose.line_of(parsed.prose, parsed.prose.text.index("second")) == 6
    assert [problem.place.line for problem in parsed.problems] == [6]


def test_links_of_every_kind():
    parsed = read(
        "[[2026/port-strike]] [[a|the *b*]]\n[m](files/min%20utes.pdf#p2) <https://example.org>\n"
        "<ana@example.org> [up](#h-top) ![A *crane*](crane.png 'x')"
    )

    assert parsed.problems == ()
    assert parsed.links == (
        Link("2026/port-strike", "article", 1, "port strike"),
        Link("a", "article", 1, "the b"),
        Link("files/min utes.pdf#p2", "asset", 2, "m"),
        Link("https://example.org", "external", 2, "https://example.org"),
        Link("mailto:ana@example.org", "external", 3, "ana@example.org"),
        Link("#h-top", "anchor", 3, "up"),
        Link("crane.png", "asset", 3, "A crane", is_image=True),
    )


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JavaScript&colon;alert(1)",
        "&#106;avascript:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "file:///etc/passwd",
        "//example.org/x",
        "<>",
    ],
)
@pytest.mark.parametrize("before", ["", "!"])
def test_a_link_that_may_not_be_is_a_problem_and_no_link(target, before):
    parsed = read(f"A\n{before}[b]({target})")

    assert [(p.code, p.place.line) for p in parsed.problems] == [("bad-link", 2)]
    assert parsed.links == ()
    assert all(
        child.type not in ("link_open", "image")
        for token in parsed.tokens
        for child in token.children or ()
    )


@pytest.mark.parametrize("before", ["", "!"])
def test_a_link_with_a_definition_is_told_at_the_address(before):
    parsed = read(f"A\n{before}[b][here], [c]\n\nD.\n\n[c]: c.pdf\n[here]: javascript:x\n")

    assert [(p.code, p.place.line) for p in parsed.problems] == [("bad-link", 7)]
    assert [(link.target, link.line) for link in parsed.links] == [("c.pdf", 6)]


def test_headings_have_an_id_each_and_stand_below_the_title():
    parsed = read("# One\n\n## Two & *more*\n\n# One\n\n# One 2\n\n###### Deep\n\n# 港\n")

    assert [(h.level, h.text) for h in parsed.headings][:2] == [(2, "One"), (3, "Two & more")]
    assert [h.id for h in parsed.headings][:4] == ["h-one", "h-two-more", "h-one-2", "h-one-2-2"]
    assert parsed.headings[4].level == 6
    assert len({h.id for h in parsed.headings}) == 6


def test_headings_that_leave_room_for_the_title_stay():
    assert [h.level for h in read("## A\n\n### B").headings] == [2, 3]


def test_fragments_that_links_can_name():
    assert read("## A\n\nx[^n]\n\n[^n]: y").anchors == {"h-a", "fn-a"}


def test_unreadable_characters_are_replaced():
    parsed = read("a\x00b\x07c\ud800d&#1;")

    assert parsed.prose.text == "a\ufffdb\ufffdc\ufffdd\ufffd"


@pytest.mark.parametrize(
    "body",
    [
        "![" * 2000 + "](x)" * 2000,
        "[" * 3000,
        "[[" * 2000,
        ">" * 3000,
        "**a " * 2000 + "b**" * 2000,
        "[^a]: " * 500,
        "`" * 5000,
        "<a href='" * 2000,
        "- " * 3000,
    ],
)
def test_hostile_markdown_is_read(body):
    assert read(body).problems == () or read(body).problems[0].code == "bad-link"


def test_a_plain_text_stays_as_it_is():
    text = "\ufeff  One line.\r\n\n \nAnother\tone \nlast"

    plain = prose.plain(text)

    assert plain.text == text
    assert [text[b.span.start : b.span.end] for b in plain.blocks] == [
        "One line.",
        "Another\tone",
        "last",
    ]
    assert prose.line_of(plain, 5) is None


@pytest.mark.parametrize(
    "passage",
    [
        Passage(exact="“We won’t pay”"),
        Passage(exact='"We\n won\'t   pay"'),
        Passage(exact="We", before='"'),
        Passage(exact="pay", after="” twice"),
        Passage(exact="pay", before="won't", after='"'),
    ],
)
def test_a_passage_is_found_whatever_its_quotation_marks_and_spaces(passage):
    text = Prose("“We won’t pay” twice, We say; pay.", (Block(Span(0, 34)),))

    found = prose.find(text, passage)

    assert text.text[found.start : found.end] in ("“We won’t pay”", "We", "pay")
    assert found.end <= text.text.index(" twice")


@pytest.mark.parametrize("exact", ["we stay", "gone", "", " \n"])
def test_a_passage_that_is_gone(exact):
    with pytest.raises(prose.PassageGone):
        prose.find(Prose("We stay.", ()), Passage(exact=exact))


def test_a_passage_that_stands_twice_names_both_places():
    with pytest.raises(prose.PassageAmbiguous) as caught:
        prose.find(Prose("aaa", ()), Passage(exact="aa"))

    assert caught.value.spans == (Span(0, 2), Span(1, 3))


def test_a_passage_takes_only_the_words_it_needs():
    text = Prose("She said no. He said no. They said yes.", ())

    assert prose.passage(text, Span(25, 29)) == Passage(exact="They")
    assert prose.passage(text, Span(16, 20)) == Passage(exact="said", before="He")


def read(body: str) -> Parsed:
    return prose.parse(article(body), MarkdownSettings())
