"""A run continues when its examples are painted on: parameters, costs and optimizer stay."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.own import drawn
from core.data.painting import Painting, copied
from core.data.sheet import Sheet
from core.edits import choose_own, choose_source, only_painted, with_data, with_training
from core.errors import LayerwiseError
from core.look.plane import plane_of
from core.project import Project, check, decode, encode
from core.training.data_source import split_of
from core.training.session import Session

SHEET = Sheet(x1=(-5.0, 5.0), x2=(-5.0, 5.0), began="flower")
FLOWER = copied(drawn("flower", 60, 0.2, 1), SHEET)


def session_of(painting: Painting, **training: object) -> Session:
    own = painting.own()
    return Session(with_training(choose_own(Project(), own), **training), own=own)


def steps(session, count):
    for _ in range(count):
        assert session.step()
    return session


@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum", "rmsprop", "adam"])
@pytest.mark.parametrize("batch", [None, 16])
def test_the_run_continues_with_the_new_examples(optimizer, batch):
    settings = {"optimizer": optimizer, "batch_size": batch, "learning_rate": 0.1}
    old = steps(session_of(FLOWER, **settings), 7)
    painted = FLOWER.painted([[1.0, 2.0], [0.0, 0.5]], 1)
    new = session_of(painted, **settings)
    new.continue_from(old)
    assert new.iteration == 7
    assert new.epoch == old.epoch
    assert np.array_equal(new.p.flat, old.p.flat)
    assert np.array_equal(new.costs, old.costs)
    for name, array in old.optimizer.state().items():
        assert np.array_equal(new.optimizer.state()[name], array)
    steps(new, 5)
    # The same by hand: another run from the same parameters and memory.
    fresh = session_of(painted, **settings)
    start, memory = fresh.state(), {**old.state().memory}
    memory.pop("order", None)  # of the old examples; what the optimizer remembers stays
    start = replace(start, flat=old.p.flat, memory={**memory, **start.memory})
    alone = Session(fresh.project, own=fresh.own, state=start)
    steps(alone, 5)
    assert np.array_equal(alone.p.flat, new.p.flat)
    assert np.array_equal(new.costs, [*old.costs, *alone.costs])


def test_the_test_curve_continues_too():
    def with_test(painting):
        own = painting.own()
        given = with_data(choose_own(Project(), own), test_share=0.3)
        return Session(given, own=own)

    old = steps(with_test(FLOWER), 30)
    new = with_test(FLOWER.without([3, 4]))
    new.continue_from(old)
    steps(new, 31)
    assert new.test_curve[0].tolist() == [0, 20, 40, 60]


def test_other_data_start_a_new_run():
    flower = Project()
    painted = choose_own(flower, FLOWER.own())
    more = choose_own(flower, FLOWER.painted([[0.0], [0.0]], 0).own())
    blank = Painting(Sheet(x1=(-1, 1), x2=(-1, 1)), ("0", "1")).painted([[0.0], [0.0]], 0)
    moons = choose_source(flower, "moons")
    assert only_painted(flower, painted)  # painting begins ...
    assert only_painted(painted, more)
    assert only_painted(painted, flower)  # ... and is undone
    assert not only_painted(painted, moons)
    assert not only_painted(moons, painted)
    assert not only_painted(flower, moons)
    assert not only_painted(flower, choose_own(flower, blank.own()))
    assert not only_painted(painted, choose_own(flower, blank.own()))


def test_the_sheet_does_not_follow_the_points():
    given = choose_own(Project(), FLOWER.own())
    few = FLOWER.without(range(50)).own()
    for own, project in ((FLOWER.own(), given), (few, choose_own(Project(), few))):
        plane = plane_of(split_of(project, own))
        assert plane is not None
        assert (plane.x1, plane.x2) == (SHEET.x1, SHEET.x2)


@given(st.integers(0, 20), st.floats(0, 0.8))
def test_erasing_other_points_keeps_a_points_role(gone, share):
    def parts(painting):
        own = painting.own()
        split = split_of(with_data(choose_own(Project(), own), test_share=share), own)
        test = set() if split.test_points is None else set(map(tuple, split.test_points.T))
        assert split.points is not None
        return set(map(tuple, split.points.T)), test

    train, test = parts(FLOWER)
    fewer = parts(FLOWER.without(range(gone))) if gone else (train, test)
    assert fewer[0] <= train
    assert fewer[1] <= test


def test_one_class_alone_and_one_point_alone_are_trained():
    alone = FLOWER.without(range(59))
    session = session_of(alone)
    steps(session, 20)
    assert np.isfinite(session.costs).all()
    assert session.score()[0].accuracy == 1.0


def test_a_new_class_brings_its_output():
    project = choose_own(Project(), FLOWER.painted([[0.0], [0.0]], 2).own())
    check(project)
    assert project.sizes() == (2, 4, 3)
    assert project.activations[-1] == "softmax"


def test_the_project_describes_the_painted_data():
    project = choose_own(Project(), FLOWER.own())
    assert decode(encode(project)) == project
    assert b'"sheet"' not in encode(choose_own(Project(), drawn("moons", 10, 0.1, 1)))
    broken = encode(project).replace(b"-5.0", b"7.0")
    with pytest.raises(LayerwiseError, match="The sheet goes from"):
        decode(broken)
    with pytest.raises(
        LayerwiseError, match=r"data.own.inputs is 3: use a whole number from 2 to 2"
    ):
        decode(encode(project).replace(b'"inputs": 2', b'"inputs": 3'))


def test_before_the_first_pass_activations_are_those_of_the_new_examples():
    old = steps(session_of(FLOWER), 3)
    new = session_of(FLOWER.painted([[1.0], [1.0]], 1))
    new.continue_from(old)
    assert np.array_equal(new.activations(1, fresh=False), new.activations(1, fresh=True))
    resumed = Session(old.project, old.split, state=old.state())
    assert np.array_equal(resumed.activations(1, fresh=False), old.activations(1, fresh=True))
