"""The confusion matrix as a table of counts, with precision, recall and F1 per class."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from core.training.results import Counts, Rates
from gui.style import text
from gui.style.theme import CAPTION, Palette, dress, ink_on, px, theme, ui_font
from gui.widgets import labels
from gui.widgets.painting import rounded, smooth
from gui.widgets.table import SHEET, Table

ConfusionCell = tuple[int | None, int | None]  # (true, answered); None: any
Index = QModelIndex | QPersistentModelIndex
RATE = 56  # px for a column of rates
MOST_NAME = 96  # px for the names of the classes
WIDEST, HIGHEST = 84, 34  # px of a cell
LOWEST, MOST_ROWS = 15, 12  # px of a row, and the number of rows that always fit
WRITTEN = (15, 11)  # px a cell or a row must have for its number
LEVELS = 100  # of the colours
RATES = ("precision", "recall", "F1")
MEANINGS = (
    "Precision: the share of predictions of this class that are right, tp / (tp + fp).",
    "Recall: the share of examples of this class that are predicted as such, tp / (tp + fn).",
    "F1: the harmonic mean of precision and recall, 2 tp / (2 tp + fp + fn).",
)
_ROLE = Qt.ItemDataRole
_ACROSS = Qt.Orientation.Horizontal
_SAID = (_ROLE.ToolTipRole, _ROLE.AccessibleTextRole)
_COUNT = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_HEADER = """QHeaderView::section {{ border: none; padding: 0 4px 0 1px; font-size: {}px; }}
QHeaderView::section:hover {{ color: {}; }}"""
_SIDE = Qt.AlignmentFlag
_CENTRE, _RIGHT = int(_SIDE.AlignCenter), int(_SIDE.AlignRight | _SIDE.AlignVCenter)
_CHOSEN = QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_Selected


@dataclass(frozen=True, eq=False)
class Confusion:
    """Counts (k, k) of (true, answered) classes with their names, and the rates of each class."""

    counts: Counts
    rates: Rates
    names: tuple[str, ...]

    @cached_property
    def levels(self) -> NDArray[np.intp]:
        """How strongly each count is coloured (k, k), by its share of its row; -1: 0."""
        shares = self.counts / np.maximum(self.counts.sum(axis=1, keepdims=True), 1)
        return np.where(self.counts, np.rint(LEVELS * np.sqrt(shares)), -1).astype(np.intp)

    def count(self, cell: ConfusionCell) -> int:
        """How many examples a cell, a row or a column has."""
        rows, columns = (slice(None) if i is None else slice(i, i + 1) for i in cell)
        return int(self.counts[rows, columns].sum())

    def rate(self, which: int, row: int) -> float:
        """A rate of a class; NaN for 0 / 0."""
        return float((self.rates.precision, self.rates.recall, self.rates.f1)[which][row])

    def parts_of_rate(self, which: int, row: int) -> tuple[int, int]:
        """The counts of whose division a class's rate is the result."""
        right = self.count((row, row))
        answered, labelled = self.count((None, row)), self.count((row, None))
        return ((right, answered), (right, labelled), (2 * right, answered + labelled))[which]


