"""Records the distributions of weights, gradients and activations during a run."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from core.look.frames import Frame, LayerFrame, histogram
from core.look.rations import Budget
from core.nn.activations import Activation, Array
from core.nn.cache import Cache
from core.nn.parameters import Parameters
from core.training.session import Session

SAMPLE, SAMPLE_VALUES = 1000, 2**21  # examples, and numbers of their pass, that activations are of
MOST = 256  # evenly spaced frames kept of a run, however long
GROWTH = 1.25  # between the iterations of two frames of the other kind: dense at the start
CREDIT, SHARE = 0.03, 0.005  # seconds at once, and the share of the time, that recording may take


class Evenly:
    """At most MOST frames of a run, however long, each at least `gap` iterations after the last.

    When there are too many, every second one or so is dropped, and the gap doubles.
    """

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.gap = 1

    def wants(self, iteration: int) -> bool:
        """Whether a frame of this iteration is far enough from the last."""
        return not self.frames or iteration - self.frames[-1].iteration >= self.gap

    def add(self, frame: Frame) -> None:
        """Add a frame that is due."""
        self.frames.append(frame)
        if len(self.frames) > MOST:
            self._thin()

    def _thin(self) -> None:
        first, last = self.frames[0].iteration, self.frames[-1].iteration
        self.gap = max(2 * self.gap, math.ceil(2 * (last - first) / MOST))
        kept = self.frames[:1]
        for frame in self.frames:
            if frame.iteration - kept[-1].iteration >= self.gap:
                kept.append(frame)
        self.frames = kept


class Recorder:
    """Frames of one run, recorded in separate memory: at iterations that grow by GROWTH, and
    evenly.

    `due` is the next iteration of the first kind. Even frames are taken when a viewer looks at the
    run. Neither takes more than a small share of the time.
    """

    def __init__(self, session: Session, known: Iterable[Frame] = ()) -> None:
        self._session = session
        self._early: list[Frame] = list(known)
        self._even = Evenly()
        self._newest: Frame | None = None
        self._budget = Budget(CREDIT, SHARE)
        self._cache: Cache | None = None
        self.due = session.iteration

    def keep(self) -> int:
        """Take the frame that is due, if there is time for it; returns when the next one is."""
        now = self._session.iteration
        self.due = max(now + 1, math.ceil(now * GROWTH))
        if self._budget.left:
            self._early.append(self._frame())
        return self.due

    def look(self, *, now: bool = False) -> None:
        """Take an even frame, if it is due, and there is time for it or a viewer wants it `now`."""
        if self._even.wants(self._session.iteration) and (now or self._budget.left):
            self._even.add(self._frame())

    def frames(self, *, now: bool) -> tuple[Frame, ...]:
        """All frames, by ascending iteration; with one of this very moment if `now`."""
        found = {frame.iteration: frame for frame in (*self._early, *self._even.frames)}
        if now:
            found[self._session.iteration] = self._frame()
        return tuple(found[iteration] for iteration in sorted(found))

    def _frame(self) -> Frame:
        """The frame of the current iteration; computed once per iteration."""
        session = self._session
        if self._newest is None or self._newest.iteration != session.iteration:
            with self._budget.spent():
                cache, step = self._activations(), session.last_step()
                L = session.network.L
                layers = tuple(self._layer(l, cache.A[l], step) for l in range(1, L + 1))
                self._newest = Frame(session.iteration, cache.m, layers)
        return self._newest

    def forget(self) -> None:
        """Drop the frame of this iteration, because parameters were changed by hand."""
        self._newest = None

    def _activations(self) -> Cache:
        """A pass over some of the training examples, always the same."""
        session, X = self._session, self._session.split.train.X
        m, sizes = X.shape[1], session.network.sizes
        stride = -(-m // max(1, min(SAMPLE, SAMPLE_VALUES // sum(sizes))))
        sample = X[:, ::stride]
        if self._cache is None:
            self._cache = Cache(sizes, sample.shape[1], X.dtype)
        session.network.forward(session.p, sample, self._cache)
        return self._cache

    def _layer(self, l: int, A: Array, step: Parameters | None) -> LayerFrame:
        session = self._session
        W, dW = session.p.W[l], session.grad.W[l]
        stuck, saturated = _stuck(A, session.network.activations[l])
        return LayerFrame(
            weights=histogram(W),
            gradients=histogram(dW if session.iteration else dW[:0]),
            activations=histogram(A),
            ratio=math.nan if step is None else _ratio(step.W[l], W),
            stuck=stuck,
            saturated=saturated,
        )


def _ratio(step: Array, W: Array) -> float:
    """|update| / |weights before it|; NaN if these were all 0, or no update was made yet."""
    before = float(np.linalg.norm(W + step))
    return float(np.linalg.norm(step)) / before if before > 0 else math.nan


def _stuck(A: Array, activation: Activation) -> tuple[float, float]:
    if activation.saturated is None:
        return math.nan, math.nan
    saturated = activation.saturated(A)
    return float(saturated.all(axis=1).mean()), float(saturated.mean())
