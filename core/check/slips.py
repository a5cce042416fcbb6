"""Recognises a slip by imitation: the correct line with one change gives the student's numbers."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.check import in_loops
from core.check.trial import Trial, magnitude

TOLERANCE = 1e-9  # of the numbers that a line adds up
RATIO = 1e-7  # two ratios closer than this are one


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip: a short key, and a clause for `Your dW2 …`; `do` is the advice."""

    key: str
    words: str
    do: str = ""
    of: str = ""  # the intermediate array with the slip, if it is not in the line itself
    made: Any = field(default=None, compare=False)  # that array, with the slip


@dataclass(frozen=True, slots=True)
class Mutation:
    """A changed line and the slip that it represents."""

    slip: Slip
    tree: ast.expr


def agrees(theirs: Any, ours: Any, size: Any, tolerance: float = TOLERANCE) -> bool:
    """Whether two arrays of one shape are equal but for rounding of the sums."""
    with np.errstate(all="ignore"):
        difference = np.abs(np.asarray(theirs, float) - np.asarray(ours, float))
        limit = tolerance * np.maximum(np.asarray(size, float), 1e-300)
        same = (difference <= limit) | (
            ~np.isfinite(np.asarray(ours, float)) & (np.asarray(theirs) == np.asarray(ours))
        )
    return bool(np.all(same))


def recognise(name: str, theirs: Any, trial: Trial) -> Slip | None:
    """The slip that turns the correct line of `name` into the student's numbers; None: unknown."""
    values = trial.values
    ours, line = np.asarray(values[name], float), trial.lines[name]
    size = np.broadcast_to(magnitude(line, values), ours.shape)
    if (found := _by_kind(np.asarray(theirs), ours, size)) is not None:
        return found
    array = np.asarray(theirs, float)
    context = _Context(array, ours, trial)
    single = next((m for m in mutations(name, line, trial) if context.made_by(m.tree)), None)
    if single is not None:
        return single.slip
    return (
        _all_zero(array, ours, size)
        or _by_shape(array, ours, size)
        or _upstream(line, trial, context)
        or _another(name, array, trial)
        or _of_a_loop(name, array, ours, trial)
        or ratio(name, array, ours, size, trial)
        or _two_at_once(name, line, trial, context)
    )


def _all_zero(theirs: NDArray[Any], ours: NDArray[Any], size: NDArray[Any]) -> Slip | None:
    if theirs.size != ours.size or np.any(theirs) or agrees(theirs.reshape(ours.shape), ours, size):
        return None
    where = " in every cell" if ours.size > 1 else ""
    return Slip("all_zero", f"is 0{where}: no line sets it or adds to it",
                "Look for the line that should fill it.")  # fmt: skip


def _of_a_loop(name: str, array: NDArray[Any], ours: NDArray[Any], trial: Trial) -> Slip | None:
    found = in_loops.recognise(name, array, ours, trial)
    return None if found is None else Slip(*found)


def _another(name: str, array: NDArray[Any], trial: Trial) -> Slip | None:
    for other, value in trial.values.items():
        alike = other not in (name, "A0") and np.shape(value) == array.shape and array.ndim == 2
        if alike and agrees(array, value, np.abs(value) + 1e-12):
            return Slip("neighbour", f"holds {other}", f"Compare the names: {name}.")
    return None


# Steps that a line may combine: A = sigmoid(W·A + b) in one line has no Z.
_INLINE = re.compile(r"d?Z\d*")


def _upstream(line: str, trial: Trial, context: _Context) -> Slip | None:
    """A slip in Z or dZ, if the student has no known variable for it."""
    used = {node.id for node in ast.walk(ast.parse(line)) if isinstance(node, ast.Name)}
    for name in sorted(used & set(trial.lines)):
        if _INLINE.fullmatch(name) is None:
            continue
        for mutation in mutations(name, trial.lines[name], trial):
            inner = ast.unparse(mutation.tree)
            if context.made_by(_parse(re.sub(rf"\b{name}\b", f"({inner})", line))):
                words = f"is made of a {name} that {_as_clause(mutation.slip.words)}"
                made = context.value(mutation.tree)
                return replace(mutation.slip, words=words, of=name, made=made)
    return None


