"""The user's edits of the chain of layers; the canvas and the table of layers make them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from core import edits
from core.errors import LayerwiseError
from core.nn.activations import ACTIVATIONS
from core.project import Project
from gui.model.document import Document
from gui.model.selection import Selection
from gui.style.text import percent


class LayerEdits(QObject):
    """Each edits the document by one step and selects the layer it was about; edits with the same
    `key` are one step.
    """

    refused = Signal(str)  # why an edit cannot be made, as a sentence

    def __init__(self, document: Document, selection: Selection, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._selection = document, selection

    @property
    def project(self) -> Project:
        return self._document.project

    @property
    def last(self) -> int:
        """L, the number of the output layer."""
        return len(self.project.network.layers)

    @property
    def selected(self) -> int:
        return self._selection.layer

    def add(self, l: int, activation: str = "") -> bool:
        """Put in a hidden layer that becomes layer l."""
        layer = replace(edits.NEW_LAYER, activation=activation or edits.NEW_LAYER.activation)
        name = self.tr("Add hidden layer {layer}").format(layer=l)
        return self._edit(name, partial(edits.insert_layer, self.project, l, layer), l)

    def add_after_selected(self, activation: str = "") -> bool:
        return self.add(min(self.selected + 1, self.last), activation)

    def remove(self) -> bool:
        """Take the selected layer out."""
        l = self.selected
        name = self.tr("Remove layer {layer}").format(layer=l)
        remove = partial(edits.remove_layer, self.project, l)
        return self._edit(name, remove, min(l, self.last - 1))

    def duplicate(self) -> bool:
        """Insert a copy of the selected layer after it."""
        l = self.selected
        name = self.tr("Duplicate layer {layer}").format(layer=l)
        return self._edit(name, partial(edits.duplicate_layer, self.project, l), l + 1)

    def move_by(self, by: int) -> bool:
        return self.move(self.selected, self.selected + by)

    def move(self, l: int, to: int) -> bool:
        """Move hidden layer l to position `to`."""
        name = self.tr("Move layer {layer} to {to}").format(layer=l, to=to)
        return self._edit(name, partial(edits.move_layer, self.project, l, to), to)

    def set_units(self, l: int, units: int, key: str = "") -> bool:
        name = self.tr("Set units of layer {layer} to {units}").format(layer=l, units=units)
        return self._edit(name, partial(edits.set_units, self.project, l, units), l, key)

    def set_activation(self, l: int, activation: str, key: str = "") -> bool:
        label = ACTIVATIONS[activation].short_label
        name = self.tr("Set activation of layer {layer} to {label}").format(layer=l, label=label)
        return self._edit(name, partial(edits.set_activation, self.project, l, activation), l, key)

    def set_dropout(self, l: int, share: float, key: str = "") -> bool:
        some = self.tr("Drop {share} of layer {layer}")
        said = some if share else self.tr("Drop nothing of layer {layer}")
        name = said.format(share=percent(share, 0), layer=l)
        return self._edit(name, partial(edits.set_dropout, self.project, l, share), l, key)

    def _edit(self, name: str, make: Callable[[], Project], select: int, key: str = "") -> bool:
        """Edit the document and return whether anything changed; say why if it was refused."""
        before = self.project
        try:
            self._document.edit(name, make(), key)
        except LayerwiseError as error:
            self.refused.emit(str(error))
            return False
        self._selection.select_layer(select)
        return self.project != before
