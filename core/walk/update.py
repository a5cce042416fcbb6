"""Explains the numbers of the update: what each optimizer subtracts from a parameter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from core.nn.optimizers import GRADIENT, OPTIMIZERS, Optimizer
from core.walk.entry import WEIGHTS, Entry, Target
from core.walk.explanation import Explanation, Factor, Term, constant, function, product
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
    """What the update subtracts: the rate times the gradient, or the optimizer's step."""
    if entry.row in record.frozen.get(entry.layer, ()):
        note = f"Unit {entry.row + 1} of layer {entry.layer} is frozen: nothing is subtracted."
        return leaf(record, entry, note, ("0", "0"))
    target: Target = "dW" if entry.target in WEIGHTS else "db"
    gradient = factor(record, target, entry.layer, entry.row, entry.column)
    rate = constant(record.rate, "α", r"\alpha")
    made = _made(record, entry, rate, gradient)
    said = " ".join(filter(None, (made.note, clipping(record), decay(record))))
    return replace(made, note=said)


def clipping(record: Record) -> str:
    """A sentence on the effect of clipping; empty without clipping."""
    if not record.clip_norm:
        return ""
    norm, limit = f"{record.norm:.4g}", f"{record.clip_norm:g}"
    if record.clip == 1.0:
        return f"Clipping changes nothing: the norm of the gradient is {norm}, the limit {limit}."
    return (
        f"Clipping: the norm of the gradient is {norm}, above the limit {limit}, so every dW and db"
        f" is multiplied by {record.clip:.4g}."
    )


def decay(record: Record) -> str:
    """A sentence on the decayed learning rate; empty without decay."""
    if record.schedule is None:
        return ""
    epochs = f"{record.epoch:,} epoch{'' if record.epoch == 1 else 's'}"
    return f"After {epochs}, α = {record.schedule.text(record.epoch)} = {record.rate:.4g}."


def _remembered(record: Record, entry: Entry, letter: str) -> Factor:
    """A number of the optimizer's memory before this iteration."""
    p = record.memory[letter]
    array = p.W[entry.layer] if entry.target in WEIGHTS else p.b[entry.layer]
    value = float(array[entry.row, entry.column])
    return constant(value, f"{letter} before", rf"{letter}_{{\mathrm{{before}}}}")


def _made(record: Record, entry: Entry, rate: Factor, g: Factor) -> Explanation:
    """The optimizer's step for a gradient, from its row of the table."""
    kind = OPTIMIZERS[record.optimizer]
    note = kind.note.format(t=record.t)
    numbers = {GRADIENT: g} | {letter: _remembered(record, entry, letter) for letter in kind.memory}
    clipped = (constant(record.clip, f"{record.clip:.4g}"),) if record.clip < 1.0 else ()
    shares = kind.shares(record.settings)
    if shares == {GRADIENT: 1.0}:
        return single(record, entry, product(rate, *clipped, g), note)
    if not shares:
        return single(record, entry, _function(record, kind, rate, numbers), note)
    terms = [
        product(
            constant(share, f"{share:g}"),
            *(clipped if letter == GRADIENT else ()),
            numbers[letter],
        )
        for letter, share in shares.items()
    ]
    text, latex = (
        " + ".join(term.text for term in terms),
        " + ".join(term.latex for term in terms),
    )
    formula = f"α · ({text})", rf"\alpha \, ({latex})"
    values = np.array([term.value for term in terms])
    return total(record, entry, formula, note, values, lambda index: terms[index], None, scale=rate)


def _function(
    record: Record, kind: type[Optimizer], rate: Factor, numbers: Mapping[str, Factor]
) -> Term:
    """The update of one number, made by the optimizer itself in double precision."""
    own = kind(np.zeros(1), rate.value, record.settings)
    own.restore(
        {letter: np.array(number.value) for letter, number in numbers.items()}
        | {"t": np.array(record.t - 1.0)}
    )
    with np.errstate(all="ignore"):  # a diverging run may be walked too
        value = float(own.update(np.array([record.clip * numbers[GRADIENT].value]))[0])
    text, pattern = kind.written(record.settings, record.t)
    if record.clip < 1.0:
        clipped = f"({record.clip:.4g} · ⟨{GRADIENT}⟩)"
        text = text.replace(f"⟨{GRADIENT}⟩", clipped)
        pattern = pattern.replace(f"⟨{GRADIENT}⟩", clipped.replace("·", r"\cdot"))
    factors = {"α": rate, **numbers}
    for i, (letter, number) in enumerate(factors.items()):
        text = text.replace(f"⟨{letter}⟩", number.text)
        pattern = pattern.replace(f"⟨{letter}⟩", f"⟨{i}⟩")
    return function(text, pattern, value, *factors.values())
