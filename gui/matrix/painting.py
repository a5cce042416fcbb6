"""Paints a matrix: coloured cells with numbers, brackets, names and highlights."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap

from gui.matrix.grid import BRACKET, CAPTION_HIGH, CELL_HIGH, HEADER_HIGH, Grid
from gui.matrix.model import Array, Marks, Matrix, fitting, usual_length
from gui.style.theme import (
    CAPTION,
    Palette,
    colour,
    image,
    math_font,
    mono_font,
    px,
    theme,
    ui_font,
)
from gui.widgets.formulas import is_paper

# The largest number gets this share of the scale, so that every number is readable in the theme's
# single text colour (contrast at least 4 to 1).
TINT = 0.58
_AIR = 11.0  # px left and right of a number, together
_ALIGN = Qt.AlignmentFlag


def cells_layer(values: Array, grid: Grid, scale: float, digits: int, ratio: float) -> QPixmap:
    """The visible cells with their numbers, as a picture of the size of the viewport."""
    cells = grid.cells
    layer = QPixmap(round(cells.width() * ratio), round(cells.height() * ratio))
    layer.setDevicePixelRatio(ratio)
    layer.fill(theme().palette.surface)
    with QPainter(layer) as painter:
        draw_cells(painter, values, grid, scale, digits)
    return layer


def draw_cells(
    painter: QPainter,
    values: Array,
    grid: Grid,
    scale: float,
    digits: int,
    blank: frozenset[tuple[int, int]] = frozenset(),
) -> None:
    """Paint the visible cells, with the corner of the viewport at the origin.

    `blank` cells have a line instead of their number, and no colour.
    """
    palette = theme().palette
    rows, columns = grid.visible()
    block = values[rows.start : rows.stop, columns.start : columns.stop]
    left_out = {(row - rows.start, column - columns.start) for row, column in blank}
    painter.translate(
        columns.start * grid.wide - grid.across, rows.start * px(CELL_HIGH) - grid.down
    )
    _draw_colours(painter, block, grid, scale, palette)
    for row, column in left_out:
        place = QRectF(column * grid.wide, row * px(CELL_HIGH), grid.wide - 1, px(CELL_HIGH) - 1)
        painter.fillRect(place, palette.surface)
        painter.setPen(QPen(palette.muted, 1))
        painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))
    _draw_numbers(painter, block, grid, digits, left_out)


def _draw_colours(
    painter: QPainter, block: Array, grid: Grid, scale: float, palette: Palette
) -> None:
    shares = np.clip(np.nan_to_num(block / (scale or 1.0), nan=0.0), -1, 1)
    n_rows, n_columns = block.shape
    smoothed = painter.testRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    if is_paper(painter) or smoothed:  # it would blur
        for (row, column), share in np.ndenumerate(shares):
            place = QRectF(column * grid.wide, row * px(CELL_HIGH), grid.wide, px(CELL_HIGH))
            painter.fillRect(place, colour(TINT * float(share), 1.0, palette))
    else:
        levels = np.rint(127.5 * (TINT * shares + 1)).astype(np.uint8)
        painter.drawImage(
            QRectF(0, 0, n_columns * grid.wide, n_rows * px(CELL_HIGH)), image(levels, palette)
        )
    for row, column in np.argwhere(~np.isfinite(block)):
        rect = QRectF(column * grid.wide, row * px(CELL_HIGH), grid.wide, px(CELL_HIGH))
        painter.fillRect(rect, palette.error_soft)
    for row in range(1, n_rows + 1):
        painter.fillRect(
            QRectF(0, row * px(CELL_HIGH) - 1, n_columns * grid.wide, 1), palette.surface
        )
    for column in range(1, n_columns + 1):
        painter.fillRect(
            QRectF(column * grid.wide - 1, 0, 1, n_rows * px(CELL_HIGH)), palette.surface
        )


def _draw_numbers(
    painter: QPainter, block: Array, grid: Grid, digits: int, left_out: set[tuple[int, int]]
) -> None:
    font = mono_font(CAPTION)
    metrics = QFontMetricsF(font)
    digit = metrics.horizontalAdvance("0")
    base = (px(CELL_HIGH) - 1 + metrics.ascent() - metrics.descent()) / 2
    middle = (grid.wide - 1) / 2
    length = int((grid.wide - 1) // digit)
    painter.setFont(font)
    painter.setPen(theme().palette.text)
    for row, line in enumerate(block.tolist()):
        y = row * px(CELL_HIGH) + base
        for column, value in enumerate(line):
            if (row, column) not in left_out:
                words = fitting(value, digits, length)
                x = column * grid.wide + middle - len(words) * digit / 2
                painter.drawText(QPointF(x, y), words)


def measured(grid: Grid, matrix: Matrix, digits: int) -> Grid:
    """The grid with cells as wide as the numbers of a matrix need, and room for its rows' names."""
    rows, columns = matrix.shape
    digit = QFontMetricsF(mono_font(CAPTION)).horizontalAdvance("0")
    small = QFontMetricsF(ui_font(CAPTION - 2))
    wide = math.ceil(usual_length(matrix.values, digits) * digit + _AIR)
    names = [str(rows), matrix.rows.word if grid.headers else ""]
    names_wide = max(small.horizontalAdvance(name) for name in names) + 6
    first = small.horizontalAdvance(f"{matrix.columns.word} 1") + 4
    return replace(
        grid,
        rows=rows,
        columns=columns,
        wide=float(max(wide, math.ceil(first))),
        names=float(math.ceil(names_wide)) if matrix.rows.word else 0.0,
    )


