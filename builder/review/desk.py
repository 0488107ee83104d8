"""The editor’s desk: questions answered from the last sound site, answers written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from builder import editing, routes
from builder import settings as setting
from builder.chain import Joined
from builder.errors import Place
from builder.memory import Memory
from builder.model import Article, Correction, Edited, EntityKey, Known, Placed
from builder.review import findings, sheet
from builder.review.answers import Answer, Do, Refused, corrections
from builder.review.sheet import Sheet

MOST = 300
"""How many findings the list of the whole site names."""


class Press(Protocol):
    """What builds, and knows the last site that was sound."""

    root: Path
    joined: Joined | None


class _Written(Struct):
    """One answer, as it was written."""

    path: str
    """Of the article's file."""
    before: bytes | None
    after: bytes
    new: list[dict[str, Any]]
    what: str
    page: str = ""
    """Where it was given, as the browser asks for it."""
    item: str = ""
    """The finding that was judged; empty if words were selected, or for several answers."""


class Desk:
    """Answers one question after the other."""

    def __init__(self, press: Press) -> None:
        """`press` is asked for the site anew each time."""
        self._press = press
        self._written: list[_Written] = []
        self._memory = Memory()

    def answer(self, name: str, asked: Mapping[str, Any]) -> Any:
        """Answer one question of the preview.

        Args:
            name: `findings`, `unreviewed`, `answer`, `undo`, `restore`.
            asked: What came with it; `page` is the file of the page that asks.

        Raises:
            Refused: With the reason, for the editor.
        """
        joined = self._press.joined
        if joined is None:
            raise Refused("the site is not built yet")
        ways: dict[str, Callable[[Joined, Mapping[str, Any]], Any]] = {
            "findings": self._findings,
            "unreviewed": self._unreviewed,
            "answer": self._take,
            "undo": self._undo,
            "restore": self._restore,
        }
        return ways[name](joined, asked)

    # --- what is there ----------------------------------------------------------------------------

    def _findings(self, joined: Joined, asked: Mapping[str, Any]) -> dict[str, Any]:
        edited = _article(joined, asked)
        if edited is None:
            return {"article": None, "left": self._left(joined)}
        path = edited.article.place.path
        data = Sheet(self._press.root, path).read()
        found = findings.items(edited)
        return {
            "article": edited.article.id,
            "file": path,
            "body": findings.marked(edited, joined.settings),
            "items": [msgspec.to_builtins(item) for item in found],
            "order": [item.id for item in findings.unreviewed(found)],
            "people": _people(edited, joined),
            "version": sheet.digest(data),
            "words": _text(edited),
            "undo": self._written[-1].what if self._written else "",
            "lost": [each.what for each in self._lost(path, data)],
            "left": self._left(joined),
        }

    def _left(self, joined: Joined) -> int:
        return sum(len(left) for _, left in self._open(joined))

    def _open(self, joined: Joined) -> list[tuple[Edited, list[findings.Item]]]:
        """What is unreviewed in each article, the least sure first."""
        found = [
            (
                edited,
                self._memory.recall(
                    "open",
                    edited.article.id,
                    lambda edited=edited: findings.unreviewed(findings.items(edited)),  # type: ignore[misc]
                    edited,
                ),
            )
            for edited in joined.site.articles
        ]
        self._memory.forget_unasked()
        return found

    def _unreviewed(self, joined: Joined, _: Mapping[str, Any]) -> dict[str, Any]:
        found = self._open(joined)
        every = [(item, edited) for edited, left in found for item in left]
        every.sort(key=lambda each: 2.0 if each[0].confidence is None else each[0].confidence)
        return {
            "left": len(every),
            "articles": sum(bool(left) for _, left in found),
            "items": [
                {
                    **msgspec.to_builtins(item),
                    "title": edited.article.meta.title,
                    "page": _page(edited, joined),
                }
                for item, edited in every[:MOST]
            ],
        }

    # --- what changes -----------------------------------------------------------------------------

    def _take(self, joined: Joined, asked: Mapping[str, Any]) -> dict[str, Any]:
        edited = _article(joined, asked)
        if edited is None or edited.article.id != asked.get("article"):
            raise Refused("the article is not there any more")
        if asked.get("words") != _text(edited):
            raise Refused("the article was changed meanwhile; look again")
        try:
            given = msgspec.convert(asked, Answer)
        except msgspec.ValidationError as error:
            raise Refused(f"that cannot be understood: {error}") from None
        here = Sheet(self._press.root, edited.article.place.path)
        data = here.read()
        if sheet.digest(data) != asked.get("version"):
            raise Refused(f"{here.path} was changed by hand meanwhile; look again")
        register = {EntityKey(known.key): known for known in joined.found.register}
        zone = setting.zone(joined.settings.site.time_zone)
        made = corrections(given, edited, register, dt.datetime.now(zone).date())
        _check(made, edited, joined, register)
        after = sheet.with_corrections(data, made)
        here.write(after, data)
        what = f"{_short(edited, given)} ({_TOLD[given.do]})"
        new = [sheet.plain(each) for each in made]
        path = edited.article.place.path
        self._written.append(
            _Written(path, data, after, new, what, _page(edited, joined), given.item)
        )
        return {"version": sheet.digest(after), "undo": what, "wrote": new}

    def _undo(self, _: Joined, __: Mapping[str, Any]) -> dict[str, Any]:
        if not self._written:
            raise Refused("there is nothing to take back")
        last = self._written[-1]
        here = Sheet(self._press.root, last.path)
        if here.read() != last.after:
            raise Refused(
                f"{here.path} was changed by hand since; take the answer back there: {last.what}"
            )
        here.write(last.before, last.after)
        self._written.pop()
        return {
            "version": sheet.digest(last.before),
            "undone": last.what,
            "page": last.page,
            "item": last.item,
            "undo": self._written[-1].what if self._written else "",
        }

    def _restore(self, joined: Joined, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Put back, or let go, answers that a hand took away."""
        edited = _article(joined, asked)
        if edited is None:
            raise Refused("the article is not there any more")
        path = edited.article.place.path
        here = Sheet(self._press.root, path)
        data = here.read()
        lost = self._lost(path, data)
        kept = [each for each in self._written if each not in lost]
        if asked.get("keep") and lost:
            new = [one for each in lost for one in each.new]
            after = sheet.with_plain(data, new)
            here.write(after, data)
            page = _page(edited, joined)
            kept.append(_Written(path, data, after, new, "answers put back", page))
        self._written = kept
        return {"version": sheet.digest(here.read())}

    def _lost(self, path: str, data: bytes | None) -> list[_Written]:
        """Answers of this session that are no longer in the file."""
        mine = [each for each in self._written if each.path == path]
        if not mine or mine[-1].after == data:
            return []
        try:
            there = sheet.held(data)
        except Refused:
            # It is being written, or is wrong, and then the preview says so.
            return []
        later = [one for each in mine for one in each.new]
        return [
            each
            for each in mine
            if not any(one in there or _is_replaced(one, later) for one in each.new)
        ]


def _is_replaced(one: dict[str, Any], every: list[dict[str, Any]]) -> bool:
    later = every[max(at for at, each in enumerate(every) if each == one) + 1 :]
    return any(sheet.replaces(each, one) for each in later)


def desk(press: Press) -> Callable[[str, Any], Any]:
    """What answers the questions of one preview."""
    return Desk(press).answer


def _article(joined: Joined, asked: Mapping[str, Any]) -> Edited | None:
    for edited in joined.site.articles:
        if routes.file_of(routes.article_path(edited.article)) == asked.get("page"):
            return edited
    return None


def _page(edited: Edited, joined: Joined) -> str:
    """Where the browser finds an article."""
    return routes.base(joined.settings.site.url) + routes.article_path(edited.article)


def _check(
    made: list[Correction], edited: Edited, joined: Joined, register: Mapping[EntityKey, Known]
) -> None:
    """Refuse what would be a mistake at its own line."""
    place = Place("answer")
    article: Article = edited.article
    trial = replace(
        article, corrections=(*article.corrections, *(Placed(each, place) for each in made))
    )
    analysis = joined.readings.take(article.id)
    done = editing.edit(trial, edited.prose, analysis, register, joined.settings)
    for problem in done.problems:
        if problem.place == place:
            raise Refused(". ".join(part for part in (problem.message, problem.hint) if part))


def _people(edited: Edited, joined: Joined) -> list[dict[str, str]]:
    """Whom an editor may mean: those of the article, then those of the register."""
    here = [{"name": e.name, "key": e.key, "kind": e.kind} for e in edited.entities]
    documents = [
        {"name": d.title, "key": d.id, "kind": "document"} for d in edited.article.meta.documents
    ]
    keys = {e.key for e in edited.entities}
    known = [
        {"name": k.name, "key": k.key, "kind": k.kind}
        for k in joined.found.register
        if k.key not in keys
    ]
    return [*here, *documents, *known]


def _text(edited: Edited) -> str:
    return blake2b(edited.prose.text.encode(), digest_size=12).hexdigest()


_TOLD: dict[Do, str] = {
    "right": "right",
    "wrong": "not so",
    "speaker": "another speaker",
    "merge": "one with another",
    "another": "another of that name",
    "disputed": "disputed",
    "note": "a note",
    "said": "a statement",
    "entity": "an entity",
}
"""What was answered, in words."""


def _short(edited: Edited, answer: Answer) -> str:
    for said in edited.statements:
        if said.anchor == answer.item:
            return editing.short(editing.words_at(edited.prose, said.statement.content))
    names = [entity.name for entity in edited.entities if entity.key == answer.item]
    return names[0] if names else editing.short(answer.exact)
