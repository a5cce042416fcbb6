"""A run in time: the same numbers however it is interrupted, the last finite ones at its end."""

import math
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from core.errors import LayerwiseError
from core.nn.cache import Cache
from core.nn.network import Network
from core.nn.optimizers import OPTIMIZERS
from core.nn.parameters import Parameters
from core.project import Project
from core.training import batch_loader
from core.training.divergence import causes_of
from core.training.session import Session
from tests.core.training.projects import project, tune

MINI: dict[str, Any] = {"batch_size": 64, "optimizer": "adam", "learning_rate": 0.01}


def run(given, steps, **keywords):
    session = Session(given, **keywords)
    for _ in range(steps):
        assert session.step()
    return session


def plain(given, steps, batches=None):
    """Parameters and costs after some steps, as a notebook would compute them."""
    session = Session(given)  # for the examples and the start only
    X, Y = session.split.train.X, session.split.train.Y
    p, grad = Parameters(session.p.sizes, flat=session.p.flat.copy()), Parameters(session.p.sizes)
    net = Network(p.sizes, given.activations, given.training.loss)
    optimizer = OPTIMIZERS[given.training.optimizer](p.flat, given.training.learning_rate)
    costs = []
    for step in range(steps):
        columns = slice(None) if batches is None else batches[step]
        x, y = X[:, columns], Y[:, columns]
        cache = Cache(p.sizes, x.shape[1])
        net.forward(p, x, cache)
        costs.append(net.cost(y, cache))
        net.backward(p, y, cache, grad)
        p.flat[...] -= optimizer.update(grad.flat)
    return p.flat, costs


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_full_batch_is_the_course_s_loop(optimizer):
    given = project(optimizer=optimizer, learning_rate=0.1)
    session = run(given, 30)
    flat, costs = plain(given, 30)
    assert np.array_equal(session.p.flat, flat)
    assert session.costs.tolist() == costs
    assert (session.iteration, session.epoch) == (30, 30)


def test_costs_are_those_before_each_update():
    session = Session(Project())
    before = session.score()[0].cost
    session.step()
    assert session.costs[0] == pytest.approx(before, rel=1e-12)
    assert session.score()[0].cost < before


class TestMiniBatches:
    def batches_of(self, given, steps):
        session, found = Session(given), []
        for _ in range(steps):
            found.append(session.record().examples.copy())
            session.step()
        return session, found

    def test_every_epoch_uses_every_example_once_and_reshuffles(self):
        session, batches = self.batches_of(project(**MINI), 21)
        assert [len(batch) for batch in batches] == 3 * [64, 64, 64, 64, 64, 64, 16]
        epochs = [np.concatenate(batches[start : start + 7]) for start in (0, 7, 14)]
        for epoch in epochs:
            assert sorted(epoch) == list(range(400))
        assert not np.array_equal(epochs[0], epochs[1])
        assert session.epoch == 3

    @pytest.mark.parametrize("optimizer", OPTIMIZERS)
    def test_updates_and_costs_are_those_of_the_batches(self, optimizer):
        given = project(**{**MINI, "optimizer": optimizer})
        session, batches = self.batches_of(given, 20)
        flat, costs = plain(given, 20, batches)
        np.testing.assert_allclose(session.p.flat, flat, rtol=1e-9, atol=1e-14)
        np.testing.assert_allclose(session.costs, costs, rtol=1e-12)

    def test_epoch_counts_when_its_last_batch_is_used(self):
        session, epochs = Session(project(**MINI)), []
        for _ in range(15):
            session.record()  # only looks
            epochs.append(session.epoch)
            session.step()
        assert epochs == [0] * 7 + [1] * 7 + [2]

    def test_the_same_seed_is_the_same_order_and_another_another(self):
        one, two = run(project(**MINI), 20), run(project(**MINI), 20)
        assert np.array_equal(one.p.flat, two.p.flat)
        other = Session(project(data={"seed": 2}, **MINI))
        assert not np.array_equal(
            other.record().examples, Session(project(**MINI)).record().examples
        )

    @pytest.mark.parametrize("size", [400, 401, 1_000_000])
    def test_a_batch_of_all_or_more_is_the_full_batch(self, size):
        assert np.array_equal(
            run(project(batch_size=size), 5).p.flat, run(project(batch_size=None), 5).p.flat
        )

    def test_scores_and_activations_are_over_all_examples(self):
        session = run(project(**MINI), 3)
        train = session.split.train
        cache = Cache(session.p.sizes, train.m)
        A = session.network.forward(session.p, train.X, cache)
        np.testing.assert_allclose(session.activations(2, fresh=True), A, rtol=1e-12)
        np.testing.assert_allclose(session.activations(1, fresh=False), cache.A[1], rtol=1e-12)
        assert session.activations(0, fresh=False) is train.X
        expected = session.network.cost(train.Y, cache)
        assert session.score()[0].cost == pytest.approx(expected, rel=1e-12)

    def test_batch_size_may_change_during_training(self):
        session = run(project(**MINI), 3)
        session.retune(project(**{**MINI, "batch_size": 100}))
        seen = [session.record().examples.copy()]
        for _ in range(2):
            session.step()
            seen.append(session.record().examples.copy())
        assert [len(examples) for examples in seen] == [100, 100, 8]
        session.retune(project(**{**MINI, "batch_size": None}))
        assert len(session.record().examples) == 400
        assert session.step()


