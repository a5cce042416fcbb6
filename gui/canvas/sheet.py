"""The sheet with the network: fits it to the window, zooms and pans."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QTransform, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from gui.canvas.layout import Box
from gui.canvas.scene import NetworkScene

ZOOMS = (0.1, 5.0)


class SheetView(QGraphicsView):
    """A view of a network that fits the window until the user zooms or pans."""

    scaled = Signal(float)  # how large the picture is shown now

    def __init__(self, network: NetworkScene, parent: QWidget | None) -> None:
        super().__init__(parent)
        network.setParent(self)
        self.network = network
        self._zoomed = False  # whether the user has zoomed or panned
        self.setScene(network)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMinimumSize(240, 180)
        for policy in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheBackground)
        self.viewport().setMouseTracking(True)

    def fit(self) -> None:
        """Show the whole network, laid out for the size of the window."""
        self._zoomed = False
        self.network.fit(self.viewport().width(), self.viewport().height())
        self.settle()

    def fit_again(self) -> None:
        """Fit into a window of another size, unless the user has zoomed or panned."""
        if not self._zoomed:
            self.fit()

    def keep_view(self) -> None:
        """Keep the view, because the user has zoomed or panned."""
        self._zoomed = True

    def zoom_by(self, factor: float, at: QPoint | None = None) -> None:
        """Zoom in around a point of the viewport, or around its middle."""
        now = self.transform().m11()
        factor = min(max(now * factor, ZOOMS[0]), ZOOMS[1]) / now
        at = self.viewport().rect().center() if at is None else at
        kept = self.mapToScene(at)
        self.keep_view()
        self.scale(factor, factor)
        by = self.mapFromScene(kept) - at
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() + by.x())
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() + by.y())
        self.scaled.emit(self.transform().m11())

    def settle(self) -> None:
        """Fit the view to the layout, unless the user has zoomed or panned."""
        layout = self.network.picture.layout
        spare_x, spare_y = layout.width * 0.7, layout.height * 0.7
        whole = QRectF(0, 0, layout.width, layout.height)
        self.network.setSceneRect(whole.adjusted(-spare_x, -spare_y, spare_x, spare_y))
        if not self._zoomed:
            self.setTransform(QTransform.fromScale(layout.scale, layout.scale))
            self.centerOn(whole.center())
        self.scaled.emit(self.transform().m11())

    def in_view(self, box: Box) -> QRect:
        """A box of the layout in the viewport's pixels."""
        return self.mapFromScene(QRectF(*box)).boundingRect()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom_by(1.0015 ** event.angleDelta().y(), event.position().toPoint())
        event.accept()
