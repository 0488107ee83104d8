"""A site on its way to a host: a real repository at the other end, and all that may go wrong."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from newsroom import NOW, Newsroom, article, reader, tree

from builder import settings
from builder.build import Wishes
from builder.cli import postil
from builder.errors import BuildError
from builder.model import Analysis, Span, Statement
from builder.publish import Published, publish

ADDRESS = "https://example.github.io/tide/"
SITE = f'[site]\ntitle = "The Tide"\nurl = "{ADDRESS}"\n'
REPORT = article("Rain", "“It rains,” she said.\n\nMore in [the log](log.txt).")
SHARE = {"content/rain.md": REPORT, "content/log.txt": "wet\r\nwet\r\n", "site.toml": SITE}


def git(folder: Path, *command: str) -> str:
    done = subprocess.run(["git", "-C", folder, *command], check=True, capture_output=True)
    return done.stdout.decode().strip()


@pytest.fixture(autouse=True)
def _own_git(monkeypatch, tmp_path):
    """Git as on a machine where nothing is configured but a name."""
    (tmp_path / "gitconfig").write_text('[user]\nname = "Ines"\nemail = "ines@tide.example"\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def remote(tmp_path) -> Path:
    folder = tmp_path / "remote.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(folder))
    return folder


@pytest.fixture
def room(tmp_path, remote) -> Newsroom:
    """A site in a repository, its branch pushed."""
    found = Newsroom.from_files(tmp_path / "site", SHARE)
    found.change({".gitignore": ".cache/\n"})
    git(found.root, "init", "--quiet", "--initial-branch=main")
    git(found.root, "remote", "add", "origin", str(remote))
    commit(found, "first")
    return found


def commit(room: Newsroom, message: str) -> None:
    git(room.root, "add", "--all")
    git(room.root, "commit", "--quiet", "--message", message)
    git(room.root, "push", "--quiet", "origin", "main")


def clone(remote: Path, folder: Path, which: str = "main") -> Path:
    git(remote.parent, "clone", "--quiet", "--branch", which, str(remote), str(folder))
    return folder


def put(room: Newsroom, **wishes: bool) -> Published:
    return publish(room.root, Wishes(now=NOW), analyse=room.analyse, **wishes)


def refused(room: Newsroom, **wishes: bool) -> list[str]:
    with pytest.raises(BuildError) as error:
        put(room, **wishes)
    return [problem.code for problem in error.value.problems]


def files(remote: Path, at: str = "gh-pages") -> set[str]:
    return set(git(remote, "ls-tree", "-r", "--name-only", at).splitlines())


# --- what arrives ---------------------------------------------------------------------------------


def test_what_arrives_is_what_a_build_makes_to_the_byte(room, remote, tmp_path):
    room.change({".gitattributes": "* text=auto eol=lf\n"})
    put(room)
    room.build()

    there = tree(clone(remote, tmp_path / "served", "gh-pages"))
    assert there["log.txt"] == b"wet\r\nwet\r\n"
    assert there[".nojekyll"] == b""
    assert b'href="/tide/assets/site.' in there["404.html"]
    assert {path: data for path, data in there.items() if not path.startswith(".git")} == {
        path: data for path, data in room.tree().items() if path != ".postil"
    }


def test_publishing_twice_makes_no_second_commit(room, remote):
    first, second = put(room), put(room)

    assert first.pushed.commit
    assert second.pushed.commit == ""
    assert git(remote, "rev-list", "--count", "gh-pages") == "1"
    room.change({"content/rain.md": REPORT.replace("rains", "pours")})
    assert "rain/index.html" in put(room).pushed.changes.changed
    assert git(remote, "rev-list", "--count", "gh-pages") == "2"


def test_what_is_gone_from_the_site_is_gone_from_the_branch(room, remote):
    room.change({"content/fog.md": article("Fog", "None.")})
    put(room)
    room.change({"content/fog.md": None})

    assert "fog/index.html" in put(room).pushed.changes.removed
    assert "fog/index.html" not in files(remote)


def test_the_working_tree_and_what_is_staged_stay_as_they_are(room):
    room.change({"content/fog.md": article("Fog", "None."), "notes.txt": "mine"})
    git(room.root, "add", "content/fog.md")
    before = git(room.root, "status", "--porcelain=v2", "--branch")

    put(room)

    assert git(room.root, "status", "--porcelain=v2", "--branch") == before


def test_a_domain_of_ones_own_travels_with_every_push(room, remote):
    toml = SITE.replace(ADDRESS, "https://tide.example/")
    room.change({"site.toml": toml + '[publish]\ndomain = "tide.example"\nbranch = "www"\n'})
    put(room)

    assert git(remote, "show", "www:CNAME") == "tide.example"
    room.change({"site.toml": SITE + '[publish]\ndomain = "tide.example"\n'})
    assert refused(room) == ["other-domain"]


def test_a_rehearsal_leaves_no_trace(room, remote):
    put(room)
    room.change({"content/fog.md": article("Fog", "None.")})
    before = tree(room.root / ".git"), tree(remote)

    rehearsed = put(room, rehearse=True)

    assert "fog/index.html" in rehearsed.pushed.changes.new
    assert (tree(room.root / ".git"), tree(remote)) == before


def test_the_command_says_what_it_did(room, monkeypatch):
    monkeypatch.setattr("builder.publish.nlp.analyse", room.analyse)
    call = ["publish", "--site", str(room.root), "--now", "2026-11-24T12:00"]

    def say(*options: str) -> str:
        return CliRunner().invoke(postil, [*call, *options]).output

    assert "  new      rain/index.html\n" in say("--dry-run")
    assert f"is now gh-pages of origin; its host will show it at {ADDRESS}" in say()
    assert say() == "Nothing has changed: gh-pages of origin is as it should be.\n"
    assert "Nothing was published." in say("--base-url", "http://localhost:8000/")


# --- others ---------------------------------------------------------------------------------------


def test_a_remote_that_others_moved_on_is_refused_and_keeps_both(room, remote, tmp_path):
    put(room)
    theirs = clone(remote, tmp_path / "theirs", "gh-pages")
    (theirs / "verified.html").write_text("by the search engine")
    git(theirs, "add", "--all")
    git(theirs, "commit", "--quiet", "--message", "Verified")
    git(theirs, "push", "--quiet")
    room.change({"content/fog.md": article("Fog", "None.")})

    with pytest.raises(BuildError) as error:
        put(room)

    assert [problem.code for problem in error.value.problems] == ["remote-moved"]
    assert "it would lose verified.html" in error.value.problems[0].message
    assert {"verified.html", "rain/index.html"} <= files(remote)
    done = put(room, replace_theirs=True)
    assert done.pushed.dropped == ("verified.html",)
    assert "verified.html" in files(remote, "gh-pages~1")
    assert "fog/index.html" in files(remote) - files(remote, "gh-pages~1")


def test_a_domain_that_was_set_on_the_host_is_not_lost(room, remote, tmp_path):
    put(room)
    theirs = clone(remote, tmp_path / "theirs", "gh-pages")
    (theirs / "CNAME").write_text("tide.example")
    git(theirs, "add", "--all")
    git(theirs, "commit", "--quiet", "--message", "Create CNAME")
    git(theirs, "push", "--quiet")

    with pytest.raises(BuildError) as error:
        put(room)

    assert "[publish] domain" in error.value.problems[0].hint


def test_a_branch_of_somebody_elses_is_not_taken_over(room, remote):
    git(room.root, "push", "--quiet", "origin", "main:gh-pages")

    assert refused(room) == ["remote-moved"]
    assert "content/rain.md" in files(remote)


def test_a_colleague_goes_on_where_the_other_one_stopped(room, remote, tmp_path):
    put(room)
    other = Newsroom(clone(remote, tmp_path / "other"))
    other.change({"content/fog.md": article("Fog", "None.")})
    commit(other, "fog")

    assert put(other).pushed.dropped == ()
    # The first one has not pulled: publishing would take the colleague's report away.
    assert refused(room) == ["remote-moved"]
    assert "fog/index.html" in files(remote)
    git(room.root, "pull", "--quiet", "origin", "main")
    assert not put(room).pushed.changes


# --- what must not go out -------------------------------------------------------------------------


def statement(text: str) -> Analysis:
    at = text.find("“It rains,”")
    if at < 0:
        return Analysis()
    span = Span(at, at + len("“It rains,”"))
    return Analysis(statements=(Statement(content=(span,), form="direct", confidence=1.0),))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"site.toml": '[site]\ntitle = "The Tide"\n'}, "no-address"),
        ({"site.toml": SITE.replace(ADDRESS, "http://127.0.0.1:8000/")}, "local-address"),
        ({"content/fog.md": article("Fog", "[[rain#s-00000000]]")}, "unknown-anchor"),
        ({"content/fog.md": article("Fog", "[[snow]]")}, "unknown-article"),
        ({"content/log.txt": None}, "missing-file"),
        ({"site.toml": SITE + '[publish]\nremote = "upstream"\n'}, "no-remote"),
        ({"site.toml": SITE + '[publish]\nremote = "../nowhere"\n'}, "unreachable-remote"),
    ],
    ids=lambda value: value if isinstance(value, str) else next(iter(value)),
)
def test_with_any_error_nothing_goes_out(room, remote, change, code):
    assert refused(room.change(change)) == [code]
    assert git(remote, "branch", "--list", "gh-pages") == ""


def test_every_link_of_the_finished_pages_leads_somewhere_and_none_to_this_machine(room):
    room.change(
        {
            "static/try.html": '<a href="http://localhost:8000/x">x</a>\n<a href="rain/#gone">x</a>'
            f'<img src="{ADDRESS}gone.png" srcset="gone-480.webp 480w"><a href="missing/">x</a>'
        }
    )

    with pytest.raises(BuildError) as error:
        put(room)

    assert [(str(p.place), p.code) for p in error.value.problems] == [
        ("static/try.html:1", "local-address"),
        ("static/try.html:2", "broken-anchor"),
        ("static/try.html:2", "broken-link"),
        ("static/try.html:2", "broken-link"),
        ("static/try.html:2", "broken-link"),
    ]
    assert all(len(p.hint) < 100 for p in error.value.problems)


def test_an_address_of_this_machine_is_told_once_at_the_line_where_it_was_written(room):
    body = "See [a](http://localhost:8000/x).\n\nAnd [b](http://127.0.0.1/), [c](http://[::1]:80/)."
    room.change({"content/fog.md": article("Fog", body)})

    with pytest.raises(BuildError) as error:
        put(room)

    source = (room.root / "content/fog.md").read_text().splitlines()
    for problem in error.value.problems:
        assert (problem.code, problem.place.path) == ("local-address", "content/fog.md")
        assert problem.message.split()[0] in source[problem.place.line - 1]
    assert {problem.message.split()[0] for problem in error.value.problems} == {
        *("http://localhost:8000/x", "http://127.0.0.1/", "http://[::1]:80/"),
    }
    assert len(error.value.problems) == 3


@pytest.mark.parametrize(
    ("setting", "wrong"),
    [
        ("remote", "--upload-pack=x"),
        ("branch", "a..b"),
        ("branch", "-x"),
        ("branch", "x.lock"),
        ("branch", "a b"),
        ("branch", "HEAD"),
        ("branch", "refs/heads/x"),
        ("domain", "https://tide.example/"),
    ],
)
def test_settings_that_git_would_stumble_over_are_no_settings(tmp_path, setting, wrong):
    (tmp_path / "site.toml").write_text(SITE + f'[publish]\n{setting} = "{wrong}"\n')

    with pytest.raises(BuildError) as error:
        settings.load(tmp_path / "site.toml")
    assert [problem.code for problem in error.value.problems] == ["bad-value"]


def test_reports_that_nobody_reviewed_are_held_where_that_is_wanted(room):
    room.analyse = reader(statement)

    assert put(room, rehearse=True).pushed.changes
    with pytest.raises(BuildError) as error:
        put(room, require_review=True)
    (problem,) = error.value.problems
    assert (problem.code, problem.place.path) == ("unreviewed-statement", "content/rain.md")
    assert problem.message == "nobody checked 1 of 1 statements"
    room.change(
        {
            "content/rain.corrections.toml": '[[corrections]]\ndo = "confirm"\n'
            'passage = { exact = "It rains" }\nby = "Ana"\n'
        }
    )
    assert put(room, require_review=True).pushed.commit


def test_links_to_words_of_scripts_and_comments_are_none(room):
    room.change(
        {
            "static/try.html": '<!-- <a href="gone/"> --><script>"<a href=gone>"</script>'
            '<a href="rain/">x</a><a href="rain">x</a><a href="#top">x</a><a name="here"></a>'
            '<a href="#here">x</a><a href="mailto:a@b.example">x</a><a href="https://else.example/">x</a>'
        }
    )

    assert put(room).pushed.commit


def test_a_link_that_is_none_and_addresses_with_commas_are_told_right(room):
    room.change(
        {
            "static/a,b.pdf": "x",
            "static/try.html": '<a href="http://[">x</a><img srcset="a,b.pdf 1x, c,d.pdf 2.5x">',
        }
    )

    with pytest.raises(BuildError) as error:
        put(room)
    assert [(each.code, each.message) for each in error.value.problems] == [
        ("broken-link", "a link leads to /c,d.pdf, and nothing is there"),
        ("broken-link", "http://[ is no address"),
    ]


def test_what_git_would_leave_out_is_not_published(room):
    room.change({"static/kept/.git/config": "[user]\n"})

    assert refused(room) == ["bad-path"]


def test_a_site_in_a_folder_of_its_repository_is_published(tmp_path, remote):
    room = Newsroom.from_files(tmp_path / "whole" / "site", SHARE)
    git(room.root.parent, "init", "--quiet", "--initial-branch=main")
    git(room.root.parent, "remote", "add", "origin", str(remote))
    git(room.root.parent, "add", "--all")
    git(room.root.parent, "commit", "--quiet", "--message", "first")

    assert put(room).pushed.commit
    assert {"index.html", "log.txt", ".nojekyll"} <= files(remote)
    assert not put(room).pushed.commit


def test_the_branch_of_the_articles_is_never_replaced_by_their_pages(room, remote):
    room.change({"site.toml": SITE + '[publish]\nbranch = "main"\n'})

    assert refused(room, replace_theirs=True) == ["source-branch"]
    git(remote, "update-ref", "-d", "refs/heads/main")
    assert refused(room) == ["source-branch"]
    # Where a branch of that name belongs to another repository it may be what the host serves.
    elsewhere = remote.with_name("pages.git")
    git(remote.parent, "init", "--quiet", "--bare", str(elsewhere))
    room.change({"site.toml": SITE + f'[publish]\nbranch = "main"\nremote = "{elsewhere}"\n'})
    assert put(room).pushed.commit


def test_nothing_of_it_stays_in_the_cache(room):
    put(room)
    before = {path for path in (room.root / ".cache").rglob("*") if path.suffix == ".json"}
    commit(room.change({"content/fog.md": article("Fog", "It is foggy.")}), "fog")
    put(room)

    assert {path for path in (room.root / ".cache").rglob("*") if path.suffix == ".json"} == before


def test_outside_of_a_repository_it_says_so(tmp_path):
    room = Newsroom.from_files(tmp_path / "alone", SHARE)

    assert refused(room) == ["no-repository"]


def test_without_a_name_it_says_so(room):
    config = "[user]\nuseConfigOnly = true\n"
    Path(os.environ["GIT_CONFIG_GLOBAL"]).write_text(config)

    assert refused(room) == ["no-identity"]


def test_a_push_that_is_refused_is_told_in_the_words_of_the_other_end(room, remote):
    hook = remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nprintf 'no \\033[31mpages\\033[0m today\\n' >&2\nexit 1\n")
    hook.chmod(0o755)

    with pytest.raises(BuildError) as error:
        put(room)

    assert error.value.problems[0].code == "push-refused"
    assert error.value.problems[0].message.endswith(
        "refused the push: no pages today; pre-receive hook declined"
    )


def test_a_lock_that_was_left_is_no_push_of_others_and_no_traceback(room, remote):
    put(room)
    commit(room.change({"content/fog.md": article("Fog", "It is foggy.")}), "fog")
    theirs = remote / "refs/heads/gh-pages.lock"
    theirs.write_text("")
    assert refused(room) == ["push-refused"]
    theirs.unlink()

    ours = room.root / ".git/refs/postil/publishing/origin/gh-pages.lock"
    ours.parent.mkdir(parents=True, exist_ok=True)
    ours.write_text("")
    with pytest.raises(BuildError) as error:
        put(room)
    (problem,) = error.value.problems
    assert problem.code == "git-failed"
    assert "cannot lock ref" in problem.message


# --- stopped in the middle ------------------------------------------------------------------------

KILLED = """
import json, os, subprocess, sys, time
from pathlib import Path
from builder.publish import branch

