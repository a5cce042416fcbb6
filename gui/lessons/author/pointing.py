"""Covers the main window while a part of it is picked by a click."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
)
from PySide6.QtWidgets import QMainWindow, QWidget

from gui.parts import Kind, Part, Parts
from gui.style.theme import BODY, px, theme, ui_font
from gui.widgets.painting import rounded, smooth

HELP = "Click the part that the step points at, or choose it with ← → and Enter. Esc: none."
AIR = 3  # px around a part


class Pointing(QWidget):
    """Highlights the part under the mouse; a click emits its key, Esc an empty one."""

    picked = Signal(str)

    def __init__(self, window: QMainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._parts = parts
        self._under: Part | None = None
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(HELP)
        self.setGeometry(window.rect())
        self.show()
        self.raise_()
        self.setFocus()

    def _find(self, at: QPoint) -> Part | None:
        part = self._parts.at(at)
        return None if part is None or part.kind is Kind.COMMAND else part

    def _place(self) -> QRect:
        if self._under is None:
            return QRect()
        place = self._under.rectangle()
        return place.translated(-self.mapToGlobal(QPoint(0, 0))).adjusted(-AIR, -AIR, AIR, AIR)

    def _end(self, key: str) -> None:
        self.hide()
        self.deleteLater()
        self.picked.emit(key)

    def _show(self, part: Part | None) -> None:
        if part is None or self._under is None or part.key != self._under.key:
            self._under = part
            self.setAccessibleDescription("" if part is None else part.title)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
            self.update()

    def _step(self, by: int) -> None:
        """Go to the next part, in reading order."""

        def place(part: Part) -> tuple[int, int]:
            corner = part.rectangle().topLeft()
            return corner.y(), corner.x()

        there = [part for part in self._parts if part.kind is not Kind.COMMAND]
        there = sorted((part for part in there if not part.rectangle().isEmpty()), key=place)
        keys = [part.key for part in there]
        now = keys.index(self._under.key) if self._under and self._under.key in keys else -(by > 0)
        if there:
            self._show(there[(now + by) % len(there)])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._show(self._find(event.globalPosition().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._find(event.globalPosition().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and found is not None:
            self._end(found.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self._end("")
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
            self._step(1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
            self._step(-1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._under is not None:
            self._end(self._under.key)

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette, place = theme().palette, self._place()
        words = HELP if self._under is None else f"{self._under.title}  ·  {self._under.key}"
        with smooth(self) as painter:
            if not place.isEmpty():
                rounded(painter, QRectF(place), 8, None, palette.accent, 2.5)
            painter.setFont(ui_font(BODY))
            wide = painter.fontMetrics().horizontalAdvance(words) + px(28)
            box = QRectF((self.width() - wide) / 2, px(8), wide, px(32))
            rounded(painter, box, 8, palette.surface, palette.accent, 1.5)
            painter.setPen(palette.text)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
