"""Where does this number come from, where does it go: the arithmetic behind an opened number."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from core.walk.entry import Entry, Target
from core.walk.explain import explain
from core.walk.explanation import Explanation
from core.walk.record import Record
from gui import text
from gui.actions import make_action
from gui.stepper.number_chips import NumberChips
from gui.stepper.origin_rows import rows_of, with_numbers
from gui.stepper.origin_table import LINE, OriginTable
from gui.theme import TITLE, mono_font, theme
from gui.walk import Walk
from gui.widgets import labels
from gui.widgets.buttons import icon_button
from gui.widgets.card import Card
from gui.widgets.equation_view import EquationView

QUESTION = "Where does this number come from?"
NOTHING = "Click any number — in a matrix, on an edge or a unit — to see the arithmetic behind it."
DIGITS = 5
_FEWEST, _MOST = 3, 14  # terms of a long sum
_ROOM_FOR_NUMBERS = 250  # px of height from which the formula stands there with numbers too ...
_ROOM_FOR_NOTE = 300  # ... and in words
_FORWARD: frozenset[Target] = frozenset({"A", "Z", "W", "b", "Y"})
_BACKWARD: frozenset[Target] = frozenset({"dA", "dZ", "dW", "db", "slope"})


class OriginCard(Card):
    """Shows the number at the end of the walk's trail and leads on to what it is made of."""

    def __init__(self, walk: Walk, parent: QWidget | None = None) -> None:
        super().__init__(QUESTION, parent)
        self._walk = walk
        self._shown: Explanation | None = None
        self._most = 0
        self.back_action = self._make_back()
        self.close_button = icon_button("close", "Close this number", "muted", 12)
        self.trail = NumberChips()
        self.formula = EquationView(17)
        self.value = labels.label("", TITLE)
        self.numbers = EquationView(14, "muted")
        self.table = OriginTable()
        self.note = labels.caption("")
        self.goes_to = NumberChips()
        self._goes = labels.caption("Goes to:")
        self._nothing = labels.caption(NOTHING)
        self._lay_out()
        self.close_button.clicked.connect(walk.close_number)
        self.trail.chosen.connect(walk.back_to)
        self.table.chosen.connect(walk.follow)
        walk.opened.connect(self._on_opened)
        walk.recorded.connect(self._on_opened)
        theme().changed.connect(self._restyle)
        self._restyle()
        self._on_opened()

    def _make_back(self) -> QAction:
        """The way back along the trail; other widgets may add it to theirs."""
        action = make_action(
            self,
            "Back to the number before",
            self.go_back,
            shortcuts=["Alt+Left", "Backspace"],
        )
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.addAction(action)
        return action

    def _lay_out(self) -> None:
        self.add_header(self.close_button)
        self._content = QWidget()
        lines = QVBoxLayout(self._content)
        lines.setContentsMargins(0, 0, 6, 0)
        lines.setSpacing(6)
        formula = QHBoxLayout()
        formula.setSpacing(12)
        formula.addWidget(self.formula, 1)
        formula.addWidget(self.value)
        goes = QHBoxLayout()
        goes.setSpacing(8)
        goes.addWidget(self._goes, 0, Qt.AlignmentFlag.AlignTop)
        goes.addWidget(self.goes_to, 1)
        self._goes.setContentsMargins(0, 5, 0, 0)
        lines.addWidget(self.trail)
        lines.addLayout(formula)
        lines.addWidget(self.numbers)
        lines.addWidget(self.table)
        lines.addWidget(self.note)
        lines.addLayout(goes)
        lines.addStretch(1)
        for wrapped in (self.note, self._nothing):
            wrapped.setWordWrap(True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._scroll = _scrolled(self._content)
        self.body.addWidget(self._scroll, 1)
        self.body.addWidget(self._nothing, 1)

    @property
    def explanation(self) -> Explanation | None:
        """What is shown."""
        return self._shown

    def go_back(self) -> None:
        """Back to the number this one was opened from; from the first, none is opened."""
        if len(self._walk.trail) > 1:
            self._walk.back_to(len(self._walk.trail) - 2)
        else:
            self._walk.close_number()

    @Slot()
    def _restyle(self) -> None:
        self.value.setFont(mono_font(TITLE))

    def _on_opened(self, _what: object = None) -> None:
        record, entry = self._walk.record, self._walk.entry
        if record is None or entry is None or not record.contains(entry):
            self._shown = None
            self._show_parts(opened=False)
            self.set_tone("")
            return
        self._show_parts(opened=True)
        self._show_number(record, entry)

    def _show_parts(self, *, opened: bool) -> None:
        for part in (self._scroll, self.close_button):
            part.setVisible(opened)
        self._nothing.setVisible(not opened)

    def _show_number(self, record: Record, entry: Entry) -> None:
        found = explain(record, entry, _FEWEST)
        tone = tone_of(entry)
        self.set_tone(tone)
        symbols = [each.symbol for each in self._walk.trail]
        self.trail.show_texts(symbols, ["Back to this number"] * len(symbols), len(symbols) - 1)
        self.formula.show_equation(found.latex, found.text)
        written = text.number(found.value, DIGITS)
        self.value.setText(written)
        self.value.setAccessibleName(f"{entry.symbol} is {written}")
        self.value.setToolTip(repr(found.value))
        self.note.setText(found.note)
        self._shown = found
        self._fit()
        self._scroll.verticalScrollBar().setValue(0)

    def _fit(self) -> None:
        """Show as many terms as there is room for, and the words where there is still some."""
        record, entry, found = self._walk.record, self._walk.entry, self._shown
        if record is None or entry is None or found is None:
            return
        high, leaf = self._scroll.height(), found.kind == "leaf"
        self.numbers.setVisible(not leaf and high >= _ROOM_FOR_NUMBERS)
        if not leaf and high >= _ROOM_FOR_NUMBERS:
            self.numbers.show_equation(with_numbers(found), "with numbers")
        self.note.setVisible(leaf or high >= _ROOM_FOR_NOTE)
        self.table.show_rows(rows_of(record, found), tone_of(entry))
        if found.rest is not None:
            others = self._content.sizeHint().height() - self.table.sizeHint().height()
            lines = int((high - others) // LINE) - (len(self.table.rows) - len(found.terms))
            most = min(max(lines, _FEWEST), _MOST)
            if most > _FEWEST:
                self._shown = explain(record, entry, most)
                self.table.show_rows(rows_of(record, self._shown), tone_of(entry))
        self.table.setVisible(not leaf)

    def sizeHint(self) -> QSize:
        return QSize(460, 300)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().height() != event.size().height():
            self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._walk.entry is not None:
            self._walk.close_number()
        else:
            super().keyPressEvent(event)


def tone_of(entry: Entry) -> str:
    """The tone of the pass a number belongs to; none for the cost and the update."""
    if entry.target in _BACKWARD:
        return "backward"
    return "forward" if entry.target in _FORWARD else ""


def _scrolled(content: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(content)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
    area.viewport().setAutoFillBackground(False)
    content.setAutoFillBackground(False)
    return area
