"""What programs read: feeds, JSON-LD, annotations, Markdown, the sitemap. On the small site."""

from __future__ import annotations

import datetime as dt
import json
import re
import xml.etree.ElementTree as ET
from html import unescape
from typing import get_args
from urllib.parse import urljoin

import extruct
import feedparser
import pytest
from atom import faults
from hand_set import (
    NAMES,
    SETTINGS,
    article,
    clean,
    edited,
    endless,
    example,
    joined,
    published,
    said,
)
from msgspec.structs import replace
from page_text import body_text, page_text, passage

from builder import routes
from builder.model import Kind, Known, Noted, Notice, Span
from builder.render import sitemaps
from builder.render.downmark import as_markdown
from builder.render.linked_data import TYPES
from builder.settings import FeedSettings

BASE = SETTINGS.site.url
FERRY = f"{BASE}2026/ferry/"


@pytest.fixture(scope="module")
def files():
    return published(example())


# --- feeds ----------------------------------------------------------------------------------------

FEEDS = ("", "topics/ports/", "stories/the-late-terminal/", "people/mara-lindqvist/")


@pytest.mark.parametrize("folder", FEEDS)
def test_site_topics_stories_and_sources_have_both_feeds(files, folder):
    assert faults(files[f"{folder}feed.xml"]) == []
    as_written = {"sanitize_html": False, "resolve_relative_uris": False}
    read = feedparser.parse(files[f"{folder}feed.xml"], **as_written)
    other = json.loads(files[f"{folder}feed.json"])

    assert not read.bozo
    assert read.version == "atom10"
    assert other["version"] == "https://jsonfeed.org/version/1.1"
    assert other["feed_url"] == f"{BASE}{folder}feed.json"
    assert [e.id for e in read.entries] == [item["id"] for item in other["items"]]
    assert [e.content[0].value.strip() for e in read.entries] == [
        item["content_html"].strip() for item in other["items"]
    ]


def test_the_element_test_sees_what_is_wrong(files):
    feed = files["feed.xml"]

    assert faults(re.sub(r"<updated>.*?</updated>", "", feed, count=1))
    assert faults(re.sub(r"<id>.*?</id>", "<id>x</id>", feed))
    assert faults(feed.replace("<name>", "<nom>").replace("</name>", "</nom>"))
    assert faults(feed.replace("2026-11-20T08:30:00+00:00", "20 November"))


def test_who_says_nothing_has_no_feed(files):
    assert "places/kestrel-bay/index.html" in files
    assert "places/kestrel-bay/feed.xml" not in files


def test_an_entry_is_the_whole_report_with_plain_links_to_its_notes(files):
    entry = next(e for e in feedparser.parse(files["feed.xml"]).entries if e.id == FERRY)
    html = entry.content[0].value

    assert "A senior official, who asked not to be named" in html
    assert f'<sup><a href="{FERRY}#n2">2</a></sup>' in html
    assert "<li>Mara Lindqvist, project director. Direct quote.</li>" in html
    assert f'<a href="{BASE}2026/strike/">' in html
    assert not re.search(r"interestfor|data-|class=|<script|<span|style=", html)


def test_no_address_in_a_feed_is_relative(files):
    for path, text in files.items():
        if path.endswith("feed.xml"):
            for link in re.findall(r'(?:href|src)="([^"]*)"', unescape(text)):
                assert link.startswith(("https://", "mailto:")), f"{path}: {link}"


def test_a_sources_feed_is_what_it_said(files):
    (entry,) = feedparser.parse(files["people/mara-lindqvist/feed.xml"]).entries

    assert entry.id == f"{BASE}people/mara-lindqvist/#2026/ferry"
    assert "that the piles would not hold" in entry.content[0].value
    assert "such request" not in entry.content[0].value
    assert entry.link.startswith(f"{FERRY}#s-")


def test_a_feed_is_capped_and_leads_to_all_the_rest():
    settings = replace(SETTINGS, feeds=FeedSettings(entries=1))

    files = published(example(), settings)
    feed = feedparser.parse(files["feed.xml"])

    assert [e.id for e in feed.entries] == [FERRY]
    links = {link.rel: link.href for link in feed.feed.links}
    assert links["archives"] == f"{BASE}archive/"
    assert json.loads(files["feed.json"])["_postil"]["archives"] == f"{BASE}archive/"
    assert "archive/index.html" in files


def test_lists_have_a_cap_of_their_own():
    settings = replace(SETTINGS, feeds=FeedSettings(list_entries=1))

    files = published(example(), settings)

    assert len(feedparser.parse(files["topics/ports/feed.xml"]).entries) == 1
    assert len(feedparser.parse(files["feed.xml"]).entries) == 2


