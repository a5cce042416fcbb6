"""The speed of Play, from one step of the walk a second to full speed, on a slider."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QSettings, QSize, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style.theme import CAPTION, ui_font
from gui.widgets import labels
from gui.widgets.painting import BOTTOM, TOP
from gui.widgets.rows import in_column
from gui.widgets.slider_field import Slider

SETTING = "speed"  # the key in QSettings
USUAL = "1000"  # the course's 10,000 iterations in ten seconds, slow enough to watch


@dataclass(frozen=True, slots=True)
class Speed:
    """A stop's label, and its iterations a second; None plays the stepper instead."""

    label: str
    pace: float | None


SPEEDS: dict[str, Speed] = {
    "op": Speed("1 op/s", None),
    "1": Speed("1 it/s", 1.0),
    "10": Speed("10 it/s", 10.0),
    "100": Speed("100 it/s", 100.0),
    "1000": Speed("1,000 it/s", 1000.0),
    "flat_out": Speed("Full speed", math.inf),
}
KEYS = tuple(SPEEDS)
TIP = (
    "Training speed: one step of the walk per second; 1, 10, 100 or 1,000 iterations per "
    "second; or full speed. The speed does not change any number.\nSlower (F6), faster (F7)"
)


class SpeedControl(QWidget):
    """Shows and changes the speed; the choice stays for the next start, for every project."""

    chosen = Signal(object)  # Speed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._compact = False
        self._caption = labels.caption("")
        self._caption.setContentsMargins(2, 0, 0, 0)
        self.slider = Slider()
        self.slider.setRange(0, len(KEYS) - 1)
        self.slider.setPageStep(1)
        self.slider.setAccessibleName(self.tr("Pace"))
        self.setFocusProxy(self.slider)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(TIP)
        in_column(self._caption, (self.slider, 1), on=self, margins=(0, TOP, 0, BOTTOM), spacing=0)
        kept = str(QSettings().value(SETTING, USUAL))  # the file may hold anything
        self.slider.setValue(KEYS.index(kept if kept in SPEEDS else USUAL))
        self._write()
        self.slider.valueChanged.connect(self._on_moved)

    @property
    def speed(self) -> Speed:
        """The speed in force."""
        return SPEEDS[KEYS[self.slider.value()]]

    def change(self, by: int) -> None:
        """Go this many stops faster (or, below 0, slower), as far as there are."""
        self.slider.setValue(self.slider.value() + by)

    def set_compact(self, compact: bool) -> None:
        """Leave out the text if there is little room."""
        if compact != self._compact:
            self._compact = compact
            self._write()
            self.updateGeometry()

    def _on_moved(self, index: int) -> None:
        self._write()
        QSettings().setValue(SETTING, KEYS[index])
        self.chosen.emit(self.speed)

    def _write(self) -> None:
        self._caption.setText(self._words(self.speed))
        self.slider.setAccessibleDescription(self.speed.label)

    def _words(self, speed: Speed) -> str:
        return speed.label if self._compact else f"Pace  {speed.label}"

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(ui_font(CAPTION))
        wide = max(metrics.horizontalAdvance(self._words(speed)) for speed in SPEEDS.values())
        return QSize(wide + 6, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
