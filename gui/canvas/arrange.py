"""Computes the layout of a network for a window size: geometry without Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gui.canvas.layout import MARGIN, Box, CanvasLayout, Equations, LayerColumn, Pill

INPUT_WIDTH = 96.0  # the input's head has no controls
TITLE_HEIGHT = 20.0
PILL_HEIGHT = 34.0
STACKED_PILL_HEIGHT = 52.0  # if the columns are narrow: activation above, number below
PILL_WIDTHS = (156.0, 190.0)
STACKED_PILL_WIDTHS = (70.0, 120.0)
STACKED_BELOW = 194.0  # the pitch below which pills are stacked
TITLE_OVERHANG = 64.0
PITCHES = (96.0, 310.0)  # from one column to the next
UNITS = (16.0, 56.0)  # the side of a unit; in a tall window they grow on up to LARGE_UNIT
LARGE_UNIT = 84.0
GOOD_ROW, LEAST_ROW = 50.0, 31.0  # the least: a label, the smallest unit and 3 px
OFF = (14.0, 28.0)  # the side of a feature that is off
OFF_GAP = 6.0
FEWEST_ROWS = 3  # the first unit, "⋯" and the last
CAPTION_HEIGHT = 26.0  # room for a step's caption under the units
TOP, AIR = 0.03, 0.012  # of the height, above and below the titles
MOST_ROWS = 14  # drawn units a column; a taller one shows its first, "⋯" and its last
STRIP_HEIGHT = 40.0  # pixels at the lower edge, for palette and zoom
NICE_HEIGHT = 600.0  # from here on a larger window is a larger picture
SCALES = (0.05, 1.75)


Placed = tuple[tuple[int, ...], tuple[Box, ...], Box | None, tuple[tuple[int, Box], ...]]
"""Units, boxes, more and off of a Column."""


class Widths(NamedTuple):
    """The widths of the longest equations, in each of the ways of `Equations`."""

    full: float
    tight: float
    split: float
    selected: float
    line: float


def arrange(
    sizes: Sequence[int],
    view_width: float,
    view_height: float,
    widths: Widths,
    features: Sequence[bool] = (),
) -> CanvasLayout:
    """Lay out a network of sizes n[0]..n[L] for a window of this size in pixels.

    `features` says for each existing feature, in order, whether it is on; empty for data that are
    not points of the plane.
    """
    plan, scale = _scaled_plan(len(sizes) - 1, view_width, view_height, widths)
    width, height = view_width / scale, view_height / scale
    top = min(max(height * TOP, 6.0), 20.0)
    pill_y = top + TITLE_HEIGHT + min(max(height * AIR, 2.0), 8.0)
    equation_height = plan.equations.height * plan.text_scale
    equation_y = height - STRIP_HEIGHT / scale - equation_height
    units_top = pill_y + plan.pill_height + 6
    units_bottom = equation_y - CAPTION_HEIGHT
    most_side = min(
        UNITS[1] + max(height - NICE_HEIGHT - 20, 0) * 0.12, 0.42 * plan.pitch, LARGE_UNIT
    )
    limits = (units_top, units_bottom)
    rows = _rows(max(sizes), units_bottom - units_top, most_side)
    rows, off = _make_room(rows, features, units_bottom - units_top, most_side)
    columns = []
    for l, n in enumerate(sizes):
        x = plan.left + l * plan.pitch
        placed = _units(n, rows, x, limits)
        if l == 0 and off:
            placed = _entry(features, rows, off, x, limits)
        columns.append(_column(l, n, plan, (top, pill_y, equation_y), placed))
    return CanvasLayout(
        width=width,
        height=height,
        scale=scale,
        columns=tuple(columns),
        equations=plan.equations,
        equation_y=equation_y,
        equation_width=plan.equation_width,
        text_scale=plan.text_scale,
        unit_side=rows.side,
        label_height=rows.label,
    )


def match(old: Sequence[object], new: Sequence[object]) -> dict[int, int]:
    """Match new layers to old ones: index → index, equal ones in place first.

    Layers left over on both sides are paired in order (their units changed) if the number of layers
    is the same.
    """
    free = list(range(len(old)))
    pairs: dict[int, int] = {}
    for candidates in (lambda i: [i], lambda i: [i - len(new) + len(old)], lambda i: list(free)):
        for i, layer in enumerate(new):
            found = [j for j in candidates(i) if j in free and old[j] == layer]
            if i not in pairs and found:
                pairs[i] = found[0]
                free.remove(found[0])
    if len(old) == len(new):
        left = (i for i in range(len(new)) if i not in pairs)
        pairs.update(zip(left, free, strict=True))
    return pairs


class _Plan(NamedTuple):
    """The decisions that hold for all columns."""

    equations: Equations
    equation_width: float
    text_scale: float
    pitch: float
    pill_width: float
    pill_height: float
    left: float  # the middle of the input's column


class _Rows(NamedTuple):
    """The vertical arrangement of units."""

    most: int
    side: float
    label: float  # the height of the label over a unit


def _scale(L: int, view_width: float, view_height: float) -> float:
    """Below 1 only if even the narrowest picture is too wide, above 1 if everything fits."""
    fixed = 2 * MARGIN + INPUT_WIDTH / 2
    least = fixed + L * PITCHES[0] + PITCHES[0] / 2
    nice = fixed + L * PITCHES[1] + 130
    room = min(view_width / nice, view_height / NICE_HEIGHT)
    if room < 1.1:
        room = min(1.0, view_width / least)
    return min(max(room, SCALES[0]), SCALES[1])


def _scaled_plan(
    L: int, view_width: float, view_height: float, widths: Widths
) -> tuple[_Plan, float]:
    """A plan, and a scale at which all of it fits into the window."""
    scale = _scale(L, view_width, view_height)
    plan = _plan(L, view_width / scale, view_height / scale, widths, scale)
    if (fitting := _fitting(plan, view_height, scale)) < scale:
        scale = fitting
        plan = _plan(L, view_width / scale, view_height / scale, widths, scale)
    return plan, scale


def _fitting(plan: _Plan, view_height: float, scale: float) -> float:
    """The scale at which the fewest rows fit into this height. What is below the units is not
    shrunk with them.
    """
    if scale > 1.0:
        return scale
    below = STRIP_HEIGHT + plan.equations.height * plan.text_scale * scale
    rows = TITLE_HEIGHT + plan.pill_height + 6 + FEWEST_ROWS * LEAST_ROW + CAPTION_HEIGHT
    return max(((1 - TOP - AIR) * view_height - below) / rows, SCALES[0])


def _plan(L: int, width: float, height: float, widths: Widths, scale: float) -> _Plan:
    """The most generous way to write the equations that fits."""
    free, high = width - 2 * MARGIN - INPUT_WIDTH / 2, height * min(scale, 1.0)
    for equations in (Equations.FULL, Equations.TIGHT, Equations.SPLIT):
        wide = getattr(widths, equations.value) + 24
        pitch = min((free - wide / 2) / L, PITCHES[1])
        if pitch >= wide + 12 and high >= 330 + equations.height:
            return _columns(_Plan(equations, wide, 1.0, pitch, 0, 0, 0), wide / 2, width, L)
    # If the picture is shrunk, the one box of equations is not: it has room.
    text_scale = min(max(1.0, 1.0 / scale), 2.0)
    room = width - 2 * MARGIN
    in_a_line = high < 420 and (widths.line + 24) * text_scale <= room
    equations = Equations.LINE if in_a_line else Equations.SELECTED
    wide = getattr(widths, equations.value) + 24
    text_scale = min(text_scale, room / wide)  # small rather than cut
    wide *= text_scale
    pitch = (free - max(PILL_WIDTHS[0] / 2, TITLE_OVERHANG)) / L
    if pitch < STACKED_BELOW:
        pitch = min((free - min(TITLE_OVERHANG, PITCHES[0] / 2)) / L, STACKED_BELOW - 1)
    pitch = min(max(pitch, PITCHES[0]), PITCHES[1])
    return _columns(_Plan(equations, wide, text_scale, pitch, 0, 0, 0), 0.0, width, L)


def _columns(plan: _Plan, overhang: float, width: float, L: int) -> _Plan:
    """Add the widths of the pills and the positions of the columns to a plan."""
    stacked = plan.pitch < STACKED_BELOW
    low, high = STACKED_PILL_WIDTHS if stacked else PILL_WIDTHS
    pill = min(max(plan.pitch - (26 if plan.pitch < 130 else 50), low), high)
    overhang = max(overhang, pill / 2, min(TITLE_OVERHANG, plan.pitch / 2))
    whole = INPUT_WIDTH / 2 + L * plan.pitch + overhang
    return plan._replace(
        pill_width=pill,
        pill_height=STACKED_PILL_HEIGHT if stacked else PILL_HEIGHT,
        left=max((width - whole) / 2, MARGIN / 2) + INPUT_WIDTH / 2,
    )


def _rows(most: int, height: float, most_side: float) -> _Rows:
    """Leave units out only if they would be too close to be legible."""
    rows = min(most, MOST_ROWS)
    if height / rows < LEAST_ROW or (most > MOST_ROWS and height / rows < GOOD_ROW):
        rows = max(FEWEST_ROWS, int(height / GOOD_ROW))
    row = height / rows
    label = 15.0 if row >= 48 else 12.0
    side = row - label - min(max(0.2 * row, 4.0), 20.0)
    return _Rows(rows, min(max(side, UNITS[0]), most_side), label)


def _column(
    l: int, n: int, plan: _Plan, heights: tuple[float, float, float], placed: Placed
) -> LayerColumn:
    """Layer l with its units placed; `heights` are those of its title, its pill and its end."""
    top, pill_y, bottom = heights
    x = plan.left + l * plan.pitch
    half = plan.pill_width / 2 if l else min(INPUT_WIDTH / 2, plan.pitch / 2 - 12)
    title_half = max(half, min(76.0, plan.pitch / 2 - 4))
    units, boxes, more, off = placed
    return LayerColumn(
        layer=l,
        x=x,
        count=n,
        units=units,
        boxes=boxes,
        more=more,
        area=Box(x - half, top - 4, 2 * half, bottom - top),
        title=Box(x - title_half, top, 2 * title_half, TITLE_HEIGHT),
        pill=_pill(Box(x - half, pill_y, 2 * half, plan.pill_height)) if l else None,
        off=off,
    )


def _make_room(
    rows: _Rows, features: Sequence[bool], height: float, most_side: float
) -> tuple[_Rows, float]:
    """Rows that leave room for the features that are off, and the side of these.

    0 if there are none, or no room even for the smallest.
    """
    on, off = sum(features), len(features) - sum(features)
    if not off or on > rows.most:
        return rows, 0.0
    free = height - off * (OFF[0] + OFF_GAP)
    if free < on * LEAST_ROW:
        return rows, 0.0
    entry = _rows(on, free, most_side)
    if entry.side < rows.side:
        rows = rows._replace(side=entry.side, label=entry.label)
    side = (height - on * (rows.side + rows.label + 14)) / off - OFF_GAP
    return rows, min(max(side, OFF[0]), OFF[1])


def _entry(
    features: Sequence[bool], rows: _Rows, off_side: float, x: float, limits: tuple[float, float]
) -> Placed:
    """All features in one column in their order, those that are off smaller and set apart."""
    top, bottom = limits
    on, off = sum(features), len(features) - sum(features)
    low, side = off_side + OFF_GAP, rows.side
    high = min(side + rows.label + 26, (bottom - top - off * low) / on)
    y = (top + bottom - on * high - off * low) / 2
    boxes, shelf = [], []
    for place, is_on in enumerate(features):
        if is_on:
            boxes.append(Box(x - side / 2, y + (high + rows.label - side) / 2, side, side))
        else:
            shelf.append((place, Box(x - off_side / 2, y + OFF_GAP / 2, off_side, off_side)))
        y += high if is_on else low
    return tuple(range(on)), tuple(boxes), None, tuple(shelf)


def _units(n: int, rows: _Rows, x: float, limits: tuple[float, float]) -> Placed:
    """The units that are drawn, their boxes, and the place of "⋯"."""
    top, bottom = limits
    slots, side = min(n, rows.most), rows.side
    roomy = max(side * (1.95 if slots <= 3 else 1.65), side + rows.label + 8)
    pitch = min((bottom - top) / slots, roomy)
    first = (top + bottom - (slots - 1) * pitch - side + rows.label) / 2
    places = [Box(x - side / 2, first + i * pitch, side, side) for i in range(slots)]
    if n <= rows.most:
        return tuple(range(n)), tuple(places), None, ()
    units = (*range(slots - 2), n - 1)
    return units, (*places[:-2], places[-1]), places[-2], ()


def _pill(box: Box) -> Pill:
    """Divide the pill: activation, and −, number, +."""
    x, y, w, h = box
    if h == STACKED_PILL_HEIGHT:
        third, row = w / 3, h / 2
        return Pill(
            box=box,
            activation=Box(x, y, w, row),
            minus=Box(x, y + row, third, row),
            number=Box(x + third, y + row, third, row),
            plus=Box(x + 2 * third, y + row, third, row),
            stacked=True,
        )
    button = 23.0 if w < 170 else 30.0
    number = 28.0 if w < 170 else 34.0
    start = x + w - 2 * button - number - 3
    return Pill(
        box=box,
        activation=Box(x, y, start - x, h),
        minus=Box(start, y, button, h),
        number=Box(start + button, y, number, h),
        plus=Box(start + button + number, y, button, h),
        stacked=False,
    )
