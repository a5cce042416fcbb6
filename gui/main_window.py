"""The main window: creates and connects all parts, and computes nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QCursor,
    QDragEnterEvent,
    QDropEvent,
    QImage,
    QKeyEvent,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QMainWindow, QToolBar, QWidget

from core.errors import LayerwiseError
from core.files.storage import Saved
from core.training.messages import Snapshot
from core.training.outcomes import Halt
from gui import errors
from gui.canvas.emphasis import emphasis_of
from gui.canvas.view import CanvasView
from gui.check.command import Checks
from gui.dialogs.film import SCENES
from gui.dialogs.questions import ask_clear
from gui.docks import Docks
from gui.files.code_export import CodeExport
from gui.files.data_import import Imports
from gui.files.film import Films
from gui.files.open_save import Files
from gui.files.recovery import PATIENCE, Autosave
from gui.labs.base import Lab
from gui.layouts import Layouts
from gui.lessons.command import Lessons
from gui.menus import Menus
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.model.walk import Walk
from gui.paint.painter import Painter
from gui.panels.controls import RunBar
from gui.panels.data.gallery import icon_of
from gui.panels.data.panel import DataPanel
from gui.parts import Parts, focus_part, name_part, name_parts
from gui.parts_lock import PartsLock
from gui.presentation import Presentation
from gui.style.theme import MODES, theme
from gui.sweep.command import Sweeps
from gui.widgets.dock import SIDE
from gui.widgets.rows import in_column
from gui.widgets.segments import Segments

if TYPE_CHECKING:
    from gui.figures import Figures

FRAME, TITLE_BAR = 8, 40  # px of a window frame, before it can be queried

AGAIN = "Play then starts again from iteration 0."
BROKEN = (
    "An error ended the run ({}). What it had learned is kept in Runs. Play starts again from"
    " iteration 0."
)
STILL_DIVERGED = "This run has diverged and cannot continue. Play starts again from iteration 0."


class MainWindow(QMainWindow):
    """One document, one run, and every view of them."""

    closed = Signal()  # for good: other open windows close too

    def __init__(self, saved: Saved, path: Path | None = None) -> None:
        super().__init__()
        self.document = Document(saved.project, self)
        self.training = Training(self.document, self, saved)
        self.selection = Selection(self)
        self.walk = Walk(self)
        self.files = Files(self.document, self.training, self.selection, self, saved, path)
        self.imports = Imports(self.document, self.training, self.files, self)
        self.autosave = Autosave(self.document, self.training, self.files, self)
        self.painter = Painter(self.document, self.training, self)
        self.sweeps = Sweeps(self.document, self.training, self)
        self.checks = Checks(self.document, self.training, self)
        self.lessons = Lessons(self)
        self.parts = Parts(self)
        PartsLock(self.parts)
        self.docking = Docks(self, self.document, self.training, self.selection, self.walk)
        self.docks, self.panels = self.docking.by_name, self.docking.panels
        self.layouts = Layouts(self, self.docking)
        self.presentation = Presentation(self, self.layouts)
        self._painted = self._shown = self._complete = False
        self._asks_on_close, self._closes = True, False
        self._withdrawn = False  # the system did not wait for an answer
        self._told_halt: Halt | None = None
        self._edited_since = False  # of the last message
        self._build_centre()
        self.docking.fill(late=False)
        scenes = {name: partial(self._frame, name) for name in SCENES}
        self.films = Films(self.training, self.files, self, scenes)
        self.codes = CodeExport(self.document, self.training, self.files, self)
        self._build_menus()
        self._connect()
        self._restore()
        self._show_title()

    def _frame(self, scene: str, size: QSize, words: str) -> QImage | None:
        """A frame of a film; None while a panel that it shows is hidden."""
        from gui.plots import frame  # pyqtgraph is loaded after the first paint
        from gui.plots.chart import Chart

        if scene == "network":
            with self.canvas.network.without_controls():
                return frame.of_scene(self.canvas.network, size, words)
        names = ("boundary",) if scene == "boundary" else ("boundary", "cost")
        panels = [self.panels[name] for name in names if name in self.panels]
        found = [plot for panel in panels for plot in panel.findChildren(Chart)]
        plots = [plot for plot in found if plot.isVisible()]
        return frame.of_plots(plots, size, words) if len(plots) == len(names) else None

    @cached_property
    def figures(self) -> Figures:
        """Exports pictures and hand-outs of visible parts."""
        from gui.figures import Figures  # late: typesetting takes time to import

        made = Figures(self, self.canvas, self.docking, self.walk, self.selection, self.files)
        made.done.connect(self._say)
        return made

    def _build_centre(self) -> None:
        self.run_bar = RunBar(self.document, self.training, self.selection)
        bar = QToolBar(self.tr("Run bar"), self)
        bar.setObjectName("run_bar")
        bar.setMovable(False)
        bar.toggleViewAction().setEnabled(False)
        bar.addWidget(self.run_bar)
        self.addToolBar(bar)
        name_part(self.run_bar, "runbar", self.tr("Run bar"))
        name_parts("runbar", self.run_bar.named_parts())
        self.canvas = CanvasView(self.document, self.selection)
        name_parts("canvas", self.canvas.named_parts())
        self.training.add_viewer(self.canvas)
        centre = QWidget()
        layout = in_column(self.canvas, on=centre)
        self.docking.keep_off_sides(layout)
        self.setContentsMargins(0, 0, 0, SIDE)
        self.setCentralWidget(centre)
        self.setAcceptDrops(True)

    def _build_late_panels(self) -> None:
        """Import and make, one by one, the panels that were left out of the first paint."""
        if self.docking.import_next():
            QTimer.singleShot(0, self._build_late_panels)
            return
        self.docking.fill(late=True)
        self._connect_walk()
        self._connect_painting()
        self._connect_runs()
        self._connect_doctor()
        self.lessons.list_in_menu()
        self.parts.listen()
        self._complete = True
        self.files.tell_set_aside()
        self.layouts.divide_at_first()
        self.autosave.offer()
        self.lessons.invite(self.canvas)

    def _connect_walk(self) -> None:
        """Walking lights the network up, and the network opens numbers of the walk."""
        walk = self.walk
        for signal in (
            walk.moved,
            walk.opened,
            walk.recorded,
            self.selection.example_changed,
            self.training.playing_changed,
            self.docks["stepper"].visibilityChanged,
        ):
            signal.connect(self._show_emphasis)
        walk.iteration_wanted.connect(self.training.step)
        walk.opened.connect(self._trace_opened)
        self.document.changed.connect(walk.follow_edit)
        self.canvas.edge_activated.connect(walk.open_edge)
        self.canvas.unit_activated.connect(self._open_unit)
        self.canvas.edge_activated.connect(self._show_stepper)
        self.canvas.unit_activated.connect(self._show_stepper)
        self.selection.example_changed.connect(self.layouts.room.bring_lens)
        self.training.playing_changed.connect(self._leave_walk)
        self._connect_stepper()

    def _connect_stepper(self) -> None:
        from gui.panels.stepper import StepperPanel  # late: typesetting takes time to import

        stepper = self.panels["stepper"]
        assert isinstance(stepper, StepperPanel)
        stepper.checks.failed.connect(self._reporter.report)

        def play_walk(on: bool) -> None:
            if on:
                self.start_walk()
            stepper.play(on)

        self.run_bar.walk_requested.connect(play_walk)
        slow = stepper.slow_motion
        slow.changed.connect(lambda: self.run_bar.show_walking(slow.playing and slow.endless))
        stepper.lab_wanted.connect(self._open_shapes)
        stepper.export_requested.connect(
            lambda array, name: self._try(lambda: self.files.export_table(array, name))
        )

    def _connect_painting(self) -> None:
        """Painting takes the mouse and the keys of the decision boundary."""
        from gui.paint.surface import PaintSurface  # late: the first paint does not wait for it
        from gui.paint.tools import PaintTools
        from gui.panels.boundary.panel import BoundaryPanel

        boundary = self.panels["boundary"]
        assert isinstance(boundary, BoundaryPanel)
        tools = PaintTools(self.painter)
        tools.left.connect(self.painter.stop)
        boundary.card.body.insertWidget(0, tools)
        PaintSurface(self.painter, boundary.plot)

    def _connect_runs(self) -> None:
        from gui.panels.runs.panel import RunsPanel  # late: plots take time to import

        panel = self.panels["runs"]
        assert isinstance(panel, RunsPanel)
        panel.clear_requested.connect(self.clear_runs)

    def clear_runs(self) -> None:
        """Forget the runs that ended, if that is meant."""
        runs = self.training.runs
        if runs.kept and ask_clear(self, len(runs.kept)):
            runs.clear()

    def _connect_doctor(self) -> None:
        """Show the parts that the doctor points at, and the doctor itself."""
        from gui.panels.doctor import DoctorPanel  # late, as all panels of its kind

        doctor = self.panels["doctor"]
        assert isinstance(doctor, DoctorPanel)
        doctor.wanted.connect(lambda key: focus_part(self.parts.find(key)))
        self.canvas.doctor_wanted.connect(self.docks["doctor"].bring)

    def paint(self) -> None:
        """Begin to paint points, or stop."""
        if self.painter.active:
            self.painter.stop()
        else:
            self.layouts.room.bring_sheet()
            self.painter.start()

    def walk_or_leave(self) -> None:
        """Begin to walk; while walking, return to the earlier layout."""
        if self.layouts.current == "walk" and self.docks["stepper"].isVisible():
            self.layouts.leave_walk()
        else:
            self.start_walk()

    def _show_stepper(self, *_: object) -> None:
        """Have the stepper in sight, with room for it."""
        if self.docks["stepper"].isHidden():
            self.layouts.enter_walk()
        self.docks["stepper"].bring()

    def _leave_walk(self, playing: bool) -> None:
        """Training continues: the walk is over."""
        if playing:
            self.layouts.leave_walk()

    def start_walk(self) -> None:
        """Pause, switch to the layout for walking, and focus the stepper."""
        self.training.pause()
        self.layouts.enter_walk()
        self.docks["stepper"].bring()
        if "stepper" in self.panels:
            self.panels["stepper"].setFocus()

    def _open_unit(self, l: int, unit: int) -> None:
        self.walk.open_unit(l, unit, self.walk.column(self.selection.example))

    def _open_in_lab(self, l: int, unit: int) -> None:
        """Open a unit, for the chosen example or the first one, in the Neuron lab."""
        from gui.labs.neuron.panel import NeuronLab  # late: most windows open no lab

        lab = self._bring_lab("labs.neuron")
        assert isinstance(lab, NeuronLab)
        lab.take_unit(l, unit, self.selection.example or 0)

    def _open_shapes(self, target: str, layer: int) -> None:
        """Open the equation that computes an array in the lab of shapes."""
        from gui.labs.shapes import ShapesLab  # late, as above

        lab = self._bring_lab("labs.shapes")
        assert isinstance(lab, ShapesLab)
        self._try(lambda: lab.take_equation(target, layer))

    def _open_picture(self, example: int) -> None:
        """Open a training example that is a picture next to its column."""
        from gui.labs.picture.panel import PictureLab  # late, as above

        lab = self._bring_lab("labs.picture")
        assert isinstance(lab, PictureLab)
        self._try(lambda: lab.show_example(example))

    def _bring_lab(self, name: str) -> Lab:
        """Make a lab, if necessary, and raise it."""
        lab, dock = self.docking.lab(name), self.docks[name]
        if dock.isHidden() or dock.is_behind:
            dock.toggle()
        return lab

    def _trace_opened(self, *_: object) -> None:
        """Show the run's history of an opened parameter; other numbers change nothing."""
        if self.walk.parameter is not None:
            self.selection.trace(self.walk.parameter)

    def _show_emphasis(self, *_: object) -> None:
        walk = self.walk
        seen = self.docks["stepper"].isVisible() and not self.training.playing
        if seen and walk.started and walk.record is not None and walk.step is not None:
            example = walk.column(self.selection.example)
            self.canvas.show_emphasis(emphasis_of(walk.record, walk.step, walk.trail, example))
        else:
            self.canvas.show_emphasis(None)

    @property
    def complete(self) -> bool:
        """Whether every panel has been built, which happens shortly after the first paint."""
        return self._complete

    def _build_menus(self) -> None:
        menus = Menus(self, self.parts, self._try)
        files = self.files, self.imports, self.films, self.codes
        self._import_menu = menus.add_files(*files, icon_of, lambda: self.figures)
        edit = menus.add_undo(self.document.undo_group)
        edit.addSeparator()
        text, tip = self.tr("&Paint points"), self.tr("Paint, erase and move points by hand")
        menus.put(edit, "edit.paint", text, self.paint, "Ctrl+B", tip=tip)
        menus.add_views(self.docking, self.layouts, self.presentation)
        menus.add(self.tr("&Network"), self.canvas.actions_by_name.values())
        train = menus.add(self.tr("&Train"), self.run_bar.actions_by_name.values())
        train.addSeparator()
        text = self.tr("&Walk through the next iteration")
        tip = self.tr("Pause and open the Walk layout; press again to go back")
        menus.put(train, "train.walk", text, self.walk_or_leave, "F8", tip=tip)
        text = self.tr("&Sweep…")
        tip = self.tr("Train with many hyperparameters at once, and compare")
        menus.put(train, "train.sweep", text, self.sweeps.show, "F9", tip=tip)
        learn = menus.add(self.tr("&Learn"))
        self.lessons.fill(learn, menus.put)
        learn.addSeparator()
        menus.add_labs(learn, self.docking)
        text = self.tr("&Check my NumPy…")
        tip = self.tr("Find the first line where your code differs from a correct pass")
        menus.put(learn, "learn.check", text, self.checks.ask, "Ctrl+Shift+K", tip=tip)
        menus.add_help()
        self._add_switch()

    def _add_switch(self) -> None:
        """The layout switch: in the menu bar, or in the run bar if the menu bar is the system's."""
        switch = self._switch = Segments(self.layouts.actions.values(), self.tr("Layout"))
        name_part(switch, "layout", self.tr("Layout switch"))
        if self.menuBar().isNativeMenuBar():
            self.run_bar.add_at_end(switch)
        else:
            self.menuBar().setCornerWidget(switch, Qt.Corner.TopRightCorner)

    def _try(self, carry_out: Callable[[], object]) -> None:
        """Run a command; its error is shown in the banner."""
        try:
            carry_out()
        except LayerwiseError as error:
            self._say(str(error), "error")

    def _connect(self) -> None:
        self._reporter = errors.install(lambda: self, self)
        self.document.edited.connect(self._on_edited)  # first: the edit may show its own message
        self.document.changed.connect(self.selection.follow_edit)
        self.files.changed.connect(self._show_title)
        self.files.done.connect(self._say)
        self.codes.done.connect(self._say)
        self.lessons.noted.connect(self._say)
        for part in (self.imports, self.films, self.sweeps):
            part.done.connect(self._say)
            part.failed.connect(self._reporter.report)
        data = self.panels["data"]
        assert isinstance(data, DataPanel)
        data.paint_requested.connect(self.paint)
        self.painter.noted.connect(self._say)
        data.lab_wanted.connect(self._open_picture)
        data.import_requested.connect(lambda: self._import_menu.popup(QCursor.pos()))
        self.autosave.failed.connect(self._reporter.report)
        self.training.arrived.connect(self._tell_of_halt)
        self.training.failed.connect(self._tell_of_failure)
        self.training.looked_in_vain.connect(self._reporter.log)
        self.training.runs.noted.connect(self._say)
        self.training.noted.connect(self._say)
        self.canvas.look_changed.connect(self.training.refresh)
        self.presentation.changed.connect(self.canvas.present)
        self.canvas.units.pinned.connect(self.docks["pinned"].bring)
        self.canvas.units.lab_wanted.connect(self._open_in_lab)
        self.canvas.commands.lab_wanted.connect(self._open_shapes)
        self.canvas.refused.connect(lambda sentence: self._say(sentence, "warning"))
        self.run_bar.lab_wanted.connect(lambda: self._bring_lab("labs.starts"))
        self.run_bar.noted.connect(self._say)
        self.run_bar.offered.connect(
            lambda words, name, act: errors.show_message(self, words, action=(name, act))
        )
        self.docking.noted.connect(self._say)
        self.docking.picture_wanted.connect(self._picture_of)

    def _picture_of(self, name: str) -> None:
        self._try(lambda: self.figures.panel(name))

    def _say(self, sentence: str, kind: str = "info") -> None:
        errors.show_message(self, sentence, kind)

    def _on_edited(self, *_: object) -> None:
        """Remove the message of the last edit; the new one may have its own."""
        errors.dismiss(self)
        if self.training.diverged:
            self._told_halt = None  # it still applies: say what Play does now
            self._edited_since = True

    def _tell_of_failure(self, error: Exception) -> None:
        """Say that an error ended the run, and how to continue."""
        expected = isinstance(error, LayerwiseError)
        self._reporter.report(error, "" if expected else BROKEN.format(type(error).__name__))

    def _tell_of_halt(self, snapshot: Snapshot) -> None:
        """Say once why a run stopped."""
        halt = snapshot.halt
        if halt is None:
            self._edited_since = False
        if halt is not None and halt is not self._told_halt:
            if halt.diverged:
                again = (self.tr("Reset and train"), self.training.play)
                sentence = STILL_DIVERGED if self._edited_since else f"{halt.sentence} {AGAIN}"
                errors.show_message(self, sentence, "error", action=again)
            else:
                self._say(halt.sentence)
        elif halt is None and self._told_halt is not None:
            told = self._told_halt.sentence
            for sentence in (told, f"{told} {AGAIN}", STILL_DIVERGED):
                errors.dismiss(self, sentence)
        self._told_halt = halt

    def _show_title(self) -> None:
        name = self.files.name.replace("[*]", "[*][*]")  # [*] twice shows it literally in Qt
        self.setWindowTitle(f"{name}[*]")
        self.setWindowModified(self.files.modified)

    def _restore(self) -> None:
        mode = QSettings().value("theme", "system")
        theme().set_mode(mode if mode in MODES else "system")
        self.presentation.restore()
        self.resize(self._first_size())
        self.layouts.restore()

    def _first_size(self) -> QSize:
        """As large as is good, with the frame that the desktop puts around it on the screen."""
        frame = QSize(2 * FRAME, TITLE_BAR + FRAME)
        return QSize(1600, 1000).boundedTo(self.screen().availableSize() - frame)

    def _keep_on_screen(self) -> None:
        """Keep every edge of the window on the screen; its frame is known only now."""
        room, frame = self.screen().availableGeometry(), self.frameGeometry()
        if self.windowState() == Qt.WindowState.WindowNoState and not room.contains(frame):
            around = frame.size() - self.size()
            self.resize(self.size().boundedTo(room.size() - around))
            frame = self.frameGeometry()
            x = max(min(frame.x(), room.right() + 1 - frame.width()), room.x())
            y = max(min(frame.y(), room.bottom() + 1 - frame.height()), room.y())
            self.move(x, y)
        self.layouts.raise_floating()

    def reset_layout(self) -> None:
        """Reset every panel of the layout to its place on the first start."""
        self.layouts.reset()

    def close_without_asking(self) -> None:
        """Close without questions, because the system requires it; an open one is withdrawn."""
        self._asks_on_close = False
        if self._closes and (question := QApplication.activeModalWidget()) is not None:
            self._withdrawn = True
            question.close()  # while the window is being closed, `close` alone does nothing
        self.close()

    def keep_work(self, *_: object) -> None:
        """The session may end: save unsaved work for the next window."""
        self.autosave.write(PATIENCE)

    def shut_down(self) -> None:
        """End the run's thread; the window is of no use afterwards."""
        self.training.close()
        self._reporter.unhook()
        self.deleteLater()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.canvas.setFocus()
        if not self._shown:
            self._shown = True
            QTimer.singleShot(0, self, self._keep_on_screen)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._build_late_panels)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        # Later: the drag ends only when this returns, and a question may come first.
        QTimer.singleShot(0, self, lambda: self._try(lambda: self._open_dropped(paths)))

    def _open_dropped(self, paths: list[Path]) -> None:
        if len(paths) == 1 and self.lessons.takes(paths[0]):
            self.lessons.open_file(paths[0])
        elif len(paths) == 1 and self.checks.takes(paths[0]):
            self.checks.check(paths[0])
        else:
            self.imports.open_dropped(paths)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif errors.dismiss(self) or self.layouts.restore_whole():
            return
        elif self.presentation.active:
            self.presentation.stop()
        else:
            self.selection.light()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()  # if anything below raises, the window stays
        self._closes = True
        try:
            self._end(event)
        finally:
            self._closes = False

    def _end(self, event: QCloseEvent) -> None:
        self.lessons.close()  # the user's own project is open again
        self.painter.end_stroke()  # the tool may be down: its stroke is kept
        unasked = not self._asks_on_close or not self.files.modified
        if self._asks_on_close and not self.files.may_discard() and not self._withdrawn:
            return
        unasked = unasked or self._withdrawn
        self.presentation.stop()
        self.layouts.save()
        self.imports.close()
        self.sweeps.close()
        self.films.close()
        self.checks.close()
        for lab in self.docking.labs:
            lab.end_work()
        if unasked and self.files.worth_keeping:
            self.autosave.leave()  # an unsaved run is never discarded without a question
        else:
            self.autosave.end()
        self.training.close()
        self.closed.emit()
        event.accept()
