"""The view of one example: every line ends in the number the record holds."""

import numpy as np
import pytest

from core.walk.steps import steps_of
from gui.matrix.model import Matrix
from gui.stepper.scalars import count_of, heading_of, scalars_of
from gui.stepper.terms import cell_of, entry_at, terms_of


def lines(record):
    return [(step, line) for step in steps_of(record) for line in step.lines]


def test_every_number_of_every_step_is_the_recorded_one(record):
    for _, line in lines(record):
        matrices = [term for term in terms_of(record, line) if isinstance(term, Matrix)]
        for term, matrix in enumerate(matrices):
            for row, column in np.ndindex(min(matrix.shape[0], 5), min(matrix.shape[1], 5)):
                entry = entry_at(line, term, row, column)
                assert record.value(entry) == matrix.values[row, column]
                assert matrix.shape == (line.result, *line.operands)[term].shape


def test_a_number_is_found_where_it_is_seen(record):
    for _, line in lines(record):
        entry = entry_at(line, 0, 0, 0)
        assert cell_of(line, entry) == (0, (0, 0))


def test_every_line_of_an_example_ends_in_its_number(record):
    for _, line in lines(record):
        assert heading_of(record, line, 7)
        for index in range(count_of(record, line)):
            shown = scalars_of(record, line, 7, index, 10)
            if line.result.target not in ("dW", "db", "J"):
                assert float(shown.result) == pytest.approx(record.value(shown.entry), rel=1e-8)


@pytest.mark.parametrize("target", ["dW", "db"])
def test_the_shares_of_all_examples_are_the_gradient(record, target):
    line = next(line for _, line in lines(record) if line.result.target == target)
    for index in range(count_of(record, line)):
        shown = [scalars_of(record, line, k, index, 12) for k in range(record.m)]
        mean = sum(float(each.result.split()[0]) for each in shown) / record.m
        assert mean == pytest.approx(record.value(shown[0].entry), rel=1e-6, abs=1e-9)
