"""The search index: made only when something in it changed, and the same from the same words."""

from __future__ import annotations

import importlib.util
import re

import pytest
from hand_set import (
    NOWHERE,
    RELATED,
    SETTINGS,
    article,
    edited,
    example,
    here,
    joined,
    published,
    said,
)
from msgspec.structs import replace

from builder import searching
from builder.errors import ProblemError
from builder.model import Gallery, Known
from builder.render.edition import edition
from builder.render.search import documents
from builder.settings import SearchSettings

ON = replace(SETTINGS, search=SearchSettings(on=True))


def made(cache, settings=ON):
    return {f.path: f.data for f in searching.files(example(), RELATED, settings, NOWHERE, cache)}


def test_a_site_that_is_not_searched_has_no_page_and_no_index(tmp_path):
    assert made(tmp_path, SETTINGS) == {}
    assert "search/index.html" not in published(example())
    assert "search/index.html" in published(example(), ON)


def test_two_indexes_of_one_site_differ_in_the_order_of_filters_only(tmp_path):
    """Pagefind writes the values of a filter in any order, and names files by their bytes."""
    first, second = made(tmp_path / "one"), made(tmp_path / "two")

    def settled(files):
        loose = (".pf_filter", ".pf_meta", "pagefind-entry.json")
        return {path: data for path, data in files.items() if not path.endswith(loose)}

    assert settled(first) == settled(second)
    assert len(first) == len(second)
    assert {"pagefind/pagefind.js", "pagefind/wasm.en.pagefind"} <= first.keys()
    assert not [path for path in first if "ui" in path]


def test_an_index_is_made_anew_only_if_something_changed(tmp_path, monkeypatch):
    before = made(tmp_path)
    monkeypatch.setattr(searching, "_made", lambda *_: {"pagefind.js": b"anew"})

    assert made(tmp_path) == before
    other = replace(ON, site=replace(ON.site, language="de"))
    assert made(tmp_path, other) == {"pagefind/pagefind.js": b"anew"}


def test_a_damaged_memory_is_no_memory(tmp_path):
    before = made(tmp_path)
    for file in (tmp_path / searching.MEMORY).iterdir():
        file.write_bytes(b"\x00nonsense")

    assert made(tmp_path).keys() & before.keys()
    assert made(tmp_path) == made(tmp_path)


def test_indexes_of_several_addresses_are_kept_side_by_side(tmp_path, monkeypatch):
    before = made(tmp_path)
    other = replace(ON, site=replace(ON.site, language="de"))
    made(tmp_path, other)
    monkeypatch.setattr(searching, "_made", lambda *_: {"pagefind.js": b"anew"})

    assert made(tmp_path) == before
    assert len(list((tmp_path / searching.MEMORY).iterdir())) == 2


def test_without_pagefind_the_error_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    with pytest.raises(ProblemError) as caught:
        made(tmp_path)

    assert caught.value.problem.code == "missing-pagefind"
    assert "postil[search]" in caught.value.problem.hint


def test_an_index_that_cannot_be_made_is_a_problem(tmp_path, monkeypatch):
    async def fail(*_):
        raise OSError("no such program")

    monkeypatch.setattr(searching, "_write", fail)

    with pytest.raises(ProblemError) as caught:
        made(tmp_path)

    assert caught.value.problem.code == "failed-search"


def test_statements_stand_below_their_sources():
    whole = edition(example(), RELATED, ON, NOWHERE, {}, Gallery())
    found = {document.url: document.html for document in documents(whole)}

    assert list(found) == ["2026/ferry/", "2026/strike/", "organisations/harbour-authority/"]
    assert (
        'data-pagefind-weight="1">Mara Lindqvist</h2><p>“We were told in June that the piles would'
        " not hold,”</p>" in found["2026/ferry/"]
    )
    assert '<i data-pagefind-filter="source">Mara Lindqvist</i>' in found["2026/ferry/"]
    assert '<i data-pagefind-filter="month">2026-11</i>' in found["2026/ferry/"]
    assert ">a senior official</h2>".casefold() in found["2026/ferry/"].casefold()


def test_namesakes_are_two_to_choose_from_and_two_in_results():
    names = {"Jo Lund": here("jo-1", "Jo Lund"), "the baker": here("jo-2", "Jo Lund")}
    source = article("loaf", "A loaf", "“One,” said Jo Lund. “Two,” said the baker.")
    spoken = (
        said(source.body, "“One,”", by="jo-1", name="Jo Lund"),
        said(source.body, "“Two,”", by="jo-2", name="Jo Lund"),
    )
    register = [
        Known(key="jo-1", name="Jo Lund", kind="person", description="A pilot"),
        Known(key="jo-2", name="Jo Lund", kind="person", description="A baker"),
    ]
    site = joined([edited(source, names, spoken)], ON, register)
    whole = edition(site, {}, ON, NOWHERE, {}, Gallery())

    assert [
        re.findall(r'value="(Jo[^"]*)"', html)
        for path, html in published(site, ON).items()
        if path == "search/index.html"
    ] == [["Jo Lund (A baker)", "Jo Lund (A pilot)"]]
    html = next(documents(whole)).html
    assert re.findall(r"<h2[^>]*>(Jo[^<]*)<", html) == ["Jo Lund (A pilot)", "Jo Lund (A baker)"]
    assert html.count('filter="source">Jo Lund (A') == 2
