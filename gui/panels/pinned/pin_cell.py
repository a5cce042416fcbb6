"""One pinned unit: its name, its output over the plane, and its colour scale."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.nn.activations import Array
from core.span import levels
from gui.plots.plane_plot import CURVE, Curve
from gui.style import text
from gui.style.theme import CAPTION, Palette, image, math_font, theme, ui_font
from gui.widgets.painting import focus_ring, path_of, plane, rounded, smooth

HEAD, FOOT = 22, 20  # around the picture
CROSS = 18
_ALIGN = Qt.AlignmentFlag


class PinCell(QWidget):
    """Click or Enter selects the unit, the cross or Del unpins it; the mouse shows values."""

    chosen = Signal(object)  # (layer, unit)
    let_go = Signal(object)

    def __init__(self, unit: tuple[int, int], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.unit, self.name = unit, name
        self._values: Array | None = None
        self._ends = (-1.0, 1.0)
        self._drawn: tuple[Palette, QImage] | None = None
        self._at: QPointF | None = None
        self._is_chosen = self._is_line = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Pinned unit {name}").format(name=name))
        self.setToolTip(self.tr("Click to select it on the canvas; Del or × unpins it"))

    def show_values(
        self, values: Array | None, ends: tuple[float, float], *, is_line: bool = False
    ) -> None:
        """Show other values (side, side), the colour scale going from one end to the other; over
        one input as a curve, too.
        """
        self._values, self._ends, self._drawn, self._is_line = values, ends, None, is_line
        self.update()

    def set_chosen(self, on: bool) -> None:
        """Frame it as the unit that is chosen."""
        if on != self._is_chosen:
            self._is_chosen = on
            self.update()

    def set_side(self, side: int) -> None:
        """The side of its picture, in pixels."""
        self.setFixedSize(side + 4, side + HEAD + FOOT)

    @property
    def said(self) -> str:
        """The text under it: the value under the mouse, or the ends of the scale."""
        value = self._value_at()
        if value is not None:
            return f"{self.name} = {text.number(value, 3)}"
        if self._values is None:
            return ""
        low, high = self._ends
        if low == -high:
            return f"±{text.number(high, 2, sign=False)}"
        return f"{text.plain(low, 2)} … {text.plain(high, 2)}"

    def _square(self) -> QRectF:
        side = self.width() - 4
        return QRectF(2, HEAD, side, side)

    def _cross(self) -> QRectF:
        return QRectF(self.width() - CROSS - 1, 2, CROSS, CROSS)

    def _value_at(self) -> float | None:
        square = self._square()
        if self._values is None or self._at is None or not square.contains(self._at):
            return None
        side = len(self._values)
        row = int((self._at.y() - square.top()) / square.height() * side)
        column = int((self._at.x() - square.left()) / square.width() * side)
        return float(self._values[min(row, side - 1), min(column, side - 1)])

    def _image(self, palette: Palette) -> QImage | None:
        if self._values is None:
            return None
        if self._drawn is None or self._drawn[0] is not palette:
            self._drawn = (palette, image(levels(self._values, *self._ends), palette))
        return self._drawn[1]

    def sizeHint(self) -> QSize:
        return QSize(124, 120 + HEAD + FOOT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with smooth(self) as painter:
            self._draw(painter, theme().palette)

    def _draw(self, painter: QPainter, palette: Palette) -> None:
        square, seen = self._square(), self._image(palette)
        painter.setFont(math_font(14))
        painter.setPen(palette.text)
        painter.drawText(QRectF(2, 0, self.width() - 24, HEAD), _ALIGN.AlignVCenter, self.name)
        if seen is None:
            rounded(painter, square, 8, palette.raised)
        else:
            plane(painter, square, seen, 8)
        if self._is_line and self._values is not None:
            _draw_curve(painter, square, Curve(self._values[0], palette.text, self._ends))
        border, width = (palette.accent, 2.4) if self._is_chosen else (palette.border, 1.0)
        rounded(painter, square, 8, border=border, width=width)
        if self.hasFocus():
            focus_ring(painter, square.adjusted(-2, -2, 2, 2), 9)
        painter.setFont(ui_font(CAPTION))
        painter.setPen(palette.muted)
        foot = QRectF(2, self.height() - FOOT, self.width() - 4, FOOT)
        painter.drawText(foot, _ALIGN.AlignCenter, self.said)
        if self.underMouse() or self.hasFocus():
            painter.drawText(self._cross(), _ALIGN.AlignCenter, "✕")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._cross().contains(event.position()):
            self.let_go.emit(self.unit)
        else:
            self.chosen.emit(self.unit)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._at = event.position()
        self.update()

    def leaveEvent(self, event: object) -> None:
        self._at = None
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.chosen.emit(self.unit)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.let_go.emit(self.unit)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self.unit)
        else:
            super().keyPressEvent(event)


def _draw_curve(painter: QPainter, square: QRectF, curve: Curve) -> None:
    """Draw a curve over a picture."""
    painter.save()
    painter.setClipRect(square.adjusted(0, -1, 0, 1))  # so that a line along an end is visible, too
    x, y = curve.points((square.left(), square.right()), (square.bottom(), square.top()))
    painter.setPen(QPen(curve.colour, CURVE))
    painter.drawPath(path_of(x, y))
    painter.restore()
