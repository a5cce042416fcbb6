"""The result of a NumPy operation on arrays of given shapes, with an explanation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from core.errors import LayerwiseError
from core.nn.equations import Equation

MOST_SIZE, MOST_RANK = 1_000_000, 2
NAMES = ("A", "B", "C")
IMPOSSIBLE = "impossible"
QUIZ_SIZES = (1, 2, 3, 4, 5, 8, 400)

Shape = tuple[int, ...]
Any8 = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class NamedShape:
    """An array by its name and shape; its numbers play no part."""

    name: str
    shape: Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation on one, two or three arrays; `code` has a place for each name.

    `steps` are done one after the other: each takes the result before it and, if it needs one, the
    next operand.
    """

    name: str
    label: str
    operands: int
    code: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShapeQuestion:
    """An operation (a key of OPERATIONS) on arrays; `target` is the shape for reshape."""

    operation: str
    operands: tuple[NamedShape, ...]
    target: Shape = ()

    @property
    def code(self) -> str:
        """The line of NumPy."""
        names = [operand.name for operand in self.operands]
        target = ", ".join(str(size) for size in self.target)
        return OPERATIONS[self.operation].code.format(*names, target=target)


@dataclass(frozen=True, slots=True)
class ShapeOutcome:
    """The resulting shape, or None and NumPy's own sentence; `meaning` explains either."""

    shape: Shape | None
    error: str
    meaning: str


OPERATIONS: dict[str, Operation] = {
    operation.name: operation
    for operation in (
        Operation(name="dot", label="A · B", operands=2, code="np.dot({0}, {1})", steps=("dot",)),
        Operation(
            name="forward",
            label="A · B + C",
            operands=3,
            code="np.dot({0}, {1}) + {2}",
            steps=("dot", "add"),
        ),
        Operation(name="multiply", label="A * B", operands=2, code="{0} * {1}", steps=("add",)),
        Operation(name="add", label="A + B", operands=2, code="{0} + {1}", steps=("add",)),
        Operation(name="subtract", label="A - B", operands=2, code="{0} - {1}", steps=("add",)),
        Operation(name="transpose", label="A.T", operands=1, code="{0}.T", steps=("transpose",)),
        *(
            Operation(
                name=f"sum{axis}{'_kept' if kept else ''}",
                label=f"sum, axis={axis}{', keepdims' if kept else ''}",
                operands=1,
                code=f"np.sum({{0}}, axis={axis}{', keepdims=True' if kept else ''})",
                steps=(f"sum{axis}{'_kept' if kept else ''}",),
            )
            for axis in (0, 1)
            for kept in (False, True)
        ),
        Operation(
            name="reshape",
            label="reshape",
            operands=1,
            code="{0}.reshape({target})",
            steps=("reshape",),
        ),
    )
}

# The effect of a step on real arrays. `+` stands for all elementwise operations, which have the
# same shapes and sentences.
_STEPS: dict[str, Callable[..., Any8]] = {
    "dot": np.dot,
    "add": np.add,
    "transpose": lambda a: a.T,
    "sum0": lambda a: np.sum(a, axis=0),
    "sum1": lambda a: np.sum(a, axis=1),
    "sum0_kept": lambda a: np.sum(a, axis=0, keepdims=True),
    "sum1_kept": lambda a: np.sum(a, axis=1, keepdims=True),
}
_TAKE_TWO = ("dot", "add")


def outcome(question: ShapeQuestion) -> ShapeOutcome:
    """NumPy's result for arrays of these shapes; NumPy really runs, at almost no cost."""
    rest = list(question.operands)
    left = rest.pop(0)
    meaning = ""
    for step in OPERATIONS[question.operation].steps:
        both = (left, rest.pop(0)) if step in _TAKE_TWO else (left,)
        made, error = _asked(step, [each.shape for each in both], question.target)
        if made is None:
            return ShapeOutcome(None, error, _why_not(step, both, question.target))
        meaning = f"{meaning} {_why(step, both, made, question.target)}".strip()
        left = NamedShape(f"np.dot({both[0].name}, {both[-1].name})", made)
    return ShapeOutcome(left.shape, "", meaning)


def _asked(step: str, shapes: Sequence[Shape], target: Shape) -> tuple[Shape | None, str]:
    """The shape of NumPy's result, or None and its sentence.

    Arrays of the real shapes could fill the memory. A refusal comes before any work, so it is
    tested with a single repeated number; valid operations are run with 2, 3, 4 … in place of the
    sizes, because only equality and 1 matter.
    """
    if step == "reshape":
        try:
            return _array(shapes[0]).reshape(target).shape, ""
        except ValueError as error:
            return None, str(error)
    sizes = sorted({size for shape in shapes for size in shape if size > 1})
    small = {size: i for i, size in enumerate(sizes, start=2)} | {1: 1}
    large = {i: size for size, i in small.items()}
    do = _STEPS[step]
    try:
        made = np.shape(do(*(_array([small[size] for size in shape]) for shape in shapes)))
    except (ValueError, np.exceptions.AxisError):
        try:
            do(*(_array(shape) for shape in shapes))
        except (ValueError, np.exceptions.AxisError) as error:
            return None, str(error).strip()
        raise
    return tuple(large[size] for size in made), ""


