"""Tooltips and live cards for the part of the canvas under the cursor."""

from __future__ import annotations

from PySide6.QtCore import Qt

from core.by_hand import BIAS, Place
from core.data.features import FEATURES
from core.data.pixels import pixel_of
from gui.canvas.commands import Commands
from gui.canvas.features import NAMES
from gui.canvas.layout import CONTROLS, Spot, SpotKind
from gui.canvas.picture import Picture
from gui.canvas.words import unit_label
from gui.style import text

HintLines = tuple[tuple[str, str], ...]
HintCard = tuple[str, HintLines, str]  # a heading, (symbol, value) lines, possible actions
MORE = "Right-click: mute, freeze, clone …"
CHANGE = "Click or drag up and down to change it"


def card_of(spot: Spot, picture: Picture) -> HintCard | None:
    """The text next to an edge, a bias or a unit; None for anything else."""
    if spot.layer >= len(picture.sizes):
        return None
    if spot.kind is SpotKind.EDGE:
        return _edge(spot, picture)
    if spot.kind is SpotKind.BIAS:
        place = Place(spot.layer, spot.unit)
        return describe(place, picture), _bias_lines(spot, picture), _change(picture)
    if spot.kind is SpotKind.UNIT:
        return _unit(spot, picture)
    return None


def describe(place: Place, picture: Picture) -> str:
    """Which weight or bias that is, in words."""
    l, row, column = place
    if column == BIAS:
        return f"Bias of {_short(picture, l, row)}"
    return f"Weight {_short(picture, l - 1, column)} → {_short(picture, l, row)}"


def place_of(spot: Spot | None) -> Place | None:
    """The parameter of an edge or of a bias's dot; None for anything else."""
    if spot is None or spot.kind not in (SpotKind.EDGE, SpotKind.BIAS):
        return None
    return Place(spot.layer, spot.unit, spot.source if spot.kind is SpotKind.EDGE else BIAS)


def _change(picture: Picture) -> str:
    return "" if picture.emphasis is not None or picture.visited else CHANGE


def _edge(spot: Spot, picture: Picture) -> HintCard:
    l, row, column = spot.layer, spot.unit, spot.source
    w = picture.weight(l, row, column)
    sign = "" if not w else ("  ·  positive" if w > 0 else "  ·  negative")
    place = (row + 1, column + 1)
    heading = f"{describe(Place(l, row, column), picture)}{sign}"
    lines = (
        (text.symbol("w", place, l), _written(w)),
        (text.symbol("dw", place, l), _slope(picture.weight_gradient(l, row, column), picture)),
    )
    return heading, lines, _change(picture)


def _unit(spot: Spot, picture: Picture) -> HintCard:
    l, unit = spot.layer, spot.unit
    label = unit_label(l, unit, picture.sizes, picture.features)
    if l == 0 and picture.pixels is not None:
        return f"Pixel {label}  ·  {pixel_of(unit, picture.pixels)}", (), ""
    if l == 0:
        return f"Input feature {label}", (), ""
    said = [f"Unit {label}", f"{text.count(picture.sizes[l - 1])} weights"]
    said += ["muted"] if unit in picture.muted.get(l, ()) else []
    said += ["frozen"] if unit in picture.frozen.get(l, ()) else []
    said += [picture.remarks.units[l, unit]] if (l, unit) in picture.remarks.units else []
    return "  ·  ".join(said), _bias_lines(spot, picture), MORE if _change(picture) else ""


def _bias_lines(spot: Spot, picture: Picture) -> HintLines:
    l, unit = spot.layer, spot.unit
    return (
        (text.symbol("b", unit + 1, l), _written(picture.bias(l, unit))),
        (text.symbol("db", unit + 1, l), _slope(picture.bias_gradient(l, unit), picture)),
    )


def _short(picture: Picture, layer: int, unit: int) -> str:
    if layer == 0:
        return unit_label(0, unit, picture.sizes, picture.features)
    return text.symbol("a", unit + 1, layer)


def _written(value: float | None) -> str:
    return "no pass yet" if value is None else text.number(value)


def _slope(value: float | None, picture: Picture) -> str:
    """The same for a gradient, which during training arrives with the next snapshot.

    While the walk shows the next iteration, the text names this one's iteration.
    """
    if value is None and picture.passed:
        return "…"
    seen = picture.snapshot
    if value is None or seen is None or picture.emphasis is None:
        return _written(value)
    return f"{_written(value)}  (iteration {text.count(seen.iteration - 1)}, the last one)"


def cursor_of(spot: Spot | None, commands: Commands) -> Qt.CursorShape | None:
    """The cursor over a part; None is the usual arrow."""
    if spot is None:
        return None
    if spot.kind in CONTROLS:
        return Qt.CursorShape.PointingHandCursor
    if place_of(spot) is not None:
        return Qt.CursorShape.SizeVerCursor
    movable = spot.kind is SpotKind.TITLE and 0 < spot.layer < commands.last
    return Qt.CursorShape.OpenHandCursor if movable else None


def tip_of(spot: Spot, picture: Picture, commands: Commands) -> str:
    """The tooltip of a part; empty if a card says more."""
    l = spot.layer
    column = picture.layout.columns[l]
    if spot.kind is SpotKind.INSERT:
        return commands.why_not_add() or f"Add a hidden layer here; it becomes layer {l}"
    if spot.kind is SpotKind.ACTIVATION:
        return f"Activation of layer {l} (F2)"
    if spot.kind is SpotKind.MINUS:
        return commands.why_not_units(-1, l) or "One unit fewer (-)"
    if spot.kind is SpotKind.PLUS:
        return commands.why_not_units(1, l) or "One unit more (+)"
    if spot.kind is SpotKind.NUMBER:
        return commands.why_not_units(0, l) or f"Units of layer {l}: click or type a number"
    if spot.kind is SpotKind.MORE:
        first = len(column.units) - 1
        return f"{text.count(column.count)} units; the first {first} and the last are drawn"
    if feature := commands.feature_at(spot):
        return _feature_tip(feature, on=spot.kind is SpotKind.UNIT)
    if spot.kind is SpotKind.TITLE and l:
        moved = "Drag to move it" if l < commands.last else "The output layer stays the last"
        return f"{picture.words[l].array}: {moved}"
    return ""


def _feature_tip(name: str, *, on: bool) -> str:
    label, key = FEATURES[name].label, NAMES.index(name) + 1
    if on:
        return f"Click to take {label} away from the network (or press {key} on the input)"
    return (
        f"Click to feed {label} to the network (or press {key} on the input): its weights start"
        " from the seed, all others are kept"
    )
