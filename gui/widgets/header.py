"""A title with controls at its right; those without room go into an overflow menu."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget, QWidgetItem

from gui.style.theme import dress_moved, theme
from gui.widgets.overflow import Overflow
from gui.widgets.rows import in_row

_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class Header(QWidget):
    """Keeps every control in reach at any width: controls without room are in a menu at its end."""

    def __init__(self, title: QWidget, spacing: int = 6) -> None:
        super().__init__()
        self._slots: list[_Slot] = []
        self._fitting = False
        self._title = title
        self._row = in_row(title, None, on=self, margins=0, spacing=spacing)
        self._overflow = Overflow(self)
        self._overflow.returned.connect(self._take_back)
        self._row.addWidget(self._overflow.button, 0, _MIDDLE)
        self._overflow.button.hide()
        theme().changed.connect(self.fit)

    def add(self, control: QWidget, rank: int = 0) -> None:
        """Put a control at the right end; of those without room the lowest rank leaves first."""
        slot = _Slot(control, rank, self)
        self._slots.append(slot)
        self._row.insertWidget(self._row.count() - 1, slot, 0, _MIDDLE)
        self.fit()

    def add_first(self, widget: QWidget, stretch: int = 0) -> None:
        """Put a widget that limits its own width before the controls; with a `stretch` it takes the
        free room.
        """
        self._row.insertWidget(1 if stretch else 2, widget, stretch, _MIDDLE)
        if stretch:
            self._row.setStretch(2, 0)  # the gap after it, which would take half of the room

    @property
    def has_controls(self) -> bool:
        """Whether there is anything next to the title."""
        return bool(self._slots)

    def free_width(self, besides: QWidget) -> int:
        """The free pixels of the line for a widget that is in it, or will be."""
        taken = 0
        # Not by itemAt: PySide 6.11.3 keeps what that returns after Qt has deleted it, and ends the
        # process when another object that Qt deletes was made in the same place.
        for widget in self.children():
            if not isinstance(widget, QWidget) or self._row.indexOf(widget) < 0:
                continue
            if widget is not besides and not widget.isHidden():
                taken += widget.sizeHint().width() + self._row.spacing()
        return self.width() - taken - self._row.spacing()

    def menu_of(self, part: QWidget) -> QWidget | None:
        """The button of the menu at the end, for a control that is in it."""
        return self._overflow.button if self._overflow.holds(part) else None

    def show_part(self, part: QWidget) -> None:
        """Open the menu at the end for a control that is in it."""
        if self._overflow.holds(part):
            self._overflow.open()

    def fit(self) -> None:
        """Show as many controls as there is room for.

        Showing and hiding may resize the line at once: it is fitted to the last width, and not
        recursively, which might never end if the width depends on the visible controls.
        """
        if self._overflow.is_open or self._fitting:
            return
        self._fitting = True
        try:
            for _ in range(2):
                width = self.width()
                self._fit_to(width)
                if self.width() == width:
                    break
        finally:
            self._fitting = False

    def _fit_to(self, width: int) -> None:
        wanted = [slot for slot in self._slots if not slot.control.isHidden()]
        for slot in self._slots:
            slot.setVisible(slot in wanted)
        self._overflow.offer([])
        left_out: list[_Slot] = []
        # Of equal rank the last one leaves first.
        for slot in sorted(wanted, key=lambda slot: (slot.rank, -wanted.index(slot))):
            if self._least() <= width:
                break
            left_out.append(slot)
            slot.hide()
            self._overflow.offer([each.control for each in left_out])
        self._overflow.offer([slot.control for slot in wanted if slot in left_out])

    def _least(self) -> int:
        self._row.invalidate()
        return self._row.minimumSize().width()

    def _take_back(self) -> None:
        for slot in self._slots:
            slot.take()
        self.fit()

    def minimumSizeHint(self) -> QSize:
        """The title and the button: every control can leave."""
        title, button = QWidgetItem(self._title).sizeHint(), self._overflow.button.sizeHint()
        return QSize(
            title.width() + 3 * self._row.spacing() + button.width(), super().sizeHint().height()
        )

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if (
            event.type() == QEvent.Type.LayoutRequest
            and self._row.minimumSize().width() > self.width()
        ):
            self.fit()  # some words have grown
        return done

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()


class _Slot(QWidget):
    """The slot of one control in the line, hidden for lack of room, or together with
    its control.
    """

    def __init__(self, control: QWidget, rank: int, header: Header) -> None:
        super().__init__(header)
        self.control, self.rank, self._header = control, rank, header
        self._room = QHBoxLayout(self)
        self._room.setContentsMargins(0, 0, 0, 0)
        self.take()
        control.installEventFilter(self)

    def take(self) -> None:
        """Have the control here."""
        control, explicit = self.control, Qt.WidgetAttribute.WA_WState_ExplicitShowHide
        if control.parentWidget() is not self:
            hidden = control.isHidden() and control.testAttribute(explicit)
            self._room.addWidget(control)
            dress_moved(control)
            control.setVisible(not hidden)

    def show_part(self, part: QWidget) -> None:
        """A control is hidden only for lack of room: open the header's menu."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        shown = event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent)
        if shown and self.control.parentWidget() is self:
            self._header.fit()
        return super().eventFilter(watched, event)
