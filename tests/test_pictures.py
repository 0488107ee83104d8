"""Pictures: sound or told of, nothing in them but what is seen, and the sizes that browsers want."""

from __future__ import annotations

import io
import random
import re
import resource
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from newsroom import Newsroom, article
from PIL import Image, PngImagePlugin

from builder.errors import BuildError
from builder.pictures.work import looked_at

GPS = b"51.5007"
"""Stands in the metadata of every picture that has some."""


def photo(form: str = "JPEG", size: tuple[int, int] = (700, 400), **more: object) -> bytes:
    """A picture with so many colours that it is no drawing."""
    chance = random.Random(4)
    small = Image.frombytes("RGB", (70, 40), chance.randbytes(70 * 40 * 3))
    out = io.BytesIO()
    small.resize(size, Image.Resampling.BICUBIC).save(out, form, **more)
    return out.getvalue()


def drawing() -> bytes:
    image = Image.new("RGB", (1200, 600), "white")
    for x in range(0, 1200, 40):
        image.paste(("red", "black", "navy")[x // 40 % 3], (x, x // 3, x + 25, 590))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def site(root: Path, picture: bytes, name: str = "crane.jpg", toml: str = "") -> Newsroom:
    body = f'Text.\n\n![A crane]({name})\n\n![The same]({name} "Photograph: Jo Lund")'
    return Newsroom.from_files(
        root,
        {
            "site.toml": f'[site]\ntitle = "Tide"\nurl = "https://tide.example/"\n{toml}',
            "content/crane.md": article("Crane", body),
            f"content/{name}": picture,
        },
    )


def exif(orientation: int = 1) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010E] = GPS.decode()
    return tags


# --- sizes ----------------------------------------------------------------------------------------


def test_a_photograph_comes_in_sizes_and_formats_with_its_place_kept_free(tmp_path):
    page = (
        site(tmp_path, photo(), toml="[pictures]\nwidths = [200, 400, 900]\n")
        .build()
        .page("crane/index.html")
    )

    sources = re.findall(r'<source type="image/(\w+)" srcset="([^"]+)" sizes="[^"]+">', page)
    assert [form for form, _ in sources] == ["avif", "webp"] * 2
    for form, srcset in sources:
        for each in srcset.split(","):
            path, width = each.rsplit(" ", 1)
            with Image.open(tmp_path / "output" / "crane" / path) as image:
                assert (image.format or "").lower() == form
                assert f"{image.width}w" == width
                assert abs(image.height - image.width * 4 / 7) <= 1
    assert re.findall(r" (\d+)w", sources[0][1]) == ["200", "400", "700"]
    assert page.count('width="700" height="400"') == 2


def test_the_first_picture_is_fetched_at_once_and_later_ones_when_they_are_near(tmp_path):
    first, second = re.findall(
        "<img [^>]*>", site(tmp_path, photo()).build().page("crane/index.html")
    )

    assert "loading" not in first
    assert 'loading="lazy"' in second


def test_a_drawing_keeps_its_very_colours_and_nothing_made_is_larger_than_it(tmp_path):
    data = drawing()
    site(tmp_path, data, "chart.png").build()

    made = list((tmp_path / "output/assets/pictures").iterdir())
    assert made
    for file in made:
        assert file.suffix == ".webp"
        assert file.stat().st_size < len(data)
        if "-1200" in file.name:
            with Image.open(file) as image, Image.open(io.BytesIO(data)) as own:
                assert image.convert("RGB").tobytes() == own.convert("RGB").tobytes()


@pytest.mark.parametrize("setting", ["formats = []", "widths = []"])
def test_a_site_may_do_without(tmp_path, setting):
    page = site(tmp_path, photo(), toml=f"[pictures]\n{setting}\n").build().page("crane/index.html")

    assert "<picture>" not in page
    assert page.count('width="700" height="400"') == 2


def test_what_was_made_is_made_once_and_what_nobody_shows_any_more_goes(tmp_path, monkeypatch):
    room = site(tmp_path, photo()).build()
    before = room.tree()
    monkeypatch.setattr("builder.pictures.worked", lambda *_: pytest.fail("made again"))

    assert room.build().tree() == before
    (tmp_path / "content/crane.md").write_text(article("Crane", "No picture."), encoding="utf-8")
    monkeypatch.undo()
    tree = room.build().tree()
    assert not any("assets/pictures" in path for path in tree)
    assert len(list((tmp_path / ".cache/pictures").iterdir())) == 1


def test_a_lost_file_of_the_cache_is_made_again(tmp_path):
    room = site(tmp_path, photo()).build()
    before = room.tree()
    for file in (tmp_path / ".cache/pictures").glob("*.webp"):
        file.unlink()

    assert room.build().tree() == before


def test_a_picture_that_moves_and_a_drawing_in_svg_stay_as_they_are(tmp_path):
    out = io.BytesIO()
    frames = [Image.new("RGB", (50, 50), colour) for colour in ("red", "navy")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'
    tree = (
        site(tmp_path, out.getvalue(), "crane.gif").change({"static/logo.svg": svg}).build().tree()
    )

    assert tree["crane.gif"] == out.getvalue()
    assert tree["logo.svg"] == svg
    assert "assets/pictures/" not in tree


# --- what must not be published -------------------------------------------------------------------


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize(
    ("form", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp"), ("AVIF", "a.avif")]
)
def test_nothing_is_published_of_where_a_picture_was_taken(tmp_path, form, name, orientation):
    data = photo(form, (120, 60), exif=exif(orientation))
    assert GPS in data
    tree = site(tmp_path, data, name, "[pictures]\nwidths = [64]\n").build().tree()

    pictures = {
        path: published
        for path, published in tree.items()
        if path.endswith((".jpg", ".png", ".webp", ".avif")) and "cards" not in path
    }
    assert len(pictures) > 1
    for path, published in pictures.items():
        assert GPS not in published, path
        with Image.open(io.BytesIO(published)) as image:
            assert not image.getexif(), path
            assert (image.width > image.height) == (orientation == 1), path


def test_other_metadata_and_what_follows_the_picture_go_too(tmp_path):
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", GPS.decode())
    with Image.open(io.BytesIO(photo("PNG", (60, 30)))) as image:
        out = io.BytesIO()
        image.save(out, "PNG", pnginfo=text)
    room = site(tmp_path, out.getvalue(), "a.png")
    room.change(
        {
            "static/b.jpg": photo("JPEG", (60, 30), comment=GPS),
            "static/c.jpg": photo("JPEG", (60, 30)) + b"ftypmp42 " + GPS,
        }
    )

    assert not any(GPS in data for data in room.build().tree().values())


def test_a_picture_without_metadata_is_published_to_the_byte(tmp_path):
    data = photo()

    assert site(tmp_path, data).build().tree()["crane.jpg"] == data


# --- what is no picture ---------------------------------------------------------------------------


def png(width: int, height: int, *more: bytes) -> bytes:
    """A PNG of that size whose pixels are a few bytes, or whatever is given."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + b"".join(chunk(b"IDAT", each) for each in more or (zlib.compress(b"\0" * 4096),))
        + chunk(b"IEND", b"")
    )


def archive(before: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("secret.txt", "secret")
    return before + out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (png(50_000, 50_000), "a.png", "far too large"),
        (png(50_000, 40), "a.png", "50,000 × 40 pixels"),
        (png(9_000, 9_000), "a.png", "9,000 × 9,000 pixels"),
        (archive(), "a.png", "ZIP archive"),
        (archive(photo()), "a.jpg", "ZIP archive"),
        (photo()[:9_000], "a.jpg", "cannot be read"),
        (png(300, 300, b"not deflate"), "a.png", "cannot be read"),
        (b"", "a.jpg", "no picture"),
        (b"GIF89a", "a.gif", "cannot be read|no picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "a.png", "no picture"),
        (b"<html>", "a.svg", "no drawing in SVG"),
        (b"<svg><script>alert(1)</script></svg>", "a.svg", "script"),
        (b'<svg onload="alert(1)"/>', "a.svg", "script"),
        (b"<svg>" + b" " * 2_000_000, "a.svg", "far too large"),
    ],
)
def test_what_is_no_sound_picture_is_an_error_at_its_line(tmp_path, data, name, why):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BuildError) as caught:
        site(tmp_path, data, name).build()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

    (problem,) = caught.value.problems
    assert (problem.place.path, problem.place.line) == ("content/crane.md", 8)
    assert problem.code == "bad-picture"
    assert re.search(why, problem.message)
    assert problem.hint
    assert grown < 100_000  # kilobytes


SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


@pytest.mark.parametrize(
    ("drawing", "why"),
    [
        ('<svg><s-v:script xmlns:s-v="http://www.w3.org/2000/svg"/></svg>', "a script"),
        ('<!DOCTYPE svg [<!ENTITY x "&#60;script>1&#60;/script>">]><svg>&x;</svg>', "declares"),
        ('<!DOCTYPE svg [<!ATTLIST svg onload CDATA "alert(1)">]><svg/>', "declares"),
        (f'<svg {SVG}><a href="java&#115;cript:alert(1)"/></svg>', "a script"),
        (f'<svg {SVG}><a xlink:href="&#1;java&#10;script:alert(1)"/></svg>', "a script|read"),
        (f'<svg {SVG}><a xlink:href=" Java&#9;script:alert(1)"/></svg>', "a script"),
        (f'<svg {SVG}><set attributeName="href" to="javascript:alert(1)"/></svg>', "a script"),
        (f'<svg {SVG}><g oNload="alert(1)"/></svg>', "a script"),
        (f"<svg {SVG}><foreignObject/></svg>", "a script"),
        (f'<?xml-stylesheet href="x.xsl" type="text/xsl"?><svg {SVG}/>', "style sheet"),
        (f"<svg {SVG}><g></svg>", "cannot be read: mismatched tag: line 1"),
        ("<html><svg/></html>", "no drawing"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_no_drawing_that_could_run_is_published(tmp_path, drawing, why, encoding):
    file = tmp_path / "a.svg"
    file.write_bytes(drawing.encode(encoding))

    fault = looked_at(file)

    assert fault is not None
    assert re.search(why, fault[0])


def test_a_drawing_may_speak_of_scripts(tmp_path):
    file = tmp_path / "a.svg"
    file.write_text(
        '<?xml version="1.0"?>\n<!-- by a program -->\n'
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"'
        ' "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n'
        f'<svg {SVG}><a xlink:href="https://a.example/?once=1"><text>javascript: one = 1 &amp; '
        "&lt;script></text></a></svg>"
    )

    assert looked_at(file) is None


def test_one_that_no_article_shows_is_told_of_at_its_file(tmp_path):
    room = site(tmp_path, photo()).change({"static/old.png": archive()})

    with pytest.raises(BuildError) as caught:
        room.build()

    assert [problem.place.path for problem in caught.value.problems] == ["static/old.png"]
