"""Edits of the structure: each gives a valid project or a sentence; the old one stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import edits
from core.errors import LayerwiseError
from core.nn.activations import ACTIVATIONS
from core.nn.losses import LOSSES
from core.project import LayerSettings, NetworkSettings, Project, check


def network(*layers):
    """A project with these layers, given as (units, activation)."""
    return Project(
        network=NetworkSettings(
            layers=tuple(LayerSettings(units=n, activation=name) for n, name in layers)
        )
    )


def layers(project):
    return [(layer.units, layer.activation) for layer in project.network.layers]


OUT = (1, "sigmoid")
THREE = network((2, "tanh"), (3, "relu"), (4, "linear"), OUT)


@pytest.mark.parametrize("l", [1, 2, 3, 4])
def test_insert_puts_a_hidden_layer_at_this_place(l):
    expected = layers(THREE)
    expected.insert(l - 1, (4, "tanh"))
    assert layers(edits.insert_layer(THREE, l)) == expected


@pytest.mark.parametrize("l", [0, 5, -1])
def test_nothing_goes_before_the_input_or_behind_the_output(l):
    with pytest.raises(LayerwiseError, match=f"can become layer 1 to 4, not {l}"):
        edits.insert_layer(THREE, l)


def test_a_network_that_is_full_says_so():
    full = network(*[(1, "tanh")] * 31, OUT)
    check(full)
    with pytest.raises(LayerwiseError, match="at most 32 layers: remove one first"):
        edits.insert_layer(full, 1)
    with pytest.raises(LayerwiseError, match="at most 32 layers"):
        edits.duplicate_layer(full, 1)


def test_remove_takes_out_one_layer():
    assert layers(edits.remove_layer(THREE, 2)) == [(2, "tanh"), (4, "linear"), OUT]


def test_a_duplicate_comes_after_its_original():
    assert layers(edits.duplicate_layer(THREE, 3))[2:] == [(4, "linear"), (4, "linear"), OUT]


@pytest.mark.parametrize(
    ("l", "to", "order"), [(1, 3, [3, 4, 2]), (3, 1, [4, 2, 3]), (2, 2, [2, 3, 4])]
)
def test_move_makes_room(l, to, order):
    assert [units for units, _ in layers(edits.move_layer(THREE, l, to))] == [*order, 1]


@pytest.mark.parametrize(
    "edit",
    [
        edits.remove_layer,
        edits.duplicate_layer,
        lambda project, l: edits.move_layer(project, l, 1),
        lambda project, l: edits.move_layer(project, 1, l),
    ],
)
def test_the_output_layer_stays_where_it_is(edit):
    with pytest.raises(LayerwiseError, match=r"The output layer cannot be .*: only hidden layers"):
        edit(THREE, 4)
    with pytest.raises(LayerwiseError, match=r"Layer 9 cannot be .*: only hidden layers can"):
        edit(THREE, 9)


def test_units_and_activation_of_one_layer():
    assert layers(edits.set_units(THREE, 2, 7))[1] == (7, "relu")
    assert layers(edits.set_activation(THREE, 1, "sigmoid"))[0] == (2, "sigmoid")
    assert edits.set_activation(THREE, 1, "relu").training == THREE.training


@pytest.mark.parametrize("output", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
def test_output_and_loss_always_fit(output, loss):
    start = edits.set_loss(Project(), loss)
    check(start)
    after = edits.set_activation(start, 2, output)
    check(after)
    assert layers(after)[-1][1] == output
    back = edits.set_loss(after, loss)
    check(back)
    assert back.training.loss == loss


def test_settings_are_replaced_one_by_one():
    project = edits.with_data(Project(), noise=0.5, seed=9)
    project = edits.with_network(project, scale=1.0)
    project = edits.with_training(project, learning_rate=0.3)
    assert (project.data.noise, project.data.seed, project.data.examples) == (0.5, 9, 400)
    assert project.network.scale == 1.0
    assert project.training.learning_rate == 0.3


STRUCTURAL = ("insert_layer", "remove_layer", "duplicate_layer")


@given(st.lists(st.tuples(st.sampled_from(STRUCTURAL), st.integers(0, 6)), max_size=30))
def test_any_row_of_edits_keeps_the_project_valid(row):
    project = Project()
    for name, l in row:
        before = project
        kept = layers(before)
        try:
            project = getattr(edits, name)(project, l)
        except LayerwiseError:
            assert project is before
        assert layers(before) == kept
        check(project)
        assert layers(project)[-1] == OUT


@given(st.integers(1, 3), st.integers(1, 3))
def test_a_move_and_its_return_change_nothing(l, to):
    assert edits.move_layer(edits.move_layer(THREE, l, to), to, l) == THREE


@given(st.integers(1, 4))
def test_an_insertion_is_undone_by_removal(l):
    assert edits.remove_layer(edits.insert_layer(THREE, l), l) == THREE
