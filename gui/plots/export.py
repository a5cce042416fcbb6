"""Exports a plot as a picture of any size (PNG, SVG, PDF) or its numbers as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from itertools import zip_longest
from typing import Any, Protocol

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QRegion
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QGraphicsView, QScrollArea, QWidget

from core.cells import cell
from gui.paper.device import Paint, image, written
from gui.plots.box import PlotBox
from gui.style.theme import Palette, legible, theme

AIR = 12.0  # px around a scene
PlotNumbers = Mapping[str, Any]  # columns (arrays or lists, of any length) by their names


class Plot(Protocol):
    """A plot that can be exported: a Chart."""

    box: PlotBox
    numbers: Callable[[], PlotNumbers]

    def posing(
        self, size: QSizeF, palette: Palette, *, legible: bool = False
    ) -> AbstractContextManager[None]: ...
    def show_all(self) -> None: ...
    def scene(self) -> QGraphicsScene: ...
    def renderHints(self) -> QPainter.RenderHint: ...  # noqa: N802  as Qt calls them
    def accessibleName(self) -> str: ...  # noqa: N802
    def window(self) -> QWidget: ...
    def size(self) -> QSize: ...


def image_of(
    chart: Plot, size: QSize, scale: float = 1.0, palette: Palette | None = None
) -> QImage:
    """The plot on exactly this many pixels, with everything in it `scale` times as large as usual.

    Its colours are those of a palette, or of the window.
    """
    with _posing(chart, size, scale, palette or theme().palette) as paint:
        return image(paint, size, scale)


def encoded(chart: Plot, suffix: str, size: QSize, scale: float, palette: Palette) -> bytes:
    """The plot as the bytes of a .png, .svg or .pdf file. In the last two, text stays text."""
    with _posing(chart, size, scale, palette, legible=suffix == ".pdf") as paint:
        return written(paint, suffix, size, scale, chart.accessibleName())


@contextmanager
def _posing(
    chart: Plot, size: QSize, scale: float, palette: Palette, *, legible: bool = False
) -> Iterator[Paint]:
    """Resize and colour the plot for a picture, and yield its painter."""
    whole = QSizeF(size) / scale
    area = QRectF(0, 0, whole.width(), whole.height())

    def paint(painter: QPainter) -> None:
        painter.setRenderHints(chart.renderHints())
        painter.fillRect(area, palette.surface)
        chart.scene().render(painter, area, area)

    with chart.posing(whole, palette, legible=legible):
        yield paint


def encoded_scene(
    scene: QGraphicsScene, suffix: str, size: QSize, scale: float, title: str
) -> bytes:
    """The visible part of a scene, as large as it fits, in the same formats and the current
    colours.
    """
    area = QRectF()
    for item in scene.items():
        if item.isVisible():
            area |= item.sceneBoundingRect()
    area = area.adjusted(-AIR, -AIR, AIR, AIR)
    whole = QRectF(0, 0, size.width() / scale, size.height() / scale)

    def paint(painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(whole, theme().palette.canvas)
        fitted = area.size().scaled(whole.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(QPointF(), fitted)
        place.moveCenter(whole.center())
        scene.render(painter, place, area)

    with uncached(scene):
        return written(paint, suffix, size, scale, title)


def encoded_widget(
    widget: QWidget, suffix: str, size: QSize, scale: float, palette: Palette
) -> bytes:
    """A visible widget, laid out at another size and in other colours, in the same formats."""
    whole = (QSizeF(size) / scale).toSize()

    def paint(painter: QPainter) -> None:
        painter.fillRect(QRectF(0, 0, size.width(), size.height()), palette.surface)
        flags = QWidget.RenderFlag.DrawChildren
        widget.render(painter, QPoint(), QRegion(), flags)

    with ExitStack() as posing:
        posing.enter_context(theme().worn(palette, widget))
        if suffix == ".pdf":
            posing.enter_context(legible(widget))
        posing.enter_context(_resized(widget, whole))
        for view in widget.findChildren(QGraphicsView):
            posing.enter_context(uncached(view.scene()))
        return written(paint, suffix, size, scale, widget.accessibleName())


@contextmanager
def _resized(widget: QWidget, size: QSize) -> Iterator[None]:
    """Resize temporarily, even if a scroll area around it would not allow it."""
    before, area = widget.size(), widget.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    fits = area is not None and area.widget() is widget and area.widgetResizable()
    if area is not None and fits:
        area.setWidgetResizable(False)
    widget.resize(size)
    try:
        yield
    finally:
        widget.resize(before)
        if area is not None and fits:
            area.setWidgetResizable(True)


@contextmanager
def uncached(scene: QGraphicsScene) -> Iterator[None]:
    """Without the items' cached pixmaps: lines and text remain lines and text."""
    modes = [(item, item.cacheMode()) for item in scene.items()]
    try:
        for item, _ in modes:
            item.setCacheMode(QGraphicsItem.CacheMode.NoCache)
        yield
    finally:
        for item, mode in modes:
            item.setCacheMode(mode)


def table(numbers: PlotNumbers, *, separator: str = ",") -> str:
    """The columns with their names, with all digits."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\n")
    writer.writerow(map(cell, numbers))
    columns = [_written(column) for column in numbers.values()]
    writer.writerows(zip_longest(*columns, fillvalue=""))
    return text.getvalue()


def _written(column: Any) -> list[Any]:
    values = column.tolist() if hasattr(column, "tolist") else list(column)
    return [
        "" if value is None else repr(value) if isinstance(value, float) else cell(str(value))
        for value in values
    ]
