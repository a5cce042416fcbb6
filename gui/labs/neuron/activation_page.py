"""The activation page: g and its slope, one below the other, at the same z."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.labs.neuron import FARTHEST
from core.labs.scalars import ELEMENTWISE, output, outputs
from gui.labs.fields import evenly, grid, number_slider
from gui.labs.numbers import NumberRows
from gui.labs.plot import Dot, LinePlot
from gui.parts import Named
from gui.style import text
from gui.style.theme import sized
from gui.widgets.menu_button import MenuButton
from gui.widgets.rows import in_column, in_row

REACH = 10.0
HIGH = 84  # px of a plot
NONE = "none"
SIDE = 44  # px of the numbers next to both plots


class ActivationPage(QWidget):
    """Emits `z_moved` when z is dragged or typed, `chosen` with the activation in force."""

    z_moved = Signal(float)
    chosen = Signal(str)
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        names = {name: g.label for name, g in ELEMENTWISE.items()}
        self.function = MenuButton(self.tr("Activation g"), names, "sigmoid")
        self.other = MenuButton(self.tr("Compared with"), {NONE: "none", **names}, NONE)
        self.z = number_slider("z", evenly(-REACH, REACH, 0.01), (-FARTHEST, FARTHEST))
        self.plots = {
            "g": LinePlot(self.tr("Activation g(z) over z")),
            "slope": LinePlot(self.tr("Slope g′(z) over z")),
        }
        self.rows = NumberRows({"a": "", "slope": "", "a2": "", "slope2": ""}, columns=2)
        self._z = 0.0
        for key, plot in self.plots.items():
            plot.add_curve("other", "muted", dashed=True)
            plot.add_curve("g", "forward" if key == "g" else "backward")
            plot.name_axes("z", "g" if key == "g" else "g′")
            plot.hold_side(SIDE)
            sized(plot, "setMinimumHeight", HIGH)
            plot.dragged.connect(lambda z: self.z_moved.emit(round(z, 2)))
            plot.stepped.connect(lambda by: self.z_moved.emit(round(self._z + 0.01 * by, 10)))
        self.plots["slope"].box.setXLink(self.plots["g"].box)
        self.z.edited.connect(lambda z, _: self.z_moved.emit(z))
        self.z.refused.connect(self.refused)
        self.function.chosen.connect(self._choose)
        self.other.chosen.connect(self._choose)
        self._lay_out()

    def _lay_out(self) -> None:
        top = in_row(self.function, self.other, (self.z, 1), spacing=12)
        plots = ((plot, 1) for plot in self.plots.values())
        in_column(top, *plots, self.rows, on=self, margins=0, spacing=6)

    def named_parts(self) -> Mapping[str, Named]:
        """Its controls by the last word of their keys."""
        return {
            "function": Named(self.function, self.tr("Activation in the Neuron lab")),
            "compare": Named(self.other, self.tr("Activation to compare with in the Neuron lab")),
            "g_z": Named(self.z, self.tr("z on the page g of the Neuron lab")),
            "g": Named(self.plots["g"], self.tr("Curve of g in the Neuron lab")),
            "slope": Named(self.plots["slope"], self.tr("Slope of g in the Neuron lab")),
        }

    @property
    def shown(self) -> tuple[str, ...]:
        """The drawn activation, and the one it is compared with."""
        second = () if self.other.value in (NONE, self.function.value) else (self.other.value,)
        return self.function.value, *second

    @property
    def words(self) -> str:
        """A text on the activation."""
        return f"{ELEMENTWISE[self.function.value].about}."

    def show_function(self, name: str) -> None:
        """Draw this activation."""
        self.function.set_value(name)
        self._draw()

    def show_z(self, z: float) -> None:
        """Put the upright line here."""
        self._z = z
        self._draw()

    def _choose(self, _name: str) -> None:
        self._draw()
        self.chosen.emit(self.function.value)

    def _draw(self) -> None:
        z, shown = self._z, self.shown
        self.z.set_value(z)
        reach = max(REACH, 1.1 * abs(z))
        x = grid(-reach, reach, 1002)
        curves = [outputs(name, x) for name in shown]
        points = [output(name, z) for name in shown]
        for place, plot in enumerate(self.plots.values()):
            ink = ("forward", "backward")[place]
            ys = [curve[place] for curve in curves]
            plot.show_curve("g", x, ys[0])
            plot.show_curve("other", x, ys[1]) if ys[1:] else plot.show_curve("other", x[:0], x[:0])
            low, high = min(float(y.min()) for y in ys), max(float(y.max()) for y in ys)
            air = max(0.08 * (high - low), 0.05)
            plot.show_range((-reach, reach), (low - air, high + air))
            dots = [Dot(z, p[place], i) for p, i in zip(points, (ink, "muted"), strict=False)]
            plot.show_marks(z, dots[::-1])
        self._write(points)

    def _write(self, points: list[tuple[float, float]]) -> None:
        shown, z = self.shown, text.plain(self._z, 6)
        for place, ends in enumerate(("", "2")):
            there = place < len(points)
            label = ELEMENTWISE[shown[place]].label if there else ""
            for key, prime, value in (("a", "", 0), ("slope", "′", 1)):
                tone = "" if place else ("forward", "backward")[value]
                self.rows.rename(f"{key}{ends}", f"{label}{prime} at {z}" if there else "")
                self.rows.show_row(f"{key}{ends}", there)
                words = text.number(points[place][value], sign=False) if there else ""
                self.rows.show_number(f"{key}{ends}", words, tone)
