"""A surface on a grid of heights: its colours and contour lines, and how it is painted in 3-D."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from core.look.plane import Plane
from core.nn.activations import Array
from core.span import FARTHEST, levels
from gui.plots.contour import between
from gui.plots.pixels import shares
from gui.style import text
from gui.style.theme import CAPTION, lut, theme, translucent, ui_font

TILT = math.radians(32)
HIGH = 0.7  # of the side: how high the surface rises
DIAGONAL = math.sqrt(2.0)  # height as a share of the floor's diagonal
ROUND = 48.0  # px around the floor for the numbers
LINES = 12  # contour lines


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """Heights (side, side) over `x` and `y` (side,), one row per y, ascending; a path over it (k,
    2), and its last point. Heights that are not finite count as the highest.
    """

    x: Array
    y: Array
    heights: Array
    way: Array
    here: tuple[float, float]
    names: tuple[str, str]

    def __post_init__(self) -> None:
        known = self.heights[np.isfinite(self.heights)]
        top = min(float(known.max()), FARTHEST) if known.size else 0.0
        finite = np.clip(np.nan_to_num(self.heights, nan=top), -FARTHEST, top)
        object.__setattr__(self, "heights", finite)

    @property
    def plane(self) -> Plane:
        """The ranges of x and y."""
        (x, *_, x_end), (y, *_, y_end) = self.x.tolist(), self.y.tolist()
        return Plane((x, x_end), (y, y_end))


def levels_of(heights: Array) -> NDArray[np.uint8]:
    """The upper half of the colour scale, by the square root, which separates low values best."""
    low, high = float(heights.min()), float(heights.max())
    share = np.sqrt((heights - low) / max(high - low, 1e-300))
    return levels(share, -1.0, 1.0)


def contours(heights: Array) -> list[float]:
    """Levels of contour lines, denser at low values."""
    low, high = float(heights.min()), float(heights.max())
    return [low + (high - low) * ((i + 0.5) / LINES) ** 2 for i in range(LINES)]


@dataclass(frozen=True, slots=True, eq=False)
class Relief:
    """A surface, turned by an angle (radians), in an area of this size from the corner on."""

    surface: Surface
    angle: float
    area: QRectF

    def paint(self, painter: QPainter) -> None:
        """Paint the squares of the grid from the farthest to the nearest, which hides others."""
        surface = self.surface
        low, high = float(surface.heights.min()), float(surface.heights.max())
        heights = (surface.heights - low) / max(high - low, 1e-300)
        side = len(surface.x)
        lines = np.linspace(0.0, 1.0, side)
        corners = self._seen(*np.meshgrid(lines, lines), heights)
        depth = self._depth(*np.meshgrid(lines[:-1], lines[:-1]))
        colours = lut(theme().palette)[levels_of(surface.heights)]
        ink = translucent(theme().palette.text, 40)
        self._paint_box(painter, low, high)
        painter.setPen(QPen(ink, 0.6))
        for at in np.argsort(depth, axis=None):
            row, column = divmod(int(at), side - 1)
            quad = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
            painter.setBrush(QColor(int(colours[row, column])))
            painter.drawPolygon(QPolygonF([QPointF(*corners[c]) for c in quad]))
        self._name_edges(painter, surface)
        way, sides = np.vstack([surface.way, [surface.here]]).T, (surface.x, surface.y)
        along = np.stack([shares(at, (s[0], s[-1])) for at, s in zip(way, sides, strict=True)])
        across, up = along[:, ((along >= 0) & (along <= 1)).all(axis=0)]
        if len(across):
            lifted = self._seen(across, up, between(heights, across * (side - 1), up * (side - 1)))
            self._paint_way(painter, [QPointF(*point) for point in lifted.tolist()])

    def _paint_way(self, painter: QPainter, way: list[QPointF]) -> None:
        palette = theme().palette
        painter.setPen(QPen(palette.negative, 2.0))
        painter.drawPolyline(QPolygonF(way))
        painter.setPen(QPen(palette.surface, 1.5))
        painter.setBrush(palette.negative)
        painter.drawEllipse(way[0], 3.5, 3.5)
        painter.setBrush(palette.accent)
        painter.drawEllipse(way[-1], 6.5, 6.5)

    def _paint_box(self, painter: QPainter, low: float, high: float) -> None:
        """The floor, and the scale of heights on the upright edge at the left."""
        palette, align = theme().palette, Qt.AlignmentFlag
        across, up = np.array([0.0, 1.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0, 1.0])
        floor, top = (self._seen(across, up, np.full(4, height)) for height in (0.0, 1.0))
        painter.setPen(QPen(palette.border, 1.0))
        painter.setBrush(palette.raised)
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in floor.tolist()]))
        left = int(np.argmin(floor[:, 0]))
        foot, head = QPointF(*floor[left]), QPointF(*top[left])
        painter.setPen(QPen(palette.faint, 1.0))
        painter.drawLine(foot, head)
        painter.setPen(palette.muted)
        painter.setFont(ui_font(CAPTION - 1))
        ends = (foot - QPointF(0, 9), text.plain(low, 2)), (head, text.plain(high, 2))
        for at, words in (*ends, ((foot + head) / 2, "J")):
            beside = QRectF(at.x() - 64, at.y() - 7, 60, 14)
            painter.drawText(beside, align.AlignRight | align.AlignVCenter, words)

    def _name_edges(self, painter: QPainter, surface: Surface) -> None:
        """Write each axis's name and its ends along the nearer of its two edges."""
        along, near, floor = np.array([0.07, 0.5, 0.93]), np.array([-0.07, 1.07]), np.zeros(3)
        painter.setPen(theme().palette.muted)
        for axis, (name, values) in enumerate(
            zip(surface.names, (surface.x, surface.y), strict=True)
        ):
            edges = [(along, np.full(3, end)) for end in near]
            places = edges if axis == 0 else [(beside, run) for run, beside in edges]
            nearer = max(places, key=lambda place: float(self._depth(*place)[1]))
            words = text.plain(float(values[0]), 3), name, text.plain(float(values[-1]), 3)
            for at, word, size in zip(self._seen(*nearer, floor), words, (1, 0, 1), strict=True):
                painter.setFont(ui_font(CAPTION - size))
                box = QRectF(at[0] - 60, at[1] - 6, 120, 14)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, word)

    def _turned(self, across: Array, up: Array) -> tuple[Array, Array]:
        c, s = math.cos(self.angle), math.sin(self.angle)
        x, y = across - 0.5, up - 0.5
        return c * x - s * y, s * x + c * y

    def _depth(self, across: Array, up: Array) -> Array:
        """How near squares are: the farthest has the least."""
        return -self._turned(across, up)[1]

    def _seen(self, across: Array, up: Array, heights: Array) -> Array:
        """Pixels (…, 2) of points of the surface, given as shares of its sides and of
        its height.
        """
        x, y = self._turned(across, up)
        deep, tall = DIAGONAL * math.sin(TILT), HIGH * math.cos(TILT)
        scale = min(
            (self.area.width() - 2 * ROUND) / DIAGONAL, (self.area.height() - ROUND) / (deep + tall)
        )
        down = -y * math.sin(TILT) - HIGH * math.cos(TILT) * heights
        middle = (self.area.height() - ROUND / 2) / 2 + 0.5 * tall * scale
        return np.stack([self.area.width() / 2 + x * scale, middle + down * scale], axis=-1)
