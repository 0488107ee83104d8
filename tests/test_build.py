"""The chain as a whole: every mistake in one go, and the law of the clean build."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from newsroom import NOW, Newsroom, article, finder, reader, tree
from PIL import Image

from builder import front_matter
from builder.build import Wishes, build
from builder.errors import BuildError
from builder.model import Analysis, Chain, Mention, Span, Statement
from builder.receipt import Receipts
from builder.render import articles, entities

PORT = article("Port closes", "“We close at noon,” said Ana Ruiz.\n\nThe port was quiet.")
FAIR = article("Fair opens", "The fair opened. See [[port]].", topics="Leisure")


def problems(room: Newsroom, **wishes: object) -> list[tuple[str, int | None, str]]:
    with pytest.raises(BuildError) as caught:
        room.build(**wishes)
    return [(p.place.path, p.place.line, p.code) for p in caught.value.problems]


# --- one site -------------------------------------------------------------------------------------


def test_articles_become_pages(tmp_path):
    room = Newsroom.from_files(tmp_path, {"content/port.md": PORT, "content/fair.md": FAIR}).build()

    assert "We close at noon" in room.page("port/index.html")
    assert 'href="../port/"' in room.page("fair/index.html")
    assert room.built is not None
    assert room.built.written is not None
    assert room.built.written.changed == ()


def test_one_changed_word_changes_no_page_of_another_article(tmp_path):
    more = article("Rain", "It rained on Monday.")
    room = Newsroom.from_files(tmp_path, {"content/port.md": PORT, "content/rain.md": more}).build()
    kept = (room.output / "port/index.html").stat().st_mtime_ns

    room.change({"content/rain.md": more.replace("Monday", "Tuesday")}).build()

    assert room.built.written.new == room.built.written.removed == ()
    assert "rain/index.html" in room.built.written.changed
    assert (room.output / "port/index.html").stat().st_mtime_ns == kept


def test_a_deleted_article_leaves_no_page(tmp_path):
    room = Newsroom.from_files(tmp_path, {"content/port.md": PORT, "content/fair.md": FAIR}).build()

    room.change({"content/fair.md": None}).build()

    assert "fair/index.html" in room.built.written.removed
    assert not (room.output / "fair").exists()


def test_every_mistake_of_every_file_is_told_at_its_line(tmp_path):
    room = Newsroom.from_files(
        tmp_path,
        {
            "content/port.md": PORT,
            "content/broken.md": '+++\ntitel = "No title"\n+++\n\nText.\n',
            "content/dead.md": article("Dead links", "See [[nowhere]].\n\nAnd [x](javascript:x)."),
            "content/stale.md": article("Stale", "Short."),
            "content/stale.corrections.toml": (
                '[[corrections]]\ndo = "ignore"\npassage = { exact = "long gone" }\n'
            ),
            "content/picture.md": article("Picture", "![A crane](crane.jpg)"),
        },
    )

    assert problems(room) == [
        ("content/broken.md", 1, "missing-published"),
        ("content/broken.md", 1, "missing-title"),
        ("content/broken.md", 2, "unknown-key"),
        ("content/dead.md", 6, "unknown-article"),
        ("content/dead.md", 8, "bad-link"),
        ("content/picture.md", 6, "missing-file"),
        ("content/stale.corrections.toml", 1, "stale-correction"),
    ]
    assert not room.output.exists()


def test_a_mistake_in_one_place_hides_no_other_mistake(tmp_path):
    room = Newsroom.from_files(
        tmp_path,
        {
            "content/port.md": PORT.replace("title", 'autors = ["A"]\ntitle').replace(
                "quiet.", "quiet. See [[nowhere]]."
            ),
            "content/port.corrections.toml": (
                '[[corrections]]\ndo = "ignore"\npassage = { exact = "" }\n'
                '[[corrections]]\ndo = "ignore"\npassage = { exact = "long gone" }\n'
                '[[corrections]]\ndo = "ignore"\npassage = { exact = "noon" }\nwhat = "entity"\n'
                '[[corrections]]\ndo = "distinct"\nentity = "Ana Ruiz"\nkey = "Bad Key"\n'
                '[[corrections]]\ndo = "said-by"\npassage = { exact = "noon" }\n'
                'speaker = "nobody-known"\n'
                '[[corrections]]\ndo = "said-by"\npassage = { exact = "noon" }\ndocument = "log"\n'
            ),
        },
        analyse=finder,
    )

    assert problems(room) == [
        ("content/port.corrections.toml", 3, "missing-key"),
        ("content/port.corrections.toml", 4, "stale-correction"),
        ("content/port.corrections.toml", 11, "bad-key"),
        ("content/port.corrections.toml", 15, "unknown-entity"),
        ("content/port.corrections.toml", 19, "unknown-document"),
        ("content/port.md", 2, "unknown-key"),
        ("content/port.md", 9, "unknown-article"),
    ]


def test_links_outside_the_body_are_checked_where_they_stand(tmp_path):
    remark = '[[corrections]]\ndo = "{}"\npassage = {{ exact = "{}" }}\n{} = "{}"\n'
    room = Newsroom.from_files(
        tmp_path,
        {
            "site.toml": '[site]\ntitle = "Tide"\nnotice = "[x](javascript:alert) [y](about.html) '
            '![p](https://x.example/p.png) [z](/fair/)"\n',
            "content/port.md": PORT.replace(
                "+++\n\n",
                '[[notices]]\ndate = 2026-11-23\ntext = "[x](javascript:alert)"\n+++\n\n',
            ),
            "content/port.corrections.toml": remark.format(
                "note", "was quiet", "text", "[x](data:text/html,x), [[nowhere]], ![p](gone.png)"
            )
            + 'by = "x"\n',
            "content/fair.md": FAIR,
            "content/fair.corrections.toml": remark.format(
                "note", "fair", "text", "See [[port]] and [it](https://fair.example/)."
            ),
        },
    )

    assert problems(room) == [
        ("content/port.corrections.toml", 4, "bad-link"),
        ("content/port.corrections.toml", 4, "missing-file"),
        ("content/port.corrections.toml", 4, "unknown-article"),
        ("content/port.corrections.toml", 5, "unknown-key"),
        ("content/port.md", 6, "bad-link"),
        ("site.toml", 3, "bad-link"),
        ("site.toml", 3, "bad-link"),
        ("site.toml", 3, "remote-picture"),
    ]


def test_two_pages_at_one_address_are_told_once(tmp_path):
    same = PORT.replace("title", 'slug = "same"\ntitle')
    room = Newsroom.from_files(
        tmp_path,
        {
            "content/one.md": same,
            "content/two.md": same,
            "content/topics/harbour.md": article("Harbour", "Ships.", topics="Harbour"),
        },
    )

    assert problems(room) == [
        ("content/topics/harbour.md", 1, "reserved-url"),
        ("content/two.md", 2, "same-url"),
    ]


def test_what_only_follows_from_a_mistake_is_not_told(tmp_path):
    room = Newsroom.from_files(
        tmp_path, {"content/fair.md": FAIR, "content/port.md": '+++\ntitle = "Port"\n+++\n\nText.'}
    )

    assert problems(room) == [("content/port.md", 1, "missing-published")]


def test_a_mistake_leaves_the_old_site_as_it_was(tmp_path):
    room = Newsroom.from_files(tmp_path, {"content/port.md": PORT}).build()
    before = room.tree()

    problems(room.change({"content/dead.md": article("Dead", "See [[nowhere]].")}))

    assert room.tree() == before


def test_template_mistakes_are_told_at_their_line(tmp_path):
    room = Newsroom.from_files(
        tmp_path,
        {"content/port.md": PORT, "templates/article.html": "<p>\n{{ nothing_of_that_name }}\n"},
    )

    assert problems(room) == [("templates/article.html", 2, "template-error")]


def test_the_address_of_the_site_can_be_another(tmp_path):
    room = Newsroom.from_files(tmp_path, {"content/port.md": PORT})

    room.build(base_url="https://preview.example/pr/7/")

    assert "https://preview.example/pr/7/port/" in room.page("sitemap.xml")
    assert "tide.example" not in room.page("feed.xml")


def test_an_address_that_is_none_is_told(tmp_path):
    room = Newsroom.from_files(tmp_path, {"content/port.md": PORT})

    assert problems(room, base_url="javascript:x") == [("--base-url", None, "bad-url")]


def test_the_future_is_held_back_until_it_comes(tmp_path):
    later = article("Later", "Soon.", published="2026-11-25")
    room = Newsroom.from_files(tmp_path, {"content/port.md": PORT, "content/later.md": later})

    room.build()
    assert [(a.id, why) for a, why in room.built.held_back] == [("later", "future")]
    assert not (room.output / "later").exists()

    room.build(now=NOW + dt.timedelta(days=1))
    assert room.built.held_back == ()
    assert (room.output / "later" / "index.html").exists()


def test_the_site_is_not_written_over_its_sources(tmp_path):
    room = Newsroom.from_files(tmp_path, {"content/port.md": PORT})

    for folder in (tmp_path, tmp_path / "content", tmp_path / "content" / "out", tmp_path.parent):
        with pytest.raises(BuildError) as caught:
            build(tmp_path, folder, Wishes(now=NOW), analyse=room.analyse)
        assert [p.code for p in caught.value.problems] == ["bad-output"]
    assert (tmp_path / "content/port.md").read_text() == PORT


def test_the_site_is_not_written_over_the_cache(tmp_path):
    room = Newsroom.from_files(tmp_path / "site", {"content/port.md": PORT})
    cache = room.root / ".cache"

    for folder, memory in (
        (cache, None),
        (cache / "site", None),
        (room.output, room.output / "cache"),
        (tmp_path / "elsewhere", tmp_path / "elsewhere"),
    ):
        with pytest.raises(BuildError) as caught:
            build(room.root, folder, Wishes(now=NOW, cache=memory), analyse=room.analyse)
        assert [p.code for p in caught.value.problems] == ["bad-output"]
        assert not folder.exists()


def test_strict_makes_warnings_stop_the_build(tmp_path):
    files = {"content/port.md": PORT, "content/stray.toml": "x = 1\n"}
    room = Newsroom.from_files(tmp_path, files).build()
    assert [p.code for p in room.built.problems] == ["unused-file"]

    assert problems(room, strict=True) == [("content/stray.toml", 1, "unused-file")]


def test_nothing_is_written_where_nothing_is_asked_for(tmp_path):
    room = Newsroom.from_files(tmp_path, {"content/port.md": PORT})

    built = build(tmp_path, None, Wishes(now=NOW, thorough=True), analyse=room.analyse)

    assert not room.output.exists()
    assert built.written is None
    assert [p.code for p in built.problems] == []


def test_a_quotation_without_a_speaker_is_told_when_asked(tmp_path):
    text = article("Talk", "“This is what somebody must have said,” it goes.")
    room = Newsroom.from_files(tmp_path, {"content/talk.md": text})

    built = build(tmp_path, None, Wishes(now=NOW, thorough=True), analyse=room.analyse)

    assert [(p.code, p.level) for p in built.problems] == [("unattributed-quote", "warning")]


def test_a_cache_elsewhere_or_lost_changes_nothing(tmp_path):
    room = Newsroom.from_files(tmp_path / "site", {"content/port.md": PORT}).build()
    before = room.tree()

    room.build(cache=tmp_path / "cache")

    assert room.tree() == before
    assert room.built.written.changed == ()


def test_after_an_edit_only_what_shows_it_is_read_and_made_again(tmp_path, monkeypatch):
    files = {
        "content/port.md": PORT,
        "content/fair.md": FAIR,
        "content/far.md": article("Far away", "Nothing of all that.", published="2026-10-02"),
    }
    room = Newsroom.from_files(tmp_path, files, analyse=finder).build()
    read, made = spied(monkeypatch, front_matter, "read"), spied(monkeypatch, articles, "_page")

    room.change({"content/fair.md": FAIR.replace("The fair opened", "The big fair opened")}).build()

    assert [given[1] for given in read] == ["content/fair.md"]
    # The report that it links to says so.
    assert [given[1].article.id for given in made] == ["fair", "port"]


def speaking(text: str) -> Analysis:
    """Find people, and what they say where it is `“We wait,” said` and their name."""
    names = [
        Span(*found.span()) for found in re.finditer(r"(Ana |Bo |Cai )?(Ruiz|Lind|Dahl)", text)
    ]
    said = [
        Statement(
            content=(Span(name.start - 16, name.start - 6),),
            source=(name,),
            form="direct",
            named=True,
            chain=number,
            rule="subject-of-cue",
        )
        for number, name in enumerate(names)
        if text[: name.start].endswith("“We wait,” said ")
    ]
    chains = [Chain((at,), "person", text[n.start : n.end]) for at, n in enumerate(names)]
    return Analysis(tuple(Mention(name, "person") for name in names), tuple(said), tuple(chains))


def test_a_source_that_is_named_again_changes_only_what_shows_that(tmp_path, monkeypatch):
    files = {
        "content/port.md": article("Port", "“We wait,” said Ana Ruiz. “We wait,” said Bo Lind."),
        "content/fair.md": article("Fair", "“We wait,” said Bo Lind. Cai Dahl did not."),
    }
    room = Newsroom.from_files(tmp_path, files, analyse=reader(speaking)).build()
    assert ">Bo Lind</a>" in room.page("people/ana-ruiz/index.html")
    made = spied(monkeypatch, entities, "_page")

    room.change({"content/late.md": article("Late", "Bo Lind was not there.")}).build()

    # Ana Ruiz’s page leads to his, and says nothing of what reports say of him.
    assert [given[1].key for given in made] == ["bo-lind"]
    assert "2 statements; named in 3 reports" in room.page("people/bo-lind/index.html")


def test_a_name_that_two_come_to_have_changes_only_where_it_stands(tmp_path, monkeypatch):
    files = {
        "content/port.md": article("Port", "“We wait,” said Ruiz."),
        "content/fair.md": article("Fair", "“We wait,” said Lind."),
    }
    room = Newsroom.from_files(tmp_path, files, analyse=reader(speaking)).build()
    made = spied(monkeypatch, articles, "_page")

    # Of a surname alone nobody knows whether it is the same one.
    room.change({"content/late.md": article("Late", "Ruiz came.")}).build()

    assert len({key for key, each in room.built.site.entities.items() if each.name == "Ruiz"}) == 2
    assert [given[1].article.id for given in made] == ["late", "port"]


def test_a_report_more_on_a_topic_changes_no_other_report(tmp_path, monkeypatch):
    files = {"content/port.md": PORT, "content/fair.md": FAIR}
    room = Newsroom.from_files(tmp_path, files, analyse=finder).build()
    made = spied(monkeypatch, articles, "_page")

    more = article("Rain", "It rained on Monday.", topics="Leisure")
    room.change({"content/rain.md": more}).build()

    assert 'href="../topics/leisure/"' in room.page("fair/index.html")
    assert [given[1].article.id for given in made] == ["rain"]


def spied(monkeypatch, module, name: str) -> list[tuple[object, ...]]:
    """What a function is called with from now on."""
    calls: list[tuple[object, ...]] = []
    real = getattr(module, name)
    monkeypatch.setattr(
        module, name, lambda *given, **more: calls.append(given) or real(*given, **more)
    )
    return calls


def picture() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("part", [0.02, 0.3, 0.5, 0.7, 0.98])
def test_a_damaged_cache_changes_nothing(tmp_path, part):
    files = {
        "content/port.md": PORT.replace(
            "\n+++\n", '\nimage = "crane.png"\nimage-alt = "A crane"\n+++\n', 1
        ),
        "content/fair.md": FAIR,
        "content/crane.png": picture(),
    }
    room = Newsroom.from_files(tmp_path / "site", files, analyse=finder).build()
    pictures = {".png", ".avif", ".webp", ".TAG"}
    for file in sorted((room.root / ".cache").rglob("*")):
        if file.is_file() and file.stat().st_size and file.suffix not in pictures:
            data = bytearray(file.read_bytes())
            data[int(len(data) * part)] ^= 0x80
            file.unlink()  # It may be a file of the site under a second name.
            file.write_bytes(data)

    room.change({"content/fair.md": FAIR.replace("Fair", "Small fair")}).build()

    other = Newsroom.from_files(tmp_path / "other", files, analyse=finder)
    other.change({"content/fair.md": FAIR.replace("Fair", "Small fair")}).build()
    assert room.tree() == other.tree()


def test_a_cache_that_takes_no_pictures_is_told(tmp_path):
    files = {"content/port.md": PORT, "content/crane.png": picture()}
    room = Newsroom.from_files(
        tmp_path, {**files, ".cache/CACHEDIR.TAG": "", ".cache/pictures": ""}
    )

    with pytest.raises(BuildError) as caught:
        room.build()

    assert [each.code for each in caught.value.problems] == ["unwritable-cache"]


# --- the same bytes -------------------------------------------------------------------------------

ALONE = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from newsroom import Newsroom, finder
Newsroom(Path(sys.argv[1]), analyse=finder).build()
"""