def _two_at_once(name: str, line: str, trial: Trial, context: _Context) -> Slip | None:
    """Two slips in one line."""
    for first in mutations(name, line, trial):
        if first.slip.key == "neighbour":
            continue
        for second in mutations(name, ast.unparse(first.tree), trial):
            if second.slip.key != first.slip.key and context.made_by(second.tree):
                words = f"{first.slip.words}; and it {_as_clause(second.slip.words)}"
                return Slip(f"{first.slip.key}+{second.slip.key}", words, first.slip.do)
    return None


def _as_clause(words: str) -> str:
    return words.removeprefix("it ").strip()


class _Context:
    """The student's numbers for one name, to compare with the results of changed lines."""

    def __init__(self, theirs: NDArray[Any], ours: NDArray[Any], trial: Trial) -> None:
        self._theirs, self._ours = theirs, ours
        self._names = dict(trial.values)
        self._names |= {f"n{l}": n for l, n in enumerate(trial.sizes)}
        self._scale = float(np.max(np.abs(theirs[np.isfinite(theirs)]), initial=0.0))

    def value(self, tree: ast.expr) -> NDArray[Any] | None:
        """The result of a changed line of ours; None if it fails."""
        with np.errstate(all="ignore"):
            try:
                expression = ast.fix_missing_locations(ast.Expression(copy.deepcopy(tree)))
                code = compile(expression, "slip", "eval")
                return np.asarray(
                    eval(code, {"np": np, "__builtins__": {}}, self._names), dtype=float
                )
            except (ValueError, TypeError, NameError, AttributeError, SyntaxError):
                return None
            except np.exceptions.AxisError:
                return None

    def made_by(self, tree: ast.expr) -> bool:
        """Whether this line gives the student's numbers, and they differ from ours."""
        made = self.value(tree)
        if made is None:
            return False
        column = made.ndim == self._theirs.ndim == 2 and made.shape[1] == 1
        if column and made.shape[0] == len(self._theirs):  # a loop repeats it
            made = np.broadcast_to(made, self._theirs.shape)
        with np.errstate(all="ignore"):
            if made.shape != self._theirs.shape or np.array_equal(made, self._ours):
                return False
            both = np.isfinite(made) == np.isfinite(self._theirs)
            finite = np.isfinite(made) & np.isfinite(self._theirs)
            gap = np.abs(made[finite] - self._theirs[finite])
            near = gap <= TOLERANCE * np.maximum(np.abs(made[finite]), 1e-4 * self._scale)
            return bool(both.all() and near.all() and finite.any())


def _by_kind(theirs: NDArray[Any], ours: NDArray[Any], size: NDArray[Any]) -> Slip | None:
    if theirs.dtype.kind not in "fiub":
        return Slip("not_numbers", f"does not hold numbers but {theirs.dtype}")
    if theirs.dtype in (np.float32, np.float16) and theirs.shape == ours.shape:
        near = 1e-4 if theirs.dtype == np.float32 else 1e-1
        if agrees(theirs, ours, size, near):
            return Slip(
                "float32", f"is computed in {theirs.dtype}, with 7 digits where NumPy has 16",
                "Leave out the conversion to float32.",
            )  # fmt: skip
    whole = theirs.dtype.kind in "iub" and theirs.shape == ours.shape
    if whole and np.array_equal(theirs, np.trunc(ours)):
        return Slip("integers", "lost what stands after the point: its array holds integers",
                    "Make the array with np.zeros(shape), not from whole numbers.")  # fmt: skip
    numbers = np.asarray(theirs, float)
    if numbers.shape == ours.shape and np.isnan(numbers).any() and not np.isnan(ours).any():
        return Slip(
            "nan", "holds nan: a logarithm of 0, 0 times infinity, or inf - inf",
            "Look for np.log(0): an output that is exactly 0 or 1.",
        )  # fmt: skip
    return None


def _by_shape(theirs: NDArray[Any], ours: NDArray[Any], size: NDArray[Any]) -> Slip | None:
    if theirs.shape == ours.shape:
        if theirs.shape[::-1] == theirs.shape and agrees(theirs, ours.T, size.T):
            return Slip("transposed", "is ours transposed", "Look for a .T too many or too few.")
        return None
    if theirs.ndim == 2 and theirs.T.shape == ours.shape and agrees(theirs.T, ours, size):
        return Slip("transposed", "is ours transposed", "Look for a .T too many or too few.")
    if theirs.size == ours.size:
        flat = theirs.reshape(ours.shape)
        if agrees(flat, ours, size) and theirs.ndim == 1:
            return Slip(
                "rank_1",
                f"has the right numbers in the shape {theirs.shape} instead of {ours.shape}",
                "Use keepdims=True, or reshape: an array of rank 1 does not transpose.",
            )
    if theirs.ndim == 2 and theirs.shape[0] == theirs.shape[1] and ours.size != theirs.size:
        return Slip(
            "outer_product",
            f"is a table of {theirs.shape[0]} × {theirs.shape[1]}: an outer product",
            "One of the two factors has to be transposed.",
        )
    return None


