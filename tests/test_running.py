"""Stories that nobody has named are suggested to editors, and never more than that."""

from __future__ import annotations

from click.testing import CliRunner
from findings import edited
from newsroom import NOW, Newsroom
from newsroom import article as written
from test_index import site

from builder.cli import postil
from builder.model import ArticleId, Related, Shared
from builder.running import suggested


def hints(stories: dict[str, str], *ties: str) -> list[tuple[str, str]]:
    """Path and message of each hint; a tie `a-b` is a link that both show, `a>b` one that a shows."""
    articles = [
        edited("Text.", name=name, story=story, day=28 - number)
        for number, (name, story) in enumerate(stories.items())
    ]
    links = [(tie[0], tie[2]) for tie in ties]
    links += [(tie[2], tie[0]) for tie in ties if tie[1] == "-"]
    related = {
        ArticleId(name): tuple(
            Related(article=ArticleId(to), score=0.5, shared=Shared(), shown=True)
            for start, to in links
            if start == name
        )
        for name in stories
    }
    return [(p.place.path, p.message) for p in suggested(site(articles), related)]


def test_reports_that_hang_together_may_be_a_story():
    assert hints(dict.fromkeys("abcd", ""), "a-b", "b-c", "a-c") == [
        (
            "content/a.md",
            "this report and 2 others seem to be one running story: b, c",
        )
    ]


def test_a_chain_a_pair_and_what_one_side_alone_shows_are_no_story():
    assert hints(dict.fromkeys("abcd", ""), "a-b", "b-c", "c-d") == []
    assert hints(dict.fromkeys("ab", ""), "a-b") == []
    assert hints(dict.fromkeys("abc", ""), "a>b", "b>c", "c>a") == []


def test_a_report_that_is_tied_to_two_of_a_story_may_belong_to_it():
    stories = {"a": "", "b": "The strike", "c": "The strike", "d": "The bell", "e": ""}

    assert hints(stories, "a-b", "a-c", "a-d", "e-b") == [
        ("content/a.md", "this report seems to belong to the story “The strike”")
    ]
    assert hints(stories, "a-b", "a-d") == []


def test_a_hint_is_told_by_check_alone_and_never_counts(tmp_path):
    dockers = "The dockers of Norvik walked out over the night shifts at the container terminal."
    files = {
        f"content/strike-{n}.md": written(f"Dockers walk out, day {n}", f"{dockers} It is day {n}.")
        for n in range(3)
    }
    files |= {
        f"content/other-{n}.md": written(f"Fair number {n}", text)
        for n, text in enumerate(
            (
                "A baker won a prize for a loaf made of rye and caraway seeds in autumn.",
                "Pupils planted forty oaks behind their school to shade the playground.",
                "The chess club lost its fourth match although its captain drew twice.",
                "Engineers repaired the lift of the town hall with parts from a lorry.",
            )
        )
    }
    room = Newsroom.from_files(tmp_path, files).build(strict=True)
    assert room.built is not None
    assert room.built.problems == ()

    found = CliRunner().invoke(
        postil,
        ["check", "--strict", "--site", str(tmp_path), "--now", NOW.isoformat()],
    )

    assert found.exit_code == 0
    assert "hint: this report and 2 others seem to be one running story" in found.output
    assert found.output.endswith("1 hint.\n")
