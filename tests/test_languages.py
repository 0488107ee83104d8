"""The words of the interface: all of them in every language, and none anywhere else."""

from __future__ import annotations

import ast
import datetime as dt
import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hand_set import (
    NOWHERE,
    SETTINGS,
    article,
    clean,
    edited,
    example,
    here,
    joined,
    published,
    said,
)
from msgspec.structs import replace
from newsroom import Newsroom

from builder.render.catalogue import Catalogue, direction, english, locale_of, names_in, theme

FILES = sorted((theme() / "i18n").glob("*.toml"))
LANGUAGES = [path.stem for path in FILES]
ENGLISH = english().messages
SOURCES = [
    *theme().glob("*.*"),
    *(
        path
        for path in (Path(__file__).parents[1] / "builder").rglob("*.py")
        if "theme" not in path.parts
    ),
]
MILLIONS = {"fr": {"many"}, "es": {"many"}}
"""Forms that only go with whole millions, of which no page counts any."""


def messages(language):
    tables = tomllib.loads((theme() / "i18n" / f"{language}.toml").read_text(encoding="utf-8"))
    return {
        f"{group}.{name}": each for group, table in tables.items() for name, each in table.items()
    }


def test_the_languages_that_the_theme_has():
    assert {"en", "de", "fr", "es"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_there_in_every_language_and_no_other(language):
    assert list(messages(language)) == list(ENGLISH)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_holds_what_is_put_in_and_every_form_its_language_has(language):
    forms = {*locale_of(language).plural_form.tags, "other"} - MILLIONS.get(language, set())
    for key, message in messages(language).items():
        assert names_in(message) == names_in(ENGLISH[key]), key
        assert isinstance(message, str) == isinstance(ENGLISH[key], str), key
        if not isinstance(message, str):
            assert set(message) == forms, key
            assert "other" in message, key


def test_no_message_is_there_for_nothing():
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)

    assert [key for key in ENGLISH if f'"{key}"' not in text] == []


