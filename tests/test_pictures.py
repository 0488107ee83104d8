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
from hypothesis import given
from hypothesis import strategies as st
from newsroom import Newsroom, article
from PIL import Image, ImageSequence, PngImagePlugin

from builder.errors import BuildError
from builder.pictures import metadata
from builder.pictures.svg import FILLING
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


def exif(orientation: int = 1) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010E] = GPS.decode()
    return tags


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


def test_a_drawing_in_svg_stays_as_it_is(tmp_path):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'
    tree = site(tmp_path, svg, "crane.svg").build().tree()

    assert tree["crane.svg"] == svg
    assert "assets/pictures/" not in tree


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="200" height="100"', (200, 100)),
        ('width="200px" height=" 1.5in "', (200, 144)),
        ('width="30" viewBox="0 0 200 100"', (30, 15)),
        ('height="30" viewBox="-5,-5 200,100"', (60, 30)),
        # Browsers fill the room there is with these.
        ('viewBox="0 0 200 100"', (FILLING, FILLING // 2)),
        ('width="100%" height="100%" viewBox="0 0 200 100"', (FILLING, FILLING // 2)),
        ('width="1e9" height="5e8"', (16_000, 8_000)),
        ('width="0" height="10"', None),
        ('viewBox="0 0 0 0"', None),
        ('viewBox="a drawing"', None),
        ("", None),
    ],
)
def test_the_place_of_a_drawing_is_kept_free(tmp_path, attributes, size):
    svg = f'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" {attributes}><g/></svg>'
    page = site(tmp_path, svg.encode(), "a.svg").build().page("crane/index.html")

    found = re.findall(r'<img src="../a.svg"[^>]* width="(\d+)" height="(\d+)"', page)
    assert found == ([(str(size[0]), str(size[1]))] * 2 if size else [])


# --- pictures that move ---------------------------------------------------------------------------


def moving(form: str, **more: object) -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (50, 40), colour) for colour in ("red", "navy", "green")]
    each = {"save_all": True, "append_images": frames[1:], "duration": 120, "loop": 2}
    frames[0].save(out, form, **each, **more)
    return out.getvalue()


def frames(data: bytes) -> list[tuple[bytes, object, object]]:
    with Image.open(io.BytesIO(data)) as image:
        return [
            (each.convert("RGBA").tobytes(), each.info.get("duration"), each.info.get("loop"))
            for each in ImageSequence.Iterator(image)
        ]


XMP = b"<x:xmpmeta>" + b"51.5007" + b"</x:xmpmeta>"


def blocks(data: bytes) -> bytes:
    """Data as GIF has it: in pieces with their length before them."""
    return bytes([len(data)]) + data + b"\0"


def telling_gif() -> bytes:
    """One with a comment, XMP as Adobe puts it there, and something behind its end."""
    plain = moving("GIF", comment=GPS)
    magic = bytes([1, *range(0xFF, -1, -1)]) + b"\0"
    return plain[:-1] + b"\x21\xff\x0bXMP DataXMP" + XMP + magic + b";" + GPS


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (telling_gif(), "a.gif"),
        (moving("WEBP", exif=exif(), xmp=XMP) + GPS, "a.webp"),
        (moving("PNG", exif=exif()) + GPS, "a.png"),
    ],
)
def test_a_picture_that_moves_keeps_its_frames_and_nothing_else(tmp_path, data, name):
    assert GPS in data
    room = site(tmp_path, data, name).build()
    published = room.tree()[name]

    assert GPS not in published
    assert frames(published) == frames(data)
    assert len(frames(published)) == 3
    assert 'width="50" height="40"' in room.page("crane/index.html")
    assert metadata.without(published, name[2:].upper()) == published


def test_where_metadata_stays_in_one_that_moves_it_is_told(tmp_path):
    room = site(tmp_path, moving("AVIF", exif=exif()), "a.avif")
    room.change({"static/b.avif": moving("AVIF")}).build()

    assert room.built is not None
    assert [(str(each.place), each.code) for each in room.built.problems] == [
        ("content/crane.md:8", "telling-picture")
    ]


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_one_without_metadata_is_published_to_the_byte(tmp_path, form):
    data = moving(form)

    assert site(tmp_path, data, "a.png").build().tree()["a.png"] == data


MADE = {form: moving(form) for form in ("GIF", "WEBP", "PNG")} | {"BMP": photo("BMP", (9, 9))}


@given(st.sampled_from(["GIF", "WEBP", "PNG", "BMP"]), st.data())
def test_whatever_a_file_is_broken_into_what_is_taken_out_only_makes_it_shorter(form, draw):
    whole = MADE[form]
    data = bytearray(whole[: draw.draw(st.integers(0, len(whole)))])
    for at in draw.draw(st.lists(st.integers(0, 400), max_size=4)):
        if at < len(data):
            data[at] = draw.draw(st.integers(0, 255))
    found = metadata.without(bytes(data), form)

    # WebP pads its chunks, and has a head.
    assert len(found) <= max(len(data) + 1, 12)
    assert metadata.without(found, form) == found


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


