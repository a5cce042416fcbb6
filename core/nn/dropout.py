"""Inverted dropout: draws which activations an iteration drops, as the course does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import LayerwiseError
from core.nn.activations import Array

Masks = Mapping[int, Array]  # D[l] (n[l], m): 1 if the activation is kept, 0 if it is dropped


class Dropout:
    """Draws D[l] = rand(n[l], m) < keep[l], layer by layer, as `np.random.rand` after
    `np.random.seed(seed)` does.

    `keep` are the layers that drop something, and how likely they keep a unit. An iteration that is
    computed in parts draws for each part; it can be taken back to its beginning, for it to begin
    again with the same masks. Srivastava et al., Dropout, 2014; inverted (the kept are divided by
    keep, so that prediction needs no change) as in the course.
    """

    def __init__(self, seed: int, keep: Mapping[int, float]) -> None:
        self.keep = dict(keep)
        self._rng = np.random.RandomState(seed)
        self._drawn = False
        self._begun: dict[str, Any] | None = None

    def begin(self) -> None:
        """An iteration in several parts begins."""
        self._begun = self._rng.get_state(legacy=False)

    def take_back(self) -> None:
        """Undo the last draw, so that its masks come again."""
        if self._begun is not None:
            self._rng.set_state(self._begun)

    def draw(self, D: Masks) -> None:
        """Fill the masks of one pass."""
        self._drawn = True
        for l, keep in self.keep.items():
            np.less(self._rng.random_sample(D[l].shape), keep, out=D[l], casting="unsafe")

    def memory(self, *, begun: bool) -> dict[str, NDArray[Any]]:
        """Arrays from which `restore` continues, including the iteration that has `begun`."""
        if not self._drawn:
            return {}
        at = self._begun if begun and self._begun else self._rng.get_state(legacy=False)
        place = np.array(at["state"]["pos"], np.int64)
        return {"dropout_key": at["state"]["key"].copy(), "dropout_place": place}

    def restore(self, memory: Mapping[str, NDArray[Any]]) -> None:
        """Continue from `memory`; raises LayerwiseError if it is not valid."""
        key, at = memory.get("dropout_key"), memory.get("dropout_place")
        if key is None or at is None:
            return
        whole = key.dtype.kind in "iu" and at.dtype.kind in "iu"
        if not (whole and (key.shape, at.shape) == ((624,), ()) and 0 <= at <= 624):
            raise LayerwiseError("The saved run does not say rightly what it drops next.")
        state = {"key": key.astype(np.uint32), "pos": int(at)}
        self._rng.set_state(
            {"bit_generator": "MT19937", "state": state, "has_gauss": 0, "gauss": 0.0}
        )
        self._drawn = True

    def twin(self, *, begun: bool) -> Dropout:
        """A copy that will draw the same masks, from the beginning of an iteration that has
        `begun`.
        """
        made = Dropout(0, self.keep)
        begins = self._begun if begun and self._begun else self._rng.get_state(legacy=False)
        made._rng.set_state(begins)
        return made
