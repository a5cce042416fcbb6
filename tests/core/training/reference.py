"""A whole training in scalar loops: the oracle's passes, and the updates of the papers."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from core.project import Project
from core.training.session import Session
from tests.core import oracle

Layers = dict[int, list[list[float]]]


def train(project: Project, iterations: int) -> tuple[list[float], list[float]]:
    """The costs and then the parameters (flat) after so many iterations, from the run's start.

    Only the start and the examples are taken from a session.
    """
    session = Session(project)
    W = {l: a.tolist() for l, a in session.p.W.items()}
    b = {l: a.tolist() for l, a in session.p.b.items()}
    X, Y = session.split.train.X, session.split.train.Y
    memory: dict[tuple[str, int, int, int], list[float]] = {}
    costs, epoch, t = [], 0, 0
    batches, chance = _batches(project, X.shape[1]), np.random.RandomState(project.network.seed)
    for t in range(1, iterations + 1):
        epoch, batch = next(batches)
        x, y = X[:, batch].tolist(), Y[:, batch].tolist()
        masks = {
            l: (
                (chance.rand(len(b[l]), len(batch)) < 1 - layer.dropout).tolist(),
                1 - layer.dropout,
            )
            for l, layer in enumerate(project.network.layers, start=1)
            if layer.dropout
        }
        made = oracle.one_pass(W, b, x, y, project.activations, project.training.loss, masks)
        J = made.J + _penalty(project, W, X.shape[1])
        costs.append(J)
        alpha = _alpha(project, epoch)
        for name, P, dP in (("W", W, made.dW), ("b", b, made.db)):
            for l, rows in P.items():
                for i, row in enumerate(rows):
                    for j, value in enumerate(row):
                        g = dP[l][i][j]
                        if name == "W":
                            g += _slope_of_penalty(project, value, X.shape[1])
                        state = memory.setdefault((name, l, i, j), [0.0, 0.0])
                        row[j] = value - _step(project.training.optimizer, g, alpha, t, state)
    return costs, _flat(W, b)


def _batches(project: Project, m: int) -> Iterator[tuple[int, list[int]]]:
    """The epoch, from 0, and the examples of every iteration, what is left over included."""
    size, rng = project.training.batch_size, np.random.RandomState([project.data.seed, 1])
    epoch = 0
    while True:
        order = list(range(m)) if size is None or size >= m else rng.permutation(m).tolist()
        for start in range(0, m, size or m):
            yield epoch, order[start : start + (size or m)]
        epoch += 1


def _alpha(project: Project, t: int) -> float:
    decay, a = project.training.decay, project.training.learning_rate
    k, n = decay.rate, decay.interval
    return {
        "none": a,
        "inverse": a / (1 + k * t),
        "interval": a / (1 + k * math.floor(t / n)),
        "exponential": a * math.pow(k, t),
        "staircase": a * math.pow(k, math.floor(t / n)),
    }[decay.form]


def _step(optimizer: str, g: float, alpha: float, t: int, state: list[float]) -> float:
    if optimizer == "gradient_descent":
        return alpha * g
    if optimizer == "momentum":
        state[0] = 0.9 * state[0] + 0.1 * g
        return alpha * state[0]
    if optimizer == "rmsprop":
        state[0] = 0.9 * state[0] + 0.1 * g**2
        return alpha * g / (math.sqrt(state[0]) + 1e-8)
    state[0] = 0.9 * state[0] + 0.1 * g
    state[1] = 0.999 * state[1] + 0.001 * g**2
    m, v = state[0] / (1 - 0.9**t), state[1] / (1 - 0.999**t)
    return alpha * m / (math.sqrt(v) + 1e-8)


def _penalty(project: Project, W: Layers, m: int) -> float:
    l1, l2 = project.training.l1, project.training.l2
    weights = [w for rows in W.values() for row in rows for w in row]
    return l1 / m * math.fsum(map(abs, weights)) + l2 / (2 * m) * math.fsum(w * w for w in weights)


def _slope_of_penalty(project: Project, w: float, m: int) -> float:
    sign = (w > 0) - (w < 0)
    return project.training.l1 / m * sign + project.training.l2 / m * w


def _flat(W: Layers, b: Layers) -> list[float]:
    """Row by row of [W b], layer by layer, as core.nn.parameters keeps them."""
    return [
        value for l in W for row, (bias,) in zip(W[l], b[l], strict=True) for value in (*row, bias)
    ]
