"""A picture and its column: the order of its numbers, and what the two reshapes are worth."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from core import Project, edits
from core.errors import Interrupted, LayerwiseError
from core.labs import pictures
from core.labs.pictures import IN_MEMORY, ORDERS, TOY
from core.training.data_source import split_of


def unheard(*_):
    pass


def test_the_column_of_the_toy_is_0_to_17():
    column = pictures.column_of(pictures.toys().sets[0][0], IN_MEMORY)
    assert column.shape == (18, 1)
    assert column[:, 0].tolist() == list(range(18))


@pytest.mark.parametrize("order", ORDERS)
def test_every_number_is_where_the_maps_say(order):
    A = pictures.toys().sets[0][0]
    column = pictures.column_of(A, order)
    np.testing.assert_array_equal(column, eval(pictures.code_of(order), {"A": A}))
    for row, across, channel in itertools.product(*map(range, TOY)):
        place = row, across, channel
        at = pictures.row_of(place, TOY, order)
        assert column[at, 0] == A[place]
        assert pictures.place_of(at, TOY, order) == place


def test_the_right_reshape_has_a_picture_in_each_column_and_the_wrong_one_many():
    toys = pictures.toys()
    for k in range(pictures.TOYS):
        right = pictures.column_as_picture(toys, "right", k)
        np.testing.assert_array_equal(right, toys.sets[0][k])
        assert pictures.sources(toys, "right", k) == 1
    wrong = pictures.column_as_picture(toys, "wrong", 0)
    assert wrong.reshape(-1)[:4].tolist() == [0, 4, 8, 12]
    assert pictures.sources(toys, "wrong", 0) == 4
    for reshape in pictures.RESHAPES.values():
        A = toys.sets[0]
        np.testing.assert_array_equal(reshape.do(A), eval(reshape.code, {"A": A, "m": len(A)}))
        assert reshape.do(A).shape == (18, 4)
        for k in range(4):
            column = pictures.column_as_picture(toys, reshape.name, k).reshape(-1)
            np.testing.assert_array_equal(column, reshape.do(A)[:, k])


def test_both_are_trained_to_the_accuracies_of_the_lesson():
    album = pictures.digits()
    right = pictures.learned(album, "right", unheard, unheard)
    wrong = pictures.learned(album, "wrong", unheard, unheard)
    assert right.costs[0] == pytest.approx(np.log(10))
    assert right.costs[-1] == pytest.approx(0.172771, abs=1e-6)
    assert wrong.costs[-1] == pytest.approx(2.117916, abs=1e-6)
    assert (right.accuracy, right.test_accuracy) == pytest.approx((0.9696, 0.9621), abs=1e-4)
    assert (wrong.accuracy, wrong.test_accuracy) == pytest.approx((0.263, 0.085), abs=1e-3)


def test_the_pictures_of_a_project_are_learned_by_its_own_network():
    project = edits.choose_source(Project(), "digits")
    project = edits.with_data(project, examples=200, test_share=0.2, normalize=True)
    project = edits.with_training(project, iterations=20)
    split = split_of(project)
    album = pictures.pictures_of(split, project)
    assert [len(each) for each in album.sets] == [160, 40]
    assert album.picture == (8, 8, 1)
    assert float(album.sets[0].min()) == pytest.approx(0.0, abs=1e-12)  # as before normalizing
    assert float(album.sets[0].max()) == pytest.approx(1.0)
    session = pictures.session_of(album, "right", unheard)
    np.testing.assert_allclose(session.split.train.X, split.train.X, atol=1e-12)
    np.testing.assert_array_equal(session.split.train.Y, split.train.Y)
    assert session.project.network == project.network
    assert session.project.training == project.training
    trained = pictures.learned(album, "right", unheard, unheard)
    assert len(trained.costs) == 21


def test_other_data_are_refused_in_a_sentence():
    project = Project()
    with pytest.raises(LayerwiseError, match="no pictures"):
        pictures.pictures_of(split_of(project), project)
    with pytest.raises(LayerwiseError, match="no labels"):
        pictures.learned(pictures.toys(), "right", unheard, unheard)


def test_training_can_be_cancelled():
    def stop():
        raise Interrupted

    album = replace(pictures.digits())
    with pytest.raises(Interrupted):
        pictures.learned(album, "right", stop, unheard)


def test_a_picture_is_painted_in_its_own_colours():
    grey = np.array([[[0.0], [0.5]], [[1.0], [2.0]]])
    assert pictures.as_bytes(grey, 1.0)[:, :, 0].tolist() == [[0, 128], [255, 255]]
    toys = pictures.toys()
    assert pictures.full_colour(toys.sets[0][0]) == 17.0
    assert pictures.full_colour(grey / 4) == 1.0
    assert pictures.whole_bytes(np.array([[[17 / 255], [1.0]]]))
    assert not pictures.whole_bytes(pictures.digits().sets[0][0])
    assert not pictures.whole_bytes(grey)
    painted = pictures.as_bytes(toys.sets[0][0], 17.0)
    assert painted[2, 2].tolist() == [240, 255, 0]
