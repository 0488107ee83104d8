"""What scripts and editors are told of what was found."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from msgspec import structs
from newsroom import NOW, Newsroom, article, reader

from builder import nlp
from builder.build import Wishes, build
from builder.cli import postil
from builder.model import Analysis, Chain, Edited, Mention, Span, Statement
from builder.report import Reader, annotate, explain, export, reading
from builder.store import Store

SAID = "“We close at noon,” said Ana Ruiz. She went home.\n\nAna Ruiz is from Norrhavn."


def found_in(text: str) -> Analysis:
    """What a reader of SAID finds, wherever it stands in the text."""
    at = text.find("“We close")
    if at < 0:
        return Analysis()

    def span(words: str, after: int = 0) -> Span:
        start = text.index(words, at + after)
        return Span(start, start + len(words))

    mentions = (
        Mention(span("Ana Ruiz"), "person"),
        Mention(span("She"), "person", "pronoun"),
        Mention(span("Ana Ruiz", 30), "person"),
        Mention(span("Norrhavn"), "place"),
    )
    statement = Statement(
        content=(span("“We close at noon,”"),),
        cue=(span("said"),),
        source=(span("Ana Ruiz"),),
        form="direct",
        named=True,
        chain=0,
        rule="subject-of-cue",
        confidence=0.25,
    )
    chains = (Chain((0, 1, 2), "person", "Ana Ruiz"), Chain((3,), "place", "Norrhavn"))
    return Analysis(mentions, (statement,), chains)


finder = reader(found_in)


@pytest.fixture(autouse=True)
def _no_model(monkeypatch):
    monkeypatch.setattr(nlp, "analyse", finder)


def read(root: Path, *files: Path) -> list[Edited]:
    with Store(None) as store:
        return list(Reader(root, store).read(files))


def told(root: Path, *files: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in annotate(read(root, *files))]


# --- annotate -------------------------------------------------------------------------------------


def test_a_text_file_is_told_with_offsets_into_itself(tmp_path):
    file = tmp_path / "wire.copy.txt"
    text = f"Norrhavn\r\n\r\n  {SAID}\r\n"
    file.write_bytes(text.encode())

    (one,) = told(tmp_path, file)

    assert one["doc"] == "wire.copy"
    assert one["text"] == text
    mentions = [(text[m["start"] : m["end"]], m["form"], m["kind"]) for m in one["mentions"]]
    assert mentions == [
        ("Ana Ruiz", "name", "person"),
        ("She", "pronoun", "person"),
        ("Ana Ruiz", "name", "person"),
        ("Norrhavn", "name", "place"),
    ]
    (statement,) = one["statements"]
    assert [text[start:end] for start, end in statement["content"]] == ["“We close at noon,”"]
    assert [text[start:end] for start, end in statement["cue"]] == ["said"]
    assert [text[start:end] for start, end in statement["source"]] == ["Ana Ruiz"]


def test_the_line_is_as_scripts_expect_it(tmp_path):
    file = tmp_path / "wire.txt"
    file.write_text(SAID)

    (one,) = told(tmp_path, file)

    assert list(one) == ["doc", "text", "entities", "mentions", "statements"]
    ana = next(entity for entity in one["entities"] if entity["kind"] == "person")
    assert ana == {"id": "ana-ruiz", "name": "Ana Ruiz", "kind": "person", "aliases": ["Ana Ruiz"]}
    assert one["mentions"][0] == {
        "start": 25,
        "end": 33,
        "entity": "ana-ruiz",
        "kind": "person",
        "form": "name",
    }
    assert one["statements"] == [
        {
            "content": [[0, 19]],
            "cue": [[20, 24]],
            "source": [[25, 33]],
            "speaker": "ana-ruiz",
            "speaker_name": "Ana Ruiz",
            "named": True,
            "form": "direct",
            "act": "speech",
            "rule": "subject-of-cue",
            "confidence": 0.25,
            "shown": False,
        }
    ]


def test_markdown_is_told_as_clean_text(tmp_path):
    bare, headed, broken = (tmp_path / f"{name}.md" for name in ("bare", "headed", "broken"))
    body = SAID.replace("Ana Ruiz is", "*Ana* [Ruiz](https://example.org/) is")
    bare.write_text(body)
    headed.write_text(article("Port closes", body))
    broken.write_text(f'+++\nweather = "fine"\n+++\n\n{body}')

    texts = {one["text"] for one in told(tmp_path, bare, headed, broken)}

    assert texts == {SAID}


def test_many_files_are_told_in_order_whatever_goes_in_one_go(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "AT_A_TIME", 3)
    files = [tmp_path / f"{number}.txt" for number in range(8)]
    for file in files:
        file.write_text(f"{file.stem} {SAID}")

    assert [one["doc"] for one in told(tmp_path, *files)] == [file.stem for file in files]


def test_an_article_of_the_site_is_told_with_its_corrections(tmp_path):
    room = Newsroom.from_files(
        tmp_path,
        {
            "content/port.md": article("Port closes", SAID, draft="x").replace('"x"', "true"),
            "content/port.corrections.toml": (
                '[[corrections]]\ndo = "said-by"\n'
                'passage = { exact = "We close at noon" }\nspeaker = "harbour-board"\n'
            ),
            "content/register.toml": (
                '[harbour-board]\nname = "Harbour Board"\nkind = "organisation"\n'
            ),
        },
    )

    (one,) = told(room.root, room.root / "content/port.md")

    assert [said["speaker"] for said in one["statements"]] == ["harbour-board"]


def test_every_file_that_cannot_be_read_is_told_before_anything(tmp_path):
    (tmp_path / "good.txt").write_text(SAID)
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe\x00")
    files = [str(tmp_path / name) for name in ("good.txt", "gone.txt", "bad.txt")]

    result = CliRunner().invoke(postil, ["annotate", "--site", str(tmp_path), *files])

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "gone.txt: error: the file cannot be read" in result.stderr
    assert "bad.txt: error: byte 1 is not UTF-8 [unreadable-bytes]" in result.stderr


def test_the_command_prints_a_line_for_each_file(tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.txt").write_text(SAID)

    result = CliRunner().invoke(
        postil, ["annotate", str(tmp_path / "one.txt"), str(tmp_path / "two.txt")]
    )

    assert [json.loads(line)["doc"] for line in result.stdout.splitlines()] == ["one", "two"]


# --- explain --------------------------------------------------------------------------------------


def explained(root: Path, file: Path) -> list[str]:
    (edited,) = read(root, file)
    return list(explain(edited, {"subject-of-cue": "the subject of its verb"}))


def test_every_finding_is_explained_at_its_line(tmp_path):
    room = Newsroom.from_files(tmp_path, {"content/port.md": article("Port closes", SAID)})

    lines = explained(room.root, room.root / "content/port.md")

    assert lines[0] == "content/port.md: Port closes"
    assert "   6  “We close at noon,”" in lines
    assert "   6  Ana Ruiz, 2 times" in lines
    assert "   6  She" in lines
    assert "   8  Norrhavn" in lines
    assert (
        "      found by the program: the subject of its verb [subject-of-cue], confidence 0.25;"
        " not shown" in lines
    )


def explained_by_she(root: Path, file: Path, **changes: Any) -> list[str]:
    """As if the statement's source were the `She` after it."""
    (edited,) = read(root, file)
    (said,) = edited.statements
    she = next(mention.span for mention in edited.mentions if mention.form == "pronoun")
    statement = structs.replace(said.statement, source=(she,))
    said = structs.replace(said, statement=statement, **changes)
    return list(explain(structs.replace(edited, statements=(said,)), {}))


