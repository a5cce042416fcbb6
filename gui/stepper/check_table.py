"""The table of a gradient check's results by layer and array."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.nn.gradient_check import GradientDifference
from gui.stepper.check_words import name_of
from gui.style import text
from gui.style.theme import BODY, CAPTION, math_font, px, theme, ui_font
from gui.widgets.painting import smooth

_LINE = 23.0
_TITLE = 58.0
_NAME = 50.0
_ALIGN = Qt.AlignmentFlag
_LEFT = _ALIGN.AlignLeft | _ALIGN.AlignVCenter


class CheckTable(QWidget):
    """A row for each layer: dW and db with a tick or a cross, and their relative difference."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._arrays: tuple[GradientDifference, ...] = ()
        self._faded = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    @property
    def lines(self) -> list[str]:
        """Its text, one line per array."""
        return [_words(array) for array in self._arrays]

    def show_arrays(self, arrays: Sequence[GradientDifference], *, faded: bool) -> None:
        """Show other results; faded if they are from an earlier iteration."""
        self._arrays, self._faded = tuple(arrays), faded
        self.setAccessibleName("; ".join(self.lines))
        self.updateGeometry()
        self.update()

    def _layers(self) -> int:
        return max((array.layer for array in self._arrays), default=0)

    def _draw(self, painter: QPainter, array: GradientDifference) -> None:
        palette = theme().palette
        half = (self.width() - _TITLE) / 2
        left = _TITLE + (half if array.array == "b" else 0)
        top = (array.layer - 1) * px(_LINE)
        painter.setFont(math_font(BODY))
        painter.setPen(palette.text)
        painter.drawText(QRectF(left, top, _NAME, px(_LINE)), _LEFT, name_of(array))
        verdict, tone = _verdict(array)
        painter.setFont(ui_font(BODY))
        painter.setPen(palette.muted if self._faded else getattr(palette, tone))
        painter.drawText(QRectF(left + _NAME, top, half - _NAME, px(_LINE)), _LEFT, verdict)

    def sizeHint(self) -> QSize:
        return QSize(px(330), round(px(_LINE) * self._layers()))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        with smooth(self) as painter:
            for layer in range(self._layers()):
                painter.setFont(ui_font(CAPTION))
                painter.setPen(theme().palette.muted)
                line = QRectF(0, layer * px(_LINE), _TITLE, px(_LINE))
                painter.drawText(line, _LEFT, f"layer {layer + 1}")
            for array in self._arrays:
                self._draw(painter, array)


def _verdict(array: GradientDifference) -> tuple[str, str]:
    """The verdict on one array, and its palette colour."""
    if not array.checked:
        return ("skipped" if array.skipped else "…"), "muted"
    sign, tone = ("✓", "good") if array.passed else ("✗", "error")
    skipped = f"  ({array.skipped} skipped)" if array.skipped else ""
    return f"{sign} {text.magnitude(array.relative)}{skipped}", tone


def _words(array: GradientDifference) -> str:
    return f"{name_of(array)} {_verdict(array)[0]}"
