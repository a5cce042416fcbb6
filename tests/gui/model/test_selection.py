"""The selection: which signals it emits, and when highlights are cleared."""

import numpy as np
import pytest

from core import edits
from core.project import Project
from gui.model.selection import Selection
from tests.gui.hands import collected


@pytest.fixture
def selection(qapp):
    return Selection()


def test_highlighted_examples_are_sorted_and_emitted_once(selection):
    told = collected(selection.lit_changed)
    selection.light([5, 1, 5])
    selection.light(np.array([1, 5]))
    assert selection.lit.tolist() == [1, 5]
    assert not selection.lit.flags.writeable
    assert len(told) == 1
    selection.light()
    assert selection.lit.tolist() == []
    assert len(told) == 2


def test_the_array_given_stays_the_givers_own(selection):
    given = np.array([2, 3])
    selection.light(given)
    given[0] = 0
    assert selection.lit.tolist() == [2, 3]


@pytest.mark.parametrize(
    ("data", "stay"),
    [({"features": ("x1",)}, True), ({"normalize": True}, True), ({"noise": 0.4}, False),
     ({"seed": 9}, False), ({"test_share": 0.3}, False)],
)  # fmt: skip
def test_they_go_out_with_their_examples(selection, data, stay):
    selection.light([1])
    old = Project()
    selection.follow_edit(old, edits.with_training(old, learning_rate=0.1))
    assert selection.lit.tolist() == [1]
    selection.follow_edit(old, edits.with_data(old, **data))
    assert selection.lit.tolist() == ([1] if stay else [])


def test_the_planes_inputs_are_emitted_and_reset_with_their_data(selection):
    told = collected(selection.cut_changed)
    selection.look_along((1, 0))
    selection.look_along((1, 0))
    assert len(told) == 1
    old = Project()
    selection.follow_edit(old, edits.with_data(old, noise=0.4))
    assert selection.cut == (1, 0)
    selection.follow_edit(old, edits.choose_source(old, "moons"))
    assert selection.cut is None
    assert len(told) == 2


@pytest.mark.parametrize(
    ("start", "step", "there"),
    [(None, 1, 0), (None, -1, 4), (0, -1, 4), (4, 1, 0), (2, 1, 3), (2, -1, 1)],
)
def test_stepping_goes_through_the_examples_and_around_their_ends(selection, start, step, there):
    selection.select_example(start)
    selection.step_example(step, 5)
    assert selection.example == there
