"""Normalization of inputs: subtracts the mean and divides by the standard deviation."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
AT_ONCE = 2**20  # numbers that are processed together


def mean_and_std(inputs: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each row (n_x, m), both (n_x, 1); 1 for a constant row."""
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        mean = inputs.mean(axis=1, keepdims=True)
        std = deviations(inputs)[:, np.newaxis]
        constant = np.ptp(inputs, axis=1, keepdims=True) == 0
        for row in np.flatnonzero(~(np.isfinite(mean + std) & (constant | (std > 0)))):
            mean[row], std[row] = _of_far_numbers(inputs[row])
    return mean, np.where(constant | (std == 0), 1.0, std)


def deviations(inputs: NDArray[np.floating[Any]]) -> Floats:
    """The standard deviation of each row (n_x,), in memory for some rows at a time."""
    some = max(1, AT_ONCE // inputs.shape[1])
    parts = [
        inputs[at : at + some].std(axis=1, dtype=np.float64) for at in range(0, len(inputs), some)
    ]
    return np.concatenate(parts)


def _of_far_numbers(row: Floats) -> tuple[float, float]:
    """Mean and deviation of numbers whose squares overflow or underflow."""
    unit = float(np.abs(row).max())
    mean = float((row / unit).mean())
    apart = row / unit - mean
    widest = float(np.abs(apart).max()) or 1.0
    return mean * unit, float((apart / widest).std()) * widest * unit


def standardized(inputs: Floats, mean: Floats | None, std: Floats | None) -> Floats:
    """The inputs (n_x, m) minus the mean, divided by the deviation (n_x, 1); unchanged without
    these.
    """
    if mean is None or std is None:
        return inputs
    standardized: Floats = inputs - mean
    return np.divide(standardized, std, standardized)
