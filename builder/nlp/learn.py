"""Trains the network (`builder.nlp.network`) with JAX, on one thread, the same way each time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

# Sums over several threads come out in another order each time. XLA reads this when it starts.
os.environ["XLA_FLAGS"] = " ".join(
    [
        os.environ.get("XLA_FLAGS", ""),
        "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    ]
).strip()

import jax
import jax.numpy as jnp
import optax

from builder.nlp import columns, network
from builder.nlp.columns import DISTANCES, FLAGS, LENGTHS, Reals, Signs
from builder.nlp.lessons import Lesson, Marked
from builder.nlp.network import BACK, REACHES, VECTOR, WINDOW, Network

ROUNDS = 8
"""How often each report is looked at."""
STEPS = 3000
"""How many steps there are at the least, however few the reports."""
_TOKENS = 768
"""Longer reports are cut at the end of a sentence."""
_CUES = 24
"""Cues that are looked at in one step."""
_HIDDEN, _PAIR, _SMALL = 64, 48, 16
_WIDTHS = {"pos": 8, "tag": 12, "dep": 12, "entity": 6, "lemma": 32}
_VECTOR = 64
_RATE, _WARM, _DECAY = 2e-3, 200, 0.01
_DROPPED = 0.25
_ASIDE, _PAIRED = 0.3, 0.2
"""What the tags of tokens, and the pairs, weigh beside the cues."""

Arrays = dict[str, Any]


class Step(NamedTuple):
    """A piece of a report with the cues that are learnt from it; all steps are of one shape."""

    columns: Arrays
    rows: NDArray[np.int32]


def network_of(found: Sequence[Lesson], known: Signs, table: Reals, cache: Path | None) -> Network:
    """Train a network on reports; the same reports give the same network.

    Args:
        found: The reports.
        known: The signs that it is to know.
        table: The word vectors of the model.
        cache: A folder in which trained networks are kept, by all that goes into them.
    """
    steps = [step for each in found for step in _steps(each, known)]
    path = cache / f"network-{_digest(steps, known, table)}.npz" if cache else None
    if path and path.exists():
        with np.load(path) as data:
            return Network(known, {name: data[name] for name in data.files})
    trained = _trained(steps, known, table)
    # As coarse as they are shipped, so that what is measured is what is used.
    arrays = {
        name: np.asarray(each, np.float16).astype(np.float32) for name, each in trained.items()
    }
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, **arrays)  # type: ignore[arg-type]
    return Network(known, arrays)


def begin(known: Signs) -> Arrays:
    """Return weights to begin with: small, random, the same each time."""
    keys = iter(jax.random.split(jax.random.PRNGKey(0), 64))

    def spread(*shape: int, by: float) -> jax.Array:
        return jax.random.normal(next(keys), shape) * by

    made: Arrays = {}

    def linear(name: str, wide: int, out: int, by: float = 1.0) -> None:
        made[f"{name}.weights"] = spread(wide, out, by=by * float(wide) ** -0.5)
        made[f"{name}.bias"] = jnp.zeros(out)

    for kind, size in network.shape_of(known).items():
        made[kind] = spread(size, _WIDTHS[kind], by=0.1 if kind == "lemma" else 0.3)
    linear("vector", VECTOR, _VECTOR)
    linear("in", sum(_WIDTHS.values()) + _VECTOR + FLAGS, _HIDDEN)
    for number in range(len(REACHES)):
        linear(f"look.{number}", 6 * _HIDDEN, _HIDDEN)
        linear(f"keep.{number}", _HIDDEN, _HIDDEN, by=0.5)
    linear("cue", 2 * _HIDDEN, 1)
    linear("tags", _HIDDEN, 3)
    linear("asking", _HIDDEN, _PAIR)
    linear("token", _HIDDEN, _PAIR)
    linear("pair", _PAIR, 2)
    for name, size in (("path", known.paths), ("distance", DISTANCES), ("length", LENGTHS)):
        made[name] = spread(size, _PAIR, by=0.1)
    for name in ("pair.cue", "pair.token"):
        made[name] = spread(2, _HIDDEN, _SMALL, by=0.05)
    return made


def _trained(steps: Sequence[Step], known: Signs, table: Reals) -> Arrays:
    rounds = max(ROUNDS, -(-STEPS // len(steps)))
    rate = optax.warmup_cosine_decay_schedule(0.0, _RATE, _WARM, rounds * len(steps), 0.01 * _RATE)
    towards = optax.chain(
        optax.clip_by_global_norm(1.0), optax.adamw(rate, b2=0.99, weight_decay=_DECAY)
    )
    arrays = begin(known)
    state = towards.init(arrays)

    def step_of(arrays: Arrays, state: Any, data: Arrays, key: jax.Array) -> tuple[Arrays, Any]:
        change, state = towards.update(jax.grad(_loss)(arrays, data, key), state, arrays)
        return optax.apply_updates(arrays, change), state

    stepped = jax.jit(step_of)
    key, order = jax.random.PRNGKey(1), np.random.default_rng(0)
    for _ in range(rounds):
        for number in order.permutation(len(steps)):
            key, now = jax.random.split(key)
            step = steps[number]
            data = {**step.columns, "words": network.vectors_of(table, step.rows)}
            arrays, state = stepped(arrays, state, data, now)
    return arrays


def _loss(arrays: Arrays, data: Arrays, key: jax.Array) -> jax.Array:
    keys = iter(jax.random.split(key, 32))

    def dropped(values: jax.Array, share: float = _DROPPED) -> jax.Array:
        return values * jax.random.bernoulli(next(keys), 1 - share, values.shape) / (1 - share)

    def linear(name: str, values: jax.Array) -> jax.Array:
        return values @ arrays[f"{name}.weights"] + arrays[f"{name}.bias"]

    tables = {kind: arrays[kind][data[kind]] for kind in Signs._fields}
    tables["lemma"] = dropped(tables["lemma"])
    seen = [*tables.values(), linear("vector", dropped(data["words"])), data["flags"]]
    hidden = jax.nn.relu(linear("in", dropped(jnp.concatenate(seen, -1), _DROPPED / 2)))
    size, there = len(hidden), data["there"][:, None]
    for number, reach in enumerate(REACHES):
        each = _even(hidden) * there
        looked = [
            each,
            jnp.pad(each, ((reach, 0), (0, 0)))[:size],
            jnp.pad(each, ((0, reach), (0, 0)))[reach:],
            each[data["head"]],
            jax.ops.segment_sum(each * data["below"][:, None], data["head"], size)
            / data["count"][:, None],
            each[data["sibling"]],
        ]
        mixed = dropped(jax.nn.relu(linear(f"look.{number}", jnp.concatenate(looked, -1))))
        hidden = hidden + linear(f"keep.{number}", mixed)
    hidden = _even(hidden) * there
    cue = linear("cue", jnp.concatenate([hidden, hidden[data["head"]]], -1))[:, 0]
    pairs = _pairs(arrays, data, hidden, lambda values: dropped(values, _DROPPED / 2))
    use = data["use"]
    lost = (_doubt(cue, data["is cue"]) * use).sum()
    lost += _ASIDE * (_doubt(linear("tags", hidden), data["is said"]) * use[:, None]).sum()
    lost += _PAIRED * (_doubt(pairs, data["is pair"]) * data["looked at"][:, :, None]).sum()
    return lost / data["there"].sum()


def _pairs(arrays: Arrays, data: Arrays, hidden: jax.Array, dropped: Any) -> jax.Array:
    """Every cue with the tokens of its window, for content and for source."""

    def linear(name: str, values: jax.Array) -> jax.Array:
        return values @ arrays[f"{name}.weights"] + arrays[f"{name}.bias"]

    own, window = hidden[data["cues"]], data["window"]
    mixed = linear("asking", own)[:, None] + linear("token", hidden)[window]
    for name in ("path", "distance", "length"):
        mixed += arrays[name][data[name]]
    pairs = linear("pair", dropped(jax.nn.relu(mixed)))
    asked = jnp.einsum("kd,jde->kje", own, arrays["pair.cue"])
    answer = jnp.einsum("td,jde->tje", hidden, arrays["pair.token"])
    return pairs + jnp.einsum("kje,kwje->kwj", asked, answer[window])


def _even(values: jax.Array) -> jax.Array:
    apart = values - values.mean(-1, keepdims=True)
    return apart / jnp.sqrt((apart * apart).mean(-1, keepdims=True) + 1e-5)


def _doubt(score: jax.Array, answer: jax.Array) -> jax.Array:
    """The logarithm of how unlikely an answer seemed."""
    return jnp.maximum(score, 0) - score * answer + jnp.log1p(jnp.exp(-jnp.abs(score)))


def _steps(lesson: Lesson, known: Signs) -> Iterator[Step]:
    tree = lesson.tree
    text = columns.columns(tree, known)
    rows = columns.unnamed(tree, lesson.rows)
    size = len(tree.words)
    asked = [each for each in lesson.marked if each.head >= 0 and each.head not in lesson.skipped]
    per_token = _answers(lesson, asked)
    for first, end in _pieces(tree.sentence):
        here = [each for each in asked if first <= each.head < end]
        for at in range(0, max(1, len(here)), _CUES):
            few = here[at : at + _CUES]
            # What is learnt of tokens alone is learnt once.
            learnt = {**per_token, "use": per_token["use"] * (at == 0)}
            yield Step(
                {
                    **{name: _padded(values, first, end) for name, values in learnt.items()},
                    **{
                        name: _padded(getattr(text, name), first, end)
                        for name in (*Signs._fields, "flags")
                    },
                    **_hanging(text, first, end),
                    **_windows(lesson, text, few, (first, end), len(known.dep) + 1),
                },
                _padded(rows, first, end, fill=-1),
            )
    assert size == end


def _answers(lesson: Lesson, asked: Sequence[Marked]) -> Arrays:
    size = len(lesson.tree.words)
    cue, use = np.zeros(size, np.float32), np.ones(size, np.float32)
    said = np.zeros((size, 3), np.float32)
    cue[[each.head for each in asked]] = 1
    use[sorted(lesson.skipped)] = 0
    for each in lesson.marked:
        for number, tokens in enumerate((each.content, each.source, each.cue)):
            said[sorted(tokens), number] = 1
    return {"is cue": cue, "is said": said, "use": use, "there": np.ones(size, np.float32)}


def _hanging(text: columns.Columns, first: int, end: int) -> Arrays:
    """Heads and siblings as places in the piece; what has none stands for itself."""
    size = end - first
    own = np.arange(_TOKENS, dtype=np.int32)
    head, sibling = own.copy(), own.copy()
    head[:size] = np.clip(text.head[first:end], first, end - 1) - first
    sibling[:size] = np.clip(text.sibling[first:end], first, end - 1) - first
    below = (head != own).astype(np.float32)
    count = np.bincount(head[head != own], minlength=_TOKENS)
    return {
        "head": head,
        "sibling": sibling,
        "below": below,
        "count": np.maximum(count, 1).astype(np.float32),
    }


def _windows(
    lesson: Lesson, text: columns.Columns, few: Sequence[Marked], piece: tuple[int, int], deps: int
) -> Arrays:
    first, end = piece
    spoken = np.array([pos not in {"PUNCT", "SPACE"} for pos in lesson.tree.pos], np.float32)
    made: Arrays = {
        "cues": np.zeros(_CUES, np.int32),
        "window": np.zeros((_CUES, WINDOW), np.int32),
        "looked at": np.zeros((_CUES, WINDOW), np.float32),
        "is pair": np.zeros((_CUES, WINDOW, 2), np.float32),
    }
    for name in ("path", "distance", "length"):
        made[name] = np.zeros((_CUES, WINDOW), np.int32)
    for number, each in enumerate(few):
        low = max(first, each.head - BACK)
        high = min(end, each.head - BACK + WINDOW)
        reach = slice(0, high - low)
        made["cues"][number] = each.head - first
        made["window"][number, reach] = np.arange(low, high) - first
        made["looked at"][number, reach] = spoken[low:high]
        for role, tokens in enumerate((each.content, each.source)):
            inside = [at - low for at in tokens if low <= at < high]
            made["is pair"][number, inside, role] = 1
        lies = columns.between(text, each.head, low, high, deps)
        for name in ("path", "distance", "length"):
            made[name][number, reach] = getattr(lies, name)
    return made


def _pieces(sentence: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where a report is cut, at the last sentence that fits."""
    first = last = 0
    for at in range(1, len(sentence)):
        if sentence[at] != sentence[at - 1]:
            last = at
        if at - first >= _TOKENS - 1:
            cut = last if last > first else at
            yield first, cut
            first = cut
    yield first, len(sentence)


def _padded(values: NDArray[Any], first: int, end: int, fill: int = 0) -> NDArray[Any]:
    rest = [(0, _TOKENS - (end - first))] + [(0, 0)] * (values.ndim - 1)
    return np.pad(values[first:end], rest, constant_values=fill)


def _digest(steps: Sequence[Step], known: Signs, table: Reals) -> str:
    """Name all that a network is made of: what it learns from, and how it is trained."""
    made = blake2b(repr(known).encode(), digest_size=12)
    for step in steps:
        for name, values in sorted(step.columns.items()):
            made.update(name.encode())
            made.update(np.asarray(values).tobytes())
        made.update(step.rows.tobytes())
    made.update(np.asarray(table).tobytes())
    for path in (__file__, columns.__file__, network.__file__):
        made.update(Path(str(path)).read_bytes())
    return made.hexdigest()
