"""The card of an opened number: the arithmetic behind it, and where it is used next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction, QFontMetricsF, QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from core.walk.chain import chain
from core.walk.entry import BIASES, WEIGHTS, Entry, Target
from core.walk.explain import explain
from core.walk.explanation import Explanation
from core.walk.record import Record
from gui.actions import make_action
from gui.model.selection import Selection
from gui.model.walk import Walk
from gui.stepper.chain_rows import formula_of, rows_of_chain
from gui.stepper.equation_view import EquationView
from gui.stepper.goals import GoalChip, example_column, goals_of
from gui.stepper.number_chips import NumberChips
from gui.stepper.origin_rows import DIGITS, Row, rows_of, with_numbers
from gui.stepper.origin_table import LINE, OriginTable
from gui.style import text
from gui.style.theme import TITLE, dress, math_font, mono_font
from gui.widgets import labels
from gui.widgets.buttons import button, icon_button
from gui.widgets.card import Card
from gui.widgets.rows import in_column
from gui.widgets.scrolled import Scrolled

QUESTION, SHORT_QUESTION = "Where does this number come from?", "Where from?"
NOTHING = "Click any number — in a matrix, on an edge or a unit — to see the arithmetic behind it."
FORMULA, LOW_FORMULA, NUMBERS = 17, 14, 14  # px
_FEWEST, _MOST = 3, 14  # terms of a long sum
_MORE = 100  # more terms with each click on the rest
_ROOM_FOR_NUMBERS = 180, 280  # px from which the formula has numbers too, over few and many terms
_ROOM_FOR_NOTE = 300, 420  # px of width from which the words are shown too
_LOW = 210  # px below which there is room for a line of chips and a small formula
_TRAIL, _LOW_TRAIL = 6, 3  # chips; of a longer trail the first and the last stay
_FORWARD: frozenset[Target] = frozenset({"A", "Z", "D", "W", "b", "Y"})
_BACKWARD: frozenset[Target] = frozenset({"dA", "dZ", "dW", "db", "slope"})


class OriginCard(Card):
    """Shows the number at the end of the walk's trail and leads to its terms.

    A parameter, its gradient and its update can be shown as the chain rule too, for the chosen
    example. `back_action` (Alt+Left, Backspace) may be added to other widgets that show numbers.
    """

    def __init__(self, walk: Walk, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(QUESTION, parent, short=SHORT_QUESTION)
        self.walk, self.selection = walk, selection
        self._shown: Explanation | None = None
        self._goals: tuple[GoalChip, ...] = ()
        self._trail_places: list[int] = []
        self._more = 0  # requested terms beyond those that fit
        self.back_action = self._make_back()
        self.as_sum, self.as_chain = (_segment(words) for words in ("sum", "chain rule"))
        self.close_button = icon_button("close", "Close this number", "muted", 12)
        self.trail = NumberChips()
        self.formula = EquationView(FORMULA)
        self.value = labels.label("", TITLE)
        self.numbers = EquationView(NUMBERS, "muted")
        for formula in (self.formula, self.numbers):
            formula.setMinimumWidth(80)  # narrower than it likes, it is written smaller
        self.table = OriginTable()
        self.note = labels.caption("", wrap=True)
        self.goes_to = NumberChips()
        self._lay_out()
        self._connect()
        self._on_opened()

    def _make_back(self) -> QAction:
        action = make_action(
            self, "Back to the previous number", self.go_back, shortcuts=["Alt+Left", "Backspace"]
        )
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.addAction(action)
        return action

    def _lay_out(self) -> None:
        self._ways = QButtonGroup(self)
        for way in (self.as_sum, self.as_chain):
            self._ways.addButton(way)
        self.as_sum.setChecked(True)
        self.add_header(self.close_button)
        self._content = QWidget()
        dress(self.value, mono_font, TITLE)
        self._goes = labels.caption(self.tr("Goes to:"))
        self._goes.setContentsMargins(0, 5, 0, 0)
        lines = in_column(
            self.trail,
            _in_a_row(self.formula, self.value),
            self.numbers,
            self.table,
            self.note,
            on=self._content,
            margins=(0, 0, 6, 0),
            spacing=6,
        )
        onward = _in_a_row(self._goes, self.goes_to)
        for way in (self.as_sum, self.as_chain):
            onward.addWidget(way, 0, Qt.AlignmentFlag.AlignTop)
        lines.addLayout(onward)
        lines.addStretch(1)
        self._nothing = labels.caption(NOTHING, wrap=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._scroll = Scrolled(self._content)
        self._scroll.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.body.addWidget(self._scroll, 1)
        self.body.addWidget(self._nothing, 1)

    def _connect(self) -> None:
        self.close_button.clicked.connect(self.walk.close_number)
        self.trail.chosen.connect(self._on_trail)
        self.goes_to.chosen.connect(self._on_goal)
        self.table.chosen.connect(self.walk.follow)
        self.table.more_wanted.connect(self._show_more)
        self.as_chain.toggled.connect(self._on_opened)
        self._scroll.resized.connect(self._fit)
        self.walk.opened.connect(self._on_opened)
        self.walk.recorded.connect(self._on_opened)
        self.selection.example_changed.connect(self._on_example)

    @property
    def explanation(self) -> Explanation | None:
        """The explanation shown."""
        return self._shown

    def go_back(self) -> None:
        """Back to the number this one was opened from; from the first, none is opened."""
        if len(self.walk.trail) > 1:
            self.walk.back_to(len(self.walk.trail) - 2)
        else:
            self.walk.close_number()

    def _opened(self) -> tuple[Record, Entry] | None:
        record, entry = self.walk.record, self.walk.entry
        if record is None or entry is None or not record.contains(entry):
            return None
        return record, entry

    def _on_opened(self, _what: object = None) -> None:
        opened = self._opened()
        self._scroll.setVisible(opened is not None)
        self._nothing.setVisible(opened is None)
        self.close_button.setVisible(opened is not None)
        if opened is None:
            self._shown = None
            for way in (self.as_sum, self.as_chain):
                way.hide()
            self.set_tone("")
        else:
            self._show_number(*opened)
            self._scroll.verticalScrollBar().setValue(0)

    @Slot()
    def _show_more(self) -> None:
        self._more += _MORE
        self._fit()

    def _show_number(self, record: Record, entry: Entry) -> None:
        self._more = 0
        self._shown = explain(record, entry, _FEWEST)
        tone = tone_of(entry)
        self.set_tone(tone)
        for way in (self.as_sum, self.as_chain):
            way.setVisible(_is_parameter(entry))
            _set_tone(way, tone)
        self._show_goals(record, entry)
        self.value.setVisible(not self._chains(entry))  # a chain needs the room
        if self._chains(entry):
            self._show_chain(record, entry)
        else:
            self._show_sum(self._shown)
        self._fit()

    def _chains(self, entry: Entry) -> bool:
        return self.as_chain.isChecked() and _is_parameter(entry)

    def _show_sum(self, found: Explanation) -> None:
        self.formula.show_equation(found.latex, found.text)
        written = text.number(found.value, DIGITS)
        self.value.setText(written)
        self.value.setAccessibleName(f"{found.entry.symbol} is {written}")
        self.value.setToolTip(repr(found.value))
        self.formula.setToolTip(found.note)
        self.note.setText(found.note)

    def _show_chain(self, record: Record, entry: Entry) -> None:
        column = example_column(record, self.selection.example)
        found = chain(record, entry, column)
        self.formula.show_equation(*formula_of(found))
        what = record.say_example(column)
        self.note.setText(f"{what[0].upper()}{what[1:]}. {found.sentence}")
        self.table.show_rows(rows_of_chain(record, found), tone_of(entry))

    def _show_trail(self) -> None:
        trail = self.walk.trail
        places = list(range(len(trail)))
        most = _LOW_TRAIL if self._scroll.height() < _LOW else _TRAIL
        if len(trail) > most:
            places = [0, *places[1 - most :]]
        chips = [(trail[place].symbol, tone_of(trail[place])) for place in places]
        hints = [f"Back to {trail[place].symbol}" for place in places]
        if len(trail) > most:
            chips[1] = f"… {chips[1][0]}", chips[1][1]
        self._trail_places = places
        self.trail.show_texts(chips, hints, len(places) - 1)

    def _show_goals(self, record: Record, entry: Entry) -> None:
        example = self.selection.example
        column = entry.column if entry.per_example else example_column(record, example)
        self._goals = goals_of(record, entry, column)
        self._goes.setVisible(bool(self._goals))
        chips = [(goal.text, tone_of(goal.entry)) for goal in self._goals]
        self.goes_to.show_texts(chips, [goal.hint for goal in self._goals])

    @Slot()
    def _fit(self) -> None:
        """Show as many terms as fit, and the words if there is still room."""
        opened, found = self._opened(), self._shown
        if opened is None or found is None:
            return
        record, entry = opened
        high, leaf, chained = self._scroll.height(), found.kind == "leaf", self._chains(entry)
        self._show_trail()
        self.formula.set_size(LOW_FORMULA if high < _LOW else FORMULA)
        enough = high >= _ROOM_FOR_NUMBERS[found.rest is not None]
        shown = enough and not leaf and not chained
        self.numbers.setVisible(shown)
        if shown:
            latex, plain = with_numbers(found)
            self.numbers.show_equation(latex, self._elided(plain))
        spoken = high >= _ROOM_FOR_NOTE[found.rest is not None]
        self.note.setVisible(leaf or chained or spoken)
        if leaf and not chained and self.table.hasFocus():
            self.trail.focus_current()  # hiding the focused widget would move the focus anywhere
        self.table.setVisible(not leaf or chained)
        if chained:
            return
        rows = rows_of(record, found)
        if found.rest is not None:
            rows = self._filling(record, entry, rows)
        self.table.show_rows(rows, tone_of(entry))

    def _elided(self, plain: str) -> str:
        metrics = QFontMetricsF(math_font(NUMBERS))
        return metrics.elidedText(plain, Qt.TextElideMode.ElideRight, self._scroll.width() - 8)

    def _filling(self, record: Record, entry: Entry, rows: Sequence[Row]) -> tuple[Row, ...]:
        """The lines of a long sum with as many terms as the room has lines for."""
        self.table.show_rows((), "")
        layout = self._content.layout()
        others = 0
        if layout is not None:
            layout.activate()
            others = layout.totalHeightForWidth(self._content.width())
        below = sum(row.kind != "term" for row in rows)
        lines = int((self._scroll.height() - others) // LINE) - below
        most = min(max(lines, _FEWEST), _MOST) + self._more
        self._shown = explain(record, entry, most)
        return rows_of(record, self._shown)

    @Slot(object)
    def _on_example(self, _example: int | None) -> None:
        opened = self._opened()
        if opened is not None:
            self._show_goals(*opened)
            if self._chains(opened[1]):
                self._show_chain(*opened)

    @Slot(int)
    def _on_trail(self, chip: int) -> None:
        self.walk.back_to(self._trail_places[chip])

    @Slot(int)
    def _on_goal(self, chip: int) -> None:
        self.walk.follow(self._goals[chip].entry)

    def sizeHint(self) -> QSize:
        return QSize(460, 300)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.walk.entry is not None:
            self.walk.close_number()
        else:
            super().keyPressEvent(event)


def tone_of(entry: Entry) -> str:
    """The tone of the pass a number belongs to; none for the cost and the update."""
    if entry.target in _BACKWARD:
        return "backward"
    return "forward" if entry.target in _FORWARD else ""


def _is_parameter(entry: Entry) -> bool:
    return entry.target in WEIGHTS | BIASES


def _segment(words: str) -> QPushButton:
    return button(words, "segment")


def _set_tone(way: QPushButton, tone: str) -> None:
    if way.property("tone") != tone:
        way.setProperty("tone", tone)
        way.style().unpolish(way)
        way.style().polish(way)


def _in_a_row(one: QWidget, other: QWidget) -> QHBoxLayout:
    """Two on one line; formulas and chips take the room."""
    line = QHBoxLayout()
    line.setSpacing(8)
    for widget in (one, other):
        stretches = isinstance(widget, EquationView | NumberChips)
        in_line = isinstance(one, EquationView) or stretches
        line.addWidget(
            widget, stretches, Qt.AlignmentFlag(0) if in_line else Qt.AlignmentFlag.AlignTop
        )
    return line
