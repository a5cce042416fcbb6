"""Distributions over a run: every count equals a plain loop, and no bin is ever split."""

import math
from contextlib import nullcontext
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.by_hand import Place, number
from core.look.distributions import Distributions
from core.look.frames import HALF, LEAST, Frame, Histogram, histogram
from core.look.rations import Budget
from core.look.recorder import GROWTH, MOST, Evenly, Recorder
from core.nn.optimizers import OPTIMIZERS
from core.training.messages import Adjust, Branch, Load, Run, Visit
from core.training.session import Session
from tests.core.oracle import one_pass
from tests.core.training.projects import project, wide

finite = st.floats(-1e6, 1e6).filter(lambda x: x == 0 or abs(x) > 1e-9)


def loop(values, exponent):
    """How many values each bin of this width has."""
    counts = [0] * (2 * HALF)
    for v in values:
        counts[math.floor(v / 2.0**exponent) + HALF] += 1
    return counts


@given(st.lists(finite, min_size=1, max_size=60))
def test_counts_are_those_of_a_loop_and_nothing_is_clipped(values):
    found = histogram(np.array(values))
    assert found.counts.tolist() == loop(values, found.exponent)
    assert found.counts.sum() == len(values)
    if max(map(abs, values)) > 2.0**-50:  # half as wide, they would not fit
        assert max(map(abs, values)) >= HALF / 2 * 2.0**found.exponent


@given(st.lists(finite, min_size=1, max_size=60), st.integers(0, 40))
def test_wider_bins_have_exactly_the_counts_they_would_have_had(values, shift):
    found = histogram(np.array(values))
    wider = found.exponent + shift
    assert found.at(wider).tolist() == loop(values, wider)


@pytest.mark.parametrize("values", [[0.0, 0.0], [], [1e-300, -1e-300]])
def test_zeros_and_nothing_have_a_histogram_too(values):
    found = histogram(np.array(values))
    assert found.counts.sum() == len(values)
    assert found.at(5).sum() == len(values)
    assert found.exponent == LEAST  # it widens no other's bins


def test_values_that_are_not_finite_are_left_out():
    found = histogram(np.array([np.nan, np.inf, 1.0, -1.0]))
    assert found.counts.sum() == 2


def test_of_very_many_numbers_some_are_counted():
    found = histogram(np.linspace(-1, 1, 1_000_001))
    assert 2**17 < found.counts.sum() <= 2**18


def parameters(session):
    return {l: session.p.W[l].copy() for l in session.network.activations}


LAYERS = [((4, "tanh"), (3, "relu"), (1, "sigmoid"))]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("batch_size", [None, 64])
def test_a_frame_equals_plain_loops(optimizer, batch_size):
    of = project(*LAYERS[0], optimizer=optimizer, learning_rate=0.02, batch_size=batch_size)
    session = Session(of)
    for _ in range(20):
        session.step()
    before = parameters(session)
    examples = session.record().examples
    train = session.split.train
    made = one_pass(
        {l: W.tolist() for l, W in before.items()},
        {l: session.p.b[l].tolist() for l in before},
        train.X[:, examples].tolist(), train.Y[:, examples].tolist(),
        of.activations, of.training.loss,
    )  # fmt: skip
    session.step()
    frame = Recorder(session).frames(now=True)[-1]
    assert (frame.iteration, frame.examples) == (21, 400)
    after = one_pass(
        {l: session.p.W[l].tolist() for l in before}, {l: session.p.b[l].tolist() for l in before},
        train.X.tolist(), train.Y.tolist(), of.activations, of.training.loss,
    )  # fmt: skip
    for l, layer in enumerate(frame.layers, start=1):
        W = session.p.W[l]
        assert_counts(layer.weights, W.ravel().tolist())
        assert_counts(layer.gradients, [x for row in made.dW[l] for x in row])
        A = after.A[l]
        assert_counts(layer.activations, [a for unit in A for a in unit])
        update = math.sqrt(sum((a - b) ** 2 for a, b in zip(W.flat, before[l].flat, strict=True)))
        weight = math.sqrt(sum(b * b for b in before[l].flat))
        assert layer.ratio == pytest.approx(update / weight, rel=1e-6)
        assert layer.saturated == pytest.approx(share_saturated(of.activations[l - 1], A))
        stuck = sum(share_saturated(of.activations[l - 1], [unit]) == 1 for unit in A) / len(A)
        assert layer.stuck == pytest.approx(stuck)


def share_saturated(name, A):
    low, high = {"tanh": (-0.98, 0.98), "sigmoid": (0.01, 0.99), "relu": (1e-300, math.inf)}[name]
    found = [a < low or a > high for unit in A for a in unit]
    return sum(found) / len(found)


def assert_counts(found, values):
    """Equal but for values that rounding puts on the other side of a bin's edge."""
    expected = loop(values, found.exponent)
    assert sum(expected) == found.counts.sum()
    assert np.abs(np.cumsum(found.counts.astype(int) - expected)).max() <= 1


def test_in_gram_form_the_update_is_that_of_the_plain_weights():
    session = Session(project((3, "tanh"), (1, "sigmoid"), learning_rate=0.01), wide())
    for _ in range(5):
        session.step()
    before = parameters(session)
    session.step()
    assert session.gram
    frame = Recorder(session).frames(now=True)[-1]
    for l, layer in enumerate(frame.layers, start=1):
        update = np.linalg.norm(session.p.W[l] - before[l]) / np.linalg.norm(before[l])
        assert layer.ratio == pytest.approx(update, rel=1e-6)


