"""The peers that train the workloads: Layerwise, the usual course code, and libraries."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, Protocol
from unittest import mock

import numpy as np

from benchmarks.tuned import Tuned
from benchmarks.workloads import Workload, examples
from core.data.examples import Dtype
from core.nn.activations import Array
from core.nn.parameters import Parameters
from core.training import descent
from core.training.session import Session

Weights = list[tuple[Array, Array]]  # W (n[l], n[l-1]) and b (n[l],), layer by layer


class Peer(Protocol):
    """Trains one workload from the start that all share."""

    def run(self, units: int) -> float:
        """Train for so many iterations or epochs, a cost each iteration; the last cost."""
        ...

    def weights(self) -> Weights: ...


def session_of(work: Workload, dtype: Dtype) -> Session:
    """The run of a workload at its start."""
    split = examples(work.source, work.inputs, work.sizes[-1], work.m, dtype)
    return Session(work.project(dtype), split=split)


def start_of(work: Workload, dtype: Dtype) -> Weights:
    """The initial weights, copies of them."""
    return _list(session_of(work, dtype).p)


def _list(p: Parameters) -> Weights:
    return [(p.W[l].copy(), p.b[l].ravel().copy()) for l in p.W]


class Layerwise:
    """The same session that the window and `python main.py train` use."""

    def __init__(self, work: Workload, dtype: Dtype) -> None:
        self._session, self._steps = session_of(work, dtype), work.steps

    def run(self, units: int) -> float:
        session = self._session
        for _ in range(units * self._steps):
            if not session.step():
                raise RuntimeError(session.halt)
        return float(session.costs[-1])

    def weights(self) -> Weights:
        return _list(self._session.p)


class LayerwisePlain(Layerwise):
    """The same with the Gram form forbidden."""

    def run(self, units: int) -> float:
        with mock.patch.object(descent, "pays", return_value=False):
            return super().run(units)


class Course:
    """As in the notebooks of a deep-learning course: dictionaries and temporaries."""

    def __init__(self, work: Workload, dtype: Dtype) -> None:
        split = examples(work.source, work.inputs, work.sizes[-1], work.m, dtype)
        self._X, self._Y = split.train.X, split.train.Y
        self._work, self._orders = work, work.orders()
        self._L = len(work.layers)
        self._names = [name for _, name in work.layers]
        self._parameters: dict[str, Array] = {}
        for l, (W, b) in enumerate(start_of(work, dtype), start=1):
            self._parameters[f"W{l}"], self._parameters[f"b{l}"] = W, b.reshape(-1, 1)
        self._v = {name: np.zeros_like(p) for name, p in self._parameters.items()}
        self._s = {name: np.zeros_like(p) for name, p in self._parameters.items()}
        self._t = 0

    def run(self, units: int) -> float:
        cost = 0.0
        for _ in range(units):
            if self._work.batch is None:
                cost = self._iterate(self._X, self._Y)
                continue
            order = next(self._orders)
            X, Y, size = self._X[:, order], self._Y[:, order], self._work.batch
            for k in range(0, self._work.m, size):
                cost = self._iterate(X[:, k : k + size], Y[:, k : k + size])
        return cost

    def _iterate(self, X: Array, Y: Array) -> float:
        AL, caches = self._forward(X)
        m = Y.shape[1]
        if self._names[-1] == "sigmoid":
            cost = -np.sum(Y * np.log(AL) + (1 - Y) * np.log(1 - AL)) / m
        else:
            cost = -np.sum(Y * np.log(AL)) / m
        gradients = self._backward(AL, Y, caches)
        update = self._adam if self._work.optimizer == "adam" else self._gradient_descent
        update(gradients)
        return float(np.squeeze(cost))

    def _forward(self, X: Array) -> tuple[Array, list[tuple[Array, Array]]]:
        A, caches = X, []
        for l in range(1, self._L + 1):
            A_prev = A
            Z = np.dot(self._parameters[f"W{l}"], A_prev) + self._parameters[f"b{l}"]
            A = self._activate(Z, self._names[l - 1])
            caches.append((A_prev, A))
        return A, caches

    def _activate(self, Z: Array, name: str) -> Array:
        if name == "sigmoid":
            return np.asarray(1 / (1 + np.exp(-Z)))
        if name == "tanh":
            return np.asarray(np.tanh(Z))
        if name == "relu":
            return np.maximum(0, Z)
        e = np.exp(Z - np.max(Z, axis=0, keepdims=True))
        return np.asarray(e / np.sum(e, axis=0, keepdims=True))

    def _backward(self, AL: Array, Y: Array, caches: list[tuple[Array, Array]]) -> dict[str, Array]:
        gradients, m = {}, Y.shape[1]
        dZ = AL - Y
        for l in range(self._L, 0, -1):
            A_prev, _ = caches[l - 1]
            gradients[f"W{l}"] = np.dot(dZ, A_prev.T) / m
            gradients[f"b{l}"] = np.sum(dZ, axis=1, keepdims=True) / m
            if l > 1:
                dA = np.dot(self._parameters[f"W{l}"].T, dZ)
                if self._names[l - 2] == "tanh":
                    dZ = dA * (1 - np.power(A_prev, 2))
                else:
                    dZ = np.array(dA, copy=True)
                    dZ[A_prev <= 0] = 0
        return gradients

    def _gradient_descent(self, gradients: dict[str, Array]) -> None:
        for name, gradient in gradients.items():
            self._parameters[name] = self._parameters[name] - self._work.rate * gradient

    def _adam(self, gradients: dict[str, Array]) -> None:
        self._t += 1
        for name, g in gradients.items():
            self._v[name] = 0.9 * self._v[name] + 0.1 * g
            self._s[name] = 0.999 * self._s[name] + 0.001 * np.square(g)
            v = self._v[name] / (1 - 0.9**self._t)
            s = self._s[name] / (1 - 0.999**self._t)
            self._parameters[name] = self._parameters[name] - self._work.rate * v / (
                np.sqrt(s) + 1e-8
            )

    def weights(self) -> Weights:
        p = self._parameters
        return [(p[f"W{l}"], p[f"b{l}"].ravel()) for l in range(1, self._L + 1)]


class Torch:
    """PyTorch, eager: autograd and torch.optim, the cost read every iteration."""

    def __init__(self, work: Workload, dtype: Dtype) -> None:
        import torch

        torch.set_num_threads(1)
        self._torch, self._work, self._orders = torch, work, work.orders()
        split = examples(work.source, work.inputs, work.sizes[-1], work.m, dtype)
        self._X = torch.from_numpy(split.train.X.T.copy())
        self._Y = torch.from_numpy(split.train.Y.T.copy())
        modules: list[Any] = []
        for (W, b), (_, name) in zip(start_of(work, dtype), work.layers, strict=True):
            linear = torch.nn.Linear(W.shape[1], W.shape[0], dtype=self._X.dtype)
            linear.weight.data[...] = torch.from_numpy(np.ascontiguousarray(W))
            linear.bias.data[...] = torch.from_numpy(b)
            modules.append(linear)
            if name in ("relu", "tanh"):
                modules.append({"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh}[name]())
        self._model = torch.nn.Sequential(*modules)
        if work.layers[-1][1] == "softmax":
            self._Y, self._loss = self._Y.argmax(dim=1), torch.nn.CrossEntropyLoss()
        else:
            self._loss = torch.nn.BCEWithLogitsLoss()
        make = torch.optim.Adam if work.optimizer == "adam" else torch.optim.SGD
        self._optimizer = make(self._model.parameters(), lr=work.rate)

    def run(self, units: int) -> float:
        cost = 0.0
        for _ in range(units):
            if self._work.batch is None:
                cost = self._iterate(self._X, self._Y)
                continue
            order, size = self._torch.from_numpy(next(self._orders)), self._work.batch
            for k in range(0, self._work.m, size):
                columns = order[k : k + size]
                cost = self._iterate(self._X[columns], self._Y[columns])
        return cost

    def _iterate(self, X: Any, Y: Any) -> float:
        self._optimizer.zero_grad()
        loss = self._loss(self._model(X), Y)
        loss.backward()
        self._optimizer.step()
        return float(loss.item())

    def weights(self) -> Weights:
        p = [each.detach().numpy().copy() for each in self._model.parameters()]
        return list(zip(p[::2], p[1::2], strict=True))


class ScikitLearn:
    """scikit-learn's MLPClassifier: `fit` on the full batch, `partial_fit` an epoch."""

    def __init__(self, work: Workload, dtype: Dtype) -> None:
        from sklearn.neural_network import MLPClassifier

        start = iter(start_of(work, dtype))

        class Started(MLPClassifier):  # type: ignore[misc]  # scikit-learn ships no types
            def _init_coef(self, fan_in: int, fan_out: int, dtype: Any) -> tuple[Array, Array]:
                W, b = next(start)
                return np.ascontiguousarray(W.T), b

        split = examples(work.source, work.inputs, work.sizes[-1], work.m, dtype)
        self._X, Y = np.ascontiguousarray(split.train.X.T), split.train.Y
        self._y = Y.argmax(axis=0) if len(Y) > 1 else Y[0].astype(int)
        self._work, self._orders = work, work.orders()
        self._model = Started(
            hidden_layer_sizes=work.sizes[1:-1],
            activation=work.layers[0][1],
            solver="adam" if work.optimizer == "adam" else "sgd",
            alpha=0.0,
            batch_size=work.batch or work.m,
            learning_rate_init=work.rate,
            momentum=0.0,
            nesterovs_momentum=False,
            shuffle=False,
            tol=0.0,
            n_iter_no_change=10**9,
            warm_start=work.batch is None,
        )

    def run(self, units: int) -> float:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it has not converged: it was not meant to
            if self._work.batch is None:
                self._model.max_iter = units
                self._model.fit(self._X, self._y)
            else:
                classes = np.unique(self._y)
                for _ in range(units):
                    order = next(self._orders)
                    self._model.partial_fit(self._X[order], self._y[order], classes=classes)
        return float(self._model.loss_)

    def weights(self) -> Weights:
        model = self._model
        return [(W.T, b) for W, b in zip(model.coefs_, model.intercepts_, strict=True)]


