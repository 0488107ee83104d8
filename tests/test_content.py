from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from hand_set import edited, joined
from hypothesis import given
from hypothesis import strategies as st

from builder import content, front_matter, settings
from builder.errors import Problems, ordered
from builder.model import Confirm, Content

HERE = Path(__file__).parent
NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
GOOD = '+++\ntitle = "{}"\npublished = 2026-03-01\n+++\nText.\n'


def cases(name: str) -> list[tuple[str, str, str]]:
    """Title, input and what is expected, each ended by a line with a dot."""
    parts = (HERE / "fixtures" / name).read_text("utf-8").split("\n.\n")
    titles, inputs, expected = (parts[start:-1:3] for start in range(3))
    return list(
        zip((t.strip() for t in titles), inputs, (e.strip("\n.") for e in expected), strict=True)
    )


def site(root: Path, files: dict[str, str | bytes]) -> Path:
    for path, data in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data.encode() if isinstance(data, str) else data)
    (root / "content").mkdir(exist_ok=True)
    return root


def read(root: Path, *, drafts: bool = False, zone: str = "UTC") -> tuple[Content, list[str]]:
    config = settings.Settings(site=settings.SiteSettings(title="Gazette", time_zone=zone))
    problems = Problems()
    found = content.read(root, config, problems, now=NOW, drafts=drafts)
    return found, [str(problem) for problem in ordered(problems.found)]


def codes(lines: list[str]) -> list[tuple[str, str]]:
    """Place and code of each problem."""
    heads = [line.partition("\n")[0] for line in lines]
    return [(head.partition(": ")[0], head.rpartition("[")[2].rstrip("]")) for head in heads]


@pytest.mark.parametrize(
    ("text", "expected"),
    [pytest.param(text, expected, id=title) for title, text, expected in cases("front_matter.md")],
)
def test_mistakes_are_shown_where_they_stand(tmp_path: Path, text: str, expected: str) -> None:
    text = text.replace("LONG", "x" * 10_000).replace("⌃", "\x07")
    root = site(tmp_path, {"content/fair.md": text, "content/letter.pdf": b"x"})

    _, lines = read(root)

    assert "\n".join(lines) == expected


def test_a_year_of_good_articles_reads_without_a_word(tmp_path: Path) -> None:
    text = '\ufeff+++\r\ntitle = "Fog"\r\npublished = 2026-03-01T08:30:00\r\n+++\r\nFog.\r\n'
    root = site(
        tmp_path, {"content/2026/fog.md": text, "content/README.md": "x", "content/_x/y.md": "z"}
    )

    found, lines = read(root, zone="Europe/Berlin")

    assert lines == []
    (article,) = found.articles
    assert article.id == "2026/fog"
    assert article.meta.published == dt.datetime(2026, 3, 1, 7, 30, tzinfo=dt.UTC)
    assert article.body == "\n\n\n\nFog.\n"


def test_a_report_is_of_the_day_and_month_of_the_sites_clock(tmp_path: Path) -> None:
    text = "---\ntitle: Late\ndate: 2026-01-31T23:30:00-05:00\n---\nQuiet.\n"

    found, _ = read(site(tmp_path, {"content/late.md": text}), zone="Europe/Berlin")

    (late,) = found.articles
    assert late.meta.published == dt.datetime(2026, 2, 1, 4, 30, tzinfo=dt.UTC)
    assert [month.slug for month in joined([edited(late)]).months] == ["2026/02"]


def test_articles_of_other_generators_build_unchanged(tmp_path: Path) -> None:
    text = (
        "---\nlayout: post\ntitle: NO\ndate: 2026-03-01 10:00:00 +0200\nauthor: Ada Brandt\n"
        "tags: [fair, 2026]\ncategories: Market\ndescription: It opens.\nexpiryDate: 2027-01-01\n"
        "permalink: /old/fair.html\n---\nText.\n"
    )
    root = site(tmp_path, {"content/fair.md": text})

    found, lines = read(root)

    assert lines == []
    meta = found.articles[0].meta
    assert (meta.title, meta.authors, meta.summary) == ("NO", ("Ada Brandt",), "It opens.")
    assert meta.topics == ("fair", "2026", "Market")
    assert meta.published == dt.datetime(2026, 3, 1, 8, 0, tzinfo=dt.UTC)
    assert meta.aliases == ("old/fair.html",)


def test_what_is_not_yet_or_no_longer_published_is_held_back(tmp_path: Path) -> None:
    extra = {"draft": "draft = true", "gone": "expires = 2026-11-24T12:00:00", "later": ""}
    files: dict[str, str | bytes] = {
        f"content/{name}.md": GOOD.format(name)
        .replace("Z", "")
        .replace("\n+++\nT", f"\n{line}\n+++\nT")
        for name, line in extra.items()
    }
    files["content/later.md"] = GOOD.format("later").replace("2026-03-01", "2026-11-24T12:00:01")

    found, lines = read(site(tmp_path, files))
    with_drafts, _ = read(tmp_path, drafts=True)

    why = dict(zip((a.id for a in found.held_back), found.why_held_back, strict=True))
    assert lines == []
    assert why == {"draft": "draft", "gone": "expired", "later": "future"}
    assert [article.id for article in with_drafts.articles] == ["draft"]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"fair.md": GOOD, "Fair.md": GOOD}, [("content/fair.md:1", "same-url")]),
        ({"fair.md": GOOD, "fair/index.md": GOOD}, [("content/fair.md:1", "same-url")]),
        ({"people/ada.md": GOOD}, [("content/people/ada.md:1", "reserved-url")]),
        ({"page/2.md": GOOD}, [("content/page/2.md:1", "reserved-url")]),
        ({"2026/11.md": GOOD}, [("content/2026/11.md:1", "reserved-url")]),
        ({"fair/index.html": "x", "fair.md": GOOD}, [("content/fair/index.html", "same-url")]),
        ({"fair": "a file", "fair.md": GOOD}, [("content/fair", "same-url")]),
        ({"../static/404.html": "x"}, [("static/404.html", "reserved-url")]),
        (
            {"fair.corrections.toml": "[[corrections]]"},
            [("content/fair.corrections.toml:1", "orphan-corrections")],
        ),
        ({"fair.md": b"+++\n\xff"}, [("content/fair.md:2", "unreadable-bytes")]),
        ({"fair.md": b"+++\na\0"}, [("content/fair.md:2", "unreadable-bytes")]),
        ({"fair.md": " \n"}, [("content/fair.md:1", "empty-file")]),
        ({"a b/fair.md": GOOD}, [("content/a b/fair.md:1", "bad-file-name")]),
    ],
)
def test_what_does_not_fit_together(
    tmp_path: Path, files: dict[str, str | bytes], expected: list[tuple[str, str]]
) -> None:
    _, lines = read(site(tmp_path, {f"content/{path}": data for path, data in files.items()}))

    assert [entry for entry in codes(lines) if entry in expected] == expected


