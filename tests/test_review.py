"""Review: an editor's answers become corrections as an editor would have typed them."""

from __future__ import annotations

import tomllib
from itertools import pairwise

import pytest
from findings import findings as found_in
from hypothesis import given
from hypothesis import strategies as st
from newsroom import NOW, Newsroom, article, reader, tree

from builder.build import Wishes
from builder.model import Confirm, Ignore, Note, Passage, SaidBy
from builder.review import sheet
from builder.review.answers import Refused
from builder.review.desk import Desk
from builder.serve.news import Task
from builder.serve.worker import Press

TEXT = (
    "“We will not pay,” Ana Ruiz said.\n\n"
    "Ben Holt said that the quay was safe, and that Ruiz had called it “a ruin”.\n\n"
    "Marrow Bay is quiet. Somebody saw a light."
)
LINES = [
    "person Ana Ruiz: Ana Ruiz; Ruiz",
    "person Ben Holt: Ben Holt",
    "place Marrow Bay: Marrow Bay",
    "says Ana Ruiz | “We will not pay,” | 0.95",
    "says Ben Holt | that the quay was safe, and that Ruiz had called it “a ruin” | 0.55",
]
REGISTER = '[ana-ruiz]\nname = "Ana Ruiz"\nkind = "person"\n'
PAGE = "strike/index.html"


class Office:
    """A site, the process that builds it, and an editor who looks at one page."""

    def __init__(self, root, **files):
        self.room = Newsroom.from_files(
            root,
            {
                "content/strike.md": article("Strike", TEXT),
                "content/register.toml": REGISTER,
                **files,
            },
            analyse=reader(lambda text: found_in(text, LINES)),
        )
        self.root = root
        wishes = Wishes(now=NOW, drafts=True)
        self.press = Press(root, wishes, is_now=False, analyse=self.room.analyse)
        self.desk = Desk(self.press)
        self.seen = {}

    def build(self, *, whole=False):
        self.news = []
        task = Task(frozenset(), frozenset({PAGE}))
        self.press.build(task, self.news.append, lambda: not whole)
        return self

    def look(self):
        self.build()
        self.seen = self.desk.answer("findings", {"page": PAGE})
        return {item["id"]: item for item in self.seen["items"]}

    def item(self, words):
        return next(id_ for id_, item in self.look().items() if words in item["words"])

    def say(self, do, words="", **more):
        if words:
            more["item"] = self.item(words)
        elif not self.seen:
            self.look()
        asked = {key: self.seen[key] for key in ("article", "version", "words")}
        done = self.desk.answer("answer", {"page": PAGE, **asked, "do": do, **more})
        self.seen["version"] = done["version"]
        return done

    @property
    def file(self):
        return self.root / "content/strike.corrections.toml"

    def written(self):
        return tomllib.loads(self.file.read_text("utf-8"))["corrections"]

    def problems(self):
        self.build(whole=True)
        return [str(p) for p in self.news[-1].news.problems]


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


def test_everything_is_listed_the_least_sure_first(office):
    items = office.look()
    order = [items[id_]["words"] for id_ in office.seen["order"]]

    assert order[:2] == [
        "that the quay was safe, and that Ruiz had called it “a ruin”",
        "“We will not pay,”",
    ]
    # Who is in the register has been vouched for.
    assert set(order[2:]) == {"Ben Holt", "Marrow Bay"}
    assert items["ana-ruiz"]["is_reviewed"]


def test_what_readers_do_not_see_is_marked_here_and_not_published(office):
    office.look()
    office.room.build()

    assert "pv-hidden" in office.seen["body"]
    assert "pv-" not in office.room.page(PAGE)


