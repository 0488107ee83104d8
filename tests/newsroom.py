"""The harness: a small site in a folder, built, changed and built again.

`Newsroom.from_files(tmp_path, {"content/port.md": article("Port closes", "It did.")}).build()`
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

from builder import nlp
from builder.build import Analyse, Built, Wishes, build
from builder.model import Analysis, Chain, Mention, Prose, Span, Statement

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
SITE = '[site]\ntitle = "The Norrhavn Tide"\nurl = "https://tide.example/news/"\n'


def article(title: str, body: str, **meta: str) -> str:
    """An article's file; `published` is the day before NOW unless it is given."""
    values = {"published": "2026-11-23", **{k: f'"{v}"' for k, v in meta.items()}}
    if "published" in meta:
        values["published"] = meta["published"]
    lines = [f'title = "{title}"', *(f"{key} = {value}" for key, value in values.items())]
    return "+++\n" + "\n".join(lines) + f"\n+++\n\n{body}\n"


def reader(find: Callable[[str], Analysis]) -> Analyse:
    """Stand in for the language model with a function from text to analysis."""

    def analyse(proses: Sequence[Prose], *_: object, **__: object) -> list[Analysis]:
        return [find(prose.text) for prose in proses]

    return analyse


silent = reader(lambda _: Analysis())
"""Finds nothing, for tests that are not about language."""


def ana(text: str) -> Analysis:
    """Find Ana Ruiz and what she says, so that corrections have a foothold."""
    at, said = text.find("Ana Ruiz"), text.find("“We close at noon,”")
    if at < 0 or said < 0:
        return Analysis()
    statement = Statement(
        content=(Span(said, said + 19),),
        source=(Span(at, at + 8),),
        form="direct",
        named=True,
        chain=0,
        rule="subject-of-cue",
    )
    mention = Mention(Span(at, at + 8), "person")
    return Analysis((mention,), (statement,), (Chain((0,), "person", "Ana Ruiz"),))


finder = reader(ana)
"""Finds Ana Ruiz."""


class Newsroom:
    """A site's folder, and what building it gave."""

    def __init__(self, root: Path, *, analyse: Analyse = silent) -> None:
        self.root = root
        self.analyse = analyse
        self.built: Built | None = None

    @classmethod
    def from_files(
        cls, root: Path, files: Mapping[str, str | bytes], *, analyse: Analyse = silent
    ) -> Self:
        """A site of these files; a site.toml is added if there is none."""
        room = cls(root, analyse=analyse)
        return room.change({"site.toml": SITE, **files})

    @classmethod
    def with_model(cls, root: Path, files: Mapping[str, str | bytes]) -> Self:
        """A site that is read by the real language model."""
        return cls.from_files(root, files, analyse=nlp.analyse)

    @property
    def output(self) -> Path:
        return self.root / "output"

    def change(self, files: Mapping[str, str | bytes | None]) -> Self:
        """Write these files, and delete those that are None."""
        for path, text in files.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                file.unlink()
            else:
                file.write_bytes(text.encode() if isinstance(text, str) else text)
        return self

    def build(self, **wishes: object) -> Self:
        """Build into `output/`; the cache is in `.cache/` unless the wishes say otherwise."""
        wanted = Wishes(**{"now": NOW, **wishes})  # type: ignore[arg-type]
        self.built = build(self.root, self.output, wanted, analyse=self.analyse)
        return self

    def page(self, path: str) -> str:
        """The text of a published file."""
        return (self.output / path).read_text(encoding="utf-8")

    def tree(self) -> dict[str, bytes]:
        """Every published file and its bytes."""
        return tree(self.output)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder and its bytes; links as what they lead to, folders with `/`."""
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = b"-> " + str(path.readlink()).encode()
        elif path.is_dir():
            found[f"{name}/"] = b""
        else:
            found[name] = path.read_bytes()
    return found
