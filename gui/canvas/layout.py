"""The positions of everything on the canvas, and hit testing: geometry without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MARGIN = 18.0
HANDLE_RADII = (11.0, 14.0)  # between stacked pills, between others
EDGE_BEND = 0.5  # how far along the gap the S-curve's handles reach


class Box(NamedTuple):
    """A rectangle in scene coordinates, y downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    def holds(self, x: float, y: float, grown: float = 0.0) -> bool:
        """Whether the point lies in the box grown by this much on every side."""
        return (
            self.x - grown <= x <= self.right + grown and self.y - grown <= y <= self.bottom + grown
        )


class SpotKind(StrEnum):
    """The kinds of things under the cursor."""

    TITLE = "title"
    ACTIVATION = "activation"
    MINUS = "minus"
    NUMBER = "number"
    PLUS = "plus"
    UNIT = "unit"
    BIAS = "bias"  # the dot at a unit's corner
    FEATURE = "feature"  # one that is not fed to the network
    MORE = "more"
    EDGE = "edge"
    INSERT = "insert"
    EQUATION = "equation"
    COLUMN = "column"


CONTROLS = (  # to be clicked
    SpotKind.ACTIVATION,
    SpotKind.MINUS,
    SpotKind.NUMBER,
    SpotKind.PLUS,
    SpotKind.INSERT,
    SpotKind.FEATURE,
)


class Spot(NamedTuple):
    """One hit: its kind, its layer, and (of a unit) the unit or (of an edge) row and column.

    Of a feature that is off `unit` is its place among all of them.
    """

    kind: SpotKind
    layer: int
    unit: int = -1
    source: int = -1  # of an edge: the unit of the layer before


class Equations(StrEnum):
    """How much room the equations have: shapes on one line, tightly, on two, or one box for all."""

    FULL = "full"
    TIGHT = "tight"
    SPLIT = "split"
    SELECTED = "selected"  # only the selected layer's equations, in two lines ...
    LINE = "line"  # ... or one

    @property
    def height(self) -> float:
        return {"full": 70.0, "tight": 66.0, "split": 80.0, "selected": 48.0, "line": 28.0}[
            self.value
        ]

    @property
    def only_selected(self) -> bool:
        """Whether only the selected layer's equations are shown."""
        return self in (Equations.SELECTED, Equations.LINE)


@dataclass(frozen=True, slots=True)
class Pill:
    """The controls in a layer's head."""

    box: Box
    activation: Box
    minus: Box
    number: Box
    plus: Box
    stacked: bool


@dataclass(frozen=True, slots=True)
class LayerColumn:
    """One layer: its head, its drawn units and their positions. `pill` is None for the input."""

    layer: int
    x: float  # of its middle
    count: int
    units: tuple[int, ...]  # those drawn, from 0
    boxes: tuple[Box, ...]  # of those drawn
    more: Box | None  # position of the "⋯" for the others
    area: Box
    title: Box
    pill: Pill | None
    off: tuple[tuple[int, Box], ...] = ()  # of the input: the features that are off, by place


