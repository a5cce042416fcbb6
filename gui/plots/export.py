"""A plot as a picture of any size (PNG, SVG, PDF), and its numbers as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from itertools import zip_longest
from typing import Any, Protocol

from PySide6.QtCore import QBuffer, QByteArray, QMarginsF, QRectF, QSize, QSizeF
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
from PySide6.QtWidgets import QGraphicsScene, QWidget

from core.cells import cell
from gui.plots.box import Box
from gui.style.theme import LIGHT, Palette, theme

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
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    if suffix == ".png":
        image_of(chart, size, scale, white=white).save(buffer, "PNG")  # type: ignore[call-overload]  # it takes no bytes
        return bytes(held.data())
    whole = QSizeF(size) / scale
    device: QPaintDevice
    if suffix == ".svg":
        device = QSvgGenerator()
        device.setOutputDevice(buffer)
        device.setSize(size)
        device.setViewBox(QRectF(0, 0, whole.width(), whole.height()))
        device.setTitle(chart.accessibleName())
    else:
        device = QPdfWriter(buffer)
        device.setTitle(chart.accessibleName())
        device.setResolution(72)
        device.setPageSize(QPageSize(QSizeF(size), QPageSize.Unit.Point))
        device.setPageMargins(QMarginsF(), QPageLayout.Unit.Point)
    with chart.posing(whole, LIGHT if white else theme().palette):
        _render(chart, device, whole, _ground(white), 1.0 if suffix == ".svg" else scale)
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
