"""The runs panel: every run of the document, to name, compare and reopen."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QMenu,
    QSplitter,
    QTableView,
)

from core.by_hand import RunPosition
from core.errors import LayerwiseError
from core.files.storage import Saved
from core.look.ask import Asks
from core.look.boundary import Boundary
from core.look.plane import Plane, plane_of
from core.runs import SCORES, EndedRun
from core.span import in_float32
from core.state import RunState
from core.training.messages import Snapshot
from gui.actions import make_action
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import PATIENCE, Training, check_run
from gui.panels.base import Panel
from gui.panels.runs.comparison import RunsCompared
from gui.panels.runs.difference import same_plane
from gui.panels.runs.model import NOW, RunsModel, SortedRuns
from gui.panels.runs.model import SIDE as PICTURE
from gui.parts import Named
from gui.plots.around import PlotOrSentence, switch
from gui.style import text
from gui.widgets import labels
from gui.widgets.buttons import button
from gui.widgets.card import Card
from gui.widgets.table import Table

TITLE = "Runs"
ROW = 34  # px
TABLE = 0.45  # of the width, next to a comparison
NOTHING_YET = "Train, change a setting, train again: every run is kept here for comparison."
COMPARE = "Select two or more to compare them"
_FLAG = QItemSelectionModel.SelectionFlag


def live(snapshot: Snapshot, picture: np.ndarray | None) -> EndedRun:
    """The current run so far, in the form of an ended one."""
    nothing = np.empty(0)  # it is not opened from here
    state = RunState(
        snapshot.iteration, snapshot.flat, nothing, snapshot.costs, snapshot.test_iterations,
        snapshot.test_costs, marks=snapshot.marks, cost_iterations=snapshot.cost_iterations,
    )  # fmt: skip
    train, test = snapshot.train, snapshot.test
    return EndedRun(
        NOW, snapshot.project, state, train.cost, train.accuracy,
        None if test is None else test.cost, None if test is None else test.accuracy, picture,
        drawn=snapshot.drawn, r2=train.r2, test_r2=None if test is None else test.r2,
    )  # fmt: skip


class RunsPanel(Panel):
    """A table of the runs; the selected ones, if there are two or more, are compared next to it."""

    clear_requested = Signal()  # after a question

    def __init__(self, document: Document, training: Training, selection: Selection) -> None:
        super().__init__(document, training, selection)
        self._now: EndedRun | None = None
        self._run = 0  # the training's number for that one
        self._kept: tuple[EndedRun, ...] | None = None  # those that are shown
        self._divided = False  # whether the comparison has had its share of the room
        self.card = Card(TITLE, self)
        self.model = RunsModel(self)
        self.sorted = SortedRuns(self.model, self)
        self.table = self._make_table()
        self.compared = RunsCompared()
        self.compared.plane_of = self._plane_of
        self.log = switch("log", "Logarithmic scale: equal steps are equal factors", self._on_log)
        self.test = switch("test", "Show test costs too (dashed)", self._on_test)
        self.caption = labels.caption("")
        self.open_button = button(self.tr("Open"))
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.body = PlotOrSentence(self.split)
        self._make_actions()
        self._lay_out()
        self._connect()

    def named_parts(self) -> Mapping[str, Named]:
        return {
            "table": Named(self.table, self.tr("Table of runs")),
            "log": Named(self.log, self.tr("Logarithmic scale of the runs")),
            "test": Named(self.test, self.tr("Test costs of the runs")),
        }

    def _make_table(self) -> QTableView:
        table = Table(self.sorted, self.tr("Table of runs"), self, row=ROW)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.setIconSize(QSize(PICTURE, PICTURE))
        header = table.horizontalHeader()
        header.setStretchLastSection(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        table.setSortingEnabled(True)
        for i, column in enumerate(self.model.columns):
            table.setColumnWidth(i, column.width)
        return table

    def _make_actions(self) -> None:
        enter = ["Return", "Enter"]
        keys, table = QKeySequence.StandardKey, self.table
        self.open_action = make_action(
            table, self.tr("&Open this run"), self.open, shortcuts=enter,
            tip=self.tr("Open this run with its settings, to continue it; Ctrl+Z goes back"),
        )  # fmt: skip
        self.rename_action = make_action(
            table, self.tr("&Edit name or note"), self.edit, shortcuts=["F2"],
            tip=self.tr("Edit the focused note, or the name"),
        )  # fmt: skip
        self.note_action = make_action(
            table, self.tr("&Note…"), lambda: self._edit("note"), shortcuts=["Shift+F2"],
            tip=self.tr("Write a note for this run"),
        )  # fmt: skip
        self.copy_action = make_action(
            table, self.tr("&Copy"), self.copy, shortcuts=[keys.Copy],
            tip=self.tr("Copy the selected runs (or all) for a spreadsheet"),
        )  # fmt: skip
        self.sort_action = make_action(
            table, self.tr("&Sort by this column"), self._sort_here, shortcuts=["S"],
            tip=self.tr("Sort by the focused column; press again to reverse, then to clear"),
        )  # fmt: skip
        self.remove_action = make_action(
            table, self.tr("&Remove"), self.remove, shortcuts=["Del", "Backspace"],
            tip=self.tr("Remove the selected runs"),
        )  # fmt: skip
        self.back_action = make_action(
            table, self.tr("&Restore removed runs"), self.bring_back,
            shortcuts=["Shift+Ins"], tip=self.tr("Restore the runs removed last"),
        )  # fmt: skip
        self.clear_action = make_action(
            table, self.tr("C&lear all…"), self.clear_requested.emit,
            tip=self.tr("Remove all runs"),
        )  # fmt: skip
        self.actions_of_runs = (
            self.open_action, self.rename_action, self.note_action, self.copy_action,
            self.sort_action, self.remove_action, self.back_action, self.clear_action,
        )  # fmt: skip
        for action in self.actions_of_runs:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            table.addAction(action)

    def _lay_out(self) -> None:
        self.open_button.setToolTip(self.open_action.toolTip())
        for part in (self.caption, self.test, self.log, self.open_button):
            self.card.add_header(part)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.table)
        self.split.addWidget(self.compared)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 1)
        self.card.fill(self, self.body)
        self.setFocusProxy(self.table)
        self.body.say(NOTHING_YET)
        self._show_selected()

    def _connect(self) -> None:
        runs = self.training.runs
        self.follow_view(self.log, "log_runs")
        self.follow_view(self.test, "test_of_runs")
        runs.changed.connect(self._on_runs)
        self.model.renamed.connect(runs.rename)
        self.model.noted.connect(runs.note)
        self.table.selectionModel().selectionChanged.connect(self._show_selected)
        self.table.customContextMenuRequested.connect(self._open_menu)
        self.table.doubleClicked.connect(self._on_double_click)
        self.open_button.clicked.connect(self.open)

    def wants(self) -> Asks:
        return (Boundary(),) if self.training.runs.kept else ()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        if snapshot.run != self._run:
            self._run, self._now = snapshot.run, None
            self.compared.curves.forget(NOW)
        picture = None if self._now is None else self._now.picture
        if (field := snapshot.answer(Boundary())) is not None:
            picture = in_float32(field.values)
        first = self._now is None
        self._now = live(snapshot, picture)
        if first or self._kept is not self.training.runs.kept:
            self._show_runs()
        else:
            self.model.show_now(self._now)
            self.compared.show_now(self._now)

    # --- content ---

    @Slot()
    def _on_runs(self) -> None:
        if self.isVisible():
            self._show_runs()
            self.training.refresh()

    def _show_runs(self) -> None:
        self._kept = kept = self.training.runs.kept
        self.model.show_runs(kept, self._now)
        self.body.say("" if kept else NOTHING_YET)
        shown = [*kept, *([] if self._now is None else [self._now])]
        for i, column in enumerate(self.model.columns):
            if column.name in SCORES:
                there = any(getattr(run, column.name) is not None for run in shown)
                self.table.setColumnHidden(i, not there)
        self._show_selected()

    def selected(self) -> list[EndedRun]:
        """The selected runs, in the order of the table."""
        rows = {index.row() for index in self.table.selectionModel().selectedRows()}
        return [self.sorted.run_at(row) for row in sorted(rows)]

    @Slot()
    def _show_selected(self) -> None:
        selected = self.selected()
        several = len(selected) > 1
        self.model.mark_seeds_of(selected)
        self._show_compared(several)
        self.log.setVisible(several)
        self.test.setVisible(several)
        if several:
            self.compared.show_runs(selected)
        kept = [run for run in selected if run.number != NOW]
        for made in (self.open_action, self.rename_action, self.note_action, self.open_button):
            made.setEnabled(len(selected) == 1 and len(kept) == 1)
        self.remove_action.setEnabled(bool(kept))
        self.back_action.setEnabled(bool(self.training.runs.removed))
        self.open_button.setVisible(bool(self.training.runs.kept))
        count = len(self.training.runs.kept)
        words = text.counted(count, "ended run")
        hint = "" if several or count + (self._now is not None) < 2 else f" · {COMPARE}"
        self.caption.setText(f"{words}{hint}" if count else "")

    def _plane_of(self, run: EndedRun) -> Plane | None:
        """The plane of a run's picture, if it is the same as the current run's."""
        seen = self.training.latest
        if seen is None or not same_plane(run.project.data, seen.project.data):
            return None
        plane = plane_of(seen.split)
        return plane if plane.cut is None else None

    def _show_compared(self, on: bool) -> None:
        """Show the comparison; the first time it takes its share of the room."""
        first = on and not self._divided
        self.compared.setVisible(on)
        if first:
            self._divided = True
            wide = self.split.width()
            self.split.setSizes([round(TABLE * wide), round((1 - TABLE) * wide)])

    def _on_log(self) -> None:
        self.compared.curves.set_logarithmic(self.log.isChecked())

    def _on_test(self) -> None:
        self.compared.curves.show_test(self.test.isChecked())

    # --- actions ---

    @Slot()
    def open(self) -> None:
        """Continue the selected run: its project, parameters and curves, as one undoable edit."""
        selected = self.selected()
        if len(selected) != 1 or selected[0].number == NOW:
            return
        try:
            self._open(selected[0])
        except LayerwiseError as error:
            self.noted.emit(
                self.tr("{title} cannot be opened: {error}").format(
                    title=selected[0].title, error=error
                )
            )

    def _open(self, run: EndedRun) -> None:
        training, own = self.training, self.training.data_cache.of(run.project)
        if run.project.data.own is not None and own is None:
            raise LayerwiseError("its own data are no longer in memory.")
        check_run(Saved(run.project, run.state, own))
        training.pause()
        stand = training.stand(PATIENCE)
        before = training.back_to(stand)
        after = RunPosition(run.start, run.state)
        self.document.set_by_hand(
            self.tr("Open {title}").format(title=run.title), before, after, project=run.project
        )
        self.noted.emit(
            self.tr(
                "Opened {title} at iteration {iteration}. Press Play to continue it;"
                " Ctrl+Z goes back."
            ).format(title=run.title, iteration=text.count(run.state.iteration))
        )

    def edit(self) -> None:
        """Edit the focused note, or the name."""
        at = self.table.currentIndex()
        named = self.model.columns[at.column()].name if at.isValid() else "name"
        self._edit("note" if named == "note" else "name")

    def _edit(self, what: str) -> None:
        rows = self.table.selectionModel().selectedRows()
        names = [column.name for column in self.model.columns]
        if len(rows) == 1:
            index = self.sorted.index(rows[0].row(), names.index(what))
            self.table.selectionModel().setCurrentIndex(index, _FLAG.NoUpdate)
            self.table.scrollTo(index)
            self.table.edit(index)

    @Slot(QModelIndex)
    def _on_double_click(self, index: QModelIndex) -> None:
        if self.model.columns[index.column()].name == "note":
            self._edit("note")
        else:
            self.open()

    def _sort_here(self) -> None:
        """As a click on the header does: up, down, and by time again."""
        header, column = self.table.horizontalHeader(), max(self.table.currentIndex().column(), 0)
        order = Qt.SortOrder
        if header.sortIndicatorSection() != column:
            header.setSortIndicator(column, order.AscendingOrder)
        elif header.sortIndicatorOrder() == order.AscendingOrder:
            header.setSortIndicator(column, order.DescendingOrder)
        else:
            header.setSortIndicator(-1, order.AscendingOrder)

    def remove(self) -> None:
        """Remove the selected runs."""
        going = [run for run in self.selected() if run.number != NOW]
        if not going:
            return
        self.training.runs.remove([run.number for run in going])
        what = going[0].title if len(going) == 1 else f"{text.count(len(going))} runs"
        back = self.back_action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self.noted.emit(
            self.tr("Removed {what}; {back} in the table restores it.").format(what=what, back=back)
        )

    def bring_back(self) -> None:
        """Restore the runs that were removed last."""
        self.training.runs.bring_back()

    def copy(self) -> None:
        """Put the selected runs on the clipboard; if there are not several, all of them."""
        runs = self.selected()
        if len(runs) < 2:
            runs = [self.sorted.run_at(row) for row in range(self.sorted.rowCount())]
        QApplication.clipboard().setText(self.model.as_text(runs))
        self.noted.emit(
            self.tr("Copied {runs} as cells of a spreadsheet.").format(
                runs=text.counted(len(runs), "run")
            )
        )

    @Slot(QPoint)
    def _open_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        menu.addActions(list(self.actions_of_runs))
        menu.popup(self.table.viewport().mapToGlobal(at))
