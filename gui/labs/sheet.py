"""A plot without axes on which a lab draws in pixels, with zoom and export."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from gui.plots.chart import Chart


class LabSheet(Chart):
    """Subclasses lay out in `room_to_draw()` and paint in `draw`, with positions converted by
    `seen`.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name, left_drags=False, invertY=True)
        self._layer = self.add_layer(self.draw, z=2)
        self.resized.connect(self._fit)
        self.arrange()
        self._fit()

    def room_to_draw(self) -> QRectF:
        """The room for the unzoomed layout: from (0, 0), in pixels."""
        return QRectF(0, 0, self.area().width(), self.area().height())

    def seen(self, place: QRectF) -> QRectF:
        """The screen position of a position on the sheet."""
        return self.pixels().mapRect(place)

    def place_of(self, at: QPointF) -> QPointF:
        """The place of the sheet under a pixel."""
        return self.values_at(at)

    def refresh(self) -> None:
        """Repaint, because the content has changed."""
        self._layer.update()

    def lay_out(self) -> None:
        """Compute the layout; called for every new size."""

    def draw(self, painter: QPainter) -> None:
        """Paint the layout."""

    def _fit(self) -> None:
        room = self.room_to_draw()
        self.box.go_home((0.0, room.width()), (0.0, room.height()), held=False)
        self.lay_out()
        self.refresh()
