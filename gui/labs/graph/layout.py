"""Lays out the nodes of a computation graph in columns from left to right, without overlap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF

from core.labs.graph import Graph

Sizes = Mapping[str, tuple[float, float]]  # width and height (px) of each node
ACROSS, DOWN = 46.0, 12.0  # px between columns, and between nodes of one


@dataclass(frozen=True, slots=True)
class Arranged:
    """The rectangle of each node, in px from the top left corner, and the size of all."""

    places: Mapping[str, QRectF]
    width: float
    height: float

    def port(self, name: str) -> QPointF:
        """The point where a wire leaves a node."""
        place = self.places[name]
        return QPointF(place.right(), place.center().y())

    def entry(self, name: str, which: int, of: int) -> QPointF:
        """The point where the wire of an input, one of this many, enters a node."""
        place = self.places[name]
        return QPointF(place.left(), place.top() + place.height() * (which + 1) / (of + 1))


def columns(graph: Graph) -> dict[str, int]:
    """The column of each node: right of all its inputs; constants are just left of their use."""
    found: dict[str, int] = {}
    for node in graph.nodes:
        found[node.name] = 1 + max((found[name] for name in node.inputs), default=-1)
    for node in reversed(graph.nodes):
        users = [found[user.name] for user in graph.users(node.name)]
        if not node.is_operation and users:
            found[node.name] = min(users) - 1
    return found


def arranged(graph: Graph, sizes: Sizes) -> Arranged:
    """Each node next to its inputs, as near to their height as the others of its column allow."""
    column = columns(graph)
    order = _reading_order(graph)
    height: dict[str, float] = {}
    step = max(high for _, high in sizes.values()) + DOWN
    for at in range(max(column.values()) + 1):
        inside = [name for name in order if column[name] == at]
        for name in inside:
            inputs = [height[i] for i in graph.by_name[name].inputs if i in height]
            height[name] = sum(inputs) / len(inputs) if inputs else step * inside.index(name)
        _push_apart(inside, height, step)
    top = min(height.values())
    places, left = {}, 0.0
    for at in range(max(column.values()) + 1):
        inside = [name for name in order if column[name] == at]
        wide = max(sizes[name][0] for name in inside)
        for name in inside:
            w, h = sizes[name]
            middle = height[name] - top + (step - DOWN) / 2
            places[name] = QRectF(left + (wide - w) / 2, middle - h / 2, w, h)
        left += wide + ACROSS
    low = max(place.bottom() for place in places.values())
    return Arranged(places, left - ACROSS, low)


def _reading_order(graph: Graph) -> list[str]:
    """The nodes in the order of a search from the last one, inputs first, then the unused ones."""
    order: list[str] = []

    def take(name: str) -> None:
        if name not in order:
            for each in graph.by_name[name].inputs:
                take(each)
            order.append(name)

    take(graph.last.name)
    for node in graph.nodes:
        take(node.name)
    return order


def _push_apart(names: list[str], height: dict[str, float], step: float) -> None:
    """Move the nodes of one column apart so that they do not overlap, around their middle."""
    names = sorted(names, key=lambda name: height[name])
    if not names:
        return
    before = sum(height[name] for name in names)
    for upper, lower in pairwise(names):
        height[lower] = max(height[lower], height[upper] + step)
    shift = (sum(height[name] for name in names) - before) / len(names)
    for name in names:
        height[name] -= shift
