"""Choosing data or a loss adapts what must fit it, and says so."""

import pytest

from core.data.datasets import DATASETS
from core.edits import (
    choose_source,
    consequence,
    set_activation,
    set_loss,
    set_units,
    with_data,
)
from core.project import Project, check
from core.training.session import Session


@pytest.mark.parametrize("name", DATASETS)
def test_every_data_set_can_be_chosen_and_gives_a_valid_project(name):
    after = choose_source(Project(), name)
    check(after)
    assert after.data.source == name
    assert after.data.noise == DATASETS[name].default_noise
    assert after.network.layers[-1].units == DATASETS[name].n_y


@pytest.mark.parametrize("name", DATASETS)
def test_every_data_set_that_is_chosen_trains(name):
    session = Session(choose_source(Project(), name))
    for _ in range(3):
        assert session.step()
    assert session.halt is None


def test_no_more_examples_than_there_are():
    many = with_data(Project(), examples=5000)
    assert choose_source(many, "digits").data.examples == DATASETS["digits"].most
    assert choose_source(many, "moons").data.examples == 5000


def test_a_noise_that_was_set_stays_within_the_new_limits():
    noisy = with_data(Project(), source="gaussians", noise=2.5)
    assert choose_source(noisy, "flower").data.noise == 1.0
    assert choose_source(noisy, "moons").data.noise == 2.0


def test_the_same_kind_of_labels_leaves_the_output_alone():
    project = set_activation(Project(), 2, "tanh")
    after = choose_source(project, "moons")
    assert after.network == project.network
    assert after.training == project.training
    assert consequence(project, after) == ""


@pytest.mark.parametrize(
    ("name", "output"),
    [("blobs", (4, "softmax", "cross_entropy")), ("plane", (1, "linear", "squared_error"))],
)
def test_another_kind_of_labels_brings_another_output_and_back(name, output):
    after = choose_source(Project(), name)
    last = after.network.layers[-1]
    assert (last.units, last.activation, after.training.loss) == output
    check(after)
    said = consequence(Project(), after)
    assert name.title() in said
    assert last.activation in said
    assert choose_source(after, "flower") == Project()


def test_a_loss_that_needs_a_probability_explains_its_changes():
    linear = set_activation(Project(), 2, "linear")
    assert consequence(Project(), linear) == (
        "The loss became squared error, because linear does not give a probability."
    )
    assert consequence(linear, set_loss(linear, "cross_entropy")) == (
        "The output is now sigmoid with cross-entropy, which needs the probability that sigmoid"
        " gives."
    )


def test_a_requested_change_needs_no_explanation():
    project = Project()
    assert consequence(project, project) == ""
    assert consequence(project, set_loss(project, "squared_error")) == ""
    assert consequence(project, set_units(project, 1, 5)) == ""


@pytest.mark.parametrize("between", ["step", "tanh", "linear", "relu"])
def test_a_restored_output_restores_its_loss_with_an_explanation(between):
    other = set_activation(Project(), 2, between)
    assert other.training.loss == "squared_error"
    back = set_activation(other, 2, "sigmoid")
    assert back == Project()
    assert consequence(other, back).startswith("The output is now sigmoid with cross-entropy")


def test_a_chosen_loss_stays():
    chosen = set_loss(Project(), "squared_error")
    assert set_activation(chosen, 2, "softmax").training.loss == "squared_error"
    assert set_activation(chosen, 1, "sigmoid").training.loss == "squared_error"
    plane = choose_source(Project(), "plane")
    assert set_activation(plane, 2, "sigmoid").training.loss == "squared_error"
