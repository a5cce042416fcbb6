"""The lesson panel: text, questions, results, and the button to continue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QFont, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from core.lessons.lesson import Lesson, Question
from gui.lessons.options import Answering, answering
from gui.lessons.prose import Prose
from gui.parts import Named
from gui.style.theme import BODY, CAPTION, px, pxf, theme
from gui.widgets import labels
from gui.widgets.buttons import button
from gui.widgets.painting import rounded, smooth
from gui.widgets.rows import in_column, in_row
from gui.widgets.scrolled import Scrolled

KEPT = "Your answer is kept and shown beside what comes out."
ASIDE = "Your own project is set aside."
BEFORE = "Before you start"


@dataclass(frozen=True, slots=True)
class Said:
    """A given answer, as it is displayed."""

    question: str
    answer: str
    reply: str
    came_out: str  # empty until it is known


class StepDots(QWidget):
    """One dot per step: completed, current, and coming ones."""

    def __init__(self) -> None:
        super().__init__()
        self._at, self._done, self._count = 0, frozenset[int](), 1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_steps(self, at: int, done: frozenset[int], count: int) -> None:
        self._at, self._done, self._count = at, done, count
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(13 * self._count + 12), px(16))

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette, x, middle = theme().palette, 0.0, self.height() / 2
        with smooth(self) as painter:
            for step in range(self._count):
                wide = pxf(20 if step == self._at else 7)
                full = step == self._at or step in self._done
                box = QRectF(QPointF(x, middle - pxf(3.5)), QPointF(x + wide, middle + pxf(3.5)))
                rounded(painter, box, pxf(3.5), palette.accent if full else palette.border)
                x += wide + pxf(6)


class Task(QFrame):
    """The task, and whether it is done."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.state = labels.label("", BODY, wrap=True), labels.caption("", wrap=True)
        in_column(self.words, self.state, on=self, margins=(12, 10, 12, 10))

    def show_task(self, words: str, *, reached: bool) -> None:
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.state.setText(self.tr("✓ Done.") if reached else self.tr("Not yet."))
        labels.set_tone(self.state, "good" if reached else "muted")

    def paintEvent(self, _event: QPaintEvent) -> None:
        with smooth(self) as painter:
            rounded(painter, QRectF(self.rect()), 8, theme().palette.raised)