def test_before_the_first_update_there_is_no_ratio_and_no_gradient():
    frame = Recorder(Session(project())).frames(now=True)[-1]
    for layer in frame.layers:
        assert math.isnan(layer.ratio)
        assert layer.gradients.counts.sum() == 0
        assert layer.weights.counts.sum() > 0
    session = Session(project(), state=run(project(), 3).state())
    assert math.isnan(Recorder(session).frames(now=True)[-1].layers[0].ratio)


def test_where_nothing_saturates_there_are_no_shares():
    session = Session(project((3, "leaky_relu"), (1, "linear"), loss="squared_error"))
    assert all(math.isnan(layer.stuck) for layer in Recorder(session).frames(now=True)[-1].layers)


def run(of, count):
    session = Session(of)
    for _ in range(count):
        session.step()
    return session


class Plenty:
    """An allowance that never ends."""

    left = True

    def spent(self):
        return nullcontext()


class StillSession:
    """A session whose iteration is set by hand."""

    def __init__(self):
        self._session = Session(project((1, "sigmoid")))
        self.iteration = 0

    def __getattr__(self, name):
        return getattr(self._session, name)


@pytest.fixture
def recorder(monkeypatch):
    monkeypatch.setattr("core.look.recorder.Budget", lambda *_: Plenty())
    session = StillSession()
    made = Recorder(session)  # type: ignore[arg-type]  # all that it uses of one
    made.session = session  # type: ignore[attr-defined]  # for the test to move
    return made


@given(st.lists(st.integers(1, 5000), max_size=1500))
@example([1] * 1500)
@example([1] * 600 + [5000] * 600)
def test_however_long_a_run_few_frames_are_kept_evenly(steps):
    even, iteration = Evenly(), 0
    for step in steps:
        iteration += step
        if even.wants(iteration):
            even.add(Frame(iteration, 1, ()))
        assert len(even.frames) <= MOST
    at = [kept.iteration for kept in even.frames]
    assert at == sorted(set(at))
    gaps = np.diff(at)
    if len(gaps):
        assert gaps.min() >= min(even.gap, gaps.max()) / 2 - 1
        assert gaps.max() <= 2 * (even.gap + max(steps))


def test_at_the_start_they_are_dense_and_then_grow_apart(recorder):
    session, seen = recorder.session, []
    for session.iteration in range(100_000):
        if session.iteration >= recorder.due:
            seen.append(session.iteration)
            recorder.keep()
    assert seen[:8] == [0, 1, 2, 3, 4, 5, 7, 9]
    assert all(b <= math.ceil(a * GROWTH) for a, b in pairwise(seen[5:]))
    assert len(seen) < 60
    assert [frame.iteration for frame in recorder.frames(now=False)] == seen


def test_recording_takes_no_more_than_its_share_of_the_time(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("core.look.rations.perf_counter", lambda: now[0])
    allowance, used = Budget(0.03, 0.005), 0.0
    for _ in range(100_000):
        now[0] += 0.001
        if allowance.left:
            with allowance.spent():
                now[0] += 0.01
                used += 0.01
    assert used <= 0.03 + 0.01 + 0.0051 * now[0]
    now[0] += 3600
    assert allowance.left
    with allowance.spent():
        now[0] += 0.04
    assert not allowance.left  # an hour of rest is not saved up


def test_a_late_viewer_gets_the_past(driver, monkeypatch):
    monkeypatch.setattr(Budget, "left", True)  # on a busy machine there is less time for it
    driver.settled(Load(project(), 1), Run(3000))
    at = [frame.iteration for frame in driver.ask(Distributions())]
    assert at[:6] == [0, 1, 2, 3, 4, 5]
    assert at[-1] == 3000
    assert len(at) > 25
    assert driver.look().answer(Distributions()) is None


def test_recording_changes_no_number(driver):
    of = project(batch_size=64, optimizer="adam", learning_rate=0.01)
    driver.post(Load(of, 1))
    for _ in range(4):
        driver.settled(Run(50))
        driver.ask(Distributions())
    assert np.array_equal(driver.look().flat, run(of, 200).p.flat)


def test_a_branch_keeps_the_earlier_frames(driver):
    driver.settled(Load(project(), 1), Run(500))
    whole = driver.ask(Distributions())
    assert driver.settled(Visit(100)).iteration == 100
    driver.settled(Branch(2))
    kept = driver.ask(Distributions())
    assert [f.iteration for f in kept[:-1]] == [f.iteration for f in whole if f.iteration < 100]
    assert kept[-1].iteration == 100
    driver.settled(Run(50))
    assert driver.ask(Distributions())[-1].iteration == 150


def test_numbers_set_by_hand_show_at_once(driver):
    driver.settled(Load(project(), 1), Run(10))
    before = driver.ask(Distributions())[-1]
    driver.post(Adjust(number(Place(1, 0, 0), 100.0)))
    after = driver.ask(Distributions())[-1]
    assert after.iteration == before.iteration
    assert after.layers[0].weights.exponent > before.layers[0].weights.exponent


def test_a_histogram_is_frozen():
    found = histogram(np.arange(5.0))
    assert isinstance(found, Histogram)
    with pytest.raises(ValueError, match="read-only"):
        found.counts[0] = 1