def ratio(
    name: str, theirs: NDArray[Any], ours: NDArray[Any], size: NDArray[Any], trial: Trial
) -> Slip | None:
    """A ratio that is the same in all cells, and the number of the network that explains it."""
    if theirs.shape != ours.shape or not theirs.size or not np.isfinite(theirs).all():
        return None
    clear = np.abs(ours) > 1e-6 * np.asarray(size)
    if not clear.any() or (np.abs(theirs[~clear]) > 1e3 * TOLERANCE * size[~clear]).any():
        return None
    ratios = theirs[clear] / ours[clear]
    r = float(np.median(ratios))
    if r == 0 or not np.allclose(ratios, r, rtol=RATIO, atol=0):
        return None
    return _explained(name, r, trial, single=ours.size == 1)


def _explained(name: str, r: float, trial: Trial, *, single: bool) -> Slip | None:
    m = trial.values["m"]
    fixed = {
        -1.0: Slip("sign", "has the opposite sign", "Check the order of the two terms."),
        1 / np.log(10): Slip("log10", "uses the logarithm of base 10", "Use np.log."),
        1 / np.log(2): Slip("log2", "uses the logarithm of base 2", "Use np.log."),
        float(m): Slip("times_m", f"is exactly {m} times ours: the division by m is missing",
                       "The cost is a mean over the m examples, so divide by m."),
        1 / m: Slip("over_m", f"is exactly 1/{m} of ours: it is divided by m twice",
                    "Divide by m once; np.mean does so itself."),
    }  # fmt: skip
    planted = {"dW2": 2.0, "db1": 4.0}.get(name)
    if planted is not None:
        words = f"is exactly {planted:g} times ours: the bug planted for gradient checking"
        fixed[planted] = Slip("gradient_checking", words, "Take the extra factor out again.")
    for l, n in enumerate(trial.sizes):
        words = f"is divided by {n}, which is n[{l}], not m = {m}"
        fixed.setdefault(m / n, Slip("wrong_m", words, "m is the number of examples: X.shape[1]."))
    for value, slip in fixed.items():
        if abs(r - value) <= RATIO * abs(value):
            return slip
    if single:  # of one number alone any ratio would do
        return None
    divisor = round(m / r)
    whole = any(abs(one - round(one)) <= RATIO * one for one in (abs(r), 1 / abs(r)) if one < 16)
    if not whole and 1 < divisor < 100_000 and abs(r - m / divisor) <= RATIO * abs(r):
        words = f"is divided by {divisor}, not by m = {m}"
        return Slip("wrong_m", words, "Take m from the arguments: X.shape[1].")
    shown = f"{r:.6g}"
    return Slip("ratio", f"is {shown} times ours in every cell", f"Look for the factor {shown}.")


# --- the changes, in the order in which they are tried ---


def mutations(name: str, line: str, trial: Trial) -> Iterator[Mutation]:
    """Every known single change of the correct line."""
    root = ast.parse(line, mode="eval").body
    yield from _written_out(name, trial)
    for make in (_operators, _reductions, _transposes, _functions, _terms, _names):
        for slip, changed in make(name, root, trial):
            yield Mutation(slip, changed)


Changes = Iterator[tuple[Slip, ast.expr]]


