"""Selects the doctor's findings that are shown on the canvas."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.training.finding import Finding

Unit = tuple[int, int]
ON_UNITS = ("dead", "saturated")  # findings that are marked on their units


@dataclass(frozen=True, slots=True)
class Remarks:
    """The doctor's findings on units: groups of twins in a layer, and faults of single ones."""

    twins: dict[int, tuple[tuple[int, ...], ...]] = field(default_factory=dict)
    units: dict[Unit, str] = field(default_factory=dict)


def remarks_of(findings: Iterable[Finding]) -> Remarks:
    """The findings that are shown on the network."""
    found = Remarks()
    for finding in findings:
        if finding.layer is not None and finding.name == "twins":
            found.twins[finding.layer] = (*found.twins.get(finding.layer, ()), finding.units)
        elif finding.layer is not None and finding.name in ON_UNITS:
            for unit in finding.units:
                found.units[finding.layer, unit] = finding.name
    return found
