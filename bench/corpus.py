"""A made-up newspaper of any length: the same articles for Postil and for those beside it.

    python bench/corpus.py DIR --articles N [--form postil|hugo|eleventy|pelican] [--analysed]

Writes N articles below DIR: for Postil into content/, with a site.toml. Number 7 is the same article
on every machine, however many there are: everything is drawn from its number. People, offices and
places turn up again in later articles, some of them in running stories; new ones keep coming, and so
do new words, as in a real paper. Quotations are of all kinds: direct, partial, split, reported, in
English, single, German, French and straight marks, over two paragraphs, behind a dash, in a block of
their own, by people with and without a name, and denied.

`--analysed` also puts into the cache what there is to find in each text, which its maker knows: a
site as large as an archive is then built without a language model. What is measured of such a site
is all but the reading. It goes through the store that `postil build` asks, and by no other way.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import re
import sys
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

LAST = dt.datetime(2026, 6, 30, 22, tzinfo=dt.UTC)
A_DAY = 20
"""Articles; the newest is number 0."""
IN_A_STORY = 8
"""Articles in a row of which some are about the same thing."""
WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
FIRSTS, HEADS, MIDDLES, ENDS, THINGS, DAYS, TOPICS, ADJECTIVES = (
    WORDS[name].split()
    for name in "firsts heads middles ends things days topics adjectives".split()  # noqa: SIM905
)
ROLES, OFFICES, DONE, WHY, WHEN, SAID = (
    [" ".join(each.split()) for each in WORDS[name].split("|")]
    for name in "roles offices done why when said".split()  # noqa: SIM905
)
STATED, PLAIN = WORDS["stated"], WORDS["plain"]
TOKEN = re.compile(r"(\$[A-Za-z]+|[<>\[\]~])")


class Who(NamedTuple):
    """Somebody, or something, with a name of its own."""

    kind: str
    name: str
    role: str = ""


class Found(NamedTuple):
    """What there is to find: half-open ranges of the text of an article."""

    names: list[tuple[int, int, Who]]
    roles: list[tuple[int, int, Who]]
    statements: list[tuple[str, dict[str, list[tuple[int, int]]], Who | None]]
    """Form; the ranges of content, cue and source; who is behind it, if that is told by name."""


class Article(NamedTuple):
    """One report."""

    number: int
    title: str
    published: dt.datetime
    author: str
    summary: str
    topics: tuple[str, ...]
    story: str
    body: str
    """Markdown."""
    text: str
    """What a reader sees of it: paragraphs parted by a blank line."""
    found: Found

    @property
    def slug(self) -> str:
        """The last part of its address."""
        return slug(self.number)


def slug(number: int) -> str:
    """The last part of an article's address."""
    return f"report-{number:06}"


