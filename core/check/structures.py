"""Identifies the arrays in a student's dictionaries, tuples and nested caches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.check import vocabulary

Path = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Orientation:
    """Whether examples are rows in the student's code, and whether its w is (1, n_x)."""

    rows: bool = False
    w_turned: bool = False
    rank_1: bool = False  # biases of shape (n,), as row-wise code may have them

    def theirs(self, name: str, value: Any) -> Any:
        """Our array as the student's code expects it, a copy."""
        array = np.asarray(value)
        if array.ndim != 2:
            return float(value) if array.ndim == 0 and name != "m" else value
        base = name.removesuffix("_new").lstrip("d")
        if base == "w":
            return array.T.copy() if self.w_turned else array.copy()
        if not self.rows:
            return array.copy()
        if self.rank_1 and base.startswith("b"):
            return array.reshape(-1).copy()
        return array.T.copy()

    def ours(self, name: str, value: Any) -> Any:
        """The student's array in our orientation, so that both can be compared."""
        array = np.asarray(value)
        base = name.removesuffix("_new").lstrip("d")
        if base == "w":
            return array.T if self.w_turned and array.ndim == 2 else array
        if base == "b" and array.size == 1:  # one number, of any shape
            return array.reshape(())
        if name == "cost" and array.size == 1:
            return array.reshape(())
        if not self.rows:
            return array
        if array.ndim == 1 and base.startswith("b"):
            return array.reshape(-1, 1)
        return array.T if array.ndim == 2 else array


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every array or number in nested dictionaries, lists and tuples, with its path."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from leaves(one, (*path, key))
    elif isinstance(value, list | tuple) and len(path) < 8:
        for index, one in enumerate(value):
            yield from leaves(one, (*path, index))
    elif isinstance(value, np.ndarray | np.number | float | int) and not isinstance(value, bool):
        yield path, value


def at(value: Any, path: Path) -> Any:
    """The value at the end of the path."""
    for key in path:
        value = value[key]
    return value


Namer = Callable[[str], str | None]


def named(
    value: Any, wanted: Sequence[str], like: Mapping[str, Any], namer: Namer,
    orientation: Orientation, hints: Sequence[str | None] = (),
) -> dict[str, Path]:  # fmt: skip
    """The position of each `wanted` array: by its key, its name in `return`, or its shape.

    `namer` gives the array for a key or variable of the student; `hints` are the names of the parts
    of a returned tuple.
    """
    found: dict[str, Path] = {}
    unnamed: list[tuple[Path, Any]] = []
    for path, leaf in leaves(value):
        name = _by_key(path, namer, hints)
        fitting = next((w for w in wanted if name in (w, w.removesuffix("_new"))), None)
        if fitting is not None and fitting not in found:
            found[fitting] = path
        elif name is None and not any(isinstance(key, str) for key in path):
            unnamed.append((path, leaf))
    known = [at(value, path) for path in found.values()]
    left = [(path, leaf) for path, leaf in unnamed if not any(_equal(leaf, one) for one in known)]
    for shape in dict.fromkeys(np.shape(leaf) for _, leaf in left):
        paths = [path for path, leaf in left if np.shape(leaf) == shape]
        names = [
            name for name in wanted
            if name not in found and np.shape(orientation.theirs(name, like[name])) == shape
        ]  # fmt: skip
        if len(paths) < len(names):  # A is passed on, and Z need not be kept
            names = [name for name in names if name[0] != "Z"] or names
        found |= dict(zip(names, paths, strict=False))
    return found


def _equal(a: Any, b: Any) -> bool:
    return np.size(a) > 1 and np.array_equal(a, b)


def _by_key(path: Path, namer: Namer, hints: Sequence[str | None]) -> str | None:
    for key in reversed(path):
        if isinstance(key, str):
            return namer(key)
    index = path[0] if len(path) == 1 else 0 if not path else None
    return hints[index] if isinstance(index, int) and index < len(hints) else None


_LOGISTIC = {"w": "w", "b": "b", "z": "Z", "a": "A", "yhat": "A", "dz": "dZ", "dw": "dw",
             "delta": "dZ", "error": "dZ", "db": "db", "cost": "cost", "loss": "cost",
             "al": "A"}  # fmt: skip


def namer_of(last: int, *, logistic: bool) -> Namer:
    """Names the arrays of a whole pass."""
    if not logistic:
        return lambda text: vocabulary.quantity(text, last)
    return lambda text: "cost" if text == "J" else _LOGISTIC.get(_bare(text))


def namer_in_layer(l: int) -> Namer:
    """Names the arrays of a function that works on one layer: Z, A, A_prev, dW, …"""
    names = {"z": f"Z{l}", "a": f"A{l}", "w": f"W{l}", "b": f"b{l}", "aprev": f"A{l - 1}",
             "dz": f"dZ{l}", "dw": f"dW{l}", "db": f"db{l}", "da": f"dA{l}",
             "daprev": f"dA{l - 1}"}  # fmt: skip
    return lambda text: names.get(_bare(text))


def _bare(text: str) -> str:
    key = text.rpartition("[")[2].rstrip("]") if text.endswith("]") else text
    return vocabulary.plain(key.rpartition(".")[2])


def fill(template: Any, paths: Mapping[str, Path], values: Mapping[str, Any]) -> Any:
    """A copy of the student's structure with our arrays in it."""
    filled = _copied(template)
    for name, path in paths.items():
        if not path:
            return values[name]
        filled = _with(filled, path, values[name])
    return filled


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_copied(one) for one in value) if type(value) in (list, tuple) else value
    return value.copy() if isinstance(value, np.ndarray) else value


def _with(value: Any, path: Path, leaf: Any) -> Any:
    key, *rest = path
    new = _with(value[key], tuple(rest), leaf) if rest else leaf
    if isinstance(value, tuple):
        return (*value[:key], new, *value[key + 1 :])
    value[key] = new
    return value


def dictionary(names: Iterable[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """The course's own structure: a dictionary with the names as keys."""
    return {name: values[name] for name in names}
