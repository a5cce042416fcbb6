"""The timeline under the cost curve: drag its handle to view earlier iterations."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style import text
from gui.style.theme import px, theme
from gui.widgets.painting import focus_ring, paper, rounded, smooth

HEIGHT = 20
GROOVE, HANDLE, BEST = 4.0, 6.0, 5.0  # px: a height, a radius, half the height of a mark
BEST_NEAR = 3.0  # px from the mark within which a click means it
PAGES = 50  # pages of a run
REST_MS = 100  # after which a mouse that holds the handle rests


class TimelineBar(QWidget):
    """Shows which iteration of `earliest`..`newest` is visited; emits `passed(iteration)` during a
    drag, and `moved(iteration)` when it rests.

    Left and right move one iteration, Shift or Page keys a fiftieth of the run, Home and End to its
    ends, B to the best. `show_scale` aligns it with a plot: iteration 0 is at `left`, `end` at
    `left + width`.
    """

    moved = Signal(object)  # the iteration wanted
    passed = Signal(object)  # the iteration under the moving mouse: another one is soon wanted

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._earliest = self._newest = self._seen = self._shown = 0
        self._wanted: int | None = None  # requested and not shown yet
        self._best: int | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._come_to_rest)
        self._left, self._width, self._end = 0.0, 1.0, 1.0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # nothing under it is painted
        self.setAccessibleName(self.tr("Timeline of the run"))
        self._say_keys()

    def show_run(self, earliest: int, newest: int, seen: int) -> None:
        """Show the range and the visited iteration; the handle stays where it was put until that
        one is shown.
        """
        left = seen == newest != self._seen  # to the latest, from elsewhere
        if left or seen == self._wanted or (earliest, newest) != (self._earliest, self._newest):
            self._wanted = None
        self._seen = seen
        shown = seen if self._wanted is None else self._wanted
        if (earliest, newest, shown) != (self._earliest, self._newest, self._shown):
            self._earliest, self._newest = earliest, newest
            self._put_handle(shown)

    def _put_handle(self, iteration: int) -> None:
        self._shown = iteration
        self.setAccessibleDescription(
            self.tr("Iteration {} of {}").format(text.count(iteration), text.count(self._newest))
        )
        self.update()

    def show_best(self, iteration: int | None) -> None:
        """Mark the run's best iteration, if known."""
        if iteration != self._best:
            self._best = iteration
            self._say_keys()
            self.update()

    def _say_keys(self) -> None:
        keys = self.tr("← → one iteration; Home and End first and latest")
        if self._best is not None:
            best = self.tr("B lowest cost, at iteration {}")
            keys = f"{keys}, {best.format(text.count(self._best))}"
        self.setToolTip(self.tr("Drag to view an earlier iteration ({})").format(keys))

    def go_to_best(self) -> None:
        if self._best is not None:
            self._go(self._best)

    def show_scale(self, left: float, width: float, end: float) -> None:
        """Set the positions of iterations, in pixels."""
        if (left, width, end) != (self._left, self._width, self._end):
            self._left, self._width, self._end = left, width, end
            self.update()

    def _x(self, iteration: float) -> float:
        return self._left + iteration / self._end * self._width

    def _go(self, iteration: float, *, passing: bool = False) -> None:
        wanted = min(max(round(iteration), self._earliest), self._newest)
        if wanted != self._shown:
            # At once: the handle follows the mouse, the run its handle.
            self._wanted = wanted
            self._put_handle(wanted)
            if passing:
                self._rest.start()
                self.passed.emit(wanted)
            else:
                self._rest.stop()
                self.moved.emit(wanted)

    def _go_to(self, at: QPointF, *, snaps: bool = False) -> None:
        best = self._best
        if snaps and best is not None and abs(at.x() - self._x(best)) <= BEST_NEAR:
            self._go(best, passing=True)
            return
        self._go((at.x() - self._left) / self._width * self._end, passing=True)

    def _come_to_rest(self) -> None:
        self._rest.stop()
        self.moved.emit(self._shown)

    def sizeHint(self) -> QSize:
        return QSize(120, px(HEIGHT))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._go_to(event.position(), snaps=True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go_to(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._rest.isActive():
            self._come_to_rest()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / 120
        self._go(self._shown + notches * self._page())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = self._page() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        ways = {
            Qt.Key.Key_Left: self._shown - page,
            Qt.Key.Key_Right: self._shown + page,
            Qt.Key.Key_PageDown: self._shown - self._page(),
            Qt.Key.Key_PageUp: self._shown + self._page(),
            Qt.Key.Key_Home: self._earliest,
            Qt.Key.Key_End: self._newest,
        }
        if event.key() == Qt.Key.Key_B:
            self.go_to_best()
        elif event.key() in ways:
            self._go(ways[Qt.Key(event.key())])
        else:
            event.ignore()

    def _page(self) -> int:
        return max(1, (self._newest - self._earliest) // PAGES)

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette, middle = theme().palette, self.height() / 2
        left, here, right = (self._x(i) for i in (self._earliest, self._shown, self._newest))
        with smooth(self) as painter:
            paper(painter, self, palette.surface)
            groove = QRectF(left, middle - GROOVE / 2, max(right - left, GROOVE), GROOVE)
            rounded(painter, groove, GROOVE / 2, palette.grid)
            past = self._shown < self._newest
            tone = palette.accent if past else palette.muted
            groove.setRight(max(here, left + GROOVE))
            rounded(painter, groove, GROOVE / 2, tone)
            if self._best is not None and self._best >= self._earliest:
                at = self._x(self._best)
                painter.setPen(QPen(palette.good, 2.0))
                painter.drawLine(QPointF(at, middle - BEST), QPointF(at, middle + BEST))
            here = min(here, self.width() - HANDLE - 1.0)  # whole, also at the end of the scale
            painter.setPen(QPen(palette.surface, 1.5))
            painter.setBrush(tone)
            painter.drawEllipse(QPointF(here, middle), HANDLE, HANDLE)
            if self.hasFocus():
                around = QRectF(
                    here - HANDLE - 3, middle - HANDLE - 3, 2 * HANDLE + 6, 2 * HANDLE + 6
                )
                focus_ring(painter, around, HANDLE + 3)
