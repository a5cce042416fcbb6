"""Hand-outs: what is left out is told nowhere, and the record solves it."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from core.project import Project
from core.training.data_source import split_of
from core.training.session import Session
from core.walk.steps import steps_of
from gui.paper.equation import ArithmeticTable, PrintedEquation, PrintedTerm
from gui.paper.handout import LINE, Handout, check_small
from gui.paper.step import CODE, MATRIX, ONE_EXAMPLE, StepView, step_blocks
from gui.style import text
from tests.core.walk.records import records


@pytest.fixture(scope="module")
def record():
    session = Session(Project(), split_of(Project()))
    for _ in range(300):
        session.advance()
    return session.record()


def tables(blocks):
    return [row for block in blocks if isinstance(block, ArithmeticTable) for row in block.rows]


def equations(blocks):
    return [block for block in blocks if isinstance(block, PrintedEquation)]


@given(records())
@settings(max_examples=15, deadline=None)
def test_what_is_left_out_is_in_the_record_and_the_same_each_time(record):
    handout = Handout(record, steps_of(record), record.m - 1, 2)
    chosen = handout.chosen()
    assert chosen == Handout(record, steps_of(record), record.m - 1, 2).chosen()
    for entries in chosen.values():
        assert 1 <= len(entries) <= 2
        assert len(set(entries)) == len(entries)
        for entry in entries:
            assert record.contains(entry)


def test_a_blank_is_blank_in_every_equation_and_solved_on_the_second_sheet(qapp, record):
    handout = Handout(record, steps_of(record), 7, 1)
    chosen = {entry for entries in handout.chosen().values() for entry in entries}
    sheet, solution = handout.blocks("t"), handout.blocks("t", solved=True)
    blank = sum(
        len(t.blank) for e in equations(sheet) for t in e.terms if isinstance(t, PrintedTerm)
    )
    solved = sum(
        len(t.solved) for e in equations(solution) for t in e.terms if isinstance(t, PrintedTerm)
    )
    assert blank == solved > len(chosen)  # most results are operands of the next equation
    assert not any(
        term.blank for e in equations(solution) for term in e.terms if isinstance(term, PrintedTerm)
    )
    for row in tables(sheet):
        for piece in row.pieces:
            if piece.entry is not None:  # what is not left out can be read
                assert (piece.text == LINE) == (piece.entry in chosen)
    values = {text.number(record.value(entry), 5) for entry in chosen if entry.target == "Z"}
    assert values <= {row.value for row in tables(solution)}
    assert not values & {row.value for row in tables(sheet)}


def test_the_example_that_is_followed_has_the_first_blank(qapp, record):
    step = next(step for step in steps_of(record) if step.chip == "Z[1]")
    (first, second) = Handout(record, (step,), 41, 2).chosen()["Z", 1]
    assert first.column == 41
    assert (first.row, first.column) != (second.row, second.column)
    assert first.row != second.row


def test_zeros_are_left_out_last(qapp, record):
    """A zero of a rectifier is no arithmetic to do."""
    handout = Handout(record, steps_of(record), 0, 3)
    for entries in handout.chosen().values():
        for entry in entries:
            values = record.array(entry.target, entry.layer)
            if np.count_nonzero(values[:, entry.column]) == len(values):
                assert record.value(entry) != 0


def test_a_large_network_is_refused_with_its_size(record):
    assert check_small(record) == ""
    wide = Project()
    layers = tuple(
        type(layer)(units=units, activation=layer.activation)
        for units, layer in zip((30, 1), wide.network.layers, strict=True)
    )
    big = replace(wide, network=replace(wide.network, layers=layers))
    session = Session(big, split_of(big))
    assert "this one has 33 in 2" in check_small(session.record())


@pytest.mark.parametrize("view", [MATRIX, ONE_EXAMPLE, CODE])
def test_every_step_can_be_drawn_in_every_view(qapp, record, view):
    for step in steps_of(record):
        for line in step.lines:
            shown = StepView(record, step, line, view, 4, 3)
            heights = [block.height(600) for block in step_blocks(shown, 600)]
            assert all(high > 0 for high in heights)


@pytest.mark.parametrize("chained", [False, True])
def test_an_opened_number_is_drawn_with_its_arithmetic(qapp, record, chained):
    step = next(step for step in steps_of(record) if step.chip == "dW[1]")
    entry = Handout(record, (step,), 0, 1).chosen()["dW", 1][0]
    shown = StepView(record, step, step.lines[0], entry=entry, chained=chained)
    found = [b for b in step_blocks(shown, 600) if isinstance(b, ArithmeticTable)]
    assert len(found) == 1
    labels = " ".join(row.label for row in found[0].rows)
    assert ("their product" in labels) == chained
    if not chained:
        shares = [float(row.value) for row in found[0].rows if row.kind in ("term", "rest")]
        assert sum(shares) / record.m == pytest.approx(record.value(entry), rel=1e-2)
        assert re.search("sum / 400", labels)
