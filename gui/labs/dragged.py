"""Matrices on a sheet, resized by dragging their right and lower edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent

from core.labs.shapes import MOST_SIZE, Shape
from gui.labs.sheet import LabSheet

GRAB = 7.0  # px from an edge in which it can be dragged
LEFT = Qt.MouseButton.LeftButton
FINE, COARSE = 6.0, 0.2  # px of a drag per unit, for a small size and for a large one
LARGE = 50


@dataclass(frozen=True, slots=True)
class Held:
    """The dragged edge of operand `which`: its start, and the size there."""

    which: int
    axis: int
    start: QPointF
    size: int


class DraggedSheet(LabSheet):
    """Subclasses give the edges of their operands in `edges`, and handle `reshaped`."""

    reshaped = Signal(int, object)  # an operand, and the Shape that it is dragged to

    def __init__(self, name: str) -> None:
        self._held: Held | None = None
        super().__init__(name)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)

    def edges(self) -> Sequence[tuple[QRectF, Shape]]:
        """The operands on the screen, and their shapes."""
        raise NotImplementedError

    @property
    def dragging(self) -> bool:
        """Whether an edge is dragged: the scale then stays."""
        return self._held is not None

    def _grabbed(self, at: QPointF) -> tuple[int, int] | None:
        """Which edge is under the mouse: (operand, axis)."""
        for which, (place, shape) in enumerate(self.edges()):
            if not place.adjusted(-GRAB, -GRAB, GRAB, GRAB).contains(at):
                continue
            if abs(at.x() - place.right()) <= GRAB:
                return which, -1
            if abs(at.y() - place.bottom()) <= GRAB and len(shape) > 1:
                return which, -2
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        grabbed = self._grabbed(event.position()) if event.button() == LEFT else None
        if grabbed is None:
            super().mousePressEvent(event)
            return
        which, axis = grabbed
        self._held = Held(which, axis, event.position(), self.edges()[which][1][axis])
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        held = self._held
        if held is None:
            super().mouseMoveEvent(event)
            axis = (self._grabbed(event.position()) or (0, 0))[1]
            shapes = Qt.CursorShape
            cursor = {-1: shapes.SizeHorCursor, -2: shapes.SizeVerCursor}.get(axis)
            self.viewport().setCursor(cursor or shapes.ArrowCursor)
            return
        place, shape = self.edges()[held.which]
        side = place.width() if held.axis == -1 else place.height()
        each = max(side / shape[held.axis], COARSE if held.size >= LARGE else FINE)
        moved = event.position() - held.start
        new = held.size + round((moved.x() if held.axis == -1 else moved.y()) / each)
        dragged = list(shape)
        dragged[held.axis] = min(max(new, 1), MOST_SIZE)
        if tuple(dragged) != shape:
            self.reshaped.emit(held.which, tuple(dragged))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held is None:
            super().mouseReleaseEvent(event)
            return
        self._held = None
        self.lay_out()
        self.refresh()
