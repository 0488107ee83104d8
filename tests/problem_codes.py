"""Every problem code of the source, found in its syntax tree; what cannot be read there is told."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

BUILDER = Path(__file__).parents[1] / "builder"

JOINED = {"missing-{name}": ("missing-title", "missing-published")}
"""Codes that are put together, and what they come to."""


@dataclass(frozen=True)
class Taker:
    """A function or record that is given a code."""

    position: int | None
    level: str


def codes(folder: Path = BUILDER) -> dict[str, set[str]]:
    """Every code and its levels.

    A code is whatever is given as `code` to `Problem`, or to a function or record with a parameter
    or field of that name.

    Raises:
        AssertionError: If a code is given that is neither a text nor handed on.
    """
    trees = {
        path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.py"))
    }
    takers = {path: dict(_takers(tree)) for path, tree in trees.items()}
    shared = {
        name: taker
        for found in takers.values()
        for name, taker in found.items()
        if taker and not (name.startswith("_") or name in {"Problem", "note"})
    }
    found: dict[str, set[str]] = defaultdict(set)
    for path, tree in trees.items():
        for code, level in _given(tree, {**shared, **takers[path]}, path):
            found[code].add(level)
    return dict(found)


def _takers(tree: ast.Module) -> Iterator[tuple[str, Taker | None]]:
    """What this module defines, and where it takes a code; None if it takes none."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name, args=args):
                names = [arg.arg for arg in args.args if arg.arg not in {"self", "cls"}]
                taker = Taker(names.index("code"), _level_in(node)) if "code" in names else None
                yield name, taker
            case ast.ClassDef(name=name, body=body) if name != "Problem":
                fields = [
                    each.target.id
                    for each in body
                    if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
                ]
                yield name, Taker(fields.index("code"), "error") if "code" in fields else None


def _level_in(function: ast.FunctionDef) -> str:
    """The level of the problem that a function makes of the code."""
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    return next((_level(call) for call in calls if _name(call) == "Problem"), "error")


def _given(
    tree: ast.Module, takers: Mapping[str, Taker | None], path: Path
) -> Iterator[tuple[str, str]]:
    scopes = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = _name(call)
        taker = Taker(None, _level(call)) if name == "Problem" else takers.get(name)
        given = _argument(call, taker) if taker else None
        if taker is None or given is None:
            assert name != "Problem", f"{path}:{call.lineno}: a problem without a code"
            continue
        # The innermost function round the call knows what its names hold.
        scope = max(
            (s for s in scopes if s.lineno <= call.lineno <= (s.end_lineno or 0)),
            key=lambda s: s.lineno,
            default=None,
        )
        for code in _texts(given, scope, f"{path}:{call.lineno}"):
            yield code, taker.level


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _level(call: ast.Call) -> str:
    given = next((word.value for word in call.keywords if word.arg == "level"), None)
    return str(given.value) if isinstance(given, ast.Constant) else "error"


def _argument(call: ast.Call, taker: Taker) -> ast.expr | None:
    by_name = next((word.value for word in call.keywords if word.arg == "code"), None)
    if by_name is not None or taker.position is None or taker.position >= len(call.args):
        return by_name
    return call.args[taker.position]


def _texts(given: ast.expr, scope: ast.FunctionDef | None, where: str) -> Iterator[str]:
    match given:
        case ast.Constant(value=str(code)):
            yield code
        case ast.IfExp(body=one, orelse=other):
            yield from _texts(one, scope, where)
            yield from _texts(other, scope, where)
        case ast.JoinedStr():
            yield from JOINED[ast.unparse(given)[2:-1]]
        case ast.Attribute(attr="code"):
            return  # handed on from where it was given
        case ast.Name(id=name) if scope is not None:
            if name in {arg.arg for arg in scope.args.args}:
                return  # handed on: this function is a taker itself
            values = [value for target, value in _assigned(scope) if target == name]
            assert values, f"{where}: nobody knows what {name} is"
            for value in values:
                yield from _texts(value, scope, where)
        case _:
            raise AssertionError(f"{where}: this is no code: {ast.unparse(given)}")


def _assigned(scope: ast.FunctionDef) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(scope):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                for target, value in zip(names, values, strict=True):
                    if isinstance(target, ast.Name):
                        yield target.id, value
