from __future__ import annotations

import datetime as dt
import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hand_set import (
    NAMES,
    NOWHERE,
    REGISTER,
    RELATED,
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

from builder.model import (
    ArticleId,
    Asset,
    Gallery,
    Known,
    Page,
    Picture,
    Related,
    Role,
    Shared,
    SourceDocument,
)
from builder.render import render
from builder.settings import MenuEntry, PeopleSettings, RelatedSettings, SiteSettings

BASE = SETTINGS.site.url


def contexts(site, settings=SETTINGS, related=RELATED):
    return {
        o.path: o.context for o in render(site, related, settings, NOWHERE) if isinstance(o, Page)
    }


@pytest.fixture(scope="module")
def site_files():
    return published(example())


class Reader(HTMLParser):
    """What a page links to, which ids it has, and whether its tags are balanced."""

    def __init__(self):
        super().__init__()
        self.links, self.ids, self.open, self.tags = [], [], [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append((tag, given))
        self.links += [given[name] for name in ("href", "src") if given.get(name)]
        if "id" in given:
            self.ids.append(given["id"])
        if tag not in ("base", "meta", "link", "img", "br", "hr", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def read(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def test_every_page_is_balanced_and_no_id_stands_twice(site_files):
    for path, text in site_files.items():
        if path.endswith(".html"):
            ids = read(text).ids
            assert len(ids) == len(set(ids)), path


def test_every_link_leads_to_a_page_and_a_place_on_it(site_files):
    ids = {path: set(read(text).ids) for path, text in site_files.items() if path.endswith(".html")}
    for path, text in site_files.items():
        if not path.endswith(".html"):
            continue
        for link in read(text).links:
            if link.startswith("data:") or "docs.example" in link:
                continue
            address = urlsplit(urljoin(BASE + path.removesuffix("index.html"), link))
            target = unquote(address.path).removeprefix("/news/")
            target += "index.html" if target == "" or target.endswith("/") else ""
            assert target in site_files, f"{path}: {link}"
            assert not address.fragment or address.fragment in ids[target], f"{path}: {link}"


def test_links_are_relative_but_where_they_cannot_be(site_files):
    for path, text in site_files.items():
        if path.endswith(".html") and path != "404.html":
            for tag, attrs in read(text).tags:
                if tag == "a":
                    assert not attrs["href"].startswith((BASE, "/")), path
    assert 'href="/news/"' in site_files["404.html"]
    assert BASE not in site_files["404.html"]


def test_without_an_address_nothing_needs_one():
    settings = replace(SETTINGS, site=replace(SETTINGS.site, url=""))

    files = published(example(), settings)

    assert "feed.xml" not in files
    assert "sitemap.xml" not in files
    assert "canonical" not in files["2026/ferry/index.html"]
    assert 'href="/2026/ferry/"' in files["404.html"]


def test_every_page_allows_only_what_is_its_own(site_files):
    for path, text in site_files.items():
        if path.endswith(".html"):
            assert "default-src &#39;none&#39;" in text or "default-src 'none'" in text
            assert "unsafe" not in text
            for tag, attrs in read(text).tags:
                assert "style" not in attrs
                assert not any(name.startswith("on") for name in attrs)
                assert tag != "style"
                if tag == "script" and attrs.get("type") != "application/ld+json":
                    assert attrs.get("src", ".js").endswith(".js")
                    assert "src" in attrs or attrs["type"] == "text/html"


def test_tables_are_aligned_without_styles():
    source = article("table", "A table", "| Year | Boats |\n|---|--:|\n| 2025 | 31 |")

    page = published(joined([edited(source)]))["table/index.html"]

    assert '<td class="right">31</td>' in page
    assert "style=" not in page


def test_the_heads_say_what_a_page_is(site_files):
    head = site_files["2026/ferry/index.html"]

    assert "<title>Ferry terminal delayed again · The Norrhavn Tide</title>" in head
    assert '<html lang="en-GB">' in head
    assert f'<link rel="canonical" href="{BASE}2026/ferry/">' in head
    assert '<meta property="og:type" content="article">' in head
    assert 'name="description" content="The new quay will open a year late' in head


def test_every_page_has_the_sites_notice_and_its_landmarks(site_files):
    for path, text in site_files.items():
        if path.endswith(".html"):
            assert "<strong>invented</strong>" in text
            assert text.count("<main") == text.count("<h1") == 1, path
            # A card on another site has no masthead.
            assert path.endswith("/embed/index.html") or (
                text.count("<main") == text.count('class="masthead"') == text.count("<footer") == 1
            )


def test_an_article_carries_what_a_reader_looks_for_first(site_files):
    page = site_files["2026/ferry/index.html"]

    order = [
        "The late terminal",
        "<h1>Ferry terminal delayed again</h1>",
        "nobody agrees on who knew",
        "Ines Okafor",
        "20 November 2026</time>",
        "6 statements, 2 named sources, 1 unnamed, 1 document",
        "Correction, <time",
        "<em>wrong</em>",
        "The new ferry terminal",
        "Sources and notes",
        "Related reports",
        "Both name Kestrel Bay and Harbour Authority",
    ]
    places = [page[page.index("<main") :].index(words) for words in order]
    assert places == sorted(places)


def test_only_related_reports_that_are_sure_are_shown_and_no_more_than_asked():
    reports = [article(f"r{n}", f"Report {n}", "Nothing.") for n in range(4)]
    site = joined([edited(each) for each in reports])
    related = {
        ArticleId("r0"): (
            Related(
                article=ArticleId("r1"), score=0.9, shared=Shared(story="The quay"), shown=True
            ),
            Related(
                article=ArticleId("r2"),
                score=0.8,
                shared=Shared(words=("dredging", "tender")),
                shown=True,
            ),
            Related(article=ArticleId("r3"), score=0.1, shared=Shared(), shown=False),
        )
    }

    shown = contexts(site, SETTINGS, related)["r0/index.html"].related
    fewer = contexts(site, replace(SETTINGS, related=RelatedSettings(most=1)), related)[
        "r0/index.html"
    ].related

    assert [each.why for each in shown] == [
        "From the same story",
        "Both write of “dredging” and “tender”",
    ]
    assert len(fewer) == 1


def test_a_report_knows_its_place_in_its_story_and_who_links_to_it():
    pages = contexts(example())

    older, newer = pages["2026/strike/index.html"], pages["2026/ferry/index.html"]
    assert (older.story.number, older.story.total) == (1, 2)
    assert older.story.later.text == "Ferry terminal delayed again"
    assert older.story.earlier is None
    assert newer.story.earlier.href == "../strike/"
    assert [each.link.text for each in older.backlinks] == ["Ferry terminal delayed again"]


def test_a_source_has_a_ledger_that_leads_to_the_very_passage():
    pages = contexts(example())

    page = pages["people/mara-lindqvist/index.html"]
    (report,) = page.ledger
    assert (report.article.text, report.role) == (
        "Ferry terminal delayed again",
        "project director",
    )
    assert [notice.text for notice in report.notices] == ["21 November 2026"]
    assert [entry.text for entry in report.entries] == [
        "“We were told in June that the piles would not hold,”",
        "“I asked the Harbour Authority to stop work that week.”",
        "that she stood by her account",
    ]
    assert report.entries[0].after == " said Mara Lindqvist, the project director."
    assert report.entries[0].passage.startswith("../../2026/ferry/#s-")
    assert report.entries[1].disputes[0].link.text == "Board minutes"
    assert report.entries[2].how == "Told the Courier, on Saturday"
    assert page.tally == ("2 direct quotes", "1 reported", "1 disputed", "20 November 2026")
    assert [(each.link.text, each.count) for each in page.quoted_beside] == [
        ("Harbour Authority", "1 report")
    ]
    assert page.counts == "3 statements; named in 1 report"
    assert [each.text for each in page.called] == ["the project director"]
    assert [link.text for link in page.beside] == ["Harbour Authority", "Kestrel Bay"]


def test_roles_are_shown_with_their_dates():
    known = Known(
        key="tomas-oyen",
        name="Tomas Øyen",
        kind="person",
        roles=(
            Role(title="shop steward", organisation="harbour-authority", since=dt.date(2024, 5, 1)),
            Role(title="docker", since=dt.date(2019, 1, 1), until=dt.date(2024, 4, 30)),
        ),
        same_as=("https://www.wiki.example/Q1",),
    )
    source = article("strike", "Dockers walk out", "Tomas Øyen works for the Harbour Authority.")

    page = contexts(joined([edited(source, NAMES)], register=(*REGISTER, known)))[
        "people/tomas-oyen/index.html"
    ]

    assert [(r.title, r.years) for r in page.roles] == [
        ("Shop steward", "since May 2024"),
        ("Docker", "Jan 2019 – Apr 2024"),
    ]
    assert page.roles[0].organisation.href == "../../organisations/harbour-authority/"
    assert [(link.text, link.href) for link in page.links] == [
        ("wiki.example", "https://www.wiki.example/Q1")
    ]


def test_long_lists_and_ledgers_go_over_several_pages():
    body = "\n\n".join(f"“Sentence {n},” said Tomas Øyen." for n in range(220))
    source = article("long", "A long day", body)
    text = clean(source)
    statements = [
        said(text, f"“Sentence {n},”", by="tomas-oyen", name="Tomas Øyen") for n in range(220)
    ]
    reports = [edited(source, NAMES, statements)]
    reports += [edited(article(f"r{n:02}", f"Report {n}", "Nothing.", 10)) for n in range(44)]

    pages = contexts(joined(reports))

    ledgers = [
        pages[f"people/tomas-oyen/{more}index.html"].ledger for more in ("", "page/2/", "page/3/")
    ]
    assert [len(report.entries) for ledger in ledgers for report in ledger] == [100, 100, 20]
    assert pages["people/tomas-oyen/page/3/index.html"].ledger_part == "201 to 220 of 220"
    fronts = [pages[f"{more}index.html"] for more in ("", "page/2/", "page/3/")]
    assert [len(each.teasers) for each in fronts] == [19, 20, 5]
    assert fronts[1].pager.newer == "../../"
    assert fronts[1].pager.older == "../3/"
    assert "2026/11/page/3/index.html" in pages


def test_people_without_a_page_are_on_no_list():
    settings = replace(SETTINGS, people=PeopleSettings(pages="register"))
    source = article(
        "strike", "Dockers walk out", "“No,” said Tomas Øyen of the Harbour Authority."
    )
    statement = said(clean(source), "“No,”", by="tomas-oyen", name="Tomas Øyen")

    files = published(joined([edited(source, NAMES, [statement])], settings, REGISTER), settings)

    naming = {path for path, text in files.items() if "tomas" in text.casefold() or "tomas" in path}
    report = {f"strike/{name}" for name in ("index.html", "index.md", "annotations.jsonld")}
    assert naming == report | {"index.html", "feed.xml", "feed.json"}
    # There it is in the report's words and nowhere else.
    (item,) = json.loads(files["strike/annotations.jsonld"])["items"]
    assert item["body"]["value"] == "Named source. Direct quote."
    assert "Named source. Direct quote." in files["feed.xml"]
    assert "Tomas" not in re.findall(r"ld\+json\">(.*)</script>", files["strike/index.html"])[
        0
    ].replace("“No,” said Tomas Øyen", "")
    assert "tomas" not in re.sub(r"Tomas Øyen", "", files["strike/index.html"]).casefold()


def test_a_name_that_the_register_keeps_off_is_in_its_report_alone():
    kept_off = Known(key="tomas-oyen", name="Tomas Øyen", kind="person", page=False)
    body = "“No,” said Tomas Øyen of the Harbour Authority.\n\nThe cranes stood still."
    source = article("strike", "Dockers walk out", body)
    statement = said(clean(source), "“No,”", by="tomas-oyen", name="Tomas Øyen")
    entry = {key: replace(each, known=True) for key, each in NAMES.items()}

    files = published(joined([edited(source, entry, [statement])], SETTINGS, [kept_off]))

    own = ["strike/index.html", "strike/index.md"]
    assert [path for path, text in files.items() if "Tomas" in text] == own
    assert 'content="The cranes stood still."' in files["strike/index.html"]
    assert "The cranes stood still." in files["feed.xml"]


def test_an_az_list_files_people_by_their_last_name():
    names = {
        name: here(name.split()[-1].lower(), name) for name in ("Zoe Abel", "Åsa Berg", "Ann Zell")
    }
    source = article("names", "Names", " met ".join(names))
    text = clean(source)
    statements = [said(text, name, by=each.key, name=name) for name, each in names.items()]

    letters = contexts(joined([edited(source, names, statements)]))["people/index.html"].letters

    assert [(each.letter, each.entries[0].link.text) for each in letters] == [
        ("A", "Zoe Abel"),
        ("B", "Åsa Berg"),
        ("Z", "Ann Zell"),
    ]


def test_old_addresses_lead_on(site_files):
    old = site_files["old/ferry/index.html"]

    assert 'content="0; url=../../2026/ferry/"' in old
    assert f'rel="canonical" href="{BASE}2026/ferry/"' in old
    assert "noindex" in old


def test_the_feed_is_atom(site_files):
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ET.fromstring(site_files["feed.xml"])

    assert feed.findtext(f"{atom}id") == f"{BASE}feed.xml"
    assert feed.findtext(f"{atom}updated") == "2026-11-20T08:30:00+00:00"
    for entry in feed.findall(f"{atom}entry"):
        for name in ("title", "id", "updated"):
            assert entry.findtext(f"{atom}{name}")
        assert entry.find(f"{atom}author/{atom}name") is not None


def test_the_sitemap_lists_reports_and_entities(site_files):
    addresses = {
        loc.text
        for loc in ET.fromstring(site_files["sitemap.xml"]).iter()
        if loc.tag.endswith("loc")
    }

    assert f"{BASE}2026/ferry/" in addresses
    assert f"{BASE}people/mara-lindqvist/" in addresses


def test_assets_carry_their_hash(site_files):
    style = next(path for path in site_files if path.startswith("assets/site."))

    assert re.fullmatch(r"assets/site\.[0-9a-f]{8}\.css", style)
    assert f'href="../../{style}"' in site_files["2026/ferry/index.html"]


def test_a_sites_own_style_replaces_the_themes(tmp_path):
    (tmp_path / "templates" / "assets").mkdir(parents=True)
    (tmp_path / "templates" / "assets" / "site.css").write_text("p { color: red }")

    files = published(example(), root=tmp_path)

    styles = [text for path, text in files.items() if "/site." in path and path.endswith(".css")]
    assert styles == ["p{color:red}"]


def test_pictures_keep_their_place_free(tmp_path):
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "crane.png").write_bytes(b"")
    source = article(
        "crane", "A crane", "![Crane](crane.png)", image="crane.png", image_alt="A crane"
    )
    asset = Asset(path="crane.png", source="content/crane.png", digest="d1")

    made = Gallery(pictures={"content/crane.png": Picture(width=40, height=30)})

    files = published(joined([edited(source)], assets=[asset]), root=tmp_path, gallery=made)

    shown = '<img src="{}crane.png" alt="A crane" width="40" height="30">'
    assert shown.format("../") in files["crane/index.html"]
    body = files["crane/index.html"].partition('<div class="body">')[2]
    assert 'width="40" height="30"' in body
    assert shown.format("") in files["index.html"]
    assert f'og:image" content="{BASE}crane.png"' in files["crane/index.html"]


def test_a_link_means_the_file_that_check_looks_for():
    body = "[a](/photo.pdf) [b](photo.pdf?page=2#x) [c](../about/) [d](#e) [f](mailto:a@b.example)"
    own = Asset(path="2026/photo.pdf", source="content/2026/photo.pdf", digest="1")
    root = Asset(path="photo.pdf", source="static/photo.pdf", digest="2")

    files = published(joined([edited(article("2026/x", "X", body))], assets=[own, root]))

    hrefs = re.findall(r'<a href="([^"]*)"[^>]*>[a-f]</a>', files["2026/x/index.html"])
    assert hrefs == [
        "../../photo.pdf",
        "../photo.pdf?page=2#x",
        "../../about/",
        "#e",
        "mailto:a@b.example",
    ]


def test_no_path_of_the_site_is_taken_for_a_scheme():
    bad = "/2026/x/javascript:alert(1)"
    source = article(
        "2026/x",
        "X",
        f"[a]({bad}) [b]({bad}%3C!--/..) [c](javascript/alert:1)",
        documents=(SourceDocument(id="d", title="Doc", link=bad),),
    )
    menu = (MenuEntry(name="Ports", link="/javascript:alert(1)"),)
    settings = replace(SETTINGS, menu=menu, site=replace(SETTINGS.site, url=""))

    files = published(joined([edited(source)], settings), settings)

    for text in files.values():
        assert not re.search(r"""["'(<]javascript:""", text)
    html = files["2026/x/index.html"]
    assert re.findall(r'<a href="([^"]*)"[^>]*>[abc]</a>', html) == [
        "./javascript:alert(1)",
        "./",
        "../javascript/alert:1",
    ]
    assert "[Doc](</2026/x/javascript:alert(1)>)" in files["2026/x/index.md"]
    assert '<a href="./javascript:alert(1)">Ports</a>' in files["index.html"]


def test_the_menu_is_what_the_site_says():
    menu = (
        MenuEntry(name="Ports", link="/topics/ports/"),
        MenuEntry(name="Us", link="https://us.example/"),
    )

    page = contexts(example(), replace(SETTINGS, menu=menu))["2026/ferry/index.html"]

    assert [link.href for link in page.frame.menu] == ["../../topics/ports/", "https://us.example/"]


@pytest.mark.parametrize(
    ("language", "zone", "written"),
    [
        ("en-GB", "UTC", "20 November 2026"),
        ("en-US", "UTC", "November 20, 2026"),
        ("de", "UTC", "20. November 2026"),
        ("xx-nowhere", "UTC", "November 20, 2026"),
        ("en-GB", "Pacific/Auckland", "20 November 2026"),
        ("en-GB", "Pacific/Honolulu", "19 November 2026"),
    ],
)
def test_dates_are_written_in_the_sites_language_and_time(language, zone, written):
    site = SiteSettings(title="T", language=language, time_zone=zone)

    page = contexts(example(), replace(SETTINGS, site=site))["2026/ferry/index.html"]

    assert page.day.text == written


def test_an_empty_site_has_a_front_page():
    files = published(joined([]))

    assert "No reports yet" in files["index.html"]


def test_hostile_words_are_only_words_everywhere():
    evil = '</script></title><script>alert("1")</script>]]>&'
    names = {evil: here("evil", evil, "organisation", evil)}
    source = article(
        "evil",
        evil,
        evil.replace("<", "\\<"),
        summary=evil,
        authors=(evil,),
        topics=(evil,),
        story=evil,
    )
    statement = said(clean(source), evil, by="evil", name=evil, role=evil, notes=(evil,))

    files = published(joined([edited(source, names, [statement])]))

    assert "organisations/evil/index.html" in files
    for path, text in files.items():
        if path.endswith((".html", ".xml")):
            assert "<script>alert" not in text, path
            assert "]]>" not in text, path
        if path.endswith(".xml"):
            ET.fromstring(text)


def test_what_a_site_writes_grows_with_its_reports_and_not_with_their_square():
    def size(number):
        reports = [
            edited(
                article(f"r{n:03}", f"Report {n}", "Nothing new.", topics=("Ports",), story="One")
            )
            for n in range(number)
        ]
        return sum(
            len(text) for path, text in published(joined(reports)).items() if path.endswith("html")
        )

    assert size(80) < 2.3 * size(40)
