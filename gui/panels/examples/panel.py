"""The examples panel: a table of label, prediction and loss, linked to every plot."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QPoint,
    Qt,
    Slot,
)
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QMenu,
    QTableView,
)

from core.data.examples import Indices, Split
from core.look.ask import Asks
from core.look.predictions import Predictions
from core.project import Project
from core.training import results
from core.training.messages import Snapshot
from core.training.outcomes import Answered
from gui.actions import make_action
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.panels.base import Panel
from gui.panels.examples.columns import MOST_INPUTS, Columns
from gui.panels.examples.model import ExamplesModel
from gui.parts import Named
from gui.plots.around import PlotOrSentence, switch
from gui.style import text
from gui.style.theme import theme
from gui.widgets import labels
from gui.widgets.card import Card
from gui.widgets.table import Table

TITLE = "Examples"
ROW = 24  # px
MOST_RUNS = 500  # ranges of rows that are selected again after sorting; more are only highlighted
MOST_COPIED = 1_000_000  # cells
NONE_WRONG = "Every prediction is right."
NONE_LIT = "No example is highlighted: lasso points, or click a cell of the confusion matrix."
NONE = "No example matches both filters: switch one of them off."
_FLAG = QItemSelectionModel.SelectionFlag


class ExamplesPanel(Panel):
    """Rows do not move during training; they are filtered and sorted again at rest.

    A selected row selects its example everywhere; several are highlighted in every plot.
    """

    def __init__(self, document: Document, training: Training, selection: Selection) -> None:
        super().__init__(document, training, selection)
        self._split: Split | None = None
        self._columns: Columns | None = None  # of that split
        self._answered: Answered | None = None
        self._arranged_at = 0  # the iteration whose values order the rows
        self._talking = False  # while setting selection or table: ignore their signals
        self.card = Card(TITLE, self)
        self.model = ExamplesModel(self)
        self.wrong_only = switch("wrong only", "Show only wrong predictions", self.arrange)
        self.test_only = switch("test only", "Show only test examples", self.arrange)
        self.lit_only = switch("lit only", "Show only highlighted examples", self.arrange)
        self.table = self._make_table()
        self.body = PlotOrSentence(self.table)
        self.caption = labels.caption("")
        self.copy_action = make_action(
            self.table, self.tr("&Copy"), self.copy, shortcuts=[QKeySequence.StandardKey.Copy],
            tip=self.tr("Copy the selected rows (or all rows) for a spreadsheet"),
        )  # fmt: skip
        self.sort_action = make_action(
            self.table, self.tr("&Sort by this column"), self._sort_here, shortcuts=["S"],
            tip=self.tr("Sort by the focused column; press again to reverse"),
        )  # fmt: skip
        for action in (self.copy_action, self.sort_action):
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            self.table.addAction(action)
        self._lay_out()
        self._connect()

    def _make_table(self) -> QTableView:
        table = Table(self.model, self.tr("Table of examples"), self, row=ROW)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header = table.horizontalHeader()
        # WORKAROUND for Qt 6: to paint a header it queries the selection of every row, which takes
        # seconds; can be removed when QHeaderView::initStyleOptionForIndex no longer does.
        header.setSelectionModel(QItemSelectionModel(self.model, header))
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self.model.sort_again)
        return table

    def _lay_out(self) -> None:
        self.card.add_header(self.caption)
        for box in (self.wrong_only, self.test_only, self.lit_only):
            self.card.add_header(box)
        self.card.fill(self, self.body)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.follow_view(self.wrong_only, "wrong_only")
        self.follow_view(self.test_only, "test_only")
        self.model.arranged.connect(self._on_arranged)
        self.table.selectionModel().selectionChanged.connect(self._on_rows)
        self.table.customContextMenuRequested.connect(self._open_menu)
        self.selection.example_changed.connect(self._on_example)
        self.selection.lit_changed.connect(self._on_lit)
        theme().changed.connect(self.table.viewport().update)

    def named_parts(self) -> Mapping[str, Named]:
        return {
            "wrong_only": Named(self.wrong_only, self.tr("Wrong predictions only")),
            "test_only": Named(self.test_only, self.tr("Test examples only")),
            "lit_only": Named(self.lit_only, self.tr("Highlighted examples only")),
            "table": Named(self.table, self.tr("Table of examples")),
        }

    def wants(self) -> Asks:
        return (Predictions(),)

    def show_project(self, old: Project | None, new: Project) -> None:
        own = new.data.own
        has_test = new.data.test_share > 0 or (own is not None and own.test_examples > 0)
        self.test_only.setEnabled(has_test)
        if not has_test:
            self.test_only.setChecked(False)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        answered = snapshot.answer(Predictions())
        if answered is None:
            return
        if answered is not self._answered:
            other = snapshot.split is not self._split
            self._split, self._answered = snapshot.split, answered
            self.wrong_only.setEnabled(snapshot.split.kind != "regression")
            if other or self._columns is None:
                self._columns = Columns(snapshot.split)
            self.model.show_columns(self._columns.at(answered))
            if other:
                self._size_columns()
                self._draw_lit()
        if snapshot.idle and self._arranged_at != answered.iteration:
            self.arrange()
        self._tell()

    def _size_columns(self) -> None:
        for i, column in enumerate(self.model.columns):
            self.table.setColumnWidth(i, column.width)

    # --- which rows, in which order ---

    def _sort_here(self) -> None:
        self.model.sort_again(max(self.table.currentIndex().column(), 0))

    @Slot()
    def arrange(self) -> None:
        """Sift and sort the rows by the values of now."""
        if self._split is not None and self._answered is not None:
            self.model.arrange(self._among(self._split, self._answered))

    def _among(self, split: Split, answered: Answered) -> NDArray[np.bool_] | None:
        """Which examples pass the filters; None: all."""
        m, test = split.train.m, split.test
        among = np.ones(m + (0 if test is None else test.m), np.bool_)
        if self.test_only.isChecked():
            among[:m] = False
        if self.wrong_only.isChecked() and split.kind != "regression":
            pairs = [(answered.train.A, split.train.Y)]
            if test is not None and answered.test is not None:
                pairs.append((answered.test.A, test.Y))
            right = [results.right(A, Y, split.kind) for A, Y in pairs]
            among &= ~np.concatenate([part for part in right if part is not None])
        if self.lit_only.isChecked():
            lit = np.zeros_like(among)
            lit[self.selection.lit[self.selection.lit < len(lit)]] = True
            among &= lit
        return None if among.all() else among

    @Slot()
    def _on_arranged(self) -> None:
        """The rows have moved: select those of the same examples again."""
        self._arranged_at = 0 if self._answered is None else self._answered.iteration
        self.body.say(self._why_empty())
        self._select_again()
        self._tell()

    def _why_empty(self) -> str:
        if len(self.model.examples) or self._split is None:
            return ""
        on = [box for box in (self.wrong_only, self.test_only, self.lit_only) if box.isChecked()]
        if len(on) > 1:
            return NONE
        return NONE_LIT if self.lit_only.isChecked() else NONE_WRONG

    def _tell(self) -> None:
        """How many rows there are of how many, and of when their order is."""
        split, shown, answered = self._split, len(self.model.examples), self._answered
        if split is None or answered is None:
            return
        every = split.train.m + (0 if split.test is None else split.test.m)
        some = "" if shown == every else f"{text.count(shown)} of "
        parts = [f"{some}{text.examples(every)}"]
        if len(split.train.X) > MOST_INPUTS:
            parts.append(f"the first {MOST_INPUTS} of {text.count(len(split.train.X))} inputs")
        if self._arranged_at != answered.iteration and self._depends_on_training():
            parts.append(f"rows as at iteration {text.count(self._arranged_at)}")
        if ", ".join(parts) != self.caption.text():
            self.caption.setText(", ".join(parts))

    def _depends_on_training(self) -> bool:
        by = self.model.sorted_by
        return self.wrong_only.isChecked() or (by is not None and by.live)

    # --- selection ---

    def _selected(self) -> list[int]:
        """The selected rows, ascending."""
        chosen = self.table.selectionModel().selection()
        parts = [chosen.at(i) for i in range(chosen.count())]
        return sorted({row for part in parts for row in range(part.top(), part.bottom() + 1)})

    @Slot(object, object)
    def _on_rows(self, _new: QItemSelection, _old: QItemSelection) -> None:
        """The user has selected rows: one selects its example, several are highlighted."""
        if self._talking or self._split is None:
            return
        rows, m = self._selected(), self._split.train.m
        self._talking = True
        if len(rows) > 1:
            self.selection.light(self.model.examples[rows])
            self._draw_lit()
        elif rows:
            example = int(self.model.examples[rows[0]])
            if example not in self.selection.lit:
                self.selection.light([example] if example >= m else [])
                self._draw_lit()
            self.selection.select_example(example if example < m else None)
        self._talking = False

    @Slot(object)
    def _on_example(self, _example: int | None) -> None:
        if not self._talking and self.isVisible():
            self._select_again()

    @Slot(object)
    def _on_lit(self, _lit: object) -> None:
        if self._talking:
            return
        self._draw_lit()
        if self.lit_only.isChecked():
            self.arrange()
        elif self.isVisible():
            self._select_again()

    def _draw_lit(self) -> None:
        self.model.light(self.selection.lit)

    def _select_again(self) -> None:
        """Select the rows of the highlighted examples or, without any, the selected example; scroll
        to it.
        """
        example, lit = self.selection.example, self.selection.lit
        row = None if example is None else self.model.row_of(example)
        rows = self.model.rows_of(lit) if len(lit) > 1 and row is None else np.empty(0, np.intp)
        if row is not None:
            rows = np.array([row], np.intp)
        last = len(self.model.columns) - 1
        chosen = QItemSelection()
        for first, end in _runs(rows):
            chosen.select(self.model.index(first, 0), self.model.index(end, last))
        self._talking = True
        model = self.table.selectionModel()
        if row is not None:
            model.setCurrentIndex(self.model.index(row, 0), _FLAG.NoUpdate)
            self.table.scrollTo(self.model.index(row, 0))
        elif len(rows):
            self.table.scrollTo(self.model.index(int(rows[0]), 0))
        model.select(chosen, _FLAG.ClearAndSelect)
        self._talking = False

    # --- copying ---

    def copy(self) -> None:
        """Put the selected rows on the clipboard; if there are not several, all that are shown."""
        rows = self._selected()
        if len(rows) < 2:
            rows = list(range(len(self.model.examples)))
        cells = len(rows) * len(self.model.columns)
        if cells > MOST_COPIED:
            self.noted.emit(
                self.tr(
                    "{rows} rows are too many to copy: select fewer, or use File ▸ Export ▸ Data."
                ).format(rows=text.count(len(rows)))
            )
            return
        QApplication.clipboard().setText(self.model.as_text(rows))
        self.noted.emit(
            self.tr("Copied {rows} as cells of a spreadsheet.").format(
                rows=text.counted(len(rows), "row")
            )
        )

    @Slot(QPoint)
    def _open_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([self.copy_action, self.sort_action])
        menu.popup(self.table.viewport().mapToGlobal(at))


def _runs(rows: Indices) -> list[tuple[int, int]]:
    """Ascending rows as ranges (first, last) of consecutive ones; none if they are many."""
    if not len(rows):
        return []
    breaks = np.flatnonzero(np.diff(rows) > 1)
    if len(breaks) >= MOST_RUNS:
        return []
    firsts, lasts = np.concatenate([[0], breaks + 1]), np.concatenate([breaks, [len(rows) - 1]])
    return [(int(rows[a]), int(rows[b])) for a, b in zip(firsts, lasts, strict=True)]
