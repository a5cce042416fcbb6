"""The input features in the input column: which are on, with their pictures."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from core.data.features import FEATURES
from core.project import DataSettings
from gui.canvas.fonts import math_font
from gui.canvas.layout import Box, Spot, SpotKind
from gui.style.theme import Palette
from gui.widgets.painting import plane, rounded

NAMES = tuple(FEATURES)
LABEL_WIDTH = 46.0  # left of a feature that is off
_DIM, _DIM_LABEL = 0.38, 0.75


def input_names(data: DataSettings) -> tuple[str, ...]:
    """The names of the inputs until the examples arrive, which may have their own names.

    The features that are on, or x1, x2, … if examples are not points of the plane.
    """
    if data.on_plane:
        return data.features
    return tuple(f"x{i}" for i in range(1, data.raw_inputs + 1))


def switches(data: DataSettings) -> tuple[bool, ...]:
    """Whether each existing feature is on; empty if examples are not points of the plane"""
    return tuple(name in data.features for name in NAMES) if data.on_plane else ()


def feature_at(spot: Spot, data: DataSettings) -> str:
    """The name of the feature at that position, on or off; empty for anything else."""
    if spot.kind is SpotKind.FEATURE:
        return NAMES[spot.unit]
    is_input = spot.kind is SpotKind.UNIT and spot.layer == 0 and data.on_plane
    return data.features[spot.unit] if is_input and spot.unit < len(data.features) else ""


def draw_off(
    painter: QPainter, palette: Palette, place: int, box: Box, image: QImage | None, hovered: bool
) -> None:
    """Draw a feature that is off: small, dim, its label on the left; clear under the cursor."""
    full, where = painter.opacity(), QRectF(*box)
    radius = max(2.5, box.width / 8)
    painter.setOpacity(full if hovered else full * _DIM)
    if image is None:
        rounded(painter, where, radius, palette.neutral)
    else:
        plane(painter, where, image, radius)
    border, width = (palette.accent, 2.0) if hovered else (palette.muted, 1.2)
    rounded(painter, where.adjusted(-0.5, -0.5, 0.5, 0.5), radius, None, border, width)
    painter.setOpacity(full if hovered else full * _DIM_LABEL)
    painter.setFont(math_font(12 if box.height >= 20 else 11))
    painter.setPen(palette.text if hovered else palette.muted)
    label = QRectF(where.left() - LABEL_WIDTH - 6, where.top() - 4, LABEL_WIDTH, box.height + 8)
    side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(label, side, FEATURES[NAMES[place]].label)
    painter.setOpacity(full)
