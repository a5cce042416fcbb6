"""Inputs minus their mean, divided by their standard deviation, and what these two are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import LayerwiseError

Floats = NDArray[np.float64]
AT_ONCE = 2**20  # numbers that are looked at together


def mean_and_std(inputs: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each row (n_x, m), both (n_x, 1); 1 for a constant row."""
    with np.errstate(over="ignore", invalid="ignore"):
        mean = inputs.mean(axis=1, keepdims=True)
        std = deviations(inputs)[:, np.newaxis]
    too_large = ~np.isfinite(mean + std)
    if too_large.any():
        row = np.argwhere(too_large)[0, 0]
        raise LayerwiseError(
            f"Row {row} of X is too large to normalize: divide its numbers by a power of ten."
        )
    constant = np.ptp(inputs, axis=1, keepdims=True) == 0
    return mean, np.where(constant | (std == 0), 1.0, std)


def deviations(inputs: NDArray[np.floating[Any]]) -> Floats:
    """The standard deviation of each row (n_x,), in memory for some rows at a time."""
    some = max(1, AT_ONCE // inputs.shape[1])
    parts = [
        inputs[at : at + some].std(axis=1, dtype=np.float64) for at in range(0, len(inputs), some)
    ]
    return np.concatenate(parts)


def standardized(inputs: Floats, mean: Floats | None, std: Floats | None) -> Floats:
    """The inputs (n_x, m) with this mean and deviation (n_x, 1) taken out; without, as they are."""
    if mean is None or std is None:
        return inputs
    standardized: Floats = inputs - mean
    return np.divide(standardized, std, standardized)
