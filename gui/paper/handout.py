"""A hand-out: steps of a recorded iteration with blanks, and again with the solution."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.walk.entry import Entry
from core.walk.explain import explain
from core.walk.record import Record
from core.walk.steps import Line, Operand, Step
from gui.matrix.model import Matrix
from gui.paper.blocks import Block, Formula, Heading, Paragraph
from gui.paper.equation import ArithmeticTable, PrintedEquation, PrintedTerm
from gui.paper.sheet import pages
from gui.paper.step import tone_of
from gui.stepper.origin_rows import Row, rows_of
from gui.stepper.terms import terms_of, typeset
from gui.style.theme import CAPTION

MOST_UNITS, MOST_LAYERS = 16, 4  # of a network whose whole iteration fits on a few pages
BLANKS = 4  # numbers left out of one equation, at most
FEW_TERMS = 4  # of a sum that is left to be worked out term by term
TERMS = 3  # of a long sum
DIGITS = 3
LINE = "________"
NAME = "Name ________________________      Date ______________"
TASK = (
    "Fill in every blank: each framed cell, and each line in the arithmetic. All numbers come from"
    " one recorded iteration and are rounded, so your last digit may differ by one or two."
)


@dataclass(frozen=True, slots=True)
class Handout:
    """A hand-out: these steps of a record, with this many blanks in each equation.

    The blanks follow the example in `column`, unit by unit, and are the same each time.
    """

    record: Record
    steps: tuple[Step, ...]
    column: int = 0
    blanks: int = 2
    digits: int = DIGITS

    def pdf(self, title: str) -> bytes:
        """The pages in A4: to be filled in, then the solution."""
        return pages([self.blocks(title), self.blocks(title, solved=True)], title)

    def blocks(self, title: str, *, solved: bool = False) -> list[Block]:
        """The sheet to be filled in, or the `solved` one, from top to bottom."""
        chosen = self.chosen()
        everything = frozenset(entry for entries in chosen.values() for entry in entries)
        blocks: list[Block] = [Heading(f"{title}: solution" if solved else title)]
        if not solved:
            blocks += [Paragraph(NAME, CAPTION, "muted"), Paragraph(TASK)]
        for step in self.steps:
            lines = [line for line in step.lines if line.operands]
            for place, line in enumerate(lines):
                heading = [Heading(step.title, tone=_ink(step))] if place == 0 else []
                blocks += [*heading, Formula(typeset(line), line.text, size=17, stays=True)]
                blocks.append(self._equation(line, step, everything, solved=solved))
                for entry in chosen[line.result.target, line.result.layer]:
                    blocks += self._arithmetic(entry, everything, solved=solved)
        return blocks

    def chosen(self) -> dict[tuple[str, int], list[Entry]]:
        """The numbers that are left out, by the array that holds them."""
        return {
            (line.result.target, line.result.layer): self._blanks(line.result)
            for step in self.steps
            for line in step.lines
            if line.operands
        }

    def _blanks(self, result: Operand) -> list[Entry]:
        """Numbers of an array, spread over rows and columns; a zero only if there is nothing else.

        In an array with one column per example, the first is in the followed example.
        """
        values = self.record.array(result.target, result.layer)
        rows, columns = values.shape
        per_example = Entry(result.target, result.layer).per_example
        first = self.column if per_example else 0
        cells = [
            (i % rows, (first + i // rows + i) % columns) for i in range(min(values.size, 4 * rows))
        ]
        cells = list(dict.fromkeys(cells))
        cells.sort(
            key=lambda cell: not _is_something(float(values[cell]))
        )  # the order stays otherwise
        made = (Entry(result.target, result.layer, row, column) for row, column in cells)
        return sorted(list(made)[: self.blanks], key=lambda entry: (entry.row, entry.column))

    def _equation(
        self, line: Line, step: Step, left_out: frozenset[Entry], *, solved: bool
    ) -> PrintedEquation:
        operands = iter((line.result, *line.operands))
        terms: list[PrintedTerm | str] = []
        for term in terms_of(self.record, line):
            if not isinstance(term, Matrix):
                terms.append(term)
                continue
            cells = frozenset(_cells(next(operands), left_out))
            terms.append(
                PrintedTerm(term, solved=cells) if solved else PrintedTerm(term, blank=cells)
            )
        tone = step.phase if step.phase in ("forward", "backward") else "accent"
        return PrintedEquation(tuple(terms), self.digits, self.column, tone, stays=True)

    def _arithmetic(
        self, entry: Entry, left_out: frozenset[Entry], *, solved: bool
    ) -> Iterator[Block]:
        """How the number is worked out, its results left out."""
        found = explain(self.record, entry, TERMS)
        rows = rows_of(self.record, found)
        yield Paragraph(found.text, CAPTION, mono=True, stays=True)
        if not solved:
            long = found.rest is not None and found.rest.count > 0
            rows = tuple(_without(rows, left_out, works_out=1 if long else FEW_TERMS))
        if rows:
            yield ArithmeticTable(rows, tone_of(entry))


def check_small(record: Record) -> str:
    """Why the complete iteration of this network is too long for a hand-out; empty if it is not."""
    units = sum(record.sizes)
    if units <= MOST_UNITS and record.L <= MOST_LAYERS:
        return ""
    return (
        f"A whole iteration fits on paper for networks of up to {MOST_UNITS} inputs and units in"
        f" {MOST_LAYERS} layers; this one has {units} in {record.L}."
    )


def _is_something(value: float) -> bool:
    return bool(np.isfinite(value)) and value != 0


def _cells(operand: Operand, left_out: frozenset[Entry]) -> Iterator[tuple[int, int]]:
    for entry in left_out:
        if (entry.target, entry.layer) == (operand.target, operand.layer):
            cell = entry.row, entry.column
            yield cell[::-1] if operand.transposed else cell


def _without(rows: Sequence[Row], left_out: frozenset[Entry], works_out: int) -> Iterator[Row]:
    """The lines without the numbers to be found: the result, the first terms, and every other
    blank.
    """
    totals = [index for index, row in enumerate(rows) if row.kind == "total"]
    result = totals[-1] if totals else len(rows) - 1
    terms = 0
    for index, row in enumerate(rows):
        terms += row.kind == "term" and bool(row.pieces)
        worked_out = row.kind == "term" and bool(row.pieces) and terms <= works_out
        given = not row.pieces and row.entry in left_out
        hidden = index == result or worked_out or given
        pieces = tuple(
            replace(piece, text=LINE)
            if piece.entry in left_out or (row.kind == "total" and _is_number(piece.text))
            else piece
            for piece in row.pieces
        )
        yield replace(
            row, pieces=pieces, value=LINE if hidden else row.value, sign=0 if hidden else row.sign
        )


def _is_number(words: str) -> bool:
    """Whether a piece of a result is a number, which would reveal the sum of the lines above."""
    try:
        float(words)
    except ValueError:
        return False
    return True


def _ink(step: Step) -> str:
    return step.phase if step.phase in ("forward", "backward") else "text"