class ConfusionModel(QAbstractTableModel):
    """A row of counts per class, then its rates. Names are shown along the directions `named`."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: Confusion | None = None
        self.classes = 0
        self.named: frozenset[Qt.Orientation] = frozenset()

    def show(self, shown: Confusion) -> None:
        """Show other counts; with the same classes, cursor and selection stay."""
        same = self.shown is not None and self.shown.names == shown.names
        if not same:
            self.beginResetModel()
        self.shown, self.classes = shown, len(shown.names)
        if same:
            self.dataChanged.emit(self.index(0, 0), self.index(self.classes - 1, self.classes + 2))
        else:
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else self.classes

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() or not self.classes else self.classes + len(RATES)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _COUNT if index.column() < self.classes else Qt.ItemFlag.ItemIsEnabled

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        shown, row, column = self.shown, index.row(), index.column()
        if shown is None or role not in (_ROLE.DisplayRole, _ROLE.EditRole, *_SAID):
            return None
        which = column - self.classes
        if which < 0:
            count = int(shown.counts[row, column])
            if role in _SAID:
                return self._words((row, column), role)
            return count if role == _ROLE.EditRole else text.count(count)
        if role in _SAID:
            return _said(self._words_of_rate(which, row), role)
        share = shown.rate(which, row)
        return written(share) if role == _ROLE.DisplayRole or np.isnan(share) else share

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole
    ) -> Any:
        which = section - self.classes
        if self.shown is None:
            return None
        if role == _ROLE.TextAlignmentRole and orientation == _ACROSS:
            return (_SIDE.AlignHCenter if which < 0 else _SIDE.AlignRight) | _SIDE.AlignBottom
        if role == _ROLE.DisplayRole and which < 0 and orientation not in self.named:
            return ""
        if role in (_ROLE.DisplayRole, _ROLE.EditRole):
            return RATES[which] if which >= 0 else text.printed(self.shown.names[section])
        if role in _SAID and which < 0:
            cell = (None, section) if orientation == _ACROSS else (section, None)
            return self._words(cell, role)
        return _said(self.tr(MEANINGS[which]), role) if role in _SAID else None

    def _words(self, cell: ConfusionCell, role: int) -> str:
        """The count of a cell, a row or a column, and in a tooltip what a click does."""
        assert self.shown is not None
        (true, answered), names = cell, self.shown.names
        if true is None:
            words = self.tr("Answer {answer}: {examples}")
        elif answered is None:
            words = self.tr("Label {label}: {examples}")
        else:
            words = self.tr("Label {label}, answer {answer}: {count} of {examples}")
        words = words.format(
            label=names[true or 0],
            answer=names[answered or 0],
            count=text.count(self.shown.count(cell)),
            examples=text.examples(self.shown.count(cell if None in cell else (true, None))),
        )
        clicked = self.tr("{words}. Click to highlight them in every plot.").format(words=words)
        return _said(clicked if role == _ROLE.ToolTipRole else words, role)

    def _words_of_rate(self, which: int, row: int) -> str:
        """The counts from which a class's rate is computed, and its meaning."""
        assert self.shown is not None
        part, whole = self.shown.parts_of_rate(which, row)
        if whole:
            words = self.tr("{rate} of {name}: {part} / {whole} = {share}. {meaning}")
        else:
            words = self.tr("{rate} of {name}: {part} / {whole} does not exist. {meaning}")
        return words.format(
            rate=RATES[which].capitalize(),
            name=self.shown.names[row],
            part=text.count(part),
            whole=text.count(whole),
            share=text.percent(part / whole) if whole else "",
            meaning=self.tr(MEANINGS[which]),
        )


