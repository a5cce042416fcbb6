"""The rectangle of a plot in which values are drawn, with zoom and pan."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtWidgets import QGraphicsSceneResizeEvent

from core.span import span
from gui.plots.pg import pg
from gui.style.theme import theme, translucent

Range = tuple[float, float]
SEEN = 1 / 200  # of a range: a smaller change is not shown
FINEST = 1e-4  # of the whole range: the closest zoom
LARGEST = 1e150  # the largest number that pyqtgraph is given
NARROWEST = 1e-140  # of a whole range: pixels over it, and over FINEST of it, squared are finite
STEP = 0.1  # of the range that a key pans
ZOOM = 0.8  # of the range that is left after a key zooms in
LEAST_DRAG = 5.0  # px: a smaller box is ignored
_Button = Qt.MouseButton


def sane(ends: Range) -> Range:
    """A range that pyqtgraph can draw: finite, ascending, wider than its numbers are exact.

    Its pixels and those of the other direction are multiplied, and one is divided by that.
    """
    low, high = span(*ends)
    low, high = span(max(low, -LARGEST), min(high, LARGEST))
    if high - low >= NARROWEST:
        return low, high
    middle = (low + high) / 2
    return middle - NARROWEST / 2, middle + NARROWEST / 2


class PlotBox(pg.ViewBox):  # type: ignore[misc]  # pyqtgraph ships no types
    """A ViewBox that shows `home`, the range its plot asks for, until the user zooms.

    The wheel zooms at the cursor. The middle button pans, and the left one if `left_drags`; the
    right button draws the box to zoom to. In the `bounded` directions the view stays inside home.
    """

    _bounds = QRectF()

    def __init__(self, *, bounded: tuple[bool, bool] = (True, True), **options: Any) -> None:
        super().__init__(enableMenu=False, defaultPadding=0.0, **options)
        self.home: tuple[Range, Range] = ((0.0, 1.0), (0.0, 1.0))  # is shown without zoom
        self._bounded = bounded
        self.left_drags = True
        self.wheel_axis: int | None = None  # the one direction that the wheel zooms
        self.least: tuple[float, float] = (0.0, 0.0)  # the narrowest ranges
        self.stays = True  # zooming out ends at home, which is followed again from there

    @property
    def zoomed(self) -> bool:
        """Whether the user has zoomed in some direction."""
        return not all(self.autoRangeEnabled())

    def go_home(self, x: Range, y: Range, *, held: bool = True) -> None:
        """Show these ranges in the directions in which the user has not zoomed. With `held`, a
        change too small to see is ignored.
        """
        x, y = sane(x), sane(y)
        seen = SEEN if held else 0.0
        if any(_differ(*pair, seen) for pair in zip((x, y), self.home, strict=True)):
            self.home = x, y
            self._set_limits()
            self.updateAutoRange()

    def show_all(self) -> None:
        """Show home again."""
        self.enableAutoRange()
        self.updateAutoRange()

    def zoom(self, factor: float) -> None:
        """Zoom to this share of the visible range, around its middle."""
        both = self.wheel_axis is None
        x = factor if both or self.wheel_axis == 0 else None
        y = factor if both or self.wheel_axis == 1 else None
        self.scaleBy(x=x, y=y)
        self._stop_at_home()

    def pan(self, across: float, up: float) -> None:
        """Move by these shares of the visible range, to the right and up."""
        (x, x_end), (y, y_end) = self.viewRange()
        up = -up if self.yInverted() else up
        self.translateBy(
            x=across * (x_end - x) if across else None, y=up * (y_end - y) if up else None
        )
        self._stop_at_home()

    def _set_limits(self) -> None:
        limits: dict[str, float] = {}
        for name, (low, high), bounded, least in zip(
            "xy", self.home, self._bounded, self.least, strict=True
        ):
            limits[f"min{name.upper()}Range"] = max((high - low) * FINEST, least)
            if bounded:
                limits[f"{name}Min"], limits[f"{name}Max"] = low, high
        self.setLimits(**limits)

    def _stop_at_home(self) -> None:
        """A direction that shows everything again follows the plot again."""
        if not self.stays:
            return
        for axis, (now, home) in enumerate(zip(self.viewRange(), self.home, strict=True)):
            air = 1e-6 * (home[1] - home[0])
            if now[0] <= home[0] + air and now[1] >= home[1] - air:
                self.enableAutoRange(axis)
        self.updateAutoRange()

    # --- overrides of pyqtgraph
    # --------------------------------------------------------------------

    def itemBoundsChanged(self, _item: object) -> None:  # noqa: N802  pyqtgraph's own name
        """The range does not depend on the items, so their bounds are not needed."""

    def boundingRect(self) -> QRectF:  # asked for several times in every frame
        return self._bounds

    def resizeEvent(self, ev: QGraphicsSceneResizeEvent) -> None:
        self._bounds = QRectF(QPointF(), ev.newSize())
        super().resizeEvent(ev)

    def updateAutoRange(self) -> None:  # noqa: N802
        self._autoRangeNeedsUpdate = False
        pairs = zip(self.home, self.viewRange(), self.autoRangeEnabled(), strict=True)
        wanted = [home if auto and list(home) != now else None for home, now, auto in pairs]
        if any(wanted):
            x, y = wanted
            self.setRange(xRange=x, yRange=y, padding=0, disableAutoRange=False)
            self.updateMatrix()  # otherwise it happens during painting, which is then repeated

    def wheelEvent(self, ev: Any, axis: int | None = None) -> None:
        super().wheelEvent(ev, self.wheel_axis if axis is None else axis)
        self._stop_at_home()

    def mouseDragEvent(self, ev: Any, axis: int | None = None) -> None:
        if ev.button() == _Button.RightButton and axis is None:
            self._drag_box(ev)
        elif ev.button() == _Button.LeftButton and not self.left_drags:
            ev.ignore()
        else:
            super().mouseDragEvent(ev, axis)
            if self.state["mouseMode"] == self.PanMode or ev.isFinish():
                self._stop_at_home()

    def _drag_box(self, ev: Any) -> None:
        """Draw the box, and zoom to it at the end."""
        ev.accept()
        start, end = ev.buttonDownPos(ev.button()), ev.pos()
        if not ev.isFinish():
            self.updateScaleBox(start, end)
            return
        self.rbScaleBox.hide()
        box = QRectF(start, end).normalized() & self.rect()
        if min(box.width(), box.height()) >= LEAST_DRAG:
            self.showAxRect(self.childGroup.mapRectFromParent(box), padding=0)
            self._stop_at_home()

    def updateScaleBox(self, p1: Any, p2: Any) -> None:  # noqa: N802
        self.rbScaleBox.setPen(pg.mkPen(theme().palette.accent))
        self.rbScaleBox.setBrush(translucent(theme().palette.accent, 40))
        super().updateScaleBox(p1, p2)

    def keyPressEvent(self, ev: Any) -> None:
        ev.ignore()  # the plot has its own keys


def aired(low: float, high: float, *, logarithmic: bool = False) -> Range:
    """These ends with some air around; the lower one stays above 0, unless they are logarithms."""
    air = max(0.06 * (high - low), 0.05 if logarithmic else max(0.02 * abs(high), 1e-9))
    return low - air if logarithmic or low < 0 else max(0.0, low - air), high + air


def _differ(a: Range, b: Range, share: float) -> bool:
    seen = (b[1] - b[0]) * share
    return not (math.fabs(a[0] - b[0]) <= seen and math.fabs(a[1] - b[1]) <= seen)
