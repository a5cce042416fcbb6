"""The loss page: the loss of a prediction ŷ, and its slope along z."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QWidget

from core.labs.neuron import SUREST, sigmoid
from core.labs.scalars import OUTPUT, losses
from core.nn.losses import LOSSES
from gui.labs.fields import number_slider
from gui.labs.numbers import NumberRows
from gui.labs.plot import Dot, LinePlot
from gui.parts import Named
from gui.style import text
from gui.style.theme import sized
from gui.widgets.rows import in_column, in_row
from gui.widgets.segments import Segments

HIGH, SIDE = 84, 44  # px
HIGHEST = 5.0  # of the loss that is drawn
REACH = 30.0  # of z, from ŷ near 0 to ŷ near 1
ROWS = {
    key: words
    for name, loss in LOSSES.items()
    for key, words in (
        (name, loss.at(OUTPUT).text.format(a="ŷ", y="y")),
        (f"{name} slope", "its slope along z"),
    )
}


class LossPage(QWidget):
    """Emits `moved` with the ŷ that is dragged or typed, `label_chosen` with the label y."""

    moved = Signal(float)
    label_chosen = Signal(int)
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        steps = [round(0.001 * i, 3) for i in range(1, 1000)]
        self.answer = number_slider("ŷ", steps, (SUREST, 1 - SUREST))
        group = QActionGroup(self)
        self._labels = [QAction(f"y = {y}", group, checkable=True) for y in (0, 1)]
        self.segments = Segments(self._labels, self.tr("Label y"))
        self.losses = LinePlot(self.tr("Losses over the answer ŷ"))
        self.slopes = LinePlot(self.tr("Slopes of the losses along z, over the answer ŷ"))
        self.rows = NumberRows(ROWS, columns=2)
        self._make_plots()
        self._lay_out()
        self._label = 1
        self._at = 0.5
        for y, action in enumerate(self._labels):
            action.triggered.connect(lambda _on, y=y: self._choose(y))
        self.answer.edited.connect(lambda yhat, _: self.moved.emit(yhat))
        self.answer.refused.connect(self.refused)

    def _make_plots(self) -> None:
        self.losses.add_curve("−log(1 − ŷ)", "negative")
        self.losses.add_curve("−log ŷ", "positive")
        self.losses.add_curve("½(ŷ − y)²", "forward", dashed=True)
        self.slopes.add_curve("cross-entropy", "positive")
        self.slopes.add_curve("squared error", "forward", dashed=True)
        for plot, name in ((self.losses, "L"), (self.slopes, "dz")):
            plot.name_axes("ŷ", name)
            plot.hold_side(SIDE)
            sized(plot, "setMinimumHeight", HIGH)
            plot.dragged.connect(self._drag)
            plot.stepped.connect(lambda by: self._drag(self._at + 0.001 * by))

    def _lay_out(self) -> None:
        top = in_row(self.segments, (self.answer, 1), spacing=12)
        parts = (top, (self.losses, 1), (self.slopes, 1), self.rows)
        in_column(*parts, on=self, margins=0, spacing=6)

    def named_parts(self) -> Mapping[str, Named]:
        """Its controls by the last word of their keys."""
        zero, one = self.segments.buttons
        return {
            "yhat": Named(self.answer, self.tr("Answer ŷ in the Neuron lab")),
            "label[0]": Named(zero, self.tr("Label 0 in the Neuron lab")),
            "label[1]": Named(one, self.tr("Label 1 in the Neuron lab")),
            "losses": Named(self.losses, self.tr("Losses in the Neuron lab")),
            "slopes": Named(self.slopes, self.tr("Slopes of the losses in the Neuron lab")),
        }

    def _drag(self, yhat: float) -> None:
        self.moved.emit(round(min(max(yhat, 0.001), 0.999), 3))

    def _choose(self, y: int) -> None:
        self.label_chosen.emit(y)

    @property
    def words(self) -> str:
        """A text on the slopes."""
        factor = text.plain(self._at * (1 - self._at), 3)
        return (
            "The slope of cross-entropy along z is ŷ − y. Squared error multiplies it by"
            f" ŷ(1 − ŷ), which is {factor} here."
        )

    def show_answer(self, z: float, y: int) -> None:
        """Show the loss of the answer σ(z) for an example with label y."""
        self._label, self._at = y, sigmoid(z)
        self._labels[y].setChecked(True)
        self.answer.set_value(self._at)
        self._draw_curves()
        at = np.array([z])
        found = {name: losses(name, at, y) for name in LOSSES}
        by_label = "positive" if y else "negative"
        inks = {name: by_label if loss.of_classes else "forward" for name, loss in LOSSES.items()}
        yhat = self._at
        of_loss = [Dot(yhat, loss.item(), inks[name]) for name, (_, loss, _) in found.items()]
        self.losses.show_marks(yhat, of_loss)
        self.slopes.show_marks(
            yhat, [Dot(yhat, dz.item(), inks[n]) for n, (_, _, dz) in found.items()]
        )
        self.rows.rename("cross_entropy", "−log ŷ" if y else "−log(1 − ŷ)")
        for name, (_, loss, dz) in found.items():
            self.rows.show_number(name, text.plain(loss.item(), 5))
            self.rows.show_number(f"{name} slope", text.plain(dz.item(), 5))

    def _draw_curves(self) -> None:
        z = np.linspace(-REACH, REACH, 1201)
        yhat, _, dz = losses("cross_entropy", z, self._label)
        one, zero = losses("cross_entropy", z, 1)[1], losses("cross_entropy", z, 0)[1]
        squared = losses("squared_error", z, self._label)
        self.losses.show_curve("−log(1 − ŷ)", yhat, zero)
        self.losses.show_curve("−log ŷ", yhat, one)
        self.losses.show_curve("½(ŷ − y)²", yhat, squared[1])
        self.losses.show_range((0.0, 1.0), (-0.1, HIGHEST))
        self.slopes.show_curve("cross-entropy", yhat, dz)
        self.slopes.show_curve("squared error", yhat, squared[2])
        self.slopes.show_range((0.0, 1.0), (-1.08, 0.1) if self._label else (-0.1, 1.08))