def article(number: int) -> Article:
    """Report of that number."""
    draw = random.Random(f"article {number}")
    group = number // IN_A_STORY
    about = random.Random(f"story {group}")
    word, thing = invented(about), about.choice(THINGS)
    running = draw.random() < 0.5
    desk = Desk(draw, [word, invented(draw)], thing if running else draw.choice(THINGS))
    desk.people = [person(draw.randrange(60)), person(60 + number // 3)]
    desk.people += [person(about.randrange(60 + number)) for _ in range(2 if running else 1)]
    desk.offices = [office(draw.randrange(30)), office(30 + number // 20)]
    desk.places = [place(about.randrange(25)), place(25 + number // 25)]
    kinds = draw.sample(STATED, len(STATED))
    quiet = draw.sample(PLAIN, len(PLAIN))
    for at in range(draw.randint(12, 18)):
        if quiet and at and draw.random() < 0.3:
            desk.plain(quiet.pop())
        else:
            desk.stated(*kinds.pop())
    verb = draw.choice(DONE)
    where = desk.places[0].name
    return Article(
        number=number,
        title=f"{desk.thing.capitalize()} in {where} to be {verb} {draw.choice(WHEN)}",
        published=LAST - dt.timedelta(minutes=1440 // A_DAY * number),
        author=person(1000 + draw.randrange(12)).name,
        summary=f"{desk.claim(capital=True)}. The {desk.offices[0].name} decides.",
        topics=tuple(sorted(draw.sample(TOPICS, draw.randint(1, 3)))),
        story=f"The {word} {thing}" if running else "",
        body="\n\n".join(desk.markdown),
        text=desk.text,
        found=desk.found,
    )


class Desk:
    """Where one article is put together."""

    def __init__(self, draw: random.Random, words: list[str], thing: str) -> None:
        self.draw, self.words, self.thing = draw, words, thing
        self.people: list[Who] = []
        self.offices: list[Who] = []
        self.places: list[Who] = []
        self.text = ""
        self.markdown: list[str] = []
        self.found = Found([], [], [])
        self.met: list[Who] = []

    def plain(self, template: str) -> None:
        """Add a paragraph in which nobody says anything."""
        self._add(template, {})

    def stated(self, form: str, template: str) -> None:
        """Add a paragraph, or two, with one statement."""
        spans: dict[str, list[tuple[int, int]]] = {"content": [], "cue": [], "source": []}
        source = self._add(template, spans, prefix="> " if form == "quoted" else "")
        self.found.statements.append(("direct" if form == "quoted" else form, spans, source))

    def claim(self, *, capital: bool = False) -> str:
        """Something that can be said."""
        draw = self.draw
        thing = self.thing if draw.random() < 0.4 else draw.choice(THINGS)
        said = f"the {thing} {draw.choice(('must', 'will', 'could'))} be {draw.choice(DONE)}"
        said += draw.choice((f" {draw.choice(WHEN)}", f" because {draw.choice(WHY)}"))
        if draw.random() < 0.3:
            said += f", as in the {draw.choice(self.words)} case"
        return said[0].upper() + said[1:] if capital else said

    def _add(
        self, template: str, spans: dict[str, list[tuple[int, int]]], prefix: str = ""
    ) -> Who | None:
        """Fill in a template; who the source is, if one is named."""
        if self.text:
            self.text += "\n\n"
        begin = len(self.text)
        source: Who | None = None
        opened = {"<": ("content", 0), "[": ("source", 0), "~": ("cue", -1)}
        start = {"content": 0, "source": 0, "cue": -1}
        inside = ""
        for part in TOKEN.split(template):
            here = len(self.text)
            if part in opened and not (part == "~" and start["cue"] >= 0):
                inside = opened[part][0]
                start[inside] = here
            elif part in (">", "]", "~"):
                name = {">": "content", "]": "source", "~": "cue"}[part]
                spans[name].append((start[name], here))
                start["cue"], inside = -1, ""
            elif part.startswith("$"):
                who = self._fill(part[1:])
                source = who if inside == "source" and who else source
            else:
                self.text += part
        self.markdown.append(prefix + self.text[begin:])
        return source

    def _fill(self, name: str) -> Who | None:
        draw = self.draw
        match name:
            case "P" | "p":
                return self._person(full=name == "P")
            case "O":
                return self._named(draw.choice(self.offices))
            case "L":
                return self._named(draw.choice(self.places))
            case "Claim" | "claim":
                self.text += self.claim(capital=name == "Claim")
            case _:
                self.text += {
                    "said": lambda: draw.choice(SAID),
                    "day": lambda: draw.choice(DAYS),
                    "thing": lambda: self.thing if draw.random() < 0.5 else draw.choice(THINGS),
                    "done": lambda: draw.choice(DONE),
                    "when": lambda: draw.choice(WHEN),
                    "adjective": lambda: draw.choice(ADJECTIVES),
                    "word": lambda: draw.choice(self.words),
                    "year": lambda: str(draw.randint(1890, 2025)),
                    "number": lambda: str(draw.randint(11, 990)),
                    "small": lambda: str(draw.randint(2, 9)),
                }[name]()
        return None

    def _person(self, *, full: bool) -> Who:
        """A person: with name and role, or by the surname if somebody has been introduced."""
        if not full and self.met:
            who = self.draw.choice(self.met)
            self._name(who, who.name.partition(" ")[2])
            return who
        who = self.draw.choice(self.people)
        self._name(who, who.name)
        if who not in self.met and full:
            self.met.append(who)
            self.text += ", "
            self.found.roles.append((len(self.text), len(self.text) + len(who.role), who))
            self.text += f"{who.role},"
        return who

    def _named(self, who: Who) -> Who:
        self._name(who, who.name)
        return who

    def _name(self, who: Who, words: str) -> None:
        self.found.names.append((len(self.text), len(self.text) + len(words), who))
        self.text += words


def invented(draw: random.Random) -> str:
    """A word that nobody has heard."""
    return f"{draw.choice(HEADS)}{draw.choice(MIDDLES)}{draw.choice(MIDDLES)}{draw.choice(ENDS)}"


@cache
def person(number: int) -> Who:
    """Person of that number."""
    draw = random.Random(f"person {number}")
    surname = f"{draw.choice(HEADS)}{draw.choice(MIDDLES)}{draw.choice(ENDS)}"
    return Who("person", f"{draw.choice(FIRSTS)} {surname}", draw.choice(ROLES))


@cache
def place(number: int) -> Who:
    """Place of that number."""
    draw = random.Random(f"place {number}")
    return Who("place", f"{draw.choice(HEADS)}{draw.choice(MIDDLES)}{draw.choice(ENDS[-4:])}")


@cache
def office(number: int) -> Who:
    """Organisation of that number."""
    draw = random.Random(f"office {number}")
    return Who("organisation", f"{place(draw.randrange(number + 1)).name} {draw.choice(OFFICES)}")


def written(report: Article, form: str) -> str:
    """A file, with the front matter that one of the programs wants."""
    day = report.published.strftime("%Y-%m-%dT%H:%M:%SZ")
    labels = [*report.topics, *filter(None, [report.story])]
    match form:
        case "postil":
            story = f'story = "{report.story}"\n' if report.story else ""
            head = (
                f'+++\ntitle = "{report.title}"\npublished = {day}\nauthors = ["{report.author}"]\n'
            )
            head += f'summary = "{report.summary}"\ntopics = {quoted(report.topics)}\n{story}+++\n'
        case "hugo":
            head = f'+++\ntitle = "{report.title}"\ndate = {day}\nslug = "{report.slug}"\n'
            head += f'summary = "{report.summary}"\nauthor = "{report.author}"\n'
            head += f"tags = {quoted(labels)}\n+++\n"
        case "eleventy":
            head = f'---\ntitle: "{report.title}"\ndate: {day}\nauthor: "{report.author}"\n'
            head += f'summary: "{report.summary}"\ntags: {quoted(labels)}\n---\n'
        case "pelican":
            head = f"Title: {report.title}\nDate: {day}\nSlug: {report.slug}\nAuthor: {report.author}\n"
            head += f"Summary: {report.summary}\nTags: {', '.join(labels)}\n"
        case _:
            raise ValueError(form)
    return f"{head}\n{report.body}\n"


def quoted(words: Sequence[str]) -> str:
    """A list as TOML and YAML both write it."""
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


def write(folder: Path, count: int, form: str) -> None:
    """Write so many articles into a folder, those of a thousand in one below it."""
    for number in range(count):
        report = article(number)
        file = folder / f"{number // 1000:03}" / f"{report.slug}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(written(report, form), encoding="utf-8")


def main() -> int:
    """Write the articles that are asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, required=True)
    forms = ("postil", "hugo", "eleventy", "pelican")
    parser.add_argument("--form", choices=forms, default="postil")
    parser.add_argument("--analysed", action="store_true")
    options = parser.parse_args()
    if options.form != "postil":
        write(options.folder, options.articles, options.form)
        return 0
    site(options.folder, options.articles, analysed_too=options.analysed)
    return 0


def site(root: Path, count: int, *, analysed_too: bool = False) -> None:
    """Make a site of so many articles; `analysed_too`: with what is in them in its cache."""
    write(root / "content", count, "postil")
    (root / "site.toml").write_text(
        '[site]\ntitle = "The Long Paper"\nurl = "https://paper.example/"\n', encoding="utf-8"
    )
    if analysed_too:
        import known  # noqa: PLC0415 - to write the articles nothing of Postil is needed

        known.put(root, count)


if __name__ == "__main__":
    sys.exit(main())