class TestParts:
    """A long iteration is made in parts, whose gradients add up."""

    @pytest.fixture(autouse=True)
    def small_parts(self, monkeypatch):
        self.whole = run(project(), 4)
        self.whole_mini = run(project(**MINI), 9)
        monkeypatch.setattr(batch_loader, "part_size", lambda sizes: 30)

    def test_full_batch_in_parts_is_the_same(self):
        session = run(project(), 4)
        rounding = 4 * np.finfo(float).eps * np.abs(self.whole.p.flat).max()
        np.testing.assert_allclose(session.p.flat, self.whole.p.flat, rtol=1e-10, atol=rounding)
        np.testing.assert_allclose(session.grad.flat, self.whole.grad.flat, rtol=1e-8, atol=1e-15)
        np.testing.assert_allclose(session.costs, self.whole.costs, rtol=1e-12)
        assert session.epoch == 4

    def test_mini_batches_in_parts_are_the_same(self):
        session = run(project(**MINI), 9)
        np.testing.assert_allclose(session.p.flat, self.whole_mini.p.flat, rtol=1e-8)
        assert session.epoch == self.whole_mini.epoch == 1

    def test_nothing_changes_before_the_last_part(self):
        session = run(project(), 2)
        p, grad = session.p.flat.copy(), session.grad.flat.copy()
        for _ in range(13):  # of 14
            assert session.advance()
            assert (session.iteration, session.epoch, len(session.costs)) == (2, 2, 2)
        assert np.array_equal(session.p.flat, p)
        assert np.array_equal(session.grad.flat, grad)
        assert len(session.record().examples) == 400
        assert session.advance()
        assert session.iteration == 3
        assert not np.array_equal(session.p.flat, p)

    def test_a_retune_in_the_midst_begins_the_iteration_again(self):
        session, other = run(project(**MINI), 1), run(project(**MINI), 1)
        examples = session.record().examples
        assert session.advance()
        for each in (session, other):
            each.retune(project(**{**MINI, "optimizer": "momentum"}))
        assert np.array_equal(session.record().examples, examples)
        assert session.step()
        assert other.step()
        assert np.array_equal(session.p.flat, other.p.flat)

    def test_a_changed_learning_rate_does_not(self):
        session = Session(project())
        session.advance()
        session.retune(project(learning_rate=0.0001))
        for _ in range(13):
            session.advance()
        assert session.iteration == 1


