"""The hidden space of examples and lattice, against plain loops."""

import math
from typing import Any

import numpy as np
import pytest

from core.edits import choose_source, with_data, with_training
from core.look import hidden as module
from core.look.hidden import (
    LINES,
    STEPS,
    Hidden,
    Projector,
    aligned,
    lattice,
    principal_axes,
)
from core.look.plane import Plane, plane_of
from core.look.space import Viewpoint, fitting
from core.look.watcher import Watcher
from core.project import Project
from core.training.session import Session
from tests.core import oracle
from tests.core.training.projects import project, wide
from tests.looking import answer

TWO = project((2, "tanh"), (1, "sigmoid"), data={"examples": 40, "test_share": 0.25})
DEEP = project((4, "tanh"), (3, "relu"), (1, "sigmoid"), data={"examples": 30})


def after(given, iterations=10, split=None):
    session = Session(given, split)
    for _ in range(iterations):
        session.step()
    return session


def look(watcher, viewpoint, *, idle=True) -> Any:
    return answer(watcher, Hidden(viewpoint), idle=idle)


def seen(session, viewpoint):
    return look(Watcher(session), viewpoint)


def by_loops(session, X):
    """Every Z and A over inputs X (n[0], k), as lists."""
    p, L = session.p, session.network.L
    W = {l: p.W[l].tolist() for l in range(1, L + 1)}
    b = {l: p.b[l].tolist() for l in range(1, L + 1)}
    Y = [[0.0] * X.shape[1] for _ in range(session.network.sizes[-1])]
    names = [session.network.activations[l].name for l in range(1, L + 1)]
    return oracle.one_pass(W, b, X.tolist(), Y, names, "squared_error")


def all_inputs(split):
    return np.concatenate([split.train.X, split.test.X], axis=1) if split.test else split.train.X


@pytest.mark.parametrize("linear", [False, True])
def test_two_units_are_the_values_of_those_units(linear):
    session = after(DEEP)
    space = seen(session, Viewpoint(2, (2, 0), linear))
    passed = by_loops(session, all_inputs(session.split))
    values = (passed.Z if linear else passed.A)[2]
    assert space.points == pytest.approx(np.array([values[2], values[0]]), rel=1e-9, abs=1e-12)
    assert space.units == (2, 0)
    assert space.axes.tolist() == [[0, 0, 1], [1, 0, 0]]
    assert space.share is space.line is None
    assert space.examples.tolist() == list(range(30))
    assert not space.points.flags.writeable
    assert not space.lattice.flags.writeable


def test_test_examples_are_counted_after_the_others():
    session = after(TWO)
    space = seen(session, Viewpoint(1, (0, 1)))
    X = np.concatenate([session.split.train.X, session.split.test.X], axis=1)
    assert space.points == pytest.approx(np.array(by_loops(session, X).A[1]), rel=1e-9)
    assert space.examples.tolist() == list(range(40))


@pytest.mark.parametrize("features", [("x1", "x2"), ("x1", "x2", "x1_squared")])
def test_the_lattice_is_the_warped_plane(features):
    given = with_data(TWO, features=features, normalize=True)
    session = after(given, 3)
    space = seen(session, Viewpoint(1, (0, 1)))
    plane: Any = plane_of(session.split)
    assert space.lattice.shape == (2 * LINES, 2, STEPS + 1)
    (x1, x1_end), (x2, x2_end) = plane.x1, plane.x2
    for line, step in ((0, 0), (3, 70), (LINES - 1, STEPS), (LINES, 5), (2 * LINES - 1, 40)):
        along, across = step / STEPS, (line % LINES) / (LINES - 1)
        right, up = (along, across) if line < LINES else (across, along)
        at = np.array([[x1 + right * (x1_end - x1)], [x2 + up * (x2_end - x2)]])
        expected = by_loops(session, session.split.inputs_of(at)).A[1]
        got = space.lattice[line, :, step]
        assert got == pytest.approx([expected[0][0], expected[1][0]], rel=1e-9, abs=1e-12)


def test_the_lattice_of_the_plane_itself_is_straight():
    points = lattice(Plane((-1.0, 3.0), (0.0, 2.0))).reshape(2, 2 * LINES, STEPS + 1)
    for line in range(LINES):
        assert points[1, line] == pytest.approx([2.0 * line / (LINES - 1)] * (STEPS + 1))
        assert points[0, line] == pytest.approx([-1 + 4 * i / STEPS for i in range(STEPS + 1)])
        assert points[0, LINES + line] == pytest.approx([-1 + 4 * line / (LINES - 1)] * (STEPS + 1))


def variance_along(V, way):
    """By loops: of values V (n, k), lists, along a direction."""
    n, k = len(V), len(V[0])
    along = [sum(way[i] * V[i][j] for i in range(n)) for j in range(k)]
    middle = math.fsum(along) / k
    return math.fsum((a - middle) ** 2 for a in along) / k


