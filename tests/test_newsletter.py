"""Mails of reports: what is in them, what must not be, and what a real server gets."""

from __future__ import annotations

import datetime as dt
import email
import email.errors
import email.policy
import re
import socket
import ssl
from html import unescape
from pathlib import Path

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from click.testing import CliRunner
from hand_set import NOWHERE, RELATED, SETTINGS, article, edited, example, joined
from hypothesis import given, strategies
from msgspec.structs import replace
from newsroom import Newsroom
from newsroom import article as file

from builder import newsletter as room
from builder import settings as setting
from builder.build import Built
from builder.cli import postil
from builder.errors import BuildError
from builder.newsletter import PRESETS, chosen, newsletter, send_test
from builder.newsletter.mail import CLIPPED, WARNED, Mail, message, one_line, parsed
from builder.render.plaintext import as_text
from builder.settings import NewsletterSettings, SmtpSettings

LETTER = NewsletterSettings(
    title="The Tide by mail",
    sender="The Tide <news@tide.example>",
    intro="Good *morning*.",
    sign_off="[Write to us](mailto:us@tide.example).",
    address="Quay 1, Norrhavn",
    unsubscribe="https://tide.example/leave",
    list_id="news.tide.example",
)
NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


def built(site=None, letter: NewsletterSettings = LETTER, **changes) -> Built:
    settings = replace(SETTINGS, newsletter=letter)
    return Built(
        site=site or example(),
        settings=replace(settings, site=replace(settings.site, **changes)),
        related=RELATED,
        held_back=(),
        outputs=0,
        problems=(),
        notice="",
        timings=(),
        written=None,
        now=NOW,
    )


def issue(site=None, **wanted):
    one = built(site)
    ids = [each.article.id for each in one.site.articles]
    return newsletter(one, NOWHERE, ids, **wanted)


def parts(eml: bytes) -> tuple[email.message.EmailMessage, str, str]:
    found = email.message_from_bytes(eml, policy=email.policy.default)
    text, html = found.iter_parts()
    return found, text.get_content(), html.get_content()


def words_of(html: str) -> str:
    return " ".join(
        unescape(re.sub(r"<style>.*?</style>|<[^>]*>", "", html, flags=re.DOTALL)).split()
    )


# --- what is in it --------------------------------------------------------------------------------


def test_the_file_reads_back_with_text_first_and_headers_as_they_should_be():
    found, text, html = parts(issue(subject="Two reports").eml)

    assert found.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]
    assert found["Subject"] == "Two reports"
    assert found["From"].addresses[0].addr_spec == "news@tide.example"
    assert found["X-Unsent"] == "1"
    assert found["List-Unsubscribe"] == "<https://tide.example/leave>"
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert found["List-Id"] == "<news.tide.example>"
    assert "Good morning." in text
    assert "Good <em>morning</em>." in html
    for form in (text, html):
        assert "Quay 1, Norrhavn" in form
        assert "https://tide.example/leave" in form


def test_both_forms_carry_every_note_under_its_number():
    _, text, html = parts(issue().eml)

    bare, flat = words_of(html), " ".join(text.split())
    notes = re.findall(r"<li[^>]*>(.*?)</li>", html, re.DOTALL)
    assert len(notes) > 5
    for note in notes:
        assert words_of(note).partition(".")[0] in flat
    for number in range(1, 5):
        assert f"[{number}]" in bare
        assert f"[{number}] " in text
    assert re.search(
        r'<sup[^>]*><a href="https://tide.example/news/2026/ferry/#n1"[^>]*>\[1\]</a>', html
    )
    assert re.search(r'<span class="q" style="background-color:[^"]*;color:[^"]*">“', html)


def test_every_link_is_a_whole_address_and_nothing_needs_a_style_sheet():
    html = issue().mail.html

    links = re.findall(r'(?:href|src)="([^"]*)"', html)
    assert len(links) > 10
    assert [link for link in links if not re.match(r"https://|mailto:", link)] == []
    assert html.count("<style>") == 1
    assert not re.search(r"<(script|link|form|details|iframe|svg)\b|position:|var\(|popover", html)
    assert "<h1" in html.partition("<h2")[0]
    assert html.index("<title>") < html.index("<style>")
    assert len(re.search(r'class="pre"[^>]*>([^<]*)<', html)[1]) <= 100


def test_a_report_that_is_only_announced_has_its_beginning_and_its_sourcing_line():
    one = built()
    ids = [each.article.id for each in one.site.articles]
    made = newsletter(one, NOWHERE, ids, announced=ids).mail

    assert "[1]" not in made.text
    assert "5 statements" in made.text or "statements, " in made.text
    assert made.html.count("Read on the web") == len(ids)
    assert made.size < issue().mail.size


