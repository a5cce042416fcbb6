"""One run: a network being trained on its examples, one iteration after another."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from core.by_hand import Numbers
from core.data.batches import Batches, Indices
from core.data.examples import Split
from core.data.own import OwnData
from core.errors import LayerwiseError
from core.hyperparameters import TrainingSettings
from core.nn.activations import Array
from core.nn.initializers import initialize
from core.nn.network import Network
from core.nn.optimizers import OPTIMIZERS, Optimizer
from core.nn.parameters import Parameters, carry_over
from core.nn.regularization import regularization
from core.project import Project, check, check_memory
from core.state import RunState
from core.training import by_hand
from core.training.by_hand import ByHand
from core.training.descent import Descent, Diverged
from core.training.divergence import halt_of
from core.training.history import Growing
from core.training.messages import Answered, Halt, Score
from core.training.metrics import Evaluator
from core.training.supply import check_labels, split_of
from core.training.timeline import Moment, Timeline
from core.walk.record import Record, make_record

EXPLODED = 1e5  # times the first cost (or 1): no network that still learns gets there
TEST_EVERY = 20  # iterations between two points of the test curve: a twentieth of the time
TEST_EVERY_GRAM = 1000  # the same where an iteration takes a hundredth of a forward pass


class Session:
    """A run from its start: parameters, optimizer, cost history, and what may be asked of them.

    `p` are the parameters after `iteration` updates, `grad` the gradient of the last pass,
    `costs` the cost before each update, of the batch it was made on. `halt` says why it stopped by
    itself, if it did. `weights` (a flat vector) replaces the initial parameters; with `state` the
    run goes on from there, as if it had never stopped. `past`, if given, remembers where the run
    stood, so that it can be gone back to (`core/training/visit.py`). `between` is called between
    the parts of long measurements and may raise to give them up. Raises LayerwiseError, having
    allocated nothing large, for a project that does not fit its data or its limits.
    """

    def __init__(
        self,
        project: Project,
        split: Split | None = None,
        weights: Array | None = None,
        run: int = 0,
        between: Callable[[], None] = lambda: None,
        own: OwnData | None = None,
        state: RunState | None = None,
        past: Timeline | None = None,
    ) -> None:
        check(project)
        self.run, self.project, self.between = run, project, between
        self.split = split_of(project, own) if split is None else split
        train = self.split.train
        sizes = project.sizes(train.X.shape[0])
        check_memory(sizes, train.m, project.training.dtype)
        self.network = Network(sizes, project.activations, project.training.loss)
        check_labels(self.network, train.Y)
        self._p, self._grad = (Parameters(sizes, train.X.dtype) for _ in range(2))
        self._initialize(weights)
        self.iteration = 0
        self.halt: Halt | None = None
        # The data's seed, but not its numbers: drawing and shuffling are not to depend on another.
        rng = np.random.RandomState([project.data.seed, 1])
        self._batches = Batches(train.m, project.training.batch_size, rng)
        self._costs = Growing()
        self._test_iterations, self._test_costs = Growing(np.int64), Growing()
        self.by_hand = ByHand()
        self._given = weights is not None
        self._make_evaluators()
        self._descent: Descent | None = None  # made when the first iteration is
        self._settled = 0  # the iteration that p and grad belong to
        self.past = past
        self._remember_at = -1 if past is None else past.due
        if state is not None:
            self._resume(state)

    def _initialize(self, weights: Array | None) -> None:
        start = self.project.network
        if weights is None:
            initialize(self._p, start.initializer, start.scale, np.random.RandomState(start.seed))
        elif weights.size != self._p.flat.size:
            raise LayerwiseError(
                f"{weights.size} initial parameters were given and the network has"
                f" {self._p.flat.size}: import weights of the same layers."
            )
        else:
            self._p.flat[...] = weights

    def _make_evaluators(self) -> None:
        split, between = self.split, self.between
        self._train = Evaluator(self.network, split.train, split.kind, between)
        self._test = (
            None if split.test is None else Evaluator(self.network, split.test, split.kind, between)
        )

    @property
    def p(self) -> Parameters:
        """The parameters as they are."""
        self._settle()
        return self._p

    @property
    def grad(self) -> Parameters:
        """The gradient of the last pass; zeros before the first."""
        self._settle()
        return self._grad

    def _settle(self) -> None:
        if self._descent is not None and self._settled != self.iteration:
            self._descent.settle()
            self._settled = self.iteration

    @property
    def optimizer(self) -> Optimizer:
        """The optimizer of `p`, with its memory; not to be updated by others."""
        if self._descent is not None:
            return self._descent.optimizer
        training = self.project.training
        return OPTIMIZERS[training.optimizer](self._p.flat, training.learning_rate)

    @property
    def gram(self) -> bool:
        """Whether it is trained in Gram form (core/nn/gram.py), which shows in its speed alone."""
        return self._descent is not None and self._descent.gram is not None

    @property
    def epoch(self) -> int:
        """How many times every example has been used: with the full batch, once an iteration."""
        return self._batches.epoch if self._descent is None else self._descent.feed.epoch

    @property
    def costs(self) -> Array:
        """The cost before each update so far, (iteration,), read-only."""
        return self._costs.view()

    def state(self) -> RunState:
        """Where the run stands, for another session to go on from; no iteration half made."""
        descent = self._descent
        under_way = None if descent is None or descent.feed.done else descent.feed.batch
        memory = {} if descent is None else descent.memory()
        iterations, costs = self.test_curve
        taken = int(np.searchsorted(iterations, self.iteration))  # the next one measures its own
        return RunState(
            self.iteration,
            _frozen(self.p.flat),
            _frozen(self.grad.flat),
            self.costs,
            iterations[:taken],
            costs[:taken],
            {**self._batches.memory(under_way), **memory, by_hand.NAME: self.by_hand.iterations},
        )

    def _remember(self) -> None:
        """Keep where the run stands; the curves are not of the past, they only grow."""
        assert self.past is not None
        none, no_iterations = np.empty(0), np.empty(0, np.int64)
        state = replace(self.state(), costs=none, test_iterations=no_iterations, test_costs=none)
        self.past.keep(Moment(self.project, state))
        self._remember_at = self.past.due

    def _note(self, change: Project | Numbers) -> None:
        """Keep of the past that this was changed now."""
        if self.past is not None:
            self.past.note(self.iteration, change)
            self._remember_at = self.past.due

    def _resume(self, state: RunState) -> None:
        if (state.flat.shape, state.grad.shape) != (self._p.flat.shape, self._grad.flat.shape):
            raise LayerwiseError("The saved run is not one of this network.")
        self._p.flat[...], self._grad.flat[...] = state.flat, state.grad
        self.iteration = self._settled = state.iteration
        self._costs.extend(state.costs)
        self._test_iterations.extend(state.test_iterations)
        self._test_costs.extend(state.test_costs)
        self._batches.restore(state.memory)
        self.by_hand.restore(state.memory.get(by_hand.NAME), state.iteration)
        self._begin(state.memory)

    def go_on_from(self, other: Session) -> None:
        """Stand where another run of the same network does; from here on it learns other examples.

        An epoch of these begins. The other run's past cannot be gone back to: it had its examples.
        """
        state = other.state()
        kept = {name: array for name, array in state.memory.items() if name != "order"}
        start = self._batches.memory()
        start["place"][1] = other.epoch
        self._resume(replace(state, memory={**kept, **start}))
        self._given = other._given

    @property
    def as_drawn(self) -> bool:
        """Whether the parameters are those that the seed draws."""
        return not (self.iteration or self._given or len(self.by_hand.iterations))

    def adjust(self, numbers: Numbers) -> None:
        """Set parameters by hand and go on from there; an iteration under way begins again."""
        self._settle()
        self._note(numbers)
        self.by_hand.set(numbers, self._p, self.iteration)
        if self._descent is not None:
            self._descent.take_over()

    def carry_over_from(self, other: Session) -> None:
        """Start from another run's parameters where the structure is the same.

        The weights of an input stay with it, by its name; those of one that the other had not are
        what the seed draws.
        """
        old, new = other.split.features, self.split.features
        before = {name: j for j, name in enumerate(old)}
        kept = {j: before[name] for j, name in enumerate(new) if name in before}
        carry_over(other.p, self._p, None if old == new else kept)
        self._given = True

    def retune(self, project: Project) -> None:
        """Go on under changed training settings; data, layers and precision stay as they are.

        A changed optimizer, batch size or regularization begins with no memory of gradients.
        """
        check(project)
        old, self.project = self.project.training, project
        self._note(project)
        new = project.training
        if _settings_of_descent(old) != _settings_of_descent(new):
            self._stop_descent()
        if new.loss != old.loss:
            self.network = Network(self.network.sizes, project.activations, new.loss)
            check_labels(self.network, self.split.train.Y)
            self._make_evaluators()
        self._batches.resize(new.batch_size)
        if self._descent is not None:
            self._descent.rate = new.learning_rate

    def _stop_descent(self) -> None:
        self._settle()
        if self._descent is not None:
            self._descent.restart()
        self._descent = None

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
        iteration = self.iteration
        while self.iteration == iteration:
            if not self.advance():
                return False
        return True

    def advance(self) -> bool:
        """One iteration, or the next part of a long one; False when it stopped by itself."""
        descent = self._descent or self._begin()
        if self.iteration == self._remember_at and descent.feed.done:
            self._remember()
        if self._test is not None and descent.feed.done:
            self._measure_test(descent)
        try:
            J = descent.advance()
        except Diverged as error:
            first = float(self.costs[0]) if self.iteration else error.cost
            rate = self.project.training.learning_rate
            self.halt = halt_of(error, self.iteration, first, rate)
            return False
        if J is not None:
            self._costs.append(J)
            self.iteration += 1
            if self.iteration == 1:
                descent.ceiling = self._ceiling()
        return True

    def _ceiling(self) -> float:
        """The cost from which on a run will not come back."""
        return EXPLODED * max(float(self.costs[0]), 1.0) if self.iteration else sys.float_info.max

    def _begin(self, memory: Mapping[str, Array] = MappingProxyType({})) -> Descent:
        self._descent = Descent(
            self.network,
            self._p,
            self._grad,
            self.split.train,
            self._batches,
            self.project.training,
            memory,
        )
        self._descent.ceiling = self._ceiling()
        return self._descent

    def _measure_test(self, descent: Descent) -> None:
        every = TEST_EVERY if descent.gram is None else TEST_EVERY_GRAM
        taken = self._test_iterations.view()
        if self.iteration % every == 0 and (not len(taken) or taken[-1] != self.iteration):
            assert self._test is not None
            self._test_costs.append(self._test.score(self.p).cost)
            self._test_iterations.append(self.iteration)

    def score(self) -> tuple[Score, Score | None]:
        """Cost and accuracy of the parameters as they are, on training and test examples.

        The training cost is what is being made small, regularization included; the test cost is
        the mean loss alone.
        """
        p, training = self.p, self.project.training
        train = self._train.score(p)
        penalty = regularization(p, training.l1, training.l2, self.split.train.m)
        if penalty is not None:
            train = replace(train, cost=train.cost + penalty.cost(p))
        return train, None if self._test is None else self._test.score(p)

    def answers(self) -> Answered:
        """What the network says to every example with the parameters as they are."""
        test = None if self._test is None else self._test.answers(self.p)
        return Answered(self.iteration, self._train.answers(self.p), test)

    @property
    def test_curve(self) -> tuple[NDArray[np.int64], Array]:
        """The iterations at which the test cost was taken, and those costs; read-only."""
        return self._test_iterations.view(), self._test_costs.view()

    def activations(self, layer: int, *, fresh: bool) -> Array:
        """A[layer] (n[layer], m) over the training examples, of the parameters as they are; or,
        unless it must be `fresh`, of the pass just made, where that saves one. It may be the run's
        own array: copy what is to be kept.
        """
        if layer == 0:
            return self.split.train.X
        full = None if self._descent is None else self._descent.feed.full
        if fresh or full is None:
            return self._train.activations(self.p, layer)
        return full.cache.A[layer]

    def record(self) -> Record:
        """The next iteration, recorded without being made."""
        train = self.split.train
        examples = self._upcoming()
        whole = len(examples) == train.m
        return make_record(
            self.network,
            self.p,
            train.X if whole else train.X[:, examples],
            train.Y if whole else train.Y[:, examples],
            self.optimizer,
            iteration=self.iteration,
            epoch=self.epoch,
            examples=None if whole else examples,
            l1=self.project.training.l1,
            l2=self.project.training.l2,
            train_m=train.m,
        )

    def _upcoming(self) -> Indices:
        """The examples of the next iteration, or of the one under way."""
        if self._descent is not None and not self._descent.feed.done:
            return self._descent.feed.batch
        batch = self._batches.next()
        self._batches.put_back(batch)
        return batch


def _settings_of_descent(training: TrainingSettings) -> tuple[object, ...]:
    """All that cannot be changed without beginning another descent."""
    t = training
    return (t.loss, t.optimizer, t.batch_size, t.l1, t.l2)


def _frozen(array: Array) -> Array:
    copy = array.copy()
    copy.setflags(write=False)
    return copy