def _parse(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _written_out(name: str, trial: Trial) -> Iterator[Mutation]:
    """Slips that change more than one part of a line, written as complete lines."""
    for key, words, do, text in _known(name, trial):
        yield Mutation(Slip(key, words, do), _parse(text))


def _known(name: str, trial: Trial) -> Iterator[tuple[str, str, str, str]]:
    found = re.fullmatch(r"(dZ|A|Z|dW|dw|db|W|w|b)(\d*)(_new)?", name)
    if name == "cost":
        yield from _known_costs(trial)
    if found is None:
        return
    letter, number, new = found.groups()
    l = int(number or 1)
    if new:
        yield from _known_updates(letter, number)
        return
    suffix = number
    product = f"np.dot(W{l}, {_input(l)})" if number else "np.dot(w.T, X)"
    if letter == "A":
        z, b = f"Z{suffix}", f"b{suffix}"
        yield ("brackets", "divides 1 by 1 before it adds: brackets are missing",
               "Write 1 / (1 + np.exp(-Z)).", f"1 / 1 + np.exp(-{z})")  # fmt: skip
        yield ("brackets", "uses −(wx) + b instead of −(wx + b)",
               "The minus belongs to the whole of Z: np.exp(-Z).",
               f"1 / (1 + np.exp(-{product} + {b}))")  # fmt: skip
        yield ("sign", "uses np.exp(Z) where it needs np.exp(-Z)", "σ(z) = 1 / (1 + e^(−z)).",
               f"1 / (1 + np.exp({z}))")  # fmt: skip
        for other, text in _ACTIVATIONS.items():
            yield ("activation", f"is {other} of Z{suffix}, which is not this layer's activation",
                   "Compare the activation with the one of the network.",
                   text.replace("Z", z))  # fmt: skip
        yield ("no_activation", f"is Z{suffix} itself: the activation is missing",
               "Apply the activation to Z.", z)  # fmt: skip
    if letter == "Z":
        yield ("brackets", "flips the sign of W·A but not of b", "Z = W·A + b.",
               f"-{product} + b{suffix}")  # fmt: skip
    if letter == "dZ" and number and l < trial.L:
        yield from _known_slopes(l, trial)
    elif letter == "dZ":
        a = f"A{number}"
        for text in (f"{a} * (1 - {a})", a, f"(1 - {a})", f"(1 - {a}**2)"):
            yield ("extra_slope", f"is multiplied by {text} as well: with the cross-entropy the"
                   " slope of the output cancels", "dZ of the output is A - Y.",
                   f"({a} - Y) * {text}")  # fmt: skip


_ACTIVATIONS = {
    "tanh": "np.tanh(Z)",
    "sigmoid": "1 / (1 + np.exp(-Z))",
    "ReLU": "np.maximum(0, Z)",
    "leaky ReLU": "np.maximum(0.01 * Z, Z)",
}


def _input(l: int) -> str:
    return "X" if l == 1 else f"A{l - 1}"


def _known_updates(letter: str, number: str) -> Iterator[tuple[str, str, str, str]]:
    p = f"{letter}{number}"
    yield ("plus", "is updated with +, which climbs", "Subtract: W = W - learning_rate * dW.",
           f"{p} + learning_rate * d{p}")  # fmt: skip
    yield (
        "not_updated",
        "is not updated at all",
        "Return the new parameters, not the old ones.",
        p,
    )
    for rate in ("0.001", "0.005", "0.0075", "0.009", "0.01", "0.1", "0.5", "1", "1.2"):
        yield ("fixed_rate", f"is updated with the fixed rate {rate}, not with learning_rate",
               "Use the argument learning_rate.", f"{p} - {rate} * d{p}")  # fmt: skip
    yield ("step_only", "holds the step alone, not the parameter", "Subtract the step from it.",
           f"learning_rate * d{p}")  # fmt: skip


def _known_slopes(l: int, trial: Trial) -> Iterator[tuple[str, str, str, str]]:
    """DZ of a hidden layer with the slope of another function, argument or layer."""
    back = f"np.dot(W{l + 1}.T, dZ{l + 1})"
    yield ("no_slope", "lacks the factor g′(Z): the slope of the activation",
           "dZ = dA * g′(Z).", back)  # fmt: skip
    right = trial.activations[l - 1]
    for k in (l, *(k for k in range(1, trial.L + 1) if k != l)):
        of = "" if k == l else f" of layer {k}"
        for key, what, text in (
            ("slope_argument", "1 − Z², which takes Z for A", f"1 - Z{k}**2"),
            ("wrong_slope", "1 − A", f"1 - A{k}"),
            ("wrong_slope", "1 − A², the slope of tanh", f"1 - A{k}**2"),
            ("wrong_slope", "A(1 − A), the slope of sigmoid", f"A{k} * (1 - A{k})"),
            ("slope_argument", "Z(1 − Z), which takes Z for A", f"Z{k} * (1 - Z{k})"),
            ("relu_at_zero", "the mask Z ≥ 0, which lets 0 through", f"(Z{k} >= 0)"),
            ("relu_at_zero", "the mask A ≥ 0, which is always true", f"(A{k} >= 0)"),
            ("wrong_slope", "the mask Z > 0, the slope of ReLU", f"(Z{k} > 0)"),
            ("wrong_slope", "the mask Z < 0, which is turned round", f"(Z{k} < 0)"),
            ("slope_argument", "g itself instead of its slope", f"A{k}"),
            ("slope_argument", "the slope at A: g′(A) instead of g′(Z)",
             f"1 - np.tanh(A{k})**2"),
            ("slope_argument", "the slope at A: σ(A)(1 − σ(A))",
             f"1 / (1 + np.exp(-A{k})) * (1 - 1 / (1 + np.exp(-A{k})))"),
            ("wrong_slope", "σ′(Z), the slope of sigmoid",
             f"1 / (1 + np.exp(-Z{k})) * (1 - 1 / (1 + np.exp(-Z{k})))"),
        ):  # fmt: skip
            if key == "relu_at_zero" and k != l:
                continue  # there the layer is the slip
            yield (key, f"is multiplied by {what}{of}, which is not g′ of {right} at Z{l}",
                   f"Layer {l} uses {right}: multiply by its own slope.",
                   f"{back} * ({text})")  # fmt: skip


def _known_costs(trial: Trial) -> Iterator[tuple[str, str, str, str]]:
    a = "A" if trial.form == "logistic" else f"A{trial.L}"
    first, second = f"Y * np.log({a})", f"(1 - Y) * np.log(1 - {a})"
    both = f"{first} + {second}"
    yield ("missing_term", "lacks the term (1 − Y) log(1 − A)", "Both classes need their term.",
           f"-np.sum({first}) / m")  # fmt: skip
    yield ("missing_term", "lacks the term Y log A", "Both classes need their term.",
           f"-np.sum({second}) / m")  # fmt: skip
    yield ("outer_product", "adds up an (m, m) outer product instead of m products",
           "Use np.dot(Y, log(A).T), or * with np.sum.",
           f"-np.sum(np.dot(Y.T, np.log({a})) + np.dot(1 - Y.T, np.log(1 - {a}))) / m")  # fmt: skip
    yield ("outer_product", "adds up an (m, m) outer product instead of m products",
           "Use np.dot(Y, log(A).T), or * with np.sum.",
           f"-np.sum(np.dot(Y.T, np.log({a}))) / m")  # fmt: skip
    yield ("squared_error", "is the squared error, not the cross-entropy",
           "Use -(Y log A + (1 - Y) log(1 - A)).", f"np.sum(({a} - Y)**2) / m")  # fmt: skip
    yield ("squared_error", "is half the squared error, not the cross-entropy",
           "Use -(Y log A + (1 - Y) log(1 - A)).", f"np.sum(({a} - Y)**2) / (2 * m)")  # fmt: skip
    yield ("no_sum", "is a loss for each example: the sum is missing", "Add up with np.sum.",
           f"-({both}) / m")  # fmt: skip
    yield ("brackets", "divides only one of its two terms by m", "Put the sum into brackets.",
           f"-np.sum({first}) - np.sum({second}) / m")  # fmt: skip
    yield ("sign", "subtracts the term of class 0 instead of adding it",
           "-(Y log A + (1 - Y) log(1 - A)).", f"-np.sum({first} - {second}) / m")  # fmt: skip


def _sites(root: ast.expr) -> Iterator[tuple[ast.expr, int]]:
    for index, node in enumerate(ast.walk(root)):
        if isinstance(node, ast.expr):
            yield node, index


def _put(root: ast.expr, index: int, new: ast.expr) -> ast.expr:
    """A copy of the tree with node number `index` replaced."""
    changed = copy.deepcopy(root)
    target = next(node for number, node in enumerate(ast.walk(changed)) if number == index)
    if target is changed:
        return new

    class Put(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> Any:
            return new if node is target else self.generic_visit(node)

    result = Put().visit(changed)
    assert isinstance(result, ast.expr)
    return result


def _operators(name: str, root: ast.expr, trial: Trial) -> Changes:
    m = trial.values["m"]
    for node, i in _sites(root):
        if not isinstance(node, ast.BinOp):
            continue
        if isinstance(node.op, ast.Div) and ast.unparse(node.right) == "m":
            yield Slip("times_m", f"is exactly {m} times ours: the division by m is missing",
                       "The cost is a mean over the m examples, so divide by m."), _put(
                root, i, node.left)  # fmt: skip
            for k, n in enumerate(trial.sizes):
                yield Slip("wrong_m", f"is divided by {n}, which is n[{k}], not m = {m}",
                           "m is the number of examples: X.shape[1]."), _put(
                    root, i, ast.BinOp(node.left, ast.Div(), ast.Constant(n)))  # fmt: skip
        if isinstance(node.op, ast.Mult):
            dot = _dot(node.left, node.right)
            yield Slip("dot_for_times", "uses a matrix product where * is meant",
                       "Multiply element by element with *."), _put(root, i, dot)  # fmt: skip
        if isinstance(node.op, ast.Add | ast.Sub):
            other = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
            yield Slip("sign", f"has a {'−' if isinstance(other, ast.Sub) else '+'} where there"
                       f" should be a {'+' if isinstance(other, ast.Sub) else '−'}",
                       "Check the signs of this line."), _put(
                root, i, ast.BinOp(node.left, other, node.right))  # fmt: skip
        if isinstance(node.op, ast.Pow):
            yield Slip("no_square", "lacks the square", "Square it: A**2."), _put(
                root, i, node.left)  # fmt: skip
    minus = ast.UnaryOp(ast.USub(), root)
    yield Slip("sign", "has the opposite sign", "Check the order of the two terms."), minus
    if not name.endswith("_new"):
        over = ast.BinOp(root, ast.Div(), ast.Name("m", ast.Load()))
        yield Slip("over_m", f"is exactly 1/{m} of ours: it is divided by m twice",
                   "Divide by m once; np.mean does so itself."), over  # fmt: skip


def _dot(left: ast.expr, right: ast.expr) -> ast.expr:
    return ast.Call(ast.Attribute(ast.Name("np", ast.Load()), "dot", ast.Load()), [left, right], [])


def _reductions(name: str, root: ast.expr, trial: Trial) -> Changes:
    for node, i in _sites(root):
        if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "np.sum"):
            continue
        value = ast.unparse(node.args[0])
        has_axis = bool(node.keywords)
        if has_axis:
            yield Slip("wrong_axis", "is summed over axis 0, over the units, not over the examples",
                       "Sum over axis=1: examples are columns."), _put(
                root, i, _parse(f"np.sum({value}, axis=0, keepdims=True)"))  # fmt: skip
            yield Slip("wrong_axis", "is summed over axis 0, over the units, not over the examples",
                       "Sum over axis=1: examples are columns."), _put(
                root, i, _parse(f"np.sum({value}, axis=0)"))  # fmt: skip
            yield Slip("rank_1", "lacks keepdims=True: its shape has one dimension, not two",
                       "Use keepdims=True, or reshape: an array of rank 1 does not transpose."
                       ), _put(root, i, _parse(f"np.sum({value}, axis=1)"))  # fmt: skip
            yield Slip("sum_of_all", "is one number: the sum over everything",
                       "Sum over axis=1 with keepdims=True."), _put(
                root, i, _parse(f"np.sum({value})"))  # fmt: skip
            yield Slip("sum_of_all", "is one number: the sum over everything",
                       "Sum over axis=1 with keepdims=True."), _put(
                root, i, _parse(f"np.sum({value}, keepdims=True)"))  # fmt: skip
        yield Slip("no_sum", "is not summed over the examples", "Add up with np.sum."), _put(
            root, i, node.args[0])  # fmt: skip
        rest = ", axis=1, keepdims=True" if has_axis else ""
        most = _parse(f"np.max({value}{rest})")
        yield (
            Slip("max_for_sum", "takes the largest, not the sum", "Use np.sum."),
            _put(root, i, most),
        )


def _transposes(name: str, root: ast.expr, trial: Trial) -> Changes:
    for node, i in _sites(root):
        if isinstance(node, ast.Attribute) and node.attr == "T":
            yield Slip("transposed", f"uses {ast.unparse(node.value)} without .T",
                       f"Transpose {ast.unparse(node.value)}."), _put(
                root, i, node.value)  # fmt: skip
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "np.dot":
            left, right = node.args
            yield Slip("times_for_dot", "uses * where a matrix product is meant",
                       "Use np.dot (or @)."), _put(
                root, i, ast.BinOp(left, ast.Mult(), right))  # fmt: skip
            plain = left.value if isinstance(left, ast.Attribute) and left.attr == "T" else left
            bare = right.value if isinstance(right, ast.Attribute) and right.attr == "T" else right
            yield Slip("times_for_dot", "uses * where a matrix product is meant",
                       "Use np.dot (or @)."), _put(
                root, i, ast.BinOp(plain, ast.Mult(), bare))  # fmt: skip
            if isinstance(right, ast.Attribute) and right.attr == "T":
                sums = [
                    _parse(f"np.sum({ast.unparse(one)}, axis=1, keepdims=True)")
                    for one in (left, right.value)
                ]
                yield Slip("summed_apart", "sums each factor separately and multiplies the sums",
                           "Multiply the factors example by example, then add up."), _put(
                    root, i, _dot(sums[0], ast.Attribute(sums[1], "T", ast.Load())))  # fmt: skip
            yield Slip("order_of_factors", "has its two factors in the wrong order",
                       "A matrix product is not commutative."), _put(
                root, i, _dot(right, left))  # fmt: skip


def _functions(name: str, root: ast.expr, trial: Trial) -> Changes:
    text = ast.unparse(root)
    for old, new, key, words, do in (
        ("np.log(", "np.log10(", "log10", "uses the logarithm of base 10", "Use np.log."),
        ("np.log(", "np.log2(", "log2", "uses the logarithm of base 2", "Use np.log."),
        (" > 0", " >= 0", "relu_at_zero", "lets the slope be 1 where Z is exactly 0",
         "Use Z > 0: g′(0) of ReLU is 0 here."),
        ("np.exp(-", "np.exp(", "sign", "lacks the minus in np.exp(-Z)", "σ(z) = 1/(1 + e^(−z))."),
        ("np.tanh(", "np.sinh(", "wrong_function", "uses sinh for tanh", "Use np.tanh."),
    ):  # fmt: skip
        pieces = text.split(old)
        if len(pieces) > 1:
            yield Slip(key, words, do), _parse(new.join(pieces))
        for k in range(1, len(pieces)) if len(pieces) > 2 else ():
            one = old.join(pieces[:k]) + new + old.join(pieces[k:])
            yield Slip(key, f"{words} in one of its terms", do), _parse(one)


def _terms(name: str, root: ast.expr, trial: Trial) -> Changes:
    for node, i in _sites(root):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub | ast.Mult):
            if isinstance(node.left, ast.Constant) and isinstance(node.op, ast.Sub):
                right = ast.unparse(node.right)
                yield Slip("neighbour", f"uses {right} where it needs {ast.unparse(node)}",
                           f"Compare the names in this line: {ast.unparse(node)}."), _put(
                    root, i, node.right)  # fmt: skip
            if isinstance(node.left, ast.Constant) or isinstance(node.right, ast.Constant):
                continue
            for keep, drop in ((node.left, node.right), (node.right, node.left)):
                yield Slip("missing_term", f"lacks {ast.unparse(drop)}",
                           "A part of the line is missing."), _put(root, i, keep)  # fmt: skip


def _names(name: str, root: ast.expr, trial: Trial) -> Changes:
    """Another variable in the place of the right one: most alike first."""
    for node, i in _sites(root):
        if not isinstance(node, ast.Name) or node.id in ("np", "m"):
            continue
        others = [o for o in trial.values if o not in (node.id, "m", "A0", "learning_rate")]
        for other in sorted(others, key=partial(_unlike, node.id)):
            if other.endswith("_new") and name.endswith("_new") and other[:-4] != node.id:
                continue
            if other.endswith("_new") and other[:-4] == node.id:
                slip = Slip("already_updated", f"uses {node.id} after its update",
                            f"Compute the gradients first, then update {node.id}.")  # fmt: skip
            else:
                slip = Slip("neighbour", f"uses {other} where it needs {node.id}",
                            f"Compare the names in this line: {node.id}.")  # fmt: skip
            yield slip, _put(root, i, ast.Name(other, ast.Load()))


def _unlike(a: str, b: str) -> int:
    letters = re.sub(r"\d", "", a) != re.sub(r"\d", "", b)
    digits = re.sub(r"\D", "", a) != re.sub(r"\D", "", b)
    return 2 * letters + digits
