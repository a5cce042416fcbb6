"""A slider over a list of allowed values, with its name and value above it."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import count

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QWidget

from gui.style.theme import BODY, sized
from gui.widgets import labels
from gui.widgets.commit_edit import CommitEdit
from gui.widgets.rows import in_column, in_row

_serial = count(1)
PAUSE_MS = 1000  # key presses and wheel notches closer than this are one edit
REST = 60  # ms that a dragged handle must rest before its value is taken


class SliderField(QWidget):
    """Chooses one of `values` (ascending); others can be shown, and typed if there is `read`.

    `read` turns typed text into a value, or raises ValueError. Emits `edited(value, key)`: the key
    is the same during one drag, so that its edits can be merged into one undo step. Values passed
    during a drag are shown but not emitted, so that no data are drawn for them; a `live` slider
    emits them too. `set_value` emits nothing.
    """

    edited = Signal(object, str)
    refused = Signal(str)  # the sentence that `read` raised

    def __init__(
        self,
        name: str,
        values: Sequence[float],
        write: Callable[[float], str] = str,
        read: Callable[[str], float] | None = None,
        parent: QWidget | None = None,
        *,
        live: bool = False,
    ) -> None:
        super().__init__(parent)
        self._values, self._live = tuple(values), live
        self._write, self._read = write, read
        self._value: float = self._values[0]
        self._key = ""
        self._since = QElapsedTimer()
        self._name = labels.label(name, BODY, tone="muted")
        self._shown = (
            labels.label("", BODY, QFont.Weight.DemiBold) if read is None else _typed(name)
        )
        self.slider = Slider()
        self.slider.setRange(0, len(self._values) - 1)
        self.slider.setPageStep(max(1, len(self._values) // 10))
        self.slider.setAccessibleName(name)
        self.slider.valueChanged.connect(self._take)
        self.slider.sliderPressed.connect(self._new_key)
        self.slider.sliderReleased.connect(self._tell)
        self._resting = QTimer(self, singleShot=True, interval=REST)
        self._resting.timeout.connect(self._tell)
        self._told = self._value
        if isinstance(self._shown, CommitEdit):
            self._shown.committed.connect(self._take_text)
            self._shown.stepped.connect(lambda by: self.slider.setValue(self.slider.value() + by))
        self._lay_out()
        self.set_value(self._value)

    def _lay_out(self) -> None:
        top = in_row((self._name, 1), self._shown)
        # First of its children: Tab into this widget goes to its proxy, past those before it.
        whole = in_column(self.slider, on=self, margins=0, spacing=1)
        whole.insertLayout(0, top)
        self.setFocusProxy(self.slider)

    @property
    def name(self) -> str:
        """The name written next to it."""
        return self._name.text()

    def rename(self, name: str) -> None:
        """Change the name."""
        self._name.setText(name)
        self.slider.setAccessibleName(name)
        if isinstance(self._shown, CommitEdit):
            self._shown.setAccessibleName(name)

    @property
    def value(self) -> float:
        """The value shown."""
        return self._value

    @property
    def shown(self) -> str:
        """The text of the value."""
        return self._shown.text()

    @property
    def edit(self) -> CommitEdit | None:
        """The field that a value is typed into, if it may be."""
        return self._shown if isinstance(self._shown, CommitEdit) else None

    def set_values(self, values: Sequence[float]) -> None:
        """Replace the choices (ascending); the current value stays."""
        self._values = tuple(values)
        self.slider.blockSignals(True)
        self.slider.setRange(0, len(self._values) - 1)
        self.slider.blockSignals(False)
        self.slider.setPageStep(max(1, len(self._values) // 10))
        self.set_value(self._value)

    def set_value(self, value: float) -> None:
        """Show a value exactly; the handle goes to the nearest choice."""
        self._value = self._told = value
        self._resting.stop()
        self.slider.blockSignals(True)
        self.slider.setValue(self._nearest(value))
        self.slider.blockSignals(False)
        self._show()

    def _nearest(self, value: float) -> int:
        right = min(bisect_left(self._values, value), len(self._values) - 1)
        left = max(right - 1, 0)
        return min(left, right, key=lambda i: abs(self._values[i] - value))

    def _show(self) -> None:
        text = self._write(self._value)
        if isinstance(self._shown, CommitEdit):
            self._shown.show_text(text)
        else:
            self._shown.setText(text)
        self.slider.setAccessibleDescription(text)

    def _take_text(self, text: str) -> None:
        assert self._read is not None
        try:
            value = self._read(text)
        except (ValueError, OverflowError) as error:
            value = self._value
            self.refused.emit(str(error))
        changed = value != self._value
        self.set_value(value)
        if changed:
            self._new_key()
            self.edited.emit(value, self._key)

    def _new_key(self) -> None:
        self._key = f"{self._name.text()} {next(_serial)}"

    def _take(self, index: int) -> None:
        resting = not self._since.isValid() or self._since.elapsed() > PAUSE_MS
        if not self._key or (resting and not self.slider.isSliderDown()):
            self._new_key()
        self._since.start()
        self._value = self._values[index]
        self._show()
        if self.slider.isSliderDown() and not self._live:
            self._resting.start()
        else:
            self._tell()

    def _tell(self) -> None:
        self._resting.stop()
        if self._value != self._told:
            self._told = self._value
            self.edited.emit(self._value, self._key)


def _typed(name: str) -> CommitEdit:
    made = CommitEdit()
    made.setProperty("variant", "flat")
    made.setAccessibleName(name)
    made.setAlignment(Qt.AlignmentFlag.AlignRight)
    sized(made, "setFixedWidth", 76)
    return made


class Slider(QSlider):
    """A horizontal slider that jumps to a click; the wheel turns it only when it has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _value_at(self, x: float) -> int:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        control = QStyle.ComplexControl.CC_Slider
        parts = QStyle.SubControl
        handle = self.style().subControlRect(control, option, parts.SC_SliderHandle, self)
        groove = self.style().subControlRect(control, option, parts.SC_SliderGroove, self)
        along = round(x) - groove.left() - handle.width() // 2
        span = groove.width() - handle.width()
        return QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), along, span)

    def _on_handle(self, event: QMouseEvent) -> bool:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        handle = self.style().subControlRect(
            QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, self
        )
        return handle.contains(event.position().toPoint())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self._on_handle(event):
            # Down first: the jump and the drag that may follow are one edit.
            self.setSliderDown(True)
            self.setValue(self._value_at(event.position().x()))
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.setSliderDown(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
