"""Mouse and keyboard input for painting on a plot, and its overlay of brush and new points."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from core.data.strokes import Point
from gui.paint.painter import RADII, Painter
from gui.paint.tools import KEYS
from gui.plots.dots import shape
from gui.plots.pixels import near, shares
from gui.plots.plane_plot import PlanePlot
from gui.style.theme import BODY, LIGHT, class_colours, theme, ui_font
from gui.widgets.painting import smooth

STEP, FINE = 1 / 40, 1 / 200  # of the sheet, per key press of the cross
DOT = 8.0  # px of a fresh point
ON_BLANK = "Blank sheet: what you paint replaces the examples"
HELP = (
    "Drag to paint; a right click flips the nearest label.\n"
    "Keys: arrows (Shift: finely) and Enter, 0 to 9 the class, B E M L the tool,\n"
    "[ ] how far it reaches, F flip, Del erase, Esc done"
)
Key = Qt.Key
_MOVES = {Key.Key_Left: (-1, 0), Key.Key_Right: (1, 0), Key.Key_Up: (0, 1), Key.Key_Down: (0, -1)}
_APPLY = (Key.Key_Return, Key.Key_Enter)
_OTHERS = (
    *(Key.Key_F, Key.Key_Delete, Key.Key_Backspace, Key.Key_Escape),
    *(Key.Key_BracketLeft, Key.Key_BracketRight),
)
_MOUSE = (
    *(QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease),
    *(QEvent.Type.MouseButtonDblClick, QEvent.Type.Leave),
)


class PaintSurface(QWidget):
    """Covers a plot and takes its mouse and keys while the painter is active.

    With the mouse, the left button draws and the right one flips a label. By keyboard, the arrows
    move a cross (Shift: finely) and Enter puts the tool down there: Move takes the nearest point,
    which the arrows then drag until Enter releases it. 0 to 9 choose a class, B E M L a tool, [ ]
    its radius; F flips, Del erases.
    """

    def __init__(self, painter: Painter, plot: PlanePlot) -> None:
        super().__init__(plot)
        self._painter, self._plot = painter, plot
        self._cursor: QPointF | None = None  # the position of the mouse, in pixels
        self._cross: Point | None = None  # the position of the cross, on the sheet
        self._tip = plot.toolTip()  # of the plot, outside of painting
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        plot.installEventFilter(self)  # for its keys
        plot.viewport().installEventFilter(self)
        plot.zoomed.connect(self.update)
        painter.changed.connect(self._show)
        painter.fresh_changed.connect(self.update)
        self._show()

    def to_sheet(self, at: QPointF) -> Point:
        """The position on the sheet of a pixel of the plot; outside it, the edge."""
        square, sheet = self._plot.square(), self._painter.sheet
        across = min(max((at.x() - square.left()) / square.width(), 0.0), 1.0)
        down = min(max((at.y() - square.top()) / square.height(), 0.0), 1.0)
        (x1, x1_end), (x2, x2_end) = sheet.x1, sheet.x2
        return x1 + across * (x1_end - x1), x2_end - down * (x2_end - x2)

    def to_pixels(self, at: Point) -> QPointF:
        """The pixel of the plot for a position on the sheet."""
        square, sheet = self._plot.square(), self._painter.sheet
        across, up = (float(shares(x, e)) for x, e in zip(at, (sheet.x1, sheet.x2), strict=True))
        x, y = square.left() + across * square.width(), square.bottom() - up * square.height()
        return QPointF(*near((x, y)).tolist())

    def _show(self) -> None:
        active = self._painter.active
        if active != self.isVisible():
            self._cross = self._cursor = None
            self.setGeometry(self._plot.rect())
            self.setVisible(active)
            self.raise_()
            shape_ = Qt.CursorShape.CrossCursor
            if active:
                self._plot.viewport().setCursor(shape_)
                self._tip = self._plot.toolTip()
            else:
                self._plot.viewport().unsetCursor()
            self._plot.setToolTip(HELP if active else self._tip)
        self.update()

    # --- the mouse -------------------------------------------------------------------------------

    def _on_mouse(self, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.Leave:
            self._cursor = None
            self.update()
            return False  # the plot is to know it too
        if not isinstance(event, QMouseEvent):
            return False
        self._cursor, self._cross = event.position(), None
        at, left = self.to_sheet(event.position()), event.button() == Qt.MouseButton.LeftButton
        if kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
            self._plot.setFocus(Qt.FocusReason.MouseFocusReason)
            if left and self._plot.shares(event.position()) is not None:
                self._painter.begin_stroke(at)
            elif event.button() == Qt.MouseButton.RightButton:
                self._painter.flip(at)
        elif kind == QEvent.Type.MouseMove and event.buttons() & Qt.MouseButton.LeftButton:
            self._painter.draw_to(at)
        elif kind == QEvent.Type.MouseButtonRelease and left:
            self._painter.end_stroke()
        self.update()
        return bool(event.buttons()) or kind != QEvent.Type.MouseMove  # for the plot's readout

    # --- the keys --------------------------------------------------------------------------------

    def _takes(self, event: QKeyEvent) -> bool:
        """Whether this key is for painting."""
        if event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        ):
            return False
        key = Key(event.key())
        digit = Key.Key_0 <= key <= Key.Key_9
        return digit or key in (*_MOVES, *_APPLY, *_OTHERS, *KEYS.values())

    def _on_key(self, event: QKeyEvent) -> None:
        key, painter = Key(event.key()), self._painter
        if key in _MOVES:
            fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._move_cross(*_MOVES[key], FINE if fine else STEP)
        elif key in _APPLY:
            self._apply()
        elif Key.Key_0 <= key <= Key.Key_9:
            painter.choose_class(int(key) - int(Key.Key_0))
        elif key in (Key.Key_BracketLeft, Key.Key_BracketRight):
            self._widen(1 if key == Key.Key_BracketRight else -1)
        elif key == Key.Key_F:
            painter.flip(self._here())
        elif key in (Key.Key_Delete, Key.Key_Backspace):
            painter.erase(self._here())
        elif key == Key.Key_Escape:
            painter.end_stroke() if painter.drawing else painter.stop()
        else:
            painter.choose_tool(next(tool for tool, its in KEYS.items() if its == key))
        self.update()

    def _here(self) -> Point:
        """The position for keys: the cross, or the mouse, or the middle."""
        if self._cross is None:
            at = self._plot.square().center() if self._cursor is None else self._cursor
            self._cross = self.to_sheet(at)
        return self._cross

    def _move_cross(self, right: int, up: int, step: float) -> None:
        x1, x2 = self._here()
        sheet = self._painter.sheet
        x1 += right * step * (sheet.x1[1] - sheet.x1[0])
        x2 += up * step * (sheet.x2[1] - sheet.x2[0])
        x1, x2 = min(max(x1, sheet.x1[0]), sheet.x1[1]), min(max(x2, sheet.x2[0]), sheet.x2[1])
        self._cross = x1, x2
        self._painter.draw_to((x1, x2))  # the point that is held, if one is

    def _apply(self) -> None:
        """Put the tool down at the cross; Move holds on until the next time."""
        holding = self._painter.drawing
        self._painter.end_stroke()
        if not holding:
            self._painter.begin_stroke(self._here())
            if self._painter.tool != "move":
                self._painter.end_stroke()

    def _widen(self, by: int) -> None:
        now = min(range(len(RADII)), key=lambda i: abs(RADII[i] - self._painter.radius))
        self._painter.choose_radius(RADII[min(max(now + by, 0), len(RADII) - 1)])

    # --- drawing ----------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind, active = event.type(), self._painter.active
        if kind == QEvent.Type.Resize:
            self.setGeometry(self._plot.rect())
        if active and kind in _MOUSE:
            return self._on_mouse(event)
        if active and isinstance(event, QKeyEvent) and self._takes(event):
            if kind == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if kind == QEvent.Type.KeyPress:
                self._on_key(event)
                return True
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette, square = theme().palette, self._plot.square()
        with smooth(self) as painter:
            painter.setClipRect(square & self._plot.area())
            if self._painter.blank:
                veil = QColor(palette.surface)
                veil.setAlphaF(0.9)
                painter.fillRect(square, veil)
                painter.setPen(palette.muted)
                painter.setFont(ui_font(BODY))
                inside = square.adjusted(16, 16, -16, -16)
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(inside, int(flags), ON_BLANK)
            self._draw_fresh(painter)
            self._draw_reach(painter)

    def _draw_fresh(self, painter: QPainter) -> None:
        fresh = self._painter.fresh
        if not fresh:
            return
        count = max(len(self._painter.classes), *(label + 1 for *_, label in fresh))
        colours = class_colours(count)
        painter.setPen(QPen(LIGHT.surface, DOT / 7))
        for x1, x2, label in fresh:
            painter.setBrush(colours[label])
            painter.drawPath(shape(label, DOT).translated(self.to_pixels((x1, x2))))

    def _draw_reach(self, painter: QPainter) -> None:
        """The circle that the tool reaches, around the mouse or the cross of the keys."""
        at = self._cursor if self._cross is None else self.to_pixels(self._cross)
        if at is None:
            return
        palette = theme().palette
        scale = self._plot.square().width() / self._painter.width
        radius = max(self._painter.reach * scale, 3.0)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((palette.surface, 3.0), (palette.text, 1.2)):
            painter.setPen(QPen(colour, width))
            painter.drawEllipse(at, radius, radius)
            if self._cross is not None:
                for x, y in ((radius + 6, 0.0), (0.0, radius + 6)):
                    painter.drawLine(at - QPointF(x, y), at + QPointF(x, y))
