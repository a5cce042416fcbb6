"""How every example pulls at one number: a bar an example, in order of its pull."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.nn.activations import Array
from gui.style import text
from gui.style.theme import theme
from gui.widgets.painting import focus_ring, smooth
from gui.widgets.tooltips import show_tip

_LEAST = 1.0  # px: a bar that is not zero is seen
_HIGH = 96


class PullChart(QWidget):
    """Bars of ascending values, orange below and blue above zero; one of them is marked.

    A click, or the arrow keys, asks for another bar. Where bars are narrower than a pixel the
    nearest one stands for its neighbours: they are in order.
    """

    chosen = Signal(int)  # which bar, from the left

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: Array = np.empty(0)
        self._name_of: Callable[[int], str] = str
        self._marked: int | None = None
        self._hovered: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme().changed.connect(self.update)

    def show_values(self, values: Array, marked: int | None, name_of: Callable[[int], str]) -> None:
        """Show these values (m,), ascending, one marked; `name_of(bar)` says whose it is."""
        self._values, self._marked, self._name_of = values, marked, name_of
        value = "" if marked is None else f", {self._words(marked)}"
        self.setAccessibleName(f"Pulls of {text.examples(len(values))}{value}")
        self.update()

    def _words(self, bar: int) -> str:
        return f"{self._name_of(bar)}: {text.number(float(self._values[bar]))}"

    def bar_at(self, x: float) -> int:
        """Which bar is at a pixel."""
        return int(min(max(x / self._step(), 0), len(self._values) - 1))

    def rect_of(self, bar: int) -> QRectF:
        """Where a bar stands, at least a pixel wide."""
        zero, unit = self._scale()
        left, wide = bar * self._step(), self._step()
        gap = 1.0 if wide >= 3 else 0.0
        value = float(self._values[bar])
        value = value if np.isfinite(value) else 0.0
        high = 0.0 if value == 0 else max(abs(value) * unit, _LEAST)
        top = zero - high if value > 0 else zero
        return QRectF(left, top, max(wide - gap, 1.0), high)

    def _step(self) -> float:
        return self.width() / max(len(self._values), 1)

    def _scale(self) -> tuple[float, float]:
        """Where zero is, and how many pixels one is."""
        finite = self._values[np.isfinite(self._values)]
        top = max(float(finite.max()), 0.0) if finite.size else 0.0
        below = max(-float(finite.min()), 0.0) if finite.size else 0.0
        room = self.height() - 4.0
        unit = room / (top + below) if top + below > 0 else 0.0
        return 2.0 + top * unit if unit else self.height() / 2, unit

    def _bars(self) -> list[int]:
        """The bars that are drawn: all of them, or one a pixel."""
        if self._step() >= 1:
            return list(range(len(self._values)))
        return [self.bar_at(x + 0.5) for x in range(self.width())]

    def _draw_bars(self, painter: QPainter) -> None:
        palette = theme().palette
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for bar in self._bars():
            colour = palette.positive if self._values[bar] > 0 else palette.negative
            painter.fillRect(self.rect_of(bar), colour)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _draw_mark(self, painter: QPainter, bar: int) -> None:
        place, palette = self.rect_of(bar), theme().palette
        x = place.center().x()
        painter.setPen(palette.text)
        painter.drawLine(QPointF(x, 1), QPointF(x, self.height() - 1))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.text)
        zero, _ = self._scale()
        painter.drawEllipse(
            QPointF(x, place.bottom() if place.top() >= zero else place.top()), 3, 3
        )

    def sizeHint(self) -> QSize:
        return QSize(300, _HIGH)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 56)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and len(self._values):
            self.chosen.emit(self.bar_at(event.position().x()))
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = event.position().x()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last, here = len(self._values) - 1, self._marked or 0
        to = {
            Qt.Key.Key_Left: here - 1,
            Qt.Key.Key_Right: here + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }.get(Qt.Key(event.key()))
        if to is None or last < 0 or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
        else:
            self.chosen.emit(min(max(to, 0), last))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            bar = self.bar_at(event.pos().x()) if len(self._values) else None
            show_tip(event.globalPos(), "" if bar is None else self._words(bar), self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with smooth(self) as painter:
            if len(self._values):
                zero, _ = self._scale()
                self._draw_bars(painter)
                painter.setPen(theme().palette.muted)
                painter.drawLine(QPointF(0, zero), QPointF(self.width(), zero))
                if self._hovered is not None:
                    self._draw_hover(painter, self.bar_at(self._hovered))
                if self._marked is not None:
                    self._draw_mark(painter, self._marked)
            if self.hasFocus():
                focus_ring(painter, QRectF(self.rect()), 5)

    def _draw_hover(self, painter: QPainter, bar: int) -> None:
        painter.setPen(theme().palette.faint)
        x = self.rect_of(bar).center().x()
        painter.drawLine(QPointF(x, 1), QPointF(x, self.height() - 1))
