"""Measures single units over the input plane: large, as thumbnails, or pinned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from core.look.ask import Allowance, Ask
from core.look.boundary import side_of
from core.look.pictures import Levels, Unit, pictures_of
from core.look.plane import Cut, Plane, PlanePart, is_part
from core.look.weights import input_map, weights_map
from core.nn.activations import Array
from core.training.history import frozen
from core.training.session import Session

MAP_SIDE = 40  # points along one side of a unit's thumbnail
PIN_SIDE = 100  # points along one side of a pinned unit


@dataclass(frozen=True, slots=True, eq=False)
class UnitField:
    """A[layer][unit] over a plane as `levels` (side, side) 0..255 of the colour scale; `ends` are
    the values of the levels 0 and 255.
    """

    plane: Plane
    levels: Levels
    ends: tuple[float, float]


@dataclass(frozen=True, slots=True)
class UnitMap(Ask[UnitField]):
    """The output of one unit over the plane, computed like `Boundary`; an input held at its mean
    has none.
    """

    layer: int
    unit: int
    cut: Cut | None = None
    seen: PlanePart | None = None
    share: ClassVar[float | None] = 0.06

    def fits(self, sizes: tuple[int, ...]) -> bool:
        return is_part(self.seen) and exists((self.layer, self.unit), sizes)

    def measure(self, session: Session, allowance: Allowance) -> UnitField | None:
        pictures, unit = (
            pictures_of(session, allowance, self.cut, self.seen),
            (self.layer, self.unit),
        )
        if not pictures.shows(unit):
            return None
        values = pictures.values(session.p, side_of(session, allowance), [unit])[unit]
        levels, ends = pictures.as_levels(self.layer, values), pictures.ends(self.layer, values)
        return UnitField(pictures.plane, levels, ends)


@dataclass(frozen=True, slots=True, eq=False)
class UnitMaps:
    """Levels of the colour scale, (side, side), of the units that have a picture, and the plane."""

    plane: Plane
    levels: Mapping[Unit, Levels]


@dataclass(frozen=True, slots=True)
class Thumbnails(Ask[UnitMaps]):
    """Small maps of units (layer, unit); if examples are pictures, the weights on the pixels."""

    units: tuple[Unit, ...]
    cut: Cut | None = None

    def fits(self, sizes: tuple[int, ...]) -> bool:
        return any(exists(unit, sizes) for unit in self.units)

    def measure(self, session: Session, allowance: Allowance) -> UnitMaps:
        units = [unit for unit in self.units if exists(unit, session.network.sizes)]
        pictures, p = pictures_of(session, allowance, self.cut), session.p
        picture, levels = session.split.picture, dict[Unit, Levels]()
        if picture is not None:  # the weights show best what a unit sees of pixels
            levels |= {(0, i): input_map(i, picture) for l, i in units if l == 0}
            levels |= {(1, i): weights_map(p.W[1][i], picture) for l, i in units if l == 1}
        levels |= pictures.maps(p, MAP_SIDE, [unit for unit in units if unit not in levels])
        return UnitMaps(pictures.plane, levels)


@dataclass(frozen=True, slots=True, eq=False)
class UnitFields:
    """A[l][i], or with `z` Z[l][i], of units over a plane, (side, side) each."""

    plane: Plane
    z: bool
    values: Mapping[Unit, Array]


@dataclass(frozen=True, slots=True)
class Pins(Ask[UnitFields]):
    """The outputs of units (layer, unit) or, with `z`, the inputs of their activations."""

    units: tuple[Unit, ...]
    z: bool = False
    cut: Cut | None = None

    def fits(self, sizes: tuple[int, ...]) -> bool:
        return any(exists(unit, sizes) for unit in self.units)

    def measure(self, session: Session, allowance: Allowance) -> UnitFields:
        units = [unit for unit in self.units if exists(unit, session.network.sizes)]
        pictures = pictures_of(session, allowance, self.cut)
        drawn = pictures.values(session.p, PIN_SIDE, units, z=self.z)
        values = {unit: frozen(values) for unit, values in drawn.items()}
        return UnitFields(pictures.plane, self.z, values)


def exists(unit: Unit, sizes: tuple[int, ...]) -> bool:
    """Whether a network of these sizes n[0]..n[L] has the unit."""
    l, i = unit
    return 0 <= l < len(sizes) and 0 <= i < sizes[l]
