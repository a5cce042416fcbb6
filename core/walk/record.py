"""A recorded iteration: every array of its two passes and of its update, read-only."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from core.errors import LayerwiseError
from core.nn.activations import ACTIVATIONS, Activation, Array, Scratch
from core.nn.cache import Cache, FixedInputs, part_size
from core.nn.clipping import Clipping, norm, share_kept
from core.nn.decay import Schedule
from core.nn.dropout import Dropout
from core.nn.losses import LOSSES
from core.nn.network import Network
from core.nn.optimizers import OPTIMIZERS, Optimizer
from core.nn.parameters import Parameters, places_of
from core.nn.regularization import Regularization, regularization
from core.walk.entry import BIASES, WEIGHTS, Entry, Target

MOST_BYTES = 2**30  # that a record may take

Layers = Mapping[int, Array]
Units = Mapping[int, tuple[int, ...]]  # of some layers, from 0
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """The results of one iteration's passes, and the update that would follow.

    `p` are the parameters before it, `grad` their gradient, `step` what the update subtracts,
    `after` the parameters then; `A[0..L]`, `Z[1..L]`, `dZ[1..L]` have shape (n[l], m), and `dA`
    lacks L if dZ[L] = A[L] - Y is computed at once (`fused`). `D[l]` is the mask of a layer that
    drops activations, `keep[l]` the probability of keeping one, and `G[l]` is g(Z[l]) there.
    `losses` (m,), `J` their mean plus `penalty`, the regularization term. `memory` is the
    optimizer's memory before the update, by letter, and `t` counts its updates, this one included.
    `settings` are the optimizer's. Clipping compares the gradient's `norm` with `clip_norm` (0: no
    clipping); the update is made from `clip` times the gradient. `iteration` updates came before.
    Column k of every array is example `examples[k]` of the training set. `muted` and `frozen` list
    such units. Every array is read-only, and the record may cross threads. `in_full()` has a dA[L]
    even if the iteration needed none.
    """

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str
    fused: bool
    iteration: int
    epoch: int
    examples: Indices
    batch: bool  # whether these are only part of the training examples
    optimizer: str  # a key of OPTIMIZERS
    rate: float
    schedule: Schedule | None  # the undecayed rate, if `rate` decays
    settings: Mapping[str, float]
    memory: Mapping[str, Parameters]
    t: int
    clip_norm: float
    norm: float
    clip: float
    l1: float
    l2: float
    train_m: int  # number of training examples: regularization is divided by it
    p: Parameters
    grad: Parameters
    step: Parameters
    after: Parameters
    A: Layers
    Z: Layers
    dA: Layers
    dZ: Layers
    D: Layers
    G: Layers
    keep: Mapping[int, float]
    Y: Array
    losses: Array
    J: float
    penalty: float
    muted: Units
    frozen: Units

    @property
    def L(self) -> int:  # noqa: N802 (the course's letter)
        """The number of layers."""
        return len(self.sizes) - 1

    @property
    def m(self) -> int:
        """The number of examples recorded."""
        return len(self.losses)

    def activation(self, layer: int) -> Activation:
        """The activation of layer 1..L."""
        return ACTIVATIONS[self.activations[layer - 1]]

    def before_dropout(self, layer: int) -> Array:
        """g(Z[layer]), which is A[layer] itself unless some of it is dropped."""
        return self.G.get(layer, self.A[layer])

    def say_example(self, column: int) -> str:
        """Which example a column is: `example 8`, `example 128 (column 3 of the batch)`."""
        place = f" (column {column + 1} of the batch)" if self.batch else ""
        return f"example {int(self.examples[column]) + 1}{place}"

    @property
    def spelled_out(self) -> bool:
        """Whether it has a dA[L] that the iteration did not need."""
        return self.fused and self.L in self.dA

    def in_full(self) -> Record:
        """This iteration with dA[L], the derivative of every loss by the prediction, if dZ[L] was
        computed at once; otherwise the record itself.
        """
        if not self.fused or self.spelled_out:
            return self
        L = self.L
        behind = LOSSES[self.loss].at(self.activations[-1])
        with np.errstate(all="ignore"):
            slope = behind.slope(self.Z[L], self.before_dropout(L), self.Y)
        return replace(self, dA=MappingProxyType({**self.dA, L: _frozen(slope)}))

    def network(self) -> Network:
        """The architecture, for another pass elsewhere (the gradient check)."""
        return Network(self.sizes, self.activations, self.loss, self.muted)

    def has(self, target: Target, layer: int) -> bool:
        """Whether this iteration computed such an array."""
        if target == "A":
            return 0 <= layer <= self.L
        if target in ("Y", "loss", "J"):
            return layer == self.L
        if target in ("dA", "D"):
            return layer in (self.dA if target == "dA" else self.D)
        if target == "slope":
            return layer in self.dA and self.activation(layer).elementwise
        return 1 <= layer <= self.L

    def array(self, target: Target, layer: int) -> Array:
        """The array of that name, 2-D, read-only. Raises KeyError if there is none.

        `slope` is g'(Z[l]), computed on request by the activation's own code.
        """
        if not self.has(target, layer):
            raise KeyError(f"{target}[{layer}]")
        if target == "slope":
            g = self.activation(layer)
            slope = _slope(g, self.Z[layer], self.before_dropout(layer))
            slope[list(self.muted.get(layer, ()))] = 0.0
            return _frozen(slope)
        per_layer = {"A": self.A, "Z": self.Z, "D": self.D, "dA": self.dA, "dZ": self.dZ}
        if (layers := per_layer.get(target)) is not None:
            return layers[layer]
        if target in ("Y", "loss", "J"):
            return self._output(target)
        p = self._parameters(target)
        return p.W[layer] if target in WEIGHTS else p.b[layer]

    def _output(self, target: Target) -> Array:
        if target == "Y":
            return self.Y
        return self.losses[np.newaxis] if target == "loss" else _frozen(np.array([[self.J]]))

    def _parameters(self, target: Target) -> Parameters:
        if target in ("dW", "db"):
            return self.grad
        if target in ("step_W", "step_b"):
            return self.step
        return self.after if target in ("W_after", "b_after") else self.p

    def shape(self, target: Target, layer: int) -> tuple[int, int]:
        """Rows and columns of that array, without making it. Raises KeyError if there is none."""
        if not self.has(target, layer):
            raise KeyError(f"{target}[{layer}]")
        if target in WEIGHTS:
            return self.sizes[layer], self.sizes[layer - 1]
        if target in BIASES:
            return self.sizes[layer], 1
        if target in ("loss", "J"):
            return 1, self.m if target == "loss" else 1
        return self.sizes[layer], self.m

    def contains(self, entry: Entry) -> bool:
        """Whether there is such a number. Raises KeyError if there is not even such an array."""
        rows, columns = self.shape(entry.target, entry.layer)
        return 0 <= entry.row < rows and 0 <= entry.column < columns

    def value(self, entry: Entry) -> float:
        """The number at that address. Raises KeyError or IndexError if there is none."""
        l, i, k = entry.layer, entry.row, entry.column
        if entry.target != "slope":
            return float(self.array(entry.target, l)[i, k])
        return float(self.slopes(l, k, slice(i, i + 1))[0])

    def slopes(self, layer: int, column: int, rows: slice = slice(None)) -> Array:
        """g'(z) of one example, (n[layer],) or of some rows. Raises KeyError if there is none."""
        if not self.has("slope", layer):
            raise KeyError(f"slope[{layer}]")
        cells = rows, slice(column, column + 1)
        A = self.before_dropout(layer)
        slope = _slope(self.activation(layer), self.Z[layer][cells], A[cells])
        slope[np.isin(np.arange(self.sizes[layer])[rows], self.muted.get(layer, ()))] = 0.0
        return _frozen(slope[:, 0])


