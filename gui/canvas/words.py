"""The texts on the canvas: heads, unit labels, equations and their shapes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.nn.activations import ACTIVATIONS
from core.project import Project
from gui.canvas.layout import Equations
from gui.style import text


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one layer; texts that do not apply (the input's equations) are empty."""

    title: str
    note: str  # under the input's title
    activation: str
    units: str
    linear: str  # Z[l] = W[l] A[l-1] + b[l]
    shapes: tuple[str, str]  # "(4, 400) =" and "(4, 2)·(2, 400) + (4, 1)"
    output: str  # A[l] = g(Z[l])
    array: str  # A[l] (n[l], m)

    def without_shapes(self) -> Words:
        """The same with question marks for the sizes that the equations would reveal."""
        left, right = (_hidden(part) for part in self.shapes)
        return replace(self, shapes=(left, right), array=_hidden(self.array))

    def lines(self, mode: Equations) -> list[tuple[str, bool]]:
        """The lines under the layer in one of the ways to write them, and which are shapes."""
        left, right = self.shapes
        whole = f"{left} {right}"
        if mode is Equations.FULL:
            return [(self.linear, False), (whole, True), (self.output, False)]
        if mode is Equations.TIGHT:
            return [(self.linear, False), (_tight(whole), True), (self.output, False)]
        if mode is Equations.SPLIT:
            shapes = [(_tight(left), True), (_tight(right), True)]
            return [(self.linear, False), *shapes, (self.output, False)]
        if mode is Equations.LINE:
            return [(self.linear, False), (_tight(whole), True), (self.output, False)]
        return [(f"{self.linear}      {self.output}", False), (whole, True)]


def words_of(project: Project, features: Sequence[str], m: int | None) -> tuple[Words, ...]:
    """The words of the input and of layers 1..L; m is None until the examples are known."""
    sizes = project.sizes(len(features))
    L = len(sizes) - 1
    n = text.count(sizes[0])
    entry = Words(
        "Input A[0]", f"n[0] = {n}", "", n, "", ("", ""), "", f"A[0] {_by_m(sizes[0], m)}"
    )
    return (entry, *(_layer(project, sizes, l, L, m) for l in range(1, L + 1)))


def _layer(project: Project, sizes: Sequence[int], l: int, L: int, m: int | None) -> Words:
    before, here = sizes[l - 1], sizes[l]
    left = _by_m(here, m)
    right = f"{text.shape((here, before))}·{_by_m(before, m)} + {text.shape((here, 1))}"
    result = "ŷ" if l == L else f"A[{l}]"
    return Words(
        title=f"Layer {l} · {'output' if l == L else 'hidden'}",
        note="",
        activation=ACTIVATIONS[project.activations[l - 1]].short_label,
        units=str(here),
        linear=f"Z[{l}] = W[{l}] A[{l - 1}] + b[{l}]",
        shapes=(f"{left} =", right),
        output=f"{result} = {_applied(project.activations[l - 1], f'Z[{l}]')}{_kept(project, l)}",
        array=f"A[{l}] {left}",
    )


def unit_label(layer: int, unit: int, sizes: Sequence[int], features: Sequence[str]) -> str:
    """The label over a unit: x₁, a₂[1], ŷ = a[2]."""
    if layer == 0:
        return text.input_name(features[unit])
    if layer < len(sizes) - 1:
        return text.symbol("a", unit + 1, layer)
    if sizes[layer] == 1:
        return f"ŷ = {text.symbol('a', None, layer)}"
    return f"{text.symbol('ŷ', unit + 1)} = {text.symbol('a', unit + 1, layer)}"


def _applied(activation: str, Z: str) -> str:
    symbol = ACTIVATIONS[activation].symbol
    return f"{symbol}({Z})" if symbol else Z


def _kept(project: Project, l: int) -> str:
    """The factor of the activations in training, if the layer drops some."""
    return f" ⊙ D[{l}] / {text.plain(project.keep[l])}" if l in project.keep else ""


def _by_m(n: int, m: int | None) -> str:
    return f"({n}, m)" if m is None else text.shape((n, m))


def _hidden(words: str) -> str:
    return re.sub(r"\([^()]*\)", text.HIDDEN_SHAPE, words)


def _tight(shapes: str) -> str:
    return shapes.replace(", ", ",")
