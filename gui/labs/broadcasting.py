"""The broadcasting lab: the numbers that NumPy copies, and the silent effects of rank 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QSizePolicy, QWidget

from core.errors import LayerwiseError
from core.labs import shapes
from core.labs.broadcasting import SIGNS, Broadcast, broadcast
from core.labs.shapes import NAMES, NamedShape, Shape, ShapeQuestion
from gui.labs.base import Lab
from gui.labs.broadcast_plot import BroadcastPlot, TableCell
from gui.labs.pages import Pages
from gui.labs.paragraph import paragraph
from gui.labs.rank_one import RankOne
from gui.labs.shape_field import ShapeField
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.parts import Named
from gui.style import text
from gui.style.theme import BODY, dress, mono_font, sized
from gui.widgets.captioned import Captioned
from gui.widgets.card import Card
from gui.widgets.menu_button import MenuButton
from gui.widgets.rows import in_column, in_flow

TITLE = "Broadcasting and rank 1"
OWN = ""  # the choice of an example: none
PLOT_HEIGHT = 196  # px
EXAMPLES: dict[str, tuple[str, Shape, Shape]] = {
    "Z = W·X + b: a column to each": ("add", (4, 6), (4, 1)),
    "A row to each": ("add", (4, 6), (1, 6)),
    "One number": ("multiply", (4, 6), (1, 1)),
    "A row and a column": ("add", (1, 6), (4, 1)),
    "Does not fit": ("add", (4, 1), (3, 1)),
    "A forgotten transpose": ("subtract", (5, 1), (1, 5)),
    "Rank 1 that fails": ("add", (4, 400), (4,)),
    "Rank 1 that works and is wrong": ("add", (4, 400), (400,)),
}


class BroadcastingLab(Lab):
    """Two arrays, a sign and their copies; on a second page one array of rank 1."""

    def __init__(self, document: Document, training: Training, selection: Selection) -> None:
        super().__init__(document, training, selection)
        self.state = _question(next(iter(EXAMPLES)))
        self.shown: Broadcast = broadcast(self.state)
        self._seen: set[str] = set()
        self._make_controls()
        self.rank_one = RankOne()
        self.rank_one.changed.connect(self._on_rank_one)
        self._lay_out()
        self._show()

    # --- construction ----------------------------------------------------------------------

    def _make_controls(self) -> None:
        signs = {name: f"A {sign} B" for name, sign in SIGNS.items()}
        self.operation = MenuButton(self.tr("Operation"), signs, self.state.operation)
        self.operation.setToolTip(self.tr("What is done, number by number"))
        self.operation.chosen.connect(lambda name: self._take(replace(self.state, operation=name)))
        choices = {OWN: self.tr("your own"), **{name: name for name in EXAMPLES}}
        self.example = MenuButton(self.tr("Example"), choices, next(iter(EXAMPLES)))
        self.example.set_tight(True)
        self.example.setToolTip(self.tr("Take the shapes of a usual case"))
        self.example.chosen.connect(self._choose_example)
        self.fields = [
            ShapeField(self.tr("Shape of {}").format(name), partial(_read, name))
            for name in NAMES[:2]
        ]
        for i, field in enumerate(self.fields):
            field.set_tip(self.tr("Type a shape such as (4, 1) or (4,); up and down change a size"))
            field.edited.connect(partial(self._set_operand, i))
        self.plot = BroadcastPlot()
        sized(self.plot, "setMinimumHeight", PLOT_HEIGHT)
        self.plot.setToolTip(
            self.tr("Hover a number, or use the arrow keys, to see what it is made of")
        )
        self.plot.reshaped.connect(
            lambda i, shape: self._set_operand(i, NamedShape(NAMES[i], shape))
        )
        self.plot.cell_moved.connect(self._say_cell)
        self.code, self.error, self.meaning, self.cell = (paragraph() for _ in range(4))
        dress(self.code, mono_font, BODY)
        dress(self.error, mono_font, BODY)
        self.error.setProperty("tone", "error")

    def _lay_out(self) -> None:
        self.card = Card(self.tr(TITLE), self)
        page = QWidget()
        captioned = map(Captioned, NAMES, self.fields)
        top = in_flow(self.operation, *captioned, self.example, gap=6)
        parts = (top, self.code, (self.plot, 1), self.cell, self.error, self.meaning)
        in_column(*parts, on=page, margins=0)
        pages = {self.tr("Copies"): page, self.tr("Rank 1"): self.rank_one}
        self.pages = Pages(self.tr("What is tried"), pages)
        self.pages.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.card.add_header(self.pages.segments)
        self.card.fill(self, (self.pages, 1))
        self.setFocusProxy(self.operation)

    def named_parts(self) -> Mapping[str, Named]:
        copies, rank_one = self.pages.segments.buttons
        return {
            "operation": Named(self.operation, self.tr("Sign of the Broadcasting lab")),
            "example": Named(self.example, self.tr("Example of broadcasting")),
            "a": Named(self.fields[0], self.tr("Shape of A in the Broadcasting lab")),
            "b": Named(self.fields[1], self.tr("Shape of B in the Broadcasting lab")),
            "plot": Named(self.plot, self.tr("Arrays with their copies")),
            "view[copies]": Named(copies, self.tr("Copies in the Broadcasting lab")),
            "view[rank1]": Named(rank_one, self.tr("Rank 1 in the Broadcasting lab")),
            **self.rank_one.named_parts(),
        }

    def facts(self) -> Mapping[str, object]:
        return {"reshaped": self.rank_one.reshaped, "seen": frozenset(self._seen)}

    def begin_step(self) -> None:
        self._seen.clear()
        self.rank_one.begin_step()
        self.facts_changed.emit()

    # --- edits -----------------------------------------------------------------------------------

    def _choose_example(self, name: str) -> None:
        if name in EXAMPLES:
            self._take(_question(name))
            self.example.set_value(name)

    def _set_operand(self, i: int, operand: NamedShape) -> None:
        operands = list(self.state.operands)
        operands[i] = operand
        self._take(replace(self.state, operands=tuple(operands)), i)

    def _take(self, question: ShapeQuestion, edited: int | None = None) -> None:
        """Show another question; one that is too large to draw is refused next to its field."""
        try:
            shown = broadcast(question)
        except LayerwiseError as error:
            if edited is not None:
                self.fields[edited].complain(str(error))
            return
        self.state, self.shown = question, shown
        self.example.set_value(OWN)
        self._seen |= _kinds(shown)
        self._show()
        self.facts_changed.emit()

    def _on_rank_one(self) -> None:
        self._seen |= self.rank_one.seen
        self.facts_changed.emit()

    # --- showing ---------------------------------------------------------------------------------

    def _show(self) -> None:
        question, found = self.state, self.shown.outcome
        self.operation.set_value(question.operation)
        for field, operand in zip(self.fields, question.operands, strict=True):
            field.show_value(text.shape(operand.shape))
        result = "error" if found.shape is None else text.shape(found.shape)
        self.code.setText(f"{question.code}   →   {result}")
        self.error.setText(found.error)
        self.error.setVisible(bool(found.error))
        self.meaning.setText(found.meaning)
        self.plot.show_broadcast(self.shown)
        named = ", ".join(f"{each.name} {text.shape(each.shape)}" for each in question.operands)
        self.plot.setAccessibleName(
            self.tr("Arrays with their copies: {}").format(f"{named}; {question.code} → {result}")
        )

    def _say_cell(self, cell: TableCell | None) -> None:
        """Say what the current number is computed from."""
        shown = self.shown
        if cell is None or shown.result is None:
            self.cell.setText(
                self.tr("Pale numbers are copies that NumPy makes while it computes.")
            )
            self.cell.setVisible(shown.result is not None)
            return
        at = cell if shown.result.ndim == 2 else cell[1:]
        sign = SIGNS[self.state.operation]
        one, other = (
            f"{part.values[at]:g}{'' if part.own[at] else self.tr(' (copied)')}"
            for part in shown.parts
        )
        place = self.tr("row {}, column {}").format(cell[0] + 1, cell[1] + 1)
        self.cell.setText(f"{place}: {one} {sign} {other} = {shown.result[at]:g}")
        self.plot.setAccessibleDescription(self.cell.text())


def _question(name: str) -> ShapeQuestion:
    operation, a, b = EXAMPLES[name]
    return ShapeQuestion(operation, (NamedShape("A", a), NamedShape("B", b)))


def _read(name: str, typed: str) -> NamedShape:
    return NamedShape(name, shapes.parse_shape(typed))


def _kinds(shown: Broadcast) -> set[str]:
    """The effects in view, by the words that goals use."""
    if shown.result is None:
        return {"error"}
    if all(part.own.all() for part in shown.parts):
        return set()
    return {"copies"} if shown.meant is None else {"copies", "surprise"}