def check_size(sizes: Sequence[int], m: int, item: int) -> None:
    """Raise LayerwiseError if a record of m examples would take more than MOST_BYTES."""
    need = 4 * item * m * sum(sizes)  # A, Z, dA and dZ of every unit
    if need > MOST_BYTES:
        raise LayerwiseError(
            f"Walking through {m:,} examples at once needs {need:,} bytes, and the limit is "
            f"{MOST_BYTES:,}: use fewer examples or mini-batches."
        )


def make_record(
    network: Network,
    p: Parameters,
    X: Array,
    Y: Array,
    optimizer: Optimizer,
    *,
    iteration: int,
    epoch: int = 0,
    examples: Indices | None = None,
    l1: float = 0.0,
    l2: float = 0.0,
    clip_norm: float = 0.0,
    train_m: int | None = None,
    schedule: Schedule | None = None,
    dropout: Dropout | None = None,
    frozen: Units = MappingProxyType({}),
    inputs: FixedInputs | None = None,
) -> Record:
    """Compute the next iteration on X (n[0], m) and Y (n[L], m) in separate memory, and keep it.

    The calls and their order are those of training (core/training/descent.py), so that `after` is,
    bit for bit, what the run would have; `p` and `optimizer` do not change. `examples` (m,) are the
    columns of the training set in X, if X is a mini-batch of its `train_m`. `dropout` draws the
    masks and advances; `frozen` units stay; `inputs` are X, if training shares them. Where training
    works in parts or in Gram form, the results agree to rounding only.
    """
    fixed = None if examples is not None else inputs or FixedInputs(X)
    made = _Pass(network, p, X, Y, optimizer, frozen, fixed)
    made.drop(dropout)
    made.run(regularization(p, l1, l2, train_m or X.shape[1]), clip_norm)
    about = partial(
        Record,
        iteration=iteration,
        epoch=epoch,
        examples=_locked_indices(X.shape[1], examples),
        batch=examples is not None,
        schedule=schedule,
        t=int(made.optimizer.state().get("t", iteration + 1)),
        l1=l1,
        l2=l2,
        train_m=train_m or X.shape[1],
    )
    return made.record(about)


