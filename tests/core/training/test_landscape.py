"""The cost surface: every point is the cost there, and one unit's surface is a bowl."""

import numpy as np
import pytest

from core.by_hand import BIAS, Place
from core.edits import choose_source, with_data, with_network, with_training
from core.look import landscape as module
from core.look.landscape import SIDES, Survey, axes, is_convex
from core.nn.parameters import Parameters
from core.project import LayerSettings, Project
from core.training.session import Session
from core.training.timeline import Timeline
from tests.looking import answer

BASE = with_data(Project(), examples=60)
W = Place(1, 0, 1)
B = Place(1, 0, BIAS)
ONE = with_network(BASE, layers=(LayerSettings(units=1, activation="sigmoid"),))


def surveyed(project, wanted, iterations=0):
    session = Session(project, past=Timeline())
    for _ in range(iterations):
        session.step()
    return session, answer(session, wanted)


def cost_at(project, flat):
    """J as a run that starts there would print it."""
    session = Session(project, weights=flat)
    session.step()
    return float(session.costs[0])


@pytest.mark.parametrize("l2", [0.0, 0.7])
def test_every_point_is_the_cost_of_a_run_that_starts_there(l2):
    project = with_training(BASE, l2=l2)
    session, found = surveyed(project, Survey(W, Place(2, 0, BIAS)), 40)
    side = len(found.x)
    assert SIDES[0] <= side <= SIDES[1]
    for row, column in ((0, 0), (2, side - 1), (side - 1, 3)):
        p = Parameters(session.p.sizes, flat=session.p.flat.copy())
        p.W[1][0, 1], p.b[2][0] = found.x[column], found.y[row]
        assert found.costs[row, column] == pytest.approx(cost_at(project, p.flat), rel=1e-12)
    assert found.here == (session.p.W[1][0, 1], session.p.b[2][0, 0])
    assert found.cost == pytest.approx(cost_at(project, session.p.flat), rel=1e-12)
    assert found.iteration == 40


def test_the_path_is_the_runs_earlier_positions():
    _, found = surveyed(BASE, Survey(W, B), 30)
    fresh = Session(BASE)
    for i in range(30):
        assert found.iterations[i] == i
        assert found.path[i] == pytest.approx([fresh.p.W[1][0, 1], fresh.p.b[1][0, 0]], rel=1e-9)
        fresh.step()
    for k, ends in enumerate((found.x, found.y)):
        assert ends[0] <= found.path[:, k].min()
        assert found.path[:, k].max() <= ends[-1]
        assert ends[0] < found.here[k] < ends[-1]


@pytest.mark.parametrize("batch_size", [None, 16])
def test_along_the_gradient_the_cost_rises_by_its_length(batch_size):
    project = with_training(BASE, l2=0.3, batch_size=batch_size)
    _, found = surveyed(project, Survey("gradient", "random", ((-1e-4, 1e-4), (-1e-4, 1e-4))), 20)
    session = Session(project)
    for _ in range(20):
        session.step()
    full = Session(with_training(project, batch_size=None), weights=session.p.flat)
    full.step()
    length = float(np.linalg.norm(full.grad.flat))
    middle = len(found.x) // 2
    slope = (found.costs[middle, -1] - found.costs[middle, 0]) / 2e-4
    assert slope == pytest.approx(length, rel=1e-5)
    across = (found.costs[-1, middle] - found.costs[0, middle]) / 2e-4
    assert abs(across) < 1e-3 * length  # at a right angle to it the cost does not change at first


def test_directions_are_displacements_from_here():
    _, found = surveyed(BASE, Survey("gradient", "random"), 25)
    assert found.here == (0.0, 0.0)
    distance = np.linalg.norm(found.path, axis=1)
    assert distance[-1] < distance[0]


def test_one_unit_has_a_bowl_of_cross_entropy_and_no_bowl_of_squared_error():
    project = with_data(ONE, source="gaussians")
    session, found = surveyed(project, Survey(Place(1, 0, 0), B, ((-12, 12), (-12, 12))), 50)
    assert found.squared is not None
    assert is_convex(found.costs)
    assert not is_convex(found.squared)
    p = Parameters(session.p.sizes, flat=session.p.flat.copy())
    p.W[1][0, 0], p.b[1][0] = found.x[3], found.y[5]
    squared = with_training(project, loss="squared_error")
    assert found.squared[5, 3] == pytest.approx(cost_at(squared, p.flat), rel=1e-12)


