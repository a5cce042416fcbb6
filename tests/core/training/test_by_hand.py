"""Parameters set by hand during a run: it continues from them, with its memory."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.by_hand import BIAS, Numbers, Place, number
from core.errors import LayerwiseError
from core.files import storage
from core.files.storage import Saved
from core.limits import LARGEST
from core.look.activations import Activations
from core.look.boundary import Boundary
from core.look.next_iteration import NextIteration
from core.look.watcher import Watcher
from core.nn.cache import Cache
from core.nn.network import Network
from core.nn.optimizers import OPTIMIZERS
from core.nn.parameters import Parameters
from core.project import Project
from core.training.messages import Adjust, Load, Run
from core.training.session import Session
from tests.core import oracle
from tests.core.training.projects import project, wide
from tests.looking import answer_in, seen

W21, B4 = Place(1, 1, 0), Place(1, 3, BIAS)
BOTH = Numbers({W21: 0.75, B4: -2.0})


def loop(given: Project, split: Any, before: int, numbers: Numbers, after: int):
    """The same as a notebook would do it: train, set the numbers, train on."""
    session = Session(given, split=split)
    X, Y = session.split.train.X, session.split.train.Y
    p = Parameters(session.p.sizes, flat=session.p.flat.copy())
    grad, cache = Parameters(p.sizes, p.flat.dtype), Cache(p.sizes, X.shape[1], X.dtype)
    net = Network(p.sizes, given.activations, given.training.loss)
    optimizer = OPTIMIZERS[given.training.optimizer](p.flat, given.training.learning_rate)
    costs = []
    for step in range(before + after):
        if step == before:
            for (l, row, column), value in numbers.values.items():
                (p.b[l] if column == BIAS else p.W[l])[row, max(column, 0)] = value
        net.forward(p, X, cache)
        costs.append(net.cost(Y, cache))
        net.backward(p, Y, cache, grad)
        p.flat[...] -= optimizer.update(grad.flat)
    return p.flat, costs


def run(session: Session, iterations: int) -> Session:
    for _ in range(iterations):
        assert session.step()
    return session


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_run_continues_with_its_memory_of_gradients(optimizer, dtype):
    given = project(optimizer=optimizer, learning_rate=0.05, dtype=dtype)
    session = run(Session(given), 7)
    session.adjust(BOTH)
    assert session.p.W[1][1, 0] == 0.75
    assert session.p.b[1][3, 0] == -2.0
    run(session, 9)
    flat, costs = loop(given, None, 7, BOTH, 9)
    assert session.p.flat.dtype == dtype
    assert np.array_equal(session.p.flat, flat)
    assert session.costs.tolist() == costs
    assert session.by_hand.iterations.tolist() == [7]


@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum"])
def test_in_gram_form_too(optimizer):
    given = project((6, "relu"), (1, "sigmoid"), optimizer=optimizer, learning_rate=0.05)
    numbers = Numbers({Place(1, 2, 500): 0.5, Place(1, 0, BIAS): 1.5, Place(2, 0, 3): -1.0})
    session = run(Session(given, split=wide()), 7)
    assert session.gram
    grad = session.grad.flat.copy()
    session.adjust(numbers)
    for (l, row, column), value in numbers.values.items():
        assert session.p.Wb[l][row, column] == value  # to the last bit
    assert np.array_equal(session.grad.flat, grad)
    run(session, 30)
    flat, costs = loop(given, wide(), 7, numbers, 30)
    np.testing.assert_allclose(session.p.flat, flat, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(session.costs, costs, rtol=1e-11)


def test_an_iteration_half_made_begins_again(monkeypatch):
    given = project(data={"examples": 90, "test_share": 0.2})
    flat, costs = loop(given, None, 3, BOTH, 4)
    monkeypatch.setattr("core.training.batch_loader.part_size", lambda sizes: 7)
    session = Session(given)
    for _ in range(3 * 11 + 4):  # 72 examples are 11 parts
        session.advance()
    assert session.iteration == 3
    session.adjust(BOTH)
    run(session, 4)
    np.testing.assert_allclose(session.p.flat, flat, rtol=1e-11)
    np.testing.assert_allclose(session.costs, costs, rtol=1e-11)
    assert len(session.test_curve[0]) == 1


def test_with_mini_batches_the_order_stays():
    given = project(batch_size=64, optimizer="adam", learning_rate=0.01)
    one, two = run(Session(given), 5), run(Session(given), 5)
    two.adjust(BOTH)
    assert np.array_equal(two.record().examples, one.record().examples)
    assert one.optimizer.state()["m"].tolist() == two.optimizer.state()["m"].tolist()


def test_every_number_at_rest_is_of_the_new_parameters():
    session = run(Session(project(data={"examples": 40, "test_share": 0.25})), 5)
    watcher = Watcher(session)
    asks = Activations(1), NextIteration(), Boundary()
    before = seen(watcher, *asks)
    session.adjust(BOTH)
    watcher.forget()
    after = seen(watcher, *asks)
    p, train = after.parameters(), session.split.train
    W = {l: W.tolist() for l, W in p.W.items()}
    b = {l: b.tolist() for l, b in p.b.items()}
    names = session.project.activations
    made = oracle.one_pass(W, b, train.X.tolist(), train.Y.tolist(), names, "cross_entropy")
    assert after.train.cost == pytest.approx(made.J, rel=1e-12)
    A, record, field = (answer_in(after, type(ask)) for ask in asks)
    np.testing.assert_allclose(A, np.array(made.A[1]), rtol=1e-9)
    dW = np.array(made.dW[1])
    np.testing.assert_allclose(record.array("dW", 1), dW, rtol=1e-9, atol=1e-14)
    assert not np.array_equal(field.values, answer_in(before, Boundary).values)
    assert after.test != before.test
    assert after.iteration == before.iteration == len(after.costs)
    assert np.array_equal(after.test_iterations, before.test_iterations)
    assert (after.adjusted, after.by_hand.tolist()) == (1, [5])


def test_a_reverted_change_is_not_recorded():
    session = run(Session(project()), 5)
    was = float(session.p.W[1][1, 0])
    for value in (1.0, 2.0, was):
        session.adjust(number(W21, value))
    assert session.by_hand.iterations.tolist() == []
    run(session, 5)
    assert np.array_equal(session.p.flat, run(Session(project()), 10).p.flat)


def test_a_structural_edit_keeps_weights_set_before_the_first_iteration(driver):
    bigger = project((5, "tanh"), (1, "sigmoid"))
    driver.post(Load(project(), 1), Adjust(BOTH))
    for number_of_run, given in enumerate((bigger, project(), bigger), start=2):
        driver.post(Load(given, number_of_run, keep=True))
        p = driver.look().parameters()
        assert (p.W[1][1, 0], p.b[1][3, 0]) == (0.75, -2.0)
    driver.post(Load(project(), 5), Load(bigger, 6, keep=True))
    assert np.array_equal(driver.look().flat, Session(bigger).p.flat)


def test_a_load_sets_them_before_it_begins(driver):
    driver.post(Load(project(), 1, by_hand=BOTH))
    assert driver.look().parameters().W[1][1, 0] == 0.75


def test_it_is_saved_with_the_run():
    given = project(optimizer="adam", learning_rate=0.01)
    one = run(Session(given), 5)
    one.adjust(BOTH)
    saved = storage.decode(storage.encode(Saved(given, one.state())), "a.layerwise")
    two = Session(given, state=saved.state)
    assert two.by_hand.iterations.tolist() == [5]
    assert np.array_equal(run(one, 5).p.flat, run(two, 5).p.flat)


@pytest.mark.parametrize("wrong", [[3, 1], [9], [-1], [[1]], [0.5], 3])
def test_a_damaged_memory_of_it_is_refused(wrong):
    state = run(Session(project()), 5).state()
    damaged = replace(state, memory={**state.memory, "by_hand": np.array(wrong)})
    with pytest.raises(LayerwiseError, match="by hand"):
        Session(project(), state=damaged)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e10, -1e300])
def test_a_number_that_is_none_is_refused(value):
    with pytest.raises(LayerwiseError, match="cannot be"):
        number(W21, value)
    assert number(W21, -LARGEST).values == {W21: -LARGEST}


def test_the_loop_obeys_at_rest_and_during_training(driver):
    driver.post(Load(project(), 1), Adjust(BOTH))
    assert driver.look().parameters().W[1][1, 0] == 0.75
    driver.post(Run())
    driver.wait(50)
    driver.post(Adjust(number(W21, 9.0)), Run(0))
    resting = driver.look()
    assert resting.parameters().W[1][1, 0] == 9.0
    assert resting.by_hand.tolist() == [0, resting.iteration]
