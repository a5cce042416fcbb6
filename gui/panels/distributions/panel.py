"""The distributions panel: weights, gradients, activations and update sizes over the run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, Slot

from core.look.ask import Asks
from core.look.distributions import Distributions
from core.look.frames import Frame, LayerFrame
from core.nn.activations import ACTIVATIONS
from core.training.messages import Snapshot
from core.view import View
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.panels.base import Panel
from gui.panels.distributions.history import History, HistoryLine, TimeAxis, fitting, heat_row
from gui.panels.distributions.plot import GAP, HistoryPlot
from gui.parts import Named
from gui.plots.around import PlotOrSentence, switch
from gui.style import text
from gui.style.theme import CAPTION
from gui.widgets.card import Card
from gui.widgets.elided import Elided
from gui.widgets.menu_button import MenuButton

TITLE = "Distributions"
SYMBOLS = {"weights": "W", "gradients": "dW", "activations": "A"}
VIEWS = {
    "weights": "weights",
    "gradients": "gradients",
    "activations": "activations",
    "ratio": "update / weight",
    "stuck": "dead or saturated",
}
HINTS = {
    "weights": "The weights of each layer",
    "gradients": "The gradients of each layer; if all are near 0, nothing is learned",
    "activations": "The activations of each layer over the training examples",
    "ratio": (
        "|update| / |weights| of each layer: around 10⁻³ is usual; far above it training is "
        "unstable, far below it is slow"
    ),
    "stuck": "The share of units that are the same for every example: ReLU at 0 (dead), tanh and"
    " sigmoid at their ends (saturated); faint: the share of single activations",
}
GUIDE = 1e-3
NO_UPDATE = "There is no update yet: press Play or Step."
NEVER_STUCK = "No unit here can die or saturate: none uses ReLU, sigmoid, tanh or softmax."


class DistributionsPanel(Panel):
    """A picture of each layer, or a line, over all iterations; a click selects the layer."""

    wanted_height = 216  # two layers

    turn = 0

    def __init__(self, document: Document, training: Training, selection: Selection) -> None:
        super().__init__(document, training, selection)
        self._snapshot: Snapshot | None = None  # the newest with frames, which are:
        self._frames: tuple[Frame, ...] = ()
        self._shown: History | None = None
        self._cursor: QPointF | None = None
        self.card = Card(TITLE, self)
        self.view = MenuButton("", VIEWS, selection.view.distributions)
        self.view.set_choices(VIEWS, HINTS)
        self.view.setToolTip(self.tr("Choose what to plot for each layer over the iterations"))
        self.log_time = switch(
            "log time",
            "Logarithmic time axis: shows the beginning of the run in more detail",
            self._draw,
        )
        self.plot = HistoryPlot("Distributions over iterations")
        self.readout = Elided(size=CAPTION)
        self.body = PlotOrSentence(self.plot)
        self._lay_out()
        self.follow_view(self.log_time, "log_time")
        self.view.chosen.connect(lambda name: selection.set(distributions=name))
        self.plot.hovered.connect(self._on_hovered)
        self.plot.clicked.connect(self._on_clicked)
        self.plot.numbers = self._numbers
        for changed in (self.plot.resized, self.plot.zoomed, self.plot.restyled):
            changed.connect(self._draw)
        selection.changed.connect(self._on_view)

    def _lay_out(self) -> None:
        self.card.add_header(self.log_time)
        self.card.add_header(self.view)
        self.card.body.setSpacing(2)
        self.card.fill(self, (self.body, 1), self.readout)

    def named_parts(self) -> Mapping[str, Named]:
        return {
            "view": Named(self.view, self.tr("What distributions are drawn")),
            "log_time": Named(self.log_time, self.tr("Logarithmic time of distributions")),
            "plot": Named(self.plot, self.tr("Plot of the distributions")),
        }

    def wants(self) -> Asks:
        return (Distributions(),)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        frames = snapshot.answer(Distributions())
        if not frames:
            return
        old = self._frames
        same = len(old) == len(frames) and old[-1] is frames[-1]
        self._snapshot, self._frames = snapshot, frames
        if not same:
            self._draw()

    # --- content ---

    @property
    def shown(self) -> History | None:
        """The drawn frames; None before the first."""
        return self._shown

    @Slot()
    def _draw(self) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            return
        name = self.view.value
        self.view.setToolTip(HINTS.get(name, ""))
        heat = name in SYMBOLS
        self._shown = self._heat(snapshot, name) if heat else self._lines(snapshot, name)
        self.body.say(self._why_empty(snapshot))
        self.plot.show_history(self._shown)
        self._read_out()

    def _why_empty(self, snapshot: Snapshot) -> str:
        name = self.view.value
        if name in ("gradients", "ratio") and len(self._frames) < 2:
            return NO_UPDATE
        stuck = [layer.stuck for layer in self._frames[-1].layers]
        return NEVER_STUCK if name == "stuck" and np.isnan(stuck).all() else ""

    def _axis(self, frames: tuple[Frame, ...]) -> TimeAxis:
        return TimeAxis.up_to(frames[-1].iteration, logarithmic=self.log_time.isChecked())

    def _heat(self, snapshot: Snapshot, name: str) -> History:
        frames, high = self._frames, self.plot.area().height()
        L = len(frames[-1].layers)
        count = fitting(high, L)
        first = min(max(self.selection.layer - 1 - count // 2, 0), L - count)
        room = max(int(high / count - GAP), 2)
        rows = [
            heat_row(
                l,
                text.symbol(SYMBOLS[name], layer=l),
                [getattr(frame.layers[l - 1], name) for frame in frames],
                room,
            )
            for l in range(first + 1, first + count + 1)
        ]
        return History(_iterations(frames), self._axis(frames), self._chosen(), rows=tuple(rows))

    def _lines(self, snapshot: Snapshot, name: str) -> History:
        frames = self._frames
        layers = range(1, len(frames[-1].layers) + 1)
        ratio = name == "ratio"
        lines = [HistoryLine(l, _values(frames, l, "ratio" if ratio else "stuck")) for l in layers]
        if not ratio:
            lines += [HistoryLine(l, _values(frames, l, "saturated"), faint=True) for l in layers]
        return History(
            _iterations(frames),
            self._axis(frames),
            self._chosen(),
            tuple(lines),
            logarithmic=ratio,
            guide=GUIDE if ratio else None,
        )

    def _chosen(self) -> int:
        return self.selection.layer

    def _numbers(self) -> dict[str, Any]:
        """The numbers of the lines, or the counts of every bin in every frame."""
        shown = self._shown
        if shown is None:
            return {}
        found: dict[str, Any] = {"iteration": shown.iterations}
        for line in shown.lines:
            what = "saturated values" if line.faint else self.view.value
            found[f"{what} of layer {line.layer}"] = line.values
        for row in shown.rows:
            width = 2.0**row.exponent
            for k, counts in enumerate(row.counts):
                ends = (row.low + k) * width, (row.low + k + 1) * width
                found[f"{row.name} from {ends[0]!r} to {ends[1]!r}"] = counts
        return found

    # --- the cursor ---

    def _read_out(self) -> None:
        words = self._words()
        self.readout.show_words(words)

    def _words(self) -> str:
        snapshot, shown = self._snapshot, self._shown
        if snapshot is None or shown is None:
            return ""
        if shown.rows:
            under = None if self._cursor is None else self.plot.under(self._cursor)
            if under is not None:
                return _bin_words(shown, *under)
            return _summary(self._frames, snapshot.split.train.m, shown)
        frame = None if self._cursor is None else self.plot.frame_at(self._cursor)
        at = len(self._frames) - 1 if frame is None else frame
        return _line_words(self._frames[at], snapshot.project.activations, self.view.value)

    @Slot(object)
    def _on_hovered(self, at: QPointF | None) -> None:
        self._cursor = at
        self._read_out()

    @Slot(object)
    def _on_clicked(self, at: QPointF) -> None:
        under = self.plot.under(at)
        if under is not None and self._shown is not None:
            self.selection.select_layer(self._shown.rows[under[0]].layer)

    def _on_view(self, old: View, new: View) -> None:
        if new.distributions != self.view.value:
            self.view.set_value(new.distributions)
        if (old.distributions, old.layer) != (new.distributions, new.layer) and self.isVisible():
            self._draw()


def _iterations(frames: tuple[Frame, ...]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([frame.iteration for frame in frames], np.int64)


def _values(
    frames: tuple[Frame, ...], l: int, name: str
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([getattr(frame.layers[l - 1], name) for frame in frames], np.float64)


def _summary(frames: tuple[Frame, ...], m: int, shown: History) -> str:
    """A summary of the picture."""
    L = len(frames[-1].layers)
    moments = text.counted(len(frames), "moment")
    parts = [f"{moments} of {text.counted(frames[-1].iteration, 'iteration')}"]
    if len(shown.rows) < L:
        first, last = shown.rows[0].layer, shown.rows[-1].layer
        parts.append(f"layers {first} to {last} of {L}")
    if shown.rows[0].name.startswith("A") and frames[-1].examples < m:
        parts.append(f"{text.count(frames[-1].examples)} of {text.examples(m)}")
    return " · ".join(parts)


def _bin_words(shown: History, i: int, frame: int, bin_: int) -> str:
    row = shown.rows[i]
    width = 2.0**row.exponent
    low, high = (text.plain((row.low + bin_ + k) * width, 3) for k in (0, 1))
    found, of = int(row.counts[bin_, frame]), int(row.counts[:, frame].sum())
    at = _moment(int(shown.iterations[frame]), of_the_last=row.name.startswith("d"))
    return f"{row.name} {at}: {text.count(found)} of {text.count(of)} from {low} to {high}"


def _moment(after: int, *, of_the_last: bool) -> str:
    """The iteration, after this many updates; for the last one as the stepper writes it: from 0."""
    if of_the_last:
        return f"of iteration {text.count(after - 1)}"
    return f"after {text.counted(after, 'iteration')}"


def _line_words(frame: Frame, names: tuple[str, ...], name: str) -> str:
    parts = [
        f"{text.symbol('', layer=l)} {_number(layer, names[l - 1], name)}"
        for l, layer in enumerate(frame.layers, start=1)
        if not math.isnan(layer.ratio if name == "ratio" else layer.stuck)
    ]
    return f"{_moment(frame.iteration, of_the_last=name == 'ratio')}: " + ", ".join(parts)


def _number(layer: LayerFrame, activation: str, name: str) -> str:
    if name == "ratio":
        return text.magnitude(layer.ratio)
    what = "dead" if ACTIVATIONS[activation].dies else "saturated"
    return f"{text.percent(layer.stuck, 0)} {what}"