class Jax:
    """JAX, compiled: all iterations in one `fori_loop`, the cost computed in each."""

    def __init__(self, work: Workload, dtype: Dtype) -> None:
        import jax

        jax.config.update("jax_enable_x64", True)
        self._jax, self._work, self._orders = jax, work, work.orders()
        split = examples(work.source, work.inputs, work.sizes[-1], work.m, dtype)
        self._X, self._Y = (jax.numpy.asarray(A.T) for A in (split.train.X, split.train.Y))
        p = [(jax.numpy.asarray(W.T), jax.numpy.asarray(b)) for W, b in start_of(work, dtype)]
        zeros = jax.tree.map(jax.numpy.zeros_like, p)
        self._state = (p, zeros, zeros, jax.numpy.zeros((), p[0][0].dtype), 0.0 * p[0][0][0, 0])
        self._compiled = jax.jit(self._full if work.batch is None else self._epoch)

    def _cost(self, p: Any, X: Any, Y: Any) -> Any:
        jax, A, Z = self._jax, X, X
        for (W, b), (_, name) in zip(p, self._work.layers, strict=True):
            Z = A @ W + b
            A = {"relu": jax.nn.relu, "tanh": jax.numpy.tanh}.get(name, lambda z: z)(Z)
        if self._work.layers[-1][1] == "softmax":
            return -(Y * jax.nn.log_softmax(Z)).sum(axis=1).mean()
        return (jax.numpy.logaddexp(0.0, Z) - Y * Z).mean()

    def _iterate(self, state: Any, X: Any, Y: Any) -> Any:
        jax, rate = self._jax, self._work.rate
        p, m, v, t, _ = state
        cost, g = jax.value_and_grad(self._cost)(p, X, Y)
        if self._work.optimizer != "adam":
            return jax.tree.map(lambda p, g: p - rate * g, p, g), m, v, t, cost
        t = t + 1
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        a, b = 1 - 0.9**t, 1 - 0.999**t
        root = jax.numpy.sqrt
        p = jax.tree.map(lambda p, m, v: p - rate * (m / a) / (root(v / b) + 1e-8), p, m, v)
        return p, m, v, t, cost

    def _full(self, state: Any, X: Any, Y: Any, units: Any) -> Any:
        body: Callable[[Any, Any], Any] = lambda _, state: self._iterate(state, X, Y)  # noqa: E731
        return self._jax.lax.fori_loop(0, units, body, state)

    def _epoch(self, state: Any, X: Any, Y: Any, order: Any) -> Any:
        size, m = self._work.batch or 1, self._work.m
        whole = m // size
        batches = order[: whole * size].reshape(whole, size)

        def body(k: Any, state: Any) -> Any:
            return self._iterate(state, X[batches[k]], Y[batches[k]])

        state = self._jax.lax.fori_loop(0, whole, body, state)
        rest = order[whole * size :]
        return self._iterate(state, X[rest], Y[rest]) if len(rest) else state

    def run(self, units: int) -> float:
        if self._work.batch is None:
            self._state = self._compiled(self._state, self._X, self._Y, units)
        else:
            for _ in range(units):
                order = next(self._orders)
                self._state = self._compiled(self._state, self._X, self._Y, order)
        return float(self._state[-1])

    def weights(self) -> Weights:
        return [(np.asarray(W).T, np.asarray(b)) for W, b in self._state[0]]


PEERS: dict[str, Callable[[Workload, Dtype], Peer]] = {
    "Layerwise": Layerwise,
    "Layerwise, plain": LayerwisePlain,
    "course code": Course,
    "tuned NumPy": lambda work, dtype: Tuned(work, dtype, start_of(work, dtype)),
    "torch eager": Torch,
    "scikit-learn": ScikitLearn,
    "JAX fused": Jax,
}
