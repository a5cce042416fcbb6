"""Explains the numbers of the backward pass: dA, dZ, g', dW and db."""

from __future__ import annotations

import re

import numpy as np

from core.nn.activations import Array
from core.nn.losses import LOSSES
from core.walk.entry import Entry, name, subscript
from core.walk.explanation import Explanation, Factor, Term, constant, function, product
from core.walk.forward import applied, put, slope_letter
from core.walk.recipe import FormulaTexts, Most, double, factor, leaf, one_over_m, single, total
from core.walk.record import Record


def gradient_of_a(record: Record, entry: Entry, most: Most) -> Explanation:
    """da_j[l] = sum over i of w_ij[l+1] dz_i[l+1]; of the prediction, the slope of the loss."""
    l, j, k = entry.layer, entry.row, entry.column
    if l == record.L:
        return _slope_of_loss(record, entry) if record.spelled_out else _error(record, entry)
    w, dz = double(record.p.W[l + 1][:, j]), double(record.dZ[l + 1][:, k])

    def term(i: int) -> Term:
        return product(factor(record, "W", l + 1, i, j), factor(record, "dZ", l + 1, i, k), index=i)

    text = f"Σᵢ {name('W', l + 1, 'i', j)} · {name('dZ', l + 1, 'i', k)}"
    latex = (
        rf"\sum_i {name('W', l + 1, 'i', j, latex=True)} \cdot"
        rf" {name('dZ', l + 1, 'i', k, latex=True)}"
    )
    note = (
        f"This activation goes to every unit of layer {l + 1}: what each of them was told, times"
        " the weight on the way."
    )
    scale = None
    if l in record.keep:
        keep, d = record.keep[l], factor(record, "D", l, j, k)
        kept = f"{d.text} / {keep:g}", rf"\frac{{{d.latex}}}{{{keep:g}}}"
        scale = Factor(d.value / keep, *kept, d.entry)
        text, latex = f"{kept[0]} · {text}", rf"{kept[1]} {latex}"
        note += " Nothing comes back to an activation that was dropped."
    return total(
        record, entry, (text, latex), note, w * dz, term, most, counted="unit", scale=scale
    )


def _error(record: Record, entry: Entry) -> Explanation:
    """Prediction minus label."""
    L, i, k = record.L, entry.row, entry.column
    a, y = factor(record, "A", L, i, k), factor(record, "Y", L, i, k)
    terms = product(a), product(y, sign=-1)
    note = "Prediction minus label"
    if entry.target == "dZ":
        g = record.activation(L).label
        note += f": the slope of the loss and the slope of {g} cancel to this."
    else:
        note += ", the slope of the squared error."
    formula = f"{a.text} − {y.text}", f"{a.latex} - {y.latex}"
    values = np.array([term.value for term in terms])
    return total(record, entry, formula, note, values, lambda index: terms[index], None)


def _slope_of_loss(record: Record, entry: Entry) -> Explanation:
    """The loss differentiated by a, as -y/a + (1-y)/(1-a)."""
    L, i, k = record.L, entry.row, entry.column
    loss = LOSSES[record.loss]
    behind = loss.at(record.activations[-1])
    a, y = factor(record, "A", L, i, k), factor(record, "Y", L, i, k)
    pattern = put(put(behind.slope_formula, "a", "⟨0⟩"), "y", "⟨1⟩")
    text = behind.slope_text.format(a=a.text, y=y.text)
    note = f"How the loss of {record.say_example(k)} changes with the prediction."
    if loss.from_z:
        note += " Computed from z, where no digits are lost."
    return single(record, entry, function(text, pattern, record.value(entry), a, y), note)


