"""A peer: hand-tuned NumPy without guards, history or anything to display."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from benchmarks.workloads import Workload, examples
from core.data.examples import Dtype
from core.nn.activations import Array

Lists = list[tuple[Any, ...]]


class Tuned:
    """One flat vector of parameters and one of gradients, a row of ones under every activation,
    buffers made once, the learning rate and 1/m in the output's error, bound `.dot` with `out`.
    """

    def __init__(self, work: Workload, dtype: Dtype, start: list[tuple[Array, Array]]) -> None:
        split = examples(work.source, work.inputs, work.sizes[-1], work.m, dtype)
        self._work, self._dtype, self._orders = work, np.dtype(dtype), work.orders()
        self._X1 = np.ones((work.m, work.inputs + 1), dtype)
        self._X1[:, :-1] = split.train.X.T
        self._Y = np.ascontiguousarray(split.train.Y.T)
        shapes = [(n, n_prev + 1) for n_prev, n in zip(work.sizes, work.sizes[1:], strict=False)]
        count = sum(n * k for n, k in shapes)
        self._flat, self._grad = np.empty(count, dtype), np.empty(count, dtype)
        self._W, self._dW, at = [], [], 0
        for (n, k), (W, b) in zip(shapes, start, strict=True):
            self._W.append(self._flat[at : at + n * k].reshape(n, k))
            self._dW.append(self._grad[at : at + n * k].reshape(n, k))
            self._W[-1][:, :-1], self._W[-1][:, -1] = W, b
            at += n * k
        self._m, self._v, self._t = np.zeros_like(self._flat), np.zeros_like(self._flat), 0
        self._step = np.empty_like(self._flat)
        self._steps: dict[int, tuple[Array, Array, Any]] = {}

    def run(self, units: int) -> float:
        work, cost, size = self._work, 0.0, self._work.batch or self._work.m
        for _ in range(units):
            if work.batch is None:
                X1, Y, step = self._of(work.m)
                if not self._t:
                    X1[...], Y[...] = self._X1, self._scaled(self._Y, work.m)
                cost = step()
                self._t += 1
                continue
            order = next(self._orders)
            for k in range(0, work.m, size):
                columns = order[k : k + size]
                X1, Y, step = self._of(len(columns))
                self._X1.take(columns, 0, X1, "clip")
                Y[...] = self._scaled(self._Y[columns], len(columns))
                cost = step()
                if work.optimizer == "adam":
                    self._adam()
        return cost

    def _scale(self, m: int) -> float:
        return (1.0 if self._work.optimizer == "adam" else self._work.rate) / m

    def _scaled(self, Y: Array, m: int) -> Array:
        """Labels (m, n), so that the output's error, times the scale, takes one call."""
        scale, last = self._scale(m), self._work.layers[-1][1]
        return np.asarray(scale / 2 - scale * Y if last == "sigmoid" else scale * Y)

    def _of(self, m: int) -> tuple[Array, Array, Any]:
        if m not in self._steps:
            X1 = np.empty((m, self._work.inputs + 1), self._dtype)
            Y = np.empty((m, self._work.sizes[-1]), self._dtype)
            self._steps[m] = X1, Y, self._make(X1, Y, m)
        return self._steps[m]

    def _make(self, X1: Array, Y: Array, m: int) -> Any:
        """The calls of an iteration over m examples, and a function that makes them."""
        one, half, zero, hs, ones = (
            np.array(value, self._dtype)
            for value in (1.0, 0.5, 0.0, self._scale(m) / 2, np.ones(m))
        )
        A = [X1.T, *(np.ones((n + 1, m), self._dtype) for n in self._work.sizes[1:])]
        D = [np.empty((n, m), self._dtype) for n in self._work.sizes]
        forward: Lists = []
        backward: Lists = []
        L = len(self._W)
        for l, (W, (_, name)) in enumerate(zip(self._W, self._work.layers, strict=True), start=1):
            forward.append((W.dot, A[l - 1], A[l][:-1]))
            if l < L and name == "tanh":
                forward.append((np.tanh, A[l][:-1], A[l][:-1]))
            elif l < L:
                forward.append((_maximum, A[l][:-1], np.zeros_like(D[l]), A[l][:-1]))
        for l in range(L, 0, -1):
            backward.append((D[l].dot, A[l - 1].T, self._dW[l - 1]))
            if l > 1:
                a, T = A[l - 1][:-1], np.empty_like(D[l - 1])
                backward.append((self._W[l - 1][:, :-1].T.dot, D[l], D[l - 1]))
                if self._work.layers[l - 2][1] == "tanh":
                    backward += [(np.multiply, a, a, T), (np.subtract, one, T, T)]
                    backward.append((np.multiply, D[l - 1], T, D[l - 1]))
                else:
                    mask = np.empty(D[l - 1].shape, np.bool_)
                    backward += [(np.greater, a, zero, mask)]
                    backward.append((np.multiply, D[l - 1], mask, D[l - 1]))
        if self._work.optimizer != "adam":
            backward.append((np.subtract, self._flat, self._grad, self._flat))
        z, d = A[L][:-1], D[L]
        if self._work.layers[-1][1] == "sigmoid":
            forward += [(np.multiply, z, half, d), (np.tanh, d, d), (np.multiply, d, hs, d)]
            forward.append((np.add, d, Y.T, d))
            cost = partial(_binary, d[0], np.empty(m, self._dtype), ones, self._scale(m))
        else:
            cost = partial(_softmax, z, d, Y.T, np.empty(m, self._dtype), ones, self._scale(m))
        return partial(_iterate, forward, cost, backward)

    def _adam(self) -> None:
        self._t += 1
        g, m, v, step = self._grad, self._m, self._v, self._step
        np.multiply(m, 0.9, m)
        np.multiply(g, 0.1, step)
        np.add(m, step, m)
        np.multiply(v, 0.999, v)
        np.multiply(g, g, step)
        np.multiply(step, 0.001, step)
        np.add(v, step, v)
        root = (1 - 0.999**self._t) ** 0.5
        np.sqrt(v, step)
        np.add(step, 1e-8 * root, step)
        np.divide(m, step, step)
        np.multiply(step, self._work.rate * root / (1 - 0.9**self._t), step)
        np.subtract(self._flat, step, self._flat)

    def weights(self) -> list[tuple[Array, Array]]:
        return [(W[:, :-1].copy(), W[:, -1].copy()) for W in self._W]


def _iterate(forward: Lists, cost: Any, backward: Lists) -> float:
    for f, *arguments in forward:
        f(*arguments)
    J: float = cost()
    for f, *arguments in backward:
        f(*arguments)
    return J


def _maximum(x: Array, y: Array, out: Array) -> None:
    np.maximum(x, y, out=out)


def _binary(d: Array, row: Array, ones: Array, scale: float) -> float:
    """From the scaled error: -mean of log(1 - |a - y|)."""
    np.absolute(d, row)
    np.multiply(row, -1 / scale, row)
    np.log1p(row, row)
    return -float(row.dot(ones)) / len(row)


def _softmax(z: Array, d: Array, Y: Array, row: Array, ones: Array, scale: float) -> float:
    """Leaves the scaled error in d; the mean of log(sum of e^z) - z of the true class."""
    np.maximum.reduce(z, axis=0, out=row)
    np.subtract(z, row, z)
    np.exp(z, d)
    np.add.reduce(d, axis=0, out=row)
    np.divide(d, row, d)
    np.multiply(d, scale, d)
    np.subtract(d, Y, d)
    np.log(row, row)
    return float(row.dot(ones) - np.multiply(z, Y).sum() / scale) / len(row)
