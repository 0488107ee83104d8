"""What is wrong, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Literal

from msgspec import Struct, field


class Place(Struct, frozen=True, order=True):
    """Where in the site's own files something stands."""

    path: str
    """Relative to the site's folder, with forward slashes: `content/2026/port-strike.md`."""
    line: int | None = None
    """Counted from 1 over the whole file, front matter included."""

    def __str__(self) -> str:
        return self.path if self.line is None else f"{self.path}:{self.line}"


class Problem(Struct, frozen=True, kw_only=True):
    """One thing a writer must know, in the writer's words."""

    place: Place
    message: str
    """What is wrong; no final full stop."""
    code: str
    """Stable and searchable: `unknown-entity`. Every code is documented in docs/problems.md."""
    level: Literal["error", "warning", "hint"] = "error"
    """An error stops a build, a warning only where the command wants it; a hint never."""
    hint: str = ""
    """What to do: `did you mean ana-ruiz?`"""

    def __str__(self) -> str:
        line = f"{self.place}: {self.level}: {self.message} [{self.code}]"
        return f"{line}\n    {self.hint}" if self.hint else line


class BuilderError(Exception):
    """Something a writer can mend. Anything else that is raised is our bug."""


class ProblemError(BuilderError):
    """One problem: this article, template or file cannot go on, the others can."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


class BuildError(BuilderError):
    """Every problem found: the build cannot go on."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems


class Problems(Struct):
    """Gathers problems, so that all of them are shown in one go."""

    found: list[Problem] = field(default_factory=list)

    def add(self, problem: Problem) -> None:
        """Remember one problem."""
        self.found.append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Remember several problems."""
        self.found.extend(problems)

    @contextmanager
    def catch(self) -> Iterator[None]:
        """Turn a ProblemError or BuildError raised inside into remembered problems."""
        try:
            yield
        except ProblemError as error:
            self.found.append(error.problem)
        except BuildError as error:
            self.found.extend(error.problems)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop a build."""
        return tuple(p for p in self.found if p.level == "error")

    def stop_on_errors(self) -> None:
        """Raise BuildError with everything found so far if an error is among it."""
        if self.errors:
            raise BuildError(ordered(self.found))


def ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by file and line, each once."""
    unique = dict.fromkeys(problems)
    return tuple(
        sorted(unique, key=lambda p: (p.place.path, p.place.line or 0, p.level, p.code, p.message))
    )
