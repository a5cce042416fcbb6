"""The workloads of the benchmark: W1 to W6, from 17 parameters to 235,146."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from core.data.batches import Batches
from core.data.examples import Dtype, Split, make_split, split_of_arrays
from core.project import LayerSettings, Project

Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Workload:
    """A network, its examples and how it is trained; `unit` is what one measured step is."""

    name: str
    inputs: int
    layers: tuple[tuple[int, str], ...]
    source: str  # "flower", "digits", or "random": numbers from 0 to 1 where a file would be large
    m: int
    rate: float
    batch: int | None = None
    optimizer: str = "gradient_descent"

    @property
    def title(self) -> str:
        sizes = "-".join(str(n) for n in (self.inputs, *(n for n, _ in self.layers)))
        batch = "full batch" if self.batch is None else f"batch {self.batch}"
        adam = ", Adam" if self.optimizer == "adam" else ""
        return f"{self.name}  {sizes} {self.layers[0][1]}, m = {self.m:,}, {batch}{adam}"

    @property
    def unit(self) -> str:
        return "iteration" if self.batch is None else "epoch"

    @property
    def sizes(self) -> tuple[int, ...]:
        return (self.inputs, *(n for n, _ in self.layers))

    @property
    def steps(self) -> int:
        """Iterations in a unit."""
        return 1 if self.batch is None else -(-self.m // self.batch)

    def project(self, dtype: Dtype) -> Project:
        given = Project()
        layers = tuple(LayerSettings(units=n, activation=name) for n, name in self.layers)
        source = "flower" if self.source == "random" else self.source
        return replace(
            given,
            data=replace(given.data, source=source),
            network=replace(given.network, layers=layers, initializer="he"),
            training=replace(
                given.training,
                learning_rate=self.rate,
                batch_size=self.batch,
                optimizer=self.optimizer,
                dtype=dtype,
            ),
        )

    def batches(self) -> Iterator[Indices]:
        """The examples of every iteration, in the order in which a session takes them."""
        batches = Batches(self.m, self.batch, np.random.RandomState([Project().data.seed, 1]))
        while True:
            yield batches.next()

    def orders(self) -> Iterator[Indices]:
        """The same an epoch at a time: all examples, in the order of the batches."""
        batches = self.batches()
        while True:
            yield np.concatenate([next(batches) for _ in range(self.steps)])


@cache
def examples(source: str, inputs: int, outputs: int, m: int, dtype: Dtype) -> Split:
    """The examples of a workload in one precision; all that train them share the arrays."""
    if source != "random":
        return make_split(source, m, 0.2 if source == "flower" else 0.0, 1, dtype=dtype)
    rng = np.random.RandomState(0)
    X = rng.rand(inputs, m)
    Y: Any = (rng.rand(1, m) > 0.65) * 1.0
    if outputs > 1:
        Y = np.eye(outputs)[:, rng.randint(outputs, size=m)]
    return split_of_arrays(X, Y, dtype=dtype)


SIGMOID = (1, "sigmoid")
DIGITS = ((128, "relu"), (64, "relu"), (10, "softmax"))
WORKLOADS = (
    Workload("W1", 2, ((4, "tanh"), SIGMOID), "flower", 400, 1.2),
    Workload("W2", 2, (*3 * ((8, "relu"),), SIGMOID), "flower", 400, 0.1),
    Workload("W3", 2, (*2 * ((64, "tanh"),), SIGMOID), "flower", 1000, 0.1),
    Workload("W4", 12288, ((20, "relu"), (7, "relu"), (5, "relu"), SIGMOID), "random", 209, 0.0075),
    Workload("W5", 64, DIGITS, "digits", 1797, 0.1, batch=64),
    Workload("W5a", 64, DIGITS, "digits", 1797, 0.001, batch=64, optimizer="adam"),
    Workload(
        "W6",
        784,
        ((256, "relu"), (128, "relu"), (10, "softmax")),
        "random",
        60_000,
        0.01,
        batch=256,
    ),
)
