"""The steps of a recorded iteration, in order: what each computes, from what, and its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from core.nn.losses import LOSSES
from core.nn.optimizers import OPTIMIZERS
from core.walk.code import CodeLines, lines_of
from core.walk.entry import Target, array_name
from core.walk.forward import applied, penalty_formula, put
from core.walk.record import Record
from core.walk.update import clipping, decay

Phase = Literal["forward", "cost", "backward", "update"]


@dataclass(frozen=True, slots=True)
class Operand:
    """One matrix in an equation: `record.array(target, layer)`, `.T` if transposed.

    `operator` joins it to the operand before ("·" is the matrix product, "⊙" is elementwise);
    `before` and `after` are written around it: a constant, a function, a bracket.
    """

    target: Target
    layer: int
    shape: tuple[int, int]  # its shape in the equation, after transposition
    symbol: str  # A[1]ᵀ
    latex: str  # A[1]^{T}
    transposed: bool = False
    operator: str = ""
    before: str = ""
    after: str = ""

    @property
    def joint(self) -> str:
        """All that is written in front of it."""
        space = f" {self.operator} " if self.operator not in ("", ",") else f"{self.operator} "
        return (space if self.operator else "") + self.before


@dataclass(frozen=True, slots=True)
class Match:
    """The inner dimensions of a product that must agree: the columns of operand `left` and the rows
    of operand `right`, both `size`; `said` names what they count.
    """

    left: int
    right: int
    size: int
    one: str  # "example", "unit", "input"
    of: str = ""  # " of layer 1"

    @property
    def said(self) -> str:
        """`1 input`, `4 units of layer 1`."""
        return f"{self.size:,} {self.one}{'' if self.size == 1 else 's'}{self.of}"


@dataclass(frozen=True, slots=True)
class Line:
    """One equation: result = operands, with its code (empty if the step's other line has it)."""

    result: Operand
    operands: tuple[Operand, ...]
    latex: str
    code: str = ""
    match: Match | None = None
    source: str = "X"  # its source, if there are no operands

    @property
    def text(self) -> str:
        """`dW[2] = 1/400 · dZ[2] · A[1]ᵀ`."""
        right = "".join(f"{o.joint}{o.symbol}{o.after}" for o in self.operands)
        return f"{self.result.symbol} = {right or self.source}"

    @property
    def shapes(self) -> str:
        """The same in shapes: `(3, 4) = (3, 400)·(400, 4)`."""
        if not self.operands:
            return str(self.result.shape)
        joints = {"": "", "·": "·", ",": ", "}
        right = "".join(
            f"{joints.get(o.operator, f' {o.operator} ')}{o.shape}" for o in self.operands
        )
        return f"{self.result.shape} = {right}"


@dataclass(frozen=True, slots=True)
class Step:
    """One chip: an array of a layer, computed in one phase.

    The update is one step for all layers, with a line for every array; its layer is 0. The cost has
    a second line for the losses. `detail` is the LaTeX of g or g' where the step has one.
    """

    target: Target
    layer: int
    phase: Phase
    chip: str  # dW[2], update
    title: str  # Gradient of the weights of layer 2
    caption: str  # one short sentence, for slow motion
    lines: tuple[Line, ...]
    detail: str = ""

    @property
    def latex(self) -> str:
        """The equation of the (first) line."""
        return self.lines[0].latex

    @property
    def code(self) -> str:
        """The line of Python, or the lines."""
        return "\n".join(line.code for line in self.lines if line.code)

    def shows(self, target: Target, layer: int) -> bool:
        """Whether this is the step at which that array is computed."""
        if (target, layer) == (self.target, self.layer):
            return True
        made = [(line.result.target, line.result.layer) for line in self.lines]
        if self.phase == "update":
            made += [(o.target, o.layer) for line in self.lines for o in line.operands[1:]]
        elif self.target == "dZ":
            made.append(("slope", self.layer))
        return (target, layer) in made


def steps_of(record: Record) -> tuple[Step, ...]:
    """Every step: A[0], Z[1], A[1], … J, dZ[L], dW[L], db[L], dA[L-1], … db[1], update."""
    return tuple(_Steps(record))


class _Steps:
    """Makes the steps of one record."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.code: CodeLines = lines_of(record)

    def __iter__(self) -> Iterator[Step]:
        L = self.record.L
        yield self._inputs()
        for l in range(1, L + 1):
            yield self._linear(l)
            if l in self.record.keep:
                yield self._mask(l)
            yield self._activation(l)
        yield self._cost()
        for l in range(L, 0, -1):
            if self.record.has("dA", l):
                yield self._back_to_activations(l)
            yield self._through_activation(l)
            yield self._weights(l)
            yield self._biases(l)
        yield self._update()

    def _operand(
        self,
        target: Target,
        l: int,
        operator: str = "",
        before: str = "",
        after: str = "",
        *,
        transposed: bool = False,
    ) -> Operand:
        rows, columns = self.record.shape(target, l)
        return Operand(
            target,
            l,
            (columns, rows) if transposed else (rows, columns),
            array_name(target, l) + ("ᵀ" if transposed else ""),
            array_name(target, l, latex=True) + ("^{T}" if transposed else ""),
            transposed,
            operator,
            before,
            after,
        )

    def _step(
        self,
        target: Target,
        l: int,
        phase: Phase,
        words: tuple[str, str],
        operands: tuple[Operand, ...],
        latex: str,
        match: Match | None = None,
        detail: str = "",
    ) -> Step:
        result = self._operand(target, l)
        line = Line(
            result, operands, f"{result.latex} = {latex}", self.code.get((target, l), ""), match
        )
        return Step(target, l, phase, result.symbol, *words, (line,), detail)

    def _inputs(self) -> Step:
        n, m = self.record.sizes[0], self.record.m
        words = "The inputs", f"{m:,} examples enter, each a column of {_count(n, 'number')}."
        return self._step("A", 0, "forward", words, (), "X")

    def _linear(self, l: int) -> Step:
        n = self.record.sizes[l - 1]
        W, A = self._operand("W", l), self._operand("A", l - 1, "·")
        b = self._operand("b", l, "+")
        caption = (
            f"Every unit of layer {l} adds up its {_count(n, 'input')}, each times its weight, and"
            " its bias."
        )
        of = "" if l == 1 else f" of layer {l - 1}"
        match = Match(0, 1, n, "input" if l == 1 else "unit", of)
        words = f"Linear step of layer {l}", caption
        latex = f"{W.latex} \\, {A.latex} + {b.latex}"
        return self._step("Z", l, "forward", words, (W, A, b), latex, match)

    def _mask(self, l: int) -> Step:
        keep = f"{self.record.keep[l]:g}"
        words = (
            f"Dropout of layer {l}",
            f"For this iteration each activation of layer {l} is kept with probability {keep}.",
        )
        step = self._step("D", l, "forward", words, (), rf"\mathrm{{rand}} < {keep}")
        return replace(step, lines=(replace(step.lines[0], source=f"random numbers < {keep}"),))

    def _kept(self, l: int) -> tuple[tuple[Operand, ...], str]:
        """The factor of an activation of the layer, and of its gradient: none, or D."""
        if l not in self.record.keep:
            return (), ""
        keep = f"{self.record.keep[l]:g}"
        D = self._operand("D", l, "⊙", "", f" / {keep}")
        return (D,), rf" \odot {D.latex} / {keep}"

    def _activation(self, l: int) -> Step:
        g, Z = self.record.activation(l), self._operand("Z", l)
        latex = put(g.latex, "z", Z.latex)
        called = g.latex if g.elementwise else "a_i"
        detail = "" if called == g.formula else f"{called} = {g.formula}"
        before, _, after = applied(g, "@").partition("@")
        operand = self._operand("Z", l, "", before, after)
        caption = f"{g.label} turns every z of layer {l} into an activation."
        if not g.elementwise:
            name = g.label[:1].upper() + g.label[1:]
            caption = f"{name} turns every column of Z[{l}] into shares that add up to 1."
        if muted := self.record.muted.get(l):
            caption = f"{caption} {_units(muted)} muted: 0."
        words = f"Activation of layer {l}: {g.label}", caption
        mask, kept = self._kept(l)
        return self._step("A", l, "forward", words, (operand, *mask), latex + kept, None, detail)

    def _cost(self) -> Step:
        record, L, m = self.record, self.record.L, self.record.m
        _, penalty = penalty_formula(record)
        plus = " + regularization" if penalty else ""
        losses = self._operand("loss", L, "", f"1/{m} · Σₖ ", plus)
        latex = rf"J = \frac{{1}}{{{m}}} \sum_k \mathrm{{loss}}(k)"
        latex += f" + {penalty}" if penalty else ""
        J = Line(self._operand("J", L), (losses,), latex, self.code["J", L])
        A, Y = self._operand("A", L, "", "loss of "), self._operand("Y", L, ",")
        formula = LOSSES[record.loss].at(record.activations[-1]).formula
        if record.sizes[L] > 1:
            minus, share = ("-", formula[1:]) if formula.startswith("-") else ("", formula)
            formula = rf"{minus}\sum_i {put(put(share, 'a', 'a_i'), 'y', 'y_i')}"
        of_each = Line(self._operand("loss", L), (A, Y), rf"\mathrm{{loss}} = {formula}")
        caption = f"How wrong the predictions are: the mean loss over {_count(m, 'example')}."
        return Step("J", L, "cost", "J", "The cost", caption, (J, of_each))

    def _error(self) -> tuple[tuple[Operand, ...], str]:
        A, Y = self._operand("A", self.record.L), self._operand("Y", self.record.L, "−")
        return (A, Y), f"{A.latex} - {Y.latex}"

    def _back_to_activations(self, l: int) -> Step:
        if l == self.record.L:
            return self._slope_of_loss()
        mask, kept = self._kept(l)
        W = self._operand("W", l + 1, "", "(" if mask else "", transposed=True)
        dZ = self._operand("dZ", l + 1, "·", "", ")" if mask else "")
        words = (
            f"Gradient of the activations of layer {l}",
            f"What layer {l + 1} was told flows back along its weights to layer {l}.",
        )
        match = Match(0, 1, self.record.sizes[l + 1], "unit", f" of layer {l + 1}")
        latex = f"{W.latex} \\, {dZ.latex}"
        latex = f"({latex}){kept}" if mask else latex
        return self._step("dA", l, "backward", words, (W, dZ, *mask), latex, match)

    def _slope_of_loss(self) -> Step:
        L, title = self.record.L, "Gradient of the predictions"
        if not self.record.spelled_out:
            words = title, "How each loss changes with the prediction: prediction minus label."
            return self._step("dA", L, "backward", words, *self._error())
        A, Y = self._operand("A", L, "", "slope of the loss at "), self._operand("Y", L, ",")
        formula = LOSSES[self.record.loss].at(self.record.activations[-1]).slope_formula
        latex = put(put(formula, "a", A.latex), "y", Y.latex)
        words = title, "How each loss changes with the prediction, before it goes through g."
        return self._step("dA", L, "backward", words, (A, Y), latex)

    def _through_activation(self, l: int) -> Step:
        title = f"Gradient of the linear step of layer {l}"
        if not self.record.has("dA", l):
            words = title, "How each loss changes with the output's z: prediction minus label."
            return self._step("dZ", l, "backward", words, *self._error())
        g = self.record.activation(l)
        words = title, f"Back through {g.label}: each gradient times the slope where its z was."
        if not g.elementwise:
            if l in self.record.keep:
                return self._through_dropped_softmax(l, title)
            A, dA = self._operand("A", l), self._operand("dA", l, "⊙", "(", " − Σᵢ aᵢ daᵢ)")
            latex = rf"{A.latex} \odot ({dA.latex} - \sum_i a_i\, da_i)"
            words = title, f"Back through {g.label}, where every z moves every activation."
            return self._step("dZ", l, "backward", words, (A, dA), latex)
        dA, slope = self._operand("dA", l), self._operand("slope", l, "⊙")
        latex = rf"{dA.latex} \odot {slope.latex}"
        detail = f"g'(z) = {g.derivative}"
        return self._step("dZ", l, "backward", words, (dA, slope), latex, None, detail)

    def _through_dropped_softmax(self, l: int, title: str) -> Step:
        """With p, the shares before some of them were dropped."""
        dA = self._operand("dA", l, "", "p ⊙ (", " − Σᵢ pᵢ daᵢ)")
        latex = rf"p \odot ({dA.latex} - \sum_i p_i\, da_i)"
        words = title, f"Back through softmax; p are its shares of Z[{l}], before dropout."
        return self._step("dZ", l, "backward", words, (dA,), latex)

    def _weights(self, l: int) -> Step:
        record, m = self.record, self.record.m
        dZ = self._operand("dZ", l, "", f"1/{m} · ")
        A = self._operand("A", l - 1, "·", transposed=True)
        operands = [dZ, A]
        latex = rf"\frac{{1}}{{{m}}} \, {dZ.latex} \, {A.latex}"
        W = array_name("W", l, latex=True)
        if record.l2:
            operands.append(self._operand("W", l, "+", f"{record.l2:g}/{record.train_m} · "))
            latex += rf" + \frac{{{record.l2:g}}}{{{record.train_m}}} {W}"
        if record.l1:
            before = f"{record.l1:g}/{record.train_m} · sign("
            operands.append(self._operand("W", l, "+", before, ")"))
            latex += rf" + \frac{{{record.l1:g}}}{{{record.train_m}}} \mathrm{{sign}}({W})"
        words = (
            f"Gradient of the weights of layer {l}",
            "Every weight: the gradient behind it times the activation before it, averaged over"
            f" {_count(m, 'example')}.",
        )
        match = Match(0, 1, m, "example")
        return self._step("dW", l, "backward", words, tuple(operands), latex, match)

    def _biases(self, l: int) -> Step:
        m = self.record.m
        dZ = self._operand("dZ", l, "", f"1/{m} · Σₖ ")
        words = (
            f"Gradient of the biases of layer {l}",
            f"Every bias: the mean of its unit's gradient over {_count(m, 'example')}.",
        )
        latex = rf"\frac{{1}}{{{m}}} \sum_k dz[{l}](k)"
        return self._step("db", l, "backward", words, (dZ,), latex)

    def _update(self) -> Step:
        lines = [
            self._update_line(target, l)
            for l in range(1, self.record.L + 1)
            for target in ("W", "b")
        ]
        record, title = self.record, "The update"
        caption = "Every parameter takes one step against its gradient, downhill on J."
        if record.clip_norm:
            caption = f"{caption} {clipping(record)}"
        if record.schedule is not None:
            caption = f"{caption} {decay(record)}"
            title = f"{title}, α = {record.rate:.4g}"
        if frozen := record.frozen:
            named = (f"{_units(units)} frozen in layer {l}." for l, units in frozen.items())
            caption = " ".join((caption, *named))
        return Step("W_after", 0, "update", "update", title, caption, tuple(lines))

    def _update_line(self, letter: Literal["W", "b"], l: int) -> Line:
        after: Target = "W_after" if letter == "W" else "b_after"
        step: Target = "step_W" if letter == "W" else "step_b"
        old, subtracted = self._operand(letter, l), self._operand(step, l, "−")
        latex = f"{letter}[{l}] - {subtracted.latex}"
        if OPTIMIZERS[self.record.optimizer].is_plain():
            factor, gradient = self.record.clip, f"d{letter}[{l}]"
            text, latex = f"α·{gradient}", rf"\alpha \, {gradient}"
            if factor < 1.0:
                text = f"α·{factor:.4g}·{gradient}"
                latex = rf"\alpha \cdot {factor:.4g} \, {gradient}"
            subtracted = Operand(step, l, subtracted.shape, text, latex, operator="−")
            latex = f"{letter}[{l}] - {latex}"
        return Line(
            self._operand(after, l),
            (old, subtracted),
            f"{letter}[{l}] := {latex}",
            self.code[after, l],
        )


def _units(units: tuple[int, ...]) -> str:
    """Units for the start of a sentence: `Unit 2 is`, `Units 2, 3 are`."""
    names = ", ".join(str(unit + 1) for unit in units)
    return f"Unit {names} is" if len(units) == 1 else f"Units {names} are"


def _count(n: int, word: str) -> str:
    return f"{n:,} {word}" if n == 1 else f"{n:,} {word}s"
