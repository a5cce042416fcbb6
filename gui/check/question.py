"""Asks which of the course's names a student's parameter has."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from gui.style.text import printed
from gui.style.theme import BODY
from gui.widgets import labels
from gui.widgets.boxes import ChoiceBox
from gui.widgets.buttons import button
from gui.widgets.rows import in_column, in_row

LONGEST = 40  # characters of a name that are shown


class QuestionBox(QWidget):
    """A question with its choices, and the earlier answers; hidden without both."""

    answered = Signal(str, str)  # "function.parameter", a name of the course
    forgotten = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._about = ""
        self.words = labels.label("", BODY, wrap=True)
        self.choice = ChoiceBox()
        self.choice.currentIndexChanged.connect(self._allow)
        self.take = button(self.tr("Check with this"), "primary")
        self.take.setToolTip(self.tr("Check again with this meaning; it is kept for this file"))
        self.take.clicked.connect(self._answer)
        self.known = labels.caption("", wrap=True)
        self.forget = button(
            self.tr("Ask again"), "link", tip=self.tr("Forget these answers and check again")
        )
        self.forget.clicked.connect(self.forgotten)
        self._asking, self._answers = QWidget(), QWidget()
        take = (self.take, 0, Qt.AlignmentFlag.AlignLeft)
        forget = (self.forget, 0, Qt.AlignmentFlag.AlignTop)
        in_column(self.choice, take, on=self._asking, margins=0)
        in_row((self.known, 1), forget, on=self._answers, margins=0)
        in_column(self.words, self._asking, self._answers, on=self, margins=0)
        self.show_question(None)
        self.show_answers({})

    def show_question(self, question: dict[str, Any] | None) -> None:
        """Ask about the unknown parameter of a report; None hides the question."""
        self.words.setVisible(question is not None)
        self._asking.setVisible(question is not None)
        if question is None:
            return
        function, parameter = question["function"], question["parameter"]
        self._about = f"{function}.{parameter}"
        text = self.tr("What is {} in {}? Choose what the check is to give it.")
        self.words.setText(text.format(printed(parameter, LONGEST), printed(function, LONGEST)))
        self.choice.clear()
        self.choice.fill(
            {name: _word(name) for name in question["choices"]},
            self.tr("What {} is").format(printed(parameter, LONGEST)),
        )
        self.choice.setPlaceholderText(self.tr("Choose…"))
        self.choice.setCurrentIndex(-1)
        self._allow()

    def show_answers(self, answers: dict[str, str]) -> None:
        """Show the earlier answers, with a way to undo them."""
        self._answers.setVisible(bool(answers))
        said = [
            self.tr("{} is {}").format(printed(about, 2 * LONGEST), _word(name))
            for about, name in answers.items()
        ]
        self.known.setText(self.tr("Checked with your answers: {}.").format(", ".join(said)))

    def _allow(self) -> None:
        chosen = self.choice.currentIndex() >= 0
        self.take.setEnabled(chosen)

    def _answer(self) -> None:
        name = self.choice.currentData()
        if isinstance(name, str):
            self.answered.emit(self._about, name)


_WORDS = {
    "X": "X, the inputs",
    "Y": "Y, the labels",
    "AL": "AL, the output",
    "m": "m, the number of examples",
    "0": "the number 0",
    "1": "the number 1",
    "parameters": "parameters",
    "cache": "cache, of the forward pass",
    "grads": "grads, the gradients",
    "learning_rate": "learning_rate",
    "n_x": "n_x, the size of the input",
    "n_h": "n_h, the size of the hidden layer",
    "n_y": "n_y, the size of the output",
    "layer_dims": "layer_dims, the sizes of all layers",
    "num_iterations": "num_iterations",
}


def _word(name: str) -> str:
    return _WORDS.get(name, name)
