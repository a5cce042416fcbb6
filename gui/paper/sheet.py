"""Lays out blocks one below the other, as one picture or as pages."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter

from gui.paper.blocks import Block
from gui.paper.device import A4, Paint, pdf, written
from gui.style import fonts
from gui.style.theme import CAPTION, LIGHT, Palette, px, theme, ui_font

MARGIN = 46.0  # points around a page
FOOT = 30.0  # points at the bottom of it, for its number
POINTS = 0.75  # a pixel of the window on paper: text of 13 px has about 10 points
AIR = 14.0  # px around a picture
GAP = 10.0  # px between two blocks
Page = list[tuple[Block, float, float]]  # blocks, how much smaller each is drawn, how high it is


def pages(parts: Sequence[Sequence[Block]], title: str) -> bytes:
    """A document in A4: each part begins on a new page and takes as many as it needs.

    The foot of each page has the title and the page's number. Colours are those of the light theme,
    and the text size is always the same.
    """
    with theme().lent(LIGHT), fonts.legible():
        return pdf(laid_out(parts, title), A4, title)


def laid_out(parts: Sequence[Sequence[Block]], title: str) -> list[Paint]:
    """The painters of the pages, in points and in the colours of the theme."""
    by = POINTS / fonts.scale()
    width = (A4.width() - 2 * MARGIN) / by
    high = (A4.height() - 2 * MARGIN - FOOT) / by
    cut = [page for part in parts for page in paged(part, width, high)]
    return [_page(page, width, by, _foot(title, i, len(cut))) for i, page in enumerate(cut)]


def paged(blocks: Sequence[Block], width: float, high: float) -> list[Page]:
    """The blocks divided into pages; a block higher than a page is made smaller to fit."""
    cut: list[Page] = [[]]
    used = 0.0
    for group in _groups(blocks):
        heights = [block.height(width) for block in group]
        whole = sum(heights) + px(GAP) * (len(group) - 1)
        if cut[-1] and used + whole > high:
            cut.append([])
            used = 0.0
        for block, tall in zip(group, heights, strict=True):
            if cut[-1] and used + tall > high:
                cut.append([])
                used = 0.0
            share = min(1.0, high / tall) if tall else 1.0
            cut[-1].append((block, share, share * tall))
            used += share * tall + px(GAP)
    return cut


def _groups(blocks: Sequence[Block]) -> list[list[Block]]:
    """Blocks that stay with the next one, together with it."""
    groups: list[list[Block]] = [[]]
    for block in blocks:
        groups[-1].append(block)
        if not block.stays:
            groups.append([])
    return [group for group in groups if group]


def _page(page: Page, width: float, by: float, foot: tuple[str, str]) -> Paint:
    def paint(painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(MARGIN, MARGIN)
        painter.scale(by, by)
        _paint_blocks(painter, page, width)
        painter.setFont(ui_font(CAPTION - 1))
        painter.setPen(theme().palette.muted)
        bottom = (A4.height() - 2 * MARGIN) / by
        line = QRectF(0, bottom - px(20), width, px(20))
        for words, side in zip(foot, ("AlignLeft", "AlignRight"), strict=True):
            painter.drawText(line, Qt.AlignmentFlag[side] | Qt.AlignmentFlag.AlignBottom, words)

    return paint


def _foot(title: str, index: int, count: int) -> tuple[str, str]:
    return title, f"Page {index + 1} of {count}"


def _paint_blocks(painter: QPainter, page: Page, width: float) -> None:
    y = 0.0
    for block, share, high in page:
        painter.save()
        painter.translate(QPointF(0, y))
        painter.scale(share, share)
        block.paint(painter, width)
        painter.restore()
        y += high + px(GAP)


def picture(
    blocks: Sequence[Block], suffix: str, width: int, scale: float, title: str, palette: Palette
) -> bytes:
    """The blocks as one picture in these colours: `width` pixels wide, as high as they need.

    Everything in it is `scale` times as large as in the window at the usual text size.
    """
    with theme().lent(palette), fonts.legible():
        by = scale / fonts.scale()
        room = width / by - 2 * px(AIR)
        page: Page = [(block, 1.0, block.height(room)) for block in blocks]
        high = sum(tall + px(GAP) for _, _, tall in page) - px(GAP) + 2 * px(AIR)
        size = QSize(width, max(round(high * by), 1))

        def paint(painter: QPainter) -> None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(QRectF(0, 0, size.width(), size.height()), palette.surface)
            painter.scale(1 / fonts.scale(), 1 / fonts.scale())
            painter.translate(px(AIR), px(AIR))
            _paint_blocks(painter, page, room)

        return written(paint, suffix, size, scale, title)
