"""Random documents and marks, for the laws."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st

from builder.errors import Place
from builder.model import Article, ArticleId, FrontMatter, Prose, Span
from builder.render.weave import Mark, Ref

_WORDS = st.sampled_from(
    [
        "harbour",
        "Ana Ruiz",
        "“We",
        "will not pay”,",
        "said",
        "don’t",
        "Ngũgĩ",
        "1 < 2",
        "&amp;",
        "a\\*b",
        "\\[[x]]",
        "it's",
        "“",
        "…",
        "x",
        "<b>",
        "</b>",
        "<br>",
        "<a href='/x'>",
        "</a>",
        "&#10;",
        "&nbsp;",
        "<i>y</i>",
        "👩\u200d🚒",
        "<!-- c -->",
        "<script>",
        "`",
        "*",
        "**",
        "_",
    ]
)
_LEAVES = st.one_of(
    _WORDS,
    _WORDS.map("`{}`".format),
    st.sampled_from(["[[2026/port-strike]]", "[[port-strike|the *long* strike]]", "[^1]", "[^b]"]),
    st.sampled_from(["![a *crane*](crane.png)", "![c](c.png 'Title')", "<https://example.org/>"]),
    st.sampled_from(["\n", "  \n", " ", "\\\n"]),
)
INLINES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map(" ".join),
        st.lists(inner, min_size=1, max_size=3).map("".join),
        inner.map("*{}*".format),
        inner.map("**{}**".format),
        inner.map("~~{}~~".format),
        inner.map("[{}](https://example.org/a)".format),
        inner.map("[{}](minutes.pdf 'the minutes')".format),
    ),
    max_leaves=12,
)
"""Markdown of one block, sometimes of several lines."""

_LINES = INLINES.map(lambda text: " ".join(text.split()))
_CELLS = _LINES.map(lambda text: text.replace("|", "\\|"))
BLOCKS = st.one_of(
    INLINES,
    INLINES,
    _LINES.map("# {}".format),
    _LINES.map("### {}".format),
    _LINES.map("> {}".format),
    st.tuples(_LINES, _LINES).map("- {0[0]}\n- {0[1]}\n".format),
    st.tuples(_LINES, _LINES).map("1. {0[0]}\n\n   > {0[1]}\n".format),
    st.tuples(_CELLS, _CELLS).map("| a | b |\n|---|--:|\n| {0[0]} | {0[1]} |".format),
    _LINES.map("[^1]: {}".format),
    _LINES.map("[^b]: {}".format),
    st.sampled_from(["```\n“code”\n```", "    indented", "---", "<div>\n“raw”\n</div>", "<a>"]),
    st.sampled_from(["![a crane](crane.png 'The crane, in May')", "[ref]: /x", "[ref]"]),
)
DOCUMENTS = st.one_of(
    st.lists(BLOCKS, min_size=1, max_size=5).map("\n\n".join),
    st.text(alphabet="ab “”'*_`[]()!<>&\n|~#>-^:\\./", max_size=60),
)
"""Whole articles in Markdown: half of them well-formed, the rest whatever the keys give."""


def article(body: str, name: str = "2026/port-strike") -> Article:
    """An article of that Markdown."""
    published = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)
    place = Place(f"content/{name}.md")
    meta = FrontMatter(title="Port strike", published=published)
    return Article(ArticleId(name), place, meta, body)


def spans(text: str) -> st.SearchStrategy[Span]:
    """Spans of a text that are not empty."""
    edge = st.integers(0, len(text))
    return (
        st.tuples(edge, edge)
        .filter(lambda edges: edges[0] != edges[1])
        .map(lambda edges: Span(min(edges), max(edges)))
    )


@st.composite
def marks(draw: st.DrawFn, prose: Prose, most: int = 5) -> list[Mark]:
    """Marks that overlap, cross, share spans, run over blocks; some are links, some have a ref."""
    if not prose.text:
        return []
    pieces = st.lists(spans(prose.text), min_size=1, max_size=2).map(sorted).map(tuple)
    found = []
    for number, (where, href, has_ref) in enumerate(
        draw(
            st.lists(
                st.tuples(pieces, st.sampled_from(["", "/people/x/?a&b"]), st.booleans()),
                max_size=most,
            )
        ),
        1,
    ):
        ref = Ref(number, f"#n{number}", f" source: <{number}>") if has_ref else None
        found.append(
            Mark(
                id=f"s-{number}",
                spans=where,
                classes="q direct",
                href=href,
                ref=ref,
            )
        )
    return found
