"""What is selected or hovered: the one thing canvas and panels share besides the document."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Selection(QObject):
    """The selected layer (0 is the input), the hovered unit and the chosen example.

    Setting a value to what it is already tells nobody.
    """

    layer_changed = Signal(object)  # int
    unit_hovered = Signal(object)  # (layer, unit), units from 0, or None
    example_changed = Signal(object)  # column of the training examples, from 0, or None

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.layer = 1
        self.unit: tuple[int, int] | None = None
        self.example: int | None = None

    def select_layer(self, layer: int) -> None:
        if layer != self.layer:
            self.layer = layer
            self.layer_changed.emit(layer)

    def hover_unit(self, unit: tuple[int, int] | None) -> None:
        if unit != self.unit:
            self.unit = unit
            self.unit_hovered.emit(unit)

    def select_example(self, example: int | None) -> None:
        if example != self.example:
            self.example = example
            self.example_changed.emit(example)