@pytest.mark.parametrize(
    ("do", "words", "more", "expected"),
    [
        (
            "right",
            "We will not",
            {"by": "Annika"},
            {"do": "confirm", "passage": {"exact": "“We will not pay,”"}, "by": "Annika"},
        ),
        (
            "wrong",
            "Marrow Bay",
            {},
            {"do": "ignore", "passage": {"exact": "Marrow Bay"}, "what": "entity"},
        ),
        (
            "wrong",
            "We will not",
            {},
            {"do": "ignore", "passage": {"exact": "“We will not pay,”"}, "what": "statement"},
        ),
        (
            "speaker",
            "We will not",
            {"who": "Ben Holt"},
            {"do": "said-by", "passage": {"exact": "“We will not pay,”"}, "speaker": "Ben Holt"},
        ),
        (
            "speaker",
            "quay was safe",
            {"who": "ana ruiz"},
            {
                "do": "said-by",
                "passage": {
                    "exact": "that the quay was safe, and that Ruiz had called it “a ruin”"
                },
                "speaker": "ana-ruiz",
            },
        ),
        (
            "speaker",
            "We will not",
            {"who": "a clerk", "is_unnamed": True, "why": "she was told not to"},
            {
                "do": "said-by",
                "passage": {"exact": "“We will not pay,”"},
                "unnamed": "a clerk",
                "why": "she was told not to",
            },
        ),
        (
            "merge",
            "Ben Holt",
            {"who": "Ana Ruiz"},
            {"do": "merge", "entity": "Ben Holt", "into": "ana-ruiz"},
        ),
        (
            "another",
            "Ben Holt",
            {},
            {"do": "distinct", "entity": "Ben Holt", "key": "ben-holt-2"},
        ),
        (
            "note",
            "Ben Holt",
            {"text": "Since *1990*."},
            {"do": "note", "passage": {"exact": "Ben Holt"}, "text": "Since *1990*."},
        ),
    ],
)
def test_an_answer_is_the_correction_that_an_editor_would_write(office, do, words, more, expected):
    office.say(do, words, **more)

    (written,) = office.written()
    if do == "right":
        assert written.pop("on")
    assert written == expected
    assert office.problems() == []


def test_a_dispute_names_both_statements(office):
    office.say("right", "quay was safe")
    office.say("disputed", "quay was safe", other=office.item("We will not"), text="He paid.")

    assert office.written()[-1] == {
        "do": "disputes",
        "passage": {"exact": "that the quay was safe, and that Ruiz had called it “a ruin”"},
        "by": {"exact": "“We will not pay,”"},
        "note": "He paid.",
    }
    assert office.problems() == []


def test_selected_words_become_a_statement_or_an_entity(office):
    office.say("said", exact="a ruin", before="called it “", after="”.", who="Ana Ruiz")
    office.say("entity", exact="Somebody", before="is quiet. ", who="Somebody", kind="person")

    assert office.written() == [
        {"do": "said-by", "passage": {"exact": "a ruin"}, "speaker": "ana-ruiz"},
        {"do": "names", "passage": {"exact": "Somebody"}, "entity": "Somebody", "kind": "person"},
    ]
    assert office.problems() == []
    assert any(item["who"] == "Ana Ruiz" for item in office.look().values())


def test_an_entity_that_is_none_is_none_anywhere(office):
    office.say("wrong", "Ana Ruiz")

    assert [each["passage"]["exact"] for each in office.written()] == ["Ana Ruiz", "Ruiz"]
    assert "ana-ruiz" not in office.look()


def test_another_speaker_takes_the_place_of_the_first_answer(office):
    office.say("speaker", "We will not", who="Ben Holt")
    office.say("speaker", "We will not", who="a clerk", is_unnamed=True)

    assert [each.get("unnamed") for each in office.written()] == ["a clerk"]


# --- the file stays the editor's ------------------------------------------------------------------

HAND = """\
# What Annika looked at in September.

[[corrections]]
do = "note"   # asked for by the desk
passage = { exact = "Marrow Bay is quiet" }
text = '''
It has been so since the cannery closed.'''
"""


def test_comments_and_form_of_what_stands_there_survive(tmp_path):
    office = Office(tmp_path, **{"content/strike.corrections.toml": HAND})

    office.say("right", "We will not")

    text = office.file.read_text("utf-8")
    assert text.startswith(HAND)
    assert 'passage = { exact = "“We will not pay,”" }' in text
    assert office.problems() == []


def test_undo_leaves_no_trace(tmp_path):
    office = Office(tmp_path, **{"content/strike.corrections.toml": HAND})
    office.say("right", "We will not")
    office.say("wrong", "Marrow Bay")

    first = office.desk.answer("undo", {})
    second = office.desk.answer("undo", {})

    assert "Marrow Bay" in first["undone"]
    assert second["undo"] == ""
    assert office.file.read_text("utf-8") == HAND
    with pytest.raises(Refused, match="nothing to take back"):
        office.desk.answer("undo", {})


