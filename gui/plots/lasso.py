"""The lasso: a line drawn around points of a plot highlights them in every view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QApplication

from core.data.examples import Indices
from core.nn.activations import Array
from gui.model.selection import Selection
from gui.plots.square_plot import SquarePlot
from gui.style import text
from gui.style.theme import CAPTION, theme, translucent, ui_font
from gui.widgets.painting import rounded

How = Literal["only", "add", "remove"]
Seen = tuple[Array, Indices]
NOTHING: Seen = np.empty((2, 0)), np.empty(0, np.intp)
ANYWHERE = 4000.0  # px around the box in which the line is drawn
STEP = 3.0  # px from one corner of the line to the next
MOST_COUNTED = 20_000  # points that are counted while the line is drawn
WORDS: dict[How, str] = {"only": "{}", "add": "+ {}", "remove": "- {}"}
HELP = (
    "Lasso points to highlight them in every view; Shift adds, Ctrl or Alt removes.\nEsc or "
    "a click on empty space clears the highlight. By keyboard: rows of the Examples table."
)
_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)


class Lasso(QObject):
    """Takes the left button of a plot: a drag draws a line around points, which highlights them
    when it ends; a click belongs to the plot, and is sent when the button is released.

    `seen` gives the positions of the visible examples, points (2, k) of the plot's plane, and their
    numbers (k,), with the test examples counted after the others. Shift adds to the highlight, Ctrl
    or Alt removes, also by a click on a point; Esc cancels the line.
    """

    def __init__(
        self, plot: SquarePlot, selection: Selection, seen: Callable[[], Seen | None]
    ) -> None:
        super().__init__(plot)
        self._plot, self._selection, self._seen = plot, selection, seen
        app = QApplication.instance()
        assert app is not None
        self._app = app
        self._start: QPointF | None = None  # the position of the press
        self._path: list[QPointF] = []
        self._how: How = "only"
        self._count: int | None = None  # points inside
        self._layer = plot.add_layer(self._draw, z=20, air=ANYWHERE)
        plot.box.left_drags = False
        self._surface = plot.viewport()  # stored: a plot being destroyed must not be asked
        self._surface.installEventFilter(self)

    @property
    def drawing(self) -> bool:
        """Whether a line is being drawn."""
        return bool(self._path)

    def give_up(self) -> None:
        """Remove the line; the highlight stays."""
        self._start = None
        if self._path:
            self._path = []
            self._app.removeEventFilter(self)
            self._layer.update()

    # --- the mouse -------------------------------------------------------------------------------

    def _on_mouse(self, event: QMouseEvent) -> bool:
        """Whether to keep the event from the plot."""
        kind, left = event.type(), Qt.MouseButton.LeftButton
        if kind in _PRESSES and event.button() == left:
            self.give_up()
            self._start, self._how = event.position(), _how(event)
            if kind == QEvent.Type.MouseButtonDblClick:
                self._plot.show_all()
            return True
        if self._start is None:
            return False
        if kind == QEvent.Type.MouseMove and event.buttons() & left:
            self._draw_to(event.position(), self._start)
            return True
        if kind == QEvent.Type.MouseButtonRelease and event.button() == left:
            self._let_go(self._start)
            return True
        if kind == QEvent.Type.MouseMove:  # the button was released outside
            self.give_up()
        return False

    def _draw_to(self, at: QPointF, start: QPointF) -> None:
        if not self._path:
            if (at - start).manhattanLength() < QApplication.startDragDistance():
                return
            self._path = [start]
            self._plot.hovered.emit(None)
            self._app.installEventFilter(self)  # for Esc, wherever the focus is
        if (at - self._path[-1]).manhattanLength() >= STEP:
            self._path.append(at)
            points, examples = self._seen() or NOTHING
            few = len(examples) <= MOST_COUNTED
            self._count = int(self._inside(self._path, points).sum()) if few else None
            self._layer.update()

    def _let_go(self, start: QPointF) -> None:
        path, (points, examples) = self._path, self._seen() or NOTHING
        self.give_up()
        if path:
            self._light(examples[self._inside(path, points)])
        elif self._how == "only":
            self._plot.clicked.emit(start)
        else:
            near = self._plot.nearest(points, start)
            self._light(examples[[] if near is None else [near]])

    def _inside(self, path: list[QPointF], points: Array) -> NDArray[np.bool_]:
        """Which of these points (2, k) are inside a line."""
        corners = np.array([at.toTuple() for at in path]).T
        return around(self._plot.on_screen(points), corners)

    def _light(self, examples: Indices) -> None:
        lit = self._selection.lit
        if self._how == "add":
            examples = np.union1d(lit, examples)
        elif self._how == "remove":
            examples = np.setdiff1d(lit, examples)
        self._selection.light(examples)

    # --- painting ----------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and self.drawing:
            if event.type() == QEvent.Type.KeyPress:
                self.give_up()
            event.accept()
            return True
        if watched is self._surface:
            if isinstance(event, QMouseEvent):
                return self._on_mouse(event)
            if event.type() == QEvent.Type.Hide:
                self.give_up()
        return super().eventFilter(watched, event)

    def _draw(self, painter: QPainter) -> None:
        if not self._path:
            return
        palette = theme().palette
        colour = palette.error if self._how == "remove" else palette.accent
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(translucent(colour, 28))
        painter.drawPolygon(QPolygonF(self._path), Qt.FillRule.WindingFill)
        painter.setPen(QPen(colour, 1.6))
        painter.drawPolyline(QPolygonF(self._path))
        painter.setPen(QPen(colour, 1.0, Qt.PenStyle.DashLine))
        painter.drawLine(self._path[-1], self._path[0])
        if self._count is not None:
            painter.setFont(ui_font(CAPTION))
            words = WORDS[self._how].format(text.count(self._count))
            box = QRectF(0, 0, painter.fontMetrics().horizontalAdvance(words) + 12, 20)
            box.moveBottomLeft(self._path[-1] + QPointF(10, -8))
            box.moveRight(min(box.right(), self._plot.width() - 2.0))
            box.moveTop(max(box.top(), 2.0))
            rounded(painter, box, 6, palette.surface, colour)
            painter.setPen(palette.text)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def _how(event: QMouseEvent) -> How:
    held, key = event.modifiers(), Qt.KeyboardModifier
    if held & (key.ControlModifier | key.AltModifier | key.MetaModifier):
        return "remove"
    return "add" if held & key.ShiftModifier else "only"


def around(points: Array, line: Array) -> NDArray[np.bool_]:
    """Which of the points (2, k) are inside the closed line through corners (2, c): those with a
    winding number other than 0 (the non-zero winding rule).
    """
    x, y = points
    order = np.argsort(y, kind="stable")
    x, y = x[order], y[order]
    turns = np.zeros(len(x), np.intp)
    for (x1, y1), (x2, y2) in zip(line.T, np.roll(line, -1, axis=1).T, strict=True):
        low, high = np.searchsorted(y, (min(y1, y2), max(y1, y2)))  # at this edge's height
        beside = slice(low, high)
        if low < high:
            crossing = x1 + (y[beside] - y1) * ((x2 - x1) / (y2 - y1))
            turns[beside] += np.where(x[beside] < crossing, 1 if y2 > y1 else -1, 0)
    inside = np.empty(len(x), np.bool_)
    inside[order] = turns != 0
    return inside