def _array(shape: Sequence[int]) -> Any8:
    return np.broadcast_to(np.int8(0), tuple(shape))


@dataclass(frozen=True, slots=True)
class SizePair:
    """Two sizes that meet: those of operands (which, axis), of which the first may belong to a
    product. `fits` is "equal", "repeated" or "no".
    """

    first: tuple[int, int] | None
    second: tuple[int, int]
    sizes: tuple[int, int]
    fits: str


def links(question: ShapeQuestion) -> tuple[SizePair, ...]:
    """Which sizes of the operands must agree."""
    found = list[SizePair]()
    shapes = [operand.shape for operand in question.operands]
    steps = OPERATIONS[question.operation].steps
    if steps[0] == "dot":
        inner = -1 if len(shapes[1]) == 1 else -2
        sizes = shapes[0][-1], shapes[1][inner]
        fits = "equal" if sizes[0] == sizes[1] else "no"
        found.append(SizePair((0, -1), (1, inner), sizes, fits))
        if len(steps) > 1 and fits == "equal":
            product, _ = _asked("dot", shapes[:2], ())
            found += _broadcast_links(product or (), shapes[2], None, 2)
    elif steps[0] == "add":
        found += _broadcast_links(shapes[0], shapes[1], 0, 1)
    return tuple(found)


def _broadcast_links(a: Shape, b: Shape, first: int | None, second: int) -> Iterator[SizePair]:
    for axis in range(-1, -min(len(a), len(b)) - 1, -1):
        sizes = a[axis], b[axis]
        fits = "equal" if sizes[0] == sizes[1] else "repeated" if 1 in sizes else "no"
        yield SizePair(None if first is None else (first, axis), (second, axis), sizes, fits)


# --- explanations -------------------------------------------------------------------------------


def _why(step: str, operands: Sequence[NamedShape], made: Shape, target: Shape) -> str:
    """What happened, for a valid operation."""
    a = operands[0]
    if step == "dot":
        return _of_product(a.shape, operands[1].shape, made)
    if step == "add":
        return _of_broadcasting(operands, made)
    if step == "transpose":
        if len(a.shape) == 1:
            return (
                "An array of rank 1 has neither rows nor columns, so .T leaves it as it is."
                f" Write {a.name}.reshape({a.shape[0]}, 1) for a column."
            )
        return "Rows become columns."
    if step == "reshape":
        return (
            f"The same {_numbers(prod(a.shape))} in the same order, read in rows of"
            f" {made[-1] if made else 1:,}. reshape repeats nothing."
        )
    if len(a.shape) == 1:
        way = "All numbers are added up."
    elif step.startswith("sum0"):
        way = "axis=0 adds down each column, over the rows."
    else:
        way = "axis=1 adds along each row, over the columns."
    if step.endswith("_kept"):
        return f"{way} keepdims keeps that axis, with size 1."
    if made:
        return f"{way} That axis is gone: the result has rank 1. With keepdims=True it stays."
    return way


def _of_product(a: Shape, b: Shape, made: Shape) -> str:
    inner = f"{a[-1]:,} product" + ("" if a[-1] == 1 else "s")
    if not made:
        return f"One number: the sum of {inner}."
    places = " × ".join(f"{size:,}" for size in made)
    many = f"Each of the {places} numbers" if prod(made) > 1 else "The one number"
    return f"{many} is a sum of {inner}: a row of the first times a column of the second."


def _of_broadcasting(operands: Sequence[NamedShape], made: Shape) -> str:
    if all(operand.shape == made for operand in operands):
        return "The shapes are equal: each number meets the one in the same place."
    said = [_repeated(operand, made) for operand in operands if operand.shape != made]
    if len(said) == len(operands):
        said.append(
            "Neither array has the shape of the result. NumPy does not complain: make sure that"
            " you meant it, or transpose one of them."
        )
    return " ".join(said)


def _repeated(operand: NamedShape, made: Shape) -> str:
    """How one array is repeated to the shape of the result."""
    shape = operand.shape
    full = (1,) * (len(made) - len(shape)) + shape
    read = f"NumPy reads {operand.name} {_said(shape)} as a row, {_said(full)}. "
    times = [
        f"its {word} is repeated {size:,} times"
        for word, own, size in zip(("row", "column"), full[-2:], made[-2:], strict=False)
        if own == 1 and size > 1
    ]
    head = read if full != shape else ""
    if not times:
        return head.strip()
    named = f"{operand.name}: {' and '.join(times)}."
    if prod(full) == 1 and (len(made) == 1 or len(times) == 2):
        named = f"{operand.name}: its one number is repeated {prod(made):,} times."
    return head + named


