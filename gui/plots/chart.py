"""The base of every plot: a box with axes in a pyqtgraph view, with zoom, keys, menu and export."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, TypeVar

from PySide6.QtCore import QEvent, QMarginsF, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QTransform,
)
from PySide6.QtWidgets import QGraphicsItem, QGraphicsView, QStyleOptionGraphicsItem, QWidget

from gui.plots.axis import KEPT, Axis, renew
from gui.plots.box import STEP, ZOOM, PlotBox
from gui.plots.export import PlotNumbers, uncached
from gui.plots.menu import open_menu
from gui.plots.pg import pg
from gui.style import fonts
from gui.style.theme import Palette, theme
from gui.widgets.painting import focus_ring

Draw = Callable[[QPainter], None]
Item = TypeVar("Item", bound=QGraphicsItem)
KEYS = "Plus and minus zoom, 0 shows all, Ctrl with the arrow keys pans. The Menu key has more."
_Key = Qt.Key
_PANS = {
    int(_Key.Key_Left): (-STEP, 0.0),
    int(_Key.Key_Right): (STEP, 0.0),
    int(_Key.Key_Up): (0.0, STEP),
    int(_Key.Key_Down): (0.0, -STEP),
}
_STEPS = {int(_Key.Key_Left): -1, int(_Key.Key_Right): 1}
ZOOMS = {int(_Key.Key_Plus): ZOOM, int(_Key.Key_Equal): ZOOM, int(_Key.Key_Minus): 1 / ZOOM}


class Chart(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph ships no types
    """The base of all plots; a subclass adds axes and items.

    `restyled` asks the owner to draw again in the theme's colours and at this size, also for
    exported pictures.
    """

    hovered = Signal(object)  # QPointF in pixels, or None when the cursor has left
    clicked = Signal(object)  # QPointF in pixels
    resized = Signal()
    restyled = Signal()
    zoomed = Signal()  # the visible range has changed
    stepped = Signal(object)  # +1 or -1: the right or left arrow key

    air = QMarginsF(2, 4, 12, 2)  # px around the box and its axes
    numbers: Callable[[], PlotNumbers] = dict  # the exact ones of what is shown

    def __init__(self, name: str, *, left_drags: bool = True, **box: Any) -> None:
        super().__init__(background=theme().palette.surface)
        self.setAccessibleName(name)
        self.setAccessibleDescription(KEYS)
        self.setMinimumSize(QSize(80, 48))
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCentralItem(None)
        self.axes: dict[str, Axis] = {}
        self._size: QSizeF | None = None  # of the exported picture, else the widget's
        self._was_zoomed = False
        self._ringed = False  # by the keyboard it got the focus
        self.box = PlotBox(**box)
        self.box.setZValue(0)
        self.box.left_drags = left_drags
        self.scene().addItem(self.box)
        self.scene().minDragTime = math.inf  # a slow click by a hand that trembles is a click
        self.scene().sigMouseClicked.connect(self._on_click)
        self.box.sigRangeChanged.connect(self._on_range)
        theme().changed.connect(self.restyle)

    def add_axis(self, side: str, box: PlotBox | None = None, **options: Any) -> Axis:
        """Put an axis next to the box, with its numbers or those of a box over it."""
        axis = self.axes[side] = Axis(side, box or self.box, **options)
        self.scene().addItem(axis)
        return axis

    def add_layer(self, draw: Draw, *, z: float, **options: Any) -> Layer:
        """Add a layer that is painted in pixels over the box, at this z value."""
        layer = Layer(self.box, draw, **options)
        layer.setZValue(z)
        return layer

    def add_item(self, item: Any, z: float = 0.0) -> None:
        """Put an item into the box, in the coordinates of its values."""
        item.setZValue(z)
        item.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.box.addItem(item, ignoreBounds=True)

    def add_items(
        self, items: list[Item], n: int, make: Callable[[], Item], z: float = 0.0
    ) -> list[Item]:
        """The first n of these items, the missing ones newly made; the others are hidden."""
        while len(items) < n:
            items.append(make())
            self.add_item(items[-1], z)
        for k, item in enumerate(items):
            item.setVisible(k < n)
        return items[:n]

    # --- positions ------------------------------------------------------------------------

    def extent(self) -> QRectF:
        """The whole plot, in pixels."""
        return QRectF(self.rect()) if self._size is None else QRectF(QPointF(), self._size)

    def room(self) -> QRectF:
        """The rectangle for the box: the room left by the axes, in whole pixels."""
        for axis in self.axes.values():
            axis.height_of_plot = self.extent().height()
        axes = {side: axis.thickness() for side, axis in self.axes.items() if axis.isVisible()}
        left, right, bottom = (axes.get(side, 0.0) for side in ("left", "right", "bottom"))
        room = (self.extent() - self.air).adjusted(left, 0, -right, -bottom)
        wide, high = max(room.width(), 1.0), max(room.height(), 1.0)
        return QRectF(round(room.left()), round(room.top()), round(wide), round(high))

    def arrange(self) -> None:
        """Position the box in its room and the axes around it.

        Qt's layouts are not used: they give half pixels, which blur pictures.
        """
        self._arrange_in(self.room())
        for _ in range(2):  # at another height an axis has other numbers
            if (room := self.room()) != self.area():
                self._arrange_in(room)

    def _arrange_in(self, room: QRectF) -> None:
        whole = self.extent()
        self.box.setGeometry(room)
        upright = room.top() - whole.top(), whole.bottom() - room.bottom()
        level = room.left() - whole.left(), whole.right() - room.right()
        for side, axis in self.axes.items():
            thick = axis.thickness()
            places = {
                "left": (QRectF(room.left() - thick, room.top(), thick, room.height()), upright),
                "right": (QRectF(room.right(), room.top(), thick, room.height()), upright),
                "bottom": (QRectF(room.left(), room.bottom(), room.width(), thick), level),
            }
            axis.place(*places[side])

    def area(self) -> QRectF:
        """The rectangle of the box, in pixels."""
        return QRectF(self.box.geometry())

    def pixels(self) -> QTransform:
        """The transformation from values to pixels of the view."""
        return QTransform(self.box.childTransform() * self.box.sceneTransform())

    def point_at(self, x: float, y: float) -> QPointF:
        """The pixel of a point."""
        return self.pixels().map(QPointF(x, y))

    def values_at(self, at: QPointF) -> QPointF:
        """The values x and y at a pixel."""
        return QPointF(self.pixels().inverted()[0].map(at))

    def widen(self, *_: object) -> None:
        """Other numbers on the axes may need another width."""
        seen = [axis for axis in self.axes.values() if axis.upright and axis.isVisible()]
        if any(axis.thickness() != axis.geometry().width() for axis in seen):
            self.arrange()

    def _on_range(self, *_: object) -> None:
        self.widen()
        before, self._was_zoomed = self._was_zoomed, self.box.zoomed
        if before or self._was_zoomed:
            self.zoomed.emit()

    def draw_dot(
        self, to: QPainter, at: QPointF, radius: float, fill: QColor, rim: QColor | None = None
    ) -> None:
        """Draw a rimmed dot at a pixel, if it is in the box or over its edge."""
        if self.area().adjusted(-radius, -radius, radius, radius).contains(at):
            to.setPen(QPen(rim or theme().palette.surface, 1.5))
            to.setBrush(fill)
            to.drawEllipse(at, radius, radius)

    def draw_upright(self, painter: QPainter, x: float, pen: QPen | QColor) -> None:
        """Draw a sharp vertical line at this value, if it is in the box."""
        area, across = self.area(), round(self.pixels().map(QPointF(x, 0.0)).x()) + 0.5
        if area.left() <= across <= area.right() + 1:
            painter.setPen(pen)
            painter.drawLine(QPointF(across, area.top()), QPointF(across, area.bottom()))

    def draw_level(self, painter: QPainter, y: float, pen: QPen | QColor) -> None:
        """Draw a sharp line across the box at this value, if it is in the box."""
        area, down = self.area(), round(self.pixels().map(QPointF(0.0, y)).y()) + 0.5
        if area.top() <= down <= area.bottom() + 1:
            painter.setPen(pen)
            painter.drawLine(QPointF(area.left(), down), QPointF(area.right(), down))

    # --- looks -----------------------------------------------------------------------------------

    def dress(self) -> None:
        """Take the theme's colours; subclasses extend it."""
        self.setBackground(theme().palette.surface)
        for axis in self.axes.values():
            axis.dress()
        for item in self.scene().items():
            item.update()

    def restyle(self) -> None:
        """The theme has changed."""
        self.dress()
        self.arrange()
        self.restyled.emit()

    @contextmanager
    def posing(self, size: QSizeF, palette: Palette, *, legible: bool = False) -> Iterator[None]:
        """Take the size and colours of a picture to be exported; it is not visible meanwhile.

        It is `legible` for a .pdf, from which its text can be copied.
        """
        before = [axis.geometry().width() for axis in self.axes.values()]
        self.setUpdatesEnabled(False)
        try:
            font = fonts.legible() if legible else nullcontext()
            with uncached(self.scene()), theme().lent(palette), font:
                self._pose(size)
                yield
        finally:
            for axis, thick in zip(self.axes.values(), before, strict=True):
                axis.held = thick if axis.upright else None
            self._pose(None)
            for axis in self.axes.values():
                axis.held = None
            self.setUpdatesEnabled(True)

    def _pose(self, size: QSizeF | None) -> None:
        self._size = size
        self.restyle()
        self.resized.emit()

    # --- hands -----------------------------------------------------------------------------------

    def show_all(self) -> None:
        """End every zoom."""
        self.box.show_all()

    def _on_click(self, event: Any) -> None:
        """A button was pressed and released without a drag between."""
        if event.button() == Qt.MouseButton.RightButton:
            open_menu(self, event.screenPos().toPoint())
        elif event.button() == Qt.MouseButton.LeftButton and event.double():
            self.show_all()
        elif event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(QPointF(event.scenePos()))

    def close(self) -> bool:
        """Close as every widget does: pyqtgraph's takes the viewport away, which Qt still asks."""
        return bool(QGraphicsView.close(self))

    def sizeHint(self) -> QSize:
        return QSize(256, 192)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.hovered.emit(event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        event.accept()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.hovered.emit(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held == Qt.KeyboardModifier.ControlModifier and key in _PANS:
            self.box.pan(*_PANS[key])
        elif held & ~Qt.KeyboardModifier.ShiftModifier:
            event.ignore()
        elif key in ZOOMS:
            self.box.zoom(ZOOMS[key])
        elif key == _Key.Key_0:
            self.show_all()
        elif key in _STEPS:
            self.stepped.emit(_STEPS[key])
        else:
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The mouse asks by a click, as a right drag zooms; here the key does."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            open_menu(self, self.mapToGlobal(self.area().center().toPoint()))
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._ringed = event.reason() != Qt.FocusReason.MouseFocusReason
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def drawForeground(self, painter: QPainter, _rect: QRectF) -> None:
        if self._ringed and self.hasFocus() and self._size is None:
            focus_ring(painter, QRectF(self.rect()), 5)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if event is not None:
            self.arrange()
            self.resized.emit()


class Layer(QGraphicsItem):
    """Painted by `draw` in pixels of the view, clipped to the box and `air` px around it, or to
    what of this is `beside` the box, at its right.

    With `kept` it is cached until `update` or another range. To blend an empty part of what is
    cached takes as long as to blend a full one.
    """

    def __init__(
        self,
        box: PlotBox,
        draw: Draw,
        *,
        kept: bool = False,
        air: float | QMarginsF = 0.0,
        beside: bool = False,
    ) -> None:
        super().__init__()
        around = air if isinstance(air, QMarginsF) else QMarginsF(air, air, air, air)
        self._box, self._draw, self._air, self._beside = box, draw, around, beside
        self._rect = QRectF()
        box.scene().addItem(self)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        if kept:
            self.setCacheMode(KEPT)
        box.geometryChanged.connect(self.fit)
        box.sigRangeChanged.connect(lambda *_: self.update())
        self.fit()

    def fit(self) -> None:
        """The box is elsewhere, or has another size."""
        rect = self._box.geometry() + self._air
        if self._beside:
            rect.setLeft(self._box.geometry().right())
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