@pytest.mark.parametrize(
    "project", [BASE, choose_source(BASE, "plane"), choose_source(BASE, "blobs")]
)
def test_other_networks_have_one_surface(project):
    _, found = surveyed(project, Survey(W, B))
    assert found.squared is None
    assert np.isfinite(found.costs).all()


def test_convex_means_below_every_chord_by_plain_loops():
    rng = np.random.RandomState(3)
    x = np.linspace(-2, 2, 9)
    for surface in (x[:, None] ** 2 + x**2, x[:, None] * x, rng.rand(9, 9), np.ones((9, 9))):
        bent = False
        for row in range(9):
            for column in range(9):
                for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
                    ends = [(row + k * down, column + k * right) for k in (-1, 1)]
                    if all(0 <= r < 9 and 0 <= c < 9 for r, c in ends):
                        chord = sum(surface[end] for end in ends) / 2
                        bent = bent or surface[row, column] > chord + 1e-8
        assert is_convex(surface) is not bent


def test_all_axes():
    p = Session(BASE).p
    found = list(axes(p))
    assert found[:2] == ["gradient", "random"]
    assert len(found) == 2 + p.flat.size
    values = [p.Wb[a.layer][a.row, a.column] for a in found if isinstance(a, Place)]
    assert sorted(values) == sorted(p.flat)


def test_a_slow_network_gets_fewer_points_and_looking_changes_nothing(monkeypatch):
    monkeypatch.setattr(module, "BUDGET", 0.0)
    session, found = surveyed(BASE, Survey(W, B), 5)
    assert found.costs.shape == (SIDES[0], SIDES[0])
    fresh = Session(BASE)
    for _ in range(5):
        fresh.step()
    assert fresh.p.flat.tobytes() == session.p.flat.tobytes()
    before = fresh.p.flat.copy()
    answer(fresh, Survey("gradient", "random"))
    assert (fresh.p.flat == before).all()


def test_a_gradient_of_zero_still_has_a_surface():
    project = with_network(ONE, initializer="zeros")
    project = with_data(project, source="parity")
    _, found = surveyed(project, Survey("gradient", "random"))
    assert np.isfinite(found.costs).all()


@pytest.mark.parametrize("wanted", [Survey(W, B), Survey("gradient", "random")])
def test_chosen_bounds_hold_the_path_and_go_equally_far_along_both(wanted):
    _, found = surveyed(with_training(BASE, learning_rate=2.0), wanted, 150)
    assert np.ptp(found.x) == pytest.approx(np.ptp(found.y))
    for ends, way, here in zip((found.x, found.y), found.path.T, found.here, strict=True):
        assert ends[0] <= min(way.min(), here)
        assert ends[-1] >= max(way.max(), here)


def from_zeros(bounds=None, dtype="float64", m=60):
    """One neuron after 200 iterations from zeros on two Gaussians, and its two surfaces."""
    project = with_network(ONE, initializer="zeros")
    project = with_data(project, source="gaussians", examples=m)
    project = with_training(project, dtype=dtype)
    return surveyed(project, Survey(Place(1, 0, 0), B, bounds), 200)[1]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_bounds_that_are_chosen_show_the_bowl_and_that_the_other_is_none(dtype):
    found = from_zeros(dtype=dtype)
    assert found.x[0] <= -5
    assert found.x[-1] >= 5
    assert is_convex(found.costs, found.dtype)
    assert not is_convex(found.squared, found.dtype)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("reach", [1e-6, 1e-3, 0.3])
def test_rounding_is_no_bend_however_small_the_piece(reach, dtype):
    found = from_zeros(((-reach, reach), (-reach, reach)), dtype, m=1000)
    assert is_convex(found.costs, found.dtype)


def test_a_piece_that_is_flat_to_rounding_has_no_hills():
    found = from_zeros(((-1e-17, 1e-17), (-1e-17, 1e-17)))
    assert np.ptp(found.costs) == 0
    assert np.ptp(from_zeros(((-1e-9, 1e-9), (-1e-9, 1e-9))).costs) > 0


def test_a_bend_that_is_more_than_rounding_is_seen():
    x = np.linspace(-1, 1, 11)
    for size in (1e-12, 1.0, 1e9):
        bowl = size * (x[:, None] ** 2 + x**2)
        assert is_convex(bowl)
        assert not is_convex(-bowl)
        assert is_convex(1e14 * size - bowl)  # its rounding is larger than the bend
        assert not is_convex(1e10 * size - bowl)
        assert is_convex(1e10 * size - bowl, np.float32)