@dataclass(frozen=True, slots=True)
class CanvasLayout:
    """A whole picture, in scene coordinates; `scale` fits it into the window it was made for."""

    width: float
    height: float
    scale: float
    columns: tuple[LayerColumn, ...]
    equations: Equations
    equation_y: float
    equation_width: float
    text_scale: float  # of the equations
    unit_side: float
    label_height: float

    def inserts(self) -> list[Box]:
        """The `+` handles: the one at index l - 1 inserts a layer that becomes layer l."""
        boxes = []
        for before, after in pairwise(self.columns):
            assert after.pill is not None
            left = before.area.right if before.pill is None else before.pill.box.right
            r = HANDLE_RADII[0 if after.pill.stacked else 1]
            x, y = (left + after.pill.box.x) / 2, after.pill.box.centre[1]
            boxes.append(Box(x - r, y - r, 2 * r, 2 * r))
        return boxes

    def equation_box(self, layer: int) -> Box:
        """The box of this layer's equations (if it is the selected one, when only one has room)."""
        width = self.equation_width
        x = self.columns[layer].x - width / 2
        if self.equations.only_selected:
            x = min(max(x, MARGIN), self.width - MARGIN - width)
        return Box(x, self.equation_y, width, self.equations.height * self.text_scale)

    def ends(self, layer: int) -> tuple[float, float, NDArray[np.float64], NDArray[np.float64]]:
        """The edges into this layer: x and heights (drawn units,) of their starts and ends."""
        before, after = self.columns[layer - 1], self.columns[layer]
        half = self.unit_side / 2
        starts = np.array([box.centre[1] for box in before.boxes])
        stops = np.array([box.centre[1] for box in after.boxes])
        return before.x + half, after.x - half, starts, stops

    def edge_at(self, x: float, y: float, within: float = 5.0) -> Spot | None:
        """The drawn edge nearest to a point, if any is within this distance."""
        for l in range(1, len(self.columns)):
            left, right, starts, stops = self.ends(l)
            if not left + 2 < x < right - 2:
                continue
            share, slope = _curve(x, left, right)
            rise = stops[:, None] - starts[None, :]  # (drawn of l, drawn of l-1)
            away = np.abs(starts[None, :] + share * rise - y) / np.hypot(1.0, slope * rise)
            row, column = np.unravel_index(int(np.argmin(away)), away.shape)
            if away[row, column] <= within:
                to, of = self.columns[l].units[row], self.columns[l - 1].units[column]
                return Spot(SpotKind.EDGE, l, to, of)
        return None

    def hit(self, x: float, y: float, selected: int = 0, within: float = 5.0) -> Spot | None:
        """The part at a point, the smallest first; `within` is the reach around an edge."""
        return (
            self._hit_insert(x, y)
            or self._hit_parts(x, y)
            or self._hit_equation(x, y, selected)
            or self.edge_at(x, y, within)
            or self._hit_column(x, y)
        )

    def slot_at(self, x: float) -> int:
        """The hidden layer 1..L-1 whose place is nearest to x: where a dragged layer would land."""
        hidden = self.columns[1:-1]
        return min(hidden, key=lambda column: abs(column.x - x)).layer

    def gap_at(self, x: float) -> int:
        """The layer 1..L before which a new one dropped at x would be inserted."""
        return sum(column.x < x for column in self.columns[1:-1]) + 1

    def drawn(self) -> tuple[tuple[int, int], ...]:
        """Every drawn unit (layer, unit) that computes something: layers 1..L."""
        return tuple((c.layer, unit) for c in self.columns[1:] for unit in c.units)

    def _hit_insert(self, x: float, y: float) -> Spot | None:
        for l, box in enumerate(self.inserts(), start=1):
            if box.holds(x, y, 3):
                return Spot(SpotKind.INSERT, l)
        return None

    def _hit_parts(self, x: float, y: float) -> Spot | None:
        for column in self.columns:
            spot = _hit_head(column, x, y) or _hit_units(column, x, y)
            if spot is not None:
                return spot
        return None

    def _hit_equation(self, x: float, y: float, selected: int) -> Spot | None:
        for l in range(1, len(self.columns)):
            shown = not self.equations.only_selected or l == selected
            if shown and self.equation_box(l).holds(x, y):
                return Spot(SpotKind.EQUATION, l)
        return None

    def _hit_column(self, x: float, y: float) -> Spot | None:
        for column in self.columns:
            if column.area.holds(x, y):
                return Spot(SpotKind.COLUMN, column.layer)
        return None


def _hit_head(column: LayerColumn, x: float, y: float) -> Spot | None:
    if column.title.holds(x, y):
        return Spot(SpotKind.TITLE, column.layer)
    if column.pill is not None:
        for part in (SpotKind.ACTIVATION, SpotKind.MINUS, SpotKind.NUMBER, SpotKind.PLUS):
            box: Box = getattr(column.pill, part.value)
            if box.holds(x, y):
                return Spot(part, column.layer)
    return None


def bias_dot(box: Box) -> tuple[float, float, float]:
    """The dot of a unit's bias: x, y and radius."""
    r = 5.2 if box.width > 34 else 4.0 if box.width > 26 else 3.2
    return box.x + 0.5, box.bottom - 0.5, r


def _hit_units(column: LayerColumn, x: float, y: float) -> Spot | None:
    for unit, box in zip(column.units, column.boxes, strict=True):
        dot_x, dot_y, r = bias_dot(box)
        if column.layer and (x - dot_x) ** 2 + (y - dot_y) ** 2 <= (r + 2) ** 2:
            return Spot(SpotKind.BIAS, column.layer, unit)
    for unit, box in zip(column.units, column.boxes, strict=True):
        if box.holds(x, y, 2):
            return Spot(SpotKind.UNIT, column.layer, unit)
    for place, box in column.off:
        if box.holds(x, y, 3):
            return Spot(SpotKind.FEATURE, column.layer, place)
    if column.more is not None and column.more.holds(x, y):
        return Spot(SpotKind.MORE, column.layer)
    return None


def _curve(x: float, left: float, right: float) -> tuple[float, float]:
    """How far (0..1) every S-curve from left to right has risen at x, and how steeply per unit.

    All curves of a gap share their handles' x, so the parameter t at x is the same for all.
    """
    ts = np.linspace(0.0, 1.0, 65)
    across = 3 * EDGE_BEND * ts * (1 - ts) ** 2 + 3 * (1 - EDGE_BEND) * ts**2 * (1 - ts) + ts**3
    t = float(np.interp((x - left) / (right - left), across, ts))
    share = 3 * t**2 - 2 * t**3
    d_across = 3 * EDGE_BEND * (1 - t) ** 2 + 6 * (1 - 2 * EDGE_BEND) * t * (1 - t)
    d_across += 3 * EDGE_BEND * t**2
    return share, 6 * t * (1 - t) / max(d_across * (right - left), 1e-9)
