"""A bar chart of each example's pull on a parameter (its share of the gradient), sorted."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter

from core.nn.activations import Array
from gui.plots.chart import Chart
from gui.plots.items import BarsItem
from gui.plots.ticks import COUNT
from gui.style import text
from gui.style.theme import theme

DOT = 3.5  # px, the radius of the dot on the marked bar
LEAST = 1.0  # px: a bar that is not zero stays visible
CLOSEST = 4.0  # bars: the fewest that are zoomed to
_HIGH = 96
_TO = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class PullChart(Chart):
    """Bars of ascending values, orange below and blue above zero; one of them is marked.

    A click, or the arrow keys, requests another bar. The wheel zooms in. If bars are narrower than
    a pixel, the nearest one stands for its neighbours: they are in order.
    """

    chosen = Signal(int)  # which bar, from the left

    def __init__(self, name: str = "Pulls of the examples") -> None:
        self._values: Array = np.empty(0)
        self._name_of: Callable[[int], str] = str
        self._marked: int | None = None
        self._hovered: float | None = None
        super().__init__(name, bounded=(True, False))
        self.box.wheel_axis = 0
        self.box.least = (CLOSEST, 0.0)
        self.add_axis("left", grid=True)
        self.add_axis("bottom", numbering=COUNT)
        self._bars = self.add_items([], 2, BarsItem)
        self._over = self.add_layer(self._draw_over, z=3, air=4.0)
        self.hovered.connect(self._on_hovered)
        self.clicked.connect(self._on_clicked)
        for changed in (self.resized, self.zoomed, self.restyled):
            changed.connect(self._lay)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.arrange()

    def show_values(self, values: Array, marked: int | None, name_of: Callable[[int], str]) -> None:
        """Show these values (m,), ascending, one marked; `name_of(bar)` names its example."""
        self._values, self._marked, self._name_of = values, marked, name_of
        said, bar = self.tr("Pulls of {examples}"), ""
        if marked is not None:
            said, bar = self.tr("Pulls of {examples}, {bar}"), self._words(marked)
        self.setAccessibleName(said.format(examples=text.examples(len(values)), bar=bar))
        self._lay()

    def _fit(self) -> None:
        """Fit all bars, or the zoomed ones, to the height; zero is always visible."""
        (low, high), all_ = self.box.viewRange()[0], self.box.autoRangeEnabled()[0]
        seen = self._values if all_ else self._values[max(int(low), 0) : math.ceil(high)]
        seen = seen[np.isfinite(seen)]
        bottom = min(float(seen.min()), 0.0) if seen.size else 0.0
        top = max(float(seen.max()), 0.0) if seen.size else 0.0
        air = 0.04 * (top - bottom) or 1.0
        end = float(max(len(self._values), 1))
        self.box.go_home((0.0, end), (bottom - air, top + air), held=False)

    def _lay(self) -> None:
        """The visible bars: all of them, or one per pixel, each high enough to be visible."""
        self._fit()
        values, (low, high) = self._values, self.box.viewRange()[0]
        first, last = max(int(low), 0), min(math.ceil(high), len(values))
        wide = self.area().width() / max(high - low, 1e-9)
        at = np.arange(first, last)
        if wide < 1 and len(at):
            at = np.unique(np.linspace(first, last - 1, max(int(self.area().width()), 1)).round())
            at = at.astype(np.intp)
        heights = self._heights(at)
        width = 1.0 + 1.0 / wide if wide < 1 else 1.0 if wide < 3 else 1.0 - 1.0 / wide
        inks = theme().palette.negative, theme().palette.positive
        for bars, which, ink in zip(self._bars, (heights < 0, heights > 0), inks, strict=True):
            x0 = at[which].astype(np.float64)
            bars.setOpts(x0=x0, width=width, height=heights[which], brush=ink)
        self._over.update()

    def _words(self, bar: int) -> str:
        return f"{self._name_of(bar)}: {text.number(float(self._values[bar]))}"

    def bar_at(self, x: float) -> int:
        """Which bar is at a pixel."""
        place = self.values_at(QPointF(x, 0.0)).x()
        return int(min(max(place, 0), len(self._values) - 1))

    def rect_of(self, bar: int) -> QRectF:
        """The rectangle of a bar, at least a pixel high."""
        height = float(self._heights(np.array([bar]))[0])
        return self.pixels().mapRect(QRectF(bar, 0.0, 1.0, height).normalized())

    def _heights(self, bars: Array) -> Array:
        """The heights of these bars: one that is not zero stays visible."""
        heights = np.nan_to_num(self._values[bars], nan=0.0, posinf=0.0, neginf=0.0)
        least = LEAST / abs(self.pixels().m22())
        return np.where(heights, np.sign(heights) * np.maximum(abs(heights), least), 0.0)

    def _on_hovered(self, at: QPointF | None) -> None:
        self._hovered = None if at is None else at.x()
        bar = None if at is None or not len(self._values) else self.bar_at(at.x())
        self.setToolTip("" if bar is None else text.tip(self._words(bar)))
        self._over.update()

    def _on_clicked(self, at: QPointF) -> None:
        if len(self._values):
            self.chosen.emit(self.bar_at(at.x()))

    def _draw_over(self, painter: QPainter) -> None:
        """The line at zero, the bar under the mouse, and the one that is marked."""
        palette = theme().palette
        if not len(self._values):
            return
        self.draw_level(painter, 0.0, palette.muted)
        if self._hovered is not None:
            self.draw_upright(painter, self.bar_at(self._hovered) + 0.5, palette.faint)
        if self._marked is not None:
            self.draw_upright(painter, self._marked + 0.5, palette.text)
            place, down = self.rect_of(self._marked), self._values[self._marked] < 0
            at = QPointF(place.center().x(), place.bottom() if down else place.top())
            self.draw_dot(painter, at, DOT, palette.text)

    # --- Qt's own --------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(300, _HIGH)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last, here, key = len(self._values) - 1, self._marked or 0, Qt.Key(event.key())
        to = here + _TO[key] if key in _TO else {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}.get(key)
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if to is None or last < 0 or held:
            super().keyPressEvent(event)
        else:
            self.chosen.emit(min(max(to, 0), last))
