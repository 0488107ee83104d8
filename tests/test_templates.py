from __future__ import annotations

import re
import types
import typing
from pathlib import Path

import msgspec
import pytest
from hand_set import NOWHERE, RELATED, SETTINGS, example

from builder.errors import ProblemError
from builder.model import Page
from builder.render import render, views
from builder.render.catalogue import theme
from builder.render.templates import Templates
from builder.render.views import Html, LinkView, MissingPage

PAGES = {
    "article.html": views.ArticlePage,
    "entity.html": views.EntityPage,
    "front.html": views.FrontPage,
    "list.html": views.ListPage,
    "story.html": views.StoryPage,
    "audit.html": views.AuditPage,
    "directory.html": views.DirectoryPage,
    "search.html": views.SearchPage,
    "404.html": views.MissingPage,
    "redirect.html": views.RedirectPage,
    "feed.xml": views.FeedPage,
    "sitemap.xml": views.SitemapPage,
    "sitemaps.xml": views.SitemapIndexPage,
    "article.md": views.MarkdownPage,
    "embed.html": views.EmbedPage,
    "newsletter.html": views.NewsletterPage,
    "newsletter.txt": views.NewsletterPage,
}
RECORDS = [
    record
    for record in vars(views).values()
    if isinstance(record, type)
    and issubclass(record, msgspec.Struct)
    and record is not msgspec.Struct
]


def bare(kind):
    """A value of a type with nothing in it: optional fields keep their empty defaults."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        fields = msgspec.structs.fields(kind)
        return kind(**{field.name: bare(field.type) for field in fields if field.required})
    if typing.get_origin(kind) is tuple:
        return ()
    return {str: "x", Html: "x", int: 1, bool: False}[kind]


def full(kind):
    """A value of a type in which every field is filled, optional ones, too."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return kind(**{field.name: full(field.type) for field in msgspec.structs.fields(kind)})
    match typing.get_origin(kind):
        case types.UnionType:
            return full(
                next(option for option in typing.get_args(kind) if option is not type(None))
            )
        case origin if origin is tuple:
            inner = [option for option in typing.get_args(kind) if option is not Ellipsis]
            return (
                tuple(full(option) for option in inner) if len(inner) > 1 else (full(inner[0]),) * 2
            )
    return {str: "word", Html: "<i>html</i>", int: 7, bool: True}[kind]


@pytest.mark.parametrize("fill", [bare, full])
@pytest.mark.parametrize(("template", "record"), PAGES.items())
def test_every_template_renders_with_every_field_empty_and_with_every_field_filled(
    template, record, fill
):
    data = Templates(NOWHERE).render(Page("page.html", template, fill(record)))

    assert data.decode().startswith(("<!doctype html>", "<?xml", "# ", "x\n", "word\n"))


def test_every_template_of_the_theme_is_tried():
    shared = {"base.html", "note.html", "parts.html"}

    found = {path.name for path in theme().glob("*.*")}

    assert {
        name for name in found if name.endswith((".html", ".xml", ".md", ".txt"))
    } - shared == set(PAGES)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_the_manual_explains_every_record(record):
    assert record.__doc__


def test_only_finished_html_is_marked_as_safe():
    html = {
        field.name
        for record in RECORDS
        for field in msgspec.structs.fields(record)
        if "Html" in str(record.__annotations__[field.name])
    }
    singular = {"note": "notes", "remark": "notes"}

    for path in theme().rglob("*.html"):
        for expression in re.findall(r"\{\{ *([\w.]+) *\| *safe *\}\}", path.read_text()):
            name = expression.rpartition(".")[2]
            assert singular.get(name, name) in html, f"{path.name}: {expression}"
        assert path.read_text().count("safe }}") == len(
            re.findall(r"\{\{ *[\w.]+ *\| *safe *\}\}", path.read_text())
        )


def test_interestfor_is_written_in_one_place_only():
    package = Path(views.__file__).parents[1]
    writers = [p.name for p in package.rglob("*.py") if '"interestfor"' in p.read_text()]

    assert writers == ["notes.py"]
    assert not [p for p in theme().rglob("*.html") if "interestfor" in p.read_text()]


HOSTILE = '</script><script>alert("1")</script>]]>&\x00\x0b\x1b\ufffe'


