"""What a process that builds again and again still knows of the last time."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from builder.digests import Digests
from builder.shelf import Shelf

Answer = TypeVar("Answer")


class Exactly:
    """Something that is equal to itself only, as a part of what an answer is made of."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Exactly) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


class Memory:
    """Answers, each with what it was made of: asked again with the same, it is not made again.

    For each kind and key the last answer is kept and no other, and what nobody asks for any more
    can be forgotten, so that it does not grow with the number of builds. What is equal to what it
    was is the same object as it was, so that the next question, in which it is a part, is quickly
    compared.
    """

    def __init__(self) -> None:
        self._known: dict[str, dict[Hashable, tuple[tuple[Any, ...], Any]]] = {}
        self._asked: dict[str, set[Hashable]] = {}
        self._left: dict[str, Any] = {}
        self._shelf: Shelf | None = None
        self.digests = Digests()
        """Of what was found on the shelf, without going through it."""

    @contextmanager
    def beside(self, shelf: Shelf) -> Iterator[None]:
        """Meanwhile, ask for what is not known on a shelf, and keep there what is made.

        Only a memory that knows nothing yet has to ask, and any other has more.
        """
        if self._known or self._shelf:
            yield
            return
        self._shelf, self.digests = shelf, shelf.digests
        try:
            yield
            shelf.save()
        finally:
            self._shelf = None

    def recall(
        self, kind: str, key: Hashable, make: Callable[[], Answer], *made_of: object
    ) -> Answer:
        """An answer, made only if one of its parts is not what it was.

        Args:
            kind: What is asked.
            key: Of what: an article's id, a file's path.
            make: Makes the answer; what it raises is not remembered.
            made_of: All that the answer depends on; compared by value.
        """
        of_kind = self._known.setdefault(kind, {})
        self._asked.setdefault(kind, set()).add(key)
        known = of_kind.get(key)
        # Tuples compare what is the same object at once, and all of it without a line of Python.
        if known is not None and known[0] == made_of:
            found: Answer = known[1]
            return found
        made = self._made(kind, key, make, made_of)
        of_kind[key] = (made_of, made)
        return made

    def stands(self, kind: str, key: Hashable, *made_of: object) -> bool:
        """Whether an answer with these parts is there; it is not looked at."""
        known = self._known.get(kind, {}).get(key)
        if known is not None and known[0] == made_of:
            return True
        if self._shelf is None or not isinstance(key, str):
            return False
        return self._shelf.stands(kind, key, _values(made_of))

    def is_first(self, kind: str) -> bool:
        """Whether nobody was told an answer of a kind yet."""
        return not self._known.get(kind)

    def _made(
        self, kind: str, key: Hashable, make: Callable[[], Answer], made_of: tuple[object, ...]
    ) -> Answer:
        if self._shelf is None or not isinstance(key, str):
            return make()
        answer: Answer = self._shelf.recall(kind, key, make, _values(made_of))
        return answer

    def left(self, kind: str, type_: type[Answer]) -> Answer | None:
        """What was left for the next time, whatever it was made of."""
        if kind not in self._left and self._shelf is not None:
            self._left[kind] = self._shelf.left(kind, type_)
        return self._left.get(kind)

    def leave(self, kind: str, value: object) -> None:
        """Leave something for the next time; only what is true of it whenever that is."""
        self._left[kind] = value
        if self._shelf is not None:
            self._shelf.leave(kind, value)

    def same(self, kind: str, key: Hashable, value: Answer) -> Answer:
        """The object that was given before, if it is equal to this one; else this one."""
        return self.recall(kind, key, lambda: value, value)

    def forget_unasked(self) -> None:
        """Forget all answers that nobody asked for since this was last done.

        Whoever has just asked for all that there is keeps that, and nothing of what is gone.
        """
        asked, self._asked = self._asked, {}
        for kind, known in self._known.items():
            for key in known.keys() - asked.get(kind, set()):
                known.pop(key, None)

    def forget(self, kind: str) -> None:
        """Forget all answers of a kind, since nobody will ask for them in this process."""
        self._known.pop(kind, None)


def _values(made_of: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(part.value if isinstance(part, Exactly) else part for part in made_of)
