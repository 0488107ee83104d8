"""The demonstration site is whole: what its editors wrote fits what its reporters wrote."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from builder import content, prose, settings
from builder.errors import Problems
from builder.model import Article, Disputes, Distinct, Merge, Passage, Prose

ROOT = Path(__file__).parents[1]
SETTINGS = settings.load(ROOT / "site.toml")
PROBLEMS = Problems()
FOUND = content.read(ROOT, SETTINGS, PROBLEMS, now=dt.datetime(2026, 12, 1, tzinfo=dt.UTC))
PROSES = {a.id: prose.parse(a, SETTINGS.markdown).prose for a in FOUND.articles}


def passages(article: Article) -> list[tuple[Prose, Passage]]:
    own = PROSES[article.id]
    found = []
    for placed in article.corrections:
        match placed.correction:
            case Merge() | Distinct():
                pass
            case Disputes(passage=passage, by=by, article=other):
                found += [(own, passage), (PROSES[other] if other else own, by)]
            case correction if getattr(correction, "every", False):
                assert correction.passage.exact in own.text
            case correction:
                found.append((own, correction.passage))
    return found


def test_nothing_is_wrong_with_any_file() -> None:
    assert PROBLEMS.found == []


def test_there_is_enough_to_read() -> None:
    stories = Counter(article.meta.story for article in FOUND.articles if article.meta.story)

    assert len(FOUND.articles) >= 16
    assert len([story for story, reports in stories.items() if reports >= 4]) >= 3
    assert max(len(text.text.split()) for text in PROSES.values()) >= 2000


def test_there_are_reports_in_german_and_in_arabic_script() -> None:
    languages = Counter(article.meta.lang for article in FOUND.articles)

    assert languages["de"] >= 2
    assert languages["ar"] >= 1
    assert [a.meta.translation_of for a in FOUND.articles if a.meta.translation_of]


def test_what_is_not_to_be_published_is_held_back() -> None:
    assert set(FOUND.why_held_back) == {"draft", "future"}


@pytest.mark.parametrize(
    "article", [a for a in FOUND.articles if a.corrections], ids=lambda article: article.id
)
def test_every_correction_fits_its_article(article: Article) -> None:
    for text, passage in passages(article):
        assert prose.find(text, passage).end > 0


def test_pictures_are_small_and_described() -> None:
    for asset in FOUND.assets:
        path = ROOT / asset.source
        assert path.stat().st_size < 60_000
        with Image.open(path) as picture:
            assert picture.width == 1200
    assert all(bool(a.meta.image) == bool(a.meta.image_alt) for a in FOUND.articles)


def test_every_page_says_that_the_site_is_invented() -> None:
    assert "invented" in SETTINGS.site.notice
