"""A preview of a step as a learner will see it, with questions to try."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.errors import LayerwiseError
from core.files.lesson_draft import Draft
from core.lessons import goal as goals
from core.lessons import questions
from core.lessons.lesson import LessonStep, Question
from core.lessons.questions import Answer
from gui.lessons.options import answering
from gui.lessons.prose import Prose, quoted
from gui.style.theme import BODY
from gui.widgets import labels
from gui.widgets.card import Card
from gui.widgets.rows import in_column
from gui.widgets.scrolled import Scrolled

NOTHING = "A step is shown here as a learner will read it."


class Preview(Card):
    """Shows one step, with live numbers from the window."""

    def __init__(self) -> None:
        super().__init__(self.tr("Preview"))
        inside = QWidget()
        self._title = labels.label("", 15, QFont.Weight.DemiBold, wrap=True)
        self.text, self.explanation = Prose(), Prose()
        self._asked, self._questions = QVBoxLayout(), None
        self._hint = labels.label("", BODY, wrap=True)
        self._after = labels.caption(self.tr("When the goal is reached:"))
        parts = (self._title, self.text, self._asked, self._hint, self._after, self.explanation)
        in_column(*parts, None, on=inside, margins=(0, 0, 4, 0), spacing=8)
        self.body.addWidget(Scrolled(inside))
        self._shown: tuple[Question, ...] | None = None

    def show_step(self, step: LessonStep | None, draft: Draft, facts: Mapping[str, Any]) -> None:
        """Show a step of this draft, or that there is none."""
        step = step or LessonStep("", NOTHING)
        self._title.setText(step.title)
        self.text.show_text(_rendered(step.text, facts), draft.pictures)
        self.explanation.show_text(_rendered(step.explanation, facts), draft.pictures)
        self._hint.setText(step.hint)
        self._hint.setVisible(bool(step.hint))
        self._after.setVisible(bool(step.explanation))
        if step.questions != self._shown:
            self._shown = step.questions
            self._ask(step.questions)

    def _ask(self, asked: tuple[Question, ...]) -> None:
        while (item := self._asked.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for question in asked:
            self._asked.addWidget(_Tried(question))


class _Tried(QWidget):
    """One question; the judgement of an answer is below it."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self._question = question
        words = labels.label(question.text, 14, QFont.Weight.DemiBold, wrap=True)
        asking = answering(question)
        self._reply = labels.caption("", wrap=True)
        in_column(words, asking, self._reply, on=self, margins=0)
        asking.answered.connect(self._judge)
        asking.refused.connect(self._reply.setText)

    def _judge(self, answer: Answer) -> None:
        judged = questions.judge(self._question, answer)
        right = questions.right_answer(self._question)
        said = judged.reply or ("Right." if judged.right else "No reply to this answer.")
        self._reply.setText(
            self.tr("{said} It is: {right}").format(said=said, right=right)
            if right and not judged.right
            else said
        )


def _rendered(text: str, facts: Mapping[str, Any]) -> str:
    """The text with its live numbers; as it was typed while one of them cannot be read."""
    try:
        return goals.render(text, facts, quoted)
    except LayerwiseError:
        return text