def draw_surroundings(painter: QPainter, matrix: Matrix, grid: Grid) -> None:
    """Paint name and shape, brackets at both sides, and the names of rows and columns."""
    palette, cells = theme().palette, grid.cells
    _draw_caption(painter, matrix, grid, palette)
    _draw_bracket(painter, cells.left() - 3, cells, 1, palette.text)
    _draw_bracket(painter, cells.right() + 2, cells, -1, palette.text)
    rows, columns = grid.visible()
    painter.setFont(ui_font(CAPTION - 2))
    painter.setPen(palette.muted)
    painter.save()
    painter.setClipRect(QRectF(0, cells.y() - 1, grid.names, cells.height() + 1))
    for row in rows if matrix.rows.word else ():
        beside = QRectF(0, grid.cell(row, 0).y(), grid.names - 2, px(CELL_HIGH) - 1)
        painter.drawText(beside, _ALIGN.AlignRight | _ALIGN.AlignVCenter, str(row + 1))
    painter.restore()
    if not grid.headers:
        return
    above = cells.y() - px(HEADER_HIGH) - 1
    corner = QRectF(0, above, grid.names - 2, px(HEADER_HIGH))
    painter.drawText(corner, _ALIGN.AlignRight | _ALIGN.AlignVCenter, matrix.rows.word)
    painter.setClipRect(QRectF(cells.x(), above, cells.width(), px(HEADER_HIGH)))
    word = matrix.columns.word
    for column in columns if word else ():
        cell = grid.cell(0, column)
        over = QRectF(cell.x(), above, cell.width(), px(HEADER_HIGH))
        words = f"{word} {column + 1}" if column == columns[0] else str(column + 1)
        painter.drawText(over, _ALIGN.AlignCenter, words)
    painter.setClipping(False)


def _draw_bracket(painter: QPainter, x: float, cells: QRectF, way: int, ink: QColor) -> None:
    """A square bracket whose feet point right (+1) or left (-1)."""
    top, bottom, foot = cells.top() - 2.5, cells.bottom() + 1.5, way * (px(BRACKET) - 3)
    painter.setPen(QPen(ink, 1.4))
    x = x - way * 1.5
    painter.drawPolyline(
        [QPointF(x + foot, top), QPointF(x, top), QPointF(x, bottom), QPointF(x + foot, bottom)]
    )


def caption_parts(matrix: Matrix) -> list[tuple[str, bool]]:
    """The caption in pieces, each with whether it is marked: `W[1] (4, ` and `2`, `)`."""
    rows, columns = matrix.sizes
    return [
        (f"{matrix.name}  (", False),
        (rows, matrix.matched == 0),
        (", ", False),
        (columns, matrix.matched == 1),
        (")", False),
    ]


def _draw_caption(painter: QPainter, matrix: Matrix, grid: Grid, palette: Palette) -> None:
    """The name centred over the cells, moved inward where it would be cut off."""
    font = math_font(CAPTION + 1)
    metrics = QFontMetricsF(font)
    parts = [
        (words, mark, metrics.horizontalAdvance(words)) for words, mark in caption_parts(matrix)
    ]
    wide = sum(part[2] for part in parts)
    x = max(0.0, min(grid.cells.center().x() - wide / 2, grid.width - wide))
    painter.setFont(font)
    for words, mark, advance in parts:
        painter.setPen(palette.accent if mark else palette.muted)
        painter.drawText(QPointF(x, px(CAPTION_HIGH) - 5), words)
        if mark:
            painter.fillRect(QRectF(x, px(CAPTION_HIGH) - 2.5, advance, 1.5), palette.accent)
        x += advance


def caption_width(matrix: Matrix) -> float:
    """How wide the caption is."""
    words = "".join(words for words, _ in caption_parts(matrix))
    return QFontMetricsF(math_font(CAPTION + 1)).horizontalAdvance(words)


def draw_overlay(
    painter: QPainter,
    grid: Grid,
    marks: Marks,
    hovered: tuple[int, int] | None,
    current: tuple[int, int] | None,
    chosen: tuple[range, range] | None,
) -> None:
    """Frame the highlighted, selected and hovered cells and the cursor, in that order."""
    palette = theme().palette
    painter.save()
    painter.setClipRect(grid.cells.adjusted(-2, -2, 1, 1))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    tone = getattr(palette, marks.tone)
    rows, columns = grid.visible()
    for row in rows:
        for column in columns:
            if row in marks.rows or column in marks.columns or (row, column) in marks.cells:
                _frame(painter, grid.cell(row, column), QPen(tone, 1.5))
    if marks.strong is not None:
        _frame(painter, grid.cell(*marks.strong), QPen(palette.text, 2))
    if chosen is not None:
        first = grid.cell(chosen[0].start, chosen[1].start)
        whole = first.united(grid.cell(chosen[0].stop - 1, chosen[1].stop - 1))
        fill = QColor(palette.accent)
        fill.setAlpha(50)
        painter.fillRect(whole, fill)
        _frame(painter, whole, QPen(palette.accent, 1.5))
    if hovered is not None:
        _frame(painter, grid.cell(*hovered), QPen(palette.text, 1.5))
    if current is not None:
        _frame(painter, grid.cell(*current), QPen(palette.accent, 2))
    painter.restore()


def _frame(painter: QPainter, rect: QRectF, pen: QPen) -> None:
    inset = pen.widthF() / 2
    painter.setPen(pen)
    painter.drawRect(rect.adjusted(inset - 0.5, inset - 0.5, 0.5 - inset, 0.5 - inset))
