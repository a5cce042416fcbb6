"""The doctor's rules on gradients, costs and data, including near misses."""

from dataclasses import replace

import numpy as np
import pytest

from core import edits
from core.data.own import own_data
from core.edits import with_data, with_network, with_training
from core.project import Project
from core.training import doctor
from core.training.doctor import examine
from core.training.session import Session
from core.training.signs import CostHistory, signs_of
from tests.core.training.patients import (
    DEEP,
    after,
    built,
    fault,
    l2,
    names,
    only,
    owned,
    rare,
    scored,
    signs,
)


@pytest.fixture
def seen():
    return fault


# --- the gradient ---


def with_sizes(seen, sizes):
    """The same with gradients of these sizes in its layers."""
    for l, size in enumerate(sizes, start=1):
        seen.grad.W[l][...] = size
    return seen


@pytest.mark.parametrize(
    ("sizes", "vanishes"),
    [
        ([1e-6, 1e-3, 1.0], True),
        ([1e-2, 1e-1, 1.0], False),
        ([1.0, 1e-6, 1e-6], False),  # it fades on its way on, not back
        ([1e-2, 1e-2, 1e-6], False),
        ([0.0, 1e-3, 1.0], False),  # nothing comes through at all: that is another rule's
        ([1e-22, 1e-20, 1e-17], False),  # rounding
    ],
)
def test_a_gradient_vanishes_backwards_by_a_factor(sizes, vanishes):
    seen = signs(built((4, "tanh"), (4, "tanh"), (1, "sigmoid")), 1)
    found = names(with_sizes(seen, sizes))
    assert ("vanishing" in found) is vanishes


def test_vanishing_needs_three_layers_and_a_pass_and_something_to_learn():
    two = with_sizes(signs(built((4, "tanh"), (1, "sigmoid")), 1), [1e-9, 1.0])
    assert "vanishing" not in names(two)
    before = with_sizes(signs(built((4, "tanh"), (4, "tanh"), (1, "sigmoid"))), [1e-9, 1e-3, 1.0])
    assert "vanishing" not in names(before)
    project = built((4, "tanh"), (4, "tanh"), (1, "sigmoid"))
    learned = signs(with_data(project, source="gaussians"), 400)
    assert learned.learned
    assert "vanishing" not in names(with_sizes(learned, [1e-9, 1e-3, 1.0]))
    words = only("vanishing", signs(built(*DEEP, (1, "sigmoid")), 1)).what
    assert "in layer 1 it is 10⁵ times smaller than in layer 8" in words


def test_nothing_is_learned_at_the_cost_of_a_constant_answer(seen):
    found = only("nothing-learned", seen("nothing-learned"))
    assert "stands still at 0.693" in found.what
    assert "vanishing" not in names(seen("nothing-learned"))
    tiny = built(*[(6, "tanh")] * 7, (1, "sigmoid"), init="normal", scale=0.01)
    assert "nothing-learned" in names(signs(tiny, 200))
    assert "nothing-learned" not in names(signs(tiny, 199))
    batches = with_training(tiny, batch_size=64)
    assert "nothing-learned" in names(signs(batches, 300))
    assert names(signs(with_data(built((1, "sigmoid")), source="xor"), 300)) != ["nothing-learned"]
    assert "nothing-learned" not in names(signs(Project(), 200))


def test_on_a_slow_way_or_at_a_better_cost_something_is_learned(seen):
    plateau = signs(with_data(with_training(Project(), learning_rate=0.05), source="circles"), 400)
    assert plateau.score.cost > doctor.NO_BETTER * plateau.baseline
    assert "nothing-learned" not in names(plateau)
    stuck = seen("nothing-learned")
    assert "nothing-learned" not in names(scored(stuck, cost=0.89 * stuck.baseline))


def test_updates_explode_where_they_are_large_and_the_cost_jumps(seen):
    exploding = seen("exploding")
    assert only("exploding", exploding).layer == 2
    calm = np.linspace(1.0, 0.5, 200)
    assert "exploding" not in names(after(exploding, recent=calm))
    assert "exploding" not in names(replace(exploding, step=exploding.step / 10))
    assert "exploding" not in names(replace(exploding, step=None))
    zeros = signs(with_network(Project(), initializer="zeros"), 30)
    assert "exploding" not in names(after(zeros, recent=np.tile([1.0, 2.0], 100)))


def test_the_last_step_is_known_for_every_optimizer_and_resumed_runs():
    for optimizer in ("gradient_descent", "adam"):
        project = built((3, "tanh"), (1, "sigmoid"), optimizer=optimizer, learning_rate=0.01)
        session = Session(project)
        assert signs_of(session, session).step is None
        for _ in range(3):
            before = session.p.flat.copy()
            session.step()
        step = signs_of(session, session).step
        assert step is not None
        np.testing.assert_allclose(before - session.p.flat, step, rtol=1e-9)
        again = signs(project, 3, restart=True).step
        if optimizer == "adam":
            assert again is None
        else:
            assert again is not None
            np.testing.assert_allclose(again, step, rtol=1e-12)


