"""The model of the runs table: the current run first, then ended ones, newest first."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QIcon, QPixmap
from PySide6.QtWidgets import QWidget

from core.cells import line_of
from core.edits import kind_of_labels
from core.project import Project
from core.runs import EndedRun, drawn_alike
from gui.plots.prediction import thumbnail
from gui.style import text
from gui.style.theme import BODY, theme, ui_font
from gui.widgets.setting_words import changes

Index = QModelIndex | QPersistentModelIndex
NOW = 0  # the number of the current run
NOW_NAME = "Now"
NOT_DRAWN = "–"  # instead of the seed of weights that it did not draw
NOT_DRAWN_TIP = "It started from the weights of another run, or from imported weights"
SIDE = 28  # px of a picture
_ROLE = Qt.ItemDataRole
SortKey = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class RunColumn:
    """A column: its title, its text for a run, its sort key, its width."""

    name: str
    title: str
    tip: str
    said: Callable[[EndedRun], str]
    key: Callable[[EndedRun], SortKey]
    width: int
    number: bool = True
    exact: Callable[[EndedRun], str] | None = None


def _written(value: float | None, share: bool) -> str:
    if value is None:
        return ""
    return text.percent(value) if share else text.number(value, sign=False)


def _measure(name: str, title: str, tip: str, share: bool = False) -> RunColumn:
    def of(run: EndedRun) -> float | None:
        value: float | None = getattr(run, name)
        return value

    def key(run: EndedRun) -> SortKey:
        value = of(run)
        return (math.inf,) if value is None or math.isnan(value) else (value,)

    return RunColumn(
        name, title, tip, lambda run: _written(of(run), share), key, 76,
        exact=lambda run: "" if of(run) is None else repr(of(run)),
    )  # fmt: skip


def natural(words: str) -> SortKey:
    """Sorts "Run 10" after "Run 9"."""
    parts = re.split(r"(\d+)", words.casefold())
    return tuple(int(part) if part.isdecimal() else part for part in parts)


def title_of(run: EndedRun) -> str:
    """The title of a run in the table."""
    return run.title if run.number != NOW else NOW_NAME


def seeds_of(project: Project) -> tuple[int, int]:
    """The data seed and the weight seed."""
    return project.data.seed, project.network.seed


class RunsModel(QAbstractTableModel):
    """Shows `runs`; its rows are identified by their numbers and stay selected while they change.

    Names and notes are edited in place: signals ask the owner of the runs to change them.
    """

    renamed = Signal(object, object)  # number, name
    noted = Signal(object, object)  # number, note

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.runs: list[EndedRun] = []
        self._pictures: dict[int, tuple[object, QIcon]] = {}
        self._changes: dict[int, str] = {}
        self._alike: frozenset[int] = frozenset()
        self._moving = False  # rows come or go: a change told in between would confuse the proxy
        self.columns = (
            RunColumn(
                "name", "Run", "Name of the run; F2 renames it", title_of,
                lambda run: natural(title_of(run)), 130, number=False,
            ),
            RunColumn(
                "changes", "What differs", "Settings that differ from the previous run",
                self.changes_of, lambda run: natural(self.changes_of(run)), 230, number=False,
            ),
            RunColumn(
                "iterations", "Iterations", "Number of iterations",
                lambda run: text.count(run.state.iteration), lambda run: (run.state.iteration,), 78,
                exact=lambda run: str(run.state.iteration),
            ),
            _measure("cost", "Cost", "Final cost on the training examples"),
            _measure("test_cost", "Test cost", "Final cost on the test examples"),
            _measure("accuracy", "Accuracy", "Accuracy on the training examples", True),
            _measure("test_accuracy", "Test acc.", "Accuracy on the test examples", True),
            _measure("r2", "R²", "Share of the training labels' variance that is explained"),
            _measure("test_r2", "Test R²", "Share of the test labels' variance that is explained"),
            RunColumn(
                "seeds", "Seeds", (
                    "Data seed and weight seed; = marks the same seeds as the selected run"
                ), self._seeds, lambda run: seeds_of(run.project), 76,
            ),
            RunColumn("note", "Note", "Your note; F2 edits it", lambda run: run.note,
                   lambda run: natural(run.note), 160, number=False),
        )  # fmt: skip
        theme().changed.connect(self._on_theme)

    def show_runs(self, kept: Sequence[EndedRun], now: EndedRun | None) -> None:
        """Show these, given from the oldest to the newest, and the current run."""
        wanted = [*([] if now is None else [now]), *reversed(kept)]
        self._changes.clear()
        numbers = {run.number for run in wanted}
        self._moving = True  # the selection is reset, and its listeners would mark other rows
        for row in reversed(range(len(self.runs))):
            if self.runs[row].number not in numbers:
                self.beginRemoveRows(QModelIndex(), row, row)
                self._pictures.pop(self.runs.pop(row).number, None)
                self.endRemoveRows()
        known = {run.number for run in self.runs}
        for row, run in enumerate(wanted):
            if run.number not in known:
                self.beginInsertRows(QModelIndex(), row, row)
                self.runs.insert(row, run)
                self.endInsertRows()
        self.runs, self._moving = wanted, False
        self._tell()

    def show_now(self, now: EndedRun) -> None:
        """Update the current run."""
        if self.runs and self.runs[0].number == NOW:
            if now.project != self.runs[0].project:
                self._changes.pop(NOW, None)
            self.runs[0] = now
            self.dataChanged.emit(self.index(0, 0), self.index(0, len(self.columns) - 1))

    def mark_seeds_of(self, selected: Sequence[EndedRun]) -> None:
        """Mark the runs that were drawn alike with one of these."""
        alike = frozenset(
            run.number
            for run in self.runs
            if any(other.number != run.number and drawn_alike(run, other) for other in selected)
        )
        if alike != self._alike:
            self._alike = alike
            self._tell()

    def changes_of(self, run: EndedRun) -> str:
        """The settings in which a run differs from the one before it; nothing for the first."""
        if run.number not in self._changes:
            row = next(i for i, each in enumerate(self.runs) if each.number == run.number)
            before = self.runs[row + 1] if row + 1 < len(self.runs) else None
            said = "" if before is None else changes(before.project, run.project)
            self._changes[run.number] = said
        return self._changes[run.number]

    def as_text(self, runs: Sequence[EndedRun]) -> str:
        """These runs with a line of names above them, cells apart by tabs, all digits there."""
        lines = [line_of(column.title for column in self.columns)]
        lines += [
            line_of((column.exact or column.said)(run) for column in self.columns) for run in runs
        ]
        return "\n".join(lines) + "\n"

    def _seeds(self, run: EndedRun) -> str:
        data, weights = seeds_of(run.project)
        said = str(weights) if run.drawn else NOT_DRAWN
        return f"{'= ' if run.number in self._alike else ''}{data} · {said}"

    def _picture(self, run: EndedRun) -> QIcon | None:
        if run.picture is None:
            return None
        known = self._pictures.get(run.number)
        if known is None or known[0] is not run.picture:
            seen = thumbnail(run.picture, kind_of_labels(run.project.data), theme().palette)
            pixmap = QPixmap.fromImage(seen)
            icon = QIcon()
            for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):  # it would be tinted
                icon.addPixmap(pixmap, mode)
            known = self._pictures[run.number] = (run.picture, icon)
        return known[1]

    def _tell(self) -> None:
        if self.runs and not self._moving:
            last = self.index(len(self.runs) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def _on_theme(self) -> None:
        self._pictures.clear()
        self._tell()

    # --- overrides of Qt ---

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self.runs)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == _ROLE.TextAlignmentRole:
            return self._aligned(column)
        return {_ROLE.DisplayRole: column.title, _ROLE.ToolTipRole: column.tip}.get(_ROLE(role))

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> object:
        if not index.isValid():
            return None
        run, column = self.runs[index.row()], self.columns[index.column()]
        answer = _ANSWERS.get(role)
        return None if answer is None else answer(self, run, column)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        run, column = self.runs[index.row()], self.columns[index.column()]
        if run.number != NOW and column.name in ("name", "note"):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def setData(self, index: Index, value: object, role: int = _ROLE.EditRole) -> bool:
        if role != _ROLE.EditRole or not index.isValid():
            return False
        told = self.renamed if self.columns[index.column()].name == "name" else self.noted
        told.emit(self.runs[index.row()].number, str(value))
        return True

    def _aligned(self, column: RunColumn) -> int:
        side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)

    def _said(self, run: EndedRun, column: RunColumn) -> str:
        return " ".join(column.said(run).split())

    def _tip(self, run: EndedRun, column: RunColumn) -> str:
        said = column.said(run)
        if column.name == "seeds" and not run.drawn:
            said = NOT_DRAWN_TIP
        elif column.name == "seeds" and run.number in self._alike:
            said = "Same examples and initial weights as the selected run"
        return text.tip(said)

    def _font(self, run: EndedRun, column: RunColumn) -> QFont:
        return ui_font(BODY, QFont.Weight.DemiBold if run.number == NOW else QFont.Weight.Normal)

    def _icon(self, run: EndedRun, column: RunColumn) -> QIcon | None:
        return self._picture(run) if column.name == "name" else None


Answer = Callable[[RunsModel, EndedRun, RunColumn], object]
_ANSWERS: dict[int, Answer] = {
    int(_ROLE.DisplayRole): RunsModel._said,
    int(_ROLE.EditRole): lambda model, run, column: column.said(run),
    int(_ROLE.ToolTipRole): RunsModel._tip,
    int(_ROLE.TextAlignmentRole): lambda model, run, column: model._aligned(column),
    int(_ROLE.FontRole): RunsModel._font,
    int(_ROLE.DecorationRole): RunsModel._icon,
}


class SortedRuns(QSortFilterProxyModel):
    """The runs in the order of a column, with the current one always first."""

    def __init__(self, model: RunsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.setSourceModel(model)
        self.setDynamicSortFilter(True)

    def run_at(self, row: int) -> EndedRun:
        """The run in a row."""
        return self._model.runs[self.mapToSource(self.index(row, 0)).row()]

    def lessThan(self, left: Index, right: Index) -> bool:
        one, other = self._model.runs[left.row()], self._model.runs[right.row()]
        if NOW in (one.number, other.number):
            first = one.number == NOW
            return first == (self.sortOrder() == Qt.SortOrder.AscendingOrder)
        key = self._model.columns[left.column()].key
        return key(one) < key(other)