def test_two_builds_of_the_same_input_are_the_same_bytes(tmp_path):
    here = Path(__file__).parent
    files = {
        "content/port.md": PORT,
        "content/fair.md": FAIR,
        "content/2026/more.md": article("More", "Ana Ruiz, again.", story="The port"),
    }
    trees = []
    for seed in ("0", "1", "4711"):
        root = tmp_path / seed / "site"
        Newsroom.from_files(root, files)
        path = os.pathsep.join([str(here.parent), str(here)])
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path, "TZ": f"Etc/GMT+{seed[0]}"}
        call = [sys.executable, "-c", ALONE.format(tests=str(here)), str(root)]
        subprocess.run(call, env=env, check=True)
        trees.append(tree(root / "output"))

    assert trees[0] == trees[1] == trees[2]
    assert len(trees[0]) > 10


# --- the law of the clean build -------------------------------------------------------------------

IDS = st.sampled_from(["port", "fair", "2026/rain", "2026/index", "old/harbour"])
BODIES = st.sampled_from(
    [
        "It rained.",
        "“We close at noon,” said Ana Ruiz.",
        "“We close at noon,” said Ana Ruiz. She *went* home.\n\n| a | b |\n|---|---|\n| 1 | 2 |",
        "Read [the report](https://example.org/).",
    ]
)
CORRECTIONS = st.sampled_from(
    [
        'do = "ignore"\npassage = { exact = "Ana Ruiz" }',
        'do = "said-by"\npassage = { exact = "We close at noon" }\nunnamed = "a docker"',
        'do = "note"\npassage = { exact = "close at noon" }\ntext = "By the harbour’s *own* clock."',
        'do = "confirm"\npassage = { exact = "We close at noon" }\nby = "jl"',
    ]
)


