"""The functions for notebooks: train, inspect, save and load, as in `from core import …`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from core import edits
from core.data.normalization import standardized
from core.data.own import own_data
from core.errors import LayerwiseError
from core.files import export, storage
from core.files.storage import Saved
from core.layers import LayerSettings, NetworkSettings
from core.look.ask import Allowance
from core.look.boundary import Boundary, Field
from core.look.recorder import Recorder
from core.nn.activations import Array
from core.nn.cache import Cache
from core.nn.gradient_check import GradientCheck
from core.nn.gradient_check import gradient_check as check_of
from core.nn.parameters import Parameters
from core.project import Project
from core.training.session import Session

ORIGIN = "a notebook"


def fit(
    X: ArrayLike,
    Y: ArrayLike,
    *,
    hidden: Sequence[int] = (4,),
    activation: str = "tanh",
    iterations: int = 10_000,
    standardize: bool = False,
    seed: int = 3,
    initializer: str = "normal",
    **training: object,
) -> Session:
    """Train a network on examples X (n_x, m) with labels Y (n_y, m), an example a column.

    `hidden` are the units of the hidden layers, none for logistic regression. The output layer and
    the loss follow from Y: one row of 0 and 1 is learned with a sigmoid, one-hot columns with
    softmax, other numbers with linear units and the squared error. `training` are settings of
    `TrainingSettings`, such as `learning_rate`, `optimizer`, `batch_size` or `l2`. With
    `standardize` the inputs are trained on minus their mean, divided by their deviation.

    The returned run has `p.W[l]` (n[l], n[l-1]), `p.b[l]` (n[l], 1) and `costs` (iterations,);
    `halt` says why it stopped sooner, if it did. `step()` makes one iteration more. Raises
    LayerwiseError for data or settings that cannot be used.
    """
    own = own_data(X, Y, ORIGIN)
    layers = tuple(LayerSettings(units=units, activation=activation) for units in hidden)
    output = LayerSettings(units=1, activation="sigmoid")
    network = NetworkSettings(layers=(*layers, output), seed=seed, initializer=initializer)
    project = edits.choose_own(Project(network=network), own)
    project = edits.with_data(project, normalize=standardize)
    unknown = set(training) - set(project.training.__struct_fields__)
    if unknown:
        raise LayerwiseError(
            f"There is no setting called {', '.join(sorted(unknown))}: choose from"
            f" {', '.join(project.training.__struct_fields__)}."
        )
    session = Session(edits.with_training(project, **training), own=own)
    train(session, iterations)
    return session


def train(session: Session, iterations: int) -> None:
    """Train for this many more iterations, or fewer if the run stops earlier (`session.halt`)."""
    for _ in range(iterations):
        if not session.step():
            return


def predict(session: Session, X: ArrayLike) -> Array:
    """The predictions A[L] (n[L], m) for inputs X (n_x, m) in the units of the data.

    Raises LayerwiseError if X has a different number of rows than the data.
    """
    split, network = session.split, session.network
    values = np.asarray(X, np.float64)
    rows = network.sizes[0] if split.points is None else len(split.points)
    if values.ndim != 2 or len(values) != rows:
        raise LayerwiseError(
            f"X has the shape {values.shape}: it needs {rows:,} rows, an example a column."
        )
    if split.points is None:
        inputs = standardized(values, split.mean, split.std).astype(split.train.X.dtype)
    else:
        inputs = split.inputs_of(values)
    cache = Cache(network.sizes, inputs.shape[1], inputs.dtype)
    return network.forward(session.p, inputs, cache).copy()


def gradient_check(session: Session, *, at_most: int | None = None) -> GradientCheck:
    """Compare the gradient at the run's parameters with central differences.

    `passed` says whether they agree, `arrays` gives the error of each W[l] and b[l]. At most
    `at_most` parameters are checked, drawn with the project's seed; None checks all.
    """
    train_set = session.split.train
    p = Parameters(session.network.sizes, flat=session.p.flat.astype(np.float64))
    X, Y = train_set.X.astype(np.float64), train_set.Y.astype(np.float64)
    rng = np.random.RandomState(session.project.network.seed)
    *_, whole = check_of(session.network, p, X, Y, at_most=at_most, rng=rng)
    return whole


def boundary(session: Session) -> Field:
    """The predictions over the plane of the two inputs: `values` (n[L], side, side), rows from the
    top of x2 to its bottom, and the `plane` with its ranges `x1` and `x2`.

    With more than two inputs it is a plane of two of them, the others held at their mean.
    """
    allowance = Allowance(Recorder(session))
    allowance.idle = allowance.rests = True
    return Boundary().measure(session, allowance)


def save(path: Path | str, session: Session) -> None:
    """Write the project, its data and the state of the run as a `.layerwise` file, which the window
    can open. Raises LayerwiseError naming the file, which is then unchanged.
    """
    state = session.state() if session.iteration else None
    storage.write(path, Saved(session.project, state, session.own, session.start))


def load(path: Path | str) -> Session:
    """The run of a `.layerwise` file, in the exact state in which it was saved.

    Raises LayerwiseError naming the file and the problem.
    """
    saved = storage.read(path)
    return Session(saved.project, weights=saved.start, own=saved.own, state=saved.state)


def save_weights(path: Path | str, session: Session) -> None:
    """Write W1 (n[1], n[0]), b1 (n[1], 1), … WL, bL as `.npz`, which `np.load` reads."""
    export.write_weights(path, session.project, session.p, session.split)


def load_weights(path: Path | str, session: Session) -> None:
    """Set the run's parameters to those of a `.npz` file with W1, b1, … WL, bL.

    Raises LayerwiseError naming every array that does not fit.
    """
    session.adjust(export.read_weights(path, session.network.sizes))
