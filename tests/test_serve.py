"""The preview's server, without a browser: who may come in, what is seen, what is built."""

from __future__ import annotations

import gc
import http.client
import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from ipaddress import ip_address
from pathlib import Path

import pytest
from jinja2 import Template
from markdown_it.token import Token
from newsroom import NOW, Newsroom, article, finder, silent, tree
from tornado.netutil import bind_sockets
from websocket import WebSocketBadStatusException, create_connection

from builder import starter
from builder.build import Wishes, build
from builder.memory import Memory
from builder.model import Article, Edited, Prose
from builder.prose import Parsed
from builder.serve import server
from builder.serve.door import HEADER, Door
from builder.serve.news import Done, Fresh, Task
from builder.serve.watch import Watch
from builder.serve.worker import Press

# --- the door -------------------------------------------------------------------------------------


def asks(method="GET", **headers):
    return method, {name.replace("_", "-"): value for name, value in headers.items()}


PRIVATE = Door("127.0.0.1", 8000)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (asks(Host="127.0.0.1:8000"), True),
        (asks(Host="localhost:8000"), True),
        (asks(Host="[::1]:8000"), True),
        (asks(Host="127.0.0.1:8001"), False),
        (asks(Host="127.0.0.1"), False),
        (asks(Host="evil.example:8000"), False),
        (asks(Host="127.0.0.1.evil.example:8000"), False),
        (asks(Host="192.168.0.7:8000"), False),
        (asks(Host="127.0.0.1:8000@evil.example"), False),
        (asks(Host=""), False),
        (asks(Host="localhost:8000", Origin="http://localhost:8000"), True),
        (asks(Host="localhost:8000", Origin="http://127.0.0.1:8000"), False),
        (asks(Host="localhost:8000", Origin="https://localhost:8000"), False),
        (asks(Host="localhost:8000", Origin="http://evil.example"), False),
        (asks(Host="localhost:8000", Origin="null"), False),
        (asks(Host="localhost:8000", Sec_Fetch_Site="same-origin"), True),
        (asks(Host="localhost:8000", Sec_Fetch_Site="cross-site"), False),
        (asks(Host="localhost:8000", Sec_Fetch_Site="same-site"), False),
    ],
)
def test_only_our_own_pages_come_in(request_, expected):
    assert PRIVATE.admits(*request_) is expected


def test_a_link_somebody_clicked_leads_in_and_a_form_or_a_frame_does_not():
    clicked = {
        "Host": "localhost:8000",
        "Sec_Fetch_Site": "cross-site",
        "Sec_Fetch_Mode": "navigate",
        "Sec_Fetch_Dest": "document",
    }

    assert PRIVATE.admits(*asks(**clicked))
    assert not PRIVATE.admits(*asks("POST", **clicked))
    assert not PRIVATE.admits(*asks(**{**clicked, "Sec_Fetch_Dest": "iframe"}))


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("127.8.0.3", True), ("::1", True), ("0.0.0.0", False), ("::", False)],
)
def test_only_addresses_of_this_machine_are_private(host, expected):
    assert Door(host, 8000).is_private is expected


def test_opened_to_a_network_it_has_addresses_and_no_foreign_name():
    door = Door("0.0.0.0", 8000)

    assert not door.is_private
    assert door.admits(*asks(Host="192.168.0.7:8000"))
    assert not door.admits(*asks(Host="evil.example:8000"))


# --- what was made before -------------------------------------------------------------------------


def test_what_is_made_of_the_same_is_the_same_object_and_anything_else_is_made_anew():
    memory = Memory()
    first = memory.recall("list", "a", lambda: [1], (1, 2))

    assert memory.recall("list", "a", lambda: [2], (1, 2)) is first
    assert memory.recall("list", "a", lambda: [2], (1, 3)) == [2]
    assert memory.recall("list", "b", lambda: [3], (1, 3)) == [3]


def press(room):
    wishes = Wishes(now=NOW, drafts=True)
    return Press(room.root, wishes, is_now=False, analyse=room.analyse)


