"""The chain rule as a path: from the loss of one example back to one weight, factor by factor."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.nn.activations import Array
from core.walk.entry import BIASES, Entry, Target, name
from core.walk.recipe import double
from core.walk.record import Record


@dataclass(frozen=True, slots=True)
class Link:
    """One factor of the chain: a partial derivative, and the recorded number it equals.

    `entry` can be opened (and names its edge or unit). It is None if the factor is computed from
    several numbers (softmax) or is 1.
    """

    text: str  # ∂z₁[2]/∂a₃[1]
    latex: str
    value: float
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Chain:
    """The contribution of one example to the gradient of one weight or bias.

    `links` lead from its loss along the strongest path back to the parameter; their product is
    `path`. There are `paths` such paths, whose sum is `total`, the recorded dz · a. The parameter's
    gradient is the mean of the totals: this example adds `total / m`.
    """

    parameter: Entry
    column: int
    links: tuple[Link, ...]
    path: float
    paths: int
    total: float
    contribution: float  # total / m

    @property
    def share(self) -> float:
        """The path's share of the total; above 1 or below 0 if other paths cancel it."""
        return self.path / self.total if self.total else math.nan

    @property
    def sentence(self) -> str:
        """The value of the path, in words."""
        if self.paths == 1:
            return "There is only this one path: it is the whole."
        others = f"The strongest of {self.paths:,} paths"
        if not math.isfinite(self.share):
            return f"{others}; together they come to {self.total:g}."
        if 0 <= self.share <= 1:
            return f"{others}; it carries {100 * self.share:.1f} % of the whole."
        if self.share > 1:
            return f"{others}; the others work against it and leave {100 / self.share:.1f} % of it."
        return f"{others}; the others work against it and together outweigh it."


def chain(record: Record, parameter: Entry, column: int) -> Chain:
    """The chain from the loss of the example in that column to a weight or bias (W, b, dW, db …).

    Raises KeyError or IndexError for a number that is not there.
    """
    bias = parameter.target in BIASES
    l, i = parameter.layer, parameter.row
    parameter = Entry("b" if bias else "W", l, i, parameter.column)
    if not (record.contains(parameter) and record.contains(Entry("Z", l, i, column))):
        raise IndexError(f"{parameter} or example {column} is outside its array.")
    with np.errstate(all="ignore"):
        links = _along_the_strongest_path(record, l, i, column)
        links.append(_last_link(record, parameter, column))
        path = float(np.prod([link.value for link in links]))
        dz = record.value(Entry("dZ", l, i, column))
        total = dz * links[-1].value
    return Chain(
        parameter,
        column,
        tuple(links),
        path,
        _paths(record, l),
        total,
        total / record.m,
    )


Choices = dict[int, NDArray[np.intp]]


def _paths(record: Record, layer: int) -> int:
    """The number of paths from a z of that layer to the loss."""
    own = 1
    for l in range(layer, record.L + 1):
        if l > layer:
            own *= record.sizes[l]
        if _mixes(record, l):
            own *= record.sizes[l]
    return own


def _mixes(record: Record, l: int) -> bool:
    """Whether every z of the layer affects every a, and the walk has a step between them."""
    return record.has("dA", l) and not record.activation(l).elementwise


def _along_the_strongest_path(record: Record, layer: int, unit: int, k: int) -> list[Link]:
    """The links from the loss to z_unit[layer] along the path with the largest product.

    The choices are made layer by layer from the last, then followed from `unit` on.
    """
    a_of, z_of = _search(record, layer, k)
    links: list[Link] = []
    l, i = layer, unit
    while True:
        if not record.has("dA", l):
            links.append(_link("dZ", record, l, i, k))
            break
        q = int(a_of[l][i])
        links.append(_through(record, l, q, i, k))
        if l == record.L:
            links.append(_link("dA", record, l, q, k))
            break
        p = int(z_of[l][q])
        links.append(_back_along_weight(record, l + 1, p, q, k))
        l, i = l + 1, p
    return links[::-1]