@pytest.mark.parametrize(
    ("times", "optimizer", "says"),
    [
        (0.9, "gradient_descent", None),
        (1.5, "gradient_descent", "takes each weight past 0, whatever"),
        (2.5, "gradient_descent", "takes each weight past 0, and further away each time, whatever"),
        (2.5, "momentum", None),
        (2.5, "adam", None),
    ],
)
def test_l2_that_drives_the_divergence(times, optimizer, says):
    project = with_training(l2(1.0, 400 * times), optimizer=optimizer)
    found = [f for f in examine(signs(project, 2)) if f.name == "penalty-too-strong"]
    assert [says in f.what for f in found] == ([] if says is None else [True])
    if optimizer == "gradient_descent":
        seen = signs(with_training(project, learning_rate=1e-9), 0)
        before = np.abs(seen.p.W[1]).max()
        session = Session(project)
        for _ in range(12):
            session.step()
        assert bool(np.abs(session.p.W[1]).max() > before) is (times > 2)


def test_l1_that_holds_a_layer_at_zero():
    strong = with_training(Project(), l1=10.0)
    assert only("penalty-too-strong", signs(strong, 300)).layer == 1
    assert "penalty-too-strong" not in names(signs(strong))
    assert "penalty-too-strong" not in names(signs(with_training(Project(), l1=0.1), 600))
    assert "penalty-too-strong" not in names(signs(with_training(strong, optimizer="adam"), 300))
    zeros = with_network(strong, initializer="zeros")
    assert "penalty-too-strong" not in names(signs(zeros, 5))


# --- the cost ---

JUMPS = np.tile([1.0, 2.0], 100)


def test_a_jumping_cost_is_reported_only_for_full_batches(seen):
    jumping = seen("rate-too-high")
    assert (
        "though small steps of plain descent would lower it" in only("rate-too-high", jumping).what
    )
    well = signs(Project(), 200)
    assert "rate-too-high" in names(after(well, recent=JUMPS))
    assert "rate-too-high" not in names(after(well, recent=np.linspace(2, 1, 200)))
    few = np.linspace(2, 1, 200)
    few[:60:2] += 1
    assert "rate-too-high" not in names(after(well, recent=few))
    assert "rate-too-high" not in names(after(well, recent=JUMPS[:19]))
    assert "rate-too-high" in names(after(well, recent=JUMPS[:20]))
    trifles = 1.0 + 0.005 * (np.arange(200) % 2)
    assert "rate-too-high" not in names(after(well, recent=trifles))
    adam = signs(with_training(Project(), optimizer="adam", learning_rate=0.01), 200)
    words = only("rate-too-high", after(adam, recent=JUMPS)).what
    assert words == "The cost jumps: J rose in 50 % of the last 200 iterations."
    batches = signs(with_training(Project(), batch_size=64), 200)
    assert "rate-too-high" not in names(after(batches, recent=JUMPS))
    dropped = signs(edits.set_dropout(Project(), 1, 0.5), 200)
    assert "rate-too-high" not in names(after(dropped, recent=JUMPS))
    whole = signs(with_training(Project(), batch_size=400), 200)
    assert "rate-too-high" in names(after(whole, recent=JUMPS))


def test_a_cost_at_rounding_does_not_jump():
    X = np.random.RandomState(1).randn(2, 50)
    own = own_data(X, [X[0] - 2 * X[1]], "plane.npz", kind="regression")
    project = edits.choose_own(built((1, "linear"), loss="squared_error"), own)
    project = with_training(project, optimizer="momentum", learning_rate=0.5)
    seen = signs(project, 1500, own=own)
    assert seen.score.cost < 1e-25
    assert names(after(seen, recent=1e-41 * JUMPS)) == []
    assert "rate-too-high" in names(after(seen, recent=1e-20 * JUMPS))


def test_costs_before_a_change_of_settings_do_not_count():
    session = Session(built((8, "tanh"), (1, "sigmoid"), learning_rate=30.0))
    for _ in range(100):
        session.step()
    assert "rate-too-high" in names(signs_of(session, session))
    session.retune(with_training(session.project, learning_rate=0.1))
    assert len(signs_of(session, session).curve.recent) == 0
    for _ in range(100):
        session.step()
    assert len(signs_of(session, session).curve.recent) == 100
    assert "rate-too-high" not in names(signs_of(session, session))