class _Pass:
    """One iteration in separate memory, with the same calls as in training."""

    def __init__(
        self,
        network: Network,
        p: Parameters,
        X: Array,
        Y: Array,
        optimizer: Optimizer,
        frozen: Units,
        inputs: FixedInputs | None,
    ) -> None:
        self.network, self.optimizer = network, copy.deepcopy(optimizer)
        self.cache = _cache_like_training(network, X, inputs)
        self.Y = np.array(Y, order="F" if inputs is None else "C")
        self.p, self.grad, self.after = (Parameters(p.sizes, flat=p.flat.copy()) for _ in range(3))
        self.memory = _memory(self.optimizer, p)
        self.penalty, self.frozen = 0.0, frozen

    def drop(self, dropout: Dropout | None) -> None:
        """Draw the masks, in parts if training would work in parts."""
        if dropout is None:
            return
        cache, part = self.cache, part_size(self.network.sizes)
        cache.drop(dropout.keep)
        for start in range(0, cache.m, part):
            dropout.draw({l: D[:, start : start + part] for l, D in cache.D.items()})

    @np.errstate(all="ignore")  # a diverging run may be walked too
    def run(self, regularizer: Regularization | None, clip_norm: float) -> None:
        network, p, cache, Y, grad = self.network, self.p, self.cache, self.Y, self.grad
        network.forward(p, cache.A[0], cache)
        self.J = network.cost(Y, cache)
        network.backward(p, Y, cache, grad)
        if regularizer is not None:
            self.penalty = regularizer.cost(p)
            self.J += self.penalty
            regularizer.add_gradient(p, grad)
        self.clip_norm, self.norm = clip_norm, norm(grad.flat)
        g = Clipping(grad.flat, clip_norm).of(grad.flat) if clip_norm else grad.flat
        self.step = Parameters(p.sizes, flat=self.optimizer.update(g).copy())
        self.step.flat[places_of(p.sizes, self.frozen)] = 0.0
        np.subtract(p.flat, self.step.flat, self.after.flat)
        self.losses = network.losses(Y, cache)
        if network.fused:
            del cache.dA[network.L]  # never written

    def record(self, about: Callable[..., Record]) -> Record:
        """A record of the results of the passes, with everything else from `about`."""
        network, cache = self.network, self.cache
        return about(
            sizes=network.sizes,
            activations=tuple(network.activations[l].name for l in range(1, network.L + 1)),
            loss=network.loss.name,
            fused=network.fused,
            optimizer=_name(self.optimizer),
            rate=self.optimizer.rate,
            settings=MappingProxyType(dict(self.optimizer.settings)),
            memory=self.memory,
            clip_norm=self.clip_norm,
            norm=self.norm,
            clip=share_kept(self.norm, self.clip_norm) if self.clip_norm else 1.0,
            p=_locked(self.p),
            grad=_locked(self.grad),
            step=_locked(self.step),
            after=_locked(self.after),
            A=_layers(cache.A),
            Z=_layers(cache.Z),
            dA=_layers(cache.dA),
            dZ=_layers(cache.dZ),
            D=_layers(cache.D),
            G=_layers({l: cache.G[l] for l in cache.D}),
            keep=MappingProxyType(dict(cache.keep)),
            Y=_frozen(self.Y),
            losses=_frozen(self.losses),
            J=self.J,
            penalty=self.penalty,
            muted=MappingProxyType(network.muted),
            frozen=MappingProxyType(dict(self.frozen)),
        )