def test_a_pronoun_is_never_suggested_as_the_name_of_a_source(tmp_path):
    room = Newsroom.from_files(tmp_path, {"content/port.md": article("Port closes", SAID)})

    lines = explained_by_she(
        room.root, room.root / "content/port.md", speaker=None, speaker_name="She", named=False
    )

    assert "      “She” may be Ana Ruiz" in lines
    assert '        speaker = "…"' in lines
    assert not any("unnamed =" in line for line in lines)


def test_why_a_pronoun_has_its_speaker_is_told(tmp_path):
    room = Newsroom.from_files(tmp_path, {"content/port.md": article("Port closes", SAID)})

    lines = explained_by_she(room.root, room.root / "content/port.md")

    assert any(line.startswith("      “She” is taken for the one that fits best") for line in lines)
    assert '        speaker = "Ana Ruiz"' in lines


def test_every_correction_to_paste_is_understood(tmp_path):
    """Pasted as it stands it changes nothing but who found it; the other one takes the rest away."""
    room = Newsroom.from_files(tmp_path, {"content/port.md": article("Port closes", SAID)})
    file = room.root / "content/port.md"
    pasted, instead = corrections(explained(room.root, file))
    assert len(pasted) == len(instead) == 4

    room.change({"content/port.corrections.toml": "\n".join(pasted)})
    (edited,) = read(room.root, file)
    assert edited.problems == ()
    assert [said.speaker for said in edited.statements] == ["ana-ruiz"]
    assert [said.origin for said in edited.statements] == ["editor"]
    assert {mention.origin for mention in edited.mentions} == {"editor"}

    room.change({"content/port.corrections.toml": "\n".join(instead)})
    (edited,) = read(room.root, file)
    assert edited.statements == ()