def gradient_of_z(record: Record, entry: Entry, most: Most) -> Explanation:
    """dz_i[l] = da_i[l] g'(z_i[l]); at an output that fits the loss, a - y."""
    l, i, k = entry.layer, entry.row, entry.column
    if not record.has("dA", l):
        return _error(record, entry)
    g = record.activation(l)
    if not g.elementwise:
        return _through_softmax(record, entry, most)
    term = product(factor(record, "dA", l, i, k), factor(record, "slope", l, i, k))
    note = f"The gradient behind {g.label}, times its slope where z was."
    if record.spelled_out and l == record.L:
        note += " The two cancel: what is left is prediction minus label."
    return single(record, entry, term, note)


def _through_softmax(record: Record, entry: Entry, most: Most) -> Explanation:
    """dz_i = a_i da_i - sum over j of a_i a_j da_j: every z moves every a of its column."""
    l, i, k = entry.layer, entry.row, entry.column
    a, da = double(record.before_dropout(l)[:, k]), double(record.dA[l][:, k])
    if l in record.keep:
        return _through_dropped_softmax(record, entry, a, da, most)
    a_i = factor(record, "A", l, i, k)

    def term(j: int) -> Term:
        a_j, da_j = factor(record, "A", l, j, k), factor(record, "dA", l, j, k)
        return product(a_i, a_j, da_j, index=j, sign=-1)

    own = product(a_i, factor(record, "dA", l, i, k))
    text = f"{own.text} − Σⱼ {a_i.text} · {name('A', l, 'j', k)} · {name('dA', l, 'j', k)}"
    a_j, da_j = (name(target, l, "j", k, latex=True) for target in ("A", "dA"))
    latex = rf"{own.latex} - \sum_j {a_i.latex} \cdot {a_j} \cdot {da_j}"
    note = "Back through softmax: raising one z raises its own share and lowers all the others."
    if record.spelled_out and l == record.L:
        note += " All of it cancels to prediction minus label."
    return total(
        record,
        entry,
        (text, latex),
        note,
        -a[i] * a * da,
        term,
        most,
        counted="unit",
        extra=(own,),
    )


def _through_dropped_softmax(
    record: Record, entry: Entry, a: Array, da: Array, most: Most
) -> Explanation:
    """The same with p, the shares before some were dropped. The record has no array of these, so
    they are named but cannot be opened.
    """
    l, i, k = entry.layer, entry.row, entry.column
    shares = {
        j: constant(float(a[j]), f"p{subscript(str(j + 1))}", f"p_{{{j + 1}}}")
        for j in range(len(a))
    }

    def term(j: int) -> Term:
        return product(shares[i], shares[j], factor(record, "dA", l, j, k), index=j, sign=-1)

    own = product(shares[i], factor(record, "dA", l, i, k))
    text = f"{own.text} − Σⱼ {shares[i].text} · pⱼ · {name('dA', l, 'j', k)}"
    da_j = name("dA", l, "j", k, latex=True)
    latex = rf"{own.latex} - \sum_j {shares[i].latex} \cdot p_j \cdot {da_j}"
    note = f"Back through softmax. p are its shares of Z[{l}], before some of them were dropped."
    values = -a[i] * a * da
    return total(
        record, entry, (text, latex), note, values, term, most, counted="unit", extra=(own,)
    )


def slope(record: Record, entry: Entry, most: Most) -> Explanation:
    """g'(z), from a or from z, as the activation computes it."""
    l, i, k = entry.layer, entry.row, entry.column
    g = record.activation(l)
    if i in record.muted.get(l, ()):
        note = f"Unit {i + 1} of layer {l} is muted: whatever its z, its output stays 0."
        return leaf(record, entry, note, ("0", "0"))
    letter = slope_letter(g)
    if not letter:
        value = g.derivative
        return leaf(record, entry, f"The slope of {g.label}, {value} everywhere.", (value, value))
    if letter == "a" and l in record.keep:  # a is not g(z) here
        return _slope_from_z(record, entry)
    known = factor(record, "A" if letter == "a" else "Z", l, i, k)
    text = _plain(put(g.derivative, letter, known.text))
    term = function(text, put(g.derivative, letter, "⟨0⟩"), record.value(entry), known)
    return single(record, entry, term, f"The slope of {g.label} where z was.")