@pytest.mark.parametrize("template", ["404.html", "article.html", "entity.html", "feed.xml"])
def test_hostile_words_stay_words(template):
    def poison(kind):
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return kind(**{f.name: poison(f.type) for f in msgspec.structs.fields(kind)})
        if kind is str:
            return HOSTILE
        value = full(kind)
        if typing.get_origin(kind) is tuple and (inner := typing.get_args(kind)[0]) is not tuple:
            return (poison(inner),) if typing.get_origin(inner) is not tuple else ()
        return poison(type(value)) if isinstance(value, msgspec.Struct) else value

    text = Templates(NOWHERE).render(Page("p", template, poison(PAGES[template]))).decode()

    assert "<script>alert" not in text
    assert "]]>" not in text
    assert not set(text) & set("\x00\x0b\x1b\ufffe")


def test_a_sites_own_template_shadows_the_themes_and_may_build_on_it(tmp_path):
    own = tmp_path / "templates"
    own.mkdir()
    (own / "404.html").write_text(
        '{% extends "theme/404.html" %}{% block main %}<p>Lost at sea</p>{% endblock %}'
    )

    page = Page("404.html", "404.html", bare(MissingPage))

    assert b"Lost at sea" in Templates(tmp_path).render(page)
    assert b"Lost at sea" not in Templates(NOWHERE).render(page)


@pytest.mark.parametrize(
    ("template", "line", "message"),
    [
        ("one\n{% if %}\n", 2, "Expected an expression"),
        ("one\ntwo\n{{ nobody }}\n", 3, "'nobody' is undefined"),
        ("{% include 'gone.html' %}", None, "there is no template gone.html"),
        ("one\n{{ 1 / 0 }}\n", 2, "division by zero"),
        ("one\n{{ frame.menu | words }}\n", 2, "no attribute 'split'"),
        ("one\n{% include '404.html' %}\n", 2, "needs itself without end"),
        ("{% extends '404.html' %}\n", None, "needs itself without end"),
        ("one\ntwo \udce9\n", 2, "not UTF-8"),
        ("one\n{% include 'latin.html' %}\n", None, "not UTF-8"),
    ],
)
def test_a_mistake_in_a_template_is_shown_at_its_line(tmp_path, template, line, message):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "404.html").write_text(template, errors="surrogateescape")
    (tmp_path / "templates" / "latin.html").write_text("Málaga", encoding="latin-1")

    with pytest.raises(ProblemError) as caught:
        Templates(tmp_path).render(Page("404.html", "404.html", bare(MissingPage)))

    problem = caught.value.problem
    assert problem.code == "template-error"
    assert problem.place.path.startswith("templates/")
    assert message in problem.message
    if line:
        assert str(problem.place) == f"templates/404.html:{line}"


@pytest.mark.parametrize(
    ("template", "hint"),
    [
        ("{{ fram.title }}", "did you mean frame?"),
        (
            "{{ nobody_knows_this }}",
            "what it may use stands in the documentation of themes, under MissingPage",
        ),
    ],
)
def test_a_mistake_in_a_template_says_what_was_meant_or_where_to_read(tmp_path, template, hint):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "404.html").write_text(template)

    with pytest.raises(ProblemError) as caught:
        Templates(tmp_path).render(Page("404.html", "404.html", bare(MissingPage)))

    assert caught.value.problem.hint == hint


def test_the_digest_changes_with_any_byte_of_any_template(tmp_path):
    before = Templates(tmp_path).digest
    (tmp_path / "templates" / "assets").mkdir(parents=True)
    (tmp_path / "templates" / "assets" / "site.css").write_text("p { color: red }")

    assert Templates(tmp_path).digest != before
    assert Templates(tmp_path).digest == Templates(tmp_path).digest


def test_attributes_are_escaped():
    link = LinkView("Other", "#s-1", (("interestfor", 'n1"><b>'),))
    dispute = views.DisputeView(lead="Disputes", link=link)
    note = views.NoteView(
        id="n1",
        number=1,
        permalink="#s-1",
        statements=(views.StatementView(source=LinkView("She"), disputes=(dispute,)),),
    )
    page = msgspec.structs.replace(bare(views.ArticlePage), notes=(note,))

    text = Templates(NOWHERE).render(Page("p", "article.html", page)).decode()

    assert "<b>Disputes" not in text
    assert 'interestfor="n1&#34;&gt;&lt;b&gt;"' in text


def test_two_renderings_are_the_same_bytes():
    pages = [o for o in render(example(), RELATED, SETTINGS, NOWHERE) if isinstance(o, Page)]

    assert [Templates(NOWHERE).render(p) for p in pages] == [
        Templates(NOWHERE).render(p) for p in pages
    ]
