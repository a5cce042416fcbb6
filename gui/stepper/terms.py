"""The arrays of an equation as matrices, and the recorded number behind each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.walk.entry import BIASES, WEIGHTS, Entry, Target
from core.walk.record import Record
from core.walk.steps import Line, Operand, Step
from gui.matrix.model import Matrix, MatrixAxis
from gui.style import text

EXAMPLES = "example"  # the key of the axis that counts examples
_NO_AXIS = MatrixAxis("", lambda _i: "")
_CODE = {"W_after": "W", "b_after": "b", "loss": "losses", "slope": "g_prime"}


def terms_of(record: Record, line: Line, *, shapes: bool = True) -> tuple[Matrix | str, ...]:
    """The equation: its result, then each operand after its sign; without `shapes`, the shapes are
    hidden as questions.
    """
    terms: list[Matrix | str] = [matrix_of(record, line.result)]
    for index, operand in enumerate(line.operands):
        sign = operand.joint.strip()
        terms.append(f"= {sign}" if index == 0 else sign)
        terms.append(matrix_of(record, operand, _matched(line, index)))
        if operand.after:
            terms.append(operand.after.strip())
    if not shapes:
        terms = [t if isinstance(t, str) else replace(t, matched=None, unsaid=True) for t in terms]
    return tuple(term for term in terms if term != "")


def typeset(line: Line) -> str:
    """Its LaTeX, an assignment as an arrow: a colon would be set as punctuation."""
    return line.latex.replace(":=", r"\leftarrow")


def _matched(line: Line, index: int) -> int | None:
    """The index of the size of this operand that must agree: columns (1), rows (0)."""
    if line.match is None or index not in (line.match.left, line.match.right):
        return None
    return 1 if index == line.match.left else 0


def _operands(line: Line) -> tuple[Operand, ...]:
    return (line.result, *line.operands)


def entry_at(line: Line, term: int, row: int, column: int) -> Entry:
    """The number in that cell of the term-th matrix."""
    operand = _operands(line)[term]
    if operand.transposed:
        row, column = column, row
    return Entry(operand.target, operand.layer, row, column)


def cell_of(line: Line, entry: Entry) -> tuple[int, tuple[int, int]] | None:
    """The position of a number in this equation: which matrix, and its cell there."""
    for term, operand in enumerate(_operands(line)):
        if (operand.target, operand.layer) == (entry.target, entry.layer):
            cell = (entry.row, entry.column)
            return term, cell[::-1] if operand.transposed else cell
    return None


def line_showing(step: Step, entry: Entry) -> int | None:
    """The index of the step's line with this number, as its result rather than its operand."""
    for index, line in enumerate(step.lines):
        if (line.result.target, line.result.layer) == (entry.target, entry.layer):
            return index
    return next((i for i, line in enumerate(step.lines) if cell_of(line, entry)), None)


def matrix_of(record: Record, operand: Operand, matched: int | None = None) -> Matrix:
    """One array of the record with its name and the names of its rows and columns."""
    target, layer = operand.target, operand.layer
    values = record.array(target, layer)
    rows, columns = _axes(record, target, layer)
    code = _CODE.get(target, target) + ("" if target in ("Y", "loss", "J") else str(layer))
    if operand.transposed:
        return Matrix(values.T, operand.symbol, f"{code}_T", columns, rows, matched)
    return Matrix(values, operand.symbol, code, rows, columns, matched)


def column_of_example(record: Record, example: int | None) -> int | None:
    """The column that holds this training example; None if the batch lacks it."""
    if example is None:
        return None
    if not record.batch:
        return example if example < record.m else None
    found = (record.examples == example).nonzero()[0]
    return int(found[0]) if len(found) else None


def shapes_of(line: Line, *, shapes: bool = True) -> tuple[tuple[str, int | None], ...]:
    """The shapes in the equation, each with the size that must match.

    Signs are between them, with None; without `shapes`, there are question marks.
    """
    written = [text.shape(each.shape) if shapes else text.HIDDEN_SHAPE for each in _operands(line)]
    pieces: list[tuple[str, int | None]] = [(written[0], None)]
    for index, operand in enumerate(line.operands):
        sign = "=" if index == 0 else operand.operator
        matched = _matched(line, index) if shapes else None
        pieces += [(sign, None), (written[index + 1], matched)]
    return tuple(pieces)


def note_of(record: Record, line: Line, seen: int, *, scrolls: bool = True) -> str:
    """A note on the columns, how many examples of how many are visible, and what must agree.

    On paper nothing `scrolls`.
    """
    notes = []
    axes = [_axes(record, operand.target, operand.layer) for operand in _operands(line)]
    if any(columns.key == EXAMPLES for _, columns in axes):
        more = "; scroll for the rest" if scrolls else ""
        shown = f", {seen} shown{more}" if seen < record.m else ""
        notes.append(f"Every column is one example: {text.count(record.m)}{shown}.")
    if line.match is not None:
        size = text.count(line.match.size)
        notes.append(f"The inner sizes agree: {line.match.said} with {size}.")
    return " ".join(notes)


def seen_examples(shown: Sequence[tuple[Matrix, int, int]]) -> int:
    """For matrices with the numbers of rows and columns they show: how many examples are visible at
    once.
    """
    counts = [columns for matrix, _, columns in shown if matrix.columns.key == EXAMPLES]
    counts += [rows for matrix, rows, _ in shown if matrix.rows.key == EXAMPLES]
    return max(counts, default=0)


def _axes(record: Record, target: Target, layer: int) -> tuple[MatrixAxis, MatrixAxis]:
    if target == "J":
        return _NO_AXIS, _NO_AXIS
    units = _unit_axis(layer)
    if target in WEIGHTS:
        return units, _unit_axis(layer - 1)
    if target in BIASES:
        return units, _NO_AXIS
    examples = MatrixAxis(EXAMPLES, record.say_example, EXAMPLES)
    return (_NO_AXIS if target == "loss" else units), examples


def _unit_axis(layer: int) -> MatrixAxis:
    if layer == 0:
        return MatrixAxis("input", lambda i: f"input {i + 1}", ("unit", 0))
    return MatrixAxis("unit", lambda i: f"unit {i + 1} of layer {layer}", ("unit", layer))
