"""The form for one step: texts, scene, highlighted parts and goal."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from core.files.storage import Saved
from core.lessons.offers import Offer
from gui.lessons.author.book import Book
from gui.lessons.author.fields import Text, keys_of, line, show_line
from gui.style.text import in_menu
from gui.style.theme import CAPTION
from gui.widgets import labels
from gui.widgets.buttons import button

NO_SCENE = "It continues where the previous step ended."
NO_OFFERS = "Nothing has changed since this step began: do what the learner is to do, then choose"


class StepForm(QWidget):
    """Edits the current step of a book; `offered` makes the suggested goals."""

    point_wanted = Signal()
    scene_wanted = Signal(bool)  # the state of the window, or none

    def __init__(self, book: Book, offered: Callable[[], tuple[Offer, ...]]) -> None:
        super().__init__()
        self._book, self._offered = book, offered
        edit = book.edit_step
        self.heading = line(
            self.tr("Heading"),
            self.tr("The heading of the step"),
            lambda text: edit("Heading", "heading", title=text.strip()),
        )
        self.text = Text(
            self.tr("Text"),
            self.tr("Markdown; {{accuracy:.1%}} is a live number"),
            96,
            lambda text: edit("Text", "text", text=text.strip("\n")),
        )
        self.scene = labels.caption("", wrap=True)
        self.take = button(
            self.tr("Take the window now"),
            "link",
            tip=self.tr("Let the step begin with what the window shows now"),
        )
        self.go_on = button(
            self.tr("Continue the previous step"),
            "link",
            tip=self.tr("Let the step begin where the previous one ended"),
        )
        self.point = line(
            self.tr("Points at"),
            self.tr("Keys of the parts that are lit, apart by spaces"),
            lambda text: edit(self.tr("Points at"), "point", point=keys_of(text)),
        )
        self.pick = button(
            self.tr("Point at…"), "pill", tip=self.tr("Pick a part of the window by clicking it")
        )
        self.lock = QCheckBox(self.tr("Only what it points at may be used"))
        self._make_goal()
        self._lay_out()
        self._connect()
        self.show_step()

    def _make_goal(self) -> None:
        edit = self._book.edit_step
        self.goal = line(
            self.tr("Goal"),
            self.tr("When the step is done, as an expression: accuracy > 0.9"),
            lambda text: edit("Goal", "goal", goal=text.strip()),
        )
        self.offers = button(
            self.tr("From what changed…"),
            "pill",
            tip=self.tr("Choose a goal from what you have done in the window"),
        )
        self.hint = line(
            self.tr("What to do"),
            self.tr("What there is to do, in one or two sentences"),
            lambda text: edit(self.tr("What to do"), "hint", hint=text),
        )
        self.explanation = Text(
            self.tr("Explanation"),
            self.tr("Shown when the goal is reached; Markdown"),
            72,
            lambda text: edit("Explanation", "after", explanation=text.strip("\n")),
        )

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(2, 8, 2, 2)
        whole.setSpacing(4)
        rows: tuple[tuple[str, tuple[QWidget, ...]], ...] = (
            ("Heading", (self.heading,)),
            ("Text", (self.text,)),
            ("Begins with", (self.scene,)),
            ("", (self.take, self.go_on)),
            ("Points at", (self.point, self.pick)),
            ("", (self.lock,)),
            ("Goal", (self.goal, self.offers)),
            ("What to do", (self.hint,)),
            ("Explanation, once it is done", (self.explanation,)),
        )
        for name, widgets in rows:
            if name:
                whole.addWidget(labels.label(name, CAPTION, tone="muted"))
            row = QHBoxLayout()
            if isinstance(widgets[0], Text):
                widgets[0].setMaximumHeight(widgets[0].minimumHeight())
            for place, widget in enumerate(widgets):
                row.addWidget(widget, int(place == 0 and not isinstance(widget, QPushButton)))
            if isinstance(widgets[0], QPushButton):
                row.addStretch(1)
            whole.addLayout(row)

    def _connect(self) -> None:
        self.take.clicked.connect(lambda: self.scene_wanted.emit(True))
        self.go_on.clicked.connect(lambda: self.scene_wanted.emit(False))
        self.pick.clicked.connect(self.point_wanted)
        self.lock.clicked.connect(self._lock)
        self.offers.clicked.connect(self._offer)
        self._book.changed.connect(self.show_step)

    def _lock(self, on: bool) -> None:
        self._book.edit_step("Lock the rest", "lock", allow=() if on else None)

    def _offer(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for offer in self._offered():
            action = menu.addAction(in_menu(offer.words))
            action.setToolTip(offer.goal)
            action.triggered.connect(partial(self._take_offer, offer))
        if menu.isEmpty():
            menu.addAction(NO_OFFERS).setEnabled(False)
        menu.popup(self.offers.mapToGlobal(self.offers.rect().bottomLeft()))

    def _take_offer(self, offer: Offer, _on: bool = False) -> None:
        step = self._book.step
        if step is not None:
            goal = f"{step.goal} and {offer.goal}" if step.goal else offer.goal
            self._book.edit_step("Goal", "", goal=goal)

    def show_step(self) -> None:
        """Show the current step."""
        step, scene = self._book.step, self._book.scene
        self.setEnabled(step is not None)
        if step is None:
            for field in (self.heading, self.point, self.goal, self.hint):
                field.clear()
            for text in (self.text, self.explanation):
                text.show_text("")
            self.scene.setText("")
            return
        for field, said in (
            (self.heading, step.title), (self.goal, step.goal), (self.hint, step.hint),
        ):  # fmt: skip
            if field.text().strip() != said.strip():
                show_line(field, said)
        if keys_of(self.point.text()) != step.point:
            show_line(self.point, " ".join(step.point))
        for edit, written in ((self.text, step.text), (self.explanation, step.explanation)):
            if edit.toPlainText().strip("\n") != written:
                edit.show_text(written)
        self.lock.setChecked(step.allow is not None)
        self.scene.setText(NO_SCENE if scene is None else _said(scene))
        self.go_on.setVisible(scene is not None and self._book.at > 0)


def _said(scene: Saved) -> str:
    project = scene.project
    sizes = "-".join(map(str, project.sizes()))
    begin = "weights as they were" if scene.start is not None else "weights as drawn"
    return f"{project.data.source.replace('_', ' ').capitalize()}, network {sizes}, {begin}"
