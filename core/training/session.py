"""One run: trains a network on its examples, one iteration after another."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from core.by_hand import Adjustment
from core.data.batches import Batches
from core.data.examples import Split
from core.data.own import OwnData
from core.errors import LayerwiseError
from core.nn.activations import Array
from core.nn.cache import FixedInputs
from core.nn.dropout import Dropout
from core.nn.optimizers import OPTIMIZERS, Optimizer
from core.nn.parameters import Parameters
from core.project import Project, check, check_memory
from core.state import BEGAN, NO_COSTS, NO_ITERATIONS, VALUES, RunState
from core.training import start
from core.training.by_hand import ByHand
from core.training.changes import marked
from core.training.data_source import check_labels, network_of, split_of
from core.training.descent import Descent, Diverged, settings_of_descent
from core.training.divergence import causes_of, ceiling, halt_of
from core.training.history import CostCurves, frozen
from core.training.measures import Measures
from core.training.outcomes import Answered, Halt, Score
from core.training.stopping import Stopping
from core.training.timeline import NEVER, Change, Moment, Timeline
from core.walk.record import Record, make_record


class Session:
    """A run from its start: parameters, optimizer, cost history, and measurements.

    `p` are the parameters after `iteration` updates, `grad` the gradient of the last pass, `costs`
    the cost before each update, of its batch. `halt` says why it stopped, if it did. `weights` (a
    flat vector) replaces the initial parameters; with `state` the run continues exactly from there.
    `past`, if given, keeps moments of the run, so that it can be visited
    (`core/training/replay.py`). `between` is called between the parts of long measurements and may
    raise to cancel them. `own` are the data of a project that draws none. Raises LayerwiseError,
    before allocating anything large, for a project that does not fit its data or its limits.
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
        self.run, self.project, self.start, self.between = run, project, weights, between
        self.own = own
        self.split = split_of(project, own) if split is None else split
        train = self.split.train
        sizes = project.sizes(train.X.shape[0])
        check_memory(sizes, train.m, project.training.dtype)
        self.network = network_of(project, sizes)
        check_labels(self.network, train.Y)
        self._p, self._grad = (Parameters(sizes, train.X.dtype) for _ in range(2))
        start.fill(self._p, project.network, weights)
        self.iteration = 0
        self.halt: Halt | None = None
        self._inputs = FixedInputs(train.X)
        # The data's seed, but not its numbers: drawing and shuffling are not to depend on another.
        rng = np.random.RandomState([project.data.seed, 1])
        self._batches = Batches(train.m, project.training.batch_size, rng)
        self._dropout = Dropout(project.network.seed, project.keep)
        self.curves = CostCurves(bounded=past is not None)
        self.by_hand = ByHand(given=weights is not None)
        self.began: Array | None = None  # the initial parameters, unless from the seed or `weights`
        self.measures = Measures(self.network, self.split, between)
        self._stopping, self._watched = Stopping(), False  # the latter while it plays to an end
        self._descent: Descent | None = None  # created by the first iteration ...
        self._begun = 0  # ... after this many: then it has made no pass yet
        self._settled = self._settled_gradient = 0  # the iterations that p and grad belong to
        self.visited_from: Session | None = None  # the run itself, of one that shows its past
        self.past = past
        self._remember_at = NEVER if past is None else past.due
        self._tested = self.split.test is not None
        if state is not None:
            self._resume(state)

    @property
    def live(self) -> Session:
        """The run itself: another session while this one shows an earlier iteration of it."""
        return self.visited_from or self

    @property
    def p(self) -> Parameters:
        """The current parameters."""
        if self._descent is not None and self._settled != self.iteration:
            self._descent.settle()
            self._settled = self.iteration
        return self._p

    @property
    def grad(self) -> Parameters:
        """The gradient of the last pass; zeros before the first."""
        if self._descent is not None and self._settled_gradient != self.iteration:
            self._descent.settle_gradient()
            self._settled_gradient = self.iteration
        return self._grad

    def last_step(self) -> Parameters | None:
        """What the last iteration subtracted from the parameters, to be read at once; None or NaN
        before the first iteration since the run was resumed.
        """
        return None if self._descent is None else self._descent.last_step()

    @property
    def optimizer(self) -> Optimizer:
        """The optimizer of `p`, with its memory; not to be updated by others."""
        if self._descent is not None:
            return self._descent.optimizer
        training = self.project.training
        make, rate = OPTIMIZERS[training.optimizer], training.rate_at(self.epoch)
        return make(self._p.flat, rate, training.optimizer_settings)

    @property
    def gram(self) -> bool:
        """Whether it is trained in Gram form (core/nn/gram.py), which affects only its speed."""
        return self._descent is not None and self._descent.gram is not None

    @property
    def epoch(self) -> int:
        """How many times every example has been used: with the full batch, once an iteration."""
        return self._batches.epoch if self._descent is None else self._descent.loader.epoch

    @property
    def best(self) -> int | None:
        """The iteration at which it was best so far, if known (`CostCurves.best`)."""
        return self.curves.best(noisy=not self._batches.full or bool(self._dropout.keep))

    @property
    def costs(self) -> Array:
        """The cost before each update so far, (iteration,), read-only; for a very long run with a
        past, at `curves.train.iterations`.
        """
        return self.curves.train.values

    def state(self, *, curves: bool = True) -> RunState:
        """The state of the run, from which another session can continue; never in the middle of an
        iteration. Without `curves` these are empty, and the rest that is of the whole run is left
        out: one is kept at each of a run's first thousand iterations.
        """
        descent = self._descent
        under_way = None if descent is None or descent.loader.done else descent.loader.batch
        memory = self._dropout.memory(begun=under_way is not None) | self.by_hand.memory()
        if descent is not None:
            memory |= descent.memory()
        if self.began is not None:
            memory[BEGAN] = self.began
        memory = {**self._batches.memory(under_way), **memory, **self._stopping.memory()}
        flat, grad, marks = frozen(self.p.flat), frozen(self.grad.flat), self.curves.marks
        if not curves:
            kept = {name: array for name, array in memory.items() if name not in (BEGAN, VALUES)}
            none = NO_COSTS, NO_ITERATIONS, NO_COSTS
            return RunState(self.iteration, flat, grad, *none, kept, marks)
        tests = self.curves.test_before(self.iteration)  # the next one measures its own
        places = self.curves.train.iterations
        return RunState(self.iteration, flat, grad, self.costs, *tests, memory, marks, places)

    def _remember(self) -> None:
        """Keep the current moment."""
        assert self.past is not None
        self.past.keep(Moment(self.project, self.state(curves=False)))
        self._remember_at = self.past.due

    def take_past(self, past: Timeline) -> None:
        """Use this past, which contains the moments kept so far."""
        self.past, self._remember_at = past, past.due

    def _note(self, change: Change) -> None:
        """Record in the past that something was changed now."""
        if self.past is not None:
            self.past.note(self.iteration, change)
            self._remember_at = self.past.due

    def _resume(self, state: RunState) -> None:
        if (state.flat.shape, state.grad.shape) != (self._p.flat.shape, self._grad.flat.shape):
            raise LayerwiseError("The saved run is not one of this network.")
        self._p.flat[...], self._grad.flat[...] = state.flat, state.grad
        self.iteration = self._settled = self._settled_gradient = state.iteration
        self.curves.restore(state)
        self._batches.restore(state.memory)
        self._dropout.restore(state.memory)
        self.by_hand.restore(state.memory, state.iteration)
        self.began = state.memory.get(BEGAN, self.began)
        if self.began is not None and self.began.shape != self._p.flat.shape:
            raise LayerwiseError("The saved run does not say rightly with what it began.")
        self._stopping.restore(state.memory, self._p.flat)
        self._begin(state.memory)

    def continue_from(self, other: Session) -> None:
        """Take over the state of another run of the same network, and learn other examples from
        here on.

        A new epoch begins. The other run's past cannot be visited: it had its own examples.
        """
        state = other.state()
        kept = {name: array for name, array in state.memory.items() if name != "order"}
        fresh = self._batches.memory()
        fresh["place"][1] = other.epoch
        self._resume(replace(state, memory={**kept, **fresh}))
        self._stopping.forget()
        self.by_hand.given = other.by_hand.given

    @property
    def as_drawn(self) -> bool:
        """Whether the parameters are those drawn from the seed."""
        return self.by_hand.drawn and not (self.iteration or len(self.by_hand.iterations))

    def adjust(self, change: Adjustment | Array) -> None:
        """Set parameters by hand, or all (flat) to earlier values, and continue from there; an
        iteration in progress starts again. A diverged run can continue from other parameters.
        """
        self.halt = None
        _ = self.p, self.grad  # brought up to date
        self._note(change)
        if isinstance(change, np.ndarray):
            self._p.flat[...] = change
        else:
            self.by_hand.set(change, self._p, self.iteration)
        if self._descent is not None:
            self._descent.take_over()

    def carry_over_from(self, other: Session) -> None:
        """Start from another run's parameters if the structure is the same."""
        start.keep(other.p, self._p, other.split.features, self.split.features)
        self.by_hand.given = True
        self.began = frozen(self._p.flat)

    def retune(self, project: Project) -> None:
        """Continue under changed settings: training, dropout, muted or frozen units.

        A changed optimizer, batch size, regularization or dropout, or clipping switched on or off,
        begins without memory of gradients.
        """
        check(project)
        before, self.project = self.project, project
        self._note(project)
        if self.iteration:
            self.curves.marks = marked(self.curves.marks, self.iteration, before, project)
        old, new, memory = before.training, project.training, None
        if settings_of_descent(before) != settings_of_descent(project):
            self._stop_descent()
        elif (before.muted, before.frozen) != (project.muted, project.frozen):
            memory = self._stop_descent()
        self._dropout.keep = project.keep
        if (new.loss, before.muted) != (old.loss, project.muted):
            self.network = network_of(project, self.network.sizes)
            check_labels(self.network, self.split.train.Y)
            self.measures = Measures(self.network, self.split, self.between)
            self._stopping.forget()
        if new.stop != old.stop:
            self._watched = self._watched and self._begin_watch()
        self._batches.resize(new.batch_size)
        if memory is not None:
            self._begin(memory)
        if self._descent is not None:
            self._descent.retune(new)

    def repeat(self, change: Change) -> None:
        """Repeat a change of an earlier run: settings, or parameters set by hand."""
        if isinstance(change, Project):
            self.retune(change)
        else:
            self.adjust(change)

    def _stop_descent(self) -> dict[str, Array] | None:
        """End the descent, if there is one; returns its memory."""
        _ = self.p, self.grad  # brought up to date
        if self._descent is None:
            return None
        self._descent.restart()
        memory, self._descent = self._descent.memory(), None
        return memory

    def _begin_watch(self) -> bool:
        stop = self.project.training.stop
        return self._stopping.begin(stop, self.epoch)

    def allow(self, iterations: float, *, goes_on: bool = False) -> float:
        """How many of these iterations to train now: up to the next multiple of the set number.

        Clears a halt that did not come from divergence, so that Play continues for as many again.
        Only an endless Play obeys the project's stopping settings; they restart here unless it
        `goes_on`.
        """
        if not goes_on:
            self._watched = math.isinf(iterations) and self._begin_watch()
        if self.halt is not None and self.halt.diverged:
            return 0
        self.halt = None
        if iterations > 0 and (refusal := self.network.refusal()):
            self.halt = Halt(refusal, self.iteration, kind="untrainable")
            return 0
        limit = self.project.training.iterations
        if math.isinf(iterations) and limit > 0:
            return limit - self.iteration % limit
        return iterations

    def step(self) -> bool:
        """One iteration: forward, cost, backward, update. False if the run stopped."""
        iteration = self.iteration
        while self.iteration == iteration:
            if not self.advance():
                return False
        return True

    def advance(self) -> bool:
        """One iteration, or the next part of a long one; False if the run stopped."""
        descent = self._descent or self._begin()
        due = self._tested or self._watched or self.iteration >= self._remember_at
        if due and descent.loader.done and not self._attend(descent):
            return False
        try:
            J = descent.advance()
        except Diverged as error:
            first = float(self.costs[0]) if self.iteration else error.cost
            training = self.project.training
            causes = causes_of(training, training.rate_at(self.epoch), self.split.train.m)
            self.halt = halt_of(error, self.iteration, first, causes)
            return False
        if J is not None:
            self.curves.train.append(J)
            self.iteration += 1
            if self.iteration == 1:
                descent.ceiling = ceiling(self.costs)
        return True

    def _attend(self, descent: Descent) -> bool:
        """The work due between two iterations; False if the run stops."""
        if self.iteration >= self._remember_at:
            self._remember()
        if self._tested:
            self._measure_test(descent)
        return not (self._watched and self._stops())

    def _stops(self) -> bool:
        """Whether one of the project's stopping conditions is met; if so, returns to the best
        parameters.
        """
        halt = self._stopping.reached(self.iteration, self.epoch, self._train_cost)
        if (best := self._stopping.take_best()) is not None:
            self.adjust(best)  # which ends no run
        self.halt = halt
        return halt is not None

    def _train_cost(self) -> float:
        """The cost on all training examples: the one of the last pass, if that was over all."""
        if self.iteration and self._batches.full and not self._dropout.keep:
            return float(self.curves.train.recent[-1])
        return self.measures.train(self.p, self.project.training).cost

    def _begin(self, memory: Mapping[str, Array] = MappingProxyType({})) -> Descent:
        self._descent = Descent(
            self.network,
            self._p,
            self._grad,
            self.split.train,
            self._batches,
            self.project.training,
            self._dropout,
            memory,
            self.project.frozen,
            self._inputs,
        )
        self._descent.ceiling = ceiling(self.costs)
        self._begun = self.iteration
        return self._descent

    def _measure_test(self, descent: Descent) -> None:
        if self.curves.want_test(self.iteration, gram=descent.gram is not None):
            score = self.measures.test(self.p)
            assert score is not None
            self.curves.note_test(self.iteration, score.cost)
            if self._watched:
                self._stopping.note_test(score.cost, self.iteration, self._p.flat)

    def score(self) -> tuple[Score, Score | None]:
        """Cost and accuracy of the current parameters, on training and test examples."""
        measures = self.measures
        return measures.train(self.p, self.project.training), measures.test(self.p)

    def answers(self) -> Answered:
        """The predictions for every example with the current parameters."""
        return self.measures.answers(self.p, self.iteration)

    @property
    def test_curve(self) -> tuple[NDArray[np.int64], Array]:
        """The iterations at which the test cost was taken, and those costs; read-only."""
        return self.curves.test

    def activations(self, layer: int, *, fresh: bool) -> Array:
        """A[layer] (n[layer], m) over the training examples, of the current parameters; or, unless
        it must be `fresh`, of the last pass, if that saves one and dropped none. It may be the
        run's own array: copy it to keep it.
        """
        full = None if self._descent is None else self._descent.loader.full
        passed = not (fresh or self.iteration == self._begun or self._dropout.keep)
        if not passed or full is None or layer == 0:
            return self.measures.activations(self.p, layer)
        return full.cache.A[layer]

    def record(self) -> Record:
        """The next iteration, recorded without changing the run."""
        train, descent = self.split.train, self._descent
        under_way = descent is not None and not descent.loader.done
        examples = descent.loader.batch if descent and under_way else self._batches.peek()
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
            clip_norm=self.project.training.clip_norm,
            train_m=train.m,
            schedule=self.project.training.schedule,
            dropout=self._dropout.twin(begun=under_way),
            frozen=self.project.frozen,
            inputs=self._inputs if whole else None,
        )
