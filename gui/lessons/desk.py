"""The parts of the window that a lesson uses, and access to them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QMainWindow, QWidget

from core.errors import LayerwiseError
from gui.canvas.view import CanvasView
from gui.docks import Docks
from gui.files.open_save import Files
from gui.files.recovery import Autosave
from gui.layouts import Layouts
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.model.walk import Walk
from gui.panels.stepper import StepperPanel
from gui.parts import Part, Parts, key_of, menu_of, rectangle_on_screen
from gui.stepper.check import GradientChecks
from gui.stepper.operation import CODE, MATRIX, ONE_EXAMPLE
from gui.sweep.command import Sweeps
from gui.widgets.captioned import Captioned
from gui.widgets.dock import Dock

VIEWS = {"matrix": MATRIX, "example": ONE_EXAMPLE, "code": CODE}
CHAIN = "chain"  # the view of an opened number, beside those of a step


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts of the window that a lesson uses."""

    window: QMainWindow
    document: Document
    training: Training
    selection: Selection
    walk: Walk
    files: Files
    autosave: Autosave
    canvas: CanvasView
    parts: Parts
    docks: Docks
    layouts: Layouts
    sweeps: Sweeps
    known: dict[str, Part] = field(default_factory=dict, repr=False)

    @property
    def lesson(self) -> Dock:
        """The dock of the lesson."""
        return self.docks.lesson

    @property
    def stepper(self) -> StepperPanel:
        """The panel of the walk."""
        panel = self.docks.panels["stepper"]
        assert isinstance(panel, StepperPanel)
        return panel

    @property
    def checks(self) -> GradientChecks:
        """The gradient checks of the walk."""
        return self.stepper.checks

    def hide_shapes(self, hidden: bool) -> None:
        """Write question marks for the shapes of canvas and walk, or the shapes again."""
        self.canvas.network.hide_shapes(hidden)
        self.stepper.operation.hide_shapes(hidden)

    def found(self, keys: Iterable[str]) -> list[Part]:
        """The parts of these keys that there are now."""
        parts: list[Part] = []
        for key in keys:
            with suppress(LayerwiseError):
                parts.append(self._found(key))
        return parts

    def _found(self, key: str) -> Part:
        """A part; widgets, which never change, are looked up once."""
        if key in self.known:
            return self.known[key]
        painted = self.canvas.part(key) if key.startswith("canvas.") else None
        if painted is not None:
            return painted
        part = self.parts.find(key)
        if part.widget is not None and key_of(part.widget) == key:
            self.known[key] = part
        return part

    def places(self, keys: Iterable[str]) -> list[QRect]:
        """The rectangles of these parts on the screen."""
        places = [_place_of(part) for part in self.found(keys)]
        return [place for place in places if not place.isEmpty()]

    def sees(self, name: str) -> bool:
        """Whether a panel is visible."""
        dock = self.docks.by_name.get(name)
        return dock is not None and dock.isVisible() and not dock.is_behind

    def views(self, name: str) -> bool:
        """Whether the stepper shows this view: matrix, example, code or chain."""
        stepper = self.stepper
        if name == CHAIN:
            return stepper.origin.as_chain.isChecked() and stepper.origin.isVisible()
        return stepper.isVisible() and stepper.operation.view == VIEWS.get(name, -1)


def _place_of(part: Part) -> QRect:
    """A part's rectangle; of a dock, the frame that is drawn, of a field, its caption too, of a
    control without room, the menu that has it.
    """
    if isinstance(part.widget, Dock):
        return rectangle_on_screen(part.widget, part.widget.card)
    if part.widget is not None and (menu := menu_of(part.widget)) is not None:
        return rectangle_on_screen(menu)
    if part.widget is not None and isinstance(around := part.widget.parentWidget(), Captioned):
        return rectangle_on_screen(around)
    return part.rectangle()


def on_screen(widget: QWidget) -> QRect:
    """The rectangle of a widget, in pixels of the screen."""
    return QRect(widget.mapToGlobal(widget.rect().topLeft()), widget.size())
