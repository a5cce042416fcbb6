"""A layer over a plot that is painted in pixels by a function."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.plots.axis import KEPT, renew
from gui.plots.box import PlotBox

Draw = Callable[[QPainter], None]


class Layer(QGraphicsItem):
    """Painted by `draw` in pixels of the view, clipped to the box and `air` px around it.

    With `kept` it is cached until `update` or another range.
    """

    def __init__(
        self,
        box: PlotBox,
        draw: Draw,
        *,
        z: float,
        kept: bool = False,
        air: float | QMarginsF = 0.0,
    ) -> None:
        super().__init__()
        self._air = air if isinstance(air, QMarginsF) else QMarginsF(air, air, air, air)
        self._box, self._draw = box, draw
        self._rect = QRectF()
        box.scene().addItem(self)
        self.setZValue(z)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        if kept:
            self.setCacheMode(KEPT)
        box.geometryChanged.connect(self.fit)
        box.sigRangeChanged.connect(lambda *_: self.update())
        self.fit()

    def fit(self) -> None:
        """The box is elsewhere, or has another size."""
        rect = self._box.geometry() + self._air
        if rect != self._rect:
            renew(self, lambda: self._take(rect))

    def _take(self, rect: QRectF) -> None:
        self.prepareGeometryChange()
        self._rect = rect

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        painter.save()  # not the view's: that saves a tenth of a millisecond a frame
        painter.setClipRect(self._rect)
        self._draw(painter)
        painter.restore()