class Bare(HTMLParser):
    """Words of a template that stand in it as they are."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, _, attrs):
        spoken = {"alt", "aria-label", "aria-description", "placeholder", "title"}
        self.found += [v for name, v in attrs if name in spoken or name.startswith("data-") if v]

    def handle_data(self, data):
        if self.cdata_elem is None:
            self.found.append(data)
        else:
            # Controls that lie in the page as text.
            within = Bare()
            within.feed(data)
            self.found += within.found


@pytest.mark.parametrize("path", sorted(theme().glob("*.*")), ids=lambda path: path.name)
def test_no_template_has_words_of_its_own(path):
    text = re.sub(
        r"\{#.*?#\}|<style>.*?</style>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    inside = re.findall(r"\{[{%](.*?)[}%]\}", text, flags=re.DOTALL)
    bare = Bare()
    bare.feed(re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", text, flags=re.DOTALL))
    quoted = [word for code in inside for word in re.findall(r'"([^"]*)"', code)]

    names = {"GeoNames", "CC BY 4.0"}
    assert [w for w in bare.found if re.search(r"[^\W\d_]", w) and w.strip() not in names] == []
    assert [words for words in quoted if re.search(r"[A-Z]|[a-z] [a-z]", words)] == []


def test_no_message_is_written_in_the_code():
    """Whole sentences and names of things: a word in small letters may be anything."""
    told = {
        part.strip()
        for message in ENGLISH.values()
        for text in ([message] if isinstance(message, str) else message.values())
        for part in re.split(r"\{\w+\}", text)
        if re.match(r"[A-Z]", part.strip()) or " " in part.strip()
    }
    others = {"Person", "Place", "Event", "single source"}
    """Words of schema.org, and the head of a column that programs read."""
    for path in (Path(__file__).parents[1] / "builder" / "render").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        texts = {
            node.value.strip()
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docs
        }
        assert texts & (told - others) == set(), path.name


# --- what each language makes of numbers, lists and days ------------------------------------------


@pytest.mark.parametrize(
    ("language", "one", "many", "names", "day", "share"),
    [
        ("en-GB", "1 report", "1,204 reports", "A, B and C", "9 May 2026", "12.5%"),
        ("de", "1 Bericht", "1.204 Berichte", "A, B und C", "9. Mai 2026", "12,5\u00a0%"),
        ("fr", "1 article", "1\u202f204 articles", "A, B et C", "9 mai 2026", "12,5\u00a0%"),
        ("es", "1 artículo", "1.204 artículos", "A, B y C", "9 de mayo de 2026", "12,5\u00a0%"),
    ],
)
def test_numbers_lists_and_days_are_the_languages_own(  # noqa: PLR0917
    language, one, many, names, day, share
):
    words = Catalogue(NOWHERE).words(language)

    assert words("count.reports", 1) == one
    assert words("count.reports", 1204) == many
    assert words.listed(["A", "B", "C"]) == names
    assert words.day(dt.date(2026, 5, 9)) == day
    assert words.percent(0.125) == share


def test_french_counts_nothing_as_one():
    assert Catalogue(NOWHERE).words("fr")("count.reports", 0) == "0 article"


def test_a_dialect_has_its_languages_words_and_its_own_over_them(tmp_path):
    (tmp_path / "templates" / "i18n").mkdir(parents=True)
    (tmp_path / "templates" / "i18n" / "de-AT.toml").write_text('[marks]\nall = "Olle"\n')
    words = Catalogue(tmp_path).words("de-AT")

    assert words("marks.all") == "Olle"
    assert words("marks.quotes") == "Zitate"
    assert words.month(dt.date(2026, 1, 1)) == "Jänner 2026"


def test_a_language_without_a_catalogue_is_spoken_of_in_the_sites():
    catalogue = Catalogue(NOWHERE)
    german = catalogue.words("de")

    assert catalogue.words("nl", german) is german
    assert catalogue.words("nl")("marks.all") == "All"
    assert direction("fa") == direction("ar-EG") == "rtl"
    assert direction("nl") == direction("xx-nonsense") == "ltr"


def test_a_sites_own_words_are_checked(tmp_path):
    folder = tmp_path / "templates" / "i18n"
    folder.mkdir(parents=True)
    (folder / "en.toml").write_text(
        '[naming]\nnamed = "On the record"\nanonymous = "?"\n[article]\nby = "By {author}"\n'
        'page = "p. {"\n[count]\nreports = "many"\nsources = { one = "1" }\n'
        'documents = { other = "{count}", some = "" }\n[marks]\nall = { other = "All" }\n'
        '[mail]\npicture = "{alt!x}"\n[note]\nsource = "{source:>{width}}"\n'
    )
    (folder / "nl.toml").write_text("[naming\n")

    catalogue = Catalogue(tmp_path)

    assert catalogue.words("en")("naming.named") == "On the record"
    assert [(str(p.place), p.code) for p in catalogue.problems()] == [
        ("templates/i18n/en.toml:3", "unknown-message"),
        ("templates/i18n/en.toml:5", "bad-message"),
        ("templates/i18n/en.toml:6", "bad-message"),
        ("templates/i18n/en.toml:8", "bad-message"),
        ("templates/i18n/en.toml:9", "bad-message"),
        ("templates/i18n/en.toml:10", "bad-message"),
        ("templates/i18n/en.toml:12", "bad-message"),
        ("templates/i18n/en.toml:14", "bad-message"),
        ("templates/i18n/en.toml:16", "bad-message"),
        ("templates/i18n/nl.toml:1", "bad-toml"),
    ]
    assert catalogue.problems()[0].hint == "did you mean naming.named?"


# --- pages ----------------------------------------------------------------------------------------


def abroad(language, text="„Wir gehen nicht“, sagte Mara Lindqvist.", title="Sie bleibt"):
    source = article("2026/abroad", title, text, lang=language, authors=("Ines Okafor", "Jon Ek"))
    words = text.partition(",")[0]
    statement = said(clean(source), words, by="mara-lindqvist", name="Mara Lindqvist")
    mara = here("mara-lindqvist", "Mara Lindqvist", "person")
    other = article("2026/home", "She stays", "Mara Lindqvist stays.")
    return joined(
        [
            edited(source, {"Mara Lindqvist": mara}, [statement]),
            edited(other, {"Mara Lindqvist": mara}),
        ]
    )


def test_a_report_speaks_its_own_language_and_its_frame_the_sites():
    files = published(abroad("de"))
    page = files["2026/abroad/index.html"]
    frame, report = page.split("<main", 1)
    report, foot = report.split("<footer", 1)

    assert '<html lang="en-GB">' in frame
    assert "Skip to the text" in frame
    assert '<article class="report" lang="de">' in report
    assert '<div class="onward" lang="de">' in report
    assert re.search(r"Von <a [^>]*>Ines Okafor</a> und <a [^>]*>Jon Ek</a>", report)
    assert "1 Aussage, 1 genannte Quelle" in report
    assert "Genannte Quelle · Wörtliches Zitat" in report
    assert "20. November 2026" in report
    (script,) = re.findall(r'src="../../(assets/article\.[^"]+)"', frame)
    assert '"of":"von"' in files[script]
    assert "Published by" in foot


def test_what_leaves_a_page_is_in_the_reports_language():
    files = published(abroad("de"))

    assert "Von Ines Okafor und Jon Ek · 20. November 2026" in files["2026/abroad/index.md"]
    assert "). Wörtliches Zitat. Automatisch gefunden." in files["2026/abroad/index.md"]
    assert "Wörtliches Zitat" in files["feed.xml"]
    assert 'xml:lang="de"' in files["feed.xml"]
    assert "1 Aussage, 1 genannte Quelle" in files["2026/abroad/embed/index.html"]


def test_headlines_elsewhere_are_marked_with_their_language():
    files = published(abroad("ar", "«لن نرحل», قالت Mara Lindqvist.", "باقية"))

    assert '<a href="2026/abroad/" lang="ar" dir="rtl">باقية</a>' in files["index.html"]
    ledger = files["people/mara-lindqvist/index.html"]
    assert '<blockquote lang="ar" dir="rtl">' in ledger


def test_a_report_in_a_language_without_words_has_the_sites_around_its_own():
    page = published(abroad("fa", "«نمی‌رویم», گفت Mara Lindqvist.", "می‌ماند"))
    report = page["2026/abroad/index.html"].partition("<main")[2]

    assert '<article class="report">' in report
    assert '<h1 lang="fa" dir="rtl">می‌ماند</h1>' in report
    assert '<div class="body" lang="fa" dir="rtl">' in report
    assert re.search(r"By <a [^>]*>Ines Okafor</a> and <a ", report)


def test_a_site_from_right_to_left_says_so_and_english_in_it_runs_the_other_way():
    settings = replace(SETTINGS, site=replace(SETTINGS.site, language="ar"))
    page = published(abroad("en"), settings)["2026/abroad/index.html"]

    assert '<html lang="ar" dir="rtl">' in page
    assert '<article class="report" lang="en" dir="ltr">' in page


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_a_whole_site_is_in_its_language(language):
    settings = replace(SETTINGS, site=replace(SETTINGS.site, language=language))
    pages = published(example(), settings)
    known = {each for each in ENGLISH.values() if isinstance(each, str) and len(each) > 12}
    same = {each for each in messages(language).values() if isinstance(each, str)}

    for path, page in pages.items():
        if path.endswith((".html", ".xml", ".md")):
            assert [each for each in known - same if each in page and "{" not in each] == [], path


def test_a_sites_own_words_and_messages_hold_no_html(tmp_path):
    folder = tmp_path / "templates" / "i18n"
    folder.mkdir(parents=True)
    (folder / "en.toml").write_text('[note]\nback = "<b>Back"\n[article]\nby = "& {authors}"\n')

    page = published(example(), root=tmp_path)["2026/ferry/index.html"]

    assert "&lt;b&gt;Back" in page
    assert '&amp; <a href="../../authors/ines-okafor/">Ines Okafor</a>' in page


def in_two_languages(text="We stay.", foreign="Wir bleiben.", **meta):
    original = article("2026/home", "She stays", text)
    other = article(
        "2026/abroad", "Sie bleibt", foreign, 21, **{"translation_of": "home", "lang": "de", **meta}
    )
    return joined([edited(other), edited(original)])


def test_a_report_in_two_languages_leads_from_each_to_the_other():
    files = published(in_two_languages())
    home, abroad = files["2026/home/index.html"], files["2026/abroad/index.html"]

    assert '<a href="../abroad/" hreflang="de" lang="de">Auf Deutsch lesen</a>' in home
    assert '<a href="../home/" hreflang="en-GB" lang="en-GB">Read this in English</a>' in abroad
    for page in (home, abroad):
        assert re.findall(
            r'hreflang="([^"]+)" href="https://tide.example/news/2026/(\w+)/"', page
        ) in (
            [("en-GB", "home"), ("de", "abroad")],
            [("de", "abroad"), ("en-GB", "home")],
        )
    assert '"workTranslation":[{"@id":"https://tide.example/news/2026/abroad/"}]' in home
    assert '"translationOfWork":{"@id":"https://tide.example/news/2026/home/"}' in abroad


def test_a_report_in_one_language_says_nothing_of_others():
    page = published(example())["2026/ferry/index.html"]

    assert "hreflang" not in page
    assert "ranslation" not in page


def test_a_language_without_a_catalogue_is_called_by_its_own_name():
    page = published(in_two_languages(lang="nl"))["2026/home/index.html"]

    assert '<a href="../abroad/" hreflang="nl" lang="nl">Nederlands</a>' in page


@pytest.mark.parametrize(
    ("meta", "code"),
    [
        ({"translation_of": "elsewhere"}, "unknown-article"),
        ({"lang": "en-GB"}, "same-language"),
        ({"translation_of": "abroad"}, "same-language"),
    ],
)
def test_a_translation_of_nothing_is_an_error(meta, code):
    site = in_two_languages(**meta)

    assert [problem.code for problem in site.problems] == [code]
    assert site.translations == {}


def test_three_languages_of_one_report_know_each_other():
    reports = [
        article("a", "One", "One."),
        article("b", "Eins", "Eins.", lang="de", translation_of="a"),
        article("c", "Un", "Un.", lang="fr", translation_of="b"),
    ]

    assert joined([edited(each) for each in reports]).translations == {
        "a": ("b", "c"),
        "b": ("a", "c"),
        "c": ("a", "b"),
    }


@pytest.mark.parametrize(("language", "told"), [("pt-BR", ["no-catalogue"]), ("de-AT", [])])
def test_a_site_whose_language_has_no_words_is_told_so(tmp_path, language, told):
    site = f'[site]\ntitle = "Tide"\nlanguage = "{language}"\n'
    draft = '+++\ntitle = "Rain"\npublished = 2026-11-23\ndraft = true\n+++\n'
    room = Newsroom.from_files(tmp_path, {"site.toml": site, "content/rain.md": draft}).build()

    found = room.built.problems
    assert [problem.code for problem in found] == told
    assert all(problem.place.line == 3 for problem in found)
