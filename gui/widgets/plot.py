"""What all plots share: a pyqtgraph view without clutter, switches, a sentence if empty."""

from __future__ import annotations

from collections.abc import Callable

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QGraphicsView,
    QStackedLayout,
    QStyleOptionGraphicsItem,
    QWidget,
)

from gui.theme import CAPTION, ui_font
from gui.widgets import labels

Paint = Callable[[QPainter, QRectF], None]


class PlotView(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph ships no types
    """A pyqtgraph view in the theme's colours: no menu, no wheel zoom, its own hover and click.

    It passes the wheel and the keys it does not know on to what it lies in.
    """

    hovered = Signal(object)  # QPointF in pixels, or None when the cursor has left
    clicked = Signal(object)  # QPointF in pixels
    resized = Signal()
    stepped = Signal(object)  # +1 or -1: the right or left arrow key

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        self.setAccessibleName(name)
        self.setAntialiasing(True)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumSize(QSize(80, 48))
        self.viewport().setAutoFillBackground(False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hovered.emit(event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(event.position())
        else:
            event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.hovered.emit(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {int(Qt.Key.Key_Left): -1, int(Qt.Key.Key_Right): 1}
        if self.focusPolicy() != Qt.FocusPolicy.NoFocus and event.key() in steps:
            self.stepped.emit(steps[event.key()])
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


class Painted(pg.GraphicsWidget):  # type: ignore[misc]  # pyqtgraph ships no types
    """Fills a view with what one function paints, in pixels."""

    def __init__(self, draw: Paint) -> None:
        super().__init__()
        self._draw = draw

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        self._draw(painter, self.rect())


def painted_view(name: str, draw: Paint) -> PlotView:
    """A view that `draw(painter, rect)` paints; `view.centralWidget.update()` paints it anew."""
    view = PlotView(name)
    view.setCentralItem(Painted(draw))
    return view


def switch(label: str, tip: str, on_toggled: Callable[[], None]) -> QCheckBox:
    """A small check box with its label on the left, as the headers of plots have.

    `on_toggled` is called after every change of it, by the user or not.
    """
    box = QCheckBox(label)
    box.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    box.setProperty("tone", "muted")
    box.setFont(ui_font(CAPTION))
    box.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves Space to the canvas
    box.setToolTip(tip)
    box.setAccessibleDescription(tip)
    box.toggled.connect(lambda _on: on_toggled())
    return box


class PlotOrSentence(QWidget):
    """A plot, or, where there is nothing to draw, a sentence that says so in its place."""

    def __init__(self, view: QWidget) -> None:
        super().__init__()
        self._sentence = labels.caption("")
        self._sentence.setWordWrap(True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setMinimumSize(QSize(80, 48))
        self._stack = QStackedLayout(self)
        self._stack.addWidget(view)
        self._stack.addWidget(self._sentence)

    @property
    def sentence(self) -> str:
        """The sentence shown; empty while the plot is."""
        return self._sentence.text()

    def say(self, sentence: str) -> None:
        """Show this sentence, or the plot if it is empty."""
        if sentence != self._sentence.text():
            self._sentence.setText(sentence)
            self._stack.setCurrentIndex(1 if sentence else 0)