remote, site, new = map(Path, sys.argv[1:4])
paths = sorted(p.relative_to(new).as_posix() for p in new.rglob("*") if p.is_file())
target, count = branch.Target("origin", "gh-pages"), Path(os.environ["COUNT"])
for moment in sys.argv[4:]:
    (new / "index.html").write_text(f"at {moment}")
    count.write_text("")
    child = os.fork()
    if not child:
        os.environ.update(MOMENT=moment, PUSHER=str(os.getpid()))
        branch.push(branch.repository(site), target, new, paths)
        os._exit(0)
    killed = os.WIFSIGNALED(os.waitpid(child, 0)[1])
    time.sleep(0.3 if moment.isalpha() else 0)
    head = subprocess.check_output(["git", "-C", remote, "show", "gh-pages:index.html"])
    print(json.dumps([moment, killed, head.decode()]), flush=True)
"""
SHIM = """#!/bin/sh
# Kills whoever calls, at the call of that number.
printf x >> "$COUNT"
[ "$(wc -c < "$COUNT")" = "$MOMENT" ] && kill -9 "$PUSHER" && exit 1
exec "$GIT" "$@"
"""
HOOK = """#!/bin/sh
[ "$MOMENT" = "${0##*/}" ] && kill -9 "$PUSHER"
exit 0
"""


def test_killed_at_any_moment_the_remote_has_the_old_site_or_the_new_one(room, remote, tmp_path):
    put(room)
    room.build()
    built = room.page("index.html")
    shim = tmp_path / "bin" / "git"
    shim.parent.mkdir()
    hooks = [remote / "hooks" / name for name in ("update", "post-update")]
    for path, text in ((shim, SHIM), *((hook, HOOK) for hook in hooks)):
        path.write_text(text)
        path.chmod(0o755)
    moments = [*map(str, (1, 4, 6, 8, 10, 12, 14, 17, 18, 19)), "update", "post-update", "never"]

    done = subprocess.run(
        [sys.executable, "-c", KILLED, remote, room.root, room.output, *moments],
        env={
            **os.environ,
            # Where what is killed leaves its own.
            "TMPDIR": str(tmp_path),
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PATH": f"{shim.parent}{os.pathsep}{os.environ['PATH']}",
            "GIT": str(shutil.which("git")),
            "COUNT": str(tmp_path / "count"),
            "MOMENT": "never",
        },
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )

    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [moment for moment, killed, _ in told if killed] == moments[:-1]
    before = built
    heads = []
    for moment, _, head in told:
        assert head in {before, f"at {moment}"}
        heads.append(head != before)
        before = head
    assert heads[0] is False
    assert heads[-1] is True
    git(remote, "fsck", "--strict", "--no-dangling")


def test_killed_while_the_other_end_receives_nothing_is_half(room, remote):
    put(room)
    before = git(remote, "rev-parse", "gh-pages")
    for hook in ("pre-receive", "update"):
        path = remote / "hooks" / hook
        # The one that pushes is gone; what waits at the other end then finds nobody.
        path.write_text("#!/bin/sh\nkill -9 $PPID\nsleep 0.1\n")
        path.chmod(0o755)
        room.change({"content/rain.md": REPORT.replace("rains", hook)})
        assert refused(room) == ["push-refused"]
        assert git(remote, "rev-parse", "gh-pages") == before
        path.unlink()
    room.change({"content/rain.md": REPORT.replace("rains", "clears")})
    assert put(room).pushed.commit == git(remote, "rev-parse", "gh-pages")
