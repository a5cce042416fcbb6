"""The correct pass that homework is compared with: its numbers, and the line for each."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.nn.equations import equations
from core.nn.network import Network

Values = dict[str, Any]
SCALARS = ("m", "learning_rate")


@dataclass(slots=True)
class Trial:
    """One pass of a network with its update: `values` by name, and `lines`, name → expression.

    The names are the course's: X, Y, m, W1, b1, Z1, A1, …, cost, dZ1, dW1, db1, dA1, and W1_new …
    after the update. `order` is the order of computation. A logistic trial has w, b, Z, A, dZ, dw,
    db instead, w (n_x, 1) as in the course.
    """

    form: str  # "logistic" or "layers"
    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    values: Values
    lines: dict[str, str]
    order: tuple[str, ...]

    @property
    def L(self) -> int:  # noqa: N802 - the letter of the course
        """How many layers the network has; the input is not counted."""
        return len(self.sizes) - 1

    def parameters(self, suffix: str = "") -> dict[str, NDArray[Any]]:
        """The parameters by name; with `_new` those after the update, under the plain names."""
        return {name: self.values[name + suffix] for name in self.parameter_names()}

    def parameter_names(self) -> tuple[str, ...]:
        """w, b; or W1, b1, …, WL, bL."""
        if self.form == "logistic":
            return ("w", "b")
        return tuple(f"{letter}{l}" for l in range(1, self.L + 1) for letter in "Wb")

    def gradient_names(self) -> tuple[str, ...]:
        """The gradients of the parameters, in the same order."""
        return tuple(f"d{name}" for name in self.parameter_names())

    def after_update(self, learning_rate: float | None = None) -> Trial:
        """The next iteration's pass, from the updated parameters."""
        rate = self.values["learning_rate"] if learning_rate is None else learning_rate
        return make(
            self.form, self.sizes, self.activations, self.values["X"], self.values["Y"],
            self.parameters("_new"), rate,
        )  # fmt: skip


def make(
    form: str, sizes: Iterable[int], activations: Iterable[str], X: NDArray[Any], Y: NDArray[Any],
    parameters: Mapping[str, Any], learning_rate: float,
) -> Trial:  # fmt: skip
    """The pass of these parameters over X (n_x, m) and Y (1, m), computed line by line."""
    sizes, activations = tuple(sizes), tuple(activations)
    lines = _logistic_lines() if form == "logistic" else _layer_lines(sizes, activations)
    values: Values = {"X": X, "Y": Y, "m": X.shape[1], "learning_rate": learning_rate}
    values |= {name: np.array(value, float) for name, value in parameters.items()}
    if form == "logistic":
        values["b"] = float(values["b"])
    with np.errstate(all="ignore"):
        for name, line in lines.items():
            values[name] = evaluate(compiled(line), values)
            if name == "Z1":
                values["A0"] = X
    return Trial(form, sizes, activations, values, lines, tuple(lines))


def _logistic_lines() -> dict[str, str]:
    """The lines of the course's logistic regression."""
    return {
        "Z": "np.dot(w.T, X) + b",
        "A": "1 / (1 + np.exp(-Z))",
        "cost": "-np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / m",
        "dZ": "A - Y",
        "dw": "np.dot(X, dZ.T) / m",
        "db": "np.sum(dZ) / m",
        "w_new": "w - learning_rate * dw",
        "b_new": "b - learning_rate * db",
    }


def _layer_lines(sizes: tuple[int, ...], activations: tuple[str, ...]) -> dict[str, str]:
    """The stepper's own equations (core/nn/equations.py) as a notebook writes them."""
    network = Network(sizes, activations, "cross_entropy")
    lines: dict[str, str] = {}
    for equation in equations(network):
        if equation.target == "A" and equation.layer == 0:
            continue
        name = "cost" if equation.target == "J" else f"{equation.target}{equation.layer}"
        text = _notebook(equation.text)
        lines[name + ("_new" if equation.part == "update" else "")] = text
    last = len(sizes) - 1
    made: dict[str, str] = {}
    for name, text in lines.items():
        if name == f"dZ{last}":
            made[f"dA{last}"] = f"-(Y / A{last} - (1 - Y) / (1 - A{last}))"
        made[name] = text
    made["dA0"] = "np.dot(W1.T, dZ1)"
    for l in range(1, last):  # one line in the course: dZ1 = np.dot(W2.T, dZ2) * g'(Z1)
        made[f"dZ{l}"] = re.sub(rf"\bdA{l}\b", made[f"dA{l}"], made[f"dZ{l}"])
    return made


def _notebook(text: str) -> str:
    """`W[1] @ A[0]` as `np.dot(W1, X)`."""

    class Flat(ast.NodeTransformer):
        def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
            self.generic_visit(node)
            if isinstance(node.value, ast.Name) and isinstance(node.slice, ast.Constant):
                name = f"{node.value.id}{node.slice.value!r}"
                return ast.Name("X" if name == "A0" else name, ast.Load())
            return node

        def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
            self.generic_visit(node)
            if not isinstance(node.op, ast.MatMult):
                return node
            dot = ast.Attribute(ast.Name("np", ast.Load()), "dot", ast.Load())
            return ast.Call(dot, [node.left, node.right], [])

    return ast.unparse(Flat().visit(ast.parse(text, mode="eval")))


@cache
def compiled(line: str) -> Any:
    """The code of an expression of ours; never of the student's."""
    return compile(line, "right", "eval")


def evaluate(code: Any, values: Mapping[str, Any]) -> Any:
    """An expression of ours with these values."""
    return eval(code, {"np": np, "__builtins__": {}}, dict(values))


def magnitude(line: str, values: Mapping[str, Any]) -> Any:
    """The size of the numbers that the line adds up, relative to which rounding is judged.

    Every array counts by its size and every difference as a sum: db of balanced data may be 1e-6
    although its summands are 0.5.
    """
    tree = _Sizes().visit(ast.parse(line, mode="eval"))
    sizes = {name: np.abs(value) for name, value in values.items()}
    with np.errstate(all="ignore"):
        code = compile(ast.fix_missing_locations(tree), "sizes", "eval")
        return np.nan_to_num(eval(code, {"np": np, "abs": np.abs, "__builtins__": {}}, sizes))


class _Sizes(ast.NodeTransformer):
    """Replaces minus by plus, and takes the absolute value of np.log, np.exp and np.tanh."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        if isinstance(node.op, ast.Div):
            return ast.BinOp(self.visit(node.left), node.op, node.right)
        self.generic_visit(node)
        if isinstance(node.op, ast.Sub):
            node.op = ast.Add()
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        return node.operand if isinstance(node.op, ast.USub) else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("exp", "log", "tanh"):
            return ast.Call(ast.Name("abs", ast.Load()), [node], [])
        self.generic_visit(node)
        return node