def once(made, *changes, looked_at=(), give_up=lambda: False):
    events = []
    untold = made.build(Task(frozenset(changes), frozenset(looked_at)), events.append, give_up)
    return events, untold


FILES = {
    "content/register.toml": '[ana-ruiz]\nname = "Ana Ruiz"\nkind = "person"\n',
    "content/one.md": article("One", "Ana Ruiz came. See [[two]].", story="Rain"),
    "content/two.md": article("Two", "Nobody came.", story="Rain"),
    "content/three.md": article("Three", "![A gull](gull.svg)"),
    "content/gull.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
}


def test_after_any_change_the_preview_is_what_a_build_from_nothing_makes(tmp_path):
    room = Newsroom.from_files(tmp_path / "site", FILES, analyse=finder)
    made = press(room)
    once(made)
    said = "“We close at noon,” said Ana Ruiz."
    steps = [
        {"content/one.md": article("One again", "Ana Ruiz left. See [[two]].", story="Rain")},
        {"content/four.md": article("Four", "New.")},
        {"content/two.md": None, "content/one.md": article("One", "Alone.")},
        {"content/gull.svg": "<svg xmlns='http://www.w3.org/2000/svg' width='9'/>"},
        {"content/register.toml": '[ana-ruiz]\nname = "Ana Ruiz-Gil"\nkind = "person"\n'},
        {
            "site.toml": '[site]\ntitle = "Changed"\nurl = "https://tide.example/"\n'
            'notice = "Read [two](https://tide.example/two/) *first*."\n'
        },
        {"templates/assets/site.css": "body { color: teal }"},
        {"content/one.md": article("Uno", "Alone.", slug="uno")},
        {
            "content/one.corrections.toml": '[[corrections]]\ndo = "note"\ntext = "Yes."\n'
            'passage = { exact = "Alone" }\n'
        },
        {"content/two.md": article("Two", said, topics="Rain", story="Rain")},
        {"content/three.md": article("Three", f"See [[two]]. {said}", story="Rain")},
        {"content/two.md": article("Two", f"It rained. {said}", topics="Rain", story="Rain")},
        {"content/two.md": article("Two", said, published="2026-11-22T12:00:00+01:00")},
        # The same moment, written in another way.
        {"content/two.md": article("Two", said, published="2026-11-22T11:00:00+00:00")},
        {"content/register.toml": '[ana-ruiz]\nname = "Ana Ruiz"\nkind = "person"\npage = false\n'},
        {"content/one.corrections.toml": None, "content/one.md": None},
    ]
    for number, step in enumerate(steps):
        room.change(step)
        once(made, *step, looked_at=["one/index.html"])
        clean = tmp_path / f"clean{number}"
        build(
            room.root,
            clean,
            Wishes(now=NOW, drafts=True, cache=tmp_path / f"cache{number}"),
            analyse=room.analyse,
        )
        (clean / ".postil").unlink()

        assert tree(made.folder) == tree(clean)


def test_a_first_site_is_shown(tmp_path):
    starter.init(tmp_path)
    made = Press(tmp_path, Wishes(now=NOW, drafts=True), is_now=False, analyse=silent)

    news: list[Fresh | Done] = []
    made.build(Task(frozenset(), frozenset()), news.append, lambda: False)

    problems = news[-1].news.problems
    assert [str(problem) for problem in problems if problem.level == "error"] == []
    assert (made.folder / "index.html").is_file()


def test_a_cache_that_is_not_there_yet_is_one_that_builds_take(tmp_path):
    room = Newsroom.from_files(tmp_path / "site", FILES)
    wishes = Wishes(now=NOW, drafts=True, cache=tmp_path / "cache")

    events, _ = once(Press(room.root, wishes, is_now=False, analyse=room.analyse))

    assert not events[-1].news.is_stopped
    assert build(room.root, tmp_path / "output", wishes, analyse=room.analyse).outputs


