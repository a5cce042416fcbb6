"""The window of the lesson editor: the list of steps, the current step, and its preview."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QListWidget,
    QSplitter,
    QTabWidget,
)

from core.errors import LayerwiseError
from core.files import lesson_draft, lessons
from core.files.lesson_draft import Draft
from core.files.lessons import SUFFIX, Package
from core.files.storage import Saved
from core.lessons.lesson import LessonStep
from core.lessons.offers import Offer, Stand, offers
from core.lessons.progress import DRAFT
from gui.actions import Shortcut, make_action
from gui.files.open_save import ask_open, ask_save
from gui.lessons.author.book import Book
from gui.lessons.author.fields import line, show_line
from gui.lessons.author.pointing import Pointing
from gui.lessons.author.preview import Preview
from gui.lessons.author.question_form import QuestionForm
from gui.lessons.author.source_form import SourceForm
from gui.lessons.author.step_form import StepForm
from gui.lessons.desk import Desk
from gui.style.theme import CAPTION, px
from gui.widgets import labels
from gui.widgets.buttons import button
from gui.widgets.card import Card
from gui.widgets.rows import in_column, in_row, put
from gui.widgets.scrolled import Scrolled
from gui.widgets.whole_field import WholeField

KINDS = f"Lessons (*{SUFFIX})"
OFTEN_MS = 500  # between two looks at the live numbers
NARROW, PREVIEW, HIGH = 700, 340, 690  # px
ROOMY = 1900  # px of a screen with room for the preview next to the main window


class AuthorWindow(QDialog):
    """Stays open next to the main window. Closing it stores the lesson for the next time."""

    noted = Signal(str)
    try_wanted = Signal(object, int)  # Package, the step to begin with

    def __init__(self, desk: Desk, facts: Callable[[], Mapping[str, Any]], folder: Path) -> None:
        super().__init__(desk.window, Qt.WindowType.Window)
        self.setWindowTitle(self.tr("New lesson"))
        self._desk, self._facts = desk, facts
        self.book = Book(folder, self)
        self.pointing: Pointing | None = None
        self.preview = Preview()
        self._make_head()
        self._make_steps()
        self.form = StepForm(self.book, self.offered)
        self.questions, self.source = QuestionForm(self.book), SourceForm(self.book)
        self._make_foot()
        self._lay_out()
        self._connect()
        self._live = QTimer(self, interval=OFTEN_MS)
        self._live.timeout.connect(self._show_preview)
        self._show()

    def _make_head(self) -> None:
        book = self.book

        def typed(key: str) -> Callable[[str], None]:
            return lambda text: book.edit(
                key.capitalize(), book.draft.with_lesson(**{key: text.strip()}), key
            )

        self.title_field = line(
            self.tr("Title"), self.tr("The title of the lesson"), typed("title")
        )
        self.about = line(
            self.tr("About"), self.tr("What is learned in it, in one sentence"), typed("about")
        )
        self.minutes = WholeField("Minutes", 1, 999)
        self.minutes.setToolTip(self.tr("How many minutes it takes"))
        self.minutes.edited.connect(
            lambda value: book.edit("Minutes", book.draft.with_lesson(minutes=max(1, int(value))))
        )

    def _make_steps(self) -> None:
        self.steps = QListWidget()
        self.steps.setAccessibleName(self.tr("Steps of the lesson"))
        self.add = button(
            self.tr("Add step"),
            "primary",
            tip=self.tr("Add a step that begins as the window is now"),
        )
        self.up = button(self.tr("Up"), tip=self.tr("Move the step up (Alt+Up)"))
        self.down = button(self.tr("Down"), tip=self.tr("Move the step down (Alt+Down)"))
        self.remove = button(
            self.tr("Remove"), tip=self.tr("Take the step out; Ctrl+Z brings it back")
        )

    def _make_foot(self) -> None:
        self.fault = labels.label("", CAPTION, tone="warning", wrap=True)
        self.seen = button(
            self.tr("Preview"), "segment", tip=self.tr("Show the step as a learner will read it")
        )
        self.open_file = button(
            self.tr("Open…"), tip=self.tr("Open a lesson to change it; Ctrl+Z brings yours back")
        )
        self.empty = button(
            self.tr("Start over"), tip=self.tr("Begin an empty lesson; Ctrl+Z brings yours back")
        )
        self.try_ = button(
            self.tr("Try it"), tip=self.tr("Play the lesson in the main window, from this step")
        )
        self.save = button(
            self.tr("Save as .lesson…"),
            "primary",
            tip=self.tr("Save the lesson as one file (Ctrl+S)"),
        )
        self.print = button(
            self.tr("Export hand-out…"), tip=self.tr("A PDF with blanks, and solutions at its end")
        )

    def _lay_out(self) -> None:
        left, form = Card(self.tr("Steps")), Card(self.tr("Step"))
        put(
            left.body, self.add, (self.steps, 1), in_row(self.up, self.down, self.remove, spacing=4)
        )
        self.tabs = QTabWidget()
        for name, page in (
            ("Step", Scrolled(self.form)), ("Questions", self.questions), ("All keys", self.source),
        ):  # fmt: skip
            self.tabs.addTab(page, name)
        form.set_title("")
        form.body.addWidget(self.tabs)
        split = QSplitter(Qt.Orientation.Horizontal)
        for part, least in ((left, 244), (form, 380), (self.preview, 260)):
            split.addWidget(part)
            part.setMinimumWidth(px(least))
        split.setSizes([px(244), px(NARROW - 244), px(PREVIEW)])
        split.setStretchFactor(1, 1)
        head = in_row(
            (self.title_field, 2), (self.about, 4), self.minutes, labels.caption(self.tr("min"))
        )
        foot = in_row(
            *(self.open_file, self.empty), None, *(self.seen, self.try_, self.print, self.save)
        )
        in_column(head, (split, 1), self.fault, foot, on=self)
        roomy = self.screen().availableGeometry().width() >= ROOMY
        self.seen.setChecked(roomy)
        self.preview.setVisible(roomy)
        self.resize(px(NARROW + (PREVIEW if roomy else 0)), px(HIGH))

    def _show_beside(self, on: bool) -> None:
        """Make room for the preview, or return it."""
        self.preview.setVisible(on)
        self.resize(self.width() + (px(PREVIEW) if on else -px(PREVIEW)), self.height())
        self._show_preview()

    def _connect(self) -> None:
        book = self.book
        for pressed, do in (
            (self.add, self.add_step), (self.up, lambda: self._move(-1)),
            (self.down, lambda: self._move(1)), (self.remove, self._remove),
            (self.open_file, self._open), (self.empty, self._start_over), (self.try_, self._try),
            (self.save, self._save), (self.print, self._print),
        ):  # fmt: skip
            pressed.setAutoDefault(False)
            pressed.clicked.connect(lambda _on=False, do=do: self._carry_out(do))
        standard = QKeySequence.StandardKey
        self._add_key("Undo", book.undo_stack.undo, standard.Undo)
        self._add_key("Redo", book.undo_stack.redo, standard.Redo)
        self._add_key("Save", self._save, standard.Save)
        self._add_key("Move up", lambda: self._move(-1), "Alt+Up")
        self._add_key("Move down", lambda: self._move(1), "Alt+Down")
        self.seen.clicked.connect(self._show_beside)
        self.steps.currentRowChanged.connect(lambda row: book.choose(row) if row >= 0 else None)
        self.form.point_wanted.connect(self.point)
        self.form.scene_wanted.connect(lambda on: self._carry_out(lambda: self._take_scene(on)))
        book.changed.connect(self._show)
        book.failed.connect(self.noted)

    def _add_key(self, words: str, do: Callable[[], object], keys: Shortcut) -> None:
        self.addAction(make_action(self, words, lambda: self._carry_out(do), shortcuts=[keys]))

    def _carry_out(self, do: Callable[[], object]) -> None:
        try:
            do()
        except LayerwiseError as error:
            self.fault.setText(str(error))

    # --- display ----------------------------------------------------------------------------

    def _show(self) -> None:
        book, lesson = self.book, self.book.draft.lesson
        for field, said in ((self.title_field, lesson.title), (self.about, lesson.about)):
            if field.text().strip() != said:
                show_line(field, said)
        self.minutes.set_value(lesson.minutes)
        names = [f"{i}  {step.title or '…'}" for i, step in enumerate(lesson.steps, start=1)]
        self.steps.blockSignals(True)
        if names != [self.steps.item(i).text() for i in range(self.steps.count())]:
            self.steps.clear()
            self.steps.addItems(names)
        self.steps.setCurrentRow(book.at if names else -1)
        self.steps.blockSignals(False)
        self.fault.setText(book.fault)
        whole = not book.fault
        for made in (self.try_, self.save, self.print):
            made.setEnabled(whole)
        self.up.setEnabled(book.at > 0)
        self.down.setEnabled(book.at + 1 < len(names))
        self.remove.setEnabled(bool(names))
        self._show_preview()

    def _show_preview(self) -> None:
        if self.preview.isVisible():
            self.preview.show_step(self.book.step, self.book.draft, self._facts())

    # --- the main window's state ----------------------------------------------------------------

    def stand(self) -> tuple[Stand, int]:
        """The state of the main window, and its run."""
        desk, seen = self._desk, self._desk.training.latest
        panels = frozenset(name for name in desk.docks.by_name if desk.sees(name))
        chip = desk.walk.step.chip if desk.walk.step is not None else ""
        example = None if desk.selection.example is None else desk.selection.example + 1
        project = desk.document.project
        if seen is None or not desk.training.is_current(seen):
            return Stand(project, chip=chip, example=example, panels=panels), 0
        test = None if seen.test is None else seen.test.accuracy
        halt = "" if seen.halt is None else seen.halt.kind
        score = seen.train.cost, seen.train.accuracy, test
        stand = Stand(project, seen.iteration, seen.flat, *score, chip, example, halt, panels)
        return stand, seen.run

    def offered(self) -> tuple[Offer, ...]:
        """Goals that are true now and were false when the current step began."""
        (before, run), (now, same) = self.book.stand(), self.stand()
        if same == run:  # a lesson counts iterations from its scene
            now = replace(now, iteration=now.iteration - before.iteration)
        return offers(replace(before, iteration=0), now)

    def _scene(self) -> Saved:
        saved = self._desk.files.gathered(None)
        scene = Saved(saved.project, None, saved.own, saved.start)
        self.book.remember(scene, *self.stand())
        return scene

    def add_step(self) -> None:
        """Add a step after the current one, beginning with the window's present state."""
        book, desk = self.book, self._desk
        at = min(book.at + 1, len(book.draft.lesson.steps))
        panels = tuple(name for name in desk.docks.by_name if desk.sees(name))
        example = desk.selection.example
        step = LessonStep(
            f"Step {len(book.draft.lesson.steps) + 1}", "",
            example=None if example is None else example + 1,
            layout=desk.layouts.current, show=panels, point=("canvas",),
        )  # fmt: skip
        book.edit(self.tr("Add a step"), book.draft.insert(at, step, self._scene()), at=at)
        self.tabs.setCurrentIndex(0)
        self.form.heading.setFocus()
        self.form.heading.selectAll()

    def _take_scene(self, on: bool) -> None:
        book = self.book
        if book.step is not None:
            draft = book.draft.with_scene(book.at, self._scene() if on else None)
            book.edit(self.tr("What it begins with"), draft)

    def point(self) -> None:
        """Pick a part of the main window by clicking it."""
        self.hide()
        self._desk.window.activateWindow()
        self.pointing = Pointing(self._desk.window, self._desk.parts)
        self.pointing.picked.connect(self._on_picked)

    def _on_picked(self, key: str) -> None:
        self.pointing = None
        step = self.book.step
        if key and step is not None:
            kept = () if step.point == ("canvas",) else step.point
            if key not in kept:
                self.book.edit_step("Points at", "", point=(*kept, key))
        self.show()
        self.activateWindow()

    # --- steps and files --------------------------------------------------------------------------

    def _move(self, by: int) -> None:
        book, at = self.book, self.book.at
        steps = book.draft.lesson.steps
        if 0 <= at + by < len(steps):
            moved = book.draft.without(at).insert(at + by, steps[at], book.draft.scenes[at])
            book.edit(self.tr("Move the step"), moved, at=at + by)

    def _remove(self) -> None:
        if self.book.step is not None:
            self.book.edit(self.tr("Remove the step"), self.book.draft.without(self.book.at))

    def _package(self) -> Package:
        self.book.keep()
        return lesson_draft.package_of(self.book.draft, DRAFT)

    def _try(self) -> None:
        self.try_wanted.emit(self._package(), self.book.at)

    def _open(self) -> None:
        path = ask_open(self, self.tr("Open a lesson to change it"), f"{KINDS[:-1]} lesson.md)")
        if path is not None:
            self._replace(lesson_draft.of_package(lessons.find(str(path))), "Open a lesson")

    def _start_over(self) -> None:
        self._replace(lesson_draft.empty(), "Start over")

    def _replace(self, draft: Draft, words: str) -> None:
        self.book.edit(words, draft, at=0)

    def _suggested(self, suffix: str) -> str:
        plain = "".join(c if c.isalnum() else "-" for c in self.book.draft.lesson.title.lower())
        return "-".join(filter(None, plain.split("-")))[:40] + suffix

    def _save(self) -> None:
        package = self._package()
        path = ask_save(self, self.tr("Save the lesson"), KINDS, self._suggested(SUFFIX))
        if path is not None:
            lesson_draft.save(path, self.book.draft)
            count = len(package.lesson.steps)
            steps = "1 step" if count == 1 else f"{count} steps"
            self.noted.emit(
                self.tr("Saved the lesson, {steps}. Learn ▸ Open a lesson… plays it.").format(
                    steps=steps
                )
            )

    def _print(self) -> None:
        from gui.lessons.handout import save_handout

        if said := save_handout(self, self._package(), self._suggested(".pdf")):
            self.noted.emit(said)

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._live.start()
        self._show_preview()

    def hideEvent(self, event: Any) -> None:
        super().hideEvent(event)
        self._live.stop()
        self.book.keep()