def test_pages_lead_to_their_feeds(files):
    def offered(path):
        return re.findall(
            r'rel="alternate" type="([^"]*)" title="[^"]*" href="([^"]*)"', files[path]
        )

    assert offered("index.html") == [
        ("application/atom+xml", "feed.xml"),
        ("application/feed+json", "feed.json"),
    ]
    assert ("application/feed+json", "feed.json") in offered("people/mara-lindqvist/index.html")
    assert ("application/atom+xml", "feed.xml") in offered("stories/the-late-terminal/index.html")
    assert ("application/atom+xml", "feed.xml") in offered("topics/ports/index.html")
    assert ("text/markdown", "index.md") in offered("2026/ferry/index.html")


# --- people ---------------------------------------------------------------------------------------

QUAY = """“I saw the crane fall,” said Mara Lindqvist. Then Lindqvist went home.

Tomas Øyen said that Mara Lindqvist was brave. “Nobody asked us,” said Øyen.
"""


def kept_off():
    """A report of one whom the register keeps off, and one who speaks of her."""
    source = article("2026/quay", "At the quay", QUAY, summary="A crane fell.")
    text = clean(source)
    statements = (
        said(text, "“I saw the crane fall,”", by="mara-lindqvist", name="Mara Lindqvist"),
        said(
            text,
            "that Mara Lindqvist was brave",
            by="tomas-oyen",
            name="Tomas Øyen",
            form="indirect",
        ),
        said(text, "“Nobody asked us,”", by="tomas-oyen", name="Tomas Øyen"),
    )
    register = (Known(key="mara-lindqvist", name="Mara Lindqvist", kind="person", page=False),)
    return joined([edited(source, NAMES, statements)], register=register)


def test_who_is_kept_off_is_named_in_the_report_alone():
    files = published(kept_off())

    own = {"2026/quay/index.html", "2026/quay/index.md"}
    for path, text in files.items():
        if path not in own:
            assert "Lindqvist" not in text, path
    assert "[name withheld]" in files["feed.xml"]
    assert "Mara Lindqvist" in files["2026/quay/index.html"]
    assert (
        "Lindqvist" not in re.search(r"ld\+json\">(.*)</script>", files["2026/quay/index.html"])[1]
    )
    assert "Lindqvist" in files["2026/quay/index.md"]


def test_words_that_name_who_is_kept_off_are_selected_by_place_alone():
    items = json.loads(published(kept_off())["2026/quay/annotations.jsonld"])["items"]
    kinds = [[s["type"] for s in item["target"]["selector"]] for item in items]

    assert kinds[1] == ["CssSelector"]
    assert items[0]["body"]["value"].startswith("Somebody in that report.")
    assert items[2]["body"][1] == "../../people/tomas-oyen/"


# --- JSON-LD --------------------------------------------------------------------------------------


def read_back(html, url=FERRY):
    (found,) = extruct.extract(html, base_url=url, syntaxes=["json-ld"])["json-ld"]
    return found


def test_a_report_is_a_news_article(files):
    report = read_back(files["2026/ferry/index.html"])

    assert report["@type"] == "NewsArticle"
    assert report["@id"] == FERRY
    assert report["headline"] == "Ferry terminal delayed again"
    assert report["datePublished"] == "2026-11-20T08:30:00+00:00"
    assert report["author"] == [{"@type": "Person", "name": "Ines Okafor"}]
    assert report["publisher"]["name"] == "Tide Press"
    assert {urljoin(FERRY, each["@id"]) for each in report["mentions"]} >= {
        f"{BASE}people/mara-lindqvist/",
        f"{BASE}places/kestrel-bay/",
    }


def test_statements_are_at_their_addresses_by_whoever_said_them(files):
    html = files["2026/ferry/index.html"]
    report = read_back(html)
    parts = {part["@id"]: part for part in report["hasPart"]}

    told = parts["#" + routes.anchor("s", "“We were told in June that the piles would not hold,”")]
    assert told["@type"] == "Quotation"
    assert told["spokenByCharacter"] == {"@id": "../../people/mara-lindqvist/"}
    opened = parts[
        "#" + routes.anchor("s", "The new ferry terminal at Kestrel Bay will open a year late")
    ]
    assert opened["@type"] == "Claim"
    assert opened["creator"] == {"@id": "../../organisations/harbour-authority/"}
    for at in parts:
        assert f'id="{at[1:]}"' in html
    # Nobody may be told to stand behind “a senior official”.
    assert len(parts) == 5


def test_documents_are_cited_and_those_that_speak_are_what_it_is_based_on(files):
    report = read_back(files["2026/ferry/index.html"])

    (cited,) = report["citation"]
    assert cited["name"] == "Board minutes"
    assert report["isBasedOn"] == [{"@id": "https://docs.example/minutes.pdf"}]


def test_json_ld_cannot_leave_its_script():
    source = article("x", "</script><!-- <b>", "Quiet.")

    html = published(joined([edited(source)]))["x/index.html"]

    assert read_back(html, f"{BASE}x/")["headline"] == "</script><!-- <b>"