def test_a_file_whose_last_line_has_no_end_is_added_to(tmp_path):
    hand = HAND.rstrip("\n")
    office = Office(tmp_path, **{"content/strike.corrections.toml": hand})

    office.say("right", "We will not")

    assert [each["do"] for each in office.written()][-1] == "confirm"
    office.desk.answer("undo", {})
    assert office.file.read_text("utf-8") == hand


def test_an_answer_stands_apart_from_what_is_there(tmp_path):
    hand = HAND + "\n# mine\n"
    office = Office(tmp_path, **{"content/strike.corrections.toml": hand})

    office.say("right", "We will not")

    text = office.file.read_text("utf-8")
    assert text.startswith(f'{hand}\n[[corrections]]\ndo = "confirm"\n')
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_stay(tmp_path, mark):
    hand = mark + HAND.replace("\n", "\r\n")
    office = Office(tmp_path, **{"content/strike.corrections.toml": hand.encode()})

    office.say("right", "We will not")

    data = office.file.read_bytes()
    assert data.startswith(hand.encode())
    assert data.count(b"\n") == data.count(b"\r\n") > hand.count("\n")
    assert [each["do"] for each in sheet.held(data)] == ["note", "confirm"]


def test_a_list_in_brackets_becomes_tables_unless_comments_would_be_lost(tmp_path):
    line = '{ do = "note", passage = { exact = "Marrow Bay" }, text = "a # b" }'
    plain, told = f"corrections = [{line}]\n", f"corrections = [\n  # mine\n  {line},\n]\n"
    office = Office(tmp_path, **{"content/strike.corrections.toml": plain})
    office.say("right", "We will not")
    assert [each["do"] for each in office.written()] == ["note", "confirm"]

    office.file.write_text(told, "utf-8")
    office.look()
    with pytest.raises(Refused, match="comments"):
        office.say("right", "Marrow Bay")
    assert office.file.read_text("utf-8") == told


def test_undo_says_what_was_judged_and_where(office):
    item = office.item("pay")
    office.say("right", "pay")

    done = office.desk.answer("undo", {})

    assert (done["item"], done["page"]) == (item, "/news/strike/")


def test_undo_of_the_first_answer_removes_the_file(office):
    office.say("right", "We will not")
    office.desk.answer("undo", {})

    assert not office.file.exists()


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip)
corrections = st.one_of(
    st.builds(Confirm, passage=st.builds(Passage, exact=words, before=words), by=words),
    st.builds(Ignore, passage=st.builds(Passage, exact=words)),
    st.builds(SaidBy, passage=st.builds(Passage, exact=words), speaker=words),
    st.builds(Note, passage=st.builds(Passage, exact=words, after=words), text=words),
)


@given(st.lists(corrections, max_size=5), st.lists(words, max_size=3))
def test_whatever_is_written_is_read_again_and_comments_stay(answers, comments):
    data = "".join(f"# {' '.join(each.split())}\n" for each in comments).encode()
    states = [data]
    for each in answers:
        states.append(sheet.with_corrections(states[-1], [each]))

    assert states[-1].startswith(data.rstrip(b"\n"))
    for (before, after), each in zip(pairwise(states), answers, strict=True):
        assert sheet.held(after)[-1] == sheet.plain(each)
        assert len(sheet.held(after)) <= len(sheet.held(before)) + 1


# --- two at one file ------------------------------------------------------------------------------


def test_a_file_changed_by_hand_is_not_written_over(office):
    office.look()
    office.file.write_text(HAND, "utf-8")

    with pytest.raises(Refused, match="changed by hand"):
        office.say("right", item=office.seen["order"][0])

    assert office.file.read_text("utf-8") == HAND


def test_answers_that_a_hand_took_away_are_told_and_can_be_put_back(office):
    office.say("right", "We will not")
    office.say("wrong", "Marrow Bay")
    office.file.write_text(HAND, "utf-8")
    office.look()
    assert len(office.seen["lost"]) == 2

    office.desk.answer("restore", {"page": PAGE, "keep": True})

    assert [each["do"] for each in office.written()] == ["note", "confirm", "ignore"]
    assert office.file.read_text("utf-8").startswith(HAND)
    office.look()
    assert office.seen["lost"] == []


