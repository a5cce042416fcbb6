"""What the network computes over the plane: the same numbers as a pass over each of its points."""

from __future__ import annotations

import numpy as np
import pytest

from core.training.boundary import Pictures, grid, plane_of
from core.training.session import Session
from tests.core.oracle import activate
from tests.core.training.projects import project

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
def test_numbers_too_large_for_single_precision_are_seen_too():
    given = project((4, "linear"), (1, "linear"), loss="squared_error")
    found, expected = over_the_plane(given, scale=1e30)
    assert np.abs(expected[2, 0]).max() > 1e40
    for unit in UNITS:
        assert np.isfinite(found[unit]).all()
        assert np.allclose(found[unit], expected[unit], rtol=1e-9)
