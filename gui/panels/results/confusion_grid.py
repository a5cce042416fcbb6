"""The confusion matrix as a grid of counts, with precision, recall and F1 per class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QWidget

from core.training.results import Counts, Rates
from gui.style import text
from gui.style.theme import CAPTION, ink_on, theme, ui_font
from gui.widgets.painting import rounded, smooth
from gui.widgets.tooltips import show_tip

Cell = tuple[int | None, int | None]  # (true, answered); None: any
HEAD = 32.0  # px for the words above the columns
RATE = 56.0  # px for a column of rates
NAMES = (34.0, 96.0)  # px for the names of the classes, at least and at most
WIDEST, HIGHEST = 84.0, 34.0  # px of a cell
LOWEST, MOST_ROWS = 15.0, 12  # px of a row, and the number of rows that always fit
WRITTEN = (15.0, 11.0)  # px a cell or a row must have for its number
RATES = ("precision", "recall", "F1")
_ALIGN = Qt.AlignmentFlag


@dataclass(frozen=True, slots=True, eq=False)
class Confusion:
    """Counts (k, k) of (true, answered) classes with their names, and the rates of each class."""

    counts: Counts
    rates: Rates
    names: tuple[str, ...]

    def count(self, cell: Cell) -> int:
        """How many examples a cell, a row or a column has."""
        rows, columns = (slice(None) if i is None else slice(i, i + 1) for i in cell)
        return int(self.counts[rows, columns].sum())


class ConfusionGrid(QWidget):
    """Emits `chosen(cell)` for a cell, the name of a row or of a column, by mouse or keyboard."""

    chosen = Signal(object)  # Cell

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Confusion | None = None
        self._lit: Cell | None = None
        self._cursor = (0, 0)
        self._hovered: Cell | None = None
        self.setAccessibleName(self.tr("Confusion matrix"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        theme().changed.connect(self.update)

    @property
    def shown(self) -> Confusion | None:
        """The drawn counts and rates; None before the first."""
        return self._shown

    def show_confusion(self, shown: Confusion) -> None:
        """Show these counts."""
        self._shown = shown
        last = len(shown.names) - 1
        self._cursor = min(self._cursor[0], last), min(self._cursor[1], last)
        self.setMinimumHeight(round(HEAD + LOWEST * min(last + 1, MOST_ROWS)) + 2)
        self.update()

    def mark(self, cell: Cell | None) -> None:
        """Mark the cell whose examples are highlighted."""
        if cell != self._lit:
            self._lit = cell
            self.update()

    # --- positions ---

    def _names_width(self) -> float:
        assert self._shown is not None
        metrics = QFontMetricsF(ui_font(CAPTION))
        widest = max(metrics.horizontalAdvance(name) for name in self._shown.names)
        return min(max(widest + 10, NAMES[0]), NAMES[1])

    def square(self) -> QRectF:
        """The rectangle of the counts."""
        assert self._shown is not None
        k, left = len(self._shown.names), self._names_width()
        room_for_rates = self.width() >= left + k * WRITTEN[0] + len(RATES) * RATE
        room = self.width() - left - (len(RATES) * RATE if room_for_rates else 0.0) - 2
        wide = min(room / k, WIDEST)
        high = min((self.height() - HEAD - 2) / k, HIGHEST)
        return QRectF(left, HEAD, max(wide, 1.0) * k, max(high, 1.0) * k)

    def cell_rect(self, true: int, answered: int) -> QRectF:
        """The rectangle of a count."""
        assert self._shown is not None
        square, k = self.square(), len(self._shown.names)
        wide, high = square.width() / k, square.height() / k
        return QRectF(
            square.left() + answered * wide, square.top() + true * high, wide, high
        ).adjusted(0.5, 0.5, -0.5, -0.5)

    def _at(self, point: QPointF) -> Cell | None:
        """The cell at a pixel; left of the rows and above the columns, the whole row or column."""
        if self._shown is None:
            return None
        square, k = self.square(), len(self._shown.names)
        column = int((point.x() - square.left()) // (square.width() / k))
        row = int((point.y() - square.top()) // (square.height() / k))
        beside, above = 0 <= point.x() < square.left(), 0 <= point.y() < square.top()
        if beside and 0 <= row < k:
            return row, None
        if above and 0 <= column < k:
            return None, column
        return (row, column) if 0 <= row < k and 0 <= column < k else None

    def _rate_at(self, point: QPointF) -> tuple[int, int] | None:
        """Which rate (0 to 2) of which class (-1: its head) is under a pixel."""
        if self._shown is None or not self._has_rates():
            return None
        square, k = self.square(), len(self._shown.names)
        which = int((point.x() - square.right() - 4) // RATE)
        row = int((point.y() - square.top()) // (square.height() / k))
        if not 0 <= which < len(RATES) or row >= k:
            return None
        return which, max(row, -1)

    def _has_rates(self) -> bool:
        assert self._shown is not None
        square = self.square()
        high = square.height() / len(self._shown.names)
        return high >= WRITTEN[1] and square.right() + len(RATES) * RATE <= self.width()

    # --- painting ---

    def _draw_cells(self, painter: QPainter, shown: Confusion) -> None:
        palette = theme().palette
        k = len(shown.names)
        rows = np.maximum(shown.counts.sum(axis=1, keepdims=True), 1)
        shares = shown.counts / rows
        size = self.cell_rect(0, 0)
        written = size.width() >= WRITTEN[0] and size.height() >= WRITTEN[1]
        painter.setFont(_fitting(shown, size))
        for i in range(k):
            for j in range(k):
                rect, count = self.cell_rect(i, j), int(shown.counts[i, j])
                colour = palette.positive if i == j else palette.negative
                strength = float(shares[i, j]) ** 0.5
                fill = _mixed(palette.raised, colour, 0.9 * strength)
                painter.fillRect(rect, fill)
                if written:
                    painter.setPen(ink_on(fill) if count else palette.faint)
                    painter.drawText(rect, _ALIGN.AlignCenter, text.count(count))

    def _draw_names(self, painter: QPainter, shown: Confusion) -> None:
        palette, square = theme().palette, self.square()
        k = len(shown.names)
        wide, high = square.width() / k, square.height() / k
        painter.setFont(ui_font(CAPTION - 1))
        painter.setPen(palette.muted)
        above = QRectF(square.left(), 0, max(square.width(), 90.0), HEAD / 2)
        painter.drawText(above, _ALIGN.AlignLeft | _ALIGN.AlignVCenter, self.tr("answer"))
        corner = QRectF(0, HEAD / 2, square.left() - 5, HEAD / 2)
        painter.drawText(corner, _ALIGN.AlignRight | _ALIGN.AlignVCenter, self.tr("label"))
        metrics = QFontMetricsF(painter.font())
        painter.setPen(palette.text)
        for i, name in enumerate(shown.names):
            row = QRectF(0, square.top() + i * high, square.left() - 5, high)
            column = QRectF(square.left() + i * wide, HEAD / 2, wide, HEAD / 2)
            if high >= WRITTEN[1]:
                words = metrics.elidedText(name, Qt.TextElideMode.ElideRight, row.width())
                painter.drawText(row, _ALIGN.AlignRight | _ALIGN.AlignVCenter, words)
            if wide >= WRITTEN[0]:
                words = metrics.elidedText(name, Qt.TextElideMode.ElideRight, wide - 2)
                painter.drawText(column, _ALIGN.AlignCenter, words)

    def _draw_rates(self, painter: QPainter, shown: Confusion) -> None:
        palette, square = theme().palette, self.square()
        high = square.height() / len(shown.names)
        painter.setFont(ui_font(CAPTION - 1))
        parts = (shown.rates.precision, shown.rates.recall, shown.rates.f1)
        for which, (name, shares) in enumerate(zip(RATES, parts, strict=True)):
            left = square.right() + 4 + which * RATE
            painter.setPen(palette.muted)
            head = QRectF(left, HEAD / 2, RATE - 4, HEAD / 2)
            painter.drawText(head, _ALIGN.AlignRight | _ALIGN.AlignVCenter, name)
            painter.setPen(palette.text)
            for i, share in enumerate(shares.tolist()):
                place = QRectF(left, square.top() + i * high, RATE - 4, high)
                painter.drawText(place, _ALIGN.AlignRight | _ALIGN.AlignVCenter, written(share))

    def _draw_marks(self, painter: QPainter) -> None:
        palette = theme().palette
        marks = [(self._hovered, palette.muted, 1.5), (self._lit, palette.text, 2.5)]
        if self.hasFocus():
            marks.insert(1, (self._cursor, palette.accent, 2.5))
        for cell, colour, width in marks:
            if cell is not None:
                rounded(painter, self._rect_of(cell), 2.0, border=colour, width=width)

    def _rect_of(self, cell: Cell) -> QRectF:
        square = self.square()
        true, answered = cell
        if true is None:
            column = self.cell_rect(0, answered or 0)
            return QRectF(column.left(), square.top(), column.width(), square.height())
        row = self.cell_rect(true, answered or 0)
        if answered is None:
            return QRectF(square.left(), row.top(), square.width(), row.height())
        return row

    # --- the cursor ---

    def words(self, cell: Cell) -> str:
        """The text for the count of a cell."""
        shown = self._shown
        if shown is None:
            return ""
        count, (true, answered) = text.count(shown.count(cell)), cell
        if true is None and answered is not None:
            return self.tr("{} examples are answered {}").format(count, shown.names[answered])
        if true is None:
            return ""
        if answered is None:
            return self.tr("{} examples are {}").format(count, shown.names[true])
        return self.tr("{} of {} examples that are {} are answered {}").format(
            count, text.count(shown.count((true, None))), shown.names[true], shown.names[answered]
        )

    def words_of_rate(self, which: int, row: int) -> str:
        """The meaning of a rate, and the counts from which a class's rate is computed."""
        shown = self._shown
        if shown is None:
            return ""
        meaning = MEANINGS[which]
        if row < 0:
            return meaning
        right = shown.count((row, row))
        answered, labelled = shown.count((None, row)), shown.count((row, None))
        part, whole = ((right, answered), (right, labelled), (2 * right, answered + labelled))[
            which
        ]
        name = f"{RATES[which].capitalize()} of {shown.names[row]}"
        made = f"{text.count(part)} / {text.count(whole)}"
        if not whole:
            return f"{name}: {made} does not exist. {meaning}"
        return f"{name}: {made} = {text.percent(part / whole)}. {meaning}"

    def sizeHint(self) -> QSize:
        return QSize(360, 120)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, round(HEAD + 2 * LOWEST))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and cell is not None:
            self.chosen.emit(cell)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)

    def _hover(self, cell: Cell | None) -> None:
        if cell != self._hovered:
            self._hovered = cell
            self.setCursor(
                Qt.CursorShape.ArrowCursor if cell is None else Qt.CursorShape.PointingHandCursor
            )
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0),
        }  # fmt: skip
        key = Qt.Key(event.key())
        if self._shown is not None and key in steps:
            last, (down, across) = len(self._shown.names) - 1, steps[key]
            row, column = self._cursor
            self._cursor = min(max(row + down, 0), last), min(max(column + across, 0), last)
            self.setAccessibleDescription(self.words(self._cursor))
            self.update()
        elif self._shown is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
            self.chosen.emit(self._cursor)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = QPointF(event.pos())
            cell, rate = self._at(at), self._rate_at(at)
            words = "" if rate is None else self.words_of_rate(*rate)
            if cell is not None:
                words = self.tr("{}: click to highlight them in every plot").format(
                    self.words(cell)
                )
            show_tip(event.globalPos(), words, self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._shown is None:
            return
        with smooth(self) as painter:
            self._draw_cells(painter, self._shown)
            self._draw_names(painter, self._shown)
            if self._has_rates():
                self._draw_rates(painter, self._shown)
            self._draw_marks(painter)


MEANINGS = (
    "Precision: the share of predictions of this class that are right, tp / (tp + fp).",
    "Recall: the share of examples of this class that are predicted as such, tp / (tp + fn).",
    "F1: the harmonic mean of precision and recall, 2 tp / (2 tp + fp + fn).",
)


def written(share: float) -> str:
    """A rate in per cent; a dash for 0 / 0."""
    return "–" if np.isnan(share) else text.percent(share)


def _mixed(one: QColor, other: QColor, share: float) -> QColor:
    """One colour mixed with this share of another."""
    red, green, blue = (
        round(a + share * (b - a))
        for a, b in (
            (one.red(), other.red()),
            (one.green(), other.green()),
            (one.blue(), other.blue()),
        )
    )
    return QColor(red, green, blue)


def _fitting(shown: Confusion, cell: QRectF) -> QFont:
    """The largest font in which every count fits its cell."""
    widest = text.count(int(shown.counts.max(initial=0)))
    for size in range(CAPTION + 1, 8, -1):
        font = ui_font(size)
        if QFontMetricsF(font).horizontalAdvance(widest) <= cell.width() - 2:
            return font
    return ui_font(8)
