"""A whole training in scalar loops: the oracle's passes, and the updates of the papers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

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
        gradient = {}
        for name, P, dP in (("W", W, made.dW), ("b", b, made.db)):
            for l, rows in P.items():
                for i, row in enumerate(rows):
                    for j, value in enumerate(row):
                        g = dP[l][i][j]
                        if name == "W":
                            g += _slope_of_penalty(project, value, X.shape[1])
                        gradient[name, l, i, j] = g
        shorter = _clip(project, gradient.values())
        for (name, l, i, j), g in gradient.items():
            state = memory.setdefault((name, l, i, j), [0.0, 0.0])
            P = W if name == "W" else b
            P[l][i][j] -= _step(project, g * shorter, alpha, t, state)
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


def _clip(project: Project, gradient: Iterable[float]) -> float:
    """What clipping by norm multiplies the gradient by."""
    limit = project.training.clip_norm
    norm = math.sqrt(math.fsum(g * g for g in gradient))
    return limit / norm if limit and norm > limit else 1.0


def _step(project: Project, g: float, alpha: float, t: int, state: list[float]) -> float:
    training = project.training
    optimizer, epsilon = training.optimizer, training.epsilon or 1e-8
    b1 = 0.9 if training.beta1 is None else training.beta1
    b2 = {"rmsprop": 0.9}.get(optimizer, 0.999) if training.beta2 is None else training.beta2
    if optimizer == "gradient_descent":
        return alpha * g
    if optimizer == "momentum":
        state[0] = b1 * state[0] + (1 - b1) * g
        return alpha * state[0]
    if optimizer == "rmsprop":
        state[0] = b2 * state[0] + (1 - b2) * g**2
        return alpha * g / (math.sqrt(state[0]) + epsilon)
    state[0] = b1 * state[0] + (1 - b1) * g
    state[1] = b2 * state[1] + (1 - b2) * g**2
    m, v = state[0] / (1 - b1**t), state[1] / (1 - b2**t)
    return alpha * m / (math.sqrt(v) + epsilon)


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
