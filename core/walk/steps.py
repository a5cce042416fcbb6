"""The steps of a recorded iteration in order: each equation in words, letters, arrays and code."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from core.nn.equations import Equation, equations
from core.walk.entry import Target, array_name
from core.walk.record import Record

Phase = Literal["forward", "cost", "backward", "update"]


@dataclass(frozen=True, slots=True)
class Operand:
    """One array on the right of an equation, with what stands before it and, rarely, behind.

    `shape` is as written, transposed where the array is. `product` says that it is multiplied, as
    a matrix, with the operand before it: then that one's columns are this one's rows.
    """

    target: Target
    layer: int
    shape: tuple[int, int]
    before: str = ""
    after: str = ""
    transposed: bool = False
    product: bool = False

    @property
    def name(self) -> str:
        """`A[1]ᵀ`."""
        return array_name(self.target, self.layer) + ("ᵀ" if self.transposed else "")


@dataclass(frozen=True, slots=True)
class Step:
    """One equation: it fills the array `target` of `layer`, of `shape`, from its `operands`.

    `chip` is its short name, `title` what it is in words, `caption` one sentence for who watches,
    `latex` the equation for a typesetter, `code` the line of NumPy as a notebook writes it.
    """

    target: Target
    layer: int
    phase: Phase
    shape: tuple[int, int]
    operands: tuple[Operand, ...]
    chip: str
    title: str
    caption: str
    latex: str
    code: str


def steps_of(record: Record) -> tuple[Step, ...]:
    """Every step of the iteration: forward, cost, backward, update."""
    return tuple(_step(record, equation) for equation in equations(record.network()))


def _step(record: Record, equation: Equation) -> Step:
    target = _target(equation)
    l = equation.layer
    title, caption = _words(record, target, l)
    name = array_name(target, l)
    right = _LATEX[target](record, l)
    return Step(
        target=target,
        layer=l,
        phase=equation.part,
        shape=_shape(record, target, l),
        operands=_operands(record, target, l),
        chip=name.removeprefix("new "),
        title=title,
        caption=caption,
        latex=f"{name.removeprefix('new ')} {':=' if equation.part == 'update' else '='} {right}",
        code=_code(record, equation),
    )


def _target(equation: Equation) -> Target:
    if equation.part != "update":
        return equation.target
    return "W_after" if equation.target == "W" else "b_after"


def _shape(record: Record, target: Target, l: int) -> tuple[int, int]:
    rows, columns = record.array(target, l).shape
    return rows, columns


# --- operands ---------------------------------------------------------------------------------


def _operands(record: Record, target: Target, l: int) -> tuple[Operand, ...]:
    """What stands on the right: (target, layer, before), transposed "T", a matrix product "@"."""

    def operand(target: Target, l: int, before: str, how: str = "", after: str = "") -> Operand:
        rows, columns = _shape(record, target, l)
        shape = (columns, rows) if "T" in how else (rows, columns)
        return Operand(target, l, shape, before, after, "T" in how, "@" in how)

    return tuple(operand(*parts) for parts in _right_side(record, target, l))


Parts = tuple[Target, int, str] | tuple[Target, int, str, str] | tuple[Target, int, str, str, str]


def _right_side(record: Record, target: Target, l: int) -> tuple[Parts, ...]:
    if target in ("A", "dA", "dZ"):
        return _right_side_of_units(record, target, l)
    table: dict[Target, tuple[Parts, ...]] = {
        "Z": (("W", l, "="), ("A", l - 1, "·", "@"), ("b", l, "+")),
        "J": (("loss", l, "= mean of"),),
        "dW": (("dZ", l, "= 1/m ·"), ("A", l - 1, "·", "T@")),
        "db": (("dZ", l, "= 1/m · sum over the examples of"),),
        "W_after": (("W", l, "="), ("step_W", l, "-")),
        "b_after": (("b", l, "="), ("step_b", l, "-")),
    }
    return table[target]


def _right_side_of_units(record: Record, target: Target, l: int) -> tuple[Parts, ...]:
    if target == "A":
        return (("Z", l, f"= {record.activation(l).label} of"),) if l else ()
    if l == record.L and (target == "dA" or record.fused):
        return ("A", l, "="), ("Y", l, "-")
    if target == "dA":
        return ("W", l + 1, "=", "T"), ("dZ", l + 1, "·", "@")
    if record.has("slope", l):
        return ("dA", l, "="), ("slope", l, "∗")
    return ("A", l, "="), ("dA", l, "∗ (", "", "- sum of A ∗ dA)")


# --- words ------------------------------------------------------------------------------------


def _words(record: Record, target: Target, l: int) -> tuple[str, str]:
    """Title and caption."""
    if target in ("A", "dA", "dZ"):
        return _words_of_units(record, target, l)
    title, caption = _WORDS[target]
    return title.format(l=l), caption


_WORDS: dict[Target, tuple[str, str]] = {
    "Z": ("Linear step of layer {l}", "Each unit weighs what it hears and adds its bias."),
    "J": ("The cost", "One number: the mean of what the examples lose."),
    "dW": (
        "Gradient of the weights of layer {l}",
        "Error times what came in, averaged over the examples.",
    ),
    "db": (
        "Gradient of the biases of layer {l}",
        "The error itself, averaged over the examples.",
    ),
    "W_after": ("Update of the weights of layer {l}", "A small step against the gradient."),
    "b_after": ("Update of the biases of layer {l}", "A small step against the gradient."),
}


def _words_of_units(record: Record, target: Target, l: int) -> tuple[str, str]:
    if target == "A" and l == 0:
        return "The input", "Every column is one example; its inputs go into the network."
    if target == "A":
        g = record.activation(l).label
        after = "That is the prediction." if l == record.L else "The next layer hears that."
        return f"Activation of layer {l}", f"{g} bends each z, one by one. {after}"
    if l == record.L and (target == "dA" or record.fused):
        return f"Error of layer {l}", "Prediction minus label: how wrong each output is."
    if target == "dA":
        through = f"Each unit gathers the errors of layer {l + 1}, through the weights to it."
        return f"Error passed back to layer {l}", through
    return f"Error before the activation of layer {l}", "The slope of g lets the error through."


# --- letters ----------------------------------------------------------------------------------


def _latex_linear(record: Record, l: int) -> str:
    return f"W[{l}] \\, A[{l - 1}] + b[{l}]"


def _latex_activation(record: Record, l: int) -> str:
    if l == 0:
        return "X"
    name = record.activation(l).name
    known = {"sigmoid": r"\sigma", "tanh": r"\tanh", "linear": ""}
    function = known.get(name, rf"\mathrm{{{record.activation(l).label.split(' (')[0]}}}")
    return f"{function}(Z[{l}])" if function else f"Z[{l}]"


def _latex_passed_back(record: Record, l: int) -> str:
    return f"A[{l}] - Y" if l == record.L else f"W[{l + 1}]^T \\, dZ[{l + 1}]"


def _latex_error(record: Record, l: int) -> str:
    if not record.has("dA", l):
        return f"A[{l}] - Y"
    if record.has("slope", l):
        return f"dA[{l}] * g'(Z[{l}])"
    return f"A[{l}] * (dA[{l}] - \\sum A[{l}] * dA[{l}])"


def _latex_step(letter: str) -> Callable[[Record, int], str]:
    def right(record: Record, l: int) -> str:
        if record.optimizer == "gradient_descent":
            return f"{letter}[{l}] - \\alpha \\, d{letter}[{l}]"
        return f"{letter}[{l}] - \\Delta {letter}[{l}]"

    return right


_LATEX: dict[Target, Callable[[Record, int], str]] = {
    "Z": _latex_linear,
    "A": _latex_activation,
    "J": lambda record, l: r"\frac{1}{m} \sum_k \mathrm{loss}(k)",
    "dA": _latex_passed_back,
    "dZ": _latex_error,
    "dW": lambda record, l: f"\\frac{{1}}{{m}} \\, dZ[{l}] \\, A[{l - 1}]^T",
    "db": lambda record, l: f"\\frac{{1}}{{m}} \\sum_k dZ[{l}](k)",
    "W_after": _latex_step("W"),
    "b_after": _latex_step("b"),
}


# --- code -------------------------------------------------------------------------------------


def _code(record: Record, equation: Equation) -> str:
    """The equation with a notebook's names: `Z1 = W1 @ A0 + b1`."""
    text = str(equation)
    if equation.part == "update" and record.optimizer != "gradient_descent":
        letter, l = equation.target, equation.layer
        text = f"{letter}[{l}] = {letter}[{l}] - step_{letter}[{l}]"
    return re.sub(r"\b([A-Za-z_]+)\[(\d+)\]", r"\1\2", text)