@pytest.mark.parametrize("alpha", [1e-3, 1e-4, 1e-5, 1e-8, 1e-12])
def test_a_rate_that_is_too_low_at_any_size(alpha):
    found = only("rate-too-low", signs(with_training(Project(), learning_rate=alpha), 250))
    assert found.advice == f"Raise the learning rate ({alpha:g} now) ten times."


def test_slowness_with_another_cause_is_not_blamed_on_the_rate(seen):
    low = seen("rate-too-low")
    assert "rate-too-low" not in names(after(low, recent=low.curve.recent[1:200]))
    falls = np.linspace(0.70, 0.6999, 200)
    assert "rate-too-low" not in names(after(low, recent=falls))
    rises = np.linspace(0.70, 0.700001, 200)
    assert "rate-too-low" not in names(after(low, recent=rises))
    assert "rate-too-low" not in names(replace(low, step=None))
    assert "rate-too-low" not in names(replace(low, step=-low.step))
    assert "rate-too-low" not in names(signs(with_training(low.project, batch_size=64), 250))
    # a saddle: steps are short, but not the rate
    assert "rate-too-low" not in names(signs(with_data(Project(), source="circles"), 400))
    # Adam's steps are as long everywhere
    adam = with_training(Project(), optimizer="adam", learning_rate=1e-6)
    assert "rate-too-low" in names(signs(adam, 250))
    # the best parameters there are
    assert "rate-too-low" not in names(signs(built((1, "sigmoid"), learning_rate=1.2), 400))
    deep = signs(built(*DEEP, (1, "sigmoid"), learning_rate=1e-4), 200)
    assert "rate-too-low" not in names(
        after(signs(built(*DEEP, (1, "sigmoid")), 300), recent=deep.curve.recent * 0 + 1.0)
    )
    # a step as long as it may be
    good = signs(Project(), 3000)
    assert "rate-too-low" not in names(after(good, recent=falls[:1].repeat(200)))
    easy = with_training(with_data(Project(), source="gaussians"), learning_rate=1.2)
    learned = replace(signs(easy, 400), rate=1e-5)
    learned = replace(learned, step=learned.step * 1e-5)
    assert "rate-too-low" not in names(after(learned, recent=falls[:1].repeat(200)))


def test_the_sharpness_is_the_largest_eigenvalue():
    seen = signs(built((2, "tanh"), (1, "sigmoid")), 40)
    n, near = seen.p.flat.size, 1e-5
    H = np.empty((n, n))
    for i in range(n):
        rows = []
        for side in (near, -near):
            moved = type(seen.p)(seen.p.sizes, flat=seen.p.flat.copy())
            moved.flat[i] += side
            rows.append(seen.measures.gradient(moved, seen.project.training))
        H[i] = (rows[0] - rows[1]) / (2 * near)
    assert seen.sharpness == pytest.approx(np.abs(np.linalg.eigvalsh(H)).max(), rel=0.1)


def test_a_line_that_cannot_separate_the_classes(seen):
    found = only("underfitting", seen("underfitting"))
    assert found.what.startswith(
        "One layer separates classes by a straight line, and no straight line separates these:"
    )
    assert "x₁²" in found.advice
    X = np.random.RandomState(0).randn(3, 200)
    project, own = owned(X, (np.abs(X[0]) < 0.7).astype(int), (1, "sigmoid"))
    words = only("underfitting", signs(project, 300, own=own))
    assert "by a plane, and no plane separates" in words.what
    assert "x₁²" not in words.advice
    project, own = owned(X[:1], (np.abs(X[0]) < 0.7).astype(int), (1, "sigmoid"))
    assert "by a threshold" in only("underfitting", signs(project, 300, own=own)).what
    classes = edits.choose_source(built((1, "sigmoid")), "spirals")
    assert "underfitting" in names(signs(classes, 300))


@pytest.mark.parametrize(
    ("changed", "iterations"),
    [
        (lambda p: p, 0),  # no iteration yet
        (lambda p: with_training(p, learning_rate=1e-3), 60),  # not there yet
        (lambda p: with_training(p, l2=0.1), 200),  # held back by a penalty
        (lambda p: with_training(p, l1=0.1), 2000),
        (lambda p: with_training(p, loss="squared_error"), 400),
        (lambda p: with_data(p, source="gaussians"), 3000),  # few are wrong
        (lambda p: edits.insert_layer(p, 1), 200),
    ],
)
def test_a_bad_fit_with_another_cause_is_not_blamed_on_the_line(changed, iterations):
    seen = signs(changed(built((1, "sigmoid"))), iterations)
    assert "underfitting" not in names(seen)


def overfit(tests, recent=(0.5,) * 10, at=1.0):
    seen = signs(Project(), 20)
    tested = np.arange(len(tests)) * 20
    curve = CostHistory(np.array(recent), tested, np.array(tests), lambda _: at)
    return "overfitting" in names(replace(seen, curve=curve))