def test_the_open_page_is_there_before_the_others(tmp_path):
    room = Newsroom.from_files(tmp_path, FILES)
    made = press(room)
    once(made)
    room.change({"content/one.md": article("One", "Ana Ruiz sang.")})

    events, untold = once(
        made, "content/one.md", looked_at=["one/index.html"], give_up=lambda: True
    )

    assert [type(each) for each in events] == [Fresh]
    assert events[0].made == {"one/index.html"}
    assert "sang" in (made.folder / "one/index.html").read_text("utf-8")
    assert untold == frozenset()


def test_a_page_that_was_there_first_is_not_told_of_again(tmp_path):
    room = Newsroom.from_files(tmp_path, FILES)
    made = press(room)
    once(made)
    room.change(
        {"content/one.md": article("One", "Ana Ruiz came, too. See [[two]].", story="Rain")}
    )

    (fresh, done), _ = once(made, "content/one.md", looked_at=["one/index.html"])

    assert isinstance(fresh, Fresh)
    assert isinstance(done, Done)
    assert "one/index.html" not in done.changed
    assert "index.html" in done.changed


def test_a_change_nobody_was_told_of_is_told_by_the_next_build(tmp_path):
    room = Newsroom.from_files(tmp_path, FILES)
    made = press(room)
    once(made)

    _, untold = once(made, "content/one.md", give_up=lambda: True)

    assert untold == {"content/one.md"}


@pytest.mark.parametrize(
    "harm",
    [
        {"content/one.md": "+++\ntitle = "},
        {"content/one.md": b"\xff\xfe\x00"},
        {"content/register.toml": "[ana"},
        {"site.toml": "[site"},
        {"site.toml": None},
        {"templates/article.html": "{% if %}"},
        {"content/one.md": article("One", "See [[nothing]].")},
    ],
)
def test_bad_input_leaves_the_last_good_pages_and_is_told_until_it_is_mended(tmp_path, harm):
    room = Newsroom.from_files(tmp_path, FILES)
    made = press(room)
    once(made)
    good = tree(made.folder)
    before = {path: (room.root / path).read_bytes() for path in harm if (room.root / path).exists()}

    room.change(harm)
    ((*_, told), _) = once(made, *harm)
    assert isinstance(told, Done)
    assert told.news.is_stopped
    assert any(p.level == "error" and p.message for p in told.news.problems)
    assert tree(made.folder) == good

    room.change({path: before.get(path) for path in harm})
    ((*_, told), _) = once(made, *harm)
    assert not told.news.is_stopped
    assert tree(made.folder) == good


def test_a_site_that_was_never_sound_has_no_last_good_pages(tmp_path):
    room = Newsroom.from_files(tmp_path, {**FILES, "content/one.md": "+++\ntitle = "})
    made = press(room)
    ((*_, told), _) = once(made)
    assert (told.news.is_stopped, told.news.is_empty) == (True, True)

    room.change({"content/one.md": FILES["content/one.md"]})
    once(made, "content/one.md")
    room.change({"content/one.md": "+++\ntitle = "})
    ((*_, told), _) = once(made, "content/one.md")

    assert (told.news.is_stopped, told.news.is_empty) == (True, False)


def test_a_passage_that_went_does_not_stop_the_preview(tmp_path):
    note = '[[corrections]]\ndo = "note"\npassage = { exact = "came" }\ntext = "Yes."\n'
    room = Newsroom.from_files(tmp_path, {**FILES, "content/one.corrections.toml": note})
    made = press(room)
    once(made)
    room.change({"content/one.md": article("One", "Ana Ruiz was there.")})

    ((*_, told), _) = once(made, "content/one.md", looked_at=["one/index.html"])

    assert [p.code for p in told.news.problems] == ["stale-correction"]
    assert not told.news.is_stopped
    assert "was there" in (made.folder / "one/index.html").read_text("utf-8")


def test_a_deleted_folder_is_told_and_its_return_too(tmp_path):
    room = Newsroom.from_files(tmp_path / "site", FILES)
    made = press(room)
    once(made)
    (room.root / "content").rename(tmp_path / "away")
    ((*_, told), _) = once(made, "content")
    assert told.news.problems[0].code == "no-content"

    (tmp_path / "away").rename(room.root / "content")
    ((*_, told), _) = once(made, "content")
    assert told.news.problems == ()