class _Delegate(QStyledItemDelegate):
    """Paints counts on the colour of their share of the row, and rates."""

    def __init__(self, model: ConfusionModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.font: QFont | None = None  # of the counts; None: no room for them

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        shown, palette, place = self._model.shown, theme().palette, option.rect
        row, column = index.row(), index.column()
        assert shown is not None
        if column >= len(shown.names):
            painter.setFont(ui_font(CAPTION - 1))
            painter.setPen(palette.text)
            painter.drawText(place, _RIGHT, index.data())
        else:
            place.adjust(0, 0, -1, -1)
            fill, ink = _colours(palette, row == column, int(shown.levels[row, column]))
            painter.fillRect(place, fill)
            if self.font is not None:
                painter.setFont(self.font)
                painter.setPen(ink)
                painter.drawText(place, _CENTRE, text.count(int(shown.counts[row, column])))
        if option.state & _CHOSEN:
            rounded(painter, QRectF(place), 2, border=palette.accent, width=2.5)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            rounded(painter, QRectF(place), 2, border=palette.muted, width=1.5)


class ConfusionTable(Table):
    """Emits `chosen(cell)` for a cell, the name of a row or of a column, by mouse or keyboard."""

    chosen = Signal(object)  # ConfusionCell

    def __init__(self, parent: QWidget | None = None) -> None:
        self._model = ConfusionModel()
        super().__init__(self._model, self.tr("Confusion matrix"), parent)
        self._lit: ConfusionCell | None = None
        self._delegate = _Delegate(self._model, self)
        self._corner = labels.caption(self.tr("answer →\nlabel ↓"))
        self._corner.setParent(self)
        self._corner.setAlignment(_SIDE.AlignRight | _SIDE.AlignBottom)
        self.setItemDelegate(self._delegate)
        self.setSelectionBehavior(Table.SelectionBehavior.SelectItems)
        self.setMouseTracking(True)
        self.let_copy()
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.show()
            dress(header, ui_font, CAPTION - 1)  # by which Qt elides; the sheet's is what it draws
            header.setMinimumSectionSize(1)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setTextElideMode(Qt.TextElideMode.ElideRight)
            header.setCursor(Qt.CursorShape.PointingHandCursor)
        self.verticalHeader().setDefaultAlignment(_SIDE.AlignRight | _SIDE.AlignVCenter)
        theme().changed.connect(self._surround)
        self.clicked.connect(self._on_index)
        self.entered.connect(self._point)
        self.verticalHeader().sectionClicked.connect(lambda row: self.chosen.emit((row, None)))
        self.horizontalHeader().sectionClicked.connect(self._on_column)

    @property
    def shown(self) -> Confusion | None:
        """The counts and rates shown; None before the first."""
        return self._model.shown

    def show_confusion(self, shown: Confusion) -> None:
        """Show these counts."""
        self._model.show(shown)
        self._surround()

    def mark(self, cell: ConfusionCell | None) -> None:
        """Mark the cell whose examples are highlighted."""
        if cell != self._lit:
            self._lit = cell
            if cell is None:
                self.clearSelection()
            self.viewport().update()

    def _fit(self) -> None:
        """Give all cells as much room as there is, and numbers and names where it is enough."""
        k, room = self._model.classes, self.viewport().size()
        if self.shown is None:
            return
        across, down = self.horizontalHeader(), self.verticalHeader()
        least_wide, least_high, rates = px(WRITTEN[0]), px(WRITTEN[1]), len(RATES) * px(RATE)
        high = max(min(room.height() / k, px(HIGHEST)), 1)
        rated = high >= least_high and room.width() >= k * least_wide + rates
        wide = max(min((room.width() - rates * rated) / k, px(WIDEST)), 1)
        for header, each in ((across, wide), (down, high)):
            for i in range(k):
                header.resizeSection(i, int((i + 1) * each) - int(i * each))
        for column in range(k, k + len(RATES)):
            self.setColumnHidden(column, not rated)
            self.setColumnWidth(column, px(RATE))
        named = {_ACROSS: wide >= least_wide, Qt.Orientation.Vertical: high >= least_high}
        self._model.named = frozenset(where for where, fits in named.items() if fits)
        most = text.count(int(self.shown.counts.max(initial=0)))
        fonts = (ui_font(size) for size in range(CAPTION + 1, 7, -1))  # the largest that fits
        fitting = (f for f in fonts if QFontMetrics(f).horizontalAdvance(most) <= wide - 3)
        self._delegate.font = next(fitting, None) if all(named.values()) else None

    def _surround(self) -> None:
        """Give the names of the classes their room, and the cells the rest."""
        sheet = SHEET + _HEADER.format(px(CAPTION - 1), theme().palette.text.name())
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)
        corner, metrics = self._corner.sizeHint(), QFontMetrics(ui_font(CAPTION - 1))
        names = () if self.shown is None else self.shown.names
        widest = max((metrics.horizontalAdvance(name) + 12 for name in names), default=0)
        wide = max(min(widest, px(MOST_NAME)), corner.width() + 4)
        self.verticalHeader().setFixedWidth(wide)
        self.horizontalHeader().setFixedHeight(corner.height() + 2)
        self._corner.setGeometry(0, 0, wide - 4, corner.height())
        self.setMinimumHeight(corner.height() + px(LOWEST) * min(len(names), MOST_ROWS) + 4)
        self._fit()

    def _on_index(self, index: Index) -> None:
        if index.column() < self._model.classes:
            self.chosen.emit((index.row(), index.column()))

    def _on_column(self, column: int) -> None:
        if column < self._model.classes:
            self.chosen.emit((None, column))

    def _point(self, index: Index) -> None:
        shapes = Qt.CursorShape
        counted = index.column() < self._model.classes
        self.viewport().setCursor(shapes.PointingHandCursor if counted else shapes.ArrowCursor)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._on_index(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._lit is None:
            return
        (row, column), last = self._lit, self._model.classes - 1
        first = self._model.index(row or 0, column or 0)
        end = self._model.index(last if row is None else row, last if column is None else column)
        place = QRectF(self.visualRect(first).united(self.visualRect(end))).adjusted(0, 0, -1, -1)
        with smooth(self.viewport()) as painter:
            rounded(painter, place, 2, border=theme().palette.text, width=2.5)


def written(share: float) -> str:
    """A rate in per cent; a dash for 0 / 0."""
    return "–" if np.isnan(share) else text.percent(share)


def _said(words: str, role: int) -> str:
    """As a tooltip, or read aloud."""
    return text.tip(words) if role == _ROLE.ToolTipRole else words


@lru_cache(1024)
def _colours(palette: Palette, right: bool, level: int) -> tuple[QColor, QColor]:
    """The colour of a count by its level (-1 without any), and of its number."""
    fill, end = palette.raised, palette.positive if right else palette.negative
    share = 0.9 * max(level, 0) / LEVELS
    red, green, blue = (
        round(a + share * (b - a))
        for a, b in (
            (fill.red(), end.red()),
            (fill.green(), end.green()),
            (fill.blue(), end.blue()),
        )
    )
    mixed = QColor(red, green, blue)
    return mixed, palette.faint if level < 0 else ink_on(mixed)