JPEG = photo("JPEG", (60, 30))


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
            # A segment that no reader of pictures knows, between those that it does.
            "static/d.jpg": JPEG[:2] + b"\xff\xeb\0\x09" + GPS + JPEG[2:],
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
        # With a day of its own: the bytes are in the test's name, and every worker has to agree on it.
        packed.writestr(zipfile.ZipInfo("secret.txt"), "secret")
    return before + out.getvalue()


HEIC = b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic" + b"infe Exif 51.5007"


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
        # Whatever they are called.
        (png(50_000, 50_000), "a.jfif", "far too large"),
        (archive(), "a", "ZIP archive"),
        (b"Not a picture.", "a.txt", "no picture"),
        (photo("TIFF", (20, 10)), "a.tiff", "TIFF"),
        (photo("TIFF", (20, 10)), "a.png", "TIFF"),
        (photo("JPEG2000", (20, 10)), "a.jp2", "JPEG 2000"),
        (HEIC, "a.heic", "HEIC"),
        (HEIC, "a.jpg", "HEIC"),
        (b"%PDF-1.7", "a.pdf", "PDF"),
        (photo("ICO", (16, 16)), "a.ico", "icon"),
        (b"8BPS\0\x01", "a.psd", "Photoshop"),
        (b"<?xml?><!-- x --><svg/>", "a.xml", "not called so"),
        (photo(), "a.svg", "no drawing|cannot be read"),
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


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.jfif", "JPEG"), ("a.jpe", "JPEG"), ("a.bin", "PNG"), ("a", "WEBP"), ("a.bmp", "BMP")],
)
def test_a_picture_that_browsers_show_is_worked_on_whatever_it_is_called(tmp_path, name, form):
    more = {} if form == "BMP" else {"exif": exif()}
    data = photo(form, (120, 60), **more) + GPS
    room = site(tmp_path, data, name, "[pictures]\nwidths = [64]\n").build()

    page = room.page("crane/index.html")
    assert page.count('width="120" height="60"') == 2
    assert page.count("-64.webp") == 2
    assert not any(GPS in published for published in room.tree().values())


@pytest.mark.parametrize(
    ("front", "body", "line"),
    [
        ({"image": "a.tiff", "image-alt": "A"}, "Text.", 4),
        ({}, 'Text.\n\n<img src="../a.tiff?1"\n alt="A">', 8),
        ({}, 'Text <img src="../a%2Etiff" alt="A">.', 6),
        ({}, "Text.\n\n![A][it]\n\n[it]: a.tiff", 10),
    ],
)
def test_wherever_a_picture_is_named_it_is_held_to_be_one(tmp_path, front, body, line):
    room = site(tmp_path, photo("TIFF", (20, 10)), "a.tiff", '[markdown]\nhtml = "sanitise"\n')
    room.change({"content/crane.md": article("Crane", body, **front)})

    with pytest.raises(BuildError) as caught:
        room.build()

    (problem,) = caught.value.problems
    assert (str(problem.place), problem.code) == (f"content/crane.md:{line}", "bad-picture")


def test_metadata_goes_of_pictures_that_no_article_shows_or_it_is_told_where_it_stays(tmp_path):
    room = site(tmp_path, photo()).change(
        {
            "static/a.jfif": photo("JPEG", (20, 10), exif=exif()),
            "content/b.bin": photo("PNG", (20, 10), exif=exif()),
            "static/c.tif": photo("TIFF", (20, 10), exif=exif()),
            "static/d.heic": HEIC,
            "static/e.tif": photo("TIFF", (20, 10)),
            "static/f.heic": HEIC[:24],
            # No pictures: they go out as they are.
            "static/g.txt": b"BM: benchmarks, GIF89 and JPEG. " + GPS,
            "static/h.pdf": b"%PDF-1.7 " + GPS,
            "static/i.html": b"<p><svg/></p>" + GPS,
        }
    )

    tree = room.build().tree()

    assert [path for path, data in tree.items() if GPS in data] == [
        *("c.tif", "d.heic", "g.txt", "h.pdf", "i.html")
    ]
    assert room.built is not None
    assert [(str(each.place), each.code, each.level) for each in room.built.problems] == [
        ("static/c.tif", "telling-picture", "warning"),
        ("static/d.heic", "telling-picture", "warning"),
    ]


def test_one_that_is_shown_nowhere_any_more_need_not_be_one(tmp_path):
    room = site(tmp_path, photo("TIFF", (20, 10)), "a.tiff")
    with pytest.raises(BuildError):
        room.build()

    room.change({"content/crane.md": article("Crane", "See [the scan](a.tiff).")}).build()
    assert room.built is not None
    assert not room.built.problems
    room.change({"content/crane.md": article("Crane", "![A](a.tiff)")})
    with pytest.raises(BuildError):
        room.build()


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