def test_every_kind_of_entity_has_a_type():
    assert set(TYPES) == set(get_args(Kind)) - {"date"} == set(routes.KIND_FOLDER)


# --- annotations ----------------------------------------------------------------------------------


def selectors(item):
    targets = item["target"] if isinstance(item["target"], list) else [item["target"]]
    return [{s["type"]: s for s in target["selector"]} for target in targets]


@pytest.mark.parametrize("site", [example, endless, kept_off])
def test_every_quote_is_in_its_page_once_and_at_its_offsets(site):
    files = published(site())
    found = 0
    for path, text in files.items():
        if not path.endswith("/annotations.jsonld"):
            continue
        html = files[path.replace("annotations.jsonld", "index.html")]
        for item in json.loads(text)["items"]:
            assert f'id="{item["id"].removeprefix("#")}"' in html
            for by in selectors(item):
                at = by["CssSelector"]["refinedBy"]
                if quote := by.get("TextQuoteSelector"):
                    whole = quote["prefix"] + quote["exact"] + quote["suffix"]
                    assert page_text(html).count(whole) == 1
                    assert passage(body_text(html), at["start"], at["end"]) == quote["exact"]
                    found += 1
    assert found


def test_a_statement_says_who_said_it_and_how_we_know(files):
    items = json.loads(files["2026/ferry/annotations.jsonld"])["items"]

    assert len(items) == 6
    assert len({item["id"] for item in items}) == 6
    words, who = items[1]["body"]
    assert words["value"] == "Mara Lindqvist, project director. Direct quote."
    assert urljoin(f"{FERRY}annotations.jsonld", who) == f"{BASE}people/mara-lindqvist/"
    assert urljoin(f"{FERRY}annotations.jsonld", items[1]["target"]["source"]) == FERRY
    checked = items[2]["body"][0]["value"]
    assert checked.endswith("Checked by an editor, I. Okafor, 20 November 2026.")


def test_pages_of_annotations_make_one_collection_oldest_first(files):
    collection = json.loads(files["annotations.jsonld"])
    first = json.loads(files["2026/strike/annotations.jsonld"])
    last = json.loads(files["2026/ferry/annotations.jsonld"])

    assert collection["total"] == len(first["items"]) + len(last["items"])
    assert collection["first"] == first["id"] == last["prev"]
    assert collection["last"] == last["id"] == first["next"]
    assert first["partOf"] == last["partOf"] == collection["id"]
    assert "prev" not in first
    assert "next" not in last


def test_words_beyond_the_first_plane_count_as_browsers_count_them():
    body = "🚢🚢 At sea. “The 🚢 sails at nine,” said Tomas Øyen."
    source = article("ship", "A ship", body, dateline="Bay 🚢")
    statement = said(clean(source), "“The 🚢 sails at nine,”", by="tomas-oyen", name="Tomas Øyen")

    files = published(joined([edited(source, NAMES, [statement])]))
    (item,) = json.loads(files["ship/annotations.jsonld"])["items"]
    (by,) = selectors(item)
    at = by["CssSelector"]["refinedBy"]

    text = body_text(files["ship/index.html"])
    assert passage(text, at["start"], at["end"]) == "“The 🚢 sails at nine,”"
    assert at["start"] != text.index("“The")


def test_characters_that_pages_drop_are_dropped_here_too():
    body = "Lost \u0083letters. “The ferry\u0081 sails,” said Tomas Øyen."
    source = article("lost", "Lost", body)
    statement = said(clean(source), "“The ferry\u0081 sails,”", by="tomas-oyen", name="Tomas Øyen")

    files = published(joined([edited(source, NAMES, [statement])]))
    (by,) = selectors(json.loads(files["lost/annotations.jsonld"])["items"][0])

    at = by["CssSelector"]["refinedBy"]
    assert by["TextQuoteSelector"]["exact"] == "“The ferry sails,”"
    text = body_text(files["lost/index.html"])
    assert passage(text, at["start"], at["end"]) == "“The ferry sails,”"
    assert "\u0081" not in files["feed.json"]


# --- Markdown -------------------------------------------------------------------------------------


def test_markdown_has_the_notes_as_footnotes(files):
    text = files["2026/ferry/index.md"]

    assert text.startswith("# Ferry terminal delayed again\n")
    assert "the piles would not hold,”[^2] said Mara Lindqvist" in text
    assert f"[^2]: [Mara Lindqvist]({BASE}people/mara-lindqvist/), project director." in text
    assert "## What the minutes say" in text
    assert "[Board minutes](<https://docs.example/minutes.pdf>)" in text
    assert "> **Correction, 21 November 2026:** An earlier version gave the *wrong* month." in text


