"""The demonstration site as it is published: what programs read of it."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import json
import re
import xml.etree.ElementTree as ET
from html import unescape
from pathlib import Path

import extruct
import feedparser
import pytest
from atom import faults
from jsonschema import Draft202012Validator, FormatChecker
from ninjs_schema import NINJS
from page_text import page_text

from builder.build import Wishes, build
from builder.errors import BuildError
from builder.model import ArticleId
from builder.newsletter import newsletter
from builder.report import ninjs

ROOT = Path(__file__).parents[1]
NOW = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The output folder, and what was built."""
    folder = tmp_path_factory.mktemp("demo") / "output"
    built = build(ROOT, folder, Wishes(now=NOW, cache=ROOT / ".cache"))
    return folder, built


@pytest.fixture(scope="module")
def folder(demo):
    return demo[0]


def reports(folder):
    return sorted(path.parent for path in folder.rglob("index.md"))


def test_every_quote_finds_its_passage_in_its_page_once(folder):
    found = 0
    for report in reports(folder):
        html = (report / "index.html").read_text(encoding="utf-8")
        page = page_text(html)
        if not (report / "annotations.jsonld").exists():
            continue
        for item in json.loads((report / "annotations.jsonld").read_bytes())["items"]:
            targets = item["target"] if isinstance(item["target"], list) else [item["target"]]
            for target in targets:
                quote = target["selector"]
                assert page.count(quote["prefix"] + quote["exact"] + quote["suffix"]) == 1
                found += 1
    assert found > 200


def test_all_annotations_are_in_the_collection(folder):
    collection = json.loads((folder / "annotations.jsonld").read_bytes())
    base = collection["id"].removesuffix("annotations.jsonld")
    at, total, seen = collection["first"], 0, []
    while at:
        page = json.loads((folder / at.removeprefix(base)).read_bytes())
        seen.append(at)
        total += len(page["items"])
        assert page.get("prev", "") == (seen[-2] if len(seen) > 1 else "")
        at = page.get("next")
    assert seen[-1] == collection["last"]
    assert total == collection["total"]
    assert len(seen) == len(list(folder.rglob("*/annotations.jsonld")))


def test_all_feeds_are_in_order(folder):
    feeds = sorted(folder.rglob("feed.xml"))
    assert len(feeds) > 30
    for path in feeds:
        text = path.read_text(encoding="utf-8")
        assert faults(text) == [], path
        read = feedparser.parse(text)
        assert not read.bozo, path
        assert read.entries
        other = json.loads(path.with_name("feed.json").read_bytes())
        assert [entry.id for entry in read.entries] == [item["id"] for item in other["items"]]
        for item in other["items"]:
            assert item["content_html"]
            for link in re.findall(r'(?:href|src)="([^"]*)"', item["content_html"]):
                assert unescape(link).startswith(("https://", "http://", "mailto:")), path


def test_json_ld_is_read_back(folder):
    quotations = 0
    for report in reports(folder):
        html = (report / "index.html").read_text(encoding="utf-8")
        base = "https://example.org/courier/"
        (found,) = extruct.extract(html, base_url=base, syntaxes=["json-ld"])["json-ld"]
        assert found["@type"] == "NewsArticle"
        assert {"headline", "datePublished", "author", "publisher"} <= found.keys()
        mentioned = {each["@id"] for each in found.get("mentions", ())}
        for part in found.get("hasPart", ()):
            assert f'id="{part["@id"].removeprefix("#")}"' in html
            by = part.get("spokenByCharacter") or part.get("creator") or []
            for each in by if isinstance(by, list) else [by]:
                assert each["@id"] in mentioned
                assert (report / each["@id"] / "index.html").exists()
            quotations += part["@type"] == "Quotation"
    assert quotations > 100


def test_every_report_is_a_news_item(demo):
    validator = Draft202012Validator(NINJS, format_checker=FormatChecker())
    items = [json.loads(line) for line in ninjs(demo[1], ROOT)]

    assert len(items) == len(demo[1].site.articles)
    for item in items:
        assert [error.message for error in validator.iter_errors(item)] == []
    assert not validator.is_valid({**items[0], "headline": "x"})
    assert not validator.is_valid({"type": "text"})
    one = ArticleId(items[0]["slugline"])
    assert len(list(ninjs(demo[1], ROOT, [one]))) == 1


def test_every_footnote_of_markdown_is_there(folder):
    for report in reports(folder):
        text = (report / "index.md").read_text(encoding="utf-8")
        references = re.findall(r"(?<!\n)\[\^(\w+)\]", text)
        assert len(references) >= 1 or "annotations.jsonld" not in {
            p.name for p in report.iterdir()
        }
        assert sorted(set(references)) == sorted(re.findall(r"^\[\^(\w+)\]:", text, re.MULTILINE))


def test_every_address_of_the_sitemap_is_there(folder):
    tree = ET.fromstring((folder / "sitemap.xml").read_text(encoding="utf-8"))
    addresses = [loc.text for loc in tree.iter() if loc.tag.endswith("loc")]

    assert len(addresses) == len(set(addresses))
    for address in addresses:
        assert (
            folder / address.removeprefix("https://example.org/courier/") / "index.html"
        ).exists()


def test_three_reports_make_a_mail_that_is_not_cut_off(demo):
    ids = [edited.article.id for edited in demo[1].site.articles]
    longest = sorted(ids, key=lambda id_: -len((demo[0] / id_ / "index.md").read_bytes()))[:3]

    made = newsletter(demo[1], ROOT, longest)

    assert made.mail.size <= 80_000
    assert made.problems == ()
    found = email.message_from_bytes(made.eml, policy=email.policy.default)
    text, html = (part.get_content() for part in found.iter_parts())
    flat = " ".join(text.split())
    for id_ in longest:
        markdown = (demo[0] / id_ / "index.md").read_text(encoding="utf-8")
        for number in re.findall(r"^\[\^(\d+)\]:", markdown, re.MULTILINE):
            assert f"/{id_}/#n{number}" in html
            assert f"[{number}] " in flat
    for link in re.findall(r'(?:href|src)="([^"]*)"', html):
        assert unescape(link).startswith(("https://", "mailto:"))


def test_the_whole_demo_is_a_mail_of_beginnings_and_in_full_is_refused(demo):
    ids = [edited.article.id for edited in demo[1].site.articles]

    assert newsletter(demo[1], ROOT, ids, announced=ids).mail.size <= 80_000
    with pytest.raises(BuildError) as error:
        newsletter(demo[1], ROOT, ids)
    (problem,) = error.value.problems
    offered = re.findall(r"--lead (\S+)", problem.hint)
    assert problem.code == "clipped-mail"
    assert newsletter(demo[1], ROOT, ids, announced=offered).mail.size < 82_000


def test_building_again_changes_nothing(demo):
    again = build(ROOT, demo[0], Wishes(now=NOW, cache=ROOT / ".cache")).written

    assert (again.new, again.changed, again.removed) == ((), (), ())