def _search(record: Record, layer: int, k: int) -> tuple[Choices, Choices]:
    """For each unit down to `layer`, the choice that leads on to the largest product."""
    L = record.L
    a_of: Choices = {}  # from z_i[l]: through which a of the layer
    z_of: Choices = {}  # from a_q[l]: to which z of the next
    best = np.empty(0)
    for l in range(L, layer - 1, -1):
        if not record.has("dA", l):
            best = np.abs(double(record.dZ[l][:, k]))
            continue
        if l == L:
            best_a = np.abs(double(record.dA[l][:, k]))
        else:
            onward = np.abs(double(record.p.W[l + 1])) * best[:, np.newaxis]  # (n[l+1], n[l])
            z_of[l] = onward.argmax(axis=0)
            best_a = onward.max(axis=0)
        if not record.activation(l).elementwise:
            best_a = best_a * _kept(record, l, k)
            jacobian = _jacobian(double(record.before_dropout(l)[:, k]))
            through = np.abs(jacobian) * best_a[:, np.newaxis]
            a_of[l], best = through.argmax(axis=0), through.max(axis=0)
        else:
            a_of[l] = np.arange(record.sizes[l])
            best = np.abs(double(record.slopes(l, k))) * best_a * _kept(record, l, k)
    return a_of, z_of


def _jacobian(a: Array) -> Array:
    """For softmax: [q, i] is da_q / dz_i = a_q (1 if q = i else 0) - a_q a_i."""
    return np.diag(a) - np.outer(a, a)


def _link(target: Target, record: Record, l: int, i: int, k: int) -> Link:
    """The derivative of the loss itself, which the record has as dz or da."""
    of: Target = "Z" if target == "dZ" else "A"
    return _partial(
        "loss", (of, l, i), record.value(Entry(target, l, i, k)), Entry(target, l, i, k)
    )


def _through(record: Record, l: int, q: int, i: int, k: int) -> Link:
    """da_q / dz_i; if activations are dropped, times d / keep."""
    kept = float(_kept(record, l, k)[q])
    if not record.activation(l).elementwise:
        a_q, a_i = (float(record.before_dropout(l)[unit, k]) for unit in (q, i))
        value = a_q * ((1.0 if q == i else 0.0) - a_i)
        return _partial(("A", l, q), ("Z", l, i), value * kept, None)
    entry = Entry("slope", l, i, k)
    opened = None if l in record.keep else entry
    return _partial(("A", l, q), ("Z", l, i), record.value(entry) * kept, opened)


def _kept(record: Record, l: int, k: int) -> Array:
    """D / keep of every unit of the layer, or 1."""
    if l not in record.keep:
        return np.ones(record.sizes[l])
    return double(record.D[l][:, k]) / record.keep[l]


def _back_along_weight(record: Record, l: int, p: int, q: int, k: int) -> Link:
    """dz_p[l] / da_q[l-1], the weight between them."""
    entry = Entry("W", l, p, q)
    return _partial(("Z", l, p), ("A", l - 1, q), record.value(entry), entry)


def _last_link(record: Record, parameter: Entry, k: int) -> Link:
    """The activation that the weight multiplies, which is dz / dw; dz / db is 1."""
    l, i, j = parameter.layer, parameter.row, parameter.column
    if parameter.target == "b":
        return _partial(("Z", l, i), parameter, 1.0, None)
    entry = Entry("A", l - 1, j, k)
    return _partial(("Z", l, i), parameter, record.value(entry), entry)


ChainPlace = tuple[Target, int, int]


def _partial(
    of: ChainPlace | str, by: ChainPlace | Entry, value: float, entry: Entry | None
) -> Link:
    top, below = (
        (part, rf"\mathrm{{{part}}}") if isinstance(part, str) else _symbols(part)
        for part in (of, by)
    )
    text = f"∂{top[0]}/∂{below[0]}"
    return Link(text, rf"\frac{{\partial {top[1]}}}{{\partial {below[1]}}}", value, entry)


def _symbols(part: ChainPlace | Entry) -> tuple[str, str]:
    """The symbols without the example, which is the same along the whole chain."""
    if isinstance(part, Entry):
        return part.symbol, part.latex
    text, latex = (name(*part, latex=latex) for latex in (False, True))
    return text.rpartition("(")[0], latex.rpartition("(")[0]
