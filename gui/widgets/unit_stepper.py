"""The pill − 4 + that sets how many units a layer has."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from gui.theme import BODY, theme, ui_font
from gui.widgets.buttons import icon_button
from gui.widgets.commit_edit import CommitEdit
from gui.widgets.painting import focus_ring, rounded, smooth

_HEIGHT = 30


class UnitStepper(QWidget):
    """A whole number with − and +, typing, arrow keys and the wheel; `set_value` emits nothing."""

    value_changed = Signal(int)

    def __init__(
        self,
        name: str,
        value: int = 1,
        least: int = 1,
        most: int = 999,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._least, self._most, self._value = least, most, value
        self.minus = self._button("minus", self.tr("One less"))
        self.edit = CommitEdit()
        self.plus = self._button("plus", self.tr("One more"))
        self.minus.clicked.connect(self._step_down)
        self.plus.clicked.connect(self._step_up)
        self.edit.setProperty("variant", "bare")
        self.edit.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.edit.setFont(ui_font(BODY, QFont.Weight.DemiBold))
        self.edit.setMaxLength(len(str(most)) + 1)
        self.edit.committed.connect(self._take)
        self.edit.stepped.connect(self._step)
        row = QHBoxLayout(self)
        row.setContentsMargins(3, 2, 3, 2)
        row.setSpacing(0)
        for part in (self.minus, self.edit, self.plus):
            row.addWidget(part)
        self.edit.setFixedWidth(
            self.edit.fontMetrics().horizontalAdvance("0" * len(str(most))) + 12
        )
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.edit)
        self.set_name(name)
        self.set_value(value)

    @property
    def value(self) -> int:
        """The number in force."""
        return self._value

    def set_value(self, value: int) -> None:
        """Show a number, dropping anything typed."""
        self._value = value
        self.edit.show_text(str(value))
        self.minus.setEnabled(value > self._least)
        self.plus.setEnabled(value < self._most)

    def set_range(self, least: int, most: int) -> None:
        """Set the smallest and largest number the user can choose."""
        self._least, self._most = least, most
        self.set_value(self._value)

    def set_name(self, name: str) -> None:
        """Say what is counted, for screen readers and the tooltip ("units of layer 1")."""
        self.setAccessibleName(name)
        self.edit.setAccessibleName(name)
        self.edit.setToolTip(name)

    def _button(self, icon: str, tip: str) -> QToolButton:
        made = icon_button(icon, tip, "muted", 14)
        made.setProperty("variant", "round")
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the arrow keys do the same in the field
        made.setAutoRepeat(True)
        return made

    def _take(self, text: str) -> None:
        try:
            self._change(int(text))
        except ValueError:
            self.set_value(self._value)

    def _step_down(self) -> None:
        self._step(-1)

    def _step_up(self) -> None:
        self._step(1)

    def _step(self, by: int) -> None:
        self._change(self._value + by)

    def _change(self, value: int) -> None:
        value = max(self._least, min(self._most, value))
        changed = value != self._value
        self.set_value(value)
        if changed:
            self.value_changed.emit(value)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = theme().palette
        with smooth(self) as painter:
            rect = QRectF(self.rect())
            rounded(painter, rect, rect.height() / 2, palette.surface, palette.border)
            if self.edit.hasFocus():
                focus_ring(painter, rect, rect.height() / 2)
