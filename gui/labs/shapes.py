"""The shapes lab: matrices to scale, NumPy's answer to an operation on them, and a quiz."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from core.errors import LayerwiseError
from core.labs import shapes
from core.labs.shapes import NAMES, OPERATIONS, NamedShape, Shape, ShapeQuestion
from core.nn.equations import equations
from core.project import Project
from core.training.data_source import network_of
from gui.labs.base import Lab
from gui.labs.optional import Optional
from gui.labs.paragraph import paragraph
from gui.labs.shape_field import ShapeField
from gui.labs.shapes_plot import ShapesPlot
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.parts import Named
from gui.style import text
from gui.style.theme import BODY, dress, mono_font, sized
from gui.widgets import labels
from gui.widgets.buttons import button
from gui.widgets.captioned import Captioned
from gui.widgets.card import Card
from gui.widgets.menu_button import MenuButton
from gui.widgets.rows import in_flow

TITLE = "Shape X-ray"
TYPED = ""  # the choice of no equation: the shapes are typed
PLOT_HEIGHT = 150  # px
FIELD_TIP = (
    "Type a shape such as (4, 2), or an array of the network such as W[1] or X.T."
    " The up and down keys change a size."
)


class ShapesLab(Lab):
    """Two or three arrays, an operation, and NumPy's result."""

    def __init__(self, document: Document, training: Training, selection: Selection) -> None:
        super().__init__(document, training, selection)
        self.state = ShapeQuestion("dot", (NamedShape("A", (4, 2)), NamedShape("B", (2, 400))))
        self.outcome = shapes.outcome(self.state)
        self._known: Mapping[str, Shape] = {}
        self._spare: tuple[NamedShape, ...] = (
            NamedShape("C", (4, 1)),
        )  # of operations that take more
        self._target: Shape = (2, -1)
        self._equations: dict[str, ShapeQuestion] = {}
        self._words: dict[tuple[str, int], str] = {}  # of each equation, by its result
        self._rng = np.random.RandomState(1)
        self._hidden = self._error_seen = False
        self._right = self._asked = 0
        self._make_controls()
        self._lay_out()
        self._show()

    # --- construction ----------------------------------------------------------------------

    def _make_controls(self) -> None:
        names = {name: operation.label for name, operation in OPERATIONS.items()}
        self.operation = MenuButton(self.tr("Operation"), names, self.state.operation)
        self.operation.setToolTip(self.tr("What is done to the arrays"))
        self.operation.set_tight(True)
        self.operation.chosen.connect(self._choose_operation)
        self.equation = MenuButton(self.tr("From the network"), {TYPED: self.tr("typed")}, TYPED)
        self.equation.setToolTip(self.tr("Take the arrays of an equation of the open network"))
        self.equation.set_tight(True)
        self.equation.chosen.connect(self._choose_equation)
        self.quiz = button(self.tr("Quiz"), "segment")
        self.quiz.setToolTip(self.tr("Hide the result and ask for its shape"))
        self.quiz.toggled.connect(self._on_quiz)
        self.fields = [
            ShapeField(self.tr("Shape of {}").format(name), partial(self._read, i))
            for i, name in enumerate(NAMES)
        ]
        for i, field in enumerate(self.fields):
            field.set_tip(self.tr(FIELD_TIP))
            field.edited.connect(partial(self._set_operand, i))
        read = partial(shapes.parse_shape, rank=3, unknown=True)
        self.target = ShapeField(self.tr("New shape"), read)
        self.target.set_tip(self.tr("Sizes of the new shape; one of them may be -1"))
        self.target.edited.connect(self._set_target)
        self.plot = ShapesPlot()
        sized(self.plot, "setMinimumHeight", PLOT_HEIGHT)
        self.plot.setToolTip(self.tr("Drag the right or lower edge of a matrix to change its size"))
        self.plot.reshaped.connect(
            lambda i, shape: self._set_operand(i, NamedShape(NAMES[i], shape))
        )
        self.code, self.error, self.meaning = (paragraph() for _ in range(3))
        dress(self.code, mono_font, BODY)
        dress(self.error, mono_font, BODY)
        labels.set_tone(self.error, "error")
        self._make_quiz()

    def _make_quiz(self) -> None:
        self.answer = ShapeField(self.tr("Your answer"), shapes.parse_answer)
        self.answer.setPlaceholderText(self.tr("shape"))
        self.answer.set_tip(self.tr("Type the shape of the result and press Enter"))
        self.answer.edited.connect(self._judge)
        self.impossible = button(self.tr("Impossible"), "pill")
        self.impossible.setToolTip(self.tr("Answer that NumPy refuses this"))
        self.impossible.clicked.connect(lambda: self._judge(None))
        self.next = button(self.tr("Next question"), "pill")
        self.next.setToolTip(self.tr("Ask for other shapes"))
        self.next.clicked.connect(self._next_question)
        self.score = paragraph()

    def _lay_out(self) -> None:
        self.card = Card(self.tr(TITLE), self)
        self.card.add_header(self.quiz)
        wanting = ("dot", "dot", "forward", "reshape")
        named = zip((*NAMES, self.tr("New shape")), (*self.fields, self.target), strict=True)
        self._optional = [
            Optional(partial(self._choose_operation, operation), Captioned(name, field))
            for operation, (name, field) in zip(wanting, named, strict=True)
        ]
        top = in_flow(self.operation, self.equation, *self._optional, gap=10)
        start = partial(self.quiz.setChecked, True)
        self._asking = Optional(start, self.answer, self.impossible, self.next)
        below = (self._asking, self.score, self.error, self.meaning)
        self.card.fill(self, top, self.code, (self.plot, 1), *below)
        self.setFocusProxy(self.operation)

    def named_parts(self) -> Mapping[str, Named]:
        return {
            "operation": Named(self.operation, self.tr("Operation on the arrays")),
            "equation": Named(self.equation, self.tr("Equation of the network")),
            **{
                name.lower(): Named(field, self.tr("Shape of {}").format(name))
                for name, field in zip(NAMES, self.fields, strict=True)
            },
            "target": Named(self.target, self.tr("New shape of reshape")),
            "plot": Named(self.plot, self.tr("Shapes of the matrices")),
            "quiz": Named(self.quiz, self.tr("Quiz on shapes")),
            "answer": Named(self.answer, self.tr("Your answer")),
            "impossible": Named(self.impossible, self.tr("Answer: impossible")),
            "next": Named(self.next, self.tr("Next question")),
        }

    def facts(self) -> Mapping[str, object]:
        return {"error_seen": self._error_seen, "right": self._right}

    def begin_step(self) -> None:
        self._error_seen, self._right, self._asked = False, 0, 0
        self._say_score()
        self.facts_changed.emit()

    # --- the open network ------------------------------------------------------------------------

    def show_project(self, old: Project | None, new: Project) -> None:
        sizes, latest = new.sizes(new.data.inputs), self.training.latest
        here = latest is not None and latest.project.data == new.data
        m = latest.split.train.m if here and latest is not None else new.data.m
        self._known = {"A[0]": (sizes[0], m), **shapes.arrays_of(sizes, m)}
        network = network_of(new, sizes)
        self._equations, self._words = {}, {}
        for each in equations(network):
            self._words[each.target, each.layer] = str(each)
            if (question := shapes.question_of(each, sizes, m)) is not None:
                self._equations[str(each)] = question
        choices = {TYPED: self.tr("typed"), **{words: words for words in self._equations}}
        self.equation.set_choices(choices)
        self.equation.set_value(TYPED)
        operands = (
            _renewed(operand, self._known, name)
            for operand, name in zip(self.state.operands, NAMES, strict=False)
        )
        self._take(replace(self.state, operands=tuple(operands)))

    def take_equation(self, target: str, layer: int) -> None:
        """Take the arrays of the equation of the open network that computes target[layer].

        Raises LayerwiseError if no shapes have to agree in it.
        """
        self._update_project()  # it may not have been visible yet
        words = self._words.get((target, layer), f"{target}[{layer}]")
        if words not in self._equations:
            raise LayerwiseError(
                f"In {words} all arrays have one shape, so there is nothing to X-ray: choose a step"
                " with a product or a sum."
            )
        self._choose_equation(words)

    def _choose_equation(self, words: str) -> None:
        self.equation.set_value(words)
        if words in self._equations:
            self._take(self._equations[words], from_network=True)

    # --- edits -----------------------------------------------------------------------------------

    def _read(self, i: int, words: str) -> NamedShape:
        return shapes.parse_operand(words, NAMES[i], self._known)

    def _set_operand(self, i: int, operand: NamedShape) -> None:
        operands = list(self.state.operands)
        operands[i] = operand
        self._take(replace(self.state, operands=tuple(operands)))

    def _set_target(self, target: Shape) -> None:
        self._target = target
        self._take(replace(self.state, target=target))

    def _choose_operation(self, name: str) -> None:
        """Keep the arrays, and bring back earlier ones if the operation needs more."""
        had = self.state.operands
        all_ = (*had, *self._spare[len(had) - len(NAMES) :]) if len(had) < len(NAMES) else had
        count = OPERATIONS[name].operands
        target = self._target if name == "reshape" else ()
        self._spare = all_[count:] or self._spare
        self._take(ShapeQuestion(name, all_[:count], target))

    def _take(self, question: ShapeQuestion, *, from_network: bool = False) -> None:
        """Show another question; in the quiz its result is hidden until it was answered."""
        if question == self.state:
            self._show()
            return
        self.state = question
        self.outcome = shapes.outcome(question)
        if not from_network:
            self.equation.set_value(TYPED)
        self._hidden = self.quiz.isChecked()
        self._show()
        self._note_error()

    def _note_error(self) -> None:
        """An error that is shown from now on counts for goals."""
        self._error_seen = self._error_seen or bool(self.outcome.error and not self._hidden)
        self.facts_changed.emit()

    # --- the quiz --------------------------------------------------------------------------------

    def _on_quiz(self, on: bool) -> None:
        self._hidden = on
        if on:
            self._next_question()
        self._show()

    def _next_question(self) -> None:
        self._take(shapes.quiz(self._rng))
        self._hidden = self.quiz.isChecked()
        self._show()
        self.answer.setFocus()

    def _judge(self, said: Shape | None) -> None:
        """Take an answer, None for impossible; it is kept and shown next to NumPy's result."""
        if not self._hidden:
            return
        self._hidden = False
        self._asked += 1
        right = said == self.outcome.shape
        self._right += right
        theirs = self.tr("impossible") if said is None else text.shape(said)
        ours = self.tr("NumPy refuses it")
        if self.outcome.shape is not None:
            ours = self.tr("NumPy makes {}").format(text.shape(self.outcome.shape))
        words = self.tr("Yes: {}.") if right else self.tr("You said {theirs}. {ours}.")
        reply = words.format(theirs if right else "", theirs=theirs, ours=ours)
        self._show()
        self._say_score(reply)
        self._note_error()

    def _say_score(self, reply: str = "") -> None:
        score = self.tr("{} of {} right").format(self._right, self._asked) if self._asked else ""
        self.score.setText("   ".join(words for words in (reply, score) if words))
        self.score.setVisible(self.quiz.isChecked() and bool(self.score.text()))

    # --- showing ---------------------------------------------------------------------------------

    def _show(self) -> None:
        question, outcome, hidden = self.state, self.outcome, self._hidden
        self.operation.set_value(question.operation)
        for i, optional in enumerate(self._optional[:-1]):
            optional.setVisible(i < len(question.operands))
        for field, operand in zip(self.fields, question.operands, strict=False):
            field.show_value(_written(operand))
        self._optional[-1].setVisible(question.operation == "reshape")
        self.target.show_value(text.shape(question.target or self._target))
        result = "?" if hidden else _result(outcome.shape)
        self.code.setText(f"{question.code}   →   {result}")
        self.error.setText("" if hidden else outcome.error)
        self.error.setVisible(bool(self.error.text()))
        self.meaning.setText("" if hidden else outcome.meaning)
        self._asking.setVisible(self.quiz.isChecked())
        if hidden:
            self.answer.show_value("")
        self.answer.setEnabled(hidden)
        self.impossible.setEnabled(hidden)
        self._say_score()
        self.plot.show_question(question, outcome, hidden=hidden)
        self.plot.setAccessibleName(self.tr("Shapes: {}").format(self._said(result)))

    def _said(self, result: str) -> str:
        """The picture in words."""
        named = ", ".join(f"{each.name} {text.shape(each.shape)}" for each in self.state.operands)
        return f"{named}; {self.state.code} → {result}"


def _written(operand: NamedShape) -> str:
    return text.shape(operand.shape) if operand.name in NAMES else operand.name


def _result(shape: Shape | None) -> str:
    if shape is None:
        return "error"
    return text.shape(shape) if shape else "one number"


def _renewed(operand: NamedShape, known: Mapping[str, Shape], name: str) -> NamedShape:
    """The operand with its current shape in the network; a missing one keeps its shape."""
    if operand.name in NAMES:
        return operand
    try:
        return shapes.parse_operand(operand.name, name, known)
    except LayerwiseError:
        return NamedShape(name, operand.shape)
