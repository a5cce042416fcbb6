"""Projects with known faults for the doctor, and its signs of a run."""

from copy import copy
from dataclasses import replace
from functools import cache

import numpy as np

from core import edits
from core.data.own import own_data
from core.edits import with_data, with_network, with_training
from core.project import LayerSettings, Project
from core.training.doctor import examine
from core.training.session import Session
from core.training.signs import signs_of

DEEP = [(6, "sigmoid")] * 7


def built(*named, init="xavier", scale=1.0, **training):
    layers = tuple(LayerSettings(units=n, activation=g) for n, g in named)
    project = with_network(Project(), layers=layers, initializer=init, scale=scale)
    return with_training(project, **training)


def owned(X, Y, *named, **training):
    """A project on own data, and these."""
    own = own_data(np.asarray(X, float), [np.asarray(Y)], "own.npz")
    project = edits.choose_own(built(*named, **training) if named else Project(), own)
    return project, own


def signs(project, iterations=0, own=None, weights=None, restart=False):
    """What the doctor sees after so many iterations; at `restart` in a session that continues."""
    session = Session(project, own=own, weights=weights)
    for _ in range(iterations):
        assert session.step(), session.halt
    if restart:
        session = Session(project, own=own, state=session.state())
    return signs_of(session, session)


def names(seen):
    return [finding.name for finding in examine(seen)]


def only(name, seen):
    (finding,) = [f for f in examine(seen) if f.name == name]
    return finding


def after(seen, **curve):
    """The same with another curve behind it."""
    return replace(seen, curve=replace(seen.curve, **curve))


def measured(seen, **values):
    """The same with these in place of what it would measure."""
    other = copy(seen)
    vars(other).update(values)
    return other


def scored(seen, **values):
    """The same with this cost or accuracy."""
    return measured(seen, score=replace(seen.score, **values))


def wide(scale=300.0, m=80):
    X = np.random.RandomState(0).randn(2, m) * [[1.0], [scale]]
    return owned(X, (X[0] > 0).astype(int))


def rare(share, classes=2, m=100):
    Y = np.arange(m) % classes
    Y[Y == 1] = 0
    Y[: round(share * m)] = 1
    rows = [Y] if classes == 2 else np.eye(classes)[Y].T
    own = own_data(np.random.RandomState(0).randn(2, m), rows, "own.npz")
    return edits.choose_own(Project(), own), own


def of_own(made):
    project, own = made
    return signs(project, own=own)


def noisy_points():
    project = built((40, "tanh"), (40, "tanh"), (1, "sigmoid"), learning_rate=0.5)
    return with_data(project, examples=60, test_share=0.5, noise=1.0)


def l2(alpha, strength):
    return with_training(Project(), learning_rate=alpha, l2=strength)


FIRES = {  # a rule -> where it is right
    "all-linear": lambda: signs(built((4, "linear"), (1, "sigmoid"))),
    "output-range": lambda: signs(
        edits.set_activation(edits.choose_source(Project(), "plane"), 2, "sigmoid")
    ),
    "twins": lambda: signs(with_network(Project(), initializer="zeros")),
    "dead": lambda: signs(built((8, "relu"), (8, "relu"), (1, "sigmoid"), learning_rate=10.0), 100),
    "exploding": lambda: signs(built((8, "tanh"), (1, "sigmoid"), learning_rate=60.0), 300),
    "penalty-too-strong": lambda: signs(l2(1.2, 500.0), 5),
    "nothing-learned": lambda: signs(built(*DEEP, (1, "sigmoid")), 300),
    "vanishing": lambda: signs(built(*DEEP, (1, "sigmoid")), 1),
    "saturated": lambda: signs(with_network(Project(), scale=10.0)),
    "rate-too-high": lambda: signs(built((8, "tanh"), (1, "sigmoid"), learning_rate=30.0), 300),
    "rate-too-low": lambda: signs(with_training(Project(), learning_rate=1e-3), 200),
    "underfitting": lambda: signs(built((1, "sigmoid")), 60),
    "overfitting": lambda: signs(noisy_points(), 2000),
    "unscaled": lambda: of_own(wide()),
    "unbalanced": lambda: of_own(rare(0.04)),
}


@cache
def fault(name):
    """The signs of each of these, made once."""
    return FIRES[name]()