def test_whoever_is_kept_off_is_in_no_mail():
    from hand_set import here, said

    source = article("a", "A birth", "“She is well,” said Dora Vane.\n\nDora Vane slept.")
    from builder.model import EntityKey, Known

    known = Known(key=EntityKey("dora-vane"), kind="person", name="Dora Vane", page=False)
    text = "“She is well,” said Dora Vane.\n\nDora Vane slept."
    dora = here("dora-vane", "Dora Vane", "person", "Dora Vane")
    says = said(text, "“She is well,”", by="dora-vane", name="Dora Vane")
    site = joined([edited(source, {"Dora Vane": dora}, [says])], register=[known])

    made = issue(site).mail

    assert "Dora" not in made.html + made.text
    assert "[name withheld] slept." in made.text


def test_a_site_has_templates_of_its_own(tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "newsletter.html").write_text(
        '{% extends "theme/newsletter.html" %}{% block footer %}Ahoy.{% endblock %}'
    )
    one = built()

    made = newsletter(one, tmp_path, [one.site.articles[0].article.id])

    assert "Ahoy." in made.mail.html
    assert "Quay 1" not in made.mail.html


def test_two_issues_of_the_same_reports_are_the_same_bytes():
    assert issue().eml == issue().eml


def test_without_an_address_links_would_lead_nowhere():
    one = built(url="")
    with pytest.raises(BuildError) as error:
        newsletter(one, NOWHERE, [one.site.articles[0].article.id])
    assert error.value.problems[0].code == "no-address"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One<br>two</p><p>three</p>", "One\ntwo\n\nthree"),
        ('<p><a href="https://a.example/">Here</a></p>', "Here <https://a.example/>"),
        ('<p>“So”<sup><a href="https://a.example/#n1">[1]</a></sup></p>', "“So”[1]"),
        ("<ul><li>a</li><li><p>b</p><p>c</p></li></ul>", "- a\n\n- b\n\nc"),
        ("<ol start='3'><li>a</li><li>b<ul><li>c</li></ul></li></ol>", "3. a\n\n4. b\n\n  - c"),
        ("<blockquote><p>a</p></blockquote><p>b</p>", "> a\n\nb"),
        ("<pre>a\n  b</pre>", "    a\n      b"),
        ("<table><tr><th>a</th><td>b</td></tr><tr><td>c</td></tr></table>", "a | b\n\nc"),
        ('<p><img src="x.png" alt="A pier"></p><hr><p>5 &lt; 6</p>', "[A pier]\n\n* * *\n\n5 < 6"),
    ],
)
def test_plain_html_as_text(html, text):
    assert as_text(html) == text


# --- size -----------------------------------------------------------------------------------------


def long(name: str, words: int):
    return edited(article(name, name.title(), "\n\n".join(["Rain fell all day long."] * words)))


def test_a_mail_that_would_be_cut_off_is_refused_with_what_to_shorten():
    site = joined([long("short", 10), long("longest", 1000), long("longer", 900)])

    with pytest.raises(BuildError) as error:
        issue(site)

    (problem,) = error.value.problems
    assert problem.code == "clipped-mail"
    assert problem.hint.split("line: ")[1] == "--lead longest"
    made = newsletter(
        built(site), NOWHERE, [each.article.id for each in site.articles], announced=["longest"]
    )
    assert made.mail.size < WARNED


def test_a_mail_that_is_nearly_as_long_is_warned_of():
    made = issue(joined([long("a", 700), long("b", 700)]))

    assert WARNED <= made.mail.size < CLIPPED
    assert [(p.code, p.level) for p in made.problems] == [("long-mail", "warning")]


# --- services -------------------------------------------------------------------------------------

TAGS = "{{ 7 }} {% if x %} {# x #} {$unsubscribe} *|UNSUB|* {{{ 8 }}}"


@pytest.mark.parametrize("preset", room.NAMES)
def test_a_service_finds_its_own_tags_and_none_in_the_texts(preset):
    site = joined([edited(article("a", f"Tags: {TAGS}", f"They write {TAGS}. `{TAGS}`"))])
    tags = PRESETS[preset]

    made = issue(site, preset=preset).mail

    begun = re.compile(tags.opening)
    own = [tags.unsubscribe, tags.browser]
    for form, address in ((made.html, tags.address), (made.text, tags.address_text)):
        rest = form
        for tag in filter(None, [*own, address]):
            assert form.count(tag) == 1
            rest = rest.replace(tag, "")
        assert "postil:" not in rest
        assert not begun.search(rest)
    assert TAGS in words_of(made.html)
    assert TAGS in " ".join(made.text.replace("\u2060", "").split())
    assert ("https://tide.example/leave" in made.html) == (preset == "plain")


