"""Highlights of a step or an opened number: the right layer, colour and numbers."""

import numpy as np
import pytest

from core.project import Project
from core.training.session import Session
from core.walk.entry import Entry
from core.walk.steps import steps_of
from gui.canvas.emphasis import emphasis_of


@pytest.fixture(scope="module")
def record():
    session = Session(Project())
    for _ in range(50):
        session.step()
    return session.record()


def lit(record, chip, *trail, example=7):
    step = next(step for step in steps_of(record) if step.chip == chip)
    return emphasis_of(record, step, trail, example)


def test_a_linear_step_shows_its_factors(record):
    shown = lit(record, "Z[1]")
    assert (shown.layer, shown.role, shown.unit_letter, shown.input_letter) == (
        1,
        "forward",
        "z",
        "x",
    )
    assert np.array_equal(shown.units, record.Z[1][:, 7])
    assert np.array_equal(shown.inputs, record.A[0][:, 7])
    assert shown.edges is None  # the weights themselves
    assert shown.edge_numbers


def test_the_backward_pass_shows_gradients_on_edges_and_errors_on_units(record):
    shown = lit(record, "dW[2]")
    assert (shown.layer, shown.role, shown.unit_letter) == (2, "backward", "dz")
    assert np.array_equal(shown.edges, record.grad.W[2])
    assert np.array_equal(shown.units, record.dZ[2][:, 7])


def test_an_error_passed_back_highlights_its_weights(record):
    shown = lit(record, "dA[1]")
    assert (shown.layer, shown.role, shown.input_letter) == (2, "backward", "da")
    assert np.array_equal(shown.inputs, record.dA[1][:, 7])


def test_an_opened_number_is_highlighted_in_any_step(record):
    shown = lit(record, "J", Entry("dW", 1, 2, 1))
    assert (shown.layer, shown.edge, shown.role) == (1, (2, 1), "backward")
    assert shown.caption.startswith("dw₃₂[1] = ")
    assert lit(record, "J", Entry("A", 1, 3, 9)).unit == 3
    assert np.array_equal(lit(record, "J", Entry("A", 1, 3, 9)).units, record.A[1][:, 9])


def test_every_step_highlights_something(record):
    for step in steps_of(record):
        shown = emphasis_of(record, step, (), 0)
        assert 0 <= shown.layer <= record.L
        assert shown.units is not None


def test_the_path_to_an_opened_number_is_highlighted_in_every_layer(record):
    trail = (Entry("dW", 2, 0, 3), Entry("A", 1, 3, 9), Entry("W", 1, 3, 1), Entry("J", 2))
    shown = lit(record, "J", *trail)
    assert shown.path == {(2, 0, 3), (1, 3), (1, 3, 1)}
    assert lit(record, "J").path == frozenset()


@pytest.mark.parametrize("chip", ["dZ[2]", "dW[2]", "dA[1]", "dW[1]", "update"])
def test_numbers_of_the_next_iteration_say_so(record, chip):
    """The card over an edge has the gradient of the last one beside it."""
    assert lit(record, chip).caption.endswith("  (iteration 50, the next one)")
    opened = lit(record, chip, Entry("dW", 1, 2, 1))
    assert opened.caption.endswith("  (iteration 50, the next one)")


@pytest.mark.parametrize("chip", ["Z[1]", "A[1]", "J"])
def test_unchanged_numbers_need_no_iteration(record, chip):
    assert "iteration" not in lit(record, chip).caption
