"""The slopes of each layer equal scalar loops, and show saturation."""

import math

import numpy as np
import pytest

from core import edits
from core.look.slopes import BINS, FLAT, Slopes
from core.training.session import Session
from tests.core.training.projects import project
from tests.looking import answer

PRIME = {
    "tanh": lambda z: 1 - math.tanh(z) ** 2,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)) * (1 - 1 / (1 + math.exp(-z))),
    "relu": lambda z: float(z > 0),
    "linear": lambda z: 1.0,
}


def by_loops(session, l):
    """g'(z) of every unit of a layer and example."""
    values = session.split.train.X.T.tolist()
    for k in range(1, l + 1):
        W, b = session.p.W[k].tolist(), session.p.b[k].ravel().tolist()
        name = session.project.activations[k - 1]
        z = [
            [
                sum(w * a for w, a in zip(row, x, strict=True)) + c
                for row, c in zip(W, b, strict=True)
            ]
            for x in values
        ]
        if k == l:
            return [PRIME[name](value) for one in z for value in one]
        activate = {"tanh": math.tanh, "relu": lambda v: max(v, 0.0), "linear": float}[name]
        values = [[activate(value) for value in one] for one in z]
    raise AssertionError


@pytest.mark.parametrize("hidden", ["tanh", "relu", "linear"])
def test_they_are_those_of_scalar_loops(hidden):
    session = Session(project((4, hidden), (1, "sigmoid"), data={"examples": 60}))
    session.p.flat[...] *= 2
    for l, found in enumerate(answer(session, Slopes()), start=1):
        slopes = by_loops(session, l)
        assert found.mean == pytest.approx(math.fsum(slopes) / len(slopes), rel=1e-9)
        most = 0.25 if l == 2 else 1.0
        assert (found.low, found.high) == (0.0, 1.0)  # one scale for all layers: these compare
        flat = sum(abs(s) <= FLAT * most for s in slopes) / len(slopes)
        assert found.flat == pytest.approx(flat)
        assert found.counts.sum() == len(slopes)
        counts, _ = np.histogram(slopes, BINS, (found.low, found.high))
        assert found.counts.tolist() == counts.tolist()


def test_large_weights_saturate_and_small_ones_do_not():
    session = Session(project((4, "tanh"), (1, "sigmoid")))
    session.p.flat[...] *= 0.01
    assert answer(session, Slopes())[0].flat == 0
    session.p.flat[...] *= 1e6
    layer = answer(session, Slopes())[0]
    assert layer.flat > 0.5
    assert layer.counts[0] > layer.counts[1:].sum()


def test_softmax_has_the_slope_of_each_output_in_its_own_z():
    session = Session(project((4, "softmax"), data={"source": "blobs"}))
    X = session.split.train.X
    E = np.exp(session.p.W[1] @ X + session.p.b[1])
    A = E / E.sum(axis=0)
    assert answer(session, Slopes())[0].mean == pytest.approx(float((A * (1 - A)).mean()))


def test_muted_units_have_slope_0_and_others_do_not_change():
    start = project((4, "tanh"), (1, "sigmoid"), data={"examples": 60})
    muted = edits.mute_unit(edits.mute_unit(start, 1, 3), 1, 1)
    sessions = Session(muted), Session(start)
    for session in sessions:
        session.p.flat[...] *= 0.01
    found, others = (answer(session, Slopes())[0] for session in sessions)
    assert (found.low, found.high) == (0.0, pytest.approx(1.0))
    assert found.flat == pytest.approx(0.5)
    assert found.counts[0] == found.counts.sum() / 2
    assert others.flat == 0
