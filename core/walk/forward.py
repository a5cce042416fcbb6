"""Explains the numbers of the forward pass and of the cost: inputs, Z, A, losses and J."""

from __future__ import annotations

import re
from typing import Literal

import numpy as np

from core.nn.activations import Activation
from core.nn.losses import LOSSES
from core.walk.entry import Entry, name
from core.walk.explanation import Explanation, Factor, Term, constant, function, product
from core.walk.recipe import (
    FormulaTexts,
    Most,
    double,
    factor,
    leaf,
    one_over_m,
    single,
    total,
)
from core.walk.record import Record

FEW = 3  # terms of a formula that are written out instead of as Σ


def put(latex: str, letter: str, instead: str) -> str:
    """A formula of one letter, such as z in \\tanh(z), with something else in its place."""
    return re.sub(rf"(?<![A-Za-z\\]){letter}(?![A-Za-z_])", lambda _: instead, latex)


def applied(g: Activation, argument: str) -> str:
    """An activation in a line of text: `tanh(z)`, `σ(z)`, and for linear `z` itself."""
    return f"{g.symbol}({argument})" if g.symbol else argument


def slope_letter(g: Activation) -> Literal["a", "z", ""]:
    """The letter from which g' is computed; "" if it is constant."""
    letters: tuple[Literal["a", "z"], ...] = ("a", "z")
    return next((letter for letter in letters if put(g.derivative, letter, "") != g.derivative), "")


def input_or_activation(record: Record, entry: Entry, most: Most) -> Explanation:
    """x_i of an example, or a_i[l] = g(z_i[l])."""
    l, i, k = entry.layer, entry.row, entry.column
    if l == 0:
        which = entry.symbol.partition("(")[0]
        return leaf(record, entry, f"Input {which} of {record.say_example(k)}.")
    g = record.activation(l)
    if not g.elementwise:
        return _softmax(record, entry, most)
    if i in record.muted.get(l, ()):
        note = f"Unit {i + 1} of layer {l} is muted: whatever its z, its output is 0."
        return leaf(record, entry, note, ("0", "0"))
    z, value = factor(record, "Z", l, i, k), record.value(entry)
    note = f"The activation of layer {l}, {g.label}, of this unit's z."
    if l in record.keep:
        d, text, latex = _kept(record, entry)
        pattern = f"{put(g.formula, 'z', '⟨0⟩')} {latex.replace('⟨d⟩', '⟨1⟩')}"
        term = function(applied(g, z.text) + text, pattern, value, z, d)
        return single(record, entry, term, f"{note} {_DROPPED}")
    term = function(applied(g, z.text), put(g.formula, "z", "⟨0⟩"), value, z)
    return single(record, entry, term, note)


_DROPPED = "Dropout sets it to 0, or scales it up to make up for the dropped ones."


def _kept(record: Record, entry: Entry) -> tuple[Factor, str, str]:
    """The entry of the mask, and the factor of an activation, as text and as LaTeX."""
    l, keep = entry.layer, record.keep[entry.layer]
    d = factor(record, "D", l, entry.row, entry.column)
    return d, f" · {d.text} / {keep:g}", rf"\cdot ⟨d⟩ / {keep:g}"


def mask(record: Record, entry: Entry, most: Most) -> Explanation:
    """d_i[l]: 1 with probability keep, else 0."""
    keep = record.keep[entry.layer]
    drawn = "below" if record.value(entry) else "not below"
    note = (
        f"Drawn for this iteration alone: the random number was {drawn} {keep:g}, so unit"
        f" {entry.row + 1} is {'kept' if record.value(entry) else 'dropped'} for"
        f" {record.say_example(entry.column)}."
    )
    return leaf(record, entry, note)


def _softmax(record: Record, entry: Entry, most: Most) -> Explanation:
    """a_i = e^(z_i - c) / sum of e^(z_j - c), c the largest z of the example."""
    l, i, k = entry.layer, entry.row, entry.column
    z = double(record.Z[l][:, k])
    c = float(z.max())
    powers = np.exp(z - c)

    def power(j: int) -> Term:
        shifted = constant(c, "c")
        return function(
            f"e^({name('Z', l, j, k)} − c)",
            "e^{⟨0⟩ - ⟨1⟩}",
            float(powers[j]),
            factor(record, "Z", l, j, k),
            shifted,
            index=j,
        )

    text = f"e^({name('Z', l, i, k)} − c) / Σⱼ e^({name('Z', l, 'j', k)} − c)"
    z_i, z_j = (name("Z", l, index, k, latex=True) for index in (i, "j"))
    latex = rf"\frac{{e^{{{z_i} - c}}}}{{\sum_j e^{{{z_j} - c}}}}"
    note = (
        f"Softmax: this unit's share of the sum over the {len(z)} units of layer {l}. c is the"
        " largest z of the example; it cancels, and keeps the powers from overflowing."
    )
    own = power(i)
    if l in record.keep:
        d, kept, kept_latex = _kept(record, entry)
        pattern = f"{own.pattern} {kept_latex.replace('⟨d⟩', '⟨2⟩')}"
        value = own.value * d.value / record.keep[l]
        own = function(own.text + kept, pattern, value, *own.factors, d)
        text, note = f"{text}{kept}", f"{note} {_DROPPED}"
        latex = f"{latex} {kept_latex.replace('⟨d⟩', d.latex)}"
    found = total(record, entry, (text, latex), note, powers, power, most, counted="unit")
    return found.as_ratio(own)


