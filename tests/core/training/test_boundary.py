"""The network over the plane: the same numbers as a pass over each of its points."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.look.boundary import Boundary
from core.look.pictures import Pictures
from core.look.plane import grid, plane_of
from core.look.units import UnitMap
from core.nn.cache import Cache
from core.training.session import Session
from tests.core.oracle import activate
from tests.core.training.projects import project
from tests.looking import answer

UNITS = [(0, 1), (1, 0), (1, 3), (2, 0)]


def over_the_plane(given, scale=1.0):
    """UNITS over an 8 × 8 grid, weights times `scale`: from Pictures, and from scalar loops."""
    session = Session(given)
    session.p.flat[...] *= scale
    plane = plane_of(session.split)
    assert plane is not None
    pictures = Pictures(session.network, session.split, plane, lambda: None)
    found = pictures.values(session.p, 8, UNITS)
    expected = {unit: np.empty(64) for unit in UNITS}
    for k, point in enumerate(session.split.inputs_of(grid(plane, 8)).T):
        a = {0: point.tolist()}
        for l, name in enumerate(given.activations, start=1):
            W, b = session.p.W[l].tolist(), session.p.b[l][:, 0].tolist()
            rows = zip(W, b, strict=True)
            z = [sum(w * x for w, x in zip(row, a[l - 1], strict=True)) + c for row, c in rows]
            a[l] = activate(name, z)
        for l, i in UNITS:
            expected[l, i][k] = a[l][i]
    return found, {unit: values.reshape(8, 8) for unit, values in expected.items()}


@pytest.mark.parametrize("given", [project(), project((4, "relu"), (1, "sigmoid"))])
def test_single_precision_shows_the_same_picture(given):
    found, expected = over_the_plane(given, scale=30.0)
    for unit in UNITS:
        assert found[unit].dtype == np.float32
        assert np.abs(found[unit] - expected[unit]).max() < 1e-6 * np.abs(expected[unit]).max()


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid")  # as the training thread does
def test_numbers_too_large_for_single_precision_are_drawn():
    given = project((4, "linear"), (1, "linear"), loss="squared_error")
    found, expected = over_the_plane(given, scale=1e30)
    assert np.abs(expected[2, 0]).max() > 1e40
    for unit in UNITS:
        assert np.isfinite(found[unit]).all()
        assert np.allclose(found[unit], expected[unit], rtol=1e-9)


@pytest.mark.parametrize(
    ("units", "idle", "side"),
    [
        *((4, True, 200), (90, True, 100), (500, True, 100)),
        *((4, False, 100), (64, False, 67), (90, False, 50), (500, False, 50)),
    ],
)
def test_a_small_network_is_drawn_finer_at_rest_and_a_large_one_coarser_in_flight(
    units, idle, side
):
    session = Session(project((units, "tanh"), (units, "tanh"), (1, "sigmoid")))
    assert answer(session, Boundary(), idle=idle).values.shape == (1, side, side)
    assert answer(session, UnitMap(1, 0), idle=idle).levels.shape == (side, side)


def test_a_part_of_the_plane_is_drawn_as_finely_as_the_whole():
    session = Session(project((4, "tanh"), (1, "sigmoid")))
    whole, part = answer(session, Boundary()), answer(session, Boundary(seen=((0.5, 1.5), (-1, 0))))
    assert (part.plane.x1, part.plane.x2, part.plane.cut) == ((0.5, 1.5), (-1, 0), None)
    assert part.values.shape == whole.values.shape
    X = session.split.inputs_of(grid(part.plane, 200))
    A = session.network.forward(session.p, X, Cache(session.network.sizes, X.shape[1]))
    np.testing.assert_allclose(part.values.reshape(1, -1), A, rtol=1e-5, atol=1e-7)


def test_a_part_too_small_for_single_precision_is_drawn_in_that_of_the_run():
    session = Session(project((4, "tanh"), (1, "sigmoid")))
    seen = (1.0, 1.0 + 1e-9), (1.0, 1.0 + 1e-9)
    values = answer(session, Boundary(seen=seen)).values[0]
    assert len(np.unique(values[100])) == 200  # as it runs through sigmoid, no two are alike


@pytest.mark.parametrize("seen", [((0, 0), (0, 1)), ((0, math.nan), (0, 1)), ((1, 0), (0, 1))])
def test_an_invalid_part_is_not_requested(seen):
    assert not Boundary(seen=seen).fits((2, 4, 1))
    assert not UnitMap(1, 0, seen=seen).fits((2, 4, 1))
