"""What is selected, looked at or hovered: what canvas and panels share besides the document."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from core.view import View


class Selection(QObject):
    """The view of the document, which is saved with it, and the hovered unit, which is not.

    Setting a value to what it is already tells nobody.
    """

    changed = Signal(object, object)  # (old, new) Views
    layer_changed = Signal(object)  # int
    unit_hovered = Signal(object)  # (layer, unit), units from 0, or None
    example_changed = Signal(object)  # column of the training examples, from 0, or None

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.view = View()
        self.unit: tuple[int, int] | None = None

    @property
    def layer(self) -> int:
        """The selected layer; 0 is the input."""
        return self.view.layer

    @property
    def example(self) -> int | None:
        """The chosen example."""
        return self.view.example

    def show(self, view: View) -> None:
        """Look at the document this way."""
        old, self.view = self.view, view
        if view == old:
            return
        self.changed.emit(old, view)
        if view.layer != old.layer:
            self.layer_changed.emit(view.layer)
        if view.example != old.example:
            self.example_changed.emit(view.example)

    def set(self, **options: object) -> None:
        """Change these fields of the view."""
        self.show(replace(self.view, **options))

    def select_layer(self, layer: int) -> None:
        self.set(layer=layer)

    def select_example(self, example: int | None) -> None:
        self.set(example=example)

    def hover_unit(self, unit: tuple[int, int] | None) -> None:
        if unit != self.unit:
            self.unit = unit
            self.unit_hovered.emit(unit)