@pytest.mark.parametrize(("n", "k"), [(5, 60), (40, 12)])
def test_no_two_directions_hold_more_variance_than_the_principal_ones(n, k):
    rng = np.random.RandomState(4)
    V = rng.randn(n, k) * np.linspace(1, 3, n)[:, np.newaxis] + 7
    axes, mean, share = principal_axes(V)
    assert axes @ axes.T == pytest.approx(np.eye(2), abs=1e-12)
    assert mean[:, 0] == pytest.approx([math.fsum(row) / k for row in V.tolist()])
    rows = V.tolist()
    both = [variance_along(rows, way) for way in axes.tolist()]
    whole = sum(variance_along(rows, [float(i == j) for j in range(n)]) for i in range(n))
    assert share == pytest.approx(sum(both) / whole)
    assert both[0] >= both[1]
    first = axes[0]
    for _ in range(40):  # a little to any side there is less of it, and less yet at a right angle
        other = first + 0.1 * rng.randn(n)
        other /= np.linalg.norm(other)
        assert variance_along(rows, other.tolist()) <= both[0]
        upright = axes[1] + 0.1 * rng.randn(n)
        upright -= (upright @ first) * first
        upright /= np.linalg.norm(upright)
        assert variance_along(rows, upright.tolist()) <= both[1]
    assert all(way[np.abs(way).argmax()] > 0 for way in axes)


def test_constant_values_have_axes_too():
    for V in (np.full((4, 9), 2.0), np.zeros((12, 3)), np.full((3, 5), 1e200)):
        axes, mean, share = principal_axes(V)
        assert axes @ axes.T == pytest.approx(np.eye(2), abs=1e-12)
        assert share == 1.0
        assert np.isfinite(mean).all()


def test_aligned_axes_span_the_same_plane_and_are_as_near_as_can_be():
    rng = np.random.RandomState(1)
    axes, like = (np.linalg.qr(rng.randn(5, 2))[0].T for _ in range(2))
    found = aligned(axes, like)
    assert found.T @ found == pytest.approx(axes.T @ axes)  # the same plane
    least = np.linalg.norm(found - like)
    for mirror in (1.0, -1.0):
        for angle in np.linspace(0, 2 * np.pi, 73):
            c, s = np.cos(angle), np.sin(angle)
            turned = np.array([[c, -s], [mirror * s, mirror * c]]) @ axes
            assert np.linalg.norm(turned - like) >= least - 1e-12
    assert aligned(axes, None) is axes
    assert aligned(axes, np.eye(2)) is axes
    assert aligned(axes[::-1] * [[1], [-1]], axes) == pytest.approx(axes)  # swapped and flipped


def test_the_picture_follows_the_one_before_while_it_trains():
    session = after(project((6, "tanh"), (1, "sigmoid"), data={"examples": 60}), 1)
    watcher, turned = Watcher(session), 0
    before: Any = None
    for _ in range(60):
        like = None if before is None else before.axes
        space = look(watcher, Viewpoint(1, like=like))
        if before is not None:
            away = np.linalg.norm(space.axes - before.axes)
            own, _, _ = principal_axes(session.activations(1, fresh=True))
            assert away <= np.linalg.norm(own - before.axes) + 1e-12
            turned += bool(away > 0.5)
            assert space.axes @ space.axes.T == pytest.approx(np.eye(2), abs=1e-12)
        before = space
        for _ in range(10):
            session.step()
    assert turned <= 1


def test_axes_keep_their_orientation_between_pictures():
    session = after(DEEP)
    own = seen(session, Viewpoint(1))
    other = seen(session, Viewpoint(1, like=-own.axes[::-1]))
    assert other.axes == pytest.approx(-own.axes[::-1])
    assert other.points == pytest.approx(-own.points[::-1])
    assert other.lattice == pytest.approx(-own.lattice[:, ::-1])
    assert seen(session, Viewpoint(2, like=own.axes)).axes.shape == (2, 3)  # of another layer


def test_principal_coordinates_are_measured_from_the_mean_of_the_training_examples():
    given = project((4, "tanh"), (1, "sigmoid"), data={"examples": 40, "test_share": 0.25})
    session = after(given)
    space = seen(session, Viewpoint(1))
    assert space.units is None
    A = np.array(by_loops(session, all_inputs(session.split)).A[1])
    mean = A[:, : session.split.train.m].mean(axis=1, keepdims=True)
    assert space.points == pytest.approx(space.axes @ (A - mean), rel=1e-9, abs=1e-12)
    assert 0.5 < space.share <= 1


@pytest.mark.parametrize("output", ["sigmoid", "tanh", "linear", "relu", "step"])
def test_the_answer_changes_on_the_line(output):
    loss = "cross_entropy" if output == "sigmoid" else "squared_error"
    given = project((2, "tanh"), (1, output), loss=loss, data={"examples": 40})
    session = Session(given)
    space = seen(session, Viewpoint(1, (1, 0)))
    u, v, c = space.line
    rng = np.random.RandomState(0)
    for x, y in rng.uniform(-2, 2, (50, 2)):
        z = session.p.W[2][0, 1] * x + session.p.W[2][0, 0] * y + session.p.b[2][0, 0]
        assert (u * x + v * y > c) == (oracle.activate(output, [z])[0] > 0.5)


