"""The terms of z, as bars on one scale around 0."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style import text
from gui.style.theme import BODY, px, pxf, theme, ui_font
from gui.widgets.painting import smooth

ROW, GAP = 19, 8  # px
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class TermBars(QWidget):
    """A bar for each (name, value); the last one, their sum, under a line."""

    def __init__(self) -> None:
        super().__init__()
        self._terms: tuple[tuple[str, float], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.updateGeometry)

    def show_terms(self, terms: Sequence[tuple[str, float]]) -> None:
        """Draw these."""
        if tuple(terms) != self._terms:
            if len(terms) != len(self._terms):
                self.updateGeometry()
            self._terms = tuple(terms)
            said = ", ".join(f"{name} {text.number(value)}" for name, value in terms)
            self.setAccessibleName(said)
            self.setToolTip(text.tip(said))
            self.update()

    @property
    def terms(self) -> tuple[tuple[str, float], ...]:
        """The drawn terms."""
        return self._terms

    def sizeHint(self) -> QSize:
        return QSize(px(200), px(ROW) * max(len(self._terms), 1) + px(6))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(120), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._terms:
            return
        fonts = ui_font(BODY), ui_font(BODY, QFont.Weight.DemiBold)
        metrics = QFontMetricsF(fonts[1])
        left = max(metrics.horizontalAdvance(name) for name, _ in self._terms) + pxf(GAP)
        right = metrics.horizontalAdvance("+0.0000") + pxf(GAP)
        bars = QRectF(left, 0, max(self.width() - left - right, 1.0), pxf(ROW))
        largest = max(abs(value) for _, value in self._terms) or 1.0
        with smooth(self) as painter:
            for row, (name, value) in enumerate(self._terms):
                last = row == len(self._terms) - 1
                top = row * pxf(ROW) + (pxf(6) if last else 0.0)
                if last:
                    painter.setPen(theme().palette.border)
                    painter.drawLine(0, int(top - pxf(3)), self.width(), int(top - pxf(3)))
                painter.setFont(fonts[last])
                self._draw_row(painter, bars.translated(0, top), name, value, largest)

    def _draw_row(
        self, painter: QPainter, bar: QRectF, name: str, value: float, largest: float
    ) -> None:
        palette = theme().palette
        whole = QRectF(0, bar.top(), self.width(), bar.height())
        painter.setPen(palette.muted)
        painter.drawText(whole, _MIDDLE | Qt.AlignmentFlag.AlignLeft, name)
        painter.setPen(palette.text)
        painter.drawText(whole, _MIDDLE | Qt.AlignmentFlag.AlignRight, text.number(value))
        middle, half = bar.center().x(), bar.width() / 2
        long = half * min(abs(value) / largest, 1.0)
        air = bar.height() * 0.22
        start = middle if value >= 0 else middle - long
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.positive if value >= 0 else palette.negative)
        painter.drawRect(QRectF(start, bar.top() + air, long, bar.height() - 2 * air))
        painter.setPen(palette.muted)
        painter.drawLine(int(middle), int(bar.top()), int(middle), int(bar.bottom()))
