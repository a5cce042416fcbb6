"""The window of a check: stages, the line that differs, both arrays, and what to do next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QSplitter, QWidget

from core.check.run import Checked, Subject, check_file
from core.check.vocabulary import FUNCTIONS
from core.errors import LayerwiseError
from core.progress import Progress
from gui.check.answers import answers_for, names_and_answers, remember
from gui.check.code import Excerpt
from gui.check.naming import NamingDialog, Unnamed
from gui.check.question import QuestionBox
from gui.check.stages import Stages
from gui.dialogs.job import Cancelled, Job
from gui.matrix.model import Marks, Matrix, MatrixAxis
from gui.matrix.view import MatrixView
from gui.style.text import printed
from gui.style.theme import BODY, TITLE, px
from gui.widgets import labels
from gui.widgets.buttons import button
from gui.widgets.card import Card
from gui.widgets.rows import in_column, in_row, put
from gui.widgets.scrolled import Scrolled

SubjectSource = Callable[[], Subject]
LEAST_HEIGHT, ROW, MOST_HEIGHT = 78, 22, 260  # px of a matrix with one row, of another, at most


class CheckWindow(QDialog):
    """Checks a file in a separate process, and shows the result."""

    another_wanted = Signal()

    def __init__(self, question: Callable[[], SubjectSource], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Check my NumPy"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint, True)
        self._question = question
        self._path: Path | None = None
        self._job: Job | None = None
        self.checked: Checked | None = None
        self._make_parts()
        self._lay_out()
        self.resize(1250, 640)

    def _make_parts(self) -> None:
        self.heading = labels.label("", TITLE)
        self.about = labels.caption("", wrap=True)
        self.another = button(self.tr("Open another file…"), "link")
        self.another.clicked.connect(self.another_wanted)
        self.again = button(
            self.tr("Check again"), "primary", tip=self.tr("Read the file again and check it (F5)")
        )
        self.again.setShortcut("F5")
        self.again.clicked.connect(self._again)
        self.stages = Stages()
        self.found = Card(self.tr("First difference"), tone="backward")
        self.excerpt = Excerpt()
        self.theirs, self.ours, self.ratio = MatrixView(), MatrixView(), MatrixView()
        self.ask = QuestionBox()
        self.ask.answered.connect(self._answer)
        self.ask.forgotten.connect(self._forget_answers)
        self.unnamed = Unnamed()
        self.unnamed.asked.connect(self._ask_names)
        self.said = Card(self.tr("What differs"), tone="backward")
        self.sentence = labels.label("", TITLE, wrap=True)
        self.next = labels.label("", BODY, wrap=True)
        self.notes = labels.caption("", wrap=True)
        for text in (self.sentence, self.next, self.notes):
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def _lay_out(self) -> None:
        top = in_row(self.heading, (self.about, 1), self.another)
        arrays = in_row(self.theirs, self.ours, self.ratio)
        self.our_line = labels.caption("")
        self.our_line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        put(self.found.body, self.excerpt, self.our_line, arrays, None)
        words = QWidget()
        in_column(
            self.sentence, self.ask, self.next, self.unnamed, self.notes, None, on=words, margins=0
        )
        self.said.body.addWidget(Scrolled(words), 1)
        self.said.body.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.setChildrenCollapsible(False)
        halves.addWidget(self.found)
        halves.addWidget(self.said)
        halves.setSizes([942, 280])
        in_column(top, self.stages, (halves, 1), on=self, margins=(14, 12, 14, 14))

    # --- checking ---

    def check(self, path: Path) -> None:
        """Check a file, and clear the earlier result."""
        self._end()
        self._path = path
        self.checked = None
        self.heading.setText(printed(path.name, 60))
        self.about.setText(self.tr("is being checked…"))
        self.stages.show_steps([])
        self._show_finding(None)
        question, (named, answers) = self._question(), names_and_answers(answers_for(path))
        cancelled = False

        def stopped() -> bool:
            return cancelled

        def work(progress: Progress) -> Checked:
            nonlocal cancelled
            steps = 0

            def on_step(*_: str) -> None:
                nonlocal steps, cancelled
                steps += 1
                try:
                    progress(0, 0)
                except Cancelled:
                    cancelled = True

            def ask() -> bool:
                on_step()
                return stopped()

            try:
                return check_file(path, question(), named, on_step, ask, answers)
            except LayerwiseError:
                if cancelled:
                    raise Cancelled from None
                raise

        job = Job(self, self.tr("Checking {} …").format(printed(path.name, 60)), work)
        job.made.connect(self._show)
        job.failed.connect(self._show_failure)
        job.ended.connect(self._forget_job)
        self._job = job
        self.again.setEnabled(False)
        job.start()

    def _again(self) -> None:
        if self._path is not None:
            self.check(self._path)

    def _answer(self, about: str, name: str) -> None:
        """Check again with the answer about a parameter, which is remembered for this file."""
        if self._path is not None and self._job is None:
            remember(self._path, {**answers_for(self._path), about: name})
            self.check(self._path)

    def _ask_names(self) -> None:
        """Ask for the course's names of unknown functions, and check again with them."""
        if self._path is None or self._job is not None or self.checked is None:
            return
        path, known = self._path, answers_for(self._path)
        before = {name: course for name, course in known.items() if "." not in name}
        theirs = list(dict.fromkeys([*before, *self.checked.report["unknown"]]))
        course = [*self.checked.report["missing"], *before.values()]
        course += [name for name in FUNCTIONS if name not in course]
        dialog = NamingDialog(self, theirs, course, before)

        def take() -> None:
            kept = {about: name for about, name in known.items() if "." in about}
            remember(path, {**kept, **dialog.names})
            self.check(path)

        dialog.accepted.connect(take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _forget_answers(self) -> None:
        if self._path is not None and self._job is None:
            remember(self._path, {})
            self.check(self._path)

    def _forget_job(self) -> None:
        self._job = None
        self.again.setEnabled(True)
        if self.checked is None and self.about.text() == self.tr("is being checked…"):
            self.about.setText(self.tr("was not fully checked. Press Check again."))

    def _end(self) -> None:
        if self._job is not None:
            self._job.close()
            self._job = None

    # --- results ---

    def _show_failure(self, error: Exception) -> None:
        self.about.setText("")
        self.sentence.setText(str(error))
        if not isinstance(error, LayerwiseError):
            raise error

    def _show(self, checked: Checked) -> None:
        report = self.checked = checked
        data = report.report
        sizes = "-".join(str(n) for n in data["context"].get("sizes", ()))
        m = data["context"].get("m", 0)
        self.about.setText(
            self.tr("checked on a {} network and {} examples").format(sizes, f"{m:,}")
        )
        self.stages.show_steps(data["steps"])
        self.sentence.setText("" if data["question"] else checked.said)
        self.sentence.setVisible(not data["question"])
        self.ask.show_question(data["question"])
        self.ask.show_answers({} if self._path is None else answers_for(self._path))
        self.next.setText("\n".join(f"{i}.  {line}" for i, line in enumerate(data["next"], 1)))
        self.notes.setText("\n".join(data["notes"]))
        self.unnamed.show_names(data["unknown"])
        self._show_finding(None if checked.equal else data)

    def _show_finding(self, data: dict[str, Any] | None) -> None:
        self.found.setVisible(data is not None and bool(data["code"]))
        asks = data is not None and data["question"] is not None
        title = self.tr("What differs") if data else self.tr("Result")
        self.said.set_title(self.tr("A question") if asks else title)
        tone = "backward" if data else "forward"
        for card in (self.found, self.said):
            card.set_tone("" if asks else tone)
        if data is None:
            self.excerpt.show_lines([])
            if self.checked is None:
                self.ask.show_question(None)
                self.ask.show_answers({})
                self.unnamed.show_names([])
                self.sentence.show()
                for label in (self.sentence, self.next, self.notes):
                    label.setText("")
            return
        name = data["name"] or ""
        shown = data["question"]["function"] if asks else name
        self.found.set_title(self.tr("{}, in your file").format(printed(shown, 40)))
        self.excerpt.show_lines(data["code"])
        self.our_line.setText(
            self.tr("Ours: {}").format(data["our_line"]) if data["our_line"] else ""
        )
        self._show_arrays(name, data["theirs"], data["ours"])

    def _show_arrays(self, name: str, theirs: Any, ours: Any) -> None:
        left, right = _table(theirs), _table(ours)
        for view, values, word in (
            (self.theirs, left, self.tr("Your {}")), (self.ours, right, self.tr("Our {}")),
        ):  # fmt: skip
            view.setVisible(values is not None)
            if values is not None:
                view.show_matrix(_matrix(values, word.format(name)))
                view.setFixedHeight(px(min(MOST_HEIGHT, LEAST_HEIGHT + ROW * (len(values) - 1))))
        both = left is not None and right is not None and left.shape == right.shape
        self.ratio.setVisible(both)
        if both and left is not None and right is not None:
            self.ratio.setFixedHeight(self.ours.height())
            with np.errstate(all="ignore"):
                self.ratio.show_matrix(_matrix(left / right, self.tr("Yours ÷ ours")))
            differ = ~np.isclose(left, right, rtol=1e-9, atol=0.0)
            cells = frozenset((int(i), int(j)) for i, j in np.argwhere(differ))
            marks = Marks(tone="backward", cells=cells)
            self.theirs.set_marks(marks)
            self.ours.set_marks(marks)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._end()
        super().closeEvent(event)


def _table(values: Any) -> np.ndarray[Any, Any] | None:
    """A reported array as a table; None if it has no numbers."""
    try:
        array = np.asarray(values, float)
    except (TypeError, ValueError):
        return None
    if values is None or array.ndim > 2 or not array.size:
        return None
    return array.reshape(-1, 1) if array.ndim == 1 else np.atleast_2d(array)


def _matrix(values: np.ndarray[Any, Any], name: str) -> Matrix:
    rows = MatrixAxis("row", lambda i: f"row {i + 1}")
    columns = MatrixAxis("column", lambda j: f"column {j + 1}")
    return Matrix(values, name, "values", rows, columns)
