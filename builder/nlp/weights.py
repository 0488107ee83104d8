"""What training learned, as plain numbers: a network, and the features of two decisions."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from importlib.resources import as_file, files
from math import exp
from pathlib import Path
from typing import NamedTuple

import numpy as np

from builder.nlp.columns import Signs, numbered
from builder.nlp.network import Network


class Decision(NamedTuple):
    """A yes or no that is decided by adding up weights (logistic regression)."""

    weights: Mapping[str, float]
    bias: float

    def chance(self, features: Iterable[str]) -> float:
        """Return how likely the answer is yes; unknown features count nothing."""
        known = map(self.weights.get, dict.fromkeys(features))
        total = self.bias + sum(filter(None, known))
        return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


class Weights(NamedTuple):
    """All decisions about statements, for texts with marks or for those without."""

    network: Network
    """Sees cues, contents and sources."""
    continuation: Decision
    confidence: Decision
    found: float
    """The least confidence of what counts as a statement at all."""


_DECISIONS = ("continuation", "confidence")
_SIGN, _ARRAY = "sign.", "array."
_FILES = {False: "marked.npz", True: "unmarked.npz"}


@functools.cache
def shipped(*, unmarked: bool) -> Weights:
    """Return the weights that come with this package."""
    with as_file(files("builder.nlp") / "weights_en" / _FILES[unmarked]) as path:
        return read(path)


def read(path: Path) -> Weights:
    """Return the weights of a file that `write` wrote."""
    with np.load(path, allow_pickle=False) as data:
        continuation, confidence = (_decision(data, name) for name in _DECISIONS)
        signs = Signs(*(numbered(_names(data[_SIGN + kind])) for kind in Signs._fields))
        arrays = {
            name.removeprefix(_ARRAY): data[name].astype(np.float32)
            for name in data.files
            if name.startswith(_ARRAY)
        }
        return Weights(Network(signs, arrays), continuation, confidence, float(data["found"]))


def write(weights: Weights, folder: Path, *, unmarked: bool) -> None:
    """Write weights as numpy arrays: half precision for the network, hundredths for features."""
    arrays = {"found": np.array(weights.found)}
    for kind in Signs._fields:
        arrays[_SIGN + kind] = _packed(list(getattr(weights.network.signs, kind)))
    for name, values in sorted(weights.network.arrays.items()):
        arrays[_ARRAY + name] = values.astype(np.float16)
    for name in _DECISIONS:
        decision: Decision = getattr(weights, name)
        kept = sorted(each for each, weight in decision.weights.items() if round(weight, 2))
        arrays[f"{name}.names"] = _packed(kept)
        arrays[f"{name}.weights"] = np.array(
            [round(100 * decision.weights[each]) for each in kept], np.int16
        )
        arrays[f"{name}.bias"] = np.array(round(decision.bias, 4))
    np.savez_compressed(folder / _FILES[unmarked], **arrays)  # type: ignore[arg-type]


def _decision(data: Mapping[str, np.ndarray], name: str) -> Decision:
    values = (data[f"{name}.weights"].astype(float) / 100).tolist()
    names = _names(data[f"{name}.names"])
    return Decision(dict(zip(names, values, strict=True)), float(data[f"{name}.bias"]))


def _packed(names: list[str]) -> np.ndarray:
    return np.frombuffer("\0".join(names).encode(), np.uint8)


def _names(packed: np.ndarray) -> list[str]:
    text = packed.tobytes().decode()
    return text.split("\0") if text else []
