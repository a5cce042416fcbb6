"""Keeps numbers drawable, for the canvas and every plot.

The pixels are finite and near the plot for any numbers: a painter that gets NaN, or a pixel too
large for 32 bits, ends the process.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtGui import QImage

from core.span import FARTHEST, span

FAR = 1e5  # px: anything farther outside of the plot is drawn here, out of sight
Pixels = NDArray[np.float64]


def shares(values: ArrayLike, ends: tuple[float, float]) -> Pixels:
    """Numbers as shares of the range between these ends: 0 at the first, 1 at the second."""
    low, high = span(*ends)
    numbers = np.clip(np.asarray(values, np.float64), -FARTHEST, FARTHEST)
    with np.errstate(over="ignore"):
        return near((numbers - low) / (high - low))


def near(pixels: ArrayLike) -> Pixels:
    """Pixels computed elsewhere, moved to within FAR of the corner of the window."""
    return np.clip(np.nan_to_num(np.asarray(pixels, np.float64), nan=-FAR), -FAR, FAR)


def drawable(values: ArrayLike, ends: tuple[float, float]) -> Pixels:
    """Numbers for a plot with a range between these ends that converts them to pixels itself.

    A number further out than a hundred times the range is moved there; NaN stays, as a gap in a
    curve.
    """
    low, high = span(*ends)
    far = 100.0 * min(high - low, FARTHEST)
    with np.errstate(over="ignore"):
        clipped: Pixels = np.clip(
            np.asarray(values, np.float64), max(low - far, -FARTHEST), min(high + far, FARTHEST)
        )
    return clipped


def painted(colours: ArrayLike) -> QImage:
    """Colours (h, w, 4), red, green, blue and alpha to 255, as a picture with its own memory."""
    pixels = np.rint(colours).astype(np.uint8)
    height, width, _ = pixels.shape
    seen = QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBX8888)
    return seen.convertToFormat(QImage.Format.Format_RGB32)
