"""Every optimizer against its paper in scalars; copies and restored ones continue equally."""

import copy
import math

import numpy as np
import pytest

from core.nn.optimizers import OPTIMIZERS

RATE = 0.05


def gradient_descent(gradients, alpha):
    return [alpha * g for g in gradients]


def momentum(gradients, alpha, beta=0.9):
    v, steps = 0.0, []
    for g in gradients:
        v = beta * v + (1 - beta) * g
        steps.append(alpha * v)
    return steps


def rmsprop(gradients, alpha, beta=0.9, epsilon=1e-8):
    s, steps = 0.0, []
    for g in gradients:
        s = beta * s + (1 - beta) * g**2
        steps.append(alpha * g / (math.sqrt(s) + epsilon))
    return steps


def adam(gradients, alpha, beta1=0.9, beta2=0.999, epsilon=1e-8):
    m, v, steps = 0.0, 0.0, []
    for t, g in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        steps.append(alpha * m_hat / (math.sqrt(v_hat) + epsilon))
    return steps


ORACLES = {f.__name__: f for f in (gradient_descent, momentum, rmsprop, adam)}


def gradients(n=7, times=12, dtype=np.float64):
    """Of sizes from 1e-9 (near epsilon) to 1e3, and one that is always 0."""
    rng = np.random.RandomState(0)
    scale = np.append(10.0 ** np.linspace(-9, 3, n - 1), 0.0)
    return (rng.randn(times, n) * scale).astype(dtype)


def updates(optimizer, given):
    return [optimizer.update(g).copy() for g in given]


def test_every_optimizer_has_an_oracle():
    assert ORACLES.keys() == OPTIMIZERS.keys()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_updates_are_the_papers(name):
    given = gradients()
    steps = updates(OPTIMIZERS[name](given[0], RATE), given)
    for i, column in enumerate(given.T.tolist()):
        np.testing.assert_allclose(
            [step[i] for step in steps], ORACLES[name](column, RATE), rtol=1e-12
        )


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_float32_stays_float32_and_the_gradient_as_it_is(name):
    given = gradients(dtype=np.float32)
    optimizer, before = OPTIMIZERS[name](given[0], RATE), given.copy()
    steps = updates(optimizer, given)
    assert {step.dtype for step in steps} == {np.dtype(np.float32)}
    assert np.array_equal(given, before)
    np.testing.assert_allclose(steps[-1][3], ORACLES[name](given.T.tolist()[3], RATE)[-1], 1e-5)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_step_is_made_in_place(name):
    optimizer = OPTIMIZERS[name](np.zeros(3), RATE)
    assert optimizer.update(np.ones(3)) is optimizer.update(np.ones(3))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_copy_is_independent(name):
    given = gradients()
    optimizer = OPTIMIZERS[name](given[0], RATE)
    updates(optimizer, given[:5])
    twin = copy.deepcopy(optimizer)
    expected = updates(twin, given[5:])
    assert np.array_equal(updates(optimizer, given[5:]), expected)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_restored_state_continues_exactly(name):
    given = gradients()
    optimizer = OPTIMIZERS[name](given[0], RATE)
    updates(optimizer, given[:5])
    saved = {letter: array.copy() for letter, array in optimizer.state().items()}
    expected = updates(optimizer, given[5:])
    fresh = OPTIMIZERS[name](given[0], RATE)
    fresh.restore(saved)
    assert np.array_equal(updates(fresh, given[5:]), expected)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_rate_may_change_between_two_updates(name):
    optimizer, twin = (OPTIMIZERS[name](np.zeros(2), RATE) for _ in range(2))
    for each in (optimizer, twin):
        each.update(np.ones(2))
    twin.rate = 2 * RATE
    assert twin.rate == 2 * RATE
    np.testing.assert_allclose(twin.update(np.ones(2)), 2 * optimizer.update(np.ones(2)), 1e-14)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_linear_optimizers_are_marked(name):
    given = gradients()
    one, two = (OPTIMIZERS[name](given[0], RATE) for _ in range(2))
    doubled = np.allclose(2 * np.array(updates(one, given)), updates(two, 2 * given), 1e-12, 0)
    assert doubled is OPTIMIZERS[name].linear


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", [name for name, made in OPTIMIZERS.items() if made.memory])
def test_no_memory_stays_too_small_to_be_fast(name, dtype):
    """Numbers below the smallest normal one would be carried along for good."""
    optimizer = OPTIMIZERS[name](np.zeros(3, dtype), RATE)
    optimizer.update(np.array([1e-30, 1e-3, 0.0], dtype))
    for _ in range(10_000):
        optimizer.update(np.array([0.0, 1e-3, 0.0], dtype))
    for letter in optimizer.memory:
        array = np.abs(optimizer.state()[letter])
        assert not ((array > 0) & (array < np.finfo(dtype).tiny)).any()
        assert array[1] > 0
