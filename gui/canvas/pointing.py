"""The canvas under the mouse: reports and highlights the hovered part, and starts gestures."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from gui.canvas import hints
from gui.canvas.gestures import Gesture
from gui.canvas.layout import Spot
from gui.canvas.overlay import HoverCard
from gui.canvas.scene import NetworkScene
from gui.canvas.sheet import SheetView
from gui.widgets.tooltips import show_tip


class PointedSheet(SheetView):
    """Subclasses say what a press starts, and are told what is hovered."""

    def __init__(self, network: NetworkScene, parent: QWidget | None) -> None:
        super().__init__(network, parent)
        self._gesture: Gesture | None = None
        self._last_at = QPoint()
        self._card = HoverCard(self)

    def begin(self, spot: Spot | None, button: Qt.MouseButton) -> Gesture:
        """The gesture that a press on this spot starts."""
        raise NotImplementedError

    def hovers(self, spot: Spot | None) -> None:
        """The mouse is over this spot now."""
        raise NotImplementedError

    def tip(self, spot: Spot) -> str:
        """The tooltip of a spot."""
        raise NotImplementedError

    def hit(self, at: QPointF) -> Spot | None:
        """The part at a point of the viewport."""
        point = self.mapToScene(at.toPoint())
        layout, scale = self.network.picture.layout, self.transform().m11()
        return layout.hit(point.x(), point.y(), self.network.picture.lit, 5.0 / scale)

    def hover(self, spot: Spot | None) -> None:
        """Highlight the part under the mouse, and report it."""
        self.network.set_hovered(spot)
        self.hovers(spot)
        self.show_card()

    def rest_at(self, spot: Spot, at: QPoint) -> None:
        """Highlight a part at this point of the viewport, for who has no mouse on it."""
        self._last_at = at
        self.hover(spot)

    def show_card(self) -> None:
        """Show the current numbers of the hovered unit or edge."""
        picture = self.network.picture
        said = hints.card_of(picture.hovered, picture) if picture.hovered else None
        if said is None or self._gesture is not None or picture.chosen is not None:
            self._card.hide()
            return
        self._card.say(*said)
        if not self._card.isVisible():
            self._card.stand_at(self._last_at)

    @property
    def pressed(self) -> bool:
        """Whether a gesture is in progress."""
        return self._gesture is not None

    def take(self, gesture: Gesture, at: QPointF) -> None:
        """Begin a gesture that no press on the sheet started."""
        self.drop_gesture()
        self._gesture = gesture
        gesture.start(at)

    def move_gesture(self, at: QPointF) -> None:
        if self._gesture is not None:
            self._gesture.move(at)

    def end_gesture(self, at: QPointF) -> None:
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.end(at)
            self.hover(self.hit(at) if self.viewport().underMouse() else None)

    def drop_gesture(self) -> None:
        """Cancel the current drag."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.cancel()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            spot = self.hit(QPointF(event.pos()))
            show_tip(event.globalPos(), self.tip(spot) if spot else "", self.viewport())
            return True
        if event.type() == QEvent.Type.Leave and self._gesture is None:
            self.hover(None)
        return super().viewportEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return
        at = event.position()
        self.drop_gesture()
        self.take(self.begin(self.hit(at), event.button()), at)
        self.show_card()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        self._last_at = at.toPoint()
        if self._gesture is not None:
            self._gesture.move(at)
            return
        self.hover(self.hit(at))
        if self._card.isVisible():
            self._card.stand_at(self._last_at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.end_gesture(event.position())
