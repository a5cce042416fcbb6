"""The document: every edit undoable, gestures merged, invalid edits refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from core import edits
from core.by_hand import Place, RunPosition, number
from core.errors import LayerwiseError
from core.project import Project, encode
from gui.model.document import Document


def test_an_edit_emits_the_old_and_the_new_project_once(document):
    seen = []
    document.changed.connect(lambda old, new: seen.append((old, new)))
    after = edits.set_units(document.project, 1, 5)
    document.edit("Set units of layer 1 to 5", after)
    assert seen == [(Project(), after)]
    assert document.undo_stack.undoText() == "Set units of layer 1 to 5"


def test_edits_with_one_key_are_one_step_and_a_drag_back_leaves_none(document):
    for units in (5, 6, 7):
        document.edit("Drag", edits.set_units(document.project, 1, units), "drag 1")
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.project == Project()
    for units in (5, 4):
        document.edit("Drag", edits.set_units(document.project, 1, units), "drag 2")
    assert document.undo_stack.count() == 0


W = Place(1, 2, 0)


def numbers(value):
    return number(W, value)


@pytest.fixture
def changes(document):
    """What the run is told to change, in order."""
    told = []
    document.edited.connect(lambda _old, _new, change: told.append(change))
    return told


def test_a_number_set_by_hand_is_a_step_that_sets_it_back(document, changes):
    document.set_by_hand("Set w", numbers(0.5), numbers(2.0))
    assert document.undo_stack.undoText() == "Set w"
    assert document.by_hand == {W: (0.5, 2.0)}
    document.undo_stack.undo()
    assert document.by_hand == {}
    document.undo_stack.redo()
    assert changes == [numbers(2.0), numbers(0.5), numbers(2.0)]
    assert document.project == Project()


def test_one_drag_of_a_number_is_one_step_and_a_drag_back_leaves_none(document, changes):
    for before, after in ((0.5, 1.0), (1.0, 1.5), (1.5, 2.0)):
        document.set_by_hand("Drag", numbers(before), numbers(after), "drag 1")
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert changes[-1] == numbers(0.5)
    for before, after in ((0.5, 1.0), (1.0, 0.5)):
        document.set_by_hand("Drag", numbers(before), numbers(after), "drag 2")
    assert document.undo_stack.count() == 0
    assert document.by_hand == {}


def test_an_edit_of_the_structure_may_set_numbers_too(document, changes):
    after = edits.set_units(document.project, 1, 5)
    document.set_by_hand("Clone", numbers(0.5), numbers(0.25), project=after)
    document.edit("Rate", edits.with_training(after, learning_rate=0.1))
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.project == Project()
    assert changes == [numbers(0.25), None, None, numbers(0.5)]


def test_setting_the_same_value_is_no_edit(document, changes):
    document.set_by_hand("Set w", numbers(0.5), numbers(0.5))
    assert document.undo_stack.count() == 0
    assert changes == []


def test_another_start_is_a_step_too(document, changes):
    old, new = RunPosition(None), RunPosition(np.zeros(17))
    document.set_by_hand("Set w", numbers(0.5), numbers(2.0))
    document.set_by_hand("Import", old, new)
    assert document.by_hand == {}
    document.undo_stack.undo()
    assert document.by_hand == {W: (0.5, 2.0)}
    assert changes[1:] == [new, old]


def test_a_refused_edit_changes_nothing(document):
    with pytest.raises(LayerwiseError, match=r"network.layers\[0\].units is 0"):
        document.edit("No units", edits.set_units(document.project, 1, 0))
    assert document.project == Project()
    assert document.undo_stack.count() == 0


def test_opening_another_project_leaves_nothing_to_undo(document):
    document.edit("Five", edits.set_units(document.project, 1, 5))
    document.replace(edits.set_units(Project(), 1, 9))
    assert document.undo_stack.count() == 0
    assert document.project.sizes() == (2, 9, 1)


a_change = st.one_of(
    st.tuples(st.just("units"), st.integers(1, 9)),
    st.tuples(st.just("insert"), st.integers(1, 3)),
    st.tuples(st.just("remove"), st.integers(1, 3)),
    st.tuples(st.just("move"), st.integers(1, 3)),
    st.tuples(st.just("activation"), st.sampled_from(["relu", "tanh", "sigmoid", "linear"])),
    st.tuples(st.just("rate"), st.floats(0.001, 10)),
    st.tuples(st.just("noise"), st.floats(0, 1)),
    st.tuples(st.just("mute"), st.integers(0, 8)),
    st.tuples(st.just("freeze"), st.integers(0, 8)),
    st.tuples(st.just("clone"), st.integers(0, 8)),
)


def changed(project, change):
    kind, value = change
    L = len(project.network.layers)
    match kind:
        case "units":
            return edits.set_units(project, 1, value) if L > 1 else project
        case "insert":
            return edits.insert_layer(project, min(value, L))
        case "remove":
            return edits.remove_layer(project, min(value, L - 1)) if L > 1 else project
        case "move":
            return edits.move_layer(project, 1, min(value, L - 1)) if L > 1 else project
        case "activation":
            return edits.set_activation(project, L, value)
        case "rate":
            return edits.with_training(project, learning_rate=value)
        case "mute" | "freeze" | "clone":
            return of_a_unit(project, kind, value) if L > 1 else project
        case _:
            return edits.with_data(project, noise=value)


def of_a_unit(project, kind, value):
    layer = project.network.layers[0]
    unit = value % layer.units
    if kind == "clone":
        return edits.clone_unit(project, 1, unit)
    if kind == "mute":
        return edits.mute_unit(project, 1, unit, unit not in layer.muted)
    return edits.freeze_unit(project, 1, unit, unit not in layer.frozen)


@given(st.lists(a_change, max_size=20))
def test_undoing_and_redoing_everything_is_the_identity(qapp, changes):
    document = Document(Project())
    states = [encode(document.project)]
    for change in changes:
        document.edit("An edit", changed(document.project, change))
        if encode(document.project) != states[-1]:
            states.append(encode(document.project))
    assert document.undo_stack.count() == len(states) - 1
    for state in reversed(states[:-1]):
        document.undo_stack.undo()
        assert encode(document.project) == state
    assert document.undo_stack.isClean()
    for state in states[1:]:
        document.undo_stack.redo()
        assert encode(document.project) == state


def test_replacing_a_value_by_an_equal_one_is_no_edit(document):
    document.edit("Nothing", replace(document.project))
    assert document.undo_stack.isClean()
    assert document.undo_stack.count() == 0
