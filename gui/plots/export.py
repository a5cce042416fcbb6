"""A plot as a picture of any size (PNG, SVG, PDF), and its numbers as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from itertools import zip_longest
from typing import Any, Protocol

from PySide6.QtCore import QBuffer, QByteArray, QMarginsF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QPageLayout,
    QPageSize,
    QPaintDevice,
    QPainter,
    QPdfWriter,
)
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QWidget

from core.cells import cell
from gui.plots.box import Box
from gui.style.theme import LIGHT, Palette, theme

AIR = 12.0  # px around a scene
Numbers = Mapping[str, Any]  # columns (arrays or lists, of any length) by their names


class Plot(Protocol):
    """What is exported: a Chart."""

    box: Box
    numbers: Callable[[], Numbers]

    def posing(self, size: QSizeF, palette: Palette) -> AbstractContextManager[None]: ...
    def show_all(self) -> None: ...
    def scene(self) -> QGraphicsScene: ...
    def renderHints(self) -> QPainter.RenderHint: ...  # noqa: N802  as Qt calls them
    def accessibleName(self) -> str: ...  # noqa: N802
    def window(self) -> QWidget: ...
    def size(self) -> QSize: ...


def image_of(chart: Plot, size: QSize, scale: float = 1.0, *, white: bool = False) -> QImage:
    """The plot on exactly so many pixels; everything in it is `scale` times as large as usual."""
    palette = LIGHT if white else theme().palette
    image = QImage(size, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    whole = QSizeF(size) / scale
    with chart.posing(whole, palette):
        image.fill(_ground(white))
        _render(chart, image, whole)
    return image


def encoded(chart: Plot, suffix: str, size: QSize, scale: float, *, white: bool) -> bytes:
    """The plot as the bytes of a .png, .svg or .pdf file. In the last two text is text."""
    if suffix == ".png":
        return _as_png(image_of(chart, size, scale, white=white))
    whole = QSizeF(size) / scale
    with chart.posing(whole, LIGHT if white else theme().palette):
        return _drawn(
            lambda device, by: _render(chart, device, whole, _ground(white), by),
            (suffix, size, scale, chart.accessibleName()),
        )


def encoded_scene(
    scene: QGraphicsScene, suffix: str, size: QSize, scale: float, title: str
) -> bytes:
    """All that is seen of a scene, as large as it fits, in the same ways and the colours of now."""
    area = QRectF()
    for item in scene.items():
        if item.isVisible():
            area |= item.sceneBoundingRect()
    area = area.adjusted(-AIR, -AIR, AIR, AIR)
    with _uncached(scene):
        return _scene_written(scene, area, (suffix, size, scale, title))


@contextmanager
def _uncached(scene: QGraphicsScene) -> Iterator[None]:
    """Without the pixels that items keep for the screen: lines and text stay what they are."""
    modes = [(item, item.cacheMode()) for item in scene.items()]
    try:
        for item, _ in modes:
            item.setCacheMode(QGraphicsItem.CacheMode.NoCache)
        yield
    finally:
        for item, mode in modes:
            item.setCacheMode(mode)


def _scene_written(
    scene: QGraphicsScene, area: QRectF, page: tuple[str, QSize, float, str]
) -> bytes:
    suffix, size, scale, _ = page
    whole = QRectF(0, 0, size.width() / scale, size.height() / scale)

    def paint(device: QPaintDevice, by: float) -> None:
        with QPainter(device) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.scale(by, by)
            painter.fillRect(whole, theme().palette.canvas)
            scene.render(painter, whole, area, Qt.AspectRatioMode.KeepAspectRatio)

    if suffix == ".png":
        image = QImage(size, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        paint(image, 1.0)
        return _as_png(image)
    return _drawn(paint, page)


def _as_png(image: QImage) -> bytes:
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # it takes no bytes
    return bytes(held.data())


def _drawn(
    paint: Callable[[QPaintDevice, float], None], page: tuple[str, QSize, float, str]
) -> bytes:
    """What is painted, `scale` times as large, as the bytes of an .svg or .pdf file."""
    suffix, size, scale, title = page
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    whole = QSizeF(size) / scale
    device: QPaintDevice
    if suffix == ".svg":
        device = QSvgGenerator()
        device.setOutputDevice(buffer)
        device.setSize(size)
        device.setViewBox(QRectF(0, 0, whole.width(), whole.height()))
        device.setTitle(title)
    else:
        device = QPdfWriter(buffer)
        device.setTitle(title)
        device.setResolution(72)
        device.setPageSize(QPageSize(QSizeF(size), QPageSize.Unit.Point))
        device.setPageMargins(QMarginsF(), QPageLayout.Unit.Point)
    paint(device, 1.0 if suffix == ".svg" else scale)
    return bytes(held.data())


def _ground(white: bool) -> QColor:
    return QColor("white") if white else theme().palette.surface


def _render(
    chart: Plot,
    device: QPaintDevice,
    whole: QSizeF,
    ground: QColor | None = None,
    scale: float = 1.0,
) -> None:
    area = QRectF(0, 0, whole.width(), whole.height())
    with QPainter(device) as painter:
        painter.setRenderHints(chart.renderHints())
        painter.scale(scale, scale)
        if ground is not None:
            painter.fillRect(area, ground)
        chart.scene().render(painter, area, area)


def table(numbers: Numbers, *, separator: str = ",") -> str:
    """The columns with their names, every number so that it is read back as the very same one."""
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
