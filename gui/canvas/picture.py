"""The values that the canvas items paint; the items store none themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from core.by_hand import BIAS, Place
from core.data.datasets import PictureShape
from core.look.findings import Findings
from core.look.pictures import feature_maps
from core.look.plane import Plane
from core.look.units import Thumbnails, UnitMaps
from core.nn.activations import Array
from core.nn.parameters import Parameters
from core.training.finding import Finding
from core.training.messages import Snapshot
from gui.canvas.layout import CanvasLayout, Spot
from gui.canvas.remarks import Remarks, remarks_of
from gui.canvas.words import Words
from gui.style import theme

MAP_SIDE = 40  # points along one side of the picture of a feature that is off


@dataclass(frozen=True, slots=True, eq=False)
class Emphasis:
    """One step of a pass on the network: one layer highlighted in its pass's colour, the rest dim.

    `edges` (n[l], n[l-1]) replace W[l] on the edges into the layer (dW[l], for instance): the
    number's size gives the width. `edge` (row, column) is the opened one. `units` (n[l],) are
    written next to the layer's units and `inputs` (n[l-1],) next to those before it, each after its
    letter. `path` are the units (layer, unit) and edges (layer, row, column) of any layer that lead
    to the opened number. `caption` is one line under the picture.
    """

    layer: int
    role: Literal["forward", "backward"]
    edges: Array | None = None
    edge: tuple[int, int] | None = None
    edge_numbers: bool = False
    units: Array | None = None
    unit_letter: str = ""
    inputs: Array | None = None
    input_letter: str = ""
    unit: int | None = None
    path: frozenset[tuple[int, ...]] = frozenset()
    caption: str = ""

    def lights(self, layer: int) -> bool:
        """Whether this layer's units are not dimmed: the highlighted layer and the
        one before it.
        """
        return layer in (self.layer, self.layer - 1)

    def numbers(self, layer: int) -> tuple[str, Array] | None:
        """The letter and the numbers to write next to the units of a layer."""
        if layer == self.layer and self.units is not None:
            return self.unit_letter, self.units
        if layer == self.layer - 1 and self.inputs is not None:
            return self.input_letter, self.inputs
        return None


@dataclass(slots=True, eq=False)
class Picture:
    """The values shown now. Only the scene writes here."""

    layout: CanvasLayout
    words: tuple[Words, ...]
    sizes: tuple[int, ...]
    features: tuple[str, ...]
    switches: tuple[bool, ...] = ()  # for each feature of the plane whether it is on
    selected: int = 1
    focused: bool = False
    hovered: Spot | None = None
    chosen: Place | None = None  # the parameter that is being edited
    unit: int | None = None  # the chosen one of the selected layer
    muted: Mapping[int, tuple[int, ...]] = field(default_factory=dict)  # of some layers, from 0
    frozen: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    pressed: Spot | None = None
    emphasis: Emphasis | None = None
    faded: bool = False  # edges while a layer is dragged
    maps: dict[tuple[int, int], NDArray[np.uint8]] = field(default_factory=dict)
    coloured: dict[tuple[int, int], tuple[NDArray[np.uint8], QImage]] = field(default_factory=dict)
    asked: Thumbnails | None = None  # the last requested maps
    plane: Plane | None = None  # that the maps are over
    pixels: PictureShape | None = None  # height, width, channels if an example is a picture
    feature_maps: dict[str, NDArray[np.uint8]] = field(default_factory=dict)  # of all, also if off
    feature_images: dict[str, QImage] = field(default_factory=dict)
    weights: dict[int, Array] = field(default_factory=dict)  # W[l]
    biases: dict[int, Array] = field(default_factory=dict)  # b[l]
    findings: tuple[Finding, ...] = ()
    remarks: Remarks = field(default_factory=Remarks)  # the findings shown on units
    snapshot: Snapshot | None = None  # the newest

    @property
    def lit(self) -> int:
        """The layer whose equations are highlighted: the one of the current step, or the selected
        one.
        """
        return self.selected if self.emphasis is None else self.emphasis.layer

    def take(self, snapshot: Snapshot) -> None:
        """Show the parameters, gradients and maps of a snapshot of a network of these sizes."""
        p = snapshot.parameters()
        self.snapshot, self.weights, self.biases = snapshot, p.W, p.b
        self.pixels = snapshot.split.picture
        maps = None if self.asked is None else snapshot.answer(self.asked)
        if maps is not None:
            self._take_maps(maps)
        findings = snapshot.answer(Findings())
        if findings is not None and findings != self.findings:
            self.findings, self.remarks = findings, remarks_of(findings)

    def _take_maps(self, maps: UnitMaps) -> None:
        if self.plane is not None and maps.plane.cut != self.plane.cut:
            # an input that is held now has no map
            self.maps = {unit: levels for unit, levels in self.maps.items() if unit[0]}
        if maps.plane != self.plane:
            self.plane = plane = maps.plane
            made = plane.cut is None  # features are of points of a plane
            self.feature_maps = feature_maps(plane, MAP_SIDE) if made else {}
            self._colour_features()
        self.maps |= maps.levels

    def image(self, unit: tuple[int, int]) -> QImage | None:
        """The newest map of a unit in colour, if there is one."""
        levels = self.maps.get(unit)
        if levels is None:
            return None
        if unit not in self.coloured or self.coloured[unit][0] is not levels:
            self.coloured[unit] = levels, theme.image(levels)
        return self.coloured[unit][1]

    def colour(self) -> None:
        """Recompute the colours of the maps, because the theme has changed."""
        self.coloured.clear()
        self._colour_features()

    def _colour_features(self) -> None:
        self.feature_images = {
            name: theme.image(levels) for name, levels in self.feature_maps.items()
        }

    def carry_over(self, old: Picture, pairs: dict[int, int]) -> None:
        """Keep the drawing of layers that still exist (new → old) until a snapshot arrives."""
        before = {name: j for j, name in enumerate(old.features)}
        inputs = [before.get(name, -1) for name in self.features]  # of the old; -1: it is new
        places = {(l, i): (pairs[l], i) for l in pairs for i in self.layout.columns[l].units if l}
        if bool(self.switches) != bool(old.switches):  # points of a plane are no more, or are again
            places = {}
        elif pairs.get(0) == 0:
            places |= {(0, i): (0, inputs[i]) for i in self.layout.columns[0].units}
        self.maps = {unit: old.maps[was] for unit, was in places.items() if was in old.maps}
        if self.sizes == old.sizes:
            self.findings, self.remarks = old.findings, old.remarks
        self.asked, self.plane = old.asked, old.plane
        self.feature_maps, self.pixels = old.feature_maps, old.pixels
        self._colour_features()
        kept = [l for l in pairs if l and pairs.get(l - 1, -2) == pairs[l] - 1]
        self.weights = {l: old.weights[pairs[l]] for l in kept if pairs[l] in old.weights}
        self.biases = {l: old.biases[pairs[l]] for l in kept if pairs[l] in old.biases}
        if pairs.get(1) == 1 and 1 in self.weights and self.features != old.features:
            known = np.array(inputs) >= 0
            self.weights[1] = np.where(known, self.weights[1][:, inputs], 0.0)

    @property
    def visited(self) -> bool:
        """Whether an earlier iteration is shown than the current one."""
        return self.snapshot is not None and self.snapshot.iteration != self.snapshot.newest

    def parameter(self, place: Place) -> float | None:
        """A weight or a bias; None if it does not exist or is not known yet."""
        if place.column == BIAS:
            return self.bias(place.layer, place.row)
        return self.weight(*place)

    def weight(self, layer: int, row: int, column: int) -> float | None:
        return _number(self.weights.get(layer), row, column)

    def weight_gradient(self, layer: int, row: int, column: int) -> float | None:
        grad = self._gradient()
        return None if grad is None else _number(grad.W.get(layer), row, column)

    def bias(self, layer: int, unit: int) -> float | None:
        return _number(self.biases.get(layer), unit, 0)

    def bias_gradient(self, layer: int, unit: int) -> float | None:
        grad = self._gradient()
        return None if grad is None else _number(grad.b.get(layer), unit, 0)

    @property
    def passed(self) -> bool:
        """Whether there has been a pass, and so a gradient."""
        return self.snapshot is not None and self.snapshot.iteration > 0

    def _gradient(self) -> Parameters | None:
        """The gradient of the last pass; None before the first, and until it has arrived."""
        return self.snapshot.gradient() if self.snapshot is not None and self.passed else None


def drawn_weights(picture: Picture, layer: int) -> tuple[NDArray[np.float64], float]:
    """The shown weights (drawn units of l, drawn units of l-1), NaN if unknown.

    Also the largest size in the whole layer, drawn or not, to which all widths are relative.
    """
    columns = picture.layout.columns
    rows, of = columns[layer].units, columns[layer - 1].units
    shown = picture.weights.get(layer)
    emphasis = picture.emphasis
    if emphasis is not None and emphasis.layer == layer and emphasis.edges is not None:
        shown = emphasis.edges
    found = np.full((len(rows), len(of)), np.nan)
    if shown is None or not shown.size:
        return found, 0.0
    n, k = _within(rows, shown.shape[0]), _within(of, shown.shape[1])
    found[:n, :k] = shown[np.ix_(rows[:n], of[:k])]
    return found, float(max(shown.max(), -shown.min()))


def _within(units: Sequence[int], count: int) -> int:
    return sum(unit < count for unit in units)


def _number(table: Array | None, row: int, column: int) -> float | None:
    if table is None or row >= table.shape[0] or column >= table.shape[1]:
        return None
    return float(table[row, column])