class TestRegularization:
    def test_cost_and_gradient_include_it(self):
        given = project(l1=0.5, l2=3.0)
        session, bare = Session(given), Session(project())
        W = np.concatenate([W.ravel() for W in session.p.W.values()])
        session.step()
        bare.step()
        m = 400
        expected = bare.costs[0] + 0.5 / m * np.abs(W).sum() + 3.0 / (2 * m) * (W**2).sum()
        assert session.costs[0] == pytest.approx(expected, rel=1e-12)
        assert np.array_equal(session.grad.b[1], bare.grad.b[1])

    def test_the_score_of_training_is_the_cost_that_is_made_small(self):
        session = run(project(l2=3.0), 5)
        score = session.score()[0].cost
        session.step()
        assert session.costs[-1] == pytest.approx(score, rel=1e-12)


class TestRetune:
    def test_a_new_learning_rate_keeps_the_memory_of_the_optimizer(self):
        one, two = (run(project(**MINI), 5) for _ in range(2))
        one.retune(tune(one.project, learning_rate=0.02))
        step_one, step_two = one.record().step.flat, two.record().step.flat
        np.testing.assert_allclose(step_one, 2 * step_two, rtol=1e-12)

    def test_a_new_optimizer_continues_from_the_same_parameters(self):
        session = run(project(), 5)
        p = session.p.flat.copy()
        session.retune(tune(session.project, optimizer="adam", learning_rate=0.01))
        assert np.array_equal(session.p.flat, p)
        session.step()
        g = session.grad.flat  # the first step of Adam is the learning rate, whatever the gradient
        np.testing.assert_allclose(p - session.p.flat, 0.01 * g / (np.abs(g) + 1e-8), rtol=1e-6)
        assert session.iteration == 6

    def test_a_new_loss_is_measured_at_once(self):
        session = run(project(), 5)
        session.retune(tune(session.project, loss="squared_error"))
        A = session.activations(2, fresh=True)
        expected = 0.5 * ((A - session.split.train.Y) ** 2).mean()
        assert session.score()[0].cost == pytest.approx(expected, rel=1e-12)
        session.step()
        assert session.costs[-1] == pytest.approx(expected, rel=1e-12)

    def test_unfitting_values_are_refused_and_change_nothing(self):
        session = run(project(), 5)
        before = session.project
        with pytest.raises(LayerwiseError, match="batch_size"):
            session.retune(tune(before, batch_size=0))
        assert session.project is before
        assert session.step()


def test_record_is_the_iteration_that_follows():
    for given in (project(), project(**MINI), project(optimizer="momentum")):
        session = run(given, 5)
        record = session.record()
        session.step()
        np.testing.assert_allclose(record.after.flat, session.p.flat, rtol=1e-12)
        np.testing.assert_allclose(record.grad.flat, session.grad.flat, rtol=1e-9, atol=1e-15)
        assert pytest.approx(session.costs[-1], rel=1e-12) == record.J