def test_every_footnote_of_markdown_is_there_once(files):
    for path, text in files.items():
        if path.endswith(".md"):
            references = re.findall(r"(?<!\n)\[\^(\w+)\]", text)
            assert references == list(dict.fromkeys(references))
            assert sorted(references) == sorted(re.findall(r"^\[\^(\w+)\]:", text, re.MULTILINE))


def test_a_writers_own_footnotes_keep_their_letters():
    source = article("x", "A note", "It is so.[^1]\n\n[^1]: Or *nearly*.\n")

    text = published(joined([edited(source)]))["x/index.md"]

    assert "It is so.[^a]" in text
    assert "[^a]: Or *nearly*." in text


def test_a_footnote_goes_to_its_last_word():
    footnote = "[^1]: See:\n\n    - one thing\n    - two things\n\n    And a last word.\n"
    source = article("x", "A note", f"It is so.[^1] Really.[^2]\n\n{footnote}\n[^2]: Yes.\n")

    files = published(joined([edited(source)]))

    told = "[^a]: See:\n\n    - one thing\n    - two things\n\n    And a last word.\n\n[^b]: Yes.\n"
    assert told in files["x/index.md"]
    html = json.loads(files["feed.json"])["items"][0]["content_html"]
    assert "<li>two things</li>\n</ul>\n<p>And a last word.</p>\n</li>\n<li><p>Yes.</p>" in html
    assert "#fnref" not in html


def test_remarks_and_notices_of_several_paragraphs_stay_whole():
    long = "First.\n\nSecond.\n\n- item"
    source = article(
        "x", "T", "One says.\n", notices=(Notice(date=dt.date(2026, 11, 21), text=long),)
    )
    remark = Noted(anchor=routes.anchor("n", "One"), span=Span(0, 3), text=long)

    files = published(joined([edited(source, notes=[remark])]))

    assert "21 November 2026:** First.\n> \n> Second.\n> \n> - item\n" in files["x/index.md"]
    assert "[^1]: First.\n\n    Second.\n\n    - item\n" in files["x/index.md"]
    html = json.loads(files["feed.json"])["items"][0]["content_html"]
    assert "<li><p>First.</p>\n<p>Second.</p>\n<ul>\n<li>item</li>\n</ul></li>" in html


def test_signs_of_a_headline_are_no_markdown():
    source = article("x", "A *star* [link] `code`", "In 1978. “2\\*3\\*4”\n\n1978\\. A year.\n")

    text = published(joined([edited(source)]))["x/index.md"]

    assert text.startswith("# A \\*star\\* \\[link\\] \\`code\\`\n")
    assert "In 1978. “2\\*3\\*4”" in text
    assert "\n1978\\. A year." in text


def test_tables_lists_and_captions_are_markdown():
    body = "| Year | Boats |\n|---|--:|\n| 2025 | 31 |\n\n- one\n- two\n\n> A *word*.\n"

    text = published(joined([edited(article("x", "T", body))]))["x/index.md"]

    assert "| Year | Boats |\n| --- | --- |\n| 2025 | 31 |" in text
    assert "- one\n- two" in text
    assert "> A *word*." in text
    assert "caption" in as_markdown(
        "<figure><img src='a'><figcaption>A caption</figcaption></figure>"
    )


# --- sitemap --------------------------------------------------------------------------------------


def test_a_long_sitemap_is_an_index_of_its_parts(monkeypatch):
    whole = ET.fromstring(published(example())["sitemap.xml"])
    monkeypatch.setattr(sitemaps, "MOST", 3)

    files = published(example())

    index = ET.fromstring(files["sitemap.xml"])
    assert index.tag.endswith("sitemapindex")
    parts = [loc.text.removeprefix(BASE) for loc in index.iter() if loc.tag.endswith("loc")]
    assert all(len(ET.fromstring(files[part])) <= 3 for part in parts)
    found = [
        loc.text
        for part in parts
        for loc in ET.fromstring(files[part]).iter()
        if loc.tag.endswith("loc")
    ]
    assert found == [loc.text for loc in whole.iter() if loc.tag.endswith("loc")]
    assert f"Sitemap: {BASE}sitemap.xml" in files["robots.txt"]


def test_a_sitemap_holds_what_sitemaps_org_allows():
    assert sitemaps.MOST == 50_000


# --- the site as a whole --------------------------------------------------------------------------


def test_without_an_address_there_is_nothing_that_needs_one():
    settings = replace(SETTINGS, site=replace(SETTINGS.site, url=""))

    files = published(example(), settings)

    assert not [p for p in files if p.endswith(("feed.xml", "feed.json", ".jsonld"))]
    assert "ld+json" not in files["2026/ferry/index.html"]
    assert "# Ferry terminal" in files["2026/ferry/index.md"]


def test_the_same_site_gives_the_same_bytes(files):
    assert published(example()) == files
