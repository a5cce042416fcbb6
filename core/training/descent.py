"""Takes a run from one iteration to the next: chooses batch, Gram form and optimizer."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from core.data.batches import Batches
from core.data.examples import Examples
from core.errors import LayerwiseError
from core.hyperparameters import TrainingSettings
from core.nn.activations import Array
from core.nn.cache import Cache, FixedInputs
from core.nn.clipping import Clipping
from core.nn.dropout import Dropout
from core.nn.gram import Gram, pays
from core.nn.network import Network, Pass
from core.nn.optimizers import OPTIMIZERS, Optimizer
from core.nn.parameters import Parameters, places_of
from core.nn.regularization import regularization
from core.project import Project
from core.training.batch_loader import BatchLoader, BatchPart


class Diverged(Exception):  # noqa: N818 - an event, not an error
    """A number is no longer finite, or (`finite`) the cost has exploded; nothing was updated."""

    def __init__(self, cost: float, layer: int, *, finite: bool) -> None:
        super().__init__(cost, layer)
        self.cost, self.layer, self.finite = cost, layer, finite


class Descent:
    """Trains `p` in place, iteration by iteration; `grad` is the gradient of the last iteration.

    The units `frozen` (layer → units, from 0) do not change.

    If n[0] is much larger than m and the result is the same, it works in Gram form; `p` is then
    valid only after `settle`, `grad` only after `settle_gradient`.
    """

    def __init__(
        self,
        network: Network,
        p: Parameters,
        grad: Parameters,
        examples: Examples,
        batches: Batches,
        training: TrainingSettings,
        dropout: Dropout,
        memory: Mapping[str, Array] = MappingProxyType({}),
        frozen: Mapping[int, Sequence[int]] = MappingProxyType({}),
        inputs: FixedInputs | None = None,
    ) -> None:
        make = OPTIMIZERS[training.optimizer]
        self._plain_p, self._plain_grad = p, grad
        self._penalty = regularization(p, training.l1, training.l2, examples.m)
        self.gram: Gram | None = None
        self._dropout = dropout if dropout.keep else None
        plain = bool(self._penalty or dropout.keep or training.clip_norm or not batches.full)
        if make.linear and not plain and pays(p.sizes[0], examples.m):
            start = _like(memory.get("gram_start"), p.Wb[1])
            self.gram = Gram(network, p, examples.X, start)
            network, p, grad = self.gram.network, self.gram.p, self.gram.grad
        cache = None if self.gram is None else self.gram.cache
        self.loader = BatchLoader(p.sizes, examples, batches, cache, dropout.keep, inputs)
        self._network, self._p, self._grad = network, p, grad
        self._optimizer = make(p.flat, training.learning_rate, training.optimizer_settings)
        self._clipping = Clipping(p.flat, training.clip_norm) if training.clip_norm else None
        self._frozen = places_of(p.sizes, frozen) if frozen else None
        self._schedule = training.schedule
        self._name = training.optimizer
        self._restore(memory)
        self._passes: dict[BatchPart, Pass] = {}
        self._piece, self._sum, self._J = grad, grad, 0.0  # batches in parts need two vectors
        self.ceiling = sys.float_info.max  # a greater cost is divergence

    def memory(self) -> dict[str, Array]:
        """Its state besides `p` and `grad`, as copies, from which another one continues bit for
        bit.
        """
        found = {f"{self._name}_{name}": a.copy() for name, a in self._optimizer.state().items()}
        if self.gram is not None:
            found["gram_start"] = self.gram.start.copy()
            found["gram_p"], found["gram_grad"] = self._p.flat.copy(), self._grad.flat.copy()
        return found

    def _restore(self, memory: Mapping[str, Array]) -> None:
        """Restore the parts of the memory for this optimizer and form; ignore the rest."""
        own = self._optimizer.state()
        found = {name: memory.get(f"{self._name}_{name}") for name in own}
        self._optimizer.restore({name: _like(found[name], own[name]) for name in own})
        if self.gram is not None and "gram_start" in memory:
            self._p.flat[...] = _like(memory.get("gram_p"), self._p.flat)
            self._grad.flat[...] = _like(memory.get("gram_grad"), self._grad.flat)

    def advance(self) -> float | None:
        """Do one iteration, or a part of a long one: forward, cost, backward, update.

        Returns the cost before the update, or None if parts of the iteration are still to come.
        Raises Diverged instead of updating anything.
        """
        if self._schedule is not None and self.loader.done:
            self._optimizer.rate = self._schedule.alpha(self.loader.epoch)
        part = self.loader.next() if self._dropout is None else self._next_masked(self._dropout)
        passes = self._passes.get(part) or self._written(part)
        for call, arguments in passes.forward:
            call(*arguments)
        J = passes.cost()
        if not self.ceiling >= J:  # NaN is not
            raise self._diverged(part.cache, J)
        for call, arguments in passes.backward:
            call(*arguments)
        if not part.whole:
            self._add(part, J)
            if not self.loader.done:
                return None
            J = self._take_sum()
        return self._update(part.cache, J)

    def _update(self, cache: Cache, J: float) -> float:
        """Take one step against the gradient; returns the cost with the regularization term."""
        p, grad = self._p, self._grad
        if self._penalty is not None:
            J += self._penalty.cost(p)
            if not self.ceiling >= J:  # the penalty alone can explode too
                raise self._diverged(cache, J)
            self._penalty.add_gradient(p, grad)
        g = grad.flat if self._clipping is None else self._clipping.of(grad.flat)
        step = self._optimizer.update(g)
        if self._frozen is not None:
            step[self._frozen] = 0.0
        # A sum of squares that is finite has only finite terms: one call instead of three.
        if not (math.isfinite(step.dot(step)) or np.isfinite(p.flat - step).all()):
            raise self._diverged(cache, J)
        np.subtract(p.flat, step, p.flat)
        return J

    def _written(self, part: BatchPart) -> Pass:
        """The call list of the two passes over a part, made when the part is first loaded; the
        gradient of a partial batch goes to a separate array.
        """
        if not part.whole and self._piece is self._grad:
            sizes, dtype = self._p.sizes, self._p.flat.dtype
            self._piece, self._sum = (Parameters(sizes, dtype) for _ in range(2))
        grad = self._grad if part.whole else self._piece
        made = self._network.write(self._p, part.Y, part.cache, grad)
        self._passes[part] = made
        return made

    def _next_masked(self, dropout: Dropout) -> BatchPart:
        """The next part, with the masks of its pass."""
        begins = self.loader.done
        part = self.loader.next()
        if begins and not part.whole:
            dropout.begin()
        dropout.draw(part.cache.D)
        return part

    def _add(self, part: BatchPart, J: float) -> None:
        """Add the gradient and the cost of a part to the earlier parts; `grad` does not change."""
        share = self.loader.share(part)
        np.multiply(self._piece.flat, share, self._piece.flat)
        np.add(self._sum.flat, self._piece.flat, self._sum.flat)
        self._J += share * J

    def _take_sum(self) -> float:
        self._grad.flat[...], J = self._sum.flat, self._J
        self._forget_parts()
        return J

    def _forget_parts(self) -> None:
        self._sum.flat.fill(0.0)
        self._J = 0.0

    def restart(self) -> None:
        """Start an iteration in progress again, with the same examples."""
        if not self.loader.done:
            self.loader.restart()
            self._forget_parts()
            if self._dropout is not None:
                self._dropout.take_back()

    def take_over(self) -> None:
        """Continue after `p`, which was up to date, was changed from outside; the memory of the
        gradients stays.
        """
        self.restart()
        if self.gram is not None:
            self.gram.take(self._plain_p)

    def settle(self) -> None:
        """Bring `p` up to date."""
        if self.gram is not None:
            self.gram.lift(self._plain_p)

    def settle_gradient(self) -> None:
        """Bring `grad` up to date."""
        if self.gram is not None:
            self.gram.lift_step(self._grad.flat, self._plain_grad)

    def _diverged(self, cache: Cache, J: float) -> Diverged:
        """Name the first layer with a number that is not finite, else the layer with
        the largest Z.
        """
        layers = range(1, self._network.L + 1)
        for l in layers:
            if not np.isfinite(cache.Z[l]).all():
                return Diverged(J, l, finite=False)
        for l in reversed(layers):
            if not np.isfinite(self._grad.Wb[l]).all():
                return Diverged(J, l, finite=False)
        largest = max(layers, key=lambda l: float(np.abs(cache.Z[l]).max()))
        return Diverged(J, largest, finite=math.isfinite(J))

    def last_step(self) -> Parameters:
        """What the last iteration subtracted from the parameters; NaN before the first. The next
        iteration may overwrite it.
        """
        step, sizes = self._optimizer.last_step, self._plain_p.sizes
        if self.gram is None:
            return Parameters(sizes, flat=step)
        lifted = Parameters(sizes, step.dtype)
        self.gram.lift_step(step, lifted)
        return lifted

    def retune(self, training: TrainingSettings) -> None:
        """Continue with another learning rate, decay or clipping limit."""
        self._schedule = training.schedule
        self._optimizer.rate = training.rate_at(self.loader.epoch)
        if self._clipping is not None:
            self._clipping.limit = training.clip_norm

    @property
    def optimizer(self) -> Optimizer:
        """The optimizer of `p`, with its memory and its next rate; not to be updated."""
        if self._schedule is not None:
            self._optimizer.rate = self._schedule.alpha(self.loader.epoch)
        if self.gram is None:
            return self._optimizer
        plain = type(self._optimizer)(
            self._plain_p.flat, self._optimizer.rate, self._optimizer.settings
        )
        lifted = Parameters(self._plain_p.sizes, self._plain_p.flat.dtype)
        for letter, array in self._optimizer.state().items():
            self.gram.lift_step(array, lifted)
            plain.state()[letter][...] = lifted.flat
        return plain


def _like(saved: Array | None, own: Array) -> Array:
    """The saved array, if there is one; raises LayerwiseError if its shape differs from `own`."""
    if saved is None:
        return own
    if saved.shape != own.shape:
        raise LayerwiseError(
            f"The saved run remembers {saved.shape} numbers where this network needs {own.shape}."
        )
    return saved


def settings_of_descent(project: Project) -> tuple[object, ...]:
    """All that cannot be changed without beginning another descent."""
    t = project.training
    clipped = bool(t.clip_norm)
    optimizer = t.optimizer, t.optimizer_settings
    return (t.loss, optimizer, t.batch_size, t.l1, t.l2, clipped, project.keep)
