"""Cards: what they say, whom they keep off, and that they are drawn once and small."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from findings import findings
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import Newsroom, article, reader
from PIL import Image

from builder.render import card_drawing, cards
from builder.render.card_drawing import LARGEST, SIZE, Card, drawing, readable

FULL = Card(
    site="The Norrhavn Tide",
    headline="Crane jib falls across a bait store, and the Harbour Authority says it was inspected",
    quote="“The inspector wrote that it was fit for another season, and I believed him then.”",
    source="Łukasz Wierzba, harbour master",
    sourcing="19 statements, 9 named sources, 2 unnamed, 1 document",
)


def shown(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_card_is_as_large_as_it_should_be_and_small_in_bytes():
    data = drawing(FULL)

    assert shown(data).size == SIZE == (1200, 630)
    assert len(data) <= LARGEST == 20_000
    assert data == drawing(FULL)


@pytest.mark.parametrize(
    "headline",
    ["Short", "A long headline that goes on " * 12, "Donaudampfschifffahrts" * 30, "x" * 4000],
)
def test_a_headline_of_any_length_stays_in_its_place(headline):
    """Below it nothing is drawn over: what lies between the words is paper."""
    image = shown(drawing(readable(Card(site="Tide", headline=headline, sourcing="1 statement"))))
    ink = image.convert("L").point(lambda value: 255 if value < 100 else 0)

    left, _, right, bottom = ink.crop((0, 100, 1200, 546)).getbbox() or (0, 0, 0, 0)
    assert left >= 60
    assert right <= 1140
    assert bottom < 446


@pytest.mark.parametrize(
    "text", ["خبّاز الميناء", "港口面包师", "שלום", "नमस्ते", "🚢 Ferry", "e\u0301\u0323x"]
)
def test_what_the_fonts_have_no_letters_for_is_left_out(text):
    card = readable(Card(site="Tide", headline=text, quote=text, source="Ana Ruiz"))

    assert card == Card(site="Tide")


@pytest.mark.parametrize(
    "text", ["Þóra Hallvarðsdóttir", "Ngũgĩ", "Ελλάδα", "Київ", "Điện Biên Phủ"]
)
def test_latin_greek_and_cyrillic_are_drawn(text):
    assert readable(Card(site="Tide", headline=text)).headline == text


@settings(max_examples=4, deadline=None)
@given(st.text(max_size=20), st.text(max_size=40))
def test_any_words_make_a_card(headline, quote):
    card = readable(Card(site="Tide", headline=headline, quote=quote, source="A"))

    assert shown(drawing(card)).size == SIZE


# --- of a site ------------------------------------------------------------------------------------


FOUND = (
    "person Ana Ruiz: Ana Ruiz",
    "says Ana Ruiz | “We will not pay for a crane that fell twice,” | 0.9",
)


def newsroom(
    root: Path, *, toml: str = "", register: str = "", title: str = "Crane falls"
) -> Newsroom:
    text = "“We will not pay for a crane that fell twice,” said Ana Ruiz."
    return Newsroom.from_files(
        root,
        {
            "site.toml": f'[site]\ntitle = "Tide"\nurl = "https://tide.example/news/"\n{toml}',
            "content/crane.md": article(title, text),
            **({"content/register.toml": register} if register else {}),
        },
        analyse=reader(lambda text: findings(text, FOUND)),
    )


def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Card]:
    found: list[Card] = []

    def draw(card: Card) -> bytes:
        found.append(card)
        return b"\x89PNG"

    monkeypatch.setattr(cards, "drawing", draw)
    return found


def test_each_page_names_a_card_by_its_whole_address_and_the_card_is_there(tmp_path):
    room = newsroom(tmp_path).build()

    for path in ("index.html", "crane/index.html", "404.html"):
        page = room.page(path)
        address = re.search(
            r'<meta property="og:image" content="https://tide.example/news/([^"]+)">', page
        )
        assert address
        assert shown((room.output / address[1]).read_bytes()).size == SIZE
        assert '<meta name="twitter:card" content="summary_large_image">' in page
    assert len(list((room.output / "assets/cards").iterdir())) == 2


def test_a_card_is_drawn_when_its_words_change_and_only_then(tmp_path, monkeypatch):
    found = drawn(monkeypatch)
    room = newsroom(tmp_path).build()
    assert len(found) == 2
    room.build()
    assert len(found) == 2
    text = room.page("../content/crane.md")
    room.change({"content/crane.md": text.replace("Crane falls", "Crane stands")}).build()
    assert [card.headline for card in found[2:]] == ["Crane stands"]
    assert len(list((tmp_path / ".cache/cards").iterdir())) == 2


@pytest.mark.parametrize("toml", ["[pictures]\ncards = false\n", None])
def test_a_site_without_cards_or_an_address_has_none(tmp_path, toml):
    room = newsroom(tmp_path, toml=toml or "")
    if toml is None:
        room.change({"site.toml": '[site]\ntitle = "Tide"\n'})
    tree = room.build().tree()

    assert not any(path.startswith("assets/cards") for path in tree)
    assert b"og:image" not in tree["crane/index.html"]
    assert b"twitter:card" not in tree["crane/index.html"]
    assert not (tmp_path / ".cache/cards").exists()


HIDDEN = '[{key}]\nname = "{name}"\nkind = "person"\npage = false\n'


def test_nobody_who_is_kept_off_is_on_a_card(tmp_path, monkeypatch):
    found = drawn(monkeypatch)
    newsroom(tmp_path, register=HIDDEN.format(key="ana-ruiz", name="Ana Ruiz")).build()

    assert all("Ruiz" not in repr(card) for card in found)
    assert any(card.headline == "Crane falls" and not card.quote for card in found)


def test_a_headline_that_names_one_has_no_card_of_its_own(tmp_path, monkeypatch):
    found = drawn(monkeypatch)
    register = HIDDEN.format(key="ana-ruiz", name="Ana Ruiz")
    room = newsroom(tmp_path, register=register, title="Ana Ruiz speaks").build()

    assert [card.headline for card in found] == ["Tide"]
    assert card_drawing.path(found[0]) in room.page("crane/index.html")
