"""The NumPy code of an iteration, as in a course notebook: `Z1 = np.dot(W1, A0) + b1`."""

from __future__ import annotations

import re

import numpy as np

from core.nn.equations import Equation, equations, exact_cost
from core.nn.losses import LOSSES
from core.nn.optimizers import OPTIMIZERS
from core.walk.entry import Target
from core.walk.record import Record

CodeLines = dict[tuple[Target, int], str]
FROM_Z = "  # from Z: an exact 0 or 1 in {} would need log(0)"


def lines_of(record: Record) -> CodeLines:
    """The code of every array of the iteration; executed in order, it computes all of them.

    Its names are X, Y, m, np, W1, b1 …, learning_rate (or epoch, if it decays); with regularization
    `lambd` (for L2), `lambd1` (for L1) and `train_m`; the optimizer's memory and settings (`v_dW1`,
    `t`, `beta1`); and `clip_norm`. `on1` and `free1` are 0 for muted or frozen units and 1 for the
    others.
    """
    lines: CodeLines = {}
    network = record.network()
    for equation in equations(network, record.keep):
        target: Target = equation.target
        left = "J" if target == "J" else f"{target}{equation.layer}"
        text, remark = equation.text, ""
        if target == "J" and (exact := exact_cost(network)) and _logs_of_zero(record):
            text, remark = exact, FROM_Z.format(f"A{equation.layer}")
        code = (
            f"{left} = {_as_in_a_notebook(text)}{_penalty(record, target, equation.layer)}{remark}"
        )
        if target == "A" and (muted := record.muted.get(equation.layer)):
            code = f"{_switches(record, 'on', equation.layer, muted)}\n{code}"
        if equation.part == "update":
            code = _frozen(record, equation, _update(record, left))
            target = "W_after" if target == "W" else "b_after"
        lines[target, equation.layer] = code
    if record.spelled_out:
        _spell_out(record, lines)
    if record.clip_norm:
        lines["W_after", 1] = f"{_clipping(record)}\n{lines['W_after', 1]}"
    if record.schedule is not None:
        lines["W_after", 1] = f"learning_rate = {record.schedule.python()}\n{lines['W_after', 1]}"
    return lines


def _spell_out(record: Record, lines: CodeLines) -> None:
    """Add dA[L], and to dZ[L] its form in terms of dA[L]."""
    L, g = record.L, record.activation(record.L)
    behind = LOSSES[record.loss].at(g.name)
    exact = behind.slope_exact if _logs_of_zero(record) else ""
    lines["dA", L] = f"dA{L} = {_of_output(exact or behind.slope_python, L)}"
    through = f"dA * {g.python_prime}" if g.elementwise else g.python_prime
    lines["dZ", L] += f"  # = {_of_output(through, L)}"


def _of_output(text: str, L: int) -> str:
    return re.sub(r"\b(Z|A|dA)\b", rf"\g<1>{L}", text)


def _logs_of_zero(record: Record) -> bool:
    """Whether the course's line of J would take the logarithm of 0."""
    A = record.A[record.L]
    ones = A == 1 if record.activation(record.L).elementwise else np.False_  # of 1 - A
    return bool(((A == 0) | ones).any())


def _switches(record: Record, name: str, l: int, units: tuple[int, ...]) -> str:
    """A column of 1, and 0 for some units."""
    return f"{name}{l} = np.ones(({record.sizes[l]}, 1)); {name}{l}[{list(units)}] = 0"


def _frozen(record: Record, equation: Equation, code: str) -> str:
    """The update of a layer with frozen units, whose step is 0."""
    l = equation.layer
    if not (units := record.frozen.get(l)):
        return code
    before, _, last = code.rpartition("\n")
    last = re.sub(r"^(\w+ = \w+ - )(.*)", rf"\1free{l} * (\2)", last)
    lines = [line for line in (before, last) if line]
    if equation.target == "W":
        lines.insert(0, _switches(record, "free", l, units))
    return "\n".join(lines)


def _as_in_a_notebook(text: str) -> str:
    text = re.sub(r"\b([A-Za-z]+)\[(\d+)\]", r"\1\2", text)
    return re.sub(r"(\S+) @ (\S+)", r"np.dot(\1, \2)", text)


def _update(record: Record, name: str) -> str:
    """The optimizer's lines for the parameters of that name."""
    lines = OPTIMIZERS[record.optimizer].python
    if record.clip_norm:
        lines = re.sub(r"\bdP\b", "(clip * dP)", lines)
    return re.sub("P", name, lines)


def _clipping(record: Record) -> str:
    """The norm of the whole gradient, and the factor of clipping."""
    arrays = ", ".join(f"dW{l}, db{l}" for l in range(1, record.L + 1))
    return (
        f"norm = np.sqrt(sum(np.sum(g**2) for g in ({arrays})))\n"
        "clip = clip_norm / max(norm, clip_norm)"
    )


def _penalty(record: Record, target: Target, layer: int) -> str:
    text = ""
    if target == "dW":
        if record.l2:
            text += f" + lambd / train_m * W{layer}"
        if record.l1:
            text += f" + lambd1 / train_m * np.sign(W{layer})"
    elif target == "J":
        weights = [f"W{l}" for l in range(1, record.L + 1)]
        if record.l2:
            squares = " + ".join(f"np.sum({W}**2)" for W in weights)
            text += f" + lambd / (2 * train_m) * ({squares})"
        if record.l1:
            sizes = " + ".join(f"np.sum(np.abs({W}))" for W in weights)
            text += f" + lambd1 / train_m * ({sizes})"
    return text
