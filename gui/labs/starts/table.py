"""The table of the starts: the state of each before training, and after a while."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from core.labs.starts import Begun, Start
from core.labs.training import Trained
from gui.style import text
from gui.style.theme import theme

INKS = ("muted", "faint", "accent", "text", "forward", "backward", "warning")
UNKNOWN = "…"
_ROLE = Qt.ItemDataRole


class StartsModel(QAbstractTableModel):
    """A row for each start, with the colour of its curves."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: list[tuple[str, ...]] = []
        self.columns = (
            self.tr("Start"),
            self.tr("J at 0"),
            self.tr("Sat."),
            self.tr("|dW[1]|"),
            self.tr("Twins"),
            self.tr("J later"),
        )
        self._tips = {2: self.tr("Saturated: the share of hidden answers on a flat end of g")}

    def show_starts(
        self,
        starts: Sequence[Start],
        begun: Mapping[str, Begun],
        trained: Mapping[str, Trained],
    ) -> None:
        """Show these; unknown values are left blank."""
        rows = [_row(start, begun.get(start.name), trained.get(start.name)) for start in starts]
        if len(rows) == len(self._rows):
            self._rows = rows
            last = self.index(len(rows) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        if role == _ROLE.DisplayRole:
            return self._rows[index.row()][index.column()]
        if role == _ROLE.DecorationRole and index.column() == 0:
            return QColor(getattr(theme().palette, INKS[index.row()]))
        if role == _ROLE.TextAlignmentRole and index.column() > 0:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        if orientation == Qt.Orientation.Horizontal and role == _ROLE.DisplayRole:
            return self.columns[section]
        if orientation == Qt.Orientation.Horizontal and role == _ROLE.ToolTipRole:
            return self._tips.get(section)
        return None


def _row(start: Start, begun: Begun | None, trained: Trained | None) -> tuple[str, ...]:
    later = "" if trained is None else text.number(float(trained.costs[-1]), 4, sign=False)
    if trained is not None and trained.halt:
        later = f"{later} ({len(trained.costs) - 1})"
    if begun is None:
        return (start.label, *(UNKNOWN,) * 4, later)
    twins = sum(len(units) for _, units in begun.twins)
    return (
        start.label,
        text.number(begun.cost, 4, sign=False),
        "–" if begun.saturated is None else text.percent(begun.saturated, 0),
        text.number(begun.largest_dW, 3, sign=False),
        text.count(twins) if twins else "–",
        later,
    )
