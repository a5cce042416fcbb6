"""The gradient check card: progress, result, and bugs to plant."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QLabel,
    QMenu,
    QProgressBar,
    QWidget,
)

from core.walk.bugs import BUGS
from gui.stepper.check import CHOICES, GradientChecks
from gui.stepper.check_table import CheckTable
from gui.stepper.check_words import notes_of, sentence_of
from gui.stepper.equation_view import EquationView
from gui.stepper.stripes import stripes
from gui.style import text
from gui.style.theme import theme
from gui.widgets import labels
from gui.widgets.buttons import button
from gui.widgets.card import Card
from gui.widgets.menu_button import MenuButton
from gui.widgets.painting import smooth
from gui.widgets.rows import in_column, in_row, put

TITLE = "Is my gradient right?"
_QUESTION = (
    "Estimate every derivative from two nearby costs, and compare it with the backward pass."
)
_FORMULA = (
    r"\frac{\|\mathrm{numeric} - \mathrm{analytic}\|}"
    r"{\|\mathrm{numeric}\| + \|\mathrm{analytic}\|} < 10^{-7}"
)
_FORMULA_TEXT = "‖numeric − analytic‖ / (‖numeric‖ + ‖analytic‖) < 10⁻⁷"
_ALL = "all"


class CheckCard(Card):
    """Shows the checks, starts and cancels them, and plants bugs; all of it by keyboard too."""

    def __init__(self, checks: GradientChecks, parent: QWidget | None = None) -> None:
        super().__init__(TITLE, parent)
        self._checks = checks
        self.start_button = button(
            self.tr("Check"), "primary", tip=self.tr("Check the gradient of this iteration")
        )
        self.cancel_button = button(self.tr("Cancel"), "pill")
        self.amount = MenuButton("", {})
        self.progress = QProgressBar()
        self.table = CheckTable()
        self.sentence = labels.label("", 13, wrap=True)
        self.notes = labels.caption("", wrap=True)
        self.planted = _Planted()
        self.bug_menu = QMenu(self)
        self.bug_button = button(
            self.tr("Plant a bug…"),
            "link",
            tip=(self.tr("Plant a bug, to see how the check finds it")),
        )
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        question = labels.caption(_QUESTION, wrap=True)
        formula = EquationView(13, "muted")
        formula.show_equation(_FORMULA, _FORMULA_TEXT)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress of the gradient check"))
        self.bug_menu.setToolTipsVisible(True)
        controls = in_row(
            self.start_button, self.cancel_button, self.amount, None, self.bug_button, spacing=8
        )
        put(
            self.body,
            question,
            formula,
            self.planted,
            controls,
            self.progress,
            self.table,
            self.sentence,
            self.notes,
            None,
        )

    def _connect(self) -> None:
        checks = self._checks
        self.start_button.clicked.connect(checks.start)
        self.cancel_button.clicked.connect(self._on_cancel)
        self.amount.chosen.connect(lambda key: checks.choose(None if key == _ALL else int(key)))
        self.bug_button.clicked.connect(self._open_bugs)
        self.bug_menu.aboutToShow.connect(self._fill_bugs)
        self.planted.remove.clicked.connect(lambda: checks.plant(""))
        checks.changed.connect(self._show)

    def _on_cancel(self) -> None:
        self._checks.cancel()
        self.start_button.setFocus()

    def _open_bugs(self) -> None:
        self.bug_menu.popup(self.bug_button.mapToGlobal(QPoint(0, self.bug_button.height())))

    def _fill_bugs(self) -> None:
        record = self._checks.record
        self.bug_menu.clear()
        for name, bug in BUGS.items():
            action = self.bug_menu.addAction(bug.label)
            action.setData(name)
            action.setCheckable(True)
            action.setChecked(name == self._checks.bug)
            action.setEnabled(self._checks.fits(bug))
            where = "" if record is None else bug.where(record.network())
            action.setToolTip(f"{bug.description} {where}".strip())
            action.triggered.connect(lambda _on, name=name: self._checks.plant(name))

    def _show(self) -> None:
        checks = self._checks
        result, record = checks.result, checks.record
        self.start_button.setVisible(not checks.running)
        self.start_button.setEnabled(record is not None)
        self.start_button.setText(self.tr("Check again") if checks.done else self.tr("Check"))
        self.cancel_button.setVisible(checks.running)
        self.bug_button.setEnabled(record is not None)
        self.progress.setVisible(checks.running)
        self.progress.setRange(0, 1 if result is None else result.total)
        self.progress.setValue(0 if result is None else result.done)
        self._show_amount()
        self._show_planted()
        self.table.show_arrays(() if result is None else result.arrays, faded=checks.stale)
        self.table.setVisible(result is not None)
        _say(self.sentence, *sentence_of(checks))
        _say(self.notes, notes_of(checks), "muted")

    def _show_amount(self) -> None:
        record = self._checks.record
        total = 0 if record is None else record.p.flat.size
        choices = {str(n): f"{text.count(n)} parameters" for n in CHOICES if n < total}
        choices[_ALL] = f"all {text.count(total)} parameters"
        self.amount.setVisible(len(choices) > 1)
        self.amount.setEnabled(not self._checks.running)
        self.amount.set_choices(choices)
        chosen = self._checks.at_most
        self.amount.set_value(_ALL if chosen is None or chosen >= total else str(chosen))

    def _show_planted(self) -> None:
        bug, record = self._checks.planted, self._checks.record
        self.planted.setVisible(bug is not None)
        self.bug_button.setVisible(bug is None)
        if bug is not None and record is not None:
            self.planted.show_words(bug.label, bug.where(record.network()))

    def sizeHint(self) -> QSize:
        return QSize(430, super().sizeHint().height())


class _Planted(QWidget):
    """The striped band which warns that a bug is planted."""

    def __init__(self) -> None:
        super().__init__()
        self._words = labels.label("", 13, tone="warning", wrap=True)
        self._where = labels.caption("", wrap=True)
        self.remove = button(self.tr("remove bug"), "link")
        line = in_row((self._words, 1), (self.remove, 0, Qt.AlignmentFlag.AlignTop))
        in_column(line, self._where, on=self, margins=(12, 7, 8, 8), spacing=2)
        theme().changed.connect(self.update)

    @property
    def words(self) -> str:
        """Its first text."""
        return self._words.text()

    def show_words(self, bug: str, where: str) -> None:
        """Name the bug and say what is wrong now."""
        self._words.setText(self.tr("Planted: {bug} — the run is not touched").format(bug=bug))
        self._where.setText(where)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with smooth(self) as painter:
            stripes(painter, QRectF(self.rect()), 7)


def _say(target: QLabel, words: str, tone: str) -> None:
    target.setText(words)
    target.setVisible(bool(words))
    labels.set_tone(target, tone)