def corrections(lines: list[str]) -> tuple[list[str], list[str]]:
    """The corrections to paste, and those instead of them."""
    pasted: list[list[str]] = []
    instead: list[list[str]] = []
    for line in lines:
        text = line.strip()
        if text == "[[corrections]]":
            pasted.append([text])
            instead.append([text])
        elif text.startswith("#"):
            instead[-1].append(text.removeprefix("# or instead:").removeprefix("#").strip())
        elif " = " in text and line.startswith("        ") and pasted:
            pasted[-1].append(text)
            if text.startswith("passage"):
                instead[-1].append(text)
    return ["\n".join(one) for one in pasted], ["\n".join(one) for one in instead]


def test_words_that_are_hard_for_toml_are_written_right(tmp_path):
    text = SAID.replace("noon", 'noon \\ "sharp"')
    room = Newsroom.from_files(tmp_path, {"content/port.md": article("Port", SAID + "\n\n" + text)})

    pasted, _ = corrections(explained(room.root, room.root / "content/port.md"))

    assert all(tomllib.loads(one)["corrections"] for one in pasted)


def test_an_article_in_which_nothing_is_found_says_so(tmp_path):
    room = Newsroom.from_files(tmp_path, {"content/rain.md": article("Rain", "It rained.")})

    lines = explained(room.root, room.root / "content/rain.md")

    assert lines == ["content/rain.md: Rain", "Nothing was found in it."]


# --- export ---------------------------------------------------------------------------------------


def exported(room: Newsroom) -> list[dict[str, Any]]:
    built = build(room.root, None, Wishes(now=NOW), analyse=finder)
    return [json.loads(line) for line in export(built)]


def test_the_whole_site_is_told(tmp_path):
    room = Newsroom.from_files(
        tmp_path,
        {
            "content/port.md": article("Port closes", SAID, story="The port"),
            "content/fair.md": article("Fair opens", "The fair opened.", story="The port"),
        },
    )

    lines = exported(room)

    port = next(one for one in lines if one.get("id") == "port")
    assert port["type"] == "article"
    assert port["url"] == "https://tide.example/news/port/"
    assert port["title"] == "Port closes"
    assert port["published"] == "2026-11-23T00:00:00Z"
    (related,) = port["related"]
    assert set(related) == {"id", "score", "shared", "shown"}
    assert related["id"] == "fair"
    assert related["shared"]["story"] == "The port"
    ana = next(one for one in lines if one.get("id") == "ana-ruiz")
    assert (ana["type"], ana["name"], ana["articles"]) == ("entity", "Ana Ruiz", ["port"])
    said = next(one for one in lines if one["type"] == "statement")
    assert (said["article"], said["speaker"], said["text"]) == (
        "port",
        "ana-ruiz",
        "“We close at noon,”",
    )


def test_without_an_address_urls_are_paths(tmp_path):
    site = '[site]\ntitle = "Tide"\n'
    room = Newsroom.from_files(tmp_path, {"site.toml": site, "content/port.md": article("P", SAID)})

    assert exported(room)[0]["url"] == "/port/"