def test_answers_that_stand_side_by_side_are_each_told_and_put_back(office):
    office.say("another", "Ben Holt")
    office.say("another", "Marrow Bay")
    both = office.written()
    office.file.write_text("# none\n", "utf-8")
    office.look()
    assert len(office.seen["lost"]) == 2

    office.desk.answer("restore", {"page": PAGE, "keep": True})

    assert office.written() == both


def test_or_let_go(office):
    office.say("right", "We will not")
    office.file.unlink()
    office.look()
    assert office.seen["lost"]

    office.desk.answer("restore", {"page": PAGE, "keep": False})

    assert not office.file.exists()
    office.look()
    assert office.seen["lost"] == []


def test_undo_does_not_undo_what_a_hand_did(office):
    office.say("right", "We will not")
    by_hand = office.file.read_text("utf-8") + "\n# mine\n"
    office.file.write_text(by_hand, "utf-8")

    with pytest.raises(Refused, match="changed by hand"):
        office.desk.answer("undo", {})

    assert office.file.read_text("utf-8") == by_hand


def test_a_file_that_is_half_written_is_left_alone(office):
    office.look()
    office.file.write_text("[[corrections]\n", "utf-8")
    office.seen["version"] = sheet.digest(office.file.read_bytes())

    with pytest.raises(Refused, match="cannot be read"):
        office.say("right", item=office.seen["order"][0])


def test_an_article_that_changed_meanwhile_is_looked_at_again(office):
    office.look()
    office.room.change({"content/strike.md": article("Strike", TEXT.replace("light", "lamp"))})
    office.build()

    with pytest.raises(Refused, match="look again"):
        office.say("right", item=office.seen["order"][0])


# --- what is refused ------------------------------------------------------------------------------


def test_what_no_file_can_hold_is_refused_and_never_written(office):
    merged = office.item("Ben Holt")
    said = office.item("pay")
    for do, item, field in (
        ("note", said, "text"),
        ("right", said, "by"),
        ("speaker", said, "who"),
        ("said", "", "exact"),
        ("merge", merged, "who"),
        ("another", merged, "who"),
    ):
        for harm in ("\0", "\x1b", "\x7f", "\x85", "\ud800"):
            with pytest.raises(Refused, match=r"control character U\+[0-9A-F]{4}"):
                office.say(do, **{"item": item, "who": "Ben Holt", field: f"Ana{harm} Ruiz"})

    assert not office.file.exists()


def test_a_note_of_several_lines_is_read_again(office):
    office.say("note", "pay", text="One.\r\n\r\nTwo.\tThree.")

    assert office.written()[0]["text"] == "One.\n\nTwo.\tThree."
    assert office.problems() == []


def test_an_answer_that_would_be_a_mistake_is_not_written(office):
    with pytest.raises(Refused, match="nobody and nothing is called"):
        office.say("speaker", "We will not", who="Nobody Here")
    with pytest.raises(Refused, match="more than once"):
        office.say("entity", exact="Ruiz", who="Ana Ruiz")
    with pytest.raises(Refused, match="do not stand"):
        office.say("said", exact="never written", who="Ana Ruiz")

    assert not office.file.exists()


def test_an_article_that_is_gone_is_refused(office):
    office.look()
    (office.root / "content/strike.md").unlink()

    with pytest.raises(Refused, match="not there any more"):
        office.say("right", item=office.seen["order"][0])


def test_nothing_is_written_through_a_link(office, tmp_path):
    outside = tmp_path / "outside.toml"
    outside.write_text("", "utf-8")
    office.look()
    office.file.symlink_to(outside)

    with pytest.raises(Refused, match="is a link"):
        office.say("right", item=office.seen["order"][0])

    assert outside.read_bytes() == b""


def test_nothing_is_written_into_a_folder_that_became_a_link(tmp_path):
    office = Office(tmp_path, **{"content/deep/strike.md": article("Deep", TEXT)})
    office.build()
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "content/deep").rename(elsewhere)
    (tmp_path / "content/deep").symlink_to(elsewhere)

    with pytest.raises(Refused, match="link"):
        sheet.Sheet(tmp_path, "content/deep/strike.md")
    with pytest.raises(Refused):
        sheet.Sheet(tmp_path, "content/../elsewhere/strike.md")


def test_only_the_file_of_corrections_changes(office):
    office.look()
    before = tree(office.root / "content")
    office.say("right", item=office.seen["order"][0])

    after = tree(office.root / "content")
    del after["strike.corrections.toml"]
    assert after == before
