"""The numbers of the update: what each optimizer subtracts from a parameter, and what is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from core.nn.optimizers import Adam, Momentum, RMSProp
from core.walk.entry import WEIGHTS, Entry, Target
from core.walk.explanation import Explanation, Factor, constant, function, product
from core.walk.recipe import Most, factor, leaf, single, total
from core.walk.record import Record


def after(record: Record, entry: Entry, most: Most) -> Explanation:
    """The parameter when the step is subtracted."""
    weight = entry.target in WEIGHTS
    old_target: Target = "W" if weight else "b"
    step_target: Target = "step_W" if weight else "step_b"
    old = factor(record, old_target, entry.layer, entry.row, entry.column)
    subtracted = factor(record, step_target, entry.layer, entry.row, entry.column)
    terms = product(old), product(subtracted, sign=-1)
    formula = f"{old.text} − {subtracted.text}", f"{old.latex} - {subtracted.latex}"
    note = "The parameter before, minus the step: with this the next iteration begins."
    values = np.array([term.value for term in terms])
    return total(record, entry, formula, note, values, lambda index: terms[index], None)


def step(record: Record, entry: Entry, most: Most) -> Explanation:
    """What is subtracted: the rate times the gradient, or what the optimizer makes of it."""
    if entry.row in record.frozen.get(entry.layer, ()):
        note = f"Unit {entry.row + 1} of layer {entry.layer} is frozen: nothing is subtracted."
        return leaf(record, entry, note, ("0", "0"))
    target: Target = "dW" if entry.target in WEIGHTS else "db"
    gradient = factor(record, target, entry.layer, entry.row, entry.column)
    rate = constant(record.rate, "α", r"\alpha")
    made = _OPTIMIZERS.get(record.optimizer, _gradient_descent)(record, entry, rate, gradient)
    decayed = decay(record)
    return replace(made, note=f"{made.note} {decayed}") if decayed else made


def decay(record: Record) -> str:
    """What the learning rate has decayed to, as a sentence; empty if it does not decay."""
    if record.schedule is None:
        return ""
    epochs = f"{record.epoch:,} epoch{'' if record.epoch == 1 else 's'}"
    return f"After {epochs}, α = {record.schedule.text(record.epoch)} = {record.rate:.4g}."


def _gradient_descent(record: Record, entry: Entry, rate: Factor, g: Factor) -> Explanation:
    note = "The learning rate times the gradient: against the slope of J, downhill."
    return single(record, entry, product(rate, g), note)


def _remembered(record: Record, entry: Entry, letter: str) -> Factor:
    """A number of the optimizer's memory, as it was before this iteration."""
    p = record.memory[letter]
    array = p.W[entry.layer] if entry.target in WEIGHTS else p.b[entry.layer]
    value = float(array[entry.row, entry.column])
    return constant(value, f"{letter} before", rf"{letter}_{{\mathrm{{before}}}}")


def _momentum(record: Record, entry: Entry, rate: Factor, g: Factor) -> Explanation:
    beta, v = Momentum.beta, _remembered(record, entry, "v")
    terms = (
        product(constant(beta, f"{beta:g}"), v),
        product(constant(1.0 - beta, f"{1 - beta:g}"), g),
    )
    formula = (
        f"α · ({terms[0].text} + {terms[1].text})",
        rf"\alpha \, ({terms[0].latex} + {terms[1].latex})",
    )
    note = (
        "The learning rate times v, a running mean of the gradients: most of the old v and a"
        " little of the new gradient."
    )
    values = np.array([term.value for term in terms])
    return total(record, entry, formula, note, values, lambda index: terms[index], None, scale=rate)


def _rmsprop(record: Record, entry: Entry, rate: Factor, g: Factor) -> Explanation:
    beta, epsilon, s = RMSProp.beta, RMSProp.epsilon, _remembered(record, entry, "s")
    root = (beta * s.value + (1.0 - beta) * g.value**2) ** 0.5
    text = f"α · {g.text} / (√({beta:g} · s before + {1 - beta:g} · {g.text}²) + ε)"
    mean = rf"{beta:g} \cdot ⟨2⟩ + {1 - beta:g} \cdot ⟨1⟩^2"
    pattern = rf"\frac{{⟨0⟩ \cdot ⟨1⟩}}{{\sqrt{{{mean}}} + 10^{{-8}}}}"
    value = rate.value * g.value / (root + epsilon)
    note = (
        "The gradient over s, a running mean of its own squares under a root: steps of like size."
    )
    return single(record, entry, function(text, pattern, value, rate, g, s), note)


def _adam(record: Record, entry: Entry, rate: Factor, g: Factor) -> Explanation:
    b1, b2, t = Adam.beta1, Adam.beta2, record.t
    m, v = (_remembered(record, entry, letter) for letter in ("m", "v"))
    mean = (b1 * m.value + (1.0 - b1) * g.value) / (1.0 - b1**t)
    square = (b2 * v.value + (1.0 - b2) * g.value**2) / (1.0 - b2**t)
    value = rate.value * mean / (square**0.5 + Adam.epsilon)
    text = (
        f"α · m̂ / (√v̂ + ε), m̂ = ({b1:g} · m before + {1 - b1:g} · {g.text}) / (1 − {b1:g}^{t}),"
        f" v̂ = ({b2:g} · v before + {1 - b2:g} · {g.text}²) / (1 − {b2:g}^{t})"
    )
    top = rf"({b1:g} \cdot ⟨2⟩ + {1 - b1:g} \cdot ⟨1⟩) / (1 - {b1:g}^{{{t}}})"
    below = rf"({b2:g} \cdot ⟨3⟩ + {1 - b2:g} \cdot ⟨1⟩^2) / (1 - {b2:g}^{{{t}}})"
    pattern = rf"\frac{{⟨0⟩ \cdot {top}}}{{\sqrt{{{below}}} + 10^{{-8}}}}"
    note = (
        "m is a running mean of the gradients, v of their squares; both start at 0, which the"
        f" divisions make good for (this is update {t:,})."
    )
    return single(record, entry, function(text, pattern, value, rate, g, m, v), note)


_OPTIMIZERS: dict[str, Callable[[Record, Entry, Factor, Factor], Explanation]] = {
    "momentum": _momentum,
    "rmsprop": _rmsprop,
    "adam": _adam,
}
