"""Random recorded iterations, and every number of one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from hypothesis import strategies as st

from core.nn.dropout import Dropout
from core.nn.optimizers import OPTIMIZERS, Settings
from core.walk.entry import Entry, Target
from core.walk.record import Record, Units, make_record
from tests.core.nn.networks import OUTPUTS, TRAINABLE, Case, cases, some_units

TARGETS: tuple[Target, ...] = (
    "A", "Z", "D", "W", "b", "Y", "loss", "J", "slope",
    "dA", "dZ", "dW", "db", "step_W", "step_b", "W_after", "b_after",
)  # fmt: skip
TRAINABLE_OUTPUTS = [pair for pair in OUTPUTS if pair[0] in TRAINABLE]


def record_of(
    case: Case,
    optimizer: str = "gradient_descent",
    *,
    warm: int = 0,
    iteration: int = 0,
    l1: float = 0.0,
    l2: float = 0.0,
    clip_norm: float = 0.0,
    settings: Settings | None = None,
    frozen: Units | None = None,
) -> Record:
    """The case's iteration, with an optimizer that has seen `warm` gradients before."""
    made = OPTIMIZERS[optimizer](case.p.flat, 1.2, settings or {})
    rng = np.random.RandomState(case.seed)
    for _ in range(warm):
        made.update(rng.randn(case.p.flat.size).astype(case.dtype))
    return make_record(
        case.net, case.p, case.X, case.Y, made,
        iteration=iteration, l1=l1, l2=l2, clip_norm=clip_norm, train_m=case.m,
        dropout=Dropout(case.seed, case.keep), frozen=frozen or {},
    )  # fmt: skip


def records(penalties: bool = True, units: bool = True) -> st.SearchStrategy[Record]:
    """Iterations of 1 to 8 layers, any activation that trains, any output, loss and optimizer,
    some of them with a dA[L] that they did not need.

    `units`: some units may be muted, some frozen.
    """
    amounts = st.sampled_from([0.0, 0.7] if penalties else [0.0])

    def build(case: Case, optimizer: str, freeze: bool, in_full: bool, **amounts: Any) -> Record:
        frozen = some_units((*case.sizes, 1), (*case.activations, ""), case.seed // 2)
        record = record_of(case, optimizer, frozen=frozen if freeze else {}, **amounts)
        return record.in_full() if in_full else record

    return st.builds(
        build,
        cases(TRAINABLE, TRAINABLE_OUTPUTS, dropout=True, mute=units),
        st.sampled_from(sorted(OPTIMIZERS)),
        st.booleans() if units else st.just(False),
        st.booleans(),
        warm=st.integers(0, 2),
        iteration=st.integers(0, 2),
        l1=amounts,
        l2=amounts,
        clip_norm=st.sampled_from([0.0, 0.05, 10.0]),
        settings=st.sampled_from([{}, {"beta1": 0.5, "beta2": 0.25, "epsilon": 3e-7}]),
    )


def entries(record: Record) -> Iterator[Entry]:
    """Every number of a record."""
    for target in TARGETS:
        for layer in range(record.L + 1):
            if record.has(target, layer):
                rows, columns = record.shape(target, layer)
                for row in range(rows):
                    for column in range(columns):
                        yield Entry(target, layer, row, column)
