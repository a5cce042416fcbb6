"""The card of one weight or bias: type, step or drag it, with the cost along it."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.by_hand import BIAS, Place, number
from core.errors import LayerwiseError
from core.limits import LARGEST
from core.look.cost_along import CostAlong
from core.training.messages import Snapshot
from gui.canvas.hints import describe
from gui.canvas.scene import NetworkScene
from gui.canvas.sheet import SheetView
from gui.model.document import Document
from gui.style import text
from gui.style.theme import CAPTION, dress, math_font, theme
from gui.widgets import labels
from gui.widgets.number_field import NumberField
from gui.widgets.painting import rounded, smooth

if TYPE_CHECKING:
    from gui.plots.cost_line import CostLinePlot

REACH = 1.5  # the range of the curve on both sides, in multiples of the number ...
LEAST_REACH = 1.0  # ... and at least so far
PIXELS = 130.0  # that a drag takes to an end of the curve
FINE = 0.1
STRIP = 44  # pixels of the lower edge that stay free
STEPS = 20  # of the arrow keys from the middle of the curve to its end
_OTHERS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}


class WeightCard(QWidget):
    """One opening of it, or one drag, is one undo step; Esc restores the number.

    It edits the document during typing or dragging, so that every picture shows the effect.
    """

    refused = Signal(str)
    look_changed = Signal()  # its asks have changed
    chosen = Signal(object)  # Place: opened, or its error was shown

    def __init__(self, document: Document, scene: NetworkScene, view: SheetView) -> None:
        super().__init__(view)
        self._document, self._scene, self._view = document, scene, view
        self.place: Place | None = None
        self._openings = 0
        self._start = self._now = self._raw = 0.0
        self._dragged = False
        self._field = _Field(self)
        self._field.edited.connect(self._set)
        self._field.stepped_by.connect(self._step)
        self._field.kept.connect(self.close_card)
        self._field.cancelled.connect(self.cancel)
        self._field.left.connect(lambda: self.close_card(focus=False))
        self._field.went.connect(self._go)
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        self._title = labels.caption("")
        self._symbol = labels.label("", CAPTION)
        dress(self._symbol, math_font, 15)
        self._cost, self._hint = labels.label("", CAPTION), labels.caption("")
        row = QHBoxLayout()
        row.addWidget(self._symbol)
        row.addWidget(self._field, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 8, 12, 9)
        whole.setSpacing(4)
        whole.addWidget(self._title)
        whole.addLayout(row)
        whole.addWidget(self._cost)
        whole.addWidget(self._hint)
        self.setAccessibleName(self.tr("A weight or bias"))

    @cached_property
    def curve(self) -> CostLinePlot:
        """The plot of the cost, created when the first number is opened: pyqtgraph is
        loaded late.
        """
        from gui.plots.cost_line import CostLinePlot

        made = CostLinePlot()
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(layout.indexOf(self._cost), made)
        return made

    @property
    def line(self) -> CostAlong | None:
        """Along which the cost is wanted."""
        if self.place is None:
            return None
        return CostAlong(self.place, self._middle - self._reach, self._middle + self._reach)

    # --- opening and closing ---------------------------------------------------------------------

    def open_at(self, place: Place, at: QPoint, typed: str = "") -> None:
        """Open with the keyboard focus, next to a point of the view, as if `typed`
        had been typed.
        """
        self.chosen.emit(place)
        if self._begin(place, self.tr("Enter keeps the value, Esc restores it")):
            self._stand(at)
            self._field.setFocus(Qt.FocusReason.OtherFocusReason)
            self._field.selectAll()
            if typed:
                self._field.setText(typed)

    def start_drag(self, place: Place, at: QPoint) -> bool:
        """Open for a drag that began at a point of the view; returns whether the number can be
        changed.
        """
        self._dragged = self._begin(place, self.tr("Shift: fine steps. Esc restores the value."))
        if self._dragged:
            self._stand(at)
        return self._dragged

    def drag(self, pixels: float, fine: bool) -> None:
        """Move up by this much."""
        self._raw += pixels / PIXELS * self._reach * (FINE if fine else 1.0)
        self._raw = min(max(self._raw, -LARGEST), LARGEST)
        self._set(_rounded(self._raw, self._reach * (FINE if fine else 1.0)))

    def cancel(self) -> None:
        """Put the number back and close."""
        if self.place is not None:
            self._set(self._start)
            self.close_card()

    def close_card(self, *, focus: bool = True) -> None:
        """Close; changes already made stay."""
        if self.place is None:
            return
        self.place, self._dragged = None, False
        self._scene.set_chosen(None)
        self.hide()
        if focus:
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _begin(self, place: Place, hint: str) -> bool:
        picture = self._scene.picture
        value = picture.parameter(place)
        if value is None:
            return False
        if picture.visited:
            self.refused.emit(
                self.tr(
                    "You are viewing an earlier iteration. To set a number, return to the"
                    " latest iteration, or choose Continue from here."
                )
            )
            return False
        self._openings += 1
        self._hint.setText(hint)
        self._show_place(place, value)
        return True

    def _show_place(self, place: Place, value: float) -> None:
        self.place = place
        self._start = self._now = self._raw = value
        self._centre(value)
        self._title.setText(describe(place, self._scene.picture))
        name = text.parameter(place)
        self._symbol.setText(f"{name} =")
        self._field.begin(name, value)
        self.curve.forget(value)
        self._say_cost()
        self._scene.set_chosen(place)
        self.adjustSize()
        self.look_changed.emit()

    def _centre(self, value: float) -> None:
        self._middle, self._reach = value, max(LEAST_REACH, REACH * abs(value))

    def _stand(self, at: QPoint) -> None:
        """Place it near a point, where it hides as little as possible."""
        room, size = self._view.rect().adjusted(8, 8, -8, -STRIP), self.size()
        wide, high = size.width(), size.height()
        xs = (at.x() + 24, at.x() - wide - 24, room.left(), room.right() - wide)
        ys = (at.y() + 20, at.y() - high - 20, room.top(), room.bottom() - high)
        boxes = [QRect(QPoint(x, y), size) for y in ys for x in xs]
        inside = [box for box in boxes if room.contains(box)]
        if not inside:  # a window hardly larger than the card
            x, y = self._view.width() - wide - 4, self._view.height() - high - 4
            inside = [QRect(QPoint(max(x, 0), max(y, 0)), size)]
        self.move(min(inside, key=self._hidden_by).topLeft())
        self.show()
        self.raise_()

    def _hidden_by(self, box: QRect) -> float:
        """How much of the units, and of the edge itself, a card there would cover, in pixels."""
        layout, place = self._scene.picture.layout, self.place
        hidden = 0.0
        for column in layout.columns:
            near = place is not None and column.layer in (place.layer, place.layer - 1)
            for unit in column.boxes:
                common = self._view.in_view(unit) & box
                hidden += common.width() * common.height() * (1.0 if near else 0.4)
        path = None if place is None else self._scene.edge_of(place)
        if path is not None:
            points = (self._view.mapFromScene(path.pointAtPercent(i / 30)) for i in range(31))
            hidden += 200.0 * sum(box.contains(point) for point in points)
        return hidden

    # --- the number ------------------------------------------------------------------------------

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the current number, and the cost along it."""
        if self.place is None:
            return
        value = self._scene.picture.parameter(self.place)
        if value is None:
            self.close_card()
            return
        if not self._dragged:
            self._now = value
            self._field.follow(value)
            self.curve.show_value(value)
        if (line := self.line) and (costs := snapshot.answer(line)) is not None:
            self.curve.show_line(costs)
        self._say_cost()

    def _set(self, value: float) -> None:
        place = self.place
        if place is None:
            return
        name = text.parameter(place)
        words = f"Set {name} to {text.plain(value)}"
        key = f"weight {self._openings} {place}"
        try:
            before, after = number(place, self._now), number(place, value)
            self._document.set_by_hand(words, before, after, key)
        except LayerwiseError as error:
            self.refused.emit(str(error))
            return
        self._now = value
        if abs(value - self._middle) > self._reach:
            self._centre(value)
            self.look_changed.emit()
        self._field.set_value(value)
        self.curve.show_value(value)
        self._say_cost()

    def _step(self, by: int) -> None:
        self._set(_rounded(self._now + by * self._reach / STEPS, self._reach))

    def _go(self, rows: int, columns: int) -> None:
        """Go to another number of the layer: the biases come after the last weights."""
        if self.place is None:
            return
        l, row, column = self.place
        n, n_prev = self._scene.picture.sizes[l], self._scene.picture.sizes[l - 1]
        column = n_prev if column == BIAS else column
        column = (column + columns) % (n_prev + 1)
        place = Place(l, (row + rows) % n, BIAS if column == n_prev else column)
        value = self._scene.picture.parameter(place)
        if value is not None:
            self._show_place(place, value)
            self.chosen.emit(place)

    def _say_cost(self) -> None:
        now, first = self.curve.cost_at(self._now), self.curve.cost_at(self._start)
        words = "J" if now is None else f"J = {text.number(now, sign=False)}"
        if now is not None and first is not None and self._now != self._start:
            words += f",  at {text.plain(self._start)} it is {text.number(first, sign=False)}"
        self._cost.setText(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = theme().palette
        with smooth(self) as painter:
            rounded(painter, QRectF(self.rect()), 8, palette.surface, palette.border)


class _Field(NumberField):
    """The field of the number; its keys are handled by the card."""

    stepped_by = Signal(int)
    kept = Signal()
    cancelled = Signal()
    left = Signal()  # the keyboard is elsewhere
    went = Signal(int, int)  # rows and columns to another number

    def __init__(self, parent: QWidget) -> None:
        super().__init__("weight", 0.0, -LARGEST, LARGEST, above=False, parent=parent)

    def begin(self, name: str, value: float) -> None:
        self._name = name
        self.setAccessibleName(name)
        self.set_value(value)

    def follow(self, value: float) -> None:
        """Show the run's new value, unless the user is typing."""
        if value != self.value and self.text() == self._shown:
            self.set_value(value)

    def _step(self, by: int) -> None:
        self.stepped_by.emit(by)

    def event(self, event: QEvent) -> bool:
        """Alt and an arrow are not a shortcut here."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
            if alt and Qt.Key(event.key()) in _OTHERS:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.commit()
            if not self.property("invalid"):
                self.kept.emit()
        elif key in _OTHERS and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.commit()
            self.went.emit(*_OTHERS[key])
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        reasons = Qt.FocusReason
        if event.reason() not in (reasons.PopupFocusReason, reasons.ActiveWindowFocusReason):
            self.left.emit()


def _rounded(value: float, reach: float) -> float:
    """To three digits of the reach: `0.43` and not `0.4307692`."""
    return round(value, 2 - math.floor(math.log10(reach)))
