"""One run: a network being trained on its examples, one iteration after another."""

from __future__ import annotations

import math
import sys

import numpy as np
from numpy.typing import NDArray

from core.data.examples import Split, make_split
from core.errors import LayerwiseError
from core.nn.activations import Array
from core.nn.cache import Cache
from core.nn.initializers import initialize
from core.nn.network import Network
from core.nn.optimizers import OPTIMIZERS
from core.nn.parameters import Parameters, carry_over
from core.project import Project, check, check_memory
from core.training.history import Growing
from core.training.messages import Halt, Score
from core.training.metrics import Evaluator
from core.walk.record import Record, make_record

EXPLODED = 1e5  # times the first cost (or 1): no network that still learns gets there
TEST_EVERY = 20  # iterations between two points of the test curve: a twentieth of the time


def split_of(project: Project) -> Split:
    """Draw the examples that the project's data settings name."""
    data = project.data
    return make_split(
        data.source,
        data.examples,
        data.noise,
        data.seed,
        data.test_share,
        data.features,
        data.normalize,
        project.training.dtype,
    )


class Session:
    """A run from its start: parameters, optimizer, cost history, and what may be asked of them.

    `p` are the parameters after `iteration` updates, `grad` the gradient of the last pass,
    `costs` the cost before each update. `halt` says why it stopped by itself, if it did. `weights`
    (a flat vector) replaces the initial parameters. Raises LayerwiseError, having allocated nothing
    large, for a project that does not fit its data or its limits.
    """

    def __init__(
        self,
        project: Project,
        split: Split | None = None,
        weights: Array | None = None,
        run: int = 0,
    ) -> None:
        check(project)
        self.run, self.project = run, project
        self.split = split_of(project) if split is None else split
        train = self.split.train
        sizes = project.sizes(train.X.shape[0])
        check_memory(sizes, train.m, project.training.dtype)
        self.network = Network(sizes, project.activations, project.training.loss)
        _check_labels(self.network, train.Y)
        self.p = Parameters(sizes, train.X.dtype)
        self.grad = Parameters(sizes, train.X.dtype)
        self._initialize(weights)
        self.iteration = 0
        self.halt: Halt | None = None
        self._ceiling = sys.float_info.max
        self._cache = Cache(sizes, train.m, train.X.dtype)
        self._cache.A[0][...] = train.X
        self._make_optimizer()
        self._costs = Growing()
        self._test_iterations, self._test_costs = Growing(np.int64), Growing()
        self._make_evaluators()

    def _initialize(self, weights: Array | None) -> None:
        start = self.project.network
        if weights is None:
            initialize(self.p, start.initializer, start.scale, np.random.RandomState(start.seed))
        elif weights.size != self.p.flat.size:
            raise LayerwiseError(
                f"{weights.size} initial parameters were given and the network has"
                f" {self.p.flat.size}: import weights of the same layers."
            )
        else:
            self.p.flat[...] = weights

    def _make_optimizer(self) -> None:
        training = self.project.training
        self.optimizer = OPTIMIZERS[training.optimizer](self.p.flat, training.learning_rate)

    def _make_evaluators(self) -> None:
        split = self.split
        self._train = Evaluator(self.network, split.train, split.kind)
        self._test = None if split.test is None else Evaluator(self.network, split.test, split.kind)

    @property
    def epoch(self) -> int:
        """How many times every example has been used: with the full batch, once an iteration."""
        return self.iteration

    @property
    def costs(self) -> Array:
        """The cost before each update so far, (iteration,), read-only."""
        return self._costs.view()

    def carry_over_from(self, other: Session) -> None:
        """Start from another run's parameters where the structure is the same."""
        carry_over(other.p, self.p)

    def retune(self, project: Project) -> None:
        """Go on under changed training settings; data, layers and precision stay as they are."""
        old, self.project = self.project.training, project
        new = project.training
        if new.loss != old.loss:
            self.network = Network(self.network.sizes, project.activations, new.loss)
            _check_labels(self.network, self.split.train.Y)
            self._make_evaluators()
        if new.optimizer != old.optimizer:
            self._make_optimizer()
        self.optimizer.rate = new.learning_rate

    def allow(self, iterations: float) -> float:
        """How many of these iterations to train now: up to the next multiple of the set number.

        Clears a halt that did not come from divergence, so that Play goes on for as many again.
        """
        if self.halt is not None and self.halt.diverged:
            return 0
        self.halt = None
        if iterations > 0 and (refusal := self.network.refusal()):
            self.halt = Halt(refusal, self.iteration)
            return 0
        limit = self.project.training.iterations
        if math.isinf(iterations) and limit > 0:
            return limit - self.iteration % limit
        return iterations

    def step(self) -> bool:
        """One iteration: forward, cost, backward, update. False when it stopped by itself."""
        network, p, cache, Y = self.network, self.p, self._cache, self.split.train.Y
        if self._test is not None and self.iteration % TEST_EVERY == 0:
            self._test_iterations.append(self.iteration)
            self._test_costs.append(self._test.score(p).cost)
        network.forward(p, cache.A[0], cache)
        J = network.cost(Y, cache)
        if self._ceiling < J or math.isnan(J):
            return self._diverge(J)
        network.backward(p, Y, cache, self.grad)
        step = self.optimizer.update(self.grad.flat)
        # A sum of squares that is finite has only finite terms: one call instead of three.
        if not (math.isfinite(step.dot(step)) or np.isfinite(p.flat - step).all()):
            return self._diverge(J)
        np.subtract(p.flat, step, p.flat)
        self._costs.append(J)
        if self.iteration == 0:
            self._ceiling = EXPLODED * max(J, 1.0)
        self.iteration += 1
        return True

    def _diverge(self, J: float) -> bool:
        """Keep the parameters as they are, the last finite ones, and say where it went wrong."""
        layer = self._worst_layer()
        what = (
            f"the cost has grown to {J:.3g}, from {self.costs[0]:.3g} at the start, and the largest"
            f" numbers are in layer {layer}"
            if math.isfinite(J) and np.isfinite(self._cache.Z[layer]).all()
            else f"numbers of layer {layer} are no longer finite"
        )
        self.halt = Halt(
            f"Training stopped at iteration {self.iteration:,}: {what}. The usual causes are a"
            f" learning rate that is too high ({self.project.training.learning_rate:g} now), inputs"
            " on a large scale, or initial weights that are too large. The last finite"
            " parameters are kept; change one of these, then press Reset.",
            self.iteration,
            layer,
            diverged=True,
        )
        return False

    def _worst_layer(self) -> int:
        """The first layer with a number that is not finite, else the one with the largest Z."""
        layers = range(1, self.network.L + 1)
        for l in layers:
            if not np.isfinite(self._cache.Z[l]).all():
                return l
        for l in reversed(layers):
            if not np.isfinite(self.grad.Wb[l]).all():
                return l
        return max(layers, key=lambda l: float(np.abs(self._cache.Z[l]).max()))

    def score(self) -> tuple[Score, Score | None]:
        """Cost and accuracy of the parameters as they are, on training and test examples."""
        return self._train.score(self.p), None if self._test is None else self._test.score(self.p)

    @property
    def test_curve(self) -> tuple[NDArray[np.int64], Array]:
        """The iterations at which the test cost was taken, and those costs; read-only."""
        return self._test_iterations.view(), self._test_costs.view()

    def activations(self, layer: int, *, fresh: bool) -> Array:
        """A[layer] (n[layer], m) over the training examples: of the pass just made, or, if `fresh`,
        of the parameters as they are. The array is the run's own: copy what is to be kept.
        """
        if fresh:
            self.network.forward(self.p, self._cache.A[0], self._cache)
        return self._cache.A[layer]

    def record(self) -> Record:
        """The next iteration, recorded in memory of its own without being made."""
        return make_record(
            self.network,
            self.p,
            self._cache.A[0],
            self.split.train.Y,
            self.optimizer,
            iteration=self.iteration,
            epoch=self.epoch,
        )


def _check_labels(network: Network, Y: Array) -> None:
    """Raise LayerwiseError if the labels Y (n_y, m) do not fit the output layer and the loss."""
    n_L = network.sizes[-1]
    if Y.shape[0] != n_L:
        raise LayerwiseError(
            f"The output layer has {n_L} units and the labels have {Y.shape[0]} rows: give the"
            f" output layer {Y.shape[0]} units."
        )
    if network.loss.name != "cross_entropy":
        return
    wrong = ~np.isin(Y, (0.0, 1.0))
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise LayerwiseError(
            f"Cross-entropy needs labels 0 or 1, and Y[{row}, {column}] is {Y[row, column]:g}:"
            " use a linear output with squared error for real numbers."
        )
    if network.activations[network.L].name == "softmax" and (Y.sum(axis=0) != 1.0).any():
        column = int(np.flatnonzero(Y.sum(axis=0) != 1.0)[0])
        raise LayerwiseError(
            f"Softmax needs exactly one 1 in each column of Y, and column {column} has"
            f" {Y[:, column].sum():g}: give one row a class, or use sigmoid outputs."
        )