def test_who_is_kept_off_lists_is_not_named(tmp_path):
    room = Newsroom.from_files(
        tmp_path,
        {
            "content/port.md": article("Port closes", SAID),
            "content/register.toml": '[ana-ruiz]\nname = "Ana Ruiz"\nkind = "person"\npage = false\n',
        },
    )

    lines = exported(room)

    assert "Ana Ruiz" not in json.dumps(lines)
    assert [one["speaker"] for one in lines if one["type"] == "statement"] == [None]


def test_what_is_suggested_keeps_the_reason_and_tells_namesakes_apart(tmp_path):
    room = Newsroom.from_files(tmp_path, {"content/port.md": article("Port closes", SAID)})
    (edited,) = read(room.root, room.root / "content/port.md")
    (said,) = edited.statements
    here = next(entity for entity in edited.entities if entity.key == said.speaker)
    namesake = structs.replace(here, key="ana-ruiz-pilot")

    def suggested(said: Any, *more: Any) -> list[str]:
        changed = structs.replace(edited, statements=(said,), entities=(*edited.entities, *more))
        return list(explain(changed, {}))

    hidden = structs.replace(
        said, speaker=None, speaker_name="a pilot", named=False, why_unnamed="she fears for her job"
    )

    assert '        speaker = "Ana Ruiz"' in suggested(said)
    assert f'        speaker = "{here.key}"' in suggested(said, namesake)
    assert '        why = "she fears for her job"' in suggested(hidden)


def test_a_statement_is_told_with_its_disputes_and_notes(tmp_path):
    body = f"{SAID}\n\n“Nonsense, we close at one,” said a guard."
    corrections = (
        '[[corrections]]\ndo = "said-by"\npassage = { exact = "Nonsense, we close at one" }\n'
        'unnamed = "a guard"\n\n'
        '[[corrections]]\ndo = "confirm"\npassage = { exact = "We close at noon" }\n\n'
        '[[corrections]]\ndo = "disputes"\npassage = { exact = "We close at noon" }\n'
        'by = { exact = "we close at one" }\nnote = "By an hour."\n\n'
        '[[corrections]]\ndo = "disputes"\npassage = { exact = "We close at noon" }\n'
        'by = { exact = "It never closes" }\narticle = "2026/night"\n\n'
        '[[corrections]]\ndo = "note"\npassage = { exact = "We close at noon" }\n'
        'text = "She *said* so."\n'
    )
    room = Newsroom.from_files(
        tmp_path,
        {
            "content/port.md": article("Port", body),
            "content/port.corrections.toml": corrections,
        },
    )

    (one,) = read(tmp_path, room.root / "content/port.md")
    lines = [line.strip() for line in explain(one, {})]

    assert "disputed by a guard, line 10: Nonsense, we close at one (By an hour.)" in lines
    assert "disputed in 2026/night: It never closes" in lines
    assert "disputes Ana Ruiz, line 6: “We close at noon,” (By an hour.)" in lines
    assert "an editor’s note: She *said* so." in lines


def test_what_others_say_names_nobody_who_is_kept_off(tmp_path):
    body = "“Tomas Øyen hid it,” said Ana Ruiz."

    def find(text: str) -> Analysis:
        at = text.find("“Tomas")
        if at < 0:
            return Analysis()
        mentions = (
            Mention(Span(at + 1, at + 11), "person"),
            Mention(Span(at + 26, at + 34), "person"),
        )
        statement = Statement(
            content=(Span(at, at + 20),),
            source=(mentions[1].span,),
            form="direct",
            named=True,
            chain=1,
        )
        chains = (Chain((0,), "person", "Tomas Øyen"), Chain((1,), "person", "Ana Ruiz"))
        return Analysis(mentions, (statement,), chains)

    room = Newsroom.from_files(
        tmp_path,
        {
            "content/port.md": article("Port", body),
            "content/register.toml": (
                '[tomas]\nname = "Tomas Øyen"\nkind = "person"\npage = false\n'
            ),
        },
        analyse=reader(find),
    ).build()
    assert room.built is not None

    lines = [json.loads(line) for line in export(room.built)]

    (statement,) = [line for line in lines if line["type"] == "statement"]
    assert statement["text"] == "“[name withheld] hid it,”"
    assert statement["speaker_name"] == "Ana Ruiz"
    assert "Øyen" not in json.dumps(lines, ensure_ascii=False)
