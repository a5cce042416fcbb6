"""Commands on the selected unit: mute, freeze, clone, nudge and pin."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from core import edits
from core.by_hand import Clone, column_of, nudge, row_of
from core.errors import LayerwiseError
from core.layers import MAX_UNITS, why_not_muted
from core.nn.activations import ACTIVATIONS
from core.nn.parameters import Parameters
from core.project import Project
from gui.canvas.commands import Actions
from gui.canvas.scene import NetworkScene
from gui.model.document import Document
from gui.model.selection import Selection
from gui.style import text

CHOOSE = "Choose a unit first: click it, or press ↑ ↓ on the canvas."
NAMES = (
    "mute",
    "freeze",
    "clone",
    "nudge",
    "pin",
    "lab",
)  # of the actions, in menu order


class UnitCommands(QObject):
    """Each command is one undo step, except pinning, which is not an edit."""

    refused = Signal(str)
    pinned = Signal()  # another unit was pinned
    lab_wanted = Signal(int, int)  # the layer and the unit, from 0, to open in a lab

    def __init__(
        self, document: Document, selection: Selection, scene: NetworkScene, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document, self._selection, self._scene = document, selection, scene

    @property
    def _project(self) -> Project:
        return self._document.project

    @property
    def name(self) -> str:
        """The name of the selected unit as written: a₂[1]."""
        l, unit = self._chosen()
        return text.symbol("a", unit + 1, l)

    # --- edits -----------------------------------------------------------------------------------

    def mute(self) -> None:
        """Mute the unit, or unmute it."""
        (l, unit), on = self._chosen(), not self.is_muted
        words = f"{'Mute' if on else 'Unmute'} {self.name}"
        self._edit(lambda: edits.mute_unit(self._project, l, unit, on), words)

    def freeze(self) -> None:
        """Freeze its weights and bias, or train them again."""
        (l, unit), on = self._chosen(), not self.is_frozen
        words = f"{'Freeze' if on else 'Thaw'} {self.name}"
        self._edit(lambda: edits.freeze_unit(self._project, l, unit, on), words)

    def clone(self) -> None:
        """Add a copy of it to the layer; the two share the outgoing weights equally."""
        (l, unit), p = self._chosen(), self._parameters()
        if p is None:
            return
        try:
            after = edits.clone_unit(self._project, l, unit)
            words, back = f"Clone {self.name}", column_of(p, l, unit)
            self._document.set_by_hand(words, back, Clone(l, unit), project=after)
        except LayerwiseError as error:
            self.refused.emit(str(error))
            return
        self._selection.choose_unit(l, after.sizes()[l] - 1)

    def nudge(self) -> None:
        """Change its incoming weights slightly, at random, but equally for equal seeds."""
        (l, unit), p, snapshot = self._chosen(), self._parameters(), self._scene.picture.snapshot
        if p is None or snapshot is None:
            return
        seed = (self._project.network.seed, l, unit, snapshot.iteration, snapshot.adjusted)
        self._document.set_by_hand(
            self.tr("Nudge {name}").format(name=self.name),
            row_of(p, l, unit),
            nudge(p, l, unit, seed),
        )

    def pin(self) -> None:
        """Pin the unit, or unpin it."""
        on = not self.is_pinned
        self._selection.pin(self._chosen(), on)
        if on:
            self.pinned.emit()

    def open_lab(self) -> None:
        """Have the unit opened in the Neuron lab."""
        self.lab_wanted.emit(*self._chosen())

    # --- state ------------------------------------------------------------------------------

    @property
    def is_muted(self) -> bool:
        l, unit = self._selection.chosen or (0, -1)
        return unit in self._project.muted.get(l, ())

    @property
    def is_frozen(self) -> bool:
        l, unit = self._selection.chosen or (0, -1)
        return unit in self._project.frozen.get(l, ())

    @property
    def is_pinned(self) -> bool:
        return self._selection.chosen in self._selection.view.pins

    def why_not_choose(self) -> str:
        """Why there is nothing to do anything to; empty if there is."""
        return "" if self._selection.chosen and self._selection.layer else CHOOSE

    def why_not_pin(self) -> str:
        return "" if self._selection.chosen else CHOOSE

    def why_not_mute(self) -> str:
        if reason := self.why_not_choose():
            return reason
        reason = why_not_muted(self._project.network, self._selection.layer)
        return reason[:1].upper() + reason[1:]

    def why_not_clone(self) -> str:
        if reason := self.why_not_choose():
            return reason
        layers, l = self._project.network.layers, self._selection.layer
        if l == len(layers):
            return "A unit of the output layer cannot be cloned: its units follow the data."
        g = ACTIVATIONS[layers[l - 1].activation]
        if not g.elementwise:
            return f"A unit of a {g.label} layer cannot be cloned: that would change every share."
        return (
            "" if layers[l - 1].units < MAX_UNITS else f"A layer has at most {MAX_UNITS:,} units."
        )

    def _chosen(self) -> tuple[int, int]:
        chosen = self._selection.chosen
        assert chosen is not None, "the actions are disabled while none is chosen"
        return chosen

    def _parameters(self) -> Parameters | None:
        """The parameters of the run; None, after a message, if they are not available."""
        picture = self._scene.picture
        if picture.visited:
            self.refused.emit(
                self.tr(
                    "You are viewing an earlier iteration. To change a unit, return to the"
                    " latest iteration, or choose Continue from here."
                )
            )
            return None
        snapshot = picture.snapshot
        fits = snapshot is not None and snapshot.sizes == self._project.sizes(len(picture.features))
        return snapshot.parameters() if snapshot is not None and fits else None

    def _edit(self, make: Callable[[], Project], words: str) -> None:
        try:
            self._document.edit(words, make())
        except LayerwiseError as error:
            self.refused.emit(str(error))


def add_unit_actions(actions: Actions, does: UnitCommands) -> None:
    """The actions on the chosen unit, with the keys that work while the canvas has the keyboard."""
    add, choose = actions.add, does.why_not_choose
    tip = "Set the output of the selected unit to 0"
    add("mute", "Mute unit", does.mute, "M", why_not=does.why_not_mute, tip=tip,
        is_on=lambda: does.is_muted)  # fmt: skip
    tip = "Do not train the weights and bias of the selected unit"
    add("freeze", "Freeze unit", does.freeze, "Z", why_not=choose, tip=tip,
        is_on=lambda: does.is_frozen)  # fmt: skip
    tip = (
        "Add a copy of the selected unit and split its outgoing weights between both, so that the"
        " network computes the same"
    )
    add("clone", "Clone unit", does.clone, "C", why_not=does.why_not_clone, tip=tip)
    tip = "Add small random numbers to the weights into the selected unit"
    add("nudge", "Nudge unit", does.nudge, "N", why_not=choose, tip=tip)
    tip = "Show the selected unit large in the Pinned panel"
    add("pin", "Pin unit", does.pin, "P", why_not=does.why_not_pin, tip=tip,
        is_on=lambda: does.is_pinned)  # fmt: skip
    tip = "Take the weights, the bias and the inputs of the selected unit to the Neuron lab"
    add("lab", "Open unit in the Neuron lab", does.open_lab, "L", why_not=choose, tip=tip)
