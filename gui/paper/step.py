"""The current step as blocks: its equation, its matrices, and the arithmetic of a number."""

from __future__ import annotations

from dataclasses import dataclass

from core.walk.chain import chain
from core.walk.entry import BIASES, WEIGHTS, Entry
from core.walk.explain import explain
from core.walk.record import Record
from core.walk.steps import Line, Step
from gui.matrix.model import Matrix
from gui.paper.blocks import Block, Caption, Formula, Heading, Paragraph
from gui.paper.equation import ArithmeticTable, PrintedEquation, PrintedTerm
from gui.stepper.chain_rows import formula_of, rows_of_chain
from gui.stepper.origin_rows import DIGITS, rows_of
from gui.stepper.scalars import count_of, heading_of, scalars_of
from gui.stepper.terms import cell_of, note_of, seen_examples, terms_of, typeset
from gui.style import text
from gui.style.theme import BODY, CAPTION

MATRIX, ONE_EXAMPLE, CODE = range(3)
MOST_LINES = 40  # of arithmetic for one example
TERMS = 8  # of a long sum
_BACKWARD = frozenset({"dA", "dZ", "dW", "db", "slope"})


@dataclass(frozen=True, slots=True)
class StepView:
    """The view of the stepper: a line of a step, in one of three forms, for an example.

    `entry` is the opened number, if any, as the chain rule if `chained`.
    """

    record: Record
    step: Step
    line: Line
    view: int = MATRIX
    digits: int = 4
    column: int = 0
    entry: Entry | None = None
    chained: bool = False

    @property
    def tone(self) -> str:
        """The tone of the pass."""
        return self.step.phase if self.step.phase in ("forward", "backward") else "accent"


def step_blocks(shown: StepView, width: float) -> list[Block]:
    """The step as the stepper shows it, at a width in pixels of the window."""
    line = shown.line
    blocks: list[Block] = [Heading(shown.step.title, tone=_ink(shown))]
    blocks.append(Formula(typeset(line), line.text))
    if line.operands:
        blocks.append(Paragraph(line.shapes, CAPTION, "muted", mono=True))
    if shown.view == ONE_EXAMPLE:
        blocks += _arithmetic(shown)
    elif shown.view == CODE:
        blocks.append(Paragraph(shown.step.code or line.code, BODY, mono=True))
    else:
        blocks += _matrices(shown, width)
    if shown.entry is not None and shown.record.contains(shown.entry):
        blocks += number_blocks(shown, shown.entry)
    return blocks


def _ink(shown: StepView) -> str:
    return shown.tone if shown.tone != "accent" else "text"


def _matrices(shown: StepView, width: float) -> list[Block]:
    record, line = shown.record, shown.line
    terms = tuple(
        PrintedTerm(term) if isinstance(term, Matrix) else term for term in terms_of(record, line)
    )
    opened = None if shown.entry is None else cell_of(line, shown.entry)
    equation = PrintedEquation(terms, shown.digits, shown.column, shown.tone, opened)
    note = note_of(record, line, seen_examples(equation.seen(width)), scrolls=False)
    return [equation, Caption(note)] if note else [equation]


def _arithmetic(shown: StepView) -> list[Block]:
    record, line, column = shown.record, shown.line, shown.column
    count = count_of(record, line)
    blocks: list[Block] = [Caption(heading_of(record, line, column))]
    for index in range(min(count, MOST_LINES)):
        made = scalars_of(record, line, column, index, shown.digits)
        parts = (made.symbol, made.formula, made.numbers, made.result)
        blocks.append(Paragraph(" = ".join(part for part in parts if part), CAPTION, mono=True))
    if count > MOST_LINES:
        blocks.append(Caption(text.tr("{count} more").format(count=text.count(count - MOST_LINES))))
    return blocks


def number_blocks(shown: StepView, entry: Entry) -> list[Block]:
    """The arithmetic of an opened number."""
    record, tone = shown.record, tone_of(entry)
    if shown.chained and entry.target in WEIGHTS | BIASES:
        links = chain(record, entry, shown.column)
        latex, plain = formula_of(links)
        said = record.say_example(shown.column)
        note = f"{said[0].upper()}{said[1:]}. {links.sentence}"
        return [
            Formula(latex, plain),
            ArithmeticTable(rows_of_chain(record, links), tone),
            Caption(note),
        ]
    found = explain(record, entry, TERMS)
    value = f"{entry.symbol} = {text.number(found.value, DIGITS)}"
    blocks: list[Block] = [Paragraph(value, BODY, bold=True, mono=True, stays=True)]
    if found.kind != "leaf":
        blocks += [Formula(found.latex, found.text), ArithmeticTable(rows_of(record, found), tone)]
    return [*blocks, Caption(found.note)] if found.note else blocks


def tone_of(entry: Entry) -> str:
    """The tone of a table: the pass the number belongs to."""
    return "backward" if entry.target in _BACKWARD else "forward"
