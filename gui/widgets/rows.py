"""Widgets and layouts in a row, in a column, or in lines."""

from __future__ import annotations

from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from gui.widgets.flow_layout import FlowLayout

# A widget or a layout, with its stretch and alignment; room in px; None is all the rest.
LayoutItem = QWidget | QLayout
LayoutPart = (
    LayoutItem | tuple[LayoutItem, int] | tuple[LayoutItem, int, Qt.AlignmentFlag] | int | None
)
BoxLayout = TypeVar("BoxLayout", bound=QBoxLayout)
Margins = int | tuple[int, int, int, int]  # of all sides; or left, top, right, bottom


def in_row(
    *parts: LayoutPart,
    on: QWidget | None = None,
    margins: Margins | None = None,
    spacing: int | None = None,
) -> QHBoxLayout:
    """The parts from left to right, as the layout of `on` if given."""
    return _filled(QHBoxLayout() if on is None else QHBoxLayout(on), parts, margins, spacing)


def in_column(
    *parts: LayoutPart,
    on: QWidget | None = None,
    margins: Margins | None = None,
    spacing: int | None = None,
) -> QVBoxLayout:
    """The parts from top to bottom, as the layout of `on` if given."""
    return _filled(QVBoxLayout() if on is None else QVBoxLayout(on), parts, margins, spacing)


def in_flow(*widgets: QWidget, gap: int) -> QWidget:
    """The widgets in lines that wrap like words."""
    made = QWidget()
    flow = FlowLayout(made, gap)
    for widget in widgets:
        flow.addWidget(widget)
    return made


def _filled(
    layout: BoxLayout, parts: tuple[LayoutPart, ...], margins: Margins | None, spacing: int | None
) -> BoxLayout:
    if margins is not None:
        sides = (margins,) * 4 if isinstance(margins, int) else margins
        layout.setContentsMargins(*sides)
    if spacing is not None:
        layout.setSpacing(spacing)
    put(layout, *parts)
    return layout


def put(layout: QBoxLayout, *parts: LayoutPart) -> None:
    """Add the parts to a row or a column."""
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, int):
            layout.addSpacing(part)
        else:
            item, *how = part if isinstance(part, tuple) else (part,)
            add: Any = layout.addLayout if isinstance(item, QLayout) else layout.addWidget
            add(item, *how)