class Editors(RuleBasedStateMachine):
    """Editors at work, and builds that are killed; after every build that comes to its end the output
    is that of a build from nothing.
    """

    folder: Path

    @initialize()
    def begin(self) -> None:
        Editors.number = getattr(Editors, "number", 0) + 1
        self.home = Editors.folder / str(Editors.number)
        self.room = Newsroom.from_files(
            self.home / "site", {"content/first.md": article("First", "Words.")}, analyse=finder
        )
        self.bodies: dict[str, str] = {}
        self.corrected: set[str] = set()
        self.builds, self.takes = 0, 0.0

    @rule(
        name=IDS,
        body=BODIES,
        title=st.sampled_from(["Rain", "Quay"]),
        topics=st.sampled_from(["", "Harbour", "Weather"]),
    )
    def write(self, name, body, title, topics) -> None:
        if name in self.corrected:
            return
        more = {"topics": topics} if topics else {}
        self.room.change({f"content/{name}.md": article(title, body, **more)})
        self.bodies[name] = body

    @rule(name=IDS)
    def delete(self, name) -> None:
        if self.bodies.pop(name, None) is not None:
            self.room.change({f"content/{name}.md": None})
            if name in self.corrected:
                self.room.change({f"content/{name}.corrections.toml": None})
                self.corrected.discard(name)

    @rule(name=IDS, other=IDS)
    def rename(self, name, other) -> None:
        if name in self.bodies and other not in self.bodies and name not in self.corrected:
            text = (self.room.root / f"content/{name}.md").read_text(encoding="utf-8")
            self.room.change({f"content/{name}.md": None, f"content/{other}.md": text})
            self.bodies[other] = self.bodies.pop(name)

    @rule(name=IDS, what=CORRECTIONS)
    def correct(self, name, what) -> None:
        if "We close" in self.bodies.get(name, ""):
            self.room.change({f"content/{name}.corrections.toml": f"[[corrections]]\n{what}\n"})
            self.corrected.add(name)

    @rule(known=st.sampled_from(["", "page = false\n", 'roles = [{ title = "pilot" }]\n']))
    def register(self, known) -> None:
        text = f'[ana-ruiz]\nname = "Ana Ruiz"\nkind = "person"\n{known}'
        self.room.change({"content/register.toml": text})

    @rule(size=st.integers(1, 3))
    def resize(self, size) -> None:
        self.room.change({"site.toml": f'[site]\ntitle = "Tide"\npage-size = {size}\n'})

    @rule(part=st.sampled_from([0.1, 0.3, 0.5, 0.7, 0.85, 0.95]))
    def build_and_be_killed(self, part) -> None:
        child = os.fork()
        if child == 0:
            try:
                self.room.build()
            finally:
                os._exit(0)
        time.sleep(part * self.takes)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

    @rule()
    def rest(self) -> None:
        """Nothing changes."""

    @rule()
    def lose_the_cache(self) -> None:
        cache = self.room.root / ".cache"
        for path in sorted(cache.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()

    @invariant()
    def the_site_is_that_of_a_build_from_nothing(self) -> None:
        if not hasattr(self, "room"):
            return
        self.builds += 1
        stands = Receipts.of(self.room.root, self.room.output, Wishes(now=NOW)).outcome()
        before = tree(self.room.output)
        start = time.perf_counter()
        self.room.build()
        self.takes = time.perf_counter() - start
        # Where there is said to be nothing to do, there is nothing to do.
        assert stands is None or self.room.tree() == before
        clean = self.home / f"clean-{self.builds}"
        build(
            self.room.root,
            clean,
            Wishes(now=NOW, cache=self.home / f"cache-{self.builds}"),
            analyse=finder,
        )

        assert self.room.tree() == tree(clean)


def test_after_any_edits_the_site_is_that_of_a_build_from_nothing(tmp_path):
    from hypothesis.stateful import run_state_machine_as_test

    Editors.folder = tmp_path
    run_state_machine_as_test(
        Editors,
        settings=settings(
            deadline=None,
            max_examples=5,
            stateful_step_count=7,
            suppress_health_check=list(HealthCheck),
        ),
    )


# --- with the real language model -----------------------------------------------------------------


def test_with_the_real_model_a_second_build_reads_and_changes_nothing(tmp_path):
    text = (
        "The ferry will not sail on Sundays, said Milena Strnadkova, who runs it.\n\n"
        "“We have no crew for it,” she said on Tuesday."
    )
    room = Newsroom.with_model(tmp_path, {"content/ferry.md": article("Ferry stays", text)}).build()
    assert "no crew" in room.page("ferry/index.html")
    assert room.built.site.articles[0].statements

    told: list[tuple[int, int]] = []
    again = build(tmp_path, room.output, Wishes(now=NOW), progress=lambda *done: told.append(done))

    assert again.written.unchanged == again.outputs
    assert told == []


# --- what is not there ----------------------------------------------------------------------------


def test_a_link_to_a_report_that_has_expired_stops_nothing_and_shows_its_words(tmp_path):
    old = article("A secret headline", "It was.", published="2026-11-01", expires="2026-11-20")
    body = (
        "See [[old]], or [what we wrote](/port/), or [[old|what *we* wrote then]]. Then [[port]]."
    )
    room = Newsroom.from_files(
        tmp_path,
        {"content/old.md": old, "content/fair.md": article("Fair", body), "content/port.md": PORT},
    ).build()

    page = room.page("fair/index.html")
    assert "See an earlier report, or" in page
    assert "or what <em>we</em> wrote then." in page
    assert 'Then <a href="../port/">Port closes</a>' in page
    assert "A secret headline" not in page
    assert room.built is not None
    assert {(p.code, p.level) for p in room.built.problems} == {("held-back-link", "warning")}


def test_a_dispute_with_a_report_that_has_expired_is_left_out_with_a_warning(tmp_path):
    old = article("Old", "“We close at noon,” said Ana Ruiz.", expires="2026-11-20")
    dispute = (
        '[[corrections]]\ndo = "disputes"\npassage = { exact = "We close at noon" }\n'
        'by = { exact = "We close at noon" }\narticle = "old"\n'
    )
    room = Newsroom.from_files(
        tmp_path,
        {"content/old.md": old, "content/port.md": PORT, "content/port.corrections.toml": dispute},
        analyse=finder,
    ).build()

    assert "isputed by" not in room.page("port/index.html")
    assert room.built is not None
    (problem,) = room.built.problems
    assert (problem.code, problem.level) == ("held-back-link", "warning")
    assert problem.message == (
        "this dispute is not shown, since [[old]] is not published: it has expired"
    )


def test_the_menu_must_lead_somewhere(tmp_path):
    menu = "".join(
        f'\n[[menu]]\nname = "{link}"\nlink = "{link}"\n'
        for link in ("/", "/port/", "topics/leisure/", "/topics/leisur/#a", "https://a.example/x")
    )
    room = Newsroom.from_files(
        tmp_path,
        {
            "site.toml": f'[site]\ntitle = "Tide"\n{menu}',
            "content/port.md": PORT,
            "content/fair.md": article("Fair", "It.", published="2026-11-20").replace(
                "+++\n\n", 'topics = ["Leisure"]\n+++\n\n'
            ),
        },
    )

    with pytest.raises(BuildError) as caught:
        room.build()

    (problem,) = caught.value.problems
    assert (problem.code, problem.place.line) == ("missing-page", 18)
    assert problem.hint == "did you mean /topics/leisure/?"


def test_without_the_search_the_menu_does_not_lead_there(tmp_path):
    menu = '[[menu]]\nname = "Search"\nlink = "/search/"\n'
    room = Newsroom.from_files(
        tmp_path,
        {"site.toml": f'[site]\ntitle = "Tide"\n{menu}', "content/port.md": PORT},
    ).build()

    assert "search/" not in room.page("index.html")


@pytest.mark.parametrize("alias", ["fair/index.md", "robots.txt", "archive", "fair/embed/"])
def test_an_old_address_that_is_taken_is_told_with_its_article(tmp_path, alias):
    room = Newsroom.from_files(
        tmp_path,
        {
            "content/port.md": PORT.replace("+++\n\n", f'aliases = ["{alias}"]\n+++\n\n'),
            "content/fair.md": article("Fair", "It opens."),
        },
    )

    with pytest.raises(BuildError) as caught:
        room.build()

    (problem,) = caught.value.problems
    assert (problem.code, problem.place.path) == ("same-url", "content/port.md")


def test_the_author_of_the_site_writes_what_names_no_other(tmp_path):
    room = Newsroom.from_files(
        tmp_path,
        {
            "site.toml": '[site]\ntitle = "Tide"\nauthor = "Jane Doe"\n',
            "content/port.md": article("Port", "It."),
            "content/fair.md": article("Fair", "It.", author="Ada Brandt"),
        },
    ).build()

    assert ">Jane Doe</a>" in room.page("port/index.html")
    assert ">Jane Doe</a>" not in room.page("fair/index.html")
    assert "Port" in room.page("authors/jane-doe/index.html")


def test_the_notice_may_lead_to_pages_from_the_top_and_to_none_that_is_not_there(tmp_path):
    site = '[site]\ntitle = "Tide"\nurl = "https://tide.example/news/"\nnotice = "[x](/{}/)"\n'
    files = {"site.toml": site.format("port"), "content/2026/port.md": PORT}
    room = Newsroom.from_files(tmp_path, {**files, "content/port.md": PORT}).build()

    assert '<a href="../../port/">x</a>' in room.page("2026/port/index.html")
    room.change({"site.toml": site.format("prot")})
    with pytest.raises(BuildError) as caught:
        room.build()

    (problem,) = caught.value.problems
    assert (problem.code, problem.place.line) == ("missing-page", 4)
    assert problem.hint == "did you mean /port/?"


def test_what_only_the_register_knows_is_not_missed_while_that_is_broken(tmp_path):
    known = '[ana-ruiz]\nname = "Ana Ruiz"\nkind = "person"\n'
    said = (
        '[[corrections]]\ndo = "said-by"\npassage = { exact = "The port was quiet" }\n'
        'speaker = "ana-ruiz"\n\n[[corrections]]\ndo = "note"\n'
        'passage = { exact = "nowhere to be found" }\ntext = "x"\n'
    )
    room = Newsroom.from_files(
        tmp_path,
        {
            "content/port.md": PORT,
            "content/port.corrections.toml": said,
            "content/register.toml": f"{known}[x\n",
        },
    )

    assert problems(room) == [("content/register.toml", 4, "bad-toml")]
    room.change({"content/register.toml": known})
    assert problems(room) == [("content/port.corrections.toml", 6, "stale-correction")]
