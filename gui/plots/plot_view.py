"""What stands around plots: switches in their headers, a sentence where one is empty."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QSizePolicy,
    QStackedLayout,
    QWidget,
)

from gui.style.theme import CAPTION, dress, theme, ui_font
from gui.widgets import labels
from gui.widgets.painting import paper, smooth

Paint = Callable[[QPainter, QRectF], None]


class PlotView(QWidget):
    """What a plot is painted on, antialiased: it has its own hover and click.

    It passes the wheel and the keys it does not know on to what it lies in.
    """

    hovered = Signal(object)  # QPointF in pixels, or None when the cursor has left
    clicked = Signal(object)  # QPointF in pixels
    resized = Signal()
    stepped = Signal(object)  # +1 or -1: the right or left arrow key

    def __init__(self, name: str, draw: Paint, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draw_all = draw
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # what it lies on stays as it is
        self.setMinimumSize(QSize(80, 48))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(256, 192)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with smooth(self) as painter:
            paper(painter, self, theme().palette.surface)
            self._draw_all(painter, QRectF(self.rect()))

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


def switch(label: str, tip: str, on_toggled: Callable[[], None]) -> QCheckBox:
    """A small check box with its label on the left, as the headers of plots have.

    `on_toggled` is called after every change of it, by the user or not.
    """
    box = QCheckBox(label)
    box.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    box.setProperty("tone", "muted")
    dress(box, ui_font, CAPTION)
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