def test_however_often_an_article_is_saved_no_more_is_remembered(tmp_path):
    room = Newsroom.from_files(tmp_path, FILES, analyse=finder)
    made = press(room)
    once(made)
    room.change({"content/new-1.md": article("New", "Soon.")})
    held = []
    for number in range(8):
        # Every time other words, other names, another correction, another page.
        words = f"“Rain {number},” said Guest{number} Moor. [One {number}](/one/)"
        room.change(
            {
                "content/one.md": article(f"One {number}", words, story=f"Rain {number}"),
                "content/one.corrections.toml": '[[corrections]]\ndo = "note"\n'
                f'text = "*{number}*"\npassage = {{ exact = "Rain {number}" }}\n',
                f"content/new{number}.md": article(f"New {number}", "Soon."),
                f"content/new{number - 1}.md": None,
            }
        )
        ((*_, told), _) = once(made, "content/one.md", looked_at=["one/index.html"])
        assert not told.news.is_stopped, told.news.problems
        gc.collect()
        gc.unfreeze()
        held.append(Counter(type(each) for each in gc.get_objects()))

    def kept(counts):
        return {kind: counts[kind] for kind in (Article, Edited, Prose, Parsed, Token, Template)}

    assert kept(held[-1]) == kept(held[3])
    assert sum(held[-1].values()) <= sum(held[3].values()) * 1.01


def test_what_clean_took_away_meanwhile_comes_back(tmp_path):
    room = Newsroom.from_files(tmp_path, {"content/rain.md": article("Rain", "It rains.")})
    made = press(room)
    once(made)
    before = tree(made.folder)
    (made.folder / "rain/index.html").unlink()

    once(made)

    assert tree(made.folder) == before


def test_drafts_are_named(tmp_path):
    draft = article("Draft", "Soon.").replace("title", "draft = true\ntitle", 1)
    room = Newsroom.from_files(tmp_path, {**FILES, "content/2026/soon.md": draft})

    ((told,), _) = once(press(room))

    assert told.news.drafts == ("2026/soon/",)
    assert told.news.base == "/news/"


# --- seeing changes -------------------------------------------------------------------------------


@pytest.fixture
def watched(tmp_path):
    for name in ("content", "templates", "output"):
        (tmp_path / name).mkdir()
    (tmp_path / "site.toml").write_text("", "utf-8")
    seen, come = [], threading.Event()

    def tell(paths):
        seen.append(paths)
        come.set()

    watch = Watch(tmp_path, tell)
    watch.start()
    time.sleep(0.3)

    def next_():
        assert come.wait(10)
        time.sleep(0.3)
        come.clear()
        found = [*seen]
        seen.clear()
        return found

    yield tmp_path, next_
    watch.stop()


def test_ten_files_saved_at_once_are_one_change(watched):
    root, told = watched

    for number in range(10):
        (root / f"content/{number}.md").write_text("x", "utf-8")

    assert [len(each) for each in told()] == [10]


def test_an_editor_that_saves_by_renaming_and_one_that_leaves_temporary_files(watched):
    root, told = watched
    (root / "content/.a.md.swp").write_text("x", "utf-8")
    (root / "content/a.md~").write_text("x", "utf-8")
    (root / "output/a.html").write_text("x", "utf-8")
    (root / "content/a.new").write_text("x", "utf-8")

    (root / "content/a.new").rename(root / "content/a.md")

    (seen,) = told()
    assert seen == {"content/a.md"}


def test_settings_and_folders_that_go_and_come_back(watched):
    root, told = watched
    (root / "site.toml").write_text("[site]", "utf-8")
    assert told() == [{"site.toml"}]

    (root / "content").rename(root / "gone")
    assert "content" in set().union(*told())
    (root / "gone").rename(root / "content")
    assert "content" in set().union(*told())
    time.sleep(0.7)
    (root / "content/late.md").write_text("x", "utf-8")

    assert "content/late.md" in set().union(*told())