class TestDivergence:
    @pytest.mark.parametrize("training", [{}, MINI, {"batch_size": 7}])
    def test_keeps_the_last_finite_parameters_and_says_where(self, training):
        given = project((8, "relu"), (8, "relu"), (1, "linear"), loss="squared_error", **training)
        session = Session(tune(given, learning_rate=1e200))
        with np.errstate(all="ignore"):
            steps = sum(session.step() for _ in range(20))
        assert steps < 20
        assert session.iteration == len(session.costs) == steps
        assert np.isfinite(session.p.flat).all()
        assert session.halt is not None
        assert session.halt.diverged
        assert f"at iteration {steps}" in str(session.halt.sentence)
        assert session.halt.layer in (1, 2, 3)
        assert session.allow(math.inf) == 0

    @pytest.mark.parametrize(
        ("l2", "optimizer", "says"),
        [(1.0, "gradient_descent", True), (0.7, "gradient_descent", False), (1.0, "adam", False)],
    )
    def test_the_penalty_is_named_where_it_drives_the_divergence(self, l2, optimizer, says):
        training = replace(project(learning_rate=1000.0, l2=l2).training, optimizer=optimizer)
        words = causes_of(training, 1000.0, 400)
        assert (words == "L2 drives it: at α = 1000 and λ = 1 it multiplies every weight by -1.5 in"
                " each update.") is says  # fmt: skip
        assert words.startswith("The usual causes are") is not says
        if says:
            session = Session(project(learning_rate=1000.0, l2=l2, loss="squared_error"))
            with np.errstate(all="ignore"):
                while session.step():
                    assert session.iteration < 3000
            assert session.halt is not None
            assert "largest numbers are in layer 1" in session.halt.sentence
            assert f"{words} Change one of these" in session.halt.sentence

    def test_a_diverged_run_continues_from_parameters_set_by_hand(self):
        session = Session(project((1, "linear"), loss="squared_error", learning_rate=100.0))
        while session.step():
            pass
        assert session.allow(5) == 0
        session.adjust(np.zeros_like(session.p.flat))
        assert session.halt is None
        assert session.allow(5) == 5
        assert session.step()

    def test_a_cost_that_explodes_stops_the_run(self):
        given = project((1, "linear"), loss="squared_error", learning_rate=100.0)
        session = Session(given)
        while session.step():
            assert session.iteration < 200
        assert "the cost has grown" in str(session.halt)
        assert session.costs.max() <= 1e5 * max(session.costs[0], 1)


def test_a_step_activation_is_refused_until_it_is_gone():
    session = Session(project((4, "step"), (1, "sigmoid")))
    assert session.allow(math.inf) == 0
    assert session.halt is not None
    assert "cannot be trained" in session.halt.sentence
    assert not session.halt.diverged
    assert Session(project()).allow(5) == 5


def test_play_continues_to_the_next_multiple_of_the_iterations():
    session = run(project(iterations=10), 3)
    assert session.allow(math.inf) == 7
    assert session.allow(2) == 2
    session = run(project(iterations=3), 3)
    assert session.allow(math.inf) == 3


def test_carry_over_keeps_unchanged_parameters():
    old = run(project((4, "tanh"), (1, "sigmoid")), 5)
    new = Session(project((5, "tanh"), (1, "sigmoid")))
    start = new.p.flat.copy()
    new.carry_over_from(old)
    assert np.array_equal(new.p.W[1][:4], old.p.W[1])
    assert np.array_equal(new.p.W[2][:, :4], old.p.W[2])
    assert np.array_equal(new.p.W[1][4], Parameters(new.p.sizes, flat=start).W[1][4])
    assert new.step()


def test_weights_replace_the_initial_parameters():
    flat = np.linspace(-1, 1, 17)
    assert np.array_equal(Session(Project(), weights=flat).p.flat, flat)
    with pytest.raises(LayerwiseError, match="16 initial parameters were given and the network"):
        Session(Project(), weights=flat[:16])


def test_test_curve_every_twentieth_iteration():
    session = run(project(data={"test_share": 0.25}), 41)
    iterations, costs = session.test_curve
    assert iterations.tolist() == [0, 20, 40]
    assert np.isfinite(costs).all()


@pytest.mark.parametrize("given", [project(), project(**MINI)])
def test_float32_stays_float32(given):
    session = run(tune(given, dtype="float32"), 10)
    assert session.p.flat.dtype == session.grad.flat.dtype == np.float32
    np.testing.assert_allclose(session.costs, run(given, 10).costs, rtol=1e-4)


def test_a_million_examples_fit_though_one_pass_over_them_would_not():
    """2.5 KB a pass of 64 units an example would be 2.6 GB; the parts need some MB."""
    session = Session(project((64, "tanh"), (1, "sigmoid"), data={"examples": 100_000}))
    assert session.advance()
    assert session.iteration == 0
