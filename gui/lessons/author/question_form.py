"""The form for a step's questions: kind, text, options with replies, right answers."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from core.data.numbers import typed
from core.errors import LayerwiseError
from core.lessons.lesson import IMPOSSIBLE, Question
from core.lessons.questions import Asked, question
from gui.lessons.author.book import Book
from gui.style.theme import CAPTION
from gui.widgets import labels
from gui.widgets.buttons import button
from gui.widgets.menu_button import MenuButton
from gui.widgets.rows import in_column, in_row

KINDS = {
    "choice": "Choice",
    "number": "Number",
    "shape": "Shape",
    "order": "Order",
    "match": "Match",
    "text": "Free text",
}
HEADS = {
    "choice": ("Right", "Option", "Reply if chosen wrongly"),
    "number": ("", "Wrong number", "Reply to it"),
    "shape": ("", "Rows or columns", "Reply if they are answered"),
    "order": ("Place", "Option, as it is shown", ""),
    "match": ("", "Option", "What belongs to it"),
}
ROWS = 9
HELP = {
    "choice": "Tick each option that is right. With one tick a click answers.",
    "number": "The right number, and how far off an answer may be.",
    "shape": "Rows and columns, as in 4 8, or the word impossible.",
    "order": "Give each option its place: 1 is the first.",
    "match": "Partners are shown in the order of the alphabet.",
    "text": "Nothing is right or wrong; what you write below is shown beside the answer.",
}


class QuestionForm(QWidget):
    """Adds, changes and removes the questions of the current step."""

    def __init__(self, book: Book) -> None:
        super().__init__()
        self._book, self._at = book, 0
        self._shown: tuple[int, tuple[Question, ...]] | None = None
        self.which = MenuButton(self.tr("Question"), {"": "new"}, "")
        self.kind = MenuButton(self.tr("Kind"), KINDS, "choice")
        self.text = QLineEdit()
        self.right, self.within, self.said = QLineEdit(), QLineEdit(), QLineEdit()
        for field, name in (
            (self.text, "Question"), (self.right, "Right answer"), (self.within, "May be off by"),
            (self.said, "Said to a right answer"),
        ):  # fmt: skip
            field.setAccessibleName(name)
            field.setPlaceholderText(name)
        self.table = QTableWidget(ROWS, 3)
        self.table.setAccessibleName(self.tr("Options and replies"))
        self.table.verticalHeader().hide()
        self.table.setTabKeyNavigation(True)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.help, self.fault = (
            labels.caption("", wrap=True),
            labels.label("", CAPTION, tone="warning", wrap=True),
        )
        self.put = button(
            self.tr("Add question"), "primary", tip=self.tr("Put this question into the step")
        )
        self.remove = button(
            self.tr("Remove question"), tip=self.tr("Take this question out of the step")
        )
        self._lay_out()
        self._connect()
        self.show_step()

    def _lay_out(self) -> None:
        in_column(
            in_row(self.which, self.kind, None),
            self.text,
            self.help,
            in_row(self.right, self.within, None),
            (self.table, 1),
            self.said,
            self.fault,
            in_row(self.put, self.remove, None),
            on=self,
            margins=(2, 8, 2, 2),
            spacing=6,
        )
        header = self.table.horizontalHeader()
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.table.setColumnWidth(0, 64)

    def _connect(self) -> None:
        self.which.chosen.connect(self._choose)
        self.kind.chosen.connect(lambda _: self._show_kind())
        self.put.clicked.connect(self._put)
        self.remove.clicked.connect(self._remove)
        self._book.changed.connect(self.show_step)

    # --- display ----------------------------------------------------------------------------

    @property
    def _questions(self) -> tuple[Question, ...]:
        return () if self._book.step is None else self._book.step.questions

    def show_step(self) -> None:
        """Show the questions of the current step; text being typed stays while it fits."""
        found = self._questions
        self.setEnabled(self._book.step is not None)
        names = {str(i): f"{i + 1}  {q.text[:40]}" for i, q in enumerate(found)}
        self.which.set_choices(names | {str(len(found)): "new question"})
        shown = (self._book.at, found)
        if shown != self._shown:
            self._shown = shown
            self._choose(str(len(found)))

    def _choose(self, which: str) -> None:
        self._at = int(which)
        self.which.set_value(which)
        there = self._at < len(self._questions)
        self.put.setText(self.tr("Change question") if there else self.tr("Add question"))
        self.remove.setVisible(there)
        self._fill(self._questions[self._at] if there else None)

    def _fill(self, asked: Question | None) -> None:
        self.kind.set_value("choice" if asked is None else asked.kind)
        self.text.setText("" if asked is None else asked.text)
        self.said.setText("" if asked is None else asked.said)
        self.within.setText(f"{asked.within:g}" if asked is not None and asked.within else "")
        self.right.setText("" if asked is None else _right_of(asked))
        self.table.clearContents()
        self._show_kind()
        for row, cells in enumerate([] if asked is None else _rows_of(asked)):
            for column, cell in enumerate(cells):
                item = self._item(row, column)
                if column == 0 and asked is not None and asked.kind == "choice":
                    on = Qt.CheckState.Checked if cell else Qt.CheckState.Unchecked
                    item.setCheckState(on)
                else:
                    item.setText(cell)

    def _show_kind(self) -> None:
        kind = self.kind.value
        heads = HEADS.get(kind, ("", "", ""))
        self.table.setHorizontalHeaderLabels(list(heads))
        self.table.setVisible(kind in HEADS)
        for column, head in enumerate(heads):
            self.table.setColumnHidden(column, not head)
        self.right.setVisible(kind in ("number", "shape"))
        self.within.setVisible(kind == "number")
        self.help.setText(HELP[kind])
        self.fault.setText("")
        for row in range(ROWS):
            box, *_ = (self._item(row, column) for column in range(3))
            if kind == "choice":
                box.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
                if box.checkState() != Qt.CheckState.Checked:
                    box.setCheckState(Qt.CheckState.Unchecked)
            else:
                box.setData(Qt.ItemDataRole.CheckStateRole, None)
                box.setFlags(box.flags() | Qt.ItemFlag.ItemIsEditable)

    # --- edits ---------------------------------------------------------------------------

    def _put(self) -> None:
        try:
            made = question(self._asked())
        except (LayerwiseError, ValueError) as error:
            self.fault.setText(str(error) if isinstance(error, LayerwiseError) else NO_NUMBER)
            return
        found = list(self._questions)
        found[self._at : self._at + 1] = [made]
        self._book.edit_step("Question", "", questions=tuple(found))

    def _remove(self) -> None:
        found = [q for i, q in enumerate(self._questions) if i != self._at]
        self._book.edit_step("Remove the question", "", questions=tuple(found))

    def _item(self, row: int, column: int) -> QTableWidgetItem:
        item = self.table.item(row, column)
        if item is None:
            item = QTableWidgetItem("")
            self.table.setItem(row, column, item)
        return item

    def _cell(self, row: int, column: int) -> str:
        return self._item(row, column).text().strip()

    def _asked(self) -> Asked:
        kind = self.kind.value
        rows = [row for row in range(ROWS) if self._cell(row, 1)]
        options = [self._cell(row, 1) for row in rows]
        said, text = self.said.text().strip(), self.text.text().strip()
        if kind == "choice":
            checked = Qt.CheckState.Checked
            right = [i for i, row in enumerate(rows, start=1)
                     if self._item(row, 0).checkState() == checked]  # fmt: skip
            replies = {str(i): self._cell(row, 2) for i, row in enumerate(rows, start=1)}
            replies = {i: reply for i, reply in replies.items() if reply}
            return Asked(text, "choice", options, right=list(map(float, right)), replies=replies,
                         said=said)  # fmt: skip
        if kind in ("number", "shape"):
            return self._of_numbers(kind, {self._cell(r, 1): self._cell(r, 2) for r in rows})
        if kind == "order":
            places = sorted((float(_number(self._cell(row, 0))), i) for i, row in enumerate(rows))
            right_order = [float(i + 1) for _, i in places]
            return Asked(text, "order", options, right=right_order, said=said)
        if kind == "match":
            belongs = [self._cell(row, 2) for row in rows]
            partners = sorted(set(belongs))
            pairs = [float(partners.index(partner) + 1) for partner in belongs]
            return Asked(text, "match", options, partners, pairs, said=said)
        return Asked(text, "text", said=said)

    def _of_numbers(self, kind: str, replies: dict[str, str]) -> Asked:
        text, said = self.text.text().strip(), self.said.text().strip()
        right = self.right.text().strip()
        replies = {f"{_number(value):g}": reply for value, reply in replies.items() if reply}
        if kind == "shape":
            shape = right if right == IMPOSSIBLE else [_number(w) for w in _words(right)]
            return Asked(text, "shape", right=shape, replies=replies, said=said)
        within = _number(self.within.text() or "0")
        return Asked(text, "number", right=_number(right), within=within, replies=replies,
                     said=said)  # fmt: skip


NO_NUMBER = "One of the numbers is missing, or cannot be read: write it as 0.05 or 1e-3."


def _number(text: str) -> float:
    return typed(text)


def _words(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _right_of(asked: Question) -> str:
    if asked.kind == "shape" and not asked.right:
        return IMPOSSIBLE
    known = asked.kind in ("number", "shape")
    return " ".join(f"{n:g}" for n in asked.right) if known else ""


def _rows_of(asked: Question) -> list[tuple[str, str, str]]:
    """The rows of the table for a question."""
    replies = {reply.value: reply.text for reply in asked.replies}
    if asked.kind == "choice":
        return [
            ("x" if place in asked.right else "", option, replies.get(place, ""))
            for place, option in enumerate(asked.options, start=1)
        ]
    if asked.kind == "order":
        return [
            (f"{asked.right.index(place) + 1}", option, "")
            for place, option in enumerate(asked.options, start=1)
        ]
    if asked.kind == "match":
        return [
            ("", option, asked.partners[int(place) - 1])
            for option, place in zip(asked.options, asked.right, strict=True)
        ]
    return [("", f"{value:g}", text) for value, text in replies.items()]