@pytest.mark.parametrize(
    ("given", "viewpoint"),
    [
        (TWO, Viewpoint(1, (0, 1), linear=True)),  # there it would be a curve
        (TWO, Viewpoint(0, (0, 1))),  # a layer lies between
        (project((3, "tanh"), (1, "sigmoid")), Viewpoint(1, (0, 1))),  # a plane, cut
        (choose_source(TWO, "plane"), Viewpoint(1, (0, 1))),  # no classes
    ],
)
def test_elsewhere_there_is_no_line(given, viewpoint):
    assert seen(Session(given), viewpoint).line is None


def test_before_a_linear_unit_the_linear_part_has_the_line_too():
    given = project((2, "linear"), (1, "sigmoid"))
    assert seen(Session(given), Viewpoint(1, (0, 1), linear=True)).line is not None


def test_the_input_is_seen_as_it_is_fed():
    session = Session(with_data(TWO, normalize=True))
    space = seen(session, Viewpoint(0, linear=True))
    assert space.units == (0, 1)
    assert space.points == pytest.approx(all_inputs(session.split), rel=1e-12)


def test_a_single_unit_makes_no_plane():
    session = Session(TWO)
    assert seen(session, Viewpoint(2)) is None
    assert seen(session, Viewpoint(7)) is None


def test_units_that_are_not_there_leave_the_principal_axes():
    assert fitting((0, 3), 3) is fitting((1, 1), 3) is fitting(None, 3) is None
    assert fitting(None, 2) == fitting((5, 0), 2) == (0, 1)
    assert fitting((-1, 0), 3) is None
    assert fitting((2, 0), 3) == (2, 0)


@pytest.mark.parametrize("m", [999, 1000, 1001, 3500])
def test_many_examples_are_thinned_during_training_and_complete_at_rest(m):
    session = Session(with_data(TWO, examples=m))
    watcher, viewpoint = Watcher(session), Viewpoint(1, (0, 1))
    some = look(watcher, viewpoint, idle=False)
    assert m / 4 <= len(some.examples) <= 1001
    every = look(watcher, viewpoint)
    assert every.examples.tolist() == list(range(m))
    assert some.points.tolist() == every.points[:, some.examples].tolist()
    assert look(watcher, viewpoint) is every  # looking again costs nothing


def test_a_wide_layer_and_no_plane():
    session = Session(project(), wide(600, 40))
    space = seen(session, Viewpoint(0))
    assert space.lattice is None
    X = session.split.train.X
    mean = X.mean(axis=1, keepdims=True)
    assert space.points == pytest.approx(space.axes @ (X - mean), abs=1e-9)
    assert np.linalg.norm(space.points) ** 2 == pytest.approx(
        space.share * np.linalg.norm(X - mean) ** 2
    )


@pytest.mark.parametrize("given", [TWO, DEEP])
def test_parts_add_up_to_the_whole(monkeypatch, given):
    session = after(given)
    whole = seen(session, Viewpoint(1))
    monkeypatch.setattr(module, "part_size", lambda sizes: 7)
    parts = seen(session, Viewpoint(1))
    assert parts.points == pytest.approx(whole.points, rel=1e-9, abs=1e-12)
    assert parts.lattice == pytest.approx(whole.lattice, rel=1e-9, abs=1e-12)


def test_a_large_run_is_seen_less_often_but_another_viewpoint_at_once(monkeypatch):
    session = after(TWO, 1)
    watcher = Watcher(session)
    clock = iter(np.arange(0.0, 1e6, 1.0))
    monkeypatch.setattr("core.look.rations.perf_counter", lambda: float(next(clock)))
    assert look(watcher, Viewpoint(1), idle=False) is not None
    session.step()
    assert look(watcher, Viewpoint(1), idle=False) is None
    assert look(watcher, Viewpoint(1, linear=True), idle=False) is not None
    session.p.flat[0] += 1.0
    at_rest = look(watcher, Viewpoint(1))
    session.p.flat[0] += 1.0
    watcher.forget()
    by_hand = look(watcher, Viewpoint(1))
    assert (by_hand.points != at_rest.points).any()


def test_numbers_too_large_show_no_example():
    session = Session(project((4, "relu"), (1, "sigmoid"), data={"examples": 20}))
    session.p.flat[...] = 1e308
    split = session.split
    hidden = Projector(session.network, split, plane_of(split), lambda: None)
    for viewpoint in (Viewpoint(1), Viewpoint(1, (0, 1))):
        space: Any = hidden.space(session.p, viewpoint, 0)
        assert space.points.shape == (2, 0)
        assert not len(space.examples)
        assert space.lattice is None


def test_looking_changes_nothing():
    session, alone = (after(with_training(Project(), dtype="float32"), 3) for _ in range(2))
    space = seen(session, Viewpoint(1))
    assert space.points.dtype == np.float64
    for each in (session, alone):
        each.step()
    assert session.p.flat.tobytes() == alone.p.flat.tobytes()


def test_of_one_example_no_direction_is_better_than_another():
    V = np.array([[1.0], [-2.0], [3.0]])
    axes, mean, share = principal_axes(V)
    assert (axes @ axes.T).tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert (mean.tolist(), share) == (V.tolist(), 1.0)