class LessonPanel(QWidget):
    """Shows the guide's content and emits the user's actions."""

    answered = Signal(object)  # Answer
    refused = Signal(str)
    skip_wanted = Signal()
    next_wanted = Signal()
    back_wanted = Signal()
    leave_wanted = Signal()
    reset_wanted = Signal()
    show_wanted = Signal()
    keep_wanted = Signal()
    restore_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.asking: Answering | None = None
        self.setAccessibleName(self.tr("Lesson"))
        self._make_head()
        self._make_body()
        self._make_foot()
        whole = in_column(self._head, on=self, margins=(14, 4, 14, 10), spacing=8)
        self._scrolled = Scrolled(self._inside)
        whole.addWidget(self._scrolled, 1)
        whole.addLayout(self._foot)

    def lend_header(self) -> QWidget:
        """The first line, which moves to the title bar of the dock."""
        return self._line

    def named_parts(self) -> Mapping[str, Named]:
        """Its buttons, for the registry of parts."""
        return {
            "next": Named(self.next, self.tr("Next step of the lesson")),
            "back": Named(self.back, self.tr("Step back in the lesson")),
            "skip": Named(self.skip, self.tr("Skip")),
            "show_me": Named(self.show_me, self.tr("Show me")),
            "reset": Named(self.reset, self.tr("Reset the scene")),
            "keep": Named(self.keep, self.tr("Keep this scene as a project")),
            "leave": Named(self.leave, self.tr("Leave the lesson")),
        }

    def _make_head(self) -> None:
        self._line = QWidget()
        self._place, self._minutes = labels.caption(""), labels.caption("")
        in_row(self._place, None, self._minutes, on=self._line, margins=0)
        self._title = labels.label("", 19, QFont.Weight.DemiBold, wrap=True)
        self._dots, self._count = StepDots(), labels.caption("")
        steps = in_row((self._dots, 1), self._count)
        self._head = in_column(self._title, steps, _Rule(), spacing=6)

    def _make_body(self) -> None:
        self._inside = QWidget()
        self._step_title = labels.label("", 15, QFont.Weight.DemiBold, wrap=True)
        self.text, self.explanation = Prose(), Prose()
        self._before = labels.label(BEFORE, CAPTION, QFont.Weight.DemiBold, "muted")
        self._question = labels.label("", 14, QFont.Weight.DemiBold, wrap=True)
        self._ask = QVBoxLayout()
        self._note = labels.caption(KEPT, wrap=True)
        self._said = QVBoxLayout()
        self._said.setSpacing(8)
        self.task = Task()
        self.stray = labels.label("", BODY, tone="warning", wrap=True)
        self.restore = button(
            self.tr("Restore"), "link", tip=self.tr("Bring back the settings of this step")
        )
        self.restore.clicked.connect(self.restore_wanted)
        self._body = in_column(
            self._step_title,
            self.text,
            self._before,
            self._question,
            self._ask,
            self._note,
            self._said,
            self.task,
            self.stray,
            (self.restore, 0, Qt.AlignmentFlag.AlignLeft),
            self.explanation,
            None,
            on=self._inside,
            margins=(0, 2, 2, 2),
            spacing=10,
        )

    def _make_foot(self) -> None:
        self.show_me = button(
            self.tr("Show me"), "link", tip=self.tr("Carry this step out, slowly")
        )
        self.reset = button(
            self.tr("Reset the scene"), "link", tip=self.tr("Back to where this step began")
        )
        self.keep = button(
            self.tr("Keep…"), "link", tip=self.tr("Save this scene as a project of your own")
        )
        self.back = button(self.tr("Back"), "pill", tip=self.tr("The step before (Page Up)"))
        self.skip = button(self.tr("Skip"), "pill", tip=self.tr("Skip this step"))
        self.next = button(self.tr("Next"), "primary", tip=self.tr("The next step (Page Down)"))
        self.leave = button(
            self.tr("Leave"), "link", tip=self.tr("Go back to your own project (Ctrl+Esc)")
        )
        self._foot = in_column(
            in_row(self.show_me, self.reset, None, self.keep),
            in_row(self.back, self.skip, None, self.next),
            _Rule(),
            in_row(labels.caption(ASIDE), None, self.leave),
            spacing=8,
        )
        for pressed, signal in (
            (self.show_me, self.show_wanted),
            (self.reset, self.reset_wanted),
            (self.keep, self.keep_wanted),
            (self.back, self.back_wanted),
            (self.skip, self.skip_wanted),
            (self.next, self.next_wanted),
            (self.leave, self.leave_wanted),
        ):
            pressed.clicked.connect(signal)

    # --- display ----------------------------------------------------------------------------

    def show_lesson(self, lesson: Lesson, place: str, pictures: Mapping[str, bytes]) -> None:
        """The head of a lesson; `place` says which of how many it is."""
        self._place.setText(place)
        self._minutes.setText(self.tr("{minutes} min").format(minutes=lesson.minutes))
        self._title.setText(lesson.title)
        self._pictures = pictures

    def show_step(self, at: int, done: frozenset[int], count: int, title: str) -> None:
        """The head of a step."""
        self._dots.show_steps(at, done, count)
        self._count.setText(self.tr("Step {at} of {count}").format(at=at + 1, count=count))
        self._step_title.setText(title)
        self.back.setEnabled(at > 0)
        self.next.setText(self.tr("Next") if at + 1 < count else self.tr("Finish"))

    def show_text(self, text: str) -> None:
        self.text.show_text(text, self._pictures)

    def show_explanation(self, text: str) -> None:
        self.explanation.show_text(text, self._pictures)
        if self.explanation.isHidden() == bool(text):
            self.explanation.setVisible(bool(text))
            if text:  # after the layout
                QTimer.singleShot(0, self, self._show_end)

    def _show_end(self) -> None:
        """Scroll to the result, but keep its beginning visible."""
        self._scrolled.ensureWidgetVisible(self.explanation, 0, px(8))

    def ask(self, question: Question | None) -> None:
        """Ask this, or nothing."""
        if self.asking is not None:
            self._ask.removeWidget(self.asking)
            self.asking.hide()
            self.asking.deleteLater()
            self.asking = None
        for label in (self._before, self._question, self._note):
            label.setVisible(question is not None)
        if question is not None:
            self._question.setText(question.text)
            self.asking = answering(question)
            self.asking.answered.connect(self.answered)
            self.asking.refused.connect(self.refused)
            self._ask.addWidget(self.asking)
            self.asking.show()  # now and not with the layout: it takes the keyboard at once
            labels.set_tone(self._note, "muted")
            self._note.setText(KEPT)

    def complain(self, sentence: str) -> None:
        """Say why an answer is invalid."""
        labels.set_tone(self._note, "warning")
        self._note.setText(sentence)
        QAccessible.updateAccessibility(QAccessibleEvent(self._note, QAccessible.Event.Alert))

    def show_answers(self, answers: list[Said]) -> None:
        """The answers so far in this step."""
        while (item := self._said.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for said in answers:
            self._said.addWidget(_Answer(said))

    def show_task(self, words: str, *, shown: bool, reached: bool) -> None:
        self.task.setVisible(shown)
        self.task.show_task(words, reached=reached)

    def show_stray(self, sentence: str) -> None:
        """Say what differs from the step's needs; empty for nothing."""
        for widget in (self.stray, self.restore):
            widget.setVisible(bool(sentence))
        self.stray.setText(sentence)

    def allow(self, *, next_: bool, show_me: bool) -> None:
        self.next.setEnabled(next_)
        self.skip.setVisible(not next_)
        self.show_me.setVisible(show_me)

    def announce(self, words: str) -> None:
        """Let a screen reader say this."""
        self.setAccessibleDescription(words)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._dots.update()


class _Answer(QWidget):
    """One answer next to its result."""

    def __init__(self, said: Said) -> None:
        super().__init__()
        lines = [
            (said.question, "muted", CAPTION),
            (self.tr("You said: {answer}").format(answer=said.answer), "", BODY),
            (said.reply, "", BODY),
            (self.tr("It is: {right}").format(right=said.came_out), "good", BODY),
        ]
        shown = lines if said.came_out else lines[:-1]
        made = (
            labels.label(text, size, tone=tone, wrap=True) for text, tone, size in shown if text
        )
        in_column(*made, on=self, margins=0, spacing=3)


class _Rule(QWidget):
    """A hairline."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(1)
        theme().changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with smooth(self) as painter:
            painter.fillRect(self.rect(), theme().palette.border)