def _why_not(step: str, operands: Sequence[NamedShape], target: Shape) -> str:
    """The meaning of NumPy's sentence, and what would fit."""
    a = operands[0]
    if step == "reshape":
        return _of_reshape(a, target)
    if step not in _TAKE_TWO:
        return (
            f"{a.name} has rank 1, and so only axis 0. Make it a column or a row first:"
            f" {a.name}.reshape({a.shape[0]}, 1) or {a.name}.reshape(1, {a.shape[0]})."
        )
    b = operands[1]
    if step == "dot":
        rows = b.shape[0] if len(b.shape) == 1 else b.shape[-2]
        said = (
            f"{a.name} has {_columns(a.shape)}, and {b.name} has {_rows(b.shape, rows)}."
            " The inner sizes must be equal."
        )
    else:
        i, j = next(
            pair
            for pair in zip(reversed(a.shape), reversed(b.shape), strict=False)
            if pair[0] != pair[1] and 1 not in pair
        )
        said = (
            "NumPy compares the sizes from the right. Two sizes fit if they are equal or one of"
            f" them is 1: here {i:,} meets {j:,}."
        )
    return f"{said} {_what_fits(step, a, b)}"


def _columns(shape: Shape) -> str:
    word = "column" if len(shape) > 1 else "number"
    return f"{shape[-1]:,} {word}{'' if shape[-1] == 1 else 's'}"


def _rows(shape: Shape, rows: int) -> str:
    word = "row" if len(shape) > 1 else "number"
    return f"{rows:,} {word}{'' if rows == 1 else 's'}"


def _of_reshape(a: NamedShape, target: Shape) -> str:
    have, known = prod(a.shape), prod(size for size in target if size != -1)
    if target.count(-1) > 1:
        return "Only one size may be -1: NumPy computes it from the others."
    if -1 in target:
        return f"{_numbers(have)} cannot be divided into equal parts of {known:,}."
    return (
        f"{a.name} has {_numbers(have)}, and {_said(target)} has room for {known:,}."
        " reshape keeps every number, so the two must be equal."
    )


def _what_fits(step: str, a: NamedShape, b: NamedShape) -> str:
    """The first of the usual remedies that NumPy takes."""
    for remedy, one, other in _remedies(step, a, b):
        made, _ = _asked(step, (one.shape, other.shape), ())
        if made is not None:
            return f"{remedy} it works and gives {_said(made)}."
    return "No transpose makes them fit."


def _remedies(
    step: str, a: NamedShape, b: NamedShape
) -> Iterator[tuple[str, NamedShape, NamedShape]]:
    """What to do instead, as the beginning of a sentence, and with which arrays."""
    for old, new, pair in (
        (b, _transposed(b), lambda new: (a, new)),
        (a, _transposed(a), lambda new: (new, b)),
        (b, _as_column(b), lambda new: (a, new)),
        (a, _as_column(a), lambda new: (new, b)),
    ):
        if new is not None:
            yield f"With {new.name} in place of {old.name}", *pair(new)
    if step == "dot":
        yield f"The other way round, np.dot({b.name}, {a.name}),", b, a


def _transposed(a: NamedShape) -> NamedShape | None:
    if len(a.shape) != 2 or " " in a.name:  # a separate step of an expression
        return None
    name = a.name.removesuffix(".T") if a.name.endswith(".T") else f"{a.name}.T"
    return NamedShape(name, a.shape[::-1])


def _as_column(a: NamedShape) -> NamedShape | None:
    if len(a.shape) != 1 or " " in a.name:
        return None
    return NamedShape(f"{a.name}.reshape({a.shape[0]}, 1)", (a.shape[0], 1))


def _numbers(count: int) -> str:
    return f"{count:,} number" + ("" if count == 1 else "s")


def _said(shape: Shape) -> str:
    return str(tuple(shape))


# --- parsing, arrays of the network, questions --------------------------------------------------


