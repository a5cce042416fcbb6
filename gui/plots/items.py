"""The curves, bars and pictures of plots."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPen, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gui.plots.box import LARGEST
from gui.plots.pg import pg
from gui.plots.pixels import drawable

PlotValues = NDArray[Any]
WIDTH = 1.7  # px that a curve looks wide
_ONCE = ((0.0, 0.0),)
_THRICE = ((0.0, 0.0), (0.7, 0.0), (0.0, 0.7))  # px


class CurveItem(pg.PlotCurveItem):  # type: ignore[misc]  # pyqtgraph ships no types
    """A line through points. It is drawn three times with a width of 1, which takes a tenth of the
    time of a true 2; in a file it is one path with one pen. A line of few points may have a true
    `width` (px), which is set before its points.
    """

    def __init__(self, pen: QPen | None = None, *, width: float = 0.0) -> None:
        super().__init__(skipFiniteCheck=True, antialias=True)
        self.width = width
        self._seen = QRectF()
        self._joined: str | PlotValues = "all"  # which points are joined to the next
        self.points: tuple[PlotValues, PlotValues] = (np.empty(0), np.empty(0))  # as set
        if pen is not None:
            self.set_pen(pen)

    def set_pen(self, pen: QPen) -> None:
        """Draw it in this pen's colour and dashes."""
        pen = QPen(pen)
        pen.setCosmetic(True)
        if pen != self.opts["pen"]:
            self.setPen(pen)

    def set_points(
        self, x: PlotValues, y: PlotValues, *, gaps: bool = False, pieces: bool = False
    ) -> None:
        """Draw it through points (k,), or `pieces` of it from every even point to the next. Points
        that have no place are left out; with `gaps` the line ends there and begins again.
        """
        x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
        drawable = (np.abs(x) <= LARGEST) & (np.abs(y) <= LARGEST)  # False for NaN and infinity
        self._joined = "pairs" if pieces else "all"
        if pieces:
            drawable = np.repeat(drawable[::2] & drawable[1::2], 2)
        if not drawable.all():
            at = np.flatnonzero(drawable)
            x, y = x[at], y[at]
            self._joined = np.append(np.diff(at) == 1, False) if gaps else self._joined
        if len(x) or len(self.points[0]):
            self.points = x, y
            self._lay()

    def _lay(self) -> None:
        """Give pyqtgraph the points, none so far off that its pixel would be too large to paint."""
        (x, y), seen = self.points, self._seen
        if len(x) and seen.width() and seen.height():
            x = drawable(x, (seen.left(), seen.right()))
            y = drawable(y, (seen.top(), seen.bottom()))
        self.setData(x, y, connect=self._joined)

    def viewRangeChanged(self, *_: object) -> None:  # noqa: N802  pyqtgraph's own name
        self.prepareGeometryChange()
        box = self.getViewBox()
        self._seen = QRectF() if box is None else box.viewRect()
        if len(self.points[0]):
            self._lay()

    def boundingRect(self) -> QRectF:
        """The visible range: to find the ends of the data takes as long as to draw them."""
        return self._seen

    def paint(
        self, p: QPainter, _option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if self.xData is None or not len(self.xData):
            return
        way, path, pen = p.worldTransform(), self.getPath(), QPen(self.opts["pen"])
        width = self.width or (0.0 if widget else WIDTH)  # without a widget in a file
        if width:
            dashes = pen.dashPattern()  # as many widths of the pen long
            pen.setWidthF(width)
            if pen.style() == Qt.PenStyle.CustomDashLine:
                pen.setDashPattern([dash / width for dash in dashes])
        p.setPen(pen)
        p.setBrush(Qt.BrushStyle.NoBrush)
        for x, y in _ONCE if width else _THRICE:
            p.setWorldTransform(way * QTransform.fromTranslate(x, y))
            p.drawPath(path)
        p.setWorldTransform(way)


class BarsItem(pg.BarGraphItem):  # type: ignore[misc]
    """Bars without a border: nothing is painted outside of them, which Qt asks in every frame."""

    def __init__(self) -> None:
        super().__init__(x0=[], y0=0, width=0, height=0, pen=None)

    def pixelPadding(self) -> float:  # noqa: N802  pyqtgraph's own name
        return 0.0


class PictureItem(pg.ImageItem):  # type: ignore[misc]
    """Pixels over a rectangle of the plot, row 0 at its top, smooth or sharp."""

    def __init__(self, *, smooth: bool = True) -> None:
        super().__init__()
        self._smooth, self._picture = smooth, QImage()
        self._laid: tuple[QRectF, QSize] | None = None  # to lay it anew takes long

    def show_image(self, image: QImage, place: QRectF) -> None:
        """Show it here, its top row at the largest y, or in an inverted box at the smallest."""
        self._picture = image
        self.setImage(pg.functions.ndarray_from_qimage(image), autoLevels=False)
        if self._laid != (place, image.size()):
            self._laid = place, image.size()
            box = self.getViewBox()
            if box is None or not box.yInverted():
                place = QRectF(place.left(), place.bottom(), place.width(), -place.height())
            self.setRect(place)

    def render(self) -> None:
        """Paint the picture itself: pyqtgraph's has a format that takes half as long again."""
        self._renderRequired, self._unrenderable = False, False
        self.qimage = self._picture

    def paint(self, p: QPainter, *args: Any) -> None:
        p.setRenderHint(p.RenderHint.SmoothPixmapTransform, self._smooth)
        super().paint(p, *args)
        p.setRenderHint(p.RenderHint.SmoothPixmapTransform)
