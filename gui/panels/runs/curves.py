"""The cost curves of several runs in one plot, with the values at the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.limits import clip
from core.runs import EndedRun
from core.state import RunState
from gui.panels.runs.model import title_of
from gui.plots.around import PlotOrSentence
from gui.plots.curve_plot import CurvePlot
from gui.plots.decimate import Envelope
from gui.style import text
from gui.style.theme import class_colours, theme
from gui.widgets import labels
from gui.widgets.rows import in_column

MOST = 10  # compared runs at most: as many as there are distinct colours
NOTHING = np.empty(0), np.empty(0)
NAMES = [f"{kind} {i}" for kind in ("test", "train") for i in range(MOST)]  # of the curves
NOTHING_YET = "None of these runs has been trained yet."


def colours_of(runs: Sequence[EndedRun]) -> list[QColor]:
    """The colour of each of the compared runs."""
    return class_colours(len(runs))[: len(runs)]


class RunCurves(QWidget):
    """Training costs, and with `with_test` the test costs too, dashed, in the colour of the run."""

    def __init__(self) -> None:
        super().__init__()
        self._runs: tuple[EndedRun, ...] = ()
        self._curves: dict[int, tuple[Envelope, Envelope]] = {}  # train and test, by the run
        self._cursor: QPointF | None = None
        self._with_test = False
        self.plot = CurvePlot("Costs of the compared runs over iterations", NAMES)
        self.legend = labels.caption("", wrap=True)
        self.legend.setTextFormat(Qt.TextFormat.RichText)  # its names are escaped
        self.legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.readout = labels.caption("")
        self.readout.setParent(self.plot)
        self.readout.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.body = PlotOrSentence(self.plot)
        in_column(self.legend, (self.body, 1), on=self, margins=0, spacing=2)
        self.plot.numbers = self._numbers
        self.plot.hovered.connect(self._on_hovered)
        self.plot.resized.connect(self._draw)
        self.plot.zoomed.connect(self._draw)
        self.plot.restyled.connect(self._dress)

    def show_runs(self, runs: Sequence[EndedRun]) -> None:
        """Draw these, at most MOST."""
        before = [run.number for run in self._runs]
        self._runs = tuple(runs)
        known, self._curves = self._curves, {}
        for run in runs:
            train, test = known.get(run.number) or (Envelope(), Envelope())
            self._curves[run.number] = train, test
            if len(run.state.costs) < train.size:
                train.clear()
                test.clear()
            train.extend(run.state.costs)  # reads only what is new
            test.extend(run.state.test_costs)
        if before != [run.number for run in runs]:
            self._dress()
        self._draw()

    def forget(self, number: int) -> None:
        """The run of this number is another one from now on."""
        self._curves.pop(number, None)

    def set_logarithmic(self, on: bool) -> None:
        """Draw equal factors as equal steps."""
        self.plot.set_logarithmic(on)
        self._draw()

    def show_test(self, on: bool) -> None:
        """Draw the test costs too, or not."""
        self._with_test = on
        self._draw()

    @Slot()
    def _dress(self) -> None:
        pens = {}
        for i, colour in enumerate(colours_of(self._runs)):
            dashed = QPen(colour, 1.0)
            dashed.setDashPattern([6, 3])
            pens[f"train {i}"], pens[f"test {i}"] = QPen(colour, 1.0), dashed
        self.plot.take_pens(pens)
        surface = theme().palette.surface.name()
        self.readout.setStyleSheet(f"background: {surface}; border-radius: 4px")
        self._read_out()

    @Slot()
    def _draw(self) -> None:
        series = self._series()
        self.body.say("" if series or not self._runs else NOTHING_YET)
        if series:
            _, curves, _, _ = zip(*series, strict=True)
            last = max(run.state.iteration for run in self._runs)
            self.plot.show_range(last, min(c.low for c in curves), max(c.high for c in curves))
        drawn = {name: self.plot.drawn(*of_curve) for name, *of_curve in series}
        for name in NAMES:
            self.plot.show_curve(name, *drawn.get(name, NOTHING))
        self._read_out()

    def _series(self) -> list[tuple[str, Envelope, Any, Any]]:
        """The curves by their names, each with its costs and their iterations."""
        found = []
        for i, run in enumerate(self._runs):
            state, (train, test) = run.state, self._curves[run.number]
            found.append((f"train {i}", train, state.costs, state.cost_iterations))
            if self._with_test:
                found.append((f"test {i}", test, state.test_costs, state.test_iterations))
        return [series for series in found if series[1].size]

    def _numbers(self) -> dict[str, Any]:
        """Every cost of every run, each next to its iterations."""
        found: dict[str, Any] = {}
        for run in self._runs:
            state, name = run.state, f"{run.number} {title_of(run)}"
            places = state.cost_iterations
            at = np.arange(len(state.costs)) if places is None else places
            columns = [("train", at, state.costs)]
            if self._with_test and len(state.test_costs):
                columns.append(("test", state.test_iterations, state.test_costs))
            for kind, iterations, costs in columns:
                found[f"iteration of {kind} of run {name}"] = iterations
                found[f"{kind} of run {name}"] = costs
        return found

    def _read_out(self) -> None:
        """The runs by colour and name, with the cost of each at its end, or at the cursor."""
        x = None if self._cursor is None else self.plot.iteration_at(self._cursor)
        i = None if x is None else max(round(x), 0)
        values: dict[str, float] = {}
        parts = []
        for k, (run, colour) in enumerate(zip(self._runs, colours_of(self._runs), strict=True)):
            cost = run.cost if i is None else cost_at(run.state, i)
            if cost is not None and i is not None:
                values[f"train {k}"] = cost
            said = "–" if cost is None else text.number(cost, sign=False)
            words = f"{escape(clip(title_of(run), 30))} <b>{said}</b>".replace(" ", "&nbsp;")
            parts.append(f'<span style="color:{colour.name()}">━</span>&nbsp;{words}')
        self.plot.show_cross_hair(i if values else None, values)
        said = " &nbsp; ".join(parts)
        if said != self.legend.text():
            self.legend.setText(said)
        self.readout.setVisible(i is not None)
        self.readout.setText("" if i is None else self.tr("iteration {i}").format(i=text.count(i)))
        self.readout.adjustSize()
        self.readout.move(self.plot.width() - self.readout.width() - 4, 2)

    @Slot(object)
    def _on_hovered(self, at: QPointF | None) -> None:
        self._cursor = at
        self._read_out()


def cost_at(state: RunState, iteration: int) -> float | None:
    """The training cost before this update, or the next kept one; None beyond its end."""
    if iteration >= state.iteration or not len(state.costs):
        return None
    places = state.cost_iterations
    at = iteration if places is None else int(np.searchsorted(places, iteration))
    return float(state.costs[min(at, len(state.costs) - 1)])