def test_only_a_plain_mail_has_headers_that_services_set_themselves():
    assert "List-Id" in parts(issue(preset="plain").eml)[0]
    assert "List-Unsubscribe" not in parts(issue(preset="listmonk").eml)[0]


# --- headers --------------------------------------------------------------------------------------

INJECTED = "Rain\r\nBcc: mallory@evil.example\r\n\r\n<p>Hello"


def test_no_title_and_no_subject_makes_a_header():
    site = joined([edited(article("a", INJECTED, "Rain."))])

    for made in (issue(site), issue(site, subject=INJECTED)):
        found, _, _ = parts(made.eml)
        assert set(found.keys()) == {
            *("Subject", "From", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Id"),
            *("X-Unsent", "MIME-Version", "Content-Type"),
        }
        assert found["Subject"] == "Rain Bcc: mallory@evil.example <p>Hello"


@given(strategies.text(), strategies.text())
def test_whatever_a_subject_and_a_name_hold_the_headers_are_those_that_were_meant(subject, name):
    letter = NewsletterSettings(sender=f"{name} <a@tide.example>")
    mail = Mail(subject=one_line(subject), html="<p>x</p>", text="x")
    try:
        made = message(mail, letter, PRESETS["plain"])
    except (ValueError, IndexError, email.errors.MessageError):
        return  # Refused, as settings refuse it before.
    found = email.message_from_bytes(made.as_bytes(), policy=email.policy.default)

    assert set(found.keys()) <= {"Subject", "From", "X-Unsent", "MIME-Version", "Content-Type"}
    assert "".join(found["Subject"].split()) == "".join(one_line(subject).split())


@pytest.mark.parametrize(
    "line",
    [
        r'sender = "The Tide\r\nBcc: m@evil.example <news@tide.example>"',
        r'sender = "The Tide <news@tide.example\r\nBcc: m@evil.example>"',
        'sender = "nobody"',
        r'unsubscribe = "https://tide.example/\r\nBcc: m@evil.example"',
        'unsubscribe = "javascript:alert(1)"',
        r'list-id = "a.example>\r\nBcc: m@evil.example"',
    ],
)
def test_settings_that_would_break_a_header_are_refused(tmp_path, line):
    (tmp_path / "site.toml").write_text(f'[site]\ntitle = "T"\n[newsletter]\n{line}\n')

    with pytest.raises(BuildError) as error:
        setting.load(tmp_path / "site.toml")
    assert {problem.code for problem in error.value.problems} <= {"bad-value", "control-character"}


# --- choosing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"articles": ["strike", "content/2026/ferry.md"]}, ["2026/strike", "2026/ferry"]),
        ({"articles": ["ferry.md", "2026/ferry"]}, ["2026/ferry"]),
        ({"topics": ["work"]}, ["2026/strike"]),
        (
            {"stories": ["the-late-terminal"], "articles": ["2026/strike"]},
            ["2026/strike", "2026/ferry"],
        ),
        ({"since": dt.datetime(2026, 11, 18, tzinfo=dt.UTC)}, ["2026/ferry"]),
        ({"topics": ["Ports"], "since": dt.datetime(2026, 11, 18, tzinfo=dt.UTC)}, ["2026/ferry"]),
    ],
    ids=str,
)
def test_reports_are_chosen(wanted, found):
    assert list(chosen(example(), **wanted)) == found


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({}, "empty-issue"),
        ({"since": NOW}, "empty-issue"),
        ({"articles": ["2026/ferri"]}, "unknown-choice"),
        ({"topics": ["Port"]}, "unknown-choice"),
        ({"stories": ["Nothing"]}, "unknown-choice"),
    ],
    ids=str,
)
def test_what_is_not_there_is_told(wanted, code):
    with pytest.raises(BuildError) as error:
        chosen(example(), **wanted)
    assert error.value.problems[0].code == code


# --- sending --------------------------------------------------------------------------------------


class Inbox:
    def __init__(self):
        self.got = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - its name there
        self.got.append(envelope)
        return "250 OK"


