"""A run that is saved and resumed makes the numbers of one that never stopped, bit for bit."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from core.data.own import own_data
from core.edits import choose_own, with_data, with_network, with_training
from core.errors import LayerwiseError
from core.files import storage
from core.files.storage import Saved
from core.look.state import State
from core.nn.optimizers import OPTIMIZERS
from core.project import LayerSettings, Project
from core.state import RunState
from core.training.messages import Load, Run
from core.training.session import Session
from tests.core.files import made

BASE = with_data(Project(), examples=90, test_share=0.2)
WIDE = own_data(np.random.RandomState(0).rand(600, 40), [np.arange(40) % 2], "wide.npz")


def reopened(project: Project, state: RunState, own=None) -> Saved:
    return storage.decode(storage.encode(Saved(project, state, own)), "a.layerwise")


def after(session: Session, iterations: int) -> dict[str, object]:
    for _ in range(iterations):
        session.step()
    return made.parts(Saved(session.project, session.state()))


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("batch_size", [None, 16])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_resumed_run_continues_exactly(optimizer, batch_size, dtype):
    project = with_training(
        BASE, optimizer=optimizer, batch_size=batch_size, dtype=dtype, l2=0.1, learning_rate=0.01
    )
    one = Session(project)
    after(one, 47)
    saved = reopened(project, one.state())
    two = Session(saved.project, state=saved.state)
    assert two.score() == one.score()
    assert two.epoch == one.epoch
    assert made.parts(Saved(project, two.state())) == made.parts(Saved(project, one.state()))
    assert after(two, 60) == after(one, 60)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_many_inputs_resume_too(optimizer):
    project = with_training(choose_own(BASE, WIDE), optimizer=optimizer, learning_rate=0.01)
    project = with_data(project, test_share=0.25)
    one = Session(project, own=WIDE)
    after(one, 30)
    assert one.gram is (optimizer in ("gradient_descent", "momentum"))
    saved = reopened(project, one.state(), WIDE)
    two = Session(saved.project, own=saved.own, state=saved.state)
    assert after(two, 40) == after(one, 40)


def test_saving_disturbs_nothing():
    project = with_training(BASE, batch_size=16, optimizer="adam")
    one, two = Session(project), Session(project)
    for _ in range(30):
        one.state()
        after(one, 1)
        one.state()
    assert after(one, 1) == after(two, 31)


def test_an_iteration_half_made_begins_again(monkeypatch):
    monkeypatch.setattr("core.training.batch_loader.part_size", lambda sizes: 7)
    one = Session(BASE)
    for _ in range(25 * 11 + 4):  # 72 examples are 11 parts
        one.advance()
    assert one.iteration == 25
    saved = reopened(BASE, one.state())
    assert saved.state is not None
    assert saved.state.iteration == 25
    two = Session(saved.project, state=saved.state)
    assert after(two, 30) == after(one, 30)


def test_it_can_be_saved_again_before_it_continues():
    project = with_training(BASE, optimizer="adam", batch_size=8)
    one = Session(project)
    after(one, 13)
    two = Session(project, state=one.state())
    three = Session(project, state=two.state())
    assert after(three, 20) == after(one, 20)


def test_a_run_resumed_shows_the_step_it_will_make():
    project = with_training(BASE, optimizer="momentum")
    one = Session(project)
    after(one, 13)
    two = Session(project, state=one.state())
    assert np.array_equal(two.optimizer.state()["v"], one.optimizer.state()["v"])


def test_another_optimizer_chosen_before_resuming_begins_without_memory():
    one = Session(with_training(BASE, optimizer="adam"))
    after(one, 9)
    other = with_training(BASE, optimizer="momentum")
    two, three = Session(other, state=one.state()), Session(one.project, state=one.state())
    three.retune(other)
    one.retune(other)
    expected = after(one, 5)
    assert {**after(two, 5), "marks": expected["marks"]} == expected  # it never knew another one
    assert after(three, 5) == expected


def test_a_run_before_its_first_iteration_is_one_too():
    flat = np.random.RandomState(5).randn(17)
    one = Session(BASE, weights=flat)
    two = Session(BASE, state=one.state())
    assert after(two, 10) == after(one, 10)


def changed(state: RunState, **memory: np.ndarray) -> RunState:
    return replace(state, memory={**state.memory, **memory})


@pytest.mark.parametrize(
    ("memory", "reason"),
    [
        ({"order": np.zeros(72, int)}, "saved order"),
        ({"order": np.arange(71)}, "saved order"),
        ({"order": np.arange(72.0)}, "saved order"),
        ({"random_key": np.zeros(5, int)}, "saved order"),
        ({"random_place": np.array(625)}, "saved place"),
        ({"place": np.array([73, 0])}, "saved place"),
        ({"place": np.array([0, -1])}, "saved place"),
        ({"momentum_v": np.zeros(3)}, r"remembers \(3,\) numbers"),
        ({"momentum_v": np.zeros(())}, r"remembers \(\) numbers"),
    ],
)
def test_a_state_of_something_else_is_refused(memory, reason):
    project = with_training(BASE, optimizer="momentum")
    one = Session(project)
    after(one, 3)
    with pytest.raises(LayerwiseError, match=reason):
        Session(project, state=changed(one.state(), **memory))
    layers = (LayerSettings(units=3, activation="tanh"), *BASE.network.layers[1:])
    with pytest.raises(LayerwiseError, match="not one of this network"):
        Session(with_network(BASE, layers=layers), state=one.state())


def test_own_data_that_are_not_there_are_asked_for():
    project = choose_own(BASE, WIDE)
    with pytest.raises(LayerwiseError, match=r"data of your own, wide\.npz, which are not here"):
        Session(project)
    with pytest.raises(LayerwiseError, match="are not here"):
        Session(project, own=made.own())


def test_the_thread_takes_and_gives_it(driver):
    project = choose_own(BASE, WIDE)
    one = Session(project, own=WIDE)
    after(one, 12)
    driver.post(Load(project, 1, own=WIDE, state=one.state()))
    snapshot = driver.look(State())
    assert snapshot.iteration == 12
    assert made.parts(Saved(project, snapshot.state)) == made.parts(Saved(project, one.state()))
    driver.post(Run(5))
    driver.wait(17)
    snapshot = driver.look(State())
    assert made.parts(Saved(project, snapshot.state)) == after(one, 5)
    assert driver.look().state is None


def test_own_data_with_their_own_test_set_keep_it():
    own = own_data(WIDE.X[:3], WIDE.Y, "t.h5", test_examples=10)
    session = Session(with_data(choose_own(Project(), own), test_share=0.5), own=own)
    assert session.split.train.m == 30
    assert session.split.test is not None
    assert np.array_equal(session.split.test.X, own.X[:, 30:])
    assert session.split.features == ("x1", "x2", "x3")


def test_two_own_inputs_are_a_plane_with_features():
    own = own_data(WIDE.X[:2], WIDE.Y, "t.csv", inputs=("length", "width"))
    for features in itertools.combinations(("x1", "x2", "x1_squared"), 2):
        project = with_data(choose_own(Project(), own), features=features)
        assert project.sizes()[0] == 2
        assert Session(project, own=own).split.points is not None
