"""The derivative lab: a secant that becomes the tangent as its step shrinks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from core.labs.derivative import (
    FARTHEST,
    FUNCTIONS,
    LARGEST_STEP,
    LEAST_STEP,
    SMALLEST_STEP,
    Derivative,
    misses,
)
from core.nn.activations import Array
from gui.labs.answer import AnswerField
from gui.labs.base import Lab
from gui.labs.fields import evenly, grid, number_slider
from gui.labs.numbers import NumberRows
from gui.labs.pages import Pages
from gui.labs.plot import Dot, LinePlot
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.parts import Named
from gui.style import text
from gui.style.theme import BODY, sized
from gui.widgets import labels
from gui.widgets.buttons import button
from gui.widgets.card import Card
from gui.widgets.menu_button import MenuButton
from gui.widgets.rows import in_row

REACH = 5.0  # of a to both sides on the slider
CLOSE = 0.01  # relative tolerance of a right answer
ROWS = {
    "value": "f(a)",
    "nudged": "f(a + h)",
    "difference": "difference",
    "ratio": "difference ÷ h",
    "slope": "slope f′(a)",
    "miss": "ratio − slope",
}
PLOT_HEIGHT = 140  # px
STEPS = np.logspace(-15, 0, 181)  # of the picture of errors


class DerivativeLab(Lab):
    """A function, a point a and a step h, each with slider, field and keys."""

    def __init__(self, document: Document, training: Training, selection: Selection) -> None:
        super().__init__(document, training, selection)
        self.state = Derivative()
        self._nudged = False
        self._right: set[str] = set()  # functions whose slope was answered in this step
        self.card = Card(self.tr("Derivative"), self)
        choices = {name: f.label for name, f in FUNCTIONS.items()}
        self.function = MenuButton(self.tr("Function f(a)"), choices, self.state.function)
        places, ends = evenly(-REACH, REACH, 0.01), (-FARTHEST, FARTHEST)
        self.a = number_slider(self.tr("Point a"), places, ends)
        tenths = range(round(10 * math.log10(SMALLEST_STEP)), 1)
        steps = [float(f"{10.0 ** (e / 10):.2g}") for e in tenths]
        self.h = number_slider(self.tr("Step h"), steps, (LEAST_STEP, LARGEST_STEP), _written_step)
        self.nudge = button("", tip=self.tr("Move a by h and see how far f moves"))
        self.plot = LinePlot(self.tr("The function with its secant and its tangent"))
        self.errors = LinePlot(self.tr("Error of the ratio over the step"), log_x=True, log_y=True)
        self.rows = NumberRows(ROWS, columns=2)
        self.answer = AnswerField(self.tr("Your slope at a"))
        self._make_plots()
        pages = {self.tr("Curve"): self.plot, self.tr("Error over h"): self.errors}
        self.pages = Pages(self.tr("What is drawn"), pages)
        self._lay_out()
        self._connect()
        self._show()

    # --- making -----------------------------------------------------------------------------------

    def _make_plots(self) -> None:
        self.plot.add_curve("f", "text")
        self.plot.add_curve("secant", "forward")
        self.plot.add_curve("tangent", "backward", dashed=True)
        self.plot.name_axes("a", "f(a)")
        self.errors.add_curve("error", "accent")
        self.errors.name_axes("h", self.tr("|ratio − slope|"))
        for plot in (self.plot, self.errors):
            sized(plot, "setMinimumHeight", PLOT_HEIGHT)

    def _lay_out(self) -> None:
        self.card.add_header(self.pages.segments)
        asked = labels.label(self.tr("Your slope at a"), BODY, tone="muted")
        self.card.fill(
            self,
            in_row(self.function, (self.a, 1), (self.h, 1), spacing=14),
            (self.pages, 1),
            self.rows,
            in_row(self.nudge, None, asked, self.answer, spacing=8),
            self.sentence,
        )
        self.setFocusProxy(self.function)

    def _connect(self) -> None:
        self.function.chosen.connect(self._choose)
        self.a.edited.connect(lambda a, _: self._move(a))
        self.h.edited.connect(lambda h, _: self._take(replace(self.state, h=h)))
        for field in (self.a, self.h, self.answer):
            field.refused.connect(self.say)
        self.plot.dragged.connect(lambda a: self._move(round(a, 2)))
        self.plot.stepped.connect(lambda by: self._move(round(self.state.a + by * 0.01, 10)))
        self.errors.dragged.connect(self._drag_step)
        self.nudge.clicked.connect(self._on_nudge)
        self.answer.answered.connect(self._judge)

    def named_parts(self) -> Mapping[str, Named]:
        curve, errors = self.pages.segments.buttons
        return {
            "function": Named(self.function, self.tr("Function of the Derivative lab")),
            "a": Named(self.a, self.tr("Point a of the Derivative lab")),
            "h": Named(self.h, self.tr("Step h of the Derivative lab")),
            "nudge": Named(self.nudge, self.tr("Nudge a by h")),
            "answer": Named(self.answer, self.tr("Your slope in the Derivative lab")),
            "plot": Named(self.plot, self.tr("Plot of secant and tangent")),
            "errors": Named(self.errors, self.tr("Plot of the error over the step")),
            "view[curve]": Named(curve, self.tr("Curve in the Derivative lab")),
            "view[error]": Named(errors, self.tr("Error over h in the Derivative lab")),
        }

    def facts(self) -> Mapping[str, object]:
        state = self.state
        return {
            "function": state.function,
            "a": state.a,
            "step": state.h,
            "nudged": self._nudged,
            "answers": frozenset(self._right),
        }

    def begin_step(self) -> None:
        self._nudged, self._right = False, set()
        self.answer.clear()

    # --- actions -----------------------------------------------------------------------------

    def _choose(self, name: str) -> None:
        state = replace(self.state, function=name)
        moved = f"{state.f.why_not(state.a)} a is now 2." if state.f.why_not(state.a) else ""
        self._take(replace(state, a=2.0) if moved else state)
        if moved:
            self.say(moved)

    def _move(self, a: float) -> None:
        """Go to another point, if f is defined there."""
        reason = self.state.f.why_not(a)
        self._take(self.state if reason else replace(self.state, a=a))
        if reason:
            self.say(reason)

    def _drag_step(self, h: float) -> None:
        h = float(f"{h:.2g}")
        self._take(replace(self.state, h=min(max(h, LEAST_STEP), LARGEST_STEP)))

    def _on_nudge(self) -> None:
        state = self.state
        if state.nudged is None:
            self.say(state.trap())
            return
        self._nudged = True
        assert state.difference is not None
        a, b = _exact(state.a), _exact(state.a + state.h)
        before, after = _exact(state.value), _exact(state.nudged)
        words = self.tr("a goes from {a} to {b}, and f from {before} to {after}: it moves by {by}.")
        by = _signed(state.difference)
        self.say(words.format(a=a, b=b, before=before, after=after, by=by))
        self.facts_changed.emit()

    def _judge(self, value: float) -> None:
        state = self.state
        right = math.isclose(value, state.slope, rel_tol=CLOSE, abs_tol=1e-9)
        if right:
            self._right.add(state.function)
        mark = self.tr("right") if right else self.tr("not yet")
        self.answer.show_answer(text.plain(value, 6), mark, right=right)
        if not right:
            self.say(self._reply(value))
        self.facts_changed.emit()

    def _reply(self, value: float) -> str:
        """The probable mistake behind a wrong answer."""
        state = self.state
        if state.difference is not None and math.isclose(value, state.difference, rel_tol=CLOSE):
            return self.tr("That is how far f moves; the slope is how far it moves per step.")
        if math.isclose(value, state.h, rel_tol=CLOSE):
            return self.tr("That is the step itself. Divide how far f moves by it.")
        if math.isclose(value, state.value, rel_tol=CLOSE):
            return self.tr("That is the value f(a). The slope says how fast it changes.")
        if math.isclose(value, -state.slope, rel_tol=CLOSE):
            return self.tr("The size is right. Which way does f move when a grows?")
        return self.tr("Look at the difference divided by h, then make h smaller.")

    # --- display ----------------------------------------------------------------------------

    def _take(self, state: Derivative) -> None:
        if (state.function, state.a) != (self.state.function, self.state.a):
            self.answer.clear()
        self.state = state
        self._show()
        self.facts_changed.emit()

    def _show(self) -> None:
        state = self.state
        self.function.set_value(state.function)
        self.a.set_value(state.a)
        self.h.set_value(state.h)
        self.nudge.setText(self.tr("Nudge a by {}").format(_written_step(state.h)))
        self._show_numbers()
        self._show_plots()
        self.say(state.trap() or self._slope_in_words(), aloud=False)

    def _slope_in_words(self) -> str:
        state = self.state
        return self.tr("The slope of {f} is {rule}. At a = {a} it is {slope}.").format(
            f=state.f.label,
            rule=state.f.rule,
            a=text.plain(state.a, 6),
            slope=text.plain(state.slope, 6),
        )

    def _show_numbers(self) -> None:
        state, show = self.state, self.rows.show_number
        show("value", _exact(state.value))
        show("slope", text.plain(state.slope, 6), "backward")
        for key in ("nudged", "difference", "ratio", "miss"):
            show(key, "–")
        if state.nudged is not None and state.difference is not None and state.ratio is not None:
            show("nudged", _exact(state.nudged))
            show("difference", f"{state.difference:.6g}")
            show("ratio", f"{state.ratio:.9g}", "forward")
            show("miss", text.magnitude(state.ratio - state.slope))

    def _show_plots(self) -> None:
        state, f = self.state, self.state.f
        x = self._places()
        with np.errstate(divide="ignore", invalid="ignore"):
            y = f.of(x)
        y[[bool(f.why_not(a)) for a in x.tolist()]] = np.nan
        self.plot.show_curve("f", x, y)
        ends = x[[0, -1]]
        self.plot.show_curve("tangent", ends, state.value + state.slope * (ends - state.a))
        dots = [Dot(state.a, state.value, "backward")]
        if state.nudged is not None and state.ratio is not None:
            self.plot.show_curve("secant", ends, state.value + state.ratio * (ends - state.a))
            dots.append(Dot(state.a + state.h, state.nudged, "forward"))
        else:
            self.plot.show_curve("secant", ends[:0], ends[:0])
        low, high = _range(y, state.value)
        self.plot.show_range((float(x[0]), float(x[-1])), (low, high))
        self.plot.show_marks(state.a, dots)
        missed = misses(state.function, state.a, STEPS)
        missed[missed == 0] = np.nan  # no logarithm
        self.errors.show_curve("error", STEPS, missed)
        self.errors.show_range((STEPS[0], STEPS[-1]), (1e-16, 10.0))
        self.errors.show_marks(state.h, self._error_dot())

    def _error_dot(self) -> list[Dot]:
        state = self.state
        miss = 0.0 if state.ratio is None else abs(state.ratio - state.slope)
        return [Dot(state.h, miss, "accent")] if miss > 0 else []

    def _places(self) -> Array:
        """The points (k,) over which f is drawn: a is among them."""
        a = self.state.a
        low, high = (0.0, 2 * REACH) if self.state.f.above_zero else (-REACH, REACH)
        if not low <= a <= high:
            low, high = a - REACH, a + REACH
        return np.union1d(grid(low, high), [a, 0.0] if self.state.f.corner else [a])


def _range(y: Array, value: float) -> tuple[float, float]:
    """The range in which f is drawn: extreme values are cut off, f(a) never."""
    seen = y[np.isfinite(y)]
    low, high = np.quantile(seen, (0.04, 0.96))
    low, high = min(float(low), value), max(float(high), value)
    air = max(0.08 * (high - low), 0.1)
    return low - air, high + air


def _exact(x: float) -> str:
    """With every digit that is right."""
    return f"{x:.15g}"


def _signed(x: float) -> str:
    return f"{x:+.6g}"


def _written_step(h: float) -> str:
    return text.plain(h, 3)