def login(_server, _session, _envelope, _mechanism, data):
    is_right = (data.login, data.password) == (b"ana", b"harbour")
    return AuthResult(success=is_right, handled=False)


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(params=["none", "starttls", "tls"])
def server(request, authority):
    """A real server on this machine, with the security that servers want."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    security, inbox = request.param, Inbox()
    options = {
        "none": {"auth_require_tls": False},
        "starttls": {"tls_context": context, "require_starttls": True},
        "tls": {"ssl_context": context, "auth_require_tls": False},
    }[security]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=port,
        authenticator=login,
        auth_required=True,
        **options,
    )
    # The controller's own knock would not trust the certificate.
    controller._trigger_server = lambda: socket.create_connection(("127.0.0.1", port)).close()
    controller.start()
    yield SmtpSettings(host="127.0.0.1", port=port, security=security, user="ana"), inbox
    controller.stop()


@pytest.fixture
def trusted(authority):
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


WARNS = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
"""The server's own words on what these servers are like."""


@WARNS
def test_one_copy_goes_to_the_server(server, trusted, monkeypatch):
    settings, inbox = server
    monkeypatch.setenv("POSTIL_SMTP_PASSWORD", "harbour")

    send_test(
        parsed(issue(subject="Two – reports").eml), "ana@tide.example", settings, NOW, trusted
    )

    (envelope,) = inbox.got
    assert envelope.mail_from == "news@tide.example"
    assert envelope.rcpt_tos == ["ana@tide.example"]
    found, text, html = parts(envelope.content)
    assert (found["Subject"], found["To"]) == ("Two – reports", "ana@tide.example")
    assert found["Date"].datetime == NOW
    assert "X-Unsent" not in found
    assert "Good morning." in text
    assert html.replace("\r\n", "\n").strip() == issue(subject="Two – reports").mail.html.strip()


@WARNS
def test_a_wrong_password_and_a_strange_certificate_are_told(server, trusted, monkeypatch):
    settings, inbox = server
    monkeypatch.setenv("POSTIL_SMTP_PASSWORD", "wrong")
    mail = parsed(issue().eml)

    with pytest.raises(BuildError, match="login"):
        send_test(mail, "ana@tide.example", settings, NOW, trusted)
    if settings.security != "none":
        with pytest.raises(BuildError, match="certificate"):
            send_test(mail, "ana@tide.example", settings, NOW)
    assert inbox.got == []


@pytest.mark.parametrize(
    ("to", "smtp", "sender", "code"),
    [
        ("a@b.example\r\nBcc: c@d.example", SmtpSettings(host="h"), "a@b.example", "bad-recipient"),
        ("a@b.example, c@d.example", SmtpSettings(host="h"), "a@b.example", "bad-recipient"),
        ("Ana <a@b.example>", SmtpSettings(host="h"), "a@b.example", "bad-recipient"),
        ("a@b.example", SmtpSettings(), "a@b.example", "no-smtp"),
        ("a@b.example", SmtpSettings(host="h"), "", "no-sender"),
        ("a@b.example", SmtpSettings(host="127.0.0.1", port=1), "a@b.example", "not-sent"),
    ],
)
def test_a_copy_that_cannot_be_sent_says_why(to, smtp, sender, code):
    mail = Mail(subject="x", html="<p>x</p>", text="x")
    made = message(mail, NewsletterSettings(sender=sender), PRESETS["plain"])

    with pytest.raises(BuildError) as error:
        send_test(made, to, smtp, NOW)
    assert error.value.problems[0].code == code


# --- the command ----------------------------------------------------------------------------------


def test_the_command_writes_three_files_and_shows_them_as_on_a_telephone(tmp_path, monkeypatch):
    site = Newsroom.from_files(
        tmp_path, {"content/rain.md": file("Rain", "It rains."), "intro.md": "Good *day*."}
    )
    monkeypatch.setattr("builder.build.nlp.analyse", site.analyse)
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)

    result = CliRunner().invoke(
        postil,
        ["newsletter", "rain", "--site", str(site.root), "--intro", str(tmp_path / "intro.md"),
         "--subject", "Wet: a report", "--now", "2026-11-24T12:00", "--open"],
    )  # fmt: skip

    assert result.exit_code == 0, result.output
    folder = tmp_path / "newsletter"
    assert sorted(path.name for path in folder.iterdir()) == [
        *("wet-a-report-phone.html", "wet-a-report.eml", "wet-a-report.html", "wet-a-report.txt"),
    ]
    assert "Good <em>day</em>." in (folder / "wet-a-report.html").read_text(encoding="utf-8")
    assert "width: 390px" in Path(opened[0].removeprefix("file://")).read_text(encoding="utf-8")
    assert "1 report, " in result.output