def _cache_like_training(network: Network, X: Array, inputs: FixedInputs | None) -> Cache:
    """A cache whose inputs have training's memory layout, which affects the rounding of a matrix
    product.

    X is gathered from the examples, unless it is all of the fixed `inputs`.
    """
    if inputs is not None:
        cache = Cache(network.sizes, inputs.A1.shape[1], inputs.A1.dtype)
        cache.fix_inputs(inputs)
        return cache
    cache = Cache(network.sizes, X.shape[1], X.dtype)
    cache.hold(0, np.ones((X.shape[1], X.shape[0] + 1), X.dtype).T)  # as batch_loader.py does
    cache.A[0][...] = X
    return cache


def _memory(optimizer: Optimizer, p: Parameters) -> Mapping[str, Parameters]:
    state = {
        letter: a for letter, a in optimizer.state().items() if a.size == p.flat.size and a.ndim
    }
    return MappingProxyType(
        {letter: _locked(Parameters(p.sizes, flat=a.copy())) for letter, a in state.items()}
    )


def _name(optimizer: Optimizer) -> str:
    return next(name for name, made in OPTIMIZERS.items() if made is type(optimizer))


def _slope(g: Activation, Z: Array, A: Array) -> Array:
    """g'(Z): the backward function applied to dA = 1."""
    slope = np.empty_like(Z)
    with np.errstate(all="ignore"):
        g.backward(Z, A, np.ones_like(Z), slope, Scratch(Z.shape[0], Z.shape[1], Z.dtype))
    return slope


def _locked(p: Parameters) -> Parameters:
    return Parameters(p.sizes, flat=_frozen(p.flat))


def _layers(arrays: dict[int, Array]) -> Layers:
    return MappingProxyType({l: _frozen(array) for l, array in arrays.items()})


def _locked_indices(m: int, examples: Indices | None) -> Indices:
    indices = np.arange(m) if examples is None else examples.copy()
    indices.setflags(write=False)
    return indices


def _frozen(array: Array) -> Array:
    view = array.view()
    view.setflags(write=False)
    return view
