"""A widget that shows one formula, and a queue that typesets formulas in advance."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style.theme import math_font, px, theme
from gui.widgets.formulas import KEPT, draw_outlines, is_elsewhere, pixmap
from gui.widgets.painting import smooth


class EquationView(QWidget):
    """Shows one formula in a palette colour, or as plain text if it cannot be typeset.

    A formula wider than the view is made smaller to fit. `clicked` tells of a click on it.
    """

    clicked = Signal()

    def __init__(self, size: int = 18, role: str = "text", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size, self._role = size, role
        self._latex, self._plain = "", ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    @property
    def plain(self) -> str:
        """The formula as text."""
        return self._plain

    def show_equation(self, latex: str, plain: str, role: str = "") -> None:
        """Show LaTeX that reads as `plain` to a screen reader, in another colour if `role`."""
        self._latex, self._plain, self._role = latex, plain, role or self._role
        self.setAccessibleName(plain)
        self.updateGeometry()
        self.update()

    def set_size(self, size: int) -> None:
        """Typeset at another size, in pixels."""
        if size != self._size:
            self._size = size
            self.updateGeometry()
            self.update()

    def _picture(self) -> QPixmap | None:
        if not self._latex:
            return None
        colour = getattr(theme().palette, self._role).name()
        return pixmap(self._latex, px(self._size), colour, self.devicePixelRatioF())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        inside = self.rect().contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and inside:
            self.clicked.emit()

    def sizeHint(self) -> QSize:
        picture = self._picture()
        if picture is not None:
            return picture.deviceIndependentSize().toSize() + QSize(1, 1)
        metrics = QFontMetricsF(math_font(self._size))
        return QSize(round(metrics.horizontalAdvance(self._plain)) + 2, round(metrics.height()) + 1)

    def minimumSizeHint(self) -> QSize:
        size = self.sizeHint()
        return QSize(round(0.7 * size.width()), size.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        picture = self._picture()
        with smooth(self) as painter:
            if picture is None:
                painter.setFont(math_font(self._size))
                painter.setPen(getattr(theme().palette, self._role))
                align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
                painter.drawText(QRectF(self.rect()), align, self._plain)
            elif is_elsewhere(painter, self):
                self._draw_outlines(painter, picture)
            else:
                _draw(painter, picture, self.width(), self.height())

    def _draw_outlines(self, painter: QPainter, picture: QPixmap) -> None:
        size = picture.deviceIndependentSize()
        share = min(1.0, self.width() / size.width())
        at = QPointF(0, (self.height() - share * size.height()) / 2)
        formula = self._latex, px(self._size), getattr(theme().palette, self._role).name()
        draw_outlines(painter, formula, self._plain, at, share)


def _draw(painter: QPainter, picture: QPixmap, width: float, height: float) -> None:
    size = picture.deviceIndependentSize()
    if size.width() <= width:
        painter.drawPixmap(QPointF(0, round((height - size.height()) / 2)), picture)
        return
    shrunk = size * (width / size.width())
    target = QRectF(QPointF(0, (height - shrunk.height()) / 2), shrunk)
    painter.drawPixmap(target, picture, QRectF(picture.rect()))


class Typesetter(QObject):
    """Typesets formulas in advance, one at a time when the application is idle, so that none is
    waited for.

    A new list replaces the rest of the one before.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: list[tuple[str, int, str, float]] = []
        self._idle = QTimer(self, interval=0)
        self._idle.timeout.connect(self._next)

    def prepare(self, formulas: Iterable[str], size: int, role: str, ratio: float) -> None:
        """Typeset these at this size, in a palette colour, when there is time."""
        colour = getattr(theme().palette, role).name()
        self._waiting = [(latex, size, colour, ratio) for latex in formulas][:KEPT][::-1]
        if self._waiting:
            self._idle.start()

    @property
    def busy(self) -> bool:
        """Whether formulas are left to do."""
        return self._idle.isActive()

    def _next(self) -> None:
        if self._waiting:
            pixmap(*self._waiting.pop())
        if not self._waiting:
            self._idle.stop()
