"""The shapes of an equation in a line, with a bow between sizes that must agree."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style.theme import CAPTION, mono_font, theme
from gui.widgets.painting import smooth

_BOW = 5.0
ShapePiece = tuple[str, int | None]


class ShapesLine(QWidget):
    """Shows pieces such as `(3, 4)`, `=`, `(3, 400)` with 1, `·`, `(400, 4)` with 0.

    The number is the index of the size that must agree with the neighbour's.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pieces: tuple[tuple[str, bool], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def show_shapes(self, pieces: Sequence[ShapePiece]) -> None:
        """Show other shapes."""
        self._pieces = tuple(
            part for index, piece in enumerate(pieces) for part in _parts(piece, index)
        )
        plain = "".join(words for words, _ in self._pieces)
        agree = [words for words, marked in self._pieces if marked]
        said = self.tr("Shapes: {shapes}; the inner sizes agree, {sizes}")
        said = said if agree else self.tr("Shapes: {shapes}")
        self.setAccessibleName(said.format(shapes=plain, sizes=self.tr(" and ").join(agree)))
        rule = self.tr("The first must have as many columns as the second has rows: {size}")
        self.setToolTip(rule.format(size=agree[0]) if agree else "")
        self.updateGeometry()
        self.update()

    @property
    def plain(self) -> str:
        """The line as text."""
        return "".join(words for words, _ in self._pieces)

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(_font())
        return QSize(
            round(metrics.horizontalAdvance(self.plain)) + 2, round(metrics.height() + _BOW) + 2
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = theme().palette
        with smooth(self) as painter:
            painter.setFont(_font())
            metrics = QFontMetricsF(_font())
            x, base, marked_at = 0.0, (self.height() - _BOW) / 2 + metrics.ascent() / 2 - 1, []
            for words, marked in self._pieces:
                wide = metrics.horizontalAdvance(words)
                painter.setPen(palette.accent if marked else palette.muted)
                painter.drawText(QPointF(x, base), words)
                if marked:
                    marked_at.append(QRectF(x, base + 3, wide, 1))
                x += wide
            if len(marked_at) == 2:
                painter.setPen(QPen(palette.accent, 1.2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawPath(_bow(marked_at[0].center(), marked_at[1].center()))


def _bow(start: QPointF, end: QPointF) -> QPainterPath:
    path = QPainterPath(start)
    low = start.y() + _BOW
    path.lineTo(start.x(), low - 2)
    path.quadTo(start.x(), low, start.x() + 2, low)
    path.lineTo(end.x() - 2, low)
    path.quadTo(end.x(), low, end.x(), low - 2)
    path.lineTo(end)
    return path


def _parts(piece: ShapePiece, index: int) -> list[tuple[str, bool]]:
    """A shape divided at its mark; a sign with space around it."""
    words, matched = piece
    if not words.startswith("("):
        return [(f" {words} ", False)]
    sizes = re.findall(r"\d+|\?", words)
    return [
        ("(", False),
        (sizes[0], matched == 0),
        (", ", False),
        (sizes[1], matched == 1),
        (")", False),
    ]


def _font() -> QFont:
    return mono_font(CAPTION)
