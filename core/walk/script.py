"""Writes a recorded iteration as a complete Python script: its numbers, then its code."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np

from core.errors import LayerwiseError
from core.nn.activations import Array
from core.walk.record import Record
from core.walk.steps import steps_of

MOST_NUMBERS = 50_000  # that are written out


def script_of(record: Record) -> str:
    """The iteration in NumPy alone, with the exact numbers it begins with.

    The dropout masks are among them. J and the parameters after the update agree with the record up
    to rounding. Raises LayerwiseError if there are more than MOST_NUMBERS numbers.
    """
    given = dict(_arrays(record))
    count = sum(array.size for array in given.values())
    if count > MOST_NUMBERS:
        raise LayerwiseError(
            f"This iteration has {count:,} numbers, and a script to copy holds at most"
            f" {MOST_NUMBERS:,}. Use File ▸ Export ▸ Code, which attaches the data."
        )
    sizes = "-".join(map(str, record.sizes))
    lines = [
        f"# Iteration {record.iteration:,} of a network {sizes} on {record.m:,} examples, as"
        " Layerwise recorded it.",
        "import numpy as np",
        "from numpy import inf, nan",
        "",
        *(f"{name} = {value!r}" for name, value in _numbers(record)),
        *(f"{name} = {_literal(array)}" for name, array in given.items() if name[0] != "D"),
    ]
    phase = ""
    for step in steps_of(record):
        if step.phase != phase:
            phase = step.phase
            lines += ["", f"# {phase}"]
        drawn = step.target == "D"  # random: the drawn values are written out
        name = f"D{step.layer}"
        lines.append(f"{name} = {_literal(given[name])}" if drawn else step.code)
    lines += ["", f'print("J =", J)  # in Layerwise: {record.J!r}']
    return "\n".join(lines) + "\n"


def _numbers(record: Record) -> Iterator[tuple[str, float]]:
    """The plain numbers that the lines use."""
    yield "m", record.m
    yield from (
        ("epoch", record.epoch) if record.schedule is not None else ("learning_rate", record.rate),
        ("t", record.t),
    )
    if record.l1 or record.l2:
        yield from (("lambd", record.l2), ("lambd1", record.l1), ("train_m", record.train_m))
    if record.clip_norm:
        yield "clip_norm", record.clip_norm
    yield from record.settings.items()


def _arrays(record: Record) -> Iterator[tuple[str, Array]]:
    """The arrays that the code uses but does not compute, and the masks of dropout."""
    yield from (("X", record.A[0]), ("Y", record.Y))
    for l in range(1, record.L + 1):
        yield from ((f"W{l}", record.p.W[l]), (f"b{l}", record.p.b[l]))
        for letter, p in record.memory.items():
            yield from ((f"{letter}_dW{l}", p.W[l]), (f"{letter}_db{l}", p.b[l]))
    for l, D in record.D.items():
        yield f"D{l}", D


def _literal(array: Array) -> str:
    """An array in Python, with all digits."""
    text = np.array2string(
        array, separator=", ", threshold=sys.maxsize, floatmode="unique", max_line_width=100
    )
    dtype = "" if array.dtype == np.float64 else f", dtype=np.{array.dtype.name}"
    return f"np.array({text}{dtype})"
