"""The pinned units panel: several units, large and live, each with its own colour scale."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from core.look.units import Pins
from core.nn.activations import ACTIVATIONS, Array
from core.project import Project
from core.training.messages import Snapshot
from core.view import View
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.panels.base import Panel
from gui.panels.pinned.pin_cell import FOOT, HEAD, PinCell
from gui.parts import Named
from gui.plots.around import PlotOrSentence, switch
from gui.style import text
from gui.style.theme import theme
from gui.widgets.card import Card

TITLE = "Pinned units"
EMPTY = (
    "No unit is pinned. Select one on the canvas and press P, or right-click it, to keep it here."
)
SIDES = (64, 280)  # of a picture
GAP = 8

Unit = tuple[int, int]


class PinnedPanel(Panel):
    """The pinned units, in the order of pinning; they share the panel's room."""

    turn = 1

    def __init__(self, document: Document, training: Training, selection: Selection) -> None:
        super().__init__(document, training, selection)
        self._values: dict[Unit, Array] = {}
        self._z = False  # whether these are Z
        self._is_line = False  # whether they are over one input
        self.cells: dict[Unit, PinCell] = {}
        self.card = Card(TITLE, self)
        self.show_z = switch("z", "Show z, before the activation, instead of a", training.refresh)
        self.alike = switch(
            "one scale", "Use one colour scale for all units, to compare them", self._draw
        )
        self._room, self._grid = QWidget(), QGridLayout()
        self._area = QScrollArea()
        self.body = PlotOrSentence(self._area)
        self._lay_out()
        self.follow_view(self.show_z, "pinned_z")
        self.follow_view(self.alike, "pinned_alike")
        selection.changed.connect(self._on_view)
        theme().changed.connect(self._draw)
        self._show_pins()

    def _lay_out(self) -> None:
        self.card.add_header(self.show_z)
        self.card.add_header(self.alike)
        self._grid.setSpacing(GAP)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self._room.setLayout(self._grid)
        self._area.setWidget(self._room)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        for part in (self._area.viewport(), self._room):
            part.setAutoFillBackground(False)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.card.fill(self, (self.body, 1))

    def named_parts(self) -> Mapping[str, Named]:
        return {
            "z": Named(self.show_z, self.tr("Pinned units before their activation")),
            "one_scale": Named(self.alike, self.tr("One colour scale for pinned units")),
        }

    def wants(self) -> tuple[Pins]:
        view = self.selection.view
        return (Pins(view.pins, view.pinned_z, self.selection.cut),)

    def show_project(self, old: Project | None, new: Project) -> None:
        self._show_pins()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        found = snapshot.answer(*self.wants())
        if found is not None:
            self._is_line = found.plane.is_line
            if found.z != self._z:
                self._values, self._z = {}, found.z
            self._values.update(found.values)
            self._draw()
        self.body.say("" if self.cells else EMPTY)

    # --- content ---

    def _show_pins(self) -> None:
        """One cell for each pin."""
        pins = self.selection.view.pins
        for unit in [unit for unit in self.cells if unit not in pins]:
            self.cells.pop(unit).deleteLater()
        for unit in pins:
            name = self._name(unit)
            if unit in self.cells and self.cells[unit].name != name:
                self.cells.pop(unit).deleteLater()
            if unit not in self.cells:
                self.cells[unit] = self._cell(unit, name)
        self._values = {unit: self._values[unit] for unit in pins if unit in self._values}
        self.body.say("" if pins else EMPTY)
        self._arrange()
        self._show_chosen()
        self._draw()

    def _cell(self, unit: Unit, name: str) -> PinCell:
        cell = PinCell(unit, name, self._room)
        cell.chosen.connect(lambda unit: self.selection.choose_unit(*unit))
        cell.let_go.connect(lambda unit: self.selection.pin(unit, on=False))
        cell.show()
        return cell

    def _name(self, unit: Unit) -> str:
        l, i = unit
        if l == 0:
            data = self.document.project.data
            return text.input_name(data.features[i] if data.on_plane else f"x{i + 1}")
        return text.symbol("z" if self.selection.view.pinned_z else "a", i + 1, l)

    @Slot()
    def _draw(self) -> None:
        largest = max((_size(values) for values in self._values.values()), default=1.0)
        for unit, cell in self.cells.items():
            values = self._values.get(unit)
            cell.show_values(values, self._ends(unit, values, largest), is_line=self._is_line)

    def _ends(self, unit: Unit, values: Array | None, largest: float) -> tuple[float, float]:
        """The values at the ends of the colour scale: symmetric, as large as the unit itself, or
        the largest of them, needs; 0 and 1 for an output between these.
        """
        layers, (l, _) = self.document.project.network.layers, unit
        limits = ACTIVATIONS[layers[l - 1].activation].limits if 0 < l <= len(layers) else None
        if self.alike.isChecked() or values is None:
            return -largest, largest
        if limits is not None and limits[0] == 0 and not self._z:
            return limits
        return -_size(values), _size(values)

    @Slot(object, object)
    def _on_view(self, old: View, new: View) -> None:
        if (old.pins, old.pinned_z) != (new.pins, new.pinned_z):
            self._show_pins()
            if self.isVisible():
                self.training.refresh()
        elif (old.layer, old.unit) != (new.layer, new.unit):
            self._show_chosen()

    def _show_chosen(self) -> None:
        for unit, cell in self.cells.items():
            cell.set_chosen(unit == self.selection.chosen)

    # --- size ---

    def _arrange(self) -> None:
        """As large as all of them fit into the panel, in as many columns as that takes."""
        cells = [self.cells[unit] for unit in self.selection.view.pins]
        if not cells:
            return
        wide, high = self._area.width() - 4, self._area.height()
        sides = {columns: _side(len(cells), columns, wide, high) for columns in range(1, 9)}
        columns = max(sides, key=lambda n: sides[n])
        side = max(sides[columns], SIDES[0])
        if sides[columns] < SIDES[0]:  # they do not all fit: scroll
            columns = max(1, (wide + GAP) // (SIDES[0] + 4 + GAP))
        for place, cell in enumerate(cells):
            cell.set_side(min(side, SIDES[1]))
            self._grid.addWidget(cell, *divmod(place, columns))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, SIDES[0] + HEAD + FOOT + 60)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()


def _side(count: int, columns: int, wide: int, high: int) -> int:
    """The side of a picture when this many are in this many columns."""
    rows = -(-count // columns)
    across = (wide - (columns - 1) * GAP) // columns - 4
    down = (high - (rows - 1) * GAP) // rows - HEAD - FOOT
    return min(across, down)


def _size(values: Array) -> float:
    """The largest size of a number that is finite; 1 if all are 0."""
    finite = values[np.isfinite(values)]
    return float(np.abs(finite).max(initial=0.0)) or 1.0
