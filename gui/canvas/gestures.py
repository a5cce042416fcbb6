"""The mouse gestures on the canvas, each with start, move, end and cancel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication, QGraphicsView

from core.by_hand import Place
from core.nn.activations import ACTIVATIONS
from gui.canvas.commands import Commands
from gui.canvas.layout import Spot
from gui.canvas.scene import NetworkScene
from gui.canvas.weight_card import WeightCard

Hit = Callable[[QPointF], Spot | None]


class Gesture(Protocol):
    """Points are in the viewport's pixels. After `end` or `cancel` a gesture is over."""

    def start(self, at: QPointF) -> None: ...
    def move(self, at: QPointF) -> None: ...
    def end(self, at: QPointF) -> None: ...
    def cancel(self) -> None: ...


class Click:
    """Press and release on the same spot does something; released elsewhere it does not."""

    def __init__(
        self, scene: NetworkScene, spot: Spot, hit: Hit, act: Callable[[], object]
    ) -> None:
        self._scene, self._spot, self._hit, self._act = scene, spot, hit, act

    def start(self, at: QPointF) -> None:
        self._scene.set_hovered(self._spot, pressed=self._spot)

    def move(self, at: QPointF) -> None:
        on = self._hit(at) == self._spot
        self._scene.set_hovered(self._spot if on else None, pressed=self._spot if on else None)

    def end(self, at: QPointF) -> None:
        self.cancel()
        if self._hit(at) == self._spot:
            self._act()

    def cancel(self) -> None:
        self._scene.set_hovered(self._spot)


class Pan:
    """The sheet follows the mouse."""

    def __init__(self, view: QGraphicsView, moved: Callable[[], object]) -> None:
        self._view, self._moved = view, moved

    def start(self, at: QPointF) -> None:
        self._first = at
        bars = (self._view.horizontalScrollBar(), self._view.verticalScrollBar())
        self._bars = tuple((bar, bar.value()) for bar in bars)
        self._view.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def move(self, at: QPointF) -> None:
        by = at - self._first
        for (bar, value), pixels in zip(self._bars, (by.x(), by.y()), strict=True):
            bar.setValue(round(value - pixels))
        if by.manhattanLength() >= 1:
            self._moved()

    def end(self, at: QPointF) -> None:
        self._view.viewport().unsetCursor()

    def cancel(self) -> None:
        for bar, value in self._bars:
            bar.setValue(value)
        self._view.viewport().unsetCursor()


class TurnNumber:
    """Drag a weight or a bias up or down to change it; moving sideways pans the sheet.

    Released in place, it is a click, which opens the card or calls `act`.
    """

    def __init__(
        self, card: WeightCard, place: Place, pan: Gesture, act: Callable[[], object] | None
    ) -> None:
        self._card, self._place, self._pan, self._act = card, place, pan, act
        self._becomes: Literal["click", "drag", "pan", "nothing"] = "click"

    def start(self, at: QPointF) -> None:
        self._first = self._last = at

    def move(self, at: QPointF) -> None:
        by = at - self._first
        if self._becomes == "click" and by.manhattanLength() >= QApplication.startDragDistance():
            self._begin(abs(by.y()) >= abs(by.x()))
        if self._becomes == "pan":
            self._pan.move(at)
        elif self._becomes == "drag":
            keys = QApplication.keyboardModifiers()
            fine = bool(keys & Qt.KeyboardModifier.ShiftModifier)
            self._card.drag(self._last.y() - at.y(), fine)
        self._last = at

    def _begin(self, upright: bool) -> None:
        if not upright:
            self._becomes = "pan"
            self._pan.start(self._first)
        elif self._card.start_drag(self._place, self._first.toPoint()):
            self._becomes = "drag"
        else:
            self._becomes = "nothing"

    def end(self, at: QPointF) -> None:
        if self._becomes == "click" and self._act is not None:
            self._act()
        elif self._becomes == "click":
            self._card.open_at(self._place, at.toPoint())
        elif self._becomes == "drag":
            self._card.close_card()
        elif self._becomes == "pan":
            self._pan.end(at)

    def cancel(self) -> None:
        if self._becomes == "drag":
            self._card.cancel()
        elif self._becomes == "pan":
            self._pan.cancel()


class MoveLayer:
    """Drag a hidden layer by its head; the others make room."""

    def __init__(
        self, view: QGraphicsView, scene: NetworkScene, commands: Commands, layer: int
    ) -> None:
        self._view, self._scene, self._commands, self._layer = view, scene, commands, layer
        self._to: int | None = None

    def start(self, at: QPointF) -> None:
        self._first = at

    def move(self, at: QPointF) -> None:
        by = at.x() - self._first.x()
        if self._to is None and abs(by) < QApplication.startDragDistance():
            return
        self._view.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        scale = self._view.transform().m11()
        self._to = self._scene.preview_move(self._layer, by / scale)

    def end(self, at: QPointF) -> None:
        if self._to is None:
            return
        self._view.viewport().unsetCursor()
        moved = self._to != self._layer and self._commands.move(self._layer, self._to)
        self._scene.end_preview(back=not moved)

    def cancel(self) -> None:
        self._view.viewport().unsetCursor()
        if self._to is not None:
            self._scene.end_preview(back=True)


class PlaceLayer:
    """Drag a new layer from the palette into a gap."""

    def __init__(
        self, view: QGraphicsView, scene: NetworkScene, commands: Commands, activation: str
    ) -> None:
        self._view, self._scene, self._commands = view, scene, commands
        self._activation = activation

    def start(self, at: QPointF) -> None:
        self.move(at)

    def move(self, at: QPointF) -> None:
        point = self._view.mapToScene(at.toPoint())
        self._scene.preview_insert(ACTIVATIONS[self._activation].short_label, point, self._gap(at))

    def end(self, at: QPointF) -> None:
        self._scene.end_preview(back=False)
        gap = self._gap(at)
        if gap is not None:
            self._commands.add(gap, self._activation)

    def cancel(self) -> None:
        self._scene.end_preview(back=False)

    def _gap(self, at: QPointF) -> int | None:
        """The gap under the mouse; None below the network, over the palette, or outside."""
        if not self._view.viewport().rect().contains(at.toPoint()):
            return None
        point, layout = self._view.mapToScene(at.toPoint()), self._scene.picture.layout
        below = layout.equation_y + layout.equations.height
        return layout.gap_at(point.x()) if point.y() < below else None
