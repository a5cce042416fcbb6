"""A field for a number such as the learning rate: typed freely, stepped 1-2-5."""

import math
from collections.abc import Callable

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QWidget

from core.data.numbers import typed
from core.settings import SETTINGS, begin
from gui.style.text import plain
from gui.widgets.commit_edit import CommitEdit

_LADDER = (1.0, 2.0, 5.0, 10.0)
SAMPLE, SHORT_SAMPLE = "0.000001", "0.001"
_FIRST_STEP = 1e-3  # the step up from zero, which is not on the ladder


def step(value: float, by: int) -> float:
    """Go up (by > 0) or down the ladder 1, 2, 5, 10, 20, 50 … from value to its next rungs."""
    for _ in range(abs(by)):
        value = _rung(value, up=by > 0)
    return value


def _rung(value: float, up: bool) -> float:
    if value <= 0:
        return _FIRST_STEP if up else 0.0
    exponent = math.floor(math.log10(value))
    rungs = [float(f"{m:g}e{e}") for e in (exponent - 1, exponent, exponent + 1) for m in _LADDER]
    if up:
        higher = (rung for rung in rungs if value * (1 + 1e-9) < rung < math.inf)
        return min(higher, default=value)
    return max(rung for rung in rungs if rung < value * (1 - 1e-9))


class NumberField(CommitEdit):
    """A line edit for one number from `least` to `most`, without `least` itself if `above` and
    without `most` if `below`; `ladder(value, by)` says where the arrow keys lead.

    0 is written as `zero`, where that is a word ("never"), and read from it. Bad input is marked,
    explained in a sentence, and changes nothing. `set_value` emits nothing.
    """

    edited = Signal(float)
    refused = Signal(str)  # the sentence with the reason

    def __init__(
        self,
        name: str,
        value: float,
        least: float = 0.0,
        most: float = math.inf,
        above: bool = True,
        zero: str = "",
        below: bool = False,
        ladder: Callable[[float, int], float] = step,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name, self._least, self._most, self._above = name, least, most, above
        self._value, self._zero, self._below, self._ladder = value, zero, below, ladder
        self._sample = SAMPLE
        self.setAccessibleName(name)
        self.show_text(self._write(value))
        self.committed.connect(self._take)
        self.stepped.connect(self._step)
        self.textEdited.connect(self._forgive)
        self.reverted.connect(self._forgive)

    @property
    def value(self) -> float:
        """The current value, without any typed text."""
        return self._value

    def set_value(self, value: float) -> None:
        """Show a number, dropping anything typed."""
        self._value = value
        self.show_text(self._write(value))
        self.complain("")
        self.updateGeometry()

    def set_tight(self, tight: bool) -> None:
        """Have room for a usual number, or for nearly every one; always for the one in force."""
        self._sample = SHORT_SAMPLE if tight else SAMPLE
        self.updateGeometry()

    def _write(self, value: float) -> str:
        return self._zero if self._zero and value == 0 else plain(value, 6)

    def _allows(self, value: float) -> bool:
        low = value > self._least if self._above else value >= self._least
        high = value < self._most if self._below else value <= self._most
        return low and high and math.isfinite(value)

    def _take(self, text: str) -> None:
        try:
            value = 0.0 if self._zero and text.strip() == self._zero else typed(text)
        except ValueError:
            value = math.nan
        if not self._allows(value):
            self.complain(self._sentence())
            return
        self.complain("")
        changed = value != self._value
        self.set_value(value)
        if changed:
            self.edited.emit(value)

    def _step(self, by: int) -> None:
        if self.property("invalid"):
            return
        value = self._ladder(self._value, max(-3, min(3, by)))
        if self._allows(value) and value != self._value:
            self.set_value(value)
            self.edited.emit(value)

    def _forgive(self) -> None:
        self.complain("")

    def _sentence(self) -> str:
        least, most = plain(self._least), plain(self._most)
        span = self.tr("above %1") if self._above else self.tr("from %1")
        span = span.replace("%1", least)
        if math.isfinite(self._most):
            to = self.tr(" and below %1") if self._below else self.tr(" to %1")
            span += to.replace("%1", most)
        text = self.tr("%1 must be a number %2, such as 0.01 or 1e-3; it stays %3.")
        name = begin(self._name)
        return text.replace("%1", name).replace("%2", span).replace("%3", plain(self._value, 6))

    def complain(self, sentence: str) -> None:
        super().complain(sentence)
        if sentence:
            self.refused.emit(sentence)

    def sizeHint(self) -> QSize:
        written = (self._sample, self._write(self._value))
        wide = max(QFontMetrics(self.font()).horizontalAdvance(text) for text in written)
        return QSize(wide + 24, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width() - 16, super().minimumSizeHint().height())


def step_below_one(value: float, by: int) -> float:
    """Step up or down so that 1 - value is on the ladder: 0, 0.5, 0.8, 0.9, 0.95 …"""
    return round(1.0 - step(1.0 - value, -by), 12)


def number_field(path: str, value: float, zero: str = "") -> NumberField:
    """A field for this setting, with its name and its limits."""
    row = SETTINGS[path]
    limits = row.real
    return NumberField(
        row.label,
        value,
        limits.least,
        limits.most,
        limits.above,
        zero or row.zero,
        limits.below,
        step_below_one if limits.below else step,
    )
