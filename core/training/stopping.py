"""Stops a run automatically: after epochs, at a cost, at a time, or at the best test cost.

A project without these settings pays nothing for them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from time import perf_counter

import numpy as np

from core.errors import LayerwiseError
from core.hyperparameters import StopSettings
from core.nn.activations import Array
from core.training.outcomes import Halt

MEMORY = "stop_"  # prefix of its names in the memory of a RunState


class Stopping:
    """Checks the stopping conditions of a project for one run.

    A Play after a stop continues: for the same epochs, seconds or patience again and, once a cost
    was reached, until the cost falls below it another time. `best` are the parameters (flat) with
    the lowest test cost so far, kept only with patience.
    """

    def __init__(self) -> None:
        self._stop = StopSettings()
        self._epoch = self._last_epoch = 0  # last seen; the number to stop at, 0 for none
        self._deadline = math.inf
        self._since = 0  # the iteration of the last stop for want of patience
        self._reached = False  # the cost was, and has not risen above it since
        self._goes_back = False  # the last stop was one for the best parameters
        self.best: Array | None = None
        self._lowest, self._lowest_at = math.inf, 0

    def begin(self, stop: StopSettings, epoch: int) -> bool:
        """Play begins here, or continues under other settings; False if there is
        nothing to check.
        """
        self._stop = stop
        self._epoch = epoch
        self._last_epoch = (epoch // stop.epochs + 1) * stop.epochs if stop.epochs else 0
        self._deadline = perf_counter() + stop.seconds if stop.seconds else math.inf
        return stop != StopSettings()

    def forget(self) -> None:
        """Another loss: earlier costs cannot be compared."""
        self.best, self._lowest, self._reached = None, math.inf, False

    def note_test(self, cost: float, iteration: int, flat: Array) -> None:
        """Add the test cost of the parameters after this many updates."""
        if self._stop.patience and cost < self._lowest:
            self._lowest, self._lowest_at = cost, iteration
            self.best = flat.copy()

    def reached(self, iteration: int, epoch: int, cost: Callable[[], float]) -> Halt | None:
        """The reason to stop before the next iteration, if any; `cost` measures the
        training cost.
        """
        stop = self._stop
        ended, self._epoch = epoch > self._epoch, epoch
        sentence = ""
        if stop.cost and ended and self._falls(J := cost()):
            sentence = (
                f"the cost, {J:.6g}, reached the limit of {stop.cost:g}. Press Play to continue"
            )
        elif self._last_epoch and epoch >= self._last_epoch:
            sentence = f"{epoch:,} epochs are done. Press Play for {stop.epochs:,} more"
        elif perf_counter() >= self._deadline:
            sentence = f"{stop.seconds:g} s have passed. Press Play for as long again"
        elif self._out_of_patience(iteration):
            self._goes_back, self._since = True, iteration
            sentence = (
                f"the test cost has not fallen for {stop.patience:,} iterations. The "
                f"parameters of iteration {self._lowest_at:,}, with the lowest test cost "
                f"({self._lowest:.4g}), were restored. Press Play to continue from them"
            )
        if not sentence:
            return None
        return Halt(f"Training stopped at iteration {iteration:,}: {sentence}.", iteration)

    def take_best(self) -> Array | None:
        """The parameters (flat) to return to, once, after a stop by early stopping."""
        goes_back, self._goes_back = self._goes_back, False
        return self.best if goes_back else None

    def _falls(self, cost: float) -> bool:
        """Whether the cost is low enough now and was not before."""
        before, self._reached = self._reached, cost <= self._stop.cost
        return self._reached and not before

    def _out_of_patience(self, iteration: int) -> bool:
        if not self._stop.patience or self.best is None:
            return False
        return iteration - max(self._lowest_at, self._since) >= self._stop.patience

    def memory(self) -> dict[str, Array]:
        """Arrays from which `restore` continues; none if nothing is stored."""
        if self.best is None and not self._reached:
            return {}
        lowest = np.array([self._lowest, self._lowest_at, self._since, self._reached])
        best = np.empty(0) if self.best is None else self.best.copy()
        return {f"{MEMORY}lowest": lowest, f"{MEMORY}best": best}

    def restore(self, memory: Mapping[str, Array], like: Array) -> None:
        """Restore the memory of a RunState; raises LayerwiseError if it is not valid."""
        lowest, best = memory.get(f"{MEMORY}lowest"), memory.get(f"{MEMORY}best")
        if lowest is None or best is None:
            return
        fits = best.shape == like.shape and np.isfinite(best).all()
        if lowest.shape != (4,) or not _sound(lowest) or not (fits or best.size == 0):
            raise LayerwiseError("The saved run does not say rightly where its test cost was best.")
        self._lowest = float(lowest[0])
        self._lowest_at, self._since = int(lowest[1]), int(lowest[2])
        self._reached = bool(lowest[3])
        self.best = best.astype(like.dtype) if best.size else None


def _sound(lowest: Array) -> bool:
    """Whether these can be a cost, which may be infinite, and numbers, which may not."""
    return not np.isnan(lowest[0]) and bool(np.isfinite(lowest[1:]).all())
