"""The registered parts of the canvas by key: units, edges, biases, heads and equations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF
from PySide6.QtWidgets import QGraphicsView

from core.by_hand import Place
from core.data.features import FEATURES
from gui.canvas.features import NAMES
from gui.canvas.hints import describe
from gui.canvas.layout import Box, LayerColumn, Spot, SpotKind, bias_dot
from gui.canvas.scene import NetworkScene
from gui.canvas.words import unit_label
from gui.parts import Kind, Part, rectangle_on_screen

_INDEXED = re.compile(
    r"canvas\.(layer|unit|bias|edge|activation|units|equation|add)\[(\d+)\](?:\[(\d+)(?:,(\d+))?\])?"
)
_FEATURE = re.compile(r"canvas\.feature\[(\w+)\]")
_LAYER_PARTS = {
    SpotKind.TITLE: "layer",
    SpotKind.ACTIVATION: "activation",
    SpotKind.MINUS: "units",
    SpotKind.NUMBER: "units",
    SpotKind.PLUS: "units",
    SpotKind.INSERT: "add",
    SpotKind.EQUATION: "equation",
}
_HALVES = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9)  # along an edge, to find it uncovered


class CanvasParts:
    """Answers for one view; layers, units and edges are counted from 1, as they are written."""

    def __init__(self, view: QGraphicsView, network: NetworkScene) -> None:
        self._view, self._network = view, network

    def keys(self) -> Iterator[str]:
        """Everything that is drawn now."""
        layout = self._network.picture.layout
        for column in layout.columns:
            l = column.layer
            yield f"canvas.layer[{l}]"
            yield from (f"canvas.unit[{l}][{unit + 1}]" for unit in column.units)
            yield from (f"canvas.feature[{NAMES[place]}]" for place, _ in column.off)
            if l:
                yield from (f"canvas.{part}[{l}]" for part in ("activation", "units", "add"))
                yield from (f"canvas.bias[{l}][{unit + 1}]" for unit in column.units)
                before = layout.columns[l - 1].units
                yield from (
                    f"canvas.edge[{l}][{i + 1},{j + 1}]" for i in column.units for j in before
                )
                if not layout.equations.only_selected or l == self._network.picture.lit:
                    yield f"canvas.equation[{l}]"

    def part(self, key: str) -> Part | None:
        """The part of a key; None if this network does not have it."""
        if (found := _FEATURE.fullmatch(key)) is not None:
            return self._feature(key, found[1])
        if (found := _INDEXED.fullmatch(key)) is None:
            return None
        name, l = found[1], int(found[2])
        i, j = (int(index) if index else 0 for index in found.group(3, 4))
        sizes = self._network.picture.sizes
        if l >= len(sizes) or (l == 0 and name not in ("unit", "layer")):
            return None
        if name in ("unit", "bias", "edge"):
            inside = 1 <= i <= sizes[l] and (name == "edge") == bool(j)
            if not inside or (name == "edge" and not j <= sizes[l - 1]):
                return None
            return self._numbered(key, name, l, i - 1, j - 1)
        return None if i else self._of_layer(key, name, l)

    def key_of(self, spot: Spot | None) -> str:
        """The key of the part at a spot; empty on the bare sheet."""
        if spot is None or spot.kind in (SpotKind.COLUMN, SpotKind.MORE):
            return ""
        if spot.kind is SpotKind.EDGE:
            return f"canvas.edge[{spot.layer}][{spot.unit + 1},{spot.source + 1}]"
        if spot.kind in (SpotKind.UNIT, SpotKind.BIAS):
            return f"canvas.{spot.kind.value}[{spot.layer}][{spot.unit + 1}]"
        if spot.kind is SpotKind.FEATURE:
            return f"canvas.feature[{NAMES[spot.unit]}]"
        return f"canvas.{_LAYER_PARTS[spot.kind]}[{spot.layer}]"

    def _numbered(self, key: str, name: str, l: int, i: int, j: int) -> Part:
        picture = self._network.picture
        if name == "edge":
            place = Place(l, i, j)
            at = self._point_of_edge(place)
            around = QRectF(at.x() - 8, at.y() - 8, 16, 16)
            return self._part(key, describe(place, picture), around, at)
        column = picture.layout.columns[l]
        box = dict(zip(column.units, column.boxes, strict=True)).get(i, column.more)
        assert box is not None, "a unit that is not drawn stands behind the dots"
        if name == "bias":
            x, y, r = bias_dot(box)
            around = QRectF(x - r - 1, y - r - 1, 2 * r + 2, 2 * r + 2)
            return self._part(key, describe(Place(l, i), picture), around, QPointF(x, y))
        label = unit_label(l, i, picture.sizes, picture.features)
        return self._part(key, f"Unit {label}", QRectF(*box))

    def _of_layer(self, key: str, name: str, l: int) -> Part | None:
        layout, words = self._network.picture.layout, self._network.picture.words[l].title
        column, pill = layout.columns[l], layout.columns[l].pill
        if name == "add":
            handle = QRectF(*layout.inserts()[l - 1])
            return self._part(key, f"Add a layer before layer {l}", handle)
        boxes: dict[str, tuple[str, Box | None]] = {
            "layer": (words, column.title),
            "activation": (f"Activation of layer {l}", pill.activation if pill else None),
            "units": (f"Units of layer {l}", pill.number if pill else None),
            "equation": (f"Equations of layer {l}", layout.equation_box(l)),
        }
        title, box = boxes[name]
        return None if box is None else self._part(key, title, QRectF(*box))

    def _feature(self, key: str, name: str) -> Part | None:
        column: LayerColumn = self._network.picture.layout.columns[0]
        boxes = {NAMES[place]: box for place, box in column.off}
        if name not in boxes:
            return None
        return self._part(key, f"Input feature {FEATURES[name].label}", QRectF(*boxes[name]))

    def _part(self, key: str, title: str, around: QRectF, at: QPointF | None = None) -> Part:
        view, point = self._view, around.center() if at is None else at
        return Part(
            key,
            title,
            Kind.CANVAS,
            bring=lambda: self._bring(around),
            rectangle=lambda: rectangle_on_screen(view.viewport(), _in_view(view, around)),
            widget=view.viewport(),
            press_at=lambda: view.viewport().mapToGlobal(view.mapFromScene(point)),
        )

    def _bring(self, around: QRectF) -> None:
        if not self._view.viewport().rect().contains(_in_view(self._view, around)):
            self._view.ensureVisible(around, 20, 20)

    def _point_of_edge(self, place: Place) -> QPointF:
        """A point at which a press reaches this edge and nothing over it, if there is one."""
        edge, layout = self._network.edge_of(place), self._network.picture.layout
        if edge is None:
            return self._network.point_of(place)
        wanted = Spot(SpotKind.EDGE, *place)
        points = [edge.pointAtPercent(share) for share in _HALVES]
        return next((p for p in points if layout.hit(p.x(), p.y()) == wanted), points[0])


def _in_view(view: QGraphicsView, around: QRectF) -> QRect:
    corner: QPoint = view.mapFromScene(around.topLeft())
    return QRect(corner, view.mapFromScene(around.bottomRight()))
