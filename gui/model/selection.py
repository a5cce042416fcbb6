"""The selection that canvas and panels share: layer, unit, example, highlights, hover."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from core.by_hand import Place
from core.data.examples import Indices
from core.project import Project
from core.view import MOST_PINS, View, fitted

NOTHING: Indices = np.empty(0, np.intp)
NOTHING.setflags(write=False)


class Selection(QObject):
    """The view options of the document, which are saved with it, and the hovered unit and
    highlighted examples, which are not.

    `lit` are the highlighted examples, in ascending order; empty: none. They are counted from 0
    over the training examples, then the test examples. Setting a value that is already set emits
    nothing.
    """

    changed = Signal(object, object)  # (old, new) Views
    layer_changed = Signal(object)  # int
    unit_hovered = Signal(object)  # (layer, unit), units from 0, or None
    example_changed = Signal(object)  # column of the training examples, from 0, or None
    lit_changed = Signal(object)  # Indices
    cut_changed = Signal(object)  # two rows of X, or None
    traced_changed = Signal(object)  # Place, or None
    pointed_out = Signal(object, object)  # layer, units: the user should look at them

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.view = View()
        self.unit: tuple[int, int] | None = None
        self.lit = NOTHING

    @property
    def layer(self) -> int:
        """The selected layer; 0 is the input."""
        return self.view.layer

    @property
    def example(self) -> int | None:
        """The chosen example."""
        return self.view.example

    @property
    def cut(self) -> tuple[int, int] | None:
        """The two inputs (rows of X) that span the shown plane; None: the usual two."""
        return self.view.cut

    @property
    def traced(self) -> Place | None:
        """The parameter that is plotted over the run."""
        return None if self.view.traced is None else Place(*self.view.traced)

    def show(self, view: View) -> None:
        """Set the view options."""
        old, self.view = self.view, view
        if view == old:
            return
        self.changed.emit(old, view)
        if view.layer != old.layer:
            self.layer_changed.emit(view.layer)
        if view.example != old.example:
            self.example_changed.emit(view.example)
        if view.cut != old.cut:
            self.cut_changed.emit(view.cut)
        if view.traced != old.traced:
            self.traced_changed.emit(self.traced)

    def set(self, **options: object) -> None:
        """Change these fields of the view."""
        self.show(replace(self.view, **options))

    @property
    def chosen(self) -> tuple[int, int] | None:
        """The chosen unit: (layer, unit), from 0."""
        return None if self.view.unit is None else (self.view.layer, self.view.unit)

    def select_layer(self, layer: int) -> None:
        if layer != self.layer:
            self.set(layer=layer, unit=None)

    def choose_unit(self, layer: int, unit: int | None) -> None:
        """Select a layer, and one unit of it or none."""
        self.set(layer=layer, unit=unit)

    def point_out(self, layer: int, units: Sequence[int]) -> None:
        """Select the first of these units of a layer, or the layer, and point at it."""
        self.choose_unit(layer, units[0] if units else None)
        self.hover_unit((layer, units[0]) if units else None)
        self.pointed_out.emit(layer, units)

    def pin(self, unit: tuple[int, int], on: bool = True) -> None:
        """Pin a unit (layer, unit), or unpin it; of too many, the oldest is unpinned."""
        pins = tuple(pin for pin in self.view.pins if pin != unit)
        self.set(pins=(*pins, unit)[-MOST_PINS:] if on else pins)

    def select_example(self, example: int | None) -> None:
        self.set(example=example)

    def step_example(self, step: int, m: int) -> None:
        """Go to the next (+1) or the previous (-1) of m training examples, around the ends."""
        start, first = self.example, 0 if step > 0 else -1
        self.select_example((first if start is None else start + step) % m)

    def look_along(self, cut: tuple[int, int] | None) -> None:
        self.set(cut=cut)

    def trace(self, place: Place | None) -> None:
        self.set(traced=None if place is None else tuple(place))

    def hover_unit(self, unit: tuple[int, int] | None) -> None:
        if unit != self.unit:
            self.unit = unit
            self.unit_hovered.emit(unit)

    def light(self, examples: Iterable[int] | Indices = NOTHING) -> None:
        """Highlight these examples, and no others; read-only and sorted in `lit`."""
        given = examples if isinstance(examples, np.ndarray) else list(examples)
        lit = np.unique(np.asarray(given, np.intp))
        lit.setflags(write=False)
        if not np.array_equal(lit, self.lit):
            self.lit = lit
            self.lit_changed.emit(lit)

    def follow_edit(self, old: Project, new: Project) -> None:
        """New examples have other numbers: clear the highlight. New data have other inputs."""
        self.show(fitted(self.view, new))
        shown = new.data
        if (old.data.source, old.data.own) != (shown.source, shown.own):
            self.set(cut=None, output=None)
        if replace(old.data, features=shown.features, normalize=shown.normalize) != shown:
            self.light()