def _slope_from_z(record: Record, entry: Entry) -> Explanation:
    """g'(z) with g(z) in the place of a."""
    g = record.activation(entry.layer)
    z = factor(record, "Z", entry.layer, entry.row, entry.column)
    words = _plain(put(g.derivative, "a", applied(g, z.text)))
    called = put(g.latex, "z", "⟨0⟩")
    term = function(words, put(g.derivative, "a", called), record.value(entry), z)
    return single(record, entry, term, f"The slope of {g.label} where z was, before dropout.")


def _plain(latex: str) -> str:
    """The LaTeX of a slope as text."""
    text = latex.replace(r"\,", " · ").replace(r"\ ", " ").replace("^2", "²").replace("-", "−")
    text = re.sub(r"\\mathrm\{(\w+)\}", r"\1", text)
    return re.sub(r"\^\{([^}]*)\}", r"^(\1)", text)


def gradient_of_w(record: Record, entry: Entry, most: Most) -> Explanation:
    """dw_ij[l] = 1/m sum over k of dz_i[l](k) a_j[l-1](k)."""
    l, i, j = entry.layer, entry.row, entry.column
    dz, a = double(record.dZ[l][i]), double(record.A[l - 1][j])

    def term(k: int) -> Term:
        return product(factor(record, "dZ", l, i, k), factor(record, "A", l - 1, j, k), index=k)

    m = record.m
    text = f"1/{m} · Σₖ {name('dZ', l, i, 'k')} · {name('A', l - 1, j, 'k')}"
    latex = (
        rf"\frac{{1}}{{{m}}} \sum_k {name('dZ', l, i, 'k', latex=True)} \cdot"
        rf" {name('A', l - 1, j, 'k', latex=True)}"
    )
    note = (
        f"The mean over {m:,} examples of what unit {i + 1} was told times what came in on this"
        " weight."
    )
    extra = _penalty_terms(record, entry)
    for penalty in extra:
        text, latex = f"{text} + {penalty.text}", f"{latex} + {penalty.latex}"
    return total(
        record,
        entry,
        (text, latex),
        note + (" Regularization pulls the weight towards 0." if extra else ""),
        dz * a,
        term,
        most,
        counted="example",
        scale=one_over_m(record),
        extra=extra,
    )


def _penalty_terms(record: Record, entry: Entry) -> tuple[Term, ...]:
    w, m = factor(record, "W", entry.layer, entry.row, entry.column), record.train_m
    terms = []
    if record.l2:
        terms.append(product(_share(record.l2, m), w))
    if record.l1:
        sign = Factor(
            float(np.sign(w.value)), f"sign({w.text})", rf"\mathrm{{sign}}({w.latex})", w.entry
        )
        terms.append(product(_share(record.l1, m), sign))
    return tuple(terms)


def _share(amount: float, m: int) -> Factor:
    return constant(amount / m, f"{amount:g}/{m}", rf"\frac{{{amount:g}}}{{{m}}}")


def gradient_of_b(record: Record, entry: Entry, most: Most) -> Explanation:
    """db_i[l] = 1/m sum over k of dz_i[l](k)."""
    l, i, m = entry.layer, entry.row, record.m

    def term(k: int) -> Term:
        return product(factor(record, "dZ", l, i, k), index=k)

    formula: FormulaTexts = (
        f"1/{m} · Σₖ {name('dZ', l, i, 'k')}",
        rf"\frac{{1}}{{{m}}} \sum_k {name('dZ', l, i, 'k', latex=True)}",
    )
    note = f"The mean over {m:,} examples of what unit {i + 1} was told."
    return total(
        record,
        entry,
        formula,
        note,
        record.dZ[l][i],
        term,
        most,
        counted="example",
        scale=one_over_m(record),
    )
