"""The gradient of every activation and loss is right, and a planted bug is found and named."""

import numpy as np
import pytest
from hypothesis import given, settings

from core.nn.gradient_check import gradient_check
from core.nn.initializers import initialize
from tests.core.nn.networks import HIDDEN, OUTPUTS, SMOOTH, TRAINABLE, Case, cases

PAIRS = [(name, loss) for name, loss in OUTPUTS if name in TRAINABLE]


def whole(case, **options):
    """The last result of a check of the case."""
    held = {"masks": case.cache.D, "keep": case.keep}
    *_, last = gradient_check(case.net, case.p, case.X, case.Y, **held, **options)
    return last


@pytest.mark.parametrize(("output", "loss"), PAIRS)
@pytest.mark.parametrize("hidden", TRAINABLE)
def test_every_pair_that_trains_has_the_right_gradient(hidden, output, loss):
    check = whole(Case((3, 4, 5, 2), (hidden, hidden, output), loss, m=6, seed=1))
    assert check.passed, check
    assert check.overall.relative < 1e-7
    assert check.overall.checked == check.total == 4 * 4 + 5 * 5 + 2 * 6


@pytest.mark.parametrize(("output", "loss"), PAIRS)
@pytest.mark.parametrize("hidden", TRAINABLE)
def test_every_pair_has_the_right_gradient_with_dropout_too(hidden, output, loss):
    keep = {1: 0.5, 2: 0.8}
    case = Case((3, 6, 5, 2), (hidden, hidden, output), loss, m=6, seed=1, keep=keep)
    assert 0 < case.cache.D[1].mean() < 1
    check = whole(case)
    assert check.passed, check
    assert check.overall.relative < 1e-7


def test_masks_that_do_not_fit_the_gradient_are_found_out():
    case = Case((2, 6, 1), ("tanh", "sigmoid"), "cross_entropy", m=9, keep={1: 0.5})
    *_, last = gradient_check(case.net, case.p, case.X, case.Y, masks=case.cache.D, keep={1: 0.8},
        backward=forgetting_the_masks(case))  # fmt: skip
    assert not last.passed


def forgetting_the_masks(case):
    def backward(p, Y, cache, grad):
        kept = cache.D.copy()
        cache.D.clear()
        case.net.backward(p, Y, cache, grad)
        cache.D.update(kept)

    return backward


@settings(max_examples=60)
@given(cases(SMOOTH, [pair for pair in OUTPUTS if pair[0] in SMOOTH], dropout=True))
def test_smooth_networks_pass_and_skip_nothing(case):
    check = whole(case)
    assert check.passed, check
    assert check.overall.skipped == 0


@settings(max_examples=60)
@given(cases(HIDDEN, OUTPUTS, dropout=True))
def test_no_network_raises_a_false_alarm(case):
    check = whole(case)
    assert all(difference.passed for difference in check.arrays), check


@pytest.mark.parametrize("seed", range(5))
def test_the_course_s_small_weights_pass(seed):
    case = Case((2, 4, 1), ("tanh", "sigmoid"), "cross_entropy", m=400)
    initialize(case.p, "normal", 0.01, np.random.RandomState(seed))
    assert whole(case).passed


def test_a_gradient_that_has_vanished_is_no_bug():
    case = Case((2, 4, 1), ("tanh", "linear"), "squared_error", m=20)
    case.Y[:] = case.forward()
    check = whole(case)
    assert check.passed
    assert check.overall.apart < 1e-9


def test_large_inputs_pass():
    case = Case((2, 4, 1), ("tanh", "sigmoid"), "cross_entropy", m=50, scale=0.01)
    case.X *= 100
    assert whole(case).passed


def bug(plant):
    """A backward pass with a bug planted behind the right one."""

    def backward_of(case):
        def backward(p, Y, cache, grad):
            case.net.backward(p, Y, cache, grad)
            plant(case, cache, grad)

        return backward

    return backward_of


def double_dw2(case, cache, grad):
    grad.W[2][...] *= 2


def forget_1_over_m(case, cache, grad):
    grad.flat *= case.m


def sum_over_the_wrong_axis(case, cache, grad):
    grad.b[1][...] = cache.dZ[1].sum() / case.m


BUGS = [
    (double_dw2, {("W", 2)}),
    (forget_1_over_m, {("W", 1), ("b", 1), ("W", 2), ("b", 2)}),
    (sum_over_the_wrong_axis, {("b", 1)}),
]


@pytest.mark.parametrize(("plant", "named"), BUGS, ids=lambda value: getattr(value, "__name__", ""))
def test_a_planted_bug_is_named(plant, named):
    case = Case((3, 4, 1), ("tanh", "sigmoid"), "cross_entropy", m=30)
    check = whole(case, backward=bug(plant)(case))
    assert not check.passed
    assert {(d.array, d.layer) for d in check.arrays if not d.passed} == named
    assert check.overall.relative > 1e-2


def test_it_measures_in_float64_and_touches_nothing():
    case = Case((3, 4, 1), ("tanh", "sigmoid"), "cross_entropy", m=30, dtype=np.float32)
    before = case.p.flat.copy()
    assert whole(case).passed
    assert np.array_equal(case.p.flat, before)


def test_a_parameter_at_a_kink_is_skipped_and_counted():
    case = Case((1, 2, 1), ("relu", "linear"), "squared_error", m=1)
    case.X[:] = 1.0
    case.p.Wb[1][...] = [[0.5, -0.5], [0.5, 0.5]]  # z of the first unit is exactly 0
    check = whole(case)
    skipped = {(d.array, d.layer): d.skipped for d in check.arrays}
    assert skipped == {("W", 1): 1, ("b", 1): 1, ("W", 2): 0, ("b", 2): 0}
    assert check.overall.checked + check.overall.skipped == case.p.flat.size
    assert check.passed


def test_near_a_kink_smaller_steps_are_taken():
    case = Case((1, 1, 1), ("relu", "linear"), "squared_error", m=1)
    case.X[:] = 1.0
    case.p.Wb[1][...] = [[0.5, -0.5 + 2e-6]]
    check = whole(case)
    assert check.overall.skipped == 0
    assert check.passed


def test_a_choice_is_spread_over_all_arrays():
    case = Case((20, 30, 2), ("tanh", "softmax"), "cross_entropy")
    check = whole(case, at_most=40, rng=np.random.RandomState(1))
    assert [d.checked for d in check.arrays] == [13, 13, 12, 2]
    assert check.total == 40
    assert check.passed


def test_the_same_generator_chooses_the_same():
    case = Case((20, 30, 2), ("tanh", "softmax"), "cross_entropy")
    first, again, other = (
        whole(case, at_most=40, rng=np.random.RandomState(seed)) for seed in (1, 1, 2)
    )
    assert first == again != other


def test_partial_results_are_yielded_and_stopping_cancels():
    case = Case((4, 5, 1), ("tanh", "sigmoid"), "cross_entropy")
    results = list(gradient_check(case.net, case.p, case.X, case.Y, every=10))
    assert [result.done for result in results] == [10, 20, 30, 31]
    assert not results[0].passed  # not yet
    running = gradient_check(case.net, case.p, case.X, case.Y, every=1)
    assert next(running).overall.checked == 1