def test_overfitting_is_a_test_cost_that_rises_while_the_training_cost_falls():
    rising = [1.0, 0.5, *[0.6] * 8]
    assert overfit(rising)
    assert not overfit(rising[:9])
    assert not overfit([1.0, 0.5, *[0.52] * 8])
    assert not overfit(rising, at=0.4)  # the training cost rose as well
    assert not overfit(rising, recent=())
    assert not overfit([1e-15, 1e-17, *[3e-17] * 8])
    assert not overfit(rising, at=0.5)


def test_a_hidden_step_has_a_range_but_no_place_where_its_slope_fades():
    assert "saturated" not in names(signs(built((4, "step"), (1, "sigmoid"))))


# --- the data ---


def scaled(*deviations, shift=0.0, m=200):
    X = np.random.RandomState(3).randn(len(deviations), m)
    X = (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)
    X = X * np.array(deviations)[:, None] + shift
    return owned(X, (np.arange(m) % 2).astype(int))


@pytest.mark.parametrize(
    ("deviations", "shift", "says"),
    [
        ((1.0, 9.0), 0.0, None if 9.0 * 3.3 < 10 else "they reach"),
        ((0.1, 0.9), 0.0, None),
        ((0.1, 1.1), 0.0, "one input varies 11 times as much as another"),
        ((1.0, 1.0), 0.0, None),
        ((1.0, 1.0), 20.0, "they reach"),
        ((1.0, 0.0), 0.0, None),
        ((1e-9, 1.0), 0.0, "one input varies 10⁹ times as much as another"),
        ((1.0, 1e-17), 0.1, None),  # that is rounding
        ((1e-162, 1e148), 0.0, "varies more than 10³⁰⁸ times as much"),
    ],
)
def test_inputs_are_not_scaled_by_reach_or_by_ratio(deviations, shift, says):
    project, own = scaled(*deviations, shift=shift)
    found = [f.what for f in examine(signs(project, own=own)) if f.name == "unscaled"]
    assert [says in what for what in found] == ([] if says is None else [True])
    normalized = with_data(project, normalize=True)
    assert "unscaled" not in names(signs(normalized, own=own))


def test_pixels_are_of_one_scale():
    assert "unscaled" not in names(signs(edits.choose_source(Project(), "digits")))


@pytest.mark.parametrize(
    ("share", "classes", "found"),
    [(0.09, 2, True), (0.11, 2, False), (0.05, 3, True), (0.08, 3, False)],
)
def test_a_class_is_rare_by_its_share_of_an_even_split(share, classes, found):
    project, own = rare(share, classes)
    seen = signs(project, own=own)
    assert ("unbalanced" in names(seen)) is found
    if found:
        right = 1 - share
        words = only("unbalanced", seen).what
        assert f"can be right in {100 * right:.1f} % of all cases" in words


def test_the_named_accuracy_without_the_rare_class_is_reached():
    project, own = rare(0.02, 3, m=300)
    words = only("unbalanced", signs(project, own=own)).what
    assert "Only 2.0 % of the training examples are of class 1" in words
    assert "can be right in 98.0 % of all cases" in words


def test_regression_and_separate_labels_have_no_rare_class():
    X = np.random.RandomState(0).randn(2, 100)
    rows = [(np.arange(100) < 2).astype(int), (np.arange(100) < 50).astype(int)]
    own = own_data(X, rows, "two.npz", kind="binary")
    assert "unbalanced" not in names(signs(edits.choose_own(Project(), own), own=own))
    own = own_data(X, [np.arange(100) < 2 + 0.0], "numbers.npz", kind="regression")
    assert "unbalanced" not in names(signs(edits.choose_own(Project(), own), own=own))


@pytest.mark.parametrize(
    ("Y", "kind", "loss", "least"),
    [
        ([[0, 1, 1, 1]], "binary", "cross_entropy", 0.5623351446188083),
        ([[0, 0, 1], [1, 0, 0], [0, 1, 0]], "classes", "cross_entropy", np.log(3)),
        ([[0, 1], [1, 0]], "binary", "cross_entropy", 2 * np.log(2)),
        ([[1.0, 3.0]], "regression", "squared_error", 0.5),
    ],
)
def test_the_cost_of_a_constant_answer(Y, kind, loss, least):
    Y = np.array(Y, float)
    own = own_data(np.random.RandomState(0).randn(2, Y.shape[1]), list(Y), "own.npz", kind=kind)
    project = edits.choose_own(built((1, "sigmoid")), own)
    seen = signs(with_training(project, loss=loss), own=own)
    assert seen.baseline == pytest.approx(least)