def linear_step(record: Record, entry: Entry, most: Most) -> Explanation:
    """z_i[l] = sum over j of w_ij[l] a_j[l-1], plus b_i[l]."""
    l, i, k = entry.layer, entry.row, entry.column
    w, a = double(record.p.W[l][i]), double(record.A[l - 1][:, k])

    def term(j: int) -> Term:
        return product(factor(record, "W", l, i, j), factor(record, "A", l - 1, j, k), index=j)

    note = (
        f"The inputs of unit {i + 1}, each times its weight, plus the bias, for"
        f" {record.say_example(k)}."
    )
    bias = product(factor(record, "b", l, i))
    formula = _linear_formula(len(w), l, i, k)
    return total(record, entry, formula, note, w * a, term, most, counted="unit", extra=(bias,))


def _linear_formula(n: int, l: int, i: int, k: int) -> FormulaTexts:
    def written(j: int | str, latex: bool) -> str:
        dot = r" \cdot " if latex else " · "
        return name("W", l, i, j, latex=latex) + dot + name("A", l - 1, j, k, latex=latex)

    bias, bias_latex = name("b", l, i), name("b", l, i, latex=True)
    if n > FEW:
        return f"Σⱼ {written('j', False)} + {bias}", rf"\sum_j {written('j', True)} + {bias_latex}"
    text = " + ".join(written(j, False) for j in range(n))
    latex = " + ".join(written(j, True) for j in range(n))
    return f"{text} + {bias}", f"{latex} + {bias_latex}"


def label(record: Record, entry: Entry, most: Most) -> Explanation:
    """The label of an example."""
    which = f" of unit {entry.row + 1}" if record.sizes[-1] > 1 else ""
    return leaf(record, entry, f"Label{which} of {record.say_example(entry.column)}.")


def parameter(record: Record, entry: Entry, most: Most) -> Explanation:
    """A weight or a bias."""
    word = "Weight" if entry.target == "W" else "Bias"
    if record.iteration == 0:
        return leaf(record, entry, f"{word} as it was initialized: no update has been made yet.")
    updates = f"{record.iteration:,} update{'s' if record.iteration > 1 else ''}"
    return leaf(record, entry, f"{word} as it was before this iteration, after {updates}.")


def loss_of_example(record: Record, entry: Entry, most: Most) -> Explanation:
    """The loss of an example: a sum over the output units of a function of a and y."""
    L, k = record.L, entry.column
    z, a, y = (double(array[:, k]) for array in (record.Z[L], record.A[L], record.Y))
    loss = LOSSES[record.loss]
    behind = loss.at(record.activations[-1])
    values, text = behind.shares(z, a, y), behind.text
    pattern = put(put(behind.formula, "a", "⟨0⟩"), "y", "⟨1⟩")

    def term(i: int) -> Term:
        a_i, y_i = factor(record, "A", L, i, k), factor(record, "Y", L, i, k)
        words = text.format(a=a_i.text, y=y_i.text)
        return function(words, pattern, float(values[i]), a_i, y_i, index=i)

    note = f"The loss of {record.say_example(k)}"
    note += ", computed from z, where no digits are lost." if loss.from_z else "."
    if len(values) == 1:
        return single(record, entry, term(0), note)
    names = [name(target, L, "i", k) for target in ("A", "Y")]
    in_latex = [name(target, L, "i", k, latex=True) for target in ("A", "Y")]
    latex = pattern.replace("⟨0⟩", in_latex[0]).replace("⟨1⟩", in_latex[1])
    formula = "Σᵢ " + text.format(a=names[0], y=names[1]), rf"\sum_i {latex}"
    return total(record, entry, formula, note, values, term, most, counted="unit")


def cost(record: Record, entry: Entry, most: Most) -> Explanation:
    """J, the mean of the losses, plus the regularization term."""
    text, latex = (
        f"1/{record.m} · Σₖ loss(k)",
        rf"\frac{{1}}{{{record.m}}} \sum_k \mathrm{{loss}}(k)",
    )
    extra: tuple[Term, ...] = ()
    note = f"The cost: the mean loss over {record.m:,} examples."
    if record.l1 or record.l2:
        words, pattern = penalty_formula(record)
        extra = (function(words, pattern, record.penalty),)
        text, latex = f"{text} + {words}", f"{latex} + {pattern}"
        note += " Regularization adds what large weights cost."

    def term(k: int) -> Term:
        return product(factor(record, "loss", record.L, 0, k), index=k)

    return total(
        record,
        entry,
        (text, latex),
        note,
        record.losses,
        term,
        most,
        counted="example",
        scale=one_over_m(record),
        extra=extra,
    )


def penalty_formula(record: Record) -> FormulaTexts:
    """The regularization term of the cost."""
    m, texts, patterns = record.train_m, [], []
    if record.l1:
        texts.append(f"{record.l1:g}/{m} · Σ |w|")
        patterns.append(rf"\frac{{{record.l1:g}}}{{{m}}} \sum |w|")
    if record.l2:
        texts.append(f"{record.l2:g}/{2 * m} · Σ w²")
        patterns.append(rf"\frac{{{record.l2:g}}}{{{2 * m}}} \sum w^2")
    return " + ".join(texts), " + ".join(patterns)
