"""The address of any number of a recorded iteration, and the names of numbers and arrays."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast, get_args

from core.errors import LayerwiseError
from core.limits import clip

Target = Literal[
    "A", "Z", "D", "W", "b", "Y", "loss", "J", "slope",
    "dA", "dZ", "dW", "db", "step_W", "step_b", "W_after", "b_after",
]  # fmt: skip
Index = int | str  # counted from 0, or a letter that runs over all

# The letters of a number, as text and as LaTeX, if they differ from the target.
_LETTERS: dict[str, tuple[str, str]] = {
    "A": ("a", "a"),
    "Z": ("z", "z"),
    "D": ("d", "d"),
    "W": ("w", "w"),
    "Y": ("y", "y"),
    "dA": ("da", "da"),
    "dZ": ("dz", "dz"),
    "dW": ("dw", "dw"),
    "loss": ("loss", r"\mathrm{loss}"),
    "slope": ("g′", "g'"),
    "step_W": ("Δw", r"\Delta w"),
    "step_b": ("Δb", r"\Delta b"),
    "W_after": ("new w", r"\mathrm{new}\ w"),
    "b_after": ("new b", r"\mathrm{new}\ b"),
}
# The letters of a whole array, likewise.
_ARRAYS: dict[str, tuple[str, str]] = {
    "loss": ("loss", r"\mathrm{loss}"),
    "slope": ("g′(Z", "g'(Z"),
    "step_W": ("ΔW", r"\Delta W"),
    "step_b": ("Δb", r"\Delta b"),
    "W_after": ("new W", r"\mathrm{new}\ W"),
    "b_after": ("new b", r"\mathrm{new}\ b"),
}
WEIGHTS = frozenset({"W", "dW", "step_W", "W_after"})
BIASES = frozenset({"b", "db", "step_b", "b_after"})
_NO_LAYER = frozenset({"Y", "loss", "J"})
_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_SYMBOL = re.compile(
    r"(?P<letters>[^\d,\[(]{1,8}?)(?P<indices>\d{0,6}|\d{1,6},\d{1,6})"
    r"(\[(?P<layer>\d{1,3})\])?(\((?P<example>\d{1,7})\))?"
)
_TARGETS = {text: cast(Target, target) for target, (text, _) in _LETTERS.items()}
_TARGETS |= {t: t for t in get_args(Target) if t not in _LETTERS} | {"x": "A"}
_SUBSCRIPTS = str.maketrans("0123456789ijkq,", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖq,")


@dataclass(frozen=True, slots=True)
class Entry:
    """One number, at a row and column (from 0) of the array `target` of `layer`.

    A[0] is X, D[l] the mask of a layer that drops activations. Y (n[L], m), loss (1, m) and J (1,
    1) belong to layer L. `slope` is g'(z); `step_W` and `step_b` are subtracted by the update,
    `W_after` and `b_after` are the result. Texts for people (`symbol`, `latex`) count from 1.
    """

    target: Target
    layer: int
    row: int = 0
    column: int = 0

    @property
    def per_example(self) -> bool:
        """Whether the column is an example."""
        return is_per_example(self.target)

    @property
    def symbol(self) -> str:
        """`dw₂₃[2]`, `a₃[1](8)`, `x₁(8)`, `b₂[1]`, `loss(8)`, `J`."""
        return name(self.target, self.layer, self.row, self.column)

    @property
    def latex(self) -> str:
        """The same for a typesetter: `dw_{23}[2]`."""
        return name(self.target, self.layer, self.row, self.column, latex=True)


def is_per_example(target: Target) -> bool:
    """Whether the columns of this array are examples."""
    return target not in WEIGHTS | BIASES and target != "J"


def name(target: Target, layer: int, row: Index, column: Index = 0, *, latex: bool = False) -> str:
    """One number, or with letters as indices any number: `w₂₃[1]`, `w₂ⱼ[1]`, `zᵢ[1](k)`."""
    is_input = target == "A" and layer == 0
    letters = "x" if is_input else _LETTERS.get(target, (target, target))[latex]
    brackets = "" if is_input or target in _NO_LAYER else f"[{layer}]"
    example = f"({_one_based(column)})" if is_per_example(target) else ""
    return f"{letters}{_indices(target, row, column, latex)}{brackets}{example}"


def parse(symbol: str, L: int) -> Entry:
    """Parse the name of a number in a network of L layers, with subscripts or plain digits:
    `dw₂₃[2]`, `x1(8)`, `J`.

    Raises LayerwiseError for an invalid name.
    """
    found = _SYMBOL.fullmatch(symbol.replace("'", "′").translate(_DIGITS))
    letters = found["letters"] if found else ""
    target: Target | None = _TARGETS.get(letters)
    if found is None or target is None:
        raise LayerwiseError(
            f"{clip(symbol)!r} names no number: write it as the window does, as in dw₁₂[1] or"
            " a₁[2](8)"
        )
    indices = found["indices"]
    weight = target in WEIGHTS
    row, _, column = indices.partition(",") if "," in indices else (indices[:1], "", indices[1:])
    at = (int(row or 1), int(column or 1)) if weight else (int(indices or 1), 1)
    layer = L if target in _NO_LAYER else int(found["layer"] or 0)
    return Entry(target, layer, at[0] - 1, int(found["example"] or at[1]) - 1)


def array_name(target: Target, layer: int, *, latex: bool = False) -> str:
    """A whole array: `dW[2]`, `ΔW[2]`, `g′(Z[1])`, `Y`."""
    letters = _ARRAYS.get(target, (target, target))[latex]
    brackets = "" if target in _NO_LAYER else f"[{layer}]"
    return f"{letters}{brackets}{')' if target == 'slope' else ''}"


def subscript(text: str) -> str:
    """Digits and the letters i, j, k as subscripts: `₁₂`, `ⱼ`."""
    return text.translate(_SUBSCRIPTS)


def _indices(target: Target, row: Index, column: Index, latex: bool) -> str:
    if target in ("loss", "J"):
        return ""
    indices = [_one_based(row), _one_based(column)] if target in WEIGHTS else [_one_based(row)]
    text = ("," if any(len(index) > 1 for index in indices) else "").join(indices)
    return f"_{{{text}}}" if latex else subscript(text)


def _one_based(index: Index) -> str:
    return index if isinstance(index, str) else str(index + 1)
