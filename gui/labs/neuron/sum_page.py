"""The sum page: inputs, weights and bias, z, and three outputs of the same z."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QWidget

from core.labs.neuron import FARTHEST, OUTPUTS, Neuron, Output
from core.labs.scalars import output, outputs
from gui.labs.fields import evenly, grid, number_slider
from gui.labs.neuron.terms import TermBars
from gui.labs.plot import Dot, LinePlot
from gui.parts import Named
from gui.style import text
from gui.style.theme import BODY, CAPTION, VALUE, sized
from gui.widgets import labels
from gui.widgets.rows import in_column, in_row
from gui.widgets.slider_field import SliderField

REACH = 5.0  # of a slider
MOST_NAME = 14  # characters of an input's name
HIGH = 70  # px of a picture of an output


class OutputView(QWidget):
    """One output of z: its kind, its value, and its curve with z on it."""

    def __init__(self, shown: Output) -> None:
        super().__init__()
        self.activation, self.title = shown.activation, shown.title
        self.plot = LinePlot(self.tr("{title} of z").format(title=self.title))
        self.plot.add_curve("a", "forward")
        sized(self.plot, "setMinimumHeight", HIGH)
        self._kind = labels.label(shown.kind, CAPTION, tone="muted")
        self.value = labels.label("", VALUE, QFont.Weight.DemiBold)
        top = in_row(
            labels.label(self.title, BODY, QFont.Weight.DemiBold), (self._kind, 1), spacing=5
        )
        in_column(top, self.value, (self.plot, 1), on=self, margins=0, spacing=0)

    def show_z(self, z: float) -> None:
        """Show the outputs for this z."""
        reach = max(REACH, 1.1 * abs(z))
        x = grid(-reach, reach, 402)  # none of them is 0, where a step is ambiguous
        y, _ = outputs(self.activation, x)
        a, _ = output(self.activation, z)
        self.value.setText(text.plain(a, 5))
        self.value.setAccessibleName(f"{self.title} {self.value.text()}")
        self.plot.show_curve("a", x, y)
        low, high = min(float(y.min()), 0.0), max(float(y.max()), 1.0)
        air = 0.1 * (high - low)
        self.plot.show_range((-reach, reach), (low - air, high + air))
        self.plot.show_marks(z, [Dot(z, a, "forward")])


class SumPage(QWidget):
    """Emits `moved` with the name of a number (x1, x2, w1, w2, b, z) and its new value."""

    moved = Signal(str, float)
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        values, ends = evenly(-REACH, REACH, 0.01), (-FARTHEST, FARTHEST)
        self.fields = {
            name: number_slider(label, values, ends)
            for name, label in (("x1", "x₁"), ("w1", "w₁"), ("x2", "x₂"), ("w2", "w₂"), ("b", "b"))
        }
        self.z = number_slider("z", evenly(-10, 10, 0.01), ends)
        self.bars = TermBars()
        self.views = [OutputView(shown) for shown in OUTPUTS]
        self._lay_out()
        for name, field in {**self.fields, "z": self.z}.items():
            self._connect(name, field)
        for view in self.views:
            view.plot.dragged.connect(lambda z: self.moved.emit("z", round(z, 2)))
            view.plot.stepped.connect(self._step)

    def _connect(self, name: str, field: SliderField) -> None:
        field.edited.connect(lambda value, _: self.moved.emit(name, value))
        field.refused.connect(self.refused)

    def _step(self, by: int) -> None:
        self.moved.emit("z", round(self.z.value + 0.01 * by, 10))

    def _lay_out(self) -> None:
        numbers = QGridLayout()
        numbers.setHorizontalSpacing(18)
        numbers.setVerticalSpacing(4)
        for place, field in enumerate((*self.fields.values(), self.z)):
            numbers.addWidget(field, place // 2, place % 2)
        outputs = in_row(*((view, 1) for view in self.views), spacing=8)
        in_column(numbers, self.bars, (outputs, 1), on=self, margins=0, spacing=5)

    def named_parts(self) -> Mapping[str, Named]:
        """Its controls by the last word of their keys."""
        found = {
            name: Named(field, self.tr("{name} in the Neuron lab").format(name=field.name))
            for name, field in {**self.fields, "z": self.z}.items()
        }
        found["terms"] = Named(self.bars, self.tr("What adds up to z in the Neuron lab"))
        for view in self.views:
            name = f"{view.title} output in the Neuron lab"
            found[f"output[{view.activation}]"] = Named(view.plot, name)
        return found

    def show_neuron(self, state: Neuron) -> None:
        """Show these numbers."""
        numbers = (state.x[0], state.w[0], state.x[1], state.w[1], state.b)
        for field, value in zip(self.fields.values(), numbers, strict=True):
            field.set_value(value)
        z = round(state.z, 12)
        self.z.set_value(z)
        products = self._name_inputs(state)
        terms = [
            (products[0], state.terms[0]),
            (products[1], state.terms[1]),
            *([(text.counted(state.count, "other input"), state.others)] if state.count else []),
            ("b", state.b),
            ("z", z),
        ]
        self.bars.show_terms(terms)
        for view in self.views:
            view.show_z(z)

    def _name_inputs(self, state: Neuron) -> list[str]:
        """Name the fields after the inputs, and the products too."""
        own = state.names == Neuron().names
        products = []
        for place, name in enumerate(text.printed(each, MOST_NAME) for each in state.names):
            number = place + 1
            weight = f"w{text.subscript(number)}"
            self.fields[f"x{number}"].rename(name)
            self.fields[f"w{number}"].rename(weight if own else f"w of {name}")
            products.append(f"{weight}·{name}" if own else f"w·{name}")
        return products
