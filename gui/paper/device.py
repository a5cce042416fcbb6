"""Renders painting to the bytes of a .png of any size, an .svg, or a .pdf."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QBuffer, QByteArray, QMarginsF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from gui.widgets.formulas import with_formulas

Paint = Callable[[QPainter], None]
DPI = 72  # of a .pdf: one painted unit is one point
_KINDS = {"Inter": "sans-serif", "STIX Two Text": "serif", "JetBrains Mono": "monospace"}
A4 = QSizeF(595.276, 841.89)  # points


def written(paint: Paint, suffix: str, size: QSize, scale: float, title: str) -> bytes:
    """The picture of `size` pixels or points in a format; `paint` is given a painter on which
    everything is `scale` times as large. In an .svg and a .pdf text stays text.
    """
    if suffix == ".png":
        return png(image(paint, size, scale))
    if suffix == ".svg":
        return _svg(paint, size, scale, title)

    def enlarged(painter: QPainter) -> None:
        painter.scale(scale, scale)
        paint(painter)

    return pdf([enlarged], QSizeF(size), title)


def image(paint: Paint, size: QSize, scale: float) -> QImage:
    """A painting as a picture of this size in pixels."""
    made = QImage(size, QImage.Format.Format_RGB32)
    made.setDevicePixelRatio(scale)
    made.fill(Qt.GlobalColor.white)
    with QPainter(made) as painter:
        paint(painter)
    return made


def png(picture: QImage) -> bytes:
    """The bytes of a .png."""
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]  # it takes no bytes
    return bytes(held.data())


def _svg(paint: Paint, size: QSize, scale: float, title: str) -> bytes:
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    whole = QSizeF(size) / scale
    device = QSvgGenerator()
    device.setOutputDevice(buffer)
    device.setSize(size)
    device.setViewBox(QRectF(0, 0, whole.width(), whole.height()))
    device.setTitle(title)
    with QPainter(device) as painter:
        paint(painter)
    return _with_families(with_formulas(bytes(held.data()).decode())).encode()


def _with_families(svg: str) -> str:
    """An .svg that names a similar font in case ours are not installed."""
    for family, kind in _KINDS.items():
        svg = re.sub(f'font-family="({family}[^"]*)"', rf'font-family="\1,{kind}"', svg)
    return svg


def pdf(pages: Sequence[Paint], size: QSizeF, title: str) -> bytes:
    """A document with these pages of `size` points."""
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    device = QPdfWriter(buffer)
    device.setTitle(title)
    device.setCreator("Layerwise")
    device.setResolution(DPI)
    device.setPageSize(QPageSize(size, QPageSize.Unit.Point))
    device.setPageMargins(QMarginsF(), QPageLayout.Unit.Point)
    with QPainter(device) as painter:
        for number, paint in enumerate(pages):
            if number:
                device.newPage()
            painter.save()
            paint(painter)
            painter.restore()
    return bytes(held.data())
