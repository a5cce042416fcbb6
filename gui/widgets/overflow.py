"""The overflow button of a bar, which opens the controls that have no room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QToolButton, QWidget

from gui.style.theme import dress_moved
from gui.widgets.buttons import icon_button
from gui.widgets.popup import Popup


class Overflow(QObject):
    """The button and its popup, which holds the controls without room while it is open."""

    returned = Signal()  # the controls are children of the bar again, in no layout

    def __init__(self, bar: QWidget) -> None:
        super().__init__(bar)
        self._bar = bar
        self._left_out: Sequence[QWidget] = ()
        self._popup = _Closing(bar.tr("More controls"), bar)
        self._popup.closed.connect(self._give_back)
        self.button: QToolButton = icon_button("more", bar.tr("More controls"))
        self.button.clicked.connect(self.open)
        for part in (self._popup, self.button):
            part.setProperty("opens_parts", True)  # a lesson locks what is in it, not these

    @property
    def is_open(self) -> bool:
        """Whether the controls are in the popup now."""
        return self._popup.isVisible()

    def offer(self, left_out: Sequence[QWidget]) -> None:
        """Offer these controls, which the bar has hidden; without any, the button is hidden."""
        self._left_out = left_out
        self.button.setVisible(bool(left_out))

    def holds(self, control: QWidget) -> bool:
        """Whether a control, or what it is in, is among those offered; also in a popup of one."""
        at: QWidget | None = control
        while at is not None and at not in self._left_out:
            at = at.parentWidget()
        return at is not None

    def open(self) -> None:
        """Open the popup, with the keyboard on the first control."""
        if self.is_open or not self._left_out:
            return
        for control in self._left_out:
            self._popup.body.addWidget(control)
            dress_moved(control)
            control.show()
        self._popup.open_under(self.button)
        if self._left_out:  # the bar may have found room for them meanwhile
            self._left_out[0].setFocus(Qt.FocusReason.PopupFocusReason)

    def _give_back(self) -> None:
        for control in self._left_out:
            self._popup.body.removeWidget(control)
            control.setParent(self._bar)
            dress_moved(control)
            control.show()  # to its new parent: it was hidden only for lack of room
        self.returned.emit()


class _Closing(Popup):
    """Emits a signal when it has closed."""

    closed = Signal()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.closed.emit()
