"""The activations panel: the selected layer's activations, as histograms or a heat map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, Slot

from core.data.examples import Split
from core.look.activations import Activations
from core.look.ask import Asks
from core.look.pictures import levels
from core.nn.activations import ACTIVATIONS, Activation
from core.training.messages import Snapshot
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.panels.activations.activity import (
    BINS,
    IN_FLIGHT,
    MOST_VALUES,
    Activity,
    activity_of,
    by_class,
    histograms,
)
from gui.panels.activations.plot import MOST_ROWS, ActivationsPlot, HeatMap
from gui.panels.base import Panel
from gui.parts import Named
from gui.plots.around import PlotOrSentence
from gui.plots.histograms import Histograms, fitting
from gui.style import text
from gui.style.theme import CAPTION
from gui.widgets.card import Card
from gui.widgets.elided import Elided
from gui.widgets.menu_button import MenuButton

NAMED = 6  # dead units named one by one
GONE = "Layer {} was removed: select another layer on the canvas or in the Layers table."
VIEWS = {"histogram": "histogram", "heat_map": "heat map"}


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    """A layer of the network; layer 0, the inputs, has no activation."""

    layer: int
    split: Split
    activation: Activation | None


class ActivationsPanel(Panel):
    """Follows the selected layer; layer 0 shows the inputs."""

    turn = 1

    def __init__(self, document: Document, training: Training, selection: Selection) -> None:
        super().__init__(document, training, selection)
        self._of: _Layer | None = None  # whose activations are shown
        self._activity: Activity | None = None
        self._shown: Histograms | HeatMap | None = None
        self._cursor: QPointF | None = None
        self.card = Card(self.tr("Activations"), self)
        self.view = MenuButton("", VIEWS, "histogram")
        self.view.setToolTip(
            self.tr("Show one histogram per unit, or a heat map of units × examples")
        )
        self.plot = ActivationsPlot("Activations of the selected layer")
        self.readout = Elided(size=CAPTION)
        self.body = PlotOrSentence(self.plot)
        self._lay_out()
        self.view.chosen.connect(self._draw)
        self.plot.hovered.connect(self._on_hovered)
        self.plot.clicked.connect(self._on_clicked)
        self.plot.numbers = self._numbers
        for changed in (self.plot.resized, self.plot.zoomed, self.plot.restyled):
            changed.connect(self._draw)
        selection.layer_changed.connect(self._on_layer)

    def _lay_out(self) -> None:
        self.card.add_header(self.view)
        self.card.body.setSpacing(2)
        self.card.fill(self, (self.body, 1), self.readout)

    def named_parts(self) -> Mapping[str, Named]:
        return {
            "view": Named(self.view, self.tr("Histogram or heat map of activations")),
            "plot": Named(self.plot, self.tr("Plot of the activations")),
        }

    @property
    def shown(self) -> Histograms | HeatMap | None:
        """The drawn layer; None before the first."""
        return self._shown

    def wants(self) -> Asks:
        return (Activations(self.selection.layer),)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        l = self.selection.layer
        A = snapshot.answer(Activations(l))
        if l >= len(snapshot.sizes):
            self._of = self._activity = None
            self.body.say(GONE.format(l))
            self.readout.show_words("")
        elif A is not None:
            self.body.say("")
            names = snapshot.project.activations
            self._of = _Layer(l, snapshot.split, ACTIVATIONS[names[l - 1]] if l else None)
            rests = snapshot.idle or snapshot.waiting
            most = MOST_VALUES if rests else IN_FLIGHT
            self._activity = activity_of(A, self._of.activation, most)
            self._draw()

    @Slot()
    def _draw(self) -> None:
        of, activity = self._of, self._activity
        if of is None or activity is None:
            return
        l = of.layer
        name = f"Layer {l} activations" if l else "Inputs"
        self.card.set_title(f"{name}  {text.symbol('A', layer=l)}")
        if self.view.value == "histogram":
            self._shown = self._histograms(of, activity)
        else:
            self._shown = self._heat_map(of, activity)
        self.plot.show_shown(self._shown)
        shown = self._shown
        if isinstance(shown, Histograms) and len(shown.counts) > self._fitting(activity):
            self._shown = self._histograms(of, activity)  # their numbers leave room for fewer
            self.plot.show_shown(self._shown)
        self._read_out()

    def _fitting(self, activity: Activity) -> int:
        """How many units have room for their histograms."""
        area, units = self.plot.area(), len(activity.values)
        columns, rows = fitting(area.width(), area.height(), units)
        return min(columns * rows, units)

    def _histograms(self, of: _Layer, activity: Activity) -> Histograms:
        units = self._fitting(activity)
        return Histograms(
            histograms(activity, units, zeros=not _dies(of)),
            tuple(_caption(of, activity, i) for i in range(units)),
            frozenset(int(i) for i in activity.stuck if i < units),
            0 if activity.low == 0.0 and _limits(of) is None else BINS // 2,
            (activity.low, activity.high),
        )

    def _heat_map(self, of: _Layer, activity: Activity) -> HeatMap:
        ordering = by_class(of.split, activity.stride)
        values = activity.values[:MOST_ROWS, ordering.order]
        names = tuple(_unit_name(of, i) for i in range(len(values)))
        return HeatMap(levels(values, of.activation), names, ordering)

    def _numbers(self) -> dict[str, Any]:
        """The number of values in each bin, or every value, as drawn."""
        of, activity, shown = self._of, self._activity, self._shown
        if of is None or activity is None or shown is None:
            return {}
        if isinstance(shown, Histograms):
            edges = np.linspace(activity.low, activity.high, BINS + 1)
            counts = {_unit_name(of, i): row for i, row in enumerate(shown.counts)}
            return {"from": edges[:-1], "to": edges[1:], **counts}
        order = shown.ordering.order
        values = activity.values[: len(shown.names), order]
        by_name = dict(zip(shown.names, values, strict=True))
        return {"example": order * activity.stride + 1, **by_name}

    def _read_out(self) -> None:
        words = self._words()
        self.readout.show_words(words)

    def _words(self) -> str:
        """The text for the item under the cursor, else for the whole plot and its problems."""
        of, activity, shown = self._of, self._activity, self._shown
        if of is None or activity is None or shown is None:
            return ""
        under = None if self._cursor is None else self.plot.under(self._cursor)
        if under is None:
            return _summary(of, activity, shown)
        if isinstance(shown, Histograms):
            return _bin_words(of, activity, shown, *under)
        return _cell_words(of, activity, shown, *under)

    @Slot(object)
    def _on_hovered(self, at: QPointF | None) -> None:
        self._cursor = at
        self._read_out()

    @Slot(object)
    def _on_clicked(self, at: QPointF) -> None:
        """A click on a column of the heat map selects its example."""
        if isinstance(self._shown, HeatMap) and self._activity is not None:
            under = self.plot.under(at)
            if under is not None:
                column = int(self._shown.ordering.order[under[1]])
                self.selection.select_example(column * self._activity.stride)

    @Slot(object)
    def _on_layer(self, layer: int) -> None:
        if self.isVisible():
            self.training.refresh()


def _limits(of: _Layer) -> tuple[float, float] | None:
    activation = of.activation
    return None if activation is None else activation.limits


def _dies(of: _Layer) -> bool:
    activation = of.activation
    return activation is not None and activation.dies


def _unit_name(of: _Layer, i: int) -> str:
    names = of.split.names
    if of.layer == 0:
        return text.input_name(names[i]) if i < len(names) else text.symbol("x", i + 1)
    return text.symbol("a", i + 1)


def _caption(of: _Layer, activity: Activity, i: int) -> str:
    """`a₁  sat. 93 %`, `a₁  zero 48 %`, `a₁  dead`, `x₁`."""
    name = _unit_name(of, i)
    if activity.shares is None:
        return name
    share = float(activity.shares[i])
    if _dies(of):
        return f"{name}  dead" if share == 1 else f"{name}  zero {text.percent(share, 0)}"
    return f"{name}  sat. {text.percent(share, 0)}"


def _summary(of: _Layer, activity: Activity, shown: Histograms | HeatMap) -> str:
    units, m = len(activity.values), of.split.train.m
    drawn = len(shown.counts) if isinstance(shown, Histograms) else len(shown.levels)
    parts = []
    if len(activity.stuck):
        parts.append(_stuck_words(of, activity))
    if drawn < units:
        parts.append(f"first {text.count(drawn)} of {text.count(units)} units")
    examples = text.examples(m)
    if activity.stride > 1:
        examples = f"1 of every {text.count(activity.stride)} of {examples}"
    if isinstance(shown, HeatMap):
        order = "y" if of.split.kind == "regression" else "class, then index"
        parts.append(f"columns: {examples} by {order}")
    else:
        low, high = (text.plain(end, 3) for end in (activity.low, activity.high))
        span = f"values above 0, up to {high}" if _dies(of) else f"{low} … {high}"
        parts.append(f"{span}, {examples}")
    return " · ".join(parts)


def _stuck_words(of: _Layer, activity: Activity) -> str:
    names = ", ".join(_unit_name(of, int(i)) for i in activity.stuck[:NAMED])
    more = "" if len(activity.stuck) <= NAMED else ", …"
    what = "dead" if _dies(of) else "saturated for every example"
    return f"{text.count(len(activity.stuck))} {what}: {names}{more}"


def _bin_words(of: _Layer, activity: Activity, shown: Histograms, unit: int, j: int) -> str:
    step = (activity.high - activity.low) / BINS
    low, high = (text.fixed(activity.low + k * step) for k in (j, j + 1))
    found, every = int(shown.counts[unit, j]), activity.values.shape[1]
    name = _unit_name(of, unit)
    return f"{name} from {low} to {high}: {text.count(found)} of {text.examples(every)}"


def _cell_words(of: _Layer, activity: Activity, shown: HeatMap, unit: int, column: int) -> str:
    example = int(shown.ordering.order[column])
    value = text.number(float(activity.values[unit, example]))
    name = _unit_name(of, unit)
    return f"{name} = {value} for example {text.count(example * activity.stride + 1)}"
