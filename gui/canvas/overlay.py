"""Fixed controls over the canvas that do not zoom: palette, zoom box, hover card, frame."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QLabel, QWidget

from core.nn.activations import ACTIVATIONS, Scratch
from gui.style.theme import CAPTION, dress, math_font, mono_font, px, pxf, theme, ui_font
from gui.widgets.painting import focus_ring, rounded, smooth

CHIP_HEIGHT = 26


class FlatButton(QAbstractButton):
    """A small flat button that Enter presses too."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def _sketch_width(self) -> int:
        return 0

    def _draw_sketch(self, painter: QPainter, ink: QColor) -> None:
        """Draw the sketch to the left of the text."""

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        width = self.fontMetrics().horizontalAdvance(self.text()) + px(self._sketch_width() + 20)
        return QSize(width, px(CHIP_HEIGHT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = theme().palette
        with smooth(self) as painter:
            box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            hot = self.isEnabled() and (self.underMouse() or self.isDown())
            rounded(painter, box, box.height() / 2, palette.accent_soft if hot else palette.surface)
            if self.hasFocus():
                focus_ring(painter, box, box.height() / 2)
            elif self._sketch_width():
                border = palette.accent if hot else palette.border
                rounded(painter, box, box.height() / 2, None, border)
            ink = palette.text if hot else palette.muted
            ink = ink if self.isEnabled() else palette.faint
            self._draw_sketch(painter, ink)
            painter.setFont(self.font())
            painter.setPen(ink)
            line = box.adjusted(pxf(self._sketch_width()), 0, 0, 0)
            painter.drawText(line, Qt.AlignmentFlag.AlignCenter, self.text())


class Lamp(FlatButton):
    """Shows the number of the doctor's findings; hidden if there are none."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("", parent)
        dress(self, ui_font, CAPTION)
        self.hide()

    def say(self, remarks: Sequence[str]) -> bool:
        """Show the number of these; returns whether it needs another width."""
        count = len(remarks)
        written = f"{count} remark" if count == 1 else f"{count} remarks"
        if (written, bool(count)) == (self.text(), not self.isHidden()):
            return False
        self.setText(written)
        self.setAccessibleName(self.tr("Doctor: {written}").format(written=written))
        self.setVisible(bool(count))
        self.adjustSize()
        return True

    def _sketch_width(self) -> int:
        return 12

    def _draw_sketch(self, painter: QPainter, ink: QColor) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().palette.warning)
        painter.drawEllipse(QPointF(pxf(13), self.height() / 2), pxf(4), pxf(4))


class LayerChip(FlatButton):
    """A kind of layer: a click adds it, a drag places it."""

    drag_started = Signal(object)  # QPoint, global, as those below
    drag_moved = Signal(object)
    drag_ended = Signal(object)

    def __init__(self, activation: str, parent: QWidget) -> None:
        super().__init__(ACTIVATIONS[activation].short_label, parent)
        self.activation = activation
        self._pressed_at: QPoint | None = None
        self._dragging = False
        dress(self, ui_font, CAPTION)
        self.setAccessibleName(self.tr("Add a {activation} layer").format(activation=self.text()))
        self.setToolTip(
            self.tr(
                "Add a {activation} layer after the selected one, or drag it into a gap"
            ).format(activation=self.text())
        )

    def _sketch_width(self) -> int:
        return 18

    def _draw_sketch(self, painter: QPainter, ink: QColor) -> None:
        """The curve of g between -3 and 3."""
        painter.setPen(QPen(theme().palette.accent if self.isEnabled() else ink, pxf(1.5)))
        box = QRectF(pxf(10), self.height() / 2 - pxf(4.5), pxf(13), pxf(9))
        painter.drawPolyline(_curve(self.activation, box))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._pressed_at, self._dragging = event.globalPosition().toPoint(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.globalPosition().toPoint()
        if self._pressed_at is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        if self._dragging:
            self.drag_moved.emit(at)
        elif (at - self._pressed_at).manhattanLength() >= QApplication.startDragDistance():
            self._dragging = True
            self.setDown(False)
            self.drag_started.emit(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._dragging:
            self._dragging = False
            event.accept()
            self.drag_ended.emit(event.globalPosition().toPoint())
        self._pressed_at = None


def _curve(activation: str, box: QRectF) -> QPolygonF:
    """The activation between -3 and 3, from its least to its largest value there, in a box."""
    Z = np.linspace(-3.0, 3.0, 25).reshape(1, -1)
    A = np.empty_like(Z)
    ACTIVATIONS[activation].forward(Z, A, Scratch(1, Z.shape[1], Z.dtype))
    x = box.x() + (Z[0] + 3) / 6 * box.width()
    y = box.bottom() - (A[0] - A.min()) / np.ptp(A) * box.height()
    return QPolygonF([QPointF(*point) for point in zip(x.tolist(), y.tolist(), strict=True)])


class PaletteStrip(QWidget):
    """The kinds of layers that can be added, in the lower right corner."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Add layer"))
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        self._caption = QLabel(self.tr("Add layer"), self)
        self._caption.setProperty("tone", "muted")
        dress(self._caption, ui_font, CAPTION)
        row.addWidget(self._caption)
        self.chips = [LayerChip(name, self) for name, g in ACTIVATIONS.items() if g.in_palette]
        for chip in self.chips:
            row.addWidget(chip)

    def place(self, left: int, right: int, middle: int) -> None:
        """Position it between left and right, at the right end, without the parts that have no
        room.
        """
        parts: list[QWidget] = [*self.chips, self._caption]
        used, shown = 0, []
        for part in parts:
            used += part.sizeHint().width() + 5
            if used <= right - left:
                shown.append(part)
        for part in parts:
            part.setVisible(part in shown)
        self._row.activate()
        size = self._row.sizeHint()
        high = px(CHIP_HEIGHT)
        self.setGeometry(right - size.width(), middle - high // 2, size.width(), high)


class ZoomBox(QWidget):
    """The zoom factor, and a button that fits the picture to the window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.share = QLabel("100 %", self)
        self.share.setProperty("tone", "muted")
        dress(self.share, ui_font, CAPTION)
        self.fit = FlatButton("⤢ fit", self)
        dress(self.fit, ui_font, CAPTION)
        self.fit.setAccessibleName(self.tr("Fit the network to the window"))
        self.fit.setToolTip(self.tr("Fit the network to the window (F)"))
        row.addWidget(self.share)
        row.addWidget(self.fit)

    def show_scale(self, scale: float) -> None:
        self.share.setText(f"{100 * scale / pxf(1.0):.0f} %")
        self.adjustSize()


def place_near_point(card: QWidget, at: QPoint, view: QWidget) -> None:
    """Open a card next to a point of the view, inside of the view."""
    room = view.rect()
    left, right = at.x() - card.width() - 12, at.x() + 16
    x = right if right + card.width() < room.right() - 4 else left
    y = min(max(at.y() + 14, 4), room.bottom() - card.height() - 4)
    card.move(max(x, 4), max(y, 4))
    card.show()
    card.raise_()


class HoverCard(QWidget):
    """A few live numbers next to the cursor: a heading, then one line per symbol and value."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._heading = ""
        self._lines: tuple[tuple[str, str], ...] = ()
        self._hint = ""
        self.hide()

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """The current (symbol, value) lines."""
        return self._lines

    def say(self, heading: str, lines: Sequence[tuple[str, str]], hint: str = "") -> None:
        """Show other numbers; it grows as needed but never shrinks while it is open."""
        self._heading, self._lines, self._hint = heading, tuple(lines), hint
        size = QSize(px(224), px(32 + 20 * len(lines) + (18 if hint else 0)))
        self.resize(size.expandedTo(self.size()) if self.isVisible() else size)
        self.resize(self.width(), size.height())
        self.update()

    def stand_at(self, at: QPoint) -> None:
        """Open next to a point of the parent, inside the parent."""
        place_near_point(self, at, self._view)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = theme().palette
        with smooth(self) as painter:
            rounded(painter, QRectF(self.rect()), 8, palette.surface, palette.border)
            painter.setFont(ui_font(CAPTION))
            painter.setPen(palette.muted)
            wide, line_height = self.width() - pxf(24), pxf(20)
            heading = QRectF(pxf(12), pxf(6), wide, pxf(18))
            painter.drawText(heading, 0, self._heading)
            y = pxf(26)
            for symbol, value in self._lines:
                painter.setFont(math_font(14))
                painter.setPen(palette.text)
                line = QRectF(pxf(12), y, wide, line_height)
                painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, symbol)
                painter.setFont(mono_font(12))
                side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
                painter.drawText(line, side, value)
                y += line_height
            painter.setFont(ui_font(CAPTION))
            painter.setPen(palette.muted)
            painter.drawText(QRectF(pxf(12), y + 1, wide, pxf(18)), 0, self._hint)


class RoundedFrame(QWidget):
    """Rounds the corners of the sheet like those of the panels."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cover the edge and the corners only: the picture is repainted without this."""
        super().resizeEvent(event)
        whole = self.rect()
        region = QRegion(whole).subtracted(QRegion(whole.adjusted(1, 1, -1, -1)))
        corner = QRect(0, 0, 10, 10)
        for x in (0, whole.width() - 10):
            for y in (0, whole.height() - 10):
                region = region.united(QRegion(corner.translated(x, y)))
        self.setMask(region)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = theme().palette
        with smooth(self) as painter:
            whole, inner = QPainterPath(), QPainterPath()
            whole.addRect(QRectF(self.rect()))
            inner.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
            painter.fillPath(whole.subtracted(inner), palette.window)
            painter.setPen(QPen(palette.border, 1))
            painter.drawPath(inner)