def parse_shape(text: str, *, rank: int = MOST_RANK, unknown: bool = False) -> Shape:
    """Parse a typed shape: `(4, 2)`, `4, 2`, `4 × 2`, `(5,)`.

    With `unknown` a size may be -1. Raises LayerwiseError for anything else.
    """
    inside = text.strip()
    if inside.startswith("(") and inside.endswith(")"):
        inside = inside[1:-1]
    words = [word for word in re.split(r"[\s,×*]+|(?<=\d)x(?=\d)", inside.strip()) if word]
    if not words or len(words) > rank or not all(re.fullmatch(r"-?\d{1,9}", w) for w in words):
        sizes = "one or two sizes" if rank == MOST_RANK else f"1 to {rank} sizes"
        raise LayerwiseError(
            f"“{text.strip()[:40]}” is not a shape: type {sizes}, such as (4, 2) or (5,)."
        )
    shape = tuple(int(word) for word in words)
    if not all(1 <= size <= MOST_SIZE or (unknown and size == -1) for size in shape):
        raise LayerwiseError(
            f"{_said(shape)} is no shape for this lab: each size must be from 1 to {MOST_SIZE:,}."
        )
    return shape


def parse_operand(text: str, name: str, known: Mapping[str, Shape]) -> NamedShape:
    """Parse a typed array: a shape, which gets the name `name`, or one of the `known` by its name,
    such as `W[1]`, or its transpose, `W[1].T`.

    Raises LayerwiseError for anything else.
    """
    word = re.sub(r"\s", "", text)
    shape = known.get(word.removesuffix(".T"))
    if shape is not None:
        return NamedShape(word, shape[::-1] if word.endswith(".T") else shape)
    if re.match(r"[A-Za-z]", word):
        some = ", ".join(list(known)[:4])
        raise LayerwiseError(
            f"The open network has no array “{word[:20]}”: type a shape such as (4, 2), or one of"
            f" {some} …"
        )
    return NamedShape(name, parse_shape(text))


def parse_answer(text: str) -> Shape | None:
    """A shape, `()` or `one number` for a single one, or None for `impossible`.

    Raises LayerwiseError for anything else.
    """
    word = text.strip().lower()
    if word in (IMPOSSIBLE, "error"):
        return None
    return () if word in ("()", "one number", "number") else parse_shape(text)


def arrays_of(sizes: Sequence[int], m: int) -> dict[str, Shape]:
    """The arrays of a network with n[0..L] units and m examples, by name, as in a pass."""
    found: dict[str, Shape] = {"X": (sizes[0], m)}
    for l in range(1, len(sizes)):
        n, before = sizes[l], sizes[l - 1]
        found |= {f"W[{l}]": (n, before), f"b[{l}]": (n, 1)}
        found |= {f"{letter}[{l}]": (n, m) for letter in ("Z", "A")}
    found["Y"] = (sizes[-1], m)
    for l in range(len(sizes) - 1, 0, -1):
        n, before = sizes[l], sizes[l - 1]
        found |= {f"{letter}[{l}]": (n, m) for letter in ("dA", "dZ")}
        found |= {f"dW[{l}]": (n, before), f"db[{l}]": (n, 1)}
    return found


_FORMS = (  # of an equation, as an operation
    (r"(\S+) @ (\S+) \+ (\S+)", "forward"),
    (r"(\S+) @ (\S+)(?: / m)?", "dot"),
    (r"np\.sum\((\S+), axis=1, keepdims=True\)(?: / m)?", "sum1_kept"),
    (r"(\S+) - (?:learning_rate \* )?(\S+)", "subtract"),
)


def question_of(equation: Equation, sizes: Sequence[int], m: int) -> ShapeQuestion | None:
    """The equation as a question about shapes; None if all its arrays have the same shape."""
    known = arrays_of(sizes, m) | {"A[0]": (sizes[0], m)}
    for form, operation in _FORMS:
        found = re.fullmatch(form, equation.text)
        if found is None:
            continue
        operands = []
        for name in found.groups():
            shape = known.get(name.removesuffix(".T"))
            if shape is None:
                return None
            operands.append(NamedShape(name, shape[::-1] if name.endswith(".T") else shape))
        return ShapeQuestion(operation, tuple(operands))
    return None


def quiz(rng: np.random.RandomState) -> ShapeQuestion:
    """A question drawn at random; about four in ten are impossible."""
    kinds = ("dot", "forward", "add", "transpose", "sum0", "sum1_kept")
    operation = kinds[rng.randint(len(kinds))]
    n, k, m = (QUIZ_SIZES[i] for i in rng.choice(len(QUIZ_SIZES), 3, replace=False))
    a, b = NamedShape("A", (n, k)), NamedShape("B", (k, m))
    if OPERATIONS[operation].operands == 1:
        return ShapeQuestion(operation, (a,))
    if operation == "add":
        b = NamedShape("B", ((n, 1), (1, k), (k,), (n,), (m, 1))[rng.randint(5)])
        return ShapeQuestion(operation, (a, b))
    if rng.randint(10) < 4:
        b = NamedShape("B", (m, k))
    c = NamedShape("C", (n, 1))
    return ShapeQuestion(operation, (a, b) if operation == "dot" else (a, b, c))
