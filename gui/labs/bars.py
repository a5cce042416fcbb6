"""A few labelled bars on a logarithmic scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from gui.plots.chart import Chart
from gui.plots.ticks import LOG
from gui.style.theme import CAPTION, px, theme, ui_font

THICK = 0.42  # of the height of its line
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Bar:
    """A positive number with its name and itself in words; `ink` is a colour of the theme."""

    name: str
    value: float
    words: str
    ink: str


class BarsPlot(Chart):
    """Bars one under the other, the first on top, from the same end of a scale of powers of ten."""

    air = QMarginsF(4, 4, 14, 2)

    def __init__(self, name: str, axis: str) -> None:
        self._bars: tuple[Bar, ...] = ()
        super().__init__(name, left_drags=False, invertY=True)
        self.add_axis("bottom", grid=True, numbering=LOG)
        self.axes["bottom"].rename(axis)
        self._layer = self.add_layer(self._draw, z=2)
        self.numbers = lambda: {bar.name: [bar.value] for bar in self._bars}
        self.arrange()

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Draw these."""
        self._bars = tuple(bars)
        self.axes["bottom"].setVisible(bool(bars))
        self.arrange()
        if bars:
            low = min(bar.value for bar in bars)
            high = max(bar.value for bar in bars)
            first = float(np.floor(np.log10(low))) - 0.5
            last = max(float(np.ceil(np.log10(high))), first + 1.5)
            self.box.go_home((first, last), (0.0, float(len(bars))), held=False)
        self._layer.update()

    @property
    def bars(self) -> tuple[Bar, ...]:
        """The drawn bars."""
        return self._bars

    def _draw(self, painter: QPainter) -> None:
        palette, way = theme().palette, self.pixels()
        line = QFontMetricsF(ui_font(CAPTION)).height() + px(3)
        for i, bar in enumerate(self._bars):
            top, below = (way.map(QPointF(0.0, at)).y() for at in (i, i + 1))
            left = self.area().left()
            right = max(way.map(QPointF(float(np.log10(bar.value)), 0.0)).x(), left + 2)
            high = min(THICK * (below - top), below - top - line)
            painter.fillRect(
                QRectF(left, top + line, right - left, high), getattr(palette, bar.ink)
            )
            painter.setFont(ui_font(CAPTION))
            painter.setPen(palette.text)
            painter.drawText(
                QRectF(left + 2, top, self.area().width(), line), _LEFT, f"{bar.name}: {bar.words}"
            )
