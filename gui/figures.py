"""Pictures and hand-outs of the network, the current step and the panels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtWidgets import QApplication, QMainWindow

from core.errors import LayerwiseError
from core.files import disk
from gui.canvas.view import CanvasView
from gui.docks import Docks
from gui.files.open_save import Files, ask_save
from gui.model.selection import Selection
from gui.model.walk import Walk
from gui.panels.base import Panel
from gui.panels.stepper import StepperPanel
from gui.paper.dialog import PictureDialog, PictureSubject
from gui.paper.handout import Handout, check_small
from gui.paper.handout_dialog import HandoutDialog
from gui.paper.sheet import AIR, picture
from gui.paper.step import StepView, step_blocks
from gui.style import text
from gui.style.theme import Palette, theme

NO_STEP = "No step is recorded yet. Pause training and open the Stepper, then export again."
DOCUMENT = "Document (*.pdf)"
STEP_WIDTH = 900  # px of a step's picture at the usual size of its text


class Figures(QObject):
    """The dialog that exports pictures of anything visible; the commands differ in the initial
    choice.
    """

    done = Signal(str)  # a sentence on the written file

    def __init__(
        self, window: QMainWindow, canvas: CanvasView, docks: Docks, walk: Walk,
        selection: Selection, files: Files,
    ) -> None:  # fmt: skip
        super().__init__(window)
        self._window, self._canvas, self._docks = window, canvas, docks
        self._walk, self._selection, self._files = walk, selection, files

    # --- choices ---

    def subjects(self) -> list[PictureSubject]:
        """The network, the current step if there is one, and the visible panels."""
        shown = self.shown()
        step = [] if shown is None else [self._step(shown)]
        return [self._network(), *step, *self._panels()]

    def _network(self) -> PictureSubject:
        canvas = self._canvas

        def make(suffix: str, size: QSize, scale: float, palette: Palette) -> bytes:
            from gui.plots.export import encoded_scene  # late: plots take time to import

            ground = replace(palette, canvas=palette.surface)
            with theme().worn(ground, canvas), canvas.network.without_controls():
                return encoded_scene(canvas.network, suffix, size, scale, self._files.name)

        size = canvas.viewport().size()
        return PictureSubject(self.tr("Network"), f"{self._files.name}-network", size, make)

    def _step(self, shown: StepView) -> PictureSubject:
        def make(suffix: str, size: QSize, scale: float, palette: Palette) -> bytes:
            room = size.width() / scale - 2 * AIR
            title = shown.line.text
            return picture(step_blocks(shown, room), suffix, size.width(), scale, title, palette)

        title = self.tr("Step: {}").format(shown.step.title)
        name = f"{self._files.name}-{_plain(shown.step.chip)}"
        return PictureSubject(title, name, QSize(STEP_WIDTH, 1), make, tall=False)

    def _panels(self) -> Iterator[PictureSubject]:
        for name, panel in self._docks.panels.items():
            if panel.isVisible():
                dock = self._docks.by_name[name]
                make = partial(_encoded, panel)
                title = self.tr("Panel: {}").format(dock.windowTitle())
                file = f"{self._files.name}-{name.rpartition('.')[2]}"
                yield PictureSubject(title, file, _size_of(panel), make)

    def shown(self) -> StepView | None:
        """The view of the stepper; None without a recorded iteration."""
        stepper, walk = self._docks.panels.get("stepper"), self._walk
        if not isinstance(stepper, StepperPanel) or walk.record is None or walk.step is None:
            return None
        operation = stepper.operation
        return StepView(
            walk.record,
            walk.step,
            operation.line or walk.step.lines[0],
            operation.view,
            operation.digits,
            walk.column(self._selection.example),
            walk.entry,
            stepper.origin.as_chain.isChecked(),
        )

    # --- commands ---

    def network(self) -> None:
        """Ask for the size of a picture of the network, and for its file."""
        self._offer(0)

    def step(self) -> None:
        """The same for the current step."""
        if self.shown() is None:
            raise LayerwiseError(NO_STEP)
        self._offer(1)

    def panel(self, name: str = "") -> None:
        """The same for the panel of this name, or the focused one, or the first."""
        names = [key for key, panel in self._docks.panels.items() if panel.isVisible()]
        if not names:
            raise LayerwiseError("No panel is in sight: open one from the View menu first.")
        focused = QApplication.focusWidget()
        inside = [key for key in names if focused and self._docks.panels[key].isAncestorOf(focused)]
        chosen = name if name in names else (inside or names)[0]
        self._offer(len(self.subjects()) - len(names) + names.index(chosen))

    def _offer(self, first: int) -> None:
        dialog = PictureDialog(self._window, self.subjects(), first)
        dialog.open()

    def handout(self) -> None:
        """Ask for the hand-out's contents and file, and write it."""
        shown = self.shown()
        if shown is None:
            raise LayerwiseError(NO_STEP)
        dialog = HandoutDialog(self._window, shown.step.title, check_small(shown.record))
        dialog.accepted.connect(lambda: self._write_handout(dialog, shown))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _write_handout(self, dialog: HandoutDialog, shown: StepView) -> None:
        whole = dialog.whole.isChecked()
        steps = self._walk.steps if whole else (shown.step,)
        made = Handout(shown.record, steps, shown.column, dialog.blanks.value())
        at = text.count(shown.record.iteration)
        name = f"{self._files.name}-hand-out.pdf"
        path = ask_save(self._window, self.tr("Export a hand-out"), DOCUMENT, name)
        if path is None:
            return
        disk.replace(path, made.pdf(self.tr("{}, iteration {}").format(self._files.name, at)))
        self.done.emit(self.tr("Wrote the hand-out to {}.").format(disk.shown(path.name)))


def _encoded(panel: Panel, suffix: str, size: QSize, scale: float, palette: Palette) -> bytes:
    from gui.plots.export import encoded_widget  # late: plots take time to import

    return encoded_widget(panel, suffix, size, scale, palette)


def _size_of(panel: Panel) -> QSize:
    """Its width, and the height at which nothing in it needs to scroll."""
    return QSize(panel.width(), max(panel.height(), panel.minimumSizeHint().height()))


def _plain(words: str) -> str:
    """Words for the name of a file: `dW[2]` is `dW2`."""
    return "".join(letter for letter in words if letter.isalnum())
