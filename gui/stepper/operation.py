"""The current operation: its equation, shapes, matrices and code, in three views."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QFont, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QHBoxLayout,
    QSizePolicy,
    QStackedLayout,
    QWidget,
)

from core.errors import LayerwiseError
from core.walk.entry import Entry
from core.walk.record import Record
from core.walk.script import script_of
from core.walk.steps import Line, Step
from gui.model.selection import Selection
from gui.model.walk import Walk
from gui.stepper.chips import Chip, ChipRow
from gui.stepper.code_view import CodeLine, CodeView
from gui.stepper.equation_view import EquationView, Typesetter
from gui.stepper.matrix_row import MatrixRow
from gui.stepper.scalar_view import ScalarView
from gui.stepper.scalars import count_of, heading_of, scalars_of
from gui.stepper.shapes import ShapesLine
from gui.stepper.terms import (
    cell_of,
    column_of_example,
    entry_at,
    line_showing,
    note_of,
    seen_examples,
    shapes_of,
    terms_of,
    typeset,
)
from gui.style.theme import BODY, CAPTION, px, theme
from gui.widgets import labels
from gui.widgets.buttons import button
from gui.widgets.card import RADIUS
from gui.widgets.elided import Elided
from gui.widgets.painting import rounded, smooth
from gui.widgets.rows import in_column, in_row

VIEWS = {
    "matrix": "Every number of this operation; click one to see how it was computed",
    "one example": "The same for one example, with its numbers written out",
    "code": "The same in NumPy, line by line, to copy",
}
MATRIX, ONE_EXAMPLE, CODE = range(3)
_LOW, _HIGH = 206, 272  # px: below, one line of words; from here on, the equation has its own
_NARROW, _TWO_LINES = 700, 240  # px: less wide, and so high, the title leaves no room beside it
_WITHOUT_NOTE = ("low", "narrow")
_LEAST_CODE = 130  # px
_SMALL, _LARGE = 15, 21  # px: the equation's letters
TONES = {"forward": "forward", "backward": "backward"}


class OperationCard(QWidget):
    """Shows the walk's current step; a click on a number opens it in the walk."""

    export_requested = Signal(object, str)  # an array and its name
    noted = Signal(str)  # a sentence for the user
    lab_wanted = Signal(str, int)  # the array and the layer of an equation, for its shapes

    def __init__(self, walk: Walk, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._walk, self._selection = walk, selection
        self._kind = ""
        self._line_index = 0
        self._steps: tuple[Step, ...] = ()  # that the code is written of
        self._digits = 4
        self._says_shapes = True
        self._tone = ""
        self._make_parts()
        self._lay_out()
        self._connect()

    def _make_parts(self) -> None:
        self.title = labels.label("", BODY + 1, QFont.Weight.DemiBold)
        self.equation = EquationView(_SMALL)
        self.shapes = ShapesLine()
        self.lines = ChipRow()
        self.code_line = CodeLine()
        self.note = Elided(size=CAPTION)
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.matrices = MatrixRow()
        self.scalars = ScalarView()
        self.code = CodeView()
        self.copy_all_button = button(
            self.tr("Copy as a script"),
            "link",
            "copy",
            self.tr("Copy the whole iteration with its numbers: it needs only NumPy"),
        )
        self.copy_all_button.clicked.connect(self.copy_script)
        self._typesetter = Typesetter(self)
        self.segments = QButtonGroup(self)
        for index, (name, tip) in enumerate(VIEWS.items()):
            made = button(name, "segment", tip=tip)
            made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            self.segments.addButton(made, index)
        self.segments.button(MATRIX).setChecked(True)
        # Some heights have no room for all: a widget without a parent would become a window.
        for part in (self.equation, self.shapes, self.lines, self.code_line, self.note):
            part.setParent(self)

    def _lay_out(self) -> None:
        self._second, self._footer, self._words = (in_row(spacing=16) for _ in range(3))
        self._views = in_row(self.copy_all_button, *self.segments.buttons(), spacing=4)
        self._header = in_row(self.title, self._words, None, self._views, spacing=16)
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        for page in (self.matrices, self.scalars, self.code):
            self._pages.addWidget(page)
        self._whole = in_column(
            self._header, self._second, (pages, 1), self._footer, on=self, spacing=3
        )
        self._place_words("low")

    def _connect(self) -> None:
        walk = self._walk
        walk.recorded.connect(self._on_recorded)
        walk.moved.connect(self._on_moved)
        walk.opened.connect(self._on_opened)
        self._selection.example_changed.connect(self._on_example)
        self.lines.chosen.connect(self.show_line)
        self.equation.clicked.connect(self.open_lab)
        self.matrices.cell_activated.connect(self._on_cell)
        self.matrices.export_requested.connect(self.export_requested)
        self.matrices.arranged.connect(self._write_note)
        self.scalars.entry_activated.connect(walk.open_number)
        self.code.chosen.connect(walk.go)
        self.segments.idToggled.connect(lambda index, on: self._show_view(index) if on else None)
        theme().changed.connect(self._prepare)
        self._show_view(MATRIX)

    # --- content ---

    @property
    def line(self) -> Line | None:
        """The equation shown, of the one or more that the step has."""
        step = self._walk.step
        return step.lines[self._line_index] if step is not None else None

    def show_line(self, index: int) -> None:
        """Show another equation of the step, as the update has one for each array."""
        self._line_index = index
        self.lines.set_current(index)
        self._show()

    def open_lab(self) -> None:
        """Show the shapes of the equation in a lab."""
        if self.line is not None:
            target = self.line.result.target.removesuffix("_after")
            self.lab_wanted.emit(target, self.line.result.layer)

    def set_view(self, index: int) -> None:
        """Switch to MATRIX, ONE_EXAMPLE or CODE."""
        self.segments.button(index).setChecked(True)

    @property
    def view(self) -> int:
        """MATRIX, ONE_EXAMPLE or CODE."""
        return self._pages.currentIndex()

    def hide_shapes(self, hidden: bool) -> None:
        """Write question marks for all shapes, or the shapes again."""
        if hidden == self._says_shapes:
            self._says_shapes = not hidden
            self._show()

    @property
    def digits(self) -> int:
        """How many meaningful digits numbers are written with, about."""
        return self._digits

    @property
    def typesetting(self) -> bool:
        """Whether formulas of the record are still being typeset."""
        return self._typesetter.busy

    def set_digits(self, digits: int) -> None:
        """Write numbers with about this many meaningful digits."""
        self._digits = digits
        self.matrices.set_digits(digits)
        self._show_scalars()

    def _on_recorded(self, record: Record | None) -> None:
        if record is None:
            self._steps = ()
        elif self._walk.steps != self._steps:
            self._steps = self._walk.steps
            self.matrices.show_example(self._column())  # may be chosen before there is a record
            self.code.show_steps(self._steps)
            self._prepare()

    def _prepare(self) -> None:
        formulas = [typeset(line) for step in self._walk.steps for line in step.lines]
        size = _LARGE if self.height() >= _HIGH else _SMALL
        self._typesetter.prepare(formulas, size, "text", self.devicePixelRatioF())

    def _on_moved(self, step: Step) -> None:
        self._line_index = 0
        if self._walk.entry is not None:
            self._line_index = line_showing(step, self._walk.entry) or 0
        self._set_tone(TONES.get(step.phase, ""))
        self.title.setText(step.title)
        self.setAccessibleName(step.title)
        if len(step.lines) > 1:
            self.lines.show_chips([_chip(line, self._tone) for line in step.lines])
            self.lines.set_current(self._line_index)
        self._show()

    def _show(self) -> None:
        record, step, line = self._walk.record, self._walk.step, self.line
        if record is None or step is None or line is None:
            return
        self.equation.show_equation(typeset(line), line.text)
        tip = self.tr("{}\nClick it, or press L, to see its shapes in a lab.")
        self.equation.setToolTip(tip.format(line.text))
        self.shapes.show_shapes(shapes_of(line, shapes=self._says_shapes))
        self.code_line.show_code(line.code or step.code)
        terms = terms_of(record, line, shapes=self._says_shapes)
        self.matrices.show_terms(terms, self._tone or "accent")
        self.code.set_current(self._walk.index, self._tone)
        self._show_scalars()
        self._mark_opened()
        self._write_note()
        self._fit_words()

    def _column(self) -> int:
        """The column of the selected example, or the first."""
        record = self._walk.record
        column = None
        if record is not None:
            column = column_of_example(record, self._selection.example)
        return column or 0

    def _show_scalars(self) -> None:
        record, line, digits = self._walk.record, self.line, self._digits
        if record is None or line is None or self.view != ONE_EXAMPLE:
            return
        column = self._column()
        self.scalars.show_lines(
            heading_of(record, line, column),
            count_of(record, line),
            lambda index: scalars_of(record, line, column, index, digits),
            self._tone,
        )

    def _write_note(self) -> None:
        record, line = self._walk.record, self.line
        if record is None or line is None:
            return
        seen = [
            (view.matrix, view.grid.rows_shown, view.grid.columns_shown)
            for view in self.matrices.views
            if view.matrix is not None
        ]
        note = note_of(record, line, seen_examples(seen)) if self._says_shapes else ""
        self.note.show_words(note)

    def copy_script(self) -> None:
        """Copy the iteration to the clipboard as a complete script."""
        if self._walk.record is None:
            return
        try:
            script = script_of(self._walk.record)
        except LayerwiseError as error:
            self.noted.emit(str(error))
            return
        QApplication.clipboard().setText(script)
        self.noted.emit(
            self.tr("Copied a script that needs only NumPy: paste it into a notebook or a file.")
        )

    def _show_view(self, index: int) -> None:
        self._pages.setCurrentIndex(index)
        self.copy_all_button.setVisible(index == CODE)
        self.note.setVisible(index == MATRIX and self._kind not in _WITHOUT_NOTE)
        self.code.set_current(self._walk.index, self._tone)
        self._show_scalars()

    # --- opened numbers and examples ---

    def _on_cell(self, term: int, row: int, column: int) -> None:
        if self.line is not None:
            self._walk.open_number(entry_at(self.line, term, row, column))

    def _on_opened(self, entry: Entry | None) -> None:
        step = self._walk.step
        if entry is not None and step is not None:
            line = line_showing(step, entry)
            here = None if self.line is None else cell_of(self.line, entry)
            if line is not None and here is None:
                self.show_line(line)
        self._mark_opened()

    def _mark_opened(self) -> None:
        entry, line = self._walk.entry, self.line
        found = None if entry is None or line is None else cell_of(line, entry)
        if found is None:
            self.matrices.set_opened(None)
        else:
            self.matrices.set_opened(*found)

    def _on_example(self, example: int | None) -> None:
        if example is not None:
            self.matrices.show_example(self._column())
        self._show_scalars()

    # --- looks ---

    def _set_tone(self, tone: str) -> None:
        if tone == self._tone:
            return
        self._tone = tone
        labels.set_tone(self.title, tone)
        for segment in self.segments.buttons():
            segment.setProperty("tone", tone)
            segment.style().unpolish(segment)
            segment.style().polish(segment)
        self.update()

    def _place_words(self, kind: str) -> None:
        """Arrange equation, shapes, code and note for the size ("low", "middle",
        "narrow", "high").
        """
        low, high = kind == "low", kind == "high"
        below = kind in ("high", "narrow")
        self.equation.set_size(_LARGE if high else _SMALL)
        self._whole.setContentsMargins(12, 5 if low else 9, 12, 3 if low else 8)
        equations = self._second if below else self._words
        _clear(self._words, self._second, self._footer)
        equations.addWidget(self.equation)
        equations.addWidget(self.lines)
        if not low:
            equations.addWidget(self.shapes)
        if below:
            equations.addStretch(1)
        (self._words if low else self._footer).addWidget(self.code_line)
        self.note.setVisible(kind not in _WITHOUT_NOTE and self.view == MATRIX)
        if not low:
            self._footer.addWidget(self.note, 100)  # what the code leaves
            self._footer.addStretch(1)
        self._kind = kind
        self._fit_words()

    def _fit_words(self) -> None:
        """If a line has no room for all its words, leave out shapes, code, then the equation."""
        gap, margins = self._header.spacing(), self._whole.contentsMargins()
        room = self.width() - margins.left() - margins.right() - gap
        if self._kind in ("low", "middle"):
            taken = self.title.sizeHint().width() + self._views.sizeHint().width()
            room -= taken + gap
        several = self._walk.step is not None and len(self._walk.step.lines) > 1
        if several:
            wide = max(min(self.lines.sizeHint().width(), room // 2), 0)
            self.lines.setFixedWidth(wide)
            room -= wide + gap
        self.lines.setVisible(several)
        equation = self.equation.sizeHint().width()
        fits = equation <= room or self._kind != "low"
        self.equation.setFixedWidth(min(equation, max(room, 1)))
        self.equation.setVisible(fits)
        room -= equation + gap if fits else 0
        self.shapes.setVisible(self._kind != "low" and self.shapes.sizeHint().width() <= room)
        self.code_line.setVisible(self._kind != "low" or room >= _LEAST_CODE)

    # --- Qt ---

    def minimumSizeHint(self) -> QSize:
        return QSize(420, px(108))  # for every step, so that nothing around it moves

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        high = self.height()
        kind = "low" if high < _LOW else "middle" if high < _HIGH else "high"
        if kind == "middle" and high >= _TWO_LINES and self.width() < px(_NARROW):
            kind = "narrow"
        if kind != self._kind:
            self._place_words(kind)
            self._prepare()
        self._fit_words()

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = theme().palette
        with smooth(self) as painter:
            border = getattr(palette, self._tone) if self._tone else palette.border
            rounded(painter, QRectF(self.rect()), RADIUS, palette.surface, border)


def _chip(line: Line, tone: str) -> Chip:
    return Chip(line.result.symbol.removeprefix("new "), line.text, "lines", tone)


def _clear(*lines: QHBoxLayout) -> None:
    for line in lines:
        while line.count():
            line.takeAt(0)
