"""The numbers of one example as lines of text: inputs, label, prediction, loss, layers."""

from __future__ import annotations

from collections.abc import Iterator

from core.walk.entry import BIASES, WEIGHTS, Entry, Target
from core.walk.lens import Lens, own_gradient
from core.walk.record import Record
from gui.stepper.origin_rows import Piece, Row, sign_of
from gui.style import text

_SHOWN = 3  # numbers of a column in one line
MOST_UNITS = 32  # of a layer, one line each


def rows_of_lens(record: Record, seen: Lens, opened: Entry | None) -> tuple[Row, ...]:
    """x, y, ŷ, the loss, dZ[L], and the example's contribution to the opened
    parameter's gradient.
    """
    L, k = record.L, seen.column
    loss = Entry("loss", L, 0, k)
    rows = [
        _column(record, "x", "A", 0, k),
        _column(record, "y", "Y", L, k),
        _column(record, "ŷ", "A", L, k),
        Row("value", "loss", (Piece(text.number(seen.loss), loss, loss.symbol),), ""),
        _column(record, f"dZ[{L}]", "dZ", L, k),
    ]
    gradient = gradient_of(opened)
    if gradient is not None and record.contains(gradient):
        rows += _gradient_rows(record, gradient, k)
    return tuple(rows)


def gradient_of(entry: Entry | None) -> Entry | None:
    """The gradient of the parameter of an opened number, if it belongs to one."""
    if entry is None or entry.target not in WEIGHTS | BIASES:
        return None
    target: Target = "dW" if entry.target in WEIGHTS else "db"
    return Entry(target, entry.layer, entry.row, entry.column)


def _gradient_rows(record: Record, gradient: Entry, k: int) -> Iterator[Row]:
    own = own_gradient(record, gradient, k)
    hint = f"dz · a of {record.say_example(k)} alone"
    yield Row("value", f"its {gradient.symbol}", (), text.number(own), sign_of(own), hint)
    mean = text.number(record.value(gradient))
    piece = Piece(mean, gradient, gradient.symbol)
    yield Row("rest", f"mean over {text.count(record.m)}", (piece,), "")


def _column(record: Record, label: str, target: Target, layer: int, k: int) -> Row:
    """A column of an array, or its beginning."""
    n = record.array(target, layer).shape[0]
    shown = n if n <= _SHOWN else _SHOWN - 1  # and the room of one for how many there are
    pieces = [_number(record, Entry(target, layer, i, k)) for i in range(shown)]
    if n > _SHOWN:
        pieces.append(Piece(f"… of {text.count(n)}"))
    return Row("value", label, tuple(pieces), "")


def _number(record: Record, entry: Entry) -> Piece:
    return Piece(text.number(record.value(entry)), entry, entry.symbol)


def rows_of_layers(record: Record, column: int) -> tuple[Row, ...]:
    """Every unit of every layer for one example: its z and its a."""
    return tuple(row for l in range(1, record.L + 1) for row in _layer(record, l, column))


def _layer(record: Record, l: int, k: int) -> Iterator[Row]:
    n = record.sizes[l]
    for i in range(min(n, MOST_UNITS)):
        z, a = Entry("Z", l, i, k), Entry("A", l, i, k)
        names = (z.symbol.rpartition("(")[0], a.symbol.rpartition("(")[0])
        pieces = (_number(record, z), Piece("→"), _number(record, a))
        yield Row("term", f"{names[0]} → {names[1]}", pieces, "")
    if n > MOST_UNITS:
        more = text.count(n - MOST_UNITS)
        yield Row("rest", f"{more} more units of layer {l}: see Z[{l}] and A[{l}]", (), "")