# --- the command ----------------------------------------------------------------------------------


class Served:
    """`postil serve` as a process."""

    def __init__(self, root, *options):
        self.root = root
        self.process = subprocess.Popen(
            [sys.executable, "-m", "builder", "serve", "--site", str(root), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)(/\S*)", self.said)
        assert found, self.process.stderr.read()
        self.port, self.base = int(found[1]), found[2]

    def ask(self, path, method="GET", body=None, **headers):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        link.request(method, path, body, named)
        answer = link.getresponse()
        found = answer.status, answer.read().decode(), answer.headers
        link.close()
        return found

    def page(self, path="", until="<main"):
        for _ in range(300):
            status, text, _ = self.ask(self.base + path)
            if status == 200 and until in text:
                return text
            time.sleep(0.1)
        raise AssertionError(f"{path}: {status}")

    def until(self, path):
        """The headers of a file, as soon as it is there."""
        for _ in range(100):
            status, _, headers = self.ask(path)
            if status == 200:
                return headers
            time.sleep(0.1)
        raise AssertionError(f"{path}: {status}")

    def token(self):
        return re.search(r'data-token="([^"]+)"', self.page())[1]

    def end(self):
        start = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        _, said = self.process.communicate(timeout=20)
        return said, time.monotonic() - start


TOGETHER = pytest.mark.xdist_group("served")
"""One worker of the tests starts what is served."""


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    root = tmp_path_factory.mktemp("served")
    draft = '+++\ntitle = "Rain"\npublished = 2026-11-23\ndraft = true\n+++\n'
    Newsroom.from_files(root, {"content/rain.md": draft, "static/x.txt": "x"}, analyse=silent)
    running = Served(root, "--port", "8123")
    yield running
    said, _ = running.end()
    assert running.process.returncode == 0
    assert "Traceback" not in said


@TOGETHER
def test_pages_are_served_under_the_path_of_the_site_and_kept_by_nobody(served):
    assert served.base == "/news/"
    assert "Rain" in served.page("rain/")
    # The page that is looked at is there before the rest.
    assert served.until("/news/x.txt")["Cache-Control"] == "no-store"
    assert served.ask("/")[2]["Location"] == "/news/"
    assert served.ask("/other/")[0] == 404


@TOGETHER
def test_what_is_not_there_is_the_sites_own_page(served):
    served.page("404.html")
    status, text, _ = served.ask("/news/nothing/")

    assert status == 404
    assert "The Norrhavn Tide" in text


@TOGETHER
def test_nothing_leads_out_of_the_folder(served):
    served.page()
    for path in (
        "/news/../../site.toml",
        "/news/%2e%2e/%2e%2e/site.toml",
        "/news/..%2f..%2fsite.toml",
    ):
        status, text, _ = served.ask(path)
        assert status in {403, 404}
        assert "[site]" not in text


@TOGETHER
def test_a_second_one_finds_another_port(served):
    other = Served(served.root, "--port", str(served.port))
    said, seconds = other.end()

    assert other.port != served.port
    assert seconds < 10
    assert "Traceback" not in said


@pytest.mark.parametrize("signals", [(signal.SIGINT, signal.SIGINT), (signal.SIGKILL,)])
@TOGETHER
def test_it_ends_at_once_and_quietly_and_nothing_of_it_stays(served, signals):
    other = Served(served.root, "--port", "8160")
    pid = other.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    assert children

    for each in signals:
        other.process.send_signal(each)
        time.sleep(0.05)
    out, said = other.process.communicate(timeout=5)

    assert (out, said) == ("", "")
    for child in children:
        state = Path(f"/proc/{child}/stat")
        for _ in range(50):
            if not state.exists() or state.read_text("ascii").rpartition(")")[2].split()[0] == "Z":
                break
            time.sleep(0.1)
        else:
            raise AssertionError(f"{child} goes on")


@TOGETHER
def test_opened_to_a_network_it_says_where_and_that_others_come_in(served):
    other = Served(served.root, "--host", "0.0.0.0", "--port", "8170")
    said = other.process.stderr.readline()
    other.end()

    assert "Whoever can reach this machine" in said


def test_names_to_be_reached_by_are_addresses_that_the_door_admits():
    sockets = bind_sockets(0, "0.0.0.0")
    port = sockets[0].getsockname()[1]
    names = server.names("0.0.0.0", sockets)
    for each in sockets:
        each.close()

    assert names[0] == "127.0.0.1"
    assert all(ip_address(name).is_loopback is (name == names[0]) for name in names)
    assert all(Door("0.0.0.0", port).admits(*asks(Host=f"{name}:{port}")) for name in names)


@TOGETHER
def test_a_stranger_is_refused_everywhere(served):
    token = served.token()
    content = tree(served.root / "content")
    ways = [
        ("GET", "/news/"),
        ("GET", "/__postil/review.js"),
        ("GET", f"/__postil/review/findings?page=/news/rain/&token={token}"),
        ("POST", f"/__postil/review/answer?token={token}"),
        ("POST", f"/__postil/review/undo?token={token}"),
        ("GET", f"/livereload?token={token}"),
    ]
    for method, path in ways:
        for strange in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
            assert served.ask(path, method, "{}", **strange)[0] == 403, (method, path, strange)
    for method, path in ways[2:]:
        bare = path.partition("?")[0]
        assert served.ask(bare, method, "{}")[0] == 403, bare
        wrong = {HEADER: "guess"}
        assert served.ask(bare, method, "{}", **wrong)[0] == 403, bare
    for method in ("GET", "POST"):
        # What livereload offers to whoever asks, nobody can ask for here.
        assert served.ask("/forcereload", method, "", **{HEADER: token})[0] in {404, 405}
    assert tree(served.root / "content") == content


@TOGETHER
def test_livereloads_own_socket_is_for_our_pages_only(served):
    address = f"ws://127.0.0.1:{served.port}/livereload"
    own = f"http://127.0.0.1:{served.port}"
    token = served.token()
    for url, origin in (
        (address, own),
        (f"{address}?token=guess", own),
        (f"{address}?token={token}", "http://evil.example"),
        (f"{address}?token={token}", f"http://localhost:{served.port}"),
    ):
        with pytest.raises(WebSocketBadStatusException) as refused:
            create_connection(url, origin=origin, timeout=10)
        assert refused.value.status_code == 403

    socket = create_connection(f"{address}?token={token}", origin=own, timeout=20)
    socket.send(json.dumps({"command": "hello"}))
    assert json.loads(socket.recv())["command"] == "hello"
    socket.send("not json")
    socket.send("[]")
    socket.send(json.dumps({"command": "info", "path": "/news/rain/"}))
    assert json.loads(socket.recv())["command"] == "postil"
    socket.close()


@TOGETHER
def test_a_request_that_makes_no_sense_is_told_so(served):
    token = {HEADER: served.token()}

    assert served.ask("/__postil/review/answer", "POST", "no json", **token)[0] == 400
    assert served.ask("/__postil/review/answer", "POST", "[]", **token)[0] == 400
    assert served.ask("/__postil/review/answer", "POST", "[" * 60_000, **token)[0] == 400
    assert served.ask("/news/%00")[0] == 404
    assert served.ask("/news/a%00b/")[0] == 404
    assert served.ask("/__postil/review/other", "POST", "{}", **token)[0] == 404
    status, text, _ = served.ask("/__postil/review/answer", "POST", '{"article": "../x"}', **token)
    assert status == 409
    assert "not there any more" in text


def test_what_is_built_has_no_trace_of_preview_or_review(tmp_path):
    room = Newsroom.from_files(tmp_path, FILES)
    once(press(room))
    room.build()

    for path, data in room.tree().items():
        for trace in (
            b"__postil",
            b"livereload",
            b"pv-",
            b"data-token",
            b"data-item",
            b"review.js",
        ):
            assert trace not in data, path
    assert not (room.output / "__postil").exists()
    assert Path(room.root / ".cache/preview/index.html").exists()