def test_two_old_urls_cannot_lead_to_two_articles(tmp_path: Path) -> None:
    alias = GOOD.replace("\n+++\nT", '\naliases = ["/old/"]\n+++\nT')

    _, lines = read(site(tmp_path, {"content/a.md": alias, "content/b.md": alias}))

    assert codes(lines) == [("content/b.md:4", "same-url")]


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    root = site(tmp_path / "site", {"content/fair.md": GOOD})
    site(tmp_path, {"secret.md": GOOD})
    (root / "content/secret.md").symlink_to(tmp_path / "secret.md")
    (root / "content/nowhere.md").symlink_to(tmp_path / "nowhere")
    (root / "content/loop").symlink_to(root / "content")
    os.mkfifo(root / "content/pipe.md")

    found, lines = read(root)

    assert [article.id for article in found.articles] == ["fair"]
    assert codes(lines) == [
        ("content/loop", "bad-symlink"),
        ("content/nowhere.md", "bad-symlink"),
        ("content/pipe.md", "no-file"),
        ("content/secret.md", "bad-symlink"),
    ]


def test_files_beside_articles_are_assets(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "content/2026/crane.jpg": b"a",
        "static/CNAME": b"b",
        "content/.hidden": b"c",
        "content/2026/a.md": GOOD,
    }

    found, lines = read(site(tmp_path, files))

    assert lines == []
    assert [(asset.path, asset.source) for asset in found.assets] == [
        ("2026/crane.jpg", "content/2026/crane.jpg"),
        ("CNAME", "static/CNAME"),
    ]


def test_corrections_of_front_matter_come_before_those_beside(tmp_path: Path) -> None:
    said = '[[corrections]]\ndo = "confirm"\npassage = {{ exact = "{}" }}\n'
    text = GOOD.replace("\n+++\nT", f"\n{said.format('one')}+++\nT")
    root = site(
        tmp_path, {"content/a.md": text, "content/a.corrections.toml": "\n" + said.format("two")}
    )

    found, lines = read(root)

    assert lines == []
    placed = found.articles[0].corrections
    passages = [
        one.correction.passage.exact for one in placed if isinstance(one.correction, Confirm)
    ]
    assert passages == ["one", "two"]
    assert [str(one.place) for one in placed] == ["content/a.md:4", "content/a.corrections.toml:2"]


def test_the_register_keeps_namesakes_apart(tmp_path: Path) -> None:
    entry = '[{}]\nname = "Ada Brandt"\nkind = "person"\n'
    two = entry.format("ada-brandt") + entry.format("ada-brandt-baker")

    _, wrong = read(site(tmp_path, {"content/register.toml": two}))
    found, right = read(site(tmp_path, {"content/register.toml": two + "distinct = true\n"}))

    assert codes(wrong) == [("content/register.toml:5", "repeated-name")]
    assert right == []
    assert [known.key for known in found.register] == ["ada-brandt", "ada-brandt-baker"]


def test_mistakes_in_the_register(tmp_path: Path) -> None:
    text = (
        '[Ada-Brandt]\nname = "Ada Brandt"\nkind = "persen"\n\n'
        '[ben]\nname = "Ben"\nkind = "person"\nsame-as = ["javascript:1"]\nlat = 91\n\n'
        '[cy]\nname = "Cy"\nkind = "person"\nroles = [{ title = "mayor", since = 2020-01-01, until = 2019-01-01 }]\n'
    )

    _, lines = read(site(tmp_path, {"content/register.toml": text}))

    assert codes(lines) == [
        ("content/register.toml:1", "bad-key"),
        ("content/register.toml:3", "bad-value"),
        ("content/register.toml:8", "bad-link"),
        ("content/register.toml:9", "out-of-range"),
        ("content/register.toml:14", "bad-period"),
    ]


TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60)


@given(TEXT.filter(lambda text: text.strip() == text and "\u2028" not in text), TEXT)
def test_front_matter_that_is_written_reads_the_same(title: str, summary: str) -> None:
    head = front_matter.head({"title": title, "published": dt.date(2026, 3, 1), "summary": summary})
    problems = Problems()

    headed = front_matter.read(f"{head}\nText.\n", "content/x.md", problems, zone=dt.UTC)

    assert problems.found == []
    assert headed is not None
    assert headed.meta is not None
    assert headed.meta.summary == summary
    assert headed.meta.title.split() == title.split()
